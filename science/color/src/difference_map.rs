//! CIEDE2000 of whole pictures, without angles.
//!
//! Sines and cosines of hue are ratios of a′, b and C′; those of the mean hue come from the sum of the two unit
//! vectors or, where that is short, from their difference. The four cosines of T are polynomials in them; the
//! Gaussian of the rotation is one in the cosine of the angle from 275°. Where two hues are opposite their mean
//! has no direction: those pixels go to [`ciede2000`].

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
    /// Length of the result.
    pub needed: usize,
}

impl std::fmt::Display for LengthError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { found, needed } = self;
        write!(f, "a plane of the pictures has {found} pixels, needed: {needed} as the result has")
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
/// One thread, no memory; see `docs/performance.md`.
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
/// Sine between two hues, more than a right angle apart, below which they count as opposite: there rounding
/// could decide on which side the mean hue lies.
const OPPOSITE: f32 = 1e-4;
/// 50⁷.
const KNEE: f32 = 781_250_000_000.0;

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
    /// A number with its sign turned where another one is negative.
    #[inline(always)]
    fn signed(self, v: S::f32s, like: S::f32s) -> S::f32s {
        self.0.xor_f32s(v, self.0.and_f32s(like, self.is(-0.0)))
    }
    /// √(C⁷ / (C⁷ + 25⁷)) of a mean C of two, from their sum.
    #[inline(always)]
    fn knee_of_sum(self, sum: S::f32s) -> S::f32s {
        let c2 = self.mul(sum, sum);
        let c7 = self.mul(self.mul(c2, c2), self.mul(c2, sum));
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
    /// Sum of the chromas.
    chroma: S::f32s,
    /// ΔC′.
    gain: S::f32s,
    /// Direction of the mean hue.
    cosine: S::f32s,
    sine: S::f32s,
    /// Below 0 where the hues are opposite, so that their mean has no direction.
    decided: S::f32s,
}

/// Hue of one pixel a lane.
#[inline(always)]
fn hue<S: Simd>(simd: S, [a1, b1, a2, b2]: [S::f32s; 4]) -> Hue<S> {
    let m = Lanes(simd);
    // Stretched a* and chroma.
    let (bb1, bb2) = (m.mul(b1, b1), m.mul(b2, b2));
    let (long1, long2) = (m.sqrt(m.fma(a1, a1, bb1)), m.sqrt(m.fma(a2, a2, bb2)));
    let stretch = m.fma(m.is(-0.5), m.knee_of_sum(m.add(long1, long2)), m.is(1.5));
    let (x1, x2) = (m.mul(stretch, a1), m.mul(stretch, a2));
    let (c1, c2) = (m.sqrt(m.fma(x1, x1, bb1)), m.sqrt(m.fma(x2, x2, bb2)));
    let both = m.mul(c1, c2);
    let dot = m.fma(x1, x2, m.mul(b1, b2));
    let cross = m.sub(m.mul(x1, b2), m.mul(x2, b1));
    // C1 C2 (1 + |cos Δh|) is a sum of positive numbers; C1 C2 (1 − |cos Δh|) follows from their product.
    let large = m.add(m.add(both, simd.abs_f32s(dot)), m.is(1e-20));
    let small = m.div(m.mul(cross, cross), large);
    let obtuse = simd.less_than_f32s(dot, m.is(0.0));
    // ΔH′ = 2 √(C1 C2) sin(Δh/2), with the sign of the turn.
    let unlike = simd.select_f32s(obtuse, large, small);
    let hue = m.signed(m.sqrt(m.add(unlike, unlike)), cross);
    // Direction of the mean hue, times its length: along the sum of the unit vectors, or, where that is short,
    // across their difference. Beside a gray it does not count.
    let (x12, x21, b12, b21) = (m.mul(x1, c2), m.mul(x2, c1), m.mul(b1, c2), m.mul(b2, c1));
    let cosine = simd.select_f32s(obtuse, m.signed(m.sub(b21, b12), cross), m.add(x12, x21));
    let sine = simd.select_f32s(obtuse, m.signed(m.sub(x12, x21), cross), m.add(b12, b21));
    let square = simd.max_f32s(m.mul(m.add(both, both), large), m.is(1e-24));
    let inverse = m.div(m.is(1.0), m.sqrt(square));
    // Below 0 where the hues are opposite; grays never are.
    let across = m.fma(m.is(-OPPOSITE), both, simd.abs_f32s(cross));
    let decided = m.add(simd.max_f32s(dot, across), m.is(1e-9));
    Hue {
        hue,
        chroma: m.add(c1, c2),
        gain: m.sub(c2, c1),
        cosine: m.mul(cosine, inverse),
        sine: m.mul(sine, inverse),
        decided,
    }
}

/// The difference from its parts, the weight T and twice the sine of the rotation.
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
    // S_L = light / q.
    let q = m.sqrt(m.add(off, m.is(20.0)));
    let light = m.fma(m.is(0.015), off, q);
    let s_c = m.fma(m.is(0.5 * 0.045), chroma, m.is(1.0));
    let s_h = m.fma(m.mul(m.is(0.5 * 0.015), chroma), weight, m.is(1.0));
    // All three over one denominator: one division.
    let pair = m.mul(s_c, s_h);
    let x = m.mul(m.mul(m.sub(l2, l1), q), pair);
    let (y, z) = (m.mul(m.mul(gain, s_h), light), m.mul(m.mul(hue, s_c), light));
    let mix = m.mul(m.knee_of_sum(chroma), turn);
    let rest = m.fma(z, m.sub(z, m.mul(mix, y)), m.mul(y, y));
    let sum = simd.max_f32s(m.fma(x, x, rest), m.is(0.0));
    m.div(m.sqrt(sum), m.mul(light, pair))
}

/// T of CIEDE2000 from cosine and sine of the mean hue: its four cosines multiplied out.
#[inline(always)]
fn hue_weight<S: Simd>(m: Lanes<S>, &Hue { cosine, sine, .. }: &Hue<S>) -> S::f32s {
    const EVEN: [f32; 5] = [0.669_201_9, -1.101_965_3, 1.206_384_8, 1.272_988_1, -0.726_384_8];
    const ODD: [f32; 4] = [-0.051_550_89, 0.712_805_2, -0.133_796_44, -1.425_610_4];
    m.fma(sine, m.polynomial(cosine, ODD), m.polynomial(cosine, EVEN))
}

/// 2 sin 2Δθ of CIEDE2000, Δθ = 30° exp(−((h − 275°)/25°)²), from cosine and sine of the mean hue.
#[inline(always)]
fn rotation<S: Simd>(m: Lanes<S>, &Hue { cosine, sine, .. }: &Hue<S>) -> S::f32s {
    // Cosine of the angle from 275°; farther than 95.7° the Gaussian is below 5e-7.
    let near = m.fma(cosine, m.is(0.087_155_74), m.mul(sine, m.is(-0.996_194_7)));
    let near = m.0.max_f32s(near, m.is(-0.1));
    // Eighth root of the Gaussian, fitted; the Gaussian is within 4e-8 of it.
    const ROOT: [f32; 6] =
        [0.197_898_73, 0.408_195_17, 0.291_044_4, 0.089_503_68, 0.012_462_902, 0.000_895_081_55];
    let root = m.polynomial(near, ROOT);
    let root2 = m.mul(root, root);
    let root4 = m.mul(root2, root2);
    let gauss = m.mul(root4, root4);
    // 2 sin(π/3 g) / g by g², fitted within 7e-8.
    const SINE: [f32; 4] = [2.094_395, -0.382_791_5, 0.020_978_771, -0.000_531_567_6];
    m.mul(gauss, m.polynomial(m.mul(gauss, gauss), SINE))
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
        agree_with_the_exact_form(&pairs);
    }

    /// Within 1e-4 (1 + ΔE/20) of the exact form, every pair.
    fn agree_with_the_exact_form(pairs: &[[f32; 6]]) {
        let mut worst = (0.0, [0.0; 6]);
        for (p, found) in pairs.iter().zip(map(pairs)) {
            let p = p.map(f64::from);
            let exact = ciede2000(Lab::new(p[0], p[1], p[2]), Lab::new(p[3], p[4], p[5]));
            let off = (exact - f64::from(found)).abs() / (1.0 + exact / 20.0);
            worst = if off > worst.0 { (off, p) } else { worst };
        }
        assert!(worst.0 < 1e-4, "{worst:?}");
    }

    #[test]
    fn hues_opposite_or_nearly_so_agree_with_the_exact_form() {
        let mut pairs = Vec::new();
        for step in 0..720 {
            let angle = f64::from(step).to_radians() / 2.0;
            for beside in [0.0, 1e-7, -1e-6, 1e-5, -3e-5, 9e-5, -2e-4, 1e-3, -1e-2, 0.05] {
                for (near, far) in [(1e-2, 30.0), (3.0, 2.0), (20.0, 50.0), (60.0, 60.0)] {
                    let (s, c) = angle.sin_cos();
                    let (s2, c2) = (angle + std::f64::consts::PI + beside).sin_cos();
                    let colors = [50.0, near * c, near * s, 52.0, far * c2, far * s2];
                    pairs.push(colors.map(|v| v as f32));
                }
            }
        }
        agree_with_the_exact_form(&pairs);
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
