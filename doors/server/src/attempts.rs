//! How often somebody may guess.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::http::StatusCode;

use crate::error::Error;

/// Guesses within [`WINDOW`] at one login.
const GUESSES_AT_LOGIN: usize = 8;
/// Guesses within [`WINDOW`] from one address, at any login; a clinic may share one.
const GUESSES_FROM_ADDRESS: usize = 40;
/// Links that did not open within [`WINDOW`] from one address.
const LINKS_FROM_ADDRESS: usize = 8;
/// Requests by one link within [`WINDOW`]: who answers questions sends one for each.
const USES_OF_LINK: usize = 300;
/// Requests by one link within [`WINDOW`] that are refused because of what it is, each a row of the client's trail.
const REFUSALS_OF_LINK: usize = 8;
/// See [`GUESSES_AT_LOGIN`].
const WINDOW: Duration = Duration::from_secs(10 * 60);
/// Longest login.
const LOGIN_CHARS_MAX: usize = 100;
/// Most logins and addresses remembered.
const REMEMBERED_MAX: usize = 10_000;

/// Guesses of late, by login and by address.
#[derive(Default)]
pub(crate) struct Attempts {
    of: Mutex<HashMap<String, Vec<Instant>>>,
}

impl Attempts {
    /// Counts a guess before it is made.
    ///
    /// # Errors
    /// Too many of late.
    pub(crate) fn begin(&self, from: IpAddr, login: &str) -> Result<(), Error> {
        if login.chars().count() > LOGIN_CHARS_MAX {
            return Err(Error::unusable("bad_text", "A login has up to 100 characters."));
        }
        keys(from, login)
            .into_iter()
            .zip([GUESSES_AT_LOGIN, GUESSES_FROM_ADDRESS])
            .try_for_each(|(key, most)| self.count(key, most))
    }

    /// Counts a link that did not open. Those that do are not counted: a clinic's clients may share an address.
    ///
    /// # Errors
    /// Too many of late.
    pub(crate) fn wrong_link(&self, from: IpAddr) -> Result<(), Error> {
        self.count(format!("link from {from}"), LINKS_FROM_ADDRESS)
    }

    /// Counts a request by a link that works.
    ///
    /// # Errors
    /// Too many of late.
    pub(crate) fn use_of_link(&self, link: &str) -> Result<(), Error> {
        self.count(format!("use of {link}"), USES_OF_LINK)
    }

    /// Counts a request by a link that is closed, or for something else.
    ///
    /// # Errors
    /// Too many of late.
    pub(crate) fn refused_link(&self, link: &str) -> Result<(), Error> {
        self.count(format!("refused {link}"), REFUSALS_OF_LINK)
    }

    fn count(&self, key: String, most: usize) -> Result<(), Error> {
        let mut of = self.of.lock().expect("no holder panics");
        if of.len() > REMEMBERED_MAX {
            of.retain(|_, times| times.last().is_some_and(|at| at.elapsed() < WINDOW));
        }
        let times = of.entry(key).or_default();
        times.retain(|at| at.elapsed() < WINDOW);
        if times.len() >= most {
            let wait_s = times.first().map_or(60, |at| WINDOW.saturating_sub(at.elapsed()).as_secs() + 1);
            return Err(Error::Later {
                status: StatusCode::TOO_MANY_REQUESTS,
                wait_s,
                message: "Too many tries. Wait ten minutes.",
            });
        }
        times.push(Instant::now());
        Ok(())
    }

    /// Forgets the guesses of who was right.
    pub(crate) fn succeeded(&self, from: IpAddr, login: &str) {
        let mut of = self.of.lock().expect("no holder panics");
        keys(from, login).iter().for_each(|key| drop(of.remove(key)));
    }
}

fn keys(from: IpAddr, login: &str) -> [String; 2] {
    [format!("login {}", login.trim().to_lowercase()), format!("from {from}")]
}
