//! Synthetic scalp → read → compare with the truth, over skin tone × hair color; the worst cell is quoted.
//!
//! `cargo test -p stipple-tests closed_loop -- --nocapture` prints the table of docs/accuracy.md.

use rayon::prelude::*;
use stipple_model::{Marks, Reading, Side, Stroke, Unwatched};
use stipple_quantity::{PointInPhoto, Seed};
use stipple_raster::Mask;
use stipple_read::{ReadOptions, read, read_for_refining, refine};
use stipple_synth::{HairColor, ScarShape, ScarTint, SynthOptions, Synthetic, synth};
use stipple_tests::{dice, f1, merged, middles};

const PIXEL_PITCH_UM: f64 = 83.0;
const TONES_DEG: [f64; 5] = [62.0, 46.0, 34.0, 0.0, -40.0];
const HAIRS: [HairColor; 4] = [HairColor::Black, HairColor::Brown, HairColor::Blond, HairColor::Gray];

/// One cell of the table.
struct Cell {
    tone_deg: f64,
    hair: HairColor,
    root_f1: f64,
    unit_f1: f64,
    chance_unit_f1: f64,
    /// Unit density read over true, minus one; none where none was given.
    density_error: Option<f64>,
    /// The same difference in standard uncertainties.
    density_off: Option<f64>,
    scar_dice: f64,
    ita_error_deg: f64,
}

fn options(tone_deg: f64, hair: HairColor, scar: ScarShape, seed: u64) -> SynthOptions {
    SynthOptions {
        width_px: 720,
        height_px: 600,
        pixel_pitch_um: PIXEL_PITCH_UM,
        ita_deg: tone_deg,
        hair,
        scar,
        ..SynthOptions::ordinary(Seed(seed))
    }
}

fn look(made: &Synthetic) -> (Reading, Mask) {
    let options = ReadOptions { pixel_pitch_um: Some(PIXEL_PITCH_UM), ..ReadOptions::default() };
    let (reading, maps) =
        read(&made.photo, &options, &Unwatched).expect("a synthetic scalp can be read").value;
    (reading, maps.scar_mask)
}

fn cell(tone_deg: f64, hair: HairColor) -> Cell {
    let options = options(tone_deg, hair, ScarShape::Strip { width_mm: 3.0 }, 11);
    let made = synth(&options, &Unwatched).expect("ordinary options are in range");
    let (reading, mask) = look(&made);
    let roots: Vec<(f64, f64)> = made.truth.hairs.iter().map(|h| mm(h.root.x_px, h.root.y_px)).collect();
    let unit_of: Vec<usize> = made.truth.hairs.iter().map(|hair| hair.unit).collect();
    let units = middles(&roots, &unit_of);
    let found: Vec<(f64, f64)> = reading.hair.detections.iter().map(|d| mm(d.at.x_px, d.at.y_px)).collect();
    let told: Vec<usize> = reading.hair.detections.iter().map(|d| d.unit).collect();
    let found_units = middles(&found, &told);
    let random = scattered(found_units.len(), &made);
    let (density, true_density) = (reading.hair.unit_density_per_cm2, made.truth.unit_density_per_cm2);
    Cell {
        tone_deg,
        hair,
        root_f1: f1(&roots, &found, 0.15),
        unit_f1: f1(&units, &found_units, 0.30),
        chance_unit_f1: f1(&units, &random, 0.30),
        density_error: density.map(|d| d.value / true_density - 1.0),
        density_off: density.map(|d| (d.value - true_density).abs() / d.standard_uncertainty),
        scar_dice: dice(&made.scar_mask, &mask),
        ita_error_deg: reading.skin.ita_deg.value - made.truth.ita_deg,
    }
}

fn mm(x_px: f64, y_px: f64) -> (f64, f64) {
    (x_px * PIXEL_PITCH_UM / 1000.0, y_px * PIXEL_PITCH_UM / 1000.0)
}

fn scattered(count: usize, made: &Synthetic) -> Vec<(f64, f64)> {
    let mut draw = Seed(1).stream("chance", 0);
    let (width, height) = (made.photo.width_px as f64, made.photo.height_px as f64);
    (0..count).map(|_| mm(draw.between(0.0, width), draw.between(0.0, height))).collect()
}

#[test]
fn closed_loop_over_skin_and_hair() {
    let cells: Vec<(f64, HairColor)> =
        TONES_DEG.iter().flat_map(|tone| HAIRS.iter().map(move |hair| (*tone, *hair))).collect();
    let cells: Vec<Cell> = cells.into_par_iter().map(|(tone, hair)| cell(tone, hair)).collect();
    println!("| ITA | hair | root F1 0.15 mm | unit F1 0.30 mm (chance) | density | scar Dice | ITA error |");
    println!("|---|---|---|---|---|---|---|");
    for c in &cells {
        println!(
            "| {:.0}° | {:?} | {:.2} | {:.2} ({:.2}) | {} | {:.2} | {:+.0}° |",
            c.tone_deg,
            c.hair,
            c.root_f1,
            c.unit_f1,
            c.chance_unit_f1,
            c.density_error.map_or("none given".to_owned(), |e| format!("{:+.0} %", 100.0 * e)),
            c.scar_dice,
            c.ita_error_deg
        );
    }
    let dark_hair = |c: &&Cell| matches!(c.hair, HairColor::Black | HairColor::Brown) && c.tone_deg > -20.0;
    let worst_unit = cells.iter().filter(dark_hair).map(|c| c.unit_f1).fold(1.0, f64::min);
    let worst_dice = cells.iter().filter(dark_hair).map(|c| c.scar_dice).fold(1.0, f64::min);
    println!(
        "worst cell with dark hair on light to brown skin: unit F1 {worst_unit:.2}, Dice {worst_dice:.2}"
    );
    // A little below what was measured: docs/accuracy.md.
    assert!(worst_unit >= 0.90 && worst_dice >= 0.90, "unit F1 {worst_unit:.2}, Dice {worst_dice:.2}");
    let worst_root = cells.iter().filter(dark_hair).map(|c| c.root_f1).fold(1.0, f64::min);
    assert!(worst_root >= 0.74, "root F1 {worst_root:.2}");
    // On ITA −40° pale skin beside the strip is taken into it: docs/accuracy.md.
    let outlined = cells.iter().filter(|c| c.scar_dice >= 0.75).count();
    assert!(outlined + 1 >= cells.len(), "a pale strip is found in {outlined} of {} cells", cells.len());
    let (mut dark, mut covered) = (0, 0);
    for c in cells.iter().filter(dark_hair) {
        let off = c.density_error.expect("dark hair is counted");
        assert!(off.abs() <= 0.12 && c.ita_error_deg.abs() <= 6.0, "{:.0}° {:?}", c.tone_deg, c.hair);
        dark += 1;
        covered += usize::from(c.density_off.expect("it has an uncertainty") <= 2.5);
    }
    assert!(10 * covered >= 9 * dark, "the truth lies within 2.5 u in {covered} of {dark} cells");
    for c in &cells {
        assert!(c.unit_f1 > c.chance_unit_f1, "{:.0}° {:?} is no better than chance", c.tone_deg, c.hair);
    }
}

#[test]
fn closed_loop_redness_is_blood_and_not_melanin() {
    // 100 · log10(e) times what the tint's blood darkens green more than red: see `stipple_synth`.
    const RED_PER_BLOOD: f64 = 43.4 * 0.88;
    let cases =
        [(ScarTint::Paler, -0.11), (ScarTint::Same, 0.0), (ScarTint::Darker, 0.08), (ScarTint::Redder, 0.33)];
    let tones = [60.0, 46.0, 30.0, 10.0, -15.0, -45.0];
    let all: Vec<(f64, ScarTint, f64)> =
        tones.iter().flat_map(|tone| cases.map(|(tint, blood)| (*tone, tint, blood))).collect();
    let read: Vec<_> = all
        .into_par_iter()
        .map(|(tone_deg, tint, blood)| {
            let options = SynthOptions {
                scar_tint: tint,
                ..options(tone_deg, HairColor::Black, ScarShape::Strip { width_mm: 6.0 }, 23)
            };
            let made = synth(&options, &Unwatched).expect("in range");
            let mask = Some(made.scar_mask.clone());
            let asked = ReadOptions {
                pixel_pitch_um: Some(PIXEL_PITCH_UM),
                scar_mask: mask,
                ..ReadOptions::default()
            };
            let (reading, _) = stipple_read::read(&made.photo, &asked, &Unwatched).expect("it reads").value;
            (tone_deg, tint, RED_PER_BLOOD * blood, reading.scars[0].redness.expect("redness"))
        })
        .collect();
    println!("| ITA | tint | true redness | read |");
    println!("|---|---|---|---|");
    for (tone, tint, truth, red) in &read {
        println!(
            "| {tone:.0}° | {tint:?} | {truth:+.1} | {:+.1} ± {:.1} |",
            red.value, red.standard_uncertainty
        );
    }
    for (tone, tint, truth, red) in &read {
        let low = red.value - 2.0 * red.standard_uncertainty;
        // 8 is the rule that says "clearly redder, not yet", 5 the one that says "somewhat redder".
        let fits = if *tint == ScarTint::Redder { low >= 8.0 } else { red.value < 5.0 };
        assert!(fits, "{tone}° {tint:?}: {red:?}");
        assert!(
            (red.value - truth).abs() < 2.5 * red.standard_uncertainty,
            "{tone}° {tint:?}: {red:?}, {truth:.1}"
        );
    }
}

#[test]
fn closed_loop_without_a_scar_proposes_none() {
    const DENSITIES_PER_CM2: [f64; 4] = [20.0, 35.0, 75.0, 110.0];
    let proposed: Vec<usize> = (20..60usize)
        .into_par_iter()
        .map(|seed| {
            let options = SynthOptions {
                unit_density_per_cm2: DENSITIES_PER_CM2[seed % DENSITIES_PER_CM2.len()],
                ..options(
                    TONES_DEG[seed % TONES_DEG.len()],
                    HAIRS[seed / 8 % HAIRS.len()],
                    ScarShape::None,
                    seed as u64,
                )
            };
            look(&synth(&options, &Unwatched).expect("in range")).0.scars.len()
        })
        .collect();
    println!("scars proposed where there is none, in {} pictures: {proposed:?}", proposed.len());
    assert!(proposed.iter().all(|n| *n == 0));
}

/// A person's first strokes over a strip: one along its middle, one along each side.
fn strokes(made: &Synthetic) -> Marks {
    let (outline, n) = (&made.truth.scars[0].outline, made.truth.scars[0].outline.len());
    let px_per_mm = 1000.0 / PIXEL_PITCH_UM;
    let along = |off_mm: f64| {
        let place = |k: usize| {
            let (a, b) = (outline[k], outline[n - 1 - k]);
            let edge = if off_mm < 0.0 { a.y_px } else { b.y_px };
            let middle = (a.y_px + b.y_px) / 2.0;
            let y_px = if off_mm == 0.0 { middle } else { edge + off_mm * px_per_mm };
            PointInPhoto::new((a.x_px + b.x_px) / 2.0, y_px)
        };
        (n / 40..n / 2 - n / 40).step_by(10).map(place).collect()
    };
    let stroke = |side, off_mm| Stroke { side, path: along(off_mm), radius_px: 0.4 * px_per_mm };
    let strokes = vec![stroke(Side::Inside, 0.0), stroke(Side::Outside, -2.0), stroke(Side::Outside, 2.0)];
    Marks { strokes, ..Marks::default() }
}

#[test]
fn closed_loop_strokes_outline_what_was_not_proposed() {
    let cases = [
        (46.0, HairColor::Black, ScarTint::Same),
        (0.0, HairColor::Blond, ScarTint::Paler),
        (-40.0, HairColor::Gray, ScarTint::Darker),
        (62.0, HairColor::Brown, ScarTint::Redder),
    ];
    for (tone_deg, hair, scar_tint) in cases {
        let options =
            SynthOptions { scar_tint, ..options(tone_deg, hair, ScarShape::Strip { width_mm: 4.0 }, 41) };
        let made = synth(&options, &Unwatched).expect("in range");
        let asked = ReadOptions { pixel_pitch_um: Some(PIXEL_PITCH_UM), ..ReadOptions::default() };
        let canvas = read_for_refining(&made.photo, &asked, &Unwatched).expect("it reads").value.2.cleared();
        assert_eq!(refine(&canvas, &Marks::default()).mask.count(), 0);
        let marks = strokes(&made);
        let refined = refine(&canvas, &marks);
        let own = dice(&made.scar_mask, &refined.mask);
        println!("{tone_deg:.0}° {hair:?} {scar_tint:?}: Dice {own:.3} from one round of strokes");
        // A little below what was measured: docs/accuracy.md.
        assert!(own >= 0.88, "{tone_deg}° {hair:?} {scar_tint:?}: {own:.3}");
        let band = &refined.outlines[0];
        assert!((0.05..1.0).contains(&band.edge_mm) && band.outer.len() >= 3);
        // The same strokes given to the whole reading outline the same scar.
        let with_strokes = ReadOptions { marks: Some(marks), ..asked };
        let (reading, maps) = read(&made.photo, &with_strokes, &Unwatched).expect("it reads").value;
        assert!(dice(&made.scar_mask, &maps.scar_mask) >= 0.88 && !reading.scars.is_empty());
    }
}

#[test]
fn closed_loop_widths_along_a_strip() {
    let made = synth(&options(34.0, HairColor::Black, ScarShape::Strip { width_mm: 5.0 }, 31), &Unwatched)
        .expect("in range");
    let (reading, _) = look(&made);
    let (scar, truth) = (&reading.scars[0], &made.truth.scars[0]);
    let range = scar.width_range.expect("a strip has a middle");
    let middle = median_of(scar.widths.iter().map(|at| at.width_mm).collect());
    println!("width {:?}, median of the stations {middle:.2}, truth {:.2}", scar.width_mm, truth.width_mm);
    assert!(
        (middle - truth.width_mm).abs() < 0.5 && range.p10_mm.value < middle && middle < range.p90_mm.value
    );
    let length = scar.length_mm.expect("a strip has a length");
    assert!((length.value / truth.length_mm - 1.0).abs() < 0.06, "{length:?}, {}", truth.length_mm);
    assert!(scar.edge_uncertainty_mm.is_some_and(|mm| (0.05..0.6).contains(&mm)));
}

#[test]
fn closed_loop_true_hairs_make_as_many_units_as_there_are() {
    // As near as the reader takes hairs for one unit: stipple_read, hair/unit.rs.
    const REACH_MM: f64 = 0.41;
    println!("| units/cm² | units made / there within 0.41 mm | within 0.45 mm |");
    for (seed, per_cm2) in (80..).zip([20.0, 40.0, 60.0, 80.0, 100.0, 115.0]) {
        let options = SynthOptions {
            unit_density_per_cm2: per_cm2,
            ..options(34.0, HairColor::Black, ScarShape::None, seed)
        };
        let made = synth(&options, &Unwatched).expect("in range");
        let roots: Vec<(f64, f64)> = made.truth.hairs.iter().map(|h| mm(h.root.x_px, h.root.y_px)).collect();
        let there = 1 + made.truth.hairs.iter().map(|hair| hair.unit).max().unwrap_or(0);
        let share = |reach_mm: f64| merged(&roots, reach_mm).len() as f64 / there as f64;
        println!("| {per_cm2:.0} | {:.3} | {:.3} |", share(REACH_MM), share(0.45));
        assert!((share(REACH_MM) - 1.0).abs() < 0.05, "{per_cm2}: {:.3}", share(REACH_MM));
    }
}

#[test]
fn closed_loop_a_glare_is_no_skin_without_hair() {
    let mut made =
        synth(&options(34.0, HairColor::Black, ScarShape::None, 91), &Unwatched).expect("in range");
    let density = |made: &Synthetic| look(made).0.hair.unit_density_per_cm2.expect("dark hair is counted");
    let before = density(&made);
    for y in 0..made.photo.height_px {
        for x in 0..made.photo.width_px {
            // A hundred and twenty places of 1.5 mm.
            if (x as f64 % 60.0 - 30.0).hypot(y as f64 % 60.0 - 30.0) < 9.0 {
                made.photo.codes[3 * (y * made.photo.width_px + x)..][..3].fill(u16::MAX);
            }
        }
    }
    let after = density(&made);
    println!("{:.1} units/cm² without the glare, {:.1} with it", before.value, after.value);
    assert!((after.value / before.value - 1.0).abs() < 0.03, "{before:?} became {after:?}");
    assert!(look(&made).0.scars.is_empty(), "a glare is no scar");
}

#[test]
fn closed_loop_the_density_map_has_a_place_every_millimetre() {
    let made = synth(
        &SynthOptions {
            width_px: 1000,
            height_px: 750,
            pixel_pitch_um: 40.0,
            scar: ScarShape::None,
            ..SynthOptions::ordinary(Seed(71))
        },
        &Unwatched,
    )
    .expect("in range");
    let asked = ReadOptions { pixel_pitch_um: Some(40.0), ..ReadOptions::default() };
    let (reading, maps) = read(&made.photo, &asked, &Unwatched).expect("it reads").value;
    assert!((maps.hair_density_step_px - 25.0).abs() < 0.01, "{} px", maps.hair_density_step_px);
    let map = &maps.hair_density_per_cm2;
    assert_eq!((map.width, map.height), (40, 30));
    let mean = f64::from(map.samples.iter().sum::<f32>()) / map.samples.len() as f64;
    let whole = reading.hair.unit_density_per_cm2.expect("dark hair is counted").value;
    assert!((mean / whole - 1.0).abs() < 0.05, "the map's mean is {mean:.1}, the reading says {whole:.1}");
    let uneven = map.samples.iter().filter(|v| !(0.5..1.6).contains(&(f64::from(**v) / whole))).count();
    assert!(20 * uneven < map.samples.len(), "{uneven} places of {}", map.samples.len());
}

fn median_of(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
