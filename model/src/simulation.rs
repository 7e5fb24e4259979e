//! A picture of what may come. It is not a photograph, and its type says so.

use std::ops::RangeInclusive;

use stipple_color::RgbSpace;
pub use stipple_optics::Course;
use stipple_optics::fading::HEALED_DAYS;

use crate::photo::BitDepth;

/// A moment after treatment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The day it is done.
    Fresh,
    /// The third day.
    Day3,
    /// Six weeks: pigment lies still.
    Healed,
    /// One year.
    Year1,
    /// Two years.
    Year2,
    /// Three years.
    Year3,
    /// Five years.
    Year5,
}

impl Moment {
    /// All moments in order.
    pub const ALL: [Self; 7] =
        [Self::Fresh, Self::Day3, Self::Healed, Self::Year1, Self::Year2, Self::Year3, Self::Year5];

    /// The word used in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Day3 => "day3",
            Self::Healed => "healed",
            Self::Year1 => "1y",
            Self::Year2 => "2y",
            Self::Year3 => "3y",
            Self::Year5 => "5y",
        }
    }

    /// Days since the last session.
    pub fn days(self) -> f64 {
        match self {
            Self::Fresh => 0.0,
            Self::Day3 => 3.0,
            Self::Healed => HEALED_DAYS,
            Self::Year1 => 365.25,
            Self::Year2 => 2.0 * 365.25,
            Self::Year3 => 3.0 * 365.25,
            Self::Year5 => 5.0 * 365.25,
        }
    }
}

/// The light to show it under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// Daylight, 6504 K (CIE D65).
    Daylight,
    /// Household bulb, 2856 K (CIE A).
    Tungsten,
    /// White LED with a phosphor, 4103 K (CIE LED-B3).
    Led,
    /// Cool white fluorescent tube, 4230 K (CIE FL2).
    FluorescentCoolWhite,
    /// Three-band fluorescent tube, 4000 K (CIE FL11).
    FluorescentThreeBand,
    /// Camera flash, square on, 5503 K (CIE D55).
    Flash,
}

impl Light {
    /// All lights.
    pub const ALL: [Self; 6] = [
        Self::Daylight,
        Self::Tungsten,
        Self::Led,
        Self::FluorescentCoolWhite,
        Self::FluorescentThreeBand,
        Self::Flash,
    ];

    /// The word used in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Daylight => "daylight",
            Self::Tungsten => "tungsten",
            Self::Led => "led",
            Self::FluorescentCoolWhite => "fluorescent_cool_white",
            Self::FluorescentThreeBand => "fluorescent_three_band",
            Self::Flash => "flash",
        }
    }
}

/// Distances to look from, m: from a mirror in the hand to across a street.
pub const DISTANCE_M: RangeInclusive<f64> = 0.2..=20.0;
/// How far hair may have grown since the photograph, mm: beyond it lies on the skin and covers it.
pub const HAIR_GROWTH_MM: RangeInclusive<f64> = 0.0..=3.0;

/// When, how and from where a plan is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// When.
    pub moment: Moment,
    /// Whether the dots are there; without them it is the scar as it is, in this light, from here and with this hair.
    pub treated: bool,
    /// Which of the likely courses of healing and fading.
    pub course: Course,
    /// Under what light; `None` for that of the photograph.
    pub light: Option<Light>,
    /// How far the eye is, m ([`DISTANCE_M`]); `None` for as near as the camera was.
    pub distance_m: Option<f64>,
    /// How much longer the hair is than in the photograph, mm ([`HAIR_GROWTH_MM`]).
    pub hair_growth_mm: f64,
}

impl View {
    /// The likely course at a moment, seen as the photograph was.
    pub fn at(moment: Moment) -> Self {
        Self {
            moment,
            treated: true,
            course: Course::Likely,
            light: None,
            distance_m: None,
            hair_growth_mm: 0.0,
        }
    }
}

/// A simulated picture, with its mark burned in. There is no way from here to a `Photo`.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulation {
    /// Columns, as the photograph's.
    pub width_px: usize,
    /// Rows, as the photograph's.
    pub height_px: usize,
    /// The space of the pixels.
    pub space: RgbSpace,
    /// Bits to write.
    pub bit_depth: BitDepth,
    /// Encoded R, G, B, row by row, as 16-bit codes.
    pub codes: Vec<u16>,
    /// What it shows.
    pub view: View,
}
