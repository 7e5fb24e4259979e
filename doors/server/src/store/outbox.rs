//! Letters on their way out, to clients and of them to the clinic: one row each, its words sealed with the client's key until it has gone.
//!
//! A row is claimed in a write of its own before anything is sent, so that no letter goes out twice. Where the studio stops
//! between that and the server's answer, nobody knows whether it went: it is shown, and a person decides.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::Serialize;
use stipple_model::Letter;
use utoipa::ToSchema;
use uuid::Uuid;

use super::audit::{self, Deed};
use super::book::alarm::ALARM;
use super::clients::Person;
use super::entity::{client, clinic, mail};
use super::texts::{opened, stamp};
use super::{Store, Who, now};
use crate::clock::here;
use crate::error::Error;
use crate::mail::letter::{Outgoing, Words};
use crate::mail::post::{Outcome, Reason};

/// A minute, ms.
const MINUTE_MS: i64 = 60_000;
/// How long is waited after each try that failed, ms: five tries within two days.
const WAITS_MS: [i64; 4] = [10 * MINUTE_MS, 60 * MINUTE_MS, 8 * 60 * MINUTE_MS, 36 * 60 * MINUTE_MS];
/// Most letters that are shown.
const SHOWN_MAX: u64 = 200;

/// What was waiting when a backup was taken may have gone out since.
pub(super) const PUT_BACK_IS_UNSURE: &str =
    "UPDATE mail SET state = 'perhaps_sent', reason = 'stopped' WHERE state IN ('waiting', 'sending')";

/// How far a letter is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LetterState {
    /// To be tried at its time.
    Waiting,
    /// The server is being asked.
    Sending,
    /// The server has it.
    Sent,
    /// Given up.
    Failed,
    /// It may have gone out; a person decides.
    PerhapsSent,
    /// Taken back by a person, or overtaken by another letter, before it went out.
    Dropped,
}

/// A letter in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LetterLine {
    id: Uuid,
    client: Uuid,
    case: Uuid,
    /// The client's name.
    name: String,
    /// `calendar`, `check_in` or `touch_up` to the client; `alarm` to the clinic.
    kind: String,
    state: LetterState,
    /// Why it was not sent the last time, as a word.
    #[schema(required)]
    reason: Option<String>,
    /// How often it was tried.
    tries: i32,
    /// When it is tried next, of one that waits.
    #[schema(required)]
    next_at: Option<String>,
    /// When its state changed.
    changed_at: String,
}

impl Store {
    /// Settles what the studio was at when it was stopped.
    pub(crate) async fn settle_interrupted_letters(&self) -> Result<(), Error> {
        let unsure = mail::Entity::update_many()
            .col_expr(mail::Column::State, Expr::value(LetterState::PerhapsSent.word()))
            .col_expr(mail::Column::Reason, Expr::value(Reason::Stopped.word()))
            .filter(mail::Column::State.eq(LetterState::Sending.word()));
        unsure.exec(&self.db).await?;
        Ok(())
    }

    /// Takes the next letter of a clinic that is due, for the caller alone. What its client wants no more is removed.
    pub(crate) async fn claim_letter(&self, clinic: Uuid) -> Result<Option<Outgoing>, Error> {
        let due = mail::Column::Clinic.eq(clinic).and(mail::Column::State.eq(LetterState::Waiting.word()));
        let due = mail::Entity::find().filter(due.and(mail::Column::NextAt.lte(now())));
        for row in due.order_by_asc(mail::Column::NextAt).limit(SHOWN_MAX).all(&self.db).await? {
            match self.claimed(&row).await {
                Ok(None) => {}
                Ok(Some(letter)) => return Ok(Some(letter)),
                // Shown, so that one that cannot be read does not hold up the others.
                Err(Error::Damaged { .. }) => {
                    self.settle_letter(row.id, Outcome::Refused(Reason::Damaged)).await?
                }
                Err(other) => return Err(other),
            }
        }
        Ok(None)
    }

    async fn claimed(&self, row: &mail::Model) -> Result<Option<Outgoing>, Error> {
        let Some(to) = self.wanted_at(row).await? else {
            mail::Entity::delete_by_id(row.id).exec(&self.db).await?;
            return Ok(None);
        };
        // One a client and day; this one waits until tomorrow.
        if row.kind != ALARM && self.went_out_today(row.client).await? {
            return Ok(None);
        }
        let key = self.client_key(row.clinic, row.client).await?;
        let words: Words = opened(&key, "letter", row.id, &row.sealed)?;
        let waits = mail::Column::Id.eq(row.id).and(mail::Column::State.eq(LetterState::Waiting.word()));
        let claim = mail::Entity::update_many()
            .col_expr(mail::Column::State, Expr::value(LetterState::Sending.word()))
            .col_expr(mail::Column::Tries, Expr::value(row.tries + 1))
            .col_expr(mail::Column::ChangedAt, Expr::value(now()))
            .filter(waits);
        let is_ours = claim.exec(&self.db).await?.rows_affected == 1;
        Ok(is_ours.then(|| Outgoing { id: row.id, to, words, at: now() }))
    }

    /// Writes down what became of a letter that was claimed. Of one that went out, its words go, and the trail is told.
    pub(crate) async fn settle_letter(&self, id: Uuid, outcome: Outcome) -> Result<(), Error> {
        let writing = self.begin().await?;
        // One whose client was erased meanwhile is settled.
        let Some(row) = mail::Entity::find_by_id(id).one(&writing).await? else { return Ok(()) };
        let settled = Settled::of(outcome, row.tries);
        let mut write = mail::Entity::update_many()
            .col_expr(mail::Column::State, Expr::value(settled.state.word()))
            .col_expr(mail::Column::Reason, Expr::value(settled.reason.map(Reason::word)))
            .col_expr(mail::Column::NextAt, Expr::value(now() + settled.wait_ms))
            .col_expr(mail::Column::ChangedAt, Expr::value(now()));
        if settled.state == LetterState::Sent {
            write = write.col_expr(mail::Column::Sealed, Expr::value(Vec::<u8>::new()));
            let deed = if row.kind == ALARM { Deed::new("mail.alarmed") } else { Deed::new("mail.sent") };
            let deed = deed.of(row.client).about(id);
            audit::append(&writing, row.clinic, None, deed).await?;
        }
        write.filter(mail::Column::Id.eq(id)).exec(&writing).await?;
        writing.commit().await?;
        if settled.state == LetterState::Sent { self.forget_old_pages().await } else { Ok(()) }
    }

    /// Letters of the clinic, the last first.
    pub(crate) async fn letters(&self, who: &Who) -> Result<Vec<LetterLine>, Error> {
        let of = mail::Entity::find().filter(mail::Column::Clinic.eq(who.clinic));
        let rows = of.order_by_desc(mail::Column::CreatedAt).limit(SHOWN_MAX).all(&self.db).await?;
        let mut lines = Vec::new();
        for row in rows {
            // One that was erased meanwhile has no name.
            let Some(of) = client::Entity::find_by_id(row.client).one(&self.db).await? else { continue };
            let person: Person = opened(&self.unwrapped(&of)?, "client", of.id, &of.sealed)?;
            lines.push(line(row, person.name));
        }
        Ok(lines)
    }

    /// Lets a letter that was given up, or may have gone out, go out once more.
    pub(crate) async fn send_letter_again(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let row = self.letter_of(who, id).await?;
        let ended = [LetterState::Failed.word(), LetterState::PerhapsSent.word()];
        let again = mail::Entity::update_many()
            .col_expr(mail::Column::State, Expr::value(LetterState::Waiting.word()))
            .col_expr(mail::Column::Tries, Expr::value(0))
            .col_expr(mail::Column::NextAt, Expr::value(now()))
            .col_expr(mail::Column::ChangedAt, Expr::value(now()))
            .filter(mail::Column::Id.eq(id).and(mail::Column::State.is_in(ended)));
        if again.exec(&self.db).await?.rows_affected == 0 {
            return Err(on_its_way());
        }
        self.note(who, Deed::new("mail.again").of(row.client).about(id)).await
    }

    /// Takes a letter back that has not gone out. Its row stays, so that it is not written anew.
    pub(crate) async fn drop_letter(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        let row = self.letter_of(who, id).await?;
        let gone = [LetterState::Sending.word(), LetterState::Sent.word(), LetterState::Dropped.word()];
        let drop = mail::Entity::update_many()
            .col_expr(mail::Column::State, Expr::value(LetterState::Dropped.word()))
            .col_expr(mail::Column::Sealed, Expr::value(Vec::<u8>::new()))
            .col_expr(mail::Column::ChangedAt, Expr::value(now()))
            .filter(mail::Column::Id.eq(id).and(mail::Column::State.is_not_in(gone)));
        if drop.exec(&self.db).await?.rows_affected == 0 {
            return Err(on_its_way());
        }
        self.note(who, Deed::new("mail.dropped").of(row.client).about(id)).await
    }

    /// Whether a letter to a client went out today.
    pub(super) async fn went_out_today(&self, client: Uuid) -> Result<bool, Error> {
        let counted = mail::Column::Kind.is_not_in([ALARM, Letter::Calendar.name()]);
        let sent = mail::Column::Client.eq(client).and(counted);
        let sent = sent.and(mail::Column::State.eq(LetterState::Sent.word()));
        let last = mail::Entity::find().filter(sent).order_by_desc(mail::Column::ChangedAt);
        let last = last.one(&self.db).await?;
        Ok(last.is_some_and(|last| here(last.changed_at).date() == here(now()).date()))
    }

    /// Takes back what waits in a case, because another letter of it has overtaken it: a calendar another calendar, and what asks
    /// the client for something another of those.
    pub(super) async fn overtake_waiting(&self, case: Uuid, by: Letter) -> Result<(), Error> {
        let calendar = Letter::Calendar.name();
        let overtaken = match by {
            Letter::Calendar => mail::Column::Kind.eq(calendar),
            _ => mail::Column::Kind.is_not_in([ALARM, calendar]),
        };
        let waits = mail::Column::Case.eq(case).and(overtaken);
        let waits = waits.and(mail::Column::State.eq(LetterState::Waiting.word()));
        let overtaken = mail::Entity::update_many()
            .col_expr(mail::Column::State, Expr::value(LetterState::Dropped.word()))
            .col_expr(mail::Column::Sealed, Expr::value(Vec::<u8>::new()))
            .col_expr(mail::Column::ChangedAt, Expr::value(now()));
        overtaken.filter(waits).exec(&self.db).await?;
        Ok(())
    }

    /// Removes letters to a client that wait.
    pub(super) async fn drop_waiting(&self, client: Uuid) -> Result<(), Error> {
        let ended = [LetterState::Sending.word(), LetterState::Sent.word(), LetterState::Dropped.word()];
        let waiting = mail::Column::Client.eq(client).and(mail::Column::Kind.ne(ALARM));
        let waiting = waiting.and(mail::Column::State.is_not_in(ended));
        mail::Entity::delete_many().filter(waiting).exec(&self.db).await?;
        self.forget_old_pages().await
    }

    /// The name of a clinic.
    pub(crate) async fn name_of_clinic(&self, clinic: Uuid) -> Result<String, Error> {
        let row = clinic::Entity::find_by_id(clinic).one(&self.db).await?;
        Ok(row.ok_or(Error::Missing("clinic"))?.name)
    }

    async fn letter_of(&self, who: &Who, id: Uuid) -> Result<mail::Model, Error> {
        let row = mail::Entity::find_by_id(id).one(&self.db).await?;
        row.filter(|row| row.clinic == who.clinic).ok_or(Error::Missing("letter"))
    }
}

/// What a letter's row says after it was tried.
struct Settled {
    state: LetterState,
    reason: Option<Reason>,
    wait_ms: i64,
}

impl Settled {
    fn of(outcome: Outcome, tries: i32) -> Self {
        let wait_ms = usize::try_from(tries - 1).ok().and_then(|before| WAITS_MS.get(before)).copied();
        let (state, reason, wait_ms) = match (outcome, wait_ms) {
            (Outcome::Sent, _) => (LetterState::Sent, None, 0),
            (Outcome::Perhaps(reason), _) => (LetterState::PerhapsSent, Some(reason), 0),
            (Outcome::Later(reason), Some(wait_ms)) => (LetterState::Waiting, Some(reason), wait_ms),
            (Outcome::Refused(reason) | Outcome::Later(reason), _) => (LetterState::Failed, Some(reason), 0),
        };
        Self { state, reason, wait_ms }
    }
}

impl LetterState {
    /// All of them.
    const ALL: [Self; 6] =
        [Self::Waiting, Self::Sending, Self::Sent, Self::Failed, Self::PerhapsSent, Self::Dropped];

    /// The word that is stored.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::PerhapsSent => "perhaps_sent",
            Self::Dropped => "dropped",
        }
    }

    fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.word() == word).unwrap_or(Self::PerhapsSent)
    }
}

fn on_its_way() -> Error {
    Error::unusable(
        "mail_not_ended",
        "This letter is on its way, went out, or was taken back. Load the list again.",
    )
}

fn line(row: mail::Model, name: String) -> LetterLine {
    let state = LetterState::of_word(&row.state);
    LetterLine {
        next_at: (state == LetterState::Waiting).then(|| stamp(row.next_at)),
        changed_at: stamp(row.changed_at),
        id: row.id,
        client: row.client,
        case: row.case,
        name,
        kind: row.kind,
        state,
        reason: row.reason,
        tries: row.tries,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_within_two_days() {
        let waits: Vec<i64> =
            (1..=5).map(|tries| Settled::of(Outcome::Later(Reason::Busy), tries).wait_ms).collect();
        assert_eq!(waits[4], 0);
        assert!(waits[..4].windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
        assert!(waits.iter().sum::<i64>() <= 2 * 24 * 60 * MINUTE_MS, "{waits:?}");
        let state = |tries| Settled::of(Outcome::Later(Reason::Busy), tries).state;
        assert_eq!((state(4), state(5)), (LetterState::Waiting, LetterState::Failed));
    }

    #[test]
    fn what_may_have_gone_out_is_not_tried_again() {
        assert_eq!(Settled::of(Outcome::Perhaps(Reason::Lost), 1).state, LetterState::PerhapsSent);
        assert_eq!(Settled::of(Outcome::Refused(Reason::Refused), 1).state, LetterState::Failed);
        assert!(LetterState::ALL.into_iter().all(|state| LetterState::of_word(state.word()) == state));
    }
}
