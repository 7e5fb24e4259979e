//! Lines, outlines and dots that a person marked on a photograph: tables of places.

use stipple_quantity::PointInPhoto;

use crate::error::{Error, brief};

/// The first line of such a table.
const HEADER: &str = "x,y";
/// Most places of a line or an outline: more than a hand draws, and bounded work.
pub const DRAWN_MAX: usize = 500;
/// Most dots of a table: more than a full head takes.
pub const DOTS_MAX: usize = 200_000;
/// Most bytes a place: two numbers with all their digits, and spaces.
const BYTES_A_PLACE: usize = 128;
/// Farthest that a place may be typed, px; whether it lies in the photograph is known later.
const FARTHEST_PX: f64 = 1e6;

/// Places in pixels of the upright photograph, in the order of a table (CSV) with the header `x,y`.
///
/// At most `most` of them, [`DRAWN_MAX`] or [`DOTS_MAX`]. Spaces around numbers, empty lines, a byte-order mark and Windows line ends are allowed; nothing else is.
///
/// # Errors
/// With the line, if the table is too large or has another header, or a line does not hold two numbers.
pub fn places_from_csv(role: &'static str, bytes: &[u8], most: usize) -> Result<Vec<PointInPhoto>, Error> {
    if bytes.len() > most * BYTES_A_PLACE {
        let needed = format!("a table of at most {most} places ({} kB)", most * BYTES_A_PLACE / 1024);
        return Err(Error::field(role, format!("{} kB", bytes.len() / 1024), needed));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Error::field(role, "no text", "a table (CSV) with the header x,y and a place in pixels on every line")
    })?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).zip(1..);
    let mut lines = lines.filter(|(line, _)| !line.is_empty());
    let header = lines.next().map_or("", |(line, _)| line);
    if header.replace(' ', "") != HEADER {
        return Err(Error::field(
            role,
            format!("a table that begins with \"{}\"", brief(header)),
            "the header x,y",
        ));
    }
    let places: Vec<PointInPhoto> = lines
        .take(most + 1)
        .map(|(line, number)| place(line).ok_or_else(|| not_a_place(role, line, number)))
        .collect::<Result<_, _>>()?;
    if places.len() > most {
        return Err(Error::field(role, format!("more than {most} places"), format!("at most {most}")));
    }
    Ok(places)
}

fn place(line: &str) -> Option<PointInPhoto> {
    let (x, y) = line.split_once(',')?;
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.abs() <= FARTHEST_PX);
    Some(PointInPhoto::new(number(x)?, number(y)?))
}

fn not_a_place(role: &'static str, line: &str, number: usize) -> Error {
    let found = format!("\"{}\"", brief(line));
    Error::field(format!("{role}, line {number},"), found, "two numbers of pixels, such as 812.5,344")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_people_and_programs_are_understood() {
        for text in ["x,y\n1,2\n3.5,-4", "\u{feff}x, y\r\n1,2\r\n\r\n 3.5 , -4 \r\n"] {
            let places = places_from_csv("hairline", text.as_bytes(), DRAWN_MAX).expect("it is right");
            assert_eq!(places, [PointInPhoto::new(1.0, 2.0), PointInPhoto::new(3.5, -4.0)], "{text:?}");
        }
        assert!(places_from_csv("hairline", b"x,y\n", DRAWN_MAX).expect("right, if empty").is_empty());
    }

    #[test]
    fn what_is_no_table_of_places_is_refused_with_its_line() {
        let many = format!("x,y\n{}", "1,2\n".repeat(501));
        let long = format!("x,y\n{}", "1,2\n".repeat(100_000));
        let refused = [
            ("", "x,y"),
            ("1,2\n3,4", "begins with \"1,2\""),
            ("x,y\n1,2\n3", "line 3"),
            ("x,y\n1,2,3", "line 2"),
            ("x,y\nnan,2", "two numbers of pixels"),
            ("x,y\n1e300,2", "two numbers of pixels"),
            (&many, "at most 500"),
            (&long, "390 kB"),
        ];
        for (text, said) in refused {
            let trouble =
                places_from_csv("thinning", text.as_bytes(), DRAWN_MAX).expect_err(said).to_string();
            assert!(trouble.contains(said) && trouble.contains("thinning"), "{said}: {trouble}");
        }
        assert!(places_from_csv("thinning", &[0xff, 0xfe, 0x00], DRAWN_MAX).is_err());
    }
}
