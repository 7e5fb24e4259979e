//! Time of a preview: 20,000 dots on 2 megapixels and 200,000 on 12, median of eleven runs.
//!
//! `cargo run --release -p stipple-preview --example speed`

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock and prints"
)]

use std::time::Instant;

use stipple_color::{Lab, RgbSpace};
use stipple_model::{
    BitDepth, Dot, Moment, Photo, Pigment, Plan, PlannedPigment, Session, SkinOptics, Totals, Unwatched, View,
};
use stipple_preview::preview;
use stipple_quantity::{Estimate, PointInPhoto, PointInScalp, ScalpFromPhoto, Seed};

fn main() {
    for (width, height, dots) in [(1632, 1224, 20_000), (4000, 3000, 200_000)] {
        let codes = [205 * 257, 160 * 257, 136 * 257].into_iter().cycle().take(3 * width * height).collect();
        let photo = Photo::new(width, height, RgbSpace::Srgb, BitDepth::Eight, codes);
        let plan = plan(&photo, 12.0, dots);
        let before_s = cpu_s();
        let mut times: Vec<f64> = (0..RUNS)
            .map(|_| {
                let started = Instant::now();
                preview(&plan, &photo, &View::at(Moment::Healed), &Unwatched).expect("the plan fits");
                1000.0 * started.elapsed().as_secs_f64()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let cpu_ms = 1000.0 * (cpu_s() - before_s) / RUNS as f64;
        let (median, fastest) = (times[RUNS / 2], times[0]);
        println!(
            "{width} x {height} px, {dots} dots: {median:.0} ms (fastest {fastest:.0} ms), CPU {cpu_ms:.0} ms"
        );
    }
}

/// Times each preview is made.
const RUNS: usize = 11;

/// Processor time of all threads of this process, s; not a number where the system does not tell.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Vec<f64> = fields.skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    if ticks.len() == 2 { (ticks[0] + ticks[1]) / 100.0 } else { f64::NAN }
}

fn plan(photo: &Photo, px_per_mm: f64, dots: usize) -> Plan {
    let mut chance = Seed(1).stream("speed", 0);
    let dot = |_| {
        let (x, y) =
            (chance.between(0.0, photo.width_px as f64), chance.between(0.0, photo.height_px as f64));
        Dot {
            at_scalp: PointInScalp::new(x / px_per_mm, y / px_per_mm),
            at_photo: PointInPhoto::new(x, y),
            diameter_um: chance.between(180.0, 220.0),
            needle_depth_mm: [0.25, 0.5],
            pigment: 0,
            in_scar: false,
            zone: 1,
        }
    };
    let dots: Vec<Dot> = (0..dots).map(dot).collect();
    Plan {
        photo_width_px: photo.width_px,
        photo_height_px: photo.height_px,
        pixel_pitch_um: Estimate::new(1000.0 / px_per_mm, 1.0),
        scalp_from_photo: ScalpFromPhoto::from_pixel_pitch_um(1000.0 / px_per_mm),
        photo_white_gain: [1.0; 3],
        hairs: Vec::new(),
        protocol: "speed 1".into(),
        pigments: vec![PlannedPigment { pigment: carbon(), dilution: 15.0 }],
        totals: Totals {
            dots: dots.len(),
            area_mm2: 1.0,
            dot_density_per_cm2: 1.0,
            pigment_ul: 1.0,
            chair_minutes: 1.0,
        },
        sessions: vec![Session { number: 1, interval_days: 0, dots }],
        scar_outlines: Vec::new(),
        drawn_lines: Vec::new(),
        lost: Vec::new(),
        sessions_done: 0,
        healed_diameter_um: Estimate::new(120.0, 20.0),
        skin_lab: Lab::new(69.0, 12.0, 19.0),
        hair_lab: None,
        skin_optics: SkinOptics::ORDINARY,
        healed_match: None,
        scar_tone: None,
    }
}

fn carbon() -> Pigment {
    Pigment {
        id: "carbon".into(),
        name: "Carbon".into(),
        recipe: "Carbon black in water".into(),
        lab_in_bottle: Lab::new(17.0, 0.0, 0.0),
        absorption_550_per_mm: 200.0,
        absorption_exponent: 1.0,
        absorption_curvature: 0.0,
        absorption_uncertainty: 0.5,
        dilutions: vec![15.0],
        source: "a planning value".into(),
    }
}
