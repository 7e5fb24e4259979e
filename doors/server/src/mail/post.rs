//! Handing one letter to the server, and what became of it. Between asking and the server's answer nobody knows: such a
//! letter may have gone out, and is not sent again by itself.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;

use super::letter::Outgoing;
use super::settings::{Security, Settings};
use crate::error::Error;

/// Longest until a server has greeted and let us in.
const GREETING: Duration = Duration::from_secs(30);
/// Longest until it has taken a letter.
const TAKING: Duration = Duration::from_secs(120);
/// Longest goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// What became of a letter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// The server has it.
    Sent,
    /// Not sent; it may be tried again.
    Later(Reason),
    /// Not sent, and it would not be if it was tried again.
    Refused(Reason),
    /// It may have been.
    Perhaps(Reason),
}

/// Why a letter was not sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reason {
    /// Nobody answered.
    NoConnection,
    /// The connection could not be kept from others.
    Tls,
    /// User or password are not right.
    Login,
    /// The server has no time.
    Busy,
    /// The server does not take it.
    Refused,
    /// The address is none.
    Address,
    /// The connection ended before the server's answer.
    Lost,
    /// The studio was stopped before the server's answer.
    Stopped,
    /// What is kept of it does not open.
    Damaged,
}

impl Settings {
    /// Hands a letter to the server.
    pub(crate) async fn send(&self, letter: &Outgoing) -> Outcome {
        let Ok((envelope, bytes)) = letter.written(self) else { return Outcome::Refused(Reason::Address) };
        match timeout(GREETING, self.connected()).await {
            Err(_) => Outcome::Later(Reason::NoConnection),
            Ok(Err(reason)) => Outcome::Later(reason),
            Ok(Ok(connection)) => handed(connection, &envelope, &bytes).await,
        }
    }

    async fn connected(&self) -> Result<AsyncSmtpConnection, Reason> {
        let hello = ClientId::Domain(self.public_host().to_owned());
        let tls = match self.security {
            Security::None => None,
            Security::Tls | Security::StartTls => Some(self.tls().map_err(|_| Reason::Tls)?),
        };
        let at_once = tls.clone().filter(|_| self.security == Security::Tls);
        let connecting = AsyncSmtpConnection::connect_tokio1(
            (self.host.as_str(), self.port),
            Some(GREETING),
            &hello,
            at_once,
            None,
        );
        let mut connection = connecting.await.map_err(|error| reason_of(&error))?;
        if let Some(tls) = tls.filter(|_| self.security == Security::StartTls) {
            // Never on without it: what a server in between says is not believed.
            connection.starttls(tls, &hello).await.map_err(|_| Reason::Tls)?;
        }
        if let Some(login) = &self.login {
            let ways = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&ways, login).await.map_err(|error| {
                if error.is_permanent() || error.is_client() { Reason::Login } else { reason_of(&error) }
            })?;
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, SmtpError> {
        let mut tls = TlsParameters::builder(self.host.clone());
        if let Some(pem) = &self.authority {
            tls = tls.add_root_certificate(Certificate::from_pem(pem)?);
        }
        tls.build_rustls()
    }

    /// Looks whether what is written down of TLS can be used.
    ///
    /// # Errors
    /// An authority that is none.
    pub(crate) fn require_tls(&self) -> Result<(), Error> {
        self.tls().map(drop).map_err(|_| {
            Error::unusable(
                "mail_file",
                "The mail settings cannot be used. `authority_file` holds no certificate (PEM).",
            )
        })
    }
}

async fn handed(mut connection: AsyncSmtpConnection, envelope: &Envelope, bytes: &[u8]) -> Outcome {
    let outcome = match timeout(TAKING, connection.send(envelope, bytes)).await {
        Ok(Ok(_)) => Outcome::Sent,
        Ok(Err(error)) if error.is_permanent() => Outcome::Refused(Reason::Refused),
        Ok(Err(error)) if error.is_transient() => Outcome::Later(Reason::Busy),
        // Because the server may have taken it and its answer been lost.
        Ok(Err(_)) | Err(_) => Outcome::Perhaps(Reason::Lost),
    };
    // Whatever it answers, the letter is settled.
    let _ = timeout(GOODBYE, connection.quit()).await;
    outcome
}

fn reason_of(error: &SmtpError) -> Reason {
    match () {
        () if error.is_tls() => Reason::Tls,
        () if error.is_transient() || error.is_permanent() => Reason::Busy,
        () => Reason::NoConnection,
    }
}

impl Reason {
    /// The word that is stored.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::NoConnection => "no_connection",
            Self::Tls => "tls",
            Self::Login => "login",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::Address => "address",
            Self::Lost => "lost",
            Self::Stopped => "stopped",
            Self::Damaged => "damaged",
        }
    }
}
