//! What a client takes along to whoever works on this skin next.

use stipple_model::Language;
use stipple_record::document::{
    PassportInput, PassportOthers, PassportPhotograph, Picture, passport_json, passport_pdf,
};
use uuid::Uuid;

use super::super::texts::today;
use super::super::{Store, Who};
use super::ledger::Ledger;
use super::others_dots::OthersDots;
use super::sessions::{Session, standing_days};
use super::{Place, consents};
use crate::error::Error;

/// What a client takes along.
pub(crate) struct Passport {
    /// For people.
    pub(crate) page_pdf: Vec<u8>,
    /// For programs: `stipple/passport/1`.
    pub(crate) file_json: Vec<u8>,
}

impl Store {
    /// What is in the skin, from every case: the page, with photographs of before and now if they are wanted, and the file.
    pub(crate) async fn passport(
        &self,
        who: &Who,
        case: Uuid,
        with_photographs: bool,
    ) -> Result<Passport, Error> {
        let place = self.place(who, case).await?;
        let (mut sessions, mut lines, mut photographs) = (Vec::new(), Vec::new(), Vec::new());
        for of in self.every_place(&place).await? {
            let title = self.title_at(&of.key, of.case).await?;
            let found = self.sessions_at(&of).await?;
            lines.extend(found.iter().filter(|one| one.stands()).map(|one| one.text().line(&title)));
            if with_photographs {
                photographs.extend(self.before_and_now(&of, &found, &title).await?);
            }
            sessions.extend(found);
        }
        let others = self.others_dots_of_client(&place).await?;
        let of_others: Vec<PassportOthers> = others.iter().filter_map(OthersDots::line).collect();
        if lines.is_empty() && of_others.is_empty() {
            let message = "No session is on record, and no dots of somebody else. A passport tells what is in the skin.";
            return Err(Error::unusable("no_sessions", message));
        }
        lines.sort_by(|a, b| a.day.cmp(&b.day));
        let language = consents::language(&self.consents_at(&place).await?).to_owned();
        let named = Language::ALL.into_iter().find(|one| one.name() == language);
        let ledger = Ledger::of((&sessions, &[]), &others, &self.protocol_of(who.clinic).await?);
        let input = PassportInput {
            language: named.unwrap_or(Language::English),
            name: &self.name_of_client(who, place.client).await?,
            clinic: &self.name_of_clinic(who.clinic).await?,
            made_on: today(),
            sessions: &lines,
            others: &of_others,
            dots: ledger.dots(),
            per_cm2: ledger.per_cm2(),
            photographs: &photographs,
        };
        Ok(Passport { page_pdf: passport_pdf(&input), file_json: passport_json(&input).into_bytes() })
    }

    /// The last photograph of a case from before its first session, and the newest one, as far as they can be opened.
    async fn before_and_now(
        &self,
        place: &Place,
        sessions: &[Session],
        title: &str,
    ) -> Result<Vec<PassportPhotograph>, Error> {
        let Some(first) = standing_days(sessions).min() else { return Ok(Vec::new()) };
        let mut all = self.photographs_at(place).await?;
        all.sort_by_key(|(visit, row)| (visit.day(), row.created_at));
        let before = all.iter().rfind(|(visit, _)| visit.is_before(first));
        let now = all.last().filter(|(visit, _)| !visit.is_before(first));
        let mut found = Vec::new();
        for (visit, row) in before.into_iter().chain(now) {
            let Some(blob) = row.screen_blob.clone() else { continue };
            // The passport tells what is in the skin also where a photograph cannot be opened any more.
            let Ok(jpeg) = self.get(&place.key, "picture", place.client, blob).await else { continue };
            let Some((picture, day)) = Picture::from_jpeg(jpeg).zip(visit.day()) else { continue };
            found.push(PassportPhotograph { place: title.to_owned(), day, picture });
        }
        Ok(found)
    }
}
