//! Seven dots drawn from the table by the product rule against a full spectral simulation, as colors in daylight:
//! `cargo run --release -p stipple-optics --example cluster [PHOTONS]`.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use stipple_color::{Illuminant, Lab, LinearRgb, RgbSpace, Spectrum as Curve, ciede2000};
use stipple_optics::adding_doubling::Streams;
use stipple_optics::dot::{Deposit, DotInk, SkinAround, profile_in};
use stipple_optics::dot_table::{DotOptics, contrast_by_distance, grid};
use stipple_optics::skin::{Build, Skin, SkinSolver, Spectrum, wavelength_nm};
use stipple_optics::transport::{Body, DotStudy, Form, skin_stack};
use stipple_quantity::Seed;

/// A healed dot of the shipped protocol, and a strong fresh one.
const DEPOSITS: [(&str, f64, [f64; 2], f64); 2] =
    [("healed", 0.06, [0.1, 0.35], 10.0), ("dense", 0.1, [0.25, 0.55], 25.0)];
const PITCHES_MM: [f64; 2] = [0.5, 0.25];
/// Pixels, in units of the pitch.
const PIXELS: [[f64; 2]; 8] =
    [[0.0, 0.0], [0.15, 0.0], [0.25, 0.0], [0.5, 0.0], [0.75, 0.0], [1.0, 0.0], [0.5, 0.29], [1.5, 0.3]];
/// Bands of the spectrum: every 20 nm from 400 to 700 nm.
const BANDS: usize = 16;

fn main() {
    let photons: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let dark = Skin { melanosome_fraction: 0.10, ..Skin::LIGHT };
    let solver = SkinSolver::new(Build::SCALP, Streams::Sixteen).expect("the index is valid");
    println!("CIEDE2000 from a spectral simulation of seven dots, over {} pixels:", PIXELS.len());
    println!("skin dot pitch: spectrum of the table | three bands of the table | product rule alone | noise");
    for (skin_name, skin) in [("light", Skin::LIGHT), ("dark", dark)] {
        let bare = solver.spectrum(&skin).expect("it is a skin");
        for (dot_name, radius_mm, depth_mm, absorption) in DEPOSITS {
            let ink = DotInk {
                absorption_550_per_mm: absorption,
                absorption_exponent: 1.0,
                absorption_curvature: 0.0,
            };
            let [top_mm, bottom_mm] = depth_mm;
            let deposit = Deposit { diameter_um: 2000.0 * radius_mm, top_mm, bottom_mm, ink };
            for pitch_mm in PITCHES_MM {
                let case = Case { skin: &skin, bare: &bare, deposit, pitch_mm, photons };
                let mut sums = [Sum::default(); 4];
                for pixel in PIXELS {
                    let off = case.off_at(pixel.map(|p| p * pitch_mm));
                    sums.iter_mut().zip(off).for_each(|(sum, off)| sum.add(off));
                }
                let text: Vec<String> = sums.iter().map(Sum::text).collect();
                println!("{skin_name} {dot_name} {pitch_mm} mm: {}", text.join(" | "));
            }
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Sum {
    sum: f64,
    most: f64,
    count: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        (self.sum, self.most, self.count) = (self.sum + value, self.most.max(value), self.count + 1.0);
    }

    fn text(&self) -> String {
        format!("{:.2} mean, {:.2} max", self.sum / self.count, self.most)
    }
}

struct Case<'a> {
    skin: &'a Skin,
    bare: &'a Spectrum,
    deposit: Deposit,
    pitch_mm: f64,
    photons: u64,
}

impl Case<'_> {
    fn centers(&self) -> Vec<[f64; 2]> {
        let ring = (0..6).map(|i| f64::from(i) * std::f64::consts::FRAC_PI_3);
        let ring = ring.map(|angle| [self.pitch_mm * angle.cos(), self.pitch_mm * angle.sin()]);
        [[0.0, 0.0]].into_iter().chain(ring).collect()
    }

    /// CIEDE2000 from the simulation at a place, mm.
    fn off_at(&self, place: [f64; 2]) -> [f64; 4] {
        let seen: [[f64; 4]; BANDS] = std::array::from_fn(|band| self.left_at(place, 2 * band));
        let of = |k: usize| self.lab(&seen.map(|left| left[k]));
        let truth = of(0);
        let [table, product, noisy] = [1, 2, 3].map(|k| ciede2000(of(k), truth));
        [table, ciede2000(self.three_bands(place), truth), product, noisy]
    }

    /// Light left of bare skin's at a band: simulated; by the table; by simulated dots multiplied; simulated plus one
    /// standard error.
    fn left_at(&self, place: [f64; 2], band: usize) -> [f64; 4] {
        let nm = wavelength_nm(band);
        let optics = SkinAround::at(self.skin, nm);
        let radius_mm = self.deposit.diameter_um / 2000.0;
        let ink_per_mm = self.deposit.ink.absorption_per_mm(nm);
        let (top_mm, height_mm) = (self.deposit.top_mm, self.deposit.bottom_mm - self.deposit.top_mm);
        let centers = self.centers();
        let cylinder = |c: &[f64; 2]| Body {
            x_mm: c[0] - place[0],
            y_mm: c[1] - place[1],
            radius_mm: radius_mm + 1e-5,
            form: Form::Cylinder,
        };
        let mut figures = vec![centers.iter().map(cylinder).collect::<Vec<_>>()];
        figures.extend(centers.iter().map(|c| vec![cylinder(c)]));
        let stack = skin_stack(&optics, grid::ANISOTROPY);
        let seen = DotStudy {
            stack: &stack,
            diffuse_view: false,
            figures,
            bands_mm: vec![[top_mm, top_mm + height_mm]],
            absorptions_per_mm: vec![vec![
                optics.epidermis_absorption_per_mm,
                optics.dermis_absorption_per_mm,
            ]],
            photons: self.photons,
            seed: Seed(11 + band as u64),
        }
        .look();
        let together = seen.contrast(0, 0, 0, ink_per_mm);
        let product: f64 =
            (1..=centers.len()).map(|i| 1.0 - seen.contrast(0, i, 0, ink_per_mm).value).product();
        let table = contrast_by_distance(&DotOptics { radius_mm, top_mm, height_mm, ink_per_mm }, &optics);
        let table: f64 =
            centers.iter().map(|c| 1.0 - table.at((c[0] - place[0]).hypot(c[1] - place[1]))).product();
        [1.0 - together.value, table, product, 1.0 - together.value - together.error]
    }

    /// Color in daylight of bare skin times the light left at 16 bands, straight between them.
    fn lab(&self, left: &[f64; BANDS]) -> Lab {
        let between =
            |k: usize| if k.is_multiple_of(2) { left[k / 2] } else { (left[k / 2] + left[k / 2 + 1]) / 2.0 };
        let values: Spectrum = std::array::from_fn(|k| self.bare[k] * between(k));
        Curve { first_nm: 400.0, step_nm: 10.0, values: &values }.lab(Illuminant::D65)
    }

    /// The same from R, G, B of bare skin times the profiles, as plan and preview do.
    fn three_bands(&self, place: [f64; 2]) -> Lab {
        let profile = profile_in(&self.deposit, &SkinAround::of(self.skin));
        let mut rgb = self.lab(&[1.0; BANDS]).to_linear(RgbSpace::Srgb).rgb;
        for [x, y] in self.centers() {
            let contrast = profile.contrast_at((x - place[0]).hypot(y - place[1]) as f32);
            rgb.iter_mut().zip(contrast).for_each(|(light, c)| *light *= 1.0 - c);
        }
        Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb })
    }
}
