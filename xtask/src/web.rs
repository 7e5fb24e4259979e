//! The web application: built, and tried in a real browser.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::{install, run};

/// Builds doors/web into doors/web/dist, from where the program takes it in.
pub(crate) fn build() -> Result<(), String> {
    install::node()?;
    if !is_installed() {
        run::step("Installing what the web application is made of (npm)");
        npm(&["ci", "--no-audit", "--no-fund"])?;
    }
    run::step("Building the web application");
    npm(&["run", "build"])
}

/// Whether `npm ci` has run since the list of packages changed.
fn is_installed() -> bool {
    let changed = |name: &str| folder().join(name).metadata().and_then(|data| data.modified()).ok();
    let (installed, wanted) = (changed("node_modules/.package-lock.json"), changed("package-lock.json"));
    installed.is_some() && installed >= wanted
}

fn npm(arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(folder());
    run::finish(command, &format!("npm {}", arguments.join(" ")))
}

fn folder() -> PathBuf {
    run::root().join("doors/web")
}

/// Types, units, and the whole way in Chromium on two sizes of screen, two months beside the second; pictures of
/// it in target/studio.
pub(crate) fn try_out() -> Result<(), String> {
    install::chromium()?;
    run::step("The web application: types and units");
    npm(&["run", "check"])?;
    npm(&["run", "test"])?;
    run::step("The web application in Chromium: target/studio holds what it looked like");
    let folder = run::target().join("studio");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let program = run::program("debug");
    let scalp = folder.join("scalp");
    run::stipple(
        &program,
        &["synth", "--out", &scalp.to_string_lossy(), "--seed", "7", "--card", "--after", "--quiet"],
    )?;
    let studio = Studio::open(&folder.join("data"))?;
    let clock = folder.join("months.clock");
    let months = Studio::with_clock(&folder.join("months"), &clock)?;
    let way = |arguments: &[&str], shots: &str| {
        let mut tests = Command::new("npm");
        tests.args(["run", "e2e", "--"]).args(arguments).current_dir(self::folder());
        tests.env("STIPPLE_URL", &studio.address).env("STIPPLE_SHOTS", folder.join(shots));
        tests
            .env("STIPPLE_PHOTO", scalp.join("photo.png"))
            .env("STIPPLE_PHOTO_AFTER", scalp.join("after.png"));
        tests.env("STIPPLE_MONTHS_URL", &months.address).env("STIPPLE_MONTHS_CLOCK", &clock);
        tests
    };
    // alone, because it measures how fast the slider is
    run::finish(way(&["consultation", "1280x800"], "laptop"), "npm run e2e -- consultation 1280x800")?;
    let beside = way(&["months"], "months").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let beside = beside.map_err(|error| format!("npm did not start: {error}"))?;
    let tablet =
        run::finish(way(&["consultation", "820x1180"], "tablet"), "npm run e2e -- consultation 820x1180");
    let said = beside.wait_with_output().map_err(|error| error.to_string())?;
    print!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    tablet?;
    if said.status.success() {
        Ok(())
    } else {
        Err(format!("`npm run e2e -- months` failed ({})", said.status))
    }
}

/// A studio at work, closed when it is let go.
struct Studio {
    child: Child,
    address: String,
}

impl Studio {
    /// `stipple serve` on a free port.
    fn open(data: &Path) -> Result<Self, String> {
        let mut command = Command::new(run::program("debug"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).stderr(Stdio::piped());
        command.args(["--host", "studio.example.org", "--mail"]).arg(silent_mail_server(data)?);
        Self::started(command)
    }

    /// The same in a program of the tests, whose clock is ahead by the days that a file holds.
    fn with_clock(data: &Path, clock: &Path) -> Result<Self, String> {
        std::fs::write(clock, "0").map_err(|error| error.to_string())?;
        let mut command = Command::new(run::built_example("studio_clock")?);
        command.arg("--data").arg(data).arg("--program").arg(run::program("debug"));
        command.arg("--clock").arg(clock).stderr(Stdio::piped());
        Self::started(command)
    }

    fn started(mut command: Command) -> Result<Self, String> {
        let mut child = command.spawn().map_err(|error| format!("the studio did not start: {error}"))?;
        let mut line = String::new();
        let said = child.stderr.take().ok_or("the studio says nothing")?;
        let mut said = BufReader::new(said);
        said.read_line(&mut line).map_err(|error| error.to_string())?;
        // Read on, so that the studio can go on saying things.
        std::thread::spawn(move || {
            said.lines().map_while(Result::ok).for_each(|line| eprintln!("studio: {line}"))
        });
        let address = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        if address.starts_with("http://") {
            Ok(Self { child, address })
        } else {
            Err(format!("the studio said: {line}"))
        }
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Settings of a mail server that does not answer, beside the data: letters wait, and can be looked at.
fn silent_mail_server(data: &Path) -> Result<PathBuf, String> {
    let place = data.with_extension("mail.toml");
    let text = "host = \"127.0.0.1\"\nport = 9\nsecurity = \"none\"\nfrom = \"post@example.org\"\n\
                public = \"https://studio.example.org\"\n";
    std::fs::write(&place, text).map_err(|error| error.to_string())?;
    #[cfg(unix)]
    std::fs::set_permissions(&place, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .map_err(|error| error.to_string())?;
    Ok(place)
}
