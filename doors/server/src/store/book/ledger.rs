//! How much the skin holds: dots of every session and of others, by zone, under the cap of a life.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use stipple_model::Protocol;
use stipple_pipeline::folded;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::Store;
use super::Place;
use super::others_dots::OthersDots;
use super::sessions::Session;
use crate::error::Error;

/// What the skin of a case holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ledger {
    sessions: usize,
    dots: u32,
    /// Dots per cm² of every session and of others together.
    per_cm2: f64,
    /// The protocol's most over a life.
    per_cm2_max: f64,
    /// The protocol's deepest, mm, and its days between sessions: what is beyond wants a word.
    deepest_mm: f64,
    interval_days: u32,
    /// Days after which test dots are looked at.
    test_days: u32,
    /// Names of the zones of every case that hold dots: a name that is written another way begins at zero.
    zones: Vec<String>,
}

/// Dots that an entry tells of in a zone. Zones of one name lie over one another.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    /// The entry; none while it is not written down.
    pub(super) entry: Option<Uuid>,
    /// Whether no later entry took its place.
    pub(super) stands: bool,
    /// Name of the zone, as it was typed.
    pub(super) zone: &'a str,
    pub(super) per_cm2: f64,
    /// Whether it says why its zones are other skin than one another and than all that was known by then.
    pub(super) says_other_skin: bool,
}

impl Ledger {
    /// Dots of every session.
    pub(super) fn dots(&self) -> u32 {
        self.dots
    }

    /// Dots per cm² where they are densest.
    pub(super) fn per_cm2(&self) -> f64 {
        self.per_cm2
    }

    /// Of the sessions of a case that stand; density is told with those of the client's other cases and with dots of others, as
    /// it is limited.
    pub(super) fn of(
        (sessions, elsewhere): (&[Session], &[Session]),
        others: &[OthersDots],
        protocol: &Protocol,
    ) -> Self {
        let standing = || sessions.iter().filter(|session| session.stands());
        let known = held(sessions.iter().chain(elsewhere), others);
        let [_, deep] = protocol.needle_depth_mm;
        let [_, deep_in_scar] = protocol.needle_depth_in_scar_mm;
        Self {
            sessions: standing().count(),
            dots: standing().map(Session::dots).fold(0, u32::saturating_add),
            zones: zones(&known).into_values().map(|(name, _)| name.to_owned()).collect(),
            per_cm2: densest(&known),
            per_cm2_max: protocol.lifetime_dots_per_cm2_max,
            deepest_mm: deep.max(deep_in_scar),
            interval_days: protocol.sessions.iter().map(|session| session.interval_days).max().unwrap_or(0),
            test_days: protocol.test.days,
        }
    }
}

impl Store {
    /// Dots per cm² that lie in the skin of a case where they are densest, as a plan is told: without those of this plan, and without a
    /// few test dots, which lie on a spot of their own.
    pub(super) async fn in_skin(&self, place: &Place, without: Option<Uuid>) -> Result<f64, Error> {
        let (sessions, others) = (self.sessions_at(place).await?, self.others_dots_at(place).await?);
        let is_of_it = |session: &&Session| without.is_some() && session.text().plan() == without;
        let counted = sessions.iter().filter(|session| !session.is_test() && !is_of_it(session));
        Ok(densest(&held(counted, &others)))
    }
}

/// What sessions and others left in the skin, and what was written down of it and does not stand.
pub(super) fn held<'a>(
    sessions: impl Iterator<Item = &'a Session>,
    others: &'a [OthersDots],
) -> Vec<Held<'a>> {
    sessions.flat_map(Session::held).chain(others.iter().map(OthersDots::held)).collect()
}

/// Dots per cm² where they are densest.
pub(super) fn densest(held: &[Held<'_>]) -> f64 {
    zones(held).into_values().map(|(_, density)| density).fold(0.0, f64::max)
}

/// What each zone holds, by its folded name: the name as it was typed first, dots per cm².
fn zones<'a>(held: &[Held<'a>]) -> BTreeMap<String, (&'a str, f64)> {
    let mut found = BTreeMap::new();
    for one in held.iter().filter(|one| one.stands) {
        found.entry(folded(one.zone)).or_insert((one.zone, 0.0)).1 += one.per_cm2;
    }
    found
}

/// Pairs of zones, by their folded names, of which somebody wrote down that they are other skin. A name that comes up later is
/// not meant.
fn apart(held: &[Held<'_>]) -> BTreeSet<(String, String)> {
    let mut in_turn: Vec<&Held<'_>> = held.iter().collect();
    // Ids tell the time; what is not written down yet is last.
    in_turn.sort_by_key(|one| (one.entry.is_none(), one.entry));
    let (mut known, mut found) = (BTreeSet::new(), BTreeSet::new());
    for entry in in_turn.chunk_by(|a, b| a.entry == b.entry) {
        known.extend(entry.iter().map(|one| folded(one.zone)));
        for one in entry.iter().filter(|one| one.stands && one.says_other_skin) {
            let name = folded(one.zone);
            found.extend(
                known.iter().flat_map(|other| [(name.clone(), other.clone()), (other.clone(), name.clone())]),
            );
        }
    }
    found
}

/// Refuses dots in a zone that, lying where another one lies, would make the skin hold more than it may, as long as nobody wrote
/// down that the two are other skin. What was told of a zone before, in the entry that is put right, is not asked again.
pub(super) fn require_other_skin(
    known: &[Held<'_>],
    (new, earlier): (&[Held<'_>], &[Held<'_>]),
    most: f64,
) -> Result<(), Error> {
    let whole = [known, new].concat();
    let (all, earlier, apart) = (zones(&whole), zones(earlier), apart(&whole));
    for (name, (typed, added)) in zones(new) {
        if earlier.get(&name).is_some_and(|(_, before)| *before >= added) {
            continue;
        }
        let others = all
            .iter()
            .filter(|(other, _)| **other != name && !apart.contains(&(name.clone(), (*other).clone())));
        let Some((_, (other, density))) = others.max_by(|a, b| a.1.1.total_cmp(&b.1.1)) else { continue };
        let both = all[&name].1 + density;
        if both > most {
            let message = format!(
                "\"{typed}\" and \"{other}\" may be the same skin. Then it holds {both:.0} dots/cm², and {most:.0} is the most. Use the \
                 same name, or write down why it is other skin."
            );
            return Err(Error::unusable("unknown_zone", message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dots(entry: u128, zone: &str, per_cm2: f64, says_other_skin: bool) -> Held<'_> {
        let entry = (entry > 0).then(|| Uuid::from_u128(entry));
        Held { entry, stands: true, zone, per_cm2, says_other_skin }
    }

    fn refuses(known: &[Held<'_>], new: &[Held<'_>]) -> bool {
        require_other_skin(known, (new, &[]), 200.0).is_err()
    }

    #[test]
    fn a_word_holds_for_the_zones_that_were_known_when_it_was_written() {
        let strip = dots(1, "strip", 150.0, false);
        let both = [dots(2, "Strip", 5.0, true), dots(2, "crown", 100.0, true)];
        let known = [strip, both[0], both[1]];
        assert!(!refuses(&known[..1], &both), "it says so itself");
        assert!(!refuses(&known, &[dots(0, "crown", 20.0, false)]));
        assert!(refuses(&known, &[dots(0, "strip two", 180.0, false)]), "a name that came up later");
        assert!(
            refuses(&[strip, both[1]], &[dots(0, "crown 2", 110.0, false)]),
            "nor for another name beside it"
        );
        assert!(refuses(&[], &[dots(0, "a", 150.0, false), dots(0, "b", 60.0, false)]), "in one entry");
    }

    #[test]
    fn what_was_put_right_keeps_its_place_in_time() {
        let first = Held { stands: false, ..dots(1, "strip", 150.0, false) };
        let known = [first, dots(2, "crown", 100.0, true), dots(3, "strip", 150.0, false)];
        assert!(!refuses(&known, &[dots(0, "crown", 20.0, false)]));
        assert!((densest(&known) - 150.0).abs() < 1e-9);
    }
}
