//! A studio that is made once, and of which every test has a copy of its own.

use super::*;

/// Every file of its folder, and what its tests ask for.
pub(super) struct Copied {
    files: Vec<(PathBuf, Vec<u8>)>,
    client: String,
    case: String,
    pair: [String; 2],
    file: Vec<u8>,
    outcome: String,
}

impl Copied {
    /// Of one in which nothing is going on.
    pub(super) fn of(studio: &Studio) -> Self {
        let Studio { client, case, pair, file, outcome, .. } = studio;
        let mut files = Vec::new();
        collect(studio.folder.path(), Path::new(""), &mut files);
        let [client, case, outcome] = [client, case, outcome].map(String::clone);
        Self { files, client, case, pair: pair.clone(), file: file.clone(), outcome }
    }

    /// Opened again, signed in.
    pub(super) fn opened(&self) -> Studio {
        let (clock, folder) = (clock(), TempDir::new().expect("a folder"));
        for (name, bytes) in &self.files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("below")).expect("folders");
            std::fs::write(path, bytes).expect("written");
        }
        let mut owner = inside(folder.path(), None);
        owner.sign_in("owner");
        Studio {
            _clock: clock,
            folder,
            owner,
            client: self.client.clone(),
            case: self.case.clone(),
            pair: self.pair.clone(),
            file: self.file.clone(),
            outcome: self.outcome.clone(),
            draft: Value::Null,
            home: String::new(),
        }
    }
}

fn collect(root: &Path, within: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(root.join(within)).expect("a folder") {
        let name = within.join(entry.expect("an entry").file_name());
        match root.join(&name) {
            path if path.is_dir() => collect(root, &name, files),
            path => files.push((name, std::fs::read(path).expect("read"))),
        }
    }
}
