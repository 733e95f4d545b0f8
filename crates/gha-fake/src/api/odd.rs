//! Payloads that differ from GitHub's description, as servers have really sent them: old and new
//! ones, skipped jobs, jobs without a runner.

use serde_json::{Value, json};

use super::json::Object;

/// One oddity for each item, by its number: neighbours differ.
pub(super) fn job(job: &mut Object, ordinal: u64) {
    let runner = [
        "runner_id",
        "runner_name",
        "runner_group_id",
        "runner_group_name",
    ];
    match ordinal % 14 {
        0 => job.remove("created_at"),
        1 => ["workflow_name", "head_branch"]
            .map(|m| job.remove(m))
            .into_iter()
            .collect(),
        2 => runner
            .map(|member| job.remove(member))
            .into_iter()
            .collect(),
        3 => {
            for (member, value) in
                runner
                    .into_iter()
                    .zip([json!(0), json!(""), json!(0), json!("")])
            {
                job.set(member, value);
            }
        }
        4 => ["labels", "steps", "run_attempt"]
            .map(|m| job.remove(m))
            .into_iter()
            .collect(),
        5 => job.set("started_at", Value::Null),
        6 => job.remove("started_at"),
        7 => job.set("status", json!("hibernating")),
        8 => job.set("conclusion", json!("startup_failure")),
        9 => job.set("conclusion", json!("stale")),
        10 => job.set("conclusion", json!("")),
        11 => {
            job.set("created_at", json!("2026-03-10T12:00:01Z"));
            job.set("started_at", json!("2026-03-10T12:00:00Z"));
        }
        12 => job.set("steps", odd_steps()),
        _ => job.set("not_yet_invented", json!({"since": "tomorrow"})),
    }
}

fn odd_steps() -> Value {
    json!([
        {
            "name": "Set up job", "status": "completed", "conclusion": "success", "number": 1,
            "started_at": "2026-03-10T12:00:00.000Z",
            "completed_at": "2026-03-10T13:00:07.250+01:00",
        },
        {
            "name": "Run make", "status": "pending", "conclusion": null, "number": 2,
            "started_at": null, "completed_at": null,
        },
        { "name": "Complete job", "status": "queued", "conclusion": null, "number": 3 },
    ])
}

pub(super) fn artifact(artifact: &mut Object, ordinal: u64) {
    let dates = ["created_at", "updated_at", "expires_at"];
    match ordinal % 9 {
        0 => artifact.remove("digest"),
        1 => artifact.set("digest", Value::Null),
        2 => artifact.set("workflow_run", Value::Null),
        3 => artifact.remove("workflow_run"),
        4 => artifact.set(
            "workflow_run",
            json!({"id": null, "repository_id": null, "head_repository_id": null,
                   "head_branch": null, "head_sha": null}),
        ),
        5 => artifact.set("workflow_run", json!({"id": 114_093_376_527_u64})),
        6 => dates
            .map(|date| artifact.set(date, Value::Null))
            .into_iter()
            .collect(),
        7 => dates
            .map(|date| artifact.remove(date))
            .into_iter()
            .collect(),
        _ => artifact.set("not_yet_invented", json!([1, 2, 3])),
    }
}

/// Error bodies that are not `{message, documentation_url, status}`.
pub(super) fn error(message: &str, ordinal: u64) -> Value {
    match ordinal % 5 {
        0 => json!({}),
        1 => json!({"error": "Server Error"}),
        2 => json!({"message": message}),
        3 => json!({"message": message, "errors": ["first reason", "second reason"]}),
        _ => json!({"message": message, "errors": [{"resource": "Artifact", "code": "missing"}]}),
    }
}
