//! From how far away a scar can be told from its surroundings.
//!
//! An observer who knows the scar's place and outline, and looks as people do: what is compared is the scar's mean color
//! and its texture against those of the skin around, under the noise of the eye and the clutter of that skin itself.
//!
//! 1. `field`: contrasts in three cone-opponent mechanisms, slow shade taken out.
//! 2. `color`: the scar's outline as the eye passes it on at a distance is laid over the picture (a matched filter behind
//!    the eye, [@Bochud2000]); noise is what the eye adds ([`stipple_color::energy_weight`]) and what the same outline
//!    finds elsewhere in the surroundings, all shifts of it at once.
//! 3. `texture`: contrast energy in octave bands inside against around, as gratings of that contrast and area would be
//!    seen, and told apart as contrasts are [@LeggeFoley1980].
//! 4. Both add: d′² is the sum of their squares, less what a patch of the surroundings would score by chance.

use stipple_model::NEAREST_LOOK_M;
use stipple_quantity::Estimate;

use crate::error::Error;
use crate::scene::Scene;

mod bins;
mod color;
mod field;
mod reach;
mod texture;

use color::ColorSignal;
use field::Field;
use texture::TextureSignal;

/// How the scar is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewing {
    /// Luminance of the skin around the scar, cd/m²; 5 to 10 000.
    pub luminance_cd_m2: f64,
    /// Nearest distance, m; at least 0.1.
    pub nearest_m: f64,
    /// Farthest distance, m; at most 1000.
    pub farthest_m: f64,
}

impl Viewing {
    /// A well-lit room: skin of 35 % reflectance under 900 lx has 100 cd/m²; from a near look to across a street.
    pub const WELL_LIT: Self = Self { luminance_cd_m2: 100.0, nearest_m: NEAREST_LOOK_M, farthest_m: 100.0 };

    fn check(&self) -> Result<(), Error> {
        let Self { luminance_cd_m2, nearest_m, farthest_m } = *self;
        let bright = (5.0..=10_000.0).contains(&luminance_cd_m2);
        if bright && nearest_m >= 0.1 && nearest_m < farthest_m && farthest_m <= 1000.0 {
            return Ok(());
        }
        Err(Error::Viewing { luminance_cd_m2, nearest_m, farthest_m })
    }
}

/// How far away the scar can still be told from its surroundings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// So far, m.
    To(Estimate),
    /// Not from any distance looked at: the largest d′ found stays below 1.
    Nowhere {
        /// The largest d′.
        most: f64,
    },
    /// Farther than the farthest distance looked at, m.
    Beyond {
        /// That distance.
        farthest_m: f64,
    },
}

impl Reach {
    /// The distance as a number with its uncertainty, m; zero, known to the nearest distance looked from in a well-lit
    /// room, where the scar is seen from nowhere; none beyond reach.
    pub fn distance_m(&self) -> Option<Estimate> {
        match self {
            Self::To(distance) => Some(*distance),
            Self::Nowhere { .. } => Some(Estimate::new(0.0, Viewing::WELL_LIT.nearest_m)),
            Self::Beyond { .. } => None,
        }
    }
}

/// What is seen of the scar from one distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Distance, m.
    pub distance_m: f64,
    /// Detectability squared; below zero where a patch of the surroundings scores more by chance. Its uncertainty is
    /// that of the clutter that the scar happens to lie in.
    pub squared: Estimate,
    /// The part of light and color in it.
    pub color_squared: f64,
    /// The part of texture in it.
    pub texture_squared: f64,
}

impl Seen {
    /// d′; zero where nothing is seen.
    pub fn d_prime(&self) -> f64 {
        self.squared.value.max(0.0).sqrt()
    }

    /// d′ with its uncertainty: where little is seen, that of a square cannot be halved.
    pub fn detectability(&self) -> Estimate {
        let (d_prime, unsure) = (self.d_prime(), self.squared.standard_uncertainty);
        let both = d_prime + (d_prime * d_prime + unsure).sqrt();
        Estimate::new(d_prime, if both > 0.0 { unsure / both } else { 0.0 })
    }
}

/// How visible a scar is.
#[derive(Clone, Debug, PartialEq)]
pub struct Visibility {
    /// From how far.
    pub reach: Reach,
    /// d′ by distance, near to far, equal steps of its logarithm.
    pub curve: Vec<Seen>,
    /// Contrast of the scar's mean to its surroundings: achromatic, red-green, yellow-violet; signed.
    pub contrast: [f64; 3],
}

/// Measures from how far away a scar can be told from its surroundings.
///
/// | | meaning | unit | valid |
/// |---|---|---|---|
/// | in | scene | linear light, mm a pixel | see [`Scene`] |
/// | | viewing | cd/m², m | see [`Viewing`] |
/// | out | distance where d′ falls to 1, d′ by distance | m, – | |
///
/// # Limits
/// A mean observer; people differ by some 3 dB in sensitivity, which the uncertainty does not hold: it is that of this
/// picture. Clutter is taken as alike all over the surroundings. Frequencies above a half a working pixel (0.12 mm or
/// more) are not seen: nearer than about 0.4 m texture is told from its coarser part.
///
/// # Errors
/// If sizes, pitch, viewing, scar or surroundings cannot be used.
///
/// # Cost
/// O(pixels); see [docs/performance.md].
///
/// # Source
/// [@Ashraf2024], [@Rovamo1993], [@Bochud2000], [@LeggeFoley1980].
pub fn visible_distance(scene: &Scene, viewing: &Viewing) -> Result<Visibility, Error> {
    scene.check()?;
    viewing.check()?;
    let color = ColorSignal::of(&Field::coarse_enough(scene, color::SIDE_MOST));
    let texture = TextureSignal::of(&Field::fine_enough(scene, texture::FINEST_MM));
    let curve: Vec<Seen> = reach::distances_m(viewing)
        .map(|distance_m| {
            let (color, texture) = (color.seen(distance_m, viewing), texture.seen(distance_m, viewing));
            let variance = color.variance + texture.variance;
            Seen {
                distance_m,
                squared: Estimate::new(color.squared + texture.squared, variance.sqrt()),
                color_squared: color.squared,
                texture_squared: texture.squared,
            }
        })
        .collect();
    Ok(Visibility { reach: reach::reach(&curve), curve, contrast: color.contrast })
}

/// A share of d′² with its variance.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Share {
    squared: f64,
    variance: f64,
}

impl Share {
    /// Of a difference in units of the eye's noise, with the standard deviation that clutter gives it.
    ///
    /// Under both noises δ² / (1 + σ²) is expected to be d′² plus σ² / (1 + σ²) of chance, which is taken off.
    pub(crate) fn of(difference: f64, clutter: f64) -> Self {
        let (signal, noise) = (difference * difference, clutter * clutter);
        let all = 1.0 + noise;
        Self {
            squared: (signal - noise) / all,
            variance: (4.0 * signal * noise + 2.0 * noise * noise) / (all * all),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self { squared: self.squared + other.squared, variance: self.variance + other.variance }
    }
}

/// Degrees that a millimetre spans from a distance.
pub(crate) fn deg_per_mm(distance_m: f64) -> f64 {
    (1e-3 / distance_m).atan().to_degrees()
}

#[cfg(test)]
mod tests;
