//! The queue at work: one job after another, each in a child process of its own, with progress and cancel.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use stipple_model::{BeforeAfter, Sun};
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

use crate::error::Error;
use crate::store::Store;
use crate::store::jobs::{End, Job, JobState, Task, Work};
use crate::store::own_texts::OwnText;
use crate::store::records::NewRecord;
use crate::worker::parent::Worker;
use crate::worker::publishing::{PublishAsked, StandingSaid};
use crate::worker::{Answer, Ask, FadingAsked, Look, OutcomeAsked, ReadAsked};

/// The file of a result that holds what was asked.
const ASKED: &str = "asked.json";
/// How many changes a slow listener may lag behind.
const CHANGES: usize = 256;

/// The queue of one studio. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Queue {
    store: Store,
    program: PathBuf,
    more: Arc<Notify>,
    running: Arc<Mutex<HashMap<Uuid, Running>>>,
    changes: broadcast::Sender<Uuid>,
}

/// A job at work.
struct Running {
    step: String,
    share: f64,
    cancel: Arc<Notify>,
}

impl Queue {
    /// A queue whose children are `program worker`; it works once [`Queue::run`] runs.
    pub(crate) fn new(store: Store, program: PathBuf) -> Self {
        Self {
            store,
            program,
            more: Arc::default(),
            running: Arc::default(),
            changes: broadcast::channel(CHANGES).0,
        }
    }

    /// Works until the program ends.
    pub(crate) async fn run(self) {
        loop {
            match self.store.begin_next_job().await {
                Ok(Some(task)) => {
                    // In a task of its own, so that a bug of ours ends one job and not the queue.
                    let (queue, id) = (self.clone(), task.id);
                    if tokio::spawn(async move { queue.work(task).await }).await.is_err() {
                        self.broke(id).await;
                    }
                }
                Ok(None) => self.more.notified().await,
                Err(error) => {
                    crate::log::fault(&error.to_string());
                    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
                }
            }
        }
    }

    /// There may be more to do: a new job, or a clinic that was opened.
    pub(crate) fn wake(&self) {
        self.more.notify_one();
    }

    /// A job with how far it is.
    pub(crate) fn with_progress(&self, mut job: Job) -> Job {
        let running = self.running.lock().expect("no holder panics");
        if let (JobState::Running, Some(at)) = (job.state, running.get(&job.id)) {
            job.step.clone_from(&at.step);
            job.share = at.share;
        }
        job
    }

    /// Ends a job that waits or runs; one that has ended stays as it is.
    pub(crate) async fn cancel(&self, id: Uuid) -> Result<(), Error> {
        self.store.end_job(id, End::Cancelled).await?;
        if let Some(running) = self.running.lock().expect("no holder panics").get(&id) {
            running.cancel.notify_one();
        }
        self.changed(id);
        Ok(())
    }

    /// Ids of jobs as they change.
    pub(crate) fn changes(&self) -> broadcast::Receiver<Uuid> {
        self.changes.subscribe()
    }

    async fn work(&self, task: Task) {
        let cancel = Arc::new(Notify::new());
        let running = Running { step: String::new(), share: 0.0, cancel: Arc::clone(&cancel) };
        self.running.lock().expect("no holder panics").insert(task.id, running);
        self.changed(task.id);
        // Because it may have been cancelled before anybody could hear of it.
        let ended = match self.store.job_runs(task.id).await {
            Ok(true) => tokio::select! {
                () = cancel.notified() => Ok(()),
                done = self.done(&task) => done,
            },
            other => other.map(drop),
        };
        if let Err(error) = ended {
            if let Error::Ours(detail) = &error {
                crate::log::fault(detail);
            }
            if let Err(error) = self.store.end_job(task.id, End::Failed(&error)).await {
                crate::log::fault(&error.to_string());
            }
        }
        self.running.lock().expect("no holder panics").remove(&task.id);
        self.changed(task.id);
    }

    async fn broke(&self, id: Uuid) {
        crate::log::fault("a job broke");
        let message = "Something broke inside Stipple. Try it again, and report it if it happens again.";
        if let Err(error) =
            self.store.end_job(id, End::Failed(&Error::unusable("broke_inside", message))).await
        {
            crate::log::fault(&error.to_string());
        }
        self.running.lock().expect("no holder panics").remove(&id);
        self.changed(id);
    }

    /// Does a job and keeps what it gave.
    async fn done(&self, task: &Task) -> Result<(), Error> {
        let mut worker = Worker::start(&self.program)?;
        let told = |step: &str, share: f64| {
            let mut running = self.running.lock().expect("no holder panics");
            if let Some(at) = running.get_mut(&task.id) {
                (at.step, at.share) = (step.to_owned(), share);
            }
            drop(running);
            self.changed(task.id);
        };
        let result = match &task.work {
            Work::Look => self.look(task, &mut worker, told).await?,
            Work::Read(asked) => {
                let photo = self.store.photograph_file(task.clinic, task.subject).await?;
                let (asked, mask) = self.on_parent(task, asked).await?;
                let (answer, mut files) =
                    worker.ask(&Ask::Read(asked.clone()), &[&photo, &mask], told).await?;
                let answer = with_asked(answer, &mut files, asked.without_mask());
                self.keep(task, "reading", asked.parent, asked.corrects(), (answer, files)).await?
            }
            Work::Consult(asked) => {
                let (photo, reading) = self.store.inputs_of_reading(task.clinic, task.subject).await?;
                let own = |text| self.store.toml_of(task.clinic, text);
                let rules = own(OwnText::Rules).await?.unwrap_or_default();
                let protocol = own(OwnText::Protocol).await?.unwrap_or_default();
                let blobs = [photo.as_slice(), &reading, rules.as_bytes(), protocol.as_bytes()];
                let who = self.store.in_the_name_of(task.clinic, task.account).await?;
                let book = self.store.said_to_plan(&who, task.subject).await?;
                let days = self.store.days_told(&who, task.subject).await?;
                let ask = Ask::Consult { asked: asked.told_on(days), book };
                let (answer, mut files) = worker.ask(&ask, &blobs, told).await?;
                let answer = with_asked(answer, &mut files, asked.json());
                self.keep(task, "plan", Some(task.subject), false, (answer, files)).await?
            }
            Work::Outcome(asked) => {
                let (answer, mut files) = self.outcome(task, asked, &mut worker, told).await?;
                let answer = (with_asked(answer, &mut files, asked.json()), files);
                let made = self.keep(task, "outcome", Some(asked.reading), false, answer).await?;
                self.tell_fading(task, asked.plan).await?;
                made
            }
            Work::Draft => {
                let answer = self.drafted(task, &mut worker, told).await?;
                self.keep(task, "draft", Some(task.subject), false, answer).await?
            }
            Work::Publish(shown) => {
                let answer = self.published(task, shown, &mut worker, told).await?;
                let made = self.keep(task, "publication", Some(task.subject), false, answer).await?;
                let who = self.store.in_the_name_of(task.clinic, task.account).await?;
                self.store.show(&who, made).await?;
                made
            }
            Work::Fading(asked) => {
                let (plan, outcomes) = self.store.outcomes_by_plan(task.clinic, task.subject).await?;
                let blobs: Vec<&[u8]> = std::iter::once(&plan).chain(&outcomes).map(Vec::as_slice).collect();
                let who = self.store.in_the_name_of(task.clinic, task.account).await?;
                let in_sun = self.store.sun_of(&who, task.subject).await? == Sun::Unprotected;
                let answer = worker.ask(&Ask::Fading { asked: asked.clone(), in_sun }, &blobs, told).await?;
                self.keep(task, "fading", Some(task.subject), false, answer).await?
            }
        };
        self.store.end_job(task.id, End::Done(result)).await?;
        Ok(())
    }

    /// Holds a photograph against the one of a reading.
    async fn outcome(
        &self,
        task: &Task,
        asked: &OutcomeAsked,
        worker: &mut Worker,
        told: impl Fn(&str, f64),
    ) -> Result<(Answer, Vec<Vec<u8>>), Error> {
        let store = &self.store;
        let file = |record, name| store.file_of_record(task.clinic, record, name);
        let before = store.photograph_of_reading(asked.reading).await?;
        let before = store.photograph_file(task.clinic, before).await?;
        let after = store.photograph_file(task.clinic, task.subject).await?;
        let mask = file(asked.reading, "scar.png").await?;
        let plan = match asked.plan {
            Some(plan) => file(plan, "plan.json").await?,
            None => Vec::new(),
        };
        let said = said_of(&file(asked.reading, ASKED).await?)?;
        let ask = Ask::Outcome { asked: asked.clone(), before: said };
        worker.ask(&ask, &[&before, &mask, &after, &plan], told).await
    }

    /// Tells anew how the dots of a plan fade, with what was just measured: when the client is asked to come rests on it. Where no
    /// visit counts yet, that job says so and leaves nothing.
    async fn tell_fading(&self, task: &Task, plan: Option<Uuid>) -> Result<(), Error> {
        let Some(plan) = plan else { return Ok(()) };
        let who = self.store.in_the_name_of(task.clinic, task.account).await?;
        let last_session = self.store.last_treatment_by(&who, plan).await?.map(|day| day.to_string());
        let work = Work::Fading(FadingAsked { last_session });
        self.store.new_job(&who, task.client, plan, &work).await?;
        self.wake();
        Ok(())
    }

    /// The pair of an outcome, to choose on.
    async fn drafted(
        &self,
        task: &Task,
        worker: &mut Worker,
        told: impl Fn(&str, f64),
    ) -> Result<(Answer, Vec<Vec<u8>>), Error> {
        let (pair, standing) = self.pair_of_outcome(task).await?;
        let Pair { asked, before, blobs } = pair;
        worker.ask(&Ask::Draft { asked, before, standing }, &blobs.each_ref().map(Vec::as_slice), told).await
    }

    /// The pair of an outcome as it is shown, signed.
    async fn published(
        &self,
        task: &Task,
        shown: &PublishAsked,
        worker: &mut Worker,
        told: impl Fn(&str, f64),
    ) -> Result<(Answer, Vec<Vec<u8>>), Error> {
        let (pair, standing) = self.pair_of_outcome(task).await?;
        let key = self.store.signing_key(task.clinic).await?;
        // Because the child takes it for whole.
        key.signer()?;
        let key = key.json();
        let Pair { asked, before, blobs: [one, mask, other] } = pair;
        let ask = Ask::Publish { asked, before, standing, shown: shown.clone() };
        worker.ask(&ask, &[&one, &mask, &other, &key], told).await
    }

    /// The two photographs of an outcome as they came, with what was asked of them and what the record says.
    async fn pair_of_outcome(&self, task: &Task) -> Result<(Pair, StandingSaid), Error> {
        let (store, clinic) = (&self.store, task.clinic);
        let asked = store.file_of_record(clinic, task.subject, ASKED).await;
        let asked = asked.map_err(|error| match error {
            Error::Missing(_) => Error::unusable("old_outcome", OLD_OUTCOME),
            other => other,
        })?;
        let asked: OutcomeAsked =
            serde_json::from_slice(&asked).map_err(|_| Error::Damaged { kind: "result" })?;
        let photographs = BeforeAfter {
            before: store.photograph_of_reading(asked.reading).await?,
            after: store.photograph_of_reading(task.subject).await?,
        };
        let before = said_of(&store.file_of_record(clinic, asked.reading, ASKED).await?)?;
        let blobs = [
            store.photograph_file(clinic, photographs.before).await?,
            store.file_of_record(clinic, asked.reading, "scar.png").await?,
            store.photograph_file(clinic, photographs.after).await?,
        ];
        let hash = |blob: &[u8]| stipple_record::store::sha256_hex(blob);
        let stand = [
            store.hash_of_photograph(photographs.before).await? == hash(&blobs[0]),
            store.hash_of_photograph(photographs.after).await? == hash(&blobs[2]),
        ];
        let who = store.in_the_name_of(clinic, task.account).await?;
        let copied = store.copied(&who, photographs).await?;
        let standing = StandingSaid { copied, ..store.standing(&who, photographs, stand).await? };
        Ok((Pair { asked, before, blobs }, standing))
    }

    /// What is asked on top of what was asked of the reading that it corrects, and the mask to begin with.
    async fn on_parent(&self, task: &Task, asked: &ReadAsked) -> Result<(ReadAsked, Vec<u8>), Error> {
        let Some(parent) = asked.parent else { return Ok((asked.clone(), asked.mask()?)) };
        let before = said_of(&self.store.file_of_record(task.clinic, parent, ASKED).await?)?;
        let drawn = asked.scar_mask_png.is_none() && before.draws_scar();
        let mask = match drawn {
            true => self.store.file_of_record(task.clinic, parent, "scar.png").await?,
            false => asked.mask()?,
        };
        Ok((asked.clone().on(before), mask))
    }

    async fn look(&self, task: &Task, worker: &mut Worker, told: impl Fn(&str, f64)) -> Result<Uuid, Error> {
        let photo = self.store.photograph_file(task.clinic, task.subject).await?;
        let answer = worker.ask(&Ask::Look, &[&photo], told).await;
        let (look, jpeg) = match answer {
            Ok((Answer::Look(look), blobs)) => (look, blobs.try_into().ok()),
            Ok((Answer::Unusable { code, message }, _)) => (Look::unusable(code, message), None),
            Ok(_) => return Err(Error::Ours("the child answered something else".to_owned())),
            Err(error) => return Err(error),
        };
        self.store.keep_look(task.clinic, task.subject, &look, jpeg).await?;
        look.trouble().map_or(Ok(task.subject), Err)
    }

    /// Keeps named files as a result under the job's own id.
    async fn keep(
        &self,
        task: &Task,
        kind: &'static str,
        parent: Option<Uuid>,
        corrected: bool,
        answer: (Answer, Vec<Vec<u8>>),
    ) -> Result<Uuid, Error> {
        let names = match answer.0 {
            Answer::Files { names } => names,
            Answer::Unusable { code, message } => return Err(Error::unusable(code, message)),
            _ => return Err(Error::Ours("the child answered something else".to_owned())),
        };
        let photograph = match kind {
            "reading" | "outcome" => task.subject,
            // The photograph after: the outcome is its.
            _ => self.store.photograph_of_reading(task.subject).await?,
        };
        let new = NewRecord {
            client: task.client,
            photograph,
            kind,
            parent,
            account: task.account,
            corrected,
            files: names.into_iter().zip(answer.1).collect(),
        };
        self.store.keep_record(task.clinic, task.id, new).await?;
        Ok(task.id)
    }

    fn changed(&self, id: Uuid) {
        // Nobody may be listening.
        let _ = self.changes.send(id);
    }
}

/// Outcomes of before do not keep what was asked of them.
const OLD_OUTCOME: &str = "This comparison is from before pairs could be shown. Compare the two photographs once more, and show that.";

/// Two photographs of one scar with its mask, and what was asked of them.
struct Pair {
    asked: OutcomeAsked,
    before: ReadAsked,
    blobs: [Vec<u8>; 3],
}

/// Adds what was asked to the files of a result.
fn with_asked(answer: Answer, files: &mut Vec<Vec<u8>>, asked: Vec<u8>) -> Answer {
    match answer {
        Answer::Files { mut names } => {
            names.push(ASKED.to_owned());
            files.push(asked);
            Answer::Files { names }
        }
        other => other,
    }
}

/// What was asked of a reading.
fn said_of(json: &[u8]) -> Result<ReadAsked, Error> {
    serde_json::from_slice(json).map_err(|_| Error::Damaged { kind: "result" })
}
