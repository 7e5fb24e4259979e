//! What every target does first.

use std::panic::PanicHookInfo;

/// One thread, so that the same bytes run the same way; panics of our own end the process, those of others unwind.
///
/// `libfuzzer-sys` would end it at any panic, also at those that the reader promises to catch.
pub(crate) fn prepare() {
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build_global()
        .expect("the first pool");
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !is_foreign(info) {
            // The hook of libfuzzer-sys: it prints the panic and aborts.
            tell(info);
        }
    }));
}

/// Whether a panic comes out of somebody else's crate or of the standard library on its behalf.
fn is_foreign(info: &PanicHookInfo<'_>) -> bool {
    info.location().is_some_and(|place| ["/registry/", "/rustc/"].iter().any(|of| place.file().contains(of)))
}
