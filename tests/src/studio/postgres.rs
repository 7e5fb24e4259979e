//! A PostgreSQL of the tests' own, on a free port, gone with its folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where Debian puts its programs.
const PROGRAMS: &str = "/usr/lib/postgresql";

/// The address of a new, empty database.
pub(super) fn database(name: &str) -> String {
    static SERVER: OnceLock<u16> = OnceLock::new();
    let port = *SERVER.get_or_init(start);
    let name = format!("{name}_{}", std::process::id());
    as_postgres(&programs().join("createdb"), &["-h", "127.0.0.1", "-p", &port.to_string(), &name]);
    format!("postgres://postgres@127.0.0.1:{port}/{name}")
}

/// Starts the server; it ends when this process has ended.
fn start() -> u16 {
    let port = free_port();
    let folder = std::env::temp_dir().join(format!("stipple-postgres-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    own(&folder);
    let data = folder.join("data");
    let data = data.to_str().expect("plain text");
    as_postgres(&programs().join("initdb"), &["-D", data, "-A", "trust", "-U", "postgres", "--no-sync"]);
    let log = folder.join("log").display().to_string();
    let options = format!("-h 127.0.0.1 -p {port} -k {}", folder.display());
    as_postgres(&programs().join("pg_ctl"), &["-D", data, "-w", "-o", &options, "-l", &log, "start"]);
    end_with_us(data, &folder);
    port
}

/// A port that nobody listened on a moment ago.
pub(super) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// A shell that waits for this process to end and then stops the server.
fn end_with_us(data: &str, folder: &Path) {
    let script = format!(
        "(while kill -0 {} 2>/dev/null; do sleep 1; done; {}; rm -rf {}) &",
        std::process::id(),
        if is_root() {
            format!(
                "runuser -u postgres -- {} -D {data} -m immediate stop",
                programs().join("pg_ctl").display()
            )
        } else {
            format!("{} -D {data} -m immediate stop", programs().join("pg_ctl").display())
        },
        folder.display()
    );
    let null = std::process::Stdio::null;
    let mut shell = Command::new("setsid");
    shell.args(["sh", "-c", &script]).stdin(null()).stdout(null()).stderr(null());
    assert!(shell.status().expect("a shell starts").success());
}

/// The folder of the newest PostgreSQL.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir(PROGRAMS).expect("PostgreSQL is installed: `cargo xtask test` does it");
    let newest = versions.flatten().map(|entry| entry.path()).max().expect("a version");
    newest.join("bin")
}

/// PostgreSQL refuses to run as root.
fn as_postgres(program: &Path, arguments: &[&str]) {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    let output = command.args(arguments).current_dir("/").output().expect("the program starts");
    assert!(output.status.success(), "{}: {}", program.display(), String::from_utf8_lossy(&output.stderr));
}

fn own(folder: &Path) {
    if is_root() {
        let owned = Command::new("chown").arg("postgres").arg(folder).status().expect("chown starts");
        assert!(owned.success());
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id starts");
    id.stdout.trim_ascii() == b"0"
}
