//! Functions of many numbers at once: logarithm, azimuth, scattering angle, Fresnel's equations.

use super::lanes::{F, Lanes, M, U};

/// A free path in units of its mean, −ln u for a uniform u, from 32 random bits.
///
/// u is an odd number below 2²⁴ over 2²⁴. Relative error at most 1e-7, after the polynomial of Cephes.
#[inline(always)]
pub(crate) fn free_path<L: Lanes>(bits: U<L>) -> F<L> {
    let numerator = super::random::odd_24(bits);
    let (exponent, mantissa_log) = logarithm_parts(numerator);
    (F::of(bits.0, 24.0) - exponent).mul_add(F::of(bits.0, std::f32::consts::LN_2), -mantissa_log)
}

/// Natural logarithm of numbers from 1e-18 to 1e20; relative error at most 2e-7 outside 0.9 to 1.1.
#[inline(always)]
pub(crate) fn ln<L: Lanes>(x: F<L>) -> F<L> {
    // because the exponent is read without a sign: shift it up by 2^60 and back.
    let (exponent, mantissa_log) = logarithm_parts(x.scale(1.152_921_5e18));
    (exponent - F::of(x.0, 60.0)).mul_add(F::of(x.0, std::f32::consts::LN_2), mantissa_log)
}

/// x ≥ 1 as 2^e m with m from √½ to √2: e and ln m.
#[inline(always)]
fn logarithm_parts<L: Lanes>(x: F<L>) -> (F<L>, F<L>) {
    const ROOT_HALF_BITS: u32 = 0x3f35_04f3;
    let l = x.0;
    let bits = x.bits();
    let above = bits + U::of(l, ROOT_HALF_BITS.wrapping_neg());
    let exponent = above.shift_right::<23>();
    let t = ((above & U::of(l, 0x007f_ffff)) + U::of(l, ROOT_HALF_BITS)).as_float() - F::of(l, 1.0);
    let p = t.fma(7.037_683_6e-2, -1.151_461e-1);
    let p = p.mul_add(t, F::of(l, 1.167_699_9e-1));
    let p = p.mul_add(t, F::of(l, -1.242_014_1e-1));
    let p = p.mul_add(t, F::of(l, 1.424_932_3e-1));
    let p = p.mul_add(t, F::of(l, -1.666_805_8e-1));
    let p = p.mul_add(t, F::of(l, 2.000_071_5e-1));
    let p = p.mul_add(t, F::of(l, -2.499_999_4e-1));
    let p = p.mul_add(t, F::of(l, 3.333_333e-1));
    let square = t * t;
    let tail = p.mul_add(t, F::of(l, -0.5));
    (exponent.float(), square.mul_add(tail, t))
}

/// e^x for x from −80 to 80; relative error at most 3e-7.
#[inline(always)]
pub(crate) fn exp<L: Lanes>(x: F<L>) -> F<L> {
    const MAGIC: f32 = 12_582_912.0;
    let l = x.0;
    let rounded = x.fma(std::f32::consts::LOG2_E, MAGIC);
    let whole = rounded - F::of(l, MAGIC);
    let r = whole.neg_mul_add(F::of(l, 0.693_359_4), x);
    let r = whole.neg_mul_add(F::of(l, -2.121_944_4e-4), r);
    let p = r.fma(1.987_569_1e-4, 1.398_2e-3);
    let p = p.mul_add(r, F::of(l, 8.333_452e-3));
    let p = p.mul_add(r, F::of(l, 4.166_579_6e-2));
    let p = p.mul_add(r, F::of(l, 1.666_666_5e-1));
    let p = p.mul_add(r, F::of(l, 0.5));
    let power = (rounded.bits().shift_left::<23>() + U::of(l, 0x3f80_0000)).as_float();
    (r * r).mul_add(p, r + F::of(l, 1.0)) * power
}

/// Cosine and sine of a random azimuth, from the lower 16 of 32 random bits, times √2.
///
/// Two bits choose the quadrant, fourteen the middle of one of its 16,384 parts.
#[inline(always)]
pub(crate) fn azimuth_times_root_2<L: Lanes>(bits: U<L>) -> (F<L>, F<L>) {
    const STEP: f32 = std::f32::consts::FRAC_PI_2 / 16_384.0;
    let l = bits.0;
    let v = (bits & U::of(l, 0x3fff)).float().fma(STEP, 0.5 * STEP - std::f32::consts::FRAC_PI_4);
    let square = v * v;
    let s = square.fma(-1.951_529_6e-4, 8.332_161e-3).mul_add(square, F::of(l, -1.666_665_5e-1));
    let sine = (s * square).mul_add(v, v);
    let c = square.fma(2.443_315_7e-5, -1.388_731_6e-3).mul_add(square, F::of(l, 4.166_664_6e-2));
    let cosine = (c * square).mul_add(square, square.fma(-0.5, 1.0));
    let sign = U::of(l, 0x8000_0000);
    let (x, y) = (cosine - sine, cosine + sine);
    let x = (x.bits() ^ (bits.shift_left::<17>() & sign)).as_float();
    (x, (y.bits() ^ (bits.shift_left::<16>() & sign)).as_float())
}

/// A uniform number from −1 to 1 without its ends, from the upper 16 of 32 random bits.
#[inline(always)]
pub(crate) fn uniform_both_ways<L: Lanes>(bits: U<L>) -> F<L> {
    const STEP: f32 = 1.0 / 32_768.0;
    bits.shift_right::<16>().float().fma(STEP, 0.5 * STEP - 1.0)
}

/// Cosine of the angle of scattering after Henyey and Greenstein [@Henyey1941] for t uniform from −1 to 1.
///
/// The usual inversion, multiplied out so that it holds for g = 0 too.
#[inline(always)]
pub(crate) fn henyey_greenstein<L: Lanes>(t: F<L>, g: F<L>) -> F<L> {
    let l = t.0;
    let p1 = g.mul_add(g, F::of(l, 1.0));
    let half = g.scale(0.5);
    let p0 = half * (F::of(l, 4.0) - p1);
    let numerator = t.mul_add(t.mul_add(half * p1, p1), p0);
    let d = g.mul_add(t, F::of(l, 1.0));
    clamp_cosine(numerator / (d * d))
}

/// The same after Reynolds and McCormick [@Reynolds1980] for their α and g, g not 0.
///
/// `ends` are (1 − g)^(−2α) and (1 + g)^(−2α).
#[inline(always)]
pub(crate) fn reynolds_mccormick<L: Lanes>(t: F<L>, g: F<L>, ends: [F<L>; 2], alpha: f32) -> F<L> {
    let l = t.0;
    let share = t.fma(0.5, 0.5);
    let k = share.mul_add(ends[0] - ends[1], ends[1]);
    let power = exp(ln(k).scale(-1.0 / alpha));
    clamp_cosine((g.mul_add(g, F::of(l, 1.0)) - power) / (g + g))
}

#[inline(always)]
fn clamp_cosine<L: Lanes>(c: F<L>) -> F<L> {
    c.min(F::of(c.0, 1.0)).max(F::of(c.0, -1.0))
}

/// A direction turned by an angle (its cosine) and an azimuth (cosine and sine times √2).
///
/// The frame across the old direction is that of Duff et al. [@Duff2017].
#[inline(always)]
pub(crate) fn turned<L: Lanes>(u: [F<L>; 3], cosine: F<L>, azimuth: (F<L>, F<L>)) -> [F<L>; 3] {
    let l = cosine.0;
    let one = F::of(l, 1.0);
    let [ux, uy, uz] = u;
    let sine = cosine.neg_mul_add(cosine, one).max(F::of(l, 0.0)).scale(0.5).sqrt();
    let (c1, c2) = (sine * azimuth.0, sine * azimuth.1);
    let sign_bits = uz.sign();
    let sign = (one.bits() | sign_bits).as_float();
    let a = -(one / (sign + uz));
    let b = ux * uy * a;
    let sx = ux.flipped(sign_bits);
    let first_x = sx.mul_add(ux * a, one);
    let second_y = (uy * uy).mul_add(a, sign);
    let x = cosine.mul_add(ux, c1.mul_add(first_x, c2 * b));
    let y = cosine.mul_add(uy, c1.mul_add(b.flipped(sign_bits), c2 * second_y));
    let z = c2.neg_mul_add(uy, c1.neg_mul_add(sx, cosine * uz));
    // because rounding would make directions longer or shorter in the long run.
    let length = x.mul_add(x, y.mul_add(y, z * z));
    let k = length.fma(-0.5, 1.5);
    [x * k, y * k, z * k]
}

/// Light at an interface.
pub(crate) struct Interface<L: Lanes> {
    /// Share reflected, 1 under total reflection.
    pub(crate) reflectance: F<L>,
    /// Cosine behind.
    pub(crate) cosine_behind: F<L>,
}

/// Fresnel's equations for unpolarized light that comes with a cosine; `ratio` is n before over n behind.
#[inline(always)]
pub(crate) fn fresnel<L: Lanes>(cosine: F<L>, ratio: F<L>) -> Interface<L> {
    let one = F::of(cosine.0, 1.0);
    let sine_square_behind = ratio * ratio * cosine.neg_mul_add(cosine, one);
    let total: M<L> = sine_square_behind.at_least(one);
    let cosine_behind = (one - sine_square_behind).max(F::of(cosine.0, 0.0)).sqrt();
    // Amplitudes are a / c across and b / d along the plane; both over one denominator.
    let (a, c) = (ratio.mul_add(cosine, -cosine_behind), ratio.mul_add(cosine, cosine_behind));
    let (b, d) = (ratio.mul_add(cosine_behind, -cosine), ratio.mul_add(cosine_behind, cosine));
    let (ad, bc, cd) = (a * d, b * c, c * d);
    let part = ad.mul_add(ad, bc * bc).scale(0.5) / (cd * cd);
    Interface { reflectance: total.select(one, part), cosine_behind }
}

#[cfg(test)]
mod tests {
    use super::super::lanes::Portable;
    use super::*;

    fn one(v: f32) -> F<Portable> {
        F::of(Portable, v)
    }

    #[test]
    fn free_paths_are_logarithms_to_a_ten_millionth() {
        let mut worst: f64 = 0.0;
        for step in 0..2_000_000u32 {
            let bits = step.wrapping_mul(2_147_483_629).wrapping_add(77);
            let u = f64::from((bits >> 8) | 1) / 16_777_216.0;
            let got = f64::from(free_path(U::of(Portable, bits)).1[0]);
            worst = worst.max((got / -u.ln() - 1.0).abs());
        }
        assert!(worst < 1.5e-7, "relative error {worst:e}");
    }

    #[test]
    fn logarithm_and_exponential_are_those_of_the_library() {
        for i in -400..400 {
            let x = f64::from(i) * 0.1;
            let e = f64::from(exp(one(x as f32)).1[0]);
            let exact = f64::from(x as f32).exp();
            assert!((e / exact - 1.0).abs() < 4e-7, "exp {x}: {e}");
            if x.abs() > 40.0 {
                continue;
            }
            let back = f64::from(ln(one(exact as f32)).1[0]);
            assert!((back - f64::from(exact as f32).ln()).abs() < 4e-6, "ln of exp {x}: {back}");
        }
    }

    #[test]
    fn azimuths_lie_on_the_circle_and_even_out() {
        let (mut sum, mut worst) = ([0.0f64; 2], 0.0f64);
        for bits in 0..65_536 {
            let (x, y) = azimuth_times_root_2(U::of(Portable, bits));
            let (x, y) = (f64::from(x.1[0]), f64::from(y.1[0]));
            worst = worst.max(((x * x + y * y) / 2.0 - 1.0).abs());
            sum = [sum[0] + x, sum[1] + y];
        }
        assert!(worst < 4e-7 && sum.iter().all(|s| s.abs() < 1e-2), "{worst:e} {sum:?}");
    }

    #[test]
    fn mean_cosines_are_what_was_asked_for() {
        let mean = |cosine: &dyn Fn(F<Portable>) -> F<Portable>| {
            let all = (0..65_536u32).map(|i| uniform_both_ways(U::of(Portable, i << 16)));
            all.map(|t| f64::from(cosine(t).1[0])).sum::<f64>() / 65_536.0
        };
        for g in [-0.9, -0.3, 0.0, 0.001, 0.5, 0.78, 0.95f32] {
            let got = mean(&|t| henyey_greenstein(t, one(g)));
            assert!((got - f64::from(g)).abs() < 1e-6, "{g}: {got}");
            if g != 0.0 {
                // With α = 1/2 the two are one.
                let ends = [1.0 - g, 1.0 + g].map(|v| one(v.powf(-1.0)));
                let got = mean(&|t| reynolds_mccormick(t, one(g), ends, 0.5));
                assert!((got - f64::from(g)).abs() < 2e-4, "{g}: {got}");
            }
        }
    }

    #[test]
    fn turning_keeps_length_and_angle() {
        for (i, u) in [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [0.6, 0.0, -0.8], [0.48, 0.64, 0.6f32]]
            .into_iter()
            .enumerate()
        {
            let azimuth = azimuth_times_root_2(U::of(Portable, 9_999 * (i as u32 + 1)));
            let cosine = 0.3;
            let v = turned(u.map(one), one(cosine), azimuth).map(|c| c.1[0]);
            let dot: f32 = v.iter().zip(u).map(|(a, b)| a * b).sum();
            let length: f32 = v.iter().map(|a| a * a).sum();
            assert!((dot - cosine).abs() < 1e-6 && (length - 1.0).abs() < 1e-6, "{u:?}: {v:?}");
        }
    }

    #[test]
    fn interfaces_have_their_limits() {
        let straight = fresnel(one(1.0), one(1.0 / 1.4));
        assert!((straight.reflectance.1[0] - 0.027_777_8).abs() < 1e-6);
        let brewster = (1.5f32 / 1.0).atan().cos();
        let rs = fresnel(one(brewster), one(1.0 / 1.5)).reflectance.1[0];
        assert!((rs - 0.5 * ((1.0f32 - 2.25) / (1.0 + 2.25)).powi(2)).abs() < 1e-5, "{rs}");
        assert_eq!(fresnel(one(0.2), one(1.4)).reflectance.1[0], 1.0);
    }
}
