use stipple_color::RgbSpace;
use stipple_model::{BitDepth, Photo};
use stipple_quantity::{PointInPhoto, Seed, Stream};

use super::reference::Edition;
use super::*;

/// A checker drawn flat: patches of 0.84 steps on a dark frame on skin.
pub(crate) struct Drawn {
    pub(crate) step_px: f64,
    pub(crate) turn_deg: f64,
    /// How much smaller a step is at the picture's bottom than at its top, as tilt makes it.
    pub(crate) foreshortened: f64,
    pub(crate) is_mirrored: bool,
    /// Patches under something of the skin's color.
    pub(crate) covered: Vec<usize>,
    pub(crate) noise: f64,
    /// Linear colors of the patches as the camera gives them.
    pub(crate) colors: [[f64; 3]; PATCHES],
}

impl Drawn {
    pub(crate) fn plain() -> Self {
        Self {
            step_px: 40.0,
            turn_deg: 9.0,
            foreshortened: 0.0,
            is_mirrored: false,
            covered: Vec::new(),
            noise: 0.006,
            colors: Edition::After2014.linear(RgbSpace::Srgb).map(|rgb| rgb.map(|v| 0.85 * v.max(0.002))),
        }
    }

    /// Where the middle of a patch is drawn.
    fn middle(&self, patch: usize) -> PointInPhoto {
        let column = (patch % COLUMNS) as f64 - 2.5;
        let (x, y) = (if self.is_mirrored { -column } else { column }, (patch / COLUMNS) as f64 - 1.5);
        let (sin, cos) = self.turn_deg.to_radians().sin_cos();
        let (u, v) = (x * cos - y * sin, x * sin + y * cos);
        let near = 1.0 + self.foreshortened * v;
        PointInPhoto::new(200.0 + self.step_px * u / near, 200.0 + self.step_px * v / near)
    }

    pub(crate) fn photo(&self) -> Photo {
        let space = RgbSpace::Srgb;
        let mut s = Seed(5).stream("drawn", 0);
        let (sin, cos) = self.turn_deg.to_radians().sin_cos();
        let codes = (0..400 * 400).flat_map(|k| {
            let mut sum = [0.0; 3];
            for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let p = [f64::from(k % 400) + dx - 200.0, f64::from(k / 400) + dy - 200.0];
                let near = 1.0 / (1.0 - self.foreshortened * p[1] / self.step_px);
                let (u, v) = (p[0] * near / self.step_px, p[1] * near / self.step_px);
                let (x, y) = (u * cos + v * sin, v * cos - u * sin);
                let color = self.color(if self.is_mirrored { -x } else { x }, y);
                sum = [0, 1, 2].map(|c| sum[c] + color[c] / 4.0);
            }
            sum.map(|v| {
                let encoded = f64::from(space.encoded_from_linear(v as f32)) + self.noise * s.normal();
                257 * (255.0 * encoded).round().clamp(0.0, 255.0) as u16
            })
        });
        Photo::new(400, 400, space, BitDepth::Eight, codes.collect())
    }

    fn color(&self, x: f64, y: f64) -> [f64; 3] {
        const SKIN: [f64; 3] = [0.38, 0.24, 0.17];
        let (column, row) = (x + 2.5, y + 1.5);
        let (nearest, below) = (column.round(), row.round());
        if !(0.0..6.0).contains(&nearest) || !(0.0..4.0).contains(&below) {
            return SKIN;
        }
        let patch = nearest as usize + COLUMNS * below as usize;
        if self.covered.contains(&patch) {
            return SKIN;
        }
        let inside = (column - nearest).abs() < 0.42 && (row - below).abs() < 0.42;
        if inside { self.colors[patch] } else { [0.03; 3] }
    }
}

/// How far the farthest patch is from where it was drawn, steps.
fn off(drawn: &Drawn, found: &Checker) -> f64 {
    let away = |k: usize| {
        let (a, b) = (drawn.middle(k), found.middles[k]);
        (a.x_px - b.x_px).hypot(a.y_px - b.y_px) / drawn.step_px
    };
    (0..PATCHES).map(away).fold(0.0, f64::max)
}

#[test]
fn a_checker_is_found_turned_tilted_mirrored_and_partly_covered() {
    let kinds = [
        Drawn::plain(),
        Drawn { turn_deg: 97.0, step_px: 16.0, ..Drawn::plain() },
        Drawn { turn_deg: 200.0, foreshortened: 0.09, ..Drawn::plain() },
        Drawn { turn_deg: 275.0, is_mirrored: true, ..Drawn::plain() },
        Drawn { covered: vec![0, 1, 2, 6, 7, 12], ..Drawn::plain() },
        Drawn { noise: 0.035, ..Drawn::plain() },
    ];
    for (k, drawn) in kinds.iter().enumerate() {
        let found = find(&drawn.photo()).unwrap_or_else(|| panic!("none found in {k}"));
        assert!(off(drawn, &found) < 0.15, "{k}: {} steps off", off(drawn, &found));
        assert_eq!(found.is_mirrored, drawn.is_mirrored, "{k}");
        let seen = found.patches[14].expect("the red patch").rgb;
        assert!(seen[0] > 3.0 * seen[1], "{k}: {seen:?}");
    }
}

#[test]
fn tiles_of_other_colors_are_no_checker() {
    for seed in 0..12 {
        let mut s: Stream = Seed(seed).stream("tiles", 0);
        let colors = std::array::from_fn(|_| [0; 3].map(|_| s.between(0.02, 0.9)));
        assert!(find(&Drawn { colors, ..Drawn::plain() }.photo()).is_none(), "{seed}");
        let grays = std::array::from_fn(|_| [s.between(0.02, 0.9); 3]);
        assert!(find(&Drawn { colors: grays, ..Drawn::plain() }.photo()).is_none(), "gray {seed}");
    }
}

#[test]
fn checkers_in_shared_photographs_are_found() {
    let folder = std::path::Path::new("/work/shared/data/cards/plantcv");
    for (name, outlined_min) in
        [("classic.png", 22), ("calibrite-passport.png", 22), ("source2_img.png", 18), ("target_img.png", 20)]
    {
        // Development data: the test skips itself where it is absent.
        let Ok(bytes) = std::fs::read(folder.join(name)) else { return };
        let limits = crate::photo::DecodeLimits::ordinary();
        let photo = crate::photo::decode(&bytes, &limits).expect("a photograph").value;
        let found = find(&photo).unwrap_or_else(|| panic!("none in {name}"));
        assert!(found.outlined >= outlined_min && !found.is_mirrored, "{name}: {}", found.outlined);
    }
}
