//! When pages are made anew: at once where somebody is taken back or erased, in the background after all else that the clinic's
//! chain tells, so that whoever is not shown counts too.

use std::time::{Duration, Instant};

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::super::entity::{audit, publication};
use super::super::{Store, Who};
use super::EXPORTED;
use crate::access::Role;
use crate::error::Error;

/// How long nothing is made at least, so that many changes are made into pages once.
const PAUSE: Duration = Duration::from_secs(3);
/// The same after something went wrong.
const PAUSE_AFTER_FAULT: Duration = Duration::from_secs(10);

/// What the chain tells often and no page does. Whatever else is in it makes pages anew, so that nothing new is forgotten here.
const NOT_ON_PAGES: [&str; 18] = [
    "signed_in",
    "reading.made",
    "plan.made",
    "draft.made",
    "fading.made",
    "client.exported",
    EXPORTED,
    "link.made",
    "link.refused",
    "feed.made",
    "feed.closed",
    "feed.refused",
    "mail.sent",
    "mail.alarmed",
    "check_in.told",
    "wellbeing.told",
    "wellbeing.observed",
    "rating.made",
];

/// What the pages in place are of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Made {
    /// When they were begun, ms since 1970; 0 where none were.
    pub(super) at: i64,
    /// Where the clinic's chain ended then.
    pub(super) place: i64,
}

impl Store {
    /// Keeps the pages of every open clinic up with its chain as long as the studio runs. What the chain tells while nobody can
    /// open the clinic is on them once somebody signs in.
    pub(crate) async fn keep_pages_up(self) {
        let mut told = String::new();
        loop {
            let (begun, store) = (Instant::now(), self.clone());
            // In a task of its own, so that a bug of ours ends one round and not all of them.
            let round = tokio::spawn(async move { store.bring_pages_up().await }).await;
            let pause = match round.unwrap_or_else(|error| Err(Error::Ours(error.to_string()))) {
                Ok(()) => {
                    told.clear();
                    // However large a clinic is, half of the time is left for other work.
                    PAUSE.max(begun.elapsed())
                }
                Err(error) => {
                    let fault = error.for_log();
                    // What does not go away is said once.
                    if fault != told {
                        crate::log::fault(&format!("pages for strangers were not made: {fault}"));
                    }
                    told = fault;
                    PAUSE_AFTER_FAULT
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn bring_pages_up(&self) -> Result<(), Error> {
        let mut made = Ok(());
        for clinic in self.open_clinics() {
            // Whatever is wrong in one clinic does not hold up the others.
            made = made.and(self.bring_pages_of_up(clinic).await);
        }
        made
    }

    async fn bring_pages_of_up(&self, clinic: Uuid) -> Result<(), Error> {
        // Held before it is asked, so that what somebody else makes meanwhile is not made twice.
        let _making = self.making_pages.lock().await;
        if !self.are_pages_behind(clinic).await? {
            return Ok(());
        }
        // In nobody's name, and with the owner's eyes: closed records count too.
        self.make_pages_alone(&Who { account: Uuid::nil(), clinic, role: Role::Owner }).await
    }

    /// Whether the chain of a clinic tells of something since its pages were begun that may be on them.
    async fn are_pages_behind(&self, clinic: Uuid) -> Result<bool, Error> {
        let since = audit::Column::Place.gt(self.pages_made(clinic).await.place);
        let of = audit::Column::Clinic.eq(clinic).and(since);
        let of = of.and(audit::Column::Action.is_not_in(NOT_ON_PAGES));
        Ok(audit::Entity::find().filter(of).one(&self.db).await?.is_some())
    }

    /// Makes pages anew in the background, now; not while the studio is locked: they are when somebody signs in.
    pub(crate) fn make_pages_later(&self, who: &Who) {
        if self.clinic_key(who.clinic).is_err() {
            return;
        }
        let (store, who) = (self.clone(), who.clone());
        tokio::spawn(async move {
            if let Err(error) = store.make_pages(&who).await {
                crate::log::fault(&format!("pages for strangers were not made: {}", error.for_log()));
            }
        });
    }

    /// Whether the pages in place are from before something was taken back, or are not there: nobody may see them then.
    pub(crate) async fn are_pages_stale(&self, clinic: Uuid) -> Result<bool, Error> {
        let made = self.pages_made(clinic).await.at;
        let of = publication::Entity::find().filter(publication::Column::Clinic.eq(clinic));
        // Without a time that is known, whatever was shown is not there.
        let since = match made {
            0 => of,
            made => of.filter(publication::Column::WithdrawnAt.gte(made)),
        };
        Ok(since.one(&self.db).await?.is_some())
    }

    async fn pages_made(&self, clinic: Uuid) -> Made {
        let kept = tokio::fs::read_to_string(self.public_folder(clinic).with_extension("made")).await;
        kept.map(|text| Made::from_text(&text)).unwrap_or_default()
    }
}

impl Made {
    /// What cannot be told counts as before everything.
    fn from_text(text: &str) -> Self {
        let mut numbers = text.split_whitespace().map(|number| number.parse::<i64>().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        Self { at: next(), place: next() }
    }

    pub(super) fn text(self) -> String {
        format!("{} {}", self.at, self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_before_are_behind() {
        let made = Made { at: 1_796_000_000_000, place: 412 };
        assert_eq!(Made::from_text(&made.text()), made);
        assert_eq!(Made::from_text("1796000000000"), Made { place: 0, ..made }, "as it was kept at first");
        assert_eq!(Made::from_text("no number"), Made::default());
    }
}
