//! How surely card and ruler are found, and how well they tell the scale.
//!
//! `scale COUNT [all|card|ruler|color|checker|no-checker|look|without|KIND] [FOLDER]` prints how often the card was found
//! in COUNT pictures of each kind in which three or more of its fiducials are visible, or a ruler, by how much the pixel
//! pitch was off, and what was found where neither is; `color` tells what the card's grays and a color checker make of
//! measured skins; `checker` how surely a checker is found and what is refused; `no-checker` counts those invented; `look`
//! draws those found in the shared pictures. What was missed is written to FOLDER.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "an example talks to a person")]

mod checkers;
mod color;
mod shot;
mod without;

use std::path::{Path, PathBuf};

use shot::{Lies, Ruler, Shot, Surface};
use stipple_model::Photo;
use stipple_model::card::{HEIGHT_MM, WIDTH_MM};
use stipple_read::{card, ruler};

type Kind = (&'static str, fn(u64) -> Shot);

const KINDS: [Kind; 9] = [
    ("flat, any turn", Shot::plain),
    ("tilt to 45°", |seed| Shot::plain(seed).tilted(45.0)),
    ("partly covered", |seed| Shot::plain(seed).covered()),
    ("blurred", |seed| Shot::plain(seed).blurred()),
    ("poor light", |seed| Shot::plain(seed).poorly_lit()),
    ("cut by the edge", |seed| Shot::plain(seed).pushed()),
    ("all of it", |seed| Shot::plain(seed).tilted(45.0).covered().blurred().poorly_lit()),
    ("bent, 90 mm", |seed| {
        let shot = Shot::plain(seed).tilted(25.0);
        let axis_deg = shot.chance("axis").between(0.0, 180.0);
        Shot { surface: Surface::Bent { radius_mm: 90.0, axis_deg }, ..shot }
    }),
    ("stiff on a head", |seed| Shot {
        surface: Surface::Tangent { radius_mm: 90.0 },
        ..Shot::plain(seed).tilted(25.0)
    }),
];

const PAPER: Ruler = Ruler {
    step_mm: 1.0,
    lengths: [(1, 2.5), (5, 4.0), (10, 5.0)],
    width_mm: 0.15,
    ink: 0.05,
    ground: Some(0.8),
    numbers: true,
};

fn with_ruler(shot: Shot, ruler: Ruler) -> Shot {
    Shot { lies: Lies::Ruler(ruler), hair_per_mm2: shot.hair_per_mm2.min(0.6), ..shot }
}

const RULERS: [Kind; 6] = [
    ("ruler, flat", |seed| with_ruler(Shot::plain(seed), PAPER)),
    ("ruler, tilt to 15°", |seed| with_ruler(Shot::plain(seed).tilted(15.0), PAPER)),
    ("ruler, blurred", |seed| {
        let shot = Shot::plain(seed).blurred();
        with_ruler(Shot { blur_mm: 0.6 * shot.blur_mm, motion_mm: [0.0; 2], ..shot }, PAPER)
    }),
    ("ruler, covered", |seed| with_ruler(Shot::plain(seed).covered(), PAPER)),
    ("white on black", |seed| with_ruler(Shot::plain(seed), Ruler { ink: 0.7, ground: Some(0.05), ..PAPER })),
    ("half mm on skin", |seed| {
        let plate = Ruler {
            step_mm: 0.5,
            lengths: [(1, 0.6), (2, 1.0), (2, 1.0)],
            width_mm: 0.08,
            ground: None,
            numbers: false,
            ..PAPER
        };
        with_ruler(
            Shot { px_per_mm: 3.0 * Shot::plain(seed).px_per_mm, size_mm: [40.0, 32.0], ..Shot::plain(seed) },
            plate,
        )
    }),
];

fn main() {
    let mut words = std::env::args().skip(1);
    let count = words.next().map_or(100, |n| n.parse().expect("a number of pictures"));
    let part = words.next().unwrap_or_else(|| "all".to_owned());
    let wanted = |name: &str| part == "all" || part == name;
    let folder = words.next().map(PathBuf::from);
    println!(
        "{:<18}{:>6}{:>9}{:>7}{:>9}{:>9}{:>9}{:>9}",
        "kind", "shots", "found %", "wrong", "mean %", "p95 %", "worst %", "in 2 u %"
    );
    for (name, make) in KINDS.iter().filter(|(name, _)| wanted("card") || wanted(name)) {
        row(name, *make, count, folder.as_deref());
    }
    for (name, make) in RULERS.iter().filter(|(name, _)| wanted("ruler") || wanted(name)) {
        ruler_row(name, *make, count, folder.as_deref());
    }
    if wanted("color") {
        color::run(count);
    }
    if wanted("checker") {
        checkers::run(count, folder.as_deref());
    }
    if part == "no-checker" {
        without::run(count, without::Asked { scale: false }, folder.as_deref());
    }
    if part == "look" {
        checkers::look(folder.as_deref());
    }
    if wanted("without") {
        without::run(count, without::Asked { scale: true }, folder.as_deref());
    }
}

/// Pictures of one kind of ruler.
fn ruler_row(name: &str, make: fn(u64) -> Shot, count: usize, folder: Option<&Path>) {
    let (mut found, mut wrong, mut inside, mut errors) = (0u32, 0, 0u32, Vec::new());
    for shot in (0..).map(make).take(count) {
        let photo = shot.take();
        let Some(ruler) = ruler::find(&photo) else {
            save(folder, &format!("missed-{}-{}", name.replace(' ', "-"), shot.seed), &photo);
            continue;
        };
        found += 1;
        let told = ruler.pixel_pitch_um;
        let middle = [0, 1].map(|axis| {
            let of = |p: &stipple_quantity::PointInPhoto| [p.x_px, p.y_px][axis];
            (of(&ruler.ends[0]) + of(&ruler.ends[1])) / 2.0
        });
        let error = told.value / shot.pitch_um(shot.place_at(middle), true) - 1.0;
        wrong += usize::from(error.abs() > 0.1);
        inside += u32::from(error.abs() < 2.0 * told.relative_uncertainty());
        if error.abs() > 0.1 {
            println!("    off by {:.1} %: {name} seed {}, {} ticks", 100.0 * error, shot.seed, ruler.ticks);
            save(folder, &format!("off-{}-{}", name.replace(' ', "-"), shot.seed), &photo);
        }
        errors.push(100.0 * error.abs());
    }
    print_row(name, count, found, wrong, inside, errors);
}

fn print_row(name: &str, count: usize, found: u32, wrong: usize, inside: u32, mut errors: Vec<f64>) {
    errors.sort_by(f64::total_cmp);
    let mean = errors.iter().sum::<f64>() / errors.len().max(1) as f64;
    let p95 = errors.get(errors.len() * 95 / 100).copied().unwrap_or(f64::NAN);
    println!(
        "{name:<18}{count:>6}{:>9.1}{wrong:>7}{mean:>9.2}{p95:>9.2}{:>9.2}{:>9.1}",
        100.0 * f64::from(found) / count as f64,
        errors.last().copied().unwrap_or(f64::NAN),
        100.0 * f64::from(inside) / f64::from(found.max(1)),
    );
}

/// Pictures of one kind with at least three visible fiducials.
fn row(name: &str, make: fn(u64) -> Shot, count: usize, folder: Option<&Path>) {
    let shots = (0..).map(make).filter(|shot| shot.visible_fiducials() >= 3).take(count);
    let (mut found, mut wrong, mut inside, mut errors) = (0u32, 0, 0u32, Vec::new());
    let middle = [WIDTH_MM / 2.0, HEIGHT_MM / 2.0];
    for shot in shots {
        let photo = shot.take();
        let Some(card) = card::find(&photo).value else {
            println!("    missed: {name} seed {}", shot.seed);
            save(folder, &format!("missed-{}-{}", name.replace(' ', "-"), shot.seed), &photo);
            continue;
        };
        found += 1;
        let at = shot.seen_at(middle, true);
        let place = card.outline.iter().fold([0.0; 2], |m, p| [m[0] + p.x_px / 4.0, m[1] + p.y_px / 4.0]);
        let away_mm = (place[0] - at.x_px).hypot(place[1] - at.y_px) / shot.px_per_mm;
        wrong += usize::from(away_mm > 5.0);
        let told = card.pixel_pitch_um_at(at);
        let error = told.value / shot.pitch_um(middle, true) - 1.0;
        inside += u32::from(error.abs() < 2.0 * told.relative_uncertainty());
        if error.abs() > 0.02 {
            println!(
                "    off by {:.1} %: {name} seed {}, {} fiducials",
                100.0 * error,
                shot.seed,
                card.fiducials_found
            );
            save(folder, &format!("off-{}-{}", name.replace(' ', "-"), shot.seed), &photo);
        }
        errors.push(100.0 * error.abs());
    }
    print_row(name, count, found, wrong, inside, errors);
}

/// Writes a photograph to look at.
pub(crate) fn save(folder: Option<&Path>, name: &str, photo: &Photo) {
    let Some(folder) = folder else { return };
    std::fs::create_dir_all(folder).unwrap();
    let bytes: Vec<u8> = photo.codes.iter().map(|code| (code >> 8) as u8).collect();
    let file = std::fs::File::create(folder.join(format!("{name}.png"))).unwrap();
    let mut encoder = png::Encoder::new(file, photo.width_px as u32, photo.height_px as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
}
