//! CIEDE2000 of whole pictures, without angles.
//!
//! Sines and cosines of hue are ratios of a′, b and C′; those of the mean hue come from the sum of the two unit
//! vectors, those of its multiples from addition theorems. One Gaussian in the hue is left, and of it only the
//! part near 275° counts. Where two hues are nearly opposite their sum has no direction: those pixels go to
//! [`ciede2000`].

use pulp::{Simd, WithSimd};

use crate::difference::ciede2000;
use crate::lab::Lab;

/// Pixels of a picture in CIELAB, one plane for each coordinate, all of one length.
#[derive(Clone, Copy, Debug)]
pub struct LabPlanes<'a> {
    /// L*.
    pub l: &'a [f32],
    /// a*.
    pub a: &'a [f32],
    /// b*.
    pub b: &'a [f32],
}

/// Why two pictures cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LengthError {
    /// Length of the plane that differs.
    pub found: usize,
    /// Length of the first plane.
    pub needed: usize,
}

impl std::fmt::Display for LengthError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { found, needed } = self;
        write!(f, "a plane of the pictures has {found} pixels, needed: {needed} as the first one has")
    }
}

impl std::error::Error for LengthError {}

/// CIEDE2000 of every pixel.
///
/// | | meaning | unit | valid |
/// |---|---|---|---|
/// | `one`, `two` | colors | CIELAB | finite; chroma up to 200 |
/// | `out` | differences | ΔE00 | |
///
/// Differs from [`ciede2000`] by less than 1e-4 plus the rounding of the colors to 32 bits.
///
/// # Errors
/// Planes of different length.
///
/// # Cost
/// One thread, no memory; see `docs/science/skin.md`.
pub fn ciede2000_map(one: LabPlanes<'_>, two: LabPlanes<'_>, out: &mut [f32]) -> Result<(), LengthError> {
    let planes = [one.l, one.a, one.b, two.l, two.a, two.b];
    let needed = out.len();
    if let Some(odd) = planes.iter().find(|plane| plane.len() != needed) {
        return Err(LengthError { found: odd.len(), needed });
    }
    pulp::Arch::new().dispatch(Map { planes, out });
    Ok(())
}

struct Map<'a> {
    planes: [&'a [f32]; 6],
    out: &'a mut [f32],
}

impl WithSimd for Map<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { planes, out } = self;
        let lanes = S::F32_LANES;
        let whole = out.len() / lanes;
        let [l1, a1, b1, l2, a2, b2] = [0, 1, 2, 3, 4, 5].map(|k: usize| S::as_simd_f32s(planes[k]).0);
        let zero = simd.splat_f32s(0.0);
        let mut hues =
            [Hue::<S> { hue: zero, chroma: zero, gain: zero, cosine: zero, sine: zero, decided: zero };
                BLOCK];
        let mut weights = [(zero, zero); BLOCK];
        for from in (0..whole).step_by(BLOCK) {
            let to = (from + BLOCK).min(whole);
            // Three short loops, because the processor then works on several pixels side by side: roots and
            // quotients of one pixel wait for one another.
            let colors = a1[from..to].iter().zip(&b1[from..to]).zip(a2[from..to].iter().zip(&b2[from..to]));
            let mut opposite = zero;
            for (place, ((a1, b1), (a2, b2))) in hues.iter_mut().zip(colors) {
                *place = hue(simd, [*a1, *b1, *a2, *b2]);
                opposite = simd.min_f32s(opposite, place.decided);
            }
            for (weight, hue) in weights.iter_mut().zip(&hues) {
                *weight = (hue_weight(Lanes(simd), hue), rotation(Lanes(simd), hue));
            }
            let to_fill = S::as_mut_simd_f32s(&mut out[from * lanes..to * lanes]).0;
            let lights = l1[from..to].iter().zip(&l2[from..to]);
            for ((place, (l1, l2)), (hue, weight)) in
                to_fill.iter_mut().zip(lights).zip(hues.iter().zip(&weights))
            {
                *place = combined(simd, *l1, *l2, hue, *weight);
            }
            // because in most pictures no pixel needs it: one look at the whole block.
            if simd.reduce_min_f32s(opposite) < 0.0 {
                for (i, hue) in hues.iter().enumerate().take(to - from) {
                    let mut each = [0.0; LANES_MAX];
                    simd.partial_store_f32s(&mut each[..lanes], hue.decided);
                    let first = (from + i) * lanes;
                    exactly(&planes, out, (first..first + lanes).filter(|k| each[k - first] < 0.0));
                }
            }
        }
        exactly(&planes, out, whole * lanes..planes[0].len());
    }
}

/// Some pixels by the exact form.
#[inline(never)]
fn exactly(planes: &[&[f32]; 6], out: &mut [f32], pixels: impl Iterator<Item = usize>) {
    for i in pixels {
        let at = |k: usize| f64::from(planes[k][i]);
        let (one, two) = (Lab::new(at(0), at(1), at(2)), Lab::new(at(3), at(4), at(5)));
        out[i] = ciede2000(one, two) as f32;
    }
}

/// How many times the lanes are worked on together.
const BLOCK: usize = 16;
/// Most lanes any machine has.
const LANES_MAX: usize = 16;
/// Cosine between two hues below which they count as opposite.
const OPPOSITE: f32 = -0.999;
/// 25⁷.
const KNEE: f32 = 6_103_515_625.0;

/// Arithmetic on lanes that reads like arithmetic.
#[derive(Clone, Copy)]
struct Lanes<S: Simd>(S);

impl<S: Simd> Lanes<S> {
    #[inline(always)]
    fn is(self, v: f32) -> S::f32s {
        self.0.splat_f32s(v)
    }
    #[inline(always)]
    fn add(self, a: S::f32s, b: S::f32s) -> S::f32s {
        self.0.add_f32s(a, b)
    }
    #[inline(always)]
    fn sub(self, a: S::f32s, b: S::f32s) -> S::f32s {
        self.0.sub_f32s(a, b)
    }
    #[inline(always)]
    fn mul(self, a: S::f32s, b: S::f32s) -> S::f32s {
        self.0.mul_f32s(a, b)
    }
    #[inline(always)]
    fn div(self, a: S::f32s, b: S::f32s) -> S::f32s {
        self.0.div_f32s(a, b)
    }
    #[inline(always)]
    fn sqrt(self, a: S::f32s) -> S::f32s {
        self.0.sqrt_f32s(a)
    }
    /// a b + c.
    #[inline(always)]
    fn fma(self, a: S::f32s, b: S::f32s, c: S::f32s) -> S::f32s {
        self.0.mul_add_e_f32s(a, b, c)
    }
    /// √(a² + b²).
    #[inline(always)]
    fn length(self, a: S::f32s, b: S::f32s) -> S::f32s {
        self.sqrt(self.fma(a, a, self.mul(b, b)))
    }
    /// √(c⁷ / (c⁷ + 25⁷)).
    #[inline(always)]
    fn knee(self, c: S::f32s) -> S::f32s {
        let c2 = self.mul(c, c);
        let c7 = self.mul(self.mul(c2, c2), self.mul(c2, c));
        self.sqrt(self.div(c7, self.add(c7, self.is(KNEE))))
    }
    /// Polynomial in x, lowest power first.
    #[inline(always)]
    fn polynomial<const N: usize>(self, x: S::f32s, c: [f32; N]) -> S::f32s {
        let mut sum = self.is(c[N - 1]);
        let mut k = N - 1;
        while k > 0 {
            k -= 1;
            sum = self.fma(sum, x, self.is(c[k]));
        }
        sum
    }
}

/// What hue and chroma of two colors give.
#[derive(Clone, Copy)]
struct Hue<S: Simd> {
    /// ΔH′.
    hue: S::f32s,
    /// Mean chroma.
    chroma: S::f32s,
    /// ΔC′.
    gain: S::f32s,
    /// Direction of the mean hue.
    cosine: S::f32s,
    sine: S::f32s,
    /// Below 0 where the hues are too nearly opposite for their sum to have a direction.
    decided: S::f32s,
}

/// Hue of one pixel a lane.
#[inline(always)]
fn hue<S: Simd>(simd: S, [a1, b1, a2, b2]: [S::f32s; 4]) -> Hue<S> {
    let m = Lanes(simd);
    let half = m.is(0.5);
    // Stretched a* and chroma.
    let mean = m.mul(half, m.add(m.length(a1, b1), m.length(a2, b2)));
    let stretch = m.fma(m.is(-0.5), m.knee(mean), m.is(1.5));
    let (x1, x2) = (m.mul(stretch, a1), m.mul(stretch, a2));
    let (c1, c2) = (m.length(x1, b1), m.length(x2, b2));
    let both = m.mul(c1, c2);
    let dot = m.fma(x1, x2, m.mul(b1, b2));
    let cross = m.sub(m.mul(x1, b2), m.mul(x2, b1));
    // Direction of the mean hue: the sum of the unit vectors, times C1 C2. Beside a gray it does not count.
    let (sx, sy) = (m.fma(x1, c2, m.mul(x2, c1)), m.fma(b1, c2, m.mul(b2, c1)));
    let long = m.div(m.is(1.0), simd.max_f32s(m.length(sx, sy), m.is(1e-12)));
    let (c, s) = (m.mul(sx, long), m.mul(sy, long));
    // Difference in hue: 2 √(C1 C2) sin(Δh/2) = 2 √(C1 C2) cross / length of that sum.
    let acute = m.mul(m.mul(m.add(cross, cross), m.sqrt(both)), long);
    // Beyond a right angle that sum loses digits; there ΔH² = Δa′² + Δb² − ΔC² has them.
    let (dx, dy, dc) = (m.sub(x2, x1), m.sub(b2, b1), m.sub(c2, c1));
    let rest = m.sub(m.fma(dx, dx, m.mul(dy, dy)), m.mul(dc, dc));
    let size = m.sqrt(simd.max_f32s(rest, m.is(0.0)));
    let zero = m.is(0.0);
    let obtuse = simd.select_f32s(simd.less_than_f32s(cross, zero), m.sub(zero, size), size);
    let hue = simd.select_f32s(simd.less_than_f32s(dot, zero), obtuse, acute);
    // Below 0 where the hues are opposite; grays never are.
    let decided = m.add(m.fma(m.is(-OPPOSITE), both, dot), m.is(1e-9));
    Hue { hue, chroma: m.mul(half, m.add(c1, c2)), gain: dc, cosine: c, sine: s, decided }
}

/// The difference from its parts, the weight T and the rotation.
#[inline(always)]
fn combined<S: Simd>(
    simd: S,
    l1: S::f32s,
    l2: S::f32s,
    &Hue { hue, chroma, gain, .. }: &Hue<S>,
    (weight, turn): (S::f32s, S::f32s),
) -> S::f32s {
    let m = Lanes(simd);
    let off = m.fma(m.is(0.5), m.add(l1, l2), m.is(-50.0));
    let off = m.mul(off, off);
    // S_L = (q + 0.015 off) / q; one division for all three.
    let q = m.sqrt(m.add(off, m.is(20.0)));
    let s_l = m.fma(m.is(0.015), off, q);
    let s_c = m.fma(m.is(0.045), chroma, m.is(1.0));
    let s_h = m.fma(m.mul(m.is(0.015), chroma), weight, m.is(1.0));
    let pair = m.mul(s_c, s_h);
    let inverse = m.div(m.is(1.0), m.mul(s_l, pair));
    let (rest_l, rest_ch) = (m.mul(pair, inverse), m.mul(s_l, inverse));
    let x = m.mul(m.mul(m.sub(l2, l1), q), rest_l);
    let (y, z) = (m.mul(m.mul(gain, s_h), rest_ch), m.mul(m.mul(hue, s_c), rest_ch));
    let mix = m.mul(m.mul(m.mul(m.is(-2.0), m.knee(chroma)), turn), m.mul(y, z));
    let sum = m.fma(x, x, m.fma(y, y, m.fma(z, z, mix)));
    m.sqrt(simd.max_f32s(sum, m.is(0.0)))
}

/// T of CIEDE2000 from cosine and sine of the mean hue.
#[inline(always)]
fn hue_weight<S: Simd>(m: Lanes<S>, &Hue { cosine: c, sine: s, .. }: &Hue<S>) -> S::f32s {
    let one = m.is(1.0);
    let two = m.is(2.0);
    let c2 = m.sub(m.mul(two, m.mul(c, c)), one);
    let s2 = m.mul(two, m.mul(s, c));
    let c3 = m.sub(m.mul(c, c2), m.mul(s, s2));
    let s3 = m.fma(s, c2, m.mul(c, s2));
    let c4 = m.sub(m.mul(two, m.mul(c2, c2)), one);
    let s4 = m.mul(two, m.mul(s2, c2));
    // cos(h − 30°), cos 2h, cos(3h + 6°), cos(4h − 63°).
    let mut t = m.fma(m.is(-0.17 * 0.866_025_4), c, m.fma(m.is(-0.17 * 0.5), s, one));
    t = m.fma(m.is(0.24), c2, t);
    t = m.fma(m.is(0.32 * 0.994_521_9), c3, m.fma(m.is(-0.32 * 0.104_528_46), s3, t));
    m.fma(m.is(-0.20 * 0.453_990_5), c4, m.fma(m.is(-0.20 * 0.891_006_5), s4, t))
}

/// sin 2Δθ of CIEDE2000, Δθ = 30° exp(−((h − 275°)/25°)²), from cosine and sine of the mean hue.
#[inline(always)]
fn rotation<S: Simd>(m: Lanes<S>, &Hue { cosine: c, sine: s, .. }: &Hue<S>) -> S::f32s {
    let simd = m.0;
    // Cosine and sine of the angle from 275°, and the angle as twice the arc tangent of half of it.
    let (cos275, sin275) = (m.is(0.087_155_74), m.is(-0.996_194_7));
    let near = m.fma(c, cos275, m.mul(s, sin275));
    let side = m.sub(m.mul(s, cos275), m.mul(c, sin275));
    let t = m.div(side, m.add(m.is(1.0), simd.max_f32s(near, m.is(0.0))));
    let t2 = m.mul(t, t);
    // atan t / t on −1 to 1, within 2e-7.
    const ARC: [f32; 8] = [
        0.999_999_9,
        -0.333_319_66,
        0.199_692_93,
        -0.140_168_23,
        0.099_065_93,
        -0.059_372_46,
        0.024_169_005,
        -0.004_669_322,
    ];
    let angle = m.mul(m.mul(m.is(2.0), t), m.polynomial(t2, ARC));
    let scaled = m.mul(angle, m.is(57.295_78 / 25.0));
    // Beyond 90° the Gaussian is below 3e-6.
    let exponent = simd.select_f32s(
        simd.less_than_f32s(near, m.is(0.0)),
        m.is(16.0),
        simd.min_f32s(m.mul(scaled, scaled), m.is(16.0)),
    );
    // exp(−x) = exp(−x/32)^32.
    const EXP: [f32; 6] = [1.0, -1.0, 0.5, -1.0 / 6.0, 1.0 / 24.0, -1.0 / 120.0];
    let mut gauss = m.polynomial(m.mul(exponent, m.is(1.0 / 32.0)), EXP);
    let mut k = 0;
    while k < 5 {
        gauss = m.mul(gauss, gauss);
        k += 1;
    }
    let double = m.mul(m.is(std::f32::consts::FRAC_PI_3), gauss);
    let square = m.mul(double, double);
    m.mul(double, m.polynomial(square, [1.0, -1.0 / 6.0, 1.0 / 120.0, -1.0 / 5040.0, 1.0 / 362_880.0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: &str = include_str!("../../../sources/color/ciede2000_pairs.csv");

    fn map(pairs: &[[f32; 6]]) -> Vec<f32> {
        let planes: [Vec<f32>; 6] = std::array::from_fn(|k| pairs.iter().map(|p| p[k]).collect());
        let [l1, a1, b1, l2, a2, b2] = &planes;
        let mut out = vec![0.0; pairs.len()];
        let (one, two) = (LabPlanes { l: l1, a: a1, b: b1 }, LabPlanes { l: l2, a: a2, b: b2 });
        ciede2000_map(one, two, &mut out).expect("the planes are equally long");
        out
    }

    #[test]
    fn all_published_pairs() {
        let rows = PAIRS.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let rows: Vec<Vec<f32>> =
            rows.map(|row| row.split(',').map(|cell| cell.parse().expect("a number")).collect()).collect();
        let pairs: Vec<[f32; 6]> = rows.iter().map(|r| std::array::from_fn(|k| r[k + 1])).collect();
        let turned: Vec<[f32; 6]> = pairs.iter().map(|p| [p[3], p[4], p[5], p[0], p[1], p[2]]).collect();
        assert_eq!(pairs.len(), 34);
        for found in [map(&pairs), map(&turned)] {
            for (row, difference) in rows.iter().zip(found) {
                assert!((difference - row[7]).abs() < 1e-4, "pair {}: {difference} for {}", row[0], row[7]);
            }
        }
        // Each pair in all lanes, not in the rest that takes the exact form.
        for (row, pair) in rows.iter().zip(&pairs) {
            assert!((map(&[*pair; 16])[0] - row[7]).abs() < 1e-4, "pair {} alone", row[0]);
        }
    }

    #[test]
    fn any_two_colors_agree_with_the_exact_form() {
        let mut state = 7u32;
        let mut draw = |low: f32, high: f32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            low + (high - low) * (state >> 8) as f32 / 16_777_216.0
        };
        let mut near = |from: f32, low: f32, high: f32| (from + draw(-4.0, 4.0)).clamp(low, high);
        let pairs: Vec<[f32; 6]> = (0..200_000)
            .map(|i| {
                let place = |v: f32| (i as f32 * v).fract();
                let (l, a, b) = (
                    100.0 * place(0.618_034),
                    160.0 * place(0.754_877) - 80.0,
                    160.0 * place(0.569_840) - 80.0,
                );
                // Half are neighbors, half are far apart.
                if i % 2 == 0 {
                    [l, a, b, near(l, 0.0, 100.0), near(a, -90.0, 90.0), near(b, -90.0, 90.0)]
                } else {
                    [
                        l,
                        a,
                        b,
                        100.0 * place(0.220_744),
                        160.0 * place(0.475_1) - 80.0,
                        160.0 * place(0.312_7) - 80.0,
                    ]
                }
            })
            .collect();
        let mut worst = (0.0, [0.0; 6]);
        for (p, found) in pairs.iter().zip(map(&pairs)) {
            let p = p.map(f64::from);
            let exact = ciede2000(Lab::new(p[0], p[1], p[2]), Lab::new(p[3], p[4], p[5]));
            let off = (exact - f64::from(found)).abs() / (1.0 + exact / 20.0);
            worst = if off > worst.0 { (off, p) } else { worst };
        }
        assert!(worst.0 < 1e-4, "{worst:?}");
    }

    #[test]
    fn grays_are_compared_too() {
        let found = map(&[
            [50.0, 0.0, 0.0, 50.0, 0.0, 0.0],
            [40.0, 0.0, 0.0, 60.0, 0.0, 0.0],
            [50.0, 0.0, 0.0, 50.0, -1.0, 2.0],
        ]);
        let exact = |one: Lab, two: Lab| ciede2000(one, two) as f32;
        let gray = |l: f64| Lab::new(l, 0.0, 0.0);
        assert_eq!(found[0], 0.0);
        assert!((found[1] - exact(gray(40.0), gray(60.0))).abs() < 1e-4);
        assert!((found[2] - exact(gray(50.0), Lab::new(50.0, -1.0, 2.0))).abs() < 1e-4);
    }
}
