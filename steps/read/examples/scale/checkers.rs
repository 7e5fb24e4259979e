//! How surely a color checker is found, and which are refused.

use std::path::Path;

use stipple_color::{Lab, LinearRgb, RgbSpace};
use stipple_model::{Photo, Weight};
use stipple_quantity::{PointInPhoto, Seed};
use stipple_read::checker::reference::Edition;
use stipple_read::checker::{self, Checker, PATCHES};
use stipple_read::white::White;

use crate::Kind;
use crate::save;
use crate::shot::{Lies, Shot, mixed};
use crate::without::photographs;

/// Patches that have to be visible.
const VISIBLE_MIN: usize = 12;

fn plain(seed: u64) -> Shot {
    let colors = Edition::After2014.linear(RgbSpace::Srgb).map(|rgb| rgb.map(|v| v.max(0.002) as f32));
    Shot { lies: Lies::Checker, patches: colors, ..Shot::plain(seed) }
}

fn painted(seed: u64, paint: impl Fn(usize, [f32; 3]) -> [f32; 3]) -> Shot {
    let shot = plain(seed);
    Shot { patches: std::array::from_fn(|k| paint(k, shot.patches[k])), ..shot }
}

/// Every dye bleached toward its own gray by its own share, up to nine tenths.
fn faded(seed: u64) -> Shot {
    painted(seed, |k, [r, g, b]| {
        let share = 0.9 * (mixed(seed, k as i64, 1) % 100) as f32 / 100.0;
        let gray = 0.21 * r + 0.72 * g + 0.07 * b;
        [r, g, b].map(|v| (1.0 - share) * v + share * gray)
    })
}

/// All bleached alike by half.
fn pale(seed: u64) -> Shot {
    painted(seed, |_, [r, g, b]| {
        let gray = 0.21 * r + 0.72 * g + 0.07 * b;
        [r, g, b].map(|v| 0.5 * v + 0.5 * gray)
    })
}

/// A copy from a printer that was not calibrated: each patch off by 7 in L*, a* and b* (standard deviation).
fn copied(seed: u64) -> Shot {
    painted(seed, |k, rgb| {
        let mut s = Seed(seed).stream("copy", k as u64);
        let lab = Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb });
        let off = Lab::new(lab.l + 7.0 * s.normal(), lab.a + 7.0 * s.normal(), lab.b + 7.0 * s.normal());
        off.to_linear(RgbSpace::Srgb).rgb.map(|v| v.max(0.002))
    })
}

/// A lamp mirrored in two of the six columns.
fn shining(seed: u64) -> Shot {
    painted(seed, |k, rgb| if (1..3).contains(&(k % 6)) { rgb.map(|v| v + 0.15) } else { rgb })
}

/// Half of the checker in a shadow.
fn shaded(seed: u64) -> Shot {
    let shot = plain(seed);
    let along = shot.chance("shadow").between(0.0, std::f64::consts::TAU);
    Shot { shadow: Some(([along.cos(), along.sin(), 0.0], 0.5)), ..shot }
}

/// Light that more than doubles over the checker.
fn steep(seed: u64) -> Shot {
    Shot { light_slope: [0.012, 0.006], ..plain(seed) }
}

const FOUND: [Kind; 7] = [
    ("flat, any turn", plain),
    ("tilt to 45°", |seed| plain(seed).tilted(45.0)),
    ("partly covered", |seed| plain(seed).covered()),
    ("blurred", |seed| plain(seed).blurred()),
    ("poor light", |seed| plain(seed).poorly_lit()),
    ("cut by the edge", |seed| plain(seed).pushed()),
    ("all of it", |seed| plain(seed).tilted(45.0).covered().blurred().poorly_lit()),
];

const REFUSED: [Kind; 6] = [
    ("half in shadow", shaded),
    ("steep light", steep),
    ("shine on a third", shining),
    ("dyes faded", faded),
    ("pale by half", pale),
    ("printed copy", copied),
];

/// Prints for each kind how many were found and used, and how far off the patches were.
pub(crate) fn run(count: usize, folder: Option<&Path>) {
    println!(
        "{:<18}{:>6}{:>9}{:>8}{:>8}{:>11}{:>10}{:>13}",
        "checker", "shots", "found %", "wrong", "used %", "doubted %", "outlined", "worst, step"
    );
    for (name, make) in FOUND.iter().chain(&REFUSED) {
        row(name, *make, count, folder);
    }
    for lies in [plain(1).lies, Lies::Nothing] {
        let photo = Shot { lies, px_per_mm: 36.0, ..plain(1) }.take();
        let start = std::time::Instant::now();
        let is_found = checker::find(&photo).is_some();
        let megapixels = (photo.width_px * photo.height_px) as f64 / 1e6;
        println!("{megapixels:.1} megapixels, found {is_found}: {:.2} s", start.elapsed().as_secs_f64());
    }
}

fn row(name: &str, make: fn(u64) -> Shot, count: usize, folder: Option<&Path>) {
    let shots = (0..).map(make).filter(|shot| shot.visible_patches() >= VISIBLE_MIN).take(count);
    let (mut found, mut wrong, mut used, mut doubted, mut outlined, mut worst) = (0, 0, 0, 0, 0, 0f64);
    for shot in shots {
        let photo = shot.take();
        let Some(checker) = checker::find(&photo) else {
            println!("    missed: {name} seed {}, {} patches visible", shot.seed, shot.visible_patches());
            save(folder, &format!("missed-{}-{}", name.replace(' ', "-"), shot.seed), &photo);
            continue;
        };
        found += 1;
        outlined += checker.outlined;
        let off = farthest_steps(&shot, &checker);
        if off > 0.3 {
            wrong += 1;
            println!("    wrong: {name} seed {}, {off:.1} steps off", shot.seed);
            save(
                folder,
                &format!("wrong-{}-{}", name.replace(' ', "-"), shot.seed),
                &drawn(&photo, &checker),
            );
        } else {
            worst = worst.max(off);
        }
        match White::from_checker(&checker, photo.space) {
            Ok(white) => {
                used += 1;
                doubted += i32::from(white.caveats.iter().any(|c| c.weight == Weight::Doubt));
            }
            Err(why) if count <= 12 => println!("    {name} seed {}: {}", shot.seed, why.message),
            Err(_) => {}
        }
    }
    println!(
        "{name:<18}{count:>6}{:>9.1}{wrong:>8}{:>8.1}{:>11.1}{:>10.1}{worst:>13.2}",
        100.0 * f64::from(found) / count as f64,
        100.0 * f64::from(used) / count as f64,
        100.0 * f64::from(doubted) / count as f64,
        outlined as f64 / f64::from(found.max(1))
    );
}

/// How far the farthest patch is from where it is, in patches.
fn farthest_steps(shot: &Shot, checker: &Checker) -> f64 {
    let at = |patch: usize| shot.seen_at(Shot::patch_mm(patch), true);
    let away = |a: PointInPhoto, b: PointInPhoto| (a.x_px - b.x_px).hypot(a.y_px - b.y_px);
    let off = |patch: usize| away(at(patch), checker.middles[patch]);
    (0..PATCHES).map(off).fold(0.0, f64::max) / away(at(8), at(9))
}

/// Draws the checkers found in the shared pictures and says what they told.
pub(crate) fn look(folder: Option<&Path>) {
    for (name, photo) in photographs() {
        match checker::find(&photo) {
            None => println!("{name}: none"),
            Some(found) => {
                let told = match White::from_checker(&found, photo.space) {
                    Ok(white) => white.caveats[0].message.clone(),
                    Err(why) => why.message,
                };
                println!("{name}: {} outlined, mirrored {}: {told}", found.outlined, found.is_mirrored);
                save(folder, &format!("look-{name}"), &drawn(&photo, &found));
            }
        }
    }
}

/// The photograph with the outline, and patches as points: green where used, red elsewhere; 1 is larger.
fn drawn(photo: &Photo, checker: &Checker) -> Photo {
    let mut codes = photo.codes.clone();
    let mut dot = |at: PointInPhoto, radius: i64, color: [u16; 3]| {
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                let (x, y) = (at.x_px as i64 + dx, at.y_px as i64 + dy);
                if (0..photo.width_px as i64).contains(&x) && (0..photo.height_px as i64).contains(&y) {
                    let k = 3 * (y as usize * photo.width_px + x as usize);
                    codes[k..k + 3].copy_from_slice(&color);
                }
            }
        }
    };
    for k in 0..4 {
        let (a, b) = (checker.outline[k], checker.outline[(k + 1) % 4]);
        for i in 0..400 {
            let t = f64::from(i) / 400.0;
            let at = PointInPhoto::new(a.x_px + t * (b.x_px - a.x_px), a.y_px + t * (b.y_px - a.y_px));
            dot(at, 0, [0, 65_535, 65_535]);
        }
    }
    for (k, at) in checker.middles.iter().enumerate() {
        let color = if checker.patches[k].is_some() { [0, 65_535, 0] } else { [65_535, 0, 0] };
        dot(*at, if k == 0 { 3 } else { 1 }, color);
    }
    Photo::new(photo.width_px, photo.height_px, photo.space, photo.bit_depth, codes)
}
