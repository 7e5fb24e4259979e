//! The interface: every route with its types, and OpenAPI made of them.

mod accounts;
mod book;
mod clients;
mod clinic;
mod jobs;
mod live;
mod mail;
mod photographs;
mod publishing;
mod ratings;
mod records;

use axum::Router;
use axum::extract::FromRequest;
use axum::extract::rejection::JsonRejection;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Error;
use crate::{Studio, guard, pages, public};

/// Largest JSON body, bytes: a mask of 48 megapixels fits.
const JSON_BYTES_MAX: usize = 32 << 20;

/// Largest of a client's by a link, bytes.
const LINK_BYTES_MAX: usize = 64 << 10;

#[derive(OpenApi)]
#[openapi(info(
    title = "Stipple studio",
    description = "Records, readings, plans and previews of one clinic."
))]
struct Api;

/// Every page and route of a studio.
pub(crate) fn router(studio: Studio) -> Router {
    let (api, openapi) = routes().split_for_parts();
    let text = openapi.to_pretty_json().unwrap_or_default();
    let api = api
        .route("/api/openapi.json", get(move || async { ([("content-type", "application/json")], text) }))
        .layer(axum::extract::DefaultBodyLimit::max(JSON_BYTES_MAX))
        .layer(from_fn_with_state(studio.clone(), guard::guard));
    api.route("/public/{clinic}/", get(public::index))
        .route("/public/{clinic}/{*path}", get(public::file))
        .fallback(pages::page)
        .layer(from_fn(pages::headers))
        .layer(from_fn_with_state(studio.clone(), guard::own_name))
        .layer(tower_http::compression::CompressionLayer::new())
        .with_state(studio)
}

/// OpenAPI of the interface, pretty JSON.
pub fn openapi_json() -> String {
    let (_, openapi) = routes().split_for_parts();
    format!("{}\n", openapi.to_pretty_json().unwrap_or_default())
}

fn routes() -> OpenApiRouter<Studio> {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(accounts::state))
        .routes(routes!(accounts::first_run))
        .routes(routes!(accounts::sign_in))
        .routes(routes!(accounts::sign_out))
        .routes(routes!(accounts::recover))
        .routes(routes!(accounts::set_password))
        .routes(routes!(accounts::new_recovery_key))
        .routes(routes!(accounts::give_password))
        .routes(routes!(accounts::new_second_factor, accounts::second_factor_on, accounts::second_factor_off))
        .routes(routes!(accounts::list, accounts::new))
        .routes(routes!(accounts::change))
        .routes(routes!(clients::list, clients::new))
        .routes(routes!(clients::one, clients::change, clients::erase))
        .routes(routes!(clients::earlier))
        .routes(routes!(clients::new_case))
        .routes(routes!(clients::case, clients::change_case, clients::remove_case))
        .routes(routes!(clients::answer))
        .routes(routes!(clients::new_visit))
        .routes(routes!(clients::change_visit, clients::remove_visit))
        .routes(routes!(photographs::new_upload))
        .routes(routes!(photographs::upload, photographs::take_piece))
        .routes(routes!(photographs::finish))
        .routes(routes!(photographs::one, photographs::move_to, photographs::remove))
        .routes(routes!(photographs::picture))
        .routes(routes!(photographs::look))
        .routes(routes!(ratings::list, ratings::new))
        .routes(routes!(ratings::new_round))
        .routes(routes!(ratings::round))
        .routes(routes!(ratings::round_picture, ratings::rate_blind))
        .routes(routes!(ratings::table))
        .routes(routes!(ratings::agreement))
        .routes(routes!(ratings::agreement_figure))
        .routes(routes!(records::read))
        .routes(routes!(records::choose))
        .routes(routes!(records::one))
        .routes(routes!(records::scar))
        .routes(routes!(records::consult))
        .routes(routes!(records::outcome))
        .routes(routes!(records::fading))
        .routes(routes!(records::file))
        .routes(routes!(live::open))
        .routes(routes!(live::frame))
        .routes(routes!(live::dots))
        .routes(routes!(live::close))
        .merge(book())
        .merge(letters())
        .merge(of_clinic())
        .merge(by_link())
        .routes(routes!(jobs::one, jobs::cancel))
        .routes(routes!(jobs::events))
}

/// What was agreed to, done and told in a case.
fn book() -> OpenApiRouter<Studio> {
    OpenApiRouter::new()
        .routes(routes!(book::book))
        .routes(routes!(book::consent_forms))
        .routes(routes!(book::sign))
        .routes(routes!(book::withdraw))
        .routes(routes!(book::consent_page))
        .routes(routes!(book::new_session))
        .routes(routes!(book::new_test_result))
        .routes(routes!(book::strike_session))
        .routes(routes!(book::new_others_dots))
        .routes(routes!(book::strike_others_dots))
        .routes(routes!(book::aftercare))
        .routes(routes!(book::passport))
        .routes(routes!(book::passport_file))
        .routes(routes!(book::recall))
        .routes(routes!(book::asked_at_check_in))
        .routes(routes!(book::check_in))
        .routes(routes!(book::see))
        .routes(routes!(book::attention))
        .routes(routes!(book::tell_wellbeing))
        .routes(routes!(book::observe_wellbeing))
        .routes(routes!(book::trail))
        .routes(routes!(book::new_link))
        .routes(routes!(book::close_link))
}

/// Letters to clients, and one's own calendar.
fn letters() -> OpenApiRouter<Studio> {
    OpenApiRouter::new()
        .routes(routes!(mail::state))
        .routes(routes!(mail::test))
        .routes(routes!(mail::change_alarm))
        .routes(routes!(mail::round))
        .routes(routes!(mail::again))
        .routes(routes!(mail::remove))
        .routes(routes!(mail::new_feed, mail::close_feed, mail::feed_state))
}

/// What a clinic makes its own, what the law keeps, and what is shown to strangers.
fn of_clinic() -> OpenApiRouter<Studio> {
    OpenApiRouter::new()
        .routes(routes!(clinic::one, clinic::change))
        .routes(routes!(clinic::texts))
        .routes(routes!(clinic::text, clinic::change_text))
        .routes(routes!(clinic::text_versions))
        .routes(routes!(publishing::one, publishing::change))
        .routes(routes!(publishing::request))
        .routes(routes!(publishing::change_certificates))
        .routes(routes!(publishing::draft))
        .routes(routes!(publishing::publish))
        .routes(routes!(publishing::unpublish))
        .routes(routes!(publishing::portfolio))
        .routes(routes!(publishing::answer))
        .routes(routes!(publishing::remove))
        .routes(routes!(clients::export))
        .routes(routes!(clients::keeping))
}

/// What clients do by a link, with short bodies: they are strangers' phones.
fn by_link() -> OpenApiRouter<Studio> {
    OpenApiRouter::new()
        .routes(routes!(book::open_link))
        .routes(routes!(book::answer_by_link))
        .routes(routes!(book::check_in_by_link))
        .routes(routes!(publishing::review_by_link))
        .routes(routes!(mail::stop_by_link))
        .routes(routes!(mail::feed))
        .layer(axum::extract::DefaultBodyLimit::max(LINK_BYTES_MAX))
        // A photograph is longer, and bounded where it is read.
        .routes(routes!(book::photograph_by_link))
        .routes(routes!(book::withdraw_by_link))
        .routes(routes!(book::wellbeing_by_link))
}

/// A JSON body, or words about why it is none.
pub(crate) struct Json<T>(pub(crate) T);

impl<T, S: Send + Sync> FromRequest<S> for Json<T>
where
    axum::Json<T>: FromRequest<S, Rejection = JsonRejection>,
{
    type Rejection = Error;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, Error> {
        let body = axum::Json::<T>::from_request(request, state).await;
        body.map(|axum::Json(body)| Self(body))
            .map_err(|error| Error::unusable("bad_json", error.body_text()))
    }
}

/// An id in the address.
pub(crate) struct Id(pub(crate) uuid::Uuid);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Id {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, state: &S) -> Result<Self, Error> {
        let path = axum::extract::Path::<std::collections::HashMap<String, String>>::from_request_parts(
            parts, state,
        );
        let path = path.await.map_err(|_| Error::Missing("address"))?;
        let id = path.get("id").and_then(|text| text.parse().ok());
        id.map(Self).ok_or(Error::Missing("address"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openapi_is_what_is_written_down() {
        let place = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/openapi.json");
        if std::env::var_os("STIPPLE_ACCEPT").is_some() {
            std::fs::write(place, openapi_json()).expect("written");
        }
        let written = std::fs::read_to_string(place).expect("schemas/openapi.json is there");
        assert!(
            written == openapi_json(),
            "the interface changed: run `cargo xtask schema` and read the diff"
        );
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let (_, openapi) = routes().split_for_parts();
        let told = serde_json::to_value(&openapi).expect("JSON");
        let paths = told["paths"].as_object().expect("paths").values();
        let operations = paths.flat_map(|methods| methods.as_object().expect("methods").values());
        let mut names: Vec<&str> =
            operations.map(|operation| operation["operationId"].as_str().expect("a name")).collect();
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn every_route_has_a_right_and_every_right_a_route() {
        let (_, openapi) = routes().split_for_parts();
        let told = serde_json::to_value(&openapi).expect("JSON");
        let mut routes =
            std::collections::BTreeSet::from([("GET".to_owned(), "/api/openapi.json".to_owned())]);
        for (path, methods) in told["paths"].as_object().expect("paths") {
            routes.extend(
                methods.as_object().expect("methods").keys().map(|m| (m.to_uppercase(), path.clone())),
            );
        }
        let rights =
            crate::access::ROUTES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()));
        assert_eq!(routes, rights.collect());
    }
}
