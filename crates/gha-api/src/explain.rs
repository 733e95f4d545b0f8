//! Why the content of a redirect is missing: what the job of a log, or the artifact of an archive, says
//! of it.

use gha_core::{Error, ErrorKind};

use crate::types::{Artifact, Job, JobConclusion, JobStatus};

/// How long a log may take to be stored after its job is completed, in seconds.
const STORING: i64 = 60;

impl Artifact {
    /// Makes the error of an archive that is missing (404) more precise.
    pub(crate) fn why_missing(&self, missing: Error) -> Error {
        match self.expired {
            true => missing.reclassified(ErrorKind::Expired, "the artifact has expired"),
            false => missing,
        }
    }
}

impl Job {
    /// Makes the error of a log that is missing (404) more precise.
    pub(crate) fn why_missing(&self, missing: Error) -> Error {
        let id = self.id;
        let (kind, message) = if self.status != JobStatus::Completed {
            let message = format!(
                "job {id} is {}; its log can be read when it is completed",
                self.status
            );
            (ErrorKind::LogNotReady, message)
        } else if self.conclusion == Some(JobConclusion::Skipped) {
            let message = format!("job {id} was skipped and never wrote a log");
            (ErrorKind::LogNeverWritten, message)
        } else if self.conclusion == Some(JobConclusion::Cancelled) && !self.has_started() {
            let message = format!("job {id} was cancelled before it started and never wrote a log");
            (ErrorKind::LogNeverWritten, message)
        } else if self.age_at(&missing).is_some_and(|age| age <= STORING) {
            let message =
                format!("job {id} was completed only just now, and its log is not stored yet");
            (ErrorKind::LogNotReady, message)
        } else {
            let message = format!(
                "job {id} is completed, but its log is not stored; it may have been deleted"
            );
            (ErrorKind::LogNotStored, message)
        };
        missing.reclassified(kind, message)
    }

    fn has_started(&self) -> bool {
        !self.steps.is_empty() || self.runner_id.is_some_and(|runner| runner != 0)
    }

    /// How long the job had been completed when its log was missing, in seconds on the server's
    /// clock; negative if it was completed after its log was asked for.
    fn age_at(&self, missing: &Error) -> Option<i64> {
        Some((missing.answered_at()? - self.completed_at?).num_seconds())
    }
}
