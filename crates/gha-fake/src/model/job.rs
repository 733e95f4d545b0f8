use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::{Patch, When};
use crate::content::Content;

/// A job to seed a fake with.
///
/// Unless told otherwise it ran for 90 seconds, succeeded, has three steps and a log.
#[derive(Clone, Debug)]
pub struct Job {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) status: JobStatus,
    pub(crate) conclusion: Option<Conclusion>,
    pub(crate) steps: Vec<Step>,
    pub(crate) labels: Vec<String>,
    pub(crate) runner: Option<Runner>,
    pub(crate) created: Option<When>,
    pub(crate) started: Option<When>,
    pub(crate) completed: Option<When>,
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
            status: JobStatus::Completed,
            conclusion: Some(Conclusion::Success),
            steps: Vec::new(),
            labels: vec!["ubuntu-latest".into()],
            runner: Some(Runner::default()),
            created: None,
            started: None,
            completed: None,
            log: Log::Default,
            patch: Vec::new(),
        }
    }

    /// The job's name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The job's status. Any other than `completed` takes its conclusion away.
    pub fn status(mut self, status: JobStatus) -> Self {
        if status != JobStatus::Completed {
            self.conclusion = None;
        }
        self.status = status;
        self
    }

    /// A job that has not started: without runner and log.
    pub fn queued(mut self) -> Self {
        self.runner = None;
        self.status(JobStatus::Queued)
    }

    /// A job that is running, and has no log yet.
    pub fn in_progress(self) -> Self {
        self.status(JobStatus::InProgress)
    }

    /// A job that is completed with this conclusion.
    pub fn concluded(mut self, conclusion: Conclusion) -> Self {
        self.conclusion = Some(conclusion);
        self.status(JobStatus::Completed)
    }

    /// A job that was skipped: completed without steps, runner and log.
    pub fn skipped(mut self) -> Self {
        self.runner = None;
        self.log = Log::Never;
        self.concluded(Conclusion::Skipped)
    }

    /// A job that was cancelled before it started: completed without steps, runner and log.
    pub fn cancelled_before_start(mut self) -> Self {
        self.runner = None;
        self.log = Log::Never;
        self.concluded(Conclusion::Cancelled)
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

    /// The runner that the job runs on, if it has one.
    pub fn runner(mut self, runner: Option<Runner>) -> Self {
        self.runner = runner;
        self
    }

    /// When the job was made; it starts five seconds later unless told otherwise.
    pub fn created_at(mut self, at: SystemTime) -> Self {
        self.created = Some(When::At(at));
        self
    }

    /// How long before it is added, by the fake's clock, the job was made.
    pub fn age(mut self, age: Duration) -> Self {
        self.created = Some(When::Ago(age));
        self
    }

    /// When the job started.
    pub fn started_at(mut self, at: SystemTime) -> Self {
        self.started = Some(When::At(at));
        self
    }

    /// When the job was completed.
    pub fn completed_at(mut self, at: SystemTime) -> Self {
        self.completed = Some(When::At(at));
        self
    }

    /// The job's log, which is served as it is once the job is completed.
    pub fn log(mut self, log: impl Into<bytes::Bytes>) -> Self {
        self.log = Log::Given(Content::bytes(log));
        self
    }

    /// The job's log as [`Content`], such as noise of many megabytes.
    pub fn log_content(mut self, log: Content) -> Self {
        self.log = Log::Given(log);
        self
    }

    /// A job that never gets a log: 404 even when it is completed.
    pub fn without_log(mut self) -> Self {
        self.log = Log::Never;
        self
    }

    /// A job whose log is expired: 410.
    pub fn log_expired(mut self) -> Self {
        self.log = Log::Expired;
        self
    }

    /// A job whose log was not stored, as when its runner was lost: the API answers 404 in the blob
    /// store's XML, as for a job that is still running.
    pub fn log_not_stored(mut self) -> Self {
        self.log = Log::NotStored;
        self
    }

    /// A job whose log was deleted from the blob store: the API redirects, and there it is 404.
    pub fn log_deleted(mut self) -> Self {
        self.log = Log::Deleted;
        self
    }

    /// A member of the job's JSON, such as a field that does not exist yet.
    pub fn json(mut self, member: impl Into<String>, value: impl Into<Value>) -> Self {
        self.patch.push((member.into(), Some(value.into())));
        self
    }

    /// A member that the job's JSON does not have.
    pub fn omit(mut self, member: impl Into<String>) -> Self {
        self.patch.push((member.into(), None));
        self
    }
}

/// A step of a job.
#[derive(Clone, Debug)]
pub struct Step {
    pub(crate) name: String,
    pub(crate) status: StepStatus,
    pub(crate) conclusion: Option<Conclusion>,
    pub(crate) duration: Duration,
}

impl Step {
    /// A step that took ten seconds and succeeded. Steps follow one another without a gap from the
    /// job's start.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            status: StepStatus::Completed,
            conclusion: Some(Conclusion::Success),
            duration: Duration::from_secs(10),
        }
    }

    /// The step's status. Any other than `completed` takes its conclusion away.
    pub fn status(mut self, status: StepStatus) -> Self {
        if status != StepStatus::Completed {
            self.conclusion = None;
        }
        self.status = status;
        self
    }

    /// A step that is completed with this conclusion.
    pub fn concluded(mut self, conclusion: Conclusion) -> Self {
        self.status = StepStatus::Completed;
        self.conclusion = Some(conclusion);
        self
    }

    /// How long the step took.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.duration = duration;
        self
    }
}

/// The runner of a job.
#[derive(Clone, Debug)]
pub struct Runner {
    /// The runner's id; 0 where GitHub has not chosen one yet.
    pub id: i64,
    /// The runner's name.
    pub name: String,
    /// The id of the runner's group.
    pub group_id: i64,
    /// The name of the runner's group.
    pub group_name: String,
}

impl Default for Runner {
    fn default() -> Self {
        Self {
            id: 1_000_000_007,
            name: "Hosted runner 7".into(),
            group_id: 0,
            group_name: "Hosted runners".into(),
        }
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
    /// How far a job is.
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

words! {
    /// How far a step is.
    StepStatus {
        /// `queued`
        Queued = "queued",
        /// `in_progress`
        InProgress = "in_progress",
        /// `completed`
        Completed = "completed",
    }
}

words! {
    /// How a job or a step ended.
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
    }
}
