//! What the client tells of how the skin heals.

use serde::{Deserialize, Serialize};
use stipple_care::check_in::{self, Answered};
use stipple_model::{Answer, AnswerKind, CheckInQuestion, CheckIns, Date, Urgency, Wording};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::texts::{day_of, not_too_long, stamp, today};
use super::super::{Store, Who, now};
use super::sessions::standing_days;
use super::{Kept, Kind, NewEntry, Place};
use crate::error::Error;
use crate::words;

/// Most check-ins of a case within [`DAY_MS`].
const A_DAY_MAX: usize = 10;
/// The same with one that wants a doctor.
const URGENT_A_DAY_MAX: usize = 200;
/// A day, ms.
const DAY_MS: i64 = 24 * 3_600_000;

/// What is asked while the skin heals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Asked {
    /// Days after the session on which the client is asked.
    days: Vec<u32>,
    questions: Vec<Question>,
}

/// A question.
#[derive(Debug, Serialize, ToSchema)]
struct Question {
    id: String,
    /// `scale` (0 to 10), `yes_no` or `choice`.
    kind: &'static str,
    /// By language.
    text: Wording,
    choices: Vec<AnswerChoice>,
}

/// An answer that may be chosen.
#[derive(Debug, Serialize, ToSchema)]
struct AnswerChoice {
    id: String,
    /// By language.
    text: Wording,
}

/// What a client tells of the skin.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct CheckInText {
    #[schema(schema_with = words::answers)]
    answers: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    note: String,
}

/// A check-in as it is kept.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct KeptCheckIn {
    /// Day of the last session, YYYY-MM-DD.
    session: String,
    /// Days since then.
    pub(super) day: u32,
    #[serde(flatten)]
    text: CheckInText,
    /// Signs that its answers were, the most urgent first.
    pub(super) signs: Vec<Sign>,
}

impl KeptCheckIn {
    /// Whether the client wrote anything in their own words.
    pub(super) fn has_words(&self) -> bool {
        !self.text.note.trim().is_empty()
    }
}

/// An answer that wants somebody to look.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Sign {
    id: String,
    /// `emergency`, `doctor` or `practitioner`.
    urgency: String,
    /// What the client was told to do, by language.
    text: Wording,
}

impl Sign {
    /// Whether it wants a doctor, today or now.
    pub(super) fn wants_doctor(&self) -> bool {
        [Urgency::Emergency.name(), Urgency::Doctor.name()].contains(&self.urgency.as_str())
    }
}

/// A check-in in a book.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckIn {
    id: Uuid,
    day: u32,
    #[serde(flatten)]
    text: CheckInText,
    signs: Vec<Sign>,
    told_at: String,
    /// Whether the client told it by a link.
    by_client: bool,
    /// Whether somebody has looked at its signs.
    seen: bool,
}

/// What a client hears after telling.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Advised {
    day: u32,
    signs: Vec<Sign>,
    /// What is usual on that day, by language.
    usual: Vec<Wording>,
}

impl Store {
    /// What a clinic asks while the skin heals.
    pub(crate) async fn asked(&self, clinic: Uuid) -> Result<Asked, Error> {
        let check_ins = self.check_ins_of(clinic).await?;
        Ok(Asked { questions: check_ins.questions.iter().map(question).collect(), days: check_ins.days })
    }

    /// Keeps what a client tells of the skin, at the clinic.
    pub(crate) async fn check_in(&self, who: &Who, case: Uuid, text: CheckInText) -> Result<Advised, Error> {
        let place = self.place(who, case).await?;
        self.check_in_at(&place, text).await
    }

    pub(super) async fn check_in_at(&self, place: &Place, mut text: CheckInText) -> Result<Advised, Error> {
        let check_ins = self.check_ins_of(place.clinic).await?;
        not_too_long(&text.note)?;
        // Nothing but what was asked is kept.
        text.answers.retain(|id, _| check_ins.questions.iter().any(|question| question.id == *id));
        let answers = understood(&text.answers);
        if let Some(question) = check_in::unanswered(&check_ins, &answers) {
            let message = format!("The question \"{}\" has no answer that is one to it.", question.id);
            return Err(Error::unusable("unanswered", message));
        }
        let _deciding = self.deciding.lock().await;
        let session = self.last_session(place).await?;
        let day = days_since(session);
        let mut before = self.entries::<KeptCheckIn>(place, Kind::CheckIn).await?;
        before.retain(|kept| is_since(kept, session));
        let late = before.iter().filter(|kept| kept.created_at > now() - DAY_MS);
        if let Some(same) = late.clone().find(|kept| kept.text.text == text) {
            // Sent again, because its answer was lost: it is advised as it was.
            let (day, signs) = (same.text.day, same.text.signs.clone());
            return Ok(Advised { day, usual: usual(&check_ins, day, &signs), signs });
        }
        let late = late.count();
        let told = |kept: &Kept<KeptCheckIn>| {
            (days_between(session, day_of(kept.created_at)), understood(&kept.text.text.answers))
        };
        let before: Vec<_> = before.iter().map(told).collect();
        let signs = check_in::signs(&check_ins, day, &answers, &before).into_iter().map(|sign| Sign {
            id: sign.id.clone(),
            urgency: sign.urgency.name().to_owned(),
            text: sign.text.clone(),
        });
        let (session, signs): (_, Vec<Sign>) = (session.to_string(), signs.collect());
        // What wants a doctor is heard whatever was told before.
        let most = if signs.iter().any(Sign::wants_doctor) { URGENT_A_DAY_MAX } else { A_DAY_MAX };
        if late >= most {
            let message =
                "Enough was told for one day. If it gets worse, call your practitioner or a doctor.";
            return Err(Error::unusable("told_enough", message));
        }
        let kept = KeptCheckIn { session, day, text, signs };
        let new = NewEntry { kind: Kind::CheckIn, parent: None, text: &kept, action: "check_in.told" };
        self.keep_entry(place, new).await?;
        Ok(Advised { day, usual: usual(&check_ins, day, &kept.signs), signs: kept.signs })
    }

    /// Whole days since the last session.
    pub(in super::super) async fn days_since_session(&self, place: &Place) -> Result<u32, Error> {
        Ok(days_since(self.last_session(place).await?))
    }

    /// Days after a session on which the client told how the skin heals.
    pub(super) async fn told_since(&self, place: &Place, session: Date) -> Result<Vec<u32>, Error> {
        let kept = self.entries::<KeptCheckIn>(place, Kind::CheckIn).await?;
        let since = kept.into_iter().filter(|kept| is_since(kept, session));
        Ok(since.map(|kept| days_between(session, day_of(kept.created_at))).collect())
    }

    /// Day of the last session that stands; where none does, of one that was struck out: somebody who has a link from then tells
    /// of it.
    async fn last_session(&self, place: &Place) -> Result<Date, Error> {
        let sessions = self.sessions_at(place).await?;
        let last = standing_days(&sessions).max();
        last.or_else(|| sessions.iter().filter_map(super::Session::day).max()).ok_or_else(|| {
            let message = "No session is on record. Check-ins follow a session; write it down first.";
            Error::unusable("no_sessions", message)
        })
    }

    /// What was told, each with the day since the last session before it as that session's day stands now.
    pub(super) async fn check_ins_at(
        &self,
        place: &Place,
        sessions: &[super::Session],
    ) -> Result<Vec<CheckIn>, Error> {
        let seen = self.seen_at(place).await?;
        let kept = self.entries::<KeptCheckIn>(place, Kind::CheckIn).await?;
        let days: Vec<Date> = standing_days(sessions).collect();
        let day = |kept: &Kept<KeptCheckIn>| {
            let session = days.iter().copied().filter(|day| is_since(kept, *day)).max();
            session.map_or(kept.text.day, |session| days_between(session, day_of(kept.created_at)))
        };
        let check_in = |kept: Kept<KeptCheckIn>| CheckIn {
            id: kept.id,
            day: day(&kept),
            text: kept.text.text,
            signs: kept.text.signs,
            told_at: stamp(kept.created_at),
            by_client: kept.account.is_none(),
            seen: seen.contains(&kept.id),
        };
        Ok(kept.into_iter().map(check_in).collect())
    }
}

pub(super) fn days_since(session: Date) -> u32 {
    days_between(session, today())
}

fn days_between(session: Date, day: Date) -> u32 {
    u32::try_from(session.until(day).map_or(0, |span| span.get_days())).unwrap_or(0)
}

/// Whether it was told since a session. Its own day says so, because the day of a session may be put right later.
fn is_since(kept: &Kept<KeptCheckIn>, session: Date) -> bool {
    day_of(kept.created_at) >= session
}

/// What is usual on a day, by language; nothing beside a sign that wants a doctor, which it could talk away.
fn usual(check_ins: &CheckIns, day: u32, signs: &[Sign]) -> Vec<Wording> {
    if signs.iter().any(Sign::wants_doctor) {
        return Vec::new();
    }
    check_in::usual(check_ins, day).into_iter().map(|usual| usual.text.clone()).collect()
}

fn question(question: &CheckInQuestion) -> Question {
    let (kind, choices) = match &question.kind {
        AnswerKind::Scale => ("scale", Vec::new()),
        AnswerKind::YesNo => ("yes_no", Vec::new()),
        AnswerKind::Choice(choices) => {
            let choice = |(id, text): &(String, Wording)| AnswerChoice { id: id.clone(), text: text.clone() };
            ("choice", choices.iter().map(choice).collect())
        }
    };
    Question { id: question.id.clone(), kind, text: question.text.clone(), choices }
}

/// Answers as the rules understand them; what is none is left out.
fn understood(answers: &serde_json::Map<String, serde_json::Value>) -> Answered {
    let answer = |value: &serde_json::Value| match value {
        serde_json::Value::Bool(flag) => Some(Answer::Flag(*flag)),
        serde_json::Value::Number(number) => number.as_f64().map(Answer::Number),
        serde_json::Value::String(word) => Some(Answer::Word(word.clone())),
        _ => None,
    };
    answers.iter().filter_map(|(id, value)| Some((id.clone(), answer(value)?))).collect()
}
