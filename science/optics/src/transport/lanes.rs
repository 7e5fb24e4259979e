//! Sixteen numbers at a time: the few operations that photon transport needs, and plain arithmetic on them.

use std::array::from_fn;
use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Sub};

/// How many photons travel side by side.
pub(crate) const WIDTH: usize = 16;

/// A way to compute on [`WIDTH`] numbers at once; the value itself proves that the machine can.
pub(crate) trait Lanes: Copy {
    /// Single-precision numbers.
    type Float: Copy;
    /// Unsigned integers of 32 bits; arithmetic wraps.
    type Int: Copy;
    /// Yes or no.
    type Mask: Copy;

    fn load(self, v: &[f32; WIDTH]) -> Self::Float;
    fn store(self, v: Self::Float) -> [f32; WIDTH];
    fn load_int(self, v: &[u32; WIDTH]) -> Self::Int;
    fn splat(self, v: f32) -> Self::Float;
    fn splat_int(self, v: u32) -> Self::Int;

    fn add(self, a: Self::Float, b: Self::Float) -> Self::Float;
    fn sub(self, a: Self::Float, b: Self::Float) -> Self::Float;
    fn mul(self, a: Self::Float, b: Self::Float) -> Self::Float;
    fn div(self, a: Self::Float, b: Self::Float) -> Self::Float;
    /// a b + c, rounded once where the machine can.
    fn mul_add(self, a: Self::Float, b: Self::Float, c: Self::Float) -> Self::Float;
    /// c − a b, rounded once where the machine can.
    fn neg_mul_add(self, a: Self::Float, b: Self::Float, c: Self::Float) -> Self::Float;
    fn sqrt(self, a: Self::Float) -> Self::Float;
    /// The smaller one; `b` where either is not a number.
    fn min(self, a: Self::Float, b: Self::Float) -> Self::Float;
    /// The larger one; `b` where either is not a number.
    fn max(self, a: Self::Float, b: Self::Float) -> Self::Float;
    fn less(self, a: Self::Float, b: Self::Float) -> Self::Mask;
    /// a ≥ b; no where either is not a number.
    fn at_least(self, a: Self::Float, b: Self::Float) -> Self::Mask;
    fn differ(self, a: Self::Float, b: Self::Float) -> Self::Mask;
    fn select(self, m: Self::Mask, yes: Self::Float, no: Self::Float) -> Self::Float;
    /// Zero where the mask says no.
    fn keep(self, m: Self::Mask, v: Self::Float) -> Self::Float;
    /// The entry of a table of eight.
    fn look_up(self, table: &[f32; 8], index: Self::Int) -> Self::Float;

    fn add_int(self, a: Self::Int, b: Self::Int) -> Self::Int;
    fn mul_int(self, a: Self::Int, b: Self::Int) -> Self::Int;
    fn and_int(self, a: Self::Int, b: Self::Int) -> Self::Int;
    fn or_int(self, a: Self::Int, b: Self::Int) -> Self::Int;
    fn xor_int(self, a: Self::Int, b: Self::Int) -> Self::Int;
    fn shift_right<const BITS: i32>(self, a: Self::Int) -> Self::Int;
    fn shift_left<const BITS: i32>(self, a: Self::Int) -> Self::Int;
    fn select_int(self, m: Self::Mask, yes: Self::Int, no: Self::Int) -> Self::Int;
    fn equal_int(self, a: Self::Int, b: Self::Int) -> Self::Mask;
    /// Number of an integer below 2³¹.
    fn float_of_int(self, a: Self::Int) -> Self::Float;
    fn bits(self, a: Self::Float) -> Self::Int;
    /// The number that has these bits.
    fn as_float(self, a: Self::Int) -> Self::Float;

    fn and_mask(self, a: Self::Mask, b: Self::Mask) -> Self::Mask;
    fn or_mask(self, a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// `a` and not `b`.
    fn and_not_mask(self, a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// One bit for each lane, the first lane lowest.
    fn bits_of_mask(self, m: Self::Mask) -> u32;
    /// Whether any lane says yes.
    fn any(self, m: Self::Mask) -> bool;
    /// Adds numbers to double-precision sums.
    fn add_to(self, sums: &mut [f64; WIDTH], v: Self::Float);
}

/// Numbers that know how to compute.
#[derive(Clone, Copy)]
pub(crate) struct F<L: Lanes>(pub(crate) L, pub(crate) L::Float);
/// Integers that know how to compute.
#[derive(Clone, Copy)]
pub(crate) struct U<L: Lanes>(pub(crate) L, pub(crate) L::Int);
/// Masks that know how to combine.
#[derive(Clone, Copy)]
pub(crate) struct M<L: Lanes>(pub(crate) L, pub(crate) L::Mask);

macro_rules! operator {
    ($trait:ident, $method:ident, $wrapper:ident, $lanes:ident) => {
        impl<L: Lanes> $trait for $wrapper<L> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0, self.0.$lanes(self.1, other.1))
            }
        }
    };
}
operator!(Add, add, F, add);
operator!(Sub, sub, F, sub);
operator!(Mul, mul, F, mul);
operator!(Div, div, F, div);
operator!(Add, add, U, add_int);
operator!(Mul, mul, U, mul_int);
operator!(BitAnd, bitand, U, and_int);
operator!(BitOr, bitor, U, or_int);
operator!(BitXor, bitxor, U, xor_int);
operator!(BitAnd, bitand, M, and_mask);
operator!(BitOr, bitor, M, or_mask);

impl<L: Lanes> Neg for F<L> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        (self.bits() ^ U::of(self.0, 0x8000_0000)).as_float()
    }
}

impl<L: Lanes> F<L> {
    #[inline(always)]
    pub(crate) fn of(lanes: L, v: f32) -> Self {
        Self(lanes, lanes.splat(v))
    }
    #[inline(always)]
    pub(crate) fn load(lanes: L, v: &[f32; WIDTH]) -> Self {
        Self(lanes, lanes.load(v))
    }
    #[inline(always)]
    pub(crate) fn array(self) -> [f32; WIDTH] {
        self.0.store(self.1)
    }
    /// `self` · b + c.
    #[inline(always)]
    pub(crate) fn mul_add(self, b: Self, c: Self) -> Self {
        Self(self.0, self.0.mul_add(self.1, b.1, c.1))
    }
    /// c − `self` · b.
    #[inline(always)]
    pub(crate) fn neg_mul_add(self, b: Self, c: Self) -> Self {
        Self(self.0, self.0.neg_mul_add(self.1, b.1, c.1))
    }
    /// `self` · b + c with constants.
    #[inline(always)]
    pub(crate) fn fma(self, b: f32, c: f32) -> Self {
        self.mul_add(Self::of(self.0, b), Self::of(self.0, c))
    }
    #[inline(always)]
    pub(crate) fn scale(self, b: f32) -> Self {
        self * Self::of(self.0, b)
    }
    #[inline(always)]
    pub(crate) fn sqrt(self) -> Self {
        Self(self.0, self.0.sqrt(self.1))
    }
    #[inline(always)]
    pub(crate) fn min(self, b: Self) -> Self {
        Self(self.0, self.0.min(self.1, b.1))
    }
    #[inline(always)]
    pub(crate) fn max(self, b: Self) -> Self {
        Self(self.0, self.0.max(self.1, b.1))
    }
    #[inline(always)]
    pub(crate) fn less(self, b: Self) -> M<L> {
        M(self.0, self.0.less(self.1, b.1))
    }
    #[inline(always)]
    pub(crate) fn at_least(self, b: Self) -> M<L> {
        M(self.0, self.0.at_least(self.1, b.1))
    }
    #[inline(always)]
    pub(crate) fn differs(self, b: Self) -> M<L> {
        M(self.0, self.0.differ(self.1, b.1))
    }
    #[inline(always)]
    pub(crate) fn bits(self) -> U<L> {
        U(self.0, self.0.bits(self.1))
    }
    /// The sign bit alone.
    #[inline(always)]
    pub(crate) fn sign(self) -> U<L> {
        self.bits() & U::of(self.0, 0x8000_0000)
    }
    /// With the sign turned where a sign bit is set.
    #[inline(always)]
    pub(crate) fn flipped(self, sign: U<L>) -> Self {
        (self.bits() ^ sign).as_float()
    }
    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        (self.bits() & U::of(self.0, 0x7fff_ffff)).as_float()
    }
    #[inline(always)]
    pub(crate) fn add_to(self, sums: &mut [f64; WIDTH]) {
        self.0.add_to(sums, self.1);
    }
}

impl<L: Lanes> U<L> {
    #[inline(always)]
    pub(crate) fn of(lanes: L, v: u32) -> Self {
        Self(lanes, lanes.splat_int(v))
    }
    #[inline(always)]
    pub(crate) fn load(lanes: L, v: &[u32; WIDTH]) -> Self {
        Self(lanes, lanes.load_int(v))
    }
    #[inline(always)]
    pub(crate) fn shift_right<const BITS: i32>(self) -> Self {
        Self(self.0, self.0.shift_right::<BITS>(self.1))
    }
    #[inline(always)]
    pub(crate) fn shift_left<const BITS: i32>(self) -> Self {
        Self(self.0, self.0.shift_left::<BITS>(self.1))
    }
    #[inline(always)]
    pub(crate) fn float(self) -> F<L> {
        F(self.0, self.0.float_of_int(self.1))
    }
    #[inline(always)]
    pub(crate) fn as_float(self) -> F<L> {
        F(self.0, self.0.as_float(self.1))
    }
    #[inline(always)]
    pub(crate) fn equals(self, b: Self) -> M<L> {
        M(self.0, self.0.equal_int(self.1, b.1))
    }
    /// The entry of a table.
    #[inline(always)]
    pub(crate) fn of_table(self, table: &[f32; 8]) -> F<L> {
        F(self.0, self.0.look_up(table, self.1))
    }
}

impl<L: Lanes> M<L> {
    #[inline(always)]
    pub(crate) fn select(self, yes: F<L>, no: F<L>) -> F<L> {
        F(self.0, self.0.select(self.1, yes.1, no.1))
    }
    #[inline(always)]
    pub(crate) fn select_int(self, yes: U<L>, no: U<L>) -> U<L> {
        U(self.0, self.0.select_int(self.1, yes.1, no.1))
    }
    /// Zero where the mask says no.
    #[inline(always)]
    pub(crate) fn keep(self, v: F<L>) -> F<L> {
        F(self.0, self.0.keep(self.1, v.1))
    }
    #[inline(always)]
    pub(crate) fn and_not(self, b: Self) -> Self {
        Self(self.0, self.0.and_not_mask(self.1, b.1))
    }
    #[inline(always)]
    pub(crate) fn bits(self) -> u32 {
        self.0.bits_of_mask(self.1)
    }
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        self.0.any(self.1)
    }
}

/// Plain arrays: every machine can.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

macro_rules! elementwise {
    ($($name:ident($($arg:ident),+) -> $out:ty, $in:ty, $body:expr;)+) => {$(
        #[inline(always)]
        fn $name(self, $($arg: $in),+) -> $out {
            let mut out: $out = Default::default();
            for i in 0..WIDTH {
                $(let $arg = $arg[i];)+
                out[i] = $body;
            }
            out
        }
    )+};
}

impl Lanes for Portable {
    type Float = [f32; WIDTH];
    type Int = [u32; WIDTH];
    type Mask = [bool; WIDTH];

    elementwise! {
        add(a, b) -> Self::Float, Self::Float, a + b;
        sub(a, b) -> Self::Float, Self::Float, a - b;
        mul(a, b) -> Self::Float, Self::Float, a * b;
        div(a, b) -> Self::Float, Self::Float, a / b;
        mul_add(a, b, c) -> Self::Float, Self::Float, a * b + c;
        neg_mul_add(a, b, c) -> Self::Float, Self::Float, c - a * b;
        sqrt(a) -> Self::Float, Self::Float, a.sqrt();
        min(a, b) -> Self::Float, Self::Float, if a < b { a } else { b };
        max(a, b) -> Self::Float, Self::Float, if a > b { a } else { b };
        less(a, b) -> Self::Mask, Self::Float, a < b;
        at_least(a, b) -> Self::Mask, Self::Float, a >= b;
        differ(a, b) -> Self::Mask, Self::Float, a != b;
        bits(a) -> Self::Int, Self::Float, a.to_bits();
        as_float(a) -> Self::Float, Self::Int, f32::from_bits(a);
        float_of_int(a) -> Self::Float, Self::Int, a as i32 as f32;
        add_int(a, b) -> Self::Int, Self::Int, a.wrapping_add(b);
        mul_int(a, b) -> Self::Int, Self::Int, a.wrapping_mul(b);
        and_int(a, b) -> Self::Int, Self::Int, a & b;
        or_int(a, b) -> Self::Int, Self::Int, a | b;
        xor_int(a, b) -> Self::Int, Self::Int, a ^ b;
        equal_int(a, b) -> Self::Mask, Self::Int, a == b;
        and_mask(a, b) -> Self::Mask, Self::Mask, a & b;
        or_mask(a, b) -> Self::Mask, Self::Mask, a | b;
        and_not_mask(a, b) -> Self::Mask, Self::Mask, a & !b;
    }

    #[inline(always)]
    fn load(self, v: &[f32; WIDTH]) -> Self::Float {
        *v
    }
    #[inline(always)]
    fn store(self, v: Self::Float) -> [f32; WIDTH] {
        v
    }
    #[inline(always)]
    fn load_int(self, v: &[u32; WIDTH]) -> Self::Int {
        *v
    }
    #[inline(always)]
    fn splat(self, v: f32) -> Self::Float {
        [v; WIDTH]
    }
    #[inline(always)]
    fn splat_int(self, v: u32) -> Self::Int {
        [v; WIDTH]
    }
    #[inline(always)]
    fn select(self, m: Self::Mask, yes: Self::Float, no: Self::Float) -> Self::Float {
        from_fn(|i| if m[i] { yes[i] } else { no[i] })
    }
    #[inline(always)]
    fn keep(self, m: Self::Mask, v: Self::Float) -> Self::Float {
        from_fn(|i| if m[i] { v[i] } else { 0.0 })
    }
    #[inline(always)]
    fn look_up(self, table: &[f32; 8], index: Self::Int) -> Self::Float {
        from_fn(|i| table[(index[i] & 7) as usize])
    }
    #[inline(always)]
    fn shift_right<const BITS: i32>(self, a: Self::Int) -> Self::Int {
        from_fn(|i| a[i] >> BITS)
    }
    #[inline(always)]
    fn shift_left<const BITS: i32>(self, a: Self::Int) -> Self::Int {
        from_fn(|i| a[i] << BITS)
    }
    #[inline(always)]
    fn select_int(self, m: Self::Mask, yes: Self::Int, no: Self::Int) -> Self::Int {
        from_fn(|i| if m[i] { yes[i] } else { no[i] })
    }
    #[inline(always)]
    fn bits_of_mask(self, m: Self::Mask) -> u32 {
        m.iter().enumerate().map(|(i, yes)| u32::from(*yes) << i).sum()
    }
    #[inline(always)]
    fn any(self, m: Self::Mask) -> bool {
        m.contains(&true)
    }
    #[inline(always)]
    fn add_to(self, sums: &mut [f64; WIDTH], v: Self::Float) {
        sums.iter_mut().zip(v).for_each(|(sum, v)| *sum += f64::from(v));
    }
}
