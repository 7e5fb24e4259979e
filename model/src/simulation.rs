//! A picture of what may come. It is not a photograph, and its type says so.

use stipple_color::RgbSpace;

use crate::photo::BitDepth;

/// A moment after treatment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The day it is done.
    Fresh,
    /// The third day.
    Day3,
    /// Four weeks or more.
    Healed,
    /// One year.
    Year1,
    /// Three years.
    Year3,
    /// Five years.
    Year5,
}

impl Moment {
    /// All moments in order.
    pub const ALL: [Self; 6] = [Self::Fresh, Self::Day3, Self::Healed, Self::Year1, Self::Year3, Self::Year5];

    /// The word used in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Day3 => "day3",
            Self::Healed => "healed",
            Self::Year1 => "1y",
            Self::Year3 => "3y",
            Self::Year5 => "5y",
        }
    }

    /// Days since the last session.
    pub fn days(self) -> f64 {
        match self {
            Self::Fresh => 0.0,
            Self::Day3 => 3.0,
            Self::Healed => 42.0,
            Self::Year1 => 365.25,
            Self::Year3 => 3.0 * 365.25,
            Self::Year5 => 5.0 * 365.25,
        }
    }
}

/// The light to show it under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// As photographed (taken for daylight).
    Daylight,
    /// Household bulb, 2856 K.
    Tungsten,
    /// Cool white LED.
    Led,
    /// Camera flash, square on.
    Flash,
}

impl Light {
    /// All lights.
    pub const ALL: [Self; 4] = [Self::Daylight, Self::Tungsten, Self::Led, Self::Flash];

    /// The word used in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Daylight => "daylight",
            Self::Tungsten => "tungsten",
            Self::Led => "led",
            Self::Flash => "flash",
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
    /// When.
    pub moment: Moment,
    /// Under what light.
    pub light: Light,
}
