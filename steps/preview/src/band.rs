//! The mark that every simulation and every drawing over a photograph carries, burned into its pixels.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use stipple_model::{Light, Moment, View};
use stipple_optics::Course;

use crate::soft::Extent;

const FONT: &[u8] = include_bytes!("../../../sources/fonts/Inter-SemiBold.otf");
/// Encoded gray of the band and of its letters, 0–1.
const BAND_GRAY: f32 = 0.12;
const LETTER_GRAY: f32 = 1.0;
/// Letters smaller than this are hard to read, px.
const LETTERS_MIN_PX: f32 = 11.0;
/// Smallest picture that can carry the mark, px.
pub(crate) const PICTURE_MIN_PX: (usize, usize) = (48, 32);

/// A strip of gray levels to lay over the picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Band {
    /// First row of the picture it covers.
    pub(crate) top: usize,
    /// Rows it covers.
    pub(crate) height: usize,
    /// Encoded gray of each pixel, 0–1, row by row over the picture's width.
    pub(crate) grays: Vec<f32>,
}

/// What a band says, in pieces that are not broken; those that a small picture has no room for are left out from the end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Words {
    pieces: Vec<String>,
    /// So many from the first are left out last.
    vital: usize,
}

impl Words {
    /// What a picture is, and what it is not; then what is vital, then what is good to know: at most eight pieces are kept.
    pub(crate) fn new(what: &str, vital: &[String], more: impl IntoIterator<Item = String>) -> Self {
        let named = [what.to_owned(), "not a photograph".to_owned()];
        let pieces = named.into_iter().chain(vital.iter().cloned()).chain(more).take(PIECES_MAX).collect();
        Self { pieces, vital: (2 + vital.len()).min(PIECES_MAX) }
    }

    /// Those of a simulation.
    pub(crate) fn of_view(view: &View) -> Self {
        Self::new("SIMULATION", &[], [when_words(view), how_words(view)])
    }
}

/// Pieces that a band holds.
const PIECES_MAX: usize = 8;

/// The band of a picture: at the bottom, or at the top where it would lie over dots below and those are farther away above.
///
/// A few dots more or less rarely move it.
///
/// # Panics
/// If the picture is smaller than [`PICTURE_MIN_PX`].
pub(crate) fn band(width: usize, height: usize, dots: Option<Extent>, words: &Words) -> Band {
    assert!(width >= PICTURE_MIN_PX.0 && height >= PICTURE_MIN_PX.1, "a picture must hold its mark");
    let font = FontRef::try_from_slice(FONT).expect("the shipped font is one");
    let layout = layout(&font, width, height, words);
    let is_covered = |d: Extent| d.bottom > height - layout.height && d.top > height - d.bottom.min(height);
    let at_top = dots.is_some_and(is_covered);
    let top = if at_top { 0 } else { height - layout.height };
    let mut grays = vec![BAND_GRAY; width * layout.height];
    draw(&font, &layout, width, &mut grays);
    Band { top, height: layout.height, grays }
}

/// When, in words.
pub(crate) fn moment_words(moment: Moment) -> &'static str {
    match moment {
        Moment::Fresh => "fresh, the same day",
        Moment::Day3 => "third day",
        Moment::Healed => "healed, about 6 weeks",
        Moment::Year1 => "after 1 year",
        Moment::Year2 => "after 2 years",
        Moment::Year3 => "after 3 years",
        Moment::Year5 => "after 5 years",
    }
}

/// When, and on which course, in words.
fn when_words(view: &View) -> String {
    if !view.treated {
        return "before treatment".to_owned();
    }
    let moment = moment_words(view.moment);
    match (view.course, view.moment) {
        (Course::Likely, _) | (_, Moment::Fresh | Moment::Day3) => moment.to_owned(),
        (Course::Faint, _) => format!("{moment}, if it fades more than is likely"),
        (Course::Strong, _) => format!("{moment}, if it fades less than is likely"),
    }
}

/// Light, distance and hair, in words.
fn how_words(view: &View) -> String {
    let mut words = view.light.map_or("light as photographed", light_words).to_owned();
    if let Some(distance_m) = view.distance_m {
        words += &format!(", from {distance_m} m");
    }
    if view.hair_growth_mm > 0.0 {
        words += &format!(", hair {} mm longer", view.hair_growth_mm);
    }
    words
}

fn light_words(light: Light) -> &'static str {
    match light {
        Light::Daylight => "daylight",
        Light::Tungsten => "tungsten light",
        Light::Led => "LED light",
        Light::FluorescentCoolWhite => "cool white fluorescent light",
        Light::FluorescentThreeBand => "three-band fluorescent light",
        Light::Flash => "flash",
    }
}

/// Lines of text with their size.
struct Layout {
    lines: Vec<String>,
    letters_px: f32,
    height: usize,
}

/// The breaking into lines whose letters come out largest; the band grows where they would be too small.
fn layout(font: &FontRef, width: usize, height: usize, words: &Words) -> Layout {
    let usual = 28.max((height as f64 * 0.04).round() as usize).min(height / 2);
    let whole = words.pieces.as_slice();
    let choices = [whole, &whole[..words.vital], &whole[..1]];
    let mut best = largest(font, width, usual, whole);
    for (words, least_px) in choices.into_iter().zip([LETTERS_MIN_PX, 9.0, 0.0]) {
        for band in [usual, usual * 5 / 4, usual * 3 / 2, usual * 2, height * 2 / 5] {
            best = largest(font, width, band.min(height * 2 / 5).max(usual), words);
            if best.letters_px >= least_px {
                return best;
            }
        }
    }
    best
}

fn largest(font: &FontRef, width: usize, band: usize, words: &[String]) -> Layout {
    let mut best = Layout { lines: Vec::new(), letters_px: 0.0, height: band };
    // because there are few pieces, every way to break them into lines can be tried.
    for breaks in 0..1u32 << (words.len() - 1) {
        let mut lines = vec![words[0].clone()];
        for (i, word) in words.iter().enumerate().skip(1) {
            if breaks >> (i - 1) & 1 == 1 {
                lines.push(word.clone());
            } else if let Some(line) = lines.last_mut() {
                line.push_str(" · ");
                line.push_str(word);
            }
        }
        let widest = lines.iter().map(|line| width_of(font, line, 100.0)).fold(0.0, f32::max) / 100.0;
        let by_width = width as f32 * 0.94 / widest;
        let by_height = band as f32 * 0.94 / (LINE_HEIGHT * lines.len() as f32);
        // because one line need not fill its band: room above and below makes it a mark and not a shout.
        let letters_px = by_width.min(by_height).min(band as f32 * 0.6);
        if letters_px > best.letters_px {
            best = Layout { lines, letters_px, height: band };
        }
    }
    best
}

/// Distance of lines, in sizes of letters.
const LINE_HEIGHT: f32 = 1.2;

/// Width of a line at a size, px.
fn width_of(font: &FontRef, line: &str, letters_px: f32) -> f32 {
    let scaled = font.as_scaled(PxScale::from(letters_px));
    line.chars().map(|c| scaled.h_advance(scaled.glyph_id(c))).sum()
}

fn draw(font: &FontRef, layout: &Layout, width: usize, grays: &mut [f32]) {
    let scale = PxScale::from(layout.letters_px);
    let scaled = font.as_scaled(scale);
    let block = LINE_HEIGHT * layout.letters_px * layout.lines.len() as f32;
    let first_px = (layout.height as f32 - block) / 2.0;
    for (number, line) in layout.lines.iter().enumerate() {
        let middle = first_px + LINE_HEIGHT * layout.letters_px * (number as f32 + 0.5);
        let baseline = middle + (scaled.ascent() + scaled.descent()) / 2.0;
        let mut x = (width as f32 - width_of(font, line, layout.letters_px)) / 2.0;
        for letter in line.chars() {
            let id = scaled.glyph_id(letter);
            let glyph = id.with_scale_and_position(scale, point(x, baseline));
            x += scaled.h_advance(id);
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            outline.draw(|dx, dy, cover| {
                let (column, row) =
                    (bounds.min.x as i64 + i64::from(dx), bounds.min.y as i64 + i64::from(dy));
                let inside = (0..width as i64).contains(&column) && (0..layout.height as i64).contains(&row);
                if inside {
                    let gray = &mut grays[row as usize * width + column as usize];
                    *gray += (LETTER_GRAY - *gray) * cover.clamp(0.0, 1.0);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_there_and_none_touches_the_band_border() {
        for (width, height) in
            [(48, 32), (64, 200), (120, 90), (320, 240), (1200, 900), (4000, 3000), (9000, 60)]
        {
            for moment in Moment::ALL {
                let view = View { light: Some(Light::Tungsten), ..View::at(moment) };
                let band = band(width, height, None, &Words::of_view(&view));
                assert!(band.height >= 28.min(height / 2) && band.height <= height / 2, "{width} × {height}");
                assert_eq!(band.top + band.height, height);
                let bright = |i: usize| band.grays[i] > 0.5;
                let letters = (0..band.grays.len()).filter(|i| bright(*i)).count();
                assert!(letters > 30, "{width} × {height}: {letters} bright pixels");
                let (first, last) = (0..width, (band.height - 1) * width..band.height * width);
                assert!(!first.chain(last).any(bright), "{width} × {height}: letters reach the border");
                let sides = (0..band.height).flat_map(|y| [y * width, y * width + width - 1]);
                assert!(!sides.into_iter().any(bright), "{width} × {height}: letters reach the sides");
            }
        }
    }

    #[test]
    fn it_keeps_away_from_the_dots() {
        let low = Extent { left: 0, top: 500, right: 10, bottom: 590 };
        let high = Extent { left: 0, top: 5, right: 10, bottom: 90 };
        let words = Words::of_view(&View::at(Moment::Healed));
        assert_eq!(band(400, 600, Some(low), &words).top, 0);
        assert!(band(400, 600, Some(high), &words).top > 500);
    }
}
