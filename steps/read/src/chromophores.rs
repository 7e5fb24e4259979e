//! Blood behind the color of skin.

use stipple_color::spectrum::{lab_weights, xyz_weights};
use stipple_color::{Illuminant, Lab};
use stipple_model::{Caveat, Code, Weight};
use stipple_optics::skin::read_scalp_color;
use stipple_quantity::Estimate;

/// Volume fraction of blood in the dermis, 0–1, and what to say of it.
///
/// The most probable skin for the color, given what people have: a color has three numbers and skin eight, so the
/// uncertainty is wide, and a caveat says what else looks the same.
pub(crate) fn blood(lab: Lab, u: Lab) -> (Option<Estimate>, Caveat) {
    let (weights, values) = lab_weights(lab, &xyz_weights(Illuminant::D65, 400.0, 10.0));
    match read_scalp_color(&weights, values, [u.l, u.a, u.b]) {
        Ok(found) if found.is_skin() && found.blood_fraction.relative_uncertainty().is_finite() => {
            (Some(found.blood_fraction), not_one_answer(found.blood_fraction))
        }
        _ => (None, unmeasured()),
    }
}

/// Says which other skins have the same color.
fn not_one_answer(blood: Estimate) -> Caveat {
    let spread = (1.0 + blood.relative_uncertainty().powi(2)).ln().sqrt().exp();
    let [low, high] = [blood.value / spread, blood.value * spread].map(|share| 100.0 * share);
    Caveat::new(
        Code::SkinChromophoresUnsure,
        Weight::Note,
        format!(
            "melanin follows from skin tone; of blood, {low:.2} to {high:.2} % with other oxygen or scattering look \
             the same in a photograph"
        ),
        "nothing to do; redness is compared between scar and skin instead",
    )
}

fn unmeasured() -> Caveat {
    Caveat::new(
        Code::SkinChromophoresUnmeasured,
        Weight::Note,
        "melanin follows from skin tone; the color is unlike any skin known here, so blood was not read from it",
        "photograph with the reference card in daylight",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redder_skin_has_more_blood_and_green_none() {
        let u = Lab::new(2.0, 1.5, 1.8);
        let of = |a: f64| blood(Lab::new(62.0, a, 17.0), u).0.expect("skin");
        let (pale, red) = (of(9.0), of(17.0));
        assert!(red.value > 1.5 * pale.value, "{pale:?} {red:?}");
        assert!((0.15..1.5).contains(&red.relative_uncertainty()), "{red:?}");
        let (none, caveat) = blood(Lab::new(60.0, -45.0, 25.0), u);
        assert!(none.is_none() && caveat.code == Code::SkinChromophoresUnmeasured);
    }
}
