//! Cases drawn by lot, so that anybody can draw them again.

use std::collections::BTreeSet;

use stipple_model::{CaseId, Portfolio};

use crate::store::sha256_hex;

/// Cases that are drawn.
pub const DRAWN: usize = 5;

/// Cases drawn from everybody who agreed to be shown: those with the smallest SHA-256 of the seed, a colon and the id.
///
/// The seed is the month of the portfolio, YYYY-MM: nobody chooses it, and nothing that a clinic does makes another one.
pub fn drawn(portfolio: &Portfolio) -> Vec<&CaseId> {
    let mut ids = by_lot(&seed(portfolio), &portfolio.consented);
    ids.truncate(DRAWN);
    ids
}

/// What is drawn with.
pub(super) fn seed(portfolio: &Portfolio) -> String {
    portfolio.as_of.strftime("%Y-%m").to_string()
}

/// Ids in the order of their hashes.
pub(super) fn by_lot<'a>(seed: &str, ids: &'a BTreeSet<CaseId>) -> Vec<&'a CaseId> {
    let mut ids: Vec<&CaseId> = ids.iter().collect();
    ids.sort_by_cached_key(|id| sha256_hex(format!("{seed}:{id}").as_bytes()));
    ids
}
