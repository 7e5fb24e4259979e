//! Test dots: what they showed once healed, and what that decides.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use stipple_care::ready::Test;
use stipple_model::{Date, Purpose};
use stipple_pipeline::{TestWaits, TestedRequest, folded};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::texts::{not_too_long, past_day, required, stamp, today};
use super::super::{Store, Who};
use super::sessions::{Session, SessionText, standing_days};
use super::{Kept, Kind, NewEntry, Place};
use crate::error::Error;
use crate::worker::OfBook;

/// The clause of the consent to the treatment by which a client asks for a patch test.
const PATCH_TEST: &str = "patch_test";

/// What test dots showed.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct TestResultText {
    /// When they were looked at, YYYY-MM-DD.
    day: String,
    decision: Decision,
    /// What is used from here on: the pigment, parts of water to one of it, shallowest and deepest, mm; of `go_on` alone.
    #[serde(default)]
    used: Option<TestUsed>,
    /// What was seen: color, size, how the skin took it.
    #[serde(default)]
    note: String,
}

/// What test dots decide.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TestDecision)]
enum Decision {
    /// Sessions may follow, with what is written down.
    GoOn,
    /// Others are set first.
    TestAgain,
    /// They speak against a treatment.
    Stop,
}

/// What sessions use after a test.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
struct TestUsed {
    product: String,
    #[serde(default)]
    water_parts: Option<f64>,
    depth_mm: [f64; 2],
}

/// What test dots showed, in a book.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TestResult {
    id: Uuid,
    /// The session in which they were set.
    session: Uuid,
    /// The session whose dots this is the last word about, if it is: they stand, and hold what it says.
    #[schema(required)]
    of: Option<Uuid>,
    #[serde(flatten)]
    text: TestResultText,
    written_at: String,
}

impl Store {
    /// Writes down what test dots showed; the last word about them stands.
    pub(crate) async fn new_test_result(
        &self,
        who: &Who,
        session: Uuid,
        text: TestResultText,
    ) -> Result<TestResult, Error> {
        let (place, of) = self.entry::<SessionText>(who, session, Kind::Session).await?;
        let text = text.checked()?;
        let day = past_day(&text.day, "look at test dots")?;
        text.require_tested(&of.text)?;
        let _deciding = self.deciding.lock().await;
        let sessions = self.sessions_at(&place).await?;
        let test = sessions.iter().find(|one| one.id == session && one.stands() && one.is_test());
        let Some(test) = test else {
            let message = "This session is no test, or a later entry took its place. Open the book again.";
            return Err(Error::unusable("no_test", message));
        };
        let results = self.test_results_at(&place).await?;
        let was_stopped = last_word(&sessions, &results, test, today()).is_some_and(TestResult::is_stop);
        if was_stopped && text.decision != Decision::Stop && folded(&text.note).is_empty() {
            let message =
                "These test dots spoke against a treatment. Write down what was seen that changes this.";
            return Err(Error::unusable("word_reversed", message));
        }
        if of.text.day().is_none_or(|set| day < set) {
            let message = "The dots were looked at before they were set. Correct one of the two days.";
            return Err(Error::unusable("looked_before", message));
        }
        self.require_time_to_heal(&place, (of.text.day(), day), &text).await?;
        let new =
            NewEntry { kind: Kind::TestResult, parent: Some(session), text: &text, action: "test.decided" };
        let id = self.keep_entry(&place, new).await?;
        let (_, kept) = self.entry::<TestResultText>(who, id, Kind::TestResult).await?;
        Ok(result(kept))
    }

    /// Refuses to go on after fewer days than the protocol leaves dots to heal, as long as nobody wrote down what was seen.
    async fn require_time_to_heal(
        &self,
        place: &Place,
        (set, looked): (Option<Date>, Date),
        text: &TestResultText,
    ) -> Result<(), Error> {
        let wanted = self.protocol_of(place.clinic).await?.test.days;
        let days = set.and_then(|set| set.until(looked).ok()).map_or(0, |span| span.get_days());
        let is_early = text.decision == Decision::GoOn && i64::from(days) < i64::from(wanted);
        if is_early && folded(&text.note).is_empty() {
            let message = format!(
                "Test dots show little after {days} days; the protocol looks at them after {wanted}. Wait, or write down what was seen."
            );
            return Err(Error::unusable("looked_early", message));
        }
        Ok(())
    }

    /// What test dots say to a plan in the case of a reading.
    pub(crate) async fn said_to_plan(&self, who: &Who, reading: Uuid) -> Result<OfBook, Error> {
        let place = self.place_of_record(who, reading).await?;
        let used = self.decided_by_test(&place, today()).await?;
        let sessions = self.sessions_at(&place).await?;
        let waits = match self.test_before(&place, &sessions, today()).await? {
            None => None,
            Some(Test::Lacking | Test::Open(_) | Test::Again(_)) => Some(TestWaits::Open),
            Some(Test::Against(_) | Test::AgainstElsewhere(_)) => Some(TestWaits::Against),
        };
        let in_skin_per_cm2 = self.in_skin(&place, None).await?;
        Ok(OfBook { used, waits, in_skin_per_cm2 })
    }

    /// What test dots showed in a case, oldest first.
    pub(super) async fn test_results_at(&self, place: &Place) -> Result<Vec<TestResult>, Error> {
        let kept = self.entries::<TestResultText>(place, Kind::TestResult).await?;
        Ok(kept.into_iter().map(result).collect())
    }

    /// The same, with the dots that each is the last word about, beside these sessions of the case.
    pub(super) async fn words_at(
        &self,
        place: &Place,
        sessions: &[Session],
    ) -> Result<Vec<TestResult>, Error> {
        let mut results = self.test_results_at(place).await?;
        let word =
            |(test, _): (&Session, Date)| Some((last_word(sessions, &results, test, today())?.id, test.id));
        let words: BTreeMap<Uuid, Uuid> = tests_until(sessions, Date::MAX).filter_map(word).collect();
        results.iter_mut().for_each(|result| result.of = words.get(&result.id).copied());
        Ok(results)
    }

    /// What is to be done about test dots before a session on a day, beside these sessions of the case, by what was known on it.
    pub(super) async fn test_before(
        &self,
        place: &Place,
        sessions: &[Session],
        day: Date,
    ) -> Result<Option<Test>, Error> {
        let results = self.test_results_at(place).await?;
        let here = tests_until(sessions, day).next();
        let word = here.and_then(|(test, _)| last_word(sessions, &results, test, day));
        // Older dots that somebody looked at later speak too.
        let latest = latest_word(sessions, &results, day).filter(|(said, _)| said.is_stop());
        let waits = here.and_then(|(_, on)| match (word.map(|one| one.text.decision), latest) {
            (None, _) => Some(Test::Open(on)),
            (_, Some((_, on))) => Some(Test::Against(on)),
            (Some(Decision::GoOn), _) => None,
            (Some(Decision::TestAgain), _) => Some(Test::Again(on)),
            (Some(Decision::Stop), _) => Some(Test::Against(on)),
        });
        if waits.is_some() {
            return Ok(waits);
        }
        if let Some(on) = self.test_against_elsewhere(place, day, word.map(TestResult::order)).await? {
            return Ok(Some(Test::AgainstElsewhere(on)));
        }
        let is_first = here.is_none() && standing_days(sessions).all(|on| on >= day);
        Ok((is_first && self.wants_test(place).await?).then_some(Test::Lacking))
    }

    /// The day of the test dots by which the skin of the same person spoke, for another scar, against a treatment; none where dots
    /// here went well of which somebody said so later.
    async fn test_against_elsewhere(
        &self,
        place: &Place,
        day: Date,
        well: Option<(Option<Date>, Uuid)>,
    ) -> Result<Option<Date>, Error> {
        let mut against = None;
        for other in self.other_places(place).await? {
            let (sessions, results) = (self.sessions_at(&other).await?, self.test_results_at(&other).await?);
            // Newer dots that nobody has looked at take nothing back.
            let said = latest_word(&sessions, &results, day);
            let Some((word, on)) = said.filter(|(word, _)| word.is_stop()) else { continue };
            if well.is_none_or(|well| well < word.order()) {
                against = against.max(Some(on));
            }
        }
        Ok(against)
    }

    /// Refuses to put test dots right so that what was said of them cannot be: moved behind the day on which somebody looked at
    /// them, or made none after they spoke against a treatment.
    pub(super) async fn require_words_fit(
        &self,
        place: &Place,
        sessions: &[Session],
        test: Uuid,
        (day, is_test): (Date, bool),
    ) -> Result<(), Error> {
        let results = self.test_results_at(place).await?;
        let Some(test) = sessions.iter().find(|one| one.id == test) else { return Ok(()) };
        if !is_test && last_word(sessions, &results, test, today()).is_some_and(TestResult::is_stop) {
            let message = "These test dots spoke against a treatment, and that stays. If the word is wrong, write it down anew first.";
            return Err(Error::unusable("test_stays", message));
        }
        let looked = words_of(sessions, &results, test).first().and_then(|word| word.day());
        match looked {
            Some(looked) if looked < day => {
                let message = format!(
                    "Somebody looked at these test dots on {looked}: they cannot have been set later."
                );
                Err(Error::unusable("looked_before", message))
            }
            _ => Ok(()),
        }
    }

    /// Whether the client, in the consent, or the clinic's protocol asks for test dots before the first session.
    async fn wants_test(&self, place: &Place) -> Result<bool, Error> {
        let (_, wanted) = self.agreed_at(place, Purpose::Treatment, PATCH_TEST).await?;
        Ok(wanted || self.protocol_of(place.clinic).await?.test.first)
    }

    /// What test dots decided that sessions on a day use, if they did: the last that somebody has looked at.
    pub(super) async fn decided_by_test(
        &self,
        place: &Place,
        day: Date,
    ) -> Result<Option<TestedRequest>, Error> {
        let sessions = self.sessions_at(place).await?;
        let results = self.test_results_at(place).await?;
        let word = |(test, _)| last_word(&sessions, &results, test, day);
        Ok(tests_until(&sessions, day).find_map(word).and_then(TestResult::decided))
    }
}

/// The tests until a day, the last first; one of tomorrow, as it may be where a tablet is, counts today.
fn tests_until(sessions: &[Session], day: Date) -> impl Iterator<Item = (&Session, Date)> {
    let tests = sessions.iter().filter(|one| one.stands() && one.is_test());
    let days = tests.filter_map(|one| Some((one, one.day()?.min(today()))));
    let mut until: Vec<_> = days.filter(|(_, on)| *on <= day).collect();
    until.sort_by_key(|(test, on)| std::cmp::Reverse((*on, test.id)));
    until.into_iter()
}

/// What was said last, until a day, of a test or of the entries that it took the place of; of dots that were put right so that
/// they do not hold what sessions would use, nobody said that these may follow.
fn last_word<'a>(
    sessions: &[Session],
    results: &'a [TestResult],
    test: &Session,
    day: Date,
) -> Option<&'a TestResult> {
    let words = words_of(sessions, results, test);
    let mut until = words.into_iter().filter(|one| one.day().is_some_and(|on| on <= day));
    until.next().filter(|word| word.text.require_tested(test.text()).is_ok())
}

/// What was said last of any test until a day, with the day on which its dots were set.
fn latest_word<'a>(
    sessions: &[Session],
    results: &'a [TestResult],
    day: Date,
) -> Option<(&'a TestResult, Date)> {
    let said = tests_until(sessions, day)
        .filter_map(|(test, on)| Some((last_word(sessions, results, test, day)?, on)));
    said.max_by_key(|(word, _)| word.order())
}

/// What was said of a test, or of the entries that it took the place of: of the last look first.
fn words_of<'a>(sessions: &[Session], results: &'a [TestResult], test: &Session) -> Vec<&'a TestResult> {
    let mut ids = BTreeSet::from([test.id]);
    let mut before = test.corrects();
    while let Some(id) = before.filter(|id| ids.insert(*id)) {
        before = sessions.iter().find(|one| one.id == id).and_then(Session::corrects);
    }
    let mut words: Vec<_> = results.iter().filter(|one| ids.contains(&one.session)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.order()));
    words
}

impl TestResult {
    /// Whether the dots spoke against a treatment.
    fn is_stop(&self) -> bool {
        self.text.decision == Decision::Stop
    }

    /// What is later than what: by the day, and on one day by when it was written down.
    fn order(&self) -> (Option<Date>, Uuid) {
        (self.day(), self.id)
    }

    /// When the dots were looked at.
    fn day(&self) -> Option<Date> {
        self.text.day.parse().ok()
    }

    /// What sessions use.
    fn decided(&self) -> Option<TestedRequest> {
        let TestUsed { product, water_parts, depth_mm } = self.text.used.clone()?;
        Some(TestedRequest { product, water_parts, depth_mm })
    }
}

impl TestResultText {
    fn checked(mut self) -> Result<Self, Error> {
        not_too_long(&self.note)?;
        if self.used.is_some() != (self.decision == Decision::GoOn) {
            let message =
                "Where sessions may follow, say with which pigment and how deep; otherwise leave that out.";
            return Err(Error::unusable("bad_test", message));
        }
        if let Some(used) = &mut self.used {
            used.product = required(&used.product, "name of the pigment")?;
            let [shallow, deep] = used.depth_mm;
            let fits = (0.05..=3.0).contains(&shallow) && (shallow..=3.0).contains(&deep);
            if !fits || used.water_parts.is_some_and(|parts| !(0.0..=1000.0).contains(&parts)) {
                let message = "Depth is two numbers between 0.05 and 3 mm, the shallower first; water is 0 to 1,000 parts.";
                return Err(Error::unusable("bad_test", message));
            }
        }
        Ok(self)
    }

    /// Refuses what the dots cannot have shown: a pigment that was not set; other water or another depth without a word why.
    fn require_tested(&self, test: &SessionText) -> Result<(), Error> {
        let Some(TestUsed { product, water_parts, depth_mm }) = &self.used else { return Ok(()) };
        let set: Vec<_> = test.products().filter(|(name, _)| folded(name) == folded(product)).collect();
        if set.is_empty() {
            let message = "These test dots were set with another pigment. Take one that was set, or set others with this one.";
            return Err(Error::unusable("not_tested", message));
        }
        let is_water =
            |(_, parts): &(&str, Option<f64>)| water_parts.is_none() || same_water(*parts, *water_parts);
        let as_set = set.iter().any(is_water) && lies_within(*depth_mm, test.depth_mm());
        if as_set || !folded(&self.note).is_empty() {
            return Ok(());
        }
        let message = "The test dots were set with other water, or not so deep or shallow. Write down why it is chosen, with what was seen.";
        Err(Error::unusable("tested_otherwise", message))
    }
}

/// Whether a session uses what the test dots decided, and nothing else.
pub(super) fn is_as_tested(text: &SessionText, tested: &TestedRequest) -> bool {
    // Where nobody said, any dilution is as decided.
    let as_diluted = |parts| tested.water_parts.is_none() || same_water(parts, tested.water_parts);
    let mut used = text.products();
    lies_within(text.depth_mm(), tested.depth_mm)
        && used.all(|(product, parts)| folded(product) == folded(&tested.product) && as_diluted(parts))
}

/// Whether two say the same dilution; where nothing is written there is no water.
fn same_water(parts: Option<f64>, others: Option<f64>) -> bool {
    (parts.unwrap_or(0.0) - others.unwrap_or(0.0)).abs() < 1e-6
}

/// Whether a band of depths, mm, lies within another.
fn lies_within([shallow, deep]: [f64; 2], [least, most]: [f64; 2]) -> bool {
    shallow >= least - 1e-6 && deep <= most + 1e-6
}

fn result(kept: Kept<TestResultText>) -> TestResult {
    let session = kept.parent.unwrap_or_default();
    TestResult { id: kept.id, session, of: None, text: kept.text, written_at: stamp(kept.created_at) }
}
