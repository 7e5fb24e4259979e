use stipple_quantity::{Seed, Stream};

use super::*;

/// Optical density of one dot before any loss, mm².
const FIRST_MM2: f64 = 0.013;

fn seen() -> SeenByShare {
    let ink = stipple_optics::DotInk::through([30.0; 3]);
    SeenByShare::of(&Deposit { diameter_um: 150.0, top_mm: 0.2, bottom_mm: 0.5, ink })
}

/// What is seen of a way at some visits, each off by chance as its uncertainty tells.
fn visits(way: &PigmentLoss, days: &[u32], off: f64, draw: &mut Stream) -> Vec<Visited> {
    let of_day = |days: &u32| {
        let value = FIRST_MM2 * seen().at(way.share_left(f64::from(*days))) * (off * draw.normal()).exp();
        Visited {
            days: *days,
            per_dot_mm2: Estimate::new(value, off * value),
            detectability: BeforeAfter { before: 4.0, after: 0.5 },
            unsure: 0.05,
        }
    };
    days.iter().map(of_day).collect()
}

fn drawn(ways: &[(PigmentLoss, f64)], draw: &mut Stream) -> PigmentLoss {
    let mut left = draw.uniform() * ways.iter().map(|(_, weight)| weight).sum::<f64>();
    let reached = ways.iter().find(|(_, weight)| {
        left -= weight;
        left <= 0.0
    });
    reached.unwrap_or(&ways[0]).0
}

/// People drawn from the prior, seen at four visits over three years.
#[test]
#[expect(clippy::print_stdout, reason = "what docs/accuracy.md quotes is printed")]
fn the_own_curve_holds_the_truth_as_often_as_it_says_and_is_narrower_than_the_usual_one() {
    let (seen, usual) = (seen(), PigmentLoss::usual(true, Sun::Usual));
    let mut draw = Seed(5).stream("fading.people", 0);
    let (mut held, mut touched, mut narrower, people) = (0, 0, 0.0, 200);
    for _ in 0..people {
        let way = drawn(&usual, &mut draw);
        let visits = visits(&way, &[60, 240, 600, 1095], 0.07, &mut draw);
        let own = updated(&usual, &visits, &seen);
        let later = |way: &PigmentLoss| ratio(way, 1826.0, HEALED_DAYS, &seen);
        let (before, after) = (range(&usual, &later), range(&own, &later));
        held += usize::from((after.low..=after.high).contains(&later(&way)));
        narrower += (after.high - after.low) / (before.high - before.low) / f64::from(people);
        // The day on which three quarters of what is seen today are left.
        let truth = day_of(0.75, 1095.0, &way, &seen);
        let told = quantiles(own.iter().map(|(way, w)| (day_of(0.75, 1095.0, way, &seen), *w)).collect());
        touched += usize::from((told.low..=told.high).contains(&truth));
    }
    let share = |count: usize| 100.0 * count as f64 / f64::from(people);
    println!(
        "range of 8 in 10 after 5 years holds {:.0} %, day of the touch-up {:.0} %; {:.2} as wide as before",
        share(held),
        share(touched),
        narrower
    );
    assert!((70.0..=92.0).contains(&share(held)) && (70.0..=94.0).contains(&share(touched)));
    assert!(narrower < 0.7);
}

#[test]
fn one_visit_changes_nothing_and_more_pigment_at_first_neither() {
    let (seen, usual) = (seen(), PigmentLoss::usual(false, Sun::Usual));
    let mut draw = Seed(6).stream("fading.people", 0);
    let one = visits(&usual[0].0, &[200], 0.05, &mut draw);
    let own = updated(&usual, &one, &seen);
    assert!(own.iter().zip(&usual).all(|(own, usual)| (own.1 - usual.1).abs() < 1e-12));
    let mut more = visits(&usual[900].0, &[60, 400, 900], 0.05, &mut draw);
    let before = updated(&usual, &more, &seen);
    more.iter_mut().for_each(|visit| {
        visit.per_dot_mm2 =
            Estimate::new(3.0 * visit.per_dot_mm2.value, 3.0 * visit.per_dot_mm2.standard_uncertainty);
    });
    let after = updated(&usual, &more, &seen);
    assert!(before.iter().zip(&after).all(|(one, two)| (one.1 - two.1).abs() < 1e-12));
}

#[test]
fn the_day_of_the_touch_up_follows_from_what_is_seen() {
    let (seen, usual) = (seen(), PigmentLoss::usual(true, Sun::Usual));
    let with = |before: f64, after: f64| Visited {
        days: 400,
        per_dot_mm2: Estimate::new(0.01, 0.001),
        detectability: BeforeAfter { before, after },
        unsure: 0.1,
    };
    let told = |before, after| touch_up(&with(before, after), &usual, &seen);
    assert_eq!(told(0.8, 0.3), TouchUp::NotSeenWithout);
    assert_eq!(told(4.0, 1.2), TouchUp::Today);
    for (before, after) in [(15.0, 17.0), (15.0, 15.0), (4.0, 3.5)] {
        assert_eq!(told(before, after), TouchUp::SeenWithDots, "dots did not do it when healed either");
    }
    let (TouchUp::After(soon), TouchUp::After(late)) = (told(4.0, 0.9), told(4.0, 0.1)) else {
        panic!("both are still to come");
    };
    assert!(soon.low >= 400.0 && soon.low <= soon.likely && soon.likely <= soon.high);
    assert!(late.likely > soon.likely && late.high <= TOUCH_UP_DAYS_MAX, "{soon:?} {late:?}");
}
