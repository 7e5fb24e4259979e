//! R, G, B of a dot from three wavelengths, against its whole spectrum: the shipped shares are the best ones.
#![allow(clippy::print_stdout, reason = "measured accuracy is printed for docs/science")]

use nalgebra::{Matrix2, Vector2};
use stipple_color::{Illuminant, RgbSpace, Spectrum as Curve};
use stipple_optics::dot::{Deposit, DotInk, FROM_BANDS, disk_contrast_spectrum};
use stipple_optics::skin::{SCALP, Skin, Spectrum};

/// Densities at 650, 550 and 450 nm, and in linear R, G, B, of one dot.
struct Seen {
    bands: [f64; 3],
    colors: [f64; 3],
}

fn skins() -> [Skin; 5] {
    let of = |melanosome_fraction| Skin { melanosome_fraction, ..Skin::LIGHT };
    let blood_fraction = 2.5 * Skin::LIGHT.blood_fraction;
    let scar = Skin { scattering_level: 0.65, ..of(0.01) };
    [Skin::LIGHT, of(0.05), of(0.12), Skin { blood_fraction, ..Skin::LIGHT }, scar]
}

fn dots() -> Vec<Deposit> {
    let mut all = Vec::new();
    for diameter_um in [100.0, 160.0] {
        for top_mm in [0.1, 0.2, 0.3, 0.5] {
            for (absorption, exponent) in [(5.0, 1.0), (15.0, 1.0), (40.0, 1.0), (10.0, 2.0)] {
                let of = |nm: f64| absorption * (550.0f64 / nm).powf(exponent);
                let ink = DotInk::through([650.0, 550.0, 450.0].map(of));
                all.push(Deposit { diameter_um, top_mm, bottom_mm: top_mm + 0.25, ink });
            }
        }
    }
    all
}

fn seen(skin: &Skin, bare: &Spectrum, dot: &Deposit) -> Seen {
    let contrast = disk_contrast_spectrum(dot, skin);
    let dark: Spectrum = std::array::from_fn(|k| bare[k] * (1.0 - contrast[k]));
    let rgb = |values: &Spectrum| {
        Curve { first_nm: 400.0, step_nm: 10.0, values }.linear_rgb(Illuminant::D65, RgbSpace::Srgb).rgb
    };
    let (with, without) = (rgb(&dark), rgb(bare));
    let density = |k: usize| -(f64::from(with[k]) / f64::from(without[k])).ln();
    // 650, 550 and 450 nm are the bands 25, 15 and 5.
    Seen { bands: [25, 15, 5].map(|band| -(1.0 - contrast[band]).ln()), colors: [0, 1, 2].map(density) }
}

/// Shares that sum to 1 and come nearest to one color's densities, relative to the dot's.
fn best(all: &[Seen], color: usize) -> [f64; 3] {
    let (mut square, mut product) = (Matrix2::zeros(), Vector2::zeros());
    for one in all {
        let [red, green, blue] = one.bands;
        let weight = (green + 0.05).powi(-2);
        let v = Vector2::new(red - green, blue - green);
        square += weight * v * v.transpose();
        product += weight * v * (one.colors[color] - green);
    }
    let shares = square.try_inverse().expect("dots differ") * product;
    [shares[0], 1.0 - shares[0] - shares[1], shares[1]]
}

#[test]
fn three_wavelengths_stand_for_the_spectrum_as_well_as_they_can() {
    let mut all = Vec::new();
    for skin in skins() {
        let bare = SCALP.spectrum(&skin).expect("it is a skin");
        all.extend(dots().iter().map(|dot| seen(&skin, &bare, dot)));
    }
    let mut shares = Vec::new();
    for (color, shipped) in FROM_BANDS.into_iter().enumerate() {
        let refit = best(&all, color);
        let off = |shares: [f64; 3]| {
            let off = all.iter().map(|one| {
                let density: f64 = (0..3).map(|k| shares[k] * one.bands[k]).sum();
                (-one.colors[color]).exp() - (-density).exp()
            });
            let squares: Vec<f64> = off.map(|off| off * off).collect();
            (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
        };
        let one_band: [f64; 3] = std::array::from_fn(|k| if k == color { 1.0 } else { 0.0 });
        println!(
            "color {color}: best shares {refit:.3?}; contrast off by {:.4} rms (shipped {:.4}, one band {:.4})",
            off(refit),
            off(shipped),
            off(one_band)
        );
        shares.push(refit);
    }
    let off = shares.as_flattened().iter().zip(FROM_BANDS.as_flattened()).map(|(one, two)| (one - two).abs());
    assert!(off.fold(0.0, f64::max) < 0.002, "{shares:.3?} are the best");
}
