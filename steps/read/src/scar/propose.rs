//! Scars proposed from missing hair: the largest disks without a hair, where hair stands around.

use stipple_points::CellIndex;
use stipple_raster::distance::distance_to;
use stipple_raster::filter::gaussian_blur;
use stipple_raster::morphology::{and, close, not, without};
use stipple_raster::region::{Region, mask_of, regions};
use stipple_raster::{Grid, Mask};

use super::coarse::Coarse;
use super::pattern::{Gap, improbability, unevenness};
use crate::scalp::Part;
use crate::statistics::{median, quantile};

/// Radius of the smallest disk that tells, in spacings of units.
const DISK_SPACINGS: f64 = 1.25;
/// The edge lies this much inside the hairs that bound the disks, in spacings.
const EDGE_SPACINGS: f64 = 0.36;
/// Mean distance to the nearest unit over the spacing of a natural pattern.
const NEAREST_SPACINGS: f64 = 0.78;
/// What is reached then still ends this much outside the scar, in spacings: where hair is sparse at the rim,
/// disks bulge out between the hairs [measured on synthetic scars of the skin's own color].
const INSET_SPACINGS: f64 = 0.52;
/// Half the gap over which two empty regions are one, in spacings.
const JOIN_SPACINGS: f64 = 0.6;
/// Reach over which the spacing is averaged, mm.
const SPACING_MM: f64 = 4.0;
/// Width of the ring around a proposal that has to have hair, in spacings.
const RING_SPACINGS: f64 = 2.0;
/// Share of the ring that has to lie on the scalp, and share of that which has to have hair.
const RING_SEEN_MIN: f64 = 0.62;
/// See [`RING_SEEN_MIN`].
const RING_HAIRY_MIN: f64 = 0.7;
/// Natural logarithm of how improbable an empty place has to be, over all places of its size.
const EVIDENCE_MIN: f64 = 9.0;
/// A scar shows less of hair's size than the skin around it, by this factor; where hair is only out of
/// focus and was missed, it does not.
const QUIET_MAX: f32 = 0.8;
/// Differences of log luminance, ln(red / green) and ln(blue / green) to the skin around that no scar has,
/// but a label or a plaster.
const FOREIGN: [f32; 3] = [0.9, 0.6, 0.35];
/// Fewer units than this say nothing about where hair is missing.
pub(crate) const UNITS_MIN: usize = 40;

/// A region that lacks hair.
pub(crate) struct Proposal {
    /// Where, on the coarse grid.
    pub(crate) region: Region,
    /// Spacing of units around, mm.
    pub(crate) spacing_mm: f64,
    /// The edge lies this much inside the region, in spacings.
    pub(crate) inset_spacings: f64,
}

/// Where hair is far.
pub(crate) struct Gaps {
    /// Spacing of units around, coarse pixels.
    spacing_px: Grid,
    /// Distance to the nearest hair, coarse pixels.
    to_hair: Grid,
    /// Distance to the nearest middle of a disk without hair that is large enough to tell, coarse pixels.
    to_core: Grid,
}

impl Gaps {
    /// None where there are too few units to say.
    pub(crate) fn of(coarse: &Coarse) -> Option<Self> {
        if coarse.units.len() < UNITS_MIN {
            return None;
        }
        let (spacing_px, (to_hair, to_rim)) =
            rayon::join(|| spacing(coarse), || (distance_to(&coarse.hair), distance_to(&not(&coarse.zone))));
        let told = |k: usize| {
            let empty_radius = to_hair.samples[k].min(to_rim.samples[k] + 0.5 * spacing_px.samples[k]);
            f64::from(empty_radius) >= DISK_SPACINGS * f64::from(spacing_px.samples[k])
        };
        let to_core = distance_to(&mask_where(&coarse.zone, told));
        Some(Self { spacing_px, to_hair, to_core })
    }

    /// Spacing of units around a region, mm.
    pub(crate) fn spacing_mm(&self, coarse: &Coarse, region: &Region) -> f64 {
        mean_spacing(region, &self.spacing_px) / coarse.px_per_mm
    }
}

/// Proposes scars on the coarse grid.
pub(crate) fn propose(coarse: &Coarse, gaps: &Gaps) -> Vec<Proposal> {
    let Gaps { spacing_px, to_hair, to_core } = gaps;
    let reached = DISK_SPACINGS - EDGE_SPACINGS;
    let inside = |k: usize| f64::from(to_core.samples[k]) <= reached * f64::from(spacing_px.samples[k]);
    let empty = mask_where(&coarse.zone, inside);
    let joined = joined(coarse, &empty, spacing_px);
    let around = without(&coarse.zone, &joined);
    let units_per_px = units_under(coarse, &around) / around.count().max(1) as f64;
    let unevenness = unevenness(&coarse.unit_count, &around, units_per_px);
    let judge = |region| judge(coarse, region, spacing_px, to_hair, unevenness);
    regions(&joined).into_iter().filter_map(judge).collect()
}

/// Slope of the evidence from missing hair across its edge, natural logarithm of odds a spacing, and its limit.
const HAIRLESS_SLOPE: f32 = 4.0;
/// See [`HAIRLESS_SLOPE`].
const HAIRLESS_MAX: f32 = 1.5;

/// Evidence that a place is scar because hair is missing there, natural logarithm of odds; none far from large gaps.
pub(crate) fn hairless(gaps: &Gaps) -> Grid {
    let Gaps { spacing_px, to_core, .. } = gaps;
    let edge = (DISK_SPACINGS - EDGE_SPACINGS - INSET_SPACINGS) as f32;
    Grid::computed(to_core.width, to_core.height, |k| {
        let away = to_core.samples[k] / spacing_px.samples[k] - edge;
        if away > 2.0 { 0.0 } else { (-HAIRLESS_SLOPE * away).clamp(-HAIRLESS_MAX, HAIRLESS_MAX) }
    })
}

/// Improbable regions, neighbors joined: one hair found in a scar, or a false one, cuts it in two.
fn joined(coarse: &Coarse, empty: &Mask, spacing_px: &Grid) -> Mask {
    let density = coarse.units.len() as f64 / coarse.zone.count().max(1) as f64;
    let mut mask = Mask::filled(empty.width, empty.height, false);
    let mut spacings = Vec::new();
    for region in regions(empty) {
        let spacing = mean_spacing(&region, spacing_px);
        if evidence(coarse, &region, density.min(spacing.powi(-2))) > 0.0 {
            region.pixels.iter().for_each(|k| mask.samples[*k] = true);
            spacings.push(spacing as f32);
        }
    }
    let reach = JOIN_SPACINGS * median(spacings.into_iter()).map_or(0.0, f64::from);
    and(&close(&mask, reach), &coarse.zone)
}

fn mean_spacing(region: &Region, spacing_px: &Grid) -> f64 {
    let sum: f64 = region.pixels.iter().map(|k| f64::from(spacing_px.samples[*k])).sum();
    sum / region.pixels.len() as f64
}

/// How improbable it is by chance that a place of this size has so little hair, anywhere in the zone.
fn evidence(coarse: &Coarse, region: &Region, units_per_px: f64) -> f64 {
    let area_px = region.pixels.len() as f64;
    let places = coarse.zone.count() as f64 / area_px;
    let found = units_in(coarse, &region.pixels);
    improbability(area_px * units_per_px, found, coarse.units.len() as f64) - places.max(1.0).ln()
}

fn units_under(coarse: &Coarse, mask: &Mask) -> f64 {
    let counts = mask.samples.iter().zip(&coarse.unit_count.samples);
    counts.filter(|(inside, _)| **inside).map(|(_, n)| f64::from(*n)).sum()
}

pub(crate) fn units_in(coarse: &Coarse, pixels: &[usize]) -> f64 {
    pixels.iter().map(|k| f64::from(coarse.unit_count.samples[*k])).sum()
}

/// Spacing of units around every place, in coarse pixels; places without hair take it from the hair around.
fn spacing(coarse: &Coarse) -> Grid {
    let index = CellIndex::new(&coarse.units);
    let (width, height) = (coarse.zone.width, coarse.zone.height);
    let (mut sum, mut count) = (Grid::filled(width, height, 0.0), Grid::filled(width, height, 0.0));
    let mut all = Vec::new();
    for (k, unit) in coarse.units.iter().enumerate() {
        if let Some((_, distance)) = index.nearest(*unit, Some(k)) {
            let cell = (unit.1 as usize).min(height - 1) * width + (unit.0 as usize).min(width - 1);
            sum.samples[cell] += distance as f32;
            count.samples[cell] += 1.0;
            all.push(distance as f32);
        }
    }
    let typical = all.iter().sum::<f32>() / all.len().max(1) as f32;
    let sigma = (SPACING_MM * coarse.px_per_mm) as f32;
    let (sum, count) = (gaussian_blur(&sum, sigma), gaussian_blur(&count, sigma));
    // A little of the typical spacing keeps far places finite; twice the typical is the end of hair.
    let pull = 1e-5;
    let local = |(s, n): (&f32, &f32)| (s + pull * typical) / (n + pull);
    let samples = sum.samples.iter().zip(&count.samples).map(local);
    let capped = samples.map(|d| d.clamp(0.7 * typical, 1.8 * typical) / NEAREST_SPACINGS as f32);
    Grid::from_samples(width, height, capped.collect())
}

/// Whether a region is a gap that chance and baldness do not explain.
fn judge(
    coarse: &Coarse,
    region: Region,
    spacing_px: &Grid,
    to_hair: &Grid,
    unevenness: f64,
) -> Option<Proposal> {
    let spacing = mean_spacing(&region, spacing_px);
    if evidence(coarse, &region, spacing.powi(-2)) < EVIDENCE_MIN {
        return None;
    }
    let ring = Ring::around(coarse, &region, spacing);
    let improbable = gap(coarse, &region, &ring, spacing, unevenness).evidence() >= EVIDENCE_MIN;
    let hairy = ring.pixels.iter().filter(|k| f64::from(to_hair.samples[**k]) <= spacing).count();
    let stands = hairy as f64 >= RING_HAIRY_MIN * ring.pixels.len() as f64;
    let loud = |pixels: &[usize]| quantile(pixels.iter().map(|k| coarse.relief.samples[*k]), 0.85);
    let quiet = loud(&region.pixels)? <= QUIET_MAX * loud(&ring.pixels)?;
    let skin = is_skin(coarse, &region, &ring)?;
    let enclosed = enclosed(coarse, &region, &ring, spacing);
    (improbable && enclosed && stands && quiet && skin).then(|| Proposal {
        region,
        spacing_mm: spacing / coarse.px_per_mm,
        inset_spacings: INSET_SPACINGS,
    })
}

/// Whether enough of the ring around a region is seen.
pub(crate) fn enclosed(coarse: &Coarse, region: &Region, ring: &Ring, spacing: f64) -> bool {
    ring.seen_share * (1.0 - off_grid_share(coarse, region, spacing)) >= RING_SEEN_MIN
}

/// Whether a region's color may be that of a scar in the skin around; a label or a plaster goes beyond.
pub(crate) fn is_skin(coarse: &Coarse, region: &Region, ring: &Ring) -> Option<bool> {
    let tone = |pixels: &[usize], c: usize| median(pixels.iter().map(|k| coarse.tone[c].samples[*k]));
    let apart = |c: usize| Some((tone(&region.pixels, c)? - tone(&ring.pixels, c)?).abs());
    Some(apart(0)? <= FOREIGN[0] && apart(1)? <= FOREIGN[1] && apart(2)? <= FOREIGN[2])
}

fn gap(coarse: &Coarse, region: &Region, ring: &Ring, spacing: f64, unevenness: f64) -> Gap {
    // Where hair stands unevenly, its nearest distances promise more of it than there is: count it as well.
    let units_per_px = ring.units_per_px.min(spacing.powi(-2));
    let area_px = region.pixels.len() as f64;
    Gap {
        expected: area_px * units_per_px,
        found: units_in(coarse, &region.pixels),
        reference: ring.units,
        unevenness,
        places: coarse.zone.count() as f64 / area_px,
        cells: area_px / (std::f64::consts::PI * (DISK_SPACINGS * spacing).powi(2)),
    }
}

/// What lies around a region.
pub(crate) struct Ring {
    /// Its pixels on the scalp.
    pixels: Vec<usize>,
    /// Share of it that lies on the scalp.
    seen_share: f64,
    /// Units in a ring twice as wide.
    pub(crate) units: f64,
    /// Units per pixel there.
    pub(crate) units_per_px: f64,
}

impl Ring {
    pub(crate) fn around(coarse: &Coarse, region: &Region, spacing: f64) -> Self {
        let (width, height) = (coarse.zone.width, coarse.zone.height);
        let part = Part::of(region, (width, height), 2.0 * RING_SPACINGS * spacing + 1.0);
        let away = distance_to(&part.mask);
        let within = |reach: f64| -> Vec<usize> {
            let range = 0.3 * spacing..reach * spacing;
            let near = |k: &usize| range.contains(&f64::from(away.samples[*k]));
            (0..away.samples.len()).filter(near).map(|k| part.index(k, width)).collect()
        };
        let seen =
            |all: &[usize]| all.iter().copied().filter(|k| coarse.zone.samples[*k]).collect::<Vec<_>>();
        let (all, wide) = (within(RING_SPACINGS), seen(&within(2.0 * RING_SPACINGS)));
        let pixels = seen(&all);
        let seen_share = pixels.len() as f64 / all.len().max(1) as f64;
        let units = units_in(coarse, &wide);
        Self { pixels, seen_share, units, units_per_px: units / wide.len().max(1) as f64 }
    }
}

/// Share of the region's rim that lies at the border of the grid, where no ring can be seen.
fn off_grid_share(coarse: &Coarse, region: &Region, spacing: f64) -> f64 {
    let (width, height) = (coarse.zone.width, coarse.zone.height);
    let (mut rim, mut cut) = (0usize, 0usize);
    let mask = mask_of(region, width, height);
    let near = (0.5 * spacing).max(1.0) as usize;
    for k in &region.pixels {
        let (x, y) = (k % width, k / width);
        let at_border = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
        let at_rim = at_border || [k - 1, k + 1, k - width, k + width].iter().any(|n| !mask.samples[*n]);
        rim += usize::from(at_rim);
        cut += usize::from(at_rim && (x < near || y < near || x + near >= width || y + near >= height));
    }
    cut as f64 / rim.max(1) as f64
}

fn mask_where(zone: &Mask, inside: impl Fn(usize) -> bool) -> Mask {
    let samples = (0..zone.samples.len()).map(|k| zone.samples[k] && inside(k)).collect();
    Mask { width: zone.width, height: zone.height, samples }
}
