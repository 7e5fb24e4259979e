//! What was measured, in words of a language.

use maud::{Markup, html};
use stipple_color::ItaClass;
use stipple_model::{BeforeAfter, HairClass, Language, Measures, Portfolio, PublishedCase, ScarKind};
use stipple_quantity::Estimate;

use super::texts::{Texts, filled, texts};
use crate::document::number::{in_language, measured, significant, with_unit};

/// Says things in the portfolio's language.
#[derive(Clone, Copy)]
pub(super) struct Speaker {
    language: Language,
    pub words: &'static Texts,
}

impl Speaker {
    pub(super) fn of(portfolio: &Portfolio) -> Self {
        Self { language: portfolio.language, words: texts(portfolio.language) }
    }

    /// What a case is: `Linear scar, tan skin, black hair`.
    pub(super) fn what(&self, case: &PublishedCase) -> String {
        // because a word of color stands with what has it.
        let [skin, hair] =
            [self.skin(case.skin), self.hair(case.hair)].map(|words| words.replace(' ', "\u{a0}"));
        format!("{}, {skin}, {hair}", self.scar(case.scar))
    }

    fn scar(&self, scar: ScarKind) -> &'static str {
        &self.words.common.scars[scar.name()]
    }

    pub(super) fn skin(&self, skin: ItaClass) -> &'static str {
        &self.words.common.skins[skin.name()]
    }

    pub(super) fn hair(&self, hair: HairClass) -> &'static str {
        &self.words.common.hairs[hair.name()]
    }

    pub(super) fn healing(&self, case: &PublishedCase) -> &'static str {
        &self.words.common.healing[case.healing().name()]
    }

    /// How long after the last session: `settled · 120 days after the last session`.
    pub(super) fn label(&self, case: &PublishedCase) -> Markup {
        let days = case.days_since_last_session.to_string();
        let days = filled(&self.words.common.days_after, &[("days", &days)]);
        html! { p.label { b { (self.healing(case)) } " · " (days) } }
    }

    /// How far away a scar can be seen.
    pub(super) fn seen(&self, distance_m: Option<Estimate>) -> String {
        match distance_m {
            Some(distance) if distance.value > 0.0 => self.number(measured(&distance, "m")),
            Some(_) => self.words.common.nowhere.clone(),
            None => self.words.common.beyond.clone(),
        }
    }

    pub(super) fn both_seen(&self, measures: &Measures) -> BeforeAfter<String> {
        measures.visible_distance_m.of(|distance| self.seen(*distance))
    }

    /// A measured number without unit.
    pub(super) fn plain(&self, estimate: &Estimate) -> String {
        self.number(measured(estimate, ""))
    }

    /// A share, in percent.
    pub(super) fn share(&self, share: Option<Estimate>) -> String {
        let percent = share.map(|share| self.number(measured(&share.times(100.0), "%")));
        percent.unwrap_or_else(|| self.words.common.unknown.clone())
    }

    /// A number that has no uncertainty, with two digits at least.
    pub(super) fn rough(&self, value: f64, unit: &str) -> String {
        self.number(with_unit(significant(value, 2), unit))
    }

    pub(super) fn number(&self, number: String) -> String {
        in_language(self.language, number)
    }

    /// A card that leads to a case's page.
    pub(super) fn card(&self, case: &PublishedCase) -> Markup {
        let seen = self.both_seen(&case.measures);
        let common = &self.words.common;
        html! {
            li.card {
                a href=(format!("case-{}.html", case.id)) {
                    (self.picture(case, "lazy"))
                    h3 { (self.what(case)) }
                }
                (self.label(case))
                p { (common.visible) " " span.before { (seen.before) } " → " b { (seen.after) } }
            }
        }
    }

    pub(super) fn picture(&self, case: &PublishedCase, loading: &str) -> Markup {
        let (what, days) = (self.what(case), case.days_since_last_session.to_string());
        let values = [("what", what.as_str()), ("healing", self.healing(case)), ("days", &days)];
        let alt = filled(&self.words.common.case_alt, &values);
        let (width, height) = (case.picture.width_px, case.picture.height_px);
        html! { img src=(case.picture_name()) width=(width) height=(height) loading=(loading) alt=(alt); }
    }
}
