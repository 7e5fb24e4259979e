//! Photographs that are open for sliders, each in a child process that keeps it in memory.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::error::Error;
use crate::store::Who;
use crate::worker::live::{Look, Opened, Summary, Wish};
use crate::worker::parent::Worker;
use crate::worker::{Answer, Ask, OfBook};

/// Most that are open at once: each holds a photograph of up to a few hundred megabytes.
const OPEN_MAX: usize = 3;
/// One that nobody moved for so long is closed when another is opened.
const IDLE: Duration = Duration::from_secs(15 * 60);

/// What is open in one studio.
pub(crate) struct Lives {
    program: PathBuf,
    open: Mutex<HashMap<Uuid, Live>>,
    opening: tokio::sync::Mutex<()>,
}

/// One photograph.
#[derive(Clone)]
struct Live {
    clinic: Uuid,
    client: Uuid,
    used: Instant,
    worker: Arc<tokio::sync::Mutex<Worker>>,
}

impl Lives {
    /// None yet; children are `program worker`.
    pub(crate) fn new(program: PathBuf) -> Self {
        Self { program, open: Mutex::default(), opening: tokio::sync::Mutex::default() }
    }

    /// Opens a photograph with its reading and the clinic's protocol; the one that was not moved for longest gives way.
    pub(crate) async fn open(
        &self,
        who: &Who,
        client: Uuid,
        files: [&[u8]; 3],
        book: OfBook,
    ) -> Result<(Uuid, Opened), Error> {
        // One after another, because each decodes a photograph.
        let _turn = self.opening.lock().await;
        let mut worker = Worker::start(&self.program)?;
        let opened = match worker.ask(&Ask::Open { book }, &files, |_, _| {}).await? {
            (Answer::Opened(opened), _) => opened,
            (other, _) => return Err(refused(other)),
        };
        let id = Uuid::now_v7();
        let live = Live {
            clinic: who.clinic,
            client,
            used: Instant::now(),
            worker: Arc::new(tokio::sync::Mutex::new(worker)),
        };
        let mut open = self.open.lock().expect("no holder panics");
        open.retain(|_, live| live.used.elapsed() < IDLE);
        if open.len() >= OPEN_MAX {
            let oldest = open.iter().min_by_key(|(_, live)| live.used).map(|(id, _)| *id);
            oldest.map(|id| open.remove(&id));
        }
        open.insert(id, live);
        Ok((id, opened))
    }

    /// The picture of a wish, and what it comes to.
    pub(crate) async fn frame(
        &self,
        who: &Who,
        id: Uuid,
        wish: Wish,
        look: Look,
    ) -> Result<(Summary, Vec<u8>), Error> {
        self.ask(who, id, Ask::Frame { wish, look }).await
    }

    /// The dots of a wish, and what it comes to.
    pub(crate) async fn dots(&self, who: &Who, id: Uuid, wish: Wish) -> Result<(Summary, Vec<u8>), Error> {
        self.ask(who, id, Ask::Dots { wish }).await
    }

    /// Closes those of a client.
    pub(crate) fn close_of(&self, client: Uuid) {
        self.open.lock().expect("no holder panics").retain(|_, live| live.client != client);
    }

    /// Closes one.
    pub(crate) fn close(&self, who: &Who, id: Uuid) -> Result<(), Error> {
        self.of(who, id)?;
        self.open.lock().expect("no holder panics").remove(&id);
        Ok(())
    }

    async fn ask(&self, who: &Who, id: Uuid, ask: Ask) -> Result<(Summary, Vec<u8>), Error> {
        let live = self.of(who, id)?;
        let mut worker = live.worker.lock_owned().await;
        // In a task of its own, because a request that is given up must not leave half an answer in the pipe.
        let asked = tokio::spawn(async move { worker.ask(&ask, &[], |_, _| {}).await });
        let answered = asked.await.map_err(|error| Error::Ours(error.to_string()))?;
        if answered.is_err() {
            self.open.lock().expect("no holder panics").remove(&id);
        }
        match answered? {
            (Answer::Wished(summary), mut blobs) => Ok((summary, blobs.pop().unwrap_or_default())),
            (other, _) => Err(refused(other)),
        }
    }

    fn of(&self, who: &Who, id: Uuid) -> Result<Live, Error> {
        let mut open = self.open.lock().expect("no holder panics");
        let live = open.get_mut(&id).filter(|live| live.clinic == who.clinic);
        let live = live.ok_or(Error::Missing("open photograph"))?;
        live.used = Instant::now();
        Ok(live.clone())
    }
}

fn refused(answer: Answer) -> Error {
    match answer {
        Answer::Unusable { code, message } => Error::unusable(code, message),
        _ => Error::Ours("the child answered something else".to_owned()),
    }
}
