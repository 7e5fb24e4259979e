//! What is written down about photons on their way.

use super::lanes::{F, Lanes, M, U, WIDTH};

/// Which way a photon left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Top,
    Bottom,
}

/// A photon that left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Escape {
    pub(crate) side: Side,
    pub(crate) x_mm: f32,
    pub(crate) y_mm: f32,
    pub(crate) weight: f32,
    /// Which of the lanes it traveled in.
    pub(crate) lane: usize,
}

/// A straight way that sixteen photons have just gone.
#[derive(Clone, Copy)]
pub(crate) struct Segment<L: Lanes> {
    pub(crate) from: [F<L>; 3],
    pub(crate) direction: [F<L>; 3],
    pub(crate) length: F<L>,
    /// 1 for the first layer.
    pub(crate) layer: U<L>,
}

/// Something that writes down.
pub(crate) trait Tally: Clone + Send + Sync {
    /// Whether it wants to hear of every segment.
    const SEGMENTS: bool = false;
    /// Whether it wants to hear of every photon that leaves.
    const ESCAPES: bool = false;

    /// New photons begin in these lanes.
    #[inline(always)]
    fn launched<L: Lanes>(&mut self, _lanes: M<L>) {}
    #[inline(always)]
    fn segment<L: Lanes>(&mut self, _segment: &Segment<L>) {}
    #[inline(always)]
    fn escaped(&mut self, _escape: &Escape) {}
    /// Adds what another one of the same kind has seen.
    fn merge(&mut self, _other: &Self) {}
}

/// Nothing beyond the totals.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nothing;

impl Tally for Nothing {}

/// Sums in double precision, a place for each lane.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) launched: [f64; WIDTH],
    pub(crate) top: [f64; WIDTH],
    pub(crate) top_squares: [f64; WIDTH],
    pub(crate) bottom: [f64; WIDTH],
    pub(crate) bottom_squares: [f64; WIDTH],
    pub(crate) absorbed: [f64; WIDTH],
    /// Weight that roulette gave less what it took.
    pub(crate) roulette: [f64; WIDTH],
    pub(crate) photons: u64,
    pub(crate) steps: u64,
}

impl Sums {
    pub(crate) fn merge(&mut self, other: &Self) {
        let pairs = [
            (&mut self.launched, &other.launched),
            (&mut self.top, &other.top),
            (&mut self.top_squares, &other.top_squares),
            (&mut self.bottom, &other.bottom),
            (&mut self.bottom_squares, &other.bottom_squares),
            (&mut self.absorbed, &other.absorbed),
            (&mut self.roulette, &other.roulette),
        ];
        for (sum, more) in pairs {
            sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        self.photons += other.photons;
        self.steps += other.steps;
    }
}

/// Where light came out on top: weight by distance from the middle.
#[derive(Clone, Debug)]
pub(crate) struct Rings {
    pub(crate) ring_mm: f64,
    pub(crate) weights: Vec<f64>,
    pub(crate) squares: Vec<f64>,
}

impl Rings {
    pub(crate) fn new(ring_mm: f64, rings: usize) -> Self {
        Self { ring_mm, weights: vec![0.0; rings + 1], squares: vec![0.0; rings + 1] }
    }
}

impl Tally for Rings {
    const ESCAPES: bool = true;

    #[inline(always)]
    fn escaped(&mut self, e: &Escape) {
        if e.side == Side::Top {
            let r = e.x_mm.mul_add(e.x_mm, e.y_mm * e.y_mm).sqrt();
            let ring = ((r * (1.0 / self.ring_mm) as f32) as usize).min(self.weights.len() - 1);
            let weight = f64::from(e.weight);
            self.weights[ring] += weight;
            self.squares[ring] += weight * weight;
        }
    }

    fn merge(&mut self, other: &Self) {
        self.weights.iter_mut().zip(&other.weights).for_each(|(a, b)| *a += b);
        self.squares.iter_mut().zip(&other.squares).for_each(|(a, b)| *a += b);
    }
}
