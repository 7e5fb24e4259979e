//! What the card's grays and a color checker make of skin: measured skins [@NistSkin] under seven lights through a measured camera
//! [@Darrodi2015] that balances by guess, bends tones and lights skin and card not quite alike. The checker is a chart of its own
//! [@Ohta1997], not the one whose spectra the reader knows.

use nalgebra::{Matrix3, Vector3};
use stipple_color::spectrum::Spectrum;
use stipple_color::{Illuminant, ItaClass, Lab, LinearRgb, RgbSpace, ciede2000, ita_deg};
use stipple_quantity::{Seed, Stream};
use stipple_read::card;
use stipple_read::checker::{self, PATCHES};
use stipple_read::white::White;

use crate::shot::{Lies, Shot};

const SKINS: &str = "/work/shared/data/spectra/nist_skin_m38597_mean100.csv";
const LIGHTS: &str = include_str!("../../../../sources/color/illuminants.csv");
const CHART: &str = include_str!("../../../../sources/color/checker_spectra_ohta.csv");
const CAMERA: &str = include_str!("../../../../sources/color/camera.csv");
/// Standard deviations, natural logarithm: the camera's guess of white, exposure of skin against card (with the
/// printer's part), tint of light between them, noise of a patch.
const SPREAD: [f64; 4] = [0.08, 0.08, 0.015, 0.01];
/// The same for exposure of skin against a checker, which no printer made.
const CHECKER_EXPOSURE: f64 = 0.06;
/// Exponents by which cameras bend tones.
const TONE: [f64; 2] = [0.9, 1.1];

/// Rows of numbers below a header; text after `#` is left out.
fn table(text: &str) -> Vec<Vec<f64>> {
    let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|row| row.split(',').map(|v| v.trim().parse().unwrap_or(0.0)).collect()).collect()
}

/// A column from 380 to 780 nm in steps of 5.
fn column(rows: &[Vec<f64>], k: usize) -> Vec<f64> {
    let at = |nm: f64| {
        let above = rows.iter().position(|row| row[0] >= nm).unwrap_or(rows.len() - 1).max(1);
        let (a, b) = (&rows[above - 1], &rows[above]);
        a[k] + (nm - a[0]) / (b[0] - a[0]) * (b[k] - a[k])
    };
    (0..81).map(|i| at(380.0 + 5.0 * i as f64)).collect()
}

fn lab(reflectance: &[f64]) -> Lab {
    Spectrum { first_nm: 380.0, step_nm: 5.0, values: reflectance }.lab(Illuminant::D65)
}

/// Errors of one skin: L*, a*, b*, CIEDE2000, ITA, and of a scar's difference to it.
type Errors = [f64; 6];

/// Prints a row for the camera's own white, one for the card's and one for a color checker.
pub(crate) fn run(count: usize) {
    let Ok(text) = std::fs::read_to_string(SKINS) else {
        return println!("(skipped: no measured skins at {SKINS})");
    };
    let skins = table(&text);
    let skins: Vec<Vec<f64>> = (1..skins[0].len()).map(|k| column(&skins, k)).collect();
    let (lights, camera) = (table(LIGHTS), table(CAMERA));
    let sensor = [1, 2, 3].map(|k| column(&camera, k));
    let matrix = own_matrix(&sensor, &column(&lights, 4));
    let chart = table(CHART);
    let chart: Vec<Vec<f64>> = (1..=PATCHES).map(|k| column(&chart, k)).collect();
    let (mut by_camera, mut by_card, mut by_checker) = (Vec::new(), Vec::new(), Vec::new());
    let (mut refused, mut checkers_refused, mut inside) = (0, 0, 0);
    for k in 0..count {
        let light = column(&lights, 1 + k % (lights[0].len() - 1));
        let mut s = Seed(k as u64).stream("color", 0);
        let scene = Scene::of(&sensor, matrix, light, &mut s);
        let mut shot = Shot::plain(k as u64);
        shot.light = scene.linear(&[1.0; 81]);
        shot.tone = scene.tone as f32;
        let photo = shot.take();
        by_camera.extend(errors(&scene, &skins, &White::camera(), &mut s));
        match card::find(&photo).value.and_then(|card| White::from_card(&card, photo.space)) {
            Some(white) => by_card.extend(errors(&scene, &skins, &white, &mut s)),
            None => refused += 1,
        }
        match checked(&mut shot, &scene, &chart) {
            Ok(white) => {
                let scene = Scene { mismatch: scene.against_checker, ..scene };
                let found = errors(&scene, &skins, &white, &mut s);
                let mean = found.iter().map(|(_, e)| e[3]).sum::<f64>() / found.len() as f64;
                let colors = white.colors.expect("a checker's");
                let u = colors.standard_uncertainty();
                let within = |(_, e): &&(f64, Errors)| {
                    [u.l, u.a, u.b].iter().zip(e).filter(|(u, e)| e.abs() < 2.0 * **u).count() == 3
                };
                inside += found.iter().filter(within).count();
                println!(
                    "    light {} residual {:.2} skin ΔE00 {mean:.2}, {} patches, {}",
                    k % 7,
                    colors.residual,
                    colors.used,
                    colors.edition.words()
                );
                by_checker.extend(found);
            }
            Err(why) => {
                println!("    checker in scene {k}: {why}");
                checkers_refused += 1;
            }
        }
    }
    println!(
        "{:<14}{:>8}{:>8}{:>8}{:>8}{:>8}{:>20}{:>22}",
        "white", "ΔE00", "p95", "ITA °", "a*", "scar", "worst class ΔE00", "RMS L* a* b*"
    );
    print("camera", &by_camera);
    print("card", &by_card);
    print("checker", &by_checker);
    println!(
        "checker: L*, a* and b* all within two standard uncertainties: {:.0} %",
        100.0 * inside as f64 / by_checker.len() as f64
    );
    println!("grays refused in {refused}, checkers in {checkers_refused} of {count} scenes");
}

/// The white of a checker photographed in a scene.
fn checked(shot: &mut Shot, scene: &Scene, chart: &[Vec<f64>]) -> Result<White, String> {
    shot.light = [1.0; 3];
    shot.patches = std::array::from_fn(|k| scene.linear(&chart[k]).map(|v| v as f32));
    shot.lies = Lies::Checker;
    let photo = shot.take();
    let checker = checker::find(&photo).ok_or("not found")?;
    White::from_checker(&checker, photo.space).map(|white| white.value).map_err(|why| why.message)
}

fn print(name: &str, errors: &[(f64, Errors)]) {
    let mean = |k: usize| errors.iter().map(|(_, e)| e[k].abs()).sum::<f64>() / errors.len() as f64;
    let rms = |k: usize| (errors.iter().map(|(_, e)| e[k] * e[k]).sum::<f64>() / errors.len() as f64).sqrt();
    let mut sorted: Vec<f64> = errors.iter().map(|(_, e)| e[3]).collect();
    sorted.sort_by(f64::total_cmp);
    let of_class = |class: ItaClass| {
        let of: Vec<f64> =
            errors.iter().filter(|(ita, _)| ItaClass::of(*ita) == class).map(|(_, e)| e[3]).collect();
        (!of.is_empty()).then(|| (of.iter().sum::<f64>() / of.len() as f64, class.name()))
    };
    let worst = ItaClass::ALL.into_iter().filter_map(of_class).max_by(|a, b| a.0.total_cmp(&b.0));
    let (worst, class) = worst.expect("some skin");
    println!(
        "{name:<14}{:>8.2}{:>8.2}{:>8.1}{:>8.2}{:>8.2}{:>20}{:>22}",
        mean(3),
        sorted[sorted.len() * 95 / 100],
        mean(4),
        mean(1),
        mean(5),
        format!("{worst:.2} ({class})"),
        format!("{:.1} {:.1} {:.1}", rms(0), rms(1), rms(2)),
    );
}

/// One light, one camera's mood.
struct Scene<'a> {
    sensor: &'a [Vec<f64>; 3],
    light: Vec<f64>,
    matrix: Matrix3<f64>,
    balance: Vector3<f64>,
    /// Light on the skin over that on the card.
    mismatch: [f64; 3],
    /// The same against a checker.
    against_checker: [f64; 3],
    tone: f64,
}

impl<'a> Scene<'a> {
    fn of(sensor: &'a [Vec<f64>; 3], matrix: Matrix3<f64>, light: Vec<f64>, s: &mut Stream) -> Self {
        let white = raw(sensor, &light, &[1.0; 81]);
        let exposure = s.between(0.5, 0.85);
        let balance = white.map(|v| exposure * (SPREAD[0] * s.normal()).exp() / v);
        let level = (SPREAD[1] * s.normal()).exp();
        let tint = [0; 3].map(|_| (SPREAD[2] * s.normal()).exp());
        let mismatch = tint.map(|v| v * level);
        let against_checker = tint.map(|v| v * level.powf(CHECKER_EXPOSURE / SPREAD[1]));
        let tone = s.between(TONE[0], TONE[1]);
        Self { sensor, light, matrix, balance, mismatch, against_checker, tone }
    }

    /// Linear sRGB that the camera would give without bending tones.
    fn linear(&self, reflectance: &[f64]) -> [f64; 3] {
        let seen = self.matrix * raw(self.sensor, &self.light, reflectance).component_mul(&self.balance);
        [seen.x.max(1e-4), seen.y.max(1e-4), seen.z.max(1e-4)]
    }
}

fn raw(sensor: &[Vec<f64>; 3], light: &[f64], reflectance: &[f64]) -> Vector3<f64> {
    Vector3::from_fn(|c, _| {
        sensor[c].iter().zip(light).zip(reflectance).map(|((s, e), r)| s * e * r).sum::<f64>()
    })
}

/// The matrix that a maker fits: balanced sensor to linear sRGB, least squares over smooth spectra in daylight.
fn own_matrix(sensor: &[Vec<f64>; 3], daylight: &[f64]) -> Matrix3<f64> {
    let mut s = Seed(1).stream("matrix", 0);
    let white = raw(sensor, daylight, &[1.0; 81]);
    let (mut normal, mut right) = (Matrix3::<f64>::zeros(), Matrix3::<f64>::zeros());
    for _ in 0..400 {
        let bumps: Vec<[f64; 3]> =
            (0..3).map(|_| [s.between(380.0, 780.0), s.between(30.0, 120.0), s.between(-0.4, 0.5)]).collect();
        let base = s.between(0.1, 0.7);
        let smooth: Vec<f64> = (0..81)
            .map(|i| 380.0 + 5.0 * i as f64)
            .map(|nm| base + bumps.iter().map(|b| b[2] * (-((nm - b[0]) / b[1]).powi(2)).exp()).sum::<f64>())
            .map(|v| v.clamp(0.02, 0.98))
            .collect();
        let seen = raw(sensor, daylight, &smooth).component_div(&white);
        let true_rgb = lab(&smooth).to_linear(RgbSpace::Srgb).rgb.map(f64::from);
        normal += seen * seen.transpose();
        right += Vector3::from(true_rgb) * seen.transpose();
    }
    right * normal.try_inverse().expect("a camera sees three colors")
}

/// Errors of all skins in a scene, each with its true ITA.
fn errors(scene: &Scene, skins: &[Vec<f64>], white: &White, s: &mut Stream) -> Vec<(f64, Errors)> {
    let mut read = |reflectance: &[f64]| {
        let linear = scene.linear(reflectance);
        let rgb = [0, 1, 2].map(|c| {
            let noisy = linear[c] * scene.mismatch[c] * (0.3 * SPREAD[3] * s.normal()).exp();
            noisy.powf(scene.tone) as f32
        });
        Lab::from_linear(RgbSpace::Srgb, white.linear_srgb(RgbSpace::Srgb, LinearRgb { rgb }))
    };
    let mut all = Vec::with_capacity(skins.len());
    for (k, skin) in skins.iter().enumerate() {
        let other = &skins[(k + 7) % skins.len()];
        let scar: Vec<f64> = skin.iter().zip(other).map(|(a, b)| (a + b) / 2.0).collect();
        let (truth, true_scar) = (lab(skin), lab(&scar));
        let (found, found_scar) = (read(skin), read(&scar));
        let scar_error = ciede2000(found, found_scar) - ciede2000(truth, true_scar);
        let ita = ita_deg(truth);
        let parts = [found.l - truth.l, found.a - truth.a, found.b - truth.b];
        let errors =
            [parts[0], parts[1], parts[2], ciede2000(found, truth), ita_deg(found) - ita, scar_error];
        all.push((ita, errors));
    }
    all
}
