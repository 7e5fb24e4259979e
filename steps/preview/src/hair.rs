//! Hair that has grown since the photograph.

use rayon::prelude::*;
use stipple_color::{Lab, RgbSpace};
use stipple_model::{Photo, Plan, Root};
use stipple_quantity::{PointInPhoto, Seed};

use crate::codes::Codes;
use crate::looks::{CAMERA_BLUR_PX, PIXEL_PX, mm_per_px};

/// Rows drawn at a time.
const STRIP_ROWS: usize = 32;
/// Share of a hair's new length that shows from straight above: it leans by about 45°.
const LEAN: f64 = 0.7;
/// How much hairs of one head differ: logarithm of length, and direction, radians; one standard deviation.
const DIFFER: (f64, f64) = (0.12, 0.12);
/// Directions that are tried for a shaft.
const RAYS: usize = 24;
/// Where along a ray a shaft is looked for, mm.
const SHAFT_MM: std::ops::RangeInclusive<f64> = 0.2..=1.0;
/// Longest shaft in the photograph that is followed, mm.
const FOLLOWED_MM: f64 = 3.0;
/// Side of the squares in which neighbors share their direction, mm.
const NEIGHBORS_MM: f64 = 4.0;
/// How much a shaft's own direction counts against that of those around it.
const OWN: f64 = 0.3;
/// What of a shaft's darkness must be left for it to go on.
const GOES_ON: f64 = 0.35;

/// Draws what every hair has grown, in the direction in which it lies in the photograph, in the plan's hair color.
///
/// Returns how many hairs were drawn.
pub(crate) fn grow(picture: &mut [u16], photo: &Photo, plan: &Plan, growth_mm: f64) -> usize {
    let Some(color) = plan.hair_lab else { return 0 };
    let codes = Codes::new(photo.space, photo.bit_depth);
    let shafts = shafts(photo, plan, &codes, growth_mm);
    let strips = photo.height_px.div_ceil(STRIP_ROWS);
    let mut touching = vec![Vec::new(); strips];
    for (i, shaft) in shafts.iter().enumerate() {
        let [top, bottom] = shaft.rows_px();
        let strip = |y: f64| ((y / STRIP_ROWS as f64).floor().max(0.0) as usize).min(strips);
        (strip(top)..(strip(bottom) + 1).min(strips)).for_each(|strip| touching[strip].push(i));
    }
    let own = color_in(photo.space, color, plan.photo_white_gain);
    picture.par_chunks_mut(3 * photo.width_px * STRIP_ROWS).enumerate().for_each(|(strip, pixels)| {
        for i in &touching[strip] {
            shafts[*i].draw(pixels, photo.width_px, strip * STRIP_ROWS, own, &codes);
        }
    });
    shafts.len()
}

/// A color as the photograph's own light shows it, linear.
fn color_in(space: RgbSpace, color: Lab, white_gain: [f64; 3]) -> [f32; 3] {
    let rgb = color.to_linear(space).rgb;
    std::array::from_fn(|k| (rgb[k] / white_gain[k] as f32).clamp(0.0, 1.0))
}

/// The new part of a hair, seen from above.
#[derive(Clone, Copy, Debug)]
struct Shaft {
    from: [f64; 2],
    to: [f64; 2],
    /// Half its width, px.
    half_px: f64,
}

impl Shaft {
    /// First and last row that it reaches.
    fn rows_px(&self) -> [f64; 2] {
        let reach = self.half_px + 3.0;
        [self.from[1].min(self.to[1]) - reach, self.from[1].max(self.to[1]) + reach]
    }

    fn draw(&self, pixels: &mut [u16], width: usize, first_row: usize, color: [f32; 3], codes: &Codes) {
        let reach = self.half_px + 3.0;
        let inside = |low: f64, high: f64, offset: usize, count: usize| {
            let place = |v: f64| (v - offset as f64).clamp(0.0, count as f64) as usize;
            place(low.floor())..place(high.ceil())
        };
        let [top, bottom] = self.rows_px();
        let (left, right) = (self.from[0].min(self.to[0]) - reach, self.from[0].max(self.to[0]) + reach);
        for row in inside(top, bottom, first_row, pixels.len() / (3 * width)) {
            for column in inside(left, right, 0, width) {
                let at = [column as f64 + 0.5, (row + first_row) as f64 + 0.5];
                let cover = self.cover(at) as f32;
                if cover > 0.004 {
                    let pixel = &mut pixels[3 * (row * width + column)..][..3];
                    let light = std::array::from_fn(|k| {
                        let under = codes.linear(pixel[k]);
                        under + cover * (color[k] - under)
                    });
                    pixel.copy_from_slice(&codes.codes(light));
                }
            }
        }
    }

    /// Share of a pixel that it covers, through the blur of camera and pixel.
    fn cover(&self, at: [f64; 2]) -> f64 {
        let [dx, dy] = [self.to[0] - self.from[0], self.to[1] - self.from[1]];
        let [px, py] = [at[0] - self.from[0], at[1] - self.from[1]];
        let along = ((px * dx + py * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
        let off = (px - along * dx).hypot(py - along * dy);
        let blur_px = CAMERA_BLUR_PX.hypot(PIXEL_PX);
        // A logistic curve stands for the integral of the blur: off by less than 0.01.
        let below = |edge: f64| 1.0 / (1.0 + (-1.702 * edge / blur_px).exp());
        below(off + self.half_px) - below(off - self.half_px)
    }
}

/// What every hair has grown.
fn shafts(photo: &Photo, plan: &Plan, codes: &Codes, growth_mm: f64) -> Vec<Shaft> {
    let lighter = plan.hair_lab.is_some_and(|hair| hair.l > plan.skin_lab.l);
    let view = Follower { photo, codes, sign: if lighter { -1.0 } else { 1.0 } };
    let found: Vec<(&Root, f64, [f64; 2])> = plan
        .hairs
        .par_iter()
        .filter_map(|root| {
            let (_, pitch_mm) = mm_per_px(plan, root.at_photo)?;
            Some((root, pitch_mm, view.lean(root.at_photo, pitch_mm)))
        })
        .collect();
    let common = Common::of(&found);
    let shaft = |(i, (root, pitch_mm, lean)): (usize, &(&Root, f64, [f64; 2]))| {
        let mut chance = Seed(0).stream("hair", i as u64);
        let [longer, turned] = [DIFFER.0, DIFFER.1].map(|spread| spread * chance.normal().clamp(-2.0, 2.0));
        let direction = common.direction(root.at_photo, *lean, turned);
        let start_px = view.length_px(root.at_photo, *pitch_mm, direction);
        let end_px = start_px + LEAN * growth_mm * longer.exp() / pitch_mm;
        let along =
            |px: f64| [root.at_photo.x_px + px * direction[0], root.at_photo.y_px + px * direction[1]];
        Shaft { from: along(start_px), to: along(end_px), half_px: root.diameter_um / (2000.0 * pitch_mm) }
    };
    found.par_iter().enumerate().map(shaft).collect()
}

/// Follows shafts in the photograph.
struct Follower<'a> {
    photo: &'a Photo,
    codes: &'a Codes,
    /// 1 if hair is darker than skin, −1 if it is lighter.
    sign: f64,
}

impl Follower<'_> {
    /// Linear green at a place, or none outside the photograph.
    fn light(&self, x_px: f64, y_px: f64) -> Option<f64> {
        let inside = x_px >= 0.0
            && y_px >= 0.0
            && (x_px as usize) < self.photo.width_px
            && (y_px as usize) < self.photo.height_px;
        inside.then(|| f64::from(self.codes.linear(self.photo.pixel(x_px as usize, y_px as usize)[1])))
    }

    /// Mean light along a ray.
    fn ray(&self, at: PointInPhoto, [dx, dy]: [f64; 2], pitch_mm: f64) -> Option<f64> {
        let places = (0..8).map(|i| {
            let mm = SHAFT_MM.start() + f64::from(i) / 7.0 * (SHAFT_MM.end() - SHAFT_MM.start());
            mm / pitch_mm
        });
        let seen: Vec<f64> = places.filter_map(|r| self.light(at.x_px + r * dx, at.y_px + r * dy)).collect();
        (seen.len() == 8).then(|| seen.iter().sum::<f64>() / 8.0)
    }

    /// Where a shaft leans: a vector as long as its contrast, zero where none shows.
    fn lean(&self, at: PointInPhoto, pitch_mm: f64) -> [f64; 2] {
        let rays: Vec<([f64; 2], f64)> =
            directions().filter_map(|d| Some((d, self.ray(at, d, pitch_mm)?))).collect();
        if rays.len() < RAYS {
            return [0.0; 2];
        }
        let mean = rays.iter().map(|(_, light)| light).sum::<f64>() / RAYS as f64;
        rays.iter().fold([0.0; 2], |sum, ([dx, dy], light)| {
            let contrast = (self.sign * (mean - light) / mean.max(1e-4)).max(0.0);
            [sum[0] + contrast * contrast * dx, sum[1] + contrast * contrast * dy]
        })
    }

    /// How far the shaft can be followed from its root, px.
    fn length_px(&self, at: PointInPhoto, pitch_mm: f64, [dx, dy]: [f64; 2]) -> f64 {
        let skin = directions()
            .filter_map(|d| self.ray(at, d, pitch_mm))
            .fold([0.0, 0.0], |s, v| [s[0] + v, s[1] + 1.0]);
        let skin = skin[0] / skin[1].max(1.0);
        let dark = |px: f64| self.light(at.x_px + px * dx, at.y_px + px * dy).map(|v| self.sign * (skin - v));
        let at_root = dark(0.0).unwrap_or(0.0).max(0.02 * skin);
        let last = (FOLLOWED_MM / pitch_mm) as usize;
        let goes_on = |px: &usize| dark(*px as f64).is_some_and(|d| d > GOES_ON * at_root);
        (1..last).take_while(goes_on).last().unwrap_or(0) as f64
    }
}

fn directions() -> impl Iterator<Item = [f64; 2]> {
    (0..RAYS).map(|i| {
        let (sine, cosine) = (std::f64::consts::TAU * i as f64 / RAYS as f64).sin_cos();
        [cosine, sine]
    })
}

/// The direction that neighbors share.
struct Common {
    cells: std::collections::BTreeMap<(i64, i64), [f64; 2]>,
    cell_px: f64,
    all: [f64; 2],
}

impl Common {
    fn of(found: &[(&Root, f64, [f64; 2])]) -> Self {
        let mean_pitch = found.iter().map(|(_, pitch, _)| pitch).sum::<f64>() / found.len().max(1) as f64;
        let cell_px = NEIGHBORS_MM / mean_pitch.max(1e-3);
        let mut common = Self { cells: std::collections::BTreeMap::new(), cell_px, all: [0.0; 2] };
        for (root, _, lean) in found {
            let cell = common.cells.entry(Self::key(root.at_photo, cell_px)).or_default();
            *cell = [cell[0] + lean[0], cell[1] + lean[1]];
            common.all = [common.all[0] + lean[0], common.all[1] + lean[1]];
        }
        common
    }

    fn key(at: PointInPhoto, cell_px: f64) -> (i64, i64) {
        ((at.x_px / cell_px).floor() as i64, (at.y_px / cell_px).floor() as i64)
    }

    /// A hair's own lean, its neighbors' and everyone's together, turned a little; a unit vector.
    fn direction(&self, at: PointInPhoto, own: [f64; 2], turned: f64) -> [f64; 2] {
        let (x, y) = Self::key(at, self.cell_px);
        let cells = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (x + dx, y + dy)));
        let near = cells.filter_map(|cell| self.cells.get(&cell));
        let near = unit(near.fold([0.0; 2], |sum, lean| [sum[0] + lean[0], sum[1] + lean[1]]));
        let (own, all) = (unit(own), unit(self.all));
        // because one shaft alone is easily taken for its neighbor, and hair falls down where nothing leans at all.
        let [x, y] = unit([0, 1].map(|k| near[k] + OWN * own[k] + 0.1 * all[k] + [0.0, 1e-6][k]));
        let (sine, cosine) = turned.sin_cos();
        [cosine * x - sine * y, sine * x + cosine * y]
    }
}

fn unit([x, y]: [f64; 2]) -> [f64; 2] {
    let length = x.hypot(y);
    if length > 0.0 { [x / length, y / length] } else { [0.0; 2] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shaft_covers_its_width() {
        let shaft = Shaft { from: [10.0, 10.0], to: [10.0, 30.0], half_px: 0.6 };
        let across: f64 = (0..400).map(|i| shaft.cover([4.0 + f64::from(i) * 0.03, 20.0]) * 0.03).sum();
        assert!((across - 1.2).abs() < 0.02, "{across}");
        assert!(shaft.cover([10.0, 34.0]) < 0.02 && shaft.cover([10.0, 20.0]) > 0.4);
    }
}
