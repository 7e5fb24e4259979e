//! The studio's clock: the machine's own, except where a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

/// By how much the clock is ahead of the machine's, ms; below zero where it is behind.
static AHEAD_MS: AtomicI64 = AtomicI64::new(0);

/// Sets every studio of this process ahead of the machine's clock, or behind it, so that tests can see what comes in
/// months. Nothing in the program calls it.
pub fn set_clock_ahead(by: SignedDuration) {
    AHEAD_MS.store(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
}

/// Milliseconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX).saturating_add(AHEAD_MS.load(Ordering::Relaxed))
}

/// Milliseconds since 1970 UTC as a time where the studio stands.
pub(crate) fn here(ms: i64) -> Zoned {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX).to_zoned(TimeZone::system())
}
