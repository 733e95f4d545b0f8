//! Payloads that differ from GitHub's description, as servers have really sent them: old and new
//! ones, skipped jobs, jobs without a runner.

use serde_json::{Map, Value, json};

/// A JSON object; its members stay in order.
pub(super) type Object = Map<String, Value>;

const RUNNER: [&str; 4] = [
    "runner_id",
    "runner_name",
    "runner_group_id",
    "runner_group_name",
];
const DATES: [&str; 3] = ["created_at", "updated_at", "expires_at"];

/// One oddity for each job, by its number: neighbours differ.
pub(super) fn job(job: &mut Object, ordinal: u64) {
    match ordinal % 15 {
        0 => omit(job, &["created_at"]),
        1 => omit(job, &["workflow_name", "head_branch"]),
        2 => omit(job, &RUNNER),
        3 => set(
            job,
            json!({"runner_id": 0, "runner_name": "", "runner_group_id": 0, "runner_group_name": ""}),
        ),
        4 => omit(job, &["labels"]),
        5 => omit(job, &["steps", "run_attempt"]),
        6 => set(job, json!({"started_at": null})),
        7 => omit(job, &["started_at"]),
        8 => set(job, json!({"status": "hibernating", "conclusion": null})),
        9 => set(job, json!({"conclusion": "startup_failure"})),
        10 => set(job, json!({"conclusion": "stale"})),
        11 => set(job, json!({"conclusion": ""})),
        12 => set(
            job,
            json!({"created_at": "2026-03-10T12:00:01Z", "started_at": "2026-03-10T12:00:00Z"}),
        ),
        13 => set(job, odd_steps()),
        _ => set(job, json!({"not_yet_invented": {"since": "tomorrow"}})),
    }
}

fn odd_steps() -> Value {
    json!({"steps": [
        {
            "name": "Set up job", "status": "completed", "conclusion": "success", "number": 1,
            "started_at": "2026-03-10T12:00:00.000Z",
            "completed_at": "2026-03-10T13:00:07.250+01:00",
        },
        {
            "name": "Run make", "status": "pending", "conclusion": null, "number": 2,
            "started_at": null, "completed_at": null,
        },
        {"name": "Complete job", "status": "queued", "conclusion": null, "number": 3},
    ]})
}

/// One oddity for each artifact, by its number: neighbours differ.
pub(super) fn artifact(artifact: &mut Object, ordinal: u64) {
    match ordinal % 9 {
        0 => omit(artifact, &["digest"]),
        1 => set(artifact, json!({"digest": null})),
        2 => set(artifact, json!({"workflow_run": null})),
        3 => omit(artifact, &["workflow_run"]),
        4 => set(
            artifact,
            json!({"workflow_run": {"id": null, "repository_id": null, "head_repository_id": null,
                                    "head_branch": null, "head_sha": null}}),
        ),
        5 => set(
            artifact,
            json!({"workflow_run": {"id": 114_093_376_527_i64}}),
        ),
        6 => set(
            artifact,
            json!({"created_at": null, "updated_at": null, "expires_at": null}),
        ),
        7 => omit(artifact, &DATES),
        _ => set(artifact, json!({"not_yet_invented": [1, 2, 3]})),
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

fn omit(object: &mut Object, members: &[&str]) {
    for member in members {
        object.shift_remove(*member);
    }
}

fn set(object: &mut Object, members: Value) {
    if let Value::Object(members) = members {
        object.extend(members);
    }
}
