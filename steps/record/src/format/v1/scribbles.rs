//! `scribbles.json`: what a person drew to say where a scar is and which hairs are there. It is read, not written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;
use stipple_quantity::PointInPhoto;

use super::part::place;
use super::word::Side;
use super::{parse, require_format};
use crate::error::Error;
use crate::format::number::{at_most, each, within};

/// The format's full word.
pub(crate) const FORMAT: &str = "stipple/scribbles/1";
const WHAT: &str = "scribbles";
/// Most strokes of a file, and most places of a stroke: more than a hand draws, and bounded work.
const STROKES_MAX: usize = 200;
/// See [`STROKES_MAX`].
const PLACES_MAX: usize = 5_000;

/// Strokes and a box over a photograph, by hand or by a program.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Scribbles {
    /// `stipple/scribbles/1`.
    pub format: String,
    /// Strokes in the order they were drawn: where they cross, the later one holds.
    #[serde(default)]
    pub strokes: Vec<Stroke>,
    /// A box around one scar: left, top, right, bottom in pixels of the upright photograph.
    #[serde(default)]
    pub box_px: Option<[f64; 4]>,
    /// Roots of hair that were missed, as places [x, y].
    #[serde(default)]
    pub hairs_added_px: Vec<[f64; 2]>,
    /// Places [x, y] whose nearest root, up to 0.5 mm away, is none.
    #[serde(default)]
    pub hairs_removed_px: Vec<[f64; 2]>,
}

/// One stroke of a brush.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Stroke {
    /// What it marks: the scar or the skin around.
    pub side: Side,
    /// Where it runs, as places [x, y] in pixels of the upright photograph (x right, y down).
    pub path_px: Vec<[f64; 2]>,
    /// Radius of the brush, px, above 0 to 1000.
    pub radius_px: f64,
}

/// The marks in a `scribbles.json`.
///
/// # Errors
/// If it is not one, is of another version, marks nothing, or a number cannot mean what its field says.
pub fn marks_from_json(text: impl AsRef<[u8]>) -> Result<model::Marks, Error> {
    let text = text.as_ref();
    require_format(text, WHAT, FORMAT)?;
    let Scribbles { strokes, box_px, hairs_added_px, hairs_removed_px, .. } = parse(text, WHAT)?;
    if strokes.is_empty() && box_px.is_none() && hairs_added_px.is_empty() && hairs_removed_px.is_empty() {
        return Err(Error::field(
            "strokes",
            "empty and there are neither box_px nor hairs",
            "at least one stroke, a box_px, or places of hairs",
        ));
    }
    let strokes = each("strokes", at_most("strokes", strokes, STROKES_MAX)?, Stroke::into_model)?;
    Ok(model::Marks {
        strokes,
        frame: box_px.map(frame).transpose()?,
        hairs_added: places("hairs_added_px", hairs_added_px)?,
        hairs_removed: places("hairs_removed_px", hairs_removed_px)?,
    })
}

impl Stroke {
    fn into_model(self) -> Result<model::Stroke, Error> {
        if self.path_px.is_empty() {
            return Err(Error::field("path_px", "0 places", "at least 1 place [x, y]"));
        }
        let path = places("path_px", self.path_px)?;
        let radius_px = within("radius_px", self.radius_px, 0.01..=1000.0, "px")?;
        Ok(model::Stroke { side: self.side.into(), path, radius_px })
    }
}

fn places(field: &'static str, places_px: Vec<[f64; 2]>) -> Result<Vec<PointInPhoto>, Error> {
    at_most(field, places_px, PLACES_MAX)?.into_iter().map(|[x, y]| place(field, x, y)).collect()
}

fn frame([left, top, right, bottom]: [f64; 4]) -> Result<[PointInPhoto; 2], Error> {
    let corners = [place("box_px", left, top)?, place("box_px", right, bottom)?];
    if right <= left || bottom <= top {
        let found = format!("[{left}, {top}, {right}, {bottom}]");
        return Err(Error::field("box_px", found, "left below right and top below bottom, px"));
    }
    Ok(corners)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_and_boxes_are_understood() {
        let text = r#"{"format": "stipple/scribbles/1", "box_px": [10, 20, 300, 200], "strokes": [
            {"side": "inside", "path_px": [[30, 60], [200, 70.5]], "radius_px": 6},
            {"side": "outside", "path_px": [[30, 160]], "radius_px": 4}]}"#;
        let marks = marks_from_json(text).expect("it is right");
        assert_eq!(marks.strokes.len(), 2);
        assert_eq!(
            (marks.strokes[0].side, marks.strokes[1].side),
            (model::Side::Inside, model::Side::Outside)
        );
        assert_eq!(marks.strokes[0].path[1], PointInPhoto::new(200.0, 70.5));
        assert_eq!(marks.frame.map(|corners| corners[1]), Some(PointInPhoto::new(300.0, 200.0)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_place() {
        let refused = |body: &str| {
            let text = format!(r#"{{"format": "stipple/scribbles/1"{body}}}"#);
            marks_from_json(text).expect_err("refused").to_string()
        };
        let stroke = |path: &str, radius: &str| {
            format!(r#", "strokes": [{{"side": "inside", "path_px": {path}, "radius_px": {radius}}}]"#)
        };
        assert!(refused("").contains("at least one stroke"));
        assert!(refused(&stroke("[]", "5")).contains("strokes[0].path_px is 0 places"));
        assert!(refused(&stroke("[[1, 2]]", "0")).contains("strokes[0].radius_px"));
        assert!(refused(&stroke("[[1e9, 2]]", "5")).contains("path_px"));
        assert!(refused(r#", "box_px": [9, 9, 3, 20]"#).contains("box_px"));
        let other = marks_from_json(r#"{"format": "stipple/plan/1"}"#).expect_err("refused").to_string();
        assert!(other.contains("needed: stipple/scribbles/1"), "{other}");
    }
}
