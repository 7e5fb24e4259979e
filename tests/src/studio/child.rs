//! The child that decodes strangers' files has given up what it does not need.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::stipple::program;

/// Ends the child, whatever a test found.
struct Waiting(Child);

impl Drop for Waiting {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a line of a file in `/proc` says after its name.
fn said(file: &Path, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
#[cfg(target_os = "linux")]
fn every_thread_of_the_child_is_capped() {
    let mut command = Command::new(program());
    command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = Waiting(command.spawn().expect("it starts"));
    let own = Path::new("/proc").join(child.0.id().to_string());
    let start = Instant::now();
    while said(&own.join("status"), "Seccomp:") != "2" {
        assert!(start.elapsed() < Duration::from_secs(20), "it never gave up system calls");
        std::thread::sleep(Duration::from_millis(10));
    }
    for thread in fs::read_dir(own.join("task")).expect("threads") {
        let status = thread.expect("a thread").path().join("status");
        assert_eq!(said(&status, "Seccomp:"), "2", "a thread may call anything");
        assert_eq!(said(&status, "NoNewPrivs:"), "1");
    }
    let limit = |name: &str| said(&own.join("limits"), name);
    assert_eq!(limit("Max address space"), "8589934592 8589934592 bytes");
    assert_eq!(limit("Max cpu time"), "14400 14400 seconds");
    assert_eq!(limit("Max file size"), "0 0 bytes");
    assert_eq!(limit("Max core file size"), "0 0 bytes");
}
