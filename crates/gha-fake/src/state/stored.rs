use std::collections::BTreeMap;
use std::time::SystemTime;

use super::{ArtifactKey, Attempts};
use crate::model::{Artifact, Job};

#[derive(Debug)]
pub(crate) struct StoredRepo {
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) id: i64,
    pub(crate) private: bool,
    pub(crate) former: Vec<(String, Option<u16>)>,
    pub(crate) runs: BTreeMap<i64, StoredRun>,
    pub(crate) artifacts: BTreeMap<ArtifactKey, StoredArtifact>,
}

impl StoredRepo {
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}

#[derive(Debug)]
pub(crate) struct StoredRun {
    pub(crate) id: i64,
    pub(crate) workflow_name: String,
    pub(crate) head_branch: String,
    pub(crate) head_sha: String,
    pub(crate) attempts: Attempts,
}

#[derive(Debug)]
pub(crate) struct StoredArtifact {
    pub(crate) id: i64,
    pub(crate) spec: Artifact,
    pub(crate) created: SystemTime,
    pub(crate) updated: SystemTime,
    /// Where it is among all that were ever added, for the odd payloads.
    pub(crate) ordinal: u64,
}

impl StoredArtifact {
    pub(crate) fn expires(&self) -> SystemTime {
        self.created + self.spec.lifetime
    }

    pub(crate) fn is_expired(&self, now: SystemTime) -> bool {
        self.spec.expired || self.expires() <= now
    }
}

#[derive(Debug)]
pub(crate) struct StoredJob {
    pub(crate) id: i64,
    pub(crate) run: i64,
    pub(crate) attempt: i64,
    pub(crate) spec: Job,
    pub(crate) created: SystemTime,
    pub(crate) started: SystemTime,
    pub(crate) completed: Option<SystemTime>,
    pub(crate) ordinal: u64,
}
