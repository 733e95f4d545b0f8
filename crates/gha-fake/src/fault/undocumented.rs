//! Payloads that differ from GitHub's description, as servers have really sent them: old and new
//! ones, skipped jobs, jobs without a runner, runs of deleted forks.

use std::sync::LazyLock;

use serde_json::{Value, json};

/// Stands for a member that is left out.
const ABSENT: &str = "absent";

static JOBS: LazyLock<[Value; 15]> = LazyLock::new(|| {
    [
        json!({"created_at": ABSENT}),
        json!({"workflow_name": ABSENT, "head_branch": ABSENT}),
        json!({"runner_id": ABSENT, "runner_name": ABSENT,
               "runner_group_id": ABSENT, "runner_group_name": ABSENT}),
        json!({"runner_id": 0, "runner_name": "", "runner_group_id": 0, "runner_group_name": ""}),
        json!({"labels": ABSENT}),
        json!({"steps": ABSENT, "run_attempt": ABSENT}),
        json!({"started_at": null}),
        json!({"started_at": ABSENT}),
        json!({"status": "hibernating", "conclusion": null}),
        json!({"conclusion": "startup_failure"}),
        json!({"conclusion": "stale"}),
        json!({"conclusion": ""}),
        json!({"created_at": "2026-03-10T12:00:01Z", "started_at": "2026-03-10T12:00:00Z"}),
        json!({"steps": [
            {"name": "Set up job", "status": "completed", "conclusion": "success", "number": 1,
             "started_at": "2026-03-10T12:00:00.000Z",
             "completed_at": "2026-03-10T13:00:07.250+01:00"},
            {"name": "Run make", "status": "pending", "conclusion": null, "number": 2,
             "started_at": null, "completed_at": null},
            {"name": "Complete job", "status": "queued", "conclusion": null, "number": 3},
        ]}),
        json!({"not_yet_invented": {"since": "tomorrow"}}),
    ]
});

static ARTIFACTS: LazyLock<[Value; 9]> = LazyLock::new(|| {
    [
        json!({"digest": ABSENT}),
        json!({"digest": null}),
        json!({"workflow_run": null}),
        json!({"workflow_run": ABSENT}),
        json!({"workflow_run": {"id": null, "repository_id": null, "head_repository_id": null,
                                "head_branch": null, "head_sha": null}}),
        json!({"workflow_run": {"id": 114_093_376_527_i64}}),
        json!({"created_at": null, "updated_at": null, "expires_at": null}),
        json!({"created_at": ABSENT, "updated_at": ABSENT, "expires_at": ABSENT}),
        json!({"not_yet_invented": [1, 2, 3]}),
    ]
});

static RUNS: LazyLock<[Value; 7]> = LazyLock::new(|| {
    [
        json!({"head_repository": null}),
        json!({"conclusion": "startup_failure"}),
        json!({"display_title": ABSENT, "run_started_at": ABSENT, "referenced_workflows": ABSENT}),
        json!({"name": null, "head_branch": null, "head_commit": null}),
        json!({"actor": null, "triggering_actor": null}),
        json!({"pull_requests": null}),
        json!({"not_yet_invented": true}),
    ]
});

/// Gives an answer, or each item of a list, one surprise, by its id: neighbours differ.
pub(super) fn surprise(json: &mut Value) {
    for list in ["artifacts", "jobs", "workflow_runs"] {
        if let Some(items) = json.get_mut(list).and_then(Value::as_array_mut) {
            items.iter_mut().for_each(surprise);
            return;
        }
    }
    let Some(item) = json.as_object_mut() else {
        return;
    };
    let kinds: [(&str, &[Value]); 3] = [
        ("archive_download_url", &*ARTIFACTS),
        ("steps", &*JOBS),
        ("workflow_id", &*RUNS),
    ];
    let mut kinds = kinds.into_iter();
    let Some((_, surprises)) = kinds.find(|(member, _)| item.contains_key(*member)) else {
        return;
    };
    let id = item.get("id").and_then(Value::as_u64).unwrap_or_default() as usize;
    let surprise = surprises[id % surprises.len()].as_object();
    for (member, value) in surprise.into_iter().flatten() {
        match value == ABSENT {
            true => item.shift_remove(member),
            false => item.insert(member.clone(), value.clone()),
        };
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
