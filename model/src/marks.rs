//! What a person draws to say where a scar is and where it is not, and which hairs are there.

use stipple_quantity::PointInPhoto;

/// Strokes and a frame over a photograph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// In the order they were drawn: where they cross, the later one holds.
    pub strokes: Vec<Stroke>,
    /// Two opposite corners of a frame around one scar, if one was drawn.
    pub frame: Option<[PointInPhoto; 2]>,
    /// Roots of hair that were missed.
    pub hairs_added: Vec<PointInPhoto>,
    /// Places at which the nearest root is none.
    pub hairs_removed: Vec<PointInPhoto>,
}

impl Marks {
    /// Whether they say anything about scars.
    pub fn outline(&self) -> bool {
        !self.strokes.is_empty() || self.frame.is_some()
    }
}

/// One stroke of a brush.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// What it marks.
    pub side: Side,
    /// Where it runs; a single place is a dab.
    pub path: Vec<PointInPhoto>,
    /// Radius of the brush, photograph pixels.
    pub radius_px: f64,
}

/// On which side of a scar's edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In the scar.
    Inside,
    /// In the skin around.
    Outside,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Inside, Self::Outside];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Outside => "outside",
        }
    }
}
