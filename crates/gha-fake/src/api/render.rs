//! Artifacts and jobs as GitHub writes them.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::undocumented::{self, Object};
use crate::clock::rfc3339;
use crate::model::{Conclusion, DigestField, JobStatus, Patch, Step, StepStatus};
use crate::state::{StoredArtifact, StoredJob, StoredRepo, StoredRun};

fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn apply(patch: &Patch, object: &mut Object) {
    for (name, value) in patch {
        match value {
            Some(value) => object.insert(name.clone(), value.clone()),
            None => object.shift_remove(name),
        };
    }
}

/// What rendering depends on beside the item itself.
pub(super) struct Renderer<'a> {
    /// Where the API is, as URLs in the answers name it.
    pub(super) base: String,
    /// Where the pages for people are.
    pub(super) html: &'a str,
    pub(super) now: SystemTime,
    pub(super) digests: bool,
    pub(super) undocumented: bool,
}

impl Renderer<'_> {
    pub(super) fn artifact(&self, repo: &StoredRepo, artifact: &StoredArtifact) -> Value {
        let spec = &artifact.spec;
        let url = format!(
            "{}/repos/{}/actions/artifacts/{}",
            self.base,
            repo.full_name(),
            artifact.id
        );
        let run = spec.run.and_then(|id| repo.runs.get(&id));
        let mut object = object([
            ("id", artifact.id.into()),
            ("node_id", node_id("Artifact", artifact.id).into()),
            ("name", spec.name.as_str().into()),
            ("size_in_bytes", spec.content.len().into()),
            ("url", url.as_str().into()),
            ("archive_download_url", format!("{url}/zip").into()),
            ("expired", artifact.is_expired(self.now).into()),
            ("created_at", rfc3339(artifact.created).into()),
            ("updated_at", rfc3339(artifact.updated).into()),
            ("expires_at", rfc3339(artifact.expires()).into()),
        ]);
        let digest = match &spec.digest {
            DigestField::True if self.digests => Some(spec.content.digest()),
            DigestField::True | DigestField::Absent => None,
            DigestField::Given(digest) => Some(digest.as_str()),
        };
        if let Some(digest) = digest {
            object.insert("digest".into(), digest.into());
        }
        object.insert(
            "workflow_run".into(),
            run.map_or(Value::Null, |run| {
                json!({
                    "id": run.id,
                    "repository_id": repo.id,
                    "head_repository_id": repo.id,
                    "head_branch": run.head_branch,
                    "head_sha": run.head_sha,
                })
            }),
        );
        if self.undocumented {
            undocumented::artifact(&mut object, artifact.ordinal);
        }
        apply(&spec.patch, &mut object);
        object.into()
    }

    pub(super) fn job(&self, repo: &StoredRepo, run: &StoredRun, job: &StoredJob) -> Value {
        let spec = &job.spec;
        let full_name = repo.full_name();
        let api = format!("{}/repos/{full_name}", self.base);
        let runner = spec.runner.as_ref();
        let mut object = object([
            ("id", job.id.into()),
            ("run_id", run.id.into()),
            ("workflow_name", run.workflow_name.as_str().into()),
            ("head_branch", run.head_branch.as_str().into()),
            ("run_url", format!("{api}/actions/runs/{}", run.id).into()),
            ("run_attempt", job.attempt.into()),
            ("node_id", node_id("CheckRun", job.id).into()),
            ("head_sha", run.head_sha.as_str().into()),
            ("url", format!("{api}/actions/jobs/{}", job.id).into()),
            (
                "html_url",
                format!(
                    "{}/{full_name}/actions/runs/{}/job/{}",
                    self.html, run.id, job.id
                )
                .into(),
            ),
            ("status", spec.status.as_str().into()),
            (
                "conclusion",
                spec.conclusion.as_ref().map(Conclusion::as_str).into(),
            ),
            ("created_at", rfc3339(job.created).into()),
            ("started_at", rfc3339(job.started).into()),
            ("completed_at", job.completed.map(rfc3339).into()),
            ("name", spec.name.as_str().into()),
            ("steps", steps(job)),
            (
                "check_run_url",
                format!("{api}/check-runs/{}", job.id).into(),
            ),
            ("labels", spec.labels.as_slice().into()),
            ("runner_id", runner.map(|r| r.id).into()),
            ("runner_name", runner.map(|r| r.name.as_str()).into()),
            ("runner_group_id", runner.map(|r| r.group_id).into()),
            (
                "runner_group_name",
                runner.map(|r| r.group_name.as_str()).into(),
            ),
        ]);
        if self.undocumented {
            undocumented::job(&mut object, job.ordinal);
        }
        apply(&spec.patch, &mut object);
        object.into()
    }
}

/// Steps follow one another from the job's start. Of a job that has not started they have no times.
fn steps(job: &StoredJob) -> Value {
    let mut at = job.started;
    let begun = matches!(
        job.spec.status,
        JobStatus::InProgress | JobStatus::Completed
    );
    let render = |(index, step): (usize, &Step)| {
        let start = at;
        at += step.duration;
        let started = begun && step.status != StepStatus::Queued;
        let completed = begun && step.status == StepStatus::Completed;
        json!({
            "name": step.name,
            "status": step.status.as_str(),
            "conclusion": step.conclusion.as_ref().map(Conclusion::as_str),
            "number": index + 1,
            "started_at": started.then(|| rfc3339(start)),
            "completed_at": completed.then(|| rfc3339(at)),
        })
    };
    job.spec.steps.iter().enumerate().map(render).collect()
}

/// Opaque to clients; like GitHub's old ones, base64 of a type and an id.
fn node_id(kind: &str, id: i64) -> String {
    use base64::Engine as _;
    let text = format!("0{}:{kind}{id}", kind.len());
    base64::engine::general_purpose::STANDARD.encode(text)
}
