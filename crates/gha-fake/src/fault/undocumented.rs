//! Payloads that differ from GitHub's description, as servers have really sent them: old and new
//! ones, skipped jobs, jobs without a runner, runs of deleted forks.

use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

const RUNNER: [&str; 4] = [
    "runner_id",
    "runner_name",
    "runner_group_id",
    "runner_group_name",
];
const DATES: [&str; 3] = ["created_at", "updated_at", "expires_at"];

/// Gives an answer, or each item of a list, one surprise, by its id: neighbours differ.
pub(super) fn surprise(json: &mut Value) {
    let lists = ["artifacts", "jobs", "workflow_runs"].into_iter();
    let list = lists
        .filter_map(|list| json.get(list)?.as_array().map(|_| list))
        .next();
    let items = match list {
        Some(list) => json[list].as_array_mut().into_iter().flatten().collect(),
        None => vec![json],
    };
    for item in items.into_iter().filter_map(Value::as_object_mut) {
        let id = item.get("id").and_then(Value::as_u64).unwrap_or_default();
        if item.contains_key("archive_download_url") {
            artifact(item, id);
        } else if item.contains_key("run_attempt") && item.contains_key("steps") {
            job(item, id);
        } else if item.contains_key("workflow_id") {
            run(item, id);
        }
    }
}

fn job(job: &mut Object, id: u64) {
    match id % 15 {
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
        13 => set(job, steps()),
        _ => set(job, json!({"not_yet_invented": {"since": "tomorrow"}})),
    }
}

fn steps() -> Value {
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

fn artifact(artifact: &mut Object, id: u64) {
    match id % 9 {
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

fn run(run: &mut Object, id: u64) {
    match id % 7 {
        0 => set(run, json!({"head_repository": null})),
        1 => set(run, json!({"conclusion": "startup_failure"})),
        2 => omit(
            run,
            &["display_title", "run_started_at", "referenced_workflows"],
        ),
        3 => set(
            run,
            json!({"name": null, "head_branch": null, "head_commit": null}),
        ),
        4 => set(run, json!({"actor": null, "triggering_actor": null})),
        5 => set(run, json!({"pull_requests": null})),
        _ => set(run, json!({"not_yet_invented": true})),
    }
}

/// Error bodies that are not `{message, documentation_url, status}`.
pub(super) fn error(message: &Value, number: u64) -> Value {
    match number % 5 {
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
