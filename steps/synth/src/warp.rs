//! How another visit sees a scene: turned, nearer or farther, aslant, bent.

use std::f64::consts::TAU;

use stipple_quantity::Stream;

/// Turned by at most, degrees.
const TURN_DEG: f64 = 15.0;
/// Nearer or farther by at most this share.
const SCALE: f64 = 0.13;
/// Shifted along an axis by at most, mm.
const SHIFT_MM: f64 = 2.0;
/// Change of scale over the picture's width by at most, seen aslant.
const ASLANT: f64 = 0.05;
/// Farthest that bending moves a place, mm, in how many waves of which length.
const BEND_MM: f64 = 1.2;
/// See [`BEND_MM`].
const WAVES: usize = 3;
/// See [`BEND_MM`].
const WAVE_MM: (f64, f64) = (28.0, 70.0);

/// A smooth map from the photograph's plane to the scene, both mm from the middle.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Warp {
    /// xx, xy, yx, yy.
    linear: [f64; 4],
    shift: (f64, f64),
    /// Per mm.
    aslant: (f64, f64),
    waves: Vec<Wave>,
}

/// One wave of bending.
#[derive(Clone, Debug, PartialEq)]
struct Wave {
    size_mm: (f64, f64),
    per_mm: (f64, f64),
    phase: f64,
}

impl Warp {
    /// The photograph shows the scene as it is.
    pub(crate) fn none() -> Self {
        Self { linear: [1.0, 0.0, 0.0, 1.0], shift: (0.0, 0.0), aslant: (0.0, 0.0), waves: Vec::new() }
    }

    /// Draws one for a picture of a width.
    pub(crate) fn drawn(draw: &mut Stream, width_mm: f64) -> Self {
        let (sin, cos) = draw.between(-TURN_DEG, TURN_DEG).to_radians().sin_cos();
        let scale = draw.between(1.0 - SCALE, 1.0 + SCALE);
        let mut pair = |most: f64| (draw.between(-most, most), draw.between(-most, most));
        let (shift, aslant) = (pair(SHIFT_MM), pair(ASLANT / width_mm));
        let waves = (0..WAVES).map(|_| {
            let (length_mm, heading) = (draw.between(WAVE_MM.0, WAVE_MM.1), TAU * draw.uniform());
            let (size_mm, along) = (BEND_MM / WAVES as f64 * draw.between(0.5, 1.0), TAU * draw.uniform());
            Wave {
                size_mm: (size_mm * along.cos(), size_mm * along.sin()),
                per_mm: (TAU / length_mm * heading.cos(), TAU / length_mm * heading.sin()),
                phase: TAU * draw.uniform(),
            }
        });
        let waves = waves.collect();
        Self { linear: [scale * cos, -scale * sin, scale * sin, scale * cos], shift, aslant, waves }
    }

    /// Place of the scene that a place of the photograph shows.
    pub(crate) fn shown_at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let far = 1.0 + self.aslant.0 * x + self.aslant.1 * y;
        let [xx, xy, yx, yy] = self.linear;
        let straight = (self.shift.0 + (xx * x + xy * y) / far, self.shift.1 + (yx * x + yy * y) / far);
        self.waves.iter().fold(straight, |at, wave| {
            let height = (wave.per_mm.0 * x + wave.per_mm.1 * y + wave.phase).sin();
            (at.0 + height * wave.size_mm.0, at.1 + height * wave.size_mm.1)
        })
    }

    /// Place of the photograph that shows a place of the scene.
    pub(crate) fn seen_at(&self, wanted: (f64, f64)) -> (f64, f64) {
        let [xx, xy, yx, yy] = self.linear;
        let determinant = xx * yy - xy * yx;
        let mut place = (0.0, 0.0);
        // Because bending is gentle, steps as if there were none come closer every time.
        for _ in 0..60 {
            let at = self.shown_at(place);
            let (dx, dy) = (wanted.0 - at.0, wanted.1 - at.1);
            place.0 += (yy * dx - xy * dy) / determinant;
            place.1 += (xx * dy - yx * dx) / determinant;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stipple_quantity::Seed;

    #[test]
    fn what_is_shown_is_seen_there() {
        for seed in 0..20 {
            let warp = Warp::drawn(&mut Seed(seed).stream("test", 0), 60.0);
            for place in [(0.0, 0.0), (30.0, -22.0), (-28.0, 20.0)] {
                let back = warp.seen_at(warp.shown_at(place));
                assert!((back.0 - place.0).hypot(back.1 - place.1) < 1e-9, "{place:?} came back as {back:?}");
            }
        }
    }
}
