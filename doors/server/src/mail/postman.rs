//! Rounds: every minute, what is due is written, and what waits is sent; only in clinics where somebody has signed in.

use std::time::Duration;

use uuid::Uuid;

use super::letter::{Outgoing, Words, address};
use super::post::{Outcome, Reason};
use super::settings::Settings;
use crate::error::Error;
use crate::store::{Store, Who, now};

/// How often a round is made.
const EVERY: Duration = Duration::from_secs(60);
/// Most letters of a clinic in a round, so that no server takes the studio for a flood.
const A_ROUND_MAX: usize = 20;

/// Who carries letters out, if somebody wrote down how.
pub(crate) struct Postman {
    store: Store,
    settings: Option<Settings>,
    /// Held while a round is made.
    turn: tokio::sync::Mutex<()>,
}

impl Postman {
    pub(crate) fn new(store: Store, settings: Option<Settings>) -> Self {
        Self { store, settings, turn: tokio::sync::Mutex::default() }
    }

    /// By which server letters go out.
    pub(crate) fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }

    /// Makes rounds as long as the studio is open.
    pub(crate) async fn run(&self) {
        while self.settings.is_some() {
            if let Err(error) = self.round().await {
                crate::log::fault(&error.for_log());
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Writes what is due, and sends what waits.
    pub(crate) async fn round(&self) -> Result<(), Error> {
        let settings = self.settings.as_ref().ok_or_else(not_set_up)?;
        let _turn = self.turn.lock().await;
        let mut made = Ok(());
        for clinic in self.store.open_clinics() {
            // Whatever is wrong in one clinic does not hold up the others.
            made = made.and(self.round_in(clinic, settings).await);
        }
        made
    }

    async fn round_in(&self, clinic: Uuid, settings: &Settings) -> Result<(), Error> {
        self.store.write_letters(clinic, settings).await?;
        for _ in 0..A_ROUND_MAX {
            let Some(letter) = self.store.claim_letter(clinic).await? else { break };
            let outcome = settings.send(&letter).await;
            self.store.settle_letter(letter.id, outcome).await?;
            // A server that is not there for one is not there for the next.
            if matches!(outcome, Outcome::Later(_) | Outcome::Perhaps(_)) {
                break;
            }
        }
        Ok(())
    }

    /// Sends a test, now.
    ///
    /// # Errors
    /// Why it did not arrive.
    pub(crate) async fn test(&self, who: &Who, to: &str, language: &str) -> Result<(), Error> {
        let settings = self.settings.as_ref().ok_or_else(not_set_up)?;
        address(to)?;
        let clinic = self.store.name_of_clinic(who.clinic).await?;
        let words = Words::of_test(&self.store.letters_of(who.clinic).await?, language, &clinic);
        let letter = Outgoing { id: Uuid::now_v7(), to: to.to_owned(), words, at: now() };
        match settings.send(&letter).await {
            Outcome::Sent => Ok(()),
            Outcome::Later(reason) | Outcome::Refused(reason) | Outcome::Perhaps(reason) => {
                Err(trouble(reason))
            }
        }
    }
}

fn not_set_up() -> Error {
    let message =
        "The studio sends no e-mail. Whoever runs it can write down how: `stipple serve --mail FILE.toml`.";
    Error::unusable("mail_off", message)
}

/// Why a test did not arrive, for whoever set up the server.
fn trouble(reason: Reason) -> Error {
    match reason {
        Reason::NoConnection | Reason::Stopped => Error::unusable(
            "mail_no_connection",
            "The mail server does not answer. Check `host` and `port`, and that it runs.",
        ),
        Reason::Tls => Error::unusable(
            "mail_tls",
            "The connection to the mail server could not be kept from others. Check `security` and `host`.",
        ),
        Reason::Login => Error::unusable(
            "mail_login",
            "The mail server does not take user or password. Check both in the settings.",
        ),
        Reason::Busy => {
            Error::unusable("mail_busy", "The mail server has no time. Try again in a few minutes.")
        }
        Reason::Refused | Reason::Address | Reason::Damaged => Error::unusable(
            "mail_refused",
            "The mail server does not take this letter. Check the address, and `from` in the settings.",
        ),
        Reason::Lost => Error::unusable(
            "mail_lost",
            "The connection ended before the mail server said whether it has the letter. Look whether it came.",
        ),
    }
}
