//! What the studio says to whoever runs it: no names, no paths, no pictures, no keys.

/// Something of ours went wrong.
#[allow(clippy::print_stderr, reason = "the log of a program in a terminal")]
pub(crate) fn fault(detail: &str) {
    eprintln!("stipple: {detail}");
}

/// Somebody was refused.
#[allow(clippy::print_stderr, reason = "the log of a program in a terminal")]
pub(crate) fn refused(what: &str) {
    eprintln!("stipple: refused: {what}");
}
