//! What is written down about photons on their way.

use super::lanes::{F, Lanes, M, U, WIDTH};
use super::medium::LAYERS_MAX;

/// A photon that left on top.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Escape {
    /// Distance from the middle.
    pub(crate) r_mm: f32,
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
    /// Whether light does not fade on its way: absorption is applied to path lengths afterwards. Where the layers' own
    /// absorption would have halved the light, half of the photons stop and the others count twice. Else it fades by
    /// absorption at every scattering.
    const WHITE: bool = false;
    /// Whether it wants to hear of every segment.
    const SEGMENTS: bool = false;
    /// Whether it wants to hear of every photon that leaves on top.
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

/// Where light came out on top: weight, and its square, by distance from the middle.
#[derive(Clone, Debug)]
pub(crate) struct Rings {
    rings_per_mm: f32,
    pub(crate) weights: Vec<[f64; 2]>,
}

impl Rings {
    pub(crate) fn new(ring_mm: f64, rings: usize) -> Self {
        Self { rings_per_mm: (1.0 / ring_mm) as f32, weights: vec![[0.0; 2]; rings + 1] }
    }
}

impl Tally for Rings {
    const ESCAPES: bool = true;

    #[inline(always)]
    fn escaped(&mut self, e: &Escape) {
        let ring = ((e.r_mm * self.rings_per_mm) as usize).min(self.weights.len() - 1);
        let weight = f64::from(e.weight);
        self.weights[ring][0] += weight;
        self.weights[ring][1] += weight * weight;
    }

    fn merge(&mut self, other: &Self) {
        let pairs = self.weights.iter_mut().zip(&other.weights);
        pairs.for_each(|(a, b)| *a = [a[0] + b[0], a[1] + b[1]]);
    }
}

/// How far the photons of all lanes have gone in each layer, mm.
#[derive(Clone, Debug)]
pub(crate) struct InLayers {
    layers: usize,
    ways: [[f32; WIDTH]; LAYERS_MAX],
}

impl InLayers {
    pub(crate) fn new(layers: usize) -> Self {
        Self { layers, ways: [[0.0; WIDTH]; LAYERS_MAX] }
    }

    #[inline(always)]
    pub(crate) fn launched<L: Lanes>(&mut self, lanes: M<L>) {
        let zero = F::of(lanes.0, 0.0);
        for way in &mut self.ways[..self.layers] {
            *way = lanes.select(zero, F::load(lanes.0, way)).array();
        }
    }

    #[inline(always)]
    pub(crate) fn segment<L: Lanes>(&mut self, s: &Segment<L>) {
        let l = s.length.0;
        for (way, layer) in self.ways[..self.layers].iter_mut().zip(1..) {
            let here = s.layer.equals(U::of(l, layer)).keep(s.length);
            *way = (F::load(l, way) + here).array();
        }
    }

    /// Ways of one photon, by layer.
    #[inline(always)]
    pub(crate) fn of_lane(&self, lane: usize) -> impl Iterator<Item = f32> {
        self.ways[..self.layers].iter().map(move |way| way[lane])
    }
}

/// Where light came out on top, and how far it had gone in each layer.
#[derive(Clone, Debug)]
pub(crate) struct RingsAndWays {
    pub(crate) rings: Rings,
    in_layers: InLayers,
    /// Weight times way by layer, mm.
    pub(crate) ways: [f64; LAYERS_MAX],
}

impl RingsAndWays {
    pub(crate) fn new(rings: Rings, layers: usize) -> Self {
        Self { rings, in_layers: InLayers::new(layers), ways: [0.0; LAYERS_MAX] }
    }
}

impl Tally for RingsAndWays {
    const SEGMENTS: bool = true;
    const ESCAPES: bool = true;

    #[inline(always)]
    fn launched<L: Lanes>(&mut self, lanes: M<L>) {
        self.in_layers.launched(lanes);
    }

    #[inline(always)]
    fn segment<L: Lanes>(&mut self, s: &Segment<L>) {
        self.in_layers.segment(s);
    }

    #[inline(always)]
    fn escaped(&mut self, e: &Escape) {
        self.rings.escaped(e);
        for (sum, way) in self.ways.iter_mut().zip(self.in_layers.of_lane(e.lane)) {
            *sum += f64::from(e.weight * way);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.rings.merge(&other.rings);
        self.ways.iter_mut().zip(other.ways).for_each(|(a, b)| *a += b);
    }
}
