//! Cases drawn by lot, so that anybody can draw them again.

use std::collections::BTreeSet;

use stipple_model::{CaseId, Portfolio};

use crate::store::sha256_hex;

/// Cases that are drawn.
pub const DRAWN: usize = 5;

/// Cases drawn from everybody who agreed to be shown: those with the smallest SHA-256 of the seed, a colon and the id.
///
/// The seed is the hash that the clinic's chain of entries ends with, as its 64 hexadecimal digits.
pub fn drawn(portfolio: &Portfolio) -> Vec<&CaseId> {
    let mut ids = by_lot(&portfolio.ledger.hash, &portfolio.consented);
    ids.truncate(DRAWN);
    ids
}

/// Ids in the order of their hashes.
pub(super) fn by_lot<'a>(seed: &str, ids: &'a BTreeSet<CaseId>) -> Vec<&'a CaseId> {
    let mut ids: Vec<&CaseId> = ids.iter().collect();
    ids.sort_by_cached_key(|id| sha256_hex(format!("{seed}:{id}").as_bytes()));
    ids
}
