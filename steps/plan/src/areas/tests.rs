use stipple_model::{Caveat, Code, Drawn, Hairline, Plan, Protocol, Qualified, Unwatched, Weight};
use stipple_points::{CellIndex, Window, nearest_neighbor};
use stipple_quantity::Estimate;

use super::*;
use crate::front::Front;
use crate::memory::Memory;
use crate::plan::tests::{HAIRLINE, default_like_protocol, strip_reading};
use crate::plan::{PlanOptions, plan};
use crate::standing::units;

/// Pixels of the reading per mm; its field measures 100 × 70 mm, with 74 units per cm².
const PX_PER_MM: f64 = 10.0;
const NATURAL_PER_MM2: f64 = 0.74;

fn px(places_mm: &[(f64, f64)]) -> Vec<PointInPhoto> {
    places_mm.iter().map(|(x, y)| PointInPhoto::new(x * PX_PER_MM, y * PX_PER_MM)).collect()
}

/// A reading without scars, with the hair that a test leaves standing.
fn scalp(mut stands: impl FnMut(f64, f64) -> bool) -> Reading {
    let mut reading = strip_reading();
    reading.scars.clear();
    reading.hair.detections.retain(|hair| stands(hair.at.x_px / PX_PER_MM, hair.at.y_px / PX_PER_MM));
    let per_cm2 = 100.0 * units(&reading).len() as f64 / reading.zone_area_mm2.value;
    reading.hair.unit_density_per_cm2 = Some(Estimate::new(per_cm2, 0.05 * per_cm2));
    reading
}

/// A forehead: hair below 45 mm only.
fn forehead() -> Reading {
    scalp(|_, y| y > 45.0)
}

/// A line across the forehead at 20 mm.
fn across() -> Drawn {
    hairline(&[(10.0, 20.0), (40.0, 20.0), (90.0, 20.0)], None)
}

fn hairline(line_mm: &[(f64, f64)], hair_side: Option<PointInPhoto>) -> Drawn {
    Drawn { thinning: None, hairline: Some(Hairline { line: px(line_mm), depth_mm: 30.0, hair_side }) }
}

/// Two hairs of three are gone in a corner of the head, where a square of 34 mm is drawn.
fn thin_patch() -> (Reading, Drawn) {
    let mut k = 0;
    let stands = |x: f64, y: f64| {
        k += 1;
        x > 41.0 || y > 39.0 || k % 3 == 0
    };
    let outline = [(6.0, 38.0), (40.0, 38.0), (40.0, 4.0), (6.0, 4.0)];
    (scalp(stands), Drawn { thinning: Some(px(&outline)), hairline: None })
}

fn planned(reading: &Reading, drawn: &Drawn, protocol: &Protocol, seed: u64) -> Qualified<Plan> {
    let options = PlanOptions { seed: Seed(seed), drawn: drawn.clone(), after: None };
    plan(reading, protocol, &options, &Unwatched).expect("a plan")
}

fn places_of(plan: &Plan) -> Vec<(f64, f64)> {
    plan.dots().map(|dot| (dot.at_scalp.x_mm, dot.at_scalp.y_mm)).collect()
}

fn message(caveats: &[Caveat], code: Code) -> String {
    caveats.iter().filter(|c| c.code == code).map(|c| c.message.clone()).collect::<Vec<_>>().join(" ")
}

/// The front of [`across`], hair below it.
fn front_across(seed: u64) -> Front {
    Front::new(vec![(10.0, 20.0), (40.0, 20.0), (90.0, 20.0)], &HAIRLINE, Seed(seed))
}

#[test]
fn a_drawing_that_lies_on_a_scar_is_said() {
    let (mut reading, protocol) = (forehead(), default_like_protocol());
    let said = |reading: &Reading| {
        let plan = planned(reading, &across(), &protocol, 1);
        message(&plan.caveats, Code::PlanDrawnOnScar)
    };
    assert_eq!(said(&reading), "");
    // The bald skin between line and hair was taken for a scar.
    let bald = [(8.0, 16.0), (92.0, 16.0), (92.0, 44.0), (8.0, 44.0)];
    let strip = strip_reading().scars.remove(0);
    reading.scars = vec![stipple_model::Scar { outline: px(&bald), ..strip }];
    let said = said(&reading);
    assert!(said.starts_with("8") && said.contains("marked as scar"), "{said}");
}

#[test]
fn a_hairline_rises_to_its_density_behind_an_irregular_front() {
    // Bands of 5 mm behind the front, away from the ends of the line where dots fade out.
    let (reading, protocol) = (forehead(), default_like_protocol());
    let mut counts = [0.0; 3];
    let (mut near, mut singles, mut first_rows) = (Vec::new(), 0.0, 0.0);
    for seed in 0..8 {
        let (front, plan) = (front_across(seed), planned(&reading, &across(), &protocol, seed).value);
        let middle = plan.dots().filter(|dot| (32.0..68.0).contains(&dot.at_scalp.x_mm));
        let behind = middle.map(|dot| {
            let at = front.across((dot.at_scalp.x_mm, dot.at_scalp.y_mm));
            (front.behind_mm(at), at.off_mm, dot.diameter_um)
        });
        for (behind_mm, off_mm, diameter_um) in behind {
            assert!(behind_mm > -0.3, "a dot {behind_mm} mm in front of the front");
            if let Some(count) = counts.get_mut((behind_mm.max(0.0) / 5.0) as usize) {
                *count += 1.0;
            }
            if behind_mm < 4.5 {
                // 200 µm for 1.94 hairs: 169 for one, 202 for two, ± 6 % by the hand.
                first_rows += 1.0;
                singles += f64::from(u8::from(diameter_um < 180.0));
            }
            if behind_mm < 3.0 {
                near.push(off_mm);
            }
        }
    }
    // Mean of a smooth step over its halves, then all of it.
    for (count, share) in counts.into_iter().zip([0.1875, 0.8125, 1.0]) {
        let wanted = 8.0 * 36.0 * 5.0 * NATURAL_PER_MM2 * share;
        assert!((count / wanted - 1.0).abs() < 0.1, "{count} dots, wanted {wanted:.0}");
    }
    assert_eq!(singles, first_rows, "dots of single hairs alone in the first rows");
    let mean = near.iter().sum::<f64>() / near.len() as f64;
    let strays = (near.iter().map(|off| (off - mean).powi(2)).sum::<f64>() / near.len() as f64).sqrt();
    assert!((1.0..2.2).contains(&strays), "the first dots stray by {strays} mm from a straight line");
}

#[test]
fn dots_between_thinning_hair_keep_off_it_and_stand_as_units_do() {
    let (reading, drawn) = thin_patch();
    let protocol = default_like_protocol();
    let plan = planned(&reading, &drawn, &protocol, 3).value;
    let (dots, hair) = (places_of(&plan), units(&reading));
    let index = CellIndex::new(&hair);
    assert!(
        dots.iter()
            .all(|dot| index.nearest(*dot, None).expect("hair").1 >= protocol.dot_spacing_min_mm - 0.23)
    );
    assert!(dots.iter().all(|(x, y)| (5.75..40.25).contains(x) && (3.75..38.25).contains(y)));
    // In the middle, where nothing fades: half of the natural density of dots, a third of hair.
    let middle = |points: &[(f64, f64)]| {
        let inside = points.iter().filter(|p| (15.0..31.0).contains(&p.0) && (13.0..29.0).contains(&p.1));
        inside.copied().collect::<Vec<_>>()
    };
    let per_mm2 = middle(&dots).len() as f64 / 256.0;
    assert!((per_mm2 / (0.5 * NATURAL_PER_MM2) - 1.0).abs() < 0.1, "{per_mm2} dots per mm²");
    // The population keeps 0.78 spacings, and by 0.21 of it.
    let both = [middle(&dots), middle(&hair)].concat();
    let shifted: Vec<_> = both.iter().map(|(x, y)| (x - 15.0, y - 13.0)).collect();
    let near = nearest_neighbor(&shifted, &Window::rectangle(16.0, 16.0, 0.25)).expect("enough");
    let spacing_mm = (256.0 / both.len() as f64).sqrt();
    assert!((near.mean / spacing_mm - 0.76).abs() < 0.07, "{near:?} at {spacing_mm} mm");
    assert!((0.15..0.30).contains(&near.coefficient_of_variation), "{near:?}");
}

#[test]
fn every_area_has_its_count_and_the_seed_decides() {
    let mut reading = forehead();
    reading.scars = strip_reading().scars;
    let outline = [(60.0, 48.0), (90.0, 48.0), (90.0, 66.0), (60.0, 66.0)];
    let mut k = 0;
    reading.hair.detections.retain(|hair| {
        k += 1;
        hair.at.x_px < 550.0 || k % 3 == 0
    });
    let drawn = Drawn { thinning: Some(px(&outline)), ..across() };
    let protocol = default_like_protocol();
    let units = units(&reading);
    let areas = Areas::new(&reading, &drawn, &units, &protocol, Seed(4)).expect("right");
    let ground =
        crate::ground::Ground::new(&reading, &areas, &units, protocol.feather_mm).expect("not too large");
    let density = crate::density::Density::new(&reading, units, &protocol, &ground, &mut Memory::default());
    let mut wanted = vec![0.0; ground.area_of.kinds.len() + 1];
    for (k, number) in ground.area_of.number.iter().enumerate() {
        wanted[*number as usize] += density.new_per_mm2[k] * ground.cell_area_mm2();
    }
    let plan = planned(&reading, &drawn, &protocol, 4);
    let mut counts = vec![0.0; wanted.len()];
    for dot in places_of(&plan.value) {
        counts[ground.area_of.number[ground.window.nearest_cell(dot)] as usize] += 1.0;
    }
    let is_right = |(count, wanted): (&f64, &f64)| (count - wanted).abs() <= 1.5;
    assert!(counts.iter().zip(&wanted).skip(1).all(is_right), "{counts:?}, wanted {wanted:?}");
    assert!(counts.iter().skip(1).all(|count| *count > 20.0), "{counts:?}");
    assert_eq!(plan, planned(&reading, &drawn, &protocol, 4));
    assert_ne!(plan.value.sessions, planned(&reading, &drawn, &protocol, 5).value.sessions);
}

#[test]
fn what_dots_rest_on_is_said() {
    let protocol = default_like_protocol();
    let (reading, drawn) = thin_patch();
    let caveats = planned(&reading, &drawn, &protocol, 1).caveats;
    let said = message(&caveats, Code::PlanThinning);
    assert!(said.contains("harder to notice if more is lost") && said.contains("no study of dots"), "{said}");
    assert!(caveats.iter().any(|c| c.remedy.contains("see a doctor")));
    // Nothing assumed: the hair beside tells.
    assert!(!caveats.iter().any(|c| c.code == Code::PlanDensityAssumed));
    // Hair at the photograph's rim alone does not tell.
    let all =
        Drawn { thinning: Some(px(&[(3.0, 3.0), (97.0, 3.0), (97.0, 67.0), (3.0, 67.0)])), hairline: None };
    let assumed = planned(&scalp(|x, y| (x + y) % 3.0 < 1.5), &all, &protocol, 1);
    assert!(message(&assumed.caveats, Code::PlanDensityAssumed).contains("74 units per cm²"));
    assert!(assumed.value.totals.dots > 500, "{:?}", assumed.value.totals);
    let mut unread = reading.clone();
    unread.hair.unit_density_per_cm2 = None;
    let blind = planned(&unread, &drawn, &protocol, 1);
    assert_eq!(blind.value.totals.dots, 0, "no dots between hair that nobody saw");
    assert!(blind.caveats.iter().any(|c| c.code == Code::PlanThinning && c.weight == Weight::Blocks));

    let said = message(&planned(&forehead(), &across(), &protocol, 1).caveats, Code::PlanHairline);
    assert!(said.contains("2.4 mm") && said.contains("over 10 mm"), "{said}");
    let low = Protocol { lifetime_dots_per_cm2_max: 30.0, ..protocol };
    let capped = planned(&forehead(), &across(), &low, 1);
    assert!(message(&capped.caveats, Code::PlanDensityCapped).contains("30 over a life"));
    assert!(capped.value.totals.dot_density_per_cm2 <= 30.5);
}

#[test]
fn hair_just_behind_a_hairline_tells_how_dense_it_grows() {
    // Hair as dense as it grows or half of it begins 10 mm behind the line; before it stands none, or one unit of eight.
    // The front rises as t² (3 − 2 t) over these 10 mm; what it asks for beyond what stands is this share of what grows.
    let protocol = default_like_protocol();
    for (kept, left, share) in [(1, 0, 0.5), (2, 0, 0.5), (1, 8, 0.393), (2, 8, 0.393)] {
        let (mut before, mut behind) = (0.0, 0.0);
        for seed in 0..4 {
            let mut k = 0;
            let reading = scalp(|_, y| {
                k += 1;
                k % kept == 0 && (y > 46.0 || (left > 0 && k % (left * kept) == 0))
            });
            let plan = planned(&reading, &hairline(&[(1.0, 36.0), (99.0, 36.0)], None), &protocol, seed);
            assert_eq!(message(&plan.caveats, Code::PlanDensityAssumed), "");
            for (_, y) in places_of(&plan.value).into_iter().filter(|dot| (35.0..65.0).contains(&dot.0)) {
                *(if y < 46.0 { &mut before } else { &mut behind }) += 1.0;
            }
        }
        let asked = 4.0 * 300.0 * NATURAL_PER_MM2 / kept as f64 * share;
        // Density is a mean over 1.25 spacings, which takes up to a quarter beside a clear edge of hair.
        assert!((0.7..1.1).contains(&(before / asked)), "{kept}, {left}: {before} of {asked}");
        assert!(behind < 0.15 * before, "{kept}, {left}: {behind} dots between hair");
    }
}

#[test]
fn a_drawing_that_ends_where_hair_is_missing_too_is_said() {
    let (reading, protocol) = (forehead(), default_like_protocol());
    let said = |drawn: &Drawn| message(&planned(&reading, drawn, &protocol, 1).caveats, Code::PlanDrawnShort);
    // The field of skin measures 100 mm; hair stands below 45 mm, 25 mm behind the line.
    let (whole, short) = ([(0.0, 20.0), (100.0, 20.0)], [(10.0, 20.0), (90.0, 20.0)]);
    assert_eq!(said(&hairline(&whole, None)), "");
    let along_mm = |said: &str| -> f64 {
        let after = said.split("along ").nth(1).expect(said);
        after.split(' ').next().and_then(|mm| mm.parse().ok()).expect("a number")
    };
    let flanks = along_mm(&said(&hairline(&short, None)));
    assert!((flanks - 50.0).abs() < 8.0, "two flanks of 25 mm: {flanks}");
    let shallow = Hairline { line: px(&whole), depth_mm: 12.0, hair_side: None };
    let behind = along_mm(&said(&Drawn { thinning: None, hairline: Some(shallow) }));
    assert!((behind - 98.0).abs() < 8.0, "98 mm of skin behind it: {behind}");
}

#[test]
fn hair_tells_its_side_or_a_place_does() {
    let protocol = default_like_protocol();
    let reading = forehead();
    let below = |drawn: &Drawn| {
        let dots = places_of(&planned(&reading, drawn, &protocol, 1).value);
        assert!(!dots.is_empty());
        dots.iter().all(|dot| dot.1 > 15.0)
    };
    let backward = [(90.0, 20.0), (10.0, 20.0)];
    assert!(below(&across()) && below(&hairline(&backward, None)));
    assert!(below(&hairline(&backward, Some(PointInPhoto::new(500.0, 400.0)))));
    assert!(!below(&hairline(&backward, Some(PointInPhoto::new(500.0, 100.0)))));
}

#[test]
fn drawings_that_cannot_be_followed_are_refused() {
    let (reading, protocol) = (forehead(), default_like_protocol());
    let refused = |drawn: &Drawn| {
        let options = PlanOptions { seed: Seed(1), drawn: drawn.clone(), after: None };
        plan(&reading, &protocol, &options, &Unwatched).expect_err("refused").to_string()
    };
    let line = |line: &[(f64, f64)]| refused(&hairline(line, None));
    let area = |outline: &[(f64, f64)]| refused(&Drawn { thinning: Some(px(outline)), hairline: None });
    assert!(line(&[(10.0, 20.0)]).contains("made of 1 different places; needed: 2 to 500"));
    assert!(line(&[(10.0, 20.0); 9]).contains("made of 1 different places"));
    assert!(line(&[(10.0, 20.0), (14.0, 20.0)]).contains("4.0 mm long"));
    assert!(
        line(&[(10.0, 20.0), (120.0, 20.0)])
            .contains("outside the photograph of 1000 × 700 px with 1 of its 2 places")
    );
    assert!(line(&[(10.0, 20.0), (50.0, 20.0), (50.0, 10.0), (30.0, 30.0)]).contains("crosses itself"));
    assert!(line(&[(10.0, 20.0), (80.0, 20.0), (40.0, 20.5)]).contains("goes back on itself"));
    assert!(area(&[(10.0, 20.0), (15.0, 20.0), (10.0, 22.0)]).contains("encloses 5.0 mm²"));
    let beside =
        |x: f64, y: f64| refused(&hairline(&[(10.0, 20.0), (90.0, 20.0)], Some(PointInPhoto::new(x, y))));
    assert!(beside(500.0, 200.0).contains("lies on the hairline"));
    assert!(beside(5000.0, 100.0).contains("outside the photograph"));
    // In the middle of the hair nobody knows on which side it is to grow.
    assert!(line(&[(10.0, 58.0), (90.0, 58.0)]).contains("--hairline-hair"));
    assert!(area(&[(10.0, 20.0), (50.0, 20.0), (10.0, 20.0)]).contains("3 to 500 corners"));
    assert!(area(&[(10.0, 10.0), (50.0, 50.0), (50.0, 10.0), (10.0, 50.0)]).contains("crosses itself"));
    let many: Vec<_> = (0..501).map(|k| (10.0 + 0.1 * f64::from(k), 20.0)).collect();
    assert!(line(&many).contains("501 different places"));
    let deep = Hairline { depth_mm: f64::NAN, line: px(&[(10.0, 20.0), (90.0, 20.0)]), hair_side: None };
    assert!(refused(&Drawn { thinning: None, hairline: Some(deep) }).contains("5 to 150 mm"));
}

/// A strip scar in hair of which two of three are gone, everywhere but in a corner.
fn strip_in_thin_hair() -> Reading {
    let mut reading = strip_reading();
    let mut k = 0;
    reading.hair.detections.retain(|hair| {
        k += 1;
        hair.at.x_px > 900.0 || k % 3 == 0
    });
    let thin = Some(Estimate::new(25.0, 2.0));
    (reading.hair.unit_density_per_cm2, reading.scars[0].hair_density_around_per_cm2) = (thin, thin);
    reading
}

#[test]
fn a_scar_in_thinning_hair_gets_what_its_surroundings_get() {
    let (reading, protocol) = (strip_in_thin_hair(), default_like_protocol());
    let area = [(5.0, 5.0), (85.0, 5.0), (85.0, 65.0), (5.0, 65.0)];
    let drawn = Drawn { thinning: Some(px(&area)), hairline: None };
    let in_scar = |drawn: &Drawn| {
        let plan = planned(&reading, drawn, &protocol, 1).value;
        plan.dots().filter(|dot| dot.in_scar).count() as f64
    };
    let (alone, within) = (in_scar(&Drawn::default()), in_scar(&drawn));
    assert!(within > 1.5 * alone, "{alone} dots without the drawing, {within} with it");
}

#[test]
fn a_hairline_elsewhere_leaves_a_scars_color_today_as_it_is() {
    let (reading, protocol) = (strip_reading(), default_like_protocol());
    let today = |drawn: &Drawn| {
        let plan = planned(&reading, drawn, &protocol, 1).value;
        plan.scar_tone.expect("colors are known").today.median
    };
    let below = hairline(&[(10.0, 60.0), (90.0, 60.0)], Some(PointInPhoto::new(500.0, 650.0)));
    let (alone, beside) = (today(&Drawn::default()), today(&below));
    assert!((alone - beside).abs() < 0.2, "{alone} without a hairline, {beside} with one");
}

#[test]
fn what_was_drawn_stands_in_the_plan() {
    let plan = planned(&forehead(), &across(), &default_like_protocol(), 1).value;
    assert_eq!(plan.drawn_lines, [px(&[(10.0, 20.0), (40.0, 20.0), (90.0, 20.0)])]);
    let (reading, drawn) = thin_patch();
    let plan = planned(&reading, &drawn, &default_like_protocol(), 1).value;
    assert_eq!((plan.drawn_lines[0].len(), plan.drawn_lines[0][0]), (5, plan.drawn_lines[0][4]));
}
