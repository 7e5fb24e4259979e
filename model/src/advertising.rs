//! What a country asks of a clinic that shows its work, kept as data.

use std::collections::BTreeSet;

use crate::aftercare::Advice;
use crate::outcome::{Comparable, Healing};
use crate::portfolio::Portfolio;
use crate::{Date, Language};

/// Countries whose rules were looked up, and the rules. A country that is not in it is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct AdvertisingRules {
    /// The day on which they were read last: whoever signed before it signed for other rules.
    pub read_on: Date,
    /// The countries.
    pub countries: Vec<Country>,
    /// The rules.
    pub rules: Vec<AdvertisingRule>,
}

/// A country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2: `GB`.
    pub id: String,
    /// Its name, English.
    pub english: String,
    /// Its name, German.
    pub german: String,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct AdvertisingRule {
    /// Stable word.
    pub id: String,
    /// Countries that it holds in.
    pub countries: Vec<String>,
    /// What has to be so before a page may go public.
    pub needs: Vec<Check>,
    /// For the practitioner, English, with its source and how sure it is.
    pub english: Advice,
    /// For the practitioner, German.
    pub german: String,
    /// The rule in few of its own words.
    pub quote: String,
    /// How the source was read.
    pub read: HowRead,
}

/// How a source was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowRead {
    /// The rule's own text.
    Text,
    /// Parts of its text.
    Excerpt,
    /// What others write of it.
    Secondary,
}

/// Something that has to be so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Every client shown gave a consent to publication that holds.
    ConsentPublication,
    /// Everybody shown was of age in both photographs.
    Adult,
    /// Every picture says how long after the last session it was taken, and none is fresh.
    HealedLabel,
    /// Light and pose of every pair were compared, and can be.
    Comparable,
    /// The share of all treated cases that is shown stands on the page.
    Denominator,
    /// Whoever got something for a review has it told beside it.
    IncentiveDeclared,
    /// Reviews by staff or relatives are marked.
    InsiderDeclared,
    /// The page says who is asked for reviews and how they are verified.
    ReviewsPolicy,
    /// Pictures that a computer made are marked as such.
    SimulationLabel,
    /// Originals, signed consents and their days are kept, to be shown to an authority.
    EvidenceKept,
    /// Somebody who knows the law has looked at it and signed.
    LegalSignoff,
    /// Neither words, pictures nor places of the advertisement are for minors.
    NotTargetingMinors,
}

/// What the clinic confirmed, and can be held to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// Checks that it says are so; those that a portfolio shows itself need none.
    pub checks: BTreeSet<Check>,
    /// The day of a legal sign-off for this country; none where there is none.
    pub legal_signoff: Option<Date>,
}

/// Something that a page still needs before it may go public.
#[derive(Clone, Debug, PartialEq)]
pub enum Need<'a> {
    /// Nobody looked up the rules of this country: nothing may go public.
    CountryMissing,
    /// A rule asks for it.
    Check {
        /// What.
        check: Check,
        /// By which rule.
        rule: &'a AdvertisingRule,
    },
}

impl AdvertisingRules {
    /// What a portfolio still needs before it may be public in its country; it may be if that is nothing.
    pub fn still_needed(&self, portfolio: &Portfolio, confirmed: &Confirmed) -> Vec<Need<'_>> {
        if !self.countries.iter().any(|country| country.id == portfolio.country) {
            return vec![Need::CountryMissing];
        }
        let holds = |rule: &&AdvertisingRule| rule.countries.contains(&portfolio.country);
        let needs = |rule: &'_ AdvertisingRule| rule.needs.clone();
        let asked = self
            .rules
            .iter()
            .filter(holds)
            .flat_map(|rule| needs(rule).into_iter().map(move |check| (check, rule)));
        let open = asked.filter(|(check, _)| !check.is_met(portfolio, confirmed, self.read_on));
        open.map(|(check, rule)| Need::Check { check, rule }).collect()
    }
}

impl AdvertisingRule {
    /// What it tells a practitioner.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english.text,
            Language::German => &self.german,
        }
    }
}

impl Country {
    /// Its name.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::German => &self.german,
        }
    }
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::ConsentPublication,
        Self::Adult,
        Self::HealedLabel,
        Self::Comparable,
        Self::Denominator,
        Self::IncentiveDeclared,
        Self::InsiderDeclared,
        Self::ReviewsPolicy,
        Self::SimulationLabel,
        Self::EvidenceKept,
        Self::LegalSignoff,
        Self::NotTargetingMinors,
    ];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ConsentPublication => "consent_publication",
            Self::Adult => "adult",
            Self::HealedLabel => "healed_label",
            Self::Comparable => "comparable",
            Self::Denominator => "denominator",
            Self::IncentiveDeclared => "incentive_declared",
            Self::InsiderDeclared => "insider_declared",
            Self::ReviewsPolicy => "reviews_policy",
            Self::SimulationLabel => "simulation_label",
            Self::EvidenceKept => "evidence_kept",
            Self::LegalSignoff => "legal_signoff",
            Self::NotTargetingMinors => "not_targeting_minors",
        }
    }

    /// Whether it is so: what a portfolio shows is looked at, whatever was confirmed.
    fn is_met(self, portfolio: &Portfolio, confirmed: &Confirmed, read_on: Date) -> bool {
        let cases = &portfolio.cases;
        let says = |words: &String| !words.trim().is_empty();
        match self {
            Self::HealedLabel => cases.iter().all(|case| case.healing() != Healing::Fresh),
            Self::Comparable => cases.iter().all(|case| case.likeness.verdict != Comparable::No),
            Self::Denominator => portfolio.unfit().is_none(),
            Self::ReviewsPolicy => {
                portfolio.reviews.is_empty() || portfolio.reviews_policy.as_ref().is_some_and(says)
            }
            Self::IncentiveDeclared | Self::InsiderDeclared if portfolio.reviews.is_empty() => true,
            Self::LegalSignoff => {
                confirmed.legal_signoff.is_some_and(|day| (read_on..=portfolio.as_of).contains(&day))
            }
            other => confirmed.checks.contains(&other),
        }
    }
}
