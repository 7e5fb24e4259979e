//! Sessions: what was really done, and with what.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use stipple_care::ready::{self, Agreed, Bottle, Obstacle};
use stipple_model::{Date, Life, Treated, TreatedSkin};
use stipple_pipeline::{AftercareFiles, AftercareRequest, aftercare, folded};
use stipple_record::document::{PassportPigment, PassportSession, PassportZone};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::own_texts::OwnText;
use super::super::texts::{not_too_long, past_day, required, stamp, today};
use super::super::{Store, Who};
use super::consents::Consent;
use super::ledger::{Held, densest, held, require_other_skin};
use super::{Kept, Kind, NewEntry, Place, consents, require_none, test_dots};
use crate::error::Error;

/// Most bottles, and most zones, of a session.
const MOST: usize = 50;
/// Most dots of a test.
const TEST_DOTS_MAX: u32 = 200;
/// Most dots of a session.
const DOTS_MAX: u32 = 100_000;

/// What was done in a session.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub(crate) struct SessionText {
    /// YYYY-MM-DD.
    day: String,
    practitioner: String,
    #[serde(default)]
    qualification: String,
    #[serde(default)]
    room: String,
    #[serde(default)]
    machine: String,
    /// Needle, with its lot.
    #[serde(default)]
    needle: String,
    pigments: Vec<PigmentUsed>,
    /// Shallowest and deepest, mm.
    depth_mm: [f64; 2],
    zones: Vec<ZoneDone>,
    /// Pain that the client told, 0 to 10.
    pain: u8,
    bleeding: Bleeding,
    /// What was done otherwise than planned.
    #[serde(default)]
    deviations: String,
    /// What went wrong.
    #[serde(default)]
    adverse: String,
    /// Why it was done although the rules spoke against it.
    #[serde(default)]
    despite: String,
    /// Why it was done otherwise than test dots decided.
    #[serde(default)]
    despite_test: String,
    /// Why a zone of a new name is skin that holds no dots yet.
    #[serde(default)]
    other_skin: String,
    /// Whether it was a few test dots alone.
    #[serde(default)]
    is_test: bool,
    /// The plan, and which of its sessions this was.
    #[serde(default)]
    plan: Option<Uuid>,
    #[serde(default)]
    plan_session: Option<u32>,
    /// An earlier entry that this one takes the place of.
    #[serde(default)]
    corrects: Option<Uuid>,
}

/// A pigment as it was used.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
struct PigmentUsed {
    product: String,
    lot: String,
    /// Last day on which it may be used, YYYY-MM-DD, where it is known.
    #[serde(default)]
    expires: Option<String>,
    /// Parts of water to one of pigment.
    #[serde(default)]
    water_parts: Option<f64>,
}

/// What was done in a zone.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
struct ZoneDone {
    name: String,
    dots: u32,
    /// mm²
    area_mm2: f64,
    passes: u32,
}

/// How it bled.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Bleeding {
    None,
    Pinpoint,
    More,
}

/// A session in a book.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    pub(super) id: Uuid,
    #[serde(flatten)]
    text: SessionText,
    written_at: String,
    /// Whether a later entry took its place, or struck it out.
    corrected: bool,
    /// Why it was struck out: it was not, or not here.
    #[schema(required)]
    struck: Option<String>,
    /// Whether no consent to the treatment stood in this case on its day: it was written down elsewhere, and moved here.
    without_consent: bool,
}

impl SessionText {
    /// Whether it says what was done otherwise: then the truth is written down, as it was.
    fn tells_otherwise(&self) -> bool {
        !folded(&self.deviations).is_empty()
    }

    /// Product and lot of every bottle that is of a lot, folded.
    pub(super) fn of_lot(&self, asked: &str) -> impl Iterator<Item = (&str, &str)> {
        let of = self.pigments.iter().filter(move |pigment| folded(&pigment.lot) == *asked);
        of.map(|pigment| (pigment.product.as_str(), pigment.lot.as_str()))
    }

    /// What it leaves in each zone; the entry is none while it is not written down.
    fn held(&self, entry: Option<Uuid>, stands: bool) -> impl Iterator<Item = Held<'_>> {
        let says_other_skin = !folded(&self.other_skin).is_empty();
        self.zones.iter().map(move |zone| Held {
            entry,
            stands,
            zone: &zone.name,
            per_cm2: ready::per_cm2([(zone.dots, zone.area_mm2)]),
            says_other_skin,
        })
    }

    /// The plan that it followed.
    pub(super) fn plan(&self) -> Option<Uuid> {
        self.plan
    }

    /// The same in another case of the client, whose plan it was not.
    pub(super) fn elsewhere(&self) -> Self {
        Self { plan: None, plan_session: None, corrects: None, ..self.clone() }
    }

    /// A correction that says no reason keeps the one that was written down.
    fn keep_reasons_of(&mut self, earlier: &Self) {
        for (mine, before) in [
            (&mut self.despite, &earlier.despite),
            (&mut self.despite_test, &earlier.despite_test),
            (&mut self.other_skin, &earlier.other_skin),
        ] {
            if folded(mine).is_empty() {
                mine.clone_from(before);
            }
        }
    }
}

impl Session {
    /// What was written down.
    pub(super) fn text(&self) -> &SessionText {
        &self.text
    }

    /// What it leaves in each zone.
    pub(super) fn held(&self) -> impl Iterator<Item = Held<'_>> {
        self.text.held(Some(self.id), self.stands())
    }

    /// Whether no later entry took its place.
    pub(super) fn stands(&self) -> bool {
        !self.corrected
    }

    /// Day of the session.
    pub(super) fn day(&self) -> Option<Date> {
        self.text.day()
    }

    /// Whether it was a few test dots alone.
    pub(super) fn is_test(&self) -> bool {
        self.text.is_test
    }

    /// Says that no consent to the treatment stood in the case on its day, if none did.
    pub(super) fn hold_against(&mut self, consents: &[Consent]) {
        let Some(day) = self.day() else { return };
        let mut consents = consents.to_vec();
        consents.iter_mut().for_each(|consent| consent.stands_until(day));
        self.without_consent =
            !matches!(consents::to_be_treated(&consents, day), Agreed::On(signed) if signed <= day);
    }

    /// Dots of all zones.
    pub(super) fn dots(&self) -> u32 {
        self.text.dots()
    }

    /// The entry that it takes the place of.
    pub(super) fn corrects(&self) -> Option<Uuid> {
        self.text.corrects
    }
}

/// The days of the sessions that stand.
pub(super) fn standing_days(sessions: &[Session]) -> impl Iterator<Item = Date> {
    sessions.iter().filter(|session| session.stands()).filter_map(Session::day)
}

/// Days of the treatments: of sessions that stand, but not of a few test dots, which leave the scar as it was.
pub(super) fn treatments(sessions: &[Session]) -> impl Iterator<Item = Date> {
    let treated = sessions.iter().filter(|session| session.stands() && !session.is_test());
    treated.filter_map(Session::day)
}

/// Whether a treatment was struck out, or put on another day, after it had been written down: its day is not on record any more.
pub(super) fn were_changed(sessions: &[Session]) -> bool {
    let before = sessions.iter().filter(|session| !session.stands() && !session.is_test());
    before.filter_map(Session::day).any(|day| treatments(sessions).all(|standing| standing != day))
}

impl Store {
    /// Writes down a session, if it may have been: with consent, of age, pigment with a lot, no more than skin may hold.
    pub(crate) async fn new_session(
        &self,
        who: &Who,
        case: Uuid,
        text: SessionText,
    ) -> Result<Session, Error> {
        let place = self.place(who, case).await?;
        let mut text = text.checked()?;
        let day = past_day(&text.day, "session")?;
        let tells = text.tells_otherwise();
        let bottles = ready::of_bottles(&text.bottles(), day).into_iter();
        require_none(
            &bottles.filter(|one| !(tells && matches!(one, Obstacle::Expired { .. }))).collect::<Vec<_>>(),
        )?;
        self.require_planned(who, &place, &text).await?;
        let _deciding = self.deciding.lock().await;
        let mut consents = self.consents_at(&place).await?;
        if tells {
            consents.iter_mut().for_each(|consent| consent.stands_until(day));
        }
        let mut sessions = self.sessions_at(&place).await?;
        let elsewhere = self.sessions_elsewhere(&place).await?;
        let others = self.others_dots_of_client(&place).await?;
        let density_before =
            text.corrects.map(|_| densest(&held(sessions.iter().chain(&elsewhere), &others)));
        // The same sent twice, because its answer was lost, is one session.
        if let Some(same) = sessions.iter().position(|session| session.stands() && session.text == text) {
            return Ok(sessions.swap_remove(same));
        }
        let (mut day_before, mut was_test) = (None, false);
        if let Some(id) = text.corrects {
            let earlier = sessions.iter_mut().find(|session| session.id == id);
            let earlier = earlier.filter(|session| session.stands()).ok_or(Error::Missing("session"))?;
            earlier.corrected = true;
            (day_before, was_test) = (earlier.day(), earlier.is_test());
            text.keep_reasons_of(&earlier.text);
        }
        if let Some(test) = text.corrects.filter(|_| was_test) {
            self.require_words_fit(&place, &sessions, test, (day, text.is_test)).await?;
        }
        // What was written down of a day can be put right whatever was agreed to since; but what was called a test and is none
        // is held to all that a session is.
        if day_before != Some(day) || (was_test && !text.is_test) {
            // A day that has begun where the tablet is: what has to pass by then is reckoned here.
            let held = day.min(today());
            let mut obstacles = self.obstacles(&place, &consents, (&sessions, held)).await?;
            // Test dots are what it waits for.
            obstacles.retain(|obstacle| !text.is_test || !matches!(obstacle, Obstacle::Test(_)));
            // What was kept by then can be put right.
            obstacles.retain(|obstacle| day_before.is_none() || *obstacle != Obstacle::DataWithdrawn);
            require_none(&obstacles)?;
            self.require_none_against(&place, held, &text.despite).await?;
        }
        self.require_as_tested(&place, day, &text).await?;
        let most = self.protocol_of(place.clinic).await?.lifetime_dots_per_cm2_max;
        let earlier = text.corrects.and_then(|id| sessions.iter().find(|session| session.id == id));
        let known = held(sessions.iter().chain(&elsewhere), &others);
        let new: Vec<_> = text.held(None, true).collect();
        let before: Vec<_> = earlier.into_iter().flat_map(|one| one.text.held(None, true)).collect();
        let density = densest(&[known.as_slice(), &new].concat());
        // What makes the skin hold no more than was on record can always be put right, whatever the protocol came to say since;
        // and what was done is written down with a word.
        if density > density_before.unwrap_or(0.0) && !tells {
            require_none(ready::of_density(density, most).as_slice())?;
        }
        require_other_skin(&known, (&new, &before), most)?;
        let new = NewEntry {
            kind: Kind::Session,
            parent: text.corrects,
            text: &text,
            action: if text.corrects.is_some() { "session.corrected" } else { "session.done" },
        };
        let id = self.keep_session_entry(who, &place, new).await?;
        let (_, kept) = self.entry::<SessionText>(who, id, Kind::Session).await?;
        Ok(session(kept, false))
    }

    /// Keeps an entry that sessions follow from; measurements that do not hold any more are told.
    async fn keep_session_entry<T: Serialize>(
        &self,
        who: &Who,
        place: &Place,
        new: NewEntry<'_, T>,
    ) -> Result<Uuid, Error> {
        let measured = self.measured_cases(who, place.client).await?;
        let id = self.keep_entry(place, new).await?;
        self.note_unmeasured(who, place.client, measured).await?;
        Ok(id)
    }

    /// Refuses a plan of somebody else, and a session that it does not have.
    async fn require_planned(&self, who: &Who, place: &Place, text: &SessionText) -> Result<(), Error> {
        let Some(plan) = text.plan else {
            return match text.plan_session {
                None => Ok(()),
                Some(_) => Err(Error::unusable("no_plan_session", "Say of which plan this session is one.")),
            };
        };
        if self.client_of_record(who, "plan", plan).await? != place.client {
            return Err(Error::Missing("plan"));
        }
        let Some(number) = text.plan_session else { return Ok(()) };
        match self.sessions_of_plan(who, plan).await {
            // What was done is written down also where the plan cannot be opened any more.
            Err(Error::Damaged { .. }) => Ok(()),
            Ok(sessions) if (1..=sessions).contains(&(number as usize)) => Ok(()),
            Ok(sessions) => {
                let message = format!(
                    "The plan has {sessions} sessions; number {number} is none of them. Leave the number out where it was another."
                );
                Err(Error::unusable("no_plan_session", message))
            }
            Err(error) => Err(error),
        }
    }

    /// Refuses what test dots decided otherwise, as long as nobody wrote down why.
    async fn require_as_tested(&self, place: &Place, day: Date, text: &SessionText) -> Result<(), Error> {
        if text.is_test || !folded(&text.despite_test).is_empty() {
            return Ok(());
        }
        match self.decided_by_test(place, day).await? {
            Some(tested) if !test_dots::is_as_tested(text, &tested) => {
                let [shallow, deep] = tested.depth_mm;
                let water =
                    tested.water_parts.map_or(String::new(), |parts| format!(", {parts} parts of water"));
                let message = format!(
                    "The test dots decided otherwise: {}{water}, {shallow} to {deep} mm deep. If it was done another way, write down \
                     why.",
                    tested.product
                );
                Err(Error::unusable("other_than_test", message))
            }
            _ => Ok(()),
        }
    }

    /// The sessions of the client's other cases: one zone may lie in two of them.
    pub(super) async fn sessions_elsewhere(&self, place: &Place) -> Result<Vec<Session>, Error> {
        let mut found = Vec::new();
        for other in self.other_places(place).await? {
            found.append(&mut self.sessions_at(&other).await?);
        }
        Ok(found)
    }

    /// The days of care after a session in the client's language, for somebody whose days hold `life`: words with commas
    /// between; without it, what the client's answers say.
    pub(crate) async fn aftercare(
        &self,
        who: &Who,
        id: Uuid,
        life: Option<&str>,
    ) -> Result<AftercareFiles, Error> {
        let (place, kept) = self.entry::<SessionText>(who, id, Kind::Session).await?;
        let mut whom = self.treated_at(&place, kept.text.dots()).await?;
        if let Some(life) = life {
            whom.lives = lives_of(life)?;
        }
        let consents = self.consents_at(&place).await?;
        let language = consents::language(&consents).to_owned();
        let session = kept.text.day.parse().map_err(|_| Error::Damaged { kind: "session" })?;
        let instructions = self.toml_of(who.clinic, OwnText::Aftercare).await?;
        let request = AftercareRequest { instructions, session, whom, language };
        aftercare(&request).map_err(|error| Error::Ours(error.to_string()))
    }

    /// What the answers in a case say of the client's days, and what skin was treated in a session of so many dots.
    pub(super) async fn treated_at(&self, place: &Place, dots: u32) -> Result<Treated, Error> {
        let answers = self.answers_that_hold(&place.key, (place.clinic, place.case)).await?;
        let reading = match self.reading_before(place).await? {
            // Care must not wait for a reading that cannot be opened any more.
            Some(id) => self.reading_of(place, id).await.ok(),
            None => None,
        };
        let skin = TreatedSkin::of(reading.as_ref(), &answers, dots);
        Ok(Treated { lives: stipple_model::lives_of(&answers), skin })
    }

    pub(super) async fn sessions_at(&self, place: &Place) -> Result<Vec<Session>, Error> {
        let kept = self.entries::<SessionText>(place, Kind::Session).await?;
        let corrected: BTreeSet<Uuid> = kept.iter().filter_map(|kept| kept.parent).collect();
        let mut struck = self.struck_at(place).await?;
        let sessions = kept.into_iter().map(|kept| {
            let struck = struck.remove(&kept.id);
            let stands = struck.is_none() && !corrected.contains(&kept.id);
            Session { struck, ..session(kept, !stands) }
        });
        Ok(sessions.collect())
    }
}

/// What days hold, by words with commas between.
fn lives_of(words: &str) -> Result<Vec<Life>, Error> {
    let words = words.split(',').map(str::trim).filter(|word| !word.is_empty());
    let life = |word: &str| Life::ALL.into_iter().find(|life| life.name() == word);
    words.map(life).collect::<Option<_>>().ok_or_else(|| {
        let known = Life::ALL.map(Life::name).join(", ");
        Error::unusable("bad_life", format!("Days hold some of: {known}."))
    })
}

impl SessionText {
    fn checked(mut self) -> Result<Self, Error> {
        self.practitioner = required(&self.practitioner, "name of the practitioner")?;
        for pigment in &mut self.pigments {
            pigment.product = required(&pigment.product, "name of the pigment")?;
            // One without anything to compare is told as missing, later.
            if !folded(&pigment.lot).is_empty() {
                pigment.lot = required(&pigment.lot, "lot")?;
            }
        }
        for zone in &mut self.zones {
            zone.name = required(&zone.name, "name of the zone")?;
        }
        let words = [&self.qualification, &self.room, &self.machine, &self.needle];
        for text in words.into_iter().chain([
            &self.deviations,
            &self.adverse,
            &self.despite,
            &self.despite_test,
            &self.other_skin,
        ]) {
            not_too_long(text)?;
        }
        self.require_numbers()?;
        self.require_whole()?;
        Ok(self)
    }

    /// Refuses a session of which somebody will once ask what nobody can answer.
    fn require_whole(&self) -> Result<(), Error> {
        let words = [&self.qualification, &self.room, &self.needle];
        let told = words.iter().all(|word| !folded(word).is_empty());
        if told && self.pigments.iter().all(|one| one.expires.is_some()) {
            return Ok(());
        }
        let message = "Write down the qualification, the room, the needle with its lot, and until when every pigment may be used. Where \
                       a bottle names no day, take the last one that its maker allows after opening.";
        Err(Error::unusable("session_not_whole", message))
    }

    fn require_numbers(&self) -> Result<(), Error> {
        let [shallow, deep] = self.depth_mm;
        let bad = |what: &str| Err(Error::unusable("bad_session", what.to_owned()));
        if !(0.0..=3.0).contains(&shallow) || !(shallow..=3.0).contains(&deep) {
            return bad("The needle's depth must be two numbers between 0 and 3 mm, the shallower first.");
        }
        let fits = |zone: &ZoneDone| {
            (1..=DOTS_MAX).contains(&zone.dots)
                && (1.0..=200_000.0).contains(&zone.area_mm2)
                && (1..=20).contains(&zone.passes)
        };
        if self.zones.is_empty() || self.zones.len() > MOST || !self.zones.iter().all(fits) {
            return bad(
                "Name 1 to 50 zones, each with 1 to 100,000 dots, 1 to 200,000 mm² and 1 to 20 passes.",
            );
        }
        if self.pigments.len() > MOST || self.pain > 10 {
            return bad("Pain is a number from 0 to 10, and up to 50 pigments are written down.");
        }
        if self.is_test && self.dots() > TEST_DOTS_MAX {
            return bad("A test is a few dots, 200 at most. Write down more of them as a session.");
        }
        let water =
            |pigment: &PigmentUsed| pigment.water_parts.is_none_or(|parts| (0.0..=1000.0).contains(&parts));
        let day =
            |pigment: &PigmentUsed| pigment.expires.as_ref().is_none_or(|day| day.parse::<Date>().is_ok());
        if !self.pigments.iter().all(|pigment| water(pigment) && day(pigment)) {
            return bad("A pigment has 0 to 1,000 parts of water, and a last day such as 2027-06-30.");
        }
        Ok(())
    }

    pub(super) fn day(&self) -> Option<Date> {
        self.day.parse().ok()
    }

    /// Shallowest and deepest, mm.
    pub(super) fn depth_mm(&self) -> [f64; 2] {
        self.depth_mm
    }

    /// Dots of all zones.
    pub(super) fn dots(&self) -> u32 {
        self.zones.iter().map(|zone| zone.dots).fold(0, u32::saturating_add)
    }

    /// Each pigment with its parts of water.
    pub(super) fn products(&self) -> impl Iterator<Item = (&str, Option<f64>)> {
        self.pigments.iter().map(|one| (one.product.as_str(), one.water_parts))
    }

    fn bottles(&self) -> Vec<Bottle<'_>> {
        let bottle = |pigment: &'_ PigmentUsed| pigment.expires.as_ref().and_then(|day| day.parse().ok());
        self.pigments.iter().map(|pigment| Bottle { lot: &pigment.lot, expires: bottle(pigment) }).collect()
    }

    /// A line of the passport, in a case of some title.
    pub(super) fn line(&self, place: &str) -> PassportSession {
        let pigment = |one: &PigmentUsed| PassportPigment {
            product: one.product.clone(),
            lot: one.lot.clone(),
            expires: one.expires.clone(),
            water_parts: one.water_parts,
        };
        let zone = |one: &ZoneDone| PassportZone {
            name: one.name.clone(),
            dots: one.dots,
            area_mm2: one.area_mm2,
            passes: one.passes,
        };
        PassportSession {
            place: place.to_owned(),
            day: self.day.clone(),
            practitioner: self.practitioner.clone(),
            qualification: self.qualification.clone(),
            is_test: self.is_test,
            pigments: self.pigments.iter().map(pigment).collect(),
            machine: self.machine.clone(),
            needle: self.needle.clone(),
            depth_mm: self.depth_mm,
            zones: self.zones.iter().map(zone).collect(),
            adverse: self.adverse.clone(),
        }
    }
}

fn session(kept: Kept<SessionText>, corrected: bool) -> Session {
    Session {
        id: kept.id,
        text: kept.text,
        written_at: stamp(kept.created_at),
        corrected,
        struck: None,
        without_consent: false,
    }
}
