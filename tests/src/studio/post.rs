//! A real mail server of the tests' own, and readers that know nothing of ours.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::postgres::free_port;
use crate::stipple::root;

/// The name by which clients reach the studio in these tests.
pub(super) const PUBLIC: &str = "studio.example.org";
/// Longest wait for a letter.
const PATIENCE: Duration = Duration::from_secs(60);

/// A mail server at work; it ends when this is dropped.
pub(super) struct Post {
    child: Child,
    /// It ends when this is closed, too.
    _held: Option<ChildStdin>,
    pub(super) folder: TempDir,
    pub(super) port: u16,
}

/// A letter as a strict reader reads it.
pub(super) struct Received(pub(super) Value);

impl Post {
    /// Takes letters at a port; with `starttls`, in no other way, and with a password.
    pub(super) fn at(port: u16, starttls: bool) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut command = python("serve", folder.path());
        command.arg(port.to_string()).args(starttls.then_some("starttls"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python starts");
        let mut line = String::new();
        let said = child.stdout.take().expect("piped");
        BufReader::new(said).read_line(&mut line).expect("it says when it is ready");
        assert_eq!(line.trim(), "ready", "the mail server starts");
        let held = child.stdin.take();
        Self { child, _held: held, folder, port }
    }

    /// At a free port.
    pub(super) fn open() -> Self {
        Self::at(free_port(), false)
    }

    /// Every letter that came, the first first.
    pub(super) fn letters(&self) -> Vec<Received> {
        self.letters_from(0)
    }

    /// The same without so many of the first.
    pub(super) fn letters_from(&self, first: usize) -> Vec<Received> {
        let files = (first + 1..)
            .map(|k| self.folder.path().join(format!("{k}.eml")))
            .take_while(|file| file.exists());
        files.map(|file| Received(read("letter", &file))).collect()
    }

    /// Waits until so many have come.
    pub(super) fn wait_for(&self, count: usize) {
        let begun = Instant::now();
        while !self.folder.path().join(format!("{count}.eml")).exists() {
            assert!(begun.elapsed() < PATIENCE, "letter {count} does not come");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Settings of a studio that sends here, in a folder.
    pub(super) fn settings(&self, folder: &Path) -> PathBuf {
        settings(folder, &format!("host = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n", self.port))
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Received {
    pub(super) fn header(&self, name: &str) -> &str {
        self.0["headers"][name].as_str().unwrap_or_default()
    }

    pub(super) fn text(&self) -> &str {
        self.0["text"].as_str().expect("a text")
    }

    /// The secrets of its links, in order.
    pub(super) fn secrets(&self) -> Vec<String> {
        let links = self.text().split("/#/with/").skip(1);
        links.map(|rest| rest.chars().take_while(char::is_ascii_hexdigit).collect()).collect()
    }
}

/// A file of settings that only its owner can read, for a server as `how` says.
pub(super) fn settings(folder: &Path, how: &str) -> PathBuf {
    let file = folder.join("mail.toml");
    let text = format!(
        "{how}from = \"Praxis für Pigment <post@example.org>\"\nreply_to = \"desk@example.org\"\npublic = \"https://{PUBLIC}\"\n"
    );
    std::fs::write(&file, text).expect("written");
    own(&file, 0o600);
    file
}

/// Lets others read a file or not.
pub(super) fn own(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).expect("set");
}

/// The days of a calendar.
pub(super) fn calendar(bytes: &[u8]) -> Value {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), bytes).expect("written");
    read("calendar", file.path())
}

fn read(what: &str, file: &Path) -> Value {
    let output = python(what, file).output().expect("Python starts");
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The Python that `cargo xtask test` makes.
/// Certificates that an authority of its own makes on a request, PEM.
pub(super) fn certified(request: &Path) -> String {
    let made = script("authority.py", "certify", request).output().expect("Python starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).expect("PEM")
}

fn python(what: &str, file: &Path) -> Command {
    script("post.py", what, file)
}

/// A script beside this file, in the tests' own Python.
fn script(name: &str, what: &str, file: &Path) -> Command {
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), PathBuf::from);
    let program = target.join("post/bin/python");
    assert!(program.exists(), "a Python with a mail server is needed: `cargo xtask test` makes it");
    let mut command = Command::new(program);
    command.arg(root().join("tests/src/studio").join(name)).arg(what).arg(file);
    command
}
