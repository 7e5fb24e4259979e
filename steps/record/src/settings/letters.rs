//! Letters to clients, as typed and as meant.

use serde::Deserialize;
use stipple_model::{FeedWords, LetterText, Letters, Wording};

use super::{format_is, sentence, shipped_letters};
use crate::error::Error;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    format: String,
    #[serde(rename = "version")]
    _version: u32,
    greeting: Wording,
    end: Wording,
    calendar: TypedLetter,
    check_in: TypedLetter,
    touch_up: TypedLetter,
    feed: TypedFeed,
    alarm: Option<TypedLetter>,
    test: TypedLetter,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedFeed {
    asked: Wording,
    asked_words: Wording,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedLetter {
    subject: Wording,
    body: Wording,
}

impl Typed {
    pub(super) fn into_meant(self) -> Result<Letters, Error> {
        format_is(&self.format, "stipple/mails/1")?;
        Ok(Letters {
            greeting: wording("greeting", self.greeting, &[])?,
            end: wording("end", self.end, &["{clinic}", "{stop}"])?,
            calendar: self.calendar.into_meant("calendar", &["{link}", "{until}"])?,
            check_in: self.check_in.into_meant("check_in", &["{link}", "{until}"])?,
            touch_up: self.touch_up.into_meant("touch_up", &[])?,
            feed: FeedWords {
                asked: wording("feed.asked", self.feed.asked, &[])?,
                asked_words: wording("feed.asked_words", self.feed.asked_words, &[])?,
            },
            // A clinic's own letters may be older than this one.
            alarm: match self.alarm {
                Some(letter) => letter.into_meant("alarm", &["{link}"])?,
                None => shipped_letters().alarm,
            },
            test: self.test.into_meant("test", &["{clinic}"])?,
        })
    }
}

impl TypedLetter {
    fn into_meant(self, name: &str, brings: &[&str]) -> Result<LetterText, Error> {
        let subject = wording(&format!("{name}.subject"), self.subject, &["{clinic}"])?;
        if let Some(long) = subject.values().find(|subject| subject.contains(char::is_control)) {
            return Err(Error::field(format!("{name}.subject"), long, "one line"));
        }
        Ok(LetterText { subject, body: wording(&format!("{name}.body"), self.body, brings)? })
    }
}

/// Words in both languages, each with a place for what it brings.
fn wording(field: &str, words: Wording, brings: &[&str]) -> Result<Wording, Error> {
    for language in ["en", "de"] {
        let text = words.get(language).map(String::as_str).unwrap_or_default();
        if let Some(missing) = brings.iter().find(|place| !text.contains(**place)) {
            return Err(Error::field(
                format!("{field}.{language}"),
                "no such place",
                format!("a text with {missing}"),
            ));
        }
    }
    words
        .into_iter()
        .map(|(language, text)| Ok((language, sentence(field, text)?.trim().to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{LETTERS_TOML, letters_from_toml};

    #[test]
    fn the_shipped_letters_speak_both_languages_and_say_how_to_stop() {
        let shipped = letters_from_toml(LETTERS_TOML).expect("opens");
        for language in ["en", "de"] {
            assert!(shipped.end[language].contains("{stop}") && shipped.greeting.contains_key(language));
        }
    }

    #[test]
    fn a_subject_tells_nobody_what_it_is_about() {
        let shipped = letters_from_toml(LETTERS_TOML).expect("opens");
        for letter in [&shipped.calendar, &shipped.check_in, &shipped.touch_up, &shipped.alarm, &shipped.test]
        {
            for subject in letter.subject.values().map(|subject| subject.to_lowercase()) {
                let told = [
                    "skin", "scar", "hair", "heal", "treat", "session", "haut", "narbe", "haar", "heil",
                    "behandl", "sitzung",
                ];
                assert!(!told.iter().any(|word| subject.contains(word)), "{subject}");
            }
        }
    }

    #[test]
    fn letters_that_are_older_than_the_alarm_have_the_shipped_one() {
        let [before, after] = [LETTERS_TOML.find("[alarm.subject]"), LETTERS_TOML.find("[test.subject]")];
        let older =
            [&LETTERS_TOML[..before.expect("shipped")], &LETTERS_TOML[after.expect("shipped")..]].concat();
        let shipped = letters_from_toml(LETTERS_TOML).expect("opens");
        assert_eq!(letters_from_toml(&older).expect("opens").alarm, shipped.alarm);
    }

    #[test]
    fn a_letter_without_a_way_to_stop_is_refused() {
        let said =
            letters_from_toml(&LETTERS_TOML.replace("{stop}", "")).expect_err("no way to stop").to_string();
        assert!(said.contains("{stop}"), "{said}");
    }
}
