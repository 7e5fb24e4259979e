//! Hair: found, followed, rooted, counted and measured.

mod caveats;
mod completeness;
mod end;
mod hand;
mod response;
mod shaft;
mod stray;
mod unit;
mod width;

use stipple_color::Lab;
use stipple_model::{Detection, Marks};
use stipple_points::CellIndex;
use stipple_quantity::Estimate;
use stipple_raster::morphology::dilate;
use stipple_raster::peaks::Peak;
use stipple_raster::{Grid, Mask};

use crate::RootFinder;
use crate::root_head::{self, Root};
use crate::scalp::Scalp;
use crate::statistics::{median, quantile};
pub(crate) use response::{Background, Polarity};
use response::{density_above_background, over_noise};
use shaft::{Shaft, candidates, shafts};
use stray::Followed;
pub(crate) use unit::{Unit, density_map, density_per_cm2};
use width::Width;

/// Peaks below this many times the noise are not looked at.
const OVER_NOISE_MIN: f32 = 2.2;
/// Peaks below this share of the picture's clear hairs are texture, however quiet the picture.
const SHARE_OF_CLEAR_MIN: f32 = 0.25;
/// Peaks of the other sign that may stand against a hundred of hair's: they are noise and texture for sure,
/// and there are about as many false ones among hair's.
const FALSE_SHARE_MAX: f64 = 0.33;
/// Of this many times the noise a hair is clear.
const CLEAR_OVER_NOISE: f32 = 3.5;
/// Light hair is believed when it stands out this much more often than dark.
const LIGHT_OVER_DARK: f64 = 1.5;
/// Pixels per millimetre below which single follicles are doubtful, and below which they are not told apart.
pub(crate) const FINE_PX_PER_MM: f64 = 6.0;
/// See [`FINE_PX_PER_MM`].
pub(crate) const COARSE_PX_PER_MM: f64 = 4.0;
/// Part of a count that the detector gets wrong on real scalps at twelve and more pixels a millimetre, and
/// what every pixel less costs.
const DETECTION_ERROR: f64 = 0.11;
/// See [`DETECTION_ERROR`].
const COARSE_ERROR_PER_PX: f64 = 0.04;
/// Pixels per millimetre above which more do not help.
const FULL_PX_PER_MM: f64 = 12.0;
/// Marks of the other polarity, as a share of hair's, from which hair is called mixed; what that may hide.
const MIXED_SHARE: f64 = 0.29;
/// See [`MIXED_SHARE`].
const MIXED_ERROR: f64 = 0.4;
/// Hairs below this many times the least response stand out little; of hair that is seen well a third do.
const FAINT_OVER_FLOOR: f32 = 1.5;
/// Share of faint hairs from which fainter ones are missed, and from which most are.
const FAINT_SHARE: [f64; 2] = [0.35, 0.80];
/// What that may hide where most are missed [measured on synthetic blond and brown hair].
const FAINT_ERROR: f64 = 0.6;
/// Marks of the other polarity, as a share of hair's, from which neither is known to be hair.
const UNREAD_SHARE: f64 = 0.7;
/// Mean confidence of roots below which hair was not read: up to eight times as many are there.
const CERTAINTY_MIN: f64 = 0.48;
/// Fewer hairs than this tell nothing about hair.
const HAIRS_MIN: usize = 20;
/// Relative standard uncertainty of a diameter: shadows under the skin and hairs side by side make dark
/// shafts 15 to 45 % too wide, gray ones up to 70 % [measured on synthetic scalps].
const DIAMETER_ERROR: f64 = 0.35;

/// The hair of a scalp.
pub(crate) struct Found {
    /// What was found, in reading order.
    pub(crate) detections: Vec<Detection>,
    /// Where those are on the working picture, same order.
    pub(crate) roots: Vec<(f64, f64)>,
    /// Follicular units.
    pub(crate) units: Vec<Unit>,
    /// Those that were missed, if at all, as often here as there: what telling bare skin from hairy needs.
    pub(crate) even_units: Vec<(f64, f64)>,
    /// Pixels of the working picture with hair or its shadow.
    pub(crate) cover: Mask,
    /// Optical density above the local background.
    pub(crate) density: Grid,
    /// Whether hair is dark or light.
    pub(crate) polarity: Polarity,
    /// Width over which the sharpest hairs are smeared (standard deviation), mm.
    pub(crate) smear_mm: Option<f64>,
    /// Mean length over which shafts are followed before they end or cross others, mm.
    pub(crate) length_mm: f64,
    /// Whether the root head told the roots: then confidence is a probability.
    pub(crate) by_root_head: bool,
    /// Share of the shafts that the root head gave no root; none where there are too few to tell, or it was not asked.
    pub(crate) rootless_share: Option<f64>,
    /// Such shafts that were counted, because they lie as the hair around does.
    pub(crate) strays: usize,
    /// Middle response of the hairs, in units of noise.
    pub(crate) clarity: f64,
    /// Share of hairs that stand out little more than what was refused.
    pub(crate) faint_share: f64,
    /// Marks of the other sign as clear as hair (light between dark), as a share of the hairs.
    pub(crate) other_share: f64,
}

/// Coarser pictures than this are read without the root head, pixels per millimetre.
const LEARNED_PX_PER_MM_MIN: f64 = 5.5;
/// Larger scalps than this are read without it, mm²: two heads; a picture that says it shows more has a wrong pitch.
const LEARNED_AREA_MAX_MM2: f64 = 110_000.0;
/// A root belongs to the shaft that comes this near, mm.
const SHAFT_REACH_MM: f64 = 0.25;
/// Share of shafts without a root from which the root head does not know this hair.
const ROOTLESS_MAX: f64 = 0.5;
/// Shorter shafts are dots, or noise, mm.
const FOLLOWED_MM: f64 = 0.3;

/// Finds the hair of a scalp.
///
/// What a person says about single hairs in `marks` wins.
pub(crate) fn find(scalp: &Scalp, finder: RootFinder, marks: Option<&Marks>) -> Found {
    let density = density_above_background(scalp);
    let response = over_noise(scalp, &density);
    let peaks = |grid: &Grid| candidates(grid, &scalp.zone, scalp.px_per_mm, OVER_NOISE_MIN);
    let (dark, light) = (peaks(&response.dark), peaks(&response.light));
    let (polarity, mut own, others) = if strength(&light) > LIGHT_OVER_DARK * strength(&dark) {
        (Polarity::Light, light, dark)
    } else {
        (Polarity::Dark, dark, light)
    };
    let floor = threshold(&own, &others);
    let other_share = other_share(&own, &others);
    own.retain(|peak| peak.value >= floor);
    let response = if polarity == Polarity::Dark { response.dark } else { response.light };
    let shafts = shafts(&response, own, scalp.px_per_mm);
    let widths = width::widths(&shafts, &density, scalp.px_per_mm, polarity);
    let learned = finder == RootFinder::Learned && may_be_learned(scalp);
    let ends = end::roots(&shafts, &density, scalp.px_per_mm, polarity);
    let shown: Vec<(f64, f64)> = ends.iter().copied().filter(|end| scalp.shows(*end)).collect();
    let by_head = learned.then(|| on_shafts(root_head::roots(scalp, polarity), &shafts, scalp.px_per_mm));
    let followed = by_head.as_ref().map(|rooted| Followed::of(&shafts, rooted, scalp.px_per_mm));
    let rootless_share = followed.as_ref().and_then(Followed::rootless_share);
    let mut strays = followed.map_or_else(Vec::new, |f| f.strays(&shafts, &ends, scalp.px_per_mm));
    strays.retain(|hair| scalp.shows(hair.root.at));
    let mut rooted = by_head.unwrap_or_else(|| at_ends(ends, &shafts, floor));
    let stray_count = strays.len();
    rooted.extend(strays);
    rooted.retain(|hair| scalp.shows(hair.root.at));
    if let Some(marks) = marks {
        hand::correct(&mut rooted, scalp, &shafts, marks);
    }
    rooted.sort_by(|a, b| a.root.at.1.total_cmp(&b.root.at.1).then(a.root.at.0.total_cmp(&b.root.at.0)));
    let roots: Vec<(f64, f64)> = rooted.iter().map(|hair| hair.root.at).collect();
    let units = unit::units(scalp, &roots);
    let lengths_mm: Vec<f64> =
        rooted.iter().filter_map(|hair| hair.shaft).map(|k| shafts[k].length_mm).collect();
    Found {
        detections: detections(scalp, &rooted, &units.of_root, &shafts, &widths),
        even_units: evenly(scalp, &shown, &rooted),
        units: counted(&units, &rooted, learned),
        roots,
        cover: cover(scalp, &shafts),
        smear_mm: quantile(widths.iter().filter_map(|w| w.smear_mm).map(|s| s as f32), 0.2).map(f64::from),
        other_share,
        faint_share: faint_share(&shafts, floor),
        by_root_head: learned,
        rootless_share,
        strays: stray_count,
        length_mm: mean(lengths_mm.into_iter()),
        clarity: median(shafts.iter().map(|s| s.over_noise)).map_or(0.0, f64::from),
        polarity,
        density,
    }
}

/// Units with what each counts for: probabilities the root head tells, and what is missed where those are low.
fn counted(units: &unit::Units, rooted: &[Rooted], learned: bool) -> Vec<Unit> {
    if !learned {
        return units.weighted(rooted.iter().map(|_| 1.0));
    }
    let confidences = || rooted.iter().map(|hair| hair.root.confidence);
    let (there, _) = completeness::of_certainty(mean(confidences()));
    let mut all = units.weighted(confidences());
    all.iter_mut().for_each(|unit| unit.weight *= there);
    all
}

/// Whether the picture is fine enough for the root head, and not so large that memory would not be bounded.
fn may_be_learned(scalp: &Scalp) -> bool {
    let area_mm2 = (scalp.zone.width * scalp.zone.height) as f64 / scalp.px_per_mm.powi(2);
    scalp.px_per_mm >= LEARNED_PX_PER_MM_MIN && area_mm2 <= LEARNED_AREA_MAX_MM2
}

/// The units that shafts alone show; where they show few, those of the surer roots.
fn evenly(scalp: &Scalp, ends: &[(f64, f64)], rooted: &[Rooted]) -> Vec<(f64, f64)> {
    const SURE: f64 = 0.55;
    const FEW: f64 = 0.4;
    let sure = rooted.iter().filter(|hair| hair.root.confidence >= SURE).map(|hair| hair.root.at);
    let by_roots = unit::units(scalp, &sure.collect::<Vec<_>>()).places;
    let by_shafts = unit::units(scalp, ends).places;
    if (by_shafts.len() as f64) < FEW * by_roots.len() as f64 { by_roots } else { by_shafts }
}

/// Every shaft is a hair, its root where its neighborhood's shadows say.
fn at_ends(ends: Vec<(f64, f64)>, shafts: &[Shaft], floor: f32) -> Vec<Rooted> {
    let hair = |(k, (at, shaft)): (usize, ((f64, f64), &Shaft))| Rooted {
        root: Root { at, toward: shaft.away_from(at), confidence: confidence(shaft.over_noise, floor) },
        shaft: Some(k),
    };
    ends.into_iter().zip(shafts).enumerate().map(hair).collect()
}

/// A hair: its root, and which shaft it is.
struct Rooted {
    root: Root,
    shaft: Option<usize>,
}

/// Gives every root the shaft that comes nearest to it.
fn on_shafts(roots: Vec<Root>, shafts: &[Shaft], px_per_mm: f64) -> Vec<Rooted> {
    let ways: Vec<((f64, f64), usize)> = shafts
        .iter()
        .enumerate()
        .flat_map(|(k, shaft)| shaft.path.iter().map(move |place| (*place, k)))
        .collect();
    let index = CellIndex::new(&ways.iter().map(|way| way.0).collect::<Vec<_>>());
    let nearest = |root: &Root| {
        let (k, away_px) = index.nearest(root.at, None)?;
        (away_px <= SHAFT_REACH_MM * px_per_mm).then(|| ways[k].1)
    };
    roots.into_iter().map(|root| Rooted { shaft: nearest(&root), root }).collect()
}

fn detections(
    scalp: &Scalp,
    rooted: &[Rooted],
    unit_of: &[usize],
    shafts: &[Shaft],
    widths: &[Width],
) -> Vec<Detection> {
    let usual_um = median(widths.iter().map(|width| width.diameter_um as f32)).map_or(75.0, f64::from);
    let detection = |(hair, unit): (&Rooted, &usize)| Detection {
        at: scalp.working.in_photo(hair.root.at),
        diameter_um: hair.shaft.map_or(usual_um, |k| widths[k].diameter_um),
        lab: scalp.working.lab(sample_at(scalp, hair.shaft.map_or(hair.root.at, |k| shafts[k].peak))),
        confidence: hair.root.confidence,
        direction_deg: hair.root.toward.map(|(x, y)| y.atan2(x).to_degrees()),
        length_mm: hair.shaft.map(|k| shafts[k].length_mm),
        unit: *unit,
    };
    rooted.iter().zip(unit_of).map(detection).collect()
}

impl Found {
    /// Median diameter; with it comes the doubt about how dark the hair really is.
    pub(crate) fn median_diameter_um(&self) -> Option<Estimate> {
        let middle = median(self.detections.iter().map(|d| d.diameter_um as f32)).map(f64::from)?;
        Some(Estimate::new(middle, DIAMETER_ERROR * middle))
    }

    /// Median color of the clearer half of the detections.
    pub(crate) fn lab(&self) -> Option<Lab> {
        let sure = median(self.detections.iter().map(|d| d.confidence as f32))?;
        let clear = || self.detections.iter().filter(|d| d.confidence as f32 >= sure);
        let middle = |of: fn(&Detection) -> f64| median(clear().map(|d| of(d) as f32)).map(f64::from);
        Some(Lab::new(middle(|d| d.lab.l)?, middle(|d| d.lab.a)?, middle(|d| d.lab.b)?))
    }

    /// Relative standard uncertainty of counting units: by the roots' confidence, or a detector's and more where pixels
    /// are few; more where hairs are faint or where there may be as much light hair as dark. None where hair cannot be told from skin.
    pub(crate) fn counting_relative(&self, px_per_mm: f64) -> Option<f64> {
        let coarse = (FULL_PX_PER_MM - px_per_mm).max(0.0) * COARSE_ERROR_PER_PX;
        let detection = match self.by_root_head {
            true => completeness::of_certainty(self.certainty()).1,
            false => DETECTION_ERROR.hypot(coarse),
        };
        let mixed = if self.is_mixed() { MIXED_ERROR } else { 0.0 };
        let missed = (self.faint_share - FAINT_SHARE[0]) / (FAINT_SHARE[1] - FAINT_SHARE[0]);
        let faint = FAINT_ERROR * missed.clamp(0.0, 1.0);
        (!self.is_unread()).then(|| detection.hypot(mixed).hypot(faint))
    }

    /// Share of the detections that are hairs, as far as their confidence tells; zero without any.
    pub(crate) fn certainty(&self) -> f64 {
        mean(self.detections.iter().map(|d| d.confidence))
    }

    /// Whether hair could not be told from the skin, or so little was found that nobody knows whether there is more.
    pub(crate) fn is_unread(&self) -> bool {
        self.detections.len() < HAIRS_MIN || self.is_texture() || self.is_guess()
    }

    /// Whether about as much stands out lighter than skin as darker: texture of the skin, or hair of its color.
    fn is_texture(&self) -> bool {
        self.detections.len() >= HAIRS_MIN && self.other_share > UNREAD_SHARE
    }

    /// Whether fewer than half of the roots are right by their own confidence: then most hairs are missing too.
    fn is_guess(&self) -> bool {
        self.by_root_head && self.detections.len() >= HAIRS_MIN && self.certainty() < CERTAINTY_MIN
    }

    /// Whether much of what stands out is lighter than skin where the hair counted is darker, or the reverse.
    fn is_mixed(&self) -> bool {
        self.other_share > MIXED_SHARE
    }
}

/// The mean; zero of nothing.
fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len().max(1) as f64;
    values.sum::<f64>() / n
}

/// How many shafts stand out little more than the least response of a hair.
fn faint_share(shafts: &[Shaft], floor: f32) -> f64 {
    let faint = shafts.iter().filter(|shaft| shaft.over_noise < FAINT_OVER_FLOOR * floor).count();
    faint as f64 / shafts.len().max(1) as f64
}

/// Least response of a hair: not much below what the clear hairs show, and so high that few peaks of the
/// other sign reach it.
fn threshold(peaks: &[Peak], others: &[Peak]) -> f32 {
    let above = |list: &[Peak], floor: f32| list.iter().filter(|p| p.value >= floor).count() as f64;
    let clear = quantile(peaks.iter().map(|p| p.value).filter(|v| *v >= CLEAR_OVER_NOISE), 0.85);
    let mut floor = OVER_NOISE_MIN.max(SHARE_OF_CLEAR_MIN * clear.unwrap_or(0.0));
    while above(others, floor) > FALSE_SHARE_MAX * above(peaks, floor) {
        floor *= 1.04;
    }
    floor
}

/// How many peaks of the other sign are as clear as hair, as a share of hair's.
fn other_share(peaks: &[Peak], others: &[Peak]) -> f64 {
    let clear = quantile(peaks.iter().map(|p| p.value).filter(|v| *v >= CLEAR_OVER_NOISE), 0.85);
    let level = CLEAR_OVER_NOISE.max(0.5 * clear.unwrap_or(0.0));
    let above = |list: &[Peak]| list.iter().filter(|p| p.value >= level).count() as f64;
    above(others) / above(peaks).max(1.0)
}

/// How much all clear peaks together stand out.
fn strength(peaks: &[Peak]) -> f64 {
    peaks.iter().map(|peak| f64::from((peak.value - CLEAR_OVER_NOISE).max(0.0))).sum()
}

/// Rising fast from the floor to what ends of shafts reach at best: F1 0.64 within 0.15 mm in hard pictures at
/// 20 px/mm (docs/accuracy.md). It is no calibrated probability.
fn confidence(over_noise: f32, floor: f32) -> f64 {
    const CLEAREST: f64 = 0.65;
    let odds = f64::from(over_noise / floor).powf(9f64.log2());
    CLEAREST * odds / (1.0 + odds)
}

fn sample_at(scalp: &Scalp, (x, y): (f64, f64)) -> usize {
    let column = (x.max(0.0) as usize).min(scalp.zone.width - 1);
    let row = (y.max(0.0) as usize).min(scalp.zone.height - 1);
    row * scalp.zone.width + column
}

fn cover(scalp: &Scalp, shafts: &[Shaft]) -> Mask {
    /// Half the width of a hair with its blur and shadow, mm.
    const REACH_MM: f64 = 0.2;
    let mut ways = Mask::filled(scalp.zone.width, scalp.zone.height, false);
    for place in shafts.iter().flat_map(|shaft| &shaft.path) {
        ways.samples[sample_at(scalp, *place)] = true;
    }
    dilate(&ways, (REACH_MM * scalp.px_per_mm).max(1.0))
}
