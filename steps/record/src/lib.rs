//! Everything that leaves as bytes leaves here, and comes back here.
//!
//! # Place in the flow
//! Floor 3, the last step and the first: bytes → [`read_input`](store::read_input) → other steps;
//! their results → JSON, PNG, JPEG, PDF, SVG, CSV → [`write_folder`](store::write_folder).
//! The only step that touches the disk and serializes.
//!
//! # What it can do
//! - [`mod@format`]: `reading.json`, `assessment.json`, `plan.json`, `truth.json`, written and opened again.
//! - [`schema`]: their JSON Schemas.
//! - [`places`]: lines and outlines that a person drew, from CSV.
//! - [`scores`]: what people said of pictures, from CSV.
//! - [`settings`]: protocol, rules and answers from TOML, with the shipped ones inside.
//! - [`picture`]: photographs, simulations, drawings over photographs, masks and density maps as PNG and JPEG.
//! - [`document`], [`drawing`], [`table`]: report, stencil and card as PDF, the dots as SVG and CSV.
//! - [`mod@site`]: a portfolio as static pages.
//! - [`mod@calendar`]: days of care as iCalendar.
//! - [`mesh`]: strangers' surfaces in space, OBJ, PLY and GLB; [`head`]: dots on one, as CSV, PLY and a picture.
//! - [`store`]: files written whole or not at all.
//!
//! # Simplifications
//! Numbers are rounded on the way out (places to 0.001 px and 0.0001 mm, colors to 0.001, measures to six
//! significant digits), far below any uncertainty, so that files stay small and can be compared line by line.
//!
//! # Out of scope
//! Decoding photographs (`steps/read`), any computation on results, client records.
//!
//! # Invariants
//! - Opening what was written and writing it again gives the same bytes.
//! - A stranger's file is either understood in full or refused with the field, what was found and what is
//!   needed; it never stops the program.
//! - A picture or document carries no metadata but its color space and, on a simulation or a drawing, that it is one.
//! - No error holds a path, a person's name or the content of a picture.
//!
//! # Modules in reading order
//! [`provenance`], [`mod@format`], [`schema`], [`places`], [`scores`], [`settings`], [`picture`], [`document`], [`calendar`],
//! [`drawing`],
//! [`table`], [`mesh`], [`head`], [`mod@site`], [`store`], [`error`].
//!
//! # Sources
//! [@IptcDigitalSourceType]

pub mod calendar;
pub mod document;
pub mod drawing;
pub mod error;
pub mod format;
pub mod head;
pub mod mesh;
pub mod picture;
pub mod places;
pub mod provenance;
pub mod schema;
pub mod scores;
pub mod settings;
pub mod site;
pub mod store;
pub mod table;

pub use error::Error;
pub use provenance::{Input, Provenance, SOFTWARE, Setting};
