//! What shows of a hair around its root: the shaft under the skin, the follicle's mouth, the shadow it casts.
//!
//! Under the skin the shaft runs on in its direction, deeper and deeper: what is seen of it gets softer with
//! depth and fades. It takes more red than blue from the skin's light, which is why it looks blue-gray. In
//! photographs this is what tells root from tip: a cut tip ends sharply.

use stipple_quantity::Stream;

use crate::hair::Strand;
use crate::nuisance::Nuisance;
use crate::options::SynthOptions;
use crate::paint::Shade;
use crate::skin::MELANIN;

/// How roots of this scalp show.
pub(crate) struct RootLook {
    /// Darkening of the shaft where it dips under the skin; zero where nothing shows.
    strength: f32,
    /// Depth at which that has fallen to 1/e, mm.
    fading_mm: f64,
    /// Softness of the shaft per depth.
    softening: f64,
    /// Share of the darkening in green and blue of that in red.
    color: [f32; 3],
    /// Darkening of the follicle's brown mouth in green, below zero where it is pale; none where nothing shows.
    mouth: Option<f32>,
    /// Its radius (standard deviation), mm.
    mouth_mm: f64,
}

impl RootLook {
    pub(crate) fn drawn(options: &SynthOptions) -> Self {
        let mut draw = options.seed.stream("synth.root", 0);
        let strength = (draw.between(-0.9f64, 0.5)).exp() as f32;
        let (fading_mm, softening) = (draw.between(0.08, 0.30), draw.between(0.14, 0.55));
        let blue = draw.between(0.62, 0.86) as f32;
        let mouth = draw.between(-0.08, 0.24) as f32;
        let mouth_mm = draw.between(0.05, 0.11);
        Self {
            strength: if options.nuisances.has(Nuisance::RootShadow) { strength } else { 0.0 },
            fading_mm,
            softening,
            color: [1.0, 0.5 + 0.5 * blue, blue],
            mouth: options.nuisances.has(Nuisance::Ostium).then_some(mouth),
            mouth_mm,
        }
    }

    /// Everything soft that a strand puts on the skin around.
    pub(crate) fn shades(&self, strand: &Strand, light_from: (f64, f64), draw: &mut Stream) -> Vec<Shade> {
        let mut shades = vec![cast(strand, light_from)];
        let own = (0.40 * draw.normal()).exp() as f32;
        if self.strength > 0.0 {
            shades.push(self.under_skin(strand, own));
        }
        if let Some(mouth) = self.mouth {
            let mouth = mouth + 0.05 * draw.normal() as f32;
            let darkening = MELANIN.map(|c| c * mouth);
            let at = strand.root();
            shades.push(Shade { from: at, to: at, sigma_mm: [self.mouth_mm; 2], darkening, left: 1.0 });
        }
        shades
    }

    /// The shaft below the skin, seen through it on the side away from the tip.
    fn under_skin(&self, strand: &Strand, own: f32) -> Shade {
        const DEEPEST_MM: f64 = 0.5;
        const FARTHEST_MM: f64 = 0.6;
        let (root, next) = (strand.path[0], strand.path[1]);
        let (dx, dy) = (next.0 - root.0, next.1 - root.1);
        let step = dx.hypot(dy).max(1e-9);
        let far_mm = (DEEPEST_MM / strand.lift.tan()).min(FARTHEST_MM);
        let deep_mm = far_mm * strand.lift.tan();
        let sigma_mm =
            [0.42 * strand.diameter_mm + 0.008, 0.42 * strand.diameter_mm + self.softening * deep_mm];
        let at_top = self.strength * own * strand.darkness * (strand.diameter_mm / 0.075) as f32;
        let left = (sigma_mm[0] / sigma_mm[1] * (-deep_mm / self.fading_mm).exp()) as f32;
        Shade {
            from: root,
            to: (root.0 - far_mm * dx / step, root.1 - far_mm * dy / step),
            sigma_mm,
            darkening: self.color.map(|c| c * at_top),
            left: left.max(1e-4),
        }
    }
}

/// The shaft's own shadow on the skin.
fn cast(strand: &Strand, light_from: (f64, f64)) -> Shade {
    let (root, tip) = (strand.root(), strand.tip());
    let height_mm = 0.35 * (tip.0 - root.0).hypot(tip.1 - root.1);
    Shade {
        from: root,
        to: (tip.0 - light_from.0 * height_mm, tip.1 - light_from.1 * height_mm),
        sigma_mm: [0.05, 0.09],
        darkening: [0.13; 3],
        left: 0.45,
    }
}
