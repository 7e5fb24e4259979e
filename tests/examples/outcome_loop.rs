//! How outcomes hold where the truth is known: `outcome_loop [RUNS] [same-hair]`.
//!
//! Scalps with a scar by skin and hair are photographed, read and planned on; a share of the planned dots is put into the
//! second photograph, healed and faded, months later: other hair, light and pose. Printed: the share that
//! `stipple_outcome` finds against the true one, and how often its interval holds it. With `same-hair` the hair lies as it did.
#![allow(clippy::print_stdout, reason = "a measurement prints")]

use std::collections::{HashMap, HashSet};

use stipple_model::{
    BeforeAfter, Deposits, Dot, DotToday, Drawn, Drift, Moment, Plan, Reading, ReadingMaps, Unwatched, View,
};
use stipple_optics::{Deposit, deposit_after, shape_in};
use stipple_outcome::{Aligned, Foreseen, Known, Visit, outcome};
use stipple_plan::{PlanOptions, plan};
use stipple_preview::{Canvas, Part, repaint};
use stipple_quantity::{Estimate, PointInPhoto, Seed};
use stipple_read::{ReadOptions, read};
use stipple_record::settings::{DEFAULT_PROTOCOL_TOML, protocol_from_toml};
use stipple_synth::{
    Change, HairColor, Nuisances, PlacedDot, ScarShape, SynthOptions, Synthetic, Visits, synth_visits,
    synth_visits_with,
};

const PX_PER_MM: f64 = 12.0;
const SIDE_MM: (f64, f64) = (60.0, 45.0);
/// First seed: far from those of the training scenes.
const FIRST_SEED: u64 = 7_100_000;
const SHARES: [f64; 4] = [0.0, 0.3, 0.6, 0.9];
/// Days after which the second photograph is taken.
const DAYS: f64 = 120.0;

fn main() {
    let runs: u64 = std::env::args().nth(1).map_or(4, |n| n.parse().expect("the number of runs is whole"));
    println!(
        "| skin, hair | ITA | true share | found − true, points: mean (SD) | within ± 3 | interval holds | presence AUC in the scar, around | darkness over expected: mean (SD; ± holds) | width | blueness | visible before → after, m | foreseen with every dot, m |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let cells = [
        (55.0, HairColor::Black),
        (30.0, HairColor::Brown),
        (0.0, HairColor::Black),
        (-40.0, HairColor::Black),
    ];
    for (ita_deg, hair) in cells {
        for share in SHARES {
            cell(ita_deg, hair, share, runs);
        }
    }
}

fn cell(ita_deg: f64, hair: HairColor, share: f64, runs: u64) {
    let found: Vec<Found> = (0..runs).filter_map(|k| run(ita_deg, hair, share, FIRST_SEED + k)).collect();
    let n = found.len() as f64;
    let mean = |of: &dyn Fn(&Found) -> f64| found.iter().map(of).sum::<f64>() / n;
    let off = mean(&|f| 100.0 * f.off);
    let sd = (mean(&|f| (100.0 * f.off - off).powi(2))).sqrt();
    // Without any dot there is nothing to tell from those that are gone.
    let of_those_there = match share > 0.0 {
        true => {
            let drift = |of: fn(Drift) -> Estimate| {
                let told: Vec<Estimate> = found.iter().filter_map(|f| f.drift.map(of)).collect();
                let mean =
                    |of: &dyn Fn(&Estimate) -> f64| told.iter().map(of).sum::<f64>() / told.len() as f64;
                let middle = mean(&|one| one.value);
                let sd = mean(&|one| (one.value - middle).powi(2)).sqrt();
                let held = mean(&|one| f64::from((one.value - 1.0).abs() <= 2.0 * one.standard_uncertainty));
                format!("{middle:.2} ({sd:.2}; {:.0} %)", 100.0 * held)
            };
            format!(
                "{:.3}, {:.3} | {} | {} | {}",
                mean(&|f| f.areas[0]),
                mean(&|f| f.areas[1]),
                drift(|d| d.contrast),
                drift(|d| d.width),
                drift(|d| d.bluer)
            )
        }
        false => "– | – | – | –".to_owned(),
    };
    println!(
        "| {hair:?} | {ita_deg:.0}° | {share:.1} | {off:+.1} ({sd:.1}) | {:.0} % | {:.0} % of {n} | {of_those_there} | {:.1} → {:.1} | {:.1} |",
        100.0 * mean(&|f| f64::from(f.off.abs() <= 0.03)),
        100.0 * mean(&|f| f64::from(f.holds)),
        mean(&|f| f.visible_m.before),
        mean(&|f| f.visible_m.after),
        mean(&|f| f.foreseen_m),
    );
}

struct Found {
    off: f64,
    holds: bool,
    /// Areas under the curve of presence, of dots in the scar and around it.
    areas: [f64; 2],
    /// Against what the plan's optics expect, by which the dots were made: none.
    drift: Option<Drift>,
    visible_m: BeforeAfter<f64>,
    /// From how far the scar was foreseen to be seen, healed on the likely course.
    foreseen_m: f64,
}

fn is_same_hair() -> bool {
    std::env::args().nth(2).is_some_and(|word| word == "same-hair")
}

/// None, with a line, where nothing can be told.
fn run(ita_deg: f64, hair: HairColor, share: f64, seed: u64) -> Option<Found> {
    let options = SynthOptions {
        width_px: (SIDE_MM.0 * PX_PER_MM) as usize,
        height_px: (SIDE_MM.1 * PX_PER_MM) as usize,
        pixel_pitch_um: 1000.0 / PX_PER_MM,
        ita_deg,
        hair,
        scar: ScarShape::Strip { width_mm: 3.0 },
        nuisances: Nuisances::NONE,
        ..SynthOptions::ordinary(Seed(seed))
    };
    // Clipped to the same length, as practitioners are asked to.
    let hair_length_mm = options.hair_length_mm;
    let later = if is_same_hair() { Change::easy } else { Change::harsh };
    let change = Change { dots_per_cm2: (0.0, 0.0), hair_length_mm, ..later(Seed(seed + 500_000)) };
    let untreated = synth_visits(&options, &change, &Unwatched).expect("the options are in range");
    let (reading, _) = read_of(&untreated.before);
    let protocol = protocol_from_toml(DEFAULT_PROTOCOL_TOML).expect("the shipped protocol is right");
    let wanted = PlanOptions { seed: Seed(seed), drawn: Drawn::default(), after: None };
    let plan = plan(&reading, &protocol, &wanted, &Unwatched).expect("it can be planned on").value;
    let (dots, kept) = placed(&plan, share, seed);
    let spots = dots.concat();
    let visits = synth_visits_with(&options, &change, &spots, &Unwatched).expect("the options are in range");
    let Some((deposits, visible_m)) = told(&visits, &plan) else {
        println!("  ITA {ita_deg}, {hair:?}, {share}, seed {seed}: not told");
        return None;
    };
    let (low, high) = deposits.interval;
    Some(Found {
        off: deposits.retained_fraction.value - kept,
        holds: (low..=high).contains(&kept),
        areas: [true, false].map(|in_scar| area(&deposits, &dots, &plan, in_scar)),
        drift: deposits.look.and_then(|look| look.drift()),
        visible_m,
        foreseen_m: foreseen(&untreated.before, &reading, &plan),
    })
}

/// As a consultation has it: the scar in a simulation of the photograph.
fn foreseen(made: &Synthetic, reading: &Reading, plan: &Plan) -> f64 {
    let canvas =
        Canvas::new(&made.photo, Part::whole(&made.photo), made.photo.width_px).expect("it is whole");
    let painted =
        repaint(&canvas, plan, &View::at(Moment::Healed), None, &Unwatched).expect("it can be shown");
    let mark = painted.value.footprint.mark();
    let hidden = mark.top_px..mark.top_px + mark.height_px;
    let seen = Foreseen::of(reading).and_then(|f| f.in_simulation(&painted.value.simulation, &hidden));
    seen.ok().flatten().map_or(f64::NAN, |metres| metres.value)
}

/// Probability that a dot that is there got a higher one than a dot that is not, of those in the scar or around it.
fn area(deposits: &Deposits, there: &[Vec<PlacedDot>], plan: &Plan, in_scar: bool) -> f64 {
    let here = plan.dots().filter(|dot| dot.in_scar == in_scar).map(|dot| place(dot.at_photo));
    let here: HashSet<(u64, u64)> = here.collect();
    let is_there = |at: PointInPhoto| {
        there
            .iter()
            .map(|spots| &spots[0])
            .any(|dot| (dot.at.x_px - at.x_px).hypot(dot.at.y_px - at.y_px) < 0.01)
    };
    let (present, gone): (Vec<&DotToday>, Vec<&DotToday>) =
        deposits.dots.iter().filter(|dot| here.contains(&place(dot.at))).partition(|dot| is_there(dot.at));
    // Probabilities of the surest are all one.
    let evidence = |dot: &DotToday| dot.contrast_mm2.unwrap_or(dot.probability);
    let mut sum = 0.0;
    for one in &present {
        for other in &gone {
            sum += match evidence(one).total_cmp(&evidence(other)) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    sum / (present.len() * gone.len()).max(1) as f64
}

fn place(at: PointInPhoto) -> (u64, u64) {
    (at.x_px.to_bits(), at.y_px.to_bits())
}

fn read_of(made: &Synthetic) -> (Reading, ReadingMaps) {
    let options = ReadOptions {
        pixel_pitch_um: Some(1000.0 / PX_PER_MM),
        scar_mask: Some(made.scar_mask.clone()),
        ..ReadOptions::default()
    };
    read(&made.photo, &options, &Unwatched).expect("a synthetic scalp can be read").value
}

/// The dots that stay, by lot, as they look healed and faded; and their share.
fn placed(plan: &Plan, share: f64, seed: u64) -> (Vec<Vec<PlacedDot>>, f64) {
    let mut draw = Seed(seed).stream("bench.retained", 0);
    let mut known: HashMap<String, Vec<PlacedDot>> = HashMap::new();
    let stays = plan.dots().filter(|_| draw.uniform() < share).map(|dot| {
        // Dots differ by place; their looks are few.
        let kind =
            format!("{:.0} {:?} {} {}", dot.diameter_um, dot.needle_depth_mm, dot.pigment, dot.in_scar);
        let look = known.entry(kind).or_insert_with(|| seen(plan, dot));
        look.iter().map(|spot| PlacedDot { at: dot.at_photo, ..*spot }).collect()
    });
    let stays: Vec<Vec<PlacedDot>> = stays.collect();
    let kept = stays.len() as f64 / plan.dots().count().max(1) as f64;
    (stays, kept)
}

/// A healed dot as the optics have it, as soft spots over one another: its core and its halo.
fn seen(plan: &Plan, dot: &Dot) -> Vec<PlacedDot> {
    let deposit = Deposit {
        diameter_um: plan.shrinkage() * dot.diameter_um,
        top_mm: dot.needle_depth_mm[0],
        bottom_mm: dot.needle_depth_mm[1],
        ink: plan.pigments[dot.pigment].ink(),
    };
    let shape = shape_in(&deposit_after(DAYS, dot.in_scar, &deposit), plan.skin_optics.of_dot(dot.in_scar));
    let profile = shape.profile(0.0);
    let bands = [0, 1, 2].map(|c| {
        softened(&|r_mm| {
            let contrast = f64::from(profile.contrast_at(r_mm as f32)[c]);
            -(1.0 - contrast.clamp(0.0, 0.95)).ln()
        })
    });
    let spot = |(k, sigma_mm): (usize, &f64)| PlacedDot {
        at: dot.at_photo,
        sigma_mm: *sigma_mm,
        darkening: bands.map(|heights| heights[k] as f32),
    };
    SOFT_MM.iter().enumerate().map(spot).collect()
}

/// Softness of the spots that make up a dot, mm.
const SOFT_MM: [f64; 5] = [0.05, 0.09, 0.16, 0.32, 0.8];

/// Heights, none below zero, of Gaussians of [`SOFT_MM`] that sum up to a profile, by least squares over the area.
fn softened(profile: &dyn Fn(f64) -> f64) -> [f64; 5] {
    let radii: Vec<f64> = (0..200).map(|k| (f64::from(k) + 0.5) * 0.01).collect();
    let basis = |k: usize, r: f64| (-r * r / (2.0 * SOFT_MM[k] * SOFT_MM[k])).exp();
    let product =
        |f: &dyn Fn(f64) -> f64, g: &dyn Fn(f64) -> f64| radii.iter().map(|r| r * f(*r) * g(*r)).sum::<f64>();
    let mut heights = [0.0; 5];
    for _ in 0..300 {
        for k in 0..5 {
            let left = |r: f64| {
                profile(r) - (0..5).filter(|j| *j != k).map(|j| heights[j] * basis(j, r)).sum::<f64>()
            };
            let own = |r: f64| basis(k, r);
            heights[k] = (product(&left, &own) / product(&own, &own)).max(0.0);
        }
    }
    heights
}

fn told(visits: &Visits, plan: &Plan) -> Option<(Deposits, BeforeAfter<f64>)> {
    let (before, maps) = read_of(&visits.before);
    let after = {
        let options = ReadOptions { pixel_pitch_um: Some(1000.0 / PX_PER_MM), ..ReadOptions::default() };
        read(&visits.after.photo, &options, &Unwatched).expect("it can be read").value.0
    };
    let aligned = Aligned::of(BeforeAfter { before: &before, after: &after }).ok()?;
    let pair = BeforeAfter {
        before: Visit { photo: &visits.before.photo, reading: &before },
        after: Visit { photo: &visits.after.photo, reading: &after },
    };
    let known =
        Known { plan: Some(plan), sessions_done: None, days_since_last_session: Some(120), pictures: false };
    let made =
        outcome(pair, &aligned, &maps.scar_mask, &known, &Unwatched).expect("it can be measured").value.0;
    let deposits = made.deposits?;
    let visible = made.visible_distance_m.of(|distance| distance.map_or(f64::NAN, |d| d.value));
    Some((deposits, visible))
}
