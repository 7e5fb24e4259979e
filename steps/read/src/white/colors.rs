//! What a color checker says of every color: its grays straighten the tones, its patches set a matrix.

#[cfg(test)]
mod tests;

use nalgebra::{DMatrix, Matrix2, Matrix3, Vector2, Vector3};
use stipple_color::{Lab, LinearRgb, RgbSpace, ciede2000};

use super::curve::Curve;
use super::skins::mixtures;
use crate::checker::reference::Edition;
use crate::checker::{COLUMNS, Checker, PATCHES};

/// First of the grays, white; the last is black.
const FIRST_GRAY: usize = 18;
/// Fewest patches that a matrix is taken from, and most that may be covered or in shine.
const PATCHES_MIN: usize = 14;
const LEFT_OUT_MAX: usize = 8;
/// How much a patch counts beside a skin made of patches: enough to keep colors that no skin has in place.
const PATCH_WEIGHT: f64 = 0.05;
/// Difference from which a patch is something else, CIEDE2000, and in multiples of the others' median.
const FOREIGN: (f64, f64) = (12.0, 3.0);
/// A patch as red and as blue as it should be, natural logarithm, but not as light, is in shade or shine.
const SHADE_HUE: f64 = 0.25;
const SHADE_LIGHT: f64 = 0.2;
/// Patches in shade from which the light is called uneven.
const SHADED_MAX: usize = 1;
/// Change of light over the checker that is undone, natural logarithm.
const SLOPE_MAX: f64 = 0.45;
/// Largest entry on the diagonal of a matrix that neutral colors pass unchanged.
const STRENGTH_MAX: f64 = 1.9;
/// Largest mean difference of patches from what the others make of them, CIEDE2000.
const RESIDUAL_MAX: f64 = 4.5;
/// The same from which colors are doubted.
pub(super) const RESIDUAL_DOUBT: f64 = 3.2;

/// Colors as a checker sets them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colors {
    curves: [Curve; 3],
    /// Linear light of the photograph's space to linear light of the same space; neutral stays neutral.
    matrix: [[f64; 3]; 3],
    /// Which set of published colors it fits.
    pub edition: Edition,
    /// Patches that were used.
    pub used: usize,
    /// Mean CIEDE2000 of patches from what the others make of them.
    pub residual: f64,
}

/// Why a checker cannot be used: what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused(pub(super) String);

/// A patch that was seen.
#[derive(Clone, Copy)]
struct Seen {
    patch: usize,
    value: [f64; 3],
}

impl Colors {
    /// The correction that a checker asks for.
    ///
    /// # Errors
    /// What is wrong with the checker.
    pub(super) fn of(checker: &Checker, space: RgbSpace) -> Result<Self, Refused> {
        let seen: Vec<Seen> = checker
            .patches
            .iter()
            .enumerate()
            .filter_map(|(patch, color)| Some(Seen { patch, value: color.as_ref()?.rgb.map(f64::from) }))
            .collect();
        let tried = Edition::ALL.map(|edition| Self::as_edition(&seen, edition, space));
        let [before, after] = tried;
        match (before, after) {
            (Ok(a), Ok(b)) => Ok(if b.residual < a.residual { b } else { a }),
            (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
            (Err(why), Err(_)) => Err(why),
        }
        .and_then(Self::believed)
    }

    fn believed(self) -> Result<Self, Refused> {
        if self.residual > RESIDUAL_MAX {
            return Err(Refused(format!(
                "its patches are ΔE {:.1} off what the others make of them (at most {RESIDUAL_MAX:.1} is needed)",
                self.residual
            )));
        }
        Ok(self)
    }

    fn as_edition(seen: &[Seen], edition: Edition, space: RgbSpace) -> Result<Self, Refused> {
        let target = edition.linear(space);
        let kept = without_foreign(seen, &target, space)?;
        let kept = evenly_lit(kept, &target)?;
        let (curves, matrix) = fitted(&kept, &target).ok_or_else(bent)?;
        require_plausible(&matrix)?;
        let mut colors = Self { curves, matrix, edition, used: kept.len(), residual: 0.0 };
        colors.residual = left_out_residual(&kept, &target, space).ok_or_else(bent)?;
        Ok(colors)
    }

    /// The light of a channel from the linear value in the photograph.
    pub(crate) fn light(&self, channel: usize, value: f64) -> f64 {
        self.curves[channel].at(value)
    }

    /// From that light to linear light of the photograph's space.
    pub(crate) fn matrix(&self) -> &[[f64; 3]; 3] {
        &self.matrix
    }

    /// Factors that do for a middle gray what curves and matrix do for all.
    pub(super) fn gray_gain(&self) -> [f32; 3] {
        self.curves.map(|curve| curve.gain() as f32)
    }

    /// Standard uncertainty of a skin's L*, a*, b* [measured on simulated cameras]: light that is not the same on skin
    /// and checker, and what patches say of one another.
    pub fn standard_uncertainty(&self) -> Lab {
        let with = |base: f64, share: f64| base.hypot(share * self.residual);
        Lab::new(with(1.7, 0.3), with(0.8, 0.7), with(0.8, 0.7))
    }
}

fn bent() -> Refused {
    Refused("fewer than 4 of its 6 grays can be used, or they do not get lighter as grays do".to_owned())
}

/// Refuses a matrix that undoes more than a camera does: a faded checker asks for colors that are too strong.
fn require_plausible(matrix: &Matrix) -> Result<(), Refused> {
    let strongest = (0..3).map(|c| matrix[c][c]).fold(0.0, f64::max);
    if strongest > STRENGTH_MAX {
        return Err(Refused(format!(
            "its colors are {strongest:.1} times weaker than they were made (at most {STRENGTH_MAX:.1} is a camera's \
             doing): it is faded or no ColorChecker"
        )));
    }
    Ok(())
}

/// Patches without those that are covered by something else.
fn without_foreign(
    seen: &[Seen],
    target: &[[f64; 3]; PATCHES],
    space: RgbSpace,
) -> Result<Vec<Seen>, Refused> {
    let (mut kept, mut left_out) = (seen.to_vec(), Vec::new());
    let found =
        |n: usize| Refused(format!("{n} of its 24 patches can be used (at least {PATCHES_MIN} are needed)"));
    if kept.len() < PATCHES_MIN {
        return Err(found(kept.len()));
    }
    loop {
        let curves = curves(&kept, target).ok_or_else(bent)?;
        let light = lights(&kept, &curves);
        let matrix = matrix(&plain_rows(&kept, &light, target)).ok_or_else(bent)?;
        let made = |s: &Seen| multiplied(&matrix, [0, 1, 2].map(|c| curves[c].at(s.value[c])));
        let off = |s: &Seen| difference(space, made(s), target[s.patch]);
        let mut offs: Vec<f64> = kept.iter().map(off).collect();
        let worst = (0..kept.len()).max_by(|a, b| offs[*a].total_cmp(&offs[*b])).unwrap_or(0);
        let most = offs[worst];
        offs.sort_by(f64::total_cmp);
        if most < FOREIGN.0.max(FOREIGN.1 * offs[offs.len() / 2]) {
            let shaded = left_out.iter().filter(|s| is_shaded(made(s), target[s.patch])).count();
            if shaded > SHADED_MAX {
                return Err(Refused(format!("{shaded} of its patches lie in shade or shine")));
            }
            return Ok(kept);
        }
        left_out.push(kept.remove(worst));
        if kept.len() < PATCHES_MIN || left_out.len() > LEFT_OUT_MAX {
            return Err(found(kept.len()));
        }
    }
}

/// Patches as they would be if light did not change over the checker.
///
/// # Errors
/// Light that changes too much.
fn evenly_lit(mut seen: Vec<Seen>, target: &[[f64; 3]; PATCHES]) -> Result<Vec<Seen>, Refused> {
    let mut whole = [0.0; 2];
    for _ in 0..4 {
        let curves = curves(&seen, target).ok_or_else(bent)?;
        let light = lights(&seen, &curves);
        let matrix = matrix(&plain_rows(&seen, &light, target)).ok_or_else(bent)?;
        let (mut normal, mut right) =
            (Matrix3::from_diagonal(&Vector3::new(0.0, 1.0, 1.0)), Vector3::zeros());
        for (s, light) in seen.iter().zip(&light) {
            let (made, true_light) = (luminance(multiplied(&matrix, *light)), luminance(target[s.patch]));
            let [column, row] = place(s.patch);
            let x = Vector3::new(1.0, column, row);
            normal += x * x.transpose();
            right += x * (made.max(1e-3) / true_light).ln().clamp(-0.4, 0.4);
        }
        let slope = normal.cholesky().ok_or_else(bent)?.solve(&right);
        (whole[0], whole[1]) = (whole[0] + slope[1], whole[1] + slope[2]);
        for s in &mut seen {
            let [column, row] = place(s.patch);
            let brighter = (slope[1] * column + slope[2] * row).exp();
            // A factor of light is a factor of the value to the power of one over the exponent of tones.
            s.value = [0, 1, 2].map(|c| s.value[c] * curves[c].brightened(s.value[c], 1.0 / brighter));
        }
    }
    let across = 2.0 * 2.5 * whole[0].abs() + 2.0 * 1.5 * whole[1].abs();
    if across > SLOPE_MAX {
        return Err(Refused(format!(
            "light changes by {:.0} % over it (at most {:.0} % is good)",
            100.0 * across.exp_m1(),
            100.0 * SLOPE_MAX.exp_m1()
        )));
    }
    Ok(seen)
}

/// Column and row of a patch from the middle of the checker.
fn place(patch: usize) -> [f64; 2] {
    [(patch % COLUMNS) as f64 - 2.5, (patch / COLUMNS) as f64 - 1.5]
}

fn luminance(color: [f64; 3]) -> f64 {
    0.21 * color[0] + 0.72 * color[1] + 0.07 * color[2]
}

/// Whether a patch has its own color but not its own lightness.
fn is_shaded(made: [f64; 3], target: [f64; 3]) -> bool {
    let parts = |color: [f64; 3]| {
        let [r, g, b] = color.map(|v| v.max(1e-3).ln());
        [g, r - g, b - g]
    };
    let (made, target) = (parts(made), parts(target));
    let away = |k: usize| (made[k] - target[k]).abs();
    away(0) > SHADE_LIGHT && away(1) < SHADE_HUE && away(2) < SHADE_HUE
}

/// Mean difference of each patch from what an even fit to the others makes of it.
fn left_out_residual(kept: &[Seen], target: &[[f64; 3]; PATCHES], space: RgbSpace) -> Option<f64> {
    let mut sum = 0.0;
    for left_out in kept {
        let others: Vec<Seen> = kept.iter().filter(|s| s.patch != left_out.patch).copied().collect();
        let made = plainly_made(&others, left_out, target)?;
        sum += difference(space, made, target[left_out.patch]);
    }
    Some(sum / kept.len() as f64)
}

/// What an even fit to some patches makes of a patch.
fn plainly_made(seen: &[Seen], of: &Seen, target: &[[f64; 3]; PATCHES]) -> Option<[f64; 3]> {
    let curves = curves(seen, target)?;
    let matrix = matrix(&plain_rows(seen, &lights(seen, &curves), target))?;
    Some(multiplied(&matrix, [0, 1, 2].map(|c| curves[c].at(of.value[c]))))
}

fn difference(space: RgbSpace, one: [f64; 3], other: [f64; 3]) -> f64 {
    let lab = |color: [f64; 3]| Lab::from_linear(space, LinearRgb { rgb: color.map(|v| v as f32) });
    ciede2000(lab(one), lab(other))
}

type Matrix = [[f64; 3]; 3];

fn multiplied(matrix: &Matrix, color: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * color[0] + row[1] * color[1] + row[2] * color[2])
}

/// Curves through the grays, and the matrix that is best for skins made of the patches.
fn fitted(seen: &[Seen], target: &[[f64; 3]; PATCHES]) -> Option<([Curve; 3], Matrix)> {
    let curves = curves(seen, target)?;
    let light = lights(seen, &curves);
    let of: Vec<usize> = seen.iter().map(|s| s.patch).collect();
    let parts = mixtures(&of)?;
    let mixed = |colors: &DMatrix<f64>, k: usize| -> [f64; 3] {
        let row = parts.row(k) * colors;
        [row[0], row[1], row[2]]
    };
    let in_columns = |of: &dyn Fn(usize) -> [f64; 3]| DMatrix::from_fn(seen.len(), 3, |k, c| of(k)[c]);
    let (light_columns, target_columns) = (in_columns(&|k| light[k]), in_columns(&|k| target[of[k]]));
    let mut rows: Vec<Row> = (0..parts.nrows())
        .map(|k| {
            let (from, to) = (mixed(&light_columns, k), mixed(&target_columns, k));
            Row { from, to, weight: evenly_seen(to) / (parts.nrows() as f64).sqrt() }
        })
        .collect();
    let patch_rows = seen.iter().zip(&light).map(|(s, from)| Row {
        from: *from,
        to: target[s.patch],
        weight: PATCH_WEIGHT,
    });
    rows.extend(patch_rows);
    Some((curves, matrix(&rows)?))
}

fn curves(seen: &[Seen], target: &[[f64; 3]; PATCHES]) -> Option<[Curve; 3]> {
    let through = |c: usize| {
        let grays = seen.iter().filter(|s| s.patch >= FIRST_GRAY);
        let known = grays.map(|s| (s.patch - FIRST_GRAY, s.value[c], target[s.patch][c]));
        Curve::through(&known.collect::<Vec<_>>())
    };
    Some([through(0)?, through(1)?, through(2)?])
}

fn lights(seen: &[Seen], curves: &[Curve; 3]) -> Vec<[f64; 3]> {
    seen.iter().map(|s| [0, 1, 2].map(|c| curves[c].at(s.value[c]))).collect()
}

/// One color that a matrix should take to another.
struct Row {
    from: [f64; 3],
    to: [f64; 3],
    weight: f64,
}

/// Weight that makes an error of a color count as the eye counts it.
fn evenly_seen(color: [f64; 3]) -> f64 {
    luminance(color).max(0.02).powf(-2.0 / 3.0)
}

fn plain_rows(seen: &[Seen], light: &[[f64; 3]], target: &[[f64; 3]; PATCHES]) -> Vec<Row> {
    let row = |(s, from): (&Seen, &[f64; 3])| {
        let to = target[s.patch];
        Row { from: *from, to, weight: evenly_seen(to) }
    };
    seen.iter().zip(light).map(row).collect()
}

/// The matrix with rows that add up to 1 (neutral stays neutral) that takes colors nearest to others.
fn matrix(rows: &[Row]) -> Option<Matrix> {
    let mut matrix = [[0.0; 3]; 3];
    for (own, out) in matrix.iter_mut().enumerate() {
        let others = [(own + 1) % 3, (own + 2) % 3];
        let (mut normal, mut right) = (Matrix2::zeros(), Vector2::zeros());
        for row in rows {
            let x = Vector2::from(others.map(|c| row.weight * (row.from[c] - row.from[own])));
            normal += x * x.transpose();
            right += x * (row.weight * (row.to[own] - row.from[own]));
        }
        let solved = normal.cholesky()?.solve(&right);
        (out[others[0]], out[others[1]]) = (solved[0], solved[1]);
        out[own] = 1.0 - solved[0] - solved[1];
    }
    Some(matrix)
}
