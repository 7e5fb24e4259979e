//! The page of a ZIP, in the words of the studio: every answer, session and check-in as people read it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde_json::Value;
use stipple_model::Language;
use stipple_record::document::{ExportInput, ExportSection, ExportTable, ExportVisit, day_in, export_html};
use uuid::Uuid;

use super::super::texts::today;
use super::{Told, list, text};

mod others;

type Messages = BTreeMap<String, String>;

/// The words that the studio shows, by key.
static ENGLISH: LazyLock<Messages> =
    LazyLock::new(|| messages(include_str!("../../../../web/src/messages/en.json")));
static GERMAN: LazyLock<Messages> =
    LazyLock::new(|| messages(include_str!("../../../../web/src/messages/de.json")));

/// Questions that are answered by one of some words, and how the keys of these begin.
const CHOICES: [(&str, &str); 5] = [
    ("scar_cause", "cause"),
    ("hair_color", "hair"),
    ("sun_hours_a_day", "sun_hours"),
    ("sun_hat", "often"),
    ("sunscreen", "often"),
];

/// Words of a language.
pub(super) struct Words {
    language: Language,
    messages: &'static Messages,
}

/// The page.
pub(super) fn of(
    told: &Told,
    words: &Words,
    visits: &[ExportVisit],
    (papers, for_programs): (&[String], &[&str]),
) -> String {
    let trail = list(&told.trail).iter().map(|line| words.trail(line));
    let all = |of: &Value, table: &dyn Fn(&Value) -> ExportTable| list(of).iter().map(table).collect();
    let sections = [
        words.section("consents", told.in_books("consents", |one| words.consent(one))),
        words.section("links.intake", words.answers(&told.client)),
        words.section("sessions", told.in_books("sessions", |one| words.session(one))),
        words.section(
            "sessions.test",
            told.in_books("test_results", |one| words.test(one, &told.day_of_session(&one["session"]))),
        ),
        words.section("others_dots", told.in_books("others_dots", |one| words.others_dots(one))),
        words.section("check_ins", told.in_books("check_ins", |one| words.check_in(one, &told.asked))),
        words.section("wellbeing", told.in_books("wellbeing", |one| words.wellbeing(one))),
        words.section("reviews", all(&told.reviews, &|one| words.review(one))),
        words.section("rate.title", all(&told.ratings, &|one| words.rating(one))),
        words.section("earlier.title", all(&told.earlier, &|one| words.earlier(one))),
    ];
    export_html(&ExportInput {
        language: words.language,
        name: &text(&told.client["name"]),
        born_in: told.client["born_in"].as_i64(),
        contact: &text(&told.client["contact"]),
        email: &text(&told.client["email"]),
        letters: told.client["mail_agreed"] == true,
        note: &text(&told.client["note"]),
        made_on: today(),
        for_programs,
        sections: &sections.into_iter().flatten().collect::<Vec<_>>(),
        visits,
        papers,
        trail: &trail.collect::<Vec<_>>(),
    })
}

/// A visit, with the names of its files.
pub(super) fn visit(words: &Words, case: &Value, visit: &Value, files: Vec<String>) -> ExportVisit {
    ExportVisit {
        case: text(&case["title"]),
        kind: words.known(&format!("visit.{}", text(&visit["kind"]))).unwrap_or_else(|| text(&visit["kind"])),
        day: words.day(&text(&visit["day"])),
        note: text(&visit["note"]),
        files,
    }
}

impl Told {
    /// Tables of one kind in every case's book, under the case's title.
    fn in_books(&self, kind: &str, table: impl Fn(&Value) -> ExportTable) -> Vec<ExportTable> {
        let titled = |case: &Uuid, one: &Value| {
            let ExportTable { title, rows } = table(one);
            ExportTable { title: format!("{title} · {}", self.title_of(*case)), rows }
        };
        let of = |(case, book): &(Uuid, Value)| {
            list(&book[kind]).iter().map(|one| titled(case, one)).collect::<Vec<_>>()
        };
        self.books.iter().flat_map(of).collect()
    }

    fn title_of(&self, case: Uuid) -> String {
        let is_it = |one: &&Value| one["id"].as_str() == Some(&case.to_string());
        list(&self.client["cases"]).iter().find(is_it).map(|one| text(&one["title"])).unwrap_or_default()
    }

    /// The day of a session, in whatever case.
    fn day_of_session(&self, id: &Value) -> String {
        let mut sessions = self.books.iter().flat_map(|(_, book)| list(&book["sessions"]));
        sessions.find(|one| one["id"] == *id).map(|one| text(&one["day"])).unwrap_or_default()
    }
}

impl Words {
    pub(super) fn in_language(language: &str) -> Self {
        let language = Language::nearest(language);
        let messages = match language {
            Language::English => &*ENGLISH,
            Language::German => &*GERMAN,
        };
        Self { language, messages }
    }

    fn known(&self, key: &str) -> Option<String> {
        self.messages.get(key).cloned()
    }

    /// What the studio calls something; its key where it has no word.
    fn say(&self, key: &str) -> String {
        self.known(key).unwrap_or_else(|| key.to_owned())
    }

    /// A day as people write it, or as it stands.
    fn day(&self, day: &str) -> String {
        let date = day.get(..10).and_then(|day| day.parse::<Date>().ok());
        date.map_or_else(|| day.to_owned(), |date| day_in(self.language, date))
    }

    fn section(&self, heading: &str, tables: Vec<ExportTable>) -> Option<ExportSection> {
        (!tables.is_empty()).then(|| ExportSection { heading: self.say(heading), tables })
    }

    /// What was answered in every case in which something was.
    fn answers(&self, client: &Value) -> Vec<ExportTable> {
        let of = |case: &Value| {
            let told = case["answers"].as_object().into_iter().flatten();
            let rows = told.map(|(id, answer)| [self.question(id), self.answer_to(id, answer)]).collect();
            ExportTable { title: text(&case["title"]), rows }
        };
        list(&client["cases"]).iter().map(of).filter(|table| !table.rows.is_empty()).collect()
    }

    /// A question of the intake, as it is asked.
    fn question(&self, id: &str) -> String {
        self.known(&format!("question.{id}")).unwrap_or_else(|| id.replace('_', " "))
    }

    /// An answer of the intake; what clients typed themselves stays as it is.
    fn answer_to(&self, question: &str, value: &Value) -> String {
        let Some(word) = value.as_str() else { return self.answer(value) };
        if question.ends_with("_date") {
            return if word == "never" { self.say("questions.never") } else { self.day(word) };
        }
        let choice = CHOICES.into_iter().find(|(of, _)| *of == question);
        let known = choice.and_then(|(_, kind)| self.known(&format!("{kind}.{word}")));
        known.unwrap_or_else(|| word.to_owned())
    }

    fn answer(&self, value: &Value) -> String {
        match value {
            Value::Bool(flag) => self.say(if *flag { "yes" } else { "no" }),
            Value::String(word) => word.clone(),
            other => self.number(other),
        }
    }

    fn number(&self, value: &Value) -> String {
        let written = value.as_f64().map_or_else(|| value.to_string(), |number| number.to_string());
        match self.language {
            Language::English => written,
            Language::German => written.replace('.', ","),
        }
    }

    fn session(&self, one: &Value) -> ExportTable {
        let mut title = self.day(&text(&one["day"]));
        let struck = one["struck"].as_str();
        let corrected = one["corrected"] == true && struck.is_none();
        for (key, is) in [("sessions.test", one["is_test"] == true), ("sessions.corrected", corrected)] {
            if is {
                title = format!("{title} · {}", self.say(key));
            }
        }
        let typed = |key: &str| [self.say(&format!("session.{key}")), text(&one[key])];
        let struck = struck.map(|reason| [self.say("sessions.struck"), reason.to_owned()]);
        let lacks = (one["without_consent"] == true)
            .then(|| [self.say("consents.treatment"), self.say("sessions.without_consent")]);
        let mut rows: Vec<[String; 2]> = struck.into_iter().chain(lacks).collect();
        rows.extend(["practitioner", "qualification", "room", "machine", "needle"].map(typed));
        rows.extend(list(&one["pigments"]).iter().map(|pigment| self.pigment(pigment)));
        for (key, place) in [("session.shallow", 0), ("session.deep", 1)] {
            rows.push([self.say(key), self.number(&one["depth_mm"][place])]);
        }
        rows.extend(list(&one["zones"]).iter().map(|zone| self.zone(zone)));
        rows.push([self.say("session.pain"), self.number(&one["pain"])]);
        let bleeding = self.say(&format!("session.bleeding.{}", text(&one["bleeding"])));
        rows.push([self.say("session.bleeding"), bleeding]);
        rows.extend(["deviations", "adverse", "despite", "despite_test", "other_skin"].map(typed));
        ExportTable { title, rows: told_only(rows) }
    }

    fn pigment(&self, one: &Value) -> [String; 2] {
        let mut said =
            format!("{}; {}: {}", text(&one["product"]), self.say("session.lot"), text(&one["lot"]));
        if let Some(day) = one["expires"].as_str() {
            said = format!("{said}; {}: {}", self.say("session.expires"), self.day(day));
        }
        if !one["water_parts"].is_null() {
            said = format!("{said}; {}: {}", self.say("session.water"), self.number(&one["water_parts"]));
        }
        [self.say("session.product"), said]
    }

    fn zone(&self, one: &Value) -> [String; 2] {
        let part = |key: &str, value: &Value| format!("{}: {}", self.say(key), self.number(value));
        let said = [
            text(&one["name"]),
            part("session.dots", &one["dots"]),
            part("session.area", &one["area_mm2"]),
            part("session.passes", &one["passes"]),
        ];
        [self.say("session.zone.name"), said.join("; ")]
    }

    /// Dots that somebody else set.
    fn others_dots(&self, one: &Value) -> ExportTable {
        let typed = |key: &str| [self.say(&format!("others_dots.{key}")), text(&one[key])];
        let density = [self.say("others_dots.per_cm2"), self.number(&one["per_cm2"])];
        let struck = [self.say("sessions.struck"), text(&one["struck"])];
        let other_skin = [self.say("session.other_skin"), text(&one["other_skin"])];
        let rows = vec![struck, density, typed("known_from"), typed("set_by"), other_skin];
        ExportTable { title: text(&one["zone"]), rows: told_only(rows) }
    }

    /// What the test dots of a day showed.
    fn test(&self, one: &Value, set_on: &str) -> ExportTable {
        let decision = self.say(&format!("tests.decision.{}", text(&one["decision"])));
        let looked = [self.say("tests.day"), self.day(&text(&one["day"]))];
        let mut rows = vec![looked, [self.say("tests.decision"), decision]];
        let used = &one["used"];
        if used.is_object() {
            rows.push([self.say("session.product"), text(&used["product"])]);
            if !used["water_parts"].is_null() {
                rows.push([self.say("session.water"), self.number(&used["water_parts"])]);
            }
            for (key, place) in [("session.shallow", 0), ("session.deep", 1)] {
                rows.push([self.say(key), self.number(&used["depth_mm"][place])]);
            }
        }
        rows.push([self.say("tests.note"), text(&one["note"])]);
        ExportTable { title: self.say("tests.of").replace("{day}", &self.day(set_on)), rows: told_only(rows) }
    }

    fn check_in(&self, one: &Value, asked: &Value) -> ExportTable {
        let day = self.say("check_ins.day").replace("{day}", &one["day"].to_string());
        let told = one["answers"].as_object().into_iter().flatten();
        let mut rows: Vec<[String; 2]> = told.map(|(id, answer)| self.checked(id, answer, asked)).collect();
        rows.push([self.say("note"), text(&one["note"])]);
        let signs = list(&one["signs"]).iter();
        rows.extend(signs.map(|sign| [self.say("check_ins.said"), self.spoken(&sign["text"])]));
        ExportTable { title: format!("{} · {day}", self.day(&text(&one["told_at"]))), rows: told_only(rows) }
    }

    /// A question of a check-in and its answer, in the clinic's own words.
    fn checked(&self, id: &str, answer: &Value, asked: &Value) -> [String; 2] {
        let question = list(&asked["questions"]).iter().find(|question| question["id"] == id);
        let Some(question) = question else { return [id.replace('_', " "), self.answer(answer)] };
        let choice = list(&question["choices"]).iter().find(|choice| choice["id"] == *answer);
        let said = choice.map_or_else(|| self.answer(answer), |choice| self.spoken(&choice["text"]));
        [self.spoken(&question["text"]), said]
    }

    fn wellbeing(&self, one: &Value) -> ExportTable {
        let satisfied = self.say(&format!("wellbeing.satisfied.{}", one["satisfied"]));
        let mut rows = vec![
            [self.say("wellbeing.noticeable.short"), self.number(&one["noticeable"])],
            [self.say("wellbeing.satisfied.short"), satisfied],
            [self.say("wellbeing.confident.short"), self.number(&one["confident"])],
            [self.say("wellbeing.itches.short"), self.answer(&one["itches"])],
            [self.say("wellbeing.hurts.short"), self.answer(&one["hurts"])],
        ];
        for (key, value) in
            [("wellbeing.scar.short", &one["scar_sum"]), ("wellbeing.dlqi.short", &one["dlqi"])]
        {
            if !value.is_null() {
                rows.push([self.say(key), self.number(value)]);
            }
        }
        let moment = self.say(&format!("wellbeing.{}", text(&one["moment"])));
        ExportTable { title: format!("{} · {moment}", self.day(&text(&one["told_at"]))), rows }
    }

    fn trail(&self, line: &Value) -> [String; 3] {
        let action = text(&line["action"]);
        let nobody =
            if ["mail.sent", "mail.alarmed"].contains(&action.as_str()) { "studio" } else { "client" };
        let by = line["by"].as_str().map_or_else(|| self.say(&format!("trail.{nobody}")), str::to_owned);
        let at = text(&line["at"]);
        let time = at.get(11..16).map(|time| format!(", {time} UTC")).unwrap_or_default();
        [self.day(&at) + &time, by, self.known(&format!("trail.{action}")).unwrap_or(action)]
    }

    /// A wording in this language, or in English.
    fn spoken(&self, wording: &Value) -> String {
        let said = wording[self.language.name()].as_str().or(wording["en"].as_str());
        said.unwrap_or_default().to_owned()
    }
}

fn told_only(rows: Vec<[String; 2]>) -> Vec<[String; 2]> {
    rows.into_iter().filter(|[_, how]| !how.trim().is_empty()).collect()
}

fn messages(json: &str) -> Messages {
    serde_json::from_str(json).expect("a test reads the messages")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_told_in_the_words_of_the_studio() {
        let client = json!({"cases": [{"title": "Strip", "answers":
            {"scar_cause": "burn", "diabetes": true, "birth_date": "1986-02-03", "hair_length_worn_mm": 2.5,
             "allergies": "red", "hopes": "2020-01-02", "transplant_date": "never"}}]});
        let table = Words::in_language("de").answers(&client).remove(0);
        let said = |part: &str| table.rows.iter().any(|[_, how]| how == part);
        assert!(said("Ja") && said("3.\u{a0}Februar\u{a0}1986") && said("2,5"), "{table:?}");
        assert!(said("Verbrennung") && said("nie"), "{table:?}");
        assert!(said("red") && said("2020-01-02"), "a client's own words stay: {table:?}");
        assert!(table.rows.iter().all(|[question, _]| !question.contains('_')), "{table:?}");
    }

    #[test]
    fn every_choice_and_every_day_of_the_intake_is_told_in_words() {
        let asked = include_str!("../../../../../sources/rules/questions.toml");
        let asked: toml::Table = toml::from_str(asked).expect("TOML");
        let words = Words::in_language("de");
        for (question, kind) in &asked {
            let is_day = kind.as_str().is_some_and(|kind| kind.starts_with("day"));
            assert_eq!(question.ends_with("_date"), is_day, "{question}");
            for choice in kind.as_array().into_iter().flatten().filter_map(toml::Value::as_str) {
                let said = words.answer_to(question, &json!(choice));
                assert_ne!(said, choice, "{question} has no words for it");
            }
        }
    }

    #[test]
    fn every_word_that_the_page_names_is_one() {
        for words in [Words::in_language("en"), Words::in_language("de")] {
            for key in [
                "consents",
                "reviews",
                "rate.title",
                "earlier.title",
                "links.intake",
                "sessions",
                "sessions.corrected",
                "sessions.struck",
                "sessions.test",
                "sessions.without_consent",
                "consents.treatment",
                "others_dots",
                "others_dots.per_cm2",
                "others_dots.known_from",
                "others_dots.set_by",
                "check_ins",
                "note",
                "wellbeing",
            ] {
                assert!(words.known(key).is_some(), "{key}");
            }
            let table = words.session(
                &json!({"day": "2026-11-29", "pain": 2, "bleeding": "none", "depth_mm": [0.3, 0.4],
                "practitioner": "Kim", "pigments": [{"product": "Black", "lot": "A7", "expires": null}],
                "zones": [{"name": "strip", "dots": 80, "area_mm2": 100.0, "passes": 1}]}),
            );
            assert_eq!(table.rows.len(), 7, "{table:?}");
            assert!(table.rows.iter().flatten().all(|part| !part.contains("session.")), "{table:?}");
        }
    }
}
