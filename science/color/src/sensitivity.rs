//! Contrast sensitivity: the least contrast that people detect, by spatial frequency, area, luminance and color.
//!
//! castleCSF [@Ashraf2024] for what stands still and is looked at directly (0 Hz, fovea), with its published constants;
//! nothing is fitted here. Its transient channel answers flicker alone (below 10⁻⁷ of the whole at 0 Hz at 100 cd/m²)
//! and is left out.

/// A post-receptoral mechanism of color vision, with the contrast that it sees ([`crate::ConeOpponent::contrast_to`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// Light against dark.
    Achromatic,
    /// Red against green.
    RedGreen,
    /// Yellow against violet.
    YellowViolet,
}

impl Mechanism {
    /// All, in the order in which triples of contrasts stand.
    pub const ALL: [Self; 3] = [Self::Achromatic, Self::RedGreen, Self::YellowViolet];
}

/// Contrast sensitivity: one over the contrast of a grating patch at the threshold of detection.
///
/// | | meaning | unit | valid |
/// |---|---|---|---|
/// | in | spatial frequency | cycles a degree | 1/16 to 64 |
/// | | area of the patch, π σ² of its Gaussian envelope | degree² | 0.003 to 1000 |
/// | | luminance of the ground | cd/m² | 0.02 to 10 000 |
/// | out | sensitivity, of the mechanism's own contrast | – | at least 0 |
///
/// # Limits
/// A mean observer under the conditions of the laboratory; single data sets lie up to 5 dB off as a whole, and 3 dB
/// (RMS) around that ([docs/science/outcome.md]).
///
/// # Source
/// [@Ashraf2024]; summation over area after [@Rovamo1993].
pub fn contrast_sensitivity(
    mechanism: Mechanism,
    cycles_per_deg: f64,
    area_deg2: f64,
    luminance_cd_m2: f64,
) -> f64 {
    (energy_weight(mechanism, cycles_per_deg, area_deg2, luminance_cd_m2) * area_deg2 / 2.0).sqrt()
}

/// What the contrast energy of a pattern at a frequency is worth: d′² for each unit of contrast² · degree².
///
/// A grating patch of amplitude c over the area A has the energy c² A / 2 and is at threshold, d′ = 1, where c = 1/S:
/// W = 2 S² / A. Written with the summation of [@Rovamo1993], S² = (S_max ρ)² A_c A / (A + A_c), so that it also stands
/// for patterns that are no gratings: d′² = ∫ |spectrum|² W.
///
/// Units and ranges as in [`contrast_sensitivity`]; the answer is in 1/degree².
pub fn energy_weight(mechanism: Mechanism, cycles_per_deg: f64, area_deg2: f64, luminance_cd_m2: f64) -> f64 {
    if cycles_per_deg <= 0.0 {
        return 0.0;
    }
    let constants = constants(mechanism);
    let peak = constants.shape(cycles_per_deg, luminance_cd_m2) * cycles_per_deg;
    let critical_deg2 = constants.area_deg2 / (1.0 + (cycles_per_deg / constants.corner).powi(2));
    2.0 * peak * peak * critical_deg2 / (area_deg2 + critical_deg2)
}

/// Constants of one mechanism, by the names of [@Ashraf2024].
struct Constants {
    /// S_max: two hyperbolic functions of luminance; of the second the exponent may be zero.
    peak: [f64; 5],
    /// f_max, cycles a degree: one hyperbolic function of luminance.
    top: [f64; 3],
    /// Width of the log-parabola, bw.
    width: f64,
    /// How far sensitivity may fall below the top toward low frequencies, a.
    fall: f64,
    /// A_0, degree².
    area_deg2: f64,
    /// f_0, cycles a degree.
    corner: f64,
}

const ACHROMATIC: Constants = Constants {
    peak: [56.4947, 7.547_26, 0.144_532, 5.583_41e-7, 9.668_62e9],
    top: [1.781_19, 91.5718, 0.256_682],
    width: 0.000_213_047,
    fall: 0.100_207,
    area_deg2: 157.103,
    corner: 0.702_338,
};
const RED_GREEN: Constants = Constants {
    peak: [681.434, 38.0038, 0.480_386, 0.0, 0.0],
    top: [0.017_836_4, 0.0, 0.0],
    width: 2.421_04,
    fall: 0.0,
    area_deg2: 2816.44,
    corner: 0.071_105_8,
};
const YELLOW_VIOLET: Constants = Constants {
    peak: [166.683, 62.8974, 0.411_93, 0.0, 0.0],
    top: [0.004_257_53, 0.0, 0.0],
    width: 2.681_97,
    fall: 0.0,
    area_deg2: 2.827_89e7,
    corner: 0.000_635_093,
};

fn constants(mechanism: Mechanism) -> &'static Constants {
    match mechanism {
        Mechanism::Achromatic => &ACHROMATIC,
        Mechanism::RedGreen => &RED_GREEN,
        Mechanism::YellowViolet => &YELLOW_VIOLET,
    }
}

impl Constants {
    /// Peak sensitivity times the log-parabola, which does not fall below 1 − a on its left.
    fn shape(&self, frequency: f64, luminance: f64) -> f64 {
        let [s1, s2, s3, s4, s5] = self.peak;
        let mut peak = s1 * (1.0 + s2 / luminance).powf(-s3);
        if s5 > 0.0 {
            peak *= 1.0 - (1.0 + s4 / luminance).powf(-s5);
        }
        let top = self.top[0] * (1.0 + self.top[1] / luminance).powf(-self.top[2]);
        let parabola = 10f64.powf(-(frequency / top).log10().powi(2) / self.width.exp2());
        peak * if frequency < top { parabola.max(1.0 - self.fall) } else { parabola }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the authors' equations, evaluated by an independent program.
    #[test]
    fn agrees_with_the_published_equations() {
        for (mechanism, frequency, area, luminance, expected) in PUBLISHED {
            let got = contrast_sensitivity(mechanism, frequency, area, luminance);
            assert!((got / expected - 1.0).abs() < 1e-4, "{mechanism:?} {frequency}: {got} for {expected}");
        }
    }

    #[test]
    fn energy_at_threshold_is_one() {
        let (frequency, area, luminance) = (3.0, 0.8, 80.0);
        for mechanism in Mechanism::ALL {
            let contrast = 1.0 / contrast_sensitivity(mechanism, frequency, area, luminance);
            let energy = contrast * contrast * area / 2.0;
            assert!((energy * energy_weight(mechanism, frequency, area, luminance) - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn more_area_and_more_light_never_hide() {
        for mechanism in Mechanism::ALL {
            for frequency in [0.25, 1.0, 4.0, 16.0] {
                let at = |area, light| contrast_sensitivity(mechanism, frequency, area, light);
                assert!(at(1.0, 100.0) > at(0.1, 100.0) && at(1.0, 100.0) > at(1.0, 1.0));
            }
        }
    }

    /// Mechanism, cycles a degree, degree², cd/m², sensitivity.
    const PUBLISHED: [(Mechanism, f64, f64, f64, f64); 6] = [
        (Mechanism::Achromatic, 0.5, 10.0, 100.0, 75.974_050),
        (Mechanism::Achromatic, 4.0, 1.0, 20.0, 99.380_019),
        (Mechanism::Achromatic, 24.0, 0.1, 200.0, 13.704_622),
        (Mechanism::RedGreen, 1.0, 2.0, 50.0, 184.643_979),
        (Mechanism::RedGreen, 6.0, 0.5, 100.0, 105.728_775),
        (Mechanism::YellowViolet, 0.5, 4.0, 30.0, 21.569_750),
    ];
}
