//! How much of a healed dot there is to see, by its size.

use stipple_model::Protocol;
use stipple_optics::dot::profile_in;
use stipple_optics::{Deposit, SkinAround};

/// Sizes at which a dot is computed; between them its logarithm runs straight (error below 0.5 %).
const NODES: usize = 5;
/// Standard uncertainties of the protocol's fresh diameter that its mean dot may be away from it for the tone's sake.
const MEAN_SPREAD: f64 = 1.0;
/// The same for any single dot, with the hairs that it stands for and the hand: what needles make (150 to 250 µm, and
/// a little).
const SINGLE_SPREAD: f64 = 2.0;

/// A range of sizes: diameters over the protocol's.
pub(crate) type SizeRange = [f64; 2];

/// Sizes that the mean of all dots may have.
pub(crate) fn mean_range(protocol: &Protocol) -> SizeRange {
    range(protocol, MEAN_SPREAD)
}

/// Sizes that a needle makes.
pub(crate) fn single_range(protocol: &Protocol) -> SizeRange {
    range(protocol, SINGLE_SPREAD)
}

fn range(protocol: &Protocol, spread: f64) -> SizeRange {
    let share = protocol.fresh_diameter_um.relative_uncertainty().clamp(0.0, 0.4);
    [1.0 - spread * share, 1.0 + spread * share]
}

/// The light that a healed dot takes from the skin, as contrast times area, by the dot's size.
#[derive(Clone, Debug)]
pub(crate) struct DotSizes {
    range: SizeRange,
    /// Logarithm of mm², R, G, B, at even steps of the logarithm of size.
    ln_mm2: [[f64; 3]; NODES],
}

impl DotSizes {
    /// `healed` is a dot of the protocol's own size.
    pub(crate) fn of(healed: &Deposit, skin: &SkinAround, range: SizeRange) -> Self {
        let ln_mm2 = std::array::from_fn(|k| {
            let size = range[0] * (range[1] / range[0]).powf(k as f64 / (NODES - 1) as f64);
            let dot = Deposit { diameter_um: healed.diameter_um * size, ..*healed };
            profile_in(&dot, skin).integral_mm2().map(|mm2| mm2.max(1e-12).ln())
        });
        Self { range, ln_mm2 }
    }

    /// Contrast times area of a dot of some size, mm²; R, G, B.
    pub(crate) fn seen_mm2(&self, size: f64) -> [f64; 3] {
        let [low, high] = self.range;
        let place = if high > low { (size.clamp(low, high) / low).ln() / (high / low).ln() } else { 0.0 };
        let place = place * (NODES - 1) as f64;
        let k = (place as usize).min(NODES - 2);
        let t = place - k as f64;
        std::array::from_fn(|c| ((1.0 - t) * self.ln_mm2[k][c] + t * self.ln_mm2[k + 1][c]).exp())
    }

    /// The size at which a dot takes so much green light, mm²; the nearest there is.
    pub(crate) fn size_of(&self, green_mm2: f64) -> f64 {
        let wanted = green_mm2.max(1e-12).ln();
        let steps = self.ln_mm2.map(|ln| ln[1]);
        let k = steps[1..NODES - 1].iter().take_while(|ln| **ln < wanted).count();
        let rise = (steps[k + 1] - steps[k]).max(1e-9);
        let place = (k as f64 + ((wanted - steps[k]) / rise).clamp(0.0, 1.0)) / (NODES - 1) as f64;
        self.range[0] * (self.range[1] / self.range[0]).powf(place)
    }
}

#[cfg(test)]
mod tests {
    use stipple_optics::DotInk;

    use super::*;
    use crate::plan::tests::default_like_protocol;

    #[test]
    fn sizes_and_what_is_seen_of_them_go_back_and_forth() {
        let ink = DotInk { absorption_550_per_mm: 12.0, absorption_exponent: 1.0, absorption_curvature: 0.0 };
        let dot = Deposit { diameter_um: 120.0, top_mm: 0.1, bottom_mm: 0.3, ink };
        let skin = SkinAround::ORDINARY;
        let sizes = DotSizes::of(&dot, &skin, single_range(&default_like_protocol()));
        for size in [0.7, 0.77, 0.9, 1.0, 1.13, 1.3] {
            let seen = sizes.seen_mm2(size);
            let exact = profile_in(&Deposit { diameter_um: 120.0 * size, ..dot }, &skin).integral_mm2();
            assert!((0..3).all(|c| (seen[c] / exact[c] - 1.0).abs() < 0.005), "{size}: {seen:?} {exact:?}");
            assert!((sizes.size_of(seen[1]) - size).abs() < 1e-9);
        }
        assert_eq!(sizes.size_of(1.0), sizes.range[1]);
        assert_eq!(sizes.size_of(-1.0), sizes.range[0]);
        let none = Deposit { ink: ink.times(0.0), ..dot };
        assert!(DotSizes::of(&none, &skin, [1.0, 1.0]).size_of(0.01).is_finite());
    }
}
