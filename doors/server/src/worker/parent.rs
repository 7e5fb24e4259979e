//! The parent's side: starts the child, asks, listens, ends it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::{Answer, Ask, Head, frame, text_length};
use crate::error::Error;

/// Longest that a child may take for one answer.
const PATIENCE: Duration = Duration::from_secs(300);

/// A child that waits for work; it ends when this is dropped.
pub(crate) struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Worker {
    /// Starts `program worker`.
    pub(crate) fn start(program: &Path) -> Result<Self, Error> {
        let mut command = Command::new(program);
        command.arg("worker").env_clear().kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let input = child.stdin.take().expect("piped");
        let output = child.stdout.take().expect("piped");
        Ok(Self { child, input, output })
    }

    /// Asks, tells every step, and gives the answer with its blobs.
    ///
    /// # Errors
    /// A child that ended or took too long: what it worked on is unusable, and it is no more.
    pub(crate) async fn ask(
        &mut self,
        ask: &Ask,
        blobs: &[&[u8]],
        step: impl Fn(&str, f64),
    ) -> Result<(Answer, Vec<Vec<u8>>), Error> {
        let asked = frame(ask, blobs);
        let talk = async {
            self.input.write_all(&asked).await?;
            self.input.flush().await?;
            loop {
                let (answer, blobs) = next(&mut self.output).await?;
                match answer {
                    Answer::Step { step: name, share } => step(&name, share),
                    answer => return Ok((answer, blobs)),
                }
            }
        };
        let talked: std::io::Result<_> = match tokio::time::timeout(PATIENCE, talk).await {
            Ok(talked) => talked,
            Err(_) => Err(std::io::ErrorKind::TimedOut.into()),
        };
        match talked {
            Ok(answer) => Ok(answer),
            Err(_) => {
                // It may be gone already.
                let _ = self.child.start_kill();
                Err(Error::unusable("stopped", STOPPED))
            }
        }
    }
}

/// What is said when a child ended under its work.
const STOPPED: &str = "This photograph took more memory or time than any camera's photograph needs, so the work was \
                       ended. Nothing else is harmed. Send the camera's own file, unedited.";

async fn next(output: &mut ChildStdout) -> std::io::Result<(Answer, Vec<Vec<u8>>)> {
    let length = text_length(output.read_u32_le().await?.to_le_bytes())?;
    let text = exactly(output, length).await?;
    let head: Head<Answer> = serde_json::from_slice(&text)?;
    let mut blobs = Vec::new();
    for length in head.lengths()? {
        blobs.push(exactly(output, *length).await?);
    }
    Ok((head.says, blobs))
}

async fn exactly(output: &mut ChildStdout, length: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).await?;
    Ok(bytes)
}
