//! Files become a ZIP while they come.

use std::io::{Error, Result, Write};
use std::path::Path;

use tokio::sync::mpsc::{Receiver, Sender};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Next;

/// Bytes of a chunk.
const CHUNK_BYTES: usize = 64 << 10;

/// Where the bytes of a ZIP go.
struct Chunks<'a> {
    waiting: Vec<u8>,
    to: &'a Sender<Result<Vec<u8>>>,
}

/// Makes a ZIP of files as they come. Where they end without [`Next::End`] it stays without an end too.
pub(super) fn zipped(files: Receiver<Next>, to: &Sender<Result<Vec<u8>>>) {
    if let Err(error) = written(files, to) {
        let _ = to.blocking_send(Err(error));
    }
}

/// Gives every file of a folder and of those in it.
pub(super) fn give_folder(folder: &Path, to: &Sender<Next>) -> Result<()> {
    give_within(folder, "", to)?;
    to.blocking_send(Next::End).map_err(|_| gone())
}

fn give_within(folder: &Path, before: &str, to: &Sender<Next>) -> Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            give_within(&entry.path(), &format!("{name}/"), to)?;
        } else {
            let bytes = std::fs::read(entry.path())?;
            to.blocking_send(Next::File { name, bytes }).map_err(|_| gone())?;
        }
    }
    Ok(())
}

fn written(mut files: Receiver<Next>, to: &Sender<Result<Vec<u8>>>) -> Result<()> {
    let mut zip = ZipWriter::new_stream(Chunks { waiting: Vec::new(), to });
    loop {
        match files.blocking_recv() {
            Some(Next::File { name, bytes }) => {
                // Because photographs and PDFs are compressed already, and a file may be larger than 4 GiB in all.
                let large = bytes.len() as u64 >= u64::from(u32::MAX);
                zip.start_file(name, SimpleFileOptions::default().large_file(large))?;
                zip.write_all(&bytes)?;
            }
            Some(Next::End) => {
                zip.finish()?.into_inner().flush()?;
                return Ok(());
            }
            None => return Err(Error::other("the files of an export broke off")),
        }
    }
}

impl Write for Chunks<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        let chunk = std::mem::take(&mut self.waiting);
        self.to.blocking_send(Ok(chunk)).map_err(|_| gone())
    }
}

fn gone() -> Error {
    Error::other("nobody waits for this export any more")
}
