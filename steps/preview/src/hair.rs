//! Hair that has grown since the photograph.

use std::collections::BTreeMap;

use rayon::prelude::*;
use stipple_color::{Lab, RgbSpace};
use stipple_model::{Photo, Plan, Root, Watch};
use stipple_quantity::{PointInPhoto, Seed};

use crate::codes::Codes;
use crate::error::Error;
use crate::looks::mm_per_px;

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
/// How far neighbors must agree for a hair to be drawn: length of the sum of their leans over the sum of lengths.
const AGREED: f64 = 0.3;
/// How far aside of a hair bare skin is looked for, mm.
const SIDE_MM: f64 = 0.16;
/// What of a shaft's darkness must be left for it to go on.
const GOES_ON: f64 = 0.35;

/// Draws what every hair has grown, in the direction in which it lies in the photograph, in the plan's hair color.
///
/// `blur_px` is how sharp the picture is (one standard deviation). Returns how many hairs were drawn.
///
/// # Errors
/// If the watcher stops the work.
pub(crate) fn grow(
    picture: &mut [u16],
    photo: &Photo,
    plan: &Plan,
    growth_mm: f64,
    blur_px: f64,
    watch: &dyn Watch,
) -> Result<usize, Error> {
    let Some(color) = plan.hair_lab else { return Ok(0) };
    let codes = Codes::new(photo.space, photo.bit_depth);
    let own = color_in(photo.space, color, plan.photo_white_gain);
    let skin = color_in(photo.space, plan.skin_lab, plan.photo_white_gain);
    let shafts = shafts(photo, plan, &codes, growth_mm, f64::from(skin[1]));
    let strips = photo.height_px.div_ceil(STRIP_ROWS);
    let mut touching = vec![Vec::new(); strips];
    for (i, shaft) in shafts.iter().enumerate() {
        let [top, bottom] = shaft.rows_px();
        let strip = |y: f64| ((y / STRIP_ROWS as f64).floor().max(0.0) as usize).min(strips);
        (strip(top)..(strip(bottom) + 1).min(strips)).for_each(|strip| touching[strip].push(i));
    }
    picture.par_chunks_mut(3 * photo.width_px * STRIP_ROWS).enumerate().try_for_each(|(strip, pixels)| {
        if watch.stopped() {
            return Err(Error::Stopped);
        }
        for i in &touching[strip] {
            shafts[*i].draw(pixels, photo.width_px, strip * STRIP_ROWS, own, blur_px, &codes);
        }
        Ok(())
    })?;
    Ok(shafts.len())
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
    /// Light on the skin around it, over that on the skin that was read.
    lit: f32,
}

impl Shaft {
    /// First and last row that it reaches.
    fn rows_px(&self) -> [f64; 2] {
        let reach = self.half_px + 3.0;
        [self.from[1].min(self.to[1]) - reach, self.from[1].max(self.to[1]) + reach]
    }

    fn draw(
        &self,
        pixels: &mut [u16],
        width: usize,
        first_row: usize,
        color: [f32; 3],
        blur_px: f64,
        codes: &Codes,
    ) {
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
                let cover = self.cover(at, blur_px) as f32;
                if cover > 0.004 {
                    let pixel = &mut pixels[3 * (row * width + column)..][..3];
                    let light = std::array::from_fn(|k| {
                        let under = codes.linear(pixel[k]);
                        under + cover * (self.lit * color[k] - under)
                    });
                    pixel.copy_from_slice(&codes.codes(light));
                }
            }
        }
    }

    /// Share of a pixel that it covers, through the blur of camera and pixel.
    fn cover(&self, at: [f64; 2], blur_px: f64) -> f64 {
        let [dx, dy] = [self.to[0] - self.from[0], self.to[1] - self.from[1]];
        let [px, py] = [at[0] - self.from[0], at[1] - self.from[1]];
        let along = ((px * dx + py * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
        let off = (px - along * dx).hypot(py - along * dy);
        // A logistic curve stands for the integral of the blur: off by less than 0.01.
        let below = |edge: f64| 1.0 / (1.0 + (-1.702 * edge / blur_px).exp());
        below(off + self.half_px) - below(off - self.half_px)
    }
}

/// What every hair has grown; nothing where most cannot be followed.
fn shafts(photo: &Photo, plan: &Plan, codes: &Codes, growth_mm: f64, skin: f64) -> Vec<Shaft> {
    let lighter = plan.hair_lab.is_some_and(|hair| hair.l > plan.skin_lab.l);
    let view = Follower { photo, codes, sign: if lighter { -1.0 } else { 1.0 } };
    let found: Vec<(&Root, f64, [f64; 2])> = plan
        .hairs
        .par_iter()
        .filter_map(|root| {
            let (_, pitch_mm) = mm_per_px(plan, root.at_photo)?;
            view.light(root.at_photo.x_px, root.at_photo.y_px)?;
            Some((root, pitch_mm, view.lean(root.at_photo, pitch_mm)))
        })
        .collect();
    let common = Common::of(&found);
    let shaft = |(i, (root, pitch_mm, lean)): (usize, &(&Root, f64, [f64; 2]))| {
        let mut chance = Seed(0).stream("hair", i as u64);
        let [longer, turned] = [DIFFER.0, DIFFER.1].map(|spread| spread * chance.normal().clamp(-2.0, 2.0));
        let direction = common.direction(root.at_photo, *lean, turned)?;
        let around = view.around(root.at_photo, *pitch_mm);
        let start_px = view.length_px(root.at_photo, *pitch_mm, direction, around);
        let end_px = start_px + LEAN * growth_mm * longer.exp() / pitch_mm;
        let along =
            |px: f64| [root.at_photo.x_px + px * direction[0], root.at_photo.y_px + px * direction[1]];
        let half_px = root.diameter_um / (2000.0 * pitch_mm);
        let lit = (around / skin.max(1e-4)).clamp(0.2, 3.0) as f32;
        Some(Shaft { from: along(start_px), to: along(end_px), half_px, lit })
    };
    let shafts: Vec<Shaft> = found.par_iter().enumerate().filter_map(shaft).collect();
    // because a picture in which few hairs grow and most do not shows no head there is.
    if 2 * shafts.len() < found.len() { Vec::new() } else { shafts }
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

    /// Mean light along a ray, `aside_mm` to its right.
    fn ray(&self, at: PointInPhoto, [dx, dy]: [f64; 2], pitch_mm: f64, aside_mm: f64) -> Option<f64> {
        let (x, y) = (at.x_px - aside_mm / pitch_mm * dy, at.y_px + aside_mm / pitch_mm * dx);
        let places = (0..8).map(|i| {
            let mm = SHAFT_MM.start() + f64::from(i) / 7.0 * (SHAFT_MM.end() - SHAFT_MM.start());
            mm / pitch_mm
        });
        let seen: Vec<f64> = places.filter_map(|r| self.light(x + r * dx, y + r * dy)).collect();
        (seen.len() == 8).then(|| seen.iter().sum::<f64>() / 8.0)
    }

    /// How much a ray differs from both its sides, as a hair does; below zero for none.
    fn ridge(&self, at: PointInPhoto, direction: [f64; 2], pitch_mm: f64) -> Option<f64> {
        let [left, on, right] =
            [-SIDE_MM, 0.0, SIDE_MM].map(|aside| self.ray(at, direction, pitch_mm, aside));
        let (left, on, right) = (left?, on?, right?);
        let sides = [left, right].map(|side| self.sign * (side - on));
        Some(sides[0].min(sides[1]) / (left + right).max(1e-4))
    }

    /// Where a shaft leans: a vector as long as its contrast, zero where none shows.
    fn lean(&self, at: PointInPhoto, pitch_mm: f64) -> [f64; 2] {
        let rays = directions().filter_map(|d| Some((d, self.ridge(at, d, pitch_mm)?.max(0.0))));
        rays.fold([0.0; 2], |sum, ([dx, dy], ridge)| {
            [sum[0] + ridge * ridge * dx, sum[1] + ridge * ridge * dy]
        })
    }

    /// Mean light around a root, hairs and all.
    fn around(&self, at: PointInPhoto, pitch_mm: f64) -> f64 {
        let rays: Vec<f64> = directions().filter_map(|d| self.ray(at, d, pitch_mm, 0.0)).collect();
        rays.iter().sum::<f64>() / rays.len().max(1) as f64
    }

    /// How far the shaft can be followed from its root, px.
    fn length_px(&self, at: PointInPhoto, pitch_mm: f64, [dx, dy]: [f64; 2], around: f64) -> f64 {
        let dark =
            |px: f64| self.light(at.x_px + px * dx, at.y_px + px * dy).map(|v| self.sign * (around - v));
        let at_root = dark(0.0).unwrap_or(0.0).max(0.02 * around);
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
    cells: BTreeMap<(i64, i64), Leans>,
    cell_px: f64,
}

/// Leans of several hairs.
#[derive(Clone, Copy, Default)]
struct Leans {
    sum: [f64; 2],
    /// Sum of their lengths: that of the sum if all agree.
    lengths: f64,
}

impl Leans {
    fn plus(self, other: &Self) -> Self {
        let sum = [self.sum[0] + other.sum[0], self.sum[1] + other.sum[1]];
        Self { sum, lengths: self.lengths + other.lengths }
    }
}

impl Common {
    fn of(found: &[(&Root, f64, [f64; 2])]) -> Self {
        let mean_pitch = found.iter().map(|(_, pitch, _)| pitch).sum::<f64>() / found.len().max(1) as f64;
        let cell_px = NEIGHBORS_MM / mean_pitch.max(1e-3);
        let mut common = Self { cells: BTreeMap::new(), cell_px };
        for (root, _, lean) in found {
            let cell = common.cells.entry(Self::key(root.at_photo, cell_px)).or_default();
            *cell = cell.plus(&Leans { sum: *lean, lengths: lean[0].hypot(lean[1]) });
        }
        common
    }

    fn key(at: PointInPhoto, cell_px: f64) -> (i64, i64) {
        ((at.x_px / cell_px).floor() as i64, (at.y_px / cell_px).floor() as i64)
    }

    /// A hair's own lean and its neighbors' together, turned a little; a unit vector, or none where they disagree.
    fn direction(&self, at: PointInPhoto, own: [f64; 2], turned: f64) -> Option<[f64; 2]> {
        let (x, y) = Self::key(at, self.cell_px);
        let cells = (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (x + dx, y + dy)));
        let near = cells.filter_map(|cell| self.cells.get(&cell)).fold(Leans::default(), Leans::plus);
        if near.sum[0].hypot(near.sum[1]) < AGREED * near.lengths || near.lengths == 0.0 {
            return None;
        }
        let (near, own) = (unit(near.sum), unit(own));
        // because one shaft alone is easily taken for its neighbor.
        let [x, y] = unit([0, 1].map(|k| near[k] + OWN * own[k]));
        let (sine, cosine) = turned.sin_cos();
        Some([cosine * x - sine * y, sine * x + cosine * y])
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
        let shaft = Shaft { from: [10.0, 10.0], to: [10.0, 30.0], half_px: 0.6, lit: 1.0 };
        let across: f64 =
            (0..400).map(|i| shaft.cover([4.0 + f64::from(i) * 0.03, 20.0], 0.757) * 0.03).sum();
        assert!((across - 1.2).abs() < 0.02, "{across}");
        assert!(shaft.cover([10.0, 34.0], 0.757) < 0.02 && shaft.cover([10.0, 20.0], 0.757) > 0.4);
    }
}
