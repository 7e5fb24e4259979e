//! The program at work, and browsers without a screen.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::stipple::program;

/// A password that is long enough.
pub(super) const PASSWORD: &str = "a few plain words";
/// Longest that a job may take.
const PATIENCE: Duration = Duration::from_secs(240);

/// `stipple serve` at work; it is killed when this is dropped.
pub(super) struct Served {
    child: Child,
    address: String,
}

impl Served {
    /// Serves a folder, on SQLite or on the database of this address.
    pub(super) fn start(folder: &Path, database: Option<&str>) -> Self {
        Self::start_with(folder, database, None)
    }

    /// The same, sending letters as a file of settings says.
    pub(super) fn start_with(folder: &Path, database: Option<&str>, mail: Option<&Path>) -> Self {
        let mut command = Command::new(program());
        command.args(["serve", "--listen", "127.0.0.1:0", "--several-clinics", "--data"]).arg(folder);
        if let Some(mail) = mail {
            command.args(["--host", super::post::PUBLIC, "--mail"]).arg(mail);
        }
        command.env("STIPPLE_DATABASE", database.unwrap_or_default());
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        let said = child.stderr.take().expect("piped");
        let mut said = BufReader::new(said);
        said.read_line(&mut line).expect("the studio says where it is open");
        let address = line.trim().rsplit(' ').next().expect("an address").to_owned();
        assert!(address.starts_with("http://"), "the studio said: {line}");
        std::thread::spawn(move || {
            said.lines().map_while(Result::ok).for_each(|line| eprintln!("studio: {line}"))
        });
        Self { child, address }
    }

    /// A browser without a cookie.
    pub(super) fn browser(&self) -> Browser {
        Browser::at(&self.address)
    }

    /// Ends it as a loss of power would.
    pub(super) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer: status and JSON, or bytes.
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) json: Value,
    pub(super) bytes: Vec<u8>,
    /// What it is known by, if it says so.
    pub(super) etag: String,
}

/// A browser without a screen.
#[derive(Clone)]
pub(super) struct Browser {
    agent: ureq::Agent,
    address: String,
    pub(super) cookie: String,
    pub(super) token: String,
}

impl Browser {
    /// A browser at an address, without a cookie.
    pub(super) fn at(address: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let agent = ureq::Agent::new_with_config(config);
        let mut browser =
            Self { agent, address: address.to_owned(), cookie: String::new(), token: String::new() };
        browser.look();
        browser
    }

    /// Another one at the same studio, without a cookie.
    pub(super) fn another(&self) -> Self {
        Self::at(&self.address)
    }

    /// Looks where it stands and keeps cookie and token.
    pub(super) fn look(&mut self) -> Value {
        let state = self.must("GET", "/api/state", None);
        self.token = state["token"].as_str().expect("a token").to_owned();
        state
    }

    /// Makes a clinic; its recovery key.
    pub(super) fn first_run(&mut self, clinic: &str, login: &str) -> String {
        let asked = json!({"clinic": clinic, "name": "Owner", "login": login, "password": PASSWORD});
        let said = self.must("POST", "/api/first-run", Some(&asked));
        self.look();
        said["recovery_key"].as_str().expect("a key").to_owned()
    }

    /// Signs in.
    pub(super) fn sign_in(&mut self, login: &str) {
        self.must("POST", "/api/sign-in", Some(&json!({"login": login, "password": PASSWORD})));
        self.look();
    }

    /// A request that must succeed.
    pub(super) fn must(&mut self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let said = self.ask(method, path, body);
        assert!(said.status < 300, "{method} {path}: {} {}", said.status, said.json);
        said.json
    }

    /// A request with JSON.
    pub(super) fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Said {
        let bytes = body.map(|body| body.to_string().into_bytes());
        self.send(method, path, &[("content-type", "application/json")], bytes.as_deref())
    }

    /// A request with bytes.
    pub(super) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Said {
        self.try_send(method, path, headers, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// The same; an error where the studio is gone.
    pub(super) fn try_send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Said, ureq::Error> {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        if !self.cookie.is_empty() {
            request = request.header("cookie", &self.cookie);
        }
        request = request.header("x-stipple-token", &self.token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body).expect("a request"))?,
            None => self.agent.run(request.body(()).expect("a request"))?,
        };
        if let Some(cookie) = response.headers().get("set-cookie") {
            let cookie = cookie.to_str().expect("plain").split(';').next().expect("a pair");
            cookie.clone_into(&mut self.cookie);
        }
        let status = response.status().as_u16();
        let etag =
            response.headers().get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned();
        let bytes = response.body_mut().with_config().limit(1 << 30).read_to_vec()?;
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(Said { status, json, bytes, etag })
    }

    /// Waits until a job has ended.
    pub(super) fn ended(&mut self, job: &Value) -> Value {
        let (path, started) = (format!("/api/jobs/{}", id(job)), Instant::now());
        loop {
            let job = self.must("GET", &path, None);
            if !["waiting", "running"].contains(&job["state"].as_str().expect("a state")) {
                return job;
            }
            assert!(started.elapsed() < PATIENCE, "the job does not end: {job}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks for work and waits: the id of what it made.
    pub(super) fn result_of(&mut self, path: &str, asked: &Value) -> String {
        let job = self.must("POST", path, Some(asked));
        let ended = self.ended(&job);
        ended["result"].as_str().unwrap_or_else(|| panic!("{ended}")).to_owned()
    }

    /// A client with a case and a visit: their ids.
    pub(super) fn new_visit(&mut self, name: &str) -> [String; 3] {
        let client = id(&self.must("POST", "/api/clients", Some(&json!({"name": name}))));
        let path = format!("/api/clients/{client}/cases");
        let case = id(&self.must("POST", &path, Some(&json!({"title": "Strip scar"}))));
        let visit = json!({"day": "2026-03-27", "kind": "consultation"});
        let visit = id(&self.must("POST", &format!("/api/cases/{case}/visits"), Some(&visit)));
        [client, case, visit]
    }

    /// Uploads a photograph in pieces of this length and waits for the first look: its id, and the job.
    pub(super) fn upload(&mut self, visit: &str, bytes: &[u8], piece: usize) -> (String, Value) {
        let upload = self.sent(visit, bytes, piece);
        let kept = self.must("POST", &format!("/api/uploads/{upload}/finish"), None);
        let job = self.ended(&kept["job"]);
        (id(&kept["photograph"]), job)
    }

    /// Every byte of an upload, which is still to be finished; its id.
    pub(super) fn sent(&mut self, visit: &str, bytes: &[u8], piece: usize) -> String {
        let asked = json!({"bytes": bytes.len(), "sha256": sha256(bytes)});
        let upload = id(&self.must("POST", &format!("/api/visits/{visit}/uploads"), Some(&asked)));
        for (k, part) in bytes.chunks(piece).enumerate() {
            let offset = (k * piece).to_string();
            let said = self.send(
                "PATCH",
                &format!("/api/uploads/{upload}"),
                &[("upload-offset", &offset)],
                Some(part),
            );
            assert_eq!(said.status, 200, "{}", said.json);
        }
        upload
    }
}

/// The id of what was answered.
pub(super) fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("an id in {value}")).to_owned()
}

/// SHA-256, hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    stipple_record::store::sha256_hex(bytes)
}
