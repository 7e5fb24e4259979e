//! By which server letters go out, as whoever runs the studio wrote it down.

use std::path::{Path, PathBuf};

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use serde::Deserialize;
use url::{Host, Url};

use crate::error::Error;

/// Largest file of settings, password or certificate, bytes.
const BYTES_MAX: u64 = 1 << 20;

/// By which server letters go out. Its `Debug` shows no password.
#[derive(Clone)]
pub struct Settings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) login: Option<Credentials>,
    /// PEM of an authority that is trusted beside the usual ones.
    pub(super) authority: Option<Vec<u8>>,
    pub(super) from: Mailbox,
    pub(super) reply_to: Option<Mailbox>,
    /// Where clients' browsers reach the studio; ends with `/`.
    pub(super) public: Url,
}

/// How a connection is kept from others.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS before anything is said.
    StartTls,
    /// Not at all: to a server on this machine alone.
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    host: String,
    port: u16,
    security: Security,
    user: Option<String>,
    password: Option<String>,
    password_file: Option<PathBuf>,
    authority_file: Option<PathBuf>,
    from: String,
    reply_to: Option<String>,
    public: String,
}

impl Settings {
    /// Settings as they stand in a file.
    ///
    /// # Errors
    /// A file that others can read, that is not there, or that holds something else.
    pub fn in_file(place: &Path) -> Result<Self, Error> {
        let text = String::from_utf8(own_file(place)?).map_err(|_| bad("It is no text."))?;
        let typed: Typed = toml::from_str(&text).map_err(|error| bad(error.message()))?;
        let beside = place.parent().unwrap_or(Path::new("."));
        typed.meant(beside)
    }

    /// Whether browsers may reach the studio by this name, with its port if any.
    pub(crate) fn is_at(&self, name: &str) -> bool {
        let host = self.public.host_str().unwrap_or_default();
        let port = self.public.port().map(|port| format!(":{port}")).unwrap_or_default();
        name == format!("{host}{port}")
    }

    /// The address of a page of the studio, such as `#/with/…`.
    pub(crate) fn address(&self, page: &str) -> String {
        format!("{}{page}", self.public)
    }

    /// The name that the studio has on the network.
    pub(super) fn public_host(&self) -> &str {
        self.public.host_str().unwrap_or_default()
    }

    /// The server, and who letters come from, for people.
    pub(crate) fn said(&self) -> (String, String) {
        (format!("{}:{}", self.host, self.port), self.from.to_string())
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Typed {
    fn meant(self, beside: &Path) -> Result<Settings, Error> {
        if self.security == Security::None && !is_here(&self.host) {
            return Err(bad(
                "`security = \"none\"` is for a server on this machine; to others use \"tls\" or \"starttls\".",
            ));
        }
        let password = match (self.password, &self.password_file) {
            (Some(_), Some(_)) => return Err(bad("Give `password` or `password_file`, not both.")),
            (None, Some(place)) => Some(secret_in(&beside.join(place))?),
            (given, None) => given,
        };
        let login = match (self.user, password) {
            (Some(user), Some(password)) => Some(Credentials::new(user, password)),
            (None, None) => None,
            _ => return Err(bad("`user` and a password come together, or neither does.")),
        };
        let authority = self.authority_file.map(|place| read(&beside.join(place))).transpose()?;
        Ok(Settings {
            login,
            authority,
            from: mailbox("from", &self.from)?,
            reply_to: self.reply_to.map(|text| mailbox("reply_to", &text)).transpose()?,
            public: public(&self.public)?,
            host: self.host,
            port: self.port,
            security: self.security,
        })
    }
}

fn mailbox(field: &str, text: &str) -> Result<Mailbox, Error> {
    text.parse()
        .map_err(|_| bad(&format!("`{field}` must be an address such as \"Clinic <post@example.org>\".")))
}

/// An address that browsers open: through TLS, or on this machine.
fn public(text: &str) -> Result<Url, Error> {
    let needed =
        || bad("`public` must be where clients reach the studio, such as \"https://studio.example.org\".");
    let url: Url = text.parse().map_err(|_| needed())?;
    let is_safe = match url.scheme() {
        "https" => true,
        "http" => url.host_str().is_some_and(is_here),
        _ => false,
    };
    let is_bare =
        url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if is_safe && is_bare { Ok(url) } else { Err(needed()) }
}

/// Whether a name is this machine's own.
fn is_here(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Err(_) => host
            .trim_matches(['[', ']'])
            .parse()
            .is_ok_and(|address: std::net::Ipv6Addr| address.is_loopback()),
    }
}

fn secret_in(place: &Path) -> Result<String, Error> {
    let text =
        String::from_utf8(own_file(place)?).map_err(|_| bad("The file of the password holds no text."))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// A file that nobody else on this machine can read.
fn own_file(place: &Path) -> Result<Vec<u8>, Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(place).map_err(|_| missing())?.permissions().mode();
        if mode & 0o077 != 0 {
            let message = "Others on this machine can read the file of mail settings or of the password. Close it to \
                           them (chmod 600) and start again; if it was open for long, change the password.";
            return Err(Error::unusable("mail_file_open", message));
        }
    }
    read(place)
}

fn read(place: &Path) -> Result<Vec<u8>, Error> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(place).map_err(|_| missing())?;
    file.take(BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn missing() -> Error {
    let message =
        "A file of the mail settings is not there or cannot be read. Name one that is, or leave --mail out.";
    Error::unusable("mail_file", message)
}

fn bad(what: &str) -> Error {
    Error::unusable("mail_file", format!("The mail settings cannot be used. {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(change: &str) -> Result<Settings, Error> {
        let text = format!(
            "{change}\nhost = \"mail.example.org\"\nport = 587\nfrom = \"Clinic <post@example.org>\"\n"
        );
        let typed: Typed = toml::from_str(&text).map_err(|error| bad(error.message()))?;
        typed.meant(Path::new("."))
    }

    const SAFE: &str = "security = \"starttls\"\npublic = \"https://studio.example.org\"";

    #[test]
    fn letters_are_handed_to_nobody_in_the_clear() {
        let settings = meant(SAFE).expect("can be used");
        assert_eq!(settings.address("#/with/ab"), "https://studio.example.org/#/with/ab");
        assert!(settings.is_at("studio.example.org") && !settings.is_at("studio.example.org:8321"));
        let said = meant("security = \"none\"\npublic = \"https://a.example\"")
            .expect_err("in the clear")
            .to_string();
        assert!(said.contains("on this machine"), "{said}");
        assert!(
            is_here("127.0.0.1")
                && is_here("localhost")
                && is_here("::1")
                && !is_here("localhost.example.org")
        );
    }

    #[test]
    fn what_is_half_given_is_refused() {
        for half in [
            "user = \"a\"",
            "password = \"b\"",
            "user = \"a\"\npassword = \"b\"\npassword_file = \"c\"",
            "pasword = \"b\"",
        ] {
            assert!(meant(&format!("{SAFE}\n{half}")).is_err(), "{half}");
        }
        for public in
            ["http://studio.example.org", "https://a.example/path", "https://a.example/?x", "studio"]
        {
            assert!(meant(&format!("security = \"tls\"\npublic = \"{public}\"")).is_err(), "{public}");
        }
    }
}
