//! Dots of pigment seen from above: photons start at the pixel and score every dot, ink and absorption at
//! once.
//!
//! A camera that looks straight down on evenly lit skin sees, by reciprocity, the share of light that comes
//! back out anywhere when a thin beam goes in at the pixel. Scattering alone decides the ways; what melanin,
//! blood and ink take on them follows from their lengths by Beer and Lambert.

use rayon::prelude::*;
use stipple_quantity::Seed;

use super::kernel::Start;
use super::lanes::{F, Lanes, M, WIDTH};
use super::medium::{LAYERS_MAX, Stack};
use super::run::{Instructions, Plan, run};
use super::tally::{Escape, InLayers, Segment, Tally};

/// Lengths of ways in a dot that are told apart, mm: from [`SHORTEST_MM`], each [`RATIO`] times the last.
pub(crate) const NODES: usize = 48;
const SHORTEST_MM: f32 = 5e-4;
const RATIO: f32 = 1.2;

/// How the pigment of a dot lies between its upper and lower end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An upright cylinder.
    Cylinder,
    /// An ellipsoid with an upright axis, as wide as its radius halfway down. As tall as a cylinder and √1.5
    /// times as wide, it holds as much.
    Ellipsoid,
}

/// A dot of pigment, as the pixel sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Place of its axis relative to the pixel, mm.
    pub x_mm: f64,
    /// The same across.
    pub y_mm: f64,
    /// Radius at its widest, mm; above 0.
    pub radius_mm: f64,
    /// Cylinder or ellipsoid.
    pub form: Form,
}

/// Which dots to look at, in which skin, and how closely.
#[derive(Clone, Debug)]
pub struct DotStudy<'a> {
    /// The skin; its own absorption decides where photons stop being worth while: it must not exceed any of
    /// `absorptions_per_mm`.
    pub stack: &'a Stack,
    /// Where light comes from: `false` for a view straight down; `true` for a view from all sides.
    pub diffuse_view: bool,
    /// Each figure is one dot or several that are seen together.
    pub figures: Vec<Vec<Body>>,
    /// Upper and lower end of the pigment, mm; each figure is looked at in each band.
    pub bands_mm: Vec<[f64; 2]>,
    /// Absorption of each layer, 1/mm: one set a skin.
    pub absorptions_per_mm: Vec<Vec<f64>>,
    /// Photons in all; sent in 16 batches, which give the standard errors.
    pub photons: u64,
    /// Decides all chance.
    pub seed: Seed,
}

/// Contrast 1 − R/R0 and its standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Contrast {
    /// 1 − R/R0.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

/// What a study found.
#[derive(Clone, Debug)]
pub struct DotsSeen {
    batches: Vec<Paths>,
    figures: usize,
    bands: usize,
}

/// Most skins that one study looks at.
const SKINS_MAX: usize = 64;
/// How many batches a study is cut into.
const BATCHES: u64 = 16;

impl DotStudy<'_> {
    /// Sends the photons.
    ///
    /// # Panics
    /// If there are no figures, bands or absorptions, or an absorption is less than the stack's own.
    pub fn look(&self) -> DotsSeen {
        assert!(!self.figures.is_empty() && !self.bands_mm.is_empty(), "a study looks at something");
        let own = self.stack.layers.iter().map(|layer| layer.absorption_per_mm);
        let enough = |set: &Vec<f64>| set.iter().zip(own.clone()).all(|(a, own)| *a >= own * 0.999_999);
        assert!(self.absorptions_per_mm.iter().all(enough), "no skin absorbs less than the stack itself");
        assert!(self.absorptions_per_mm.len() <= SKINS_MAX, "at most {SKINS_MAX} skins");
        let empty = Paths::new(self);
        let photons = self.photons.div_ceil(BATCHES).clamp(1, u64::from(u32::MAX));
        let start = if self.diffuse_view {
            Start::Diffuse { x_mm: 0.0, disk_mm: 0.0 }
        } else {
            Start::Normal { x_mm: 0.0 }
        };
        let one = |batch: u64| {
            let seed = super::random::split_mix(self.seed.0 ^ batch << 48);
            let (roulette_below, instructions) = (0.0, Instructions::Best);
            run(&Plan { stack: self.stack, start, roulette_below, photons, seed, instructions }, &empty).1
        };
        let batches = (0..BATCHES).into_par_iter().map(one).collect();
        DotsSeen { batches, figures: self.figures.len(), bands: self.bands_mm.len() }
    }
}

impl DotsSeen {
    /// Light that comes back from bare skin, as a sum over all photons.
    pub fn bare(&self, absorption: usize) -> f64 {
        self.batches.iter().map(|b| b.bare[absorption]).sum()
    }

    /// Contrast of a figure in a band for one of the absorptions and an ink, 1/mm.
    ///
    /// # Panics
    /// If there is no such figure, band or absorption.
    pub fn contrast(&self, absorption: usize, figure: usize, band: usize, ink_per_mm: f64) -> Contrast {
        assert!(figure < self.figures && band < self.bands, "the figure was looked at");
        let (shares, dot) = (shares_taken(ink_per_mm), figure * self.bands + band);
        let taken: Vec<f64> = self.batches.iter().map(|b| b.taken(absorption, dot, &shares)).collect();
        let value = taken.iter().sum::<f64>() / self.bare(absorption);
        let n = self.batches.len() as f64;
        let bare = self.bare(absorption) / n;
        let each = self.batches.iter().zip(taken);
        let off = each.map(|(b, taken)| ((taken - value * b.bare[absorption]) / bare).powi(2));
        Contrast { value, error: (off.sum::<f64>() / (n * (n - 1.0))).sqrt() }
    }

    /// Share of the light that comes back from bare skin, and its standard error.
    pub fn bare_reflectance(&self, absorption: usize, photons: u64) -> Contrast {
        let n = self.batches.len() as f64;
        let each = photons.div_ceil(BATCHES) as f64;
        let values: Vec<f64> = self.batches.iter().map(|b| b.bare[absorption] / each).collect();
        let value = values.iter().sum::<f64>() / n;
        let square: f64 = values.iter().map(|v| (v - value).powi(2)).sum();
        Contrast { value, error: (square / (n * (n - 1.0))).sqrt() }
    }
}

/// Ways of photons in layers and dots.
#[derive(Clone, Debug)]
struct Paths {
    /// Place and radius with form and the number of their figure.
    bodies: Vec<(usize, Form, [f32; 3])>,
    bands: Vec<[f32; 2]>,
    deepest_mm: f32,
    absorptions: Vec<[f32; LAYERS_MAX]>,
    in_layers: InLayers,
    /// Way of each lane in each figure and band, mm.
    in_dot: Vec<[f32; WIDTH]>,
    /// Light from bare skin for each absorption.
    bare: Vec<f64>,
    /// Light by figure and band, length of way, absorption.
    weights: Vec<f64>,
}

impl Paths {
    fn new(study: &DotStudy<'_>) -> Self {
        let numbered = study.figures.iter().enumerate();
        let bodies = numbered.flat_map(|(i, figure)| {
            figure.iter().map(move |b| (i, b.form, [b.x_mm, b.y_mm, b.radius_mm].map(|v| v as f32)))
        });
        let bands: Vec<[f32; 2]> = study.bands_mm.iter().map(|b| b.map(|z| z as f32)).collect();
        let set = |a: &Vec<f64>| std::array::from_fn(|i| a.get(i).map_or(0.0, |a| *a as f32));
        let dots = study.figures.len() * bands.len();
        Self {
            bodies: bodies.collect(),
            deepest_mm: bands.iter().fold(0.0, |deepest, b| b[1].max(deepest)),
            bands,
            absorptions: study.absorptions_per_mm.iter().map(set).collect(),
            in_layers: InLayers::new(study.stack.layers.len()),
            in_dot: vec![[0.0; WIDTH]; dots],
            bare: vec![0.0; study.absorptions_per_mm.len()],
            weights: vec![0.0; dots * NODES * study.absorptions_per_mm.len()],
        }
    }

    /// Light that a dot takes, for the shares that an ink takes at each length of way.
    fn taken(&self, absorption: usize, dot: usize, shares: &[f64; NODES]) -> f64 {
        let skins = self.absorptions.len();
        let weights = &self.weights[dot * NODES * skins..(dot + 1) * NODES * skins];
        weights.iter().skip(absorption).step_by(skins).zip(shares).map(|(w, share)| w * share).sum()
    }

    /// Adds light that has gone some way in a dot, shared by the two nodes around so that the mean is kept.
    fn score(&mut self, dot: usize, length_mm: f32, light: &[f64; SKINS_MAX]) {
        let skins = self.absorptions.len();
        let place = ((length_mm / SHORTEST_MM).ln() / RATIO.ln()).clamp(0.0, (NODES - 2) as f32);
        let node = place as usize;
        let low = SHORTEST_MM * RATIO.powi(node as i32);
        // because the way must be kept in the mean even beyond the ends: shares may exceed 1.
        let share = (length_mm - low) / (low * (RATIO - 1.0));
        let (before, after) = if node == 0 && share < 0.0 {
            (f64::from(length_mm / low), 0.0)
        } else {
            (f64::from(1.0 - share), f64::from(share))
        };
        let from = (dot * NODES + node) * skins;
        let (first, second) = self.weights[from..from + 2 * skins].split_at_mut(skins);
        for ((a, b), light) in first.iter_mut().zip(second).zip(light) {
            *a += before * light;
            *b += after * light;
        }
    }
}

/// Share of the light that an ink takes at each length of way.
fn shares_taken(ink_per_mm: f64) -> [f64; NODES] {
    let mut length = f64::from(SHORTEST_MM);
    [(); NODES].map(|()| {
        let share = -(-ink_per_mm * length).exp_m1();
        length *= f64::from(RATIO);
        share
    })
}

/// The part of a way that runs in an upright, endless cylinder: from and to.
#[inline(always)]
fn within_cylinder<L: Lanes>(s: &Segment<L>, across: F<L>, [cx, cy, radius]: [f32; 3]) -> (F<L>, F<L>) {
    let l = s.length.0;
    let (x, y) = (s.from[0] - F::of(l, cx), s.from[1] - F::of(l, cy));
    let toward = x.mul_add(s.direction[0], y * s.direction[1]);
    let outside = x.mul_add(x, y.mul_add(y, F::of(l, -radius * radius)));
    let root = across.neg_mul_add(outside, toward * toward);
    let meets = F::of(l, 0.0).less(root);
    let half = root.max(F::of(l, 0.0)).sqrt() / across;
    let middle = -toward / across;
    let nothing = F::of(l, -1.0);
    let to = meets.select((middle + half).min(s.length), nothing);
    ((middle - half).max(F::of(l, 0.0)), to)
}

/// Length of the part of a way that runs in an ellipsoid around an upright axis between two depths.
#[inline(always)]
fn within_ellipsoid<L: Lanes>(s: &Segment<L>, [cx, cy, radius]: [f32; 3], [top, bottom]: [f32; 2]) -> F<L> {
    let l = s.length.0;
    let zero = F::of(l, 0.0);
    // Stretched in depth so that it is a ball.
    let stretch = 2.0 * radius / (bottom - top);
    let [x, y] = [s.from[0] - F::of(l, cx), s.from[1] - F::of(l, cy)];
    let z = s.from[2].fma(stretch, -0.5 * (top + bottom) * stretch);
    let [ux, uy, uz] = [s.direction[0], s.direction[1], s.direction[2].scale(stretch)];
    let square = ux.mul_add(ux, uy.mul_add(uy, uz * uz));
    let toward = x.mul_add(ux, y.mul_add(uy, z * uz));
    let outside = x.mul_add(x, y.mul_add(y, z.mul_add(z, F::of(l, -radius * radius))));
    let root = square.neg_mul_add(outside, toward * toward).max(zero).sqrt();
    let (from, to) = (-(toward + root) / square, (root - toward) / square);
    (to.min(s.length) - from.max(zero)).max(zero)
}

impl Tally for Paths {
    const WHITE: bool = true;
    const SEGMENTS: bool = true;
    const ESCAPES: bool = true;

    #[inline(always)]
    fn launched<L: Lanes>(&mut self, lanes: M<L>) {
        let zero = F::of(lanes.0, 0.0);
        self.in_layers.launched(lanes);
        for way in &mut self.in_dot {
            *way = lanes.select(zero, F::load(lanes.0, way)).array();
        }
    }

    #[inline(always)]
    fn segment<L: Lanes>(&mut self, s: &Segment<L>) {
        let l = s.length.0;
        let zero = F::of(l, 0.0);
        self.in_layers.segment(s);
        let [ux, uy, uz] = s.direction;
        let end = uz.mul_add(s.length, s.from[2]);
        if !s.from[2].min(end).less(F::of(l, self.deepest_mm)).any() {
            return;
        }
        let across = ux.mul_add(ux, uy * uy).max(F::of(l, 1e-10));
        let steep = uz.abs().max(F::of(l, 1e-9));
        let slope = F::of(l, 1.0) / (steep.bits() | uz.sign()).as_float();
        for body in 0..self.bodies.len() {
            let (figure, form, shape) = self.bodies[body];
            let (from, to) = within_cylinder(s, across, shape);
            if !from.less(to).any() {
                continue;
            }
            for band in 0..self.bands.len() {
                let inside = match form {
                    Form::Ellipsoid => within_ellipsoid(s, shape, self.bands[band]),
                    Form::Cylinder => {
                        let [top, bottom] = self.bands[band];
                        let a = (F::of(l, top) - s.from[2]) * slope;
                        let b = (F::of(l, bottom) - s.from[2]) * slope;
                        (to.min(a.max(b)) - from.max(a.min(b))).max(zero)
                    }
                };
                let way = &mut self.in_dot[figure * self.bands.len() + band];
                *way = (F::load(l, way) + inside).array();
            }
        }
    }

    #[inline(always)]
    fn escaped(&mut self, e: &Escape) {
        let mut light = [0.0f64; SKINS_MAX];
        for ((light, bare), set) in light.iter_mut().zip(&mut self.bare).zip(&self.absorptions) {
            let depth: f32 = set.iter().zip(self.in_layers.of_lane(e.lane)).map(|(a, way)| a * way).sum();
            *light = f64::from(e.weight * (-depth).exp());
            *bare += *light;
        }
        for dot in 0..self.in_dot.len() {
            let length_mm = self.in_dot[dot][e.lane];
            if length_mm > 0.0 {
                self.score(dot, length_mm, &light);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.bare.iter_mut().zip(&other.bare).for_each(|(a, b)| *a += b);
        self.weights.iter_mut().zip(&other.weights).for_each(|(a, b)| *a += b);
    }
}

#[cfg(test)]
mod tests {
    use super::super::lanes::U;
    use super::*;
    use crate::layers::Layer;

    /// Only light that comes out within a disk around the middle counts.
    #[derive(Clone)]
    struct Window {
        paths: Paths,
        radius_mm: f32,
    }

    impl Tally for Window {
        const WHITE: bool = true;
        const SEGMENTS: bool = true;
        const ESCAPES: bool = true;

        fn launched<L: Lanes>(&mut self, lanes: M<L>) {
            self.paths.launched(lanes);
        }
        fn segment<L: Lanes>(&mut self, s: &Segment<L>) {
            self.paths.segment(s);
        }
        fn escaped(&mut self, e: &Escape) {
            if e.r_mm < self.radius_mm {
                self.paths.escaped(e);
            }
        }
        fn merge(&mut self, other: &Self) {
            self.paths.merge(&other.paths);
        }
    }

    /// One dot to look at in a stack, from nowhere in particular.
    fn study(stack: &Stack, body: Body, band_mm: [f64; 2]) -> DotStudy<'_> {
        DotStudy {
            stack,
            diffuse_view: true,
            figures: vec![vec![body]],
            bands_mm: vec![band_mm],
            absorptions_per_mm: vec![vec![0.1]],
            photons: 0,
            seed: Seed(1),
        }
    }

    #[test]
    fn light_and_view_can_change_places() {
        let layer = Layer {
            absorption_per_mm: 0.1,
            scattering_per_mm: 10.0,
            anisotropy: 0.75,
            refractive_index: 1.4,
            thickness_mm: f64::INFINITY,
        };
        let stack = Stack::in_air(&[layer]);
        for form in [Form::Cylinder, Form::Ellipsoid] {
            // From one disk to the other and back, which is in the middle; the dot lies nearer to one of them.
            let [there, back] = [(0.35, -0.15), (-0.15, 0.35)].map(|(from, to)| {
                let body = Body { x_mm: -f64::from(to), y_mm: 0.0, radius_mm: 0.2, form };
                let paths = Paths::new(&study(&stack, body, [0.05, 0.35]));
                let window = Window { paths, radius_mm: 0.25 };
                let start = Start::Diffuse { x_mm: from - to, disk_mm: 0.25 };
                let (roulette_below, instructions) = (0.0, Instructions::Best);
                let plan =
                    Plan { stack: &stack, start, roulette_below, photons: 400_000, seed: 3, instructions };
                let paths = run(&plan, &window).1.paths;
                [paths.bare[0], paths.taken(0, 0, &shares_taken(10.0))]
            });
            for (there, back) in there.into_iter().zip(back) {
                let off = there / back - 1.0;
                assert!(there > 4_000.0 && off.abs() < 0.05, "{form:?}: {there} and {back}");
            }
        }
    }

    #[test]
    fn ways_through_a_ball_are_its_chords() {
        let (center, radius) = ([0.03, -0.02, 0.35], 0.15);
        let mut state = 1;
        let mut draw = || {
            state = super::super::random::split_mix(state);
            (state >> 40) as f64 / f64::from(1 << 23) - 1.0
        };
        let (mut longest, mut met) = (0.0f64, 0);
        for _ in 0..20_000 {
            let from = center.map(|c: f64| c + 0.4 * draw());
            let raw = [draw(), draw(), draw()];
            let norm = raw.iter().map(|v| v * v).sum::<f64>().sqrt();
            let (direction, length) = (raw.map(|v| v / norm), 0.5 + 0.5 * draw());
            let one = |v: f64| F::of(super::super::lanes::Portable, v as f32);
            let layer = U::of(super::super::lanes::Portable, 1);
            let segment =
                Segment { from: from.map(one), direction: direction.map(one), length: one(length), layer };
            let shape = [center[0] as f32, center[1] as f32, radius as f32];
            let got = f64::from(within_ellipsoid(&segment, shape, [0.2, 0.5]).1[0]);
            // Where the way comes nearest to the middle, how near, and half the chord there.
            let toward: f64 = (0..3).map(|k| (center[k] - from[k]) * direction[k]).sum();
            let apart: f64 = (0..3).map(|k| (center[k] - from[k]).powi(2)).sum::<f64>() - toward * toward;
            let half = (radius * radius - apart).max(0.0).sqrt();
            let exact = ((toward + half).min(length) - (toward - half).max(0.0)).max(0.0);
            assert!((got - exact).abs() < 2e-4, "{from:?} {direction:?}: {got}, exact {exact}");
            (longest, met) = (longest.max(got), met + usize::from(exact > 0.0));
        }
        assert!(longest > 0.29 && longest < 0.300_1 && met > 1_000, "{longest} mm, {met}");
    }

    #[test]
    fn little_ink_takes_the_same_in_either_form() {
        let layer = |thickness_mm| Layer {
            absorption_per_mm: 0.1,
            scattering_per_mm: 10.0,
            anisotropy: 0.75,
            refractive_index: 1.4,
            thickness_mm,
        };
        let stack = Stack::in_air(&[layer(f64::INFINITY)]);
        let body = |radius_mm, form| vec![Body { x_mm: 0.1, y_mm: 0.0, radius_mm, form }];
        let figures = vec![body(0.1, Form::Cylinder), body(0.1 * 1.5f64.sqrt(), Form::Ellipsoid)];
        let study = DotStudy {
            figures,
            photons: 1_000_000,
            ..study(&stack, Body { x_mm: 0.0, y_mm: 0.0, radius_mm: 1.0, form: Form::Cylinder }, [0.5, 0.65])
        };
        let seen = study.look();
        let [cylinder, ellipsoid] = [0, 1].map(|figure| seen.contrast(0, figure, 0, 0.05));
        let off = (cylinder.value - ellipsoid.value).abs();
        assert!(off < 3.5 * cylinder.error.hypot(ellipsoid.error), "{cylinder:?} {ellipsoid:?}");
        assert!(cylinder.error < 0.03 * cylinder.value, "{cylinder:?}");
    }

    #[test]
    fn lengths_of_ways_are_kept_in_the_mean() {
        let stack = Stack::in_air(&[Layer {
            absorption_per_mm: 0.1,
            scattering_per_mm: 1.0,
            anisotropy: 0.0,
            refractive_index: 1.0,
            thickness_mm: 1.0,
        }]);
        let body = Body { x_mm: 0.0, y_mm: 0.0, radius_mm: 0.2, form: Form::Cylinder };
        let study = study(&stack, body, [0.1, 0.4]);
        for length in [1e-5f32, 4e-4, 0.0013, 0.05, 0.7, 2.0] {
            for ink in [1e-3, 20.0] {
                let mut paths = Paths::new(&study);
                paths.score(0, length, &[1.0; SKINS_MAX]);
                let exact = -(-ink * f64::from(length)).exp_m1();
                let got = paths.taken(0, 0, &shares_taken(ink));
                assert!((got / exact - 1.0).abs() < 0.01, "{length} mm, {ink} per mm: {got}, exact {exact}");
            }
        }
    }
}
