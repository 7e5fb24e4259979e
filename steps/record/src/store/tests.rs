use super::*;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn files(of: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    of.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect()
}

fn content(path: PathBuf) -> String {
    fs::read_to_string(path).expect("the file is there")
}

#[test]
fn inputs_are_bounded_and_errors_hold_no_path() {
    let folder = TempDir::new().expect("a place for the test");
    let path = folder.path().join("maria.jpg");
    let read = |bytes_max| read_input("photo", &path, bytes_max);
    let missing = read(10).expect_err("nothing there").to_string();
    assert!(missing.starts_with("photo cannot be read: it does not exist"), "{missing}");
    fs::write(&path, b"0123456789").expect("writable");
    assert_eq!(read(10).expect("ten bytes fit"), b"0123456789");
    assert!(matches!(read(9), Err(Error::TooLarge { role: "photo", found_mb: 1, allowed_mb: 1 })));
    let trouble = read_input("photo", folder.path(), 10).expect_err("a folder").to_string();
    assert!(trouble.contains("it is a folder") && !missing.contains("maria"), "{trouble}");
}

#[test]
fn a_file_is_replaced_whole_and_nothing_else_appears() {
    let folder = TempDir::new().expect("a place for the test");
    let path = folder.path().join("plan.json");
    for text in ["first", "second and longer", ""] {
        write_file(&path, text.as_bytes()).expect("writable");
        assert_eq!(content(path.clone()), text);
        assert_eq!(names(folder.path()), ["plan.json"]);
    }
    assert!(write_file(folder.path(), b"x").is_err());
    let trouble = write_file(&folder.path().join("no/plan.json"), b"x").expect_err("no folder").to_string();
    assert!(trouble.contains("does not exist") && !trouble.contains("plan.json"), "{trouble}");
}

#[cfg(unix)]
#[test]
fn links_stay_links_devices_stay_devices_and_rights_are_as_usual() {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
    let folder = TempDir::new().expect("a place for the test");
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    write_file(&real, b"one").expect("writable");
    symlink(&real, &link).expect("links work");
    write_file(&link, b"two").expect("writable");
    assert_eq!(content(real.clone()), "two");
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    write_file(Path::new("/dev/null"), b"x").expect("writable");
    assert!(fs::metadata("/dev/null").expect("there").file_type().is_char_device());
    let usual = folder.path().join("usual");
    fs::write(&usual, b"").expect("writable");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode();
    assert_eq!(mode(&real), mode(&usual));
}

#[test]
fn a_new_folder_appears_whole() {
    let place = TempDir::new().expect("a place for the test");
    let folder = place.path().join("a/b/case");
    write_folder(&folder, &files(&[("plan.json", "p"), ("report.pdf", "r")])).expect("writable");
    assert_eq!(names(&folder), ["plan.json", "report.pdf"]);
    assert_eq!(names(folder.parent().expect("has one")), ["case"]);
}

#[test]
fn what_stands_in_a_folder_stays_and_ours_is_replaced() {
    let place = TempDir::new().expect("a place for the test");
    fs::write(place.path().join("photo.jpg"), "theirs").expect("writable");
    fs::write(place.path().join("plan.json"), "old").expect("writable");
    write_folder(place.path(), &files(&[("plan.json", "new"), ("report.pdf", "r")])).expect("writable");
    assert_eq!(names(place.path()), ["photo.jpg", "plan.json", "report.pdf"]);
    assert_eq!(content(place.path().join("photo.jpg")), "theirs");
    assert_eq!(content(place.path().join("plan.json")), "new");
}

#[test]
fn nothing_changes_when_a_folder_stands_in_the_way() {
    let place = TempDir::new().expect("a place for the test");
    fs::write(place.path().join("plan.json"), "old").expect("writable");
    fs::create_dir(place.path().join("report.pdf")).expect("writable");
    let outcome = write_folder(place.path(), &files(&[("plan.json", "new"), ("report.pdf", "r")]));
    assert!(matches!(outcome, Err(Error::NotWritten { .. })));
    assert_eq!(names(place.path()), ["plan.json", "report.pdf"]);
    assert_eq!(content(place.path().join("plan.json")), "old");
    let file = place.path().join("plan.json");
    assert!(write_folder(&file, &files(&[("a", "b")])).is_err());
    assert!(write_folder(&file.join("deeper"), &files(&[("a", "b")])).is_err());
}

#[test]
fn names_go_back_when_a_later_one_fails() {
    let place = TempDir::new().expect("a place for the test");
    fs::write(place.path().join("a.json"), "old").expect("writable");
    let stage = stage_in(place.path(), &files(&[("a.json", "new"), ("b.json", "new")])).expect("writable");
    let former = TempDir::new_in(place.path()).expect("writable");
    let named = ["a.json", "b.json", "never staged"];
    assert!(name_all(place.path(), stage.path(), former.path(), named.into_iter()).is_err());
    drop((stage, former));
    assert_eq!(names(place.path()), ["a.json"]);
    assert_eq!(content(place.path().join("a.json")), "old");
}

#[test]
fn leftovers_of_a_killed_run_go_after_a_day() {
    let place = TempDir::new().expect("a place for the test");
    let (stale, young) =
        (place.path().join(".stipple-partial-old"), place.path().join(".stipple-partial-new"));
    for path in [&stale, &young] {
        fs::create_dir(path).expect("writable");
        fs::write(path.join("report.pdf"), "half").expect("writable");
    }
    let long_ago = std::time::SystemTime::now() - 2 * STALE;
    File::open(&stale).and_then(|folder| folder.set_modified(long_ago)).expect("the time can be set");
    write_folder(place.path(), &files(&[("plan.json", "p")])).expect("writable");
    assert_eq!(names(place.path()), [".stipple-partial-new", "plan.json"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    // Because writing to /dev/full always fails with "no space", no small disk has to be mounted.
    let trouble = write_file(Path::new("/dev/full"), b"x").expect_err("always full").to_string();
    assert!(trouble.contains("the disk is full"), "{trouble}");
}

#[test]
fn hash_is_the_published_one() {
    // FIPS 180-4 example "abc".
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256_hex(b"abc"), expected);
}
