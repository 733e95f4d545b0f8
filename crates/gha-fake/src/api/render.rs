//! Runs, jobs and artifacts as GitHub writes them.

use serde_json::{Value, json};

use super::operations::InRepo;
use crate::clock::rfc3339;
use crate::edition::Edition;
use crate::model::{Conclusion, JobStatus, Patch, Step, id_of};
use crate::state::{StoredArtifact, StoredJob, StoredRun};

/// Changed by a patch; the other members stay as they are.
fn patched(mut json: Value, patch: &Patch) -> Value {
    for (name, value) in patch {
        if let Some(value) = value {
            json[name] = value.clone();
        } else if let Some(object) = json.as_object_mut() {
            object.shift_remove(name);
        }
    }
    json
}

impl InRepo<'_> {
    pub(super) fn artifact_json(&self, artifact: &StoredArtifact) -> Value {
        let (spec, repo, id) = (&artifact.spec, self.repo, artifact.id);
        let url = format!("{}/actions/artifacts/{id}", self.api(&repo.name));
        let run = spec.run.and_then(|id| self.state.run(id));
        let run = run.map(|run| {
            json!({
                "id": run.id,
                "repository_id": repo.id,
                "head_repository_id": self.head_of(run).1,
                "head_branch": run.spec.head_branch,
                "head_sha": run.spec.head_sha,
            })
        });
        let mut json = json!({
            "id": id,
            "node_id": node_id("Artifact", id),
            "name": spec.name,
            "size_in_bytes": spec.content.len(),
            "url": url,
            "archive_download_url": format!("{url}/zip"),
            "expired": artifact.is_expired(self.now),
            "created_at": rfc3339(artifact.created),
            "updated_at": rfc3339(artifact.updated),
            "expires_at": rfc3339(artifact.expires()),
            "workflow_run": run,
        });
        // It takes a pass over all bytes.
        let is_told = spec.patch.iter().any(|(member, _)| member == "digest");
        let has_digests = self.call.shared.config.edition == Edition::GitHub;
        if has_digests && !is_told {
            json["digest"] = spec.content.digest().into();
        }
        patched(json, &spec.patch)
    }

    pub(super) fn run_json(&self, run: &StoredRun, pull_requests: bool) -> Value {
        let (spec, id, attempt) = (&run.spec, run.id, run.attempt());
        let (repo, html) = (self.repo, self.html(&self.repo.name));
        let api = self.api(&repo.name);
        let url = format!("{api}/actions/runs/{id}");
        let title = spec.title.as_ref().unwrap_or(&spec.workflow_name);
        let (suite, workflow) = (spec.check_suite_id, run.workflow_id);
        let previous = (attempt > 1).then(|| format!("{url}/attempts/{}", attempt - 1));
        let actor = self.person(&spec.actor);
        let repository = self.repository(&repo.name, repo.id, false);
        let (head, head_id) = self.head_of(run);
        let head_repository = self.repository(head, head_id, spec.fork.is_some());
        let numbers = spec.pull_requests.iter().filter(|_| pull_requests);
        let pulls = numbers.map(|number| {
            let end = |branch: &str, sha: &str| {
                let repo = json!({"id": repo.id, "url": api, "name": repo.short_name()});
                json!({"ref": branch, "sha": sha, "repo": repo})
            };
            json!({
                "url": format!("{api}/pulls/{number}"),
                "id": 1_000_000 + number,
                "number": number,
                "head": end(&spec.head_branch, &run.spec.head_sha),
                "base": end("main", &"0".repeat(40)),
            })
        });
        let author = json!({"name": spec.actor, "email": format!("{}@example.com", spec.actor)});
        let created = rfc3339(run.created);
        let json = json!({
            "id": id,
            "name": spec.workflow_name,
            "node_id": node_id("WorkflowRun", id),
            "head_branch": spec.head_branch,
            "head_sha": run.spec.head_sha,
            "path": format!(".github/workflows/{}", spec.workflow_file),
            "display_title": title,
            "run_number": run.number,
            "event": spec.event,
            "status": run.status(self.now).as_str(),
            "conclusion": run.conclusion(self.now).as_ref().map(Conclusion::as_str),
            "workflow_id": workflow,
            "check_suite_id": suite,
            "check_suite_node_id": node_id("CheckSuite", suite),
            "url": url,
            "html_url": format!("{html}/actions/runs/{id}"),
            "pull_requests": pulls.collect::<Value>(),
            "created_at": created,
            "updated_at": rfc3339(run.updated(self.now)),
            "actor": actor,
            "run_attempt": attempt,
            "referenced_workflows": [],
            "run_started_at": rfc3339(run.started()),
            "triggering_actor": actor,
            "jobs_url": format!("{url}/jobs"),
            "logs_url": format!("{url}/logs"),
            "check_suite_url": format!("{api}/check-suites/{suite}"),
            "artifacts_url": format!("{url}/artifacts"),
            "cancel_url": format!("{url}/cancel"),
            "rerun_url": format!("{url}/rerun"),
            "previous_attempt_url": previous,
            "workflow_url": format!("{api}/actions/workflows/{workflow}"),
            "head_commit": {
                "id": run.spec.head_sha,
                "tree_id": run.spec.head_sha,
                "message": title,
                "timestamp": created,
                "author": author,
                "committer": author,
            },
            "repository": repository,
            "head_repository": head_repository,
            "head_repository_id": head_id,
        });
        patched(json, &spec.patch)
    }

    pub(super) fn job_json(&self, run: &StoredRun, job: &StoredJob) -> Value {
        let (spec, status, id) = (&job.spec, job.status(self.now), job.id);
        let (api, html) = (self.api(&self.repo.name), self.html(&self.repo.name));
        let completed = status == JobStatus::Completed;
        // Of a job that waits GitHub gives the time when it was made.
        let started = match status.has_begun() {
            true => job.started,
            false => job.created,
        };
        let runner = spec.has_runner;
        let json = json!({
            "id": id,
            "run_id": run.id,
            "workflow_name": run.spec.workflow_name,
            "head_branch": run.spec.head_branch,
            "run_url": format!("{api}/actions/runs/{}", run.id),
            "run_attempt": job.attempt,
            "node_id": node_id("CheckRun", id),
            "head_sha": run.spec.head_sha,
            "url": format!("{api}/actions/jobs/{id}"),
            "html_url": format!("{html}/actions/runs/{}/job/{id}", run.id),
            "status": status.as_str(),
            "conclusion": completed.then(|| spec.conclusion.as_str()),
            "created_at": rfc3339(job.created),
            "started_at": rfc3339(started),
            "completed_at": completed.then(|| rfc3339(job.completed)),
            "name": spec.name,
            "steps": self.steps(job, &status),
            "check_run_url": format!("{api}/check-runs/{id}"),
            "labels": spec.labels,
            "runner_id": runner.then_some(1_000_000_007),
            "runner_name": runner.then_some("Hosted runner 7"),
            "runner_group_id": runner.then_some(0),
            "runner_group_name": runner.then_some("Hosted runners"),
        });
        patched(json, &spec.patch)
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
                true if completed || end <= self.now => JobStatus::Completed,
                true if start <= self.now => JobStatus::InProgress,
                _ => JobStatus::Queued,
            };
            let status = step.status.unwrap_or(by_clock);
            let is_over = status == JobStatus::Completed;
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
                "started_at": (status != JobStatus::Queued).then(|| rfc3339(start)),
                "completed_at": is_over.then(|| rfc3339(end)),
            })
        };
        steps.into_iter().enumerate().map(render).collect()
    }

    /// Where a repository is in the API.
    fn api(&self, repo: &str) -> String {
        format!("{}/repos/{repo}", self.call.shared.api_url())
    }

    /// Where a page for people is.
    fn html(&self, path: &str) -> String {
        format!("{}/{path}", self.call.shared.api_origin)
    }

    /// A person.
    fn person(&self, login: &str) -> Value {
        let id = id_of(login);
        let api = format!("{}/users/{login}", self.call.shared.api_url());
        let mut person = json!({
            "login": login, "id": id, "node_id": node_id("User", id), "gravatar_id": "",
            "avatar_url": self.html(&format!("avatars/{id}")), "url": api,
            "html_url": self.html(login), "type": "User", "user_view_type": "public",
            "site_admin": false,
        });
        urls(&mut person, &api, PERSON_URLS);
        person
    }

    /// Name and id of the repository that a run's commit is in.
    fn head_of<'s>(&'s self, run: &'s StoredRun) -> (&'s str, i64) {
        let Some(fork) = &run.spec.fork else {
            return (&self.repo.name, self.repo.id);
        };
        let known = self.state.repo(fork).map(|repo| repo.id);
        (fork, known.unwrap_or_else(|| id_of(fork)))
    }

    fn repository(&self, full_name: &str, id: i64, fork: bool) -> Value {
        let (owner, name) = full_name.split_once('/').unwrap_or(("octocat", full_name));
        let api = self.api(full_name);
        let mut repository = json!({
            "id": id, "node_id": node_id("Repository", id), "name": name, "full_name": full_name,
            "private": self.repo.private, "owner": self.person(owner),
            "html_url": self.html(full_name), "description": null, "fork": fork,
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
