//! Where the light goes: reflected, transmitted, absorbed; and how far from where it came in.

use stipple_quantity::Seed;

use super::kernel::Start;
use super::lanes::WIDTH;
use super::medium::Stack;
use super::run::{Instructions, Plan, run};
use super::tally::{Nothing, Rings, RingsAndWays, Sums, Tally};

/// The weight below which MCML plays roulette [@Wang1995].
pub const ROULETTE_OF_MCML: f64 = 1e-4;

/// How light comes in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Launch {
    /// A thin beam straight down.
    Beam,
    /// From all sides, evenly bright, at one point.
    Diffuse,
}

/// A number of photons to send into a stack.
#[derive(Clone, Debug)]
pub struct Experiment<'a> {
    /// What they travel through.
    pub stack: &'a Stack,
    /// How they come in.
    pub launch: Launch,
    /// How many; 1 to 2³².
    pub photons: u64,
    /// Weight below which nine of ten photons stop and the tenth counts for all; 1e-6 to 0.5. Higher saves
    /// time and makes results a little noisier, not wrong.
    pub roulette_below: f64,
    /// Decides all chance.
    pub seed: Seed,
    /// Which instructions to use.
    pub instructions: Instructions,
}

/// Shares of the light that was sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Totals {
    /// Reflected by the surface without entering.
    pub specular: f64,
    /// Came back out on top after entering.
    pub reflected: f64,
    /// Standard error of `reflected`.
    pub reflected_error: f64,
    /// Came out at the bottom, scattered or not.
    pub transmitted: f64,
    /// Standard error of `transmitted`.
    pub transmitted_error: f64,
    /// Absorbed.
    pub absorbed: f64,
    /// What roulette gave less what it took: 0 in the mean.
    pub roulette: f64,
    /// Steps of a photon, those of waiting lanes included, for each photon sent.
    pub events_per_photon: f64,
}

impl Totals {
    pub(crate) fn of(sums: &Sums) -> Self {
        let n = sums.photons as f64;
        let mean = |lanes: &[f64; WIDTH]| lanes.iter().sum::<f64>() / n;
        let error = |mean_square: f64, mean: f64| ((mean_square - mean * mean).max(0.0) / n).sqrt();
        let (reflected, transmitted) = (mean(&sums.top), mean(&sums.bottom));
        Self {
            specular: 1.0 - mean(&sums.launched),
            reflected,
            reflected_error: error(mean(&sums.top_squares), reflected),
            transmitted,
            transmitted_error: error(mean(&sums.bottom_squares), transmitted),
            absorbed: mean(&sums.absorbed),
            roulette: mean(&sums.roulette),
            events_per_photon: sums.steps as f64 * WIDTH as f64 / n,
        }
    }
}

/// Light that came back out, by distance from where it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Radial {
    /// Width of a ring, mm.
    pub ring_mm: f64,
    /// Light that leaves, 1/mm², averaged over each ring.
    pub per_mm2: Vec<f64>,
    /// Standard errors of `per_mm2`.
    pub errors_per_mm2: Vec<f64>,
    /// Share of all light that leaves beyond the last ring.
    pub beyond: f64,
}

impl Experiment<'_> {
    fn send<T: Tally>(&self, tally: &T) -> (Sums, T) {
        let start = match self.launch {
            Launch::Beam => Start::Normal { x_mm: 0.0 },
            Launch::Diffuse => Start::Diffuse { x_mm: 0.0, disk_mm: 0.0 },
        };
        let roulette_below = self.roulette_below as f32;
        let (stack, photons, instructions) = (self.stack, self.photons, self.instructions);
        run(&Plan { stack, start, roulette_below, photons, seed: self.seed.0, instructions }, tally)
    }

    /// Where the light goes.
    pub fn totals(&self) -> Totals {
        Totals::of(&self.send(&Nothing).0)
    }

    /// Where the light goes, and how far from the beam it comes back out, in `rings` rings of a width.
    pub fn radial(&self, ring_mm: f64, rings: usize) -> (Totals, Radial) {
        let (sums, seen) = self.send(&Rings::new(ring_mm, rings));
        (Totals::of(&sums), Radial::of(ring_mm, &seen, sums.photons as f64))
    }

    /// The same, and the mean way in each layer of the light that comes back out, mm: by how much the logarithm
    /// of what is reflected falls for each 1/mm of absorption more in that layer.
    pub fn radial_and_ways_mm(&self, ring_mm: f64, rings: usize) -> (Totals, Radial, Vec<f64>) {
        let layers = self.stack.layers.len();
        let (sums, seen) = self.send(&RingsAndWays::new(Rings::new(ring_mm, rings), layers));
        let totals = Totals::of(&sums);
        let light = totals.reflected * sums.photons as f64;
        let ways_mm = seen.ways[..layers].iter().map(|way| way / light).collect();
        (totals, Radial::of(ring_mm, &seen.rings, sums.photons as f64), ways_mm)
    }
}

impl Radial {
    fn of(ring_mm: f64, seen: &Rings, photons: f64) -> Self {
        let (beyond, rings) = seen.weights.split_last().expect("there is a place for what lies beyond");
        let area = |i: usize| std::f64::consts::PI * ring_mm * ring_mm * (2 * i + 1) as f64;
        let numbered = || rings.iter().enumerate();
        Self {
            ring_mm,
            per_mm2: numbered().map(|(i, w)| w[0] / photons / area(i)).collect(),
            errors_per_mm2: numbered().map(|(i, w)| w[1].sqrt() / photons / area(i)).collect(),
            beyond: beyond[0] / photons,
        }
    }
}
