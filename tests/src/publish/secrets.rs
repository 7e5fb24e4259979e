//! Forty secrets, planted wherever a photograph's file can hold one.

use moxcms::{ColorProfile, ProfileText};

/// How many there are.
const COUNT: usize = 40;

/// A secret: a word that stands nowhere else.
pub(super) fn secret(k: usize) -> String {
    format!("zQ{k:02}kVhW{:04x}Jx", (k * 40_503 + 12_345) % 65_536)
}

/// All of them.
pub(super) fn all() -> Vec<String> {
    (0..COUNT).map(secret).collect()
}

/// A JPEG with all of them in it.
pub(super) fn planted(jpeg: &[u8]) -> Vec<u8> {
    let exif = [b"Exif\0\0".as_slice(), &exif()].concat();
    let xmp = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" dc:creator=\"{}\" dc:title=\"{}\" dc:subject=\"{}\" \
         dc:source=\"/home/{}/clients/{}.jpg\"/></rdf:RDF></x:xmpmeta>",
        secret(18),
        secret(19),
        secret(20),
        secret(21),
        secret(22)
    );
    let extended = format!("http://ns.adobe.com/xmp/extension/\0{:032}{}", 0, secret(23));
    let icc = [b"ICC_PROFILE\0\x01\x01".as_slice(), &icc()].concat();
    let iptc = [b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x40".as_slice(), &iptc()].concat();
    let mpf = [b"MPF\0MM\0\x2a\0\0\0\x08".as_slice(), secret(29).as_bytes()].concat();
    let segments = [
        (0xe1, exif),
        (0xe1, xmp.into_bytes()),
        (0xe1, extended.into_bytes()),
        (0xe2, icc),
        (0xe2, mpf),
        (0xe3, format!("Meta\0{}", secret(30)).into_bytes()),
        (0xec, format!("Ducky\0{}", secret(31)).into_bytes()),
        (0xed, iptc),
        (0xef, secret(32).into_bytes()),
        (0xfe, secret(33).into_bytes()),
        (0xfe, format!("C:\\Clients\\{}\\{}.jpg", secret(34), secret(35)).into_bytes()),
    ];
    let mut out = jpeg[..2].to_vec();
    for (marker, bytes) in segments {
        out.extend([0xff, marker]);
        out.extend(u16::try_from(bytes.len() + 2).expect("a segment").to_be_bytes());
        out.extend(bytes);
    }
    out.extend(&jpeg[2..]);
    // After the end: a second picture, as motion photos have, and a trailer.
    out.extend([0xff, 0xd8, 0xff, 0xfe, 0, 16]);
    out.extend(secret(36).into_bytes());
    out.extend([0xff, 0xd9]);
    out.extend(format!("{} {} {}", secret(37), secret(38), secret(39)).into_bytes());
    out
}

fn icc() -> Vec<u8> {
    let mut profile = ColorProfile::new_srgb();
    profile.description = Some(ProfileText::PlainString(secret(24)));
    profile.copyright = Some(ProfileText::PlainString(secret(25)));
    profile.encode().expect("a profile")
}

/// Three entries of a record of the press.
fn iptc() -> Vec<u8> {
    let entries = [(5, 26), (80, 27), (120, 28)].map(|(set, k)| {
        let word = secret(k);
        [&[0x1c, 2, set, 0, word.len() as u8], word.as_bytes()].concat()
    });
    entries.concat()
}

/// A tag, its type, count and bytes.
type Entry = (u16, u16, u32, Vec<u8>);

fn word(tag: u16, k: usize) -> Entry {
    let bytes = [secret(k).as_bytes(), &[0]].concat();
    (tag, 2, bytes.len() as u32, bytes)
}

fn blob(tag: u16, bytes: Vec<u8>) -> Entry {
    (tag, 7, bytes.len() as u32, bytes)
}

fn pointer(tag: u16, at: u32) -> Entry {
    (tag, 4, 1, at.to_le_bytes().to_vec())
}

/// Main, camera and place directories, and one with a small picture.
fn exif() -> Vec<u8> {
    let wide: Vec<u8> = secret(6).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let camera = vec![
        blob(0x927c, [b"Nikon\0".as_slice(), secret(7).as_bytes()].concat()),
        blob(0x9286, [b"ASCII\0\0\0".as_slice(), secret(8).as_bytes()].concat()),
        word(0xa420, 9),
        word(0xa430, 10),
        word(0xa431, 11),
        word(0xa434, 12),
        word(0xa435, 13),
    ];
    let place = vec![
        (0x0001, 2, 2, b"N\0".to_vec()),
        // Degrees, minutes, seconds as fractions: the secret's first 24 bytes are the numbers.
        (0x0002, 5, 3, [secret(14).as_bytes(), b"1234567890"].concat()[..24].to_vec()),
        blob(0x001b, secret(15).into_bytes()),
        blob(0x001c, secret(16).into_bytes()),
    ];
    let small = [&[0xff, 0xd8, 0xff, 0xfe, 0, 16], secret(17).as_bytes(), &[0xff, 0xd9]].concat();
    let main = |camera_at: u32, place_at: u32| {
        let mut all: Vec<Entry> = [0x010e, 0x010f, 0x0110, 0x0131, 0x013b, 0x8298]
            .into_iter()
            .enumerate()
            .map(|(k, tag)| word(tag, k))
            .collect();
        all.insert(6, pointer(0x8769, camera_at));
        all.insert(7, pointer(0x8825, place_at));
        all.push((0x9c9b, 1, wide.len() as u32, wide.clone()));
        all.sort_by_key(|entry| entry.0);
        all
    };
    let start = 8;
    let length = directory(&main(0, 0), start, 0).len() as u32;
    let camera_at = start + length;
    let place_at = camera_at + directory(&camera, camera_at, 0).len() as u32;
    let second_at = place_at + directory(&place, place_at, 0).len() as u32;
    let thumbnail = |at: u32| vec![pointer(0x0201, at), pointer(0x0202, small.len() as u32)];
    let small_at = second_at + directory(&thumbnail(0), second_at, 0).len() as u32;
    [
        b"II\x2a\0\x08\0\0\0".to_vec(),
        directory(&main(camera_at, place_at), start, second_at),
        directory(&camera, camera_at, 0),
        directory(&place, place_at, 0),
        directory(&thumbnail(small_at), second_at, 0),
        small,
    ]
    .concat()
}

/// A directory at a place, its longer values behind it.
fn directory(entries: &[Entry], at: u32, next: u32) -> Vec<u8> {
    let values_at = at + 2 + 12 * entries.len() as u32 + 4;
    let mut head = (entries.len() as u16).to_le_bytes().to_vec();
    let mut values = Vec::new();
    for (tag, kind, count, bytes) in entries {
        head.extend(tag.to_le_bytes());
        head.extend(kind.to_le_bytes());
        head.extend(count.to_le_bytes());
        if bytes.len() <= 4 {
            head.extend(bytes.iter().copied().chain([0; 4]).take(4));
        } else {
            head.extend((values_at + values.len() as u32).to_le_bytes());
            values.extend(bytes);
        }
    }
    head.extend(next.to_le_bytes());
    [head, values].concat()
}
