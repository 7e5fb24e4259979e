//! What a clinic shows strangers of its work: some cases, and the measured truth about all of them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use stipple_color::ItaClass;
use stipple_quantity::Estimate;

use crate::outcome::{BeforeAfter, Comparable, Healing};
use crate::publication::{Derivation, Doubt, Language, LedgerHead};
use crate::reading::ScarKind;
use crate::review::{Removed, Review};
use crate::{Date, Unfit};

/// Cases that nobody published are told in groups of so many, so that no number points at a person.
pub const GROUP: usize = 5;

/// A clinic's portfolio on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Portfolio {
    /// The clinic's public name.
    pub clinic: String,
    /// Country whose rules it keeps, ISO 3166-1 alpha-2: `GB`.
    pub country: String,
    /// Language of the pages.
    pub language: Language,
    /// Where the pages will stand, `https://…/`; none where that is not known. Pictures in link previews need it.
    pub address: Option<String>,
    /// Whether search engines may list the pages.
    pub is_listed: bool,
    /// What the clinic has, and who issued it.
    pub credentials: Vec<Credential>,
    /// The day it was made.
    pub as_of: Date,
    /// Where the clinic's chain of entries stood.
    pub ledger: LedgerHead,
    /// How many of all.
    pub denominator: Denominator,
    /// Every case whose client agreed to be published, published or not: what the sample is drawn from.
    pub consented: BTreeSet<CaseId>,
    /// Cases that are shown.
    pub cases: Vec<PublishedCase>,
    /// What was measured of cases that are followed and not shown.
    pub unpublished: Unpublished,
    /// Who is asked for a review, in the clinic's words; none where nobody wrote it down.
    pub reviews_policy: Option<String>,
    /// Reviews that are shown.
    pub reviews: Vec<Review>,
    /// Reviews that are not, counted.
    pub removed_reviews: Vec<Removed>,
}

/// Something that a clinic or a practitioner has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// What: a license, a training.
    pub what: String,
    /// Who issued it.
    pub issued_by: String,
    /// Its number, where it has one.
    pub number: Option<String>,
    /// The last day on which it is valid, where it ends.
    pub until: Option<Date>,
}

/// How many of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denominator {
    /// Cases with at least one session.
    pub treated: usize,
    /// Of these, with a measured outcome after healing.
    pub followed: usize,
    /// Of the treated, with a consent to publication that holds.
    pub consented: usize,
    /// Of these, shown.
    pub published: usize,
    /// Taken down because the client took the consent back; they count as treated and followed, no more.
    pub withdrawn: usize,
    /// Of the consented, shown once and taken down by the clinic.
    pub taken_down: usize,
    /// Of the treated, those of whom everything was erased since.
    pub erased: usize,
    /// Of the treated, those whose last measurement was taken out of the record or put right since, so that it counts no more, or
    /// of whose last day another measurement has another result; what is told may be an earlier or a better one.
    pub removed: usize,
    /// Of the treated, those whose clients do not want to be counted: they count as treated, and as nothing else.
    pub uncounted: usize,
}

/// Letters and digits drawn by lot: a case's name in the portfolio, and in file names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseId(String);

/// A case that is shown. A withdrawn one is not in the list at all.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedCase {
    /// Its name.
    pub id: CaseId,
    /// The picture.
    pub picture: PublishedPicture,
    /// The scar's shape.
    pub scar: ScarKind,
    /// Skin tone.
    pub skin: ItaClass,
    /// Color of the hair, as it was told.
    pub hair: HairClass,
    /// Sessions until the photograph after.
    pub sessions: u32,
    /// Days from the last session to the photograph after.
    pub days_since_last_session: u32,
    /// What was measured.
    pub measures: Measures,
    /// Share of the scar that is surely found in both photographs, 0 to 1: the numbers are of that part; none for pictures of before.
    pub scar_shown: Option<f64>,
    /// What bears upon all numbers.
    pub doubts: Vec<Doubt>,
    /// Whether light and pose are alike.
    pub likeness: Likeness,
    /// What was measured last, where that is later than what the picture shows.
    pub later: Option<Later>,
}

/// A measurement of a case that is later than the picture that is shown of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Later {
    /// Days from the last session to its photograph.
    pub days_since_last_session: u32,
    /// What was measured.
    pub measures: Measures,
}

/// The signed JPEG of a pair, [`PublishedCase::picture_name`] in the bundle. A simulation cannot become one: it has no pair,
/// no likeness and no measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedPicture {
    /// Columns.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// SHA-256 of the signed file, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Areas painted over in both pictures.
    pub painted_over: u32,
    /// Whether each photograph's own gray was made gray.
    pub is_whitened: bool,
    /// Whether a person drew the outline of the scar: the numbers are of what lies within it.
    pub outline_drawn: bool,
}

/// Color of hair, as a person says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HairClass {
    /// Black.
    Black,
    /// Brown.
    Brown,
    /// Blond.
    Blond,
    /// Red.
    Red,
    /// Gray: white and dark hairs.
    Gray,
    /// White.
    White,
    /// Nobody said.
    NotTold,
}

/// What was measured of a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// How far away the scar can be told from its surroundings, m; none where that is farther than was looked from.
    pub visible_distance_m: BeforeAfter<Option<Estimate>>,
    /// CIEDE2000 between the scar and the ring around it.
    pub color_difference: BeforeAfter<Estimate>,
    /// Share of the planned dots that are there; none without a plan.
    pub retained_fraction: Option<Estimate>,
}

/// Whether light and pose of two photographs are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// What it comes to.
    pub verdict: Comparable,
    /// CIEDE2000 between the bare skin around the scar, before and after.
    pub light_delta_e00: f64,
    /// How far the camera is aslant as against the other photograph, degrees.
    pub tilt_deg: f64,
    /// Median length of the hairs, mm.
    pub hair_length_mm: BeforeAfter<Option<f64>>,
}

/// Numbers of followed cases that are not shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unpublished {
    /// Numbers without names, a multiple of [`GROUP`] of them, in no order that tells of time.
    told: Vec<Measures>,
    /// Cases of which only the count is told.
    counted: usize,
}

/// A month: enough for anything about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Portfolio {
    /// The first thing that cannot be true of it.
    pub fn unfit(&self) -> Option<Unfit> {
        let ids: BTreeSet<&CaseId> = self.cases.iter().map(|case| &case.id).collect();
        let Denominator {
            treated,
            followed,
            consented,
            published,
            withdrawn,
            taken_down,
            erased,
            removed,
            uncounted,
        } = self.denominator;
        let told = self.cases.len() + self.unpublished.count();
        let wrong = |field: &str, found: String, needed: &str| {
            Some(Unfit { field: field.to_owned(), found, needed: needed.to_owned() })
        };
        if ids.len() != self.cases.len() {
            return wrong("cases", "one of them is there twice".to_owned(), "every id once");
        }
        if !ids.iter().all(|id| self.consented.contains(*id)) {
            return wrong(
                "consented",
                "without a case that is shown".to_owned(),
                "the id of every case shown",
            );
        }
        if published != self.cases.len() || consented != self.consented.len() {
            let found = format!("{published} published and {consented} consented");
            return wrong("denominator", found, "as many as there are in the lists");
        }
        if published + taken_down > consented {
            let found = format!("{published} published and {taken_down} taken down");
            return wrong("denominator", found, "no more than consented");
        }
        if [consented + withdrawn, followed + erased + uncounted, removed].iter().any(|some| *some > treated)
        {
            let found = format!("{treated} treated");
            return wrong(
                "denominator",
                found,
                "at least as many as followed, erased and uncounted, as removed, and as consented and withdrawn",
            );
        }
        if told > followed || followed - told > withdrawn {
            let found = format!("{followed} followed and {told} told of");
            return wrong("denominator", found, "every followed case told of, save those withdrawn");
        }
        self.cases.iter().find_map(PublishedCase::unfit)
    }

    /// What was measured last of every followed case that may be told of, shown or not; the flag says which is shown.
    pub fn followed(&self) -> impl Iterator<Item = (&Measures, bool)> {
        let shown = self.cases.iter().map(|case| (case.latest(), true));
        shown.chain(self.unpublished.told.iter().map(|measures| (measures, false)))
    }
}

impl PublishedCase {
    /// How healed it is.
    pub fn healing(&self) -> Healing {
        Healing::after_days(self.days_since_last_session)
    }

    /// What was measured last.
    pub fn latest(&self) -> &Measures {
        self.later.as_ref().map_or(&self.measures, |later| &later.measures)
    }

    /// Whole percent of the scar that the numbers are of, where strangers are told.
    pub fn scar_part_percent(&self) -> Option<u32> {
        self.scar_shown.and_then(Derivation::scar_part_percent)
    }

    /// Name of the picture's file in the bundle.
    pub fn picture_name(&self) -> String {
        format!("pictures/{}.jpg", self.id)
    }

    fn unfit(&self) -> Option<Unfit> {
        let wrong = |field: &str, found: &str, needed: &str| {
            Some(Unfit { field: field.to_owned(), found: found.to_owned(), needed: needed.to_owned() })
        };
        if self.healing() == Healing::Fresh {
            return wrong(
                "days_since_last_session",
                "below 28",
                "28 days or more: a fresh picture is no result",
            );
        }
        if self.likeness.verdict == Comparable::No {
            return wrong("likeness.verdict", "not_comparable", "photographs that can be compared");
        }
        None
    }
}

impl Unpublished {
    /// Of the measures of every followed case that is not shown, in the order in which they were followed up.
    ///
    /// Whole groups of [`GROUP`] are told, rounded to two digits and sorted; the rest is counted. So one more case changes
    /// nothing but a count, and nobody can find its numbers by comparing today's portfolio with last month's. Below a
    /// group, only the count is told.
    pub fn of(measures: &[Measures]) -> Self {
        let whole = measures.len() - measures.len() % GROUP;
        let mut told: Vec<Measures> = measures[..whole].iter().map(Measures::coarse).collect();
        told.sort_by(|a, b| a.key().total_cmp(&b.key()));
        Self { told, counted: measures.len() - whole }
    }

    /// The same from a file.
    ///
    /// # Errors
    /// If what is told is no whole number of groups, or only counted is more than one.
    pub fn from_parts(told: Vec<Measures>, counted: usize) -> Result<Self, Unfit> {
        if told.len().is_multiple_of(GROUP) && counted < GROUP {
            return Ok(Self { told, counted });
        }
        let found = format!("{} told and {counted} counted", told.len());
        let needed = format!("whole groups of {GROUP} told, and fewer than {GROUP} counted");
        Err(Unfit { field: "unpublished".to_owned(), found, needed })
    }

    /// Numbers without names.
    pub fn told(&self) -> &[Measures] {
        &self.told
    }

    /// Cases of which only the count is told.
    pub fn counted(&self) -> usize {
        self.counted
    }

    /// All of them.
    pub fn count(&self) -> usize {
        self.told.len() + self.counted
    }
}

impl Measures {
    /// Two digits are enough for strangers, and too few to find a record by.
    fn coarse(&self) -> Self {
        let distance = self.visible_distance_m.of(|e| e.map(coarse));
        let color = self.color_difference.of(|e| coarse(*e));
        let retained_fraction = self.retained_fraction.map(coarse);
        Self { visible_distance_m: distance, color_difference: color, retained_fraction }
    }

    fn key(&self) -> f64 {
        self.visible_distance_m.after.map_or(f64::INFINITY, |e| e.value)
    }
}

fn coarse(estimate: Estimate) -> Estimate {
    let two = |value: f64| format!("{value:.1e}").parse().unwrap_or(value);
    Estimate::new(two(estimate.value), two(estimate.standard_uncertainty))
}

impl CaseId {
    /// A name of 8 to 32 small letters and digits.
    pub fn new(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        (is_plain && (8..=32).contains(&text.len())).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HairClass {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Black, Self::Brown, Self::Blond, Self::Red, Self::Gray, Self::White, Self::NotTold];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Black => "black",
            Self::Brown => "brown",
            Self::Blond => "blond",
            Self::Red => "red",
            Self::Gray => "gray",
            Self::White => "white",
            Self::NotTold => "not_told",
        }
    }
}

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Year, such as 2026.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Month of the year, 1 to 12.
    pub fn month(self) -> i8 {
        self.month
    }
}

/// `2026-11`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let day: Date = format!("{text}-01").parse().map_err(|_| ())?;
        let month = Self::of(day);
        if month.to_string() == text { Ok(month) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measures(after_m: f64) -> Measures {
        let about = |value: f64| Estimate::new(value, value / 10.0);
        Measures {
            visible_distance_m: BeforeAfter { before: Some(about(6.0)), after: Some(about(after_m)) },
            color_difference: BeforeAfter { before: about(9.123), after: about(2.345) },
            retained_fraction: None,
        }
    }

    #[test]
    fn few_are_only_counted_and_one_more_changes_nothing_but_a_count() {
        let all: Vec<Measures> = (0..12).map(|k| measures(3.0 - 0.1234 * f64::from(k))).collect();
        assert_eq!(Unpublished::of(&all[..4]), Unpublished { told: vec![], counted: 4 });
        for n in 5..9 {
            assert_eq!(Unpublished::of(&all[..n]).told, Unpublished::of(&all[..n + 1]).told, "{n}");
        }
        let of_eleven = Unpublished::of(&all[..11]);
        assert_eq!((of_eleven.told().len(), of_eleven.counted(), of_eleven.count()), (10, 1, 11));
        assert!(of_eleven.told.is_sorted_by(|a, b| a.key() <= b.key()), "not in the order of time");
        assert_eq!(of_eleven.told[9].visible_distance_m.after.map(|e| e.value), Some(3.0));
        assert!(Unpublished::from_parts(vec![measures(1.0); 4], 0).is_err());
        assert!(Unpublished::from_parts(vec![], 7).is_err());
    }

    #[test]
    fn names_and_months_are_plain() {
        assert!(CaseId::new("k3v9q2m4").is_some());
        for text in ["", "short", "../../../etc", "UPPERCASE", "a/b/c/d/e", "k3v9q2m4\"><script>"] {
            assert_eq!(CaseId::new(text), None, "{text}");
        }
        assert_eq!("2026-03".parse::<Month>().map(|month| month.to_string()), Ok("2026-03".to_owned()));
        for text in ["2026-13", "2026-3", "2026", "2026-03-01", "x", "2026-03T"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
