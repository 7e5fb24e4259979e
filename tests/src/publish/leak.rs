//! No secret of the originals comes out.

use data_encoding::{BASE64, HEXLOWER};

use super::secrets::{all, secret};
use super::{published, request};

/// Every way in which a word may stand in bytes: plain, wide, hexadecimal, base64 at each of three places.
fn ways(word: &str) -> Vec<Vec<u8>> {
    let plain = word.as_bytes();
    let little: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
    // The ends mix with what stands around: only what is the word's alone is looked for.
    let base64 =
        (0..3).map(|skip| BASE64.encode(&plain[skip..skip + 3 * ((plain.len() - skip) / 3)]).into_bytes());
    [plain.to_vec(), little, big, HEXLOWER.encode(plain).into_bytes()].into_iter().chain(base64).collect()
}

/// The secrets in some bytes.
pub(crate) fn found(bytes: &[u8]) -> Vec<String> {
    let lower = |bytes: &[u8]| bytes.to_ascii_lowercase();
    let bytes = lower(bytes);
    let holds = |way: &[u8]| bytes.windows(way.len()).any(|part| part == way);
    all().into_iter().filter(|word| ways(word).iter().any(|way| holds(&lower(way)))).collect()
}

#[test]
fn none_of_forty_secrets_comes_out() {
    for original in [&request().before.bytes, &request().after.bytes] {
        assert_eq!(found(original), all(), "all are planted, or the scan is blind");
    }
    let hidden = format!("x{}", BASE64.encode(format!("ab{}", secret(3)).as_bytes()));
    assert_eq!(found(hidden.as_bytes()), [secret(3)], "and it sees through base64");
    let published = published();
    let outputs: [&[u8]; 3] =
        [&published.jpeg, &published.unsigned_jpeg, published.derivation_json.as_bytes()];
    for output in outputs {
        assert_eq!(found(output), Vec::<String>::new());
    }
    // Nothing is packed: what deflate, brotli or gzip would hide cannot be there.
    let packed: [&[u8]; 3] = [b"\x1f\x8b\x08", b"brob", b"iTXt"];
    assert!(packed.iter().all(|mark| !published.jpeg.windows(mark.len()).any(|part| part == *mark)));
}
