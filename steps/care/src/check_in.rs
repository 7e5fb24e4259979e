//! What a client's answers want, and what is usual on that day. A sign says whom to turn to, never what it is.

use std::collections::BTreeMap;

use stipple_model::{Answer, AnswerKind, CheckInQuestion, CheckIns, UsualThen, WarningSign};

/// What was answered, by question.
pub type Answered = BTreeMap<String, Answer>;

/// The signs that some answers are, the most urgent first.
///
/// | | meaning |
/// |---|---|
/// | `day` | days since the session, which is day 0 |
/// | `answers` | those of now |
/// | `before` | those of every check-in before, each with its day, oldest first; without them nothing rises |
///
/// What rises does so above the least that was told from the day before the sign counts on, so that pain which grew and stays is
/// told again; where nothing was told since, above what was told last.
pub fn signs<'a>(
    check_ins: &'a CheckIns,
    day: u32,
    answers: &Answered,
    before: &[(u32, Answered)],
) -> Vec<&'a WarningSign> {
    let least_before = |sign: &WarningSign| {
        let told = || before.iter().filter_map(|(on, told)| Some((*on, number(told.get(&sign.question)?)?)));
        let since = told().filter(|(on, _)| on + 1 >= sign.from_day).map(|(_, found)| found);
        since.reduce(f64::min).or(told().next_back().map(|(_, found)| found))
    };
    let speaks = |sign: &&WarningSign| {
        let Some(answer) = answers.get(&sign.question) else { return false };
        let is = sign.is.as_ref().is_none_or(|is| is == answer);
        let enough = sign.at_least.is_none_or(|least| number(answer).is_some_and(|found| found >= least));
        let rises = !sign.rises
            || number(answer).zip(least_before(sign)).is_some_and(|(found, earlier)| found > earlier);
        day >= sign.from_day && is && enough && rises
    };
    let mut found: Vec<&WarningSign> = check_ins.signs.iter().filter(speaks).collect();
    // The sort is stable.
    found.sort_by_key(|sign| sign.urgency);
    found
}

/// What is usual on a day.
pub fn usual(check_ins: &CheckIns, day: u32) -> Vec<&UsualThen> {
    check_ins.usual.iter().filter(|usual| (usual.days[0]..=usual.days[1]).contains(&day)).collect()
}

/// The first question without an answer that is one to it.
pub fn unanswered<'a>(check_ins: &'a CheckIns, answers: &Answered) -> Option<&'a CheckInQuestion> {
    let fits = |question: &CheckInQuestion| match (&question.kind, answers.get(&question.id)) {
        (AnswerKind::Scale, Some(Answer::Number(found))) => {
            found.fract() == 0.0 && (0.0..=10.0).contains(found)
        }
        (AnswerKind::YesNo, Some(Answer::Flag(_))) => true,
        (AnswerKind::Choice(choices), Some(Answer::Word(found))) => choices.iter().any(|(id, _)| id == found),
        _ => false,
    };
    check_ins.questions.iter().find(|question| !fits(question))
}

fn number(answer: &Answer) -> Option<f64> {
    match answer {
        Answer::Number(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use stipple_model::Urgency;

    use super::*;

    fn check_ins() -> CheckIns {
        let sign = |id: &str, question: &str, urgency| WarningSign {
            id: id.to_owned(),
            question: question.to_owned(),
            is: None,
            at_least: None,
            rises: false,
            from_day: 0,
            urgency,
            text: BTreeMap::new(),
        };
        let question = |id: &str, kind| CheckInQuestion { id: id.to_owned(), kind, text: BTreeMap::new() };
        CheckIns {
            days: vec![1, 3],
            touch_up_day: 730,
            questions: vec![question("pain", AnswerKind::Scale), question("fever", AnswerKind::YesNo)],
            signs: vec![
                WarningSign {
                    at_least: Some(2.0),
                    rises: true,
                    from_day: 4,
                    ..sign("rising", "pain", Urgency::Practitioner)
                },
                WarningSign { is: Some(Answer::Flag(true)), ..sign("fever", "fever", Urgency::Doctor) },
            ],
            usual: vec![UsualThen { id: "pale".to_owned(), days: [18, 30], text: BTreeMap::new() }],
            redness: None,
        }
    }

    fn answers(pain: f64, fever: bool) -> Answered {
        [("pain".to_owned(), Answer::Number(pain)), ("fever".to_owned(), Answer::Flag(fever))].into()
    }

    fn found(day: u32, now: &Answered, before: &[(u32, Answered)]) -> Vec<String> {
        signs(&check_ins(), day, now, before).iter().map(|sign| sign.id.clone()).collect()
    }

    #[test]
    fn pain_counts_where_it_rises_after_its_day_and_the_urgent_comes_first() {
        let (little, more) = (answers(1.0, false), answers(4.0, true));
        let told = |day: u32, pain: f64| (day, answers(pain, false));
        assert_eq!(found(7, &more, &[(5, little.clone())]), ["fever", "rising"]);
        assert_eq!(found(3, &more, &[(1, little)]), ["fever"], "too early");
        let three = answers(3.0, false);
        assert_eq!(found(7, &three, &[]), [] as [&str; 0], "nothing to compare with");
        assert_eq!(found(7, &three, &[told(5, 5.0)]), [] as [&str; 0], "falls");
        assert_eq!(found(6, &three, &[told(4, 1.0), told(5, 3.0)]), ["rising"], "grew and stays");
        assert_eq!(found(5, &three, &[told(1, 0.0), told(2, 4.0)]), [] as [&str; 0], "numb at first");
    }

    #[test]
    fn an_answer_must_be_one_to_its_question() {
        let missing =
            |answers: Answered| unanswered(&check_ins(), &answers).map(|question| question.id.clone());
        assert_eq!(missing(answers(3.0, true)), None);
        assert_eq!(missing(answers(11.0, true)).as_deref(), Some("pain"));
        assert_eq!(missing([("pain".to_owned(), Answer::Number(0.0))].into()).as_deref(), Some("fever"));
    }

    #[test]
    fn what_is_usual_is_told_on_its_days() {
        assert_eq!(usual(&check_ins(), 18).len(), 1);
        assert!(usual(&check_ins(), 17).is_empty() && usual(&check_ins(), 31).is_empty());
    }
}
