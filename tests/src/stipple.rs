//! Running the program as an outsider does.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// What one run of `stipple` did.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) message: String,
    pub(crate) wall: Duration,
    /// Most memory it ever held, kB; 0 where the system does not tell.
    pub(crate) peak_kb: u64,
}

/// Runs `stipple` with arguments and waits for it.
pub(crate) fn stipple(arguments: &[&str]) -> Run {
    let program = program();
    let started = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak_kb = 0;
    while child.try_wait().expect("the child can be asked").is_none() {
        peak_kb = peak_kb.max(high_water_mark_kb(&status_file));
        std::thread::sleep(Duration::from_millis(5));
    }
    let wall = started.elapsed();
    let Output { status, stderr, .. } = child.wait_with_output().expect("the child has ended");
    let message = String::from_utf8_lossy(&stderr).into_owned();
    Run { code: status.code().unwrap_or(-1), message, wall, peak_kb }
}

/// The same, for a run that must succeed.
pub(crate) fn succeed(arguments: &[&str]) -> Run {
    let run = stipple(arguments);
    assert_eq!(run.code, 0, "`stipple {}` said: {}", arguments.join(" "), run.message);
    run
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are plain text")
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent").to_owned()
}

/// Development data beside the repository, where it is there; says so where it is not.
pub(crate) fn shared_data(folder: &str) -> Option<PathBuf> {
    let path = root().parent()?.join("shared/data").join(folder);
    if !path.exists() {
        eprintln!("skipped: no shared data beside the repository");
        return None;
    }
    Some(path)
}

/// The program, built once by the same cargo and profile as the tests.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--workspace", "--bin", "stipple"]).current_dir(root());
        // What cargo tells this package of itself makes crates with build scripts anew, and all that stand on them.
        let of_package =
            |name: &String| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        std::env::vars().map(|(name, _)| name).filter(of_package).for_each(|name| {
            build.env_remove(name);
        });
        let built = build.status().expect("cargo runs");
        assert!(built.success(), "the program builds");
        let test = std::env::current_exe().expect("the test knows where it is");
        test.parent().and_then(Path::parent).expect("tests lie in target/debug/deps").join("stipple")
    })
}

fn high_water_mark_kb(status_file: &str) -> u64 {
    let status = std::fs::read_to_string(status_file).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
