//! The scar's mean light and color against its surroundings, behind the eye.
//!
//! With M the scar's outline (1 inside), I the picture's contrast, P the power spectrum of the surroundings and W what
//! energy is worth to the eye, the outline as the eye passes it on finds r = ∫ I M* W; the eye's own noise has the variance
//! E = ∫ |M|² W and clutter V = ∫ |M|² W² P: the variance of r over all shifts of the outline. d′² = r² / (E + V): for a
//! plain patch of contrast c on plain skin this is c² E, the threshold that the sensitivity tells.

use stipple_color::{Mechanism, energy_weight};
use stipple_raster::Grid;
use stipple_raster::filter::shrink;
use stipple_raster::fourier::{Spectrum, spectra_of_two};

use super::bins::{Ring, padded, sum_rings};
use super::field::Field;
use super::{Share, Viewing, deg_per_mm};

/// Most working pixels along a side: 1024 less room on both sides.
pub(crate) const SIDE_MOST: usize = 960;
/// Room around the picture, pixels: what lies across it does not reach over the border of the square.
const ROOM_PX: usize = 64;
/// Pixels of the wide square over those of the near one.
const WIDER: usize = 8;
/// Side of the wide square, pixels; half of it and more is room, so that slow waves are held well enough.
const WIDE_SIDE: usize = 512;
/// Frequency that parts the two squares, cycles a pixel of the wide one; a mean over a pixel takes 3 % of it.
const PARTING: f64 = 0.125;

/// |M|² in mm², then for each mechanism I M* in mm², then |M|² P in mm⁴.
const ENERGY: usize = 0;
const SIGNAL: usize = 1;
const CLUTTER: usize = 4;
const SUMS: usize = 7;

/// What the eye has to work with, by spatial frequency on the scalp.
pub(crate) struct ColorSignal {
    rings: Vec<Ring<SUMS>>,
    area_mm2: f64,
    /// Contrast of the scar's mean.
    pub(crate) contrast: [f64; 3],
}

impl ColorSignal {
    /// # Cost
    /// Eight transforms.
    pub(crate) fn of(field: &Field) -> Self {
        let mut rings = Ring::all();
        let parting = PARTING / (WIDER as f64 * field.mm_per_px);
        let longest = field.scar.width.max(field.scar.height);
        let near = Square::of(field, 1, (longest + ROOM_PX).next_power_of_two());
        near.sum(&mut rings, parting..f64::INFINITY);
        Square::of(field, WIDER, WIDE_SIDE).sum(&mut rings, 1e-6..parting);
        let scar: f64 = field.scar.samples.iter().map(|s| f64::from(*s)).sum();
        let mean = |grid: &Grid| {
            let inside = grid.samples.iter().zip(&field.scar.samples);
            inside.map(|(contrast, share)| f64::from(contrast * share)).sum::<f64>() / scar.max(1e-9)
        };
        let contrast = [0, 1, 2].map(|m: usize| mean(&field.contrast[m]));
        Self { rings, area_mm2: field.scar_mm2(), contrast }
    }

    /// What is seen of it from a distance.
    pub(crate) fn seen(&self, distance_m: f64, viewing: &Viewing) -> Share {
        let deg = deg_per_mm(distance_m);
        let area_deg2 = self.area_mm2 * deg * deg;
        let of = |(m, mechanism): (usize, &Mechanism)| {
            let (mut signal, mut energy, mut clutter) = (0.0, 0.0, 0.0);
            for ring in &self.rings {
                let Some(frequency) = ring.cycles_per_mm() else { continue };
                let worth = energy_weight(*mechanism, frequency / deg, area_deg2, viewing.luminance_cd_m2);
                signal += worth * ring.sums[SIGNAL + m] * deg.powi(2);
                energy += worth * ring.sums[ENERGY] * deg.powi(2);
                clutter += worth * worth * ring.sums[CLUTTER + m] * deg.powi(4);
            }
            let eye = energy.max(1e-300);
            Share::of(signal / eye.sqrt(), (clutter / eye).sqrt())
        };
        Mechanism::ALL.iter().enumerate().map(of).fold(Share::default(), Share::and)
    }
}

/// Spectra of picture, outline and surroundings.
struct Square {
    mm_per_px: f64,
    outline: Spectrum,
    picture: [Spectrum; 3],
    around: [Spectrum; 3],
    /// Area of the surroundings by the squares of their weights, pixels.
    around_px: f64,
}

impl Square {
    fn of(field: &Field, factor: usize, side: usize) -> Self {
        let fit =
            |grid: &Grid| if factor == 1 { padded(grid, side) } else { padded(&shrink(grid, factor), side) };
        let around_only = |m: usize| {
            let (all, window) = (&field.contrast[m], &field.window);
            fit(&Grid::computed(all.width, all.height, |k| all.samples[k] * window.samples[k]))
        };
        let picture = [0, 1, 2].map(|m: usize| fit(&field.contrast[m]));
        let around = [0, 1, 2].map(around_only);
        let [picture_0, picture_1] = spectra_of_two(&picture[0], &picture[1]);
        let [picture_2, outline] = spectra_of_two(&picture[2], &fit(&field.scar));
        let [around_0, around_1] = spectra_of_two(&around[0], &around[1]);
        let [around_2, _] = spectra_of_two(&around[2], &around[2]);
        let weight: f64 = field.window.samples.iter().map(|w| f64::from(*w).powi(2)).sum();
        Self {
            mm_per_px: field.mm_per_px * factor as f64,
            outline,
            picture: [picture_0, picture_1, picture_2],
            around: [around_0, around_1, around_2],
            around_px: weight / (factor * factor) as f64,
        }
    }

    fn sum(&self, rings: &mut [Ring<SUMS>], range: std::ops::Range<f64>) {
        // A sum over the square is an integral over frequency: |sum of samples|² px² / side².
        let px2 = self.mm_per_px * self.mm_per_px;
        let energy = px2 / (self.outline.side as f64).powi(2);
        let power = px2 / self.around_px.max(1.0);
        sum_rings(rings, &self.outline, self.mm_per_px, range, |k| {
            let outline = self.outline.power(k) * energy;
            let mut sums = [0.0; SUMS];
            sums[ENERGY] = outline;
            for m in 0..3 {
                sums[SIGNAL + m] = self.picture[m].real_cross(&self.outline, k) * energy;
                sums[CLUTTER + m] = outline * self.around[m].power(k) * power;
            }
            sums
        });
    }
}
