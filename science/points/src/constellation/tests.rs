//! Two visits of one scalp find each other; other scalps, mirrors and chance do not.

mod visits;

use super::*;
use stipple_quantity::Seed;
use visits::{Change, EASY, HARSH, Place, Visits, Warp, ZONE, head, later, seen, visits};

fn aligned(before: &(Vec<Place>, Vec<f64>), after: &(Vec<Place>, Vec<f64>)) -> Result<Alignment, Refusal> {
    let of = |stars: &(Vec<Place>, Vec<f64>)| Constellation::in_mm(stars.0.clone(), stars.1.clone());
    align(&of(before), &of(after))
}

/// Errors over a grid of places that both pictures show, sorted; and the share of those places that are known.
fn errors(alignment: &Alignment, warp: &Warp) -> (Vec<f64>, f64) {
    let inside = |p: Place| (0.5..ZONE.0 - 0.5).contains(&p.0) && (0.5..ZONE.1 - 0.5).contains(&p.1);
    let places = (1..60).flat_map(|x| (1..45).map(move |y| (f64::from(x), f64::from(y))));
    let shown: Vec<Place> = places.filter(|p| inside(warp.map(*p))).collect();
    let off = |p: &Place| {
        let (at, there) = (alignment.map(*p)?, warp.map(*p));
        Some((at.0 - there.0).hypot(at.1 - there.1))
    };
    let mut all: Vec<f64> = shown.iter().filter_map(off).collect();
    all.sort_by(f64::total_cmp);
    let share = all.len() as f64 / shown.len() as f64;
    (all, share)
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    sorted[(share * (sorted.len() - 1) as f64) as usize]
}

/// Median, 95 % quantile and largest error, and known share, of some pairs of visits.
fn measured(change: Change, seeds: std::ops::Range<u64>) -> Vec<(f64, f64, f64, f64)> {
    let one = |seed| {
        let Visits { before, after, warp } = visits(seed, change);
        let alignment = aligned(&before, &after).expect("the same head");
        let (errors, share) = errors(&alignment, &warp);
        (quantile(&errors, 0.5), quantile(&errors, 0.95), quantile(&errors, 1.0), share)
    };
    seeds.map(one).collect()
}

#[test]
fn easy_pairs_align() {
    for (median, p95, most, share) in measured(EASY, 0..6) {
        assert!(median < 0.02 && p95 < 0.10 && most < 0.5, "{median:.3} {p95:.3} {most:.3} mm");
        assert!(share > 0.9, "{share:.2} of the common zone is known");
    }
}

#[test]
fn harsh_pairs_align() {
    for (median, p95, most, share) in measured(HARSH, 10..16) {
        assert!(median < 0.07 && p95 < 0.25 && most < 0.8, "{median:.3} {p95:.3} {most:.3} mm");
        assert!(share > 0.9, "{share:.2} of the common zone is known");
    }
}

#[test]
fn any_rotation_and_scale_align() {
    for (turn_deg, scale) in [(90.0, 0.82), (180.0, 1.0), (-137.0, 1.2)] {
        let mut draw = Seed(30).stream("test", turn_deg as u64);
        let warp = Warp::with(turn_deg, scale, &mut draw);
        let head = head(&mut draw);
        let first: Vec<Place> = head.iter().map(|root| root.0).collect();
        let before = seen(&first, HARSH, &mut draw);
        let after = seen(&later(&head, &warp, HARSH, &mut draw), HARSH, &mut draw);
        let alignment = aligned(&before, &after).expect("the same head, turned");
        let (errors, _) = errors(&alignment, &warp);
        assert!(quantile(&errors, 0.5) < 0.07, "{turn_deg}°, × {scale}: {:.3} mm", quantile(&errors, 0.5));
    }
}

#[test]
fn what_is_not_the_same_is_refused() {
    for seed in 40..46 {
        let (one, other) = (visits(seed, EASY), visits(seed + 100, EASY));
        let refusal = aligned(&one.before, &other.after).err().expect("two heads");
        assert!(matches!(refusal, Refusal::Unlike { .. } | Refusal::Accident { .. }), "{refusal}");
        let mirrored = one.after.0.iter().map(|p| (ZONE.0 - p.0, p.1)).collect();
        let refusal = aligned(&one.before, &(mirrored, one.after.1)).err().expect("a mirror image");
        assert_eq!(refusal, Refusal::Mirrored);
    }
    let few = (one_in(&visits(50, EASY).before, 100), visits(50, EASY).after);
    assert!(matches!(aligned(&few.0, &few.1), Err(Refusal::TooFew { found: 20..60, .. })));
}

fn one_in((places, confidence): &(Vec<Place>, Vec<f64>), n: usize) -> (Vec<Place>, Vec<f64>) {
    (places.iter().copied().step_by(n).collect(), confidence.iter().copied().step_by(n).collect())
}

#[test]
fn there_and_back_is_the_same_place() {
    let Visits { before, after, warp } = visits(60, HARSH);
    let (to, fro) =
        (aligned(&before, &after).expect("aligns"), aligned(&after, &before).expect("aligns back"));
    let (median, p95) = to.inverse_error();
    assert!(median < 0.02 && p95 < 0.05, "{median:.4} {p95:.4}");
    let mut compared = 0;
    for place in (1..12).flat_map(|x| (1..9).map(move |y| (5.0 * f64::from(x), 5.0 * f64::from(y)))) {
        let Some(there) = to.map(place) else { continue };
        let back = to.inverse(there).expect("what was mapped goes back");
        assert!((back.0 - place.0).hypot(back.1 - place.1) < 1e-6);
        let support = to.support(place).expect("it is known");
        let off = (there.0 - warp.map(place).0).hypot(there.1 - warp.map(place).1);
        assert!(off < 8.0 * support.standard_uncertainty, "{off} {support:?}");
        if let Some(back) = fro.map(there) {
            compared += 1;
            assert!((back.0 - place.0).hypot(back.1 - place.1) < 0.15, "{place:?} came back as {back:?}");
        }
    }
    assert!(compared > 60);
}

#[test]
fn the_same_on_any_number_of_threads() {
    let Visits { before, after, .. } = visits(70, HARSH);
    let on = |n: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads start");
        pool.install(|| aligned(&before, &after).expect("aligns"))
    };
    let (one, two) = (on(1), on(3));
    assert_eq!(one.pairs(), two.pairs());
    assert_eq!(one.map((31.0, 22.0)), two.map((31.0, 22.0)));
}
