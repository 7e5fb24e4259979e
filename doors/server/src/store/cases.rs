//! A client's cases and visits.

use std::collections::BTreeMap;

use sea_orm::{ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use stipple_model::{Answer, Date, Rule, word_of_day};
use stipple_record::settings;
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::Deed;
use super::entity::{case, photograph, visit};
use super::shelf::{Case, Visit};
use super::texts::{
    Changed, Column, NewVersion, conflict, hidden, not_too_long, opened, past_day, required, sealed, today,
};
use super::{Store, Who, now};
use crate::error::Error;
use crate::keys::Key;
use crate::words;
use crate::worker::answers_toml;

/// Longest answers of a case as JSON, bytes.
const ANSWERS_BYTES_MAX: usize = 20_000;
/// Longest answer in the client's own words, characters.
const TEXT_CHARACTERS_MAX: usize = 2000;
const PLAIN: &str =
    "Answers are yes, no, numbers and texts of up to 2,000 characters, together up to 20,000 characters.";
/// How often answers are added anew where somebody else was faster.
const TRIES: usize = 20;

/// What a case is about.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct CaseText {
    title: String,
    #[serde(default)]
    note: String,
}

/// What is kept of a case.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct KeptCase {
    #[serde(flatten)]
    text: CaseText,
    #[serde(default)]
    #[schema(schema_with = words::answers, required)]
    answers: Answers,
    /// On which day each came to be what it is, YYYY-MM-DD; of those from before that was kept, none.
    #[serde(default)]
    #[schema(required)]
    answered_on: BTreeMap<String, String>,
}

/// What a client answers, by question.
pub(super) type Answers = serde_json::Map<String, serde_json::Value>;

/// Answers that are new; those of null are taken back.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Answered {
    #[schema(schema_with = words::new_answers)]
    pub(super) answers: Answers,
}

/// What a visit was.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct VisitText {
    /// YYYY-MM-DD.
    day: String,
    kind: VisitKind,
    #[serde(default)]
    note: String,
}

impl VisitText {
    /// Makes it the text of a new visit, within a write that it belongs to.
    pub(super) async fn insert(
        &self,
        writing: &impl ConnectionTrait,
        key: &Key,
        (client, case): (Uuid, Uuid),
        id: Uuid,
    ) -> Result<(), Error> {
        let row = visit::ActiveModel {
            id: Set(id),
            client: Set(client),
            case: Set(case),
            version: Set(1),
            sealed: Set(sealed(key, "visit", id, self)),
            created_at: Set(now()),
        };
        visit::Entity::insert(row).exec_without_returning(writing).await?;
        Ok(())
    }

    /// Of a photograph that the client sends today.
    pub(super) fn by_link() -> Self {
        Self { day: today().to_string(), kind: VisitKind::ByLink, note: String::new() }
    }

    /// Whether the skin was photographed before a first session on a day.
    pub(super) fn is_before(&self, first: Date) -> bool {
        let is_at_it = self.day() == Some(first) && self.kind == VisitKind::Consultation;
        is_at_it || self.day().is_some_and(|day| day < first)
    }

    /// Whether the client sent what is in it.
    pub(super) fn is_by_link(&self) -> bool {
        self.kind == VisitKind::ByLink
    }

    /// Whether it is one of those, of today.
    pub(super) fn is_by_link_today(&self) -> bool {
        self.kind == VisitKind::ByLink && self.day() == Some(today())
    }

    /// The day of it.
    pub(super) fn day(&self) -> Option<Date> {
        self.day.parse().ok()
    }
}

/// Why the client was there.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum VisitKind {
    Consultation,
    Session,
    FollowUp,
    /// The client was not there, and sent a photograph by a link.
    ByLink,
}

impl Store {
    /// Every case of a client as it is kept once nothing but its title is: sealed, by id.
    pub(super) async fn case_titles(&self, key: &Key, client: Uuid) -> Result<Vec<(Uuid, Vec<u8>)>, Error> {
        let rows = case::Entity::find().filter(case::Column::Client.eq(client)).all(&self.db).await?;
        let title = |row: case::Model| {
            let kept: KeptCase = opened(key, "case", row.id, &row.sealed)?;
            let text = CaseText { title: kept.text.title, note: String::new() };
            Ok((row.id, sealed(key, "case", row.id, &KeptCase::new(text))))
        };
        rows.into_iter().map(title).collect()
    }

    /// A new case of a client.
    pub(crate) async fn new_case(&self, who: &Who, client: Uuid, text: CaseText) -> Result<Case, Error> {
        let key = self.client_key(who.clinic, client).await?;
        let id = Uuid::now_v7();
        let row = case::ActiveModel {
            id: Set(id),
            client: Set(client),
            version: Set(1),
            sealed: Set(sealed(&key, "case", id, &KeptCase::new(text.checked()?))),
            created_at: Set(now()),
        };
        case::Entity::insert(row).exec_without_returning(&self.db).await?;
        self.note(who, Deed::new("case.made").of(client).about(id)).await?;
        self.case(who, id).await
    }

    /// A case with its visits and photographs.
    pub(crate) async fn case(&self, who: &Who, id: Uuid) -> Result<Case, Error> {
        let client = self.client_of_case(id).await?;
        self.shelf(who, client).await.map_err(|error| hidden(error, "case"))?.case(id)
    }

    /// Changes what a case is about; its answers stay.
    pub(crate) async fn change_case(
        &self,
        who: &Who,
        id: Uuid,
        new: Changed<CaseText>,
    ) -> Result<Case, Error> {
        let text = new.text.checked()?;
        let client = self.client_of_case(id).await?;
        let key = self.client_key(who.clinic, client).await.map_err(|error| hidden(error, "case"))?;
        let (_, kept) = self.kept_case(&key, id).await?;
        let kept = KeptCase { text: text.clone(), ..kept };
        if !self.write_case(&key, who.account, (client, id), new.version, &kept).await? {
            return Err(conflict(&self.case(who, id).await?, &text));
        }
        self.note(who, Deed::new("case.changed").of(client).about(id)).await?;
        self.case(who, id).await
    }

    /// Adds what the client answers to what was answered before; what somebody else adds meanwhile stays too.
    pub(crate) async fn answer(&self, who: &Who, id: Uuid, new: Answered) -> Result<Case, Error> {
        let client = self.client_of_case(id).await?;
        let key = self.client_key(who.clinic, client).await.map_err(|error| hidden(error, "case"))?;
        // A birth date that was typed wrong can always be put right.
        if !new.answers.keys().all(|question| ["birth_date", "age_years"].contains(&question.as_str())) {
            self.require_data_agreed_in(who, id).await?;
        }
        self.require_understood(who.clinic, &new.answers).await?;
        if !self.answer_at(&key, who.account, (client, id), &new).await? {
            return Err(conflict(&self.case(who, id).await?, &new.answers));
        }
        self.note(who, Deed::new("case.answered").of(client).about(id)).await?;
        self.case(who, id).await
    }

    /// Adds answers in the name of an account; whether they stand.
    pub(super) async fn answer_at(
        &self,
        key: &Key,
        account: Uuid,
        (client, id): (Uuid, Uuid),
        new: &Answered,
    ) -> Result<bool, Error> {
        for _ in 0..TRIES {
            let (version, mut kept) = self.kept_case(key, id).await?;
            kept.add(&new.answers);
            kept.require_answers()?;
            if self.write_case(key, account, (client, id), version, &kept).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Refuses an answer that is none to its question, or cannot be true.
    pub(super) async fn require_understood(&self, clinic: Uuid, answers: &Answers) -> Result<(), Error> {
        let given: Answers = answers.clone().into_iter().filter(|(_, answer)| !answer.is_null()).collect();
        understood(&given, &self.rules_of(clinic).await?).map(drop)
    }

    /// What was answered in a case, as rules understand it; without what they do not since the clinic changed them.
    pub(super) async fn answers_that_hold(
        &self,
        key: &Key,
        (clinic, case): (Uuid, Uuid),
    ) -> Result<stipple_model::Answers, Error> {
        let mut answers = self.understood_at(clinic, &self.answers_at(key, case).await?).await?;
        let days = self.days_of_answers(key, case).await?.into_iter();
        answers.extend(days.map(|(word, day)| (word, Answer::Day(day))));
        Ok(answers)
    }

    /// The days on which answers came to be what they are, by the words that rules read.
    pub(super) async fn days_of_answers(
        &self,
        key: &Key,
        case: Uuid,
    ) -> Result<BTreeMap<String, Date>, Error> {
        let days = self.kept_case(key, case).await?.1.answered_on.into_iter();
        Ok(days.filter_map(|(question, day)| Some((word_of_day(&question), day.parse().ok()?))).collect())
    }

    /// The day of the visit at which a photograph was taken.
    pub(super) async fn day_of_photograph(&self, key: &Key, id: Uuid) -> Result<Option<Date>, Error> {
        let row = photograph::Entity::find_by_id(id).one(&self.db).await?;
        let visit = row.ok_or(Error::Missing("photograph"))?.visit;
        let row = visit::Entity::find_by_id(visit).one(&self.db).await?.ok_or(Error::Missing("visit"))?;
        Ok(opened::<VisitText>(key, "visit", visit, &row.sealed)?.day.parse().ok())
    }

    /// Answers that were kept elsewhere, as rules understand them.
    pub(super) async fn understood_at(
        &self,
        clinic: Uuid,
        answers: &Answers,
    ) -> Result<stipple_model::Answers, Error> {
        let rules = self.rules_of(clinic).await?;
        let alone =
            answers.iter().map(|(question, answer)| Answers::from_iter([(question.clone(), answer.clone())]));
        Ok(alone.filter_map(|one| understood(&one, &rules).ok()).flatten().collect())
    }

    /// What was answered in a case.
    pub(super) async fn answers_at(&self, key: &Key, id: Uuid) -> Result<Answers, Error> {
        Ok(self.kept_case(key, id).await?.1.answers)
    }

    /// The title of a case.
    pub(super) async fn title_at(&self, key: &Key, id: Uuid) -> Result<String, Error> {
        Ok(self.kept_case(key, id).await?.1.text.title)
    }

    /// What stands of a case, and its version.
    async fn kept_case(&self, key: &Key, id: Uuid) -> Result<(i64, KeptCase), Error> {
        let row = case::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("case"))?;
        Ok((row.version, opened(key, "case", id, &row.sealed)?))
    }

    /// Lets a new version of a case stand if `changes` still does; whether it does.
    async fn write_case(
        &self,
        key: &Key,
        account: Uuid,
        (client, id): (Uuid, Uuid),
        changes: i64,
        kept: &KeptCase,
    ) -> Result<bool, Error> {
        let column: Column<case::Entity> =
            Column { id: case::Column::Id, version: case::Column::Version, sealed: case::Column::Sealed };
        let sealed = sealed(key, "case", id, kept);
        let new = NewVersion { client, subject: id, changes, sealed, kind: "case" };
        self.write_version(account, column, new).await
    }

    /// A new visit in a case.
    pub(crate) async fn new_visit(&self, who: &Who, case: Uuid, text: VisitText) -> Result<Visit, Error> {
        let client = self.client_of_case(case).await?;
        let key = self.client_key(who.clinic, client).await.map_err(|error| hidden(error, "case"))?;
        let id = Uuid::now_v7();
        text.checked()?.insert(&self.db, &key, (client, case), id).await?;
        self.note(who, Deed::new("visit.made").of(client).about(id)).await?;
        self.visit(who, id).await
    }

    /// A visit with its photographs.
    pub(crate) async fn visit(&self, who: &Who, id: Uuid) -> Result<Visit, Error> {
        let client = self.client_of_visit(who, id).await?;
        self.shelf(who, client).await?.visit(id)
    }

    /// Changes what a visit was.
    pub(crate) async fn change_visit(
        &self,
        who: &Who,
        id: Uuid,
        new: Changed<VisitText>,
    ) -> Result<Visit, Error> {
        let client = self.client_of_visit(who, id).await?;
        let key = self.client_key(who.clinic, client).await?;
        let text = new.text.checked()?;
        let column: Column<visit::Entity> =
            Column { id: visit::Column::Id, version: visit::Column::Version, sealed: visit::Column::Sealed };
        let sealed = sealed(&key, "visit", id, &text);
        let measured = self.measured_cases(who, client).await?;
        let new = NewVersion { client, subject: id, changes: new.version, sealed, kind: "visit" };
        if !self.write_version(who.account, column, new).await? {
            return Err(conflict(&self.visit(who, id).await?, &text));
        }
        self.note(who, Deed::new("visit.changed").of(client).about(id)).await?;
        self.note_unmeasured(who, client, measured).await?;
        self.visit(who, id).await
    }

    /// The client of a visit of this clinic.
    pub(super) async fn client_of_visit(&self, who: &Who, id: Uuid) -> Result<Uuid, Error> {
        let row = visit::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("visit"))?;
        self.client_key(who.clinic, row.client).await.map_err(|error| hidden(error, "visit"))?;
        Ok(row.client)
    }

    pub(super) async fn client_of_case(&self, id: Uuid) -> Result<Uuid, Error> {
        let row = case::Entity::find_by_id(id).one(&self.db).await?.ok_or(Error::Missing("case"))?;
        Ok(row.client)
    }
}

fn understood(answers: &Answers, rules: &[Rule]) -> Result<stipple_model::Answers, Error> {
    let toml = answers_toml(answers).unwrap_or_default();
    settings::answers_from_toml(&String::from_utf8_lossy(&toml), rules, today())
        .map_err(|error| Error::unusable("bad_answer", error.to_string()))
}

impl CaseText {
    fn checked(mut self) -> Result<Self, Error> {
        self.title = required(&self.title, "title of the case")?;
        not_too_long(&self.note)?;
        Ok(self)
    }
}

impl KeptCase {
    fn new(text: CaseText) -> Self {
        Self { text, answers: Answers::new(), answered_on: BTreeMap::new() }
    }

    /// Adds answers, takes back those of null, and what a day says better: an age goes stale.
    fn add(&mut self, new: &Answers) {
        for (question, answer) in new {
            if answer.is_null() {
                self.answers.remove(question);
                self.answered_on.remove(question);
            } else if self.answers.insert(question.clone(), answer.clone()).as_ref() != Some(answer) {
                self.answered_on.insert(question.clone(), today().to_string());
            }
            if question == "birth_date" {
                self.answers.remove("age_years");
            } else if let Some(stem) = question.strip_suffix("_date") {
                self.answers.remove(&format!("{stem}_age_months"));
            }
        }
    }

    /// Refuses more than any questions ask for.
    fn require_answers(&self) -> Result<(), Error> {
        let is_plain = |answer: &serde_json::Value| match answer.as_str() {
            Some(text) => text.chars().count() <= TEXT_CHARACTERS_MAX,
            None => !answer.is_array() && !answer.is_object(),
        };
        let bytes = serde_json::to_string(&self.answers).map_or(usize::MAX, |json| json.len());
        if bytes <= ANSWERS_BYTES_MAX && self.answers.values().all(is_plain) {
            return Ok(());
        }
        Err(Error::unusable("bad_answers", PLAIN))
    }
}

impl VisitText {
    fn checked(self) -> Result<Self, Error> {
        past_day(&self.day, "visit")?;
        not_too_long(&self.note)?;
        Ok(self)
    }
}
