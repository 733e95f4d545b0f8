//! The generated types against payloads as servers really send them. The JSON is made up; the forms
//! are those that recorded answers and GitHub's documentation have.

use gha_api::types::{
    Artifact, ArtifactPage, Direction, Job, JobConclusion, JobPage, JobStatus, StepStatus,
    WorkflowRun, WorkflowRunConclusion, WorkflowRunPage, WorkflowRunStatus,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Decodes, and checks that encoding and decoding again gives an equal value.
fn decode<T: DeserializeOwned + serde::Serialize + PartialEq + std::fmt::Debug>(json: &Value) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap_or_else(|error| {
        panic!("{error}: {json:#}");
    });
    let again: T = serde_json::from_str(&serde_json::to_string(&value).unwrap()).unwrap();
    assert_eq!(again, value);
    value
}

/// A job with everything that the description promises.
fn job() -> Value {
    json!({
        "id": 114_093_376_527_i64,
        "node_id": "CR_kwDOa1b2c88AAAAajhK3Dw",
        "run_id": 39_471_928_402_i64,
        "run_url": "https://api.github.com/repos/octo-org/octo-docs/actions/runs/39471928402",
        "run_attempt": 2,
        "head_sha": "5c1fe2f64e7c5e4a2c9d3a1f5f0d6f6f4f1d2b3a",
        "head_branch": "main",
        "workflow_name": "Docs",
        "name": "build (ubuntu-latest, stable)",
        "url": "https://api.github.com/repos/octo-org/octo-docs/actions/jobs/114093376527",
        "html_url": "https://github.com/octo-org/octo-docs/actions/runs/39471928402/job/114093376527",
        "check_run_url": "https://api.github.com/repos/octo-org/octo-docs/check-runs/114093376527",
        "status": "completed",
        "conclusion": "success",
        "created_at": "2026-03-10T08:00:01Z",
        "started_at": "2026-03-10T08:00:00Z",
        "completed_at": "2026-03-10T08:05:42Z",
        "labels": ["ubuntu-latest"],
        "runner_id": 17,
        "runner_name": "GitHub Actions 17",
        "runner_group_id": 0,
        "runner_group_name": "GitHub Actions",
        "steps": [{
            "name": "Set up job",
            "number": 1,
            "status": "completed",
            "conclusion": "success",
            "started_at": "2026-03-10T09:00:00.250+01:00",
            "completed_at": "2026-03-10T08:00:02.750Z"
        }]
    })
}

fn without(mut value: Value, keys: &[&str]) -> Value {
    let object = value.as_object_mut().unwrap();
    for key in keys {
        assert!(object.remove(*key).is_some(), "{key}");
    }
    value
}

fn with(mut value: Value, changes: Value) -> Value {
    for (key, change) in changes.as_object().unwrap() {
        value[key] = change.clone();
    }
    value
}

#[test]
fn a_whole_job() {
    let job: Job = decode(&job());
    assert_eq!(job.id, 114_093_376_527);
    assert_eq!(job.status, JobStatus::Completed);
    assert_eq!(job.conclusion, Some(JobConclusion::Success));
    assert!(job.started_at < job.created_at, "durations can be negative");
    let step = &job.steps[0];
    let duration = step.completed_at.unwrap() - step.started_at.unwrap();
    assert_eq!(duration.num_milliseconds(), 2500);
}

#[test]
fn values_that_came_after_this_crate() {
    for status in ["waiting", "pending", "requested", "dreaming"] {
        let job: Job = decode(&with(job(), json!({"status": status})));
        assert_eq!(job.status.as_str(), status);
        assert_eq!(job.status.to_string(), status);
        assert_eq!(job.status, JobStatus::from(status));
        assert_eq!(serde_json::to_value(&job.status).unwrap(), status);
        assert_eq!(
            matches!(job.status, JobStatus::Unknown(_)),
            status == "dreaming"
        );
    }
    for conclusion in ["startup_failure", "stale", ""] {
        let job: Job = decode(&with(job(), json!({"conclusion": conclusion})));
        let conclusion_read = job.conclusion.unwrap();
        assert!(
            matches!(&conclusion_read, JobConclusion::Unknown(value) if value.as_str() == conclusion)
        );
        assert_ne!(conclusion_read, JobConclusion::Success);
    }
    let mut pending = job();
    pending["steps"][0]["status"] = json!("pending");
    let job: Job = decode(&pending);
    assert_eq!(job.steps[0].status, StepStatus::from("pending"));
}

#[test]
fn an_enum_that_we_send_stays_closed() {
    assert_eq!("asc".parse::<Direction>().unwrap(), Direction::Asc);
    let error = "ascending".parse::<Direction>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown value, expected one of `asc`, `desc`"
    );
}

#[test]
fn a_queued_job() {
    let queued = with(
        without(job(), &["steps", "run_attempt"]),
        json!({
            "status": "queued", "conclusion": null, "completed_at": null,
            "runner_id": 0, "runner_name": "", "runner_group_id": null, "runner_group_name": null
        }),
    );
    let job: Job = decode(&queued);
    assert_eq!((job.steps.len(), job.run_attempt), (0, None));
    assert_eq!(
        (job.runner_id, job.runner_name.as_deref()),
        (Some(0), Some(""))
    );
    let mut steps = queued;
    steps["steps"] = json!([{
        "name": "Test", "number": 2, "status": "queued", "conclusion": null,
        "started_at": null, "completed_at": null
    }]);
    let job: Job = decode(&steps);
    assert_eq!(job.steps[0].started_at, None);
}

#[test]
fn a_skipped_job() {
    let skipped = with(
        without(
            job(),
            &[
                "runner_id",
                "runner_name",
                "runner_group_id",
                "runner_group_name",
            ],
        ),
        json!({"conclusion": "skipped", "started_at": null, "steps": null, "labels": null}),
    );
    let job: Job = decode(&skipped);
    assert_eq!(job.started_at, None);
    assert_eq!(
        job,
        decode(&without(skipped, &["started_at", "steps", "labels"]))
    );
}

#[test]
fn an_old_job_inside_a_list() {
    let old = without(
        job(),
        &[
            "created_at",
            "workflow_name",
            "head_branch",
            "labels",
            "run_attempt",
            "steps",
            "runner_id",
            "runner_name",
            "runner_group_id",
            "runner_group_name",
        ],
    );
    let page: JobPage = decode(&json!({"total_count": 2, "jobs": [job(), old]}));
    assert_eq!(page.jobs[1].created_at, None);
    assert_eq!(page.jobs[1].labels, Vec::<String>::new());
}

/// Fields as in https://docs.github.com/rest/actions/workflow-jobs#get-a-job-for-a-workflow-run
#[test]
fn the_form_of_the_documentation() {
    let mut documented = without(job(), &["created_at", "run_attempt"]);
    documented["steps"][0]["started_at"] = json!("2020-01-20T09:42:40.000-08:00");
    let job: Job = decode(&documented);
    assert_eq!(
        job.steps[0].started_at.unwrap().to_rfc3339(),
        "2020-01-20T17:42:40+00:00"
    );
}

#[test]
fn times_of_every_form() {
    let parsed = |text: &str| {
        let value = with(artifact(), json!({"created_at": text}));
        serde_json::from_value::<Artifact>(value).map(|artifact| artifact.created_at)
    };
    for (text, utc) in [
        ("2026-03-10T08:00:02Z", "2026-03-10T08:00:02+00:00"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00+00:00"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59+00:00"),
        ("2026-03-10T08:00:02.5Z", "2026-03-10T08:00:02.500+00:00"),
        ("2026-03-10T08:00:02+00:00", "2026-03-10T08:00:02+00:00"),
        (
            "2026-03-10T08:00:02.750-08:00",
            "2026-03-10T16:00:02.750+00:00",
        ),
        ("2026-03-10t08:00:02z", "2026-03-10T08:00:02+00:00"),
    ] {
        let time = parsed(text).unwrap().unwrap();
        assert_eq!(time.to_rfc3339(), utc, "{text}");
    }
    assert_eq!(parsed("").unwrap(), None);
    for text in [
        "2026-03-10",
        "2026-13-10T08:00:02Z",
        "2026-02-29T08:00:02Z",
        "2026-03-10T24:00:02Z",
        "2026-03-10T08:00:0xZ",
        "2026/03/10T08:00:02Z",
    ] {
        assert!(parsed(text).is_err(), "{text}");
    }
}

fn artifact() -> Value {
    json!({
        "id": 4_294_967_311_i64,
        "node_id": "MDg6QXJ0aWZhY3QxMQ==",
        "name": "dist",
        "size_in_bytes": 5_368_709_120_i64,
        "url": "https://api.github.com/repos/octo-org/octo-docs/actions/artifacts/4294967311",
        "archive_download_url":
            "https://api.github.com/repos/octo-org/octo-docs/actions/artifacts/4294967311/zip",
        "expired": false,
        "created_at": "2026-03-10T08:05:40Z",
        "expires_at": "2026-06-08T08:05:40Z",
        "updated_at": "2026-03-10T08:05:41Z",
        "digest": "sha256:0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f",
        "workflow_run": {
            "id": 39_471_928_402_i64, "repository_id": 1_296_269, "head_repository_id": 1_296_269,
            "head_branch": "main", "head_sha": "5c1fe2f64e7c5e4a2c9d3a1f5f0d6f6f4f1d2b3a"
        }
    })
}

#[test]
fn artifacts_with_and_without() {
    let artifact_: Artifact = decode(&artifact());
    assert_eq!(artifact_.size_in_bytes, 5_368_709_120);
    let optional = [
        "digest",
        "workflow_run",
        "created_at",
        "expires_at",
        "updated_at",
    ];
    let absent: Artifact = decode(&without(artifact(), &optional));
    let mut null = artifact();
    for key in optional {
        null[key] = Value::Null;
    }
    assert_eq!(absent, decode(&null));
    assert_eq!((absent.digest, absent.workflow_run), (None, None));
    for member in [
        "id",
        "repository_id",
        "head_repository_id",
        "head_branch",
        "head_sha",
    ] {
        let mut partial = artifact();
        partial["workflow_run"][member] = Value::Null;
        let null: Artifact = decode(&partial);
        partial["workflow_run"]
            .as_object_mut()
            .unwrap()
            .remove(member);
        assert_eq!(null, decode(&partial), "{member}");
    }
}

#[test]
fn fields_that_came_after_this_crate() {
    let page = json!({
        "total_count": 1,
        "incomplete_results": false,
        "artifacts": [with(artifact(), json!({"retention": {"days": 90}}))]
    });
    let page: ArtifactPage = decode(&page);
    assert_eq!(page.artifacts[0].name, "dist");
}

/// A run of a fork's pull request with everything that the description promises.
fn run() -> Value {
    let api = "https://api.github.com/repos/octo-org/octo-docs";
    let run = format!("{api}/actions/runs/39471928402");
    let end = |name: &str| json!({"ref": name, "sha": "5c1fe2f6", "repo": {"id": 7, "url": api, "name": "octo-docs"}});
    let repository = |id: i64, full_name: &str, fork: bool| {
        json!({
            "id": id, "node_id": "R_1", "name": "octo-docs", "full_name": full_name, "fork": fork,
            "private": false, "owner": {"id": 1, "login": "octo-org", "type": "Organization"},
            "html_url": "https://github.com/octo-org/octo-docs", "description": null,
        })
    };
    json!({
        "id": 39_471_928_402_i64, "name": "Docs", "node_id": "WFR_1", "head_branch": "patch-1",
        "head_sha": "5c1fe2f64e7c5e4a2c9d3a1f5f0d6f6f4f1d2b3a", "path": ".github/workflows/docs.yml",
        "display_title": "Mend the roof", "run_number": 562, "run_attempt": 2, "event": "pull_request",
        "status": "completed", "conclusion": "failure", "workflow_id": 161_335,
        "check_suite_id": 51_000_000_001_i64, "check_suite_node_id": "CS_1", "url": run,
        "html_url": "https://github.com/octo-org/octo-docs/actions/runs/39471928402",
        "pull_requests": [{
            "url": format!("{api}/pulls/12"), "id": 2_000_000_012_i64, "number": 12,
            "head": end("patch-1"), "base": end("main"),
        }],
        "created_at": "2026-03-10T08:00:00Z", "updated_at": "2026-03-10T08:06:00Z",
        "actor": {"login": "octocat", "id": 1, "type": "User", "site_admin": false},
        "triggering_actor": {"login": "hubot", "id": 2, "type": "Bot", "site_admin": false},
        "run_started_at": "2026-03-10T08:04:00Z", "jobs_url": format!("{run}/jobs"),
        "logs_url": format!("{run}/logs"), "check_suite_url": format!("{api}/check-suites/51000000001"),
        "artifacts_url": format!("{run}/artifacts"), "cancel_url": format!("{run}/cancel"),
        "rerun_url": format!("{run}/rerun"), "previous_attempt_url": format!("{run}/attempts/1"),
        "workflow_url": format!("{api}/actions/workflows/161335"),
        "head_commit": {
            "id": "5c1fe2f6", "tree_id": "5c1fe2f6", "message": "Mend the roof",
            "timestamp": "2026-03-10T09:00:00+01:00", "author": null,
            "committer": {"name": "Octocat", "email": "octocat@example.com"},
        },
        "repository": repository(7, "octo-org/octo-docs", false),
        "head_repository": repository(8, "hubot/octo-docs", true), "head_repository_id": 8,
        "referenced_workflows": [{"path": "octo-org/ci/.github/workflows/a.yml@v1", "sha": "5c1fe2f6"}],
    })
}

#[test]
fn a_run_without_what_may_be_missing() {
    let whole: WorkflowRun = decode(&run());
    assert_eq!(whole.conclusion, Some(WorkflowRunConclusion::Failure));
    assert_eq!(whole.head_repository.unwrap().full_name, "hubot/octo-docs");
    assert_eq!(whole.pull_requests[0].base.ref_, "main");
    assert_eq!(whole.referenced_workflows[0].ref_, None);
    let promised = [
        "id",
        "node_id",
        "head_sha",
        "run_number",
        "event",
        "workflow_id",
        "url",
        "html_url",
        "created_at",
        "updated_at",
        "repository",
        "jobs_url",
        "logs_url",
        "check_suite_url",
        "artifacts_url",
        "cancel_url",
        "rerun_url",
        "workflow_url",
    ];
    let mut missing = run();
    for key in run().as_object().unwrap().keys() {
        if !promised.contains(&key.as_str()) {
            let null: WorkflowRun = decode(&with(run(), json!({key: null})));
            let absent: WorkflowRun = decode(&without(run(), &[key]));
            assert_eq!(null, absent, "{key}");
            missing = without(missing, &[key]);
        }
    }
    let page: WorkflowRunPage = decode(&json!({"total_count": 1, "workflow_runs": [missing]}));
    assert_eq!(page.workflow_runs[0].status, None);
    assert_eq!(page.workflow_runs[0].pull_requests, []);
}

#[test]
fn a_run_of_words_that_nobody_has_seen() {
    let words = json!({"status": "resting", "conclusion": "forgotten", "event": "full_moon"});
    let run: WorkflowRun = decode(&with(run(), words));
    assert_eq!(run.status, Some(WorkflowRunStatus::from("resting")));
    assert_eq!(run.conclusion.unwrap().as_str(), "forgotten");
    assert_eq!(run.event, "full_moon");
}
