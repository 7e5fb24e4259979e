//! Which pigment, and how thin.

use stipple_color::{Lab, LinearRgb, RgbSpace, ciede2000};
use stipple_model::{Caveat, Code, HealedMatch, LaterMatch, Pigment, PlannedPigment, Protocol, Reading};
use stipple_optics::dot::{Deposit, contrast_uncertainty, disk_contrast, disk_contrast_spectrum};
use stipple_optics::fading::{Course, DAYS_PER_YEAR, HEALED_DAYS, deposit_after, deposit_after_at};
use stipple_quantity::Estimate;

use crate::lights::{Comparison, compared};
use crate::palette::Palette;
use crate::skins::{LitSkin, Skins};
use crate::tone::Tone;
use crate::warnings::{self, HARDLY};

/// Differences that nobody sees on dots this small, CIEDE2000.
const INDISTINCT: f64 = 1.0;
/// A pigment later in the protocol's list has to match better by this, CIEDE2000: the absorption of pigments is a
/// planning value, and a change of bottle has to be worth it.
const CLEARLY_BETTER: f64 = 3.0;
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
    /// How a healed dot in the scar, if there is one, compares with the hair.
    pub(crate) healed_match: Option<HealedMatch>,
    pub(crate) caveats: Vec<Caveat>,
}

/// Chooses pigment and dilution, for scar skin as tone asks, and for the skin around it by the hair; for skin alone where
/// no scar is treated.
///
/// Of the healed dots that are not darker than the hair, the nearest to the hair's color wins, or the weakest
/// that looks the same; where hair is lighter than anything pigment can do, the lightest dot.
pub(crate) fn choose(reading: &Reading, palette: &Palette, protocol: &Protocol, tone: &Tone) -> Choice {
    let has_scar = !reading.scars.is_empty();
    let around = &palette.around.0;
    let main = if has_scar { &tone.dot } else { around };
    let mut pigments = vec![main.planned.clone()];
    let same = main.planned == around.planned;
    if !same {
        // Because a dot names its mixture by this word, two dilutions need two words.
        pigments[0].pigment.id.push_str("-in-scar");
        pigments.push(around.planned.clone());
    }
    let skin = palette.skins.of_dot(has_scar);
    let spread = Spread::of(skin, main);
    let healed_match = reading.hair.lab.map(|hair| healed_match(skin, main, &spread, hair));
    let mut caveats = warnings::all(reading, skin, main, &spread, protocol, healed_match.as_ref());
    if has_scar && caveats.iter().all(|caveat| caveat.code != Code::PlanTooDeep) {
        // The soft edge's dots go into skin that is no scar.
        caveats.extend(warnings::too_deep(around));
    }
    Choice { in_scar: 0, around: usize::from(!same), pigments, healed_match, caveats }
}

/// Needle depth in scar skin or in the skin around, mm.
pub(crate) fn depth_mm(protocol: &Protocol, in_scar: bool) -> [f64; 2] {
    if in_scar { protocol.needle_depth_in_scar_mm } else { protocol.needle_depth_mm }
}

/// The deposit of a pigment as the protocol sets it, healed in nothing but its diameter.
fn set_deposit(protocol: &Protocol, pigment: &Pigment, dilution: f64, in_scar: bool) -> Deposit {
    let [top_mm, bottom_mm] = depth_mm(protocol, in_scar);
    Deposit {
        diameter_um: protocol.healed_diameter_um.value,
        top_mm,
        bottom_mm,
        ink: pigment.ink().times(1.0 / (1.0 + dilution)),
    }
}

/// A dilution and the look of its healed dot.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) planned: PlannedPigment,
    /// As it is set.
    pub(crate) set: Deposit,
    pub(crate) in_scar: bool,
    /// Healed, on its likely course.
    pub(crate) deposit: Deposit,
    pub(crate) lab: Lab,
}

/// How far the color of a healed dot may be off: pairs of colors one standard deviation to the darker and to the
/// lighter side, by the skin's scattering, by the pigment's absorption and by the course of healing.
pub(crate) struct Spread {
    middle: Lab,
    ends: [[Lab; 2]; 3],
}

impl Spread {
    fn of(skin: &LitSkin, chosen: &Candidate) -> Self {
        /// Standard deviations from the median to the 10th percentile.
        const TENTH: f64 = 1.281_6;
        let contrast = disk_contrast(&chosen.deposit, &skin.around);
        let factors = contrast_uncertainty(&chosen.deposit, &skin.around);
        let scattered =
            |sign: f64| under(skin.lab, std::array::from_fn(|k| contrast[k] * factors[k].powf(sign)));
        let inked = |sign: f64| {
            let factor = (sign * chosen.planned.pigment.absorption_uncertainty).exp();
            healed_lab(skin, &Deposit { ink: chosen.deposit.ink.times(factor), ..chosen.deposit })
        };
        let healed = |course: Course| {
            let end = healed_lab(skin, &deposit_after_at(HEALED_DAYS, chosen.in_scar, &chosen.set, course));
            let nearer = |end: f64, middle: f64| middle + (end - middle) / TENTH;
            let middle = chosen.lab;
            Lab::new(nearer(end.l, middle.l), nearer(end.a, middle.a), nearer(end.b, middle.b))
        };
        Self {
            middle: chosen.lab,
            ends: [
                [scattered(1.0), scattered(-1.0)],
                [inked(1.0), inked(-1.0)],
                [healed(Course::Strong), healed(Course::Faint)],
            ],
        }
    }

    /// Standard uncertainty of something signed that follows from the color.
    pub(crate) fn of_value(&self, of: impl Fn(Lab) -> f64) -> f64 {
        let halves = self.ends.map(|[darker, lighter]| (of(darker) - of(lighter)).abs() / 2.0);
        halves.into_iter().fold(0.0, f64::hypot)
    }

    /// Standard uncertainty of the color's distance from another, CIEDE2000.
    ///
    /// The larger of the changes to either side counts: near its least value a distance grows both ways, and half the
    /// difference of the ends would vanish.
    pub(crate) fn of_distance(&self, from: Lab) -> f64 {
        let off = |lab: Lab| ciede2000(lab, from);
        let change = |end: Lab| (off(end) - off(self.middle)).abs();
        let changes = self.ends.map(|[darker, lighter]| change(darker).max(change(lighter)));
        changes.into_iter().fold(0.0, f64::hypot)
    }
}

/// The dilutions that dots in scars may have for the sake of tone: first the one that matches the hair, then, from the
/// nearest in strength, those of its pigment that are no darker than the hair and can be seen.
pub(crate) fn dilutions(reading: &Reading, skins: &Skins, protocol: &Protocol) -> Vec<Candidate> {
    let matching = best(reading, skins, protocol, &protocol.pigments, true);
    let (hair, skin) = (target(reading), skins.in_scar.lab);
    let may = |dot: &Candidate| {
        dot.planned != matching.planned && dot.lab.l >= hair.l && ciede2000(dot.lab, skin) >= HARDLY
    };
    let others = candidates(skins, protocol, &matching.planned.pigment, true);
    let mut others: Vec<Candidate> = others.into_iter().filter(may).collect();
    let away =
        |dot: &Candidate| ((1.0 + dot.planned.dilution) / (1.0 + matching.planned.dilution)).ln().abs();
    others.sort_by(|one, two| away(one).total_cmp(&away(two)));
    std::iter::once(matching).chain(others).collect()
}

/// Every dilution of a pigment, healed.
fn candidates(skins: &Skins, protocol: &Protocol, pigment: &Pigment, in_scar: bool) -> Vec<Candidate> {
    let candidate = |&dilution: &f64| {
        let set = set_deposit(protocol, pigment, dilution, in_scar);
        let deposit = deposit_after(HEALED_DAYS, in_scar, &set);
        let lab = healed_lab(skins.of_dot(in_scar), &deposit);
        let planned = PlannedPigment { pigment: pigment.clone(), dilution };
        Candidate { planned, set, in_scar, deposit, lab }
    };
    pigment.dilutions.iter().map(candidate).collect()
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
    let mut all: Vec<Candidate> =
        pigments.iter().flat_map(|pigment| candidates(skins, protocol, pigment, in_scar)).collect();
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
    let strength = |k: &usize| all[*k].deposit.ink.absorption_550_per_mm;
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
pub(crate) fn healed_lab(skin: &LitSkin, deposit: &Deposit) -> Lab {
    under(skin.lab, disk_contrast(deposit, &skin.around))
}

/// A color under a contrast in R, G, B.
fn under(skin: Lab, contrast: [f64; 3]) -> Lab {
    let bare = skin.to_linear(RgbSpace::Srgb).rgb;
    let rgb = std::array::from_fn(|k| bare[k] * (1.0 - contrast[k].min(0.98) as f32));
    Lab::from_linear(RgbSpace::Srgb, LinearRgb { rgb })
}

/// A healed dot beside a hair, with what skin, pigment and healing leave open.
fn healed_match(skin: &LitSkin, chosen: &Candidate, spread: &Spread, hair: Lab) -> HealedMatch {
    let seen = beside(skin, &chosen.deposit, hair);
    let color = spread.of_distance(hair);
    HealedMatch {
        color_difference: Estimate::new(seen.in_daylight, color.hypot(HAIR_MIXED)),
        worst_color_difference: seen.worst,
        worst_light: seen.worst_light.to_owned(),
        b_shift: Estimate::new(seen.b_shift, spread.of_value(|lab| lab.b).hypot(HAIR_MIXED)),
        later: [1.0, 3.0, 5.0].map(|years| later_match(skin, chosen, hair, years)).to_vec(),
    }
}

/// The same dot years later.
fn later_match(skin: &LitSkin, chosen: &Candidate, hair: Lab, years: f64) -> LaterMatch {
    let days = years * DAYS_PER_YEAR;
    let seen = Course::ALL
        .map(|course| beside(skin, &deposit_after_at(days, chosen.in_scar, &chosen.set, course), hair));
    LaterMatch {
        years,
        lightness: seen.map(|seen| seen.lightness),
        color_difference: seen.map(|seen| seen.in_daylight),
    }
}

/// A deposit beside a hair, by its spectrum.
fn beside(skin: &LitSkin, deposit: &Deposit, hair: Lab) -> Comparison {
    compared(&skin.spectrum, &disk_contrast_spectrum(deposit, &skin.skin), hair)
}

/// The hair's color, or halfway to black if it could not be measured.
pub(crate) fn target(reading: &Reading) -> Lab {
    let Lab { l, a, b } = reading.skin.lab;
    reading.hair.lab.unwrap_or(Lab::new(l / 2.0, a / 2.0, b / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::{default_like_protocol, strip_reading};

    fn chosen(reading: &Reading, protocol: &Protocol) -> Choice {
        let palette = Palette::of(reading, protocol);
        choose(reading, &palette, protocol, &Tone::of(reading, &palette, protocol))
    }

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
                .deposit
                .ink
                .absorption_550_per_mm
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
            let caveats = chosen(&reading, protocol).caveats;
            caveats.iter().any(|caveat| caveat.code == Code::PlanMayLookBlue)
        };
        assert!(!warned(&protocol));
        protocol.needle_depth_in_scar_mm = [0.45, 0.65];
        assert!(warned(&protocol));
    }

    #[test]
    fn a_match_at_its_best_is_not_certain_and_looks_later_as_it_does_healed() {
        let protocol = default_like_protocol();
        let reading = strip_reading();
        let skin = Skins::of(&reading).in_scar;
        let chosen = best(&reading, &Skins::of(&reading), &protocol, &protocol.pigments, true);
        let spread = Spread::of(&skin, &chosen);
        // A hair of the dot's own color: darker and lighter dots differ from it alike.
        let distance = spread.of_distance(chosen.lab);
        assert!(distance > 0.5 * spread.of_value(|lab| lab.l), "{distance}");
        let hair = reading.hair.lab.expect("measured");
        let healed = healed_match(&skin, &chosen, &spread, hair);
        let soon = later_match(&skin, &chosen, hair, HEALED_DAYS / DAYS_PER_YEAR);
        let change = soon.color_difference[1] - healed.color_difference.value;
        assert!(change.abs() < 0.1, "{healed:?} {soon:?}");
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
        protocol.needle_depth_in_scar_mm = [0.6, 0.8];
        protocol.pigments.truncate(1);
        let reading = strip_reading();
        let codes = |reading: &Reading, protocol: &Protocol| {
            chosen(reading, protocol).caveats.iter().map(|caveat| caveat.code).collect::<Vec<_>>()
        };
        assert!(codes(&reading, &protocol).contains(&Code::PlanPigmentPoor));
        let mut white = strip_reading();
        white.hair.lab = Some(Lab::new(85.0, 0.0, 4.0));
        assert!(codes(&white, &protocol).contains(&Code::PlanPigmentPoor));
        white.hair.lab = None;
        assert!(codes(&white, &protocol).contains(&Code::PlanPigmentPoor));
    }
}
