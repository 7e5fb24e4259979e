//! What strangers are told of a result: little of a large file, remembered by the result's id, because results never change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use stipple_color::ItaClass;
use stipple_model::{Code, Comparable, Measures, Outcome, Reading, ScarKind};
use stipple_record::format;
use uuid::Uuid;

use super::super::{Store, Who};
use crate::error::Error;

/// What says that a photograph is not as it came from the camera, or is the other one.
const RETOUCHED: [Code; 2] = [Code::OutcomeSameExposure, Code::OutcomeRetouched];

/// Of an outcome.
#[derive(Clone, Copy)]
pub(super) struct OfOutcome {
    verdict: Comparable,
    is_retouched: bool,
    pub(super) light_delta_e00: f64,
    pub(super) tilt_deg: f64,
    pub(super) measures: Measures,
}

impl OfOutcome {
    /// Whether its photographs may be compared, and are as they came from the camera.
    pub(super) fn is_whole(&self) -> bool {
        self.verdict != Comparable::No && !self.is_retouched
    }
}

/// Of a reading; no scar where it has none.
#[derive(Clone, Copy)]
pub(super) struct OfReading {
    pub(super) scar: Option<ScarKind>,
    pub(super) skin: ItaClass,
}

/// Both, by the ids of their results. Cheap to clone.
#[derive(Clone, Default)]
pub(in super::super) struct Remembered {
    outcomes: Arc<Mutex<HashMap<Uuid, OfOutcome>>>,
    readings: Arc<Mutex<HashMap<Uuid, OfReading>>>,
}

impl Remembered {
    /// Forgets all of it, because somebody was erased.
    pub(in super::super) fn forget(&self) {
        self.outcomes.lock().expect("no writer panics").clear();
        self.readings.lock().expect("no writer panics").clear();
    }
}

impl Store {
    /// What strangers are told of an outcome of this clinic.
    pub(super) async fn of_outcome(&self, who: &Who, id: Uuid) -> Result<OfOutcome, Error> {
        let of = &self.remembered.outcomes;
        if let Some(known) = of.lock().expect("no writer panics").get(&id) {
            return Ok(*known);
        }
        let json = self.record_file(who, id, "outcome.json").await?;
        let qualified = format::outcome_from_json(&json)?;
        let outcome: &Outcome = &qualified.value;
        let comparability = &outcome.comparability;
        let found = OfOutcome {
            verdict: comparability.verdict,
            is_retouched: qualified.caveats.iter().any(|caveat| RETOUCHED.contains(&caveat.code)),
            light_delta_e00: comparability.light_delta_e00,
            tilt_deg: comparability.tilt_deg,
            measures: super::pages::measures(outcome),
        };
        of.lock().expect("no writer panics").insert(id, found);
        Ok(found)
    }

    /// The same of a reading.
    pub(super) async fn of_reading(&self, who: &Who, id: Uuid) -> Result<OfReading, Error> {
        let of = &self.remembered.readings;
        if let Some(known) = of.lock().expect("no writer panics").get(&id) {
            return Ok(*known);
        }
        let json = self.record_file(who, id, "reading.json").await?;
        let reading: Reading = format::reading_from_json(&json)?.value;
        let found =
            OfReading { scar: reading.scars.first().map(|scar| scar.kind), skin: reading.skin.ita_class };
        of.lock().expect("no writer panics").insert(id, found);
        Ok(found)
    }
}
