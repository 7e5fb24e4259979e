//! Which pigment, and how thin.

use stipple_color::{Lab, LinearRgb, RgbSpace, ciede2000};
use stipple_model::{Caveat, Code, HealedMatch, Pigment, PlannedPigment, Protocol, Reading, Weight};
use stipple_optics::dot::{Deposit, DotInk, contrast_uncertainty, disk_contrast, disk_contrast_spectrum};
use stipple_optics::fading::{HEALED_DAYS, deposit_after};
use stipple_quantity::Estimate;

use crate::lights::compared;
use crate::skins::{LitSkin, Skins};

/// Healed dots that differ more than this from the hair get a warning, CIEDE2000.
const POOR: f64 = 10.0;
/// Healed dots nearer to the skin than this are hardly seen, CIEDE2000: a dot of 0.1 to 0.2 mm needs several
/// times the difference at which two large areas can be told apart.
const HARDLY: f64 = 5.0;
/// Differences that nobody sees on dots this small, CIEDE2000.
const INDISTINCT: f64 = 1.0;
/// A pigment later in the protocol's list has to match better by this, CIEDE2000: the absorption of pigments is a
/// planning value, and a change of bottle has to be worth it.
const CLEARLY_BETTER: f64 = 3.0;
/// Healed dots whose b* lies more than this below that of skin which is merely darker look blue: about the smallest
/// difference in b* that is seen side by side.
const BLUE: f64 = 3.0;
/// How much b* falls for each unit of L* that a dot is darker than its skin, from which depth and not darkness makes it
/// blue: healed at the depths that are wanted dots have 0.45 to 0.5, 0.2 mm deeper 0.65, 0.5 mm deeper 0.9; gray glass
/// has 0.2.
const BLUE_BY_DEPTH: f64 = 0.6;
/// A difference that grows by more than this from daylight to another light gets a note, CIEDE2000.
const LIGHT_CHANGE: f64 = 2.0;
/// How far the color of hair read in a photograph is off, where it is mixed with the skin around it, CIEDE2000 and b*
/// (docs/accuracy.md).
const HAIR_MIXED: f64 = 8.0;

/// The pigments of a plan.
pub(crate) struct Choice {
    /// Those used.
    pub(crate) pigments: Vec<PlannedPigment>,
    /// Index of the one for scar skin.
    pub(crate) in_scar: usize,
    /// Index of the one for skin around.
    pub(crate) around: usize,
    /// How a healed dot in the scar compares with the hair.
    pub(crate) healed_match: Option<HealedMatch>,
    pub(crate) caveats: Vec<Caveat>,
}

/// Chooses pigment and dilution, for scar skin and for the skin around it.
///
/// Of the healed dots that are not darker than the hair, the nearest to the hair's color wins, or the weakest
/// that looks the same; where hair is lighter than anything pigment can do, the lightest dot.
pub(crate) fn choose(reading: &Reading, skins: &Skins, protocol: &Protocol) -> Choice {
    let target = target(reading);
    let scar = best(reading, skins, protocol, &protocol.pigments, true);
    // One bottle for all of it; only the dilution may differ.
    let around = best(reading, skins, protocol, std::slice::from_ref(&scar.planned.pigment), false);
    let mut pigments = vec![scar.planned.clone()];
    let same = scar.planned == around.planned;
    if !same {
        // Because a dot names its mixture by this word, two dilutions need two words.
        pigments[0].pigment.id.push_str("-in-scar");
        pigments.push(around.planned.clone());
    }
    let mut caveats = Vec::new();
    caveats.extend(poor_caveat(reading, &scar, target));
    caveats.extend(hardly_shows_caveat(skins.in_scar.lab, &scar));
    let healed_match = reading.hair.lab.map(|hair| healed_match(&skins.in_scar, &scar, hair));
    caveats.extend(blue_caveat(&skins.in_scar, &scar));
    caveats.extend(healed_match.as_ref().and_then(light_caveat));
    Choice { in_scar: 0, around: usize::from(!same), pigments, healed_match, caveats }
}

/// Needle depth in scar skin or in the skin around, mm.
pub(crate) fn depth_mm(protocol: &Protocol, in_scar: bool) -> [f64; 2] {
    if in_scar { protocol.needle_depth_in_scar_mm } else { protocol.needle_depth_mm }
}

/// The healed deposit of a pigment as the protocol sets it.
pub(crate) fn healed_deposit(
    protocol: &Protocol,
    pigment: &Pigment,
    dilution: f64,
    in_scar: bool,
) -> Deposit {
    let [top_mm, bottom_mm] = depth_mm(protocol, in_scar);
    let planned = Deposit {
        diameter_um: protocol.healed_diameter_um.value,
        top_mm,
        bottom_mm,
        ink: DotInk {
            absorption_550_per_mm: pigment.absorption_550_per_mm / (1.0 + dilution),
            absorption_exponent: pigment.absorption_exponent,
        },
    };
    deposit_after(HEALED_DAYS, in_scar, &planned)
}

/// A dilution and the look of its healed dot.
pub(crate) struct Candidate {
    pub(crate) planned: PlannedPigment,
    pub(crate) deposit: Deposit,
    lab: Lab,
}

/// The best of some pigments for the hair of a reading, the first of them unless a later one is clearly better.
///
/// # Panics
/// If there is no pigment or one without dilutions.
pub(crate) fn best(
    reading: &Reading,
    skins: &Skins,
    protocol: &Protocol,
    pigments: &[Pigment],
    in_scar: bool,
) -> Candidate {
    let target = target(reading);
    let all = pigments.iter().flat_map(|pigment| {
        pigment.dilutions.iter().map(move |&dilution| {
            let deposit = healed_deposit(protocol, pigment, dilution, in_scar);
            let lab = healed_lab(skins.of_dot(in_scar), &deposit);
            Candidate { planned: PlannedPigment { pigment: pigment.clone(), dilution }, deposit, lab }
        })
    });
    let mut all: Vec<Candidate> = all.collect();
    let (fits, darker): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(|k| all[*k].lab.l >= target.l);
    let lightness = |k: &usize| all[*k].lab.l;
    let off = |k: &usize| ciede2000(all[*k].lab, target);
    let closest =
        |list: &mut dyn Iterator<Item = usize>| list.min_by(|one, two| off(one).total_cmp(&off(two)));
    let of = |pigment: &Pigment| {
        closest(&mut fits.iter().copied().filter(|k| all[*k].planned.pigment == *pigment))
    };
    let least = closest(&mut fits.iter().copied()).map_or(0.0, |k| off(&k));
    let nearest = pigments.iter().filter_map(of).find(|k| off(k) <= least + CLEARLY_BETTER);
    // Because pigment cannot be taken out, the weakest dilution that nobody could tell from the nearest wins.
    let alike = |k: &&usize, nearest: &usize| {
        all[**k].planned.pigment == all[*nearest].planned.pigment && off(k) <= off(nearest) + INDISTINCT
    };
    let strength = |k: &usize| all[*k].planned.absorption_550_per_mm();
    let weakest = |nearest: &usize| {
        let near_enough = fits.iter().filter(|k| alike(k, nearest));
        near_enough.min_by(|one, two| strength(one).total_cmp(&strength(two)))
    };
    let chosen = nearest.as_ref().and_then(weakest);
    let lightest = || darker.iter().max_by(|one, two| lightness(one).total_cmp(&lightness(two)));
    let chosen = *chosen.or_else(lightest).expect("a checked protocol has pigments with dilutions");
    all.swap_remove(chosen)
}

/// Color of a healed dot, the mean over its own disk.
fn healed_lab(skin: &LitSkin, deposit: &Deposit) -> Lab {
    under(skin.lab, disk_contrast(deposit, &skin.around))
}

/// A color under a contrast in R, G, B.
fn under(skin: Lab, contrast: [f64; 3]) -> Lab {
    let bare = skin.to_linear(RgbSpace::Srgb).rgb;
    let rgb = std::array::from_fn(|k| bare[k] * (1.0 - contrast[k].min(0.98) as f32));
    Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb })
}

/// A healed dot beside a hair, with what the skin's scattering leaves open.
fn healed_match(skin: &LitSkin, chosen: &Candidate, hair: Lab) -> HealedMatch {
    let spectrum = disk_contrast_spectrum(&chosen.deposit, &skin.skin);
    let seen = compared(&skin.spectrum, &spectrum, hair);
    let contrast = disk_contrast(&chosen.deposit, &skin.around);
    let factors = contrast_uncertainty(&chosen.deposit, &skin.around);
    let ends = [1.0, -1.0]
        .map(|sign: f64| under(skin.lab, std::array::from_fn(|k| contrast[k] * factors[k].powf(sign))));
    let half = |of: &dyn Fn(Lab) -> f64| (of(ends[0]) - of(ends[1])).abs() / 2.0;
    HealedMatch {
        color_difference: Estimate::new(
            seen.in_daylight,
            half(&|lab| ciede2000(lab, hair)).hypot(HAIR_MIXED),
        ),
        worst_color_difference: seen.worst,
        worst_light: seen.worst_light.to_owned(),
        b_shift: Estimate::new(seen.b_shift, half(&|lab| lab.b).hypot(HAIR_MIXED)),
    }
}

/// The hair's color, or halfway to black if it could not be measured.
fn target(reading: &Reading) -> Lab {
    let Lab { l, a, b } = reading.skin.lab;
    reading.hair.lab.unwrap_or(Lab::new(l / 2.0, a / 2.0, b / 2.0))
}

fn poor_caveat(reading: &Reading, chosen: &Candidate, target: Lab) -> Option<Caveat> {
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
                "The hair (L* {:.0}) is lighter than the skin (L* {:.0}). Pigment can only darken.",
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
            "The best pigment at hand heals to L* {:.0}, {direction} than the hair at L* {:.0} (difference \
             {off:.0} CIEDE2000).",
            chosen.lab.l, target.l
        ),
        if direction == "lighter" {
            "Expect dots that look softer than hair. Do not make up for it by going deeper: deeper dots turn blue."
        } else {
            "Add a lighter pigment or a thinner dilution to the protocol."
        },
    )
}

fn hardly_shows_caveat(skin: Lab, chosen: &Candidate) -> Option<Caveat> {
    let off = ciede2000(chosen.lab, skin);
    (off < HARDLY).then(|| {
        Caveat::new(
            Code::PlanHardlyShows,
            Weight::Doubt,
            format!(
                "The healed dots will hardly show in the scar: the middle of a dot differs from the skin by \
                 CIEDE2000 {off:.1} only."
            ),
            "Do not make up for it by going deeper or darker. Set a few test dots and judge them after four \
             weeks.",
        )
    })
}

fn blue_caveat(skin: &LitSkin, chosen: &Candidate) -> Option<Caveat> {
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
                "At this depth the healed dots may look blue-gray: b* {short:.0} below that of skin which is merely \
                 darker. Nothing blue is in the pigment; red light reaches it below the surface and is swallowed, \
                 blue light turns back above it."
            ),
            "Set the needle shallower in the protocol, choose a warmer pigment, and judge a light first session \
             after four weeks.",
        )
    })
}

fn light_caveat(healed: &HealedMatch) -> Option<Caveat> {
    let (day, worst) = (healed.color_difference.value, healed.worst_color_difference);
    (worst - day > LIGHT_CHANGE).then(|| {
        Caveat::new(
            Code::PlanChangesWithLight,
            Weight::Note,
            format!(
                "Dots and hair differ more in some light: CIEDE2000 {day:.0} in daylight, {worst:.0} in {} light.",
                healed.worst_light.replace('_', " ")
            ),
            "Look at the test dots in the light that this person lives and works in.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{default_like_protocol, strip_reading};

    #[test]
    fn dots_are_never_darker_than_hair_unless_hair_is_lighter_than_skin() {
        let protocol = default_like_protocol();
        for hair in [Lab::new(20.0, 2.0, 2.0), Lab::new(45.0, 5.0, 10.0), Lab::new(55.0, 6.0, 14.0)] {
            let mut reading = strip_reading();
            reading.hair.lab = Some(hair);
            for in_scar in [true, false] {
                let chosen = best(&reading, &Skins::of(&reading), &protocol, &protocol.pigments, in_scar);
                assert!(
                    chosen.lab.l >= hair.l && chosen.lab.l < reading.skin.lab.l,
                    "{hair:?} {:?}",
                    chosen.lab
                );
            }
        }
    }

    #[test]
    fn lighter_hair_takes_a_thinner_dilution() {
        let protocol = default_like_protocol();
        let strength = |l: f64| {
            let mut reading = strip_reading();
            reading.hair.lab = Some(Lab::new(l, 5.0, 10.0));
            best(&reading, &Skins::of(&reading), &protocol, &protocol.pigments, false)
                .planned
                .absorption_550_per_mm()
        };
        assert!(strength(30.0) > strength(55.0));
    }

    #[test]
    fn deep_dots_may_look_blue_shallow_ones_need_no_warning() {
        let mut protocol = default_like_protocol();
        protocol.pigments.truncate(1);
        let mut reading = strip_reading();
        reading.hair.lab = Some(Lab::new(35.0, 8.0, 13.0));
        let warned = |protocol: &Protocol| {
            let caveats = choose(&reading, &Skins::of(&reading), protocol).caveats;
            caveats.iter().any(|caveat| caveat.code == Code::PlanMayLookBlue)
        };
        assert!(!warned(&protocol));
        protocol.needle_depth_in_scar_mm = [0.45, 0.65];
        assert!(warned(&protocol));
    }

    #[test]
    fn another_bottle_has_to_be_worth_it() {
        let mut protocol = default_like_protocol();
        let reading = strip_reading();
        let chosen = |protocol: &Protocol| {
            best(&reading, &Skins::of(&reading), protocol, &protocol.pigments, true).planned.pigment.id
        };
        let first = protocol.pigments[0].clone();
        // Nearly the same pigment, a little better or not: the first stays.
        protocol.pigments =
            vec![first.clone(), Pigment { id: "other".into(), absorption_exponent: 1.1, ..first }];
        assert_eq!(chosen(&protocol), "carbon");
        protocol.pigments.reverse();
        assert_eq!(chosen(&protocol), "other");
    }

    #[test]
    fn a_poor_match_and_white_hair_are_said() {
        let mut protocol = default_like_protocol();
        protocol.needle_depth_in_scar_mm = [0.8, 1.1];
        protocol.pigments.truncate(1);
        let reading = strip_reading();
        let codes = |reading: &Reading, protocol: &Protocol| {
            choose(reading, &Skins::of(reading), protocol)
                .caveats
                .iter()
                .map(|caveat| caveat.code)
                .collect::<Vec<_>>()
        };
        assert!(codes(&reading, &protocol).contains(&Code::PlanPigmentPoor));
        let mut white = strip_reading();
        white.hair.lab = Some(Lab::new(85.0, 0.0, 4.0));
        assert!(codes(&white, &protocol).contains(&Code::PlanPigmentPoor));
        white.hair.lab = None;
        assert!(codes(&white, &protocol).contains(&Code::PlanPigmentPoor));
    }
}
