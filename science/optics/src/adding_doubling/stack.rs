//! Layers doubled and added, several wavelengths at once.
#![expect(clippy::needless_range_loop, reason = "indices keep the loops unrolled and in registers")]

use pulp::{Simd, WithSimd};

use super::lanes::{Matrix, Reduce, Vector, average, blend, factor, minus_times, solve};
use super::media::{Media, Medium};
use super::{Fluxes, StackLight};
use crate::layers::Layer;

/// Most lanes any machine has.
const LANES_MAX: usize = 8;
/// Optical thickness along the flattest direction below which the start of doubling is good to 1e-7.
const START: f64 = 5.0;
/// Optical thickness below which a layer counts as this thick: thinner is lost in rounding.
const THINNEST: f64 = 1e-7;

/// Spectra to solve: bands one after the other, each from the top layer down.
pub(super) struct Job<'a, const N: usize> {
    pub(super) media: &'a Media,
    pub(super) layers: &'a [Layer],
    pub(super) out: &'a mut [StackLight],
}

impl<const N: usize> WithSimd for Job<'_, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let depth = self.media.layers.len();
        let lanes = S::F64_LANES.min(LANES_MAX);
        let mut desk = Desk::<S, N>::new(simd, depth);
        let groups = self.layers.chunks(lanes * depth).zip(self.out.chunks_mut(lanes));
        for (layers, out) in groups {
            Group::<S, N> { simd, media: self.media, layers }.run(&mut desk, out);
        }
    }
}

/// As many wavelengths as there are lanes.
struct Group<'a, S, const N: usize> {
    simd: S,
    media: &'a Media,
    layers: &'a [Layer],
}

/// Room to work in, used again for every group.
struct Desk<S: Simd, const N: usize> {
    /// Admittance of what lies below the present level.
    below: Matrix<S, N>,
    even: Matrix<S, N>,
    odd: Matrix<S, N>,
    q: Matrix<S, N>,
    p: Matrix<S, N>,
    m: Matrix<S, N>,
    z: Matrix<S, N>,
    /// By layer, what is needed to go down again through it, and through the interface on top of it:
    /// amplitudes below are M⁻¹ (coupling × amplitudes above).
    layers: Vec<Step<S, N>>,
    interfaces: Vec<Matrix<S, N>>,
}

struct Step<S: Simd, const N: usize> {
    factor: Matrix<S, N>,
    coupling: Matrix<S, N>,
}

impl<S: Simd, const N: usize> Desk<S, N> {
    #[inline(always)]
    fn new(simd: S, depth: usize) -> Self {
        let zero = [[simd.splat_f64s(0.0); N]; N];
        let mut layers = Vec::with_capacity(depth);
        for _ in 0..depth {
            layers.push(Step { factor: zero, coupling: zero });
        }
        let interfaces = vec![zero; depth];
        Self { below: zero, even: zero, odd: zero, q: zero, p: zero, m: zero, z: zero, layers, interfaces }
    }
}

/// Optics of one layer in each lane.
struct Slice<S: Simd> {
    /// Half of the optical thickness at the start of doubling.
    half: S::f64s,
    /// 1 − albedo.
    absorbed: S::f64s,
    albedo: S::f64s,
    anisotropy: S::f64s,
    doublings: u32,
}

impl<S: Simd, const N: usize> Group<'_, S, N> {
    #[inline(always)]
    fn run(&self, desk: &mut Desk<S, N>, out: &mut [StackLight]) {
        let simd = self.simd;
        let bottom = self.constant(&self.media.bottom);
        desk.below = [[simd.splat_f64s(0.0); N]; N];
        for i in 0..N {
            desk.below[i][i] = bottom[i];
        }
        for layer in (0..self.media.layers.len()).rev() {
            let slice = self.slice(layer);
            self.thin(&slice, &self.media.layers[layer], desk);
            self.double(slice.doublings, desk);
            self.add_layer(layer, desk);
            self.add_interface(layer, desk);
        }
        let top = self.constant(&self.media.top);
        for i in 0..N {
            desk.below[i][i] = simd.add_f64s(desk.below[i][i], top[i]);
        }
        factor(simd, &mut desk.below);
        let normal = self.fluxes(0, desk);
        let diffuse = self.fluxes(1, desk);
        self.store(&[normal, diffuse], out);
    }

    /// Light for one kind of incidence: reflected and transmitted share in each lane.
    #[inline(always)]
    fn fluxes(&self, kind: usize, desk: &Desk<S, N>) -> [S::f64s; 2] {
        let simd = self.simd;
        let (top, bottom) = (self.constant(&self.media.top), self.constant(&self.media.bottom));
        let incident = self.constant(&self.media.incident[kind]);
        let amplitude = self.constant(&self.media.amplitude);
        let twice = simd.splat_f64s(2.0);
        let mut sum = incident;
        for i in 0..N {
            sum[i] = simd.mul_f64s(simd.mul_f64s(twice, top[i]), incident[i]);
        }
        solve(simd, &desk.below, &mut sum);
        let mut up = simd.splat_f64s(0.0);
        for i in 0..N {
            // Outgoing = incident − net, and net = (1 − F)/(1 + F) · (2 incident − sum just below).
            let drive = simd.sub_f64s(simd.mul_f64s(twice, incident[i]), sum[i]);
            let outgoing = simd.negate_mul_add_e_f64s(top[i], drive, incident[i]);
            up = simd.mul_add_e_f64s(amplitude[i], outgoing, up);
        }
        for layer in 0..self.media.layers.len() {
            if let Some(conductance) = self.interface_above(layer) {
                for i in 0..N {
                    sum[i] = simd.mul_f64s(simd.splat_f64s(conductance[i]), sum[i]);
                }
                solve(simd, &desk.interfaces[layer], &mut sum);
            }
            sum = minus_times(simd, &desk.layers[layer].coupling, &sum);
            solve(simd, &desk.layers[layer].factor, &mut sum);
        }
        let mut down = simd.splat_f64s(0.0);
        for i in 0..N {
            down = simd.mul_add_e_f64s(simd.mul_f64s(amplitude[i], bottom[i]), sum[i], down);
        }
        [up, down]
    }

    /// Conductance of the interface on top of a layer, where the index changes there.
    #[inline(always)]
    fn interface_above(&self, layer: usize) -> Option<&[f64]> {
        if layer == 0 { None } else { self.media.inner[layer - 1].as_deref() }
    }

    /// Puts the layer on the desk on top of what is below.
    #[inline(always)]
    fn add_layer(&self, layer: usize, desk: &mut Desk<S, N>) {
        let simd = self.simd;
        let step = &mut desk.layers[layer];
        blend(simd, &mut step.coupling, (0.5, &desk.even), (-0.5, &desk.odd));
        blend(simd, &mut desk.q, (0.5, &desk.even), (0.5, &desk.odd));
        blend(simd, &mut step.factor, (1.0, &desk.q), (1.0, &desk.below));
        desk.below = desk.q;
        let (a, z) = (&mut desk.below, &mut desk.z);
        Reduce { simd, a, scale: 1.0, x: &step.coupling, m: &mut step.factor, z }.run();
    }

    /// Puts the refracting interface above a layer, if there is one, on top of what is below.
    #[inline(always)]
    fn add_interface(&self, layer: usize, desk: &mut Desk<S, N>) {
        let simd = self.simd;
        let Some(conductance) = self.interface_above(layer) else { return };
        let m = &mut desk.interfaces[layer];
        *m = desk.below;
        desk.q = desk.below;
        for i in 0..N {
            m[i][i] = simd.add_f64s(m[i][i], simd.splat_f64s(conductance[i]));
        }
        Reduce { simd, a: &mut desk.below, scale: 1.0, x: &desk.q, m, z: &mut desk.z }.run();
    }

    /// Admittances of a whole layer for equal (even) and for opposite (odd) light from both sides, from the
    /// thin slice on the desk.
    #[inline(always)]
    fn double(&self, doublings: u32, desk: &mut Desk<S, N>) {
        let simd = self.simd;
        let Desk { even, odd, q, p, m, z, .. } = desk;
        // y tanh y and y coth y to the third step of their continued fractions.
        *even = *q;
        blend(simd, m, (1.2, q), (3.0, p));
        Reduce { simd, a: even, scale: 1.0, x: q, m, z }.run();
        blend(simd, odd, (1.0, p), (1.0 / 3.0, q));
        blend(simd, m, (3.0, q), (45.0, p));
        Reduce { simd, a: odd, scale: 1.0, x: q, m, z }.run();
        for _ in 0..doublings {
            // A layer twice as thick: arithmetic mean of both, and harmonic mean.
            average(simd, odd, even);
            *m = *odd;
            *q = *even;
            Reduce { simd, a: even, scale: 2.0, x: q, m, z }.run();
        }
    }

    /// Lays the matrices of a thin slice on the desk: q = h Q and p = (h P)⁻¹ of s′ = −P d, d′ = −Q s.
    #[inline(always)]
    fn thin(&self, slice: &Slice<S>, medium: &Medium, desk: &mut Desk<S, N>) {
        let simd = self.simd;
        let one = simd.splat_f64s(1.0);
        let mut power = one;
        let (mut even, mut odd) = ([one; N], [one; N]);
        for k in 0..N {
            // 1 − a gᵏ without loss of digits: (1 − a) + a (1 − gᵏ).
            let left = simd.mul_add_e_f64s(slice.albedo, simd.sub_f64s(one, power), slice.absorbed);
            even[k] = simd.mul_f64s(slice.half, left);
            power = simd.mul_f64s(power, slice.anisotropy);
            let left = simd.mul_add_e_f64s(slice.albedo, simd.sub_f64s(one, power), slice.absorbed);
            odd[k] = simd.div_f64s(one, simd.mul_f64s(slice.half, left));
            power = simd.mul_f64s(power, slice.anisotropy);
        }
        let (mut e, mut o) = (&medium.even[..], &medium.odd[..]);
        for i in 0..N {
            for j in 0..=i {
                let absent = simd.splat_f64s(if i == j { medium.absent[i] } else { 0.0 });
                let (mut qij, mut pij) = (absent, absent);
                let (e_now, e_rest) = e.split_at(N);
                let (o_now, o_rest) = o.split_at(N);
                for k in 0..N {
                    qij = simd.mul_add_e_f64s(simd.splat_f64s(e_now[k]), even[k], qij);
                    pij = simd.mul_add_e_f64s(simd.splat_f64s(o_now[k]), odd[k], pij);
                }
                (e, o) = (e_rest, o_rest);
                (desk.q[i][j], desk.q[j][i]) = (qij, qij);
                (desk.p[i][j], desk.p[j][i]) = (pij, pij);
            }
        }
    }

    /// Optics of a layer in all lanes; lanes without a wavelength repeat the last.
    #[inline(always)]
    fn slice(&self, layer: usize) -> Slice<S> {
        let simd = self.simd;
        let depth = self.media.layers.len();
        let lanes = self.layers.len() / depth;
        let mut buffers = [[0.0; LANES_MAX]; 4];
        let mut thickest: f64 = 0.0;
        for lane in 0..LANES_MAX {
            let one = &self.layers[lane.min(lanes - 1) * depth + layer];
            let (thickness, absorbed) = optics(one);
            thickest = thickest.max(thickness);
            for (buffer, v) in
                buffers.iter_mut().zip([thickness / 2.0, absorbed, 1.0 - absorbed, one.anisotropy])
            {
                buffer[lane] = v;
            }
        }
        let steepest = thickest / 2.0 / self.media.layers[layer].lowest_cosine;
        let doublings = (steepest / START).log2().ceil().clamp(0.0, 60.0) as u32;
        let lanes = S::F64_LANES.min(LANES_MAX);
        let scale = simd.splat_f64s(0.5f64.powi(doublings as i32));
        Slice {
            half: simd.mul_f64s(simd.partial_load_f64s(&buffers[0][..lanes]), scale),
            absorbed: simd.partial_load_f64s(&buffers[1][..lanes]),
            albedo: simd.partial_load_f64s(&buffers[2][..lanes]),
            anisotropy: simd.partial_load_f64s(&buffers[3][..lanes]),
            doublings,
        }
    }

    #[inline(always)]
    fn constant(&self, values: &[f64]) -> Vector<S, N> {
        let mut out = [self.simd.splat_f64s(0.0); N];
        for (o, v) in out.iter_mut().zip(values) {
            *o = self.simd.splat_f64s(*v);
        }
        out
    }

    #[inline(always)]
    fn store(&self, fluxes: &[[S::f64s; 2]; 2], out: &mut [StackLight]) {
        let mut buffers = [[[0.0; LANES_MAX]; 2]; 2];
        for (buffer, flux) in buffers.iter_mut().flatten().zip(fluxes.iter().flatten()) {
            self.simd.partial_store_f64s(&mut buffer[..S::F64_LANES.min(LANES_MAX)], *flux);
        }
        for (lane, light) in out.iter_mut().enumerate() {
            let of = |kind: usize| Fluxes {
                specular: self.media.specular[kind],
                reflectance: buffers[kind][0][lane] - self.media.specular[kind],
                transmittance: buffers[kind][1][lane],
            };
            *light = StackLight { normal: of(0), diffuse: of(1) };
        }
    }
}

/// Optical thickness and 1 − albedo of a layer.
fn optics(layer: &Layer) -> (f64, f64) {
    let extinction = layer.absorption_per_mm + layer.scattering_per_mm;
    if extinction <= 0.0 {
        return (THINNEST, 1.0);
    }
    let absorbed = layer.absorption_per_mm / extinction;
    let thickness = extinction * layer.thickness_mm;
    if thickness.is_finite() {
        return (thickness.max(THINNEST), absorbed);
    }
    // A half-space is a layer at whose end nothing is left.
    let decay = (3.0 * absorbed * (1.0 - (1.0 - absorbed) * layer.anisotropy)).sqrt();
    (40.0 / decay.max(1e-6), absorbed)
}
