//! Time from a slider's move to its picture, or to what changed in the one at hand: 12 megapixels, about 20,000 dots, a view of
//! 2 megapixels, 200 moves.
//!
//! `cargo run --package stipple-pipeline --example live_speed`; `-- strip` for the draft of an ordinary strip scar instead.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock and prints"
)]

use std::collections::BTreeMap;
use std::time::Instant;

use stipple_model::{Course, Date, Drawn, Hairline, Light, Moment, Unwatched, View, Wish};
use stipple_pipeline::synthetic::{Nuisance, ScarShape, SynthOptions};
use stipple_pipeline::{Live, LiveView, Part, PhotoRequest, RootFinder, ScarSaid, Settings, read, synth};
use stipple_quantity::{PointInPhoto, Seed, Stream};

const WIDTH_PX: usize = 4000;
const HEIGHT_PX: usize = 3000;
const PX_PER_MM: f64 = 13.5;
/// Columns of a view of 2 megapixels.
const VIEW_PX: usize = 1632;
const MOVES: usize = 200;
/// Drawings that are made anew after them, and which of the sliders these are.
const DRAWINGS: usize = 6;
const FIRST_DRAWING: usize = 11;

/// Sliders that do not change what is drawn, those of the view, and drawings.
const SLIDERS: [&str; 13] = [
    "density",
    "feather",
    "diameter",
    "pigment",
    "dilution",
    "sessions",
    "moment and course",
    "light",
    "part",
    "hair growth",
    "distance",
    "hairline",
    "thinning",
];

fn main() {
    let strip = std::env::args().nth(1).as_deref() == Some("strip");
    let (width_px, drawings) = if strip { (VIEW_PX / 2, 0) } else { (VIEW_PX, DRAWINGS) };
    let (photo, reading, settings) = if strip { ordinary() } else { scalp() };
    let (started, cpu_before_ms) = (Instant::now(), cpu_ms());
    let mut live = Live::open(&photo, &reading, &settings, &Unwatched).expect("it opens");
    println!(
        "open: {:.2} s (CPU {:.2} s)",
        started.elapsed().as_secs_f64(),
        (cpu_ms() - cpu_before_ms) / 1000.0
    );
    let mut wish = live.wish();
    let mut view = LiveView { view: Some(View::at(Moment::Healed)), part: None, width_px, over: None };
    let first = live.frame(&wish, &view).expect("a frame");
    view.over = Some(first.number);
    let summary = first.summary;
    println!("{} dots on {:.0} mm², {} caveats", summary.dots, summary.area_mm2, summary.caveats.len());
    let mut draw = Seed(7).stream("live_speed", 0);
    let mut times: BTreeMap<&str, Vec<[f64; 4]>> = BTreeMap::new();
    for number in 0..MOVES + drawings {
        let slider =
            SLIDERS[if number < MOVES { draw.below(FIRST_DRAWING) } else { FIRST_DRAWING + number % 2 }];
        if strip && slider == "part" {
            continue;
        }
        let before = (wish.clone(), view);
        moved(slider, &mut wish, &mut view, &live, &mut draw);
        let (started, cpu_before_ms) = (Instant::now(), cpu_ms());
        live.planned(&wish).expect("a plan");
        let plan_ms = 1000.0 * started.elapsed().as_secs_f64();
        let frame = live.frame(&wish, &view).expect("a frame");
        let all_ms = 1000.0 * started.elapsed().as_secs_f64();
        view.over = Some(frame.number);
        times.entry(slider).or_default().push([all_ms, plan_ms, all_ms - plan_ms, cpu_ms() - cpu_before_ms]);
        if ["part", "hair growth", "distance"].contains(&slider) {
            // Back to where most moves are made; not measured.
            (wish, view) = before;
            view.over = Some(live.frame(&wish, &view).expect("a frame").number);
        }
    }
    print(&times);
    println!("memory at most: {:.0} MB", memory_mb());
}

/// The strip scar that the program makes unless told otherwise.
fn ordinary() -> (Vec<u8>, Vec<u8>, Settings) {
    let options = SynthOptions { card: true, ..SynthOptions::ordinary(Seed(7)) };
    scene(&options, None, Drawn::default())
}

/// A sparse scalp with a strip scar, all of it drawn as thinning.
fn scalp() -> (Vec<u8>, Vec<u8>, Settings) {
    let options = SynthOptions {
        width_px: WIDTH_PX,
        height_px: HEIGHT_PX,
        pixel_pitch_um: 1000.0 / PX_PER_MM,
        unit_density_per_cm2: 25.0,
        scar: ScarShape::Strip { width_mm: 8.0 },
        nuisances: SynthOptions::ordinary(Seed(3)).nuisances.without(Nuisance::Shine),
        ..SynthOptions::ordinary(Seed(3))
    };
    scene(&options, Some(1000.0 / PX_PER_MM), Drawn { thinning: Some(outline(8.0)), hairline: None })
}

/// Photograph, reading, and what is asked.
fn scene(options: &SynthOptions, pixel_pitch_um: Option<f64>, drawn: Drawn) -> (Vec<u8>, Vec<u8>, Settings) {
    let photo = synth(options, None, &Unwatched).expect("options in range").photo_jpeg;
    let today = Date::constant(2026, 1, 1);
    let mut settings = Settings::new(None, None, None, today, Seed(1)).expect("shipped settings");
    let request = PhotoRequest {
        bytes: photo,
        scar: ScarSaid::Nothing,
        scribbles: None,
        pixel_pitch_um,
        neutral: None,
        roots: RootFinder::Classical,
    };
    let reading = read(&request, &settings, &Unwatched).expect("it can be read").reading_json;
    settings.drawn = drawn;
    (request.bytes, reading.into_bytes(), settings)
}

/// The photograph but for a border, px.
fn outline(border: f64) -> Vec<PointInPhoto> {
    let (right, bottom) = (WIDTH_PX as f64 - border, HEIGHT_PX as f64 - border);
    [(border, border), (right, border), (right, bottom), (border, bottom)]
        .map(|(x, y)| PointInPhoto::new(x, y))
        .to_vec()
}

/// Moves a slider to another place.
fn moved(slider: &str, wish: &mut Wish, view: &mut LiveView, live: &Live, draw: &mut Stream) {
    let mut shown = view.view.unwrap_or(View::at(Moment::Healed));
    match slider {
        "density" => wish.density = draw.between(0.5, 1.5),
        "feather" => wish.feather_mm = draw.between(0.0, 40.0),
        "diameter" => wish.healed_diameter_um = draw.between(90.0, 160.0),
        "pigment" => {
            let pigments = live.pigments();
            let ids = pigments.iter().map(|pigment| Some(pigment.id.clone())).chain([None]);
            let others: Vec<_> = ids.filter(|id| *id != wish.pigment).collect();
            wish.pigment = others[draw.below(others.len())].clone();
        }
        "dilution" => wish.dilution = [None, Some(draw.between(3.0, 63.0))][draw.below(2)],
        "sessions" => wish.sessions = 1 + (wish.sessions + draw.below(3)) % 4,
        "moment and course" => {
            (shown.moment, shown.course) = (Moment::ALL[draw.below(6)], Course::ALL[draw.below(3)]);
        }
        "light" => {
            let lights =
                [None, Some(Light::Daylight), Some(Light::Tungsten), Some(Light::Led), Some(Light::Flash)];
            shown.light = lights[draw.below(lights.len())];
        }
        "part" => {
            let (left_px, top_px) = (draw.below(1600), draw.below(1200));
            view.part = Some(Part { left_px, top_px, width_px: 2400, height_px: 1800 });
        }
        "hair growth" => shown.hair_growth_mm = draw.between(0.2, 3.0),
        "distance" => shown.distance_m = Some(draw.between(0.3, 4.0)),
        "hairline" => {
            let y = draw.between(300.0, 900.0);
            let line =
                [(200.0, y + 100.0), (2000.0, y), (3800.0, y + 100.0)].map(|(x, y)| PointInPhoto::new(x, y));
            let hair_side = Some(PointInPhoto::new(2000.0, 2500.0));
            wish.drawn.hairline = Some(Hairline { line: line.to_vec(), depth_mm: 100.0, hair_side });
        }
        _ => wish.drawn.thinning = Some(outline(draw.between(10.0, 60.0))),
    }
    view.view = Some(shown);
}

/// A table: median, 95th percentile and most of each slider, the medians of plan and picture, and the processor time of a
/// move, all threads together, ms.
fn print(times: &BTreeMap<&str, Vec<[f64; 4]>>) {
    println!(
        "| slider | moves | p50 ms | p95 ms | most ms | plan p50 | picture p50 | CPU mean |\n|---|---|---|---|---|---|---|---|"
    );
    let line = |name: &str, times: &[[f64; 4]]| {
        let at = |which: usize, share: f64| {
            let mut sorted: Vec<f64> = times.iter().map(|time| time[which]).collect();
            sorted.sort_by(f64::total_cmp);
            sorted[((share * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len()) - 1]
        };
        println!(
            "| {name} | {} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} |",
            times.len(),
            at(0, 0.5),
            at(0, 0.95),
            at(0, 1.0),
            at(1, 0.5),
            at(2, 0.5),
            times.iter().map(|time| time[3]).sum::<f64>() / times.len() as f64
        );
    };
    SLIDERS.iter().filter_map(|slider| Some((slider, times.get(slider)?))).for_each(|(s, t)| line(s, t));
    let sliders = times.iter().filter(|(name, _)| !["hairline", "thinning"].contains(name));
    line("all but drawings", &sliders.flat_map(|(_, times)| times.clone()).collect::<Vec<_>>());
}

/// Processor time of all threads of this process so far, ms, in steps of 10; not a number where the system does not tell.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Vec<f64> = fields.skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    if ticks.len() == 2 { 10.0 * (ticks[0] + ticks[1]) } else { f64::NAN }
}

/// Most memory that the process held, MB; not a number where the system does not tell.
fn memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.map_or(f64::NAN, |kb| kb / 1024.0)
}
