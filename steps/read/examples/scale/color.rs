//! What the card's grays make of skin: measured skins [@NistSkin] under seven lights through a measured camera
//! [@Darrodi2015] that balances by guess, bends tones and lights skin and card not quite alike.

use nalgebra::{Matrix3, Vector3};
use stipple_color::spectrum::Spectrum;
use stipple_color::{Illuminant, ItaClass, Lab, LinearRgb, RgbSpace, ciede2000, ita_deg};
use stipple_quantity::{Seed, Stream};
use stipple_read::card;
use stipple_read::white::White;

use crate::shot::Shot;

const SKINS: &str = "/work/shared/data/spectra/nist_skin_m38597_mean100.csv";
const LIGHTS: &str = include_str!("../../../../sources/color/illuminants.csv");
const CAMERA: &str = include_str!("../../../../sources/color/camera.csv");
/// Standard deviations, natural logarithm: the camera's guess of white, exposure of skin against card (with the
/// printer's part), tint of light between them, noise of a patch.
const SPREAD: [f64; 4] = [0.08, 0.08, 0.015, 0.01];
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

/// Prints a row for the camera's own white and one for the card's.
pub(crate) fn run(count: usize) {
    let Ok(text) = std::fs::read_to_string(SKINS) else {
        return println!("(skipped: no measured skins at {SKINS})");
    };
    let skins = table(&text);
    let skins: Vec<Vec<f64>> = (1..skins[0].len()).map(|k| column(&skins, k)).collect();
    let (lights, camera) = (table(LIGHTS), table(CAMERA));
    let sensor = [1, 2, 3].map(|k| column(&camera, k));
    let matrix = own_matrix(&sensor, &column(&lights, 4));
    let (mut by_camera, mut by_card, mut refused) = (Vec::new(), Vec::new(), 0);
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
    }
    println!(
        "{:<14}{:>8}{:>8}{:>8}{:>8}{:>8}{:>20}{:>22}",
        "white", "ΔE00", "p95", "ITA °", "a*", "scar", "worst class ΔE00", "RMS L* a* b*"
    );
    print("camera", &by_camera);
    print("card", &by_card);
    println!("grays refused in {refused} of {count} scenes");
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
    tone: f64,
}

impl<'a> Scene<'a> {
    fn of(sensor: &'a [Vec<f64>; 3], matrix: Matrix3<f64>, light: Vec<f64>, s: &mut Stream) -> Self {
        let white = raw(sensor, &light, &[1.0; 81]);
        let exposure = s.between(0.5, 0.85);
        let balance = white.map(|v| exposure * (SPREAD[0] * s.normal()).exp() / v);
        let level = (SPREAD[1] * s.normal()).exp();
        let mismatch = [0; 3].map(|_| level * (SPREAD[2] * s.normal()).exp());
        Self { sensor, light, matrix, balance, mismatch, tone: s.between(TONE[0], TONE[1]) }
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
            noisy.powf(scene.tone) as f32 * white.gain[c] * white.exposure.unwrap_or(1.0)
        });
        Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb })
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
