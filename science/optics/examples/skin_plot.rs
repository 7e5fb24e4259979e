//! Draws `docs/science/skin.svg`: modeled spectra by melanin and blood, and black under skin by depth.
//! `cargo run --release -p stipple-optics --example skin_plot > docs/science/skin.svg`

#![allow(clippy::print_stdout, reason = "a drawing is printed")]

use stipple_color::{Illuminant, RgbSpace, Spectrum as Curve};
use stipple_optics::DotInk;
use stipple_optics::adding_doubling::Streams;
use stipple_optics::skin::model::{FIRST_NM, STEP_NM, wavelength_nm};
use stipple_optics::skin::{Build, ScarChange, Skin, SkinSolver, Spectrum, Veil, veiled_spectrum};

/// Color of a spectrum under daylight, as written in SVG.
fn paint(values: &Spectrum) -> String {
    let rgb = Curve { first_nm: FIRST_NM, step_nm: STEP_NM, values }
        .linear_rgb(Illuminant::D65, RgbSpace::Srgb)
        .rgb;
    let code = rgb.map(|v| (RgbSpace::Srgb.encoded_from_linear(v.clamp(0.0, 1.0)) * 255.0).round());
    format!("rgb({},{},{})", code[0], code[1], code[2])
}

fn curve(left: f64, name: &str, spectrum: &Spectrum) {
    let x = |band: usize| left + (wavelength_nm(band) - 400.0) * 0.9;
    let y = |r: f64| 270.0 - 340.0 * r;
    let points: Vec<String> =
        spectrum.iter().enumerate().map(|(i, r)| format!("{:.1},{:.1}", x(i), y(*r))).collect();
    let color = paint(spectrum);
    println!("<path d=\"M {}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"3\"/>", points.join(" L "));
    println!("<text x=\"{:.1}\" y=\"{:.1}\">{name}</text>", x(30) + 4.0, y(spectrum[30]) + 4.0);
}

fn frame(left: f64, title: &str) {
    println!("<text x=\"{left}\" y=\"20\" font-weight=\"bold\">{title}</text>");
    for tenth in 0..8 {
        let y = 270.0 - 34.0 * f64::from(tenth);
        println!("<line x1=\"{left}\" x2=\"{:.0}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#ddd\"/>", left + 270.0);
        println!("<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">0.{tenth}</text>", left - 4.0, y + 4.0);
    }
    for nm in [400, 500, 600, 700] {
        let x = left + f64::from(nm - 400) * 0.9;
        println!("<text x=\"{x}\" y=\"287\" text-anchor=\"middle\">{nm} nm</text>");
    }
}

fn main() {
    let solver = SkinSolver::new(Build::SCALP, Streams::Sixteen).expect("the index is valid");
    let of = |skin: &Skin| solver.spectrum(skin).expect("the skin is valid");
    let light = Skin::LIGHT;
    println!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1120 300\" font-family=\"sans-serif\" font-size=\"11\">"
    );
    println!("<rect width=\"1120\" height=\"300\" fill=\"white\"/>");
    frame(40.0, "Reflectance by melanosomes in the epidermis");
    for (name, melanosome_fraction) in
        [("1 %", 0.01), ("2 %", 0.021), ("5 %", 0.05), ("12 %", 0.12), ("30 %", 0.3)]
    {
        curve(40.0, name, &of(&Skin { melanosome_fraction, ..light }));
    }
    frame(410.0, "Light skin and its scars");
    curve(410.0, "skin", &of(&light));
    curve(410.0, "pale scar", &of(&light.scarred(ScarChange::PALE)));
    curve(410.0, "red scar", &of(&light.scarred(ScarChange::RED)));
    frame(790.0, "Black pigment 0.2 mm thick, by depth of its top");
    let ink = DotInk { absorption_550_per_mm: 50.0, absorption_exponent: 1.0, absorption_curvature: 0.0 };
    for top_mm in [0.1, 0.2, 0.4, 0.7, 1.1] {
        let veil = Veil { top_mm, bottom_mm: top_mm + 0.2, ink };
        let spectrum =
            veiled_spectrum(&light, Build::SCALP, &veil, Streams::Sixteen).expect("the veil is valid");
        curve(790.0, &format!("{top_mm} mm"), &spectrum);
    }
    curve(790.0, "none", &of(&light));
    println!("</svg>");
}
