//! What a practitioner wishes, slider by slider.

use std::ops::RangeInclusive;

use crate::drawn::{Drawn, HAIRLINE_DEPTH_MM, Hairline};
use crate::protocol::{Protocol, SessionSetting};
use crate::unfit::Unfit;

/// Dots to make over those that the protocol asks for.
pub const DOTS_SHARE: RangeInclusive<f64> = 0.5..=1.5;
/// Width of the soft edge around scars, mm.
pub const FEATHER_MM: RangeInclusive<f64> = 0.0..=40.0;
/// Diameter of a healed dot, µm.
pub const HEALED_DIAMETER_UM: RangeInclusive<f64> = 60.0..=240.0;
/// Parts of diluent to one part of pigment.
pub const DILUTION: RangeInclusive<f64> = 0.0..=1000.0;
/// Sessions.
pub const SESSIONS: RangeInclusive<usize> = 1..=4;

/// What a practitioner's sliders say; everything else stays as the protocol has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Dots to make over those that the protocol asks for, [`DOTS_SHARE`].
    pub density: f64,
    /// Width of the soft edge around scars, mm, [`FEATHER_MM`].
    pub feather_mm: f64,
    /// Diameter of a healed dot, µm, [`HEALED_DIAMETER_UM`]; the needle's follows in proportion.
    pub healed_diameter_um: f64,
    /// The pigment's word; `None` for the one that suits best.
    pub pigment: Option<String>,
    /// Parts of diluent to one part of pigment, [`DILUTION`]; `None` for what suits best.
    pub dilution: Option<f64>,
    /// Over how many sessions, [`SESSIONS`].
    pub sessions: usize,
    /// What to treat besides scars.
    pub drawn: Drawn,
}

impl Wish {
    /// What a protocol says by itself, as near as sliders go, and what was drawn.
    pub fn of(protocol: &Protocol, drawn: &Drawn) -> Self {
        let within = |value: f64, range: &RangeInclusive<f64>| value.clamp(*range.start(), *range.end());
        Self {
            density: 1.0,
            feather_mm: within(protocol.feather_mm, &FEATHER_MM),
            healed_diameter_um: within(protocol.healed_diameter_um.value, &HEALED_DIAMETER_UM),
            pigment: None,
            dilution: None,
            sessions: protocol.sessions.len().clamp(*SESSIONS.start(), *SESSIONS.end()),
            drawn: drawn.clone(),
        }
    }

    /// A protocol that asks for what is wished.
    ///
    /// # Errors
    /// The first part that is out of range, or names a pigment that the protocol does not have.
    pub fn applied_to(&self, protocol: &Protocol) -> Result<Protocol, Unfit> {
        self.unfit().map_or(Ok(()), Err)?;
        let size = self.healed_diameter_um / protocol.healed_diameter_um.value;
        let mut wished = Protocol {
            density_share: self.density * protocol.density_share,
            thinning_density_share: self.density * protocol.thinning_density_share,
            feather_mm: self.feather_mm,
            healed_diameter_um: protocol.healed_diameter_um.times(size),
            fresh_diameter_um: protocol.fresh_diameter_um.times(size),
            sessions: spread_over(&protocol.sessions, self.sessions),
            ..protocol.clone()
        };
        if let Some(word) = &self.pigment {
            wished.pigments.retain(|pigment| pigment.id == *word);
            if wished.pigments.is_empty() {
                let words: Vec<&str> = protocol.pigments.iter().map(|pigment| pigment.id.as_str()).collect();
                return Err(Unfit {
                    field: "pigment".to_owned(),
                    found: word.clone(),
                    needed: words.join(", "),
                });
            }
        }
        if let Some(dilution) = self.dilution {
            wished.pigments.iter_mut().for_each(|pigment| pigment.dilutions = vec![dilution]);
        }
        Ok(wished)
    }

    /// The first number out of its range.
    fn unfit(&self) -> Option<Unfit> {
        let sessions = *SESSIONS.start() as f64..=*SESSIONS.end() as f64;
        let dilution = self.dilution.map(|parts| ("dilution", parts, DILUTION, "parts"));
        let depth = |hairline: &Hairline| ("hairline.depth_mm", hairline.depth_mm, HAIRLINE_DEPTH_MM, "mm");
        let numbers = [
            ("density", self.density, DOTS_SHARE, ""),
            ("feather_mm", self.feather_mm, FEATHER_MM, "mm"),
            ("healed_diameter_um", self.healed_diameter_um, HEALED_DIAMETER_UM, "µm"),
            ("sessions", self.sessions as f64, sessions, ""),
        ];
        numbers
            .into_iter()
            .chain(dilution)
            .chain(self.drawn.hairline.as_ref().map(depth))
            .find_map(|(field, value, range, unit)| Unfit::outside(field, value, range, unit))
    }
}

/// Days between sessions where the protocol has but one, as in the shipped one.
const USUAL_INTERVAL_DAYS: u32 = 28;

/// As many sessions as wished, along the same course: shares straight between those of the protocol, its longest interval.
fn spread_over(sessions: &[SessionSetting], count: usize) -> Vec<SessionSetting> {
    if count == sessions.len() {
        return sessions.to_vec();
    }
    let share = |k: usize| if k == 0 { 0.0 } else { sessions[k - 1].share_after };
    let longest = sessions.iter().map(|session| session.interval_days).max().filter(|days| *days > 0);
    let longest = longest.unwrap_or(USUAL_INTERVAL_DAYS);
    let session = |number: usize| {
        let place = (number * sessions.len()) as f64 / count as f64;
        let before = (place as usize).min(sessions.len() - 1);
        let beyond = place - before as f64;
        SessionSetting {
            share_after: share(before) + beyond * (share(before + 1) - share(before)),
            interval_days: if number == 1 { 0 } else { longest },
        }
    };
    (1..=count).map(session).collect()
}
