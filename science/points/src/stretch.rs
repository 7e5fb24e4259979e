//! By how much a pattern is stretched along a direction that is known everywhere, as hair's.

use crate::ground::Metric;
use crate::index::CellIndex;
use crate::potential::{BIN, BINS, POPULATION, REACH};
use crate::window::Window;

/// Stretches are looked for between one over this and this.
const MOST: f64 = 2.0;
/// Nearer pairs are mostly one follicle that was seen twice along its hair; local spacings.
const NEAREST: f64 = 0.3;
/// Least points to look from.
const POINTS_MIN: usize = 50;
/// How people differ: standard deviation of ln stretch, assumed. Over 395 people together [@Bsrl] pairs half a spacing
/// apart are as rare along the hair as pairs 0.49 apart are in any direction, across it as those 0.62 apart: ln stretch of
/// the mean is -0.24, part of it error of the marks. How single people differ was not measured.
const AMONG_PEOPLE: f64 = 0.2;
/// Side of the tiles that share a direction, over how near hair counts: it turns little within them.
const TILE: f64 = 0.75;

/// A stretch, as its natural logarithm: distances along the direction count e^(ln stretch) times those across it, so above
/// zero points stand nearer along it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Of the pattern, without unit.
    pub ln: f64,
    /// Its standard uncertainty.
    pub uncertainty: f64,
}

impl Stretch {
    /// The stretch to be believed: drawn toward none by as much as chance may have made it.
    ///
    /// # Source
    /// Empirical Bayes [@Efron1973].
    pub fn believed(self) -> f64 {
        let (chance, people) = (self.uncertainty.powi(2), AMONG_PEOPLE.powi(2));
        (self.ln * people / (people + chance)).exp()
    }
}

/// The stretch of the points inside a window, from how their near neighbors stand to `directions` (radians from the x axis,
/// for each cell of the window).
///
/// `metric` has their density without any stretch. `None` where fewer than fifty points have all of their neighborhood in
/// the window.
///
/// # Limits
/// ln stretch from −0.69 to 0.69; `None` where near pairs tell nothing of it. Places that were read wrongly along hairs look like a stretch.
///
/// # Panics
/// If there is not a metric and a direction for every cell.
///
/// # Cost
/// O(points × neighbors within 2.4 local spacings).
///
/// # Source
/// The root of the derivative of the pairs' likelihood by the stretch, with the population's pair correlation; uncertainty
/// from the spread of what points add to it [@Huber1967].
pub fn stretch(
    points: &[(f64, f64)],
    window: &Window,
    metric: &[Metric],
    directions: &[f64],
) -> Option<Stretch> {
    assert_eq!(metric.len(), window.inside.len(), "every cell needs its metric");
    assert_eq!(directions.len(), window.inside.len(), "every cell needs its direction");
    let ways = ways(points, window, metric, directions);
    if ways.len() < POINTS_MIN {
        return None;
    }
    let pull = pulls();
    let score = |ln: f64| ways.iter().map(|own| pulled(own, ln, &pull)).sum::<f64>();
    let (mut low, mut high) = (-MOST.ln(), MOST.ln());
    for _ in 0..30 {
        let middle = 0.5 * (low + high);
        if score(middle) > 0.0 { low = middle } else { high = middle }
    }
    let ln = 0.5 * (low + high);
    let slope = (score(ln + 0.1) - score(ln - 0.1)) / 0.2;
    // Because only where it falls through zero is the pattern even on both sides.
    if slope >= 0.0 {
        return None;
    }
    // Every pair adds to two points alike.
    let spread = 2.0 * ways.iter().map(|own| pulled(own, ln, &pull).powi(2)).sum::<f64>();
    Some(Stretch { ln, uncertainty: spread.sqrt() / -slope })
}

/// A place and which way something lies there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// Where.
    pub at: (f64, f64),
    /// From the x axis toward the y axis, radians; to and fro are the same.
    pub angle: f64,
}

/// The direction in every cell of a window, radians from −π/2 to π/2: the mean of all ways, those `near` away with a quarter
/// of the say of one on the spot.
///
/// `None` without ways.
///
/// # Cost
/// O(ways × area / near²).
pub fn directions(ways: &[Way], window: &Window, near: f64) -> Option<Vec<f64>> {
    let side = (TILE * near / window.cell).ceil().max(1.0) as usize;
    let across = window.columns.div_ceil(side);
    // Because to and fro are the same, twice the angles are averaged.
    let twice: Vec<(f64, f64)> = ways.iter().map(|way| (2.0 * way.angle).sin_cos()).collect();
    let of_tile = |tile: usize| {
        let middle = |k: usize, from: f64| from + (k as f64 + 0.5) * side as f64 * window.cell;
        let at = (middle(tile % across, window.origin.0), middle(tile / across, window.origin.1));
        let (sin, cos) = ways.iter().zip(&twice).fold((0.0, 0.0), |(sin, cos), (way, twice)| {
            let squared = (way.at.0 - at.0).powi(2) + (way.at.1 - at.1).powi(2);
            let say = (1.0 + squared / (near * near)).powi(-2);
            (sin + say * twice.0, cos + say * twice.1)
        });
        0.5 * sin.atan2(cos)
    };
    let tiles: Vec<f64> = (0..across * window.rows.div_ceil(side)).map(of_tile).collect();
    let tile_of = |k: usize| (k / window.columns / side) * across + k % window.columns / side;
    (!ways.is_empty()).then(|| (0..window.inside.len()).map(|k| tiles[tile_of(k)]).collect())
}

/// Around each point with its whole neighborhood in the window, squared ways along and across, local spacings².
fn ways(
    points: &[(f64, f64)],
    window: &Window,
    metric: &[Metric],
    directions: &[f64],
) -> Vec<Vec<(f64, f64)>> {
    let index = CellIndex::new(points);
    let around = |k: usize| {
        let cell = window.cell_at(points[k])?;
        let spacing = 1.0 / Some(metric[cell].density()).filter(|density| *density > 0.0)?.sqrt();
        let reach = REACH * MOST.sqrt() * spacing;
        let (sin, cos) = directions[cell].sin_cos();
        let mut own = Vec::new();
        window.contains_disk(points[k], reach).then(|| {
            index.for_each_within(points[k], reach, |other, _| {
                let (dx, dy) = (points[other].0 - points[k].0, points[other].1 - points[k].1);
                if other != k {
                    let (along, across) = ((dx * cos + dy * sin) / spacing, (dy * cos - dx * sin) / spacing);
                    own.push((along * along, across * across));
                }
            });
            own
        })
    };
    (0..points.len()).filter_map(around).collect()
}

/// What a point's neighbors add to the derivative: above zero where distances along have to count more.
fn pulled(ways: &[(f64, f64)], ln: f64, pull: &[f64; BINS]) -> f64 {
    let (times, over) = (ln.exp(), (-ln).exp());
    let one = |&(along, across): &(f64, f64)| {
        let (along, across) = (along * times, across * over);
        let squared = along + across;
        let bin = (squared.sqrt() / BIN) as usize;
        pull.get(bin).map_or(0.0, |pull| pull * (along - across) / squared)
    };
    ways.iter().map(one).sum()
}

/// d ln g / d ln r of the population, in bins; nothing where pairs are too near or too far to tell.
fn pulls() -> [f64; BINS] {
    std::array::from_fn(|bin| {
        let r = (bin as f64 + 0.5) * BIN;
        let is_telling = (NEAREST..REACH).contains(&r);
        // Over five bins, because the table itself is uncertain.
        let rise = |from: usize, to: usize| POPULATION[to] - POPULATION[from];
        if is_telling { r * rise(bin - 2, bin + 2) / (4.0 * BIN) / POPULATION[bin].max(0.05) } else { 0.0 }
    })
}

#[cfg(test)]
#[allow(clippy::print_stdout, reason = "a test that measures says what it found")]
mod tests {
    use super::*;
    use crate::fill::{Fill, fill};
    use crate::potential::Potential;
    use stipple_quantity::Seed;

    /// Found in a pattern of 900 points that was stretched along 0.7 radians.
    fn found(stretch_by: f64, seed: u64) -> Stretch {
        let window = Window::rectangle(30.0, 30.0, 0.5);
        let cells = window.inside.len();
        let request = Fill {
            window: &window,
            fixed: &[],
            obstacles: &[],
            metric: &vec![Metric::stretched(1.0, 0.7, stretch_by); cells],
            new_density: &vec![1.0; cells],
            zone: &vec![0; cells],
            count: 900,
            spacing_min: 0.0,
            potential: &Potential::population(),
        };
        let points = fill(&request, Seed(seed)).points;
        stretch(&points, &window, &vec![Metric::even(1.0); cells], &vec![0.7; cells]).expect("enough points")
    }

    #[test]
    fn a_stretch_is_found_within_its_uncertainty() {
        for by in [1.0f64, 1.3, 0.75] {
            let all: Vec<Stretch> = (0..20).map(|seed| found(by, seed)).collect();
            let mean = all.iter().map(|one| one.ln).sum::<f64>() / 20.0;
            let spread = (all.iter().map(|one| (one.ln - mean).powi(2)).sum::<f64>() / 19.0).sqrt();
            let told = all.iter().map(|one| one.uncertainty).sum::<f64>() / 20.0;
            println!("stretch {by}: ln {:.3}, found {mean:.3} ± {spread:.3}, told ± {told:.3}", by.ln());
            assert!((mean - by.ln()).abs() < 0.03, "{by}: {mean}");
            assert!((0.6..1.8).contains(&(told / spread)), "{by}: told {told}, spread {spread}");
        }
    }

    #[test]
    fn little_evidence_is_believed_little() {
        let one = |uncertainty| Stretch { ln: 0.3, uncertainty }.believed();
        assert!((one(0.001) - 0.3f64.exp()).abs() < 1e-3 && (one(2.0) - 1.0).abs() < 0.01);
    }

    #[test]
    fn ways_to_and_fro_are_one_direction_and_the_nearer_win() {
        let window = Window::rectangle(20.0, 8.0, 0.5);
        let way = |x: f64, angle: f64| Way { at: (x, 4.0), angle };
        let both = [way(1.0, 0.3), way(1.0, 0.3 + std::f64::consts::PI), way(19.0, -1.0)];
        let found = directions(&both, &window, 2.0).expect("there are ways");
        assert!(
            (found[0] - 0.3).abs() < 0.05 && (found[39] + 1.0).abs() < 0.05,
            "{} {}",
            found[0],
            found[39]
        );
        assert_eq!(directions(&[], &window, 2.0), None);
    }

    #[test]
    fn points_out_of_each_others_reach_have_none() {
        let window = Window::rectangle(50.0, 50.0, 0.5);
        let places: Vec<_> =
            (0..400).map(|k| (f64::from(k % 20) * 2.5 + 1.0, f64::from(k / 20) * 2.5 + 1.0)).collect();
        assert_eq!(stretch(&places, &window, &vec![Metric::even(4.0); 10_000], &vec![0.0; 10_000]), None);
    }

    #[test]
    fn few_points_have_none() {
        let window = Window::rectangle(5.0, 5.0, 0.5);
        let places: Vec<_> = (0..25).map(|k| (f64::from(k % 5) + 0.5, f64::from(k / 5) + 0.5)).collect();
        assert_eq!(stretch(&places, &window, &vec![Metric::even(1.0); 100], &vec![0.0; 100]), None);
    }
}
