//! What skin color says about what is in the skin.

use stipple_quantity::Estimate;

/// Volume fraction of melanosomes in an epidermis of 80 µm, from the individual typology angle.
///
/// | | meaning | unit | valid |
/// |---|---|---|---|
/// | in | ITA | degree | −75 to 75, clamped |
/// | out | melanosome fraction | – | 0.014 to 0.33 |
///
/// log10 f = −0.00922 · ITA − 1.171, fitted to two-layer skin of 600 measured spectra (r = −0.956).
///
/// # Limits
/// What light fixes is the product of fraction and thickness. The spread of the fit, 20 % of the value, is
/// taken from the quartiles within the classes of ITA; blood makes skin look darker and is not told apart.
///
/// # Source
/// [@StippleDotTable] (own fit, adding-doubling), spectra [@Issa].
pub fn melanin_volume_fraction(ita_deg: Estimate) -> Estimate {
    const SLOPE: f64 = -0.00922;
    const INTERCEPT: f64 = -1.171;
    const SPREAD: f64 = 0.20;
    let ita = ita_deg.value.clamp(-75.0, 75.0);
    let fraction = 10f64.powf(SLOPE * ita + INTERCEPT);
    let from_angle = fraction * std::f64::consts::LN_10 * SLOPE.abs() * ita_deg.standard_uncertainty;
    Estimate::new(fraction, SPREAD * fraction).widened_by(from_angle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_medians_lie_within_the_uncertainty() {
        // Medians of the fitted fractions by class of ITA, at the middle of the class.
        for (ita, median) in [(60.0, 0.0188), (48.0, 0.0239), (34.0, 0.0330), (19.0, 0.0479), (-5.0, 0.0766)]
        {
            let got = melanin_volume_fraction(Estimate::new(ita, 0.0));
            assert!((got.value - median).abs() < got.standard_uncertainty, "{ita}: {got:?} against {median}");
        }
    }
}
