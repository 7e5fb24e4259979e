//! Days of care as an iCalendar file [@Rfc5545], which calendars on phones and computers take.

use ics::components::Parameter;
use ics::properties::{Description, DtEnd, DtStart, Summary, Transp, Trigger};
use ics::{Alarm, Event, ICalendar, escape_text};
use jiff::ToSpan as _;
use stipple_model::{CareCalendar, CareEntry, Date};

use crate::provenance::SOFTWARE;
use crate::store::sha256_hex;

/// Longest line, octets.
const OCTETS_MOST: usize = 75;
/// When a calendar speaks up on the first day of a step: nine in the morning.
const MORNING: &str = "PT9H";

/// The text of an `.ics` file: every step a span of whole days, with a reminder where the step asks for one.
///
/// It names nobody. The same step of the same session has the same identity in every file, so that a calendar that is
/// taken twice holds it once.
///
/// # Determinism
/// Stamped with the day of the session, not with a clock.
pub fn care_ics(calendar: &CareCalendar) -> String {
    let maker = format!("-//{SOFTWARE}//aftercare//EN");
    let mut file = ICalendar::new("2.0", maker);
    for entry in &calendar.entries {
        file.add_event(event(calendar, entry));
    }
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
    let CareEntry { step, from, to } = entry;
    let stamp = format!("{}T000000Z", compact(calendar.session));
    let mut event = Event::new(identity(calendar.session, entry), stamp);
    event.push(whole_day(DtStart::new(compact(*from))));
    // The day after the last one, as the format has it.
    let end = to.checked_add(1.day()).unwrap_or(*to);
    let mut end = DtEnd::new(compact(end));
    end.add(Parameter::new("VALUE", "DATE"));
    event.push(end);
    event.push(Summary::new(escape_text(step.title.clone())));
    let words = format!("{}\n\n{}", step.advice.text, calendar.warning.text);
    event.push(Description::new(escape_text(words)));
    // So that the days stay free for other things.
    event.push(Transp::transparent());
    if step.remind {
        let said = Description::new(escape_text(step.title.clone()));
        event.add_alarm(Alarm::display(Trigger::new(MORNING), said));
    }
    event
}

fn whole_day(mut start: DtStart<'static>) -> DtStart<'static> {
    start.add(Parameter::new("VALUE", "DATE"));
    start
}

/// By session and step alone.
fn identity(session: Date, entry: &CareEntry) -> String {
    let hash = sha256_hex(format!("{session} {}", entry.step.id).as_bytes());
    format!("{}@stipple", &hash[..32])
}

fn compact(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

#[cfg(test)]
mod tests {
    use stipple_model::{Advice, AftercareStep};

    use super::*;

    fn calendar() -> CareCalendar {
        let advice = |text: &str| Advice { text: text.to_owned(), source: "test".to_owned(), grade: 'D' };
        let step = AftercareStep {
            id: "dry".to_owned(),
            days: [0, 4],
            life: Vec::new(),
            title: "Keep it dry; no sport, please".to_owned(),
            advice: advice(&"No water, no sweat. ".repeat(9)),
            remind: true,
        };
        let (from, to) = (Date::constant(2026, 12, 30), Date::constant(2027, 1, 3));
        let entries = vec![CareEntry { from, to, step }];
        CareCalendar { session: from, entries, warning: advice("See a doctor: fever, pus.") }
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
