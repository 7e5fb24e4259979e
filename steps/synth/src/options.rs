//! What to make, within which limits, and why it may be refused.

use stipple_model::card;
use stipple_quantity::{PointInPhoto, Seed, Stream};

use crate::nuisance::{Nuisance, Nuisances};

/// What the synthetic photograph shows and how it was taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SynthOptions {
    /// Everything drawn by chance is drawn from it.
    pub seed: Seed,
    /// Columns, 64 to 12,000.
    pub width_px: usize,
    /// Rows, 64 to 12,000.
    pub height_px: usize,
    /// Size of a pixel on the scalp, µm, 3 (a trichoscope) to 400; width and height of the zone 3 to 500 mm.
    pub pixel_pitch_um: f64,
    /// Individual typology angle of the skin, degrees, −70 to 75.
    pub ita_deg: f64,
    /// Color of the hair.
    pub hair: HairColor,
    /// Mean length of the clipped hair, mm, 0.02 (freshly shaved) to 3.
    pub hair_length_mm: f64,
    /// Follicular units per cm² away from scars, 5 to 200.
    pub unit_density_per_cm2: f64,
    /// Shape of the scar.
    pub scar: ScarShape,
    /// How the scar's skin differs from the skin around.
    pub scar_tint: ScarTint,
    /// Whether the reference card lies on the scalp.
    pub card: bool,
    /// Share of the light missing in the darkest corner, 0 to 0.6.
    pub light_unevenness: f64,
    /// Standard deviation of the sensor's noise at middle gray, 8-bit codes, 0 to 12.
    pub noise_codes: f64,
    /// Quality of the JPEG the picture went through, 30 to 100; `None` for no JPEG.
    pub jpeg_quality: Option<u8>,
    /// What else makes it hard to read.
    pub nuisances: Nuisances,
    /// Whether nuisances may be as strong as chance has it, or only as on a good photograph.
    pub harsh: bool,
}

/// Color of hair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HairColor {
    /// Black.
    Black,
    /// Dark brown.
    DarkBrown,
    /// Middle brown.
    Brown,
    /// Blond.
    Blond,
    /// Red.
    Red,
    /// White and dark hairs mixed.
    Gray,
    /// White.
    White,
}

/// Shape of the scar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScarShape {
    /// No scar.
    None,
    /// A gently curved band, as strip surgery leaves it.
    Strip {
        /// Mean width, mm, 0.5 to 10.
        width_mm: f64,
    },
    /// Round dots of 0.8–1.0 mm, each in the place of a follicular unit, as punch surgery leaves them.
    Punches {
        /// How many, 1 to 2000; fewer where there is no room.
        count: usize,
    },
    /// An irregular patch.
    Patch {
        /// Diameter of the circle of the same area, mm, 3 to 60.
        diameter_mm: f64,
    },
    /// A ragged, blotchy, shining, webbed patch, as a burn leaves it.
    Burn {
        /// Diameter of the circle of the same area, mm, 3 to 60.
        diameter_mm: f64,
    },
}

/// How a scar's skin differs from the skin around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScarTint {
    /// Less melanin and blood: an old scar.
    Paler,
    /// More blood: a young scar.
    Redder,
    /// More melanin.
    Darker,
    /// The same color; only the missing hair and texture show it.
    Same,
}

impl SynthOptions {
    /// An ordinary case: a phone close-up of 128 × 96 mm at 12.5 px/mm, light-brown skin, black stubble
    /// and a pale strip scar of 2.5 mm; no card.
    pub fn ordinary(seed: Seed) -> Self {
        Self {
            seed,
            width_px: 1600,
            height_px: 1200,
            pixel_pitch_um: 80.0,
            ita_deg: 35.0,
            hair: HairColor::Black,
            hair_length_mm: 0.7,
            unit_density_per_cm2: 75.0,
            scar: ScarShape::Strip { width_mm: 2.5 },
            scar_tint: ScarTint::Paler,
            card: false,
            light_unevenness: 0.2,
            noise_codes: 2.0,
            jpeg_quality: Some(88),
            nuisances: Nuisances::ORDINARY,
            harsh: false,
        }
    }

    /// A hard case: the ordinary one with hair of any length and density, poor light and JPEG, and every
    /// nuisance, each as strong as chance has it.
    pub fn hard(seed: Seed) -> Self {
        let mut draw = seed.stream("synth.hard", 0);
        Self {
            hair_length_mm: hair_length_mm(&mut draw),
            unit_density_per_cm2: draw.between(40.0, 110.0),
            light_unevenness: draw.between(0.0, 0.55),
            noise_codes: draw.between(0.8, 4.5),
            jpeg_quality: Some(draw.between(60.0, 96.0) as u8),
            nuisances: Nuisances::ALL,
            harsh: true,
            ..Self::ordinary(seed)
        }
    }

    /// What a dermatoscope sees: a few millimetres between a plate and even light, 100 to 300 px/mm.
    pub fn trichoscope(seed: Seed) -> Self {
        let mut draw = seed.stream("synth.trichoscope", 0);
        let nuisances =
            [Nuisance::Bend, Nuisance::Sweat, Nuisance::Mosaic, Nuisance::Motion, Nuisance::Shine]
                .iter()
                .fold(Nuisances::ALL, |all, nuisance| all.without(*nuisance));
        Self {
            width_px: 1000,
            height_px: 800,
            pixel_pitch_um: 8.0,
            hair_length_mm: hair_length_mm(&mut draw),
            unit_density_per_cm2: draw.between(45.0, 110.0),
            light_unevenness: draw.between(0.0, 0.3),
            noise_codes: draw.between(0.5, 2.5),
            jpeg_quality: Some(draw.between(80.0, 96.0) as u8),
            scar: ScarShape::None,
            nuisances,
            harsh: true,
            ..Self::ordinary(seed)
        }
    }

    /// Says why these options cannot be followed, if so.
    pub(crate) fn check(&self) -> Result<(), Error> {
        within("the picture's width", self.width_px as f64, 64.0, 12_000.0, "pixels")?;
        within("the picture's height", self.height_px as f64, 64.0, 12_000.0, "pixels")?;
        within("the pixel pitch", self.pixel_pitch_um, 3.0, 400.0, "µm")?;
        within("the skin's typology angle", self.ita_deg, -70.0, 75.0, "degrees")?;
        within("the hair's length", self.hair_length_mm, 0.02, 3.0, "mm")?;
        within("the density", self.unit_density_per_cm2, 5.0, 200.0, "follicular units per cm²")?;
        within("the unevenness of the light", self.light_unevenness, 0.0, 0.6, "(a share)")?;
        within("the noise", self.noise_codes, 0.0, 12.0, "8-bit codes")?;
        let quality = f64::from(self.jpeg_quality.unwrap_or(100));
        within("the JPEG quality", quality, 30.0, 100.0, "")?;
        match self.scar {
            ScarShape::None => {}
            ScarShape::Strip { width_mm } => within("the strip's width", width_mm, 0.5, 10.0, "mm")?,
            ScarShape::Punches { count } => within("the punches", count as f64, 1.0, 2000.0, "of them")?,
            ScarShape::Patch { diameter_mm } | ScarShape::Burn { diameter_mm } => {
                within("the patch's diameter", diameter_mm, 3.0, 60.0, "mm")?;
            }
        }
        let (width_mm, height_mm) = (self.zone().width_mm(), self.zone().height_mm());
        if width_mm.min(height_mm) < 3.0 || width_mm.max(height_mm) > 500.0 {
            return Err(Error::ZoneOutOfRange { width_mm, height_mm });
        }
        Ok(())
    }

    /// The piece of scalp the picture shows.
    pub(crate) fn zone(&self) -> Zone {
        Zone { width_px: self.width_px, height_px: self.height_px, px_per_mm: 1000.0 / self.pixel_pitch_um }
    }
}

/// The piece of scalp the picture shows; its millimetres begin at the picture's top left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Zone {
    /// Columns.
    pub(crate) width_px: usize,
    /// Rows.
    pub(crate) height_px: usize,
    /// Pixels per millimetre.
    pub(crate) px_per_mm: f64,
}

impl Zone {
    /// Width of what is shown, mm.
    pub(crate) fn width_mm(&self) -> f64 {
        self.width_px as f64 / self.px_per_mm
    }

    /// Height of what is shown, mm.
    pub(crate) fn height_mm(&self) -> f64 {
        self.height_px as f64 / self.px_per_mm
    }

    /// Whether a place, mm, is in the picture.
    pub(crate) fn shows(&self, (x_mm, y_mm): (f64, f64)) -> bool {
        (0.0..self.width_mm()).contains(&x_mm) && (0.0..self.height_mm()).contains(&y_mm)
    }

    /// A place, mm, in the photograph.
    pub(crate) fn in_photo(&self, (x_mm, y_mm): (f64, f64)) -> PointInPhoto {
        PointInPhoto::new(x_mm * self.px_per_mm, y_mm * self.px_per_mm)
    }
}

/// Stubble of half a day to four days, one time in ten hair up to 3 mm.
fn hair_length_mm(draw: &mut Stream) -> f64 {
    let longest_mm: f64 = if draw.uniform() < 0.1 { 3.0 } else { 1.3 };
    (0.12f64.ln() + draw.uniform() * (longest_mm / 0.12).ln()).exp()
}

/// Refuses a value outside its limits (and one that is not a number).
fn within(what: &'static str, found: f64, low: f64, high: f64, unit: &'static str) -> Result<(), Error> {
    if (low..=high).contains(&found) {
        Ok(())
    } else {
        Err(Error::OutOfRange { what, found, low, high, unit })
    }
}

/// Why no synthetic photograph could be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// An option lies outside its limits.
    #[error("{what} was {found} {unit}, but must be from {low} to {high}: choose a value between them")]
    OutOfRange {
        /// Which option.
        what: &'static str,
        /// What was asked for.
        found: f64,
        /// The least that can be made.
        low: f64,
        /// The most that can be made.
        high: f64,
        /// Unit of the numbers.
        unit: &'static str,
    },
    /// Pixels times pitch is no piece of scalp.
    #[error(
        "the picture would show {width_mm:.1} × {height_mm:.1} mm, but each side must be from 3 to 500 mm: \
         change the pixels or the pixel pitch"
    )]
    ZoneOutOfRange {
        /// Width of what would be shown, mm.
        width_mm: f64,
        /// Height of what would be shown, mm.
        height_mm: f64,
    },
    /// The card does not lie in the picture with room for a scar beside it.
    #[error(
        "the picture shows {width_mm:.0} × {height_mm:.0} mm, too little for the card of {card_width} × \
         {card_height} mm and skin beside it: show at least 110 × 85 mm, or leave the card out",
        card_width = card::WIDTH_MM,
        card_height = card::HEIGHT_MM
    )]
    NoRoomForCard {
        /// Width of what is shown, mm.
        width_mm: f64,
        /// Height of what is shown, mm.
        height_mm: f64,
    },
    /// The scar is wider than the skin that is left for it.
    #[error(
        "the scar would be {scar_mm:.2} mm across, but there is room for {room_mm:.2} mm: \
         ask for a smaller scar or show more skin"
    )]
    NoRoomForScar {
        /// What the scar needs, mm.
        scar_mm: f64,
        /// What there is, mm.
        room_mm: f64,
    },
    /// Somebody asked the work to stop.
    #[error("stopped before the picture was done, as asked")]
    Stopped,
}
