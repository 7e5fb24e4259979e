//! Long work: how far it is, and its end.

use std::convert::Infallible;

use axum::Json as Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use tokio::sync::broadcast::error::RecvError;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::Id;
use crate::Studio;
use crate::error::Error;
use crate::store::Who;
use crate::store::jobs::{Job, JobState};

/// A job.
#[utoipa::path(operation_id = "job", get, path = "/api/jobs/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Job)))]
pub(crate) async fn one(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<Body<Job>, Error> {
    Ok(Body(studio.queue.with_progress(studio.store.job(&who, id).await?)))
}

/// Ends a job that waits or runs.
#[utoipa::path(delete, path = "/api/jobs/{id}", params(("id" = Uuid, Path)), responses((status = 204)))]
pub(crate) async fn cancel(State(studio): State<Studio>, who: Who, Id(id): Id) -> Result<StatusCode, Error> {
    studio.store.job(&who, id).await?;
    studio.queue.cancel(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A job as it goes on, as server-sent events; ends with the job.
#[utoipa::path(get, path = "/api/jobs/{id}/events", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/event-stream", body = Job)))]
pub(crate) async fn events(
    State(studio): State<Studio>,
    who: Who,
    Id(id): Id,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Error> {
    // Listened to before it is looked at, so that nothing is missed in between.
    let mut changes = studio.queue.changes();
    studio.store.job(&who, id).await?;
    let (sender, receiver) = tokio::sync::mpsc::channel(8);
    tokio::spawn(async move {
        loop {
            let Ok(job) = studio.store.job(&who, id).await else { break };
            let job = studio.queue.with_progress(job);
            let ended = !matches!(job.state, JobState::Waiting | JobState::Running);
            let event = Event::default().json_data(&job).unwrap_or_default();
            if sender.send(Ok(event)).await.is_err() || ended {
                break;
            }
            loop {
                tokio::select! {
                    () = sender.closed() => return,
                    changed = changes.recv() => match changed {
                        Ok(changed) if changed != id => {}
                        Ok(_) | Err(RecvError::Lagged(_)) => break,
                        Err(RecvError::Closed) => return,
                    },
                }
            }
        }
    });
    Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::default()))
}
