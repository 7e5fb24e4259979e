//! What to say where the tone of the surroundings is out of reach.

use stipple_model::{Caveat, Code, ScarTone, Weight};

use super::Tone;

/// Differences of large areas below this are hardly seen, CIEDE2000.
const REACHED: f64 = 1.5;
/// Shares of what is left, a*, b* against L*, from which on it is the hue that differs.
const BY_HUE: f64 = 1.0;

/// Says how far off the tone stays and why, where it stays off.
pub(crate) fn caveat(tone: &Tone, scars: &ScarTone) -> Option<Caveat> {
    let (today, healed) = (scars.today, scars.healed);
    if healed.median <= REACHED {
        return None;
    }
    let weight = if healed.median < today.median { Weight::Note } else { Weight::Doubt };
    let (why, remedy) = left(tone);
    let message = format!(
        "Dots within what skin and needle allow do not give the scar the tone of its surroundings: it will {} Seen from \
         conversation distance it differs by CIEDE2000 {:.1} untreated and by {:.1} with healed dots (medians; 95 % of \
         places within {:.1} and {:.1}; below 1.5 hardly anybody sees it). {why}",
        stays(today.median, healed.median),
        today.median,
        healed.median,
        today.p95,
        healed.p95
    );
    Some(Caveat::new(Code::PlanToneShort, weight, message, remedy))
}

/// What becomes of the difference, in plain words.
fn stays(untreated: f64, healed: f64) -> &'static str {
    match healed / untreated {
        share if share > 1.0 => "differ more than it does untreated.",
        share if share > 0.75 => {
            "stay about as visible by its tone as it is; what dots can give it is the look of follicles."
        }
        _ => "stay visible by its tone, less than untreated.",
    }
}

/// Why a difference is left, and what to do.
fn left(tone: &Tone) -> (&'static str, &'static str) {
    let mean = |of: &dyn Fn([f64; 3]) -> f64| {
        tone.mean_by_area(|scar| {
            let [own, around] = scar.seen(tone.dot_mm2(scar), 1.0, 1.0);
            of([own.l - around.l, own.a - around.a, own.b - around.b])
        })
    };
    let [lighter, redder, yellower] = [0, 1, 2].map(|k| mean(&|off| off[k]));
    if redder.hypot(yellower) > BY_HUE * lighter.abs() {
        (
            "What is left is hue more than lightness, and pigment that looks like hair does not change hue.",
            "If the scar is red, wait until it has faded. Else judge by a few healed test dots whether dots alone are worth it.",
        )
    } else if lighter > 0.0 {
        (
            "The scar stays lighter: darker dots would stand out from the hair, larger or more of them would run together.",
            "Hair cut a little longer hides more than further dots would. Do not go darker or denser to make up for it.",
        )
    } else {
        (
            "The scar is darker than the skin around, and pigment can only darken.",
            "Dots can bring back the look of follicles, not an even tone. Judge by a few healed test dots first.",
        )
    }
}
