//! Scores that people gave pictures: a table from a stranger.

use std::collections::BTreeSet;

use stipple_model::agreement::Score;

use crate::error::{Error, brief};

const HEADER: &str = "picture,rater,score";
const WITH_OCCASION: &str = "picture,rater,score,occasion";
/// Most scores of a table.
const SCORES_MAX: usize = 20_000;
/// Most raters: every two are held against each other.
const RATERS_MAX: usize = 50;
/// Most bytes of a score's line.
const BYTES_A_SCORE: usize = 256;
/// Scales do not go farther.
const FARTHEST: f64 = 1e6;
const NEEDED: &str = "a table (CSV) with the header picture,rater,score or picture,rater,score,occasion";

/// Scores from a table with the header `picture,rater,score` and perhaps `occasion` (1 where it is left out).
///
/// Names are any text without commas. Spaces, empty lines, a byte-order mark and Windows line ends are allowed.
///
/// # Errors
/// With the line, if the table is too large or has another header, a line holds no score, or says one twice.
pub fn scores_from_csv(bytes: &[u8]) -> Result<Vec<Score>, Error> {
    if bytes.len() > SCORES_MAX * BYTES_A_SCORE {
        return Err(Error::field(
            "ratings",
            format!("{} kB", bytes.len() / 1024),
            format!("at most {SCORES_MAX} scores"),
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Error::field("ratings", "no text", NEEDED))?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).zip(1..);
    let mut lines = lines.filter(|(line, _)| !line.is_empty());
    let header = lines.next().map_or("", |(line, _)| line).replace(' ', "");
    if header != HEADER && header != WITH_OCCASION {
        let commas = if header.contains(';') { ", with semicolons where commas are needed" } else { "" };
        let found = format!("a table that begins with \"{}\"{commas}", brief(&header));
        return Err(Error::field("ratings", found, NEEDED));
    }
    let parts = header.split(',').count();
    let mut scores = Vec::new();
    let mut seen = BTreeSet::new();
    for (line, number) in lines {
        let score = score(line, parts).ok_or_else(|| not_a_score(number, parts))?;
        if !seen.insert((score.picture.clone(), score.rater.clone(), score.occasion)) {
            let needed = "one score a picture, rater and occasion";
            return Err(Error::field(
                format!("ratings, line {number},"),
                "a score that was said before",
                needed,
            ));
        }
        scores.push(score);
    }
    let raters: BTreeSet<&String> = scores.iter().map(|score| &score.rater).collect();
    if scores.len() > SCORES_MAX || raters.len() > RATERS_MAX {
        let found = format!("{} scores of {} raters", scores.len(), raters.len());
        let needed = format!("at most {SCORES_MAX} of at most {RATERS_MAX}");
        return Err(Error::field("ratings", found, needed));
    }
    Ok(scores)
}

fn score(line: &str, parts: usize) -> Option<Score> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    let [picture, rater, score, ..] = cells[..] else { return None };
    let occasion =
        if parts == 4 { cells.get(3)?.parse().ok().filter(|occasion| *occasion >= 1)? } else { 1 };
    let score = score.parse::<f64>().ok().filter(|score| score.abs() <= FARTHEST)?;
    let is_whole = cells.len() == parts && !picture.is_empty() && !rater.is_empty();
    is_whole.then(|| Score { picture: picture.to_owned(), rater: rater.to_owned(), score, occasion })
}

/// Names are not repeated.
fn not_a_score(number: usize, parts: usize) -> Error {
    let needed = if parts == 4 {
        "picture, rater, a number and the occasion, such as 7,rater,4,1"
    } else {
        "picture, rater and a number, such as 7,rater,4"
    };
    Error::field(format!("ratings, line {number},"), "no score", needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_scores() {
        let text = "\u{feff}picture, rater, score\r\n7, anna ,4\r\n\r\n7,ben,-2.5\r\n";
        let scores = scores_from_csv(text.as_bytes()).expect("it is right");
        assert_eq!((scores[0].rater.as_str(), scores[1].score, scores[1].occasion), ("anna", -2.5, 1));
        let twice = "picture,rater,score,occasion\n7,anna,4,1\n7,anna,5,2\n";
        assert_eq!(scores_from_csv(twice.as_bytes()).expect("two occasions")[1].occasion, 2);
    }

    #[test]
    fn what_is_no_table_of_scores_is_refused_with_its_line() {
        for (text, said) in [
            ("", "begins with"),
            ("a,b,c\n", "begins with"),
            ("picture,rater,score\n7,anna\n", "line 2"),
            ("picture,rater,score\n7,anna,much\n", "line 2"),
            ("picture,rater,score\n7,anna,NaN\n", "line 2"),
            ("picture,rater,score\n7,anna,1e300\n", "line 2"),
            ("picture,rater,score\n7,,4\n", "line 2"),
            ("picture,rater,score\n7,anna,4\n7,anna,5\n", "line 3"),
            ("picture,rater,score,occasion\n7,anna,4,0\n", "line 2"),
        ] {
            let message = scores_from_csv(text.as_bytes()).expect_err(said).to_string();
            assert!(message.contains(said) && !message.contains("anna"), "{message}");
        }
        assert!(scores_from_csv(&[0xff, 0xfe]).is_err());
        let many: String = (0..60).map(|k| format!("1,rater {k},4\n")).collect();
        assert!(scores_from_csv(format!("{HEADER}\n{many}").as_bytes()).is_err());
    }
}
