//! How much the skin holds: dots of every session and of others, by zone, under the cap of a life.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use stipple_model::Protocol;
use stipple_pipeline::folded;
use utoipa::ToSchema;

use super::others_dots::OthersDots;
use super::sessions::{Session, SessionText};
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

/// Name of a zone, and dots per cm² that lie there. Zones of one name lie over one another.
pub(super) type Held<'a> = (&'a str, f64);

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
            zones: known
                .iter()
                .map(|(zone, _)| (*zone).to_owned())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            per_cm2: densest(known),
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
pub(super) fn densest<'a>(held: impl IntoIterator<Item = Held<'a>>) -> f64 {
    densities(held).into_values().map(|(density, _)| density).fold(0.0, f64::max)
}

/// Dots per cm² by the folded name of each zone, with the name as it was typed first.
fn densities<'a>(held: impl IntoIterator<Item = Held<'a>>) -> BTreeMap<String, (f64, &'a str)> {
    let mut found = BTreeMap::new();
    for (name, density) in held {
        found.entry(folded(name)).or_insert((0.0, name)).0 += density;
    }
    found
}

/// Refuses a zone of a new name that, lying where the densest one lies, would make the skin hold more than it may, as long as
/// nobody wrote down that it is other skin. What a session that is put right called so already is not asked again.
pub(super) fn require_other_skin<'a>(
    held: impl IntoIterator<Item = Held<'a>>,
    (text, earlier): (&SessionText, Option<&SessionText>),
    most: f64,
) -> Result<(), Error> {
    let known = densities(held);
    let Some((densest, name)) = known.values().copied().max_by(|a, b| a.0.total_cmp(&b.0)) else {
        return Ok(());
    };
    let before = densities(earlier.into_iter().flat_map(SessionText::held));
    let new = densities(text.held());
    let hides = |(zone, (density, _)): &(&String, &(f64, &str))| {
        !known.contains_key(*zone) && !before.contains_key(*zone) && density + densest > most
    };
    let Some((_, (density, typed))) = new.iter().find(hides).filter(|_| folded(text.other_skin()).is_empty())
    else {
        return Ok(());
    };
    let message = format!(
        "\"{typed}\" holds no dots by its name. If it is skin of \"{name}\", that holds {:.0} dots/cm² with this session, and {most:.0} is the \
         most. Use the name that is there, or write down why it is other skin.",
        density + densest
    );
    Err(Error::unusable("unknown_zone", message))
}
