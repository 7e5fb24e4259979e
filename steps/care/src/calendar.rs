//! Days counted from a session as days of the calendar.

use jiff::ToSpan as _;
use stipple_model::{
    Advice, Aftercare, AftercareStep, CareCalendar, CareEntry, Date, Treated, UNDETERMINED, WordedAdvice,
    Wording,
};

/// The steps that bear upon somebody, by their first day, then in the order of the instructions.
///
/// | | meaning |
/// |---|---|
/// | `session` | day of the session, day 0 |
/// | `whom` | what this person's days hold, and what skin was treated; steps for others are left out |
/// | `language` | theirs, as in BCP 47: `de`, `de-AT` |
///
/// Words that are not there in that language are told in English, or in whatever there is, and counted: `elsewhere`. Words
/// that do not say their language are taken for the right one. Steps beyond the calendar's end (year 9999) are left out.
pub fn calendar(aftercare: &Aftercare, session: Date, whom: &Treated, language: &str) -> CareCalendar {
    let on = |days: u32| session.checked_add(i64::from(days).days()).ok();
    let mut elsewhere = 0;
    let (warning, is_theirs) = advice(&aftercare.warning, language);
    elsewhere += usize::from(!is_theirs);
    let mut entries = Vec::new();
    let meant: Vec<_> = aftercare.steps.iter().filter(|step| whom.is_meant(&step.life, &step.skin)).collect();
    let stays =
        |step: &&&AftercareStep| meant.iter().all(|other| other.instead_of.as_ref() != Some(&step.id));
    for step in meant.iter().filter(stays) {
        let [Some(from), Some(to)] = step.days.map(on) else { continue };
        let (entry, is_theirs) = entry(step, [from, to], language);
        elsewhere += usize::from(!is_theirs);
        entries.push(entry);
    }
    // The sort is stable.
    entries.sort_by_key(|entry| entry.from);
    CareCalendar { session, language: language.to_owned(), elsewhere, entries, warning }
}

/// A step in a language, and whether all of it is there in that.
fn entry(step: &AftercareStep, [from, to]: [Date; 2], language: &str) -> (CareEntry, bool) {
    let (title, is_title_theirs) = spoken(&step.title, language);
    let (advice, is_theirs) = advice(&step.advice, language);
    let (id, days, remind) = (step.id.clone(), step.days, step.remind);
    (CareEntry { from, to, id, days, title, advice, remind }, is_theirs && is_title_theirs)
}

fn advice(of: &WordedAdvice, language: &str) -> (Advice, bool) {
    let (text, is_theirs) = spoken(&of.text, language);
    (Advice { text, source: of.source.clone(), grade: of.grade }, is_theirs)
}

/// Words in a language, and whether they are in it as far as is known.
fn spoken(words: &Wording, language: &str) -> (String, bool) {
    let primary = language.split('-').next().unwrap_or_default();
    let theirs = [language, primary, UNDETERMINED].into_iter().find_map(|one| words.get(one));
    let others = words.get("en").or_else(|| words.values().next());
    (theirs.or(others).cloned().unwrap_or_default(), theirs.is_some())
}

#[cfg(test)]
mod tests {
    use stipple_model::{Life, TreatedSkin};

    use super::*;

    const SESSION: Date = Date::constant(2027, 2, 27);

    fn said(text: &str) -> Wording {
        let in_german = |text: &str| ("de".to_owned(), format!("{text} (deutsch)"));
        Wording::from([("en".to_owned(), text.to_owned()), in_german(text)])
    }

    fn worded(text: Wording) -> WordedAdvice {
        WordedAdvice { text, source: "test".to_owned(), grade: 'D' }
    }

    fn step(id: &str, days: [u32; 2], life: &[Life]) -> AftercareStep {
        AftercareStep {
            id: id.to_owned(),
            days,
            life: life.to_vec(),
            skin: Vec::new(),
            instead_of: None,
            title: said(id),
            advice: worded(said(id)),
            remind: true,
        }
    }

    fn aftercare() -> Aftercare {
        let steps = vec![
            step("later", [2, 5], &[]),
            step("sport", [0, 9], &[Life::Sport, Life::Pool]),
            step("now", [0, 1], &[]),
        ];
        Aftercare { warning: worded(said("see a doctor")), steps }
    }

    fn living(life: &[Life]) -> Treated {
        Treated { lives: life.to_vec(), skin: Vec::new() }
    }

    #[test]
    fn some_steps_are_for_some_skin() {
        let mut aftercare = aftercare();
        aftercare.steps[0].skin = vec![TreatedSkin::Burn, TreatedSkin::Dark];
        aftercare.steps[0].life = vec![Life::Pool];
        let told = |lives: &[Life], skin: &[TreatedSkin]| {
            let whom = Treated { lives: lives.to_vec(), skin: skin.to_vec() };
            ids(&calendar(&aftercare, SESSION, &whom, "en")).contains(&"later")
        };
        assert!(told(&[Life::Pool], &[TreatedSkin::Dark]), "both");
        let mut other = aftercare.clone();
        (other.steps[0].life, other.steps[0].instead_of) = (Vec::new(), Some("now".to_owned()));
        let burnt = Treated { lives: Vec::new(), skin: vec![TreatedSkin::Burn] };
        assert_eq!(ids(&calendar(&other, SESSION, &burnt, "en")), ["later"], "in the place of another");
        assert!(!told(&[Life::Pool], &[TreatedSkin::Large]) && !told(&[], &[TreatedSkin::Burn]));
    }

    fn ids(calendar: &CareCalendar) -> Vec<&str> {
        calendar.entries.iter().map(|entry| entry.id.as_str()).collect()
    }

    #[test]
    fn days_are_the_persons_own_and_in_order() {
        let made = calendar(&aftercare(), SESSION, &living(&[]), "en");
        assert_eq!(ids(&made), ["now", "later"]);
        assert_eq!(
            (made.entries[1].from, made.entries[1].to),
            (Date::constant(2027, 3, 1), Date::constant(2027, 3, 4))
        );
        assert_eq!(
            ids(&calendar(&aftercare(), SESSION, &living(&[Life::Pool]), "en")),
            ["sport", "now", "later"]
        );
        assert_eq!((made.warning.text.as_str(), made.elsewhere), ("see a doctor", 0));
    }

    #[test]
    fn words_are_the_persons_own_language_or_it_is_counted() {
        let made = calendar(&aftercare(), SESSION, &living(&[]), "de-AT");
        assert_eq!((made.entries[0].title.as_str(), made.elsewhere), ("now (deutsch)", 0));
        assert_eq!(made.warning.text, "see a doctor (deutsch)");
        let mut partly = aftercare();
        partly.steps[2].advice.text.remove("de");
        let made = calendar(&partly, SESSION, &living(&[]), "de");
        assert_eq!((made.entries[0].advice.text.as_str(), made.elsewhere), ("now", 1));
        assert_eq!(calendar(&partly, SESSION, &living(&[]), "fr").elsewhere, 3, "the warning and both steps");
    }

    #[test]
    fn words_that_do_not_say_their_language_serve_all() {
        let plain = |text: &str| Wording::from([(UNDETERMINED.to_owned(), text.to_owned())]);
        let old = AftercareStep {
            title: plain("Trocken halten"),
            advice: worded(plain("Kein Wasser.")),
            ..step("dry", [0, 1], &[])
        };
        let own = Aftercare { warning: worded(plain("Zum Arzt.")), steps: vec![old] };
        let made = calendar(&own, SESSION, &living(&[]), "de");
        assert_eq!((made.entries[0].title.as_str(), made.elsewhere), ("Trocken halten", 0));
    }

    #[test]
    fn nothing_lies_beyond_the_calendar() {
        assert_eq!(
            ids(&calendar(&aftercare(), Date::constant(9999, 12, 31), &living(&[]), "en")),
            [] as [&str; 0]
        );
    }
}
