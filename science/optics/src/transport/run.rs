//! Photons in blocks, on all threads, by the best instructions of the machine.

use rayon::prelude::*;

use super::kernel::{BLOCK_PHOTONS, Job, Start, run_block};
use super::lanes::{Lanes, Portable};
use super::medium::{Medium, Phase, Stack};
use super::random::BlockKey;
use super::tally::{Sums, Tally};

/// Which instructions to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Instructions {
    /// The best that the machine has.
    #[default]
    Best,
    /// Those that every machine has.
    Portable,
}

/// What to send.
pub(crate) struct Plan<'a> {
    pub(crate) stack: &'a Stack,
    pub(crate) start: Start,
    /// Nearly spent photons below this weight play roulette; where light is white, see [`Tally::WHITE`].
    pub(crate) roulette_below: f32,
    pub(crate) photons: u64,
    pub(crate) seed: u64,
    pub(crate) instructions: Instructions,
}

/// Sends photons; `tally` is an empty one.
///
/// Every block has its own photons, tally and sums; these are added in the order of the blocks, so that
/// threads change nothing.
pub(crate) fn run<T: Tally>(plan: &Plan<'_>, tally: &T) -> (Sums, T) {
    let medium = Medium::new(plan.stack, T::WHITE);
    let plain = plan.stack.phase == Phase::HenyeyGreenstein;
    let blocks = plan.photons.div_ceil(BLOCK_PHOTONS);
    let one = |block: u64| {
        let photons = BLOCK_PHOTONS.min(plan.photons - block * BLOCK_PHOTONS);
        let job = Job {
            medium: &medium,
            start: plan.start,
            roulette_below: plan.roulette_below,
            key: BlockKey::new(plan.seed, block),
            photons: photons as u32,
        };
        dispatch(plan.instructions, &job, tally.clone(), plain)
    };
    let parts: Vec<(Sums, T)> = (0..blocks).into_par_iter().map(one).collect();
    let mut sums = Sums::default();
    let mut total = tally.clone();
    for (part, seen) in &parts {
        sums.merge(part);
        total.merge(seen);
    }
    (sums, total)
}

#[cfg(target_arch = "x86_64")]
fn dispatch<T: Tally>(instructions: Instructions, job: &Job<'_>, tally: T, plain: bool) -> (Sums, T) {
    struct Work<'a, T> {
        v3: pulp::x86::V3,
        job: &'a Job<'a>,
        tally: T,
        plain: bool,
    }
    impl<T: Tally> pulp::NullaryFnOnce for Work<'_, T> {
        type Output = (Sums, T);
        #[inline(always)]
        fn call(self) -> (Sums, T) {
            run_block(super::lanes_avx2::Avx2(self.v3), self.job, self.tally, self.plain)
        }
    }
    match (instructions, pulp::x86::V3::try_new()) {
        (Instructions::Best, Some(v3)) => v3.vectorize(Work { v3, job, tally, plain }),
        _ => portable(Portable, job, tally, plain),
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn dispatch<T: Tally>(_: Instructions, job: &Job<'_>, tally: T, plain: bool) -> (Sums, T) {
    portable(Portable, job, tally, plain)
}

#[inline(never)]
fn portable<L: Lanes, T: Tally>(l: L, job: &Job<'_>, tally: T, plain: bool) -> (Sums, T) {
    run_block(l, job, tally, plain)
}
