use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use crate::model::{Artifact, Conclusion, Job, JobStatus, Run, Step};

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

/// When it was made and which it is: the order of GitHub's lists, backwards.
pub(crate) type ArtifactKey = (SystemTime, i64);

impl StoredRepo {
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// When the clock may change what it looks like, at the earliest.
    pub(crate) fn next_change(&self, now: SystemTime) -> SystemTime {
        let mut jobs = self
            .runs
            .values()
            .flat_map(|run| run.attempts.values().flatten());
        if !jobs.all(|job| job.status(now) == JobStatus::Completed) {
            return now;
        }
        let unexpired = self.artifacts.values().filter(|a| !a.is_expired(now));
        let expiry = unexpired.map(StoredArtifact::expires).min();
        expiry.unwrap_or(now + Duration::from_secs(1 << 32))
    }
}

#[derive(Debug)]
pub(crate) struct StoredArtifact {
    pub(crate) id: i64,
    pub(crate) spec: Artifact,
    pub(crate) created: SystemTime,
    pub(crate) updated: SystemTime,
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
pub(crate) struct StoredRun {
    pub(crate) id: i64,
    /// Without attempts and artifacts, which are stored apart.
    pub(crate) spec: Run,
    pub(crate) number: i64,
    pub(crate) workflow_id: i64,
    pub(crate) head_sha: String,
    pub(crate) check_suite_id: i64,
    pub(crate) created: SystemTime,
    /// The jobs of each attempt, by its number.
    pub(crate) attempts: BTreeMap<i64, Vec<StoredJob>>,
}

impl StoredRun {
    pub(crate) fn attempt(&self) -> i64 {
        self.attempts.keys().next_back().copied().unwrap_or(1)
    }

    /// The jobs of the latest attempt, those that have not appeared yet included.
    fn jobs(&self) -> &[StoredJob] {
        self.attempts
            .values()
            .next_back()
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn status(&self, now: SystemTime) -> JobStatus {
        let statuses = || self.jobs().iter().map(|job| job.status(now));
        let is_waiting = |status: &JobStatus| !status.has_begun() && *status != JobStatus::Queued;
        if statuses().all(|status| status == JobStatus::Completed) {
            JobStatus::Completed
        } else if statuses().any(|status| status.has_begun()) {
            JobStatus::InProgress
        } else {
            statuses().find(is_waiting).unwrap_or(JobStatus::Queued)
        }
    }

    /// The worst of its jobs', unless it was told another.
    pub(crate) fn conclusion(&self, now: SystemTime) -> Option<Conclusion> {
        const WORST: [Conclusion; 4] = [
            Conclusion::Failure,
            Conclusion::TimedOut,
            Conclusion::Cancelled,
            Conclusion::ActionRequired,
        ];
        if self.status(now) != JobStatus::Completed {
            return None;
        }
        let jobs = self.jobs().iter().map(|job| &job.spec.conclusion);
        let skipped = jobs.len() > 0 && jobs.clone().all(|c| *c == Conclusion::Skipped);
        let best = if skipped {
            Conclusion::Skipped
        } else {
            Conclusion::Success
        };
        let worst = WORST.into_iter().find(|bad| jobs.clone().any(|c| c == bad));
        Some(self.spec.conclusion.clone().or(worst).unwrap_or(best))
    }

    /// When the latest attempt was made.
    pub(crate) fn started(&self) -> SystemTime {
        let made = self.jobs().iter().map(|job| job.created).min();
        made.unwrap_or(self.created).max(self.created)
    }

    /// When something last happened to it.
    pub(crate) fn updated(&self, now: SystemTime) -> SystemTime {
        let times = self.jobs().iter().flat_map(StoredJob::times);
        let latest = times.filter(|at| *at <= now).max();
        latest.unwrap_or(self.created)
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
    pub(crate) completed: SystemTime,
}

impl StoredJob {
    pub(crate) fn is_there(&self, now: SystemTime) -> bool {
        self.created <= now
    }

    pub(crate) fn status(&self, now: SystemTime) -> JobStatus {
        match &self.spec.status {
            Some(status) => status.clone(),
            None if now >= self.completed => JobStatus::Completed,
            None if now >= self.started => JobStatus::InProgress,
            None => JobStatus::Queued,
        }
    }

    fn times(&self) -> [SystemTime; 3] {
        [self.created, self.started, self.completed]
    }
}

impl Job {
    /// The steps that it takes, once it has a runner.
    pub(crate) fn all_steps(&self) -> Vec<Step> {
        if !self.steps.is_empty() || !self.has_runner {
            return self.steps.clone();
        }
        let third = self.takes.unwrap_or(Duration::from_secs(90)) / 3;
        let step = |name| Step::new(name).duration(third);
        let middle = step("Run make all").concluded(self.conclusion.clone());
        vec![step("Set up job"), middle, step("Complete job")]
    }

    pub(crate) fn duration(&self) -> Duration {
        let steps = || self.all_steps().iter().map(|step| step.duration).sum();
        self.takes.unwrap_or_else(steps)
    }
}
