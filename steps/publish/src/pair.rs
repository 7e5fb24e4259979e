//! The pair that strangers see: cropped, painted over, and nothing else.
//!
//! The two pictures come laid on one piece of scalp, each with its own white and no curve over its tone; no tone is changed
//! here. What is painted over is painted solid: blur can be undone.

use std::ops::Range;

use stipple_model::{Area, BeforeAfter, Laid, Language, Photo, Recipe};
use stipple_raster::Mask;
use stipple_raster::morphology::or;
use stipple_raster::region::fill_polygon;

use crate::error::Error;

/// Scalp around the scar that is kept at first, mm; a laid pair has less where less was measured.
const MARGIN_MM: f64 = 20.0;
/// Scalp around the scar that no crop that is suggested cuts off, mm.
const NEAREST_MM: f64 = 3.0;
/// Share of a crop's outermost line without scalp from which the line is left out.
const BARE_SIDE: f64 = 0.1;
/// Shorter side of a crop at least, pixels.
const SIDE_MIN_PX: usize = 64;
/// Share of the measured scar that has to be seen.
const SCAR_SHOWN_MIN: f64 = 0.95;
/// Painted areas at most.
const HIDDEN_MAX: usize = 1000;
/// Side of the squares in which no scalp is looked for, mm.
const SQUARE_MM: f64 = 2.0;
/// Share of a square without scalp from which it is suggested to be painted over.
const NO_SCALP: f64 = 0.25;
/// What is painted over: a gray that no skin has, 8-bit code times 257.
const PAINT: u16 = 96 * 257;

/// The pair by its recipe; the same originals and recipe give the same pixels.
///
/// # Errors
/// [`Error::Recipe`] if an area lies beyond the pictures, or too little is kept; [`Error::ScarHidden`] if what is left does not
/// show the scar that the numbers are of.
pub fn derived(laid: &Laid, recipe: &Recipe) -> Result<BeforeAfter<Photo>, Error> {
    require_fitting(laid, recipe)?;
    let unshown = unshown(laid);
    require_scar(laid, recipe, &unshown)?;
    Ok(laid.photos.of(|photo| {
        let mut photo = without(photo, &unshown);
        recipe.hidden.iter().for_each(|area| paint_over(&mut photo, area));
        cropped(&photo, &recipe.crop)
    }))
}

/// Whether what one of the photographs does not show is kept, painted gray.
pub fn paints_unshown(laid: &Laid, recipe: &Recipe) -> bool {
    let unshown = unshown(laid);
    pixels(&recipe.crop).any(|(x, y)| unshown.at(x, y))
}

/// Both photographs as they are chosen on: gray where one of them shows nothing, as in what is made of them.
pub fn as_chosen_on(laid: &Laid) -> BeforeAfter<Photo> {
    let unshown = unshown(laid);
    laid.photos.of(|photo| without(photo, &unshown))
}

/// A photograph with gray in place of some pixels.
fn without(photo: &Photo, unshown: &Mask) -> Photo {
    let mut photo = photo.clone();
    let pixels = photo.codes.chunks_exact_mut(3).zip(&unshown.samples);
    pixels.filter(|(_, unshown)| **unshown).for_each(|(pixel, _)| pixel.fill(PAINT));
    photo
}

/// Where one of the photographs shows nothing: black beside the scalp that both show. It is painted over in both, so that
/// neither shows more than the other.
fn unshown(laid: &Laid) -> Mask {
    let BeforeAfter { before, after } = &laid.photos;
    let is_nothing = |photo: &Photo, k: usize| photo.codes[3 * k..3 * k + 3] == [0; 3];
    let mut unshown = Mask::filled(before.width_px, before.height_px, false);
    for (k, unshown) in unshown.samples.iter_mut().enumerate() {
        *unshown = !laid.scalp.samples[k] && (is_nothing(before, k) || is_nothing(after, k));
    }
    unshown
}

/// Refuses a recipe that was made for other photographs; `given` are the SHA-256 of those that were given.
///
/// # Errors
/// [`Error::OtherOriginal`].
pub fn require_originals(recipe: &Recipe, given: &BeforeAfter<String>) -> Result<(), Error> {
    let is_other = [recipe.originals.before != given.before, recipe.originals.after != given.after];
    let which = match is_other {
        [false, false] => return Ok(()),
        [true, false] => "before",
        [false, true] => "after",
        [true, true] => "before and after",
    };
    Err(Error::OtherOriginal { which })
}

/// A recipe to begin with: the scar with what is around it, and what is no scalp painted over. A person decides.
///
/// Ears, a forehead, tattoos are skin and may pass for scalp: they are not found.
pub fn suggested(laid: &Laid, originals: BeforeAfter<String>, language: Language) -> Recipe {
    let crop = shown_by_both(laid, around_scar(laid, MARGIN_MM), &around_scar(laid, NEAREST_MM));
    Recipe { originals, crop, hidden: no_scalp(laid, &crop), language }
}

/// A crop cut down, side by side, to where both pictures show scalp, but never into what must be kept.
fn shown_by_both(laid: &Laid, mut crop: Area, kept: &Area) -> Area {
    loop {
        let Area { left_px, top_px, width_px, height_px } = crop;
        let right = left_px + width_px - 1;
        let bottom = top_px + height_px - 1;
        let sides = [
            (left_px < kept.left_px, Area { width_px: 1, ..crop }),
            (right >= kept.left_px + kept.width_px, Area { left_px: right, width_px: 1, ..crop }),
            (top_px < kept.top_px, Area { height_px: 1, ..crop }),
            (bottom >= kept.top_px + kept.height_px, Area { top_px: bottom, height_px: 1, ..crop }),
        ];
        let shares = sides.iter().map(|(may_go, side)| if *may_go { bare_share(laid, side) } else { 0.0 });
        let barest = shares.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        match barest {
            Some((0, share)) if share > BARE_SIDE => {
                (crop.left_px, crop.width_px) = (left_px + 1, width_px - 1)
            }
            Some((1, share)) if share > BARE_SIDE => crop.width_px -= 1,
            Some((2, share)) if share > BARE_SIDE => {
                (crop.top_px, crop.height_px) = (top_px + 1, height_px - 1)
            }
            Some((_, share)) if share > BARE_SIDE => crop.height_px -= 1,
            _ => return crop,
        }
    }
}

/// Share of an area that is no scalp.
fn bare_share(laid: &Laid, area: &Area) -> f64 {
    let bare = pixels(area).filter(|(x, y)| !laid.scalp.at(*x, *y)).count();
    bare as f64 / (area.width_px * area.height_px).max(1) as f64
}

/// The scar's box, grown as far as the pictures go.
fn around_scar(laid: &Laid, margin_mm: f64) -> Area {
    let margin_px = margin_mm / laid.mm_per_px;
    let Photo { width_px, height_px, .. } = laid.photos.before;
    let corners = || laid.scar_outlines.iter().flatten();
    let span = |of: fn(&stipple_quantity::PointInPhoto) -> f64, side_px: usize| {
        let (low, high) = corners()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
        // because without an outline both are infinite, and all of the picture is kept.
        let (low, high) = if low <= high { (low, high) } else { (0.0, side_px as f64) };
        let first = (low - margin_px).floor().max(0.0) as usize;
        first..((high + margin_px).ceil().max(0.0) as usize).min(side_px)
    };
    area(span(|p| p.x_px, width_px), span(|p| p.y_px, height_px))
}

/// Rows of squares of the crop that hold much that is shown and no scalp, but for those with scar in them.
fn no_scalp(laid: &Laid, crop: &Area) -> Vec<Area> {
    let side_px = ((SQUARE_MM / laid.mm_per_px).round() as usize).max(1);
    let (columns, rows) = (crop.width_px.div_ceil(side_px), crop.height_px.div_ceil(side_px));
    let square = |column: usize, row: usize| {
        let left_px = crop.left_px + column * side_px;
        let top_px = crop.top_px + row * side_px;
        let width_px = side_px.min(crop.left_px + crop.width_px - left_px);
        let height_px = side_px.min(crop.top_px + crop.height_px - top_px);
        Area { left_px, top_px, width_px, height_px }
    };
    let scar = scar(laid);
    let unshown = unshown(laid);
    let is_hidden = |square: &Area| {
        let other = pixels(square).filter(|(x, y)| !laid.scalp.at(*x, *y) && !unshown.at(*x, *y)).count();
        let all = square.width_px * square.height_px;
        other as f64 >= NO_SCALP * all as f64 && !pixels(square).any(|(x, y)| scar.at(x, y))
    };
    let mut found: Vec<Area> = Vec::new();
    for row in 0..rows {
        for run in runs(columns, |column| is_hidden(&square(column, row))) {
            let (first, last) = (square(run.start, row), square(run.end - 1, row));
            let width_px = last.left_px + last.width_px - first.left_px;
            let wide = Area { width_px, ..first };
            let above = found.iter_mut().find(|above| {
                let ends = above.top_px + above.height_px;
                (above.left_px, above.width_px, ends) == (wide.left_px, wide.width_px, wide.top_px)
            });
            match above {
                Some(above) => above.height_px += wide.height_px,
                None => found.push(wide),
            }
        }
    }
    found.truncate(HIDDEN_MAX);
    found
}

/// Stretches of places for which something holds.
fn runs(count: usize, holds: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for k in (0..count).filter(|k| holds(*k)) {
        match found.last_mut() {
            Some(last) if last.end == k => last.end = k + 1,
            _ => found.push(k..k + 1),
        }
    }
    found
}

fn require_fitting(laid: &Laid, recipe: &Recipe) -> Result<(), Error> {
    let Photo { width_px, height_px, .. } = laid.photos.before;
    let ends =
        |first: usize, count: usize, side: usize| first.checked_add(count).is_some_and(|end| end <= side);
    let fits = |area: &Area| {
        ends(area.left_px, area.width_px, width_px) && ends(area.top_px, area.height_px, height_px)
    };
    let wrong = |found: &str, needed| Err(Error::Recipe { found: found.to_owned(), needed });
    if !fits(&recipe.crop) || !recipe.hidden.iter().all(fits) {
        return wrong("an area that reaches beyond the pictures", "areas within what both photographs show");
    }
    if recipe.crop.width_px.min(recipe.crop.height_px) < SIDE_MIN_PX {
        return wrong("a crop of fewer than 64 pixels", "64 pixels a side or more");
    }
    if recipe.hidden.len() > HIDDEN_MAX {
        return wrong("more than 1000 areas to paint over", "fewer and larger areas");
    }
    Ok(())
}

/// Refuses a picture that hides the scar: by its crop, or by what is painted over.
fn require_scar(laid: &Laid, recipe: &Recipe, unshown: &Mask) -> Result<(), Error> {
    let mut seen = scar(laid);
    // What one of the photographs does not show nobody can choose to show; that it is gray is stated.
    seen.samples.iter_mut().zip(&unshown.samples).for_each(|(seen, unshown)| *seen &= !unshown);
    let all = seen.samples.iter().filter(|is_scar| **is_scar).count();
    for (x, y) in recipe.hidden.iter().flat_map(pixels) {
        seen.samples[y * seen.width + x] = false;
    }
    let seen = pixels(&recipe.crop).filter(|(x, y)| seen.at(*x, *y)).count();
    if all > 0 && seen as f64 >= SCAR_SHOWN_MIN * all as f64 {
        return Ok(());
    }
    Err(Error::ScarHidden { percent: (100 * seen).checked_div(all).unwrap_or(0) as u8 })
}

/// Pixels of the scar that was measured.
fn scar(laid: &Laid) -> Mask {
    let Photo { width_px, height_px, .. } = laid.photos.before;
    let scars = laid.scar_outlines.iter().map(|outline| {
        let corners: Vec<(f64, f64)> = outline.iter().map(|p| (p.x_px, p.y_px)).collect();
        fill_polygon(&corners, width_px, height_px)
    });
    scars.fold(Mask::filled(width_px, height_px, false), |all, one| or(&all, &one))
}

fn paint_over(photo: &mut Photo, area: &Area) {
    let width_px = photo.width_px;
    for (x, y) in pixels(area) {
        photo.codes[3 * (y * width_px + x)..][..3].fill(PAINT);
    }
}

fn cropped(photo: &Photo, crop: &Area) -> Photo {
    let rows = crop.top_px..crop.top_px + crop.height_px;
    let codes = rows.flat_map(|y| {
        let first = 3 * (y * photo.width_px + crop.left_px);
        photo.codes[first..first + 3 * crop.width_px].iter().copied()
    });
    Photo::new(crop.width_px, crop.height_px, photo.space, photo.bit_depth, codes.collect())
}

fn area(columns: Range<usize>, rows: Range<usize>) -> Area {
    Area { left_px: columns.start, top_px: rows.start, width_px: columns.len(), height_px: rows.len() }
}

fn pixels(area: &Area) -> impl Iterator<Item = (usize, usize)> {
    let Area { left_px, top_px, width_px, height_px } = *area;
    (top_px..top_px + height_px).flat_map(move |y| (left_px..left_px + width_px).map(move |x| (x, y)))
}

#[cfg(test)]
mod tests;
