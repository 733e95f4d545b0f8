use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::{Patch, When};
use crate::Content;

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

    /// Its name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Its status. Any other than `completed` takes its conclusion away.
    pub fn status(mut self, status: JobStatus) -> Self {
        if status != JobStatus::Completed {
            self.conclusion = None;
        }
        self.status = status;
        self
    }

    /// Not yet started: no runner, no log.
    pub fn queued(mut self) -> Self {
        self.runner = None;
        self.status(JobStatus::Queued)
    }

    /// Running: no log yet.
    pub fn in_progress(self) -> Self {
        self.status(JobStatus::InProgress)
    }

    /// Completed with this conclusion.
    pub fn concluded(mut self, conclusion: Conclusion) -> Self {
        self.conclusion = Some(conclusion);
        self.status(JobStatus::Completed)
    }

    /// Skipped: completed without steps, runner and log.
    pub fn skipped(mut self) -> Self {
        self.runner = None;
        self.log = Log::Never;
        self.concluded(Conclusion::Skipped)
    }

    /// Cancelled before it started: completed without steps, runner and log.
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

    /// The labels that it asked a runner for.
    pub fn labels<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Self {
        self.labels = labels.into_iter().map(Into::into).collect();
        self
    }

    /// The runner that it runs on, if it has one.
    pub fn runner(mut self, runner: Option<Runner>) -> Self {
        self.runner = runner;
        self
    }

    /// When it was made; it starts five seconds later unless told otherwise.
    pub fn created_at(mut self, at: SystemTime) -> Self {
        self.created = Some(When::At(at));
        self
    }

    /// How long ago it was made, by the fake's clock when it is added.
    pub fn age(mut self, age: Duration) -> Self {
        self.created = Some(When::Ago(age));
        self
    }

    /// When it started.
    pub fn started_at(mut self, at: SystemTime) -> Self {
        self.started = Some(When::At(at));
        self
    }

    /// When it was completed.
    pub fn completed_at(mut self, at: SystemTime) -> Self {
        self.completed = Some(When::At(at));
        self
    }

    /// Its log, which is served as it is once the job is completed.
    pub fn log(mut self, log: impl Into<bytes::Bytes>) -> Self {
        self.log = Log::Given(Content::bytes(log));
        self
    }

    /// Its log as [`Content`], such as noise of many megabytes.
    pub fn log_content(mut self, log: Content) -> Self {
        self.log = Log::Given(log);
        self
    }

    /// It never gets a log: 404 even when completed.
    pub fn without_log(mut self) -> Self {
        self.log = Log::Never;
        self
    }

    /// Its log is expired: 410.
    pub fn log_expired(mut self) -> Self {
        self.log = Log::Expired;
        self
    }

    /// Sets a member of its JSON, such as a field that does not exist yet.
    pub fn json(mut self, member: impl Into<String>, value: impl Into<Value>) -> Self {
        self.patch.push((member.into(), Some(value.into())));
        self
    }

    /// Leaves a member out of its JSON.
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

    /// Its status. Any other than `completed` takes its conclusion away.
    pub fn status(mut self, status: StepStatus) -> Self {
        if status != StepStatus::Completed {
            self.conclusion = None;
        }
        self.status = status;
        self
    }

    /// Completed with this conclusion.
    pub fn concluded(mut self, conclusion: Conclusion) -> Self {
        self.status = StepStatus::Completed;
        self.conclusion = Some(conclusion);
        self
    }

    /// How long it took.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.duration = duration;
        self
    }
}

/// The runner of a job.
#[derive(Clone, Debug)]
pub struct Runner {
    /// Its id; 0 where GitHub has not chosen one yet.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The id of its group.
    pub group_id: i64,
    /// The name of its group.
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
