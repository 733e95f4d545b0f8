//! What each operation answers.

use std::time::{Duration, SystemTime};

use http::{Method, StatusCode, header};
use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};

use super::auth::Caller;
use super::query::Query;
use super::refusal::Refusal;
use crate::answer::{self, Answer, set};
use crate::content::Content;
use crate::lock::lock;
use crate::model::{JobStatus, Log};
use crate::operation::Operation;
use crate::pages::{CACHE_LIMIT, Page};
use crate::shared::Call;
use crate::signed_url::ESCAPED;
use crate::state::{State, StoredArtifact, StoredJob, StoredRepo, StoredRun};

const MINUTE: Duration = Duration::from_secs(60);

/// What is asked of a repository.
pub(super) struct InRepo<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) operation: Operation,
    pub(super) state: &'a State,
    pub(super) repo: &'a StoredRepo,
    pub(super) query: Query,
    pub(super) now: SystemTime,
}

impl Call<'_> {
    pub(super) fn operate(&self, state: &mut State, caller: &Caller) -> Result<Answer, Refusal> {
        let operation = self.operation().ok_or_else(Refusal::not_found)?;
        let repo = self.find_repo(state, caller)?;
        caller.check(operation, repo)?;
        let asked = InRepo {
            call: self,
            operation,
            state,
            repo,
            query: Query::parse(self.query())?,
            now: state.now(),
        };
        let ok = |json: Value| Ok(answer::json(StatusCode::OK, &json));
        match operation {
            list if list.is_list() => asked.list(),
            Operation::GetArtifact => ok(asked.artifact_json(asked.artifact()?)),
            Operation::DeleteArtifact => {
                let id = asked.artifact()?.id;
                let deleted = state.delete_artifact(id);
                deleted.map_err(|_| Refusal::not_found())?;
                Ok(answer::bare(StatusCode::NO_CONTENT))
            }
            Operation::DownloadArtifact => asked.download_artifact(),
            Operation::GetJob => {
                let (run, job) = asked.job()?;
                ok(asked.job_json(run, job))
            }
            Operation::DownloadJobLogs => asked.download_logs(),
            Operation::RerunJob => {
                let id = asked.job()?.1.id;
                self.rerun(state, id)
            }
            Operation::GetRun => ok(asked.run_json(asked.run()?, asked.with_pull_requests()?)),
            _ => Err(Refusal::not_found()),
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
        let moved = moved.filter(|repo| caller.can_see(repo));
        let repo = moved.ok_or_else(Refusal::not_found)?;
        let status = match self.request.method {
            Method::GET | Method::HEAD => StatusCode::MOVED_PERMANENTLY,
            _ => StatusCode::TEMPORARY_REDIRECT,
        };
        let mut url = self.canonical_url(repo);
        if let Some(query) = &self.request.query {
            url = format!("{url}?{query}");
        }
        Err(Refusal::moved(status, url))
    }

    /// This request's URL without query, with `/repositories/{id}` in place of the names.
    fn canonical_url(&self, repo: &StoredRepo) -> String {
        let path = &self.request.path[self.shared.config.edition.prefix().len()..];
        let names = if path.starts_with("/repos/") { 4 } else { 3 };
        let rest = path.splitn(names + 1, '/').last().unwrap_or_default();
        format!("{}/repositories/{}/{rest}", self.shared.api_url(), repo.id)
    }
}

impl<'a> InRepo<'a> {
    fn artifact(&self) -> Result<&'a StoredArtifact, Refusal> {
        let artifact = self.state.artifact(self.call.id("artifact_id")?);
        let artifact = artifact.filter(|artifact| artifact.repo == self.repo.id);
        artifact.ok_or_else(Refusal::not_found)
    }

    fn job(&self) -> Result<(&'a StoredRun, &'a StoredJob), Refusal> {
        let job = self.state.job(self.call.id("job_id")?);
        let job = job.filter(|(run, job)| run.repo == self.repo.id && job.is_there(self.now));
        job.ok_or_else(Refusal::not_found)
    }

    fn run(&self) -> Result<&'a StoredRun, Refusal> {
        let run = self.state.run(self.call.id("run_id")?);
        let run = run.filter(|run| run.repo == self.repo.id);
        run.ok_or_else(Refusal::not_found)
    }

    fn with_pull_requests(&self) -> Result<bool, Refusal> {
        let excluded = self
            .query
            .one_of("exclude_pull_requests", &["true", "false"])?;
        Ok(excluded != Some("true"))
    }

    fn download_artifact(&self) -> Result<Answer, Refusal> {
        let artifact = self.artifact()?;
        if self.call.param("archive_format") != "zip" {
            return Err(Refusal::not_found());
        }
        if artifact.is_expired(self.now) {
            return Err(Refusal::new(StatusCode::GONE, "Artifact has expired"));
        }
        let mut blob = format!("artifacts/{}", artifact.id);
        if let Some(name) = &artifact.spec.blob_name {
            blob = format!("{blob}/{}", utf8_percent_encode(name, ESCAPED));
        }
        Ok(self.redirect(&blob, "application/zip", &artifact.spec.file_name))
    }

    fn download_logs(&self) -> Result<Answer, Refusal> {
        let (_, job) = self.job()?;
        match job.spec.log {
            _ if job.status(self.now) != JobStatus::Completed => Ok(answer::blob_not_found()),
            Log::NotStored => Ok(answer::blob_not_found()),
            Log::Never => Err(Refusal::not_found()),
            Log::Expired => Err(Refusal::new(StatusCode::GONE, "Server Error")),
            _ => Ok(self.redirect(&format!("logs/{}", job.id), "text/plain", "job-logs.txt")),
        }
    }

    fn redirect(&self, blob: &str, content_type: &str, file_name: &str) -> Answer {
        let shared = self.call.shared;
        let lifetime = shared.config.link_lifetime.unwrap_or(MINUTE);
        let until = match self.call.plan.expired_link {
            true => self.now - MINUTE,
            false => self.now + lifetime,
        };
        let good = self.now..until;
        let target = shared.signing_key.sign(blob, content_type, file_name, good);
        let html = "text/html;charset=utf-8";
        let mut answer = answer::answer(StatusCode::FOUND, html, Content::bytes(""));
        let url = format!("{}{target}", shared.blob_origin);
        set(answer.headers_mut(), header::LOCATION, url);
        answer
    }

    fn list(&self) -> Result<Answer, Refusal> {
        let key = self.call.request.target();
        let mut pages = lock(&self.call.shared.pages);
        if let Some((good, page)) = pages.get(&key)
            && good.contains(&self.now)
        {
            return Ok(page.clone());
        }
        let page = self.render_page()?;
        if pages.len() == CACHE_LIMIT {
            pages.clear();
        }
        pages.insert(key, (self.now..self.state.next_change(), page.clone()));
        Ok(page)
    }

    fn render_page(&self) -> Result<Answer, Refusal> {
        let query = &self.query;
        let page = Page::new(query.integer("page")?, query.integer("per_page")?);
        // Not all that are found can be listed.
        let (name, found, listed, items): (_, _, _, Value) = match self.operation {
            Operation::ListArtifacts | Operation::ListRunArtifacts => {
                let (found, artifacts) = page.cut(self.listed_artifacts()?);
                let items = artifacts
                    .iter()
                    .map(|artifact| self.artifact_json(artifact));
                ("artifacts", found, found, items.collect())
            }
            Operation::ListRuns | Operation::ListWorkflowRuns => {
                let pull_requests = self.with_pull_requests()?;
                let (found, runs) = self.listed_runs()?;
                let (listed, runs) = page.cut(runs);
                let items = runs.iter().map(|run| self.run_json(run, pull_requests));
                ("workflow_runs", found, listed, items.collect())
            }
            _ => {
                let run = self.run()?;
                let (found, jobs) = page.cut(self.listed_jobs(run)?);
                let items = jobs.iter().map(|job| self.job_json(run, job));
                ("jobs", found, found, items.collect())
            }
        };
        let mut answer = answer::json(StatusCode::OK, &json!({"total_count": found, name: items}));
        let url = self.call.canonical_url(self.repo);
        if let Some(link) = page.link(&url, self.call.query(), listed) {
            set(answer.headers_mut(), header::LINK, link);
        }
        Ok(answer)
    }

    /// Newest first, unless a run's are asked for in ascending order.
    fn listed_artifacts(&self) -> Result<Vec<&'a StoredArtifact>, Refusal> {
        let mut artifacts = self.state.artifacts_of(self.repo.id);
        if self.operation == Operation::ListRunArtifacts {
            let run = self.run()?.id;
            artifacts.retain(|artifact| artifact.spec.run == Some(run));
            if self.query.one_of("direction", &["asc", "desc"])? == Some("asc") {
                artifacts.reverse();
            }
        }
        if let Some(name) = self.query.text("name")? {
            artifacts.retain(|artifact| artifact.spec.name == name);
        }
        Ok(artifacts)
    }

    /// The latest attempt's jobs; with `filter=all` those of all attempts, the latest first; in an
    /// attempt the order of the workflow.
    fn listed_jobs(&self, run: &'a StoredRun) -> Result<Vec<&'a StoredJob>, Refusal> {
        let mut jobs: Vec<_> = if self.operation == Operation::ListAttemptJobs {
            let number = self.call.id("attempt_number")?;
            let jobs = run.attempts.get(&number).ok_or_else(Refusal::not_found)?;
            jobs.iter().collect()
        } else {
            let filter = self.query.one_of("filter", &["latest", "all"])?;
            let count = if filter == Some("all") { usize::MAX } else { 1 };
            let attempts = run.attempts.values().rev();
            attempts.take(count).flatten().collect()
        };
        jobs.retain(|job| job.is_there(self.now));
        Ok(jobs)
    }
}
