//! A painted scalp, read.

use stipple_color::skin_tone::typical_skin;
use stipple_color::{Lab, RgbSpace};
use stipple_model::{BitDepth, Code, Photo, PitchSource, Reading, ReadingMaps, Unwatched, Watch, Weight};
use stipple_quantity::{Seed, Stream};
use stipple_raster::Mask;

use super::*;

const WIDTH: usize = 480;
const HEIGHT: usize = 360;
const PX_PER_MM: f64 = 10.0;
/// Rows of the painted bald band, pixels.
const BAND: std::ops::Range<usize> = 160..205;

/// Skin of a tone with dots on a jittered lattice of 74 per cm²; no dots in the band if there is one.
fn painted(ita: f64, band: bool) -> Photo {
    let mut draw = Seed(7).stream("read.test", 0);
    let spacing = 1.16 * PX_PER_MM;
    let mut places = Vec::new();
    for row in 0..(HEIGHT as f64 / spacing) as usize {
        for column in 0..(WIDTH as f64 / spacing) as usize {
            let mut jitter = |k: usize| (k as f64 + 0.5 + draw.between(-0.22, 0.22)) * spacing;
            let (x, y) = (jitter(column), jitter(row));
            if !(band && BAND.contains(&(y as usize))) {
                places.push((x, y));
            }
        }
    }
    dotted(ita, &places, &mut draw)
}

/// Dots in loose clusters of up to seven, with gaps as wide as a scar between them: body hair.
fn clustered(ita: f64, seed: u64) -> Photo {
    let mut draw = Seed(seed).stream("read.test", 2);
    let mut places = Vec::new();
    for _ in 0..40 + seed as usize % 60 {
        let (x, y) = (draw.between(0.0, WIDTH as f64), draw.between(0.0, HEIGHT as f64));
        for _ in 0..1 + draw.below(7) {
            places.push((x + 25.0 * draw.normal(), y + 25.0 * draw.normal()));
        }
    }
    places.retain(|(x, y)| (0.0..WIDTH as f64).contains(x) && (0.0..HEIGHT as f64).contains(y));
    dotted(ita, &places, &mut draw)
}

/// Skin of a tone with a dark dot at every place.
fn dotted(ita: f64, places: &[(f64, f64)], draw: &mut Stream) -> Photo {
    let mut cover = vec![0.0f64; WIDTH * HEIGHT];
    places.iter().for_each(|(x, y)| dot(&mut cover, *x, *y));
    let skin = typical_skin(ita).to_linear(RgbSpace::Srgb).rgb;
    let hair = Lab::new(14.0, 1.0, 2.0).to_linear(RgbSpace::Srgb).rgb;
    let codes = cover.iter().flat_map(|share| pixel(skin, hair, *share, draw)).collect();
    Photo::new(WIDTH, HEIGHT, RgbSpace::Srgb, BitDepth::Sixteen, codes)
}

fn dot(cover: &mut [f64], x: f64, y: f64) {
    for row in (y as usize).saturating_sub(4)..(y as usize + 5).min(HEIGHT) {
        for column in (x as usize).saturating_sub(4)..(x as usize + 5).min(WIDTH) {
            let away = (column as f64 + 0.5 - x).hypot(row as f64 + 0.5 - y);
            cover[row * WIDTH + column] += 0.75 * (-0.5 * (away / 1.0).powi(2)).exp();
        }
    }
}

fn pixel(skin: [f32; 3], hair: [f32; 3], share: f64, draw: &mut Stream) -> [u16; 3] {
    let noise = (1.0 + 0.015 * draw.normal()) as f32;
    std::array::from_fn(|c| {
        let share = share.min(1.0) as f32;
        let linear = (skin[c] * (1.0 - share) + hair[c] * share) * noise;
        (RgbSpace::Srgb.encoded_from_linear(linear) * 65_535.0) as u16
    })
}

fn options() -> ReadOptions {
    ReadOptions { pixel_pitch_um: Some(1000.0 / PX_PER_MM), ..ReadOptions::default() }
}

fn reading(photo: &Photo, options: &ReadOptions) -> Qualified<(Reading, ReadingMaps)> {
    read(photo, options, &Unwatched).expect("a painted scalp can be read")
}

#[test]
fn density_tone_and_band_of_light_and_dark_skin() {
    for ita in [45.0, -50.0] {
        let (read, maps) = reading(&painted(ita, true), &options()).value;
        let density = read.hair.unit_density_per_cm2.expect("there is hair");
        assert!((density.value - 74.0).abs() < 2.0 * density.standard_uncertainty, "{ita}: {density:?}");
        assert!((read.skin.ita_deg.value - ita).abs() < 6.0, "{ita}: {:?}", read.skin.ita_deg);
        assert_eq!(read.scars.len(), 1, "{ita}");
        let rows = |y: usize| maps.scar_mask.samples[y * WIDTH..(y + 1) * WIDTH].iter();
        let inside: usize = BAND.map(|y| rows(y).filter(|s| **s).count()).sum();
        assert!(inside > BAND.len() * WIDTH * 3 / 4 && 4 * inside > 3 * maps.scar_mask.count());
    }
}

#[test]
fn no_scar_is_proposed_where_hair_is_even_or_absent() {
    let even = reading(&painted(30.0, false), &options());
    assert!(even.value.0.scars.is_empty());
    assert!(even.caveats.iter().any(|c| c.code == Code::ScarNone));
    let skin = typical_skin(30.0).to_linear(RgbSpace::Srgb).rgb;
    let mut draw = Seed(1).stream("read.test", 1);
    let codes = (0..WIDTH * HEIGHT).flat_map(|_| pixel(skin, skin, 0.0, &mut draw)).collect();
    let bald = Photo::new(WIDTH, HEIGHT, RgbSpace::Srgb, BitDepth::Sixteen, codes);
    let bald = reading(&bald, &options());
    assert!(bald.value.0.scars.is_empty() && bald.value.0.hair.detections.len() < 10);
}

#[test]
fn gaps_between_unevenly_grown_hairs_are_no_scars() {
    let proposed = |seed: u64| reading(&clustered(40.0 - 2.0 * seed as f64, seed), &options()).value.0.scars;
    let with_scars: Vec<u64> = (0..24).filter(|seed| !proposed(*seed).is_empty()).collect();
    assert!(with_scars.is_empty(), "seeds {with_scars:?}");
}

#[test]
fn a_drawn_scar_is_taken_as_drawn() {
    let photo = painted(30.0, true);
    let mut mask = Mask::filled(WIDTH, HEIGHT, false);
    for y in BAND {
        mask.samples[y * WIDTH + 100..y * WIDTH + 400].fill(true);
    }
    let read = reading(&photo, &ReadOptions { scar_mask: Some(mask.clone()), ..options() });
    let (reading, maps) = read.value;
    assert_eq!(maps.scar_mask, mask);
    assert_eq!(reading.scars.len(), 1);
    assert!((reading.scars[0].area_mm2.value - 30.0 * 4.5).abs() < 3.0);
    assert!(read.caveats.iter().any(|c| c.code == Code::ScarEntered));
}

#[test]
fn without_a_scale_the_pitch_comes_from_hair_and_says_so() {
    let read = reading(&painted(30.0, false), &ReadOptions { pixel_pitch_um: None, ..options() });
    let pitch = read.value.0.photo.pixel_pitch_um;
    assert_eq!(read.value.0.photo.pixel_pitch_source, PitchSource::Estimated);
    assert!((pitch.value - 100.0).abs() < 2.0 * pitch.standard_uncertainty, "{pitch:?}");
    assert!(pitch.relative_uncertainty() > 0.25);
    assert!(read.caveats.iter().any(|c| c.code == Code::ScaleEstimated && c.weight >= Weight::Doubt));
}

#[test]
fn pictures_without_light_or_skin_are_refused() {
    let flat = |code: [u16; 3]| Photo::new(200, 200, RgbSpace::Srgb, BitDepth::Eight, code.repeat(200 * 200));
    let outcome = |photo: &Photo| read(photo, &options(), &Unwatched).map(|_| ()).expect_err("refused");
    assert!(matches!(outcome(&flat([0; 3])), Error::Unlit { .. }));
    assert!(matches!(outcome(&flat([65_535; 3])), Error::Unlit { .. }));
    assert!(matches!(outcome(&flat([9_000, 20_000, 40_000])), Error::NoSkin { .. }));
    assert!(matches!(outcome(&flat([3_300; 3])), Error::Dark { .. }));
    let small = ReadOptions { scar_mask: Some(Mask::filled(3, 3, true)), ..options() };
    assert!(matches!(read(&flat([0; 3]), &small, &Unwatched), Err(Error::Mask { .. })));
}

#[test]
fn a_pitch_that_cannot_be_makes_no_thumbnail_readable() {
    let thumbnail = Photo::new(64, 64, RgbSpace::Srgb, BitDepth::Eight, vec![30_000; 3 * 64 * 64]);
    for pitch_um in [0.0, 1e9, f64::NAN] {
        let with_pitch = ReadOptions { pixel_pitch_um: Some(pitch_um), ..options() };
        assert!(matches!(read(&thumbnail, &with_pitch, &Unwatched), Err(Error::TooSmall { .. })));
    }
}

#[test]
fn it_stops_when_asked_and_does_not_depend_on_threads() {
    struct Impatient;
    impl Watch for Impatient {
        fn progress(&self, _phase: &'static str, _share: f64) {}
        fn stopped(&self) -> bool {
            true
        }
    }
    let photo = painted(10.0, true);
    assert_eq!(read(&photo, &options(), &Impatient).map(|_| ()), Err(Error::Stopped));
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| reading(&photo, &options()))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn noise_and_strong_compression_are_told() {
    let clean = painted(20.0, false);
    let told = |photo: &Photo, code: Code| reading(photo, &options()).caveats.iter().any(|c| c.code == code);
    assert!(!told(&clean, Code::PhotoNoise) && !told(&clean, Code::PhotoCompressed));
    let mut draw = Seed(3).stream("read.test", 3);
    let noisy =
        clean.codes.iter().map(|code| (f64::from(*code) * (1.0 + 0.1 * draw.normal())) as u16).collect();
    assert!(told(&Photo::new(WIDTH, HEIGHT, clean.space, clean.bit_depth, noisy), Code::PhotoNoise));
    let bytes: Vec<u8> = clean.codes.iter().map(|code| (code >> 8) as u8).collect();
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 12)
        .encode(&bytes, WIDTH as u16, HEIGHT as u16, jpeg_encoder::ColorType::Rgb)
        .expect("it can be encoded");
    let squares = photo::decode(&jpeg, &photo::DecodeLimits::ordinary()).expect("it can be decoded").value;
    assert!(told(&squares, Code::PhotoCompressed));
}
