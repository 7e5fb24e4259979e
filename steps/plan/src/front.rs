//! The front of a hairline: a line that was drawn, made irregular by chance.

use stipple_model::{HairlineSetting, Waves};
use stipple_quantity::Seed;

/// Mean length of a wave of white noise under a Gaussian kernel, over the kernel's standard deviation: 2π√2.
const WAVE_OVER_KERNEL: f64 = 8.885_765_9;
/// Kernels reach so many standard deviations.
const KERNEL_REACH: usize = 4;

/// A line in millimetres, straight on beyond its ends, with waves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Front {
    line: Vec<(f64, f64)>,
    /// Length up to each place of the line, mm.
    along_mm: Vec<f64>,
    /// 1 or −1: on which side hair grows.
    side: f64,
    waves: [Noise; 2],
}

/// How a place lies to a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Across {
    /// How far along the line its nearest place is, mm; below zero before the line, above its length behind it.
    pub(crate) along_mm: f64,
    /// Distance from the line, mm, above zero on the side of the hair.
    pub(crate) off_mm: f64,
}

impl Front {
    /// A front along at least two places, no two successive ones the same; hair to the right of somebody who walks along
    /// it as it is drawn on a picture (y down).
    pub(crate) fn new(line: Vec<(f64, f64)>, setting: &HairlineSetting, seed: Seed) -> Self {
        let mut along_mm = vec![0.0];
        for pair in line.windows(2) {
            along_mm
                .push(along_mm[along_mm.len() - 1] + (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1));
        }
        let length_mm = along_mm[along_mm.len() - 1];
        let waves = [(setting.small, "plan.hairline.small"), (setting.large, "plan.hairline.large")];
        let waves = waves.map(|(waves, step)| Noise::new(waves, length_mm, seed, step));
        Self { line, along_mm, side: 1.0, waves }
    }

    /// With hair on the other side.
    pub(crate) fn turned(self) -> Self {
        Self { side: -self.side, ..self }
    }

    /// The line as it was drawn, mm.
    pub(crate) fn line(&self) -> &[(f64, f64)] {
        &self.line
    }

    /// How far from the line the front may stray, mm.
    pub(crate) fn farthest_mm(&self) -> f64 {
        4.0 * self.waves.iter().map(|noise| noise.waves.deviation_mm).sum::<f64>()
    }

    /// Length of what was drawn, mm.
    pub(crate) fn length_mm(&self) -> f64 {
        self.along_mm[self.along_mm.len() - 1]
    }

    /// How a place lies to the line as it was drawn.
    ///
    /// # Cost
    /// O(places of the line).
    pub(crate) fn across(&self, place: (f64, f64)) -> Across {
        let last = self.line.len() - 2;
        let (mut nearest, mut found) = (f64::MAX, Across { along_mm: 0.0, off_mm: 0.0 });
        for (k, pair) in self.line.windows(2).enumerate() {
            let ((x, y), length) = (pair[0], self.along_mm[k + 1] - self.along_mm[k]);
            let (ux, uy) = ((pair[1].0 - x) / length, (pair[1].1 - y) / length);
            let (dx, dy) = (place.0 - x, place.1 - y);
            let low = if k == 0 { f64::MIN } else { 0.0 };
            let high = if k == last { f64::MAX } else { length };
            let along = (dx * ux + dy * uy).clamp(low, high);
            let (beyond, off) = (dx * ux + dy * uy - along, ux * dy - uy * dx);
            let squared = beyond * beyond + off * off;
            // At a corner both of its sides are as near; the one that is seen more squarely tells the side.
            let corner = (squared - nearest).abs() < 1e-9 * (1.0 + squared);
            if (corner && off.abs() > found.off_mm.abs()) || (!corner && squared < nearest) {
                nearest = squared;
                found = Across { along_mm: self.along_mm[k] + along, off_mm: off };
            }
        }
        Across { off_mm: self.side * found.off_mm.signum() * nearest.sqrt(), ..found }
    }

    /// How far behind the irregular front a place lies, mm; below zero in front of it.
    pub(crate) fn behind_mm(&self, at: Across) -> f64 {
        at.off_mm - self.bulge_mm(at.along_mm.clamp(0.0, self.length_mm()))
    }

    /// Whether a place lies behind the front no deeper than so much, beside what was drawn.
    pub(crate) fn covers(&self, at: Across, depth_mm: f64) -> bool {
        (0.0..=self.length_mm()).contains(&at.along_mm) && self.behind_mm(at) > 0.0 && at.off_mm <= depth_mm
    }

    /// How far the front lies behind the line, mm.
    fn bulge_mm(&self, along_mm: f64) -> f64 {
        self.waves.iter().map(|noise| noise.at(along_mm)).sum()
    }
}

/// Smooth noise along a line: white noise under a Gaussian kernel.
#[derive(Clone, Debug, PartialEq)]
struct Noise {
    waves: Waves,
    /// White noise, a kernel's standard deviation apart, from [`KERNEL_REACH`] of them before the line's beginning on.
    knots: Vec<f64>,
}

impl Noise {
    fn new(waves: Waves, length_mm: f64, seed: Seed, step: &str) -> Self {
        let knots = (length_mm * WAVE_OVER_KERNEL / waves.length_mm) as usize + 2 * KERNEL_REACH + 2;
        let mut draw = seed.stream(step, 0);
        Self { waves, knots: (0..knots).map(|_| draw.normal()).collect() }
    }

    /// At a place of the line, mm; its variance is the same everywhere.
    fn at(&self, along_mm: f64) -> f64 {
        let at = along_mm * WAVE_OVER_KERNEL / self.waves.length_mm;
        let first = at.round() as usize;
        let (mut sum, mut squares) = (0.0, 0.0);
        for (knot, value) in self.knots.iter().enumerate().skip(first).take(2 * KERNEL_REACH + 1) {
            let weight = (-(at + KERNEL_REACH as f64 - knot as f64).powi(2) / 2.0).exp();
            sum += weight * value;
            squares += weight * weight;
        }
        self.waves.deviation_mm * sum / squares.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::HAIRLINE as SETTING;

    fn straight(seed: u64) -> Front {
        Front::new(vec![(0.0, 0.0), (150.0, 0.0)], &SETTING, Seed(seed))
    }

    /// The front every quarter of a millimetre.
    fn bulges(front: &Front) -> Vec<f64> {
        (0..600).map(|k| front.bulge_mm(0.25 * f64::from(k))).collect()
    }

    fn rms(values: &[f64]) -> f64 {
        (values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64).sqrt()
    }

    #[test]
    fn the_front_strays_as_the_protocol_says_in_waves_of_that_length() {
        let all: Vec<Vec<f64>> = (0..40).map(|seed| bulges(&straight(seed))).collect();
        let stray = rms(&all.concat());
        assert!((stray / 0.7f64.hypot(1.0) - 1.0).abs() < 0.1, "{stray}");
        let small = HairlineSetting { large: Waves { deviation_mm: 0.0, length_mm: 30.0 }, ..SETTING };
        let crossings: usize = (0..40)
            .map(|seed| {
                let front = Front::new(vec![(0.0, 0.0), (150.0, 0.0)], &small, Seed(seed));
                bulges(&front).windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count()
            })
            .sum();
        let length_mm = 40.0 * 150.0 / crossings as f64;
        assert!((length_mm / 6.0 - 1.0).abs() < 0.1, "{length_mm}");
    }

    #[test]
    fn no_run_of_two_centimeters_is_straight() {
        for seed in 0..40 {
            let front = bulges(&straight(seed));
            for run in front.windows(80) {
                let slope = (run[79] - run[0]) / 79.0;
                let chord = |k: usize| run[k] - run[0] - slope * k as f64;
                let most = (0..80).map(chord).fold(0.0f64, |most, off| most.max(off.abs()));
                assert!(most > 0.3, "seed {seed}: within {most} mm of a straight line");
            }
        }
    }

    #[test]
    fn sides_corners_and_what_lies_beyond_the_ends() {
        let front = Front::new(vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], &SETTING, Seed(1));
        let near = |place, along_mm: f64, off_mm: f64| {
            let at = front.across(place);
            let close = (at.along_mm - along_mm).abs() < 1e-9 && (at.off_mm - off_mm).abs() < 1e-9;
            assert!(close, "{place:?}: {at:?}");
        };
        near((4.0, 3.0), 4.0, 3.0);
        near((4.0, -3.0), 4.0, -3.0);
        near((13.0, -4.0), 10.0, -5.0);
        near((-5.0, 2.0), -5.0, 2.0);
        near((12.0, 14.0), 24.0, -2.0);
        assert_eq!(front.turned().across((4.0, 3.0)).off_mm, -3.0);
    }
}
