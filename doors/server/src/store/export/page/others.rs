//! Tables of what is neither answered nor done: consents, the review, ratings, and texts that stood before.

use serde_json::Value;
use stipple_record::document::ExportTable;

use super::super::{list, text};
use super::{Words, told_only};

/// Fields of the texts of clients, cases and visits, and what the studio calls them.
const FIELDS: [(&str, &str); 9] = [
    ("name", "name"),
    ("born_in", "born_in"),
    ("contact", "contact"),
    ("email", "client.email"),
    ("mail_agreed", "client.mail"),
    ("title", "case.title"),
    ("day", "visit.day"),
    ("kind", "visit.kind"),
    ("note", "note"),
];

impl Words {
    /// A consent, and how it was taken back if it was.
    pub(super) fn consent(&self, one: &Value) -> ExportTable {
        let day = self.day(&text(&one["day"]));
        let signed = self.say("consents.signed").replace("{day}", &day);
        let signed = signed.replace("{signer}", &text(&one["signer"]));
        let signed = signed.replace("{witness}", &text(&one["witness"]));
        let declined: Vec<String> = list(&one["declined"]).iter().map(text).collect();
        let mut rows =
            vec![[text(&one["title"]), signed], [self.say("consents.declined"), declined.join("\n")]];
        if let Some(at) = one["withdrawn_at"].as_str() {
            let taken_back = self.say("consents.taken_back").replace("{day}", &self.day(at));
            rows.push([taken_back, one["withdrawal_note"].as_str().unwrap_or("–").to_owned()]);
        }
        let purpose = self.say(&format!("consents.{}", text(&one["purpose"])));
        ExportTable { title: format!("{day} · {purpose}"), rows: told_only(rows) }
    }

    /// What the client said in public, and what stands beside it.
    pub(super) fn review(&self, one: &Value) -> ExportTable {
        let stars = self.say("reviews.stars").replace("{stars}", &one["stars"].to_string());
        let filled = |key: &str, place: &str, with: &str| match with {
            "" => String::new(),
            with => self.say(key).replace(place, with),
        };
        let reason = text(&one["removed"]);
        let reason = self.known(&format!("reviews.reason.{reason}")).unwrap_or(reason);
        let insider = self.known(&format!("reviews.insider.{}", text(&one["insider"])));
        let beside = [
            filled("reviews.offered", "{what}", &text(&one["offered"])),
            filled("reviews.incentive", "{what}", &text(&one["incentive"])),
            insider.unwrap_or_default(),
            filled("reviews.removed", "{reason}", &reason),
        ];
        let mut rows = vec![[self.say("guest.review.words"), text(&one["text"])]];
        rows.extend(beside.map(|said| [self.say("reviews.beside"), said]));
        rows.push([self.say("reviews.answered"), text(&one["answer"])]);
        let day = self.day(&text(&one["written_at"]));
        ExportTable { title: format!("{day} · {stars}"), rows: told_only(rows) }
    }

    /// What somebody said of a photograph.
    pub(super) fn rating(&self, one: &Value) -> ExportTable {
        let score = |key: &str, score: &Value, most: u8| {
            let said = if score.is_null() { String::new() } else { format!("{score} / {most}") };
            [self.say(key), said]
        };
        let judged = if one["cannot_judge"] == true { self.say("rate.not_judged") } else { String::new() };
        let rows = vec![
            [self.say("photograph"), format!("photographs/{}", text(&one["photograph"]))],
            [self.say("rate.who"), text(&one["made_by"])],
            [self.say("rate.noticeable"), judged],
            score("rate.noticeable", &one["noticeability"], 10),
            score("scar", &one["scar_sum"], 15),
            score("vancouver", &one["vancouver_sum"], 13),
        ];
        let by = self.say(&format!("rate.{}", text(&one["by"])));
        let title = format!("{} · {by}", self.day(&text(&one["made_at"])));
        ExportTable { title, rows: told_only(rows) }
    }

    /// A text that does not stand any more, or came too late.
    pub(super) fn earlier(&self, one: &Value) -> ExportTable {
        let by = self.say("earlier.by").replace("{name}", &text(&one["changed_by"]));
        let by = by.replace("{time}", &self.day(&text(&one["changed_at"])));
        let fields = FIELDS.into_iter().filter(|(field, _)| !one["text"][*field].is_null());
        let mut rows: Vec<[String; 2]> =
            fields.map(|(field, key)| [self.say(key), self.field(field, &one["text"][field])]).collect();
        let answers = one["text"]["answers"].as_object().into_iter().flatten();
        rows.extend(answers.map(|(id, answer)| [self.question(id), self.answer_to(id, answer)]));
        let of = self.say(&format!("earlier.{}", text(&one["of"])));
        ExportTable { title: format!("{of} · {by}"), rows: told_only(rows) }
    }

    fn field(&self, field: &str, value: &Value) -> String {
        match (field, value) {
            ("mail_agreed", _) => self.say(if *value == true { "client.mail.yes" } else { "client.mail.no" }),
            ("day", Value::String(day)) => self.day(day),
            ("kind", Value::String(kind)) => self.say(&format!("visit.{kind}")),
            (_, Value::String(words)) => words.clone(),
            (_, other) => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const THEN: &str = "2026-03-02T10:00:00Z";

    /// What a table says, title and rows.
    fn said(table: &ExportTable) -> String {
        let rows = table.rows.iter().map(|row| row.join(": "));
        std::iter::once(table.title.clone()).chain(rows).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_kept_beside_the_book_is_told_in_words() {
        let consent = json!({"purpose": "publication", "title": "Your pictures", "day": "2026-03-01",
            "signer": "Ada", "witness": "Kim", "declined": ["My face"], "withdrawn_at": THEN,
            "withdrawal_note": "Changed my mind."});
        let review = json!({"stars": 2, "text": "It hurt.", "offered": "10 % off", "incentive": "",
            "insider": "relative", "removed": "ordered", "answer": "We are sorry.", "written_at": THEN});
        let rating = json!({"photograph": "p", "by": "blind", "made_by": "Kim", "made_at": THEN,
            "noticeability": 3, "scar_sum": 8, "vancouver_sum": null, "cannot_judge": false});
        let answers = json!({"diabetes": true, "scar_cause": "burn"});
        let earlier = json!({"of": "case", "changed_by": "Kim", "changed_at": THEN,
            "text": {"title": "Strip", "note": "", "answers": answers}});
        let person = json!({"of": "client", "changed_by": "Kim", "changed_at": THEN,
            "text": {"name": "Ada", "born_in": 1980, "mail_agreed": true, "email": "ada@example.org"}});
        for words in [Words::in_language("en"), Words::in_language("de")] {
            let tables = [
                (words.consent(&consent), ["Changed my mind.", "My face"]),
                (words.review(&review), ["10 % off", "We are sorry."]),
                (words.rating(&rating), ["3 / 10", "8 / 15"]),
                (words.earlier(&earlier), ["Strip", "Kim"]),
                (words.earlier(&person), ["1980", "ada@example.org"]),
            ];
            for (table, parts) in &tables {
                let told = said(table);
                assert!(parts.iter().all(|part| told.contains(part)), "{told}");
                assert!(!told.contains(['{', '_']), "every place is filled: {told}");
                for key in ["reviews.", "consents.", "rate.", "earlier.", "client.", "visit.", "question."] {
                    assert!(!told.contains(key), "{key} has no word: {told}");
                }
            }
        }
    }
}
