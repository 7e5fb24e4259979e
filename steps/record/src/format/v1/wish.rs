//! `wish.json`: what a practitioner's sliders say. It is read, not written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stipple_model as model;
use stipple_quantity::PointInPhoto;

use super::part::place;
use super::{parse, require_format};
use crate::error::Error;
use crate::format::number::at_most;

/// The format's full word.
pub(crate) const FORMAT: &str = "stipple/wish/1";
const WHAT: &str = "wish";
/// Most places of a line or an outline.
const PLACES_MAX: usize = 500;

/// What a practitioner wishes; everything else is as the protocol has it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// `stipple/wish/1`.
    pub format: String,
    /// Dots to make over those that the protocol asks for, 0.5 to 1.5.
    pub density: f64,
    /// Width of the soft edge around scars, mm, 0 to 40.
    pub feather_mm: f64,
    /// Diameter of a healed dot, µm, 60 to 240; that of the needle's dot follows in proportion.
    pub healed_diameter_um: f64,
    /// The pigment's id in the protocol; null for the one that suits best.
    #[serde(default)]
    pub pigment: Option<String>,
    /// Parts of diluent to one part of pigment, 0 to 1000; null for what suits best.
    #[serde(default)]
    pub dilution: Option<f64>,
    /// Over how many sessions, 1 to 4.
    pub sessions: usize,
    /// A line at which hair is to begin.
    #[serde(default)]
    pub hairline: Option<Hairline>,
    /// Outline of an area in which hair is thinning, as places [x, y] in pixels of the upright photograph (x right, y down).
    #[serde(default)]
    pub thinning_px: Option<Vec<[f64; 2]>>,
}

/// A line at which hair is to begin.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hairline {
    /// Places [x, y] along it, in pixels of the upright photograph.
    pub line_px: Vec<[f64; 2]>,
    /// How far behind the line dots may go, mm, 5 to 150.
    pub depth_mm: f64,
    /// A place on the side where hair grows; null for the side where hair was read.
    #[serde(default)]
    pub hair_side_px: Option<[f64; 2]>,
}

/// The wish in a `wish.json`.
///
/// # Errors
/// If it is not one, is of another version, has fields that no wish has, or more places than a hand draws. Ranges of
/// numbers are told by [`model::Wish::applied_to`].
pub fn wish_from_json(text: impl AsRef<[u8]>) -> Result<model::Wish, Error> {
    let text = text.as_ref();
    require_format(text, WHAT, FORMAT)?;
    let wish: Wish = parse(text, WHAT)?;
    Ok(model::Wish {
        density: wish.density,
        feather_mm: wish.feather_mm,
        healed_diameter_um: wish.healed_diameter_um,
        pigment: wish.pigment,
        dilution: wish.dilution,
        sessions: wish.sessions,
        drawn: model::Drawn {
            thinning: wish.thinning_px.map(|outline| places("thinning_px", outline)).transpose()?,
            hairline: wish.hairline.map(Hairline::into_model).transpose()?,
        },
    })
}

impl Hairline {
    fn into_model(self) -> Result<model::Hairline, Error> {
        let hair_side = self.hair_side_px.map(|[x, y]| place("hairline.hair_side_px", x, y)).transpose()?;
        Ok(model::Hairline {
            line: places("hairline.line_px", self.line_px)?,
            depth_mm: self.depth_mm,
            hair_side,
        })
    }
}

fn places(field: &str, places: Vec<[f64; 2]>) -> Result<Vec<PointInPhoto>, Error> {
    at_most(field, places, PLACES_MAX)?.into_iter().map(|[x, y]| place(field, x, y)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WISH: &str = r#"{"format": "stipple/wish/1", "density": 0.8, "feather_mm": 12, "healed_diameter_um": 110,
        "pigment": "carbon-black", "dilution": null, "sessions": 2, "thinning_px": [[1, 2], [30, 2], [30, 40]],
        "hairline": {"line_px": [[5, 5], [90, 8.5]], "depth_mm": 30, "hair_side_px": null}}"#;

    #[test]
    fn a_wish_is_understood_and_applied() {
        let wish = wish_from_json(WISH).expect("it is right");
        let hairline = wish.drawn.hairline.as_ref().expect("drawn");
        assert_eq!((hairline.line[1], hairline.depth_mm), (PointInPhoto::new(90.0, 8.5), 30.0));
        assert_eq!(wish.drawn.thinning.as_ref().map(Vec::len), Some(3));
        let protocol = crate::settings::default_protocol();
        let wished = wish.applied_to(&protocol).expect("within ranges");
        let density_share = 0.8 * protocol.density_share;
        assert_eq!(
            (wished.density_share, wished.feather_mm, wished.pigments.len()),
            (density_share, 12.0, 1)
        );
        assert!((wished.healed_diameter_um.value - 110.0).abs() < 1e-9);
        let shares: Vec<f64> = wished.sessions.iter().map(|session| session.share_after).collect();
        assert!((shares[0] - 0.5).abs() < 1e-9 && shares[1] == 1.0, "{shares:?}");
        let own = model::Wish::of(&protocol, &model::Drawn::default());
        assert_eq!(own.applied_to(&protocol), Ok(protocol));
    }

    #[test]
    fn what_cannot_be_wished_is_refused_with_its_place() {
        let refused = |from: &str, to: &str| {
            let wish = wish_from_json(WISH.replace(from, to)).map_err(|trouble| trouble.to_string());
            match wish {
                Err(trouble) => trouble,
                Ok(wish) => {
                    let unfit = wish.applied_to(&crate::settings::default_protocol()).expect_err("refused");
                    format!("{} {} {}", unfit.field, unfit.found, unfit.needed)
                }
            }
        };
        assert!(refused("0.8", "1.6").contains("density 1.6 a number from 0.5 to 1.5"));
        assert!(refused(": 12", ": 41").contains("feather_mm"));
        assert!(refused("110", "10").contains("healed_diameter_um"));
        assert!(refused("\"sessions\": 2", "\"sessions\": 5").contains("1 to 4"));
        assert!(refused("carbon-black", "blue").contains("pigment blue carbon-black"));
        assert!(refused("\"dilution\": null", "\"dilution\": -1").contains("dilution"));
        assert!(refused("\"depth_mm\": 30", "\"depth_mm\": 1").contains("hairline.depth_mm"));
        assert!(refused("density", "dense").contains("unknown field"));
        assert!(refused("[30, 2]", "[1e9, 2]").contains("thinning_px"));
        assert!(refused("wish/1", "plan/1").contains("needed: stipple/wish/1"));
    }
}
