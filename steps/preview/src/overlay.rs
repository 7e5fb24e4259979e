//! The dots as signs over the photograph, to work by.

use rayon::prelude::*;
use stipple_model::{BitDepth, DRAWN_COLOR, Overlay, Photo, Plan, SESSION_COLORS, Session, Watch};
use stipple_quantity::PointInPhoto;

use crate::band::{Band, Words, band};
use crate::error::Error;
use crate::looks::mm_per_px;
use crate::{burn_in, check, check_size};

/// How much darker than white the photograph stays: signs stand out, and nobody takes it for a photograph.
const LEFT_OF_DARK: f32 = 0.55;
/// Weights of encoded R, G, B in the gray.
const GRAY: [f32; 3] = [0.2126, 0.7152, 0.0722];
/// Color of the scar's edge.
const SCAR_COLOR: [u8; 3] = [15, 130, 145];
/// Width of strokes, mm, and least width, px.
const STROKE: (f64, f64) = (0.11, 1.2);
/// Widest stroke, px: signs of a million dots are drawn in bounded time.
const STROKE_MAX_PX: f64 = 10.0;
/// A line is drawn in pieces so long, px.
const PIECE_PX: f64 = 8.0;
/// Longest way of all lines together, in half perimeters of the photograph; what a stranger adds beyond is left out.
const LINES_MAX: f64 = 50.0;
/// What each of the first sessions is drawn as and in, in words; the last for all later ones.
const SIGNS: [(Sign, &str); 4] =
    [(Sign::Disk, "black"), (Sign::Ring, "blue"), (Sign::Cross, "orange"), (Sign::Saltire, "gray")];

#[derive(Clone, Copy)]
enum Sign {
    Disk,
    Ring,
    Cross,
    Saltire,
}

/// Every dot at its place over the photograph, which is made gray and pale; signs and colors tell the sessions apart, as on
/// the stencil. The mark stands in a band below the photograph, so that it hides no dot.
///
/// `said` is written into the band with the mark: what warns of the plan, a line each.
///
/// # Errors
/// [`Error::OtherPhoto`] if the sizes differ, [`Error::TooSmall`] if the mark does not fit, [`Error::Scale`] if the plan's map
/// cannot be used, [`Error::Stopped`] if the watcher stops the work.
///
/// # Cost
/// 6 bytes a pixel, and under 0.1 s for 12 megapixels and 2,000 dots.
pub fn overlay(plan: &Plan, photo: &Photo, said: &[String], watch: &dyn Watch) -> Result<Overlay, Error> {
    check(plan, (photo.width_px, photo.height_px))?;
    check_size((photo.width_px, photo.height_px))?;
    watch.progress("overlay", 0.0);
    let mut drawing = Drawing::over(photo);
    drawing.lines(plan);
    for (k, session) in plan.sessions.iter().enumerate() {
        if watch.stopped() {
            return Err(Error::Stopped);
        }
        session.dots.iter().for_each(|dot| drawing.sign(plan, dot.at_photo, k));
    }
    let drawn = (!plan.drawn_lines.is_empty()).then(|| "violet as drawn".to_owned());
    let keys = plan.sessions.iter().enumerate().map(|(k, session)| key(plan, k, session)).chain(drawn);
    let words = Words::new("PLAN DRAWING", said, keys);
    let mark = Band { top: photo.height_px, ..band(photo.width_px, photo.height_px, None, &words) };
    let height_px = photo.height_px + mark.height;
    drawing.codes.resize(3 * photo.width_px * height_px, 0);
    burn_in(&mark, photo.width_px, BitDepth::Eight, &mut drawing.codes);
    watch.progress("overlay", 1.0);
    Ok(Overlay { width_px: photo.width_px, height_px, codes: drawing.codes })
}

/// What stands for a session.
fn key(plan: &Plan, k: usize, session: &Session) -> String {
    let (_, color) = SIGNS[k.min(SIGNS.len() - 1)];
    let healed = if k < plan.sessions_done { ", healed" } else { "" };
    format!("session {}: {} {color} dots{healed}", session.number, session.dots.len())
}

struct Drawing {
    width: usize,
    height: usize,
    codes: Vec<u16>,
}

impl Drawing {
    fn over(photo: &Photo) -> Self {
        let pale = |pixel: &[u16]| {
            let gray: f32 = pixel.iter().zip(GRAY).map(|(code, weight)| f32::from(*code) * weight).sum();
            let code = 255.0 * (1.0 - LEFT_OF_DARK * (1.0 - gray / 65_535.0));
            [257 * code.round() as u16; 3]
        };
        let codes = photo.codes.par_chunks_exact(3).flat_map_iter(pale).collect();
        Self { width: photo.width_px, height: photo.height_px, codes }
    }

    /// The sign of a session at a place; nothing where the plan's map has no use.
    fn sign(&mut self, plan: &Plan, at: PointInPhoto, session: usize) {
        let Some((_, pitch_mm)) = mm_per_px(plan, at) else { return };
        let k = session.min(SIGNS.len() - 1);
        // Signs keep their form where pixels are coarse: they grow as a whole.
        let px = (STROKE.0 / pitch_mm).clamp(STROKE.1, STROKE_MAX_PX) / STROKE.0;
        let half_px = 0.5 * STROKE.0 * px;
        let bar = |along: f64, across: f64, reach: f64| across.abs().max(along.abs() - reach * px) - half_px;
        let outside_px = |x: f64, y: f64| match SIGNS[k].0 {
            Sign::Disk => x.hypot(y) - 0.2 * px,
            Sign::Ring => (x.hypot(y) - 0.24 * px).abs() - half_px,
            Sign::Cross => bar(x, y, 0.32).min(bar(y, x, 0.32)),
            Sign::Saltire => {
                let (u, v) = ((x + y) / 2f64.sqrt(), (x - y) / 2f64.sqrt());
                bar(u, v, 0.32).min(bar(v, u, 0.32))
            }
        };
        let reach = 0.5 * px;
        self.lay([at.x_px, at.y_px], [reach; 2], SESSION_COLORS[k], outside_px);
    }

    /// The scars' edges and what a person drew, as far as there is patience.
    fn lines(&mut self, plan: &Plan) {
        let mut left_px = LINES_MAX * (self.width + self.height) as f64;
        for corners in &plan.scar_outlines {
            let sides = corners.iter().zip(corners.iter().cycle().skip(1));
            sides.for_each(|side| self.side(plan, side, SCAR_COLOR, &mut left_px));
        }
        for line in &plan.drawn_lines {
            let sides = line.iter().zip(line.iter().skip(1));
            sides.for_each(|side| self.side(plan, side, DRAWN_COLOR, &mut left_px));
        }
    }

    /// A straight line, in pieces; nothing where the plan's map has no use.
    fn side(
        &mut self,
        plan: &Plan,
        (one, two): (&PointInPhoto, &PointInPhoto),
        color: [u8; 3],
        left_px: &mut f64,
    ) {
        let Some((_, pitch_mm)) = mm_per_px(plan, *one).and(mm_per_px(plan, *two)) else { return };
        let (dx, dy) = (two.x_px - one.x_px, two.y_px - one.y_px);
        let pieces = (dx.hypot(dy) / PIECE_PX).ceil().max(1.0);
        *left_px -= pieces * PIECE_PX;
        if *left_px < 0.0 {
            return;
        }
        let half_px = 0.5 * (STROKE.0 / pitch_mm).clamp(STROKE.1, STROKE_MAX_PX);
        for piece in 0..pieces as usize {
            let share = (piece as f64 + 0.5) / pieces;
            let middle = [one.x_px + share * dx, one.y_px + share * dy];
            self.piece(middle, [0.5 * dx / pieces, 0.5 * dy / pieces], half_px, color);
        }
    }

    /// A straight line to both sides of its middle.
    fn piece(&mut self, middle: [f64; 2], [dx, dy]: [f64; 2], half_px: f64, color: [u8; 3]) {
        let squared = (dx * dx + dy * dy).max(1e-9);
        let outside_px = |x: f64, y: f64| {
            let share = ((x * dx + y * dy) / squared).clamp(-1.0, 1.0);
            (x - share * dx).hypot(y - share * dy) - half_px
        };
        self.lay(middle, [dx.abs() + half_px, dy.abs() + half_px], color, outside_px);
    }

    /// Lays a color over pixels around a middle by how far they lie outside a form, px.
    fn lay(
        &mut self,
        [x, y]: [f64; 2],
        [half_width, half_height]: [f64; 2],
        color: [u8; 3],
        outside_px: impl Fn(f64, f64) -> f64,
    ) {
        let first = |middle: f64, half: f64| (middle - half - 1.0).max(0.0) as usize;
        let end = |middle: f64, half: f64, size: usize| ((middle + half + 1.0).max(0.0) as usize).min(size);
        let (left, right) = (first(x, half_width), end(x, half_width, self.width));
        let (top, bottom) = (first(y, half_height), end(y, half_height, self.height));
        for row in top..bottom {
            for column in left..right {
                let outside = outside_px(column as f64 + 0.5 - x, row as f64 + 0.5 - y);
                let cover = (0.5 - outside).clamp(0.0, 1.0);
                let pixel = &mut self.codes[3 * (row * self.width + column)..][..3];
                for (code, ink) in pixel.iter_mut().zip(color) {
                    let under = f64::from(*code / 257);
                    *code = 257 * (under + cover * (f64::from(ink) - under)).round() as u16;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{photo, plan};
    use stipple_model::Unwatched;

    #[test]
    fn every_session_has_its_color_and_the_rest_is_gray() {
        let photo = photo(400, 300);
        let mut plan = plan(&photo, 10.0, &[(60.5, 60.5), (120.5, 60.5), (180.5, 60.5)]);
        let session = plan.sessions[0].clone();
        plan.sessions = (0..3u32)
            .map(|k| Session { number: k + 1, dots: vec![session.dots[k as usize]], ..session.clone() })
            .collect();
        let made = overlay(&plan, &photo, &["SCALE UNCERTAIN".to_owned()], &Unwatched).expect("it fits");
        let pixel = |x: usize, y: usize| {
            let codes = &made.codes[3 * (y * 400 + x)..][..3];
            [codes[0] / 257, codes[1] / 257, codes[2] / 257]
        };
        let color = |k: usize| SESSION_COLORS[k].map(u16::from);
        assert_eq!((pixel(60, 60), pixel(180, 60)), (color(0), color(2)));
        let ring = pixel(122, 61);
        assert!(ring[2] > ring[0] + 60 && pixel(120, 60)[0] > 150, "a blue ring is open: {ring:?}");
        let [r, g, b] = pixel(300, 100);
        assert!(r == g && g == b && r > 150 && r < 250, "skin is pale gray: {r}");
        assert!(made.height_px > 300 && pixel(5, made.height_px - 5)[0] < 60, "the mark stands below");
    }

    #[test]
    fn hostile_places_draw_nothing() {
        let photo = photo(200, 150);
        let odd = [f64::NAN, f64::INFINITY, -1e300, 1e18];
        let places: Vec<(f64, f64)> = odd.map(|v| (v, 50.0)).to_vec();
        let mut plan = plan(&photo, 12.0, &places);
        plan.scar_outlines = vec![odd.map(|v| PointInPhoto::new(v, v)).to_vec()];
        plan.drawn_lines = plan.scar_outlines.clone();
        assert!(overlay(&plan, &photo, &[], &Unwatched).is_ok());
        plan.photo_width_px = 201;
        assert!(matches!(overlay(&plan, &photo, &[], &Unwatched), Err(Error::OtherPhoto { .. })));
    }
}
