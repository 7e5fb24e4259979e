//! What is published: made again, verified by a clean process, changed and caught, and no secret in it.

pub(crate) mod leak;
mod replay;
mod secrets;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use c2pa::{Context, Reader};
use jpeg_encoder::{ColorType, Encoder};
use stipple_color::RgbSpace;
use stipple_model::{
    Area, BeforeAfter, BitDepth, Bundle, Code, Date, Derivation, Language, LedgerHead, Listed, Moment, Photo,
    Recipe, Simulation, Unwatched, View,
};
use stipple_pipeline::publishing::{
    Authority, ConsentState, CountryState, KeptElsewhere, Refusal, SessionsSaid, Signer, Valid,
    certificate_to_pem, fingerprint, seal,
};
use stipple_pipeline::{
    OutcomeRequest, Pages, PhotoRequest, Publishable, Published, RootFinder, ScarSaid, Settings, Standing,
    publish, publish_simulation, publishable, read, verify_bundle,
};
use stipple_publish::signed_pair;
use stipple_quantity::Seed;
use stipple_record::{format, store};
use stipple_synth::Change;
use tempfile::TempDir;

use crate::outcome::visits;
use crate::stipple::{Run, stipple, text};

const VALID: Valid = Valid { from: Date::constant(2026, 1, 1), until: Date::constant(2126, 1, 1) };
const STANDING: Standing = Standing {
    consent: ConsentState::Given,
    age_years: BeforeAfter { before: Some(31), after: Some(32) },
    hash_stands: BeforeAfter { before: true, after: true },
    kept: KeptElsewhere { of_other_client: false, on_other_day: false, copied: false },
    country: CountryState::Allowed,
    sessions: SessionsSaid { days_since_last: Some(120), any_before: false },
};

fn authority(secret: u8) -> Authority {
    Authority::new(&[secret; 32], "Clinic at the Gate", VALID).expect("made")
}

pub(crate) fn signer() -> Signer {
    authority(7).signer(&[8; 32], VALID).expect("made")
}

fn settings() -> Settings {
    Settings::new(None, None, None, Date::constant(2026, 11, 29), Seed(1)).expect("the shipped ones")
}

/// The pair with which all are tested: JPEGs that hold forty secrets.
fn request() -> &'static OutcomeRequest {
    static REQUEST: OnceLock<OutcomeRequest> = OnceLock::new();
    REQUEST.get_or_init(|| {
        let visits = visits(7_300_001, Change::harsh);
        let photo = |photo: &Photo| PhotoRequest {
            bytes: with_secrets(photo),
            scar: ScarSaid::Nothing,
            scribbles: None,
            pixel_pitch_um: Some(83.3333),
            neutral: None,
            roots: RootFinder::Learned,
        };
        OutcomeRequest {
            before: photo(&visits.before.photo),
            after: photo(&visits.after.photo),
            plan: None,
            sessions_done: None,
            healed: false,
            map: None,
            days_since_last_session: Some(120),
            pages: Pages::default(),
        }
    })
}

fn recipe() -> &'static Recipe {
    static RECIPE: OnceLock<Recipe> = OnceLock::new();
    RECIPE.get_or_init(|| publishable(request(), &Unwatched).expect("a pair").suggested(Language::English))
}

pub(crate) fn published() -> &'static Published {
    static PUBLISHED: OnceLock<Published> = OnceLock::new();
    PUBLISHED.get_or_init(|| made(request(), recipe()).expect("it may be published"))
}

/// The same picture, signed with a derivation that states other numbers.
pub(crate) fn signed_with(derivation_json: &str) -> Vec<u8> {
    static FOUND: OnceLock<Publishable> = OnceLock::new();
    let found = FOUND.get_or_init(|| publishable(request(), &Unwatched).expect("a pair"));
    let derivation = Derivation {
        recipe: recipe(),
        outcome: &found.outcome.value,
        outline_drawn: false,
        scar_shown: 1.0,
        doubts: &[],
        white_gain: BeforeAfter { before: [1.0; 3], after: [1.0; 3] },
        made_on: Date::constant(2026, 11, 29),
    };
    let told = (&derivation, derivation_json);
    signed_pair(&published().unsigned_jpeg, told, false, "stipple 0.1.0", &signer()).expect("signed")
}

fn made(request: &OutcomeRequest, recipe: &Recipe) -> Result<Published, stipple_pipeline::Error> {
    publish(request, recipe, &STANDING, &signer(), &settings(), &Unwatched)
}

/// A photograph as a JPEG that holds forty secrets.
pub(crate) fn with_secrets(photo: &Photo) -> Vec<u8> {
    secrets::planted(&jpeg(photo))
}

fn jpeg(photo: &Photo) -> Vec<u8> {
    let rgb: Vec<u8> = photo.codes.iter().map(|code| (code / 257) as u8).collect();
    encoded(&rgb, photo.width_px, photo.height_px)
}

fn encoded(rgb: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes, 95).encode(rgb, width as u16, height as u16, ColorType::Rgb).expect("encoded");
    bytes
}

fn verify(folder: &TempDir, bytes: &[u8], more: &[&str]) -> Run {
    // A wrong name: what it is is told by what it holds.
    let path = folder.path().join("picture.png");
    std::fs::write(&path, bytes).expect("written");
    stipple(&[&["verify", text(&path)], more].concat())
}

#[test]
fn the_same_originals_and_recipe_give_the_same_picture_and_others_are_refused() {
    let again = made(request(), recipe()).expect("it may be published");
    assert!(again.unsigned_jpeg == published().unsigned_jpeg, "byte for byte");
    assert_eq!(again.derivation_json, published().derivation_json);
    if let Some(place) = std::env::var_os("STIPPLE_SHOW") {
        // To be looked at, and checked with other programs.
        let folder = PathBuf::from(place);
        std::fs::write(folder.join("pair.jpg"), &again.jpeg).expect("written");
        let german = Recipe { language: Language::German, ..recipe().clone() };
        let german = made(request(), &german).expect("it may be published");
        std::fs::write(folder.join("paar.jpg"), &german.jpeg).expect("written");
        let pem = certificate_to_pem(authority(7).certificate());
        std::fs::write(folder.join("authority.pem"), pem).expect("written");
    }
    let mut other = request().clone();
    other.after.bytes.push(0);
    let refused = made(&other, recipe()).expect_err("another original");
    assert!(refused.to_string().contains("(after)"), "{refused}");
}

#[test]
fn what_may_not_be_published_is_not_made() {
    let standing = Standing { consent: ConsentState::Withdrawn, ..STANDING };
    let refused = publish(request(), recipe(), &standing, &signer(), &settings(), &Unwatched);
    assert!(refused.expect_err("withdrawn").to_string().contains("took the consent"));
}

/// The pair with less of the photograph after: its upper rows alone, as many.
fn cut(rows: usize) -> OutcomeRequest {
    let photo = visits(7_300_001, Change::harsh).after.photo;
    let codes = photo.codes[..3 * rows * photo.width_px].to_vec();
    let upper = Photo::new(photo.width_px, rows, photo.space, photo.bit_depth, codes);
    let mut request = request().clone();
    request.after.bytes = jpeg(&upper);
    request
}

#[test]
fn a_part_of_the_scar_is_told_and_too_small_a_one_refused() {
    let folder = TempDir::new().expect("a temporary folder");
    let told = "95 % of the scar is surely found in both photographs";
    assert!(verify(&folder, &published().jpeg, &[]).message.contains(told));
    let most = cut(260);
    let found = publishable(&most, &Unwatched).expect("a pair");
    let part = format!("{:.0} % of the scar", (100.0 * found.laid.scar_shown).floor());
    assert!((0.7..0.9).contains(&found.laid.scar_shown), "{part}");
    let made = made(&most, &found.suggested(Language::English)).expect("it may be published");
    assert!(verify(&folder, &made.jpeg, &[]).message.contains(&part), "{part}");
    if let Some(place) = std::env::var_os("STIPPLE_SHOW") {
        std::fs::write(PathBuf::from(place).join("part.jpg"), &made.jpeg).expect("written");
    }
    let refused = publishable(&cut(230), &Unwatched).expect("a pair").refusals(&STANDING);
    assert!(refused.iter().any(|why| matches!(why, Refusal::ScarCut { percent: 50..70 })), "{refused:?}");
}

/// The pair with the scar where the reading of the photograph before found it, as somebody gives that.
fn on_mask(scar: fn(Vec<u8>) -> ScarSaid) -> OutcomeRequest {
    let reading = read(&request().before, &settings(), &Unwatched).expect("a reading");
    let mut on_mask = request().clone();
    on_mask.before.scar = scar(reading.scar_mask_png());
    on_mask
}

#[test]
fn an_outline_that_a_person_drew_is_told_and_one_that_was_found_is_not() {
    let folder = TempDir::new().expect("a temporary folder");
    let [drawn, found] = [ScarSaid::Mask, ScarSaid::Found].map(on_mask);
    let recipe = publishable(&drawn, &Unwatched).expect("a pair").suggested(Language::English);
    let [drawn, found] = [drawn, found].map(|request| {
        publish(&request, &recipe, &STANDING, &signer(), &settings(), &Unwatched).expect("published")
    });
    let says = |made: &Published, word: &str| made.derivation_json.contains(word);
    let [entered, proposed] = [Code::ScarEntered, Code::ScarProposed].map(Code::name);
    assert!(says(&drawn, entered) && !says(&drawn, proposed), "{}", drawn.derivation_json);
    assert!(!says(&found, entered) && says(&found, proposed), "{}", found.derivation_json);
    let is_told =
        |made: &Published| verify(&folder, &made.jpeg, &[]).message.contains("a person drew the outline");
    assert_eq!((is_told(&drawn), is_told(&found), is_told(published())), (true, false, false));
    assert_ne!(drawn.unsigned_jpeg, found.unsigned_jpeg, "in the picture too");
}

#[test]
fn a_published_picture_verifies_in_a_clean_process() {
    let folder = TempDir::new().expect("a temporary folder");
    let alone = verify(&folder, &published().jpeg, &[]);
    assert_eq!(alone.code, 0, "{}", alone.message);
    let said = ["nothing was changed", "Clinic at the Gate", "nobody vouches", "120 days", "nothing else"];
    for said in said.into_iter().chain([
        "the scar is seen from",
        "off by ΔE",
        "pixels of the laid photographs",
        "typed the size",
        "no card",
    ]) {
        assert!(alone.message.contains(said), "{said}: {}", alone.message);
    }
    println!("{}", alone.message);
    let [ours, other] = [7, 9].map(|secret| {
        let path = folder.path().join(format!("{secret}.pem"));
        std::fs::write(&path, certificate_to_pem(authority(secret).certificate())).expect("written");
        path
    });
    let known = verify(&folder, &published().jpeg, &["--anchor", text(&ours)]);
    assert_eq!(known.code, 0, "{}", known.message);
    assert!(known.message.contains("vouches for them"), "{}", known.message);
    let stranger = verify(&folder, &published().jpeg, &["--anchor", text(&other)]);
    assert_eq!(stranger.code, 4, "{}", stranger.message);
    assert_eq!(stipple(&["verify"]).code, 2);
    assert_eq!(verify(&folder, b"no picture", &[]).code, 3);
    let bare = verify(&folder, &published().unsigned_jpeg, &[]);
    assert!(bare.code == 4 && bare.message.contains("no content credentials"), "{}", bare.message);
}

#[test]
fn one_changed_byte_pixel_or_claim_is_caught_and_told() {
    let folder = TempDir::new().expect("a temporary folder");
    let signed = &published().jpeg;
    let caught = |bytes: &[u8], told: &str| {
        let run = verify(&folder, bytes, &[]);
        assert_eq!(run.code, 4, "{told}: {}", run.message);
        assert!(run.message.contains(told), "{told}: {}", run.message);
    };
    let picture = "the picture was changed";
    let mut byte = signed.clone();
    let last = byte.len() - 1000;
    byte[last] ^= 1;
    caught(&byte, picture);
    let mut longer = signed.clone();
    longer.extend(b"more");
    caught(&longer, picture);
    caught(&one_pixel_changed(signed), picture);
    let claim = "what is stated about the picture was changed";
    caught(&replaced(signed, b"Both cropped alike", b"Both cropped alikE"), claim);
    caught(&replaced(signed, b"\"days_since_last_session\":120", b"\"days_since_last_session\":420"), claim);
    let run = verify(&folder, &replaced(signed, b"c2pa.hash.data", b"c2pa.hash.datA"), &[]);
    assert_eq!(run.code, 4, "{}", run.message);
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|found| found == from).expect("it is there");
    let mut changed = bytes.to_vec();
    changed[at..at + to.len()].copy_from_slice(to);
    changed
}

/// Decoded, one pixel changed, encoded again, and the credentials put back.
fn one_pixel_changed(signed: &[u8]) -> Vec<u8> {
    let mut picture = image::load_from_memory(signed).expect("a picture").to_rgb8();
    picture.get_pixel_mut(10, 10).0 = [255, 0, 0];
    let (width, height) = picture.dimensions();
    let again = encoded(picture.as_raw(), width as usize, height as usize);
    let mut credentials = Vec::new();
    let mut at = 2;
    while signed[at] == 0xff && signed[at + 1] != 0xda {
        let end = at + 2 + usize::from(u16::from_be_bytes([signed[at + 2], signed[at + 3]]));
        if signed[at + 1] == 0xeb {
            credentials.extend(&signed[at..end]);
        }
        at = end;
    }
    assert!(!credentials.is_empty());
    [&again[..2], &credentials, &again[2..]].concat()
}

#[test]
fn the_signer_signs_for_all_actions_and_no_thumbnail_is_inside() {
    let reader = Reader::from_context(Context::new())
        .with_stream("image/jpeg", std::io::Cursor::new(&published().jpeg))
        .expect("credentials");
    let manifest = reader.active_manifest().expect("one");
    let found =
        manifest.assertions().iter().find(|found| found.label() == "c2pa.actions.v2").expect("actions");
    assert!(found.created(), "created, not gathered");
    let actions: c2pa::assertions::Actions = found.to_assertion().expect("actions");
    assert_eq!(actions.all_actions_included, Some(true));
    let generator = &manifest.claim_generator_info.as_ref().expect("told")[0];
    assert_eq!(generator.name, "stipple");
    let names: Vec<&str> = actions.actions().iter().map(|action| action.action()).collect();
    assert_eq!(names[0], "c2pa.opened");
    assert!(names.contains(&"c2pa.cropped"), "{names:?}");
    assert!(manifest.thumbnail().is_none());
    assert!(manifest.ingredients().iter().all(|ingredient| ingredient.thumbnail().is_none()));
    let starts = published().jpeg.windows(3).filter(|bytes| *bytes == [0xff, 0xd8, 0xff]).count();
    assert_eq!(starts, 1, "one picture in the file");
    println!(
        "{} bytes, of these credentials {}",
        published().jpeg.len(),
        published().jpeg.len() - published().unsigned_jpeg.len()
    );
}

#[test]
fn whatever_is_painted_gray_is_stated() {
    let folder = TempDir::new().expect("a temporary folder");
    let found = publishable(request(), &Unwatched).expect("a pair");
    let photo = &found.laid.photos.before;
    let all = Area { left_px: 0, top_px: 0, width_px: photo.width_px, height_px: photo.height_px };
    // Nobody names an area, but one photograph does not show all that the other does.
    let whole = Recipe { crop: all, hidden: Vec::new(), ..recipe().clone() };
    let whole = made(request(), &whole).expect("it may be published");
    let told = verify(&folder, &whole.jpeg, &[]).message;
    assert!(told.contains("Painted gray in both"), "{told}");
}

#[test]
fn a_simulation_says_that_it_is_one() {
    let (width_px, height_px) = (160, 120);
    let simulation = Simulation {
        width_px,
        height_px,
        space: RgbSpace::Srgb,
        bit_depth: BitDepth::Eight,
        codes: vec![128 * 257; 3 * width_px * height_px],
        view: View::at(Moment::Healed),
    };
    let signed = publish_simulation(&simulation, &signer()).expect("signed");
    let folder = TempDir::new().expect("a temporary folder");
    let run = verify(&folder, &signed, &[]);
    assert_eq!(run.code, 0, "{}", run.message);
    assert!(run.message.contains("it shows a simulation"), "{}", run.message);
    let again = verify(&folder, &signed, &["--originals", text(folder.path())]);
    assert!(again.code == 3 && again.message.contains("no recipe"), "{}", again.message);
}

/// A signed folder of a page and a picture.
fn bundle(folder: &Path) -> PathBuf {
    bundle_of(folder, &signer())
}

/// The same, signed by somebody; the picture is ours.
fn bundle_of(folder: &Path, by: &Signer) -> PathBuf {
    let folder = folder.join("bundle");
    std::fs::create_dir_all(folder.join("pictures")).expect("made");
    let files = [("index.html", b"<p>two cases</p>".as_slice()), ("pictures/1.jpg", &published().jpeg)];
    let listed = files.map(|(name, bytes)| {
        std::fs::write(folder.join(name), bytes).expect("written");
        Listed { name: name.to_owned(), sha256: store::sha256_hex(bytes) }
    });
    let ledger = Some(LedgerHead { place: 42, hash: store::sha256_hex(b"head") });
    let made_on = Date::constant(2026, 11, 29);
    let list = format::bundle_to_json(&Bundle { made_on, ledger, files: listed.to_vec() });
    std::fs::write(folder.join("files.json"), &list).expect("written");
    let signature = format::signature_to_json(&seal(list.as_bytes(), by));
    std::fs::write(folder.join("signature.json"), signature).expect("written");
    folder
}

#[test]
fn another_clinics_picture_does_not_pass_in_ones_own_bundle() {
    let place = TempDir::new().expect("a temporary folder");
    let other = authority(9).signer(&[10; 32], VALID).expect("a signer");
    let run = stipple(&["verify", text(&bundle_of(place.path(), &other))]);
    let said = "pictures/1.jpg: it was signed with another key than the bundle";
    assert!(run.code == 4 && run.message.contains(said), "{} {}", run.code, run.message);
}

#[test]
fn a_name_says_nothing_outside_its_quotation_marks() {
    let place = TempDir::new().expect("a temporary folder");
    let name = "Gate\" with the key 0000: the certificate you trust vouches for them; \u{201d}";
    let forger = Authority::new(&[7; 32], name, VALID).expect("made").signer(&[8; 32], VALID).expect("made");
    let run = stipple(&["verify", text(&bundle_of(place.path(), &forger))]);
    assert_eq!(run.code, 0, "{}", run.message);
    let key = fingerprint(&forger.public_key());
    let quoted = name.replace(['"', '\u{201d}'], "'");
    let said = format!("signed by \"{quoted}\" with the key {key}: nobody vouches");
    assert!(run.message.contains(&said), "{}", run.message);
}

#[test]
fn a_certificate_that_ended_is_told() {
    let place = TempDir::new().expect("a temporary folder");
    let valid = Valid { until: Date::constant(2026, 12, 31), ..VALID };
    let folder = bundle_of(place.path(), &authority(7).signer(&[8; 32], valid).expect("made"));
    let names = ["index.html", "pictures/1.jpg"].map(str::to_owned);
    let on = |today: Date| {
        let mut read = |name: &str| Ok(std::fs::read(folder.join(name)).expect("read"));
        let found = verify_bundle(&names, &mut read, &[], today).expect("a bundle");
        assert!(found.holds, "{:?}", found.said);
        found.said.join("; ")
    };
    let said = "the certificate ended on 2026-12-31; the day of signing is the signer's own word";
    assert!(!on(Date::constant(2026, 12, 31)).contains(said), "valid to the end of its last day");
    assert!(on(Date::constant(2027, 1, 1)).contains(said));
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let place = TempDir::new().expect("a temporary folder");
    let pipe = place.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
    assert!(made.success());
    let run = stipple(&["verify", text(&pipe)]);
    assert!(run.code == 3 && run.message.contains("no plain file"), "{} {}", run.code, run.message);
}

#[test]
fn one_fingerprint_names_the_key_everywhere() {
    let place = TempDir::new().expect("a temporary folder");
    let key = fingerprint(&signer().public_key());
    let folder = bundle(place.path());
    let whole = stipple(&["verify", text(&folder)]);
    let picture = stipple(&["verify", text(&folder.join("pictures/1.jpg"))]);
    for run in [whole, picture] {
        assert!(run.message.contains(&format!("with the key {key}:")), "{}", run.message);
    }
}

#[test]
fn a_bundle_holds_and_every_change_of_it_is_told() {
    let place = TempDir::new().expect("a temporary folder");
    let folder = bundle(place.path());
    let run = || stipple(&["verify", text(&folder)]);
    let whole = run();
    assert_eq!(whole.code, 0, "{}", whole.message);
    assert!(
        whole.message.contains("row 42") && whole.message.contains("all 1 pictures"),
        "{}",
        whole.message
    );
    println!("{}", whole.message);
    let told = |code: i32, said: &str| {
        let run = run();
        assert!(run.code == code && run.message.contains(said), "{said}: {} {}", run.code, run.message);
        bundle(place.path());
    };
    std::fs::write(folder.join("index.html"), "<p>one case</p>").expect("written");
    told(4, "1 of its files are other than the list says: index.html");
    std::fs::write(folder.join("more.html"), "more").expect("written");
    told(4, "1 files are there that the list does not have");
    std::fs::remove_file(folder.join("more.html")).expect("removed");
    std::fs::remove_file(folder.join("index.html")).expect("removed");
    told(4, "1 of its files are missing: index.html");
    let list = std::fs::read_to_string(folder.join("files.json")).expect("written");
    std::fs::write(folder.join("files.json"), list.replace("2026-11-29", "2026-11-28")).expect("written");
    told(4, "not the one that was signed");
    std::fs::write(folder.join("files.json"), list.replace("index.html", "../../etc/passwd"))
        .expect("written");
    told(3, "leads elsewhere");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/passwd", folder.join("link")).expect("linked");
        told(3, "a link");
    }
}
