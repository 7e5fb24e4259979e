//! The color of the skin, and what follows from it.

use stipple_color::{ItaClass, Lab, LinearRgb, RgbSpace, ita_deg};
use stipple_model::{Caveat, Code, Skin, Weight, WhiteSource};
use stipple_optics::melanin_volume_fraction;
use stipple_quantity::Estimate;
use stipple_raster::Mask;

use crate::chromophores::blood;
use crate::scalp::{Part, Scalp};
use crate::shade::Shade;
use crate::statistics::{median, quantile, spread};
use crate::white::White;

/// More pixels than this say nothing more.
const SAMPLES_MAX: usize = 50_000;
/// Brighter than the skin around by this (natural logarithm) and paler is shine.
const SHINE_LOG: f32 = 0.3;

/// Skin pixels of a part of the scalp, evened.
pub(crate) struct SkinSamples {
    /// Linear sRGB in the light of the shade's reference.
    pub(crate) linear: Vec<LinearRgb>,
    /// Share of the part that shines.
    pub(crate) shine: f64,
}

/// Takes skin pixels of a part: no hair, nothing clipped, no shine.
pub(crate) fn samples(scalp: &Scalp, shade: &Shade, part: &Part, hair: &Mask) -> SkinSamples {
    let bare = || part.pixels(hair.width).filter(|k| !hair.samples[*k]);
    let stride = bare().count() / SAMPLES_MAX + 1;
    let taken: Vec<usize> = bare().step_by(stride).collect();
    let evened = |k: &usize| {
        let factor = shade.evening(*k);
        LinearRgb { rgb: scalp.working.linear(*k).rgb.map(|v| v * factor) }
    };
    let paleness = |c: &LinearRgb| (c.rgb[1] / c.rgb[0].max(1e-4)).ln();
    let light: Vec<LinearRgb> = taken.iter().map(evened).collect();
    let brightness = |c: &LinearRgb| c.rgb[1].max(1e-4).ln();
    let typical = median(light.iter().map(brightness)).unwrap_or(0.0);
    let typical_paleness = median(light.iter().map(paleness)).unwrap_or(0.0);
    let shines = |k: usize, c: &LinearRgb| {
        let bright = brightness(c) - typical > SHINE_LOG && paleness(c) - typical_paleness > 0.1;
        bright || scalp.working.clipped.samples[k] > 0.3
    };
    let dull: Vec<LinearRgb> =
        taken.iter().zip(&light).filter(|(k, c)| !shines(**k, c)).map(|(_, c)| *c).collect();
    let shine = 1.0 - dull.len() as f64 / taken.len().max(1) as f64;
    SkinSamples { linear: dull, shine }
}

impl SkinSamples {
    /// Median color and spread of L*, a*, b*.
    pub(crate) fn middle(&self) -> Option<(Lab, Lab)> {
        let labs: Vec<Lab> = self.linear.iter().map(|c| Lab::from_linear(RgbSpace::Srgb, *c)).collect();
        let of = |part: fn(&Lab) -> f64| -> Vec<f32> { labs.iter().map(|lab| part(lab) as f32).collect() };
        let parts = [of(|lab| lab.l), of(|lab| lab.a), of(|lab| lab.b)];
        let middle = |k: usize| median(parts[k].iter().copied()).map(f64::from);
        let spread = |k: usize| f64::from(spread(&parts[k]));
        Some((Lab::new(middle(0)?, middle(1)?, middle(2)?), Lab::new(spread(0), spread(1), spread(2))))
    }

    /// Erythema index, 100 · log10(red / green), of the median pixel, and its spread.
    pub(crate) fn erythema(&self) -> Option<(f64, f64)> {
        let index = |c: &LinearRgb| 100.0 * (c.rgb[0].max(1e-4) / c.rgb[1].max(1e-4)).log10();
        let values: Vec<f32> = self.linear.iter().map(index).collect();
        Some((f64::from(median(values.iter().copied())?), f64::from(spread(&values))))
    }
}

/// Measures the skin around the scars.
pub(crate) fn measure(samples: &SkinSamples, white: &White) -> (Skin, Vec<Caveat>) {
    let mut caveats = Vec::new();
    // Hair everywhere or light too poor: a middle gray-brown with a very wide uncertainty, said so.
    let (lab, within) = samples.middle().unwrap_or((Lab::new(50.0, 12.0, 16.0), Lab::new(25.0, 8.0, 10.0)));
    let u = uncertainty(white, within);
    let ita = ita(lab, u);
    if samples.linear.len() < 200 || ita.standard_uncertainty > 18.0 {
        caveats.push(Caveat::new(
            Code::SkinToneUnsure,
            Weight::Doubt,
            format!("skin tone is known to ± {:.0}° of ITA only", ita.standard_uncertainty),
            "photograph with the reference card in the picture, in daylight, on a part with short hair",
        ));
    }
    let (blood, said) = blood(lab, u);
    caveats.push(said);
    let erythema = samples.erythema().map(|(index, spread)| {
        Estimate::new(index, (0.3 * spread).hypot(if white.is_measured() { 1.5 } else { 3.0 }))
    });
    let skin = Skin {
        lab,
        lab_uncertainty: u,
        ita_deg: ita,
        ita_class: ItaClass::of(ita.value),
        melanin_volume_fraction: Some(melanin_volume_fraction(ita)),
        blood_volume_fraction: blood,
        erythema_index: erythema,
    };
    (skin, caveats)
}

/// What the white is worth, by source [measured on simulated cameras], and a third of the spread over skin.
fn uncertainty(white: &White, within: Lab) -> Lab {
    let base = match (white.colors, white.source) {
        (Some(colors), _) => colors.standard_uncertainty(),
        (None, WhiteSource::Checker | WhiteSource::Card) => Lab::new(2.3, 2.7, 2.4),
        (None, WhiteSource::Declared) => Lab::new(5.0, 2.0, 2.0),
        (None, WhiteSource::Camera) => Lab::new(6.0, 3.0, 3.0),
    };
    let widened = |base: f64, within: f64| base.hypot(within / 3.0);
    Lab::new(widened(base.l, within.l), widened(base.a, within.a), widened(base.b, within.b))
}

/// Typology angle with first-order propagation.
fn ita(lab: Lab, u: Lab) -> Estimate {
    let (x, y) = (lab.b.max(1e-6), lab.l - 50.0);
    let squared = x * x + y * y;
    let (by_l, by_b) = ((x / squared).to_degrees(), (y / squared).to_degrees());
    // Close to the pole first order runs away: half a turn is all there is.
    Estimate::new(ita_deg(lab), (by_l * u.l).hypot(by_b * u.b).min(60.0))
}

/// Share of the light's upper or lower end in a part: clipped pixels and pixels nearly without light.
pub(crate) fn badly_exposed(scalp: &Scalp) -> (f64, f64) {
    let inside = || (0..scalp.zone.samples.len()).filter(|k| scalp.zone.samples[*k]);
    let n = inside().count().max(1) as f64;
    let clipped = inside().filter(|k| scalp.working.clipped.samples[*k] > 0.5).count() as f64 / n;
    let level = quantile(inside().step_by(11).map(|k| scalp.working.luminance(k)), 0.3).unwrap_or(0.0);
    (clipped, f64::from(level))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stipple_color::skin_tone::typical_skin;

    #[test]
    fn the_angle_of_a_typical_skin_comes_back_with_its_doubt() {
        let angle = ita(typical_skin(35.0), Lab::new(2.0, 1.5, 1.8));
        assert!((angle.value - 35.0).abs() < 3.0 && (3.0..9.0).contains(&angle.standard_uncertainty));
    }

    #[test]
    fn skin_is_the_median_of_its_samples() {
        let color = typical_skin(10.0).to_linear(RgbSpace::Srgb);
        let samples = SkinSamples { linear: vec![color; 500], shine: 0.0 };
        let (skin, caveats) = measure(&samples, &White { source: WhiteSource::Card, ..White::camera() });
        assert!((skin.ita_deg.value - 10.0).abs() < 4.0);
        let codes: Vec<Code> = caveats.iter().map(|caveat| caveat.code).collect();
        assert_eq!(codes, [Code::SkinChromophoresUnsure]);
    }
}
