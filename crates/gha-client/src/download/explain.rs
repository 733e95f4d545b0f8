//! Why the content of a redirect is missing. The one place that knows what a job is.

use std::any::Any;

use gha_api::types::{Artifact, Job, JobConclusion, JobStatus};
use gha_api::{Error, ErrorKind};

/// Makes a 404 more precise by the job of a log, or the artifact of an archive.
pub(crate) fn explain_missing(error: Error, subject: &dyn Any) -> Error {
    if let Some(job) = subject.downcast_ref::<Job>() {
        let (kind, message) = explain_log(job, &error);
        error.reclassified(kind, message)
    } else if subject
        .downcast_ref::<Artifact>()
        .is_some_and(|artifact| artifact.expired)
    {
        error.reclassified(ErrorKind::Expired, "the artifact has expired")
    } else {
        error
    }
}

/// How long a log may take to be stored after its job is completed, in seconds.
const STORING: i64 = 60;

fn explain_log(job: &Job, missing: &Error) -> (ErrorKind, String) {
    let id = job.id;
    if job.status != JobStatus::Completed {
        let message = format!(
            "job {id} is {}; its log can be read when it is completed",
            job.status
        );
        return (ErrorKind::LogNotReady, message);
    }
    let started = !job.steps.is_empty() || job.runner_id.is_some_and(|runner| runner != 0);
    match &job.conclusion {
        Some(JobConclusion::Skipped) => (
            ErrorKind::LogNeverWritten,
            format!("job {id} was skipped and never wrote a log"),
        ),
        Some(JobConclusion::Cancelled) if !started => (
            ErrorKind::LogNeverWritten,
            format!("job {id} was cancelled before it started and never wrote a log"),
        ),
        // It can have finished after its log was asked for.
        _ if age(job, missing).is_some_and(|age| age <= STORING) => (
            ErrorKind::LogNotReady,
            format!("job {id} was completed only just now, and its log is not stored yet"),
        ),
        _ => (
            ErrorKind::NotFound,
            format!("job {id} is completed, but its log is not stored; it may have been deleted"),
        ),
    }
}

/// How long a job had been completed when its log was missing, in seconds on the server's clock;
/// negative if it was completed after that.
fn age(job: &Job, missing: &Error) -> Option<i64> {
    Some((missing.answered_at()? - job.completed_at?).num_seconds())
}
