//! The studio: what the command line can do, for people with a browser, with everything kept.
//!
//! # Place in the flow
//! Floor 5, a door: HTTP in, HTTP out. The work is done by the pipeline, in child processes.
//!
//! # What it can do
//! - [`serve`]: the web application and its interface, on one address.
//! - [`back_up`], [`restore`], [`verify`]: copies of everything.
//! - [`verify_audit`], [`audit_head`]: whether what was done is told as it was, and where the chain ends.
//! - [`work`]: the child process that works on strangers' files.
//! - [`openapi_json`]: the interface, described.
//! - [`MailSettings`]: by which server letters to clients go out, where somebody wrote that down.
//!
//! # Simplifications
//! One program, one queue, one job at a time: two cores are busy with one photograph.
//! Names are sealed, so searching opens every client's name: a thousand take milliseconds.
//!
//! # Out of scope
//! Computation on results (pipeline and below), the look of pages (`doors/web`), certificates: beyond this
//! machine the studio belongs behind a proxy with TLS.
//!
//! # Invariants
//! - What was acknowledged is on disk; a row never points at bytes that are not there.
//! - What is known of a client, and every picture and result, is sealed with the client's key; the clinic's key is
//!   in memory only, and only after somebody signed in.
//! - A route that is not in the table of rights is closed.
//! - A stranger's file is opened by a child process only.
//! - What was agreed to and done is never changed, and bound to the chain of the audit in one write.
//! - No name, path, picture or key in a log, an error or an address.
//! - Nothing goes out to the network by itself but letters, and those only with settings and the client's yes.
//!
//! # Modules in reading order
//! `api`, `words`, `guard`, `access`, `store`, `keys`, `blobs`, `jobs`, `lives`, `worker`, `mail`, `attempts`, `pages`,
//! `clock`, `error`, `log`.

mod access;
mod api;
mod attempts;
mod blobs;
mod clock;
mod copies;
mod error;
mod guard;
mod jobs;
mod keys;
mod lives;
mod log;
mod mail;
mod pages;
mod public;
mod store;
mod words;
mod worker;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

pub use api::openapi_json;
pub use clock::set_clock_ahead;
pub use copies::{audit_head, back_up, restore, verify, verify_audit, verify_backup};
pub use error::Error;
pub use mail::MailSettings;
pub use store::audit::Head;
pub use store::backup::{Held, Restored};
pub use worker::child::run as work;

/// How a studio is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that holds everything.
    pub data: PathBuf,
    /// Address of a PostgreSQL database instead of the folder's own SQLite.
    pub database: Option<String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Other names by which browsers reach it, with port.
    pub hosts: Vec<String>,
    /// Whether more clinics may be made than the first; they do not see one another.
    pub several_clinics: bool,
    /// By which server letters go out; none go out without.
    pub mail: Option<MailSettings>,
    /// This program, whose command `worker` runs [`work`].
    pub program: PathBuf,
}

/// What handlers share. Cheap to clone.
#[derive(Clone)]
struct Studio(Arc<Parts>);

struct Parts {
    store: store::Store,
    queue: jobs::Queue,
    lives: lives::Lives,
    attempts: attempts::Attempts,
    postman: Arc<mail::postman::Postman>,
    /// Names by which browsers on this machine reach the studio.
    own_names: Vec<String>,
    /// Names by which others do, through TLS.
    outside: Vec<String>,
    several_clinics: bool,
    first_run: tokio::sync::Mutex<()>,
}

impl std::ops::Deref for Studio {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// How long answers that are on their way may take after the studio was told to stop.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(2);

/// Opens the studio and serves it until it is interrupted; `ready` hears the address.
///
/// # Errors
/// A folder, database or address that cannot be used.
pub fn serve(options: &Options, ready: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = store::Store::open(&options.data, options.database.as_deref()).await?;
        store.requeue_jobs().await?;
        store.settle_interrupted_letters().await?;
        let listener = tokio::net::TcpListener::bind(options.listen).await.map_err(closed_place)?;
        let address = listener.local_addr()?;
        if let Some(mail) = &options.mail {
            require_own_address(mail, &options.hosts, &own_names(address))?;
        }
        let resting = store.clone();
        let postman = Arc::new(mail::postman::Postman::new(store.clone(), options.mail.clone()));
        let rounds = postman.clone();
        tokio::spawn(async move { rounds.run().await });
        tokio::spawn(store.clone().keep_pages_up());
        let queue = jobs::Queue::new(store.clone(), options.program.clone());
        tokio::spawn(queue.clone().run());
        let studio = Studio(Arc::new(Parts {
            store,
            queue,
            lives: lives::Lives::new(options.program.clone()),
            attempts: attempts::Attempts::default(),
            postman,
            own_names: own_names(address),
            outside: options.hosts.clone(),
            several_clinics: options.several_clinics,
            first_run: tokio::sync::Mutex::default(),
        }));
        let app = api::router(studio).into_make_service_with_connect_info::<SocketAddr>();
        ready(address);
        let serving = axum::serve(listener, app).with_graceful_shutdown(interrupted());
        tokio::select! {
            served = serving => served?,
            () = async { interrupted().await; tokio::time::sleep(FAREWELL).await } => {}
        }
        resting.rest_jobs().await
    })
}

/// Letters lead to the studio, and what they say of TLS can be used.
fn require_own_address(mail: &MailSettings, hosts: &[String], own: &[String]) -> Result<(), Error> {
    mail.require_tls()?;
    if hosts.iter().chain(own).any(|name| mail.is_at(name)) {
        return Ok(());
    }
    let message = "The address under `public` in the mail settings is no name of this studio, so that no link in a letter would \
                   open. Name it with --host, as browsers send it: with its port if it has one.";
    Err(Error::unusable("mail_elsewhere", message))
}

/// Why nobody can be heard at an address.
fn closed_place(error: std::io::Error) -> Error {
    use std::io::ErrorKind::{AddrInUse, AddrNotAvailable, PermissionDenied};
    match error.kind() {
        AddrInUse => Error::unusable(
            "address_in_use",
            "Another program listens at this address. Close it, or name another with --listen.",
        ),
        AddrNotAvailable => Error::unusable(
            "no_address",
            "This machine has no such address. Name one of its own with --listen, such as 127.0.0.1:8321.",
        ),
        PermissionDenied => Error::unusable(
            "address_refused",
            "The system does not let this program listen there. Name a port above 1023 with --listen.",
        ),
        _ => error.into(),
    }
}

/// Until somebody stops the program.
async fn interrupted() {
    #[cfg(unix)]
    {
        let terminated = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            () = terminated => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    // Where no interrupt can be heard, the program is ended from outside.
    drop(tokio::signal::ctrl_c().await);
}

/// The names that a browser on this machine may use.
fn own_names(address: SocketAddr) -> Vec<String> {
    let port = address.port();
    let local = ["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{port}"));
    local.into_iter().chain([address.to_string()]).collect()
}
