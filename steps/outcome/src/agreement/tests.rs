use stipple_quantity::Seed;

use super::*;

fn scores(rows: &[&[f64]]) -> Vec<Score> {
    let of_row = |(i, row): (usize, &&[f64])| {
        let score = |(j, score): (usize, &f64)| Score {
            picture: format!("{i}"),
            rater: format!("rater {j}"),
            score: *score,
            occasion: 1,
        };
        row.iter().enumerate().map(score).collect::<Vec<_>>()
    };
    rows.iter().enumerate().flat_map(of_row).collect()
}

/// Six targets and four judges [@ShroutFleiss1979], with the ranges of the R package irr.
#[test]
fn four_judges_agree_as_in_the_paper() {
    let rows: [&[f64]; 6] = [
        &[9.0, 2.0, 5.0, 8.0],
        &[6.0, 1.0, 3.0, 2.0],
        &[8.0, 4.0, 6.0, 8.0],
        &[7.0, 1.0, 2.0, 6.0],
        &[10.0, 5.0, 6.0, 9.0],
        &[6.0, 2.0, 4.0, 7.0],
    ];
    let made = agreement(&scores(&rows)).expect("they rated the same");
    let together = made.value.together.expect("all are shared");
    let near = |found: f64, known: f64| assert!((found - known).abs() < 0.005, "{found} instead of {known}");
    near(together.single.value, 0.29);
    near(together.single.low, 0.019);
    near(together.single.high, 0.761);
    near(together.mean.value, 0.62);
    near(together.consistency.value, 0.71);
    near(together.consistency.low, 0.342);
    near(together.consistency.high, 0.946);
    assert_eq!(made.value.pairs.len(), 6);
    assert!(made.caveats.iter().any(|caveat| caveat.code == Code::RatingsFew));
}

/// Differences 1, 2, 3, 4, 5 by hand: mean 3, SD √2.5, t of four degrees of freedom 2.776.
#[test]
fn limits_of_agreement_are_those_of_bland_and_altman() {
    let rows: [&[f64]; 5] = [&[11.0, 10.0], &[4.0, 2.0], &[9.0, 6.0], &[5.0, 1.0], &[13.0, 8.0]];
    let made = agreement(&scores(&rows)).expect("they rated the same").value;
    let pair = &made.pairs[0];
    let (spread, n) = (2.5f64.sqrt(), 5.0f64);
    let near = |found: f64, known: f64| assert!((found - known).abs() < 0.002, "{found} instead of {known}");
    near(pair.bias.value, 3.0);
    near(pair.bias.high, 3.0 + 2.776 * spread / n.sqrt());
    near(pair.spread, spread);
    near(pair.limits[1].value, 3.0 + 1.96 * spread);
    let half = 2.776 * spread * (1.0 / n + 1.96f64.powi(2) / 8.0).sqrt();
    near(pair.limits[0].low, 3.0 - 1.96 * spread - half);
}

/// Pictures, raters and errors of known variances: an ICC of 4 / (4 + 0.5 + 1.5).
#[test]
fn ranges_hold_the_truth_in_95_of_100() {
    let (truth, studies) = (4.0 / 6.0, 400);
    let mut draw = Seed(1979).stream("agreement", 0);
    let mut held = 0;
    for _ in 0..studies {
        let raters: Vec<f64> = (0..5).map(|_| 0.5f64.sqrt() * draw.normal()).collect();
        let rows: Vec<Vec<f64>> = (0..40)
            .map(|_| {
                let picture = 2.0 * draw.normal();
                raters.iter().map(|rater| picture + rater + 1.5f64.sqrt() * draw.normal()).collect()
            })
            .collect();
        let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
        let made = agreement(&scores(&rows)).expect("they rated the same").value;
        let single = made.together.expect("all are shared").single;
        held += usize::from((single.low..=single.high).contains(&truth));
    }
    let share = held as f64 / f64::from(studies);
    // 0.935 of these 400.
    assert!((0.92..0.98).contains(&share), "{share}");
}

#[test]
fn what_is_not_shared_is_left_out_and_said_and_repeats_are_told() {
    let mut scores = scores(&[&[1.0, 2.0], &[3.0, 3.0], &[5.0, 4.0], &[6.0, 7.0]]);
    scores.push(Score { picture: "alone".into(), rater: "rater 0".into(), score: 2.0, occasion: 1 });
    let again = scores.iter().filter(|score| score.rater == "rater 1").cloned();
    let again: Vec<Score> = again.map(|score| Score { occasion: 2, ..score }).collect();
    scores.extend(again);
    let made = agreement(&scores).expect("they rated the same");
    assert_eq!((made.value.pictures, made.value.together.expect("four").pictures), (5, 4));
    assert!(made.caveats.iter().any(|caveat| caveat.code == Code::RatingsLeftOut));
    let repeat = &made.value.repeats[0];
    assert_eq!((repeat.raters[0].as_str(), repeat.bias.value, repeat.spread), ("rater 1", 0.0, 0.0));
    assert!((repeat.single.expect("they differ").value - 1.0).abs() < 1e-9);
}

/// As many pictures as a table holds, on a scale that goes far.
#[test]
fn many_pictures_and_far_scales_give_finite_numbers() {
    let mut draw = Seed(3).stream("agreement", 1);
    let rows: Vec<Vec<f64>> = (0..10_000).map(|_| vec![1e6 * draw.uniform(), 1e6 * draw.uniform()]).collect();
    let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
    let made = agreement(&scores(&rows)).expect("they rated the same").value;
    let together = made.together.expect("they differ");
    for interval in [together.single, together.mean, together.consistency, made.pairs[0].bias] {
        assert!(interval.low <= interval.value && interval.value <= interval.high, "{interval:?}");
        assert!(interval.low.is_finite() && interval.high.is_finite(), "{interval:?}");
    }
}

#[test]
fn nothing_shared_and_nothing_that_differs() {
    assert_eq!(agreement(&scores(&[&[1.0, 2.0], &[3.0, 3.0]])), Err(Error::Nothing(NOTHING_SHARED)));
    assert_eq!(agreement(&scores(&[&[1.0], &[3.0], &[2.0]])), Err(Error::Nothing(NOTHING_SHARED)));
    let flat = agreement(&scores(&[&[4.0, 4.0], &[4.0, 4.0], &[4.0, 4.0]])).expect("they agree").value;
    assert_eq!((flat.together, flat.pairs[0].slope), (None, None));
    let apart = agreement(&scores(&[&[5.0, 6.0], &[5.0, 6.0], &[5.0, 6.0]])).expect("rated").value;
    assert_eq!((apart.together, apart.pairs[0].bias.value), (None, -1.0));
    let rounded = agreement(&scores(&[&[0.1, 0.3], &[0.1, 0.3], &[0.1, 0.3]])).expect("rated").value;
    assert_eq!((rounded.together, rounded.pairs[0].slope), (None, None));
    let opposed = agreement(&scores(&[&[0.0, 10.0], &[10.0, 0.0], &[1.0, 9.0]])).expect("rated").value;
    let together = opposed.together.expect("they differ");
    assert!(together.single.value >= -1.0 && together.mean.value == 0.0, "{together:?}");
}
