use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use crate::model::{Artifact, Conclusion, Job, JobStatus, Run, Step, When};

/// How long everything has been over that does not say when it was.
pub(super) const SETTLED: Duration = Duration::from_secs(500);

#[derive(Debug)]
pub(crate) struct StoredRepo {
    pub(crate) id: i64,
    /// `owner/name`
    pub(crate) name: String,
    pub(crate) private: bool,
    pub(crate) former: Vec<String>,
}

impl StoredRepo {
    /// The name without the owner.
    pub(crate) fn short_name(&self) -> &str {
        let parts = self.name.split_once('/');
        parts.map_or(&self.name, |(_, name)| name)
    }
}

#[derive(Debug)]
pub(crate) struct StoredArtifact {
    pub(crate) id: i64,
    pub(crate) repo: i64,
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
    pub(crate) repo: i64,
    /// Without attempts and artifacts, which are stored apart.
    pub(crate) spec: Run,
    pub(crate) number: i64,
    pub(crate) workflow_id: i64,
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
        let latest = self.attempts.values().next_back();
        latest.map_or(&[], Vec::as_slice)
    }

    /// The jobs of all attempts.
    pub(crate) fn all_jobs(&self) -> impl Iterator<Item = &StoredJob> {
        self.attempts.values().flatten()
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
        let best = match skipped {
            true => Conclusion::Skipped,
            false => Conclusion::Success,
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
        let jobs = self.jobs().iter();
        let times = jobs.flat_map(|job| [job.created, job.started, job.completed]);
        let latest = times.filter(|at| *at <= now).max();
        latest.unwrap_or(self.created)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct StoredJob {
    pub(crate) id: i64,
    pub(crate) attempt: i64,
    pub(crate) spec: Job,
    pub(crate) created: SystemTime,
    pub(crate) started: SystemTime,
    pub(crate) completed: SystemTime,
}

impl StoredJob {
    pub(super) fn new(spec: Job, attempt: i64, now: SystemTime) -> Self {
        let ago = match spec.status {
            Some(JobStatus::InProgress) => spec.queued_for + spec.duration() / 2,
            _ => spec.queued_for + spec.duration() + SETTLED,
        };
        let created = spec.created.unwrap_or(When::Ago(ago)).resolve(now);
        let started = created + spec.queued_for;
        Self {
            id: spec.id,
            attempt,
            created,
            started,
            completed: started + spec.duration(),
            spec,
        }
    }

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

    fn duration(&self) -> Duration {
        let steps = || self.all_steps().iter().map(|step| step.duration).sum();
        self.takes.unwrap_or_else(steps)
    }
}
