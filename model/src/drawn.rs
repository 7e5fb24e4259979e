//! What a person draws on a photograph to be treated besides scars.

use stipple_quantity::PointInPhoto;

/// Areas to treat that no scar marks out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// Outline of an area in which hair is thinning: dots go between the hairs that stand. At least three places.
    pub thinning: Option<Vec<PointInPhoto>>,
    /// Where hair is to begin.
    pub hairline: Option<Hairline>,
}

impl Drawn {
    /// Whether nothing was drawn.
    pub fn is_empty(&self) -> bool {
        self.thinning.is_none() && self.hairline.is_none()
    }

    /// The lines as they were drawn: the hairline, and the outline of the thinning area back to where it begins.
    pub fn lines(&self) -> Vec<Vec<PointInPhoto>> {
        let hairline = self.hairline.iter().map(|hairline| hairline.line.clone());
        let closed = |outline: &Vec<PointInPhoto>| outline.iter().chain(outline.first()).copied().collect();
        hairline.chain(self.thinning.iter().map(closed)).collect()
    }
}

/// A line at which hair is to begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Hairline {
    /// Places along it, in order; at least two.
    pub line: Vec<PointInPhoto>,
    /// How far behind the line dots may go, mm, [`HAIRLINE_DEPTH_MM`].
    pub depth_mm: f64,
    /// A place on the side of the line where hair grows; without it the side where hair was read.
    pub hair_side: Option<PointInPhoto>,
}

/// Depths of a hairline that can be worked with, mm: from a few rows of hair to half a head.
pub const HAIRLINE_DEPTH_MM: std::ops::RangeInclusive<f64> = 5.0..=150.0;
