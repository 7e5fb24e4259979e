//! How far people who rate the same pictures agree.

/// A score that somebody gave a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The picture's name in the table.
    pub picture: String,
    /// The rater's.
    pub rater: String,
    /// On the scale that all of them used.
    pub score: f64,
    /// The first time, the second, …
    pub occasion: u32,
}

/// A value with the range that holds the truth in 95 of 100 such studies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Found.
    pub value: f64,
    /// 2.5 of 100 lie below.
    pub low: f64,
    /// 2.5 of 100 lie above.
    pub high: f64,
}

/// What a table of scores says of agreement.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Pictures that anybody rated.
    pub pictures: usize,
    /// Raters, as the table names them, in its order.
    pub raters: Vec<String>,
    /// All raters together, by the first score of each; none where nothing differs or fewer than two raters share three pictures.
    pub together: Option<Together>,
    /// Two raters at a time.
    pub pairs: Vec<Pair>,
    /// The same rater's first and second score.
    pub repeats: Vec<Pair>,
}

/// Intraclass correlations: of differences between scores, the share that comes from the pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Together {
    /// Pictures that every rater rated.
    pub pictures: usize,
    /// ICC(A,1): one rater's score, absolute agreement, raters drawn by chance.
    pub single: Interval,
    /// ICC(A,k): the mean of all raters.
    pub mean: Interval,
    /// ICC(C,1): one rater's score but for how high each rates on the whole.
    pub consistency: Interval,
    /// Standard error of one rater's score, on the scale.
    pub standard_error: f64,
    /// Two scores of two raters that differ by less may be the same, in 95 of 100 cases; on the scale.
    pub smallest_detectable: f64,
}

/// Two scores of the same pictures (Bland and Altman).
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Whose, the second taken from the first; for one rater twice the same.
    pub raters: [String; 2],
    /// Means and differences, picture by picture.
    pub places: Vec<[f64; 2]>,
    /// Mean of the differences.
    pub bias: Interval,
    /// Standard deviation of the differences.
    pub spread: f64,
    /// Limits of agreement: 95 of 100 differences lie between.
    pub limits: [Interval; 2],
    /// By how much the difference grows with a point of the mean; none where the means are all the same.
    pub slope: Option<Interval>,
    /// ICC(A,1) of the two; none where nothing differs.
    pub single: Option<Interval>,
}
