//! Where the edge of a scar runs, between what is surely inside and what is surely outside.
//!
//! Two fronts run toward each other, from the inside and from the outside; each runs slowly where skin looks
//! like the other side. Where they meet is the edge: on the change of color and texture where there is one,
//! halfway where there is none.

use stipple_raster::distance::distance_to;
use stipple_raster::geodesic::geodesic_distance;
use stipple_raster::morphology::not;
use stipple_raster::region::{mask_of, regions, without_holes};
use stipple_raster::{Grid, Mask};

use super::coarse::Coarse;
use super::judge::{FEATURES, Judge};
use super::propose::Proposal;
use crate::scalp::Part;

/// The edge lies within this of where missing hair puts it, in spacings: outward and inward.
const BAND_SPACINGS: [f64; 2] = [0.9, 0.7];
/// Share of the depth of a proposal that the edge may lie inward at most.
const BAND_DEPTH: f64 = 0.6;
/// How far around a proposal skin is looked at at first, in spacings, and how far at all.
const REACH_SPACINGS: f64 = 3.0;
/// See [`REACH_SPACINGS`].
const PART_SPACINGS: f64 = 9.0;
/// Skin this near to the edge belongs to neither side's sample, mm.
const EDGE_MM: f64 = 0.3;
/// From this separation by tone the edge is looked for anew around where it was found; texture is tainted by the
/// hairs around and would drift out to them.
const SEPARATION_CLEAR: f64 = 2.0;
/// How often, and how often where a person waits.
const ROUNDS: usize = 12;
/// See [`ROUNDS`].
const ROUNDS_MARKED: usize = 4;
/// Share of its area that an edge may still move by and is settled.
const MOVED_MIN: f64 = 0.005;
/// Share of the best separation below which the edge has gone astray.
const SEPARATION_KEPT: f64 = 0.97;
/// What a front pays where skin looks like its own side for sure; the other side costs one more.
const COST_MIN: f32 = 0.04;

/// The outline of a scar on a part of the coarse grid.
#[derive(Clone)]
pub(crate) struct Edge {
    /// What is scar, in its rectangle.
    pub(crate) part: Part,
    /// Above zero inside, below outside; it crosses zero between samples.
    pub(crate) level: Grid,
    /// Natural logarithm of the odds that skin is scar, by itself.
    pub(crate) evidence: Grid,
    /// Separation of the skin inside from the skin outside by tone and texture, over their spread.
    pub(crate) separation: f64,
    /// The same by tone alone.
    pub(crate) tone_separation: f64,
}

/// Tones this far apart tell an edge to a millimetre over their separation [measured on synthetic scars].
const TONE_TELLS: f64 = 1.0;
/// What missing hair tells the edge to, in spacings [measured likewise].
const HAIR_TELLS_SPACINGS: f64 = 0.4;

impl Edge {
    /// Standard uncertainty of the edge, mm.
    pub(crate) fn uncertainty_mm(&self, spacing_mm: f64) -> f64 {
        let by_tone = if self.tone_separation > TONE_TELLS { self.tone_separation } else { 0.0 };
        1.0 / by_tone.hypot(1.0 / (HAIR_TELLS_SPACINGS * spacing_mm))
    }
}

/// The edge of a proposal.
pub(crate) fn of_proposal(coarse: &Coarse, proposal: &Proposal) -> Edge {
    let spacing = proposal.spacing_mm * coarse.px_per_mm;
    let size = (coarse.zone.width, coarse.zone.height);
    let part = Part::of(&proposal.region, size, PART_SPACINGS * spacing);
    let mut view = View::of(coarse, &part, None);
    let mut signed = signed_distance(&part.mask);
    signed.samples.iter_mut().for_each(|d| *d += (proposal.inset_spacings * spacing) as f32);
    settled(&mut view, coarse, &part, &signed, spacing)
}

/// The edge of what a person marked; `part` is what was taken for scar before, the strokes included.
pub(crate) fn of_marks(coarse: &Coarse, part: &Part, marked: Marked, spacing_mm: f64) -> Edge {
    let mut view = View::of(coarse, part, Some(marked));
    settled(&mut view, coarse, part, &signed_distance(&part.mask), spacing_mm * coarse.px_per_mm)
}

/// The edge of a mask as it was drawn.
pub(crate) fn of_drawn(part: Part) -> Edge {
    let mut level = signed_distance(&part.mask);
    level.samples.iter_mut().for_each(|d| *d = -*d);
    Edge { evidence: level.clone(), level, part, separation: 0.0, tone_separation: 0.0 }
}

/// Looks for the edge anew around where it was found, as long as that makes the sides clearer.
fn settled(view: &mut View, coarse: &Coarse, part: &Part, signed: &Grid, spacing: f64) -> Edge {
    let mut edge = view.edge(coarse, part, signed, spacing);
    let mut best = edge.tone_separation;
    if let Some(marked) = &mut view.marked {
        (marked.reach_px, marked.is_new) = (0.0, false);
    }
    let rounds = if view.marked.is_some() { ROUNDS_MARKED } else { ROUNDS };
    for _ in 1..rounds {
        if edge.tone_separation < SEPARATION_CLEAR {
            break;
        }
        let next = view.edge(coarse, part, &signed_distance(&edge.part.mask), spacing);
        let moved = differing(&next.part.mask, &edge.part.mask) as f64;
        if moved <= MOVED_MIN * edge.part.mask.count() as f64 || next.tone_separation < SEPARATION_KEPT * best
        {
            break;
        }
        best = best.max(next.tone_separation);
        edge = next;
    }
    edge
}

/// How many pixels are in one of the masks alone.
fn differing(one: &Mask, two: &Mask) -> usize {
    one.samples.iter().zip(&two.samples).filter(|(a, b)| a != b).count()
}

/// What a person marked, in a rectangle of the coarse grid.
pub(crate) struct Marked {
    /// Where scar was marked.
    pub(crate) inside: Mask,
    /// Where skin around it was marked.
    pub(crate) outside: Mask,
    /// How far around a mark nothing but marks is taken for sure, coarse pixels.
    pub(crate) reach_px: f64,
    /// Whether nothing was known of a scar here before.
    pub(crate) is_new: bool,
    /// Evidence from missing hair that a place is scar, natural logarithm of odds.
    pub(crate) hairless: Grid,
}

/// What is seen around a proposal.
struct View {
    features: [Grid; FEATURES],
    zone: Mask,
    bare: Mask,
    marked: Option<Marked>,
    /// Distance to the marks inside and outside, coarse pixels.
    to_marks: [Option<Grid>; 2],
}

impl View {
    fn of(coarse: &Coarse, part: &Part, marked: Option<Marked>) -> Self {
        let to = |mask: fn(&Marked) -> &Mask| marked.as_ref().map(|marked| distance_to(mask(marked)));
        Self {
            features: std::array::from_fn(|c| part.cut_grid(&coarse.features[c])),
            zone: part.cut(&coarse.zone),
            bare: part.cut(&coarse.bare),
            to_marks: [to(|marked| &marked.inside), to(|marked| &marked.outside)],
            marked,
        }
    }

    /// The edge within a band around where it was thought to be.
    fn edge(&self, coarse: &Coarse, part: &Part, signed: &Grid, spacing: f64) -> Edge {
        let deepest = -f64::from(signed.samples.iter().copied().fold(0.0, f32::min));
        let inward = (BAND_SPACINGS[1] * spacing).min(BAND_DEPTH * deepest);
        let outward = BAND_SPACINGS[0] * spacing;
        let away = |k: usize| f64::from(signed.samples[k]);
        let [tone, all] = self.judges(signed, EDGE_MM * coarse.px_per_mm, deepest, spacing);
        let mask = |inside: &dyn Fn(usize) -> bool| Mask {
            width: signed.width,
            height: signed.height,
            samples: (0..signed.samples.len()).map(inside).collect(),
        };
        let surely = |k: usize| away(k) < -inward && self.zone.samples[k] && self.is_far(1, k);
        let surely_not = |k: usize| (away(k) > outward && self.is_far(0, k)) || !self.zone.samples[k];
        let inside = mask(&|k| self.is_marked(0, k) || (surely(k) && !self.is_marked(1, k)));
        let outside = mask(&|k| self.is_marked(1, k) || (surely_not(k) && !self.is_marked(0, k)));
        let separation = |judge: &Option<Judge>| judge.as_ref().map_or(0.0, |judge| judge.separation);
        let (tone_separation, separation) = (separation(&tone), separation(&all));
        let evidence = Grid::computed(signed.width, signed.height, |k| {
            let skin = all.as_ref().map_or(0.0, |judge| judge.evidence(&self.features, k)) as f32;
            skin + self.marked.as_ref().map_or(0.0, |marked| marked.hairless.samples[k])
        });
        let level = level(&inside, &outside, &evidence);
        let (mask, level) = main_region(level, &inside);
        Edge { part: part.with(mask), level, evidence, separation, tone_separation }
    }

    /// Skin well inside against skin around, and what was marked as either: by tone, and with texture.
    fn judges(&self, signed: &Grid, near: f64, deepest: f64, spacing: f64) -> [Option<Judge>; 2] {
        let pick = |side: usize, from: f64, to: f64| -> Vec<usize> {
            let range = from..to;
            let belongs = |k: &usize| {
                let there = range.contains(&f64::from(signed.samples[*k])) && self.is_far(1 - side, *k);
                self.bare.samples[*k]
                    && self.zone.samples[*k]
                    && (self.is_marked(side, *k) || (there && !self.is_marked(1 - side, *k)))
            };
            (0..signed.samples.len()).filter(belongs).collect()
        };
        let inside = pick(0, f64::NEG_INFINITY, -near.min(0.5 * deepest));
        let beyond =
            self.marked.as_ref().filter(|marked| marked.is_new).map_or(0.0, |marked| marked.reach_px);
        let outside = pick(1, beyond + near + 0.3 * spacing, beyond + REACH_SPACINGS * spacing);
        [false, true].map(|with_texture| Judge::learn(&self.features, &inside, &outside, with_texture))
    }

    /// Whether a person marked a place as inside (0) or outside (1).
    fn is_marked(&self, side: usize, k: usize) -> bool {
        self.to_marks[side].as_ref().is_some_and(|to| to.samples[k] == 0.0)
    }

    /// Whether a place is out of reach of the marks of one side.
    fn is_far(&self, side: usize, k: usize) -> bool {
        let reach = self.marked.as_ref().map_or(0.0, |marked| marked.reach_px);
        self.to_marks[side].as_ref().is_none_or(|to| f64::from(to.samples[k]) > reach)
    }
}

/// Fronts that come from farther than this do not count.
const FAR: f32 = 1e3;

/// Where the fronts from both sides meet: above zero nearer to the inside.
pub(crate) fn level(inside: &Mask, outside: &Mask, evidence: &Grid) -> Grid {
    let front = |sign: f32, from: &Mask, other: &Mask| {
        let cost = |k: usize| match from.samples[k] || other.samples[k] {
            true => f32::INFINITY,
            false => COST_MIN + 1.0 / (1.0 + (sign * evidence.samples[k]).exp()),
        };
        geodesic_distance(from, &Grid::computed(evidence.width, evidence.height, cost))
    };
    let (own, other) = rayon::join(|| front(1.0, inside, outside), || front(-1.0, outside, inside));
    let apart = |(one, two): (&f32, &f32)| two.min(FAR) - one.min(FAR);
    let samples = own.samples.iter().zip(&other.samples).map(apart).collect();
    Grid::from_samples(evidence.width, evidence.height, samples)
}

/// Distance to the edge, below zero inside.
pub(crate) fn signed_distance(mask: &Mask) -> Grid {
    let (out, into) = rayon::join(|| distance_to(mask), || distance_to(&not(mask)));
    let samples = out.samples.iter().zip(&into.samples).map(|(o, i)| o - i).collect();
    Grid::from_samples(mask.width, mask.height, samples)
}

/// The region of a level that shares most with the proposal, its holes filled; all else lies outside.
fn main_region(mut level: Grid, proposal: &Mask) -> (Mask, Grid) {
    let (width, height) = (level.width, level.height);
    let mask = Mask { width, height, samples: level.samples.iter().map(|v| *v > 0.0).collect() };
    let shared = |pixels: &[usize]| pixels.iter().filter(|k| proposal.samples[**k]).count();
    let found = regions(&mask);
    let Some(main) = found.iter().max_by_key(|region| shared(&region.pixels)) else {
        return (mask, level);
    };
    let filled = without_holes(&mask_of(main, width, height));
    for (value, inside) in level.samples.iter_mut().zip(&filled.samples) {
        *value = if *inside { value.max(1e-3) } else { value.min(-1e-3) };
    }
    (filled, level)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(columns: std::ops::Range<usize>) -> Mask {
        let samples = (0..60 * 20).map(|k| columns.contains(&(k % 60))).collect();
        Mask { width: 60, height: 20, samples }
    }

    #[test]
    fn fronts_meet_halfway_or_where_the_skin_changes() {
        let (inside, outside) = (band(0..10), band(50..60));
        let crossing = |evidence: &dyn Fn(usize) -> f32| {
            let evidence = Grid::from_samples(60, 20, (0..1200).map(|k| evidence(k % 60)).collect());
            let level = level(&inside, &outside, &evidence);
            (0..60).position(|x| level.at(x, 10) <= 0.0).expect("it crosses")
        };
        assert!((29..=31).contains(&crossing(&|_| 0.0)));
        assert!((39..=41).contains(&crossing(&|x| if x < 40 { 4.0 } else { -4.0 })));
    }
}
