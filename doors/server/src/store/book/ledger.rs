//! How much the skin holds: dots of every session and of others, by zone, under the cap of a life.

use std::collections::BTreeMap;

use serde::Serialize;
use stipple_model::Protocol;
use stipple_pipeline::folded;
use utoipa::ToSchema;

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

/// Dots that lie in a zone. Zones of one name lie over one another.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    /// Name of the zone, as it was typed.
    pub(super) zone: &'a str,
    pub(super) per_cm2: f64,
    /// Whether somebody wrote down that it is other skin than that of other names.
    pub(super) is_other_skin: bool,
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
            zones: zones(&known).into_values().map(|zone| zone.zone.to_owned()).collect(),
            per_cm2: densest(&known),
            per_cm2_max: protocol.lifetime_dots_per_cm2_max,
            deepest_mm: deep.max(deep_in_scar),
            interval_days: protocol.sessions.iter().map(|session| session.interval_days).max().unwrap_or(0),
            test_days: protocol.test.days,
        }
    }
}

/// What sessions and others left in the skin, as far as it stands.
pub(super) fn held<'a>(
    sessions: impl Iterator<Item = &'a Session>,
    others: &'a [OthersDots],
) -> Vec<Held<'a>> {
    let of_sessions = sessions.filter(|session| session.stands()).flat_map(|session| session.text().held());
    of_sessions.chain(others.iter().filter_map(OthersDots::held)).collect()
}

/// Dots per cm² where they are densest.
pub(super) fn densest(held: &[Held<'_>]) -> f64 {
    zones(held).into_values().map(|zone| zone.per_cm2).fold(0.0, f64::max)
}

/// What each zone holds, by its folded name.
fn zones<'a>(held: &[Held<'a>]) -> BTreeMap<String, Held<'a>> {
    let mut found: BTreeMap<String, Held<'a>> = BTreeMap::new();
    for one in held {
        let sum =
            found.entry(folded(one.zone)).or_insert(Held { per_cm2: 0.0, is_other_skin: false, ..*one });
        sum.per_cm2 += one.per_cm2;
        sum.is_other_skin |= one.is_other_skin;
    }
    found
}

/// Refuses dots in a zone that, lying where another one lies, would make the skin hold more than it may, as long as nobody wrote
/// down of either that it is other skin. What was told of a zone before, in the entry that is put right, is not asked again.
pub(super) fn require_other_skin(
    known: &[Held<'_>],
    (new, earlier): (&[Held<'_>], &[Held<'_>]),
    most: f64,
) -> Result<(), Error> {
    let (all, earlier) = (zones(&[known, new].concat()), zones(earlier));
    let is_open = |name: &String| all.get(name).is_some_and(|zone| !zone.is_other_skin);
    for (name, added) in zones(new).into_iter().filter(|(name, _)| is_open(name)) {
        if earlier.get(&name).is_some_and(|before| before.per_cm2 >= added.per_cm2) {
            continue;
        }
        let others = all.iter().filter(|(other, _)| **other != name && is_open(other));
        let Some((_, other)) = others.max_by(|a, b| a.1.per_cm2.total_cmp(&b.1.per_cm2)) else { continue };
        let both = all[&name].per_cm2 + other.per_cm2;
        if both > most {
            let message = format!(
                "\"{}\" and \"{}\" may be the same skin. Then it holds {both:.0} dots/cm², and {most:.0} is the most. Use the same name, or \
                 write down why it is other skin.",
                added.zone, other.zone
            );
            return Err(Error::unusable("unknown_zone", message));
        }
    }
    Ok(())
}
