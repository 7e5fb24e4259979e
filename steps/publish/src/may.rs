//! May this be published?

use stipple_model::{BeforeAfter, Code, Comparable, Healing, Outcome, Qualified};

/// Youngest age at a photograph, years.
const AGE_MIN_YEARS: u32 = 18;
/// Share of the scar that has to be found in both photographs.
const SCAR_SHOWN_MIN: f64 = 0.7;

/// What is known when somebody wants to publish.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What was measured, with its caveats; the days since the last session are in it.
    pub outcome: &'a Qualified<Outcome>,
    /// Share of the scar that is surely found in both photographs, 0 to 1; none where they are not at hand.
    pub scar_shown: Option<f64>,
    /// The client's consent to publication.
    pub consent: ConsentState,
    /// Whole years of age at each photograph; none where it is not known.
    pub age_years: BeforeAfter<Option<u32>>,
    /// Whether each photograph's hash, taken when it came in, still holds.
    pub hash_stands: BeforeAfter<bool>,
    /// Where else the same files are kept.
    pub kept: KeptElsewhere,
    /// What the rules of the country say.
    pub country: CountryState,
    /// What the record says of the sessions.
    pub sessions: SessionsSaid,
}

/// The sessions on record, as the days of two photographs lie to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionsSaid {
    /// Whole days from the last one up to the photograph after; none where no session lies before it.
    pub days_since_last: Option<u32>,
    /// Whether one lies on a day before the photograph before.
    pub any_before: bool,
}

/// Where else a file of one of the two photographs is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptElsewhere {
    /// Whether for another client.
    pub of_other_client: bool,
    /// Whether at a visit of another day, or whether it was there before the day of its visit.
    pub on_other_day: bool,
    /// Whether the same exposure is kept at a visit of another day too, in another file.
    pub copied: bool,
}

/// A client's consent to publication, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentState {
    /// It was never given.
    None,
    /// It was given and holds.
    Given,
    /// It was taken back.
    Withdrawn,
}

/// What the rules of the country where it is shown say of a before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountryState {
    /// There is no rule for that country.
    Missing,
    /// It may be shown.
    Allowed,
    /// It may not.
    Forbidden,
    /// It may once somebody who knows the law has signed it off, which nobody has.
    NeedsSignOff,
}

/// One reason why something may not be published: what was found, what is needed, what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Consent was never given.
    #[error(
        "no consent to publication was found; a signed one is needed; ask the client, who is free to say no"
    )]
    NoConsent,
    /// Consent was taken back.
    #[error(
        "the client took the consent to publication back; a new signature is needed; take down what is published, and do not \
         ask again unless they come to you"
    )]
    Withdrawn,
    /// The photographs cannot be compared.
    #[error(
        "the two photographs cannot be compared; the same light, distance, angle and hair length are needed; photograph again \
         as the outcome says"
    )]
    NotComparable,
    /// The numbers are of too small a part of the scar.
    #[error(
        "{percent} % of the scar is surely found in both photographs; 70 % is needed, because the numbers are of that part alone; \
         photograph the whole scar again with 2 cm of hair around it"
    )]
    ScarCut {
        /// Share of the scar that is surely found in both, whole percent, rounded down.
        percent: u8,
    },
    /// A photograph was worked on after it was taken.
    #[error(
        "a photograph seems to be a copy or to have been smoothed; photographs as the camera stored them are needed; give those"
    )]
    Retouched,
    /// Nobody can say that a photograph was not worked on.
    #[error(
        "a photograph has no hash from the day it came in, or another one now; an original that was kept since intake is needed; \
         use a photograph that was taken into the studio"
    )]
    OriginalUnproven,
    /// A photograph is two people's.
    #[error(
        "the file of a photograph is kept for another client too; photographs of this person alone are needed; find out whose it \
         is, and remove it where it does not belong"
    )]
    OfOtherClient,
    /// A photograph is of another day.
    #[error(
        "the file of a photograph is kept at a visit of another day too, or was there before the day of its visit; one that was \
         taken at its visit is needed; put the visit's day right, or remove the file where it does not belong"
    )]
    OnOtherDay,
    /// A photograph is a copy of another one.
    #[error(
        "a photograph is of the same exposure as another file of this person at a visit of another day: one of them is a copy, was \
         edited, or is a simulation; one that was taken at its visit is needed; remove the file that is none"
    )]
    Copied,
    /// The treatment is not healed.
    #[error(
        "the photograph after shows a fresh treatment; 28 days since the last session are needed; photograph again when it has \
         healed"
    )]
    Fresh,
    /// Nobody said when the last session was.
    #[error(
        "the days since the last session are not known; they are needed on the picture; enter the last session"
    )]
    HealingUnknown,
    /// What was typed is not what was written down.
    #[error(
        "the days since the last session that were entered are not those of the record; the record's own are needed; put the \
         session's day right, or measure the pair again"
    )]
    HealingDiffers,
    /// There was a session before the photograph before.
    #[error(
        "a session lies before the photograph before; one from before the treatment is needed; hold it against that one"
    )]
    TreatedBefore,
    /// The client was under age.
    #[error("a photograph shows somebody under 18; adults only are published; keep it in the record")]
    Minor,
    /// Nobody knows the client's age.
    #[error("the age at the photographs is not known; 18 years are needed; enter the date of birth")]
    AgeUnknown,
    /// The country has no rule.
    #[error(
        "there is no advertising rule for this country; one is needed; have the law looked up and enter what it says"
    )]
    CountryMissing,
    /// The country forbids it.
    #[error(
        "the rules of this country ask for what is not met yet, or forbid it; all that they ask for is needed; look at what is missing"
    )]
    CountryForbids,
    /// Somebody has to sign it off.
    #[error(
        "in this country a lawyer's sign-off is needed and none was found; ask one, and enter the sign-off with its date"
    )]
    CountryNeedsSignOff,
}

/// Everything that forbids publishing; it may be published if that is nothing.
pub fn may(facts: &Facts<'_>) -> Vec<Refusal> {
    let refused = [consent(facts.consent), age(facts.age_years), country(facts.country)];
    let cut = facts.scar_shown.and_then(scar_cut);
    let measured = [comparable(facts.outcome), cut, retouched(facts.outcome), healed(facts)];
    let treated = facts.sessions.any_before.then_some(Refusal::TreatedBefore);
    let BeforeAfter { before, after } = facts.hash_stands;
    let unproven = (!before || !after).then_some(Refusal::OriginalUnproven);
    let KeptElsewhere { of_other_client, on_other_day, copied } = facts.kept;
    let other_client = of_other_client.then_some(Refusal::OfOtherClient);
    let other_day = on_other_day.then_some(Refusal::OnOtherDay);
    let copied = copied.then_some(Refusal::Copied);
    let photographs = [treated, unproven, other_client, other_day, copied];
    refused.into_iter().chain(measured).chain(photographs).flatten().collect()
}

fn consent(state: ConsentState) -> Option<Refusal> {
    match state {
        ConsentState::Given => None,
        ConsentState::None => Some(Refusal::NoConsent),
        ConsentState::Withdrawn => Some(Refusal::Withdrawn),
    }
}

fn age(years: BeforeAfter<Option<u32>>) -> Option<Refusal> {
    let both = [years.before, years.after];
    if both.iter().flatten().any(|years| *years < AGE_MIN_YEARS) {
        return Some(Refusal::Minor);
    }
    both.contains(&None).then_some(Refusal::AgeUnknown)
}

fn country(state: CountryState) -> Option<Refusal> {
    match state {
        CountryState::Allowed => None,
        CountryState::Missing => Some(Refusal::CountryMissing),
        CountryState::Forbidden => Some(Refusal::CountryForbids),
        CountryState::NeedsSignOff => Some(Refusal::CountryNeedsSignOff),
    }
}

fn comparable(outcome: &Qualified<Outcome>) -> Option<Refusal> {
    (outcome.value.comparability.verdict == Comparable::No).then_some(Refusal::NotComparable)
}

fn scar_cut(shown: f64) -> Option<Refusal> {
    (shown < SCAR_SHOWN_MIN).then(|| Refusal::ScarCut { percent: (100.0 * shown).floor().max(0.0) as u8 })
}

/// Whatever its weight: a doubt that is good enough for the record is not for strangers.
fn retouched(outcome: &Qualified<Outcome>) -> Option<Refusal> {
    let codes = [Code::OutcomeSameExposure, Code::OutcomeRetouched];
    outcome.caveats.iter().any(|caveat| codes.contains(&caveat.code)).then_some(Refusal::Retouched)
}

/// By the record's own days: what was typed into a form is nobody's proof.
fn healed(facts: &Facts<'_>) -> Option<Refusal> {
    let entered = facts.outcome.value.comparability.days_since_last_session;
    let (Some(entered), Some(on_record)) = (entered, facts.sessions.days_since_last) else {
        return Some(Refusal::HealingUnknown);
    };
    match Healing::after_days(on_record) {
        Healing::Fresh => Some(Refusal::Fresh),
        _ if entered != on_record => Some(Refusal::HealingDiffers),
        Healing::Healed | Healing::Settled | Healing::Long => None,
    }
}

#[cfg(test)]
mod tests;
