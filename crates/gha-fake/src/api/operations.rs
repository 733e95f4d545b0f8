//! The nine operations.

use std::ops::ControlFlow;
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Call;
use super::answer::{Answer, JSON};
use super::auth::Caller;
use super::errors::{Refusal, storage_error};
use super::json::{Object, Renderer};
use super::pages::{CachedPage, Window};
use crate::blob::{Link, Target};
use crate::builder::Edition;
use crate::fault::{LocationFault, NextLink};
use crate::model::{JobStatus, Log};
use crate::request::query_value;
use crate::route::SERVER_PREFIX;
use crate::state::{StoredArtifact, StoredJob, StoredRepo, StoredRun};
use crate::{Content, Operation, State};

impl Call<'_> {
    pub(super) fn operate(
        &self,
        state: &mut State,
        caller: &Caller<'_>,
    ) -> Result<Answer, Refusal> {
        let operation = self.request.operation.ok_or_else(Refusal::not_found)?;
        let repo = match self.find_repo(state, caller)? {
            ControlFlow::Continue(repo) => repo,
            ControlFlow::Break(moved) => return Ok(moved),
        };
        caller.check(operation, repo)?;
        match operation {
            _ if operation.is_list() => {
                let repo = repo.id;
                self.list(operation, state, repo)
            }
            Operation::GetArtifact => {
                let artifact = self.artifact(state, repo)?;
                let json = self
                    .renderer(&self.base(), state.now())
                    .artifact(repo, artifact);
                Ok(Answer::json(StatusCode::OK, &json))
            }
            Operation::DeleteArtifact => {
                let id = self.artifact(state, repo)?.id;
                state
                    .delete_artifact(id)
                    .map_err(|_| Refusal::not_found())?;
                Ok(Answer::empty(StatusCode::NO_CONTENT))
            }
            Operation::DownloadArtifact => self.download_artifact(state, repo),
            Operation::GetJob => {
                let (run, job) = self.job(state, repo)?;
                let json = self.renderer(&self.base(), state.now()).job(repo, run, job);
                Ok(Answer::json(StatusCode::OK, &json))
            }
            Operation::DownloadJobLogs => self.download_logs(state, repo),
            _ => Err(Refusal::not_found()),
        }
    }

    /// The repository, or the answer that it has moved.
    fn find_repo<'s>(
        &self,
        state: &'s State,
        caller: &Caller<'_>,
    ) -> Result<ControlFlow<Answer, &'s StoredRepo>, Refusal> {
        let visible = |repo: &&StoredRepo| caller.can_see(repo);
        if !self.param("repository_id").is_empty() {
            let repo = state.repo_by_id(self.id("repository_id")?).filter(visible);
            return repo
                .map(ControlFlow::Continue)
                .ok_or_else(Refusal::not_found);
        }
        let (owner, name) = (self.param("owner"), self.param("repo"));
        if let Some(repo) = state.repo(&owner, &name).filter(visible) {
            return Ok(ControlFlow::Continue(repo));
        }
        let (repo, status) = state
            .moved_repo(&owner, &name)
            .filter(|(repo, _)| caller.can_see(repo))
            .ok_or_else(Refusal::not_found)?;
        let default = match self.request.method {
            http::Method::GET | http::Method::HEAD => StatusCode::MOVED_PERMANENTLY,
            _ => StatusCode::TEMPORARY_REDIRECT,
        };
        let status = status.and_then(|s| StatusCode::from_u16(s).ok());
        let mut url = self.canonical_url(repo);
        if let Some(query) = &self.request.query {
            url = format!("{url}?{query}");
        }
        Ok(ControlFlow::Break(
            self.moved(status.unwrap_or(default), &url),
        ))
    }

    /// This request's URL without query, with `/repositories/{id}` in place of the names.
    fn canonical_url(&self, repo: &StoredRepo) -> String {
        let path = &self.request.path;
        let path = path.strip_prefix(SERVER_PREFIX).unwrap_or(path);
        let names = if path.starts_with("/repos/") { 4 } else { 3 };
        let rest: Vec<&str> = path.split('/').skip(names).collect();
        format!(
            "{}/repositories/{}/{}",
            self.base(),
            repo.id,
            rest.join("/")
        )
    }

    fn renderer<'a>(&'a self, base: &'a str, now: SystemTime) -> Renderer<'a> {
        Renderer {
            base,
            html: &self.shared.api_origin,
            now,
            digests: self.shared.edition == Edition::GitHub,
            odd: self.shared.odd,
        }
    }

    fn artifact<'s>(
        &self,
        state: &State,
        repo: &'s StoredRepo,
    ) -> Result<&'s StoredArtifact, Refusal> {
        let id = self.id("artifact_id")?;
        state.artifact_of(repo, id).ok_or_else(Refusal::not_found)
    }

    fn job<'s>(
        &self,
        state: &'s State,
        repo: &'s StoredRepo,
    ) -> Result<(&'s StoredRun, &'s StoredJob), Refusal> {
        let job = state.job_of(repo, self.id("job_id")?);
        job.and_then(|job| Some((repo.runs.get(&job.run)?, job)))
            .ok_or_else(Refusal::not_found)
    }

    fn download_artifact(&self, state: &State, repo: &StoredRepo) -> Result<Answer, Refusal> {
        let artifact = self.artifact(state, repo)?;
        if self.param("archive_format") != "zip" {
            return Err(Refusal::not_found());
        }
        if artifact.is_expired(state.now()) {
            return Err(Refusal::new(StatusCode::GONE, "Artifact has expired"));
        }
        Ok(self.redirect(state, Target::Artifact(artifact.id)))
    }

    fn download_logs(&self, state: &State, repo: &StoredRepo) -> Result<Answer, Refusal> {
        let (_, job) = self.job(state, repo)?;
        if job.spec.status != JobStatus::Completed {
            let message = "The specified blob does not exist.";
            return Ok(storage_error(
                StatusCode::NOT_FOUND,
                "BlobNotFound",
                message,
            ));
        }
        match job.spec.log {
            Log::Never => Err(Refusal::not_found()),
            Log::Expired => Err(Refusal::new(StatusCode::GONE, "The logs have expired")),
            Log::Default | Log::Given(_) => Ok(self.redirect(state, Target::Log(job.id))),
        }
    }

    fn redirect(&self, state: &State, target: Target) -> Answer {
        let answer = Answer::new(StatusCode::FOUND, "text/html;charset=utf-8", Bytes::new());
        let link = Link {
            target,
            signed: state.now(),
            expired: self.plan.expired_link,
        };
        match &self.plan.location {
            None => answer.location(self.shared.sign(state, &link)),
            Some(LocationFault::Missing) => answer,
            Some(LocationFault::Given(bytes)) => {
                match HeaderValue::from_maybe_shared(bytes.clone()) {
                    Ok(value) => answer.with(header::LOCATION, value),
                    Err(_) => answer,
                }
            }
        }
    }

    fn list(&self, operation: Operation, state: &mut State, repo: i64) -> Result<Answer, Refusal> {
        let key = [&self.request.path, "?", self.query()].concat();
        let now = state.now();
        let page = match state.pages.get(&key, now) {
            Some(page) => page.clone(),
            None => {
                let repo = state.repo_by_id(repo).ok_or_else(Refusal::not_found)?;
                let page = self.render_page(operation, repo, now)?;
                state.pages.put(key, page.clone());
                page
            }
        };
        let link = match &self.plan.next_link {
            None => page.link,
            fault => {
                let repo = state.repo_by_id(repo).ok_or_else(Refusal::not_found)?;
                self.link(repo, page.total, fault.as_ref())
            }
        };
        let mut answer = Answer::whole(StatusCode::OK, &page.body).typed(JSON);
        if let Some(link) = link {
            answer = answer.with(header::LINK, link);
        }
        Ok(answer)
    }

    fn link(&self, repo: &StoredRepo, total: u64, fault: Option<&NextLink>) -> Option<HeaderValue> {
        let window = Window::from_query(self.query());
        let link = window.link(&self.canonical_url(repo), self.query(), total, fault)?;
        HeaderValue::from_maybe_shared(Bytes::from(link)).ok()
    }

    fn render_page(
        &self,
        operation: Operation,
        repo: &StoredRepo,
        now: SystemTime,
    ) -> Result<CachedPage, Refusal> {
        let window = Window::from_query(self.query());
        let base = self.base();
        let renderer = self.renderer(&base, now);
        let (list, good_until) = match operation {
            Operation::ListArtifacts | Operation::ListRunArtifacts => {
                let artifacts = self.listed_artifacts(operation, repo)?;
                let (total, page) = cut(artifacts, window);
                let expiry = |a: &&StoredArtifact| !a.is_expired(now);
                let until = page
                    .iter()
                    .copied()
                    .filter(expiry)
                    .map(StoredArtifact::expires)
                    .min();
                let items = page.iter().map(|a| renderer.artifact(repo, a)).collect();
                (
                    List {
                        total,
                        name: "artifacts",
                        items,
                    },
                    until,
                )
            }
            _ => {
                let run = self.run(repo)?;
                let (total, page) = cut(self.listed_jobs(operation, run)?.into_iter(), window);
                let items = page
                    .iter()
                    .map(|job| renderer.job(repo, run, job))
                    .collect();
                (
                    List {
                        total,
                        name: "jobs",
                        items,
                    },
                    None,
                )
            }
        };
        Ok(CachedPage {
            body: Content::bytes(serde_json::to_vec(&list).unwrap_or_default()),
            total: list.total,
            link: self.link(repo, list.total, None),
            good_until,
        })
    }

    /// Newest first, unless a run's are asked for in ascending order.
    fn listed_artifacts<'s>(
        &self,
        operation: Operation,
        repo: &'s StoredRepo,
    ) -> Result<Box<dyn Iterator<Item = &'s StoredArtifact> + 's>, Refusal> {
        let name = query_value(self.query(), "name").filter(|name| !name.is_empty());
        let run = match operation {
            Operation::ListRunArtifacts => Some(self.run(repo)?.id),
            _ => None,
        };
        let ascending =
            run.is_some() && query_value(self.query(), "direction").as_deref() == Some("asc");
        let wanted = move |artifact: &&StoredArtifact| {
            name.as_ref().is_none_or(|name| *name == artifact.spec.name)
                && (run.is_none() || artifact.spec.run == run)
        };
        let all = repo.artifacts.values();
        Ok(if ascending {
            Box::new(all.filter(wanted))
        } else {
            Box::new(all.rev().filter(wanted))
        })
    }

    /// The latest attempt's jobs; with `filter=all` those of all attempts, the latest first; in an
    /// attempt the order of the workflow.
    fn listed_jobs<'s>(
        &self,
        operation: Operation,
        run: &'s StoredRun,
    ) -> Result<Vec<&'s StoredJob>, Refusal> {
        let attempts = run.attempts.values().rev();
        if operation == Operation::ListAttemptJobs {
            let number = self.id("attempt_number")?;
            let jobs = run.attempts.get(&number).ok_or_else(Refusal::not_found)?;
            return Ok(jobs.iter().collect());
        }
        let all = query_value(self.query(), "filter").as_deref() == Some("all");
        let count = if all { usize::MAX } else { 1 };
        Ok(attempts.take(count).flatten().collect())
    }

    fn run<'s>(&self, repo: &'s StoredRepo) -> Result<&'s StoredRun, Refusal> {
        let id = self.id("run_id")?;
        repo.runs.get(&id).ok_or_else(Refusal::not_found)
    }
}

/// How many there are, and those in the window.
fn cut<T>(items: impl Iterator<Item = T>, window: Window) -> (u64, Vec<T>) {
    let mut page = Vec::new();
    let mut total = 0;
    for (index, item) in items.enumerate() {
        total += 1;
        if index >= window.skip() && page.len() < window.len() {
            page.push(item);
        }
    }
    (total, page)
}

struct List {
    total: u64,
    name: &'static str,
    items: Vec<Object>,
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("total_count", &self.total)?;
        map.serialize_entry(self.name, &self.items)?;
        map.end()
    }
}
