//! A studio inside this process, whose clock a test can move.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, mpsc};
use std::time::Duration;

use jiff::SignedDuration;
use stipple_server::{MailSettings, Options, set_clock_ahead};

use super::post::PUBLIC;
use super::served::Browser;
use crate::stipple::program;

/// One test at a time moves the clock, which is one for the whole process.
static TURN: Mutex<()> = Mutex::new(());

/// The clock, until it is let go: at the machine's own time to begin with.
pub(super) struct Clock(#[expect(dead_code, reason = "held until the test ends")] MutexGuard<'static, ()>);

/// Waits for the clock.
pub(super) fn clock() -> Clock {
    let clock = Clock(TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    clock.days_ahead(0);
    clock
}

impl Clock {
    /// Sets it ahead of the machine's.
    pub(super) fn ahead(&self, by: Duration) {
        set_clock_ahead(by.try_into().expect("in range"));
    }

    /// Sets it so many days ahead of the machine's, or behind.
    pub(super) fn days_ahead(&self, days: i64) {
        set_clock_ahead(SignedDuration::from_hours(24 * days));
    }
}

/// A studio in this process, which works until the process ends; with its mail settings, if it has any.
pub(super) fn inside(folder: &Path, settings: Option<&Path>) -> Browser {
    let options = Options {
        data: folder.join("data"),
        database: None,
        listen: "127.0.0.1:0".parse().expect("an address"),
        hosts: vec![PUBLIC.to_owned()],
        several_clinics: false,
        mail: settings.map(|file| MailSettings::in_file(file).expect("settings")),
        program: PathBuf::from(program()),
    };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let served =
            stipple_server::serve(&options, |address| sender.send(address).expect("the test listens"));
        served.expect("served");
    });
    let address = receiver.recv_timeout(Duration::from_secs(30)).expect("the studio opens");
    Browser::at(&format!("http://{address}"))
}
