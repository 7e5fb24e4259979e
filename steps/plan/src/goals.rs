//! How dense hair and dots together shall become.

use stipple_model::{Protocol, Reading, Scar};
use stipple_quantity::Estimate;
use stipple_raster::filter::gaussian_blur;

use crate::areas::Kind;
use crate::ground::Ground;

/// Units per cm² below which surroundings say nothing about what stood there.
const SPARSEST_PER_CM2: f64 = 5.0;
/// No scalp has more units per cm².
const DENSEST_PER_CM2: f64 = 300.0;

/// Density to reach in and around one area.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal {
    pub(crate) per_mm2: f64,
    /// Whether it was measured on this head.
    pub(crate) is_measured: bool,
}

/// Density to reach in each area: in a scar that of its surroundings, with the dots they get if they are thinning; in what
/// was drawn that of the hair that tells it, of which `times` as much stands as was found.
pub(crate) fn goals(
    reading: &Reading,
    protocol: &Protocol,
    ground: &Ground,
    times: Option<f64>,
) -> Vec<Goal> {
    let natural = times.and_then(|times| Some(100.0 * times * ground.natural_per_mm2?));
    let drawn = goal([natural], protocol);
    let mut scars = reading.scars.iter();
    let of_scar = |area: usize, scar: &Scar| {
        let measured = [scar.hair_density_around_per_cm2, reading.hair.unit_density_per_cm2];
        let own = goal(measured.map(|e: Option<Estimate>| e.map(|e| e.value)), protocol);
        if lies_in_thinning(area, ground) { thickened(own, drawn, protocol) } else { own }
    };
    let of_area = |(area, kind): (usize, &Kind)| match kind {
        Kind::Scar => scars.next().map_or(drawn, |scar| of_scar(area, scar)),
        Kind::Hairline | Kind::Thinning => drawn,
    };
    ground.area_of.kinds.iter().enumerate().map(of_area).collect()
}

/// What thinning hair and the dots between it make together.
fn thickened(thin: Goal, natural: Goal, protocol: &Protocol) -> Goal {
    let missing = protocol.density_share * (natural.per_mm2 - thin.per_mm2).max(0.0);
    let dots = missing.min(protocol.thinning_density_share * natural.per_mm2);
    Goal { per_mm2: thin.per_mm2 + dots, is_measured: thin.is_measured && natural.is_measured }
}

/// Whether most of an area's border lies in a drawn area of thinning hair.
fn lies_in_thinning(area: usize, ground: &Ground) -> bool {
    let (area_of, columns) = (&ground.area_of, ground.window.columns);
    let is_own = |k: &usize| area_of.number[*k] as usize == area + 1;
    let beside = |k: usize| [k.wrapping_sub(columns), k.wrapping_sub(1), k + 1, k + columns];
    let border = (0..area_of.number.len()).filter(is_own).flat_map(beside);
    let border = border.filter(|k| *k < area_of.number.len() && !is_own(k));
    let (all, thinning) = border.fold((0, 0), |(all, thinning), k| {
        (all + 1, thinning + usize::from(area_of.kind(k) == Some(Kind::Thinning)))
    });
    2 * thinning > all
}

/// The first usable of some densities per cm², else the protocol's.
fn goal<const N: usize>(measured: [Option<f64>; N], protocol: &Protocol) -> Goal {
    let usable = |per_cm2: &f64| per_cm2.is_finite() && *per_cm2 >= SPARSEST_PER_CM2;
    let measured = measured.into_iter().flatten().find(usable);
    let per_cm2 = measured.unwrap_or(protocol.fallback_unit_density_per_cm2);
    Goal { per_mm2: per_cm2.min(DENSEST_PER_CM2) / 100.0, is_measured: measured.is_some() }
}

/// Density to reach for every cell: each area's own, blended between areas.
pub(crate) fn goal_map(goals: &[Goal], ground: &Ground) -> Vec<f64> {
    let mean = goals.iter().map(|goal| goal.per_mm2).sum::<f64>() / goals.len() as f64;
    if goals.iter().all(|goal| goal.per_mm2 == goals[0].per_mm2) {
        return vec![mean; ground.window.inside.len()];
    }
    let of = |k: usize| ground.area_of.number[k].checked_sub(1).map(|area| goals[area as usize].per_mm2);
    let sigma_px = (5.0 / ground.window.cell) as f32;
    let sum = gaussian_blur(&ground.grid(|k| of(k).unwrap_or(0.0) as f32), sigma_px);
    let weight = gaussian_blur(&ground.grid(|k| f32::from(u8::from(of(k).is_some()))), sigma_px);
    (0..sum.samples.len())
        .map(|k| {
            let blended = f64::from(sum.samples[k]) / f64::from(weight.samples[k]).max(1e-12);
            of(k).unwrap_or(if weight.samples[k] > 1e-6 { blended } else { mean })
        })
        .collect()
}
