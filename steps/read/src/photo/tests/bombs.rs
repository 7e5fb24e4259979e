//! Small files that ask for much.

use heifer::heifer_isobmff::HeifFile;
use heifer::heifer_isobmff::writer::{HeifWriter, ImageSpec};

use super::*;

fn few() -> DecodeLimits {
    DecodeLimits { pixels_max: 300_000, ..limits() }
}

/// A grid of rows and columns that shows one picture of 256 × 256 pixels over and over, cut to a side.
fn grid(rows: u16, columns: u16, side_px: u32) -> Vec<u8> {
    let tile = heic_of(256, 256, 8, None);
    let file = HeifFile::parse(&tile).expect("a file of our own");
    let config = file.hevc_config(file.primary_id).expect("it is there").expect("it has one").clone();
    let data = file.item_data(file.primary_id).expect("it has data");
    let (mut slices, mut rest) = (Vec::new(), &*data);
    while let Some((length, after)) = rest.split_first_chunk() {
        let (slice, more) = after.split_at(u32::from_be_bytes(*length) as usize);
        slices.push(slice.to_vec());
        rest = more;
    }
    let mut writer = HeifWriter::new();
    let tile = writer.add_image(&ImageSpec { hidden: true, ..ImageSpec::new(256, 256, config, &slices) });
    let tiles = vec![tile; usize::from(rows) * usize::from(columns)];
    writer.add_grid(rows, columns, side_px, side_px, &tiles, None, None);
    writer.finish()
}

#[test]
fn a_heic_picture_shown_over_and_over_is_refused() {
    let honest = decode(&grid(2, 2, 500), &few()).expect("four tiles make a picture").value;
    assert_eq!((honest.width_px, honest.height_px), (500, 500));
    assert!(matches!(decode(&grid(200, 200, 256), &few()), Err(Error::Damaged { .. })));
}

#[test]
fn a_webp_chunk_that_claims_gigabytes_is_refused() {
    let three = |v: u32| v.to_le_bytes()[..3].to_vec();
    let still = webp_with(None);
    let extended = |icc_bytes: u32| {
        let header = [vec![0x20, 0, 0, 0], three(WIDTH - 1), three(HEIGHT - 1)].concat();
        let profile = [b"ICCP".as_slice(), &icc_bytes.to_le_bytes(), b"none"].concat();
        let body = [b"WEBPVP8X\x0a\0\0\0".to_vec(), header, still[12..].to_vec(), profile].concat();
        [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes(), &body].concat()
    };
    assert!(decode(&extended(4), &limits()).is_ok());
    assert!(matches!(decode(&extended(0xf000_0000), &limits()), Err(Error::Damaged { .. })));
}

/// A TIFF file of one strip of data, and what a tag says more.
fn tiff_around(strip: &[u8], compression: u32, more: Option<(u16, u16, u32, u32)>) -> Vec<u8> {
    let entries = [
        (256, 4, 1, WIDTH),
        (257, 4, 1, HEIGHT),
        (258, 3, 1, 8),
        (259, 3, 1, compression),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, HEIGHT),
        (279, 4, 1, strip.len() as u32),
        (284, 3, 1, 1),
    ];
    let entries: Vec<(u16, u16, u32, u32)> = entries.into_iter().chain(more).collect();
    let padded = [strip, &[0][..strip.len() % 2]].concat();
    let mut file = [b"II*\0".as_slice(), &(8 + padded.len() as u32).to_le_bytes(), &padded].concat();
    file.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        file.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    file
}

#[test]
fn jpeg_data_in_a_tiff_that_claims_more_than_its_strip_is_refused() {
    let mut jpeg = Vec::new();
    let gray = DynamicImage::ImageRgb8(picture()).to_luma8();
    gray.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 90)).expect("encodes");
    let photo = read(&tiff_around(&jpeg, 7, None)).value;
    assert_eq!((photo.width_px, photo.height_px), (WIDTH as usize, HEIGHT as usize));
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame header");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x3f, 0xff, 0x3f, 0xff]);
    assert!(matches!(decode(&tiff_around(&jpeg, 7, None), &limits()), Err(Error::Damaged { .. })));
}

#[cfg(feature = "raw")]
#[test]
fn jpeg_xl_data_in_a_raw_file_that_claims_gigabytes_is_refused() {
    let strip = super::super::jpeg_xl::tests::square(30_000);
    let negative = tiff_around(&strip, 52_546, Some((0xc612, 1, 4, 0x0000_0701)));
    let refused = Error::Damaged { found: Kind::Raw.damaged() };
    assert_eq!(claims::require_possible(&negative, &limits()), Err(refused));
    let small = super::super::jpeg_xl::tests::square(200);
    let negative = tiff_around(&small, 52_546, Some((0xc612, 1, 4, 0x0000_0701)));
    assert_eq!(claims::require_possible(&negative, &limits()), Ok(()));
}

#[cfg(feature = "raw")]
#[test]
fn a_raw_file_whose_size_may_be_read_in_two_ways_is_refused() {
    let version = Some((0xc612, 1, 4, 0x0000_0701));
    let honest = tiff_around(&[0; 16], 1, version);
    assert_eq!(claims::require_possible(&honest, &limits()), Ok(()));
    let refused = Err(Error::Damaged { found: Kind::Raw.damaged() });
    // The first entry is the width: now of two numbers, which stand elsewhere.
    let mut elsewhere = honest.clone();
    let count = 8 + 16 + 2 + 4;
    elsewhere[count] = 2;
    assert_eq!(claims::require_possible(&elsewhere, &limits()), refused);
    // The second entry becomes another width.
    let mut twice = honest;
    twice[8 + 16 + 2 + 12] = 0;
    assert_eq!(claims::require_possible(&twice, &limits()), refused);
}
