//! A ColorChecker Classic in the picture: its 24 patches as photographed.
//!
//! Evenly colored parallelograms are chained into a lattice on one plane; the lattice is a checker only if its colors
//! come in a checker's order, turned or mirrored. Classic, Mini and Passport have the same patches at other sizes, so it
//! tells colors and no scale.

mod flat;
mod lattice;
mod order;
pub mod reference;
#[cfg(test)]
pub(crate) mod tests;

use stipple_color::{LinearRgb, RgbSpace};
use stipple_model::Photo;
use stipple_quantity::PointInPhoto;

use crate::card::picture::Picture;
use lattice::{Cell, Lattice};
use order::Placement;
use reference::Edition;

/// Patches in a row.
pub const COLUMNS: usize = 6;
/// Rows of patches.
pub const ROWS: usize = 4;
/// Patches of a checker.
pub const PATCHES: usize = COLUMNS * ROWS;

/// Longest sides of the pictures that are searched, pixels, the next if the one before shows nothing.
const SEARCHED_PX: [usize; 3] = [1000, 500, 250];
/// Codes by which the color of a patch may change over two pixels, and whether noise is smoothed away before.
const STEEPEST: [(u8, bool); 4] = [(6, false), (11, false), (10, true), (20, true)];
/// Patches with which the search ends at once.
const PATCHES_ENOUGH: usize = 20;
/// Half of the square that is measured in a patch, steps of the lattice; patches are 0.8 to 0.9 steps wide.
const MEASURED: f64 = 0.2;
/// How far the frame reaches beyond the middles of the outer patches, steps.
const FRAME: f64 = 0.95;

/// A color checker as it was found in a photograph.
#[derive(Clone, Debug)]
pub struct Checker {
    /// Corners of its frame in the photograph: by the patches 1 (dark skin), 6, 24 (black) and 19 (white).
    pub outline: [PointInPhoto; 4],
    /// Middles of the patches in the photograph, row by row from dark skin to black.
    pub middles: [PointInPhoto; PATCHES],
    /// Median color of each patch in the photograph's own space; `None` where it is covered, clipped, unevenly lit or
    /// outside the picture.
    pub patches: [Option<LinearRgb>; PATCHES],
    /// Patches whose outlines were seen.
    pub outlined: usize,
    /// Whether the photograph was mirrored.
    pub is_mirrored: bool,
}

/// The color checker in a photograph, if one is there.
///
/// # Limits
/// Eight patches in rows and columns, each at least 6 pixels wide in the photograph, tilted by up to about 45°.
///
/// # Cost
/// 12 megapixels: about 0.2 s.
pub fn find(photo: &Photo) -> Option<Checker> {
    let picture = Picture::of(photo);
    let longest = photo.width_px.max(photo.height_px);
    let mut factors = SEARCHED_PX.map(|px| longest.div_ceil(px).max(1)).to_vec();
    factors.dedup();
    let reference = Edition::Before2014.linear(RgbSpace::Srgb);
    let mut best: Option<Checker> = None;
    for factor in factors {
        let shrunk = picture.shrunk_colors(factor);
        let smooth = shrunk.smoothed();
        for (steepest, is_smooth) in STEEPEST {
            let searched = if is_smooth { &smooth } else { &shrunk };
            let lattices = lattice::find(&flat::find(searched, steepest));
            let seen = lattices.iter().filter_map(|l| checker(&picture, l, factor as f64, &reference));
            for found in seen {
                if best.as_ref().is_none_or(|b| found.outlined > b.outlined) {
                    best = Some(found);
                }
            }
            if best.as_ref().is_some_and(|b| b.outlined >= PATCHES_ENOUGH) {
                return best;
            }
        }
    }
    best
}

/// The checker whose patches a lattice shows, if its colors are those of one.
fn checker(
    picture: &Picture,
    lattice: &Lattice,
    factor: f64,
    reference: &[[f64; 3]; PATCHES],
) -> Option<Checker> {
    let seen = |cell: Cell| measured(picture, lattice, factor, cell, f32::INFINITY);
    let placement = order::placement(&lattice.cells, seen, reference)?;
    let in_photo = |column: f64, row: f64| photo_at(lattice, factor, placement.place(column, row));
    let (right, bottom) = (COLUMNS as f64 - 1.0 + FRAME, ROWS as f64 - 1.0 + FRAME);
    let on_lattice = |k: usize| lattice.cells.contains(&placement.cell(k));
    Some(Checker {
        outline: [
            in_photo(-FRAME, -FRAME),
            in_photo(right, -FRAME),
            in_photo(right, bottom),
            in_photo(-FRAME, bottom),
        ],
        middles: std::array::from_fn(|k| in_photo((k % COLUMNS) as f64, (k / COLUMNS) as f64)),
        patches: patches(picture, lattice, factor, &placement),
        outlined: (0..PATCHES).filter(|k| on_lattice(*k)).count(),
        is_mirrored: placement.is_mirrored(),
    })
}

fn patches(
    picture: &Picture,
    lattice: &Lattice,
    factor: f64,
    placement: &Placement,
) -> [Option<LinearRgb>; PATCHES] {
    const CLIPPED: f32 = 0.96;
    std::array::from_fn(|k| {
        measured(picture, lattice, factor, placement.cell(k), CLIPPED).map(|rgb| LinearRgb { rgb })
    })
}

fn photo_at(lattice: &Lattice, factor: f64, place: [f64; 2]) -> PointInPhoto {
    let seen = lattice.plane.photo_at(place);
    PointInPhoto::new(seen.x_px * factor, seen.y_px * factor)
}

/// Median color of the inner part of a patch, if it is even and nowhere clipped.
fn measured(picture: &Picture, lattice: &Lattice, factor: f64, cell: Cell, clipped: f32) -> Option<[f32; 3]> {
    const STEPS: usize = 11;
    const UNEVEN: f32 = 0.35;
    let along = |k: usize| MEASURED * (2.0 * k as f64 / (STEPS - 1) as f64 - 1.0);
    let mut channels: [Vec<f32>; 3] = std::array::from_fn(|_| Vec::with_capacity(STEPS * STEPS));
    for k in 0..STEPS * STEPS {
        let place = [f64::from(cell[0]) + along(k % STEPS), f64::from(cell[1]) + along(k / STEPS)];
        let pixel = picture.linear_at(photo_at(lattice, factor, place))?;
        pixel.into_iter().zip(&mut channels).for_each(|(v, channel)| channel.push(v));
    }
    channels.iter_mut().for_each(|channel| channel.sort_by(f32::total_cmp));
    let at = |share: f64| channels.each_ref().map(|c| c[(share * (STEPS * STEPS - 1) as f64) as usize]);
    let (low, rgb, high) = (at(0.1), at(0.5), at(0.9));
    // A saturated color has channels near zero, where noise is all there is.
    let brightest = rgb.iter().copied().fold(0.0, f32::max);
    let is_even = (0..3).all(|c| high[c] - low[c] < UNEVEN * rgb[c].max(0.3 * brightest) + 0.01);
    (is_even && high.iter().all(|v| *v < clipped)).then_some(rgb)
}
