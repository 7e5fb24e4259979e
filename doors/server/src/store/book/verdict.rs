//! What the last report says of the treatment: a practitioner decides, and is told.

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;
use stipple_record::format;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::Store;
use super::super::entity::record;
use super::super::texts::stamp;
use super::Place;
use crate::error::Error;

/// The verdict of the newest report of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LastVerdict {
    /// `suitable`, `suitable_with_care`, `not_yet` or `not_smp`.
    verdict: String,
    /// The photograph that it was made on.
    photograph: Uuid,
    made_at: String,
}

impl Store {
    /// None where no report was made.
    pub(super) async fn last_verdict(&self, place: &Place) -> Result<Option<LastVerdict>, Error> {
        let of_case: Vec<Uuid> =
            self.photographs_at(place).await?.into_iter().map(|(_, row)| row.id).collect();
        let of = record::Column::Photograph.is_in(of_case).and(record::Column::Kind.eq("plan"));
        let newest = record::Entity::find().filter(of).order_by_desc(record::Column::CreatedAt);
        let Some(row) = newest.one(&self.db).await? else { return Ok(None) };
        let json = match self.file_of(&place.key, &row, "assessment.json").await {
            Err(Error::Missing(_)) => return Ok(None),
            found => found?,
        };
        let assessment =
            format::assessment_from_json(&json).map_err(|_| Error::Damaged { kind: "result" })?;
        Ok(Some(LastVerdict {
            verdict: assessment.value.verdict.name().to_owned(),
            photograph: row.photograph,
            made_at: stamp(row.created_at),
        }))
    }
}
