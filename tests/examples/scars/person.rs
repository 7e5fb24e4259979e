//! A person who corrects outlines with strokes, played from the truth.

use std::time::Instant;

use rayon::prelude::*;
use stipple_model::{Marks, Side, Stroke, TruthScar, Unwatched};
use stipple_quantity::{PointInPhoto, Seed};
use stipple_raster::Mask;
use stipple_raster::distance::distance_to;
use stipple_raster::morphology::{not, without};
use stipple_raster::region::{Region, mask_of, regions};
use stipple_read::{Canvas, ReadOptions, Refined, read_for_refining, refine};
use stipple_synth::{ScarShape, SynthOptions, Synthetic, synth};

use stipple_tests::dice;

use super::{Case, cases, edge_px, quantile};

/// Rounds of strokes.
const ROUNDS: usize = 3;
/// Strokes a round after the first.
const STROKES: usize = 4;
/// Radius of the brush, mm.
const BRUSH_MM: f64 = 0.4;
/// How far outside the scar a person draws the skin around, mm.
const AWAY_MM: f64 = 2.0;

/// What one round gave: Dice, edge error in mm, area over true minus one, edge error over what was stated.
type Round = [f64; 4];

/// Dice and edge error after each round.
pub(super) fn rounds(seed: u64, every: usize, with_proposal: bool) {
    let all: Vec<(Case, Vec<Round>)> = cases(seed, every)
        .into_par_iter()
        .map(|case| {
            let made = case.made();
            let canvas = canvas(&made, case.px_per_mm);
            let canvas = if with_proposal { canvas } else { canvas.cleared() };
            (case, drawn(&case, &made, &canvas))
        })
        .collect();
    println!(
        "| round | Dice median | worst decile | worst | edge mm median | p90 | area off p90 | edge over stated, RMS |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for round in 0..=ROUNDS {
        let of = |k: usize| all.iter().map(|(_, rounds)| rounds[round][k]).collect::<Vec<_>>();
        let known: Vec<f64> = of(3).into_iter().filter(|v| v.is_finite()).collect();
        let rms = (known.iter().map(|v| v * v).sum::<f64>() / known.len().max(1) as f64).sqrt();
        let area: Vec<f64> = of(2).into_iter().map(f64::abs).collect();
        println!(
            "| {round} | {:.3} | {:.3} | {:.2} | {:.2} | {:.2} | {:.0} % | {rms:.1} |",
            quantile(of(0), 0.5),
            quantile(of(0), 0.1),
            quantile(of(0), 0.0),
            quantile(of(1), 0.5),
            quantile(of(1), 0.9),
            100.0 * quantile(area, 0.9),
        );
    }
    by_shape(&all);
    let mut worst: Vec<_> = all.iter().collect();
    worst.sort_by(|a, b| a.1[1][0].total_cmp(&b.1[1][0]));
    for (case, rounds) in worst.iter().take(16) {
        println!("worst: {} Dice {:.2?}", case.name(), rounds.iter().map(|r| r[0]).collect::<Vec<_>>());
    }
}

fn by_shape(all: &[(Case, Vec<Round>)]) {
    for shape in super::SHAPES {
        for tint in super::TINTS {
            let own = || all.iter().filter(|(case, _)| case.shape == shape && case.tint == tint);
            if own().next().is_none() {
                continue;
            }
            let medians: Vec<String> = (0..=ROUNDS)
                .map(|round| {
                    let of = |k: usize| own().map(|(_, rounds)| rounds[round][k]).collect::<Vec<_>>();
                    format!("{:.3} ({:.2} mm)", quantile(of(0), 0.5), quantile(of(1), 0.5))
                })
                .collect();
            println!("| {} {tint:?} | {} |", super::shape_name(shape), medians.join(" | "));
        }
    }
}

fn canvas(made: &Synthetic, px_per_mm: f64) -> Canvas {
    let options = ReadOptions { pixel_pitch_um: Some(1000.0 / px_per_mm), ..ReadOptions::default() };
    read_for_refining(&made.photo, &options, &Unwatched).expect("a synthetic scalp is read").value.2
}

fn drawn(case: &Case, made: &Synthetic, canvas: &Canvas) -> Vec<Round> {
    let mut marks = Marks::default();
    let mut refined = refine(canvas, &marks);
    let mut rounds = vec![judged(case, made, &refined)];
    for round in 0..ROUNDS {
        marks.strokes.extend(if round == 0 {
            first(&made.truth.scars[0], case)
        } else {
            corrections(&made.scar_mask, &refined.mask, case.px_per_mm)
        });
        refined = refine(canvas, &marks);
        rounds.push(judged(case, made, &refined));
    }
    rounds
}

fn judged(case: &Case, made: &Synthetic, refined: &Refined) -> Round {
    let edge_mm = edge_px(&made.scar_mask, &refined.mask) / case.px_per_mm;
    let stated = refined.outlines.first().map_or(f64::NAN, |band| band.edge_mm);
    let area = refined.mask.count() as f64 / made.scar_mask.count() as f64 - 1.0;
    [dice(&made.scar_mask, &refined.mask), edge_mm, area, edge_mm / stated]
}

/// One stroke along the middle of the scar and one along each side, or around it.
fn first(scar: &TruthScar, case: &Case) -> Vec<Stroke> {
    let n = scar.outline.len();
    let stroke =
        |side: Side, path: Vec<PointInPhoto>| Stroke { side, path, radius_px: BRUSH_MM * case.px_per_mm };
    let out_px = AWAY_MM * case.px_per_mm;
    if let ScarShape::Patch { .. } = case.shape {
        let mean = |of: fn(&PointInPhoto) -> f64| scar.outline.iter().map(of).sum::<f64>() / n as f64;
        let (x, y) = (mean(|p| p.x_px), mean(|p| p.y_px));
        let along = (-4..=4).map(|k| PointInPhoto::new(x + 0.5 * f64::from(k) * case.px_per_mm, y)).collect();
        let around = scar.outline.iter().step_by(5).chain(scar.outline.first()).map(|p| {
            let (dx, dy) = (p.x_px - x, p.y_px - y);
            let stretch = 1.0 + out_px / dx.hypot(dy);
            PointInPhoto::new(x + stretch * dx, y + stretch * dy)
        });
        return vec![stroke(Side::Inside, along), stroke(Side::Outside, around.collect())];
    }
    let pair = |k: usize| (scar.outline[k], scar.outline[n - 1 - k]);
    let (from, to) = (n / 2 * 5 / 100, n / 2 * 95 / 100);
    let middle = |k: usize| {
        let (a, b) = pair(k);
        PointInPhoto::new((a.x_px + b.x_px) / 2.0, (a.y_px + b.y_px) / 2.0)
    };
    let beside = |sign: f64| {
        let place = move |k: usize| {
            let (a, b) = pair(k);
            let edge = if sign < 0.0 { a } else { b };
            PointInPhoto::new(edge.x_px, edge.y_px + sign * out_px)
        };
        (from..to).step_by(10).map(place).collect()
    };
    vec![
        stroke(Side::Inside, (from..to).step_by(10).map(middle).collect()),
        stroke(Side::Outside, beside(-1.0)),
        stroke(Side::Outside, beside(1.0)),
    ]
}

/// A stroke over each of the largest places that are wrong.
fn corrections(truth: &Mask, found: &Mask, px_per_mm: f64) -> Vec<Stroke> {
    let wrong = |side: Side, mask: Mask| {
        let (width, height) = (mask.width, mask.height);
        let depth = distance_to(&not(&mask));
        let all = regions(&mask).into_iter().filter(move |region| region.pixels.len() >= 8);
        all.filter_map(move |region| {
            let deepest = region.pixels.iter().map(|k| depth.samples[*k]).fold(0.0, f32::max);
            (f64::from(deepest) >= 0.2 * px_per_mm).then(|| {
                let core =
                    region.pixels.iter().copied().filter(|k| depth.samples[*k] >= 0.6 * deepest).collect();
                let core = Region { pixels: core };
                (region.pixels.len(), side, longest(&core, width, height), f64::from(deepest))
            })
        })
        .collect::<Vec<_>>()
    };
    let mut all = wrong(Side::Inside, without(truth, found));
    all.extend(wrong(Side::Outside, without(found, truth)));
    all.sort_by_key(|(size, ..)| std::cmp::Reverse(*size));
    let stroke = |(_, side, path, deepest): (usize, Side, Vec<PointInPhoto>, f64)| Stroke {
        side,
        path,
        radius_px: (0.8 * deepest).min(BRUSH_MM * px_per_mm),
    };
    all.into_iter().take(STROKES).map(stroke).collect()
}

/// A line through the largest piece of a region, along its longer side.
fn longest(region: &Region, width: usize, height: usize) -> Vec<PointInPhoto> {
    let pieces = regions(&mask_of(region, width, height));
    let piece = pieces.iter().max_by_key(|piece| piece.pixels.len()).expect("a region has a piece");
    let columns = || piece.pixels.iter().map(|k| k % width);
    let rows = || piece.pixels.iter().map(|k| k / width);
    let span = |low: Option<usize>, high: Option<usize>| high.unwrap_or(0) - low.unwrap_or(0);
    let wide = span(columns().min(), columns().max()) >= span(rows().min(), rows().max());
    let key = |k: &usize| if wide { k % width } else { k / width };
    let mut sums: std::collections::BTreeMap<usize, (f64, f64, f64)> = std::collections::BTreeMap::new();
    for k in &piece.pixels {
        let sum = sums.entry(key(k)).or_default();
        *sum = (sum.0 + (k % width) as f64 + 0.5, sum.1 + (k / width) as f64 + 0.5, sum.2 + 1.0);
    }
    sums.values().map(|(x, y, n)| PointInPhoto::new(x / n, y / n)).collect()
}

/// Time of refining at 12 megapixels, 25 pixels a millimetre, with one, three and ten strokes.
pub(super) fn speed(seed: u64) {
    let px_per_mm = 25.0;
    let options = SynthOptions {
        width_px: 4000,
        height_px: 3000,
        pixel_pitch_um: 1000.0 / px_per_mm,
        scar: ScarShape::Strip { width_mm: 4.0 },
        ..SynthOptions::ordinary(Seed(seed))
    };
    let made = synth(&options, &Unwatched).expect("the options are in range");
    let canvas = canvas(&made, px_per_mm);
    for strokes in [1, 3, 10] {
        let stroke = |k: usize| {
            let y = 300.0 + 240.0 * k as f64;
            let path = (0..40).map(|x| PointInPhoto::new(400.0 + 80.0 * f64::from(x), y)).collect();
            Stroke { side: Side::ALL[k % 2], path, radius_px: 12.0 }
        };
        let marks = Marks { strokes: (0..strokes).map(stroke).collect(), ..Marks::default() };
        let mut times: Vec<f64> = (0..9)
            .map(|_| {
                let started = Instant::now();
                refine(&canvas, &marks);
                1000.0 * started.elapsed().as_secs_f64()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{strokes} strokes at 12 megapixels: {:.0} ms (slowest {:.0} ms)", times[4], times[8]);
    }
}
