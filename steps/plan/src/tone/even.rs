//! A scar beside its surroundings, both taken as even areas.

use stipple_color::{Lab, LinearRgb, RgbSpace, ciede2000};
use stipple_model::{Protocol, Reading, Scar};
use stipple_quantity::Estimate;

use super::sizes::{DotSizes, SizeRange};

/// Hairs in a follicular unit: 143.33 hairs over 74.36 units per cm² [@Guo2017].
const HAIRS_PER_UNIT: f64 = 1.93;
/// Length of a shaved hair that shows, stub and shadow under the skin, mm; between 0.2 and 0.8.
const STUB_MM: f64 = 0.4;
/// Shaft diameter where none was measured, µm.
const DIAMETER_UM: f64 = 75.0;
/// A smaller scar lies under its dot as a whole, mm².
const SMALLEST_MM2: f64 = 0.5;
/// Sizes that are tried between the least and the largest.
const TRIED: u32 = 33;

/// One scar whose color was measured, and the skin and hair around it.
#[derive(Clone, Debug)]
pub(crate) struct EvenScar {
    pub(crate) area_mm2: f64,
    /// Skin of the scar and skin around.
    pub(crate) skin: [Lab; 2],
    /// What a unit of shaved hair takes from the light of either skin, mm²; R, G, B.
    pub(crate) unit_mm2: [[f64; 3]; 2],
    /// Units of hair in the scar and around, per mm².
    pub(crate) units_per_mm2: [f64; 2],
    /// Dots to come, per mm².
    pub(crate) dots_per_mm2: f64,
    /// Standard uncertainty of the difference of the skins, CIEDE2000.
    pub(crate) own_uncertainty: f64,
}

impl EvenScar {
    /// None where a color or the area was not measured.
    pub(crate) fn of(scar: &Scar, reading: &Reading, protocol: &Protocol, hair: Lab) -> Option<Self> {
        let skin = [scar.lab?, scar.lab_around?];
        let own = scar.color_difference?;
        let area_mm2 = scar.area_mm2.value;
        let counted = |e: Option<Estimate>| e.map(|e| e.value).filter(|v| (0.0..=300.0).contains(v));
        let around = counted(scar.hair_density_around_per_cm2)
            .or(counted(reading.hair.unit_density_per_cm2))
            .unwrap_or(protocol.fallback_unit_density_per_cm2);
        let inside = counted(scar.hair_density_inside_per_cm2).unwrap_or(0.0).min(around);
        let missing = (protocol.density_share * (around - inside)).min(protocol.room_per_cm2());
        // A scar smaller than the room of a unit gets one dot.
        let dots_per_cm2 = missing.max(100.0 / area_mm2.max(SMALLEST_MM2) - inside);
        let unit = |skin| unit_mm2(reading, skin, hair);
        (area_mm2 > 0.0).then(|| Self {
            area_mm2,
            skin,
            unit_mm2: skin.map(unit),
            units_per_mm2: [inside / 100.0, around / 100.0],
            dots_per_mm2: dots_per_cm2.max(0.0) / 100.0,
            own_uncertainty: own.standard_uncertainty,
        })
    }

    /// CIEDE2000 with dots that take `dot_mm2` each, all hair and all dots as much darker as the factors say.
    pub(crate) fn difference(&self, dot_mm2: [f64; 3], hair: f64, dots: f64) -> f64 {
        let [scar, around] = self.seen(dot_mm2, hair, dots);
        ciede2000(scar, around)
    }

    /// The color of the scar and of its surroundings, with all hair and all dots as much darker as the factors say.
    pub(crate) fn seen(&self, dot_mm2: [f64; 3], hair: f64, dots: f64) -> [Lab; 2] {
        let of_hair = |side: usize, c: usize| hair * self.units_per_mm2[side] * self.unit_mm2[side][c];
        let in_scar = std::array::from_fn(|c| of_hair(0, c) + dots * self.dots_per_mm2 * dot_mm2[c]);
        let around = std::array::from_fn(|c| of_hair(1, c));
        [darkened(self.skin[0], in_scar), darkened(self.skin[1], around)]
    }

    /// The size of dots that brings the scar nearest to its surroundings; the least of those that do.
    pub(crate) fn best_size(&self, sizes: &DotSizes, [low, high]: SizeRange) -> f64 {
        let tried = (0..TRIED).map(|k| low + (high - low) * f64::from(k) / f64::from(TRIED - 1));
        let off = |size: f64| self.difference(sizes.seen_mm2(size), 1.0, 1.0);
        tried
            .map(|size| (off(size), size))
            .min_by(|one, two| one.0.total_cmp(&two.0))
            .map_or(low, |best| best.1)
    }

    /// Optical density in green that hair and dots of this size make in the scar together.
    pub(crate) fn green_density(&self, sizes: &DotSizes, size: f64) -> f64 {
        self.units_per_mm2[0] * self.unit_mm2[0][1] + self.dots_per_mm2 * sizes.seen_mm2(size)[1]
    }
}

/// What a unit of shaved hair takes from the light of a skin: contrast times area, mm²; R, G, B.
pub(crate) fn unit_mm2(reading: &Reading, skin: Lab, hair: Lab) -> [f64; 3] {
    let measured = reading.hair.median_diameter_um.map(|e| e.value);
    let diameter_um = measured.filter(|d| (10.0..=200.0).contains(d)).unwrap_or(DIAMETER_UM);
    let covered_mm2 = HAIRS_PER_UNIT * diameter_um / 1000.0 * STUB_MM;
    let [hair, skin] = [hair, skin].map(linear);
    std::array::from_fn(|c| covered_mm2 * (1.0 - hair[c] / skin[c].max(1e-3)))
}

/// Linear sRGB.
pub(crate) fn linear(color: Lab) -> [f64; 3] {
    color.to_linear(RgbSpace::Srgb).rgb.map(f64::from)
}

/// A color under an optical density in R, G, B.
pub(crate) fn darkened(skin: Lab, density: [f64; 3]) -> Lab {
    let bare = linear(skin);
    let rgb = std::array::from_fn(|c| (bare[c] * (-density[c]).exp()) as f32);
    Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb })
}
