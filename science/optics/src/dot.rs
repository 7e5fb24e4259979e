//! How a dot of pigment in the skin looks.

use crate::dot_table::grid::POSITIONS;
use crate::dot_table::{ContrastByDistance, DotOptics, SkinOptics, contrast_by_distance};
use crate::nonnegative::nonnegative_least_squares;
use crate::skin::{Build, Skin, Spectrum, wavelength_nm};

/// Wavelengths that a dot is reckoned at, nm; each stands for most of R, G or B.
pub const WAVELENGTHS_NM: [f64; 3] = [650.0, 550.0, 450.0];

/// What each of R, G, B takes of the optical densities at [`WAVELENGTHS_NM`]: the primaries of sRGB see more than one
/// wavelength, and blood bends the spectrum of a dot between them.
///
/// Rows sum to 1; least squares over dots in light, tan, dark, red and scarred skin, spectrum against bands
/// (`tests/from_bands.rs` fits them anew).
pub const FROM_BANDS: [[f64; 3]; 3] = [[0.816, 0.243, -0.059], [0.010, 0.964, 0.026], [0.084, -0.345, 1.261]];

/// What the pigment absorbs once it lies in the skin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DotInk {
    /// Absorption at 550 nm, 1/mm.
    pub absorption_550_per_mm: f64,
    /// Absorption falls as λ to the minus this at 550 nm; 1 for carbon.
    pub absorption_exponent: f64,
    /// How the exponent changes with wavelength, 0 where it does not: at x = ln(λ / 550 nm) it is the exponent minus
    /// twice this times x, from 450 to 650 nm; beyond it stays as it is there.
    pub absorption_curvature: f64,
}

impl DotInk {
    /// Absorption at a wavelength, 1/mm.
    pub fn absorption_per_mm(&self, wavelength_nm: f64) -> f64 {
        let [red, _, blue] = WAVELENGTHS_NM.map(|nm| (nm / 550.0).ln());
        let x = (wavelength_nm / 550.0).ln();
        let within = x.clamp(blue, red);
        let slope = 2.0 * self.absorption_curvature * within - self.absorption_exponent;
        let log = (self.absorption_curvature * within - self.absorption_exponent) * within;
        self.absorption_550_per_mm * (log + slope * (x - within)).exp()
    }

    /// The ink that absorbs so much at [`WAVELENGTHS_NM`], 1/mm, and smoothly between; what absorbs nothing in one of
    /// them counts as absorbing a millionth of what it does most.
    pub fn through(absorptions_per_mm: [f64; 3]) -> Self {
        let most = absorptions_per_mm.into_iter().fold(0.0, f64::max);
        let [red, green, blue] = absorptions_per_mm.map(|a| a.max(1e-6 * most).max(1e-12));
        let slope = |absorption: f64, nm: f64| (absorption / green).ln() / (nm / 550.0).ln();
        let (to_red, to_blue) = (slope(red, WAVELENGTHS_NM[0]), slope(blue, WAVELENGTHS_NM[2]));
        let curvature = (to_red - to_blue) / (WAVELENGTHS_NM[0] / WAVELENGTHS_NM[2]).ln();
        let exponent = curvature * (WAVELENGTHS_NM[0] / 550.0).ln() - to_red;
        Self { absorption_550_per_mm: green, absorption_exponent: exponent, absorption_curvature: curvature }
    }

    /// The same ink with its absorption times a factor.
    pub fn times(&self, factor: f64) -> Self {
        Self { absorption_550_per_mm: self.absorption_550_per_mm * factor, ..*self }
    }
}

/// Pigment in the skin: an upright cylinder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deposit {
    /// Diameter, µm; valid 20 to 1000, clamped.
    pub diameter_um: f64,
    /// Depth of its upper end below the surface, mm.
    pub top_mm: f64,
    /// Depth of its lower end, mm; middles from 0.2 to 2 mm are valid, clamped.
    pub bottom_mm: f64,
    /// What it is made of.
    pub ink: DotInk,
}

/// How many Gaussians spread a dot.
pub const SPREADS: usize = 11;
/// Standard deviations of the Gaussians that spread a dot, mm.
pub const SPREADS_MM: [f64; SPREADS] = [0.003, 0.008, 0.016, 0.03, 0.05, 0.08, 0.12, 0.17, 0.26, 0.5, 1.2];
/// The first of [`SPREADS_MM`] that belongs to the halo rather than to the dot itself.
pub const FIRST_HALO_SPREAD: usize = 8;

/// How a dot takes light from the skin: a disk, and how far it is spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    radius_mm: f64,
    /// Weight of each of [`SPREADS_MM`], for R, G, B.
    weights: [[f64; SPREADS]; 3],
}

/// The look of a dot against the skin around it, as contrast 1 − R/R0 in linear light.
///
/// It is a disk of the deposit's diameter, spread by a sum of Gaussians: the narrow ones make the soft
/// dot, the wide ones its halo.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    radius_mm: f64,
    /// Weight of each spread, for R, G, B.
    weights: [[f64; SPREADS]; 3],
    /// Contrast at [`sample_radius_mm`] of its index, R, G, B.
    samples: Vec<[f32; 3]>,
    /// The same without the halo; the fourth is zero.
    core_samples: Vec<[f32; 4]>,
    /// Beyond this the contrast counts as zero, mm.
    pub reach_mm: f64,
    /// Beyond this only the halo is left, mm.
    pub core_reach_mm: f64,
}

/// Distance of the samples of a profile near its middle, mm.
const FINE_STEP_MM: f64 = 0.01;
/// How many of them there are.
const FINE_STEPS: usize = 60;
/// Distance of the samples farther out, mm.
const COARSE_STEP_MM: f64 = 0.05;
/// How many samples there are in all; the last is at 4.1 mm.
const STEPS: usize = 131;
/// Contrast that no eye and no 8-bit picture can tell.
const UNSEEN: f32 = 2e-4;

/// The skin around a dot at [`WAVELENGTHS_NM`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkinAround {
    /// For R, G, B.
    pub bands: [SkinOptics; 3],
}

impl SkinAround {
    /// Light skin with in-vivo scattering: µs′ = 3.16 (λ/475 nm)^−1.77 per mm.
    pub const ORDINARY: Self = Self {
        bands: [
            SkinOptics {
                reduced_scattering_per_mm: 1.81,
                epidermis_absorption_per_mm: 0.250,
                dermis_absorption_per_mm: 0.010,
            },
            SkinOptics {
                reduced_scattering_per_mm: 2.44,
                epidermis_absorption_per_mm: 0.469,
                dermis_absorption_per_mm: 0.099,
            },
            SkinOptics {
                reduced_scattering_per_mm: 3.48,
                epidermis_absorption_per_mm: 1.023,
                dermis_absorption_per_mm: 0.151,
            },
        ],
    };

    /// The skin around a dot in the upper dermis.
    pub fn of(skin: &Skin) -> Self {
        Self { bands: WAVELENGTHS_NM.map(|wavelength_nm| Self::at(skin, wavelength_nm)) }
    }

    /// Absorption and scattering times a factor: skin of the same color in which light travels less far.
    pub fn denser(&self, factor: f64) -> Self {
        let denser = |band: SkinOptics| SkinOptics {
            reduced_scattering_per_mm: factor * band.reduced_scattering_per_mm,
            epidermis_absorption_per_mm: factor * band.epidermis_absorption_per_mm,
            dermis_absorption_per_mm: factor * band.dermis_absorption_per_mm,
        };
        Self { bands: self.bands.map(denser) }
    }

    /// At one wavelength: the dermis half papillary, half reticular.
    pub fn at(skin: &Skin, wavelength_nm: f64) -> SkinOptics {
        let [epidermis, papillary, reticular, _] = skin.layers(Build::SCALP, wavelength_nm);
        SkinOptics {
            reduced_scattering_per_mm: papillary.reduced_scattering_per_mm(),
            epidermis_absorption_per_mm: epidermis.absorption_per_mm,
            dermis_absorption_per_mm: (papillary.absorption_per_mm + reticular.absorption_per_mm) / 2.0,
        }
    }
}

/// The look of a deposit in a skin.
///
/// | | meaning | unit | valid |
/// |---|---|---|---|
/// | in | deposit | – | see [`Deposit`]; what is not a number counts as no ink |
/// | in | skin | – | see [`SkinOptics`] |
/// | out | contrast by distance | – | 0 to 0.98 |
///
/// # Limits
/// The scattering of the person's skin is the largest doubt: [`contrast_uncertainty`].
///
/// # Cost
/// About 0.5 ms.
///
/// # Source
/// [@StippleDotTable]; scattering from [@Jonasson2018].
pub fn profile_in(deposit: &Deposit, skin: &SkinAround) -> Profile {
    shape_in(deposit, skin).profile(0.0)
}

/// The same before a camera sees it: [`profile_in`] without blur.
pub fn shape_in(deposit: &Deposit, skin: &SkinAround) -> Shape {
    let radius_mm = radius_mm_of(deposit.diameter_um);
    let seen: [ContrastByDistance; 3] = std::array::from_fn(|band| {
        contrast_by_distance(&optics_at(deposit, WAVELENGTHS_NM[band]), &skin.bands[band])
    });
    let weights = FROM_BANDS.map(|shares| {
        let density = |i: usize| (0..3).map(|k| shares[k] * -(-seen[k].contrasts[i]).ln_1p()).sum::<f64>();
        let contrasts = std::array::from_fn(|i| -(-density(i).max(0.0)).exp_m1());
        spread_weights(&ContrastByDistance { contrasts, ..seen[0] })
    });
    Shape { radius_mm, weights }
}

/// The look of a stain in the epidermis, such as fresh pigment or a scab: as wide as it is, with a soft edge
/// and without a halo. `contrast` is that of its middle, for R, G, B, 0 to 0.98.
///
/// # Limits
/// A drawing rule, not a simulation.
pub fn surface_stain(diameter_um: f64, contrast: [f64; 3]) -> Shape {
    /// Which of [`SPREADS_MM`] softens the edge.
    const EDGE: usize = 3;
    let mut weights = [[0.0; SPREADS]; 3];
    weights.iter_mut().zip(contrast).for_each(|(w, c)| w[EDGE] = clamp_finite(c, 0.0, 0.98));
    Shape { radius_mm: radius_mm_of(diameter_um), weights }
}

/// Radius of a deposit, mm, within the valid range.
fn radius_mm_of(diameter_um: f64) -> f64 {
    clamp_finite(diameter_um / 2000.0, 0.01, 0.5)
}

/// Distance from the middle beyond which nothing of a profile can be seen, mm.
fn reach_of<const LANES: usize>(samples: &[[f32; LANES]]) -> f64 {
    let seen = samples.iter().rposition(|c| c.iter().any(|v| v.abs() > UNSEEN));
    seen.map_or(0.0, |last| sample_radius_mm(last + 1))
}

impl Shape {
    /// The dot seen through a camera that blurs by `blur_mm` (one standard deviation); halos are too wide to notice and
    /// stay.
    pub fn profile(&self, blur_mm: f64) -> Profile {
        let Self { radius_mm, weights } = *self;
        let blurred =
            |j: usize| if j < FIRST_HALO_SPREAD { SPREADS_MM[j].hypot(blur_mm) } else { SPREADS_MM[j] };
        let used: Vec<usize> = (0..SPREADS).filter(|j| weights.iter().any(|w| w[*j] > 0.0)).collect();
        let basis = (0..STEPS).map(|i| {
            let mut row = [0.0; SPREADS];
            for j in &used {
                row[*j] = disk_under_gaussian(radius_mm, blurred(*j), sample_radius_mm(i));
            }
            row
        });
        let contrast = |basis: &[f64; SPREADS], from: usize| -> [f64; 3] {
            weights.map(|w| (from..SPREADS).map(|j| w[j] * basis[j]).sum())
        };
        let mut samples = Vec::with_capacity(STEPS);
        let mut core_samples = Vec::with_capacity(STEPS);
        for row in basis {
            let whole = contrast(&row, 0).map(|c| c.min(0.98));
            let halo = contrast(&row, FIRST_HALO_SPREAD);
            samples.push(whole.map(|c| c as f32));
            // because dots add in optical density: what the core must let through for core and halo to meet.
            let core = |k: usize| (1.0 - (1.0 - whole[k]) * halo[k].exp()) as f32;
            core_samples.push([core(0), core(1), core(2), 0.0]);
        }
        let (reach_mm, core_reach_mm) = (reach_of(&samples), reach_of(&core_samples));
        Profile { radius_mm, weights, samples, core_samples, reach_mm, core_reach_mm }
    }
}

impl Profile {
    /// Radius of the deposit, mm.
    pub fn radius_mm(&self) -> f64 {
        self.radius_mm
    }

    /// Contrast 1 − R/R0 in R, G, B at a distance from the middle, mm.
    #[inline]
    pub fn contrast_at(&self, r_mm: f32) -> [f32; 3] {
        interpolate(&self.samples, r_mm)
    }

    /// Contrast of the dot without its halo: `1 − (1 − contrast) · exp(halo)`; the fourth is zero, so that
    /// painters can work on four lanes.
    #[inline]
    pub fn core_contrast_at(&self, r_mm: f32) -> [f32; 4] {
        interpolate(&self.core_samples, r_mm)
    }

    /// The halo as optical density times area, mm², for each of [`SPREADS_MM`] from
    /// [`FIRST_HALO_SPREAD`] on; R, G, B.
    pub fn halo_mm2(&self) -> [[f64; 3]; SPREADS - FIRST_HALO_SPREAD] {
        let area = std::f64::consts::PI * self.radius_mm * self.radius_mm;
        std::array::from_fn(|j| std::array::from_fn(|k| self.weights[k][FIRST_HALO_SPREAD + j] * area))
    }

    /// Contrast integrated over the skin, mm²; R, G, B.
    pub fn integral_mm2(&self) -> [f64; 3] {
        let area = std::f64::consts::PI * self.radius_mm * self.radius_mm;
        self.weights.map(|w| w.iter().sum::<f64>() * area)
    }

    /// Mean contrast over a disk around the middle; R, G, B.
    pub fn mean_over_disk(&self, radius_mm: f64) -> [f64; 3] {
        const RINGS: usize = 64;
        let mut sum = [0.0; 3];
        for ring in 0..RINGS {
            // because rings of equal area have radii that grow with the square root.
            let r = radius_mm * ((ring as f64 + 0.5) / RINGS as f64).sqrt();
            let c = self.contrast_at(r as f32);
            (0..3).for_each(|k| sum[k] += f64::from(c[k]) / RINGS as f64);
        }
        sum
    }
}

/// Mean contrast of a deposit in a skin over its own disk, in linear R, G, B: what the eye takes for the dot's
/// color.
pub fn disk_contrast(deposit: &Deposit, skin: &SkinAround) -> [f64; 3] {
    let profile = profile_in(deposit, skin);
    profile.mean_over_disk(profile.radius_mm)
}

/// The same at the bands of a [`Spectrum`], in a skin as the model has it.
///
/// # Cost
/// About 3 ms.
pub fn disk_contrast_spectrum(deposit: &Deposit, skin: &Skin) -> Spectrum {
    const RINGS: usize = 16;
    let radius_mm = radius_mm_of(deposit.diameter_um);
    std::array::from_fn(|band| {
        let nm = wavelength_nm(band);
        let seen = contrast_by_distance(&optics_at(deposit, nm), &SkinAround::at(skin, nm));
        // because rings of equal area have radii that grow with the square root.
        let ring = |k: usize| seen.at(radius_mm * ((k as f64 + 0.5) / RINGS as f64).sqrt());
        (0..RINGS).map(ring).sum::<f64>() / RINGS as f64
    })
}

/// Contrast of a deposit at one of [`WAVELENGTHS_NM`], green, integrated over the skin, mm²: how much of a dot there
/// is to see from afar.
///
/// # Cost
/// About 0.1 ms.
pub(crate) fn integrated_contrast(deposit: &Deposit, green: &SkinOptics) -> f64 {
    let seen = contrast_by_distance(&optics_at(deposit, WAVELENGTHS_NM[1]), green);
    let points = seen.distances_mm.into_iter().zip(seen.contrasts);
    let pairs = points.clone().zip(points.skip(1));
    pairs.map(|((r0, c0), (r1, c1))| std::f64::consts::PI * (r1 * r1 - r0 * r0) * (c0 + c1) / 2.0).sum()
}

/// Standard uncertainty of a contrast in R, G, B, as a factor: the truth lies within times or over it.
///
/// It comes from the scattering of the person's skin, which color cannot tell: 23 % from person to person
/// [@Jonasson2018], absorption changing with it so that the color stays.
pub fn contrast_uncertainty(deposit: &Deposit, skin: &SkinAround) -> [f64; 3] {
    const SPREAD: f64 = 0.23;
    let [more, less] = [SPREAD, -SPREAD].map(|change| disk_contrast(deposit, &skin.denser(f64::exp(change))));
    std::array::from_fn(|k| (less[k].max(1e-6) / more[k].max(1e-6)).sqrt().max(1.0))
}

#[inline]
fn interpolate<const LANES: usize>(samples: &[[f32; LANES]], r_mm: f32) -> [f32; LANES] {
    let fine = r_mm * (1.0 / FINE_STEP_MM) as f32;
    let beyond = fine - FINE_STEPS as f32;
    let place =
        if beyond < 0.0 { fine } else { FINE_STEPS as f32 + beyond * (FINE_STEP_MM / COARSE_STEP_MM) as f32 };
    let i = place as i32 as usize;
    let [Some(before), Some(after)] = [samples.get(i), samples.get(i + 1)] else { return [0.0; LANES] };
    let t = place - i as f32;
    std::array::from_fn(|k| before[k] + t * (after[k] - before[k]))
}

/// Distance from the middle that a sample of a profile stands for, mm.
fn sample_radius_mm(index: usize) -> f64 {
    let fine = index.min(FINE_STEPS) as f64 * FINE_STEP_MM;
    fine + index.saturating_sub(FINE_STEPS) as f64 * COARSE_STEP_MM
}

/// A deposit at one wavelength.
fn optics_at(deposit: &Deposit, wavelength_nm: f64) -> DotOptics {
    let top_mm = clamp_finite(deposit.top_mm, 0.0, 3.0);
    DotOptics {
        radius_mm: radius_mm_of(deposit.diameter_um),
        top_mm,
        height_mm: clamp_finite(deposit.bottom_mm - top_mm, 0.02, 3.0),
        ink_per_mm: clamp_finite(deposit.ink.absorption_per_mm(wavelength_nm), 0.0, 1000.0),
    }
}

/// Weight of each spread, so that disk ∗ Σ w_j G_j is the contrast.
fn spread_weights(seen: &ContrastByDistance) -> [f64; SPREADS] {
    let peak = seen.contrasts.iter().copied().fold(0.0, f64::max);
    if peak <= 0.0 {
        return [0.0; SPREADS];
    }
    // because the halo holds half of the light: weak contrasts weigh almost as much as strong ones.
    let weight = seen.contrasts.map(|c| 1.0 / (c + 0.01 * peak));
    let rows: [[f64; SPREADS]; POSITIONS] = std::array::from_fn(|i| {
        SPREADS_MM.map(|spread| disk_under_gaussian(seen.radius_mm, spread, seen.distances_mm[i]) * weight[i])
    });
    let target: [f64; POSITIONS] = std::array::from_fn(|i| seen.contrasts[i] * weight[i]);
    nonnegative_least_squares(&rows, &target)
}

/// The number within its range; the range's lower end for what is not a number.
fn clamp_finite(value: f64, low: f64, high: f64) -> f64 {
    if value.is_nan() { low } else { value.clamp(low, high) }
}

/// Value at distance r of a disk of height 1 convolved with a normalized 2-D Gaussian.
///
/// ∫ ρ/σ² exp(−(r² + ρ²)/2σ²) I0(rρ/σ²) dρ over the disk's radius, by Gauss–Legendre where it is
/// not zero.
fn disk_under_gaussian(radius: f64, spread: f64, r: f64) -> f64 {
    if spread > 4.0 * radius {
        // because a Gaussian that wide hides the disk's shape: only its area and second moment show.
        let variance = spread * spread + radius * radius / 4.0;
        return radius * radius / (2.0 * variance) * (-r * r / (2.0 * variance)).exp();
    }
    let (low, high) = ((r - 6.0 * spread).max(0.0), (r + 6.0 * spread).min(radius));
    if low >= high {
        return 0.0;
    }
    let variance = spread * spread;
    let (middle, half) = ((low + high) / 2.0, (high - low) / 2.0);
    let integrand = |rho: f64| {
        let d = r - rho;
        rho / variance * (-d * d / (2.0 * variance)).exp() * scaled_bessel_i0(r * rho / variance)
    };
    let sum: f64 = GAUSS_LEGENDRE
        .iter()
        .map(|(x, w)| w * (integrand(middle - half * x) + integrand(middle + half * x)))
        .sum();
    sum * half
}

/// Nodes and weights of the positive half of Gauss–Legendre quadrature, 16 points.
const GAUSS_LEGENDRE: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_6),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_5),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_7),
    (0.755_404_408_355_003, 0.124_628_971_255_533_9),
    (0.865_631_202_387_831_7, 0.095_158_511_682_492_78),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_89),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_09),
];

/// exp(−x) I0(x) for x ≥ 0 to 3e-7, by the usual pair of polynomials.
fn scaled_bessel_i0(x: f64) -> f64 {
    const SMALL: [f64; 7] =
        [1.0, 3.515_622_9, 3.089_942_4, 1.206_749_2, 0.265_973_2, 0.036_076_8, 0.004_581_3];
    const LARGE: [f64; 9] = [
        0.398_942_28,
        0.013_285_92,
        0.002_253_19,
        -0.001_575_65,
        0.009_162_81,
        -0.020_577_06,
        0.026_355_37,
        -0.016_476_33,
        0.003_923_77,
    ];
    let polynomial = |c: &[f64], t: f64| c.iter().rev().fold(0.0, |sum, c| sum * t + c);
    if x < 3.75 {
        (-x).exp() * polynomial(&SMALL, (x / 3.75).powi(2))
    } else {
        polynomial(&LARGE, 3.75 / x) / x.sqrt()
    }
}

#[cfg(test)]
#[allow(clippy::print_stdout, reason = "measured accuracy is printed for docs/science")]
mod tests {
    use super::*;

    fn profile(deposit: &Deposit) -> Profile {
        profile_in(deposit, &SkinAround::ORDINARY)
    }

    const CARBON: DotInk =
        DotInk { absorption_550_per_mm: 10.0, absorption_exponent: 1.0, absorption_curvature: 0.0 };

    fn dot(diameter_um: f64, top_mm: f64) -> Deposit {
        Deposit { diameter_um, top_mm, bottom_mm: top_mm + 0.3, ink: CARBON }
    }

    #[test]
    fn an_ink_goes_through_its_three_bands_and_runs_on_straight() {
        for bands in [[8.0, 10.0, 13.0], [2.0, 20.0, 35.0], [30.0, 10.0, 3.0]] {
            let ink = DotInk::through(bands);
            for (nm, expected) in WAVELENGTHS_NM.into_iter().zip(bands) {
                assert!((ink.absorption_per_mm(nm) / expected - 1.0).abs() < 1e-9, "{bands:?} {nm}");
            }
            let steep = |from: f64, to: f64| {
                (ink.absorption_per_mm(to) / ink.absorption_per_mm(from)).ln() / (to / from).ln()
            };
            assert!((steep(405.0, 420.0) - steep(430.0, 449.0)).abs() < 1e-6);
            assert!((steep(649.99, 650.0) - steep(690.0, 700.0)).abs() < 1e-2);
        }
        assert_eq!(DotInk::through([0.0; 3]).absorption_exponent, 0.0);
    }

    #[test]
    fn disk_under_a_gaussian_has_its_limits() {
        // A wide Gaussian over a small disk is the Gaussian times the area.
        let area = std::f64::consts::PI * 0.05 * 0.05;
        let expected = area / (std::f64::consts::TAU * 0.64) * (-0.25f64 / 1.28).exp();
        assert!((disk_under_gaussian(0.05, 0.8, 0.5) / expected - 1.0).abs() < 1e-3);
        // A narrow one leaves the disk as it is, and half of it at the edge.
        assert!((disk_under_gaussian(0.2, 0.01, 0.0) - 1.0).abs() < 1e-5);
        assert!((disk_under_gaussian(0.2, 0.01, 0.2) - 0.5).abs() < 0.02);
    }

    #[test]
    fn the_bessel_function_is_its_power_series() {
        for x in [0.0, 0.5, 2.0, 3.7, 3.8, 6.0, 12.0, 25.0f64] {
            let series = |k: i32| (1..=k).map(|i| x * x / 4.0 / f64::from(i * i)).product::<f64>();
            let expected = (-x).exp() * (0..80).map(series).sum::<f64>();
            let got = scaled_bessel_i0(x);
            assert!((got / expected - 1.0).abs() < 1e-6, "{x}: {got} against {expected}");
        }
    }

    #[test]
    fn doubt_grows_with_depth_and_toward_blue() {
        let [shallow, deep] =
            [0.2, 0.6].map(|top| contrast_uncertainty(&dot(120.0, top), &SkinAround::ORDINARY));
        assert!((0..3).all(|k| 1.0 < shallow[k] && shallow[k] < deep[k]));
        assert!(shallow[0] < shallow[1] && shallow[1] < shallow[2]);
    }

    #[test]
    fn spreads_reproduce_the_table() {
        for (diameter_um, top) in [(120.0, 0.1), (120.0, 0.2), (120.0, 0.4), (400.0, 0.2), (200.0, 0.7)] {
            let got = profile(&dot(diameter_um, top));
            let seen = WAVELENGTHS_NM.map(|nm| {
                let band = WAVELENGTHS_NM.iter().position(|other| *other == nm).expect("one of them");
                contrast_by_distance(
                    &optics_at(&dot(diameter_um, top), nm),
                    &SkinAround::ORDINARY.bands[band],
                )
            });
            for (color, shares) in FROM_BANDS.into_iter().enumerate() {
                let expected = |i: usize| {
                    let density: f64 = (0..3).map(|k| shares[k] * -(1.0 - seen[k].contrasts[i]).ln()).sum();
                    1.0 - (-density).exp()
                };
                let off = |i: usize| {
                    (f64::from(got.contrast_at(seen[0].distances_mm[i] as f32)[color]) - expected(i)).abs()
                };
                // Samples are 0.01 mm apart: at the edge itself they cannot follow.
                let comparable = |i: &usize| (seen[0].distances_mm[*i] - seen[0].radius_mm).abs() > 0.011;
                let worst = (0..POSITIONS).filter(comparable).map(off).fold(0.0, f64::max) / expected(0);
                println!("{diameter_um} µm, top {top}, color {color}: {worst:.4} of the peak");
                // Deep dots are faint, blue ones most.
                let allowed = if top > 0.5 { 0.02 } else { 0.01 };
                assert!(worst < allowed, "{diameter_um} µm, top {top}, color {color}: {worst} of the peak");
            }
        }
    }

    #[test]
    fn melanin_hardly_changes_a_dot_and_scars_do() {
        let peak = |skin: SkinAround| profile_in(&dot(200.0, 0.3), &skin).contrast_at(0.0)[1];
        let usual = peak(SkinAround::of(&Skin::LIGHT));
        let share = |skin: Skin| peak(SkinAround::of(&skin)) / usual - 1.0;
        let dark = share(Skin { melanosome_fraction: 0.08, ..Skin::LIGHT });
        let red = share(Skin { blood_fraction: 2.0 * Skin::LIGHT.blood_fraction, ..Skin::LIGHT });
        let scar = share(Skin { scattering_level: 0.6, ..Skin::LIGHT });
        assert!(dark.abs() < 0.05 && red.abs() < 0.2 && scar > 0.2, "{dark} {red} {scar}");
    }

    #[test]
    fn deeper_is_weaker_and_bluer() {
        let looks =
            [0.15, 0.25, 0.4, 0.6, 0.9].map(|top| disk_contrast(&dot(120.0, top), &SkinAround::ORDINARY));
        assert!(looks.windows(2).all(|w| (0..3).all(|k| w[0][k] > w[1][k])), "{looks:?}");
        assert!(looks.iter().all(|c| c[0] > c[1] && c[1] > c[2]));
        let blueness = looks.map(|c| c[0] / c[2]);
        assert!(blueness.windows(2).all(|w| w[0] < w[1]), "{blueness:?}");
    }

    #[test]
    fn the_integral_is_that_of_the_profile() {
        let got = profile(&dot(120.0, 0.25));
        let step = 0.001;
        let rings = (0..4100).map(|i| (f64::from(i) + 0.5) * step);
        let sum: f64 =
            rings.map(|r| std::f64::consts::TAU * r * step * f64::from(got.contrast_at(r as f32)[0])).sum();
        assert!((sum / got.integral_mm2()[0] - 1.0).abs() < 0.02, "{sum} {:?}", got.integral_mm2());
    }

    #[test]
    fn a_camera_softens_and_takes_no_light() {
        let sharp = profile(&dot(120.0, 0.1));
        let soft = shape_in(&dot(120.0, 0.1), &SkinAround::ORDINARY).profile(0.06);
        assert!(soft.contrast_at(0.0)[1] < 0.85 * sharp.contrast_at(0.0)[1]);
        assert!(soft.contrast_at(0.15)[1] > sharp.contrast_at(0.15)[1]);
        assert_eq!(soft.integral_mm2(), sharp.integral_mm2());
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e300] {
            let ink =
                DotInk { absorption_550_per_mm: odd, absorption_exponent: odd, absorption_curvature: odd };
            for deposit in [
                Deposit { diameter_um: odd, top_mm: odd, bottom_mm: odd, ink: CARBON },
                Deposit { ink, ..dot(120.0, 0.3) },
            ] {
                let contrast = profile(&deposit).contrast_at(0.0);
                assert!(contrast.iter().all(|c| (0.0..=0.98).contains(c)), "{odd}: {contrast:?}");
            }
        }
    }
}
