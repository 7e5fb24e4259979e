//! CIEDE2000 of a picture of 12 megapixels, head to head with the crate `palette`: `cargo run --release
//! -p stipple-color --example ciede2000_speed`.

#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::time::Instant;

use palette::color_difference::Ciede2000;
use stipple_color::{LabPlanes, ciede2000_map};

const PIXELS: usize = 12_000_000;

/// Skin colors and, for the second picture, the same with noise.
fn picture(seed: u32, noise: f32) -> [Vec<f32>; 3] {
    let mut state = seed;
    let mut draw = move |low: f32, high: f32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        low + (high - low) * (state >> 8) as f32 / 16_777_216.0
    };
    let base = [(20.0, 80.0), (-10.0, 30.0), (-10.0, 40.0)];
    base.map(|(low, high)| (0..PIXELS).map(|_| draw(low, high) + noise).collect())
}

/// Megapixels a second: the best of several strips, because the machine is shared.
fn best(mut run: impl FnMut(usize, usize)) -> f64 {
    let strip = 1 << 14;
    let mut fastest = f64::INFINITY;
    for from in (0..PIXELS - strip).step_by(strip) {
        let start = Instant::now();
        run(from, from + strip);
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    strip as f64 / fastest / 1e6
}

fn main() {
    let (one, two) = (picture(1, 0.0), picture(2, 1.0));
    let mut out = vec![0.0; PIXELS];
    let start = Instant::now();
    let planes = |p: &'static [Vec<f32>; 3]| LabPlanes { l: &p[0], a: &p[1], b: &p[2] };
    let (one, two): (&'static _, &'static _) = (Box::leak(Box::new(one)), Box::leak(Box::new(two)));
    ciede2000_map(planes(one), planes(two), &mut out).expect("the planes are equally long");
    let whole = PIXELS as f64 / start.elapsed().as_secs_f64() / 1e6;
    let ours = best(|from, to| {
        let part = |p: &'static [Vec<f32>; 3]| LabPlanes {
            l: &p[0][from..to],
            a: &p[1][from..to],
            b: &p[2][from..to],
        };
        ciede2000_map(part(one), part(two), &mut out[from..to]).expect("the planes are equally long");
    });
    let mut theirs_out = vec![0.0f32; PIXELS];
    let theirs = best(|from, to| {
        for (i, o) in (from..to).zip(&mut theirs_out[from..to]) {
            let lab = |p: &[Vec<f32>; 3]| {
                palette::Lab::<palette::white_point::D65, f32>::new(p[0][i], p[1][i], p[2][i])
            };
            *o = lab(one).difference(lab(two));
        }
    });
    let worst = out.iter().zip(&theirs_out).take(PIXELS / 2).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    println!("ciede2000_map: {ours:.0} megapixels a second ({whole:.0} over the whole picture, wall)");
    println!("palette:       {theirs:.1} megapixels a second; largest difference {worst:.5}");
}
