//! Pictures without card or ruler: nothing may be found in them.

use std::path::Path;

use stipple_color::RgbSpace;
use stipple_model::{BitDepth, Photo};
use stipple_quantity::{Seed, Stream};
use stipple_read::photo::{DecodeLimits, decode};
use stipple_read::{card, checker, ruler};

use crate::save;
use crate::shot::{Lies, Shot, mixed};

const SHARED: &str = "/work/shared/data";
/// Shared pictures that show a color checker.
const SHOW_CHECKERS: [&str; 9] = [
    "calibrite-passport",
    "camera-trax",
    "classic",
    "colorchecker-classic-mini",
    "find_color_card",
    "partial_card_rgb",
    "source1_img",
    "source2_img",
    "target_img",
];

/// What is looked for.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// Cards and rulers, in all photographs; else checkers alone, in those that show none.
    pub(crate) scale: bool,
}

/// Counts cards and rulers found where none is: heads, blocks, text, combs, other people's fiducials, photographs and cuts
/// of them. Some of the photographs do show rulers: those found there are written down to be looked at.
pub(crate) fn run(count: usize, asked: Asked, folder: Option<&Path>) {
    let mut photographs = photographs();
    if !asked.scale {
        photographs.retain(|(name, _)| !SHOW_CHECKERS.contains(&name.as_str()));
    }
    if photographs.is_empty() {
        println!("(skipped: no photographs in {SHARED})");
    }
    let kinds: [(&str, usize); 7] = [
        ("heads", count),
        ("blocks and noise", count),
        ("text", count),
        ("strange fiducials", count),
        ("combs", count),
        ("tiles", count),
        ("photographs", if photographs.is_empty() { 0 } else { count }),
    ];
    println!("{:<18}{:>6}{:>9}{:>9}{:>9}", "without", "shots", "cards", "rulers", "checkers");
    for (kind, (name, n)) in kinds.into_iter().enumerate() {
        let (mut cards, mut rulers, mut checkers) = (0, 0, 0);
        for k in 0..n {
            let mut stream = Seed(k as u64).stream("without", kind as u64);
            let photo = match kind {
                0 => Shot { lies: Lies::Nothing, ..Shot::plain(k as u64).tilted(30.0) }.take(),
                1 => blocks(&mut stream),
                2 => text(&mut stream),
                3 => strange(&mut stream),
                4 => combs(&mut stream),
                5 => tiles(&mut stream),
                _ => cut(&photographs[k % photographs.len()].1, k / photographs.len(), &mut stream),
            };
            let card = asked.scale && card::find(&photo).value.is_some();
            let ruler = asked.scale && ruler::find(&photo).is_some();
            cards += usize::from(card);
            rulers += usize::from(ruler);
            let checker = checker::find(&photo).is_some();
            checkers += usize::from(checker);
            if card || ruler || checker {
                save(folder, &format!("invented-{name}-{k}"), &photo);
            }
        }
        println!("{name:<18}{n:>6}{cards:>9}{rulers:>9}{checkers:>9}");
    }
}

/// The shared photographs with their names.
pub(crate) fn photographs() -> Vec<(String, Photo)> {
    let mut files = Vec::new();
    for folder in ["cards/apriltag", "cards/plantcv", "photos/stubble-ruler", "photos/clipped-scalp"] {
        let Ok(entries) = std::fs::read_dir(Path::new(SHARED).join(folder)) else { continue };
        files.extend(entries.filter_map(Result::ok).map(|entry| entry.path()));
    }
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let ending = path.extension()?.to_str()?.to_lowercase();
        if !["jpg", "png"].contains(&ending.as_str()) {
            return None;
        }
        let photo = decode(&std::fs::read(path).ok()?, &DecodeLimits::ordinary()).ok()?.value;
        Some((path.file_stem()?.to_str()?.to_owned(), photo))
    };
    files.iter().filter_map(read).collect()
}

/// The whole photograph first, then pieces of any size, turned.
fn cut(photo: &Photo, round: usize, s: &mut Stream) -> Photo {
    if round == 0 {
        return photo.clone();
    }
    let size = s.between(0.2, 0.9);
    let (width, height) = ((photo.width_px as f64 * size) as usize, (photo.height_px as f64 * size) as usize);
    let (left, top) = (s.below(photo.width_px - width), s.below(photo.height_px - height));
    let mirrored = s.uniform() < 0.5;
    let codes = (0..width * height)
        .flat_map(|k| {
            let (x, y) = (k % width, k / width);
            photo.pixel(left + if mirrored { width - 1 - x } else { x }, top + y)
        })
        .collect();
    Photo::new(width, height, photo.space, BitDepth::Eight, codes)
}

fn gray(width: usize, height: usize, light: impl Fn(f64, f64) -> f64, s: &mut Stream) -> Photo {
    let noise = s.between(0.0, 0.04);
    let codes = (0..width * height)
        .flat_map(|k| {
            let v = light((k % width) as f64 + 0.5, (k / width) as f64 + 0.5) + noise * s.normal();
            [(v.clamp(0.0, 1.0) * 65_535.0) as u16; 3]
        })
        .collect();
    Photo::new(width, height, RgbSpace::Srgb, BitDepth::Eight, codes)
}

/// Checkers and random blocks of any size and turn.
fn blocks(s: &mut Stream) -> Photo {
    let (seed, cell, turn) = (s.below(1 << 30) as u64, s.between(2.0, 40.0), s.between(0.0, 6.3));
    let (low, is_checker) = (s.between(0.0, 0.6), s.uniform() < 0.4);
    let (sin, cos) = turn.sin_cos();
    let light = move |x: f64, y: f64| {
        let (i, j) =
            (((x * cos - y * sin) / cell).floor() as i64, ((x * sin + y * cos) / cell).floor() as i64);
        let on = if is_checker { (i + j) % 2 == 0 } else { mixed(seed, i, j) & 1 == 1 };
        if on { 0.95 } else { low }
    };
    gray(700, 560, light, s)
}

/// Even tiles of any color in rows and columns with gaps, as many as there is room for.
fn tiles(s: &mut Stream) -> Photo {
    const SIZE: [usize; 2] = [700, 560];
    let (seed, step, turn) = (s.below(1 << 30) as u64, s.between(14.0, 110.0), s.between(0.0, 6.3));
    let (gap, colored, ground) = (s.between(0.0, 0.3), s.between(0.0, 1.0), s.between(0.02, 0.9));
    let (sin, cos) = turn.sin_cos();
    let codes = (0..SIZE[0] * SIZE[1]).flat_map(|k| {
        let (x, y) = ((k % SIZE[0]) as f64, (k / SIZE[0]) as f64);
        let (u, v) = ((x * cos - y * sin) / step, (x * sin + y * cos) / step);
        let hash = mixed(seed, u.floor() as i64, v.floor() as i64);
        let part = |c: usize| ((hash >> (10 * c)) & 0x3ff) as f64 / 1023.0;
        let in_gap = u.rem_euclid(1.0) < gap || v.rem_euclid(1.0) < gap;
        let noise = 0.008 * s.normal();
        [0, 1, 2].map(|c| {
            let tile = part(3) + colored * (part(c) - part(3));
            let level = if in_gap { ground } else { tile };
            (65_535.0 * (level + noise).clamp(0.0, 1.0)) as u16
        })
    });
    Photo::new(SIZE[0], SIZE[1], RgbSpace::Srgb, BitDepth::Eight, codes.collect())
}

/// Lines of random letters: strokes on a 4 × 6 grid with gaps.
fn text(s: &mut Stream) -> Photo {
    let (seed, stroke, turn) = (s.below(1 << 30) as u64, s.between(1.5, 8.0), s.between(-0.3, 0.3));
    let (sin, cos) = turn.sin_cos();
    let light = move |x: f64, y: f64| {
        let (u, v) = ((x * cos - y * sin) / stroke, (x * sin + y * cos) / stroke);
        let (letter, line) = ((u / 6.0).floor() as i64, (v / 10.0).floor() as i64);
        let (i, j) = (u.rem_euclid(6.0) as u32, v.rem_euclid(10.0) as u32);
        let ink = i < 4 && j < 6 && mixed(seed, letter, line) >> (i + 4 * j) & 1 == 1;
        if ink { 0.1 } else { 0.9 }
    };
    gray(700, 560, light, s)
}

/// Black squares with random codes in white rims, as fiducials of other families are.
fn strange(s: &mut Stream) -> Photo {
    let (seed, module, turn) = (s.below(1 << 30) as u64, s.between(2.5, 9.0), s.between(0.0, 6.3));
    let (sin, cos) = turn.sin_cos();
    let light = move |x: f64, y: f64| {
        let (u, v) = ((x * cos - y * sin) / module, (x * sin + y * cos) / module);
        let (tag, line) = ((u / 11.0).floor() as i64, (v / 11.0).floor() as i64);
        let (i, j) = (u.rem_euclid(11.0) as u32, v.rem_euclid(11.0) as u32);
        if i >= 8 || j >= 8 {
            return 0.9;
        }
        let inside = (1..7).contains(&i) && (1..7).contains(&j);
        let white = inside && mixed(seed, tag, line) >> (6 * (j - 1) + i - 1) & 1 == 1;
        if white { 0.9 } else { 0.06 }
    };
    gray(700, 560, light, s)
}

/// Even rows of strokes: equal ones, as of a hair comb, or in the order of an inch ruler, or of any length.
fn combs(s: &mut Stream) -> Photo {
    let (seed, step, turn) = (s.below(1 << 30) as u64, s.between(5.0, 40.0), s.between(0.0, 6.3));
    let (kind, longest) = (s.below(3), s.between(1.5, 6.0));
    let (sin, cos) = turn.sin_cos();
    let light = move |x: f64, y: f64| {
        let (u, v) = ((x * cos - y * sin) / step, (x * sin + y * cos) / step);
        let (number, row) = (u.round() as i64, (v / 9.0).floor() as i64);
        let share = match kind {
            0 => 1.0,
            1 => [16, 8, 4, 2].iter().position(|n| number % n == 0).map_or(0.3, |k| 1.0 - 0.15 * k as f64),
            _ => 0.3 + 0.7 * (mixed(seed, number, row) & 0xff) as f64 / 255.0,
        };
        let tick = (u - number as f64).abs() < 0.12 && v.rem_euclid(9.0) < share * longest;
        if tick { 0.15 } else { 0.8 }
    };
    gray(700, 560, light, s)
}
