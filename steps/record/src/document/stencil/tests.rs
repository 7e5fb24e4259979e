mod measured;

use stipple_model::{Dot, Session};
use stipple_quantity::{Estimate, PointInScalp};

use super::super::example;
use super::super::typeface::Line;
use super::key::legend_words;
use super::sheet::warning_style;
use super::tiling::OVERLAP_MM;
use super::*;

fn plan_of(places: &[[f64; 2]]) -> Plan {
    let mut plan = example::plan();
    let like = plan.sessions[0].dots[0];
    let dot = |[x, y]: &[f64; 2]| Dot { at_scalp: PointInScalp::new(*x, *y), ..like };
    plan.scar_outlines.clear();
    plan.sessions = vec![Session { number: 1, interval_days: 0, dots: places.iter().map(dot).collect() }];
    plan
}

fn tiling(width_mm: f64, height_mm: f64) -> Tiling {
    Tiling::new(A4_MM, Frame::new(-3.0, 5.0, width_mm, height_mm))
}

#[test]
fn tiles_overlap_and_cover_all() {
    let tiling = tiling(400.0, 300.0);
    assert_eq!((tiling.columns, tiling.rows), (3, 2));
    let (first, second) = (tiling.tile(0, 0), tiling.tile(1, 0));
    assert!((first.right_mm() - second.left_mm - OVERLAP_MM).abs() < 1e-9);
    let last = tiling.tile(2, 1);
    assert!(first.left_mm <= -9.0 && last.right_mm() >= 403.0 && last.bottom_mm() >= 311.0);
}

#[test]
fn a_scale_that_is_a_guess_is_said() {
    let mut plan = example::plan();
    assert_eq!(warnings(&plan, None), Vec::<String>::new());
    plan.pixel_pitch_um = Estimate::new(100.0, 28.0);
    let said = warnings(&plan, Some(Verdict::NotYet));
    assert!(said[1].starts_with("SCALE UNCERTAIN") && said[1].contains("± 28 %"), "{said:?}");
    let style = warning_style(&said[1], 186.0);
    assert!(style.size_pt > 6.0 && Line::new(&said[1], style).width_mm < 186.1);
    plan.pixel_pitch_um = Estimate::new(0.0, 1.0);
    assert!(stencil_pdf(&plan, None).starts_with(b"%PDF"));
}

#[test]
fn the_legend_counts_later_sessions_together() {
    let mut plan = plan_of(&[[0.0, 0.0], [3.0, 0.0]]);
    let first = plan.sessions[0].clone();
    plan.sessions = (1..=6).map(|number| Session { number, ..first.clone() }).collect();
    let texts: Vec<String> = legend_words(&plan);
    assert_eq!(texts[3], "session 4 and later: 6 dots");
    assert_eq!((texts.len(), texts[2].as_str()), (4, "session 3: 2 dots"));
}

#[test]
fn hostile_plans_stay_small() {
    let far = plan_of(&[[0.0, 0.0], [9_000.0, 9_000.0], [f64::INFINITY, 1e300]]);
    assert_eq!(tiled(&far, extent(&far).expect("two dots can be drawn"), None).len(), 1);
    assert!(stencil_pdf(&plan_of(&[]), None).starts_with(b"%PDF"));
}

#[test]
fn every_session_has_pages_of_its_own_where_it_has_dots() {
    let plan = example::plan();
    let extent = extent(&plan).expect("dots");
    assert_eq!(tiled(&plan, extent, None).len(), 1 + plan.sessions.len());
    assert_eq!(parts(&plan_of(&[[0.0, 0.0]]), 1), [Part::All]);
    assert_eq!(parts(&plan, PAGES_OF_SESSIONS_MAX / 2), [Part::All]);
    let mut late = plan.clone();
    late.sessions[1].dots.clear();
    assert_eq!(tiled(&late, extent, None).len(), plan.sessions.len());
}
