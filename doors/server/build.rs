//! Brings what `npm run build` left in doors/web/dist into the program; a page that says so where it has not run.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let built = Path::new("../web/dist");
    println!("cargo::rerun-if-changed=../web/dist");
    let place =
        PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo names a folder"))?)
            .join("dist");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    fs::create_dir_all(&place)?;
    if built.join("index.html").exists() {
        return copy(built, &place);
    }
    let page = "<!doctype html><html lang=en><title>Stipple</title><p>The pages were not built: run <code>cargo xtask \
                web</code>, then build the program again.</html>";
    fs::write(place.join("index.html"), page)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&place)?;
            copy(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}
