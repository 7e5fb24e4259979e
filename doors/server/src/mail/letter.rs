//! A letter as bytes: its words with their places filled, under headers that name nobody.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use serde::{Deserialize, Serialize};
use stipple_model::{LetterText, Letters, Wording};
use uuid::Uuid;

use super::settings::Settings;
use crate::error::Error;

/// Longest address, bytes [RFC 5321].
const ADDRESS_BYTES_MAX: usize = 254;

/// The words of a letter, with every place filled.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) body: String,
    /// The address that ends all letters; none where it goes to no client.
    pub(crate) stop: Option<String>,
}

/// What stands in the places of a letter.
pub(crate) struct Places<'a> {
    pub(crate) clinic: &'a str,
    /// The address to open.
    pub(crate) link: &'a str,
    /// The last day on which it works.
    pub(crate) until: &'a str,
    /// The address that ends all letters.
    pub(crate) stop: &'a str,
}

/// A letter that is to go out.
pub(crate) struct Outgoing {
    pub(crate) id: Uuid,
    pub(crate) to: String,
    pub(crate) words: Words,
    /// When it goes out, ms since 1970.
    pub(crate) at: i64,
}

impl Words {
    /// The words of a letter to a client, in a language, in English where it has none.
    pub(crate) fn of(letters: &Letters, text: &LetterText, language: &str, places: &Places<'_>) -> Self {
        let filled = |wording: &Wording| places.filled(in_language(wording, language));
        let paragraphs = [&letters.greeting, &text.body, &letters.end].map(filled);
        Self {
            subject: filled(&text.subject),
            body: paragraphs.join("\n\n"),
            stop: Some(places.stop.to_owned()),
        }
    }

    /// The words of a letter that goes to no client.
    pub(crate) fn without_stop(text: &LetterText, language: &str, places: &Places<'_>) -> Self {
        let filled = |wording: &Wording| places.filled(in_language(wording, language));
        Self { subject: filled(&text.subject), body: filled(&text.body), stop: None }
    }

    /// The words of a test.
    pub(crate) fn of_test(letters: &Letters, language: &str, clinic: &str) -> Self {
        Self::without_stop(&letters.test, language, &Places { clinic, link: "", until: "", stop: "" })
    }
}

impl Places<'_> {
    fn filled(&self, text: &str) -> String {
        // The clinic's name last, because it is the only one that people type.
        let places = [
            ("{link}", self.link),
            ("{until}", self.until),
            ("{stop}", self.stop),
            ("{clinic}", self.clinic),
        ];
        places.iter().fold(text.to_owned(), |text, (place, value)| text.replace(place, value))
    }
}

impl Outgoing {
    /// The letter as a server takes it.
    ///
    /// # Errors
    /// An address that is none.
    pub(super) fn written(&self, settings: &Settings) -> Result<(Envelope, Vec<u8>), Error> {
        let to = address(&self.to)?;
        let at = UNIX_EPOCH + Duration::from_millis(u64::try_from(self.at).unwrap_or(0));
        let mut letter = Message::builder()
            .from(settings.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&self.words.subject)
            .date(at)
            .message_id(Some(format!("<{}@{}>", self.id, settings.public_host())))
            .header(ContentType::TEXT_PLAIN)
            .header(Automatic);
        if let Some(reply_to) = &settings.reply_to {
            letter = letter.reply_to(reply_to.clone());
        }
        if let Some(stop) = &self.words.stop {
            letter = letter.header(Unsubscribe(stop.clone()));
        }
        let letter = letter.body(self.words.body.clone()).map_err(|error| Error::Ours(error.to_string()))?;
        Ok((letter.envelope().clone(), letter.formatted()))
    }
}

/// An address as it was typed.
///
/// # Errors
/// Text that is none.
pub(crate) fn address(text: &str) -> Result<Address, Error> {
    let needed = || {
        Error::unusable(
            "bad_address",
            "This is no e-mail address. It looks like ada@example.org; check it with the client.",
        )
    };
    if text.len() > ADDRESS_BYTES_MAX {
        return Err(needed());
    }
    text.parse().map_err(|_| needed())
}

fn in_language<'a>(wording: &'a Wording, language: &str) -> &'a str {
    wording.get(language).or_else(|| wording.get("en")).map(String::as_str).unwrap_or_default()
}

/// `List-Unsubscribe` [RFC 2369]: the address that ends all letters.
#[derive(Clone)]
struct Unsubscribe(String);

impl Header for Unsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.trim_matches(['<', '>']).to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

/// `Auto-Submitted` [RFC 3834], so that no machine answers.
#[derive(Clone)]
struct Automatic;

impl Header for Automatic {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
