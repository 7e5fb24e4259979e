//! Several portfolios beside one another, on the reader's own computer.

use maud::{Markup, html};
use stipple_color::ItaClass;
use stipple_model::{HairClass, Portfolio, ScarKind};

use super::shell::Page;
use super::texts::{Texts, texts};

/// What `compare.html` runs.
pub const COMPARE_JS: &str = include_str!("compare.js");

/// The page within a portfolio.
pub(super) fn page(portfolio: &Portfolio) -> Page<'_> {
    let words = texts(portfolio.language);
    Page {
        name: "compare.html".to_owned(),
        title: words.compare.title.clone(),
        description: words.compare.description.clone(),
        picture: None,
        linked_data: None,
        portfolio,
        body: body(words),
    }
}

fn body(words: &Texts) -> Markup {
    let compare = &words.compare;
    html! {
        h1 { (compare.title) }
        p.lead { (compare.lead) }
        noscript { p.care { (compare.no_script) } }
        section.choose {
            p #choose_words { (compare.choose_words) }
            label { (compare.choose) input #files type="file" multiple accept=".json,application/json" aria-describedby="choose_words"; }
            label { (compare.folder) input #folder type="file" webkitdirectory; }
            button #clear type="button" { (compare.clear) }
        }
        (filters(words))
        p #said role="status" { (compare.words["none"]) }
        div #clinics {}
        section {
            h2 { (compare.how) }
            ul.prose { @for line in &compare.how_list { li { (line) } } }
        }
        (vocabulary(words))
        script src="compare.js" {}
    }
}

fn filters(words: &Texts) -> Markup {
    let (common, compare) = (&words.common, &words.compare);
    html! {
        fieldset.filters {
            legend { (compare.filters) }
            (filter("scar", &compare.scar, &compare.any, ScarKind::ALL.map(|kind| (kind.name(), common.scars[kind.name()].as_str()))))
            (filter("skin", &compare.skin, &compare.any, ItaClass::ALL.map(|class| (class.name(), common.skins[class.name()].as_str()))))
            (filter("hair", &compare.hair, &compare.any, HairClass::ALL.map(|class| (class.name(), common.hairs[class.name()].as_str()))))
        }
    }
}

fn filter<const N: usize>(id: &str, label: &str, any: &str, entries: [(&str, &str); N]) -> Markup {
    html! {
        label { (label) select id=(id) {
            option value="" { (any) }
            @for (value, entry) in entries { option value=(value) { (entry) } }
        } }
    }
}

/// The words that the script says, where it finds them.
fn vocabulary(words: &Texts) -> Markup {
    html! {
        template #words {
            @for (key, text) in &words.compare.words { p data-key=(key) { (text) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use stipple_model::Language;

    use super::*;

    #[test]
    fn the_script_says_only_words_that_there_are() {
        for language in Language::ALL {
            let words = &texts(language).compare.words;
            let said: Vec<&str> = COMPARE_JS
                .split("say('")
                .skip(1)
                .filter_map(|rest| rest.split_once('\'').map(|(key, _)| key))
                .collect();
            assert!(said.len() > 10);
            said.iter().for_each(|key| assert!(words.contains_key(*key), "{key}"));
            let unused: Vec<_> =
                words.keys().filter(|key| !COMPARE_JS.contains(&format!("'{key}'"))).collect();
            assert!(unused.is_empty(), "{unused:?}");
        }
        assert!(COMPARE_JS.lines().count() <= 450);
        assert!(!COMPARE_JS.contains("innerHTML") && !COMPARE_JS.contains("fetch("));
    }
}
