//! Whether every byte of a JPEG's content credentials is signed, or is as it has to be.
//!
//! C2PA leaves bytes unsigned: the heads of segments and boxes, and what fills a signature up to the room that was kept for it.
//! Words could be written into them. Here they have to be what Stipple writes: one manifest, no box besides its own, zeros.

use std::collections::HashSet;
use std::ops::Range;

use coset::cbor::{self, Value};
use coset::{CoseSign1, Header, Label, TaggedCborSerializable as _};
use sha2::{Digest as _, Sha256};

const START_OF_SCAN: u8 = 0xda;
const APP11: u8 = 0xeb;
/// What a segment begins with after its length: that it is of JPEG's boxes, and the number of the box.
const BOX_OF_JPEG: [u8; 4] = [b'J', b'P', 0x02, 0x11];
/// How a box's kind goes on after its four letters, and that it has a name.
const KIND: [u8; 13] = [0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71, 0x03];
const JUMB: &[u8] = b"jumb";
const JUMD: &[u8] = b"jumd";
const CBOR: &[u8] = b"cbor";

/// A box: its four letters, and what stands in it.
type Boxed<'a> = (&'a [u8], &'a [u8]);

/// Whether nothing stands in a JPEG's credentials but what is signed, and what has to stand there.
pub(crate) fn is_all_signed(jpeg: &[u8]) -> bool {
    holds(jpeg).unwrap_or(false)
}

/// The same; none where it is not of the form that Stipple writes.
fn holds(jpeg: &[u8]) -> Option<bool> {
    let (place, store) = store(jpeg)?;
    let [(JUMB, block)] = boxes(&store)?[..] else { return None };
    let [(JUMB, manifest)] = within(block, b"c2pa", b"c2pa")?[..] else { return None };
    let name = boxes(manifest)?.first().and_then(|(_, said)| name(said))?;
    let [(JUMB, assertions), (JUMB, claim), (JUMB, signature)] = within(manifest, b"c2ma", name)?[..] else {
        return None;
    };
    let assertions = within(assertions, b"c2as", b"c2pa.assertions")?;
    let [(CBOR, claim)] = within(claim, b"c2cl", b"c2pa.claim.v2")?[..] else { return None };
    let [(CBOR, signature)] = within(signature, b"c2cs", b"c2pa.signature")?[..] else { return None };
    // The claim is signed byte for byte; what it names by its hash is signed with it.
    let claimed = claimed(claim)?;
    let are_claimed = assertions
        .iter()
        .all(|(kind, one)| *kind == JUMB && claimed.contains(Sha256::digest(one).as_slice()));
    let is_named = claim.windows(name.len()).any(|found| found == name);
    Some(are_claimed && is_named && left_out(&assertions)? == place && is_bare(signature)?)
}

/// The hashes of the assertions that a claim names.
fn claimed(claim: &[u8]) -> Option<HashSet<Vec<u8>>> {
    let claim: Value = cbor::from_reader(claim).ok()?;
    let lists = ["created_assertions", "gathered_assertions"].into_iter().filter_map(|list| of(&claim, list));
    let named = lists.filter_map(Value::as_array).flatten();
    Some(named.filter_map(|one| of(one, "hash")?.as_bytes().cloned()).collect())
}

/// The store of credentials, and where in the file its segments stand: one after the other.
fn store(jpeg: &[u8]) -> Option<(Range<usize>, Vec<u8>)> {
    let (mut place, mut store) = (None::<Range<usize>>, Vec::new());
    let (mut at, mut number) = (2, 0_u32);
    loop {
        let &[0xff, marker, high, low] = jpeg.get(at..at + 4)? else { return None };
        if marker == START_OF_SCAN {
            return Some((place?, store));
        }
        let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == APP11 {
            number += 1;
            // From the second on, the box's own head is there again.
            let again = if number > 1 { store.get(..8)? } else { &[] };
            let head = [BOX_OF_JPEG.as_slice(), number.to_be_bytes().as_slice(), again].concat();
            store.extend(jpeg.get(at + 4..end)?.strip_prefix(head.as_slice())?);
            let begin = place.map_or(Some(at), |before| (before.end == at).then_some(before.start))?;
            place = Some(begin..end);
        }
        at = end;
    }
}

/// Boxes that fill bytes to the end.
fn boxes(mut bytes: &[u8]) -> Option<Vec<Boxed<'_>>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let size = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
        let (one, rest) = bytes.split_at_checked(size)?;
        found.push((one.get(4..8)?, &one[8..]));
        bytes = rest;
    }
    Some(found)
}

/// What stands in a box of boxes, if it says of itself that it is of a kind and has a name, and nothing more.
fn within<'a>(bytes: &'a [u8], kind: &[u8; 4], name: &[u8]) -> Option<Vec<Boxed<'a>>> {
    let said = [kind.as_slice(), &KIND, name, &[0]].concat();
    let mut all = boxes(bytes)?;
    let is_so = *all.first()? == (JUMD, said.as_slice());
    is_so.then(|| all.split_off(1))
}

/// The name that a box says.
fn name(said: &[u8]) -> Option<&[u8]> {
    let name = said.get(17..)?.split(|byte| *byte == 0).next();
    name.filter(|name| !name.is_empty())
}

/// The bytes of the file that are not signed with the picture, as an assertion says that is itself signed.
fn left_out(assertions: &[Boxed<'_>]) -> Option<Range<usize>> {
    let said = assertions.iter().find_map(|(_, one)| match boxes(one)?[..] {
        [(JUMD, said), (CBOR, data)] if name(said)? == b"c2pa.hash.data" => Some(data),
        _ => None,
    })?;
    let said: Value = cbor::from_reader(said).ok()?;
    let [one] = of(&said, "exclusions")?.as_array()?.as_slice() else { return None };
    let number = |key| usize::try_from(of(one, key)?.as_integer()?).ok();
    let start = number("start")?;
    Some(start..start.checked_add(number("length")?)?)
}

fn of<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    map.as_map()?.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, value)| value)
}

/// Whether a signature holds itself, what it signs, and zeros that fill it up.
fn is_bare(signature: &[u8]) -> Option<bool> {
    let signed = CoseSign1::from_tagged_slice(signature).ok()?;
    let fills = |(label, value): &(Label, Value)| {
        let is_named = matches!(label, Label::Text(name) if ["pad", "pad2"].contains(&name.as_str()));
        is_named && value.as_bytes().is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0))
    };
    let rest = &signed.unprotected.rest;
    let is_filled = rest.iter().all(fills) && signed.payload.is_none();
    let is_alone = Header { rest: Vec::new(), ..signed.unprotected.clone() }.is_empty();
    Some(is_filled && is_alone && signed.to_tagged_vec().ok()? == signature)
}

#[cfg(test)]
mod tests;
