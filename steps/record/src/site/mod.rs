//! A portfolio → the static pages that strangers read, on any web host, without scripts.
//!
//! [`site`] gives every file but the pictures, the list of files and its signature: whoever writes the bundle puts the signed
//! pictures at [`PublishedCase::picture_name`](stipple_model::PublishedCase::picture_name) and seals all of it.
//!
//! Cases stand in an order by lot, never by how good they look. Whatever a person wrote is escaped by the page maker
//! (`maud`) and set apart from its surroundings by `bdi`, so that neither markup nor a change of direction gets out of it.

mod cases;
mod chart;
mod compare;
mod draw;
mod index;
mod reviews;
mod sample;
mod shell;
mod texts;
mod verify;
mod words;

use stipple_model::Portfolio;

use crate::format::portfolio_to_json;
use shell::Page;

pub use compare::COMPARE_JS;
pub use draw::{DRAWN, drawn};

/// The look of the pages.
pub const STYLE_CSS: &str = include_str!("style.css");

/// Every file of a portfolio's pages but its pictures, by name, in order; `fingerprint` is what the clinic's key is known by,
/// `voucher` who else vouches for it.
///
/// # Determinism
/// The same portfolio gives the same bytes.
pub fn site(portfolio: &Portfolio, fingerprint: &str, voucher: Option<&str>) -> Vec<(String, Vec<u8>)> {
    let pages = index::pages(portfolio)
        .into_iter()
        .chain(cases::pages(portfolio))
        .chain(reviews::pages(portfolio))
        .chain([sample::page(portfolio), verify::page(portfolio, fingerprint, voucher)])
        .chain([compare::page(portfolio)]);
    let mut files: Vec<(String, Vec<u8>)> =
        pages.map(|page: Page<'_>| (page.name.clone(), page.html().into_bytes())).collect();
    files.push(("compare.js".to_owned(), COMPARE_JS.into()));
    files.push(("style.css".to_owned(), STYLE_CSS.into()));
    files.push(("portfolio.json".to_owned(), portfolio_to_json(portfolio).into_bytes()));
    files.sort();
    files
}

/// Name of a page of several: `cases.html`, `cases-2.html`.
fn numbered(stem: &str, number: usize) -> String {
    if number == 1 { format!("{stem}.html") } else { format!("{stem}-{number}.html") }
}
