//! What a fake is seeded with, in builder style.

mod artifact;
mod job;
mod repo;
mod token;

use std::time::{Duration, SystemTime};

use serde_json::Value;

pub use artifact::Artifact;
pub(crate) use artifact::DigestField;
pub(crate) use job::Log;
pub use job::{Conclusion, Job, JobStatus, Runner, Step, StepStatus};
pub use repo::{Attempt, Repo, Run};
pub use token::Token;

/// A moment, given absolutely or by how long before the fake's present it was.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    At(SystemTime),
    Ago(Duration),
}

impl When {
    pub(crate) fn resolve(self, now: SystemTime) -> SystemTime {
        match self {
            Self::At(at) => at,
            Self::Ago(age) => now - age,
        }
    }
}

/// Changes to the JSON that an item is rendered as: a value to set, or nothing to leave it out.
pub(crate) type Patch = Vec<(String, Option<Value>)>;
