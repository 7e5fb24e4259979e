//! Hair: found, followed, rooted, counted and measured.

mod response;
mod root;
mod shaft;
mod unit;
mod width;

use stipple_color::Lab;
use stipple_model::{Caveat, Code, Detection, Weight};
use stipple_quantity::Estimate;
use stipple_raster::morphology::dilate;
use stipple_raster::peaks::Peak;
use stipple_raster::{Grid, Mask};

use crate::scalp::Scalp;
use crate::statistics::{median, quantile};
pub(crate) use response::Polarity;
use response::{density_above_background, over_noise};
use shaft::{Shaft, candidates, shafts};
pub(crate) use unit::{density_map, density_per_cm2};

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
/// Share of faint hairs from which a person is told.
const FAINT_TOLD: f64 = 0.45;
/// Marks of the other polarity, as a share of hair's, from which neither is known to be hair.
const UNREAD_SHARE: f64 = 0.7;
/// Fewer hairs than this tell nothing about hair.
const HAIRS_MIN: usize = 20;
/// Relative standard uncertainty of a diameter: shadows under the skin and hairs side by side make dark
/// shafts 15 to 45 % too wide, gray ones up to 70 % [measured on synthetic scalps].
const DIAMETER_ERROR: f64 = 0.35;
/// Hair longer than this hides its roots, mm.
const LONG_MM: f64 = 3.0;

/// The hair of a scalp.
pub(crate) struct Found {
    /// What was found, in reading order.
    pub(crate) detections: Vec<Detection>,
    /// Where those are on the working picture, same order.
    pub(crate) roots: Vec<(f64, f64)>,
    /// Follicular units on the working picture.
    pub(crate) units: Vec<(f64, f64)>,
    /// Pixels of the working picture with hair or its shadow.
    pub(crate) cover: Mask,
    /// Optical density above the local background.
    pub(crate) density: Grid,
    /// Whether hair is dark or light.
    pub(crate) polarity: Polarity,
    /// Width over which the sharpest hairs are smeared (standard deviation), mm.
    pub(crate) smear_mm: Option<f64>,
    /// Share of hairs longer than 3 mm.
    pub(crate) long_share: f64,
    /// Middle response of the hairs, in units of noise.
    pub(crate) clarity: f64,
    /// Share of hairs that stand out little more than what was refused.
    pub(crate) faint_share: f64,
    /// Marks of the other sign as clear as hair (light between dark), as a share of the hairs.
    pub(crate) other_share: f64,
}

/// Finds the hair of a scalp.
pub(crate) fn find(scalp: &Scalp) -> Found {
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
    let roots = root::roots(&shafts, &density, scalp.px_per_mm, polarity);
    let widths = width::widths(&shafts, &density, scalp.px_per_mm, polarity);
    let mut order: Vec<usize> = (0..shafts.len()).filter(|k| scalp.shows(roots[*k])).collect();
    order.sort_by(|a, b| roots[*a].1.total_cmp(&roots[*b].1).then(roots[*a].0.total_cmp(&roots[*b].0)));
    let detection = |k: &usize| Detection {
        at: scalp.working.in_photo(roots[*k]),
        diameter_um: widths[*k].diameter_um,
        lab: scalp.working.lab(sample_at(scalp, shafts[*k].peak)),
        confidence: confidence(shafts[*k].over_noise, floor),
    };
    let long = order.iter().filter(|k| shafts[**k].length_mm > LONG_MM).count();
    let sorted_roots: Vec<(f64, f64)> = order.iter().map(|k| roots[*k]).collect();
    Found {
        detections: order.iter().map(detection).collect(),
        units: unit::units(scalp, &sorted_roots),
        roots: sorted_roots,
        cover: cover(scalp, &shafts),
        smear_mm: quantile(order.iter().filter_map(|k| widths[*k].smear_mm).map(|s| s as f32), 0.2)
            .map(f64::from),
        other_share,
        faint_share: faint_share(&shafts, floor),
        long_share: long as f64 / order.len().max(1) as f64,
        clarity: median(shafts.iter().map(|s| s.over_noise)).map_or(0.0, f64::from),
        polarity,
        density,
    }
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

    /// Relative standard uncertainty of counting units: a detector's, more where pixels are few, where hairs
    /// are faint or where there may be as much light hair as dark. None where hair cannot be told from skin.
    pub(crate) fn counting_relative(&self, px_per_mm: f64) -> Option<f64> {
        let coarse = (FULL_PX_PER_MM - px_per_mm).max(0.0) * COARSE_ERROR_PER_PX;
        let mixed = if self.is_mixed() { MIXED_ERROR } else { 0.0 };
        let missed = (self.faint_share - FAINT_SHARE[0]) / (FAINT_SHARE[1] - FAINT_SHARE[0]);
        let faint = FAINT_ERROR * missed.clamp(0.0, 1.0);
        (!self.is_unread()).then(|| DETECTION_ERROR.hypot(coarse).hypot(mixed).hypot(faint))
    }

    /// Whether about as much stands out lighter than skin as darker: texture of the skin, or hair of its color.
    fn is_unread(&self) -> bool {
        self.detections.len() >= HAIRS_MIN && self.other_share > UNREAD_SHARE
    }

    /// Whether much of what stands out is lighter than skin where the hair counted is darker, or the reverse.
    fn is_mixed(&self) -> bool {
        self.other_share > MIXED_SHARE
    }

    /// What a person should know about hair that hardly shows or does not.
    fn unseen(&self) -> Option<Caveat> {
        if self.is_unread() {
            return Some(Caveat::new(
                Code::HairUncertain,
                Weight::Blocks,
                "hair could not be told from the skin: as much stands out lighter than the skin as darker; no \
                 density is given, and neither the marked hairs nor a missing scar can be trusted",
                "photograph sharp and near with light from the side; if hair has the skin's color, count it by \
                 eye and draw the scar by hand",
            ));
        }
        (self.faint_share > FAINT_TOLD && self.detections.len() >= HAIRS_MIN).then(|| {
            Caveat::new(
                Code::HairUncertain,
                Weight::Doubt,
                format!(
                    "{:.0} % of the hairs hardly stand out from the skin; fainter ones were missed, so hair \
                     stands more densely than given",
                    100.0 * self.faint_share
                ),
                "check the marked hairs in the picture; side light and a nearer photograph help",
            )
        })
    }

    /// What a person should know about the count.
    pub(crate) fn caveats(&self, px_per_mm: f64) -> Vec<Caveat> {
        let mut caveats = Vec::new();
        let n = self.detections.len();
        if n < HAIRS_MIN {
            caveats.push(Caveat::new(
                Code::HairFew,
                Weight::Doubt,
                format!("{n} hairs were found: too few to tell how densely hair grows here"),
                "if hair is there, let it grow to 0.5–1 mm and photograph again, sharp and near",
            ));
        }
        if px_per_mm < COARSE_PX_PER_MM {
            caveats.push(Caveat::new(
                Code::HairDensityOnly,
                Weight::Blocks,
                format!(
                    "at {px_per_mm:.1} pixels per millimetre single hairs cannot be told apart; \
                     the count is only an impression of texture"
                ),
                "photograph from nearer: at least 8 pixels per millimetre",
            ));
        }
        if self.long_share > 0.12 && n >= HAIRS_MIN {
            caveats.push(Caveat::new(
                Code::HairUncertain,
                Weight::Doubt,
                format!(
                    "{:.0} % of the hairs are longer than {LONG_MM:.0} mm and hide roots; some are missed",
                    100.0 * self.long_share
                ),
                "clip the hair to 0.5–1 mm and photograph again for a better count",
            ));
        }
        caveats.extend(self.unseen());
        if self.is_mixed() && !self.is_unread() && n >= HAIRS_MIN {
            let (counted, other) = match self.polarity {
                Polarity::Dark => ("dark", "light"),
                Polarity::Light => ("light", "dark"),
            };
            caveats.push(Caveat::new(
                Code::HairUncertain,
                Weight::Doubt,
                format!(
                    "beside {counted} hair many {other} marks are seen: {other} hair, flakes or shine; they \
                         were not counted"
                ),
                "if the hair is gray, expect up to twice the density given; wash off flakes and avoid shine",
            ));
        }
        if self.polarity == Polarity::Dark && !self.is_mixed() && n >= 20 {
            caveats.push(Caveat::new(
                Code::HairUncertain,
                Weight::Note,
                "white hairs leave no trace in most photographs and were not counted",
                "if the hair is graying, expect up to twice the density given",
            ));
        }
        if self.polarity == Polarity::Light {
            caveats.push(Caveat::new(
                Code::HairUncertain,
                Weight::Doubt,
                "the hair is lighter than the skin; light hair is easily missed",
                "check the marked hairs in the picture; side light helps",
            ));
        }
        caveats
    }
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

/// Even at the floor, nine in ten at twice the floor.
fn confidence(over_noise: f32, floor: f32) -> f64 {
    let odds = f64::from(over_noise / floor).powf(9f64.log2());
    odds / (1.0 + odds)
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
