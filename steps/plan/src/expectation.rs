//! What the scar measures against its surroundings, today and treated and healed.

use stipple_model::{
    Caveat, Code, Expectation, ExpectedThen, Plan, Protocol, Qualified, Reading, ScarTone, ToneDifference,
    Weight,
};
use stipple_optics::dot::{Deposit, SkinAround, contrast_uncertainty, profile_in};
use stipple_optics::fading::{Course, DAYS_PER_YEAR, HEALED_DAYS, deposit_after_at, pigment_share_left};
use stipple_quantity::Estimate;

use crate::check;
use crate::palette::Palette;
use crate::pigment::Candidate;
use crate::tone::Tone;

/// Factor by which the darkening by shaved hair may be off: the length that shows of it is 0.2 to 0.8 mm.
const HAIR_FACTOR: f64 = 2.0;
/// Standard uncertainty of a difference of even areas, whatever else is known, CIEDE2000.
const LEAST_UNCERTAINTY: f64 = 1.0;
/// Difference that is just seen, CIEDE2000: half of observers see 0.59 on light and 1.75 on dark skin (Vision Research 223:108474,
/// 2024). Smaller ones are not told from none.
const JUST_SEEN: f64 = 1.0;
/// When it is looked at a last time: sources name touch-ups after two to six years.
const LATER_YEARS: f64 = 2.0;
/// Standard deviations from the likely course to the faint and to the strong one.
const TENTH: f64 = 1.281_6;
/// Part of today's difference that has to go for the change to be worth the needle.
const WORTH_SHARE: f64 = 0.2;

/// The color difference between scar and surroundings with their hair, today and once treated and healed.
///
/// They are the plan's own, place by place as the eye sees them from conversation distance; how sure they are follows from
/// even areas: each skin's own color, darkened by shaved hair and by dots, over several scars the mean by area. After two
/// years it is the healed one and what fading adds to it in even areas, as unsure as the courses that dots may take lie
/// apart besides: dots lose pigment and spread, and spread wide they can take more light than before. How much pigment is left then is the prior of previews, of people and not of this one; scars keep less.
///
/// # Limits
/// A first model, not measured outcomes: its uncertainty is wide. The distance at which the scar can still be
/// seen needs texture as well as tone, and with it the photograph: it is not predicted here.
///
/// Nothing is expected without a plan, without a scar whose color was measured, without hair color, or with a protocol or
/// reading that cannot be planned with; a caveat says what is missing, another where little would change.
pub fn expectation(reading: &Reading, protocol: &Protocol, plan: Option<&Plan>) -> Qualified<Expectation> {
    let usable = check::protocol(protocol).is_ok() && check::reading(reading).is_ok();
    let tones = if usable { Tones::of(reading, protocol) } else { None };
    let planned = plan.and_then(|plan| plan.scar_tone);
    let estimated = |of: fn(&ScarTone) -> ToneDifference, treated: bool| {
        let (value, uncertainty) = (of(planned.as_ref()?).median, tones.as_ref()?.uncertainty(treated));
        (value.is_finite() && uncertainty.is_finite()).then(|| Estimate::new(value, uncertainty))
    };
    let healed = estimated(|tone| tone.healed, true);
    let later = || healed.and_then(|healed| Some(tones.as_ref()?.faded(healed, LATER_YEARS * DAYS_PER_YEAR)));
    let is_planned = usable && plan.is_some_and(|plan| plan.dots().next().is_some());
    let expected = Expectation {
        visible_distance_today_m: None,
        visible_distance_m: None,
        color_difference_today: estimated(|tone| tone.today, false),
        color_difference: healed,
        over_time: match is_planned {
            true => vec![then(HEALED_DAYS, healed), then(LATER_YEARS * DAYS_PER_YEAR, later())],
            false => Vec::new(),
        },
    };
    let caveats = [missing(&expected), little(&expected)].into_iter().flatten().collect();
    Qualified::new(expected, caveats)
}

fn then(days: f64, color_difference: Option<Estimate>) -> ExpectedThen {
    ExpectedThen {
        days,
        pigment_left_in_scar: pigment_share_left(days, true),
        pigment_left: pigment_share_left(days, false),
        color_difference,
        visible_distance_m: None,
    }
}

/// Scars and their dots, and how sure that is.
struct Tones {
    tone: Tone,
    /// Factor by which the dots' darkening may be off, by the skin's scattering and the pigment's absorption.
    dot_factor: f64,
    /// Skin of the scar, under a dot.
    around: SkinAround,
}

impl Tones {
    /// None where no scar's tone is known.
    fn of(reading: &Reading, protocol: &Protocol) -> Option<Self> {
        let palette = Palette::of(reading, protocol);
        let (tone, skins) = (Tone::of(reading, &palette, protocol), &palette.skins);
        let Candidate { deposit, planned, .. } = &tone.dot;
        let green_mm2 = |factor: f64| {
            let dot = Deposit { ink: deposit.ink.times(factor), ..*deposit };
            profile_in(&dot, &skins.in_scar.around).integral_mm2()[1].max(1e-12)
        };
        let by_skin = contrast_uncertainty(deposit, &skins.in_scar.around)[1];
        let absorption = planned.pigment.absorption_uncertainty.exp();
        let by_pigment = (green_mm2(absorption) / green_mm2(1.0 / absorption)).sqrt();
        let dot_factor = by_skin.ln().hypot(by_pigment.ln()).exp();
        let around = skins.in_scar.around;
        tone.is_known().then_some(Self { tone, dot_factor, around })
    }

    /// Standard uncertainty of the difference, from the skins, the hair and the dots.
    fn uncertainty(&self, treated: bool) -> f64 {
        let dots = f64::from(u8::from(treated));
        let half = |high: f64, low: f64| (high - low).abs() / 2.0;
        let by_hair = half(self.mean(HAIR_FACTOR, dots), self.mean(1.0 / HAIR_FACTOR, dots));
        let by_dots = half(self.mean(1.0, dots * self.dot_factor), self.mean(1.0, dots / self.dot_factor));
        let own = self.tone.mean_by_area(|scar| scar.own_uncertainty);
        own.hypot(by_hair).hypot(by_dots).hypot(LEAST_UNCERTAINTY)
    }

    /// The difference after so many days, by what it is healed: even areas say what fading adds to it.
    fn faded(&self, healed: Estimate, days: f64) -> Estimate {
        let Candidate { deposit, set, in_scar, .. } = &self.tone.dot;
        let seen = |dot: &Deposit| profile_in(dot, &self.around).integral_mm2()[1];
        let left = |course| seen(&deposit_after_at(days, *in_scar, set, course)) / seen(deposit).max(1e-12);
        let [faint, likely, strong] = Course::ALL.map(|course| self.mean(1.0, left(course)));
        let apart = [faint, strong].map(|end| (end - likely).abs()).into_iter().fold(0.0, f64::max);
        let value = (healed.value + likely - self.mean(1.0, 1.0)).max(0.0);
        Estimate::new(value, healed.standard_uncertainty.hypot(apart / TENTH))
    }

    /// Mean by area, with hair and dots as much darker as the factors say.
    fn mean(&self, hair: f64, dots: f64) -> f64 {
        self.tone.mean_by_area(|scar| scar.difference(self.tone.dot_mm2(scar), hair, dots))
    }
}

/// Says which part of the expectation is missing.
fn missing(expected: &Expectation) -> Option<Caveat> {
    let message = "Not predicted for the healed result: the color difference.";
    let remedy = "Judge by healed test dots on this skin.";
    let caveat = || Caveat::new(Code::AssessExpectation, Weight::Note, message, remedy);
    expected.color_difference.is_none().then(caveat)
}

/// Says where the tone of the scar would hardly change, or would move away from its surroundings.
fn little(expected: &Expectation) -> Option<Caveat> {
    let (today, healed) = (expected.color_difference_today?.value, expected.color_difference?.value);
    if healed <= (1.0 - WORTH_SHARE) * today {
        return None;
    }
    let (weight, course) = match healed - today {
        further if further > JUST_SEEN => (Weight::Doubt, "would move away from"),
        _ if today < JUST_SEEN => (Weight::Note, "is hardly another than that of"),
        _ => (Weight::Note, "would hardly come nearer to"),
    };
    Some(Caveat::new(
        Code::PlanHardlyShows,
        weight,
        format!(
            "Seen from conversation distance, the tone of the scar {course} its surroundings: CIEDE2000 \
             {today:.1} today, {healed:.1} treated and healed."
        ),
        "Dots would bring back the look of follicles, not an even tone. Set a few test dots and judge them \
         healed, before anything else.",
    ))
}

#[cfg(test)]
pub(crate) mod tests {
    use stipple_color::Lab;

    use super::*;
    use crate::plan::tests::{default_like_protocol, planned, strip_reading};

    /// What is expected of the plan that is made.
    pub(crate) fn expected(reading: &Reading, protocol: &Protocol) -> Qualified<Expectation> {
        expectation(reading, protocol, Some(&planned(reading, protocol).value))
    }

    /// A strip whose skin differs from the skin around by some L*.
    fn strip_of(lightness: f64) -> Reading {
        let mut reading = strip_reading();
        let skin = reading.skin.lab;
        let scar = &mut reading.scars[0];
        scar.lab_around = Some(skin);
        scar.lab = Some(Lab::new(skin.l + lightness, skin.a, skin.b));
        reading
    }

    #[test]
    fn a_pale_scar_comes_nearer_and_a_dark_one_does_not() {
        let protocol = default_like_protocol();
        let expect = |lightness: f64| expected(&strip_of(lightness), &protocol);
        let values = |lightness: f64| {
            let expected = expect(lightness).value;
            let value = |e: Option<Estimate>| e.expect("all was measured").value;
            (value(expected.color_difference_today), value(expected.color_difference))
        };
        let (today, healed) = values(4.0);
        assert!(healed < 0.8 * today, "{healed} of {today}");
        let (today, healed) = values(-12.0);
        assert!(healed > today, "{healed} of {today}");
        let codes: Vec<Code> = expect(-12.0).caveats.iter().map(|caveat| caveat.code).collect();
        assert!(codes.contains(&Code::PlanHardlyShows));
        assert!(expect(4.0).caveats.iter().all(|caveat| caveat.code != Code::PlanHardlyShows));
    }

    #[test]
    fn is_honest_about_doubt() {
        let expected = expected(&strip_of(4.0), &default_like_protocol()).value;
        assert!(expected.color_difference.expect("measured").standard_uncertainty >= LEAST_UNCERTAINTY);
        assert_eq!(expected.visible_distance_m, None);
    }

    #[test]
    fn scars_keep_less_and_the_later_the_less_sure() {
        let expected = expected(&strip_of(4.0), &default_like_protocol()).value;
        let [healed, later] = expected.over_time[..] else { panic!("{:?}", expected.over_time) };
        assert_eq!((healed.days, later.days), (42.0, 730.5));
        assert_eq!(healed.color_difference, expected.color_difference);
        for then in [healed, later] {
            assert!(then.pigment_left_in_scar.value < then.pigment_left.value, "{then:?}");
            assert!(then.pigment_left_in_scar.standard_uncertainty > 0.05, "{then:?}");
        }
        let [soon, years] = [healed, later].map(|then| then.color_difference.expect("colors are known"));
        assert!(years.standard_uncertainty > soon.standard_uncertainty, "{soon:?} {years:?}");
    }

    #[test]
    fn nothing_measured_nothing_expected() {
        let protocol = default_like_protocol();
        let mut reading = strip_of(4.0);
        reading.hair.lab = None;
        let unmeasured = expected(&reading, &protocol);
        assert_eq!(unmeasured.value.color_difference, None);
        assert!(unmeasured.value.over_time.iter().all(|then| then.color_difference.is_none()));
        assert_eq!(unmeasured.caveats[0].code, Code::AssessExpectation);
        let mut reading = strip_of(4.0);
        reading.scars.clear();
        assert_eq!(expected(&reading, &protocol).value.color_difference, None);
        let unplanned = expectation(&strip_of(4.0), &protocol, None).value;
        assert!(unplanned.color_difference.is_none() && unplanned.over_time.is_empty());
    }
}
