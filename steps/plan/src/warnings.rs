//! What to say about a healed dot before it is made.

use stipple_color::{Lab, ciede2000};
use stipple_model::{Caveat, Code, HealedMatch, Protocol, Reading, Weight};
use stipple_optics::Deposit;
use stipple_optics::fading::EPIDERMIS_MM;

use crate::pigment::{Candidate, Spread, healed_lab, target};
use crate::skins::LitSkin;

/// Healed dots that differ more than this from the hair get a warning, CIEDE2000.
const POOR: f64 = 10.0;
/// Healed dots nearer to the skin than this are hardly seen, CIEDE2000: a dot of 0.1 to 0.2 mm needs several
/// times the difference at which two large areas can be told apart.
pub(crate) const HARDLY: f64 = 5.0;
/// Dots that are darker than the hair beside them by more than this stand out, L*: about the smallest difference that
/// is seen on things this small, three times that of large areas.
const DARKER: f64 = 3.0;
/// Healed pigment whose middle lies deeper than this is a smear: at 0.7 mm a dot has lost nine tenths of its contrast, mm.
const TOO_DEEP_MM: f64 = 0.6;
/// From this chance on that dots stand out as too dark it is said.
const DARK_CHANCE: f64 = 1.0 / 3.0;
/// Healed dots whose b* lies more than this below that of skin which is merely darker look blue: about the smallest
/// difference in b* that is seen side by side.
const BLUE: f64 = 3.0;
/// How much b* falls for each unit of L* that a dot is darker than its skin, from which depth and not darkness makes it
/// blue: healed at the depths that are wanted dots have 0.45 to 0.5, 0.2 mm deeper 0.65, 0.5 mm deeper 0.9; gray glass
/// has 0.2.
const BLUE_BY_DEPTH: f64 = 0.6;
/// Colors of less chroma than this have no hue to speak of, C*.
const COLORED: f64 = 4.0;
/// A difference that grows by more than this from daylight to another light gets a note, CIEDE2000.
const LIGHT_CHANGE: f64 = 2.0;

/// Every warning about the dots in the scar.
pub(crate) fn all(
    reading: &Reading,
    skin: &LitSkin,
    chosen: &Candidate,
    spread: &Spread,
    protocol: &Protocol,
    healed: Option<&HealedMatch>,
) -> Vec<Caveat> {
    // Beside hair lighter than its skin every dot is too dark: the poor match says it.
    let matchable = target(reading).l < reading.skin.lab.l;
    // Where it is the depth that hides dots, nothing is to be said of the pigment.
    if let Some(caveat) = too_deep(chosen) {
        return vec![caveat];
    }
    [
        poor_caveat(reading, chosen, target(reading), healed),
        if matchable { too_dark_caveat(reading, skin, chosen, spread, protocol) } else { None },
        if matchable { hardly_shows_caveat(skin.lab, chosen, spread) } else { None },
        blue_caveat(reading, skin, chosen, spread),
        healed.and_then(light_caveat),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Says that the needle goes below the layer where dots show.
pub(crate) fn too_deep(chosen: &Candidate) -> Option<Caveat> {
    let place = if chosen.in_scar { "in scar skin" } else { "in skin that is no scar" };
    let middle_mm = (chosen.deposit.top_mm + chosen.deposit.bottom_mm) / 2.0;
    (middle_mm > TOO_DEEP_MM).then(|| {
        Caveat::new(
            Code::PlanTooDeep,
            Weight::Doubt,
            format!(
                "The needle is set too deep {place} for dots that show (the protocol's {:.1} to {:.1} mm heal to a middle of \
                 {middle_mm:.1} mm; below {TOO_DEEP_MM} mm dots turn into faint blue-gray smears, whatever the pigment).",
                chosen.set.top_mm, chosen.set.bottom_mm
            ),
            "Set 0.2 to 0.5 mm in the protocol; too shallow can be topped up, too deep cannot be undone.",
        )
    })
}

fn poor_caveat(
    reading: &Reading,
    chosen: &Candidate,
    target: Lab,
    healed: Option<&HealedMatch>,
) -> Option<Caveat> {
    let poor =
        |weight, message: String, remedy| Some(Caveat::new(Code::PlanPigmentPoor, weight, message, remedy));
    if reading.hair.lab.is_none() {
        return poor(
            Weight::Doubt,
            "The hair's color could not be measured; the pigment was chosen halfway between skin and black."
                .into(),
            "Compare a drawdown of the pigment with the hair, and set a few test dots.",
        );
    }
    let off = ciede2000(chosen.lab, target);
    if target.l >= reading.skin.lab.l {
        return poor(
            Weight::Doubt,
            format!(
                "The hair is lighter than the skin, and pigment can only darken (hair L* {:.0}, skin L* {:.0}).",
                target.l, reading.skin.lab.l
            ),
            "Dots would show as shadow between light hair. Set a few test dots before anything else.",
        );
    }
    if off <= POOR {
        return None;
    }
    let direction = if chosen.lab.l > target.l { "lighter" } else { "darker" };
    poor(
        Weight::Note,
        format!(
            "The pigment and dilution chosen heal to dots that are {direction} than the hair (L* {:.0} beside L* {:.0}, \
             CIEDE2000 {:.0}).",
            chosen.lab.l,
            target.l,
            healed.map_or(off, |healed| healed.color_difference.value),
        ),
        if direction == "lighter" {
            "Expect dots that look softer than hair. Do not make up for it by going deeper: deeper dots turn blue."
        } else {
            "Add a lighter pigment or a thinner dilution to the protocol."
        },
    )
}

/// Says how likely the dots stand out as darker than the hair that is there, where it could be measured.
fn too_dark_caveat(
    reading: &Reading,
    skin: &LitSkin,
    chosen: &Candidate,
    spread: &Spread,
    protocol: &Protocol,
) -> Option<Caveat> {
    let hair = reading.hair.lab?;
    let darker = hair.l - chosen.lab.l;
    let uncertainty = spread.of_value(|lab| lab.l);
    let chance = normal_share((darker - DARKER) / uncertainty.max(0.1));
    let fresh = Deposit {
        diameter_um: protocol.fresh_diameter_um.value,
        top_mm: EPIDERMIS_MM.min(chosen.set.top_mm),
        ..chosen.set
    };
    (chance > DARK_CHANCE).then(|| {
        let weight = if chance > 0.5 { Weight::Doubt } else { Weight::Note };
        Caveat::new(
            Code::PlanTooDark,
            weight,
            format!(
                "The healed dots may stand out as too dark beside the hair (L* {:.0} ± {uncertainty:.0} beside hair of \
                 L* {:.0}, {:.0} {}; from {} darker on dots stand out, in {:.0} % of what the skin's scattering, the \
                 pigment and the healing leave open, not counting how far the hair's own reading may be off. Before \
                 they heal they have L* {:.0}).",
                chosen.lab.l,
                hair.l,
                darker.abs(),
                if darker >= 0.0 { "darker" } else { "lighter" },
                DARKER,
                100.0 * chance,
                healed_lab(skin, &fresh).l
            ),
            thinner(chosen),
        )
    })
}

/// The next thinner dilution.
fn thinner(chosen: &Candidate) -> String {
    let now = chosen.planned.dilution;
    match chosen.planned.pigment.dilutions.iter().find(|parts| **parts > now) {
        Some(parts) => format!(
            "Begin with the next thinner dilution ({} instead of {}), and judge a light first session after four \
             weeks: more can be added, none can be taken out.",
            in_parts(*parts),
            in_parts(now)
        ),
        None => format!(
            "The thinnest dilution at hand ({}) was taken. Add a thinner one or a lighter pigment to the \
             protocol, and judge a light first session after four weeks.",
            in_parts(now)
        ),
    }
}

/// A dilution in words.
fn in_parts(dilution: f64) -> String {
    match dilution {
        0.0 => "undiluted".to_owned(),
        1.0 => "1 part to one".to_owned(),
        parts => format!("{parts} parts to one"),
    }
}

/// Share of a standard normal distribution below a value, to 2e-4.
fn normal_share(x: f64) -> f64 {
    1.0 / (1.0 + (-x * (1.5976 + 0.070_56 * x * x)).exp())
}

fn hardly_shows_caveat(skin: Lab, chosen: &Candidate, spread: &Spread) -> Option<Caveat> {
    let off = ciede2000(chosen.lab, skin);
    (off < HARDLY).then(|| {
        Caveat::new(
            Code::PlanHardlyShows,
            Weight::Doubt,
            format!(
                "The healed dots will hardly show in the {} (the mean over a dot's own disk differs from the skin \
                 by CIEDE2000 {off:.1} ± {:.1}; dots this small need about {HARDLY}).",
                if chosen.in_scar { "scar" } else { "skin" },
                spread.of_distance(skin)
            ),
            "Do not make up for it by going deeper or darker. Set a few test dots and judge them after four \
             weeks.",
        )
    })
}

fn blue_caveat(reading: &Reading, skin: &LitSkin, chosen: &Candidate, spread: &Spread) -> Option<Caveat> {
    let (bare, dot) = (skin.lab, chosen.lab);
    let by_depth = (bare.b - dot.b) / (bare.l - dot.l).max(0.1);
    // Darkening that is the same for all light takes b* along with the light's cube root.
    let merely_darker = bare.b * (dot.l + 16.0) / (bare.l + 16.0);
    let short = merely_darker - dot.b;
    (short > BLUE && by_depth > BLUE_BY_DEPTH).then(|| {
        Caveat::new(
            Code::PlanMayLookBlue,
            Weight::Doubt,
            format!(
                "At this depth the healed dots may look blue-gray. Nothing blue is in the pigment; red light reaches it \
                 below the surface and is swallowed, blue light turns back above it (b* {short:.0} ± {:.0} below that \
                 of skin which is merely darker{}).",
                spread.of_value(|lab| lab.b - bare.b * (lab.l + 16.0) / (bare.l + 16.0)),
                reading.hair.lab.map_or_else(String::new, |hair| beside(dot, hair))
            ),
            "Set the needle shallower in the protocol, choose a warmer pigment, and judge a light first session \
             after four weeks.",
        )
    })
}

/// A dot's b* and, where both have one, its hue against those of the hair beside it.
fn beside(dot: Lab, hair: Lab) -> String {
    let hue = |lab: Lab| lab.b.atan2(lab.a).to_degrees();
    let turned = (hue(dot) - hue(hair) + 540.0).rem_euclid(360.0) - 180.0;
    let colored = [dot, hair].iter().all(|lab| lab.a.hypot(lab.b) > COLORED);
    let turned = if colored { format!(" with the hue turned by {turned:+.0}°") } else { String::new() };
    format!(", and b* {:+.0}{turned} against the hair beside them", dot.b - hair.b)
}

fn light_caveat(healed: &HealedMatch) -> Option<Caveat> {
    let (day, worst) = (healed.color_difference.value, healed.worst_color_difference);
    (worst - day > LIGHT_CHANGE).then(|| {
        Caveat::new(
            Code::PlanChangesWithLight,
            Weight::Note,
            format!(
                "Dots and hair differ more in some light than in daylight (CIEDE2000 {day:.0} in daylight, \
                 {worst:.0} in {} light).",
                healed.worst_light.replace('_', " ")
            ),
            "Look at the test dots in the light that this person lives and works in.",
        )
    })
}

#[cfg(test)]
mod tests;
