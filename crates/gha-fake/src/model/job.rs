use std::time::{Duration, SystemTime};

use super::{Patch, When};
use crate::clock::FOREVER;
use crate::content::Content;

/// A job to seed a fake with.
///
/// Unless told otherwise it ran for 90 seconds some minutes ago, succeeded, has three steps and a
/// log. A job follows the fake's clock: made now ([`age`](Self::age) zero) it is queued for five
/// seconds, then in progress, and completed with its conclusion 90 seconds later.
///
/// ```
/// use std::time::Duration;
/// use gha_fake::{Conclusion, Job, Run};
///
/// let now = Duration::ZERO;
/// let build = Job::new(41).age(now).takes(Duration::from_secs(300));
/// let test = Job::new(42)
///     .appears_after(Duration::from_secs(305)) // when `build` is completed
///     .concluded(Conclusion::Failure);
/// let run = Run::new(1001).job(build).job(test); // in progress until both are completed
/// # drop(run);
/// ```
#[derive(Clone, Debug)]
pub struct Job {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// In place of what the clock says.
    pub(crate) status: Option<JobStatus>,
    pub(crate) conclusion: Conclusion,
    pub(crate) steps: Vec<Step>,
    pub(crate) labels: Vec<String>,
    pub(crate) has_runner: bool,
    pub(crate) created: Option<When>,
    pub(crate) queued_for: Duration,
    pub(crate) takes: Option<Duration>,
    pub(crate) log: Log,
    pub(crate) patch: Patch,
}

/// The log of a job, once the job is completed.
#[derive(Clone, Debug)]
pub(crate) enum Log {
    /// Made from the steps.
    Default,
    Given(Content),
    Never,
    Expired,
    NotStored,
    Deleted,
}

impl Job {
    /// A job that has succeeded.
    pub fn new(id: i64) -> Self {
        Self {
            id,
            name: "build".into(),
            status: None,
            conclusion: Conclusion::Success,
            steps: Vec::new(),
            labels: vec!["ubuntu-latest".into()],
            has_runner: true,
            created: None,
            queued_for: Duration::from_secs(5),
            takes: None,
            log: Log::Default,
            patch: Vec::new(),
        }
    }

    setters! {
        /// The job's name.
        name(name: impl Into<String>) name = name.into();

        /// When the job was made.
        created_at(at: SystemTime) created = Some(When::At(at));

        /// How long before it is added, by the fake's clock, the job was made.
        age(age: Duration) created = Some(When::Ago(age));

        /// How long after it is added, by the fake's clock, the job appears in its run.
        appears_after(delay: Duration) created = Some(When::In(delay));

        /// How long the job is queued: five seconds by default.
        queued_for(time: Duration) queued_for = time.min(FOREVER);

        /// How long the job runs: as long as its steps by default.
        takes(time: Duration) takes = Some(time.min(FOREVER));

        /// The job's log, which is served as it is once the job is completed.
        log(log: impl Into<bytes::Bytes>) log = Log::Given(Content::bytes(log));

        /// The job's log as [`Content`], such as noise of many megabytes.
        log_content(log: Content) log = Log::Given(log);

        /// A job that never gets a log: 404 even when it is completed.
        without_log() log = Log::Never;

        /// A job whose log is expired: 410.
        log_expired() log = Log::Expired;

        /// A job whose log was not stored, as when its runner was lost: the API answers 404 in the
        /// blob store's XML, as for a job that is still running.
        log_not_stored() log = Log::NotStored;

        /// A job whose log was deleted from the blob store: the API redirects, and there it is 404.
        log_deleted() log = Log::Deleted;
    }

    /// The job's status until [`State`](crate::State) is told another, whatever the clock says;
    /// `completed` means that the clock decides.
    pub fn status(mut self, status: JobStatus) -> Self {
        self.status = (status != JobStatus::Completed).then_some(status);
        self
    }

    /// A job that has not started: without runner and log.
    pub fn queued(mut self) -> Self {
        self.has_runner = false;
        self.status(JobStatus::Queued)
    }

    /// A job that is running, and has no log yet.
    pub fn in_progress(self) -> Self {
        self.status(JobStatus::InProgress)
    }

    /// A job that is completed with this conclusion, when it is completed.
    pub fn concluded(mut self, conclusion: Conclusion) -> Self {
        self.conclusion = conclusion;
        self.status(JobStatus::Completed)
    }

    /// A job that was skipped: completed without steps, runner and log.
    pub fn skipped(mut self) -> Self {
        self.has_runner = false;
        self.without_log().concluded(Conclusion::Skipped)
    }

    /// A job that was cancelled before it started: completed without steps, runner and log.
    pub fn cancelled_before_start(self) -> Self {
        self.skipped().concluded(Conclusion::Cancelled)
    }

    /// Adds a step; the three steps that a job has by default are then left out.
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// The labels that the job asked a runner for.
    pub fn labels<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Self {
        self.labels = labels.into_iter().map(Into::into).collect();
        self
    }

    json_setters!();
}

/// A step of a job.
#[derive(Clone, Debug)]
pub struct Step {
    pub(crate) name: String,
    /// In place of what the clock says.
    pub(crate) status: Option<JobStatus>,
    pub(crate) conclusion: Conclusion,
    pub(crate) duration: Duration,
}

impl Step {
    /// A step that takes ten seconds and succeeds. Steps follow one another without a gap from the
    /// job's start.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            status: None,
            conclusion: Conclusion::Success,
            duration: Duration::from_secs(10),
        }
    }

    setters! {
        /// The step's status, whatever the clock says.
        status(status: JobStatus) status = Some(status);

        /// The conclusion that the step comes to.
        concluded(conclusion: Conclusion) conclusion = conclusion;

        /// How long the step takes.
        duration(duration: Duration) duration = duration.min(FOREVER);
    }
}

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A word that GitHub's description does not know.
            Other(String),
        }

        impl $name {
            /// All words that GitHub's description knows.
            pub(crate) const WORDS: &[&str] = &[$($word),*];

            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }
    };
}

words! {
    /// How far a run, a job or a step is.
    JobStatus {
        /// `queued`
        Queued = "queued",
        /// `in_progress`
        InProgress = "in_progress",
        /// `completed`
        Completed = "completed",
        /// `waiting`: for an approval
        Waiting = "waiting",
        /// `requested`
        Requested = "requested",
        /// `pending`: for a concurrency group
        Pending = "pending",
    }
}

impl JobStatus {
    /// Whether a runner has taken the job.
    pub(crate) fn has_begun(&self) -> bool {
        matches!(self, Self::InProgress | Self::Completed)
    }
}

words! {
    /// How a run, a job or a step ended.
    Conclusion {
        /// `success`
        Success = "success",
        /// `failure`
        Failure = "failure",
        /// `neutral`
        Neutral = "neutral",
        /// `cancelled`
        Cancelled = "cancelled",
        /// `skipped`
        Skipped = "skipped",
        /// `timed_out`
        TimedOut = "timed_out",
        /// `action_required`
        ActionRequired = "action_required",
        /// `stale`: a run that nobody completed
        Stale = "stale",
    }
}
