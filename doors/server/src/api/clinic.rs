//! What a clinic makes its own: its texts, and where it is.

use axum::Json as Body;
use axum::extract::{Path, State};

use super::Json;
use crate::Studio;
use crate::error::Error;
use crate::store::Who;
use crate::store::keeping::ClinicFacts;
use crate::store::own_texts::{NewText, OwnText, OwnTextLine, OwnTextVersion, ShownText};

/// Where the clinic is, and whether a doctor treats.
#[utoipa::path(operation_id = "clinic", get, path = "/api/clinic", responses((status = 200, body = ClinicFacts)))]
pub(crate) async fn one(State(studio): State<Studio>, who: Who) -> Result<Body<ClinicFacts>, Error> {
    Ok(Body(studio.store.clinic_facts(who.clinic).await?))
}

/// Says where the clinic is, and whether a doctor treats.
#[utoipa::path(operation_id = "change_clinic", put, path = "/api/clinic", request_body = ClinicFacts,
    responses((status = 200, body = ClinicFacts)))]
pub(crate) async fn change(
    State(studio): State<Studio>,
    who: Who,
    Json(facts): Json<ClinicFacts>,
) -> Result<Body<ClinicFacts>, Error> {
    Ok(Body(studio.store.change_clinic(&who, facts).await?))
}

/// Every text that the clinic can make its own.
#[utoipa::path(operation_id = "own_texts", get, path = "/api/texts", responses((status = 200, body = Vec<OwnTextLine>)))]
pub(crate) async fn texts(State(studio): State<Studio>, who: Who) -> Result<Body<Vec<OwnTextLine>>, Error> {
    Ok(Body(studio.store.own_texts(&who).await?))
}

/// A text as it stands: `protocol`, `rules`, `consents`, `aftercare`, `check_ins`, `letters` or `retention`.
#[utoipa::path(operation_id = "own_text", get, path = "/api/texts/{name}", params(("name" = String, Path)),
    responses((status = 200, body = ShownText)))]
pub(crate) async fn text(
    State(studio): State<Studio>,
    who: Who,
    Path(name): Path<String>,
) -> Result<Body<ShownText>, Error> {
    Ok(Body(studio.store.own_text(&who, OwnText::of_word(&name)?).await?))
}

/// Every version of a text that the clinic wrote, the last first; whoever reads the text reads these too.
#[utoipa::path(operation_id = "own_text_versions", get, path = "/api/texts/{name}/versions",
    params(("name" = String, Path)), responses((status = 200, body = Vec<OwnTextVersion>)))]
pub(crate) async fn text_versions(
    State(studio): State<Studio>,
    who: Who,
    Path(name): Path<String>,
) -> Result<Body<Vec<OwnTextVersion>>, Error> {
    Ok(Body(studio.store.own_text_versions(&who, OwnText::of_word(&name)?).await?))
}

/// Lets a new version of a text stand.
#[utoipa::path(operation_id = "change_own_text", put, path = "/api/texts/{name}", params(("name" = String, Path)),
    request_body = NewText, responses((status = 200, body = ShownText)))]
pub(crate) async fn change_text(
    State(studio): State<Studio>,
    who: Who,
    Path(name): Path<String>,
    Json(new): Json<NewText>,
) -> Result<Body<ShownText>, Error> {
    Ok(Body(studio.store.change_own_text(&who, OwnText::of_word(&name)?, new).await?))
}
