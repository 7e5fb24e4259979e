//! Sixteen numbers in two registers of AVX2, with fused multiplication and addition.
//!
//! Two registers, because one operation takes four cycles and two can begin in each: a second, independent
//! one fills the wait. `pulp` keeps what is unsafe about instructions that not every machine has: a [`V3`]
//! exists only where the machine was asked and has them. No closures here or in the kernel: they are compiled
//! without the instructions.

use pulp::x86::V3;
use std::arch::x86_64::{__m256, __m256d, __m256i};

use super::lanes::{Lanes, WIDTH};

/// The proof that the machine has AVX2 and fused multiplication and addition.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(pub(crate) V3);

macro_rules! instructions {
    ($($name:ident($($arg:ident),+) -> $out:ty, $in:ty, $set:ident . $instruction:ident $(::<$c:ident>)?;)+) => {$(
        #[inline(always)]
        fn $name(self, $($arg: [$in; 2]),+) -> [$out; 2] {
            [self.0.$set.$instruction$(::<$c>)?($($arg[0]),+), self.0.$set.$instruction$(::<$c>)?($($arg[1]),+)]
        }
    )+};
}

const LESS: i32 = std::arch::x86_64::_CMP_LT_OQ;
const AT_LEAST: i32 = std::arch::x86_64::_CMP_GE_OQ;
const DIFFER: i32 = std::arch::x86_64::_CMP_NEQ_UQ;

impl Lanes for Avx2 {
    type Float = [__m256; 2];
    type Int = [__m256i; 2];
    type Mask = [__m256; 2];

    instructions! {
        add(a, b) -> __m256, __m256, avx._mm256_add_ps;
        sub(a, b) -> __m256, __m256, avx._mm256_sub_ps;
        mul(a, b) -> __m256, __m256, avx._mm256_mul_ps;
        div(a, b) -> __m256, __m256, avx._mm256_div_ps;
        mul_add(a, b, c) -> __m256, __m256, fma._mm256_fmadd_ps;
        neg_mul_add(a, b, c) -> __m256, __m256, fma._mm256_fnmadd_ps;
        sqrt(a) -> __m256, __m256, avx._mm256_sqrt_ps;
        min(a, b) -> __m256, __m256, avx._mm256_min_ps;
        max(a, b) -> __m256, __m256, avx._mm256_max_ps;
        keep(m, v) -> __m256, __m256, avx._mm256_and_ps;
        and_mask(a, b) -> __m256, __m256, avx._mm256_and_ps;
        or_mask(a, b) -> __m256, __m256, avx._mm256_or_ps;
        less(a, b) -> __m256, __m256, avx._mm256_cmp_ps::<LESS>;
        at_least(a, b) -> __m256, __m256, avx._mm256_cmp_ps::<AT_LEAST>;
        differ(a, b) -> __m256, __m256, avx._mm256_cmp_ps::<DIFFER>;
        bits(a) -> __m256i, __m256, avx._mm256_castps_si256;
        as_float(a) -> __m256, __m256i, avx._mm256_castsi256_ps;
        float_of_int(a) -> __m256, __m256i, avx._mm256_cvtepi32_ps;
        add_int(a, b) -> __m256i, __m256i, avx2._mm256_add_epi32;
        mul_int(a, b) -> __m256i, __m256i, avx2._mm256_mullo_epi32;
        and_int(a, b) -> __m256i, __m256i, avx2._mm256_and_si256;
        or_int(a, b) -> __m256i, __m256i, avx2._mm256_or_si256;
        xor_int(a, b) -> __m256i, __m256i, avx2._mm256_xor_si256;
    }

    #[inline(always)]
    fn load(self, v: &[f32; WIDTH]) -> Self::Float {
        pulp::cast(*v)
    }
    #[inline(always)]
    fn store(self, v: Self::Float) -> [f32; WIDTH] {
        pulp::cast(v)
    }
    #[inline(always)]
    fn load_int(self, v: &[u32; WIDTH]) -> Self::Int {
        pulp::cast(*v)
    }
    #[inline(always)]
    fn splat(self, v: f32) -> Self::Float {
        [self.0.avx._mm256_set1_ps(v); 2]
    }
    #[inline(always)]
    fn splat_int(self, v: u32) -> Self::Int {
        [self.0.avx._mm256_set1_epi32(v.cast_signed()); 2]
    }
    #[inline(always)]
    fn select(self, m: Self::Mask, yes: Self::Float, no: Self::Float) -> Self::Float {
        let avx = self.0.avx;
        [avx._mm256_blendv_ps(no[0], yes[0], m[0]), avx._mm256_blendv_ps(no[1], yes[1], m[1])]
    }
    #[inline(always)]
    fn select_int(self, m: Self::Mask, yes: Self::Int, no: Self::Int) -> Self::Int {
        let chosen = self.select(m, self.as_float(yes), self.as_float(no));
        self.bits(chosen)
    }
    #[inline(always)]
    fn look_up(self, table: &[f32; 8], index: Self::Int) -> Self::Float {
        let table: __m256 = pulp::cast(*table);
        let avx2 = self.0.avx2;
        [avx2._mm256_permutevar8x32_ps(table, index[0]), avx2._mm256_permutevar8x32_ps(table, index[1])]
    }
    #[inline(always)]
    fn shift_right<const BITS: i32>(self, a: Self::Int) -> Self::Int {
        [self.0.avx2._mm256_srli_epi32::<BITS>(a[0]), self.0.avx2._mm256_srli_epi32::<BITS>(a[1])]
    }
    #[inline(always)]
    fn shift_left<const BITS: i32>(self, a: Self::Int) -> Self::Int {
        [self.0.avx2._mm256_slli_epi32::<BITS>(a[0]), self.0.avx2._mm256_slli_epi32::<BITS>(a[1])]
    }
    #[inline(always)]
    fn equal_int(self, a: Self::Int, b: Self::Int) -> Self::Mask {
        self.as_float([
            self.0.avx2._mm256_cmpeq_epi32(a[0], b[0]),
            self.0.avx2._mm256_cmpeq_epi32(a[1], b[1]),
        ])
    }
    #[inline(always)]
    fn and_not_mask(self, a: Self::Mask, b: Self::Mask) -> Self::Mask {
        [self.0.avx._mm256_andnot_ps(b[0], a[0]), self.0.avx._mm256_andnot_ps(b[1], a[1])]
    }
    #[inline(always)]
    fn bits_of_mask(self, m: Self::Mask) -> u32 {
        let low = self.0.avx._mm256_movemask_ps(m[0]).cast_unsigned();
        low | self.0.avx._mm256_movemask_ps(m[1]).cast_unsigned() << 8
    }
    #[inline(always)]
    fn any(self, m: Self::Mask) -> bool {
        self.0.avx._mm256_movemask_ps(self.0.avx._mm256_or_ps(m[0], m[1])) != 0
    }
    #[inline(always)]
    fn add_to(self, sums: &mut [f64; WIDTH], v: Self::Float) {
        let avx = self.0.avx;
        let sum: [__m256d; 4] = pulp::cast(*sums);
        let halves = [
            avx._mm256_castps256_ps128(v[0]),
            avx._mm256_extractf128_ps::<1>(v[0]),
            avx._mm256_castps256_ps128(v[1]),
            avx._mm256_extractf128_ps::<1>(v[1]),
        ];
        let mut new = sum;
        for i in 0..4 {
            new[i] = avx._mm256_add_pd(sum[i], avx._mm256_cvtps_pd(halves[i]));
        }
        *sums = pulp::cast(new);
    }
}
