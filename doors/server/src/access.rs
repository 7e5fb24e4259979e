//! Who may do what: one table of every route, one function.

use axum::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an account is for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Runs the clinic: everything.
    Owner,
    /// Reads, corrects, plans.
    Practitioner,
    /// Takes photographs and keeps records.
    Assistant,
    /// Looks.
    ReadOnly,
}

/// What a route asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Right {
    /// Nothing; nobody need be signed in.
    Nobody,
    /// To be signed in: one's own account, and looking.
    Look,
    /// To keep records: clients, visits, photographs, readings; to put right where they belong.
    Keep,
    /// To plan treatment, and to remove photographs with what was made of them.
    Plan,
    /// To run the clinic: accounts, erasing.
    Run,
}

/// Whether somebody of this role, or nobody, may.
pub(crate) fn may(role: Option<Role>, right: Right) -> bool {
    let Some(role) = role else { return right == Right::Nobody };
    match right {
        Right::Nobody | Right::Look => true,
        Right::Keep => role != Role::ReadOnly,
        Right::Plan => matches!(role, Role::Owner | Role::Practitioner),
        Right::Run => role == Role::Owner,
    }
}

/// What a route asks for; a route that is not here is closed to everybody.
pub(crate) fn right_of(method: &Method, path: &str) -> Option<Right> {
    let found = ROUTES.iter().find(|(m, p, _)| *m == method.as_str() && *p == path);
    found.map(|(_, _, right)| *right)
}

/// Every route of the interface.
pub(crate) const ROUTES: &[(&str, &str, Right)] = &[
    ("GET", "/api/openapi.json", Right::Nobody),
    ("GET", "/api/state", Right::Nobody),
    ("POST", "/api/first-run", Right::Nobody),
    ("POST", "/api/sign-in", Right::Nobody),
    ("POST", "/api/recover", Right::Nobody),
    ("POST", "/api/sign-out", Right::Look),
    ("PUT", "/api/me/password", Right::Look),
    ("POST", "/api/me/second-factor", Right::Look),
    ("PUT", "/api/me/second-factor", Right::Look),
    ("DELETE", "/api/me/second-factor", Right::Look),
    ("POST", "/api/me/recovery-key", Right::Run),
    ("GET", "/api/accounts", Right::Run),
    ("POST", "/api/accounts", Right::Run),
    ("PUT", "/api/accounts/{id}", Right::Run),
    ("PUT", "/api/accounts/{id}/password", Right::Run),
    ("GET", "/api/clients", Right::Look),
    ("POST", "/api/clients", Right::Keep),
    ("GET", "/api/clients/{id}", Right::Look),
    ("PUT", "/api/clients/{id}", Right::Keep),
    ("DELETE", "/api/clients/{id}", Right::Run),
    ("GET", "/api/clients/{id}/earlier", Right::Look),
    ("POST", "/api/clients/{id}/cases", Right::Keep),
    ("GET", "/api/cases/{id}", Right::Look),
    ("PUT", "/api/cases/{id}", Right::Keep),
    ("DELETE", "/api/cases/{id}", Right::Keep),
    ("PUT", "/api/cases/{id}/answers", Right::Keep),
    ("POST", "/api/cases/{id}/visits", Right::Keep),
    ("PUT", "/api/visits/{id}", Right::Keep),
    ("DELETE", "/api/visits/{id}", Right::Keep),
    ("POST", "/api/visits/{id}/uploads", Right::Keep),
    ("GET", "/api/uploads/{id}", Right::Keep),
    ("PATCH", "/api/uploads/{id}", Right::Keep),
    ("POST", "/api/uploads/{id}/finish", Right::Keep),
    ("GET", "/api/photographs/{id}", Right::Look),
    ("PUT", "/api/photographs/{id}", Right::Keep),
    ("DELETE", "/api/photographs/{id}", Right::Plan),
    ("GET", "/api/photographs/{id}/picture", Right::Look),
    ("POST", "/api/photographs/{id}/look", Right::Keep),
    ("POST", "/api/photographs/{id}/readings", Right::Keep),
    ("PUT", "/api/photographs/{id}/reading", Right::Keep),
    ("POST", "/api/photographs/{id}/outcomes", Right::Keep),
    ("GET", "/api/photographs/{id}/ratings", Right::Look),
    ("POST", "/api/photographs/{id}/ratings", Right::Keep),
    ("POST", "/api/rounds", Right::Look),
    ("GET", "/api/rounds/{id}", Right::Look),
    ("GET", "/api/rounds/{id}/pictures/{place}", Right::Look),
    ("POST", "/api/rounds/{id}/pictures/{place}", Right::Look),
    ("GET", "/api/ratings.csv", Right::Plan),
    ("GET", "/api/agreement", Right::Plan),
    ("GET", "/api/agreement.png", Right::Plan),
    ("GET", "/api/records/{id}", Right::Look),
    ("GET", "/api/records/{id}/scar.png", Right::Look),
    ("POST", "/api/readings/{id}/consultation", Right::Plan),
    ("POST", "/api/plans/{id}/fading", Right::Keep),
    ("POST", "/api/readings/{id}/live", Right::Look),
    ("POST", "/api/live/{id}/frame", Right::Look),
    ("POST", "/api/live/{id}/dots", Right::Look),
    ("DELETE", "/api/live/{id}", Right::Look),
    ("GET", "/api/records/{id}/files/{name}", Right::Look),
    ("GET", "/api/texts", Right::Look),
    ("GET", "/api/texts/{name}", Right::Look),
    ("GET", "/api/texts/{name}/versions", Right::Look),
    ("PUT", "/api/texts/{name}", Right::Run),
    ("PUT", "/api/clinic", Right::Run),
    ("GET", "/api/clinic", Right::Look),
    ("GET", "/api/clients/{id}/keeping", Right::Look),
    ("GET", "/api/clients/{id}/export.zip", Right::Plan),
    ("GET", "/api/publishing", Right::Look),
    ("PUT", "/api/publishing", Right::Run),
    ("GET", "/api/publishing/request.pem", Right::Run),
    ("PUT", "/api/publishing/certificates", Right::Run),
    ("POST", "/api/outcomes/{id}/draft", Right::Plan),
    ("POST", "/api/outcomes/{id}/publication", Right::Plan),
    ("DELETE", "/api/publications/{id}", Right::Keep),
    ("GET", "/api/portfolio.zip", Right::Run),
    ("POST", "/api/reviews/{id}/answer", Right::Run),
    ("POST", "/api/reviews/{id}/removal", Right::Run),
    ("POST", "/api/with/review", Right::Nobody),
    ("GET", "/api/cases/{id}/book", Right::Look),
    ("GET", "/api/consent-forms", Right::Look),
    ("POST", "/api/cases/{id}/consents", Right::Keep),
    ("POST", "/api/consents/{id}/withdrawal", Right::Keep),
    ("GET", "/api/consents/{id}/page.pdf", Right::Look),
    ("POST", "/api/cases/{id}/sessions", Right::Plan),
    ("POST", "/api/sessions/{id}/test-result", Right::Plan),
    ("POST", "/api/sessions/{id}/struck", Right::Plan),
    ("POST", "/api/cases/{id}/others-dots", Right::Plan),
    ("POST", "/api/others-dots/{id}/struck", Right::Plan),
    ("GET", "/api/sessions/{id}/aftercare/{name}", Right::Look),
    ("GET", "/api/cases/{id}/passport.json", Right::Look),
    ("GET", "/api/cases/{id}/passport.pdf", Right::Look),
    ("GET", "/api/recall", Right::Look),
    ("GET", "/api/check-in", Right::Look),
    ("POST", "/api/cases/{id}/check-ins", Right::Keep),
    ("POST", "/api/told/{id}/seen", Right::Keep),
    ("GET", "/api/attention", Right::Look),
    ("POST", "/api/cases/{id}/wellbeing", Right::Keep),
    ("POST", "/api/wellbeing/{id}/observed", Right::Keep),
    ("GET", "/api/clients/{id}/trail", Right::Look),
    ("POST", "/api/cases/{id}/links", Right::Keep),
    ("DELETE", "/api/links/{id}", Right::Keep),
    ("GET", "/api/with", Right::Nobody),
    ("PUT", "/api/with/answers", Right::Nobody),
    ("POST", "/api/with/check-in", Right::Nobody),
    ("POST", "/api/with/photograph", Right::Nobody),
    ("POST", "/api/with/wellbeing", Right::Nobody),
    ("POST", "/api/with/withdrawal", Right::Nobody),
    ("POST", "/api/with/stop-mail", Right::Nobody),
    ("GET", "/api/feed.ics", Right::Nobody),
    ("GET", "/api/me/feed", Right::Look),
    ("POST", "/api/me/feed", Right::Look),
    ("DELETE", "/api/me/feed", Right::Look),
    ("GET", "/api/mail", Right::Look),
    ("POST", "/api/mail/test", Right::Run),
    ("PUT", "/api/mail/alarm", Right::Run),
    ("POST", "/api/mail/round", Right::Keep),
    ("POST", "/api/mail/{id}/again", Right::Keep),
    ("DELETE", "/api/mail/{id}", Right::Keep),
    ("GET", "/api/jobs/{id}", Right::Look),
    ("DELETE", "/api/jobs/{id}", Right::Keep),
    ("GET", "/api/jobs/{id}/events", Right::Look),
];

impl Role {
    /// The word that is stored.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Practitioner => "practitioner",
            Self::Assistant => "assistant",
            Self::ReadOnly => "read_only",
        }
    }

    /// The role of a stored word; an unknown one may least.
    pub(crate) fn of_word(word: &str) -> Self {
        let all = [Self::Owner, Self::Practitioner, Self::Assistant];
        all.into_iter().find(|role| role.word() == word).unwrap_or(Self::ReadOnly)
    }
}
