//! From several visits to one person's own course of fading, and to the day of the touch-up.

use stipple_model::fading::{
    FadingStep, PigmentSeen, Range, TALK_M, TOUCH_UP_DAYS_MAX, TouchUp, UsualAndOwn,
};
use stipple_model::{
    BeforeAfter, Caveat, Code, Comparable, Fading, Healing, Outcome, Plan, Qualified, SeenFrom, Weight,
};
use stipple_optics::Deposit;
use stipple_optics::fading::{DAYS_PER_YEAR, HEALED_DAYS, PigmentLoss, SeenByShare, Sun};
use stipple_quantity::Estimate;

use crate::error::Error;

const NO_VISIT: &str = "None of the comparisons says how the dots fade; needed: photographs taken 28 days or more after \
     the last session (the days have to be told) that may be compared with the one before by its plan, and show dots.";
/// So many visits make a curve of one's own.
const VISITS_TELLING: usize = 3;
/// What two photographs of the same dots differ by beyond what each tells, share: assumed.
const BETWEEN_PHOTOGRAPHS: f64 = 0.05;
/// The curve goes so far, years, in so many steps.
const CURVE_YEARS: f64 = 10.0;
const CURVE_STEPS: usize = 40;
/// How far off a detectability is where its distance tells nothing, share; it is taken to be as far off as the distance.
const DETECTABILITY_UNSURE: f64 = 0.1;

/// Outcomes of one plan at several visits → how its dots fade on this person.
///
/// Days since the last session and the retained dots must be known of a visit for it to count; it must be healed
/// (28 days) and may be compared with the photograph before.
///
/// # Model
/// What is seen of a dot follows from the pigment left in it: its contrast integrated over the skin, by the optics. Pigment
/// leaves quickly while the skin heals and slowly later; how, differs from person to person ([`PigmentLoss::usual`], the prior).
/// How much was seen at first is unknown, so ratios between visits alone tell. The scar's detectability from 1 m is taken to
/// rise in proportion to what the dots lose, from that of the last visit to that of the untreated scar.
///
/// # Errors
/// [`Error::Nothing`] if no visit counts.
///
/// # Limits
/// One course for all dots of a person, of the size they have once healed; what strong sun takes is our choice, grade D; further sessions and further loss of hair are not in it. A scar that is darker than
/// its surroundings because of too many dots is not told from one that is lighter.
pub fn fading(outcomes: &[Outcome], plan: &Plan, sun: Sun) -> Result<Qualified<Fading>, Error> {
    let mut visits: Vec<Visited> = outcomes.iter().filter_map(visited).collect();
    visits.sort_by_key(|visit| visit.days);
    let (Some(last), Some((deposit, in_scar))) = (visits.last(), deposit(plan)) else {
        return Err(Error::Nothing(NO_VISIT));
    };
    let seen = SeenByShare::of(&deposit);
    let usual = PigmentLoss::usual(in_scar, sun);
    let own = updated(&usual, &visits, &seen);
    let both =
        |of: &dyn Fn(&PigmentLoss) -> f64| UsualAndOwn { usual: range(&usual, of), own: range(&own, of) };
    let curve = (0..=CURVE_STEPS).map(|k| {
        let until_days = CURVE_YEARS * DAYS_PER_YEAR;
        let days = HEALED_DAYS + (until_days - HEALED_DAYS) * k as f64 / CURVE_STEPS as f64;
        FadingStep { days, seen: both(&|way| ratio(way, days, HEALED_DAYS, &seen)) }
    });
    let fading = Fading {
        fading_years: both(&|way| way.fading_years),
        curve: curve.collect(),
        touch_up: touch_up(last, &own, &seen),
        visits: beside_each_other(&visits, &own, &seen),
    };
    let caveats = caveats(&fading, outcomes.len() - visits.len(), sun);
    Ok(Qualified::new(fading, caveats))
}

/// A visit that counts.
struct Visited {
    days: u32,
    per_dot_mm2: Estimate,
    detectability: BeforeAfter<f64>,
    /// How unsure the detectability is, share.
    unsure: f64,
}

impl Visited {
    /// How far what was seen is above what a way leaves, logarithm: the unknown amount at first.
    fn over(&self, way: &PigmentLoss, seen: &SeenByShare) -> f64 {
        self.per_dot_mm2.value.ln() - seen.at(way.share_left(f64::from(self.days))).max(1e-12).ln()
    }
}

/// The mean of something over visits, by how sure each is.
fn mean(visits: &[Visited], of: impl Fn(&Visited) -> f64) -> f64 {
    let weight = |visit: &Visited| visit.per_dot_mm2.relative_uncertainty().powi(-2);
    let sum: f64 = visits.iter().map(|visit| weight(visit) * of(visit)).sum();
    sum / visits.iter().map(weight).sum::<f64>()
}

/// The visits, each over what the person's own course makes most probable for a healed dot.
fn beside_each_other(visits: &[Visited], own: &[(PigmentLoss, f64)], seen: &SeenByShare) -> Vec<PigmentSeen> {
    let of_way = |way: &PigmentLoss| {
        mean(visits, |visit| visit.over(way, seen)) + seen.at(way.share_left(HEALED_DAYS)).max(1e-12).ln()
    };
    let healed_mm2 = range(own, &of_way).likely.exp();
    let seen = |visit: &Visited| PigmentSeen {
        days: visit.days,
        per_dot_mm2: visit.per_dot_mm2,
        seen: Estimate::new(
            visit.per_dot_mm2.value / healed_mm2,
            visit.per_dot_mm2.standard_uncertainty / healed_mm2,
        ),
        detectability: visit.detectability,
    };
    visits.iter().map(seen).collect()
}

/// What a visit showed, if it counts.
fn visited(outcome: &Outcome) -> Option<Visited> {
    let facts = &outcome.comparability;
    let days = facts.days_since_last_session?;
    let deposits = outcome.deposits.as_ref()?;
    let (share, contrast) = (deposits.retained_fraction, deposits.look?.contrast_mm2[1]);
    let amount = share.value * contrast.value;
    let off = share.relative_uncertainty().hypot(contrast.relative_uncertainty());
    let is_healed = Healing::after_days(days) != Healing::Fresh;
    // An amount that is as unsure as it is large says nothing.
    let counts = is_healed && facts.verdict != Comparable::No && amount > 0.0 && off < 1.0;
    let detectability = from_talk(&outcome.visibility)?;
    let unsure = outcome.visible_distance_m.after.filter(|metres| metres.value > 0.0);
    let unsure = unsure.map_or(DETECTABILITY_UNSURE, |metres| metres.relative_uncertainty().min(0.5));
    counts.then(|| {
        let per_dot_mm2 = Estimate::new(amount, amount * off.hypot(BETWEEN_PHOTOGRAPHS));
        Visited { days, per_dot_mm2, detectability, unsure }
    })
}

/// Detectability where people talk, straight between the distances that were looked from; none where nobody looked from
/// nearer and from farther.
fn from_talk(steps: &[SeenFrom]) -> Option<BeforeAfter<f64>> {
    let farther = steps.partition_point(|step| step.distance_m < TALK_M);
    let (near, far) = (steps.get(farther.checked_sub(1)?)?, steps.get(farther)?);
    let beyond = (TALK_M / near.distance_m).ln() / (far.distance_m / near.distance_m).ln();
    let between = |near: f64, far: f64| near + beyond * (far - near);
    beyond.is_finite().then(|| BeforeAfter {
        before: between(near.detectability.before.value, far.detectability.before.value),
        after: between(near.detectability.after.value, far.detectability.after.value),
    })
}

/// The usual dot of a plan, healed, and whether most dots lie in scars.
fn deposit(plan: &Plan) -> Option<(Deposit, bool)> {
    let dots = || plan.sessions.iter().flat_map(|session| &session.dots);
    let in_scars = dots().filter(|dot| dot.in_scar).count();
    let in_scar = 2 * in_scars > dots().count();
    let dot = dots().find(|dot| dot.in_scar == in_scar)?;
    let [top_mm, bottom_mm] = dot.needle_depth_mm;
    let ink = plan.pigments.get(dot.pigment)?.ink();
    let planned = Deposit { diameter_um: plan.healed_diameter_um.value, top_mm, bottom_mm, ink };
    Some((stipple_optics::deposit_after(0.0, in_scar, &planned), in_scar))
}

/// What is seen of a dot on one day over what is seen of it on another.
fn ratio(way: &PigmentLoss, days: f64, over_days: f64, seen: &SeenByShare) -> f64 {
    seen.at(way.share_left(days)) / seen.at(way.share_left(over_days)).max(1e-12)
}

/// The ways with the weights that the visits leave them: Bayes' rule, the first amount unknown and flat in its logarithm.
fn updated(usual: &[(PigmentLoss, f64)], visits: &[Visited], seen: &SeenByShare) -> Vec<(PigmentLoss, f64)> {
    let misfit = |(way, _): &(PigmentLoss, f64)| {
        let first = mean(visits, |visit| visit.over(way, seen));
        let off =
            |visit: &Visited| (visit.over(way, seen) - first) / visit.per_dot_mm2.relative_uncertainty();
        visits.iter().map(|visit| off(visit).powi(2)).sum::<f64>()
    };
    let misfits: Vec<f64> = usual.iter().map(misfit).collect();
    // The best counts 1, so that however far all are off, one is left.
    let least = misfits.iter().copied().fold(f64::INFINITY, f64::min);
    let ways = usual.iter().zip(misfits);
    ways.map(|((way, prior), misfit)| (*way, prior * (-(misfit - least) / 2.0).exp())).collect()
}

/// The 10th, 50th and 90th percentile of what ways come to.
fn range(ways: &[(PigmentLoss, f64)], of: &dyn Fn(&PigmentLoss) -> f64) -> Range {
    quantiles(ways.iter().map(|(way, weight)| (of(way), *weight)).collect())
}

fn quantiles(mut values: Vec<(f64, f64)>) -> Range {
    values.sort_by(|one, two| one.0.total_cmp(&two.0));
    let all: f64 = values.iter().map(|(_, weight)| weight).sum();
    let at = |share: f64| {
        let mut sum = 0.0;
        let reached = values.iter().find(|(_, weight)| {
            sum += weight;
            sum >= share * all
        });
        reached.or(values.last()).map_or(f64::NAN, |(value, _)| *value)
    };
    Range { likely: at(0.5), low: at(0.1), high: at(0.9) }
}

/// Detectabilities that the last one may stand for, in its uncertainties, with their weights: Gauss and Hermite's three.
const MAY_STAND_FOR: [(f64, f64); 3] =
    [(-1.732_050_8, 1.0 / 6.0), (0.0, 2.0 / 3.0), (1.732_050_8, 1.0 / 6.0)];

fn touch_up(last: &Visited, own: &[(PigmentLoss, f64)], seen: &SeenByShare) -> TouchUp {
    let BeforeAfter { before, after } = last.detectability;
    if before <= 1.0 {
        return TouchUp::NotSeenWithout;
    }
    let more_when_healed = range(own, &|way| ratio(way, HEALED_DAYS, f64::from(last.days), seen)).likely;
    if before - more_when_healed * (before - after) >= 1.0 {
        return TouchUp::SeenWithDots;
    }
    if after >= 1.0 {
        return TouchUp::Today;
    }
    let mut days = Vec::new();
    for (off, chance) in MAY_STAND_FOR {
        let after = (after * (1.0 + last.unsure * off)).clamp(0.0, 1.0);
        // What is left of what is seen of the dots today, when the scar is just seen.
        let left = (before - 1.0) / (before - after);
        let reached = |way: &PigmentLoss| day_of(left, f64::from(last.days), way, seen);
        days.extend(own.iter().map(|(way, weight)| (reached(way), weight * chance)));
    }
    TouchUp::After(quantiles(days))
}

/// The day on which what is seen has fallen to a share of what it is on another day.
fn day_of(left: f64, since_days: f64, way: &PigmentLoss, seen: &SeenByShare) -> f64 {
    let (mut low, mut high) = (since_days, TOUCH_UP_DAYS_MAX.max(since_days));
    if ratio(way, high, since_days, seen) > left {
        return high;
    }
    // To a day.
    while high - low > 1.0 {
        let middle = 0.5 * (low + high);
        if ratio(way, middle, since_days, seen) > left { low = middle } else { high = middle }
    }
    high
}

fn caveats(fading: &Fading, left_out: usize, sun: Sun) -> Vec<Caveat> {
    let doubt =
        |message: String, remedy: &str| Caveat::new(Code::OutcomeFading, Weight::Doubt, message, remedy);
    let visits = fading.visits.len();
    let first = fading.visits.first().map_or(0, |visit| visit.days);
    let last = fading.visits.last().map_or(0, |visit| visit.days);
    let few = (visits < VISITS_TELLING).then(|| {
        doubt(
            format!(
                "{}: the curve is mostly what is usual, not this person's own",
                if visits == 1 { "only one visit counts" } else { "only two visits count" }
            ),
            "photograph the scar at three visits or more, months apart",
        )
    });
    let close = (visits >= 2 && last - first < 90).then(|| {
        doubt(
            format!("all visits lie within {} days: fading hardly shows in so short a time", last - first),
            "photograph the scar again in some months",
        )
    });
    let fewer = (left_out > 0).then(|| {
        doubt(
            format!(
                "{left_out} of the comparisons do not count: fresh, not comparable, without days or dots, or with dots as unsure \
                 as they are many"
            ),
            "photograph sharply from 28 days after the last session on; tell the days and the plan",
        )
    });
    let sunny = (sun == Sun::Unprotected).then(|| {
        let message = "much sun without hat or sunscreen is weighed: what is usual then is taken to fade a third faster, which \
                       nobody has measured";
        let remedy = "ask about the sun again at every visit; the visits themselves tell more";
        Caveat::new(Code::OutcomeSun, Weight::Doubt, message, remedy)
    });
    [few, close, fewer, sunny].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
