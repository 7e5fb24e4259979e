//! What became of the cases that were treated: the last measurement that may be compared, and whether one was lost.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use stipple_model::{Date, Healing, Measures};
use uuid::Uuid;

use super::super::audit::Deed;
use super::super::entity::{audit, photograph, record};
use super::super::{Store, Who};
use super::facts::days_since_last;
use crate::error::Error;

/// What the chain calls it that the last measurement of a case that may be compared is there no more, or does not count.
const UNMEASURED: &str = "case.unmeasured";

/// The last measurements that may be compared, by client and case.
pub(in super::super) type MeasuredByClient = Vec<(Uuid, BTreeMap<Uuid, Measured>)>;

/// What is later than what: the day of the photograph, when it was measured, and the result.
pub(in super::super) type Measured = (Date, i64, Uuid);

/// The last measurement of a case that may be compared.
pub(super) struct Followed {
    /// Day of the photograph after.
    day: Date,
    /// The result, and the photograph after.
    pub(super) outcome: Uuid,
    pub(super) photograph: Uuid,
    /// When it was measured, ms since 1970.
    at: i64,
    /// The same of the first one that showed healed skin, which no later one moves.
    pub(super) first_at: i64,
    /// Days from the last session to the photograph.
    pub(super) days_since_last: u32,
    pub(super) measures: Measures,
}

impl Store {
    /// The outcome of the latest photograph of a case that may be compared: from 28 days after the last of its treatments
    /// before it on, by the days on record, and with photographs that could be published.
    pub(super) async fn followed(
        &self,
        who: &Who,
        case: Uuid,
        treatments: &[Date],
    ) -> Result<Option<Followed>, Error> {
        let mut found = Vec::new();
        for row in self.outcomes_of_case(case).await? {
            if let (_, Some(day)) = self.place_of_photograph(who, row.photograph).await?
                && let Some(days) = healed_days(treatments, day)
            {
                found.push((day, row.created_at, row.id, row.photograph, days));
            }
        }
        found.sort_unstable();
        let first_at = found.iter().map(|(_, at, ..)| *at).min().unwrap_or_default();
        for (day, at, outcome, photograph, days_since_last) in found.into_iter().rev() {
            let told = self.of_outcome(who, outcome).await?;
            if told.is_whole() && self.is_of_this_day(who, outcome).await? {
                let measures = told.measures;
                return Ok(Some(Followed {
                    day,
                    outcome,
                    photograph,
                    at,
                    first_at,
                    days_since_last,
                    measures,
                }));
            }
        }
        Ok(None)
    }

    /// Whether both photographs of a result are of its client and day alone, and the one before is from before the treatments.
    async fn is_of_this_day(&self, who: &Who, outcome: Uuid) -> Result<bool, Error> {
        let Some(rests) = self.photographs_of(outcome).await? else { return Ok(false) };
        let said = self.record_says(who, rests.photographs, [true; 2]).await?;
        Ok(!(said.of_other_client || said.on_other_day || said.treated_before))
    }

    /// Whether a photograph of the case from the day that counts was measured with another result, the same one or another: of
    /// several of a day the last measurement counts, and whoever measures could go on until one is good.
    pub(super) async fn is_measured_again(
        &self,
        who: &Who,
        case: Uuid,
        followed: &Followed,
    ) -> Result<bool, Error> {
        for row in self.outcomes_of_case(case).await? {
            let (_, day) = self.place_of_photograph(who, row.photograph).await?;
            if day != Some(followed.day) {
                continue;
            }
            let told = self.of_outcome(who, row.id).await?;
            let is_other = told.is_whole() && told.measures != followed.measures;
            if is_other && self.is_of_this_day(who, row.id).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn outcomes_of_case(&self, case: Uuid) -> Result<Vec<record::Model>, Error> {
        let photographs = self.photographs_of_case(case).await?;
        let of = record::Column::Kind.eq("outcome").and(record::Column::Photograph.is_in(photographs));
        Ok(record::Entity::find().filter(of).all(&self.db).await?)
    }

    /// The last measurement that may be compared of every case of a client that has one.
    pub(in super::super) async fn measured_cases(
        &self,
        who: &Who,
        client: Uuid,
    ) -> Result<BTreeMap<Uuid, Measured>, Error> {
        let mut found = BTreeMap::new();
        for case in self.case_ids(client).await? {
            let treatments = self.treatments(who, case).await?;
            // What cannot be read any more must not stand in the way.
            if let Ok(Some(last)) = self.followed(who, case, &treatments).await {
                found.insert(case, (last.day, last.at, last.outcome));
            }
        }
        Ok(found)
    }

    /// The same of every client of the clinic who has a photograph of these bytes: kept once more, at another visit or as another
    /// client's, it counts for neither.
    pub(in super::super) async fn measured_by_file(
        &self,
        who: &Who,
        sha256: &str,
    ) -> Result<MeasuredByClient, Error> {
        let same =
            photograph::Entity::find().filter(photograph::Column::Sha256.eq(sha256)).all(&self.db).await?;
        let of_file: BTreeSet<Uuid> = same.into_iter().map(|row| row.client).collect();
        let mut found = Vec::new();
        for client in of_file {
            // One of another clinic is none of its business.
            if self.client_key_to_read(who, client).await.is_ok() {
                found.push((client, self.measured_cases(who, client).await?));
            }
        }
        Ok(found)
    }

    /// Tells in the chain which cases lost their last measurement because a photograph of it was kept once more; `before` is
    /// [`Self::measured_by_file`] from before that.
    pub(in super::super) async fn note_kept_twice(
        &self,
        who: &Who,
        before: MeasuredByClient,
    ) -> Result<(), Error> {
        for (client, before) in before {
            self.note_unmeasured(who, client, before).await?;
        }
        Ok(())
    }

    /// Tells in the chain which cases lost their last measurement, so that they are counted as that whatever earlier one is left;
    /// `before` is from before something was removed, moved or put right.
    pub(in super::super) async fn note_unmeasured(
        &self,
        who: &Who,
        client: Uuid,
        before: BTreeMap<Uuid, Measured>,
    ) -> Result<(), Error> {
        if before.is_empty() {
            return Ok(());
        }
        let left = self.measured_cases(who, client).await?;
        for (case, last) in before {
            if left.get(&case).is_none_or(|left| *left < last) {
                self.note(who, Deed::new(UNMEASURED).of(client).about(case)).await?;
            }
        }
        Ok(())
    }

    /// Cases of a clinic that lost their last measurement once, by its chain.
    pub(super) async fn unmeasured(&self, clinic: Uuid) -> Result<BTreeSet<Uuid>, Error> {
        let of = audit::Column::Clinic.eq(clinic).and(audit::Column::Action.eq(UNMEASURED));
        let rows = audit::Entity::find().filter(of).all(&self.db).await?;
        Ok(rows.into_iter().filter_map(|row| row.subject).collect())
    }
}

/// Days from the last of some treatments to a photograph of a day, if it shows healed skin: four weeks and more.
fn healed_days(treatments: &[Date], day: Date) -> Option<u32> {
    days_since_last(treatments, day).filter(|days| Healing::after_days(*days) != Healing::Fresh)
}
