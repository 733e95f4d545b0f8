//! Runs, jobs and artifacts as GitHub writes them.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::clock::rfc3339;
use crate::model::{Conclusion, DigestField, HeadRepo, JobStatus, Patch, Step, StepStatus};
use crate::state::{State, StoredArtifact, StoredJob, StoredRepo, StoredRun};

/// What rendering depends on beside the item itself.
pub(super) struct Renderer<'a> {
    /// Where the API is, as URLs in the answers name it.
    pub(super) base: String,
    /// Where the pages for people are.
    pub(super) html: &'a str,
    pub(super) state: &'a State,
    pub(super) now: SystemTime,
    pub(super) digests: bool,
}

/// A JSON object from these members, and one that there may be, changed by a patch; they stay in
/// order.
fn object<const N: usize>(
    members: [(&str, Value); N],
    optional: Option<(&str, Value)>,
    patch: &Patch,
) -> Value {
    let members = members.into_iter();
    let mut object: Map<String, Value> = members.map(|(n, value)| (n.to_owned(), value)).collect();
    object.extend(optional.map(|(name, value)| (name.to_owned(), value)));
    for (name, value) in patch {
        match value {
            Some(value) => object.insert(name.clone(), value.clone()),
            None => object.shift_remove(name),
        };
    }
    object.into()
}

impl Renderer<'_> {
    pub(super) fn artifact(&self, repo: &StoredRepo, artifact: &StoredArtifact) -> Value {
        let spec = &artifact.spec;
        let url = format!(
            "{}/repos/{}/actions/artifacts/{}",
            self.base, repo.name, artifact.id
        );
        let run = spec.run.and_then(|id| self.state.run(id));
        let run = run.map(|run| {
            json!({
                "id": run.id,
                "repository_id": repo.id,
                "head_repository_id": repo.id,
                "head_branch": run.spec.head_branch,
                "head_sha": run.head_sha,
            })
        });
        let members = [
            ("id", artifact.id.into()),
            ("node_id", node_id("Artifact", artifact.id)),
            ("name", spec.name.as_str().into()),
            ("size_in_bytes", spec.content.len().into()),
            ("url", url.as_str().into()),
            ("archive_download_url", format!("{url}/zip").into()),
            ("expired", artifact.is_expired(self.now).into()),
            ("created_at", rfc3339(artifact.created).into()),
            ("updated_at", rfc3339(artifact.updated).into()),
            ("expires_at", rfc3339(artifact.expires()).into()),
            ("workflow_run", run.into()),
        ];
        let digest = match &spec.digest {
            DigestField::True if self.digests => Some(spec.content.digest()),
            DigestField::True | DigestField::Absent => None,
            DigestField::Given(digest) => Some(digest.as_str()),
        };
        let digest = digest.map(|digest| ("digest", digest.into()));
        object(members, digest, &spec.patch)
    }

    pub(super) fn run(&self, repo: &StoredRepo, run: &StoredRun, pull_requests: bool) -> Value {
        let (spec, id, attempt) = (&run.spec, run.id, run.attempt());
        let full_name = &repo.name;
        let api = format!("{}/repos/{full_name}", self.base);
        let url = format!("{api}/actions/runs/{id}");
        let below = |path: &str| Value::from(format!("{url}/{path}"));
        let title = spec.title.as_ref().unwrap_or(&spec.workflow_name);
        let (suite, workflow) = (run.check_suite_id, run.workflow_id);
        let previous = (attempt > 1).then(|| below(&format!("attempts/{}", attempt - 1)));
        let actor = self.person(&spec.actor);
        let repository = self.repository(full_name, repo.id, repo.private, false);
        let head_repository = match &spec.head_repo {
            HeadRepo::Same => repository.clone(),
            HeadRepo::Fork(fork) => self.repository(fork, repo.id + 1, repo.private, true),
            HeadRepo::Deleted => Value::Null,
        };
        let head_id = head_repository.get("id").cloned();
        let head_id = head_id.map(|id| ("head_repository_id", id));
        let numbers = spec.pull_requests.iter().filter(|_| pull_requests);
        let pulls = numbers.map(|number| {
            let end = |branch: &str, sha: &str| {
                json!({"ref": branch, "sha": sha, "repo": {"id": repo.id, "url": api, "name": repo.short_name()}})
            };
            json!({
                "url": format!("{api}/pulls/{number}"), "id": 1_000_000 + number, "number": number,
                "head": end(&spec.head_branch, &run.head_sha), "base": end("main", &"0".repeat(40)),
            })
        });
        let author = json!({"name": spec.actor, "email": format!("{}@example.com", spec.actor)});
        let created = Value::from(rfc3339(run.created));
        let members = [
            ("id", id.into()),
            ("name", spec.workflow_name.as_str().into()),
            ("node_id", node_id("WorkflowRun", id)),
            ("head_branch", spec.head_branch.as_str().into()),
            ("head_sha", run.head_sha.as_str().into()),
            (
                "path",
                format!(".github/workflows/{}", spec.workflow_file).into(),
            ),
            ("display_title", title.as_str().into()),
            ("run_number", run.number.into()),
            ("event", spec.event.as_str().into()),
            ("status", run.status(self.now).as_str().into()),
            (
                "conclusion",
                run.conclusion(self.now)
                    .as_ref()
                    .map(Conclusion::as_str)
                    .into(),
            ),
            ("workflow_id", workflow.into()),
            ("check_suite_id", suite.into()),
            ("check_suite_node_id", node_id("CheckSuite", suite)),
            ("url", url.as_str().into()),
            (
                "html_url",
                format!("{}/{full_name}/actions/runs/{id}", self.html).into(),
            ),
            ("pull_requests", pulls.collect()),
            ("created_at", created.clone()),
            ("updated_at", rfc3339(run.updated(self.now)).into()),
            ("actor", actor.clone()),
            ("run_attempt", attempt.into()),
            ("referenced_workflows", json!([])),
            ("run_started_at", rfc3339(run.started()).into()),
            ("triggering_actor", actor),
            ("jobs_url", below("jobs")),
            ("logs_url", below("logs")),
            (
                "check_suite_url",
                format!("{api}/check-suites/{suite}").into(),
            ),
            ("artifacts_url", below("artifacts")),
            ("cancel_url", below("cancel")),
            ("rerun_url", below("rerun")),
            ("previous_attempt_url", previous.into()),
            (
                "workflow_url",
                format!("{api}/actions/workflows/{workflow}").into(),
            ),
            (
                "head_commit",
                json!({
                    "id": run.head_sha, "tree_id": run.head_sha, "message": title,
                    "timestamp": created, "author": author, "committer": author,
                }),
            ),
            ("repository", repository),
            ("head_repository", head_repository),
        ];
        object(members, head_id, &spec.patch)
    }

    pub(super) fn job(&self, repo: &StoredRepo, run: &StoredRun, job: &StoredJob) -> Value {
        let (spec, status) = (&job.spec, job.status(self.now));
        let full_name = &repo.name;
        let api = format!("{}/repos/{full_name}", self.base);
        let html = format!(
            "{}/{full_name}/actions/runs/{}/job/{}",
            self.html, run.id, job.id
        );
        let completed = status == JobStatus::Completed;
        // Of a job that waits GitHub gives the time when it was made.
        let started = if status.has_begun() {
            job.started
        } else {
            job.created
        };
        let of_runner = |value: Value| if spec.has_runner { value } else { Value::Null };
        let members = [
            ("id", job.id.into()),
            ("run_id", run.id.into()),
            ("workflow_name", run.spec.workflow_name.as_str().into()),
            ("head_branch", run.spec.head_branch.as_str().into()),
            ("run_url", format!("{api}/actions/runs/{}", run.id).into()),
            ("run_attempt", job.attempt.into()),
            ("node_id", node_id("CheckRun", job.id)),
            ("head_sha", run.head_sha.as_str().into()),
            ("url", format!("{api}/actions/jobs/{}", job.id).into()),
            ("html_url", html.into()),
            ("status", status.as_str().into()),
            (
                "conclusion",
                completed.then(|| spec.conclusion.as_str()).into(),
            ),
            ("created_at", rfc3339(job.created).into()),
            ("started_at", rfc3339(started).into()),
            (
                "completed_at",
                completed.then(|| rfc3339(job.completed)).into(),
            ),
            ("name", spec.name.as_str().into()),
            ("steps", self.steps(job, &status)),
            (
                "check_run_url",
                format!("{api}/check-runs/{}", job.id).into(),
            ),
            ("labels", spec.labels.as_slice().into()),
            ("runner_id", of_runner(1_000_000_007.into())),
            ("runner_name", of_runner("Hosted runner 7".into())),
            ("runner_group_id", of_runner(0.into())),
            ("runner_group_name", of_runner("Hosted runners".into())),
        ];
        object(members, None, &spec.patch)
    }

    /// Steps follow one another from the job's start. Of a job that has not begun only those are
    /// there that it was given.
    fn steps(&self, job: &StoredJob, status: &JobStatus) -> Value {
        let steps = match status.has_begun() {
            true => job.spec.all_steps(),
            false => job.spec.steps.clone(),
        };
        let completed = *status == JobStatus::Completed;
        let mut at = job.started;
        let render = |(index, step): (usize, Step)| {
            let (start, end) = (at, at + step.duration);
            at = end;
            let by_clock = match status.has_begun() {
                true if completed || end <= self.now => StepStatus::Completed,
                true if start <= self.now => StepStatus::InProgress,
                _ => StepStatus::Queued,
            };
            let status = step.status.unwrap_or(by_clock);
            let is_over = status == StepStatus::Completed;
            // What the job's end cut off has the job's conclusion.
            let (end, conclusion) = match completed && end > job.completed {
                true => (job.completed.max(start), &job.spec.conclusion),
                false => (end, &step.conclusion),
            };
            json!({
                "name": step.name,
                "status": status.as_str(),
                "conclusion": is_over.then(|| conclusion.as_str()),
                "number": index + 1,
                "started_at": (status != StepStatus::Queued).then(|| rfc3339(start)),
                "completed_at": is_over.then(|| rfc3339(end)),
            })
        };
        steps.into_iter().enumerate().map(render).collect()
    }

    /// A person, whose id is made from the login.
    fn person(&self, login: &str) -> Value {
        let id = login
            .bytes()
            .fold(0, |id, byte| (id * 31 + i64::from(byte)) % 100_000_007);
        let (api, html) = (format!("{}/users/{login}", self.base), self.html);
        let mut person = json!({
            "login": login, "id": id, "node_id": node_id("User", id), "gravatar_id": "",
            "avatar_url": format!("{html}/avatars/{id}"), "url": api,
            "html_url": format!("{html}/{login}"), "type": "User", "user_view_type": "public",
            "site_admin": false,
        });
        urls(&mut person, &api, PERSON_URLS);
        person
    }

    fn repository(&self, full_name: &str, id: i64, private: bool, fork: bool) -> Value {
        let (owner, name) = full_name.split_once('/').unwrap_or(("octocat", full_name));
        let api = format!("{}/repos/{full_name}", self.base);
        let mut repository = json!({
            "id": id, "node_id": node_id("Repository", id), "name": name, "full_name": full_name,
            "private": private, "owner": self.person(owner),
            "html_url": format!("{}/{full_name}", self.html), "description": null, "fork": fork,
            "url": api,
        });
        urls(&mut repository, &api, REPOSITORY_URLS);
        repository
    }
}

/// Adds members that end in `_url`: each is a name, and what follows the URL of the whole.
fn urls(object: &mut Value, base: &str, all: &str) {
    for url in all.split_whitespace() {
        let (name, path) = url.split_once('/').unwrap_or((url, ""));
        object[format!("{name}_url")] = format!("{base}/{path}").into();
    }
}

const PERSON_URLS: &str = "followers/followers following/following{/other_user} \
    gists/gists{/gist_id} starred/starred{/owner}{/repo} subscriptions/subscriptions \
    organizations/orgs repos/repos events/events{/privacy} received_events/received_events";

const REPOSITORY_URLS: &str = "archive/{archive_format}{/ref} assignees/assignees{/user} \
    blobs/git/blobs{/sha} branches/branches{/branch} collaborators/collaborators{/collaborator} \
    comments/comments{/number} commits/commits{/sha} compare/compare/{base}...{head} \
    contents/contents/{+path} contributors/contributors deployments/deployments \
    downloads/downloads events/events forks/forks git_commits/git/commits{/sha} \
    git_refs/git/refs{/sha} git_tags/git/tags{/sha} hooks/hooks \
    issue_comment/issues/comments{/number} issue_events/issues/events{/number} \
    issues/issues{/number} keys/keys{/key_id} labels/labels{/name} languages/languages \
    merges/merges milestones/milestones{/number} \
    notifications/notifications{?since,all,participating} pulls/pulls{/number} \
    releases/releases{/id} stargazers/stargazers statuses/statuses/{sha} \
    subscribers/subscribers subscription/subscription tags/tags teams/teams trees/git/trees{/sha}";

/// Opaque to clients; like GitHub's old ones, base64 of a type and an id.
fn node_id(kind: &str, id: i64) -> Value {
    use base64::Engine as _;
    let text = format!("0{}:{kind}{id}", kind.len());
    base64::engine::general_purpose::STANDARD
        .encode(text)
        .into()
}
