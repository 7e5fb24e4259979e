use stipple_color::{Lab, LinearRgb, RgbSpace, ciede2000, skin_tone::typical_skin};

use stipple_model::{Caveat, Code, Qualified, Weight};

use crate::checker::reference::Edition;
use crate::checker::tests::Drawn;
use crate::checker::{self, PATCHES};
use crate::white::White;

/// A camera: its own idea of red, green and blue, a color cast, and tones bent by a power.
fn seen(color: [f64; 3]) -> [f64; 3] {
    let mixed = [
        0.8 * color[0] + 0.2 * color[1],
        0.1 * color[0] + 0.85 * color[1] + 0.05 * color[2],
        0.15 * color[1] + 0.85 * color[2],
    ];
    [0, 1, 2].map(|c| (mixed[c].max(0.002) * [0.9, 0.7, 0.5][c]).powf(1.12))
}

fn photographed(edition: Edition) -> [[f64; 3]; PATCHES] {
    edition.linear(RgbSpace::Srgb).map(seen)
}

fn from(colors: [[f64; 3]; PATCHES]) -> Result<Qualified<White>, Caveat> {
    let photo = Drawn { colors, noise: 0.004, ..Drawn::plain() }.photo();
    White::from_checker(&checker::find(&photo).expect("a checker"), photo.space)
}

#[test]
fn a_checker_gives_skin_its_color_back() {
    for edition in Edition::ALL {
        let white = from(photographed(edition)).expect("a good checker").value;
        let colors = white.colors.expect("a checker's");
        assert_eq!(colors.edition, edition);
        assert!(colors.residual < 1.5, "{}", colors.residual);
        for ita in [60.0, 35.0, 0.0, -45.0] {
            let skin = typical_skin(ita);
            let rgb = seen(skin.to_linear(RgbSpace::Srgb).rgb.map(f64::from)).map(|v| v as f32);
            let read = Lab::from_linear(RgbSpace::Srgb, white.linear_srgb(RgbSpace::Srgb, LinearRgb { rgb }));
            assert!(ciede2000(read, skin) < 1.5, "{ita}: {read:?} {skin:?}");
        }
        // A gray stays gray, whatever its lightness.
        for gray in [0.05, 0.2, 0.6] {
            let rgb = seen([gray; 3]).map(|v| v as f32);
            let read = Lab::from_linear(RgbSpace::Srgb, white.linear_srgb(RgbSpace::Srgb, LinearRgb { rgb }));
            assert!(read.chroma() < 2.0, "{gray}: {read:?}");
        }
    }
}

#[test]
fn a_bad_checker_is_refused_with_what_to_do() {
    let good = photographed(Edition::After2014);
    let shaded = std::array::from_fn(|k| if k % 6 < 3 { good[k].map(|v| 0.45 * v) } else { good[k] });
    let shining =
        std::array::from_fn(|k| if (1..3).contains(&(k % 6)) { good[k].map(|v| v + 0.15) } else { good[k] });
    for (name, colors) in [("shaded", shaded), ("shining", shining)] {
        let caveat = from(colors).expect_err(name);
        assert_eq!((caveat.code, caveat.weight), (Code::LightCheckerRefused, Weight::Doubt), "{name}");
    }
}

#[test]
fn what_a_worse_checker_says_is_less_certain() {
    let good = from(photographed(Edition::Before2014)).expect("good").value;
    let mut off = photographed(Edition::Before2014);
    off.iter_mut().enumerate().for_each(|(k, color)| color[k % 3] *= if k % 2 == 0 { 1.12 } else { 0.9 });
    let worse = from(off).expect("still usable").value;
    let u = |white: White| white.colors.expect("a checker's").standard_uncertainty();
    assert!(u(worse).a > 1.2 * u(good).a, "{:?} {:?}", u(worse), u(good));
}
