//! How well before and after are aligned: `bench_align PAIRS [first seed] [FOLDER]`.
//!
//! Renders pairs of visits, easy and harsh, at 12 px/mm, reads both as any photograph is read, aligns the follicles
//! that were found and compares with the truth on a grid of 2 mm. With a folder, leaves the first ten pairs there for
//! others to be measured on: `N-easy-a.png`, `N-easy-b.png` and `N-easy.csv` (x, y in the one, x, y in the other, px).
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use std::fmt::Write as _;
use std::path::Path;

use stipple_model::{Photo, Unwatched};
use stipple_points::constellation::{Alignment, Constellation, Refusal, align};
use stipple_quantity::{PointInPhoto, Seed};
use stipple_read::{ReadOptions, read};
use stipple_synth::{Change, ScarShape, SynthOptions, Visits, synth_visits};

const PX_PER_MM: f64 = 12.0;
/// What the first photograph shows, mm.
const SIDE_MM: (f64, f64) = (60.0, 45.0);
/// Grid of places that are compared, mm.
const GRID_MM: f64 = 2.0;
/// An alignment has failed when more than a twentieth of the places it claims to know are farther off, mm.
const FAILED_MM: f64 = 0.5;
/// A success knows this share of what both photographs show.
const KNOWN_MIN: f64 = 0.75;
/// Pairs that are left in the folder.
const LEFT: u64 = 10;
/// First seed: far from those of the training scenes.
const FIRST_SEED: u64 = 7_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(pairs) = arguments.first().and_then(|n| n.parse::<u64>().ok()) else {
        println!("usage: bench_align PAIRS [first seed] [FOLDER]");
        return;
    };
    let first_seed = arguments.get(1).and_then(|n| n.parse().ok()).unwrap_or(FIRST_SEED);
    let folder = arguments.get(2).map(Path::new);
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder).expect("the folder can be made");
    }
    println!(
        "| pairs | n | median of medians (worst) mm | middle p95 (worst) mm | success | silent | refused | known | scatter | log10 chance | CPU s (most) | roots |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (name, change) in [("easy", Change::easy as fn(Seed) -> Change), ("harsh", Change::harsh)] {
        let seeds = first_seed..first_seed + pairs;
        let rows: Vec<Row> =
            seeds.map(|seed| row(seed, name, change, folder.filter(|_| seed < first_seed + LEFT))).collect();
        summary(name, &rows);
        strangers(name, &rows);
    }
}

/// What came of one pair.
struct Row {
    seed: u64,
    before: Constellation,
    after: Constellation,
    mirrored: Constellation,
    roots: usize,
    seconds: f64,
    outcome: Result<Outcome, Refusal>,
}

struct Outcome {
    median: f64,
    p95: f64,
    known: f64,
    scatter: f64,
    log10_chance: f64,
}

fn row(seed: u64, name: &str, change: fn(Seed) -> Change, folder: Option<&Path>) -> Row {
    let made = visits(seed, change);
    if let Some(folder) = folder {
        leave(&made, &folder.join(format!("{seed}-{name}")));
    }
    let width_px = made.after.photo.width_px as f64;
    let (before, _) = found(&made.before.photo, None);
    let (after, roots) = found(&made.after.photo, None);
    let (mirrored, _) = found(&made.after.photo, Some(width_px));
    let (alignment, seconds) = timed(&before, &after);
    let outcome = alignment.map(|alignment| compared(&alignment, &made));
    Row { seed, before, after, mirrored, roots, seconds, outcome }
}

fn visits(seed: u64, change: fn(Seed) -> Change) -> Visits {
    let mut draw = Seed(seed).stream("bench.align", 0);
    let options = SynthOptions {
        width_px: (SIDE_MM.0 * PX_PER_MM) as usize,
        height_px: (SIDE_MM.1 * PX_PER_MM) as usize,
        pixel_pitch_um: 1000.0 / PX_PER_MM,
        ita_deg: draw.between(10.0, 60.0),
        unit_density_per_cm2: draw.between(55.0, 95.0),
        scar: ScarShape::Strip { width_mm: draw.between(1.5, 4.0) },
        ..SynthOptions::ordinary(Seed(seed))
    };
    synth_visits(&options, &change(Seed(seed + 1_000_000)), &Unwatched).expect("the options are in range")
}

/// The follicles that are found in a photograph, seen in a mirror if its width is told; and how many.
fn found(photo: &Photo, mirror: Option<f64>) -> (Constellation, usize) {
    let options = ReadOptions { pixel_pitch_um: Some(1000.0 / PX_PER_MM), ..ReadOptions::default() };
    let reading = read(photo, &options, &Unwatched).expect("a synthetic scalp can be read").value.0;
    let at = |p: PointInPhoto| (mirror.map_or(p.x_px, |width_px| width_px - p.x_px), p.y_px);
    let places: Vec<(f64, f64)> = reading.hair.detections.iter().map(|d| at(d.at)).collect();
    let confidence = reading.hair.detections.iter().map(|d| d.confidence).collect();
    (Constellation::in_px(&places, 1000.0 / PX_PER_MM, confidence), places.len())
}

/// Aligns on one thread, and counts its processor time.
fn timed(before: &Constellation, after: &Constellation) -> (Result<Alignment, Refusal>, f64) {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread starts");
    one.install(|| {
        let start = spent_s();
        let alignment = align(before, after);
        (alignment, spent_s() - start)
    })
}

/// Processor time of this thread as Linux counts it; zero elsewhere.
fn spent_s() -> f64 {
    let counts = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    counts.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

/// Places of the grid that both photographs show, px.
fn truth(made: &Visits) -> Vec<(PointInPhoto, PointInPhoto)> {
    let (width_px, height_px) = (made.after.photo.width_px as f64, made.after.photo.height_px as f64);
    let edge = 0.5 * PX_PER_MM;
    let shown = |p: &PointInPhoto| {
        (edge..width_px - edge).contains(&p.x_px) && (edge..height_px - edge).contains(&p.y_px)
    };
    let steps = |side_mm: f64| 1..(side_mm / GRID_MM) as usize;
    let place = |k: usize| k as f64 * GRID_MM * PX_PER_MM;
    let grid = steps(SIDE_MM.1).flat_map(|y| steps(SIDE_MM.0).map(move |x| (x, y)));
    let places = grid.map(|(x, y)| PointInPhoto::new(place(x), place(y)));
    places.map(|p| (p, made.after_from_before(p))).filter(|(_, q)| shown(q)).collect()
}

fn compared(alignment: &Alignment, made: &Visits) -> Outcome {
    let truth = truth(made);
    let off = |(p, q): &(PointInPhoto, PointInPhoto)| {
        let at = alignment.map((p.x_px / PX_PER_MM, p.y_px / PX_PER_MM))?;
        Some((at.0 - q.x_px / PX_PER_MM).hypot(at.1 - q.y_px / PX_PER_MM))
    };
    let errors: Vec<f64> = truth.iter().filter_map(off).collect();
    let known = errors.len() as f64 / truth.len().max(1) as f64;
    let (scatter, log10_chance) = (alignment.scatter(), alignment.log10_chance());
    Outcome { median: quantile(&errors, 0.5), p95: quantile(&errors, 0.95), known, scatter, log10_chance }
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((share * last as f64).round() as usize).copied().unwrap_or(f64::NAN)
}

fn summary(name: &str, rows: &[Row]) {
    let good: Vec<&Outcome> = rows.iter().filter_map(|row| row.outcome.as_ref().ok()).collect();
    let of = |pick: &dyn Fn(&Outcome) -> f64| -> Vec<f64> { good.iter().map(|o| pick(o)).collect() };
    let seconds: Vec<f64> = rows.iter().map(|row| row.seconds).collect();
    let roots: Vec<f64> = rows.iter().map(|row| row.roots as f64).collect();
    let success = good.iter().filter(|o| o.p95 <= FAILED_MM && o.known >= KNOWN_MIN).count();
    let silent = good.iter().filter(|o| o.p95 > FAILED_MM).count();
    println!(
        "| {name} | {} | {:.3} ({:.3}) | {:.3} ({:.3}) | {success} | {silent} | {} | {:.2} ({:.2}) | {:.3} | {:.0} ({:.0}) | {:.2} ({:.2}) | {:.0} |",
        rows.len(),
        quantile(&of(&|o| o.median), 0.5),
        quantile(&of(&|o| o.median), 1.0),
        quantile(&of(&|o| o.p95), 0.5),
        quantile(&of(&|o| o.p95), 1.0),
        rows.len() - good.len(),
        quantile(&of(&|o| o.known), 0.5),
        quantile(&of(&|o| o.known), 0.0),
        quantile(&of(&|o| o.scatter), 0.5),
        quantile(&of(&|o| o.log10_chance), 0.5),
        quantile(&of(&|o| o.log10_chance), 1.0),
        quantile(&seconds, 0.5),
        quantile(&seconds, 1.0),
        quantile(&roots, 0.5),
    );
    for row in rows {
        match &row.outcome {
            Err(refusal) => println!("  {}: {refusal}", row.seed),
            Ok(o) if o.p95 > 0.3 || o.known < KNOWN_MIN => {
                println!("  {}: median {:.3}, p95 {:.3} mm, {:.2} known", row.seed, o.median, o.p95, o.known);
            }
            Ok(_) => {}
        }
    }
}

/// Every head against the next one and against its own mirror image: all must be refused.
fn strangers(name: &str, rows: &[Row]) {
    let next = rows.iter().zip(rows.iter().cycle().skip(1)).filter(|(a, b)| a.seed != b.seed);
    let others: Vec<_> = next.map(|(a, b)| timed(&a.before, &b.after)).collect();
    let mirrored: Vec<_> = rows.iter().map(|row| timed(&row.before, &row.mirrored)).collect();
    for (what, tried) in [("other heads", others), ("mirror images", mirrored)] {
        let refused = tried.iter().filter(|(alignment, _)| alignment.is_err()).count();
        let named = tried.iter().filter(|(a, _)| matches!(a, Err(Refusal::Mirrored))).count();
        let seconds: Vec<f64> = tried.iter().map(|(_, seconds)| *seconds).collect();
        println!(
            "  {name}, {what}: {refused} of {} refused, {named} as mirrored, {:.2} s ({:.2} s)",
            tried.len(),
            quantile(&seconds, 0.5),
            quantile(&seconds, 1.0),
        );
    }
}

/// Pictures and truth for others.
fn leave(made: &Visits, stem: &Path) {
    let named = |end: &str| {
        stem.with_file_name(format!("{}{end}", stem.file_name().expect("a name").to_string_lossy()))
    };
    for (photo, end) in [(&made.before.photo, "-a.png"), (&made.after.photo, "-b.png")] {
        let bytes: Vec<u8> = photo.codes.iter().map(|code| (code / 257) as u8).collect();
        let picture = image::RgbImage::from_raw(photo.width_px as u32, photo.height_px as u32, bytes);
        picture.expect("three bytes a pixel").save(named(end)).expect("the disk has room");
    }
    let mut rows = String::from("x_px,y_px,to_x_px,to_y_px\n");
    for (p, q) in truth(made) {
        let _ = writeln!(rows, "{:.3},{:.3},{:.3},{:.3}", p.x_px, p.y_px, q.x_px, q.y_px);
    }
    std::fs::write(named(".csv"), rows).expect("the disk has room");
}
