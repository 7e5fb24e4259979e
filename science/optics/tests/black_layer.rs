//! Color of a wide black layer against its depth, beside what an independent solver found
//! (`research/tables/black_layer_by_depth.txt`; its rows for ink of 50 per mm at 550 nm).
#![allow(clippy::print_stdout, reason = "`--nocapture` shows both colors")]

use stipple_color::{Illuminant, Lab, ciede2000, xyz_weights};
use stipple_color::{Spectrum as Curve, lab_weights};
use stipple_optics::DotInk;
use stipple_optics::adding_doubling::Streams;
use stipple_optics::skin::model::{BANDS, FIRST_NM, STEP_NM};
use stipple_optics::skin::{
    Build, Observation, Population, Skin, SkinSolver, Spectrum, Veil, read_skin, veiled_spectrum,
};

/// Bare skin, and skin with pigment whose middle lies at [`DEPTHS_MM`]. (The table does not say whether its depth
/// is that of the top or the middle; with the scattering it states only the middle fits.)
const TABLE: [[[f64; 3]; 7]; 3] = [
    [
        [65.1, 9.6, 16.2],
        [36.7, -1.9, -1.9],
        [49.7, -1.6, 3.2],
        [57.1, -0.1, 7.8],
        [61.5, 2.3, 11.7],
        [63.6, 4.9, 14.0],
        [64.3, 6.2, 14.8],
    ],
    [
        [55.1, 10.7, 22.1],
        [31.3, -1.4, 3.8],
        [42.2, -0.3, 9.9],
        [48.4, 1.7, 14.7],
        [52.1, 4.2, 18.2],
        [53.8, 6.6, 20.2],
        [54.3, 7.8, 20.9],
    ],
    [
        [33.6, 13.5, 26.9],
        [18.8, 1.5, 10.0],
        [25.4, 4.1, 16.9],
        [29.4, 6.5, 21.2],
        [31.7, 8.9, 24.1],
        [32.8, 10.7, 25.6],
        [33.1, 11.6, 26.1],
    ],
];
const DEPTHS_MM: [f64; 6] = [0.15, 0.3, 0.5, 0.8, 1.2, 1.5];

fn lab(values: &Spectrum) -> Lab {
    Curve { first_nm: FIRST_NM, step_nm: STEP_NM, values }.lab(Illuminant::D65)
}

/// Skin of a color that scatters as that of the table: 6.31, 4.86, 3.91 per mm at 450, 550, 650 nm.
fn skin_of(color: Lab) -> Skin {
    let solver = SkinSolver::new(Build::SCALP, Streams::Eight).expect("the index is valid");
    let mut people = Population::wide();
    let (level, exponent) = (1.89f64, 1.30);
    (people.mean[6], people.mean[7]) = (level.ln(), exponent);
    (people.covariance[6][6], people.covariance[7][7]) = (1e-4, 1e-4);
    let weights = xyz_weights::<BANDS>(Illuminant::D65, FIRST_NM, STEP_NM);
    let (weights, values) = lab_weights(color, &weights);
    let seen = Observation::of_color(&weights, values, [0.1; 3]);
    read_skin(&solver, &seen, &people).expect("it is a color").skin
}

#[test]
fn black_turns_blue_with_depth() {
    let ink = DotInk { absorption_550_per_mm: 50.0, absorption_exponent: 1.0, absorption_curvature: 0.0 };
    for by_depth in TABLE {
        let [bare, under @ ..] = by_depth.map(|[l, a, b]| Lab::new(l, a, b));
        let skin = skin_of(bare);
        let own = lab(&SkinSolver::new(Build::SCALP, Streams::Sixteen)
            .expect("valid")
            .spectrum(&skin)
            .expect("valid"));
        println!("bare: {own:.1?} for {bare:.1?}; {skin:?}");
        let mut differences = Vec::new();
        for (middle_mm, expected) in DEPTHS_MM.into_iter().zip(under) {
            let veil = Veil { top_mm: middle_mm - 0.1, bottom_mm: middle_mm + 0.1, ink };
            let found = lab(&veiled_spectrum(&skin, Build::SCALP, &veil, Streams::Sixteen).expect("valid"));
            let off = ciede2000(found, expected);
            println!("{middle_mm} mm: {found:.1?} for {expected:.1?}, off by {off:.2}");
            // Bluer than a gray filter of the same depth would be: b* falls faster than L* + 16.
            let neutral = own.b * (found.l + 16.0) / (own.l + 16.0);
            assert!(
                found.b < neutral - 0.3,
                "{middle_mm} mm: b* {} beside {neutral} of a gray filter",
                found.b
            );
            differences.push((ciede2000(found, own), ciede2000(expected, bare)));
            // At 0.15 mm the pigment reaches into the epidermis, and how the table divides its melanin there is
            // not known. The dark skin of the table is yellower (b* 27 at L* 34) than the model reaches and than
            // measured dark skin is (b* 12): its contrast is held below, its color is only shown.
            let comparable = middle_mm > 0.2 && ciede2000(own, bare) < 0.5;
            assert!(!comparable || off < 3.0, "{middle_mm} mm: {found:?} for {expected:?}");
        }
        println!("contrast found and expected: {differences:.1?}");
        for (found, expected) in &differences[1..] {
            assert!((found - expected).abs() < 0.12 * expected + 0.5, "{found} for {expected}");
        }
        assert!(differences.windows(2).all(|w| w[0].0 > w[1].0), "deeper is fainter");
    }
}
