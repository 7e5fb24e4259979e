//! Tone from place to place.

use stipple_color::{Lab, LinearRgb, RgbSpace, ciede2000};
use stipple_model::{Protocol, Reading, ScarTone, ToneDifference};
use stipple_raster::masked::Inside;
use stipple_raster::{Grid, Mask};

use super::Tone;
use super::even::{EvenScar, linear, unit_mm2};
use super::sizes::{DotSizes, SizeRange, single_range};
use crate::density::{Density, fade};
use crate::ground::{Ground, is_hair_read};

/// Standard deviation of the mean that the eye takes, in spacings of units: 2.4 of them at half its height.
const EYE_SPACINGS: f64 = 1.0;
/// Standard deviation of the mean by which dots are corrected, in spacings: with less every dot would count itself.
const GROUP_SPACINGS: f64 = 3.0;
/// Rounds in which dots are corrected; each mends what neighbors did in the one before.
const ROUNDS: usize = 4;
/// Most that a dot may take more or less light after a round.
const STEP_MOST: f64 = 1.5;
/// How far dots of one scar speak for those in the skin beside it, mm, one standard deviation.
const BESIDE_MM: f64 = 5.0;
/// Places in scars at which the color is measured, at most.
const MEASURED_MOST: usize = 4000;

/// Cells of dots and their sizes.
type Laid<'a> = (&'a [usize], &'a [f64]);

/// The ground as the eye takes it from conversation distance.
pub(crate) struct Field<'a> {
    ground: &'a Ground,
    tone: &'a Tone,
    around: &'a DotSizes,
    single: SizeRange,
    eye: Inside,
    group: Inside,
    /// What a dot in each cell should make, mm² green.
    wanted_of_dot: Vec<f64>,
    /// What dots should make on every mm², green, as a mean over the group.
    wanted: Grid,
    /// Optical density of the hair, as the eye takes it, less that of the surroundings; R, G, B.
    hair: [Grid; 3],
    /// The skin's light over that of the skin around, as the eye takes it; R, G, B.
    skin: [Grid; 3],
}

/// Dots with the sizes that tone asks for.
pub(crate) struct Toned {
    /// Diameter over the protocol's, dot by dot.
    pub(crate) sizes: Vec<f64>,
    /// What the scars' tone is and becomes; none where no tone is known.
    pub(crate) scars: Option<ScarTone>,
}

impl<'a> Field<'a> {
    /// # Cost
    /// Some twenty blurs of the ground.
    pub(crate) fn new(
        reading: &Reading,
        protocol: &Protocol,
        ground: &'a Ground,
        density: &Density,
        tone: &'a Tone,
        around: &'a DotSizes,
    ) -> Self {
        let mean_over = |spacings: f64| {
            Inside::new(&ground.zone, (spacings * density.spacing_mm / ground.window.cell) as f32)
        };
        let (eye, group) = (mean_over(EYE_SPACINGS), mean_over(GROUP_SPACINGS));
        let unit = reading.hair.lab.map_or([0.0; 3], |hair| unit_mm2(reading, reading.skin.lab, hair));
        let places = Places { ground, density, tone, around, unit, is_hair_read: is_hair_read(reading) };
        let wanted = places.wanted(protocol);
        let cells = density.new_per_mm2.iter().zip(&wanted.samples);
        let wanted_of_dot = cells.map(|(new, wanted)| f64::from(*wanted) / new.max(1e-9)).collect();
        let seen = |of: &dyn Fn(usize, usize) -> f64| {
            std::array::from_fn(|c| eye.blur(&ground.grid(|k| of(k, c) as f32), 0.0))
        };
        let hair = seen(&|k, c| places.hair_density(k, c));
        let skin = seen(&|k, c| places.skin_share(k, c));
        let wanted = group.blur(&wanted, 0.0);
        let single = single_range(protocol);
        Self { ground, tone, single, around, eye, group, wanted_of_dot, wanted, hair, skin }
    }

    /// The size of every dot, so that the mean around it is what is wanted there; `marks` are factors on it by the hairs
    /// that a dot stands for and by the hand, and `healed` dots stand there with their sizes.
    pub(crate) fn toned(
        &self,
        places: &[(f64, f64)],
        marks: &[f64],
        healed: (&[(f64, f64)], &[f64]),
    ) -> Toned {
        let cells_of = |places: &[(f64, f64)]| -> Vec<usize> {
            places.iter().map(|p| self.ground.window.nearest_cell(*p)).collect()
        };
        let (cells, healed) = (cells_of(places), (&cells_of(healed.0)[..], healed.1));
        let [low, high] = self.single;
        let first = |(k, mark): (&usize, &f64)| {
            (mark * self.dots(*k).size_of(self.wanted_of_dot[*k])).clamp(low, high)
        };
        let mut sizes: Vec<f64> = cells.iter().zip(marks).map(first).collect();
        for _ in 0..ROUNDS {
            self.correct(&cells, &mut sizes, healed);
        }
        let scars = self.measured(&[healed, (&cells, &sizes)]);
        Toned { sizes, scars }
    }

    /// Brings dots in scars nearer to what their group should make; those around are too few to be held to a mean.
    fn correct(&self, cells: &[usize], sizes: &mut [f64], healed: Laid) {
        let made = self.group.blur(&self.laid(&[healed, (cells, sizes)], 1), 0.0);
        let in_scar = |k: usize| self.ground.area_of.scar(k).is_some();
        for (k, size) in cells.iter().zip(sizes).filter(|(k, _)| in_scar(**k)) {
            let asked = f64::from(self.wanted.samples[*k]) / f64::from(made.samples[*k]).max(1e-9);
            let dot = self.dots(*k);
            *size = dot.size_of(dot.seen_mm2(*size)[1] * asked.clamp(1.0 / STEP_MOST, STEP_MOST));
        }
    }

    /// The dots that stand in a cell.
    fn dots(&self, cell: usize) -> &DotSizes {
        if self.ground.area_of.scar(cell).is_some() { &self.tone.sizes } else { self.around }
    }

    /// Contrast times area of the dots, on every mm² of their cells.
    fn laid(&self, dots: &[Laid], channel: usize) -> Grid {
        let mut laid = self.ground.grid(|_| 0.0);
        for (k, size) in dots.iter().flat_map(|(cells, sizes)| cells.iter().zip(*sizes)) {
            laid.samples[*k] += (self.dots(*k).seen_mm2(*size)[channel] / self.ground.cell_area_mm2()) as f32;
        }
        laid
    }

    /// How far the scars' color is from that of their surroundings.
    fn measured(&self, dots: &[Laid]) -> Option<ScarTone> {
        let dots: [Grid; 3] = std::array::from_fn(|c| self.eye.blur(&self.laid(dots, c), 0.0));
        let known = |k: &usize| self.ground.window.inside[*k] && self.scar_at(*k).is_some();
        let places: Vec<usize> = (0..self.ground.zone.samples.len()).filter(known).collect();
        let places: Vec<usize> =
            places.iter().step_by(places.len().div_ceil(MEASURED_MOST).max(1)).copied().collect();
        let of = |share: f64| {
            let off = places.iter().filter_map(|k| self.difference_at(*k, share, &dots)).collect();
            difference_of(off)
        };
        Some(ScarTone { today: of(0.0)?, healed: of(1.0)? })
    }

    /// CIEDE2000 at a place in a scar, with all or none of the dots.
    fn difference_at(&self, cell: usize, share: f64, dots: &[Grid; 3]) -> Option<f64> {
        let scar = self.scar_at(cell)?;
        let [_, around] = scar.seen([0.0; 3], 1.0, 0.0);
        let light = linear(around);
        let rgb = std::array::from_fn(|c| {
            let density = f64::from(self.hair[c].samples[cell]) + share * f64::from(dots[c].samples[cell]);
            (light[c] * f64::from(self.skin[c].samples[cell]) * (-density).exp()) as f32
        });
        Some(ciede2000(Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb }), around))
    }

    fn scar_at(&self, cell: usize) -> Option<&EvenScar> {
        scar_at(self.ground, self.tone, cell)
    }
}

fn scar_at<'a>(ground: &Ground, tone: &'a Tone, cell: usize) -> Option<&'a EvenScar> {
    tone.scars.get(ground.area_of.scar(cell)?)?.as_ref()
}

/// Median and 95th percentile; none of nothing.
fn difference_of(mut off: Vec<f64>) -> Option<ToneDifference> {
    off.sort_by(f64::total_cmp);
    let last = off.len().checked_sub(1)?;
    let quantile = |share: f64| off[(share * last as f64).round() as usize];
    let found = ToneDifference { median: quantile(0.5), p95: quantile(0.95) };
    (found.median.is_finite() && found.p95.is_finite()).then_some(found)
}

/// What is wanted and what is there, cell by cell.
struct Places<'a> {
    ground: &'a Ground,
    density: &'a Density,
    tone: &'a Tone,
    around: &'a DotSizes,
    /// What a unit of hair takes from the skin around, mm²; R, G, B.
    unit: [f64; 3],
    is_hair_read: bool,
}

impl Places<'_> {
    /// Contrast times area that new dots should make on every mm², green.
    ///
    /// In a scar: what its even solution has, less the hair that stands there, or where hair was not read what its dots
    /// have. Around: dots of the size that the scar beside has, fading to the protocol's over the soft edge, so that
    /// neither their size nor its slope jumps.
    fn wanted(&self, protocol: &Protocol) -> Grid {
        let Self { ground, tone, .. } = self;
        let scars = tone.scars.iter();
        let sizes: Vec<f64> = scars
            .map(|scar| scar.as_ref().map_or(1.0, |scar| scar.best_size(&tone.sizes, tone.mean)))
            .collect();
        let in_scar = |k: usize| ground.area_of.scar(k).map(|scar| sizes[scar]);
        let beside = self.beside(&in_scar);
        ground.grid(|k| {
            let new = self.density.new_per_mm2[k];
            let wanted = match (in_scar(k), scar_at(ground, tone, k)) {
                (Some(size), Some(scar)) if self.is_hair_read => {
                    let standing = self.density.standing_per_mm2(k) * scar.unit_mm2[0][1];
                    (scar.green_density(&tone.sizes, size) - standing).max(0.0)
                }
                (Some(size), _) => new * tone.sizes.seen_mm2(size)[1],
                (None, _) => {
                    let edge = fade(ground.outside_mm.samples[k], protocol.feather_mm);
                    new * self.around.seen_mm2(f64::from(beside.samples[k]).powf(edge))[1]
                }
            };
            wanted as f32
        })
    }

    /// Size of the dots of the nearest scars.
    fn beside(&self, in_scar: &dyn Fn(usize) -> Option<f64>) -> Grid {
        let ground = self.ground;
        let scars = (0..ground.zone.samples.len()).map(|k| ground.area_of.scar(k).is_some()).collect();
        let scars = Mask { samples: scars, ..ground.zone.clone() };
        let sizes = ground.grid(|k| in_scar(k).unwrap_or(1.0) as f32);
        Inside::new(&scars, (BESIDE_MM / ground.window.cell) as f32).blur(&sizes, 1.0)
    }

    /// Optical density of the hair that stands less that of the surroundings' hair.
    fn hair_density(&self, k: usize, channel: usize) -> f64 {
        let standing = self.density.standing_per_mm2(k);
        if let Some(scar) = scar_at(self.ground, self.tone, k) {
            let around = scar.units_per_mm2[1] * scar.unit_mm2[1][channel];
            return standing * scar.unit_mm2[0][channel] - around;
        }
        let lost = (self.density.goal_per_mm2[k] - standing).max(0.0);
        if self.is_hair_read { -lost * self.unit[channel] } else { 0.0 }
    }

    /// The skin's light over that of the skin around.
    fn skin_share(&self, k: usize, channel: usize) -> f64 {
        let Some(scar) = scar_at(self.ground, self.tone, k) else { return 1.0 };
        let [own, around] = scar.skin.map(linear);
        own[channel] / around[channel].max(1e-4)
    }
}
