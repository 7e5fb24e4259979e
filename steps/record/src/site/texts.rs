//! The words of the pages, as they are kept and as they are used.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use stipple_model::{Date, Language, Month};

/// The shipped words.
const TEXTS_TOML: &str = include_str!("../../../../sources/publish/texts.toml");

static TEXTS: LazyLock<File> = LazyLock::new(|| {
    let file: File = toml::from_str(TEXTS_TOML).expect("a test opens the shipped words");
    assert_eq!(file.format, "stipple/site/1", "the shipped words are of this version");
    file
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    en: Texts,
    de: Texts,
}

/// The words of a language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    pub common: Common,
    pub index: Index,
    pub case: Case,
    pub sample: Sample,
    pub reviews: Reviews,
    pub verify: Verify,
    pub compare: Compare,
}

/// Words by the word used in files.
type Words = BTreeMap<String, String>;

/// What every page needs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Common {
    pub months: Vec<String>,
    pub day: String,
    pub skip: String,
    pub menu: String,
    pub results: String,
    pub sample: String,
    pub reviews: String,
    pub verify: String,
    pub compare: String,
    pub as_of: String,
    pub footer: String,
    pub scars: Words,
    pub skins: Words,
    pub hairs: Words,
    pub healing: Words,
    pub likeness: Words,
    pub days_after: String,
    pub nowhere: String,
    pub beyond: String,
    pub unknown: String,
    pub before: String,
    pub after: String,
    pub visible: String,
    pub color: String,
    pub retained: String,
    pub case_alt: String,
}

/// Of the first page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Index {
    pub title: String,
    pub lead: String,
    pub description: String,
    pub credentials: String,
    pub issued_by: String,
    pub number: String,
    pub until: String,
    pub ended: String,
    pub no_credentials: String,
    pub credentials_note: String,
    pub all: String,
    pub all_words: String,
    pub treated: String,
    pub followed: String,
    pub consented: String,
    pub published: String,
    pub taken_back: String,
    pub taken_down: String,
    pub withdrawn: String,
    pub erased: String,
    pub erased_one: String,
    pub removed: String,
    pub uncounted: String,
    pub chart_words: String,
    pub counted: String,
    pub shown: String,
    pub hidden: String,
    pub chart_before: String,
    pub chart_after: String,
    pub chart_color: String,
    pub chart_retained: String,
    pub numbers: String,
    pub range: String,
    pub medians: String,
    pub medians_one: String,
    pub read: String,
    pub read_visible: String,
    pub read_color: String,
    pub read_sure: String,
    pub read_healed: String,
    pub read_you: String,
    pub cases: String,
    pub cases_order: String,
    pub no_cases: String,
    pub page: String,
    pub next: String,
    pub previous: String,
}

/// Of a case's page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub description: String,
    pub facts: String,
    pub sessions: String,
    pub skin_hair: String,
    pub hair_length: String,
    pub since: String,
    pub later: String,
    pub likeness: String,
    pub likeness_words: String,
    pub care: String,
    pub made: String,
    pub made_words: String,
    pub whitened: String,
    pub not_whitened: String,
    pub outline_drawn: String,
    pub doubts: Words,
    pub painted: String,
    pub painted_one: String,
    pub check: String,
    pub check_words: String,
    pub hash: String,
    pub back: String,
    pub simulation: String,
    pub scar_part: String,
}

/// Of the drawn cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sample {
    pub title: String,
    pub lead: String,
    pub description: String,
    pub rule: String,
    pub rule_words: String,
    pub seed: String,
    pub again: String,
    pub again_words: String,
    pub limit: String,
    pub drawn: String,
    pub not_shown: String,
    pub none: String,
}

/// Of the reviews.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reviews {
    pub title: String,
    pub lead: String,
    pub description: String,
    pub policy: String,
    pub policy_words: String,
    pub policy_own: String,
    pub policy_none: String,
    pub mean: String,
    pub span: String,
    pub span_one: String,
    pub span_few: String,
    pub insiders_left_out: String,
    pub given: String,
    pub taken_down: String,
    pub stars: String,
    pub session: String,
    pub offered: String,
    pub incentive: String,
    pub insider: Words,
    pub answer: String,
    pub removed: String,
    pub removed_none: String,
    pub reasons: Words,
    pub none: String,
}

/// Of what a signature proves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verify {
    pub title: String,
    pub lead: String,
    pub description: String,
    pub proves: String,
    pub proves_list: Vec<String>,
    pub not: String,
    pub not_list: Vec<String>,
    pub how: String,
    pub how_one: String,
    pub how_all: String,
    pub how_again: String,
    pub how_other: String,
    pub how_compare: String,
    pub key: String,
    pub key_words: String,
    pub vouched: String,
    pub files: String,
    pub lost: String,
    pub chain: String,
    pub chain_words: String,
}

/// Of the comparison.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Compare {
    pub title: String,
    pub lead: String,
    pub description: String,
    pub choose: String,
    pub choose_words: String,
    pub folder: String,
    pub no_script: String,
    pub filters: String,
    pub any: String,
    pub scar: String,
    pub skin: String,
    pub hair: String,
    pub clear: String,
    pub words: Words,
    pub how: String,
    pub how_list: Vec<String>,
}

/// The words of a language.
pub(super) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => &TEXTS.en,
        Language::German => &TEXTS.de,
    }
}

/// The text for one, or that for any other number.
pub(super) fn of_count<'a>(count: usize, one: &'a str, other: &'a str) -> &'a str {
    if count == 1 { one } else { other }
}

/// A text with its braces filled in.
pub(super) fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, name, after)) = next_brace(rest) {
        let value = values.iter().find(|(known, _)| *known == name).expect("a test fills every text in");
        filled.push_str(before);
        filled.push_str(value.1);
        rest = after;
    }
    filled + rest
}

fn next_brace(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

impl Common {
    /// A day as a person says it.
    pub(super) fn day(&self, day: Date) -> String {
        let month = &self.months[usize::from(day.month().unsigned_abs()).clamp(1, 12) - 1];
        let (number, year) = (day.day().to_string(), day.year().to_string());
        filled(&self.day, &[("day", &number), ("month", month), ("year", &year)])
    }

    /// A month as a person says it.
    pub(super) fn month(&self, month: Month) -> String {
        format!(
            "{} {}",
            self.months[usize::from(month.month().unsigned_abs()).clamp(1, 12) - 1],
            month.year()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things() {
        for language in Language::ALL {
            assert_eq!(texts(language).common.months.len(), 12);
        }
        let plain: toml::Table = TEXTS_TOML.parse().expect("TOML");
        let keys = |language: &str| braces(&plain[language]);
        assert_eq!(keys("en"), keys("de"), "the same braces under the same keys");
        assert!(!TEXTS_TOML.contains('`'), "it would stand on the page as it is");
    }

    /// Every text's braces, by its place.
    fn braces(value: &toml::Value) -> Vec<String> {
        match value {
            toml::Value::String(text) => {
                let mut names: Vec<&str> =
                    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
                names.sort_unstable();
                vec![names.join(",")]
            }
            toml::Value::Array(items) => items.iter().flat_map(braces).collect(),
            toml::Value::Table(table) => table
                .iter()
                .flat_map(|(key, value)| braces(value).into_iter().map(move |names| format!("{key}.{names}")))
                .collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        assert_eq!(filled("a {x} {y}", &[("x", "{y}"), ("y", "b")]), "a {y} b");
    }
}
