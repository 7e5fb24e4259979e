//! Photons on their way: sixteen side by side.

use super::lanes::{F, Lanes, M, U, WIDTH};
use super::math::{self, fresnel, turned};
use super::medium::Medium;
use super::random::{BlockKey, Chance, LANE_NUMBERS};
use super::tally::{Escape, Segment, Sums, Tally};

/// Photons that share a tally. At the end of a block lanes wait for each other: about 2 % with blocks of this
/// size.
pub(crate) const BLOCK_PHOTONS: u64 = 1 << 18;
/// How often what was absorbed goes into the sums.
const STEPS_BETWEEN_SUMS: u64 = 32;
/// Chance to survive the roulette of a photon that is nearly spent.
const SURVIVAL: f32 = 0.1;

/// How photons start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Start {
    /// Straight down, at x mm.
    Normal { x_mm: f32 },
    /// Evenly over a disk around x mm (radius 0: one point) from evenly bright surroundings.
    Diffuse { x_mm: f32, disk_mm: f32 },
}

/// Everything that a block of photons needs.
pub(crate) struct Job<'a> {
    pub(crate) medium: &'a Medium,
    pub(crate) start: Start,
    /// Nearly spent photons below this weight play roulette; where light is white, see [`Tally::WHITE`].
    pub(crate) roulette_below: f32,
    pub(crate) key: BlockKey,
    pub(crate) photons: u32,
}

/// Sixteen photons.
#[derive(Clone, Copy)]
struct Group<L: Lanes> {
    at: [F<L>; 3],
    direction: [F<L>; 3],
    /// 0 for a lane whose photons are all done.
    weight: F<L>,
    /// White only: what is left until the next roulette, in optical depth of absorption.
    patience: F<L>,
    layer: U<L>,
    chance: Chance<L>,
    /// The photon's number in the block. A lane takes every sixteenth photon, so that no counting across
    /// lanes is needed.
    number: U<L>,
}

/// The state of a block.
struct Kernel<'a, L: Lanes, T: Tally, const PLAIN: bool> {
    l: L,
    job: &'a Job<'a>,
    sums: Sums,
    /// What happened in the last few steps; goes into the sums before rounding can matter.
    recent: Recent<L>,
    tally: T,
}

/// Light of the last few steps, by lane.
#[derive(Clone, Copy)]
struct Recent<L: Lanes> {
    launched: F<L>,
    absorbed: F<L>,
    /// Weights that left on top, and their squares.
    top: [F<L>; 2],
    /// The same at the bottom.
    bottom: [F<L>; 2],
}

/// Sends the photons of a job; the tally is filled.
#[inline(always)]
pub(crate) fn run_block<L: Lanes, T: Tally>(l: L, job: &Job<'_>, tally: T, plain_phase: bool) -> (Sums, T) {
    match plain_phase {
        true => Kernel::<L, T, true>::new(l, job, tally).run(),
        false => Kernel::<L, T, false>::new(l, job, tally).run(),
    }
}

impl<L: Lanes> Recent<L> {
    #[inline(always)]
    fn nothing(l: L) -> Self {
        let zero = F::of(l, 0.0);
        Self { launched: zero, absorbed: zero, top: [zero; 2], bottom: [zero; 2] }
    }

    #[inline(always)]
    fn add_to(&self, sums: &mut Sums) {
        self.launched.add_to(&mut sums.launched);
        self.absorbed.add_to(&mut sums.absorbed);
        self.top[0].add_to(&mut sums.top);
        self.top[1].add_to(&mut sums.top_squares);
        self.bottom[0].add_to(&mut sums.bottom);
        self.bottom[1].add_to(&mut sums.bottom_squares);
    }
}

impl<'a, L: Lanes, T: Tally, const PLAIN: bool> Kernel<'a, L, T, PLAIN> {
    #[inline(always)]
    fn new(l: L, job: &'a Job<'a>, tally: T) -> Self {
        let sums = Sums { photons: u64::from(job.photons), ..Sums::default() };
        Self { l, job, sums, recent: Recent::nothing(l), tally }
    }

    #[inline(always)]
    fn run(mut self) -> (Sums, T) {
        let mut group = self.group();
        loop {
            let died = self.step(&mut group);
            self.sums.steps += 1;
            let done = died && !F::of(self.l, 0.0).less(group.weight).any();
            if done || self.sums.steps.is_multiple_of(STEPS_BETWEEN_SUMS) {
                self.recent.add_to(&mut self.sums);
                self.recent = Recent::nothing(self.l);
            }
            if done {
                return (self.sums, self.tally);
            }
        }
    }

    #[inline(always)]
    fn group(&mut self) -> Group<L> {
        let l = self.l;
        let zero = F::of(l, 0.0);
        let number = U::load(l, &LANE_NUMBERS) + U::of(l, (WIDTH as u32).wrapping_neg());
        let mut group = Group {
            at: [zero; 3],
            direction: [zero, zero, F::of(l, 1.0)],
            weight: zero,
            patience: zero,
            layer: U::of(l, 1),
            chance: Chance { counter: number, key: number },
            number,
        };
        self.launch(&mut group, zero.at_least(zero));
        group
    }

    /// One way and what happens at its end, for all sixteen; whether any photon ended.
    #[inline(always)]
    fn step(&mut self, g: &mut Group<L>) -> bool {
        let zero = F::of(self.l, 0.0);
        let m = self.job.medium;
        let down = zero.less(g.direction[2]);
        let edge = down.select(g.layer.of_table(&m.bottom_mm), g.layer.of_table(&m.top_mm));
        let to_edge = (edge - g.at[2]) / g.direction[2];
        let free = math::free_path(g.chance.bits()) * g.layer.of_table(&m.free_path_mm);
        let hit = free.at_least(to_edge);
        let length = to_edge.min(free);
        if T::SEGMENTS {
            let segment = Segment { from: g.at, direction: g.direction, length, layer: g.layer };
            self.tally.segment(&segment);
        }
        let [ux, uy, uz] = g.direction;
        let z = hit.select(edge, uz.mul_add(length, g.at[2]));
        g.at = [ux.mul_add(length, g.at[0]), uy.mul_add(length, g.at[1]), z];
        if T::WHITE {
            g.patience = g.layer.of_table(&m.absorption_per_mm).neg_mul_add(length, g.patience);
        } else {
            let left = g.weight * g.layer.of_table(&m.albedo);
            let left = hit.select(g.weight, left);
            self.recent.absorbed = self.recent.absorbed + (g.weight - left);
            g.weight = left;
        }
        let scattered = self.scattered(g);
        for (old, new) in g.direction.iter_mut().zip(scattered) {
            *old = hit.select(*old, new);
        }
        let dead = self.meet_edge(g, hit, down);
        let dead = self.roulette(g, dead);
        let died = dead.any();
        if died {
            self.launch(g, dead);
        }
        died
    }

    /// Directions after a scattering.
    #[inline(always)]
    fn scattered(&self, g: &mut Group<L>) -> [F<L>; 3] {
        let m = self.job.medium;
        let bits = g.chance.bits();
        let t = math::uniform_both_ways(bits);
        let anisotropy = g.layer.of_table(&m.anisotropy);
        let cosine = if PLAIN {
            math::henyey_greenstein(t, anisotropy)
        } else {
            let ends = [g.layer.of_table(&m.phase_ends[0]), g.layer.of_table(&m.phase_ends[1])];
            math::reynolds_mccormick(t, anisotropy, ends, m.alpha)
        };
        turned(g.direction, cosine, math::azimuth_times_root_2(bits))
    }

    /// Photons at an edge of their layer go through, turn back or leave; which have left.
    ///
    /// Edges within the stack without a step in refractive index are most, and cost no branch.
    #[inline(always)]
    fn meet_edge(&mut self, g: &mut Group<L>, hit: M<L>, down: M<L>) -> M<L> {
        let l = self.l;
        let m = self.job.medium;
        let ratio = down.select(g.layer.of_table(&m.ratio_down), g.layer.of_table(&m.ratio_up));
        let next = down.select_int(g.layer + U::of(l, 1), g.layer + U::of(l, u32::MAX));
        let differs = hit & ratio.differs(F::of(l, 1.0));
        let mut cross = hit;
        if differs.any() {
            let interface = fresnel(g.direction[2].abs(), ratio);
            let back = differs & g.chance.uniform().less(interface.reflectance);
            let through = differs.and_not(back);
            cross = hit.and_not(back);
            let [ux, uy, uz] = g.direction;
            let behind = (interface.cosine_behind.bits() | uz.sign()).as_float();
            g.direction = [
                through.select(ux * ratio, ux),
                through.select(uy * ratio, uy),
                through.select(behind, back.select(-uz, uz)),
            ];
        }
        g.layer = cross.select_int(next, g.layer);
        let top = cross & next.equals(U::of(l, 0));
        let bottom = cross & next.equals(U::of(l, m.layers as u32 + 1));
        let left = top | bottom;
        if left.any() {
            self.leave(g, top, bottom);
        }
        left
    }

    #[inline(always)]
    fn leave(&mut self, g: &Group<L>, top: M<L>, bottom: M<L>) {
        let (up, through) = (top.keep(g.weight), bottom.keep(g.weight));
        let recent = &mut self.recent;
        recent.top = [recent.top[0] + up, up.mul_add(up, recent.top[1])];
        recent.bottom = [recent.bottom[0] + through, through.mul_add(through, recent.bottom[1])];
        if T::ESCAPES {
            let alive = F::of(self.l, 0.0).less(up);
            let mut left = alive.bits();
            if left == 0 {
                return;
            }
            let [x, y, _] = g.at;
            let r = x.mul_add(x, y * y).sqrt().array();
            let weight = g.weight.array();
            while left != 0 {
                let lane = left.trailing_zeros() as usize % WIDTH;
                self.tally.escaped(&Escape { r_mm: r[lane], weight: weight[lane], lane });
                left &= left - 1;
            }
        }
    }

    /// Ends most photons that matter little and makes the others matter more; which lanes are free.
    #[inline(always)]
    fn roulette(&mut self, g: &mut Group<L>, dead: M<L>) -> M<L> {
        let l = self.l;
        let (low, survival) = match T::WHITE {
            true => (g.patience.less(F::of(l, 0.0)).and_not(dead), 0.5),
            false => (g.weight.less(F::of(l, self.job.roulette_below)).and_not(dead), SURVIVAL),
        };
        if !low.any() {
            return dead;
        }
        let lucky = low & g.chance.uniform().less(F::of(l, survival));
        let unlucky = low.and_not(lucky);
        let before = g.weight;
        let weight = lucky.select(before.scale(1.0 / survival), before);
        g.weight = unlucky.select(F::of(l, 0.0), weight);
        (g.weight - before).add_to(&mut self.sums.roulette);
        if T::WHITE {
            let longer = g.patience + F::of(l, std::f32::consts::LN_2);
            g.patience = lucky.select(longer, g.patience);
        }
        dead | unlucky
    }

    /// New photons in free lanes, as long as there are any.
    #[inline(always)]
    fn launch(&mut self, g: &mut Group<L>, free: M<L>) {
        let l = self.l;
        g.number = free.select_int(g.number + U::of(l, WIDTH as u32), g.number);
        let fresh = Chance::of_photons(self.job.key, g.number);
        g.chance.counter = free.select_int(fresh.counter, g.chance.counter);
        g.chance.key = free.select_int(fresh.key, g.chance.key);
        let (at, direction, entering) = self.starts(g);
        for k in 0..3 {
            g.at[k] = free.select(at[k], g.at[k]);
            g.direction[k] = free.select(direction[k], g.direction[k]);
        }
        let real = free & g.number.float().less(F::of(l, self.job.photons as f32));
        let new_weight = real.keep(entering);
        self.recent.launched = self.recent.launched + new_weight;
        g.weight = free.select(new_weight, g.weight);
        g.layer = free.select_int(U::of(l, 1), g.layer);
        if T::WHITE {
            // because a lane without a photon must not play roulette forever.
            let patience = real.select(F::of(l, std::f32::consts::LN_2), F::of(l, 1e30));
            g.patience = free.select(patience, g.patience);
        }
        if T::SEGMENTS {
            self.tally.launched(free);
        }
    }

    /// Place, direction and weight of photons that have just come through the surface.
    #[inline(always)]
    fn starts(&self, g: &mut Group<L>) -> ([F<L>; 3], [F<L>; 3], F<L>) {
        let l = self.l;
        let (zero, one) = (F::of(l, 0.0), F::of(l, 1.0));
        let m = self.job.medium;
        match self.job.start {
            Start::Normal { x_mm } => {
                let reflected = ((m.index[0] - m.index[1]) / (m.index[0] + m.index[1])).powi(2);
                ([F::of(l, x_mm), zero, zero], [zero, zero, one], F::of(l, 1.0 - reflected))
            }
            Start::Diffuse { x_mm, disk_mm } => {
                const HALF: f32 = std::f32::consts::FRAC_1_SQRT_2;
                let (place, way) = (g.chance.bits(), g.chance.bits());
                let radius = g.chance.uniform().sqrt().scale(disk_mm * HALF);
                let (cos, sin) = math::azimuth_times_root_2(place);
                let at = [radius.mul_add(cos, F::of(l, x_mm)), radius * sin, zero];
                let cosine = g.chance.uniform().sqrt();
                let interface = fresnel(cosine, F::of(l, m.index[0] / m.index[1]));
                let sine = (one - interface.cosine_behind * interface.cosine_behind).max(zero).sqrt();
                let (cos, sin) = math::azimuth_times_root_2(way);
                let sine = sine.scale(HALF);
                let direction = [sine * cos, sine * sin, interface.cosine_behind];
                (at, direction, one - interface.reflectance)
            }
        }
    }
}
