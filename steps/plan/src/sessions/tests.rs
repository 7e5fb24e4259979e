use super::*;
use crate::plan::tests::{default_like_protocol, strip_reading};
use crate::{PlanOptions, plan};
use stipple_model::{Plan, Unwatched};
use stipple_quantity::{PointInScalp, Seed};

fn strip_plan() -> Plan {
    let options = PlanOptions { seed: Seed(1), drawn: stipple_model::Drawn::default(), after: None };
    plan(&strip_reading(), &default_like_protocol(), &options, &Unwatched).expect("a plan").value
}

/// Way from dot to dot, mm a dot.
fn way_mm(dots: &[Dot]) -> f64 {
    let way: f64 = dots.windows(2).map(|pair| pair[0].at_scalp.distance_mm(&pair[1].at_scalp)).sum();
    way / dots.len() as f64
}

/// Rows of 10 mm of the picture, there and back.
fn rows_of_the_picture(dots: &[Dot]) -> Vec<Dot> {
    let mut dots = dots.to_vec();
    dots.sort_by_key(|dot| {
        let row = (dot.at_scalp.y_mm / 10.0).floor() as i64;
        let x_um = (1000.0 * dot.at_scalp.x_mm) as i64;
        (row, if row % 2 == 0 { x_um } else { -x_um })
    });
    dots
}

/// Always on to the nearest dot that is left.
fn nearest_next(dots: &[Dot]) -> Vec<Dot> {
    let mut left = dots.to_vec();
    let mut done = vec![left.swap_remove(0)];
    while let Some(last) = done.last().filter(|_| !left.is_empty()) {
        let way = |k: &usize| left[*k].at_scalp.distance_mm(&last.at_scalp);
        let next = (0..left.len()).min_by(|one, two| way(one).total_cmp(&way(two))).expect("one is left");
        done.push(left.swap_remove(next));
    }
    done
}

/// A burn of 80 by 60 mm without a hair: 74 dots a cm², ranked by chance.
fn burn_sessions() -> Vec<Session> {
    let mut chance = Seed(5).stream("burn", 0);
    let like = strip_plan().sessions[0].dots[0];
    let mut dot = |k: usize| {
        let (x_mm, y_mm) = ((k % 69) as f64 * 1.16, (k / 69) as f64 * 1.16);
        let (dx, dy) = (chance.between(-0.4, 0.4), chance.between(-0.4, 0.4));
        Dot { at_scalp: PointInScalp::new(x_mm + dx, y_mm + dy), in_scar: true, ..like }
    };
    let dots: Vec<Dot> = (0..69 * 52).map(&mut dot).collect();
    let mut order: Vec<usize> = (0..dots.len()).collect();
    order.sort_by_key(|k| (k * 7919) % dots.len());
    let settings = default_like_protocol().sessions;
    split(&dots, &by_rank(&order, &settings), &settings)
}

#[test]
#[expect(clippy::print_stdout, reason = "a measurement is shown")]
fn the_way_of_the_hand_is_short() {
    for (scar, sessions, of_before) in
        [("strip", strip_plan().sessions, 1.05), ("burn", burn_sessions(), 0.6)]
    {
        // Over all sessions: a hundred dots of one scatter by a fifth.
        let mut all = [0.0; 3];
        for session in sessions {
            let ways =
                [rows_of_the_picture(&session.dots), session.dots.clone(), nearest_next(&session.dots)]
                    .map(|dots| way_mm(&dots));
            let [before, now, nearest] = ways;
            let dots = session.dots.len();
            println!(
                "{scar}, session {}, {dots} dots: {before:.2} mm a dot in rows of the picture, {now:.2} as planned, {nearest:.2} \
                 to the nearest",
                session.number
            );
            all.iter_mut().zip(ways).for_each(|(sum, way)| *sum += way * dots as f64);
        }
        assert!(all[1] < of_before * all[0] && all[1] < 1.25 * all[2], "{all:?}");
    }
}

#[test]
fn zones_are_within_reach_and_worked_in_order() {
    let plan = strip_plan();
    for session in &plan.sessions {
        assert!(session.dots.is_sorted_by_key(|dot| dot.zone), "zone after zone");
    }
    let zones = plan.dots().map(|dot| dot.zone).max().expect("zones");
    assert!((2..=6).contains(&zones), "{zones} zones for 100 × 43 mm");
    let mut middles = Vec::new();
    for zone in 1..=zones {
        let dots: Vec<&Dot> = plan.dots().filter(|dot| dot.zone == zone).collect();
        let x: Vec<f64> = dots.iter().map(|dot| dot.at_scalp.x_mm).collect();
        let (low, high) = x.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
        assert!(high - low <= 45.1, "zone {zone} is {} mm long", high - low);
        middles.push((low + high) / 2.0);
    }
    assert!(middles.is_sorted(), "along the scar: {middles:?}");
}

#[test]
fn few_and_strange_places_have_an_order() {
    for places in [vec![], vec![(1.0, 1.0)], vec![(2.0, 2.0); 5], vec![(0.0, 0.0), (400.0, 300.0)]] {
        let zones = zones(&places, &vec![true; places.len()]);
        let mut seen: Vec<usize> =
            zones.iter().flat_map(|zone| in_rows(&places, zone.dots.clone(), zone.along, None)).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..places.len()).collect::<Vec<_>>());
    }
}
