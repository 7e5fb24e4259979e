//! How much each thing matters for a dot, and whether dots multiply:
//! `cargo run --release -p stipple-optics --example dot_study [PHOTONS]`.
#![allow(clippy::print_stdout, reason = "an example talks to the person who started it")]

use stipple_optics::dot::{SkinAround, WAVELENGTHS_NM};
use stipple_optics::dot_table::{DotOptics, SkinOptics, contrast_by_distance, grid};
use stipple_optics::skin::Skin;
use stipple_optics::transport::{Body, Contrast, DotStudy, DotsSeen, Form, Phase, Stack, skin_stack};
use stipple_quantity::Seed;

const BAND_MM: [f64; 2] = [0.25, 0.55];

fn main() {
    let photons: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(400_000);
    axes();
    shape_of_scattering(photons);
    heights(photons);
    forms(photons);
    for pitch_mm in [0.5, 0.7, 1.0] {
        cluster(pitch_mm, 2, photons);
        cluster(pitch_mm, 7, photons);
    }
}

/// Peak contrasts of one dot in different skins, from the table.
fn axes() {
    let dot = DotOptics { radius_mm: 0.1, top_mm: 0.25, height_mm: 0.3, ink_per_mm: 10.0 };
    println!("peak contrast R, G, B of a dot of 0.1 mm radius at 0.25 to 0.55 mm, 10 per mm:");
    for (name, melanin, blood, scattering) in [
        ("usual", 0.021, 0.0036, 1.0),
        ("very light", 0.012, 0.0036, 1.0),
        ("dark", 0.10, 0.0036, 1.0),
        ("pale", 0.021, 0.0018, 1.0),
        ("red", 0.021, 0.0108, 1.0),
        ("scar 0.7", 0.021, 0.0036, 0.7),
        ("scar 0.5", 0.021, 0.0036, 0.5),
    ] {
        let skin = SkinAround::of(&Skin {
            melanosome_fraction: melanin,
            blood_fraction: blood,
            scattering_level: scattering,
            ..Skin::LIGHT
        });
        let seen = skin.bands.map(|band| contrast_by_distance(&dot, &band));
        let [peak, halo] = [0.0, 0.6].map(|r| seen.map(|s| s.at(r)));
        println!("  {name:12} peak {peak:.4?}  at 0.6 mm {halo:.5?}");
    }
}

fn one_dot(stack: &Stack, absorption: Vec<f64>, r: f64, band: [f64; 2], photons: u64) -> DotsSeen {
    DotStudy {
        stack,
        diffuse_view: false,
        figures: vec![vec![Body { x_mm: r, y_mm: 0.0, radius_mm: 0.1, form: Form::Cylinder }]],
        bands_mm: vec![band],
        absorptions_per_mm: vec![absorption],
        photons,
        seed: Seed(77),
    }
    .look()
}

/// What g, the phase function and the epidermis' denser scattering change at 550 nm.
fn shape_of_scattering(photons: u64) {
    println!("contrast at 0, 0.15, 0.6 mm for 550 nm, ink 10 per mm, by the shape of scattering:");
    let skin = SkinAround::ORDINARY.bands[1];
    let absorption = vec![skin.epidermis_absorption_per_mm, skin.dermis_absorption_per_mm];
    let mut alike = skin_stack(&skin, grid::ANISOTROPY);
    alike.layers[0].scattering_per_mm = alike.layers[1].scattering_per_mm;
    let mut other = skin_stack(&skin, grid::ANISOTROPY);
    other.phase = Phase::ReynoldsMcCormick { alpha: 1.0 };
    let cases = [
        ("g 0.78", skin_stack(&skin, 0.78)),
        ("g 0.74", skin_stack(&skin, 0.74)),
        ("g 0.82", skin_stack(&skin, 0.82)),
        ("g 0.90", skin_stack(&skin, 0.90)),
        ("Reynolds-McCormick 1", other),
        ("epidermis scattering as dermis", alike),
    ];
    for (name, stack) in cases {
        let seen = [0.0, 0.15, 0.6]
            .map(|r| one_dot(&stack, absorption.clone(), r, BAND_MM, photons).contrast(0, 0, 0, 10.0));
        let text: Vec<String> = seen.iter().map(|c| format!("{:.4} ± {:.4}", c.value, c.error)).collect();
        println!("  {name:22} {}", text.join("  "));
    }
}

/// A cylinder against the ellipsoid as tall that holds as much, over depth, ink and distance, in all three
/// bands; photons are the same for both.
fn forms(photons: u64) {
    println!("cylinder of 0.1 mm radius, 0.3 mm tall / ellipsoid of its volume and height:");
    for (top_mm, ink_550) in [(0.15, 10.0), (0.25, 3.0), (0.25, 10.0), (0.25, 30.0), (0.6, 10.0)] {
        for (band, name) in ["R", "G", "B"].into_iter().enumerate() {
            let cells: Vec<String> = [0.0, 0.05, 0.1, 0.15, 0.3, 0.6]
                .map(|r_mm| {
                    let [a, b] = both_forms(r_mm, top_mm, band, ink_550, photons);
                    let (value, error) = (100.0 * (b.value - a.value), 100.0 * b.error);
                    format!("{:.1} {value:+.1}±{error:.1}", 100.0 * a.value)
                })
                .to_vec();
            println!("  top {top_mm}, ink {ink_550}, {name}, %: {}", cells.join(" | "));
        }
    }
}

/// Contrasts of a cylinder and of its ellipsoid at a distance.
fn both_forms(r_mm: f64, top_mm: f64, band: usize, ink_550: f64, photons: u64) -> [Contrast; 2] {
    let skin = &SkinAround::ORDINARY.bands[band];
    let body = |radius_mm, form| vec![Body { x_mm: r_mm + 1e-5, y_mm: 0.0, radius_mm, form }];
    let stack = skin_stack(skin, grid::ANISOTROPY);
    let seen = DotStudy {
        stack: &stack,
        diffuse_view: false,
        figures: vec![body(0.1, Form::Cylinder), body(0.1 * 1.5f64.sqrt(), Form::Ellipsoid)],
        bands_mm: vec![[top_mm, top_mm + 0.3]],
        absorptions_per_mm: vec![vec![skin.epidermis_absorption_per_mm, skin.dermis_absorption_per_mm]],
        photons,
        seed: Seed(78),
    }
    .look();
    [0, 1].map(|figure| seen.contrast(0, figure, 0, ink_550 * 550.0 / WAVELENGTHS_NM[band]))
}

/// Slices that add in optical density against the whole.
fn heights(photons: u64) {
    println!("tall and short deposits at 550 nm, peak, table / simulation:");
    let skin = SkinAround::ORDINARY.bands[1];
    let absorption = vec![skin.epidermis_absorption_per_mm, skin.dermis_absorption_per_mm];
    for (top_mm, height_mm) in [(0.2, 0.06), (0.2, 0.2), (0.2, 0.45), (0.2, 0.6), (0.2, 0.9)] {
        for ink_per_mm in [3.0, 30.0] {
            let dot = DotOptics { radius_mm: 0.1, top_mm, height_mm, ink_per_mm };
            let table = contrast_by_distance(&dot, &skin).contrasts[0];
            let stack = skin_stack(&skin, grid::ANISOTROPY);
            let seen = one_dot(&stack, absorption.clone(), 0.0, [top_mm, top_mm + height_mm], photons);
            let direct = seen.contrast(0, 0, 0, ink_per_mm);
            println!(
                "  height {height_mm} ink {ink_per_mm}: {table:.4} / {:.4} ± {:.4}",
                direct.value, direct.error
            );
        }
    }
}

/// Several dots at once against the product of each alone, in all three bands.
fn cluster(pitch_mm: f64, dots: usize, photons: u64) {
    let ring = (0..6).map(|i| {
        let angle = f64::from(i) * std::f64::consts::FRAC_PI_3;
        [pitch_mm * angle.cos(), pitch_mm * angle.sin()]
    });
    let centers: Vec<[f64; 2]> = [[0.0, 0.0]].into_iter().chain(ring).take(dots).collect();
    let pixels =
        [[0.0, 0.0], [0.25, 0.0], [0.5, 0.0], [0.75, 0.0], [1.0, 0.0], [0.5, 0.29], [0.25, 0.14], [0.0, 0.3]];
    let (mut sum, mut worst, mut off) = (0.0, 0.0f64, 0.0f64);
    for pixel in pixels {
        let place = pixel.map(|p| p * pitch_mm);
        let looks: [([f64; 2], f64); 3] = std::array::from_fn(|band| {
            look_at(&centers, place, &SkinAround::ORDINARY.bands[band], band, photons)
        });
        // Linear light of light skin times what each way of reckoning leaves of it.
        let skin = [0.55, 0.33, 0.25];
        let [together, product] =
            [0, 1].map(|k| lab(std::array::from_fn(|band| skin[band] * (1.0 - looks[band].0[k]))));
        let distance = together.iter().zip(product).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
        sum += distance / pixels.len() as f64;
        worst = worst.max(distance);
        off = looks.iter().fold(off, |off, look| off.max((look.0[1] - look.0[0]).abs()));
    }
    println!(
        "{dots} dots {pitch_mm} mm apart: product against simulation: dE76 {sum:.3} mean, {worst:.3} max; \
         contrast off by {off:.4} at most"
    );
}

/// Contrast of all dots together, and from the product of each alone; and the standard error.
fn look_at(
    centers: &[[f64; 2]],
    pixel: [f64; 2],
    skin: &SkinOptics,
    band: usize,
    photons: u64,
) -> ([f64; 2], f64) {
    let cylinder = |c: &[f64; 2]| Body {
        x_mm: c[0] - pixel[0],
        y_mm: c[1] - pixel[1],
        radius_mm: 0.1 + 1e-5,
        form: Form::Cylinder,
    };
    let mut figures = vec![centers.iter().map(cylinder).collect::<Vec<_>>()];
    figures.extend(centers.iter().map(|c| vec![cylinder(c)]));
    let stack = skin_stack(skin, grid::ANISOTROPY);
    let study = DotStudy {
        stack: &stack,
        diffuse_view: false,
        figures,
        bands_mm: vec![BAND_MM],
        absorptions_per_mm: vec![vec![skin.epidermis_absorption_per_mm, skin.dermis_absorption_per_mm]],
        photons,
        seed: Seed(5),
    };
    let seen = study.look();
    let ink = 10.0 * 550.0 / WAVELENGTHS_NM[band];
    let together = seen.contrast(0, 0, 0, ink);
    let left: f64 = (1..=centers.len()).map(|i| 1.0 - seen.contrast(0, i, 0, ink).value).product();
    ([together.value, 1.0 - left], together.error)
}

/// CIELAB of linear sRGB under D65.
fn lab(rgb: [f64; 3]) -> [f64; 3] {
    let [r, g, b] = rgb;
    let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    [116.0 * f(y) - 16.0, 500.0 * (f(x) - f(y)), 200.0 * (f(y) - f(z))]
}
