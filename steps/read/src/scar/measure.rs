//! What a scar measures, always against the skin around it.

use stipple_color::{Lab, ciede2000};
use stipple_model::{Scar, ScarKind, WidthAt, WidthRange};
use stipple_quantity::{Estimate, PointInPhoto, PointInScalp};
use stipple_raster::distance::distance_to;
use stipple_raster::filter::gaussian_blur;
use stipple_raster::morphology::{dilate, erode, without};
use stipple_raster::region::{Region, outline, regions};
use stipple_raster::simplify::simplify_outline;
use stipple_raster::{Grid, Mask};

use super::redness::redness;
use super::relief::relief;
use super::shape;
use crate::curvature::shortening;
use crate::hair::{Found, density_per_cm2};
use crate::scalp::{Part, Scalp};
use crate::shade::Shade;
use crate::skin::{SkinSamples, samples};
use crate::statistics::median;

/// The ring around a scar that it is compared with, mm from its edge.
const RING_MM: [f64; 2] = [0.8, 4.0];
/// The ring that hair is counted in, mm from the edge.
const HAIR_RING_MM: [f64; 2] = [0.5, 8.0];
/// What is nearer to the edge than this belongs to neither side's color, mm.
const EDGE_MM: f64 = 0.3;
/// Difference of two colors in one picture is good to this, CIEDE2000, even without a card.
const DIFFERENCE_FLOOR: f64 = 0.8;
/// Fewer skin pixels than this are no sample.
const PIXELS_MIN: usize = 40;

/// A scar's region on the working picture, and how well its edge is known.
pub(crate) struct ScarRegion {
    pub(crate) region: Region,
    /// Standard uncertainty of the edge, mm.
    pub(crate) edge_mm: f64,
}

/// All there is to measure with.
pub(crate) struct Measuring<'a> {
    pub(crate) scalp: &'a Scalp,
    pub(crate) found: &'a Found,
    pub(crate) shade: &'a Shade,
    /// All scars together.
    pub(crate) scars: &'a Mask,
    /// Relative standard uncertainty of the pixel pitch.
    pub(crate) pitch_relative: f64,
    /// The middle of the zone, mm.
    pub(crate) middle_mm: PointInScalp,
}

impl Measuring<'_> {
    /// Measures one scar.
    pub(crate) fn measure(&self, scar: &ScarRegion) -> Scar {
        let size_px = (self.scars.width, self.scars.height);
        let own = Part::of(&scar.region, size_px, HAIR_RING_MM[1] * self.scalp.px_per_mm);
        let away = distance_to(&own.mask);
        let (inner, ring) = (self.inner(&own), self.ring(&own, &away, RING_MM));
        let skin = |part: &Part| samples(self.scalp, self.shade, part, &self.found.cover);
        let ((inside, around), ((texture, relief), size)) = rayon::join(
            || (skin(&inner), skin(&ring)),
            || {
                let fine = || (self.texture(&inner, &ring), relief(self.scalp, self.shade, self.found, &own));
                rayon::join(fine, || self.size(&own, scar.edge_mm))
            },
        );
        let counting = self.found.counting_relative(self.scalp.px_per_mm);
        let counting = counting.map(|relative| relative.hypot(2.0 * self.pitch_relative));
        let units = |part: &Part| density_per_cm2(self.scalp, &self.found.units, part, counting?);
        Scar {
            kind: size.kind,
            outline: self.outline(&own),
            area_mm2: size.area_mm2,
            length_mm: Some(size.length_mm),
            width_mm: Some(size.width_mm),
            width_range: size.width_range,
            widths: size.widths,
            edge_uncertainty_mm: Some(scar.edge_mm),
            lab: sampled_lab(&inside),
            lab_around: sampled_lab(&around),
            color_difference: color_difference(&inside, &around),
            redness: redness(&inside, &around).filter(|_| enough(&inside) && enough(&around)),
            texture,
            relief,
            hair_density_inside_per_cm2: units(&own),
            hair_density_around_per_cm2: units(&self.ring(&own, &away, HAIR_RING_MM)),
        }
    }

    /// The scalp between two distances from the scar, all scars left out.
    fn ring(&self, own: &Part, away: &Grid, range_mm: [f64; 2]) -> Part {
        let (zone, scars) = (own.cut(&self.scalp.zone), own.cut(self.scars));
        let px = range_mm.map(|mm| (mm * self.scalp.px_per_mm) as f32);
        let inside =
            |k: usize| (px[0]..=px[1]).contains(&away.samples[k]) && zone.samples[k] && !scars.samples[k];
        let samples = (0..zone.samples.len()).map(inside).collect();
        own.with(Mask { width: zone.width, height: zone.height, samples })
    }

    /// The scar without its edge; the whole scar if too little would be left.
    fn inner(&self, own: &Part) -> Part {
        let inner = erode(&own.mask, EDGE_MM * self.scalp.px_per_mm);
        if inner.count() >= PIXELS_MIN { own.with(inner) } else { own.clone() }
    }

    fn size(&self, own: &Part, edge_mm: f64) -> Size {
        let area_mm2 = self.scalp.area_mm2(own);
        // Tilt changes lengths as the root of areas: good enough for the tilts that a card allows.
        let mm_per_px = (area_mm2 / own.mask.count().max(1) as f64).sqrt();
        let middle = shape::Middle::of(&own.mask, self.scalp.px_per_mm);
        let length_mm = middle.as_ref().map_or(1.0, |middle| middle.length_px) * mm_per_px;
        let width_mm = area_mm2 / length_mm;
        let in_photo =
            |(x, y): (f64, f64)| self.scalp.working.in_photo((x + own.left as f64, y + own.top as f64));
        let widths = middle.map_or_else(Vec::new, |middle| middle.widths(&own.mask, mm_per_px, in_photo));
        // Length, width and area all may be seen shorter where the head turns away.
        let curved = shortening(self.scalp, own, self.middle_mm);
        let pitch = self.pitch_relative;
        // Both sides err on their own: a width errs by √2 edges, an area by that times the length.
        let width_u = std::f64::consts::SQRT_2 * edge_mm;
        let each_width_u = width_u.hypot(pitch * width_mm).hypot(curved * width_mm);
        Size {
            width_range: shape::width_range(&widths, each_width_u),
            widths,
            kind: shape::kind(length_mm, width_mm, area_mm2),
            area_mm2: Estimate::new(
                area_mm2,
                (width_u * length_mm).hypot(2.0 * pitch * area_mm2).hypot(curved * area_mm2),
            ),
            length_mm: Estimate::new(
                length_mm,
                width_u.hypot(pitch * length_mm).hypot(0.02 * length_mm).hypot(curved * length_mm),
            ),
            width_mm: Estimate::new(width_mm, each_width_u),
        }
    }

    fn outline(&self, own: &Part) -> Vec<PointInPhoto> {
        let found = regions(&own.mask);
        let Some(main) = found.iter().max_by_key(|region| region.pixels.len()) else { return Vec::new() };
        let corners = outline(main, own.mask.width, own.mask.height);
        simplify_outline(&corners, (0.08 * self.scalp.px_per_mm).max(0.75))
            .into_iter()
            .map(|(x, y)| self.scalp.working.in_photo((x + own.left as f64, y + own.top as f64)))
            .collect()
    }

    /// Spread of the fine relief inside over around, hair left out.
    fn texture(&self, inside: &Part, around: &Part) -> Option<Estimate> {
        let density = around.cut_grid(&self.found.density);
        let fine = |mm: f64| gaussian_blur(&density, (mm * self.scalp.px_per_mm).max(0.6) as f32);
        let (sharp, soft) = (fine(0.1), fine(0.35));
        let hair = dilate(&around.cut(&self.found.cover), 1.0);
        let spread = |part: &Part| {
            let kept = (0..hair.samples.len()).filter(|k| part.mask.samples[*k] && !hair.samples[*k]);
            let values: Vec<f32> = kept.map(|k| (sharp.samples[k] - soft.samples[k]).abs()).collect();
            let n = values.len();
            median(values.into_iter()).filter(|_| n >= PIXELS_MIN).map(|m| (f64::from(m), n as f64))
        };
        let ((own, own_n), (ring, ring_n)) = (spread(inside)?, spread(around)?);
        if ring <= 0.0 {
            return None;
        }
        // A relief feature covers about a fifth of a square millimetre; each is one independent sample.
        let per_feature = 0.2 * self.scalp.px_per_mm * self.scalp.px_per_mm;
        let relative = (per_feature / own_n + per_feature / ring_n).sqrt().min(1.0);
        Some(Estimate::new(own / ring, own / ring * relative))
    }
}

struct Size {
    kind: ScarKind,
    area_mm2: Estimate,
    length_mm: Estimate,
    width_mm: Estimate,
    width_range: Option<WidthRange>,
    widths: Vec<WidthAt>,
}

/// Median color, if there are enough pixels for one.
fn sampled_lab(samples: &SkinSamples) -> Option<Lab> {
    samples.middle().filter(|_| enough(samples)).map(|(lab, _)| lab)
}

/// Whether there are enough pixels to tell a color.
fn enough(samples: &SkinSamples) -> bool {
    samples.linear.len() >= PIXELS_MIN
}

fn color_difference(inside: &SkinSamples, around: &SkinSamples) -> Option<Estimate> {
    if !enough(inside) || !enough(around) {
        return None;
    }
    let ((own, own_spread), (ring, ring_spread)) = (inside.middle()?, around.middle()?);
    // A scar's color is patchy: about one in forty pixels is worth an independent look.
    let error = |spread: f64, n: usize| spread / (n as f64 / 40.0).max(1.0).sqrt();
    let own_error = error(own_spread.l, inside.linear.len());
    let ring_error = error(ring_spread.l, around.linear.len());
    Some(Estimate::new(ciede2000(own, ring), DIFFERENCE_FLOOR.hypot(own_error).hypot(ring_error)))
}

/// The zone without scars and a margin around them.
pub(crate) fn zone_without(scalp: &Scalp, scars: &Mask) -> Part {
    Part::whole(without(&scalp.zone, &dilate(scars, EDGE_MM * scalp.px_per_mm)))
}
