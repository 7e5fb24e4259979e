//! Imports go down, never sideways; what is absent stays absent.

use super::{SourceFile, files_ending, no_breaches};

/// The floor of a crate by its folder.
fn floor(folder: &str) -> Option<usize> {
    // The program itself stands above the studio, because one program opens both doors.
    const FLOORS: [&str; 7] =
        ["quantity", "science/", "model", "steps/", "pipeline", "doors/server", "doors/cli"];
    FLOORS.iter().position(|floor| folder.starts_with(floor))
}

/// Folder and manifest of every crate on a floor.
fn manifests() -> Vec<(String, toml::Table)> {
    let files = files_ending(&["/Cargo.toml"]);
    let on_floor = files.into_iter().filter_map(|file| {
        let folder = file.path.strip_suffix("/Cargo.toml")?.to_owned();
        floor(&folder)?;
        Some((folder, file.text.parse().expect("manifests are TOML")))
    });
    on_floor.collect()
}

fn dependencies(manifest: &toml::Table) -> Vec<String> {
    let sections = ["dependencies", "build-dependencies"];
    let tables = sections.iter().filter_map(|section| manifest.get(*section)?.as_table());
    tables.flat_map(|table| table.keys().cloned()).collect()
}

#[test]
fn imports_go_down() {
    let crates = manifests();
    assert!(crates.len() >= 15, "all crates are looked at");
    let folder_of = |package: &str| {
        let found = crates.iter().find(|(_, m)| m["package"]["name"].as_str() == Some(package));
        found.map(|(folder, _)| folder.clone())
    };
    let mut breaches = Vec::new();
    for (folder, manifest) in &crates {
        for below in dependencies(manifest).iter().filter_map(|package| folder_of(package)) {
            if floor(&below) >= floor(folder) {
                breaches.push(format!("{folder} imports {below}"));
            }
        }
    }
    no_breaches("import only from floors below", breaches);
}

#[test]
fn folder_and_package_have_one_name() {
    let wrong = manifests().into_iter().filter_map(|(folder, manifest)| {
        let expected = format!("stipple-{}", folder.rsplit('/').next().expect("a folder has a name"));
        let name = manifest["package"]["name"].as_str().expect("a package has a name").to_owned();
        (name != expected).then(|| format!("{folder} is {name}, expected {expected}"))
    });
    no_breaches("folder steps/plan is package stipple-plan", wrong.collect());
}

#[test]
fn terminals_and_servers_stay_in_the_doors() {
    let mut breaches = Vec::new();
    for (folder, manifest) in manifests().iter().filter(|(folder, _)| !folder.starts_with("doors/")) {
        for package in dependencies(manifest) {
            if ["tokio", "axum", "sea-orm", "clap", "indicatif", "anyhow"].contains(&package.as_str()) {
                breaches.push(format!("{folder} depends on {package}"));
            }
        }
    }
    no_breaches("terminal and server crates only in doors", breaches);
}

/// Words that may not occur in a folder's code, tests apart.
fn absent_words(path: &str) -> &'static [&'static str] {
    const WORLD: &[&str] =
        &["std::fs", "std::net", "std::env", "std::time", "SystemTime", "Instant::now", "serde", "tracing"];
    const RECORD: &[&str] = &["std::net", "std::env::var", "SystemTime", "Instant::now"];
    match floor(path) {
        Some(0..=2) => WORLD,
        Some(3) if path.starts_with("steps/record") => RECORD,
        Some(3) => WORLD,
        Some(4) => &["std::fs", "std::net", "std::env", "SystemTime", "Instant::now"],
        _ => &[],
    }
}

#[test]
fn what_is_absent_stays_absent() {
    let check = |file: &SourceFile| -> Vec<String> {
        let words = absent_words(&file.path);
        let code = file.code().filter(|(_, line)| !line.trim_start().starts_with("//"));
        let hits = code.filter_map(|(number, line)| {
            let word = words.iter().find(|word| line.contains(**word))?;
            Some(format!("{}:{number} has `{word}`", file.path))
        });
        hits.collect()
    };
    let files = files_ending(&[".rs"]);
    // Because an example is a program of its own: it measures, prints, or writes what it made.
    let library = |file: &&SourceFile| !file.is_test() && !file.path.contains("/examples/");
    let breaches = files.iter().filter(library).flat_map(check);
    no_breaches("no files, clock, network, environment or serialization here", breaches.collect());
}
