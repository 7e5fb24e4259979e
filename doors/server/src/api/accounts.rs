//! First run, signing in, accounts.

use std::net::SocketAddr;

use axum::Json as Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{StatusCode, header::HeaderName};
use axum::response::{AppendHeaders, IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Json};
use crate::Studio;
use crate::access::Role;
use crate::error::Error;
use crate::guard::{Browser, set_cookie, token};
use crate::store::Who;
use crate::store::accounts::{Account, NewAccount, SecondFactor};

/// Where a browser stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct StudioState {
    phase: Phase,
    /// Name of the clinic.
    #[schema(required)]
    clinic: Option<String>,
    /// To be sent as header `X-Stipple-Token` with everything that is no GET.
    token: String,
    /// Who is signed in.
    #[schema(required)]
    account: Option<Account>,
    software: &'static str,
}

/// What comes next.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Phase {
    /// There is no clinic yet.
    FirstRun,
    /// Nobody has signed in since the program started.
    Locked,
    /// Nobody is signed in here.
    SignedOut,
    /// Somebody is.
    SignedIn,
}

/// The clinic and its owner.
#[derive(Deserialize, ToSchema)]
pub(crate) struct FirstRun {
    clinic: String,
    name: String,
    login: String,
    password: String,
}

/// A key to print and keep; it is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryKey {
    recovery_key: String,
}

/// What is typed to sign in.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SignIn {
    login: String,
    password: String,
    /// Six digits, if a second factor is on.
    code: Option<String>,
}

/// What is typed when the password is lost.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Recover {
    login: String,
    recovery_key: String,
    new_password: String,
}

/// Somebody new.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewSomebody {
    name: String,
    login: String,
    password: String,
    role: Role,
}

/// What an owner changes of an account.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ChangedAccount {
    name: String,
    role: Role,
    active: bool,
}

/// Old and new password.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewPassword {
    old: String,
    new: String,
}

/// One's own password, once more.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Password {
    password: String,
}

/// A password that an owner gives somebody.
#[derive(Deserialize, ToSchema)]
pub(crate) struct GivenPassword {
    new: String,
}

/// A code of the second factor.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Code {
    code: String,
}

type Cookie = AppendHeaders<[(HeaderName, String); 1]>;

/// Where this browser stands; sets its cookie.
#[utoipa::path(get, path = "/api/state", responses((status = 200, body = StudioState)))]
pub(crate) async fn state(
    State(studio): State<Studio>,
    browser: Browser,
    who: Result<Who, Error>,
) -> Result<impl IntoResponse, Error> {
    let account = match &who {
        Ok(who) => Some(studio.store.account(who, who.account).await?),
        Err(_) => None,
    };
    let phase = if account.is_some() {
        Phase::SignedIn
    } else if studio.store.is_new().await? {
        Phase::FirstRun
    } else if studio.store.is_open() {
        Phase::SignedOut
    } else {
        Phase::Locked
    };
    let clinic = studio.store.clinic_name().await?;
    let token = token(&browser.cookie);
    let state = StudioState { phase, clinic, token, account, software: stipple_record::SOFTWARE };
    Ok((AppendHeaders([set_cookie(&browser, &browser.cookie)]), Body(state)))
}

/// Makes the clinic and its owner, and signs in.
#[utoipa::path(post, path = "/api/first-run", request_body = FirstRun,
    responses((status = 200, body = RecoveryKey)))]
pub(crate) async fn first_run(
    State(studio): State<Studio>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    browser: Browser,
    Json(new): Json<FirstRun>,
) -> Result<(Cookie, Body<RecoveryKey>), Error> {
    studio.attempts.begin(from.ip(), &new.login)?;
    // One at a time, so that two pages do not make two clinics.
    let _alone = studio.first_run.lock().await;
    if !studio.several_clinics && !studio.store.is_new().await? {
        return Err(Error::unusable("not_new", "This studio has a clinic already. Sign in."));
    }
    let FirstRun { clinic, name, login, password } = &new;
    let owner = NewAccount { name, login, password, role: Role::Owner };
    let (who, recovery_key) = studio.store.new_clinic(clinic, owner).await?;
    studio.attempts.succeeded(from.ip(), login);
    Ok((signed_in(&studio, &who, &browser).await?, Body(RecoveryKey { recovery_key })))
}

/// Signs in.
#[utoipa::path(post, path = "/api/sign-in", request_body = SignIn, responses((status = 200, body = Account),
    (status = 401, description = "`wrong_password`, `code_needed` or `wrong_code`"),
    (status = 429, description = "`slow_down`")))]
pub(crate) async fn sign_in(
    State(studio): State<Studio>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    browser: Browser,
    Json(typed): Json<SignIn>,
) -> Result<(Cookie, Body<Account>), Error> {
    studio.attempts.begin(from.ip(), &typed.login)?;
    let code = typed.code.as_deref().filter(|code| !code.is_empty());
    let signed = studio.store.sign_in(&typed.login, &typed.password, code).await;
    let who = signed?;
    studio.attempts.succeeded(from.ip(), &typed.login);
    studio.queue.wake();
    let account = studio.store.account(&who, who.account).await?;
    // What they rest on may have changed while the studio was locked.
    studio.store.make_pages_later(&who);
    Ok((signed_in(&studio, &who, &browser).await?, Body(account)))
}

/// Signs this browser out.
#[utoipa::path(post, path = "/api/sign-out", responses((status = 204)))]
pub(crate) async fn sign_out(State(studio): State<Studio>, browser: Browser) -> Result<StatusCode, Error> {
    studio.store.sign_out(&browser.cookie).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens the clinic with the key on paper; sets a new password and gives a new key for paper.
#[utoipa::path(post, path = "/api/recover", request_body = Recover, responses((status = 200, body = RecoveryKey)))]
pub(crate) async fn recover(
    State(studio): State<Studio>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    browser: Browser,
    Json(typed): Json<Recover>,
) -> Result<(Cookie, Body<RecoveryKey>), Error> {
    // Counted apart, so that guesses at the password do not close this way.
    let key = format!("recover {}", typed.login);
    studio.attempts.begin(from.ip(), &key)?;
    let (who, recovery_key) =
        studio.store.recover(&typed.login, &typed.recovery_key, &typed.new_password).await?;
    studio.attempts.succeeded(from.ip(), &key);
    studio.queue.wake();
    Ok((signed_in(&studio, &who, &browser).await?, Body(RecoveryKey { recovery_key })))
}

/// Sets one's own password; every other browser of the account is signed out.
#[utoipa::path(put, path = "/api/me/password", request_body = NewPassword, responses((status = 204)))]
pub(crate) async fn set_password(
    State(studio): State<Studio>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    browser: Browser,
    who: Who,
    Json(typed): Json<NewPassword>,
) -> Result<(StatusCode, Cookie), Error> {
    require_password(&studio, &who, from, &typed.old).await?;
    studio.store.set_password(&who, who.account, &typed.new).await?;
    Ok((StatusCode::NO_CONTENT, signed_in(&studio, &who, &browser).await?))
}

/// Counts guesses as at signing in.
async fn require_password(studio: &Studio, who: &Who, from: SocketAddr, password: &str) -> Result<(), Error> {
    let key = who.account.to_string();
    studio.attempts.begin(from.ip(), &key)?;
    studio.store.require_password(who, password).await?;
    studio.attempts.succeeded(from.ip(), &key);
    Ok(())
}

/// A new key for paper, for whoever knows their password; the one before opens nothing any more.
#[utoipa::path(post, path = "/api/me/recovery-key", request_body = Password,
    responses((status = 200, body = RecoveryKey)))]
pub(crate) async fn new_recovery_key(
    State(studio): State<Studio>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    who: Who,
    Json(typed): Json<Password>,
) -> Result<Body<RecoveryKey>, Error> {
    require_password(&studio, &who, from, &typed.password).await?;
    Ok(Body(RecoveryKey { recovery_key: studio.store.new_recovery_key(&who).await? }))
}

/// Gives somebody a new password, who is signed out everywhere and whose second factor is off then.
#[utoipa::path(put, path = "/api/accounts/{id}/password", params(("id" = uuid::Uuid, Path)),
    request_body = GivenPassword, responses((status = 204)))]
pub(crate) async fn give_password(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(given): Json<GivenPassword>,
) -> Result<StatusCode, Error> {
    if id == who.account {
        let message = "Change your own password on your own page: it asks for the old one.";
        return Err(Error::unusable("own_password", message));
    }
    studio.store.set_password(&who, id, &given.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new secret for one's second factor; on after its first code.
#[utoipa::path(post, path = "/api/me/second-factor", responses((status = 200, body = SecondFactor)))]
pub(crate) async fn new_second_factor(
    State(studio): State<Studio>,
    who: Who,
) -> Result<Body<SecondFactor>, Error> {
    Ok(Body(studio.store.new_second_factor(&who).await?))
}

/// Turns one's second factor on.
#[utoipa::path(put, path = "/api/me/second-factor", request_body = Code, responses((status = 204)))]
pub(crate) async fn second_factor_on(
    State(studio): State<Studio>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    who: Who,
    Json(typed): Json<Code>,
) -> Result<StatusCode, Error> {
    turned(&studio, from, &who, &typed.code, true).await
}

/// Turns it off.
#[utoipa::path(delete, path = "/api/me/second-factor", request_body = Code, responses((status = 204)))]
pub(crate) async fn second_factor_off(
    State(studio): State<Studio>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    who: Who,
    Json(typed): Json<Code>,
) -> Result<StatusCode, Error> {
    turned(&studio, from, &who, &typed.code, false).await
}

async fn turned(
    studio: &Studio,
    from: SocketAddr,
    who: &Who,
    code: &str,
    on: bool,
) -> Result<StatusCode, Error> {
    let key = who.account.to_string();
    studio.attempts.begin(from.ip(), &key)?;
    studio.store.confirm_second_factor(who, code, on).await?;
    studio.attempts.succeeded(from.ip(), &key);
    Ok(StatusCode::NO_CONTENT)
}

/// Everybody of the clinic.
#[utoipa::path(operation_id = "list_accounts", get, path = "/api/accounts", responses((status = 200, body = [Account])))]
pub(crate) async fn list(State(studio): State<Studio>, who: Who) -> Result<Body<Vec<Account>>, Error> {
    Ok(Body(studio.store.accounts(&who).await?))
}

/// One more.
#[utoipa::path(operation_id = "new_account", post, path = "/api/accounts", request_body = NewSomebody, responses((status = 200, body = Account)))]
pub(crate) async fn new(
    State(studio): State<Studio>,
    who: Who,
    Json(new): Json<NewSomebody>,
) -> Result<Body<Account>, Error> {
    let NewSomebody { name, login, password, role } = &new;
    Ok(Body(studio.store.new_account(&who, NewAccount { name, login, password, role: *role }).await?))
}

/// Changes an account.
#[utoipa::path(operation_id = "change_account", put, path = "/api/accounts/{id}", params(("id" = uuid::Uuid, Path)), request_body = ChangedAccount,
    responses((status = 200, body = Account)))]
pub(crate) async fn change(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
    Json(new): Json<ChangedAccount>,
) -> Result<Body<Account>, Error> {
    Ok(Body(studio.store.change_account(&who, id, &new.name, new.role, new.active).await?))
}

/// A new cookie for who has just signed in.
async fn signed_in(studio: &Studio, who: &Who, browser: &Browser) -> Result<Cookie, Error> {
    Ok(AppendHeaders([set_cookie(browser, &studio.store.new_sign_in(who).await?)]))
}
