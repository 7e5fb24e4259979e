//! Days of care as an iCalendar file [@Rfc5545], which calendars on phones and computers take.

use ics::components::Parameter;
use ics::properties::{Description, DtEnd, DtStart, Name, RefreshInterval, Summary, Transp, Trigger};
use ics::{Alarm, Event, ICalendar, Standard, TimeZone, escape_text};
use jiff::ToSpan as _;
use stipple_model::{CareCalendar, CareEntry, Date, Language};

use crate::provenance::SOFTWARE;
use crate::store::sha256_hex;

/// Longest line, octets.
const OCTETS_MOST: usize = 75;
/// When a calendar speaks up on the first day of a step: nine in the morning.
const MORNING: &str = "PT9H";
/// How often a program is to look whether a feed has changed.
const LOOK_AGAIN: &str = "PT6H";

/// A day in a feed.
#[derive(Clone, Debug)]
pub struct FeedDay {
    /// What the day is known by, the same every time; its hash alone is written.
    pub known_by: String,
    /// The day.
    pub day: Date,
    /// One line.
    pub title: String,
    /// What else there is to say.
    pub words: String,
    /// Whether the calendar speaks up in the morning.
    pub remind: bool,
}

/// The text of an `.ics` file: every step a span of whole days, with a reminder where the step asks for one.
///
/// It names nobody. The same step of the same session has the same identity in every file, so that a calendar that is
/// taken twice, or in another language, holds it once.
///
/// # Determinism
/// Stamped with the day of the session, not with a clock.
pub fn care_ics(calendar: &CareCalendar) -> String {
    let language = Language::nearest(&calendar.language).name().to_uppercase();
    let maker = format!("-//{SOFTWARE}//aftercare//{language}");
    let mut file = ICalendar::new("2.0", maker);
    for entry in &calendar.entries {
        file.add_event(event(calendar, entry));
    }
    written(&file)
}

/// The text of a feed, which calendar programs fetch again and again: days of care after several sessions, and days of
/// their own.
///
/// # Determinism
/// Stamped with its own days, not with a clock: nothing changed, same bytes.
pub fn feed_ics(name: &str, care: &[CareCalendar], days: &[FeedDay]) -> String {
    let mut file = ICalendar::new("2.0", format!("-//{SOFTWARE}//feed//EN"));
    file.push(Name::new(escape_text(name.to_owned())));
    let mut again = RefreshInterval::new(LOOK_AGAIN);
    again.add(Parameter::new("VALUE", "DURATION"));
    file.push(again);
    for calendar in care {
        calendar.entries.iter().for_each(|entry| file.add_event(event(calendar, entry)));
    }
    days.iter().for_each(|day| file.add_event(event_of_day(day)));
    if days.is_empty() && care.iter().all(|calendar| calendar.entries.is_empty()) {
        // The format wants a component, and nobody sees this one.
        file.add_timezone(TimeZone::standard("Etc/UTC", Standard::new("19700101T000000", "+0000", "+0000")));
    }
    written(&file)
}

fn written(file: &ICalendar<'_>) -> String {
    let text = file.to_string().replace("\r\n ", "");
    text.lines().flat_map(folded).collect()
}

/// A line as the format breaks it: the crate's own continuations are an octet too long.
fn folded(line: &str) -> Vec<String> {
    let (mut pieces, mut piece) = (Vec::new(), String::new());
    for letter in line.chars() {
        if piece.len() + letter.len_utf8() > OCTETS_MOST {
            pieces.push(std::mem::replace(&mut piece, " ".to_owned()) + "\r\n");
        }
        piece.push(letter);
    }
    pieces.push(piece + "\r\n");
    pieces
}

fn event(calendar: &CareCalendar, entry: &CareEntry) -> Event<'static> {
    let CareEntry { id, from, to, title, advice, remind, .. } = entry;
    let known_by = format!("{} {id}", calendar.session);
    let words = format!("{}\n\n{}", advice.text, calendar.warning.text);
    whole_days(&known_by, calendar.session, [*from, *to], title, &words, *remind)
}

fn event_of_day(of: &FeedDay) -> Event<'static> {
    whole_days(&of.known_by, of.day, [of.day; 2], &of.title, &of.words, of.remind)
}

fn whole_days(
    known_by: &str,
    stamped: Date,
    [from, to]: [Date; 2],
    title: &str,
    words: &str,
    remind: bool,
) -> Event<'static> {
    let mut event = Event::new(identity(known_by), format!("{}T000000Z", compact(stamped)));
    event.push(whole_day(DtStart::new(compact(from))));
    // The day after the last one, as the format has it.
    let end = to.checked_add(1.day()).unwrap_or(to);
    let mut end = DtEnd::new(compact(end));
    end.add(Parameter::new("VALUE", "DATE"));
    event.push(end);
    event.push(Summary::new(escape_text(title.to_owned())));
    event.push(Description::new(escape_text(words.to_owned())));
    // So that the days stay free for other things.
    event.push(Transp::transparent());
    if remind {
        let said = Description::new(escape_text(title.to_owned()));
        event.add_alarm(Alarm::display(Trigger::new(MORNING), said));
    }
    event
}

fn whole_day(mut start: DtStart<'static>) -> DtStart<'static> {
    start.add(Parameter::new("VALUE", "DATE"));
    start
}

/// By what it is known by alone.
fn identity(known_by: &str) -> String {
    let hash = sha256_hex(known_by.as_bytes());
    format!("{}@stipple", &hash[..32])
}

fn compact(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

#[cfg(test)]
mod tests {
    use stipple_model::Advice;

    use super::*;

    fn calendar() -> CareCalendar {
        let advice = |text: &str| Advice { text: text.to_owned(), source: "test".to_owned(), grade: 'D' };
        let (from, to) = (Date::constant(2026, 12, 30), Date::constant(2027, 1, 3));
        let entry = CareEntry {
            from,
            to,
            id: "dry".to_owned(),
            days: [0, 4],
            title: "Keep it dry; no sport, please".to_owned(),
            advice: advice(&"No water, no sweat. ".repeat(9)),
            remind: true,
        };
        let warning = advice("See a doctor: fever, pus.");
        CareCalendar { session: from, language: "en".to_owned(), elsewhere: 0, entries: vec![entry], warning }
    }

    #[test]
    fn a_feed_without_days_is_a_calendar_all_the_same() {
        let text = feed_ics("Clinic", &[], &[]);
        assert!(text.contains("BEGIN:VTIMEZONE\r\nTZID:Etc/UTC") && !text.contains("VEVENT"), "{text}");
    }

    #[test]
    fn days_are_whole_and_end_the_day_after() {
        let text = care_ics(&calendar());
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "DTSTAMP:20261230T000000Z",
            "DTSTART;VALUE=DATE:20261230",
            "DTEND;VALUE=DATE:20270104",
            "SUMMARY:Keep it dry\\; no sport\\, please",
            "TRIGGER:PT9H",
            "END:VCALENDAR",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
        assert!(text.ends_with("\r\n") && text.lines().all(|line| line.len() <= 75), "{text}");
        assert_eq!(text, care_ics(&calendar()));
    }
}
