//! A published picture made again from its originals, by a clean process.

use std::path::Path;

use stipple_pipeline::{OutcomeRequest, ScarSaid, publishable};
use tempfile::TempDir;

use super::*;

/// Files that a picture was made from, named as somebody might.
fn put(folder: &Path, request: &OutcomeRequest) {
    let below = folder.join("visits/2");
    std::fs::create_dir_all(&below).expect("folders");
    std::fs::write(folder.join("a photograph"), &request.before.bytes).expect("written");
    std::fs::write(below.join("b.bin"), &request.after.bytes).expect("written");
    std::fs::write(below.join("note.txt"), b"not of it").expect("written");
    if let ScarSaid::Mask(mask) | ScarSaid::Found(mask) = &request.before.scar {
        std::fs::write(below.join("outline.png"), mask).expect("written");
    }
}

fn replayed(picture: &[u8], originals: &Path) -> Run {
    let folder = TempDir::new().expect("a temporary folder");
    verify(&folder, picture, &["--originals", text(originals)])
}

#[test]
fn a_picture_is_made_again_from_its_originals_to_the_pixel() {
    let originals = TempDir::new().expect("a temporary folder");
    put(originals.path(), request());
    let same = replayed(&published().jpeg, originals.path());
    assert!(same.code == 0 && same.message.contains("every pixel is the same"), "{}", same.message);

    // A recipe with all that it can hold: an outline that was found, areas painted over, another language.
    let asked = on_mask(ScarSaid::Found);
    let mut recipe = publishable(&asked, &Unwatched).expect("a pair").suggested(Language::German);
    recipe.hidden.push(Area {
        left_px: recipe.crop.left_px,
        top_px: recipe.crop.top_px,
        width_px: 9,
        height_px: 7,
    });
    let other = made(&asked, &recipe).expect("published");
    let missing = replayed(&other.jpeg, originals.path());
    assert!(missing.code == 3 && missing.message.contains("\"scar_mask\""), "{}", missing.message);
    put(originals.path(), &asked);
    let same = replayed(&other.jpeg, originals.path());
    assert_eq!(same.code, 0, "{}", same.message);
}

#[test]
fn a_picture_that_was_made_otherwise_than_it_says_is_told() {
    let originals = TempDir::new().expect("a temporary folder");
    put(originals.path(), request());
    let mut otherwise = request().clone();
    // Hairs that somebody put in after, which the recipe does not tell.
    let hairs: Vec<[u32; 2]> = (0..40).map(|k| [150 + 10 * (k % 8) * 5, 120 + 60 * (k / 8)]).collect();
    let marks = serde_json::json!({"format": "stipple/scribbles/1", "strokes": [], "hairs_added_px": hairs});
    otherwise.after.scribbles = Some(marks.to_string().into_bytes());
    let recipe = publishable(&otherwise, &Unwatched).expect("a pair").suggested(Language::English);
    let signed = made(&otherwise, &recipe).expect("published");
    let told = replayed(&signed.jpeg, originals.path());
    assert_eq!(told.code, 4, "{}", told.message);
    let said = ["pixels are others", "other than was signed"];
    assert!(said.iter().all(|said| told.message.contains(said)), "{}", told.message);
    println!("{}", told.message);
}

#[test]
fn what_cannot_be_made_again_is_said() {
    let folder = TempDir::new().expect("a temporary folder");
    let none = replayed(&published().jpeg, folder.path());
    assert!(none.code == 3 && none.message.contains("\"photo\""), "{}", none.message);
    let broken = replayed(&published().unsigned_jpeg, folder.path());
    assert!(broken.code == 4 && broken.message.contains("no content credentials"), "{}", broken.message);
    let whole = stipple(&["verify", text(folder.path()), "--originals", text(folder.path())]);
    assert!(whole.code == 3 && whole.message.contains("one published JPEG"), "{}", whole.message);
}
