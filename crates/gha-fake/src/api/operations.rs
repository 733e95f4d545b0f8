//! What each operation answers.

use std::time::Duration;

use http::{Method, StatusCode, header};
use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};

use super::auth::Caller;
use super::query::Query;
use super::refusal::Refusal;
use super::render::Renderer;
use crate::answer::{self, Answer, set};
use crate::call::Call;
use crate::content::Content;
use crate::edition::Edition;
use crate::lock::lock;
use crate::model::{JobStatus, Log};
use crate::operation::Operation;
use crate::pages::{CACHE_LIMIT, Page};
use crate::signed_url::ESCAPED;
use crate::state::{State, StoredArtifact, StoredJob, StoredRepo, StoredRun};

impl Call<'_> {
    pub(super) fn operate(&self, state: &mut State, caller: &Caller) -> Result<Answer, Refusal> {
        let operation = self.operation().ok_or_else(Refusal::not_found)?;
        let repo = self.find_repo(state, caller)?;
        caller.check(operation, repo)?;
        let query = Query::parse(self.query())?;
        let ok = |json: Value| Ok(answer::json(StatusCode::OK, &json));
        match operation {
            Operation::ListArtifacts
            | Operation::ListRunArtifacts
            | Operation::ListRunJobs
            | Operation::ListAttemptJobs
            | Operation::ListRuns
            | Operation::ListWorkflowRuns => self.list(operation, state, repo, &query),
            Operation::GetArtifact => {
                let artifact = self.artifact(state, repo)?;
                ok(self.renderer(state).artifact(repo, artifact))
            }
            Operation::DeleteArtifact => {
                let id = self.artifact(state, repo)?.id;
                let deleted = state.delete_artifact(id);
                deleted.map_err(|_| Refusal::not_found())?;
                Ok(answer::bare(StatusCode::NO_CONTENT))
            }
            Operation::DownloadArtifact => self.download_artifact(state, repo),
            Operation::GetJob => {
                let (run, job) = self.job(state, repo)?;
                ok(self.renderer(state).job(repo, run, job))
            }
            Operation::DownloadJobLogs => self.download_logs(state, repo),
            Operation::RerunJob => {
                let job = self.job(state, repo)?.1.id;
                self.rerun(state, job)
            }
            Operation::GetRun => {
                let run = self.run(state, repo)?;
                let pulls = !query.flag("exclude_pull_requests")?;
                ok(self.renderer(state).run(repo, run, pulls))
            }
            Operation::CreateInstallationToken => Err(Refusal::not_found()),
        }
    }

    /// The repository, or the refusal that it has moved.
    fn find_repo<'s>(&self, state: &'s State, caller: &Caller) -> Result<&'s StoredRepo, Refusal> {
        let name = format!("{}/{}", self.param("owner"), self.param("repo"));
        let found = match self.param("repository_id").is_empty() {
            false => state.repo_by_id(self.id("repository_id")?),
            true => state.repo(&name),
        };
        if let Some(repo) = found.filter(|repo| caller.can_see(repo)) {
            return Ok(repo);
        }
        let moved = state.moved_repo(&name);
        let moved = moved.filter(|(repo, _)| caller.can_see(repo));
        let (repo, status) = moved.ok_or_else(Refusal::not_found)?;
        let default = match self.request.method {
            Method::GET | Method::HEAD => StatusCode::MOVED_PERMANENTLY,
            _ => StatusCode::TEMPORARY_REDIRECT,
        };
        let status = status.and_then(|s| StatusCode::from_u16(s).ok());
        let mut url = self.canonical_url(repo);
        if let Some(query) = &self.request.query {
            url = format!("{url}?{query}");
        }
        Err(Refusal::moved(status.unwrap_or(default), url))
    }

    /// This request's URL without query, with `/repositories/{id}` in place of the names.
    fn canonical_url(&self, repo: &StoredRepo) -> String {
        let path = &self.request.path[self.shared.config.edition.prefix().len()..];
        let names = if path.starts_with("/repos/") { 4 } else { 3 };
        let rest = path.splitn(names + 1, '/').last().unwrap_or_default();
        format!("{}/repositories/{}/{rest}", self.shared.api_url(), repo.id)
    }

    fn renderer<'s>(&'s self, state: &'s State) -> Renderer<'s> {
        Renderer {
            base: self.shared.api_url(),
            html: &self.shared.api_origin,
            state,
            now: state.now(),
            digests: self.shared.config.edition == Edition::GitHub,
        }
    }

    fn artifact<'s>(
        &self,
        state: &'s State,
        repo: &StoredRepo,
    ) -> Result<&'s StoredArtifact, Refusal> {
        let artifact = state.artifact(self.id("artifact_id")?);
        let artifact = artifact.filter(|artifact| artifact.repo == repo.id);
        artifact.ok_or_else(Refusal::not_found)
    }

    fn job<'s>(
        &self,
        state: &'s State,
        repo: &StoredRepo,
    ) -> Result<(&'s StoredRun, &'s StoredJob), Refusal> {
        let job = state.job(self.id("job_id")?);
        let job = job.filter(|(run, job)| run.repo == repo.id && job.is_there(state.now()));
        job.ok_or_else(Refusal::not_found)
    }

    fn run<'s>(&self, state: &'s State, repo: &StoredRepo) -> Result<&'s StoredRun, Refusal> {
        let run = state.run(self.id("run_id")?);
        let run = run.filter(|run| run.repo == repo.id);
        run.ok_or_else(Refusal::not_found)
    }

    fn download_artifact(&self, state: &State, repo: &StoredRepo) -> Result<Answer, Refusal> {
        let artifact = self.artifact(state, repo)?;
        if self.param("archive_format") != "zip" {
            return Err(Refusal::not_found());
        }
        if artifact.is_expired(state.now()) {
            return Err(Refusal::new(StatusCode::GONE, "Artifact has expired"));
        }
        let mut blob = format!("artifacts/{}", artifact.id);
        if let Some(name) = &artifact.spec.blob_name {
            blob = format!("{blob}/{}", utf8_percent_encode(name, ESCAPED));
        }
        let file_name = &artifact.spec.file_name;
        Ok(self.redirect(state, &blob, "application/zip", file_name))
    }

    fn download_logs(&self, state: &State, repo: &StoredRepo) -> Result<Answer, Refusal> {
        let (_, job) = self.job(state, repo)?;
        match job.spec.log {
            _ if job.status(state.now()) != JobStatus::Completed => Ok(answer::blob_not_found()),
            Log::NotStored => Ok(answer::blob_not_found()),
            Log::Never => Err(Refusal::not_found()),
            Log::Expired => Err(Refusal::new(StatusCode::GONE, "Server Error")),
            _ => {
                let blob = format!("logs/{}", job.id);
                Ok(self.redirect(state, &blob, "text/plain", "job-logs.txt"))
            }
        }
    }

    fn redirect(&self, state: &State, blob: &str, content_type: &str, file_name: &str) -> Answer {
        let now = state.now();
        let until = match self.plan.expired_link {
            true => now - Duration::from_secs(1),
            false => now + self.shared.config.link_lifetime,
        };
        let key = &self.shared.signing_key;
        let target = key.sign(blob, content_type, file_name, now..until);
        let url = format!("{}{target}", self.shared.blob_origin);
        let html = "text/html;charset=utf-8";
        let mut answer = answer::answer(StatusCode::FOUND, html, Content::bytes(""));
        set(answer.headers_mut(), header::LOCATION, url);
        answer
    }

    fn list(
        &self,
        operation: Operation,
        state: &State,
        repo: &StoredRepo,
        query: &Query,
    ) -> Result<Answer, Refusal> {
        let key = self.request.target();
        let mut pages = lock(&self.shared.pages);
        let now = state.now();
        if let Some((good, page)) = pages.get(&key)
            && good.contains(&now)
        {
            return Ok(page.clone());
        }
        let page = self.render_page(operation, state, repo, query)?;
        if pages.len() == CACHE_LIMIT {
            pages.clear();
        }
        pages.insert(key, (now..state.next_change(), page.clone()));
        Ok(page)
    }

    fn render_page(
        &self,
        operation: Operation,
        state: &State,
        repo: &StoredRepo,
        query: &Query,
    ) -> Result<Answer, Refusal> {
        let page = Page::new(query.integer("page")?, query.integer("per_page")?);
        let renderer = self.renderer(state);
        // Not all that are found can be listed.
        let (name, found, listed, items): (_, _, _, Value) = match operation {
            Operation::ListArtifacts | Operation::ListRunArtifacts => {
                let artifacts = self.listed_artifacts(operation, state, repo, query)?;
                let (found, artifacts) = page.cut(artifacts);
                let items = artifacts.iter().map(|a| renderer.artifact(repo, a));
                ("artifacts", found, found, items.collect())
            }
            Operation::ListRuns | Operation::ListWorkflowRuns => {
                let pulls = !query.flag("exclude_pull_requests")?;
                let (found, runs) = self.listed_runs(operation, state, repo, query)?;
                let (listed, runs) = page.cut(runs);
                let items = runs.iter().map(|run| renderer.run(repo, run, pulls));
                ("workflow_runs", found, listed, items.collect())
            }
            _ => {
                let run = self.run(state, repo)?;
                let mut jobs = self.listed_jobs(operation, run, query)?;
                jobs.retain(|job| job.is_there(state.now()));
                let (found, jobs) = page.cut(jobs);
                let items = jobs.iter().map(|job| renderer.job(repo, run, job));
                ("jobs", found, found, items.collect())
            }
        };
        let list = json!({"total_count": found, name: items});
        let mut answer = answer::json(StatusCode::OK, &list);
        let link = page.link(&self.canonical_url(repo), self.query(), listed);
        if let Some(link) = link {
            set(answer.headers_mut(), header::LINK, link);
        }
        Ok(answer)
    }

    /// Newest first, unless a run's are asked for in ascending order.
    fn listed_artifacts<'s>(
        &self,
        operation: Operation,
        state: &'s State,
        repo: &StoredRepo,
        query: &Query,
    ) -> Result<Vec<&'s StoredArtifact>, Refusal> {
        let mut artifacts = state.artifacts_of(repo.id);
        if operation == Operation::ListRunArtifacts {
            let run = self.run(state, repo)?.id;
            artifacts.retain(|artifact| artifact.spec.run == Some(run));
            if query.one_of("direction", &["asc", "desc"])? == Some("asc") {
                artifacts.reverse();
            }
        }
        if let Some(name) = query.text("name")? {
            artifacts.retain(|artifact| artifact.spec.name == name);
        }
        Ok(artifacts)
    }

    /// The latest attempt's jobs; with `filter=all` those of all attempts, the latest first; in an
    /// attempt the order of the workflow.
    fn listed_jobs<'s>(
        &self,
        operation: Operation,
        run: &'s StoredRun,
        query: &Query,
    ) -> Result<Vec<&'s StoredJob>, Refusal> {
        if operation == Operation::ListAttemptJobs {
            let number = self.id("attempt_number")?;
            let jobs = run.attempts.get(&number).ok_or_else(Refusal::not_found)?;
            return Ok(jobs.iter().collect());
        }
        let filter = query.one_of("filter", &["latest", "all"])?;
        let count = if filter == Some("all") { usize::MAX } else { 1 };
        let attempts = run.attempts.values().rev();
        Ok(attempts.take(count).flatten().collect())
    }
}
