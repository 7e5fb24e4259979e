//! Pigment spread thinly on white paper, photographed: what it absorbs.

use stipple_quantity::Estimate;

/// A film of diluted pigment on white paper, measured in a photograph, beside the bare paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawdown {
    /// Light from the bare paper, linear R, G, B, any common unit.
    pub paper: [f64; 3],
    /// Light from the film once dry, the same unit.
    pub film: [f64; 3],
    /// Thickness of the film while it was wet, µm: volume over area, or the number on the wire bar; 2 to 500.
    pub wet_film_um: f64,
    /// Relative standard uncertainty of the thickness, 0 to 1; a wire bar is good to 0.1.
    pub wet_film_uncertainty: f64,
    /// Standard uncertainty of the light of the film, share of the paper's; 0.01 in a calibrated photograph.
    pub light_uncertainty: f64,
}

/// Absorption of the pigment as it was spread, 1/mm, in R, G, B; nothing in a channel where the film is too
/// black or too pale to tell.
///
/// The light goes twice through the film: film / paper = exp(−2 µa d); obliquely inside, so by a factor of 1.25
/// farther than straight. Times 1 + dilution it is the bottle's.
///
/// # Limits
/// The film may not scatter: dilute until the paper shines through, to between a tenth and nine tenths of the
/// paper's light. Light of the surface itself (0.4 % of the paper's in a matte photograph) is taken off.
///
/// # Source
/// Beer–Lambert; the factor is between 1 straight and 2 for fully diffuse light inside, weighted for light that
/// enters diffusely and leaves through a film of index 1.5 (grade D).
pub fn absorption_of_drawdown(drawdown: &Drawdown) -> [Option<Estimate>; 3] {
    /// See above.
    const SURFACE: f64 = 0.004;
    const OBLIQUE: f64 = 1.25;
    const OBLIQUE_UNCERTAINTY: f64 = 0.15;
    let thickness_mm = drawdown.wet_film_um / 1000.0;
    let usable = (0.002..=0.5).contains(&thickness_mm);
    std::array::from_fn(|k| {
        let share = drawdown.film[k] / drawdown.paper[k] - SURFACE;
        if !usable || !(0.05..=0.95).contains(&share) {
            return None;
        }
        let value = -share.ln() / (2.0 * OBLIQUE * thickness_mm);
        let by_light = drawdown.light_uncertainty.max(0.0) / share / (2.0 * OBLIQUE * thickness_mm);
        let by_scale = value * drawdown.wet_film_uncertainty.clamp(0.0, 1.0).hypot(OBLIQUE_UNCERTAINTY);
        Some(Estimate::new(value, by_light.hypot(by_scale)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_film_gives_back_what_it_was_made_of() {
        let film = |absorption: f64| 0.8 * ((-2.0 * 1.25 * absorption * 0.025_f64).exp() + 0.004);
        let drawdown = Drawdown {
            paper: [0.8; 3],
            film: [film(10.0), film(20.0), film(200.0)],
            wet_film_um: 25.0,
            wet_film_uncertainty: 0.1,
            light_uncertainty: 0.01,
        };
        let [red, green, blue] = absorption_of_drawdown(&drawdown);
        assert!((red.expect("measurable").value - 10.0).abs() < 1e-6);
        let green = green.expect("measurable");
        assert!((green.value - 20.0).abs() < 1e-6 && green.standard_uncertainty > 3.0);
        assert_eq!(blue, None, "too black to tell");
        assert_eq!(absorption_of_drawdown(&Drawdown { wet_film_um: f64::NAN, ..drawdown }), [None; 3]);
    }
}
