//! Which runs a list has, and running a job again.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use http::StatusCode;
use serde_json::{Value, json};

use super::operations::InRepo;
use super::query::integer;
use super::refusal::Refusal;
use crate::answer::{self, Answer};
use crate::model::{Conclusion, JobStatus};
use crate::operation::Operation;
use crate::shared::Call;
use crate::state::{State, StoredRun};

/// How many runs a list has that is filtered.
const SEARCH_LIMIT: usize = 1000;

impl<'a> InRepo<'a> {
    /// The newest first. Of a list that is filtered, the first thousand, and how many there are; the
    /// documentation says nothing about `total_count` then.
    pub(super) fn listed_runs(&self) -> Result<(u64, Vec<&'a StoredRun>), Refusal> {
        let (query, now) = (&self.query, self.now);
        let mut runs = self.state.runs_of(self.repo.id);
        if self.operation == Operation::ListWorkflowRuns {
            let workflow = self.call.param("workflow_id");
            let id = integer(&workflow);
            let is_of =
                |r: &StoredRun| id == Some(r.workflow_id) || r.spec.workflow_file == workflow;
            runs.retain(|run| is_of(run));
            if runs.is_empty() {
                return Err(Refusal::not_found());
            }
        }
        let actor = query.text("actor")?;
        let branch = query.text("branch")?;
        let event = query.text("event")?;
        let words = [JobStatus::WORDS, Conclusion::WORDS].concat();
        let status = query.one_of("status", &words)?;
        let created = query.read("created", "a date, a time or a range of them", times)?;
        let suite = query.integer("check_suite_id")?;
        let sha = query.text("head_sha")?;
        runs.retain(|run| {
            let conclusion = run.conclusion(now);
            let conclusion = conclusion.as_ref().map(Conclusion::as_str);
            actor.is_none_or(|actor| run.spec.actor.eq_ignore_ascii_case(actor))
                && branch.is_none_or(|branch| run.spec.head_branch == branch)
                && event.is_none_or(|event| run.spec.event == event)
                && status.is_none_or(|s| run.status(now).as_str() == s || conclusion == Some(s))
                && created
                    .as_ref()
                    .is_none_or(|times| times.contains(&run.created.into()))
                && suite.is_none_or(|suite| run.spec.check_suite_id == suite)
                && sha.is_none_or(|sha| run.spec.head_sha == sha)
        });
        let total = runs.len() as u64;
        let texts = [actor, branch, event, status, sha];
        if texts.iter().any(Option::is_some) || created.is_some() || suite.is_some() {
            runs.truncate(SEARCH_LIMIT);
        }
        Ok((total, runs))
    }
}

impl Call<'_> {
    /// A re-run takes the jobs along that depend on the one: here none does.
    pub(super) fn rerun(&self, state: &mut State, job: i64) -> Result<Answer, Refusal> {
        let body = self.body()?;
        for flag in ["enable_debug_logging", "enable_debugger"] {
            body.read(flag, "a boolean", Value::as_bool)?;
        }
        let refuse = |message: &str| Err(Refusal::new(StatusCode::FORBIDDEN, message));
        if state.rerun_job(job).is_ok() {
            return Ok(answer::json(StatusCode::CREATED, &json!({})));
        }
        let run = state.job(job).map(|(run, _)| run.status(state.now()));
        refuse(match run {
            Some(JobStatus::Completed) => "This workflow run cannot be retried",
            _ => "The workflow run containing this job is already running",
        })
    }
}

/// The times that [GitHub's search syntax](https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax#query-for-dates)
/// means.
fn times(text: &str) -> Option<Range<DateTime<Utc>>> {
    let all = DateTime::<Utc>::MIN_UTC..DateTime::<Utc>::MAX_UTC;
    if let Some((from, to)) = text.split_once("..") {
        let end = |text| match text {
            "*" => Some(all.clone()),
            _ => moment(text),
        };
        return Some(end(from)?.start..end(to)?.end);
    }
    let time = text.trim_start_matches(['<', '>', '=']);
    let Range { start, end } = moment(time)?;
    match &text[..text.len() - time.len()] {
        "" => Some(start..end),
        ">" => Some(end..all.end),
        ">=" => Some(start..all.end),
        "<" => Some(all.start..start),
        "<=" => Some(all.start..end),
        _ => None,
    }
}

/// A day, or a second.
fn moment(text: &str) -> Option<Range<DateTime<Utc>>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        let time = time.to_utc();
        return Some(time..time + TimeDelta::seconds(1));
    }
    let day: NaiveDate = text.parse().ok()?;
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    (day.to_string() == text).then_some(midnight(day)..midnight(day.succ_opt()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_times() {
        let noon = "2024-01-15T12:00:00Z";
        let noon = DateTime::parse_from_rfc3339(noon).expect("a time").to_utc();
        for (text, holds) in [
            ("2024-01-15", true),
            ("2024-01-14", false),
            ("2024-01-01..2024-02-01", true),
            ("2024-01-15..2024-01-15", true),
            ("2024-01-16..2024-02-01", false),
            ("*..2024-01-14", false),
            ("*..2024-01-15", true),
            ("2024-01-15..*", true),
            (">2024-01-15", false),
            (">=2024-01-15", true),
            ("<2024-01-15", false),
            ("<=2024-01-15", true),
            (">2024-01-15T11:59:59Z", true),
            (">=2024-01-15T12:00:00Z", true),
            (">2024-01-15T12:00:00Z", false),
            ("<2024-01-15T14:00:01+02:00", true),
        ] {
            let range = times(text).expect(text);
            assert_eq!(range.contains(&noon), holds, "{text}");
        }
        for bad in [
            "",
            "yesterday",
            "2024-13-01",
            "2024-1-1",
            "2024-01-01..",
            "..",
            ">",
            "2024",
        ] {
            assert_eq!(times(bad), None, "{bad}");
        }
    }
}
