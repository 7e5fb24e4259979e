//! JSON laid out for people and for line-by-line comparison.

/// Longest line that a list or an object may fill.
const LINE: usize = 200;

/// Compact JSON with whatever fits on a line on one line, so that every dot and every detection is a line.
///
/// Lists of points are filled line by line. Key order and numbers stay as they are.
///
/// # Panics
/// If `compact` is not JSON as serde_json writes it.
pub(crate) fn laid_out(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() + compact.len() / 4);
    lay(compact, 0, &mut out);
    out.push('\n');
    out
}

fn lay(value: &str, indent: usize, out: &mut String) {
    let bytes = value.as_bytes();
    let is_container = matches!(bytes[0], b'{' | b'[');
    if !is_container || value.len() + indent <= LINE && flat_len(value) + indent <= LINE {
        return flat(value, out);
    }
    let points = value.starts_with("[[") && !value.starts_with("[[[") && !value.starts_with("[[{");
    out.push_str(&value[..1]);
    let mut column = LINE;
    for (k, item) in items(&value[1..value.len() - 1]).enumerate() {
        if k > 0 {
            out.push(',');
        }
        if points && column + item.len() + 3 <= LINE {
            out.push(' ');
            column += item.len() + 3;
        } else {
            break_line(indent + 2, out);
            column = indent + 2 + item.len() + 3;
        }
        if bytes[0] == b'{' {
            let (key, inner) = item.split_at(string_end(item));
            out.push_str(key);
            out.push_str(": ");
            lay(&inner[1..], indent + 2, out);
        } else {
            lay(item, indent + 2, out);
        }
    }
    break_line(indent, out);
    out.push_str(&value[value.len() - 1..]);
}

fn break_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Writes a value on one line, a space after each comma and colon.
fn flat(value: &str, out: &mut String) {
    let mut rest = value;
    while let Some(at) = rest.find([',', ':', '"']) {
        let end = if rest.as_bytes()[at] == b'"' { at + string_end(&rest[at..]) } else { at + 1 };
        out.push_str(&rest[..end]);
        if rest.as_bytes()[at] != b'"' {
            out.push(' ');
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
}

fn flat_len(value: &str) -> usize {
    let mut line = String::new();
    flat(value, &mut line);
    line.len()
}

/// The members of a container's inside, split at its own commas.
fn items(inside: &str) -> impl Iterator<Item = &str> {
    let mut rest = inside;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = item_end(rest);
        let item = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or("");
        Some(item)
    })
}

/// Where the first comma outside of strings and brackets stands, or the end.
fn item_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut level) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at += string_end(&text[at..]) - 1,
            b'{' | b'[' => level += 1,
            b'}' | b']' => level -= 1,
            b',' if level == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Where the string that a text begins with ends, closing quote included.
fn string_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_things_stay_on_a_line_and_long_ones_break() {
        let dot = r#"{"x":1.5,"note":"a, \"b\": [c]"}"#;
        let compact = format!(r#"{{"dots":[{}],"empty":[],"none":{{}}}}"#, [dot; 9].join(","));
        let text = laid_out(&compact);
        assert_eq!(
            text.lines().filter(|line| line.contains(r#"{"x": 1.5, "note": "a, \"b\": [c]"}"#)).count(),
            9
        );
        assert!(text.contains("\"empty\": [],\n  \"none\": {}\n}\n"), "{text}");
        let parse = |s: &str| serde_json::from_str::<serde_json::Value>(s).expect("valid JSON");
        assert_eq!(parse(&text), parse(&compact));
    }

    #[test]
    fn points_fill_lines() {
        let points: Vec<[f64; 2]> = (0..500).map(|k| [f64::from(k), 1234.25]).collect();
        let text = laid_out(&serde_json::to_string(&points).expect("numbers serialize"));
        assert!(text.lines().count() < 60 && text.lines().all(|line| line.len() <= LINE), "{text}");
        assert_eq!(serde_json::from_str::<Vec<[f64; 2]>>(&text).expect("valid JSON"), points);
    }
}
