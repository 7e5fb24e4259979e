//! A case's book: what was agreed to, done and told. Entries are written once and never changed; each is bound to a row
//! of the audit by its hash, in one write with it.

pub(crate) mod alarm;
pub(crate) mod attention;
mod changed;
pub(crate) mod consents;
pub(crate) mod feed;
pub(crate) mod healing;
mod ledger;
mod letters;
pub(crate) mod links;
pub(crate) mod others_dots;
mod passport;
pub(crate) mod recall;
pub(crate) mod sessions;
pub(crate) mod struck;
pub(crate) mod test_dots;
pub(crate) mod told;
mod verdict;
pub(crate) mod wellbeing;

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use stipple_care::ready::{self, ADULT_YEARS, Born, Facts, Obstacle, Test, adult};
use stipple_model::{Answer, Date, Life, Purpose, Sun, SunHabits};
use utoipa::ToSchema;
use uuid::Uuid;

use self::consents::Consent;
use self::healing::Healing;
use self::ledger::Ledger;
use self::links::LinkLine;
use self::others_dots::OthersDots;
use self::sessions::{Session, standing_days, treatments};
use self::test_dots::TestResult;
use self::told::CheckIn;
use self::verdict::Against;
use self::wellbeing::{AskedWhen, Wellbeing};
use super::audit::{self, Deed};
use super::clients::Person;
use super::entity::{case, client, entry, photograph, record, visit};
use super::texts::{hidden, opened, sealed, today};
use super::{Store, Who, keeping, now};
use crate::error::Error;
use crate::keys::Key;

/// Everything in the book of a case, each list with its oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Book {
    consents: Vec<Consent>,
    sessions: Vec<Session>,
    /// Dots that somebody else set, as far as they are known.
    others_dots: Vec<OthersDots>,
    /// Whether the client told of such dots, or of a tattoo, in this case, and none are written down in it.
    others_dots_open: bool,
    /// What test dots showed; of one test the last word stands.
    test_results: Vec<TestResult>,
    check_ins: Vec<CheckIn>,
    /// What the rules say against a treatment today.
    #[schema(required)]
    against: Option<Against>,
    /// How redness went since the last session.
    #[schema(required)]
    healing: Option<Healing>,
    wellbeing: Vec<Wellbeing>,
    /// As when the client would be asked today; none while the skin heals.
    #[schema(required)]
    asks_now: Option<AskedWhen>,
    links: Vec<LinkLine>,
    ledger: Ledger,
    /// What the client's answers say of their days: `sport`, `sun`, `outdoor_work`, `pool`, `shave`. Steps of aftercare are for some alone.
    life: Vec<&'static str>,
    /// What stands between the client and a session today.
    obstacles: Vec<ObstacleLine>,
    /// What of the hair changed since the last plan was made: `hair_color`, `hair_length`, `hair_loss`, `lighter_hair`,
    /// `darker_hair`, `thinner_hair`. A new plan is wanted then.
    changed_since_plan: Vec<&'static str>,
    /// Questions about health and the scar that the rules need and nobody answered.
    open_questions: usize,
    /// Whether the last plan or a reading cannot be opened any more, so that the rules and what changed are told without it.
    unreadable: bool,
}

/// Something that stands between a client and a session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ObstacleLine {
    #[serde(flatten)]
    said: ObstacleSaid,
    /// The day that it tells of, YYYY-MM-DD, where it tells of one.
    #[schema(required)]
    day: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ObstacleSaid {
    /// A word for programs.
    code: &'static str,
    /// What is found and what to do.
    message: String,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Consent,
    Withdrawal,
    Session,
    /// Dots that somebody else set.
    OthersDots,
    /// That a session was not, or dots of somebody else.
    Struck,
    CheckIn,
    /// A photograph that a client sent.
    Sent,
    Seen,
    TestResult,
    Wellbeing,
    /// What an observer scored beside it.
    Observed,
}

/// Where somebody writes, as whom, and with which key.
pub(super) struct Place {
    clinic: Uuid,
    client: Uuid,
    case: Uuid,
    /// Nobody where the client does, by a link.
    account: Option<Uuid>,
    key: Key,
}

impl Place {
    /// The clinic that it belongs to.
    pub(super) fn clinic(&self) -> Uuid {
        self.clinic
    }

    /// Whose it is.
    pub(super) fn client(&self) -> Uuid {
        self.client
    }

    /// The case.
    pub(super) fn case(&self) -> Uuid {
        self.case
    }
}

/// An entry that is to be kept.
struct NewEntry<'a, T> {
    kind: Kind,
    parent: Option<Uuid>,
    text: &'a T,
    /// What the audit says of it.
    action: &'a str,
}

/// An entry as it is kept.
struct Kept<T> {
    id: Uuid,
    parent: Option<Uuid>,
    account: Option<Uuid>,
    created_at: i64,
    text: T,
}

impl Store {
    /// The book of a case.
    pub(crate) async fn book(&self, who: &Who, case: Uuid) -> Result<Book, Error> {
        let place = self.place(who, case).await?;
        let consents = self.consents_at(&place).await?;
        let mut sessions = self.sessions_at(&place).await?;
        sessions.iter_mut().for_each(|session| session.hold_against(&consents));
        let protocol = self.protocol_of(place.clinic).await?;
        let others = self.others_dots_of_client(&place).await?;
        let ledger = Ledger::of((&sessions, &self.sessions_elsewhere(&place).await?), &others, &protocol);
        let answers = self.answers_that_hold(&place.key, (place.clinic, place.case)).await?;
        let others_here = self.others_dots_at(&place).await?;
        let told_of_others = answers.get("previous_smp") == Some(&Answer::Flag(true));
        let judged = self.judged(&place, today()).await?;
        let changed = self.changed_since_plan(&place).await?;
        let life = stipple_model::lives_of(&answers).into_iter().map(Life::name).collect();
        Ok(Book {
            life,
            obstacles: self
                .obstacles(&place, &consents, (&sessions, today()))
                .await?
                .iter()
                .map(line)
                .collect(),
            check_ins: self.check_ins_at(&place, &sessions).await?,
            healing: self.healing_at(&place).await?,
            against: judged.against,
            open_questions: judged.open_questions,
            unreadable: judged.is_unreadable || changed.is_none(),
            wellbeing: self.wellbeing_at(&place).await?,
            asks_now: self.moment_at(&place).await?,
            test_results: self.words_at(&place, &sessions).await?,
            changed_since_plan: changed.unwrap_or_default(),
            links: self.links_at(&place).await?,
            others_dots_open: told_of_others && !others_here.iter().any(|one| one.stands()),
            others_dots: others_here,
            consents,
            sessions,
            ledger,
        })
    }

    /// The days on which a client signed or was treated, in any case.
    pub(super) async fn treatment_days(&self, who: &Who, client: Uuid) -> Result<Vec<Date>, Error> {
        let mut days = Vec::new();
        for case in self.case_ids(client).await? {
            let place = self.place(who, case).await?;
            days.extend(standing_days(&self.sessions_at(&place).await?));
            days.extend(self.consents_at(&place).await?.iter().filter_map(Consent::day));
        }
        Ok(days)
    }

    /// When the client of a case was born, as far as it is known.
    pub(super) async fn born_at(&self, who: &Who, case: Uuid) -> Result<Option<Born>, Error> {
        let place = self.place(who, case).await?;
        self.born(&place).await
    }

    /// The days of a case's treatments: sessions that stand, but not test dots.
    pub(super) async fn treatments(&self, who: &Who, case: Uuid) -> Result<Vec<Date>, Error> {
        Ok(self.treatments_ever(who, case).await?.unwrap_or_default())
    }

    /// The same; none where the book never told of a treatment. A session that was put right into test dots, after its result
    /// was known perhaps, is a treatment that it told of.
    pub(super) async fn treatments_ever(&self, who: &Who, case: Uuid) -> Result<Option<Vec<Date>>, Error> {
        let place = self.place(who, case).await?;
        let sessions = self.sessions_at(&place).await?;
        let was_treated = sessions.iter().any(|session| !session.is_test());
        Ok(was_treated.then(|| treatments(&sessions).collect()))
    }

    /// Whether the days of treatments were changed after they had been written down.
    pub(super) async fn sessions_changed(&self, who: &Who, case: Uuid) -> Result<bool, Error> {
        let place = self.place(who, case).await?;
        Ok(sessions::were_changed(&self.sessions_at(&place).await?))
    }

    /// Every case of a clinic in whose book a session stands, or stood.
    pub(super) async fn cases_with_sessions(&self, clinic: Uuid) -> Result<Vec<case::Model>, Error> {
        let of_clinic = client::Entity::find().select_only().column(client::Column::Id);
        let of_clinic = of_clinic.filter(client::Column::Clinic.eq(clinic));
        let with_sessions = entry::Entity::find().select_only().column(entry::Column::Case);
        let with_sessions = with_sessions.filter(entry::Column::Kind.eq(Kind::Session.word()));
        let of = case::Column::Client
            .in_subquery(of_clinic.into_query())
            .and(case::Column::Id.in_subquery(with_sessions.into_query()));
        Ok(case::Entity::find().filter(of).order_by_asc(case::Column::CreatedAt).all(&self.db).await?)
    }

    /// Whether the client of a case ever agreed to a clause of a purpose's consent, and whether one such consent stands.
    pub(super) async fn agreed_to(
        &self,
        who: &Who,
        case: Uuid,
        (purpose, clause): (Purpose, &str),
    ) -> Result<(bool, bool), Error> {
        let place = self.place(who, case).await?;
        self.agreed_at(&place, purpose, clause).await
    }

    /// The cases of a client, oldest first.
    pub(super) async fn case_ids(&self, client: Uuid) -> Result<Vec<Uuid>, Error> {
        let of = case::Entity::find().filter(case::Column::Client.eq(client));
        let rows = of.order_by_asc(case::Column::CreatedAt).all(&self.db).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// A case of this clinic as a place to write.
    async fn place(&self, who: &Who, case: Uuid) -> Result<Place, Error> {
        let client = self.client_of_case(case).await?;
        let key = self.client_key_to_read(who, client).await.map_err(|error| hidden(error, "case"))?;
        Ok(Place { clinic: who.clinic, client, case, account: Some(who.account), key })
    }

    /// The case of a result's photograph as a place to write.
    async fn place_of_record(&self, who: &Who, record: Uuid) -> Result<Place, Error> {
        let row = record::Entity::find_by_id(record).one(&self.db).await?;
        let photograph = row.ok_or(Error::Missing("result"))?.photograph;
        let row = photograph::Entity::find_by_id(photograph).one(&self.db).await?;
        let visit = row.ok_or(Error::Missing("photograph"))?.visit;
        let row = visit::Entity::find_by_id(visit).one(&self.db).await?.ok_or(Error::Missing("visit"))?;
        self.place(who, row.case).await
    }

    /// How much sun dots get by what was answered in the case of a plan.
    pub(crate) async fn sun_of(&self, who: &Who, plan: Uuid) -> Result<Sun, Error> {
        let place = self.place_of_record(who, plan).await?;
        let answers = self.answers_that_hold(&place.key, (place.clinic, place.case)).await?;
        Ok(SunHabits::of(&answers).on_dots())
    }

    /// The other cases of the same client.
    async fn other_places(&self, place: &Place) -> Result<Vec<Place>, Error> {
        let others = self.case_ids(place.client).await?.into_iter().filter(|case| *case != place.case);
        Ok(others.map(|case| Place { case, key: place.key.clone(), ..*place }).collect())
    }

    /// Every case of the same client.
    async fn every_place(&self, place: &Place) -> Result<Vec<Place>, Error> {
        let mut places = self.other_places(place).await?;
        places.push(Place { key: place.key.clone(), ..*place });
        Ok(places)
    }

    /// Keeps an entry and the row of the audit that binds it, together or not at all.
    async fn keep_entry<T: Serialize>(&self, place: &Place, new: NewEntry<'_, T>) -> Result<Uuid, Error> {
        let writing = self.begin().await?;
        let id = keep(&writing, place, new).await?;
        writing.commit().await?;
        Ok(id)
    }

    /// Entries of a case, oldest first.
    async fn entries<T: DeserializeOwned>(&self, place: &Place, kind: Kind) -> Result<Vec<Kept<T>>, Error> {
        let of = entry::Column::Case.eq(place.case).and(entry::Column::Kind.eq(kind.word()));
        let rows = entry::Entity::find().filter(of).order_by_asc(entry::Column::Id).all(&self.db).await?;
        rows.into_iter().map(|row| opened_entry(&place.key, row)).collect()
    }

    /// An entry of this clinic, with the place where it stands.
    async fn entry<T: DeserializeOwned>(
        &self,
        who: &Who,
        id: Uuid,
        kind: Kind,
    ) -> Result<(Place, Kept<T>), Error> {
        let row = entry::Entity::find_by_id(id).one(&self.db).await?;
        let row = row.filter(|row| row.kind == kind.word()).ok_or(Error::Missing(kind.said()))?;
        let place = self.place(who, row.case).await.map_err(|error| hidden(error, kind.said()))?;
        let kept = opened_entry(&place.key, row)?;
        Ok((place, kept))
    }

    /// What stands between the client and a session on a day, beside these sessions of the case.
    async fn obstacles(
        &self,
        place: &Place,
        consents: &[Consent],
        (sessions, day): (&[Session], Date),
    ) -> Result<Vec<Obstacle>, Error> {
        let born = self.born(place).await?;
        // What somebody signed before they were 18, or perhaps before, stands for nothing.
        let is_known = adult(born, day).is_some();
        let was_adult = |consent: &&Consent| {
            let then = consent.day().map(|on| adult(born, on));
            then.is_none_or(|then| then.unwrap_or(!is_known))
        };
        let of_age: Vec<Consent> = consents.iter().filter(was_adult).cloned().collect();
        let facts = Facts {
            day,
            born,
            consent: consents::to_be_treated(&of_age, day),
            data_withdrawn: self.is_data_withdrawn(place).await?,
            test: self.test_before(place, sessions, day).await?,
            cooling_off_days: self.consents_of(place.clinic).await?.cooling_off_days,
        };
        Ok(ready::of_person(&facts))
    }

    /// Whether the client took back, in any case, that what is known of them is kept.
    pub(super) async fn is_data_withdrawn(&self, place: &Place) -> Result<bool, Error> {
        let mut all = Vec::new();
        for of in self.every_place(place).await? {
            all.append(&mut self.consents_at(&of).await?);
        }
        Ok(consents::is_data_withdrawn(&all))
    }

    /// Refuses to ask a client for more who took back that anything is kept.
    async fn require_data_agreed(&self, place: &Place) -> Result<(), Error> {
        if self.is_data_withdrawn(place).await? { require_none(&[Obstacle::DataWithdrawn]) } else { Ok(()) }
    }

    /// The same by a case.
    pub(super) async fn require_data_agreed_in(&self, who: &Who, case: Uuid) -> Result<(), Error> {
        let place = self.place(who, case).await?;
        self.require_data_agreed(&place).await
    }

    /// When the client was born: the day that they answered in any case, and the year in their record; the younger where they
    /// differ, because a client answers from home; an age below 18 that they answered counts too.
    async fn born(&self, place: &Place) -> Result<Option<Born>, Error> {
        let row = client::Entity::find_by_id(place.client).one(&self.db).await?;
        let row = row.ok_or(Error::Missing("client"))?;
        let person: Person = opened(&place.key, "client", row.id, &row.sealed)?;
        let year = person.born_in.and_then(|year| i16::try_from(year).ok());
        let (mut day, mut born_in): (Option<Date>, Option<i16>) = (None, year);
        for of in self.every_place(place).await? {
            let answers = self.answers_at(&of.key, of.case).await?;
            day = day
                .into_iter()
                .chain(answers.get("birth_date").and_then(|day| day.as_str()?.parse().ok()))
                .max();
            let told = answers.get("age_years").and_then(|age| i16::try_from(age.as_i64()?).ok());
            let year_told = told.filter(|age| *age < ADULT_YEARS).map(|age| today().year() - age);
            born_in = born_in.into_iter().chain(year_told).max();
        }
        Ok(match (day, born_in) {
            (Some(day), Some(year)) if day.year() < year => Some(Born::In(year)),
            (Some(day), _) => Some(Born::On(day)),
            (None, year) => year.map(Born::In),
        })
    }
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Consent,
        Self::Withdrawal,
        Self::Session,
        Self::OthersDots,
        Self::Struck,
        Self::CheckIn,
        Self::Sent,
        Self::Seen,
        Self::TestResult,
        Self::Wellbeing,
        Self::Observed,
    ];

    /// The word that is stored.
    fn word(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Withdrawal => "withdrawal",
            Self::Session => "session",
            Self::OthersDots => "others_dots",
            // As it was called when sessions alone were struck out.
            Self::Struck => "session_struck",
            Self::CheckIn => "check_in",
            Self::Sent => "photograph_sent",
            Self::Seen => "seen",
            Self::TestResult => "test_result",
            Self::Wellbeing => "wellbeing",
            Self::Observed => "observed",
        }
    }

    /// What it is called where it is missing.
    fn said(self) -> &'static str {
        match self {
            Self::CheckIn => "check-in",
            Self::Sent => "photograph",
            Self::OthersDots => "dots of somebody else",
            other => other.word(),
        }
    }
}

/// The same, within a write that it belongs to.
async fn keep<T: Serialize>(
    writing: &impl ConnectionTrait,
    place: &Place,
    new: NewEntry<'_, T>,
) -> Result<Uuid, Error> {
    keeping::require_open(writing, place.client).await?;
    let id = Uuid::now_v7();
    let row = entry::Model {
        id,
        client: place.client,
        case: place.case,
        kind: new.kind.word().to_owned(),
        parent: new.parent,
        account: place.account,
        sealed: sealed(&place.key, new.kind.word(), id, new.text),
        created_at: now(),
    };
    let digest = audit::digest_of(&row);
    let row = entry::ActiveModel::from(row).reset_all();
    entry::Entity::insert(row).exec_without_returning(writing).await?;
    let deed = Deed::new(new.action).of(place.client).about(id).bound(&digest);
    audit::append(writing, place.clinic, place.account, deed).await?;
    Ok(id)
}

fn opened_entry<T: DeserializeOwned>(key: &Key, row: entry::Model) -> Result<Kept<T>, Error> {
    // The place of a sealed text is named by a word that lives as long as the program.
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == row.kind).ok_or(Error::Missing("entry"))?;
    let text = opened(key, kind.word(), row.id, &row.sealed)?;
    Ok(Kept { id: row.id, parent: row.parent, account: row.account, created_at: row.created_at, text })
}

/// Refuses with the first of some obstacles.
fn require_none(obstacles: &[Obstacle]) -> Result<(), Error> {
    obstacles.first().map_or(Ok(()), |obstacle| {
        let ObstacleSaid { code, message } = said(obstacle);
        Err(Error::unusable(code, message))
    })
}

fn line(obstacle: &Obstacle) -> ObstacleLine {
    ObstacleLine { said: said(obstacle), day: obstacle.day().map(|day| day.to_string()) }
}

fn said(obstacle: &Obstacle) -> ObstacleSaid {
    match obstacle {
        Obstacle::NoConsent => ObstacleSaid {
            code: "no_consent",
            message: "There is no signed consent to the treatment. Let the client read and sign it.".to_owned(),
        },
        Obstacle::Withdrawn => ObstacleSaid {
            code: "consent_withdrawn",
            message: "The client took the consent to the treatment back. No session without a new one. If it was taken back during \
                      the session, say so under what was done otherwise."
                .to_owned(),
        },
        Obstacle::DataWithdrawn => ObstacleSaid {
            code: "data_withdrawn",
            message: "It was taken back that anything is kept about this person. Nothing more is asked or done until they agree to \
                      it anew. If they do not want to, the record can be erased; what the law keeps is kept and said."
                .to_owned(),
        },
        Obstacle::Test(test) => said_of_test(*test),
        Obstacle::SignedLater { on } => ObstacleSaid {
            code: "signed_later",
            message: format!("The consent was signed on {on}, after that day. A session needs a consent before it."),
        },
        Obstacle::CoolingOff { until } => ObstacleSaid {
            code: "cooling_off",
            message: format!("The clinic leaves time to think after the signature: a session is possible from {until} on."),
        },
        Obstacle::AgeUnknown => ObstacleSaid {
            code: "age_unknown",
            message: "It is not known that the client is 18. Write down the year of birth, or the day in the health questions."
                .to_owned(),
        },
        Obstacle::Minor => ObstacleSaid {
            code: "minor",
            message: "The client is younger than 18. Nobody is treated before that.".to_owned(),
        },
        Obstacle::NoPigment => ObstacleSaid {
            code: "no_pigment",
            message: "No pigment is named. Write down what was used, with its lot.".to_owned(),
        },
        Obstacle::NoLot => ObstacleSaid {
            code: "no_lot",
            message: "A pigment has no lot. It stands on the bottle; without it nobody can be warned in a recall.".to_owned(),
        },
        Obstacle::Expired { on } => ObstacleSaid {
            code: "pigment_expired",
            message: format!(
                "A pigment could be used until {on} only. Take one that is in date. Where it was used, say so under what was done \
                 otherwise."
            ),
        },
        Obstacle::TooMany { per_cm2, most } => ObstacleSaid {
            code: "too_many_dots",
            message: format!(
                "With this session the skin would hold {per_cm2:.0} dots per cm²; the protocol's most over a life is \
                 {most:.0}. Dots that lie too close run together. Where so many were set, say so under what was done otherwise."
            ),
        },
    }
}

/// What is to be done about test dots.
fn said_of_test(test: Test) -> ObstacleSaid {
    match test {
        Test::Lacking => ObstacleSaid {
            code: "test_first",
            message: "Test dots come before the first session, as the client or the protocol asks. Set a few on an earlier day, \
                      write them down as test dots, and look at them first."
                .to_owned(),
        },
        Test::Again(on) => ObstacleSaid {
            code: "test_again",
            message: format!(
                "After the test dots of {on} it was decided that others come first. Set them on an earlier day, and look at them."
            ),
        },
        Test::Open(on) => ObstacleSaid {
            code: "test_open",
            message: format!("The test dots of {on} wait. Look at them, and write down what they showed: that decides."),
        },
        Test::Against(on) => ObstacleSaid {
            code: "test_against",
            message: format!(
                "The test dots of {on} spoke against a treatment. Set others and look at them, or leave the scar as it is."
            ),
        },
        Test::AgainstElsewhere(on) => ObstacleSaid {
            code: "test_against_elsewhere",
            message: format!(
                "Test dots that were set on {on} for another scar of this client spoke against a treatment. Set new test dots here \
                 and look at them, or leave the scar as it is."
            ),
        },
    }
}
