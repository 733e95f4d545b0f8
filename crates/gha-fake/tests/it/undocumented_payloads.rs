//! The payloads that differ from GitHub's description.

use std::collections::HashSet;

use crate::support::{actions, get};
use gha_fake::{Artifact, Fake, Fault, Job, Repo, Run};
use serde_json::Value;

async fn items(fake: &Fake, path: &str, list: &str) -> Vec<Value> {
    let json = get(&actions(fake, path)).await.json();
    json[list].as_array().unwrap().clone()
}

async fn fake(sent: bool) -> Fake {
    let run = Run::new(1).jobs((1..=30).map(Job::new));
    let repo = Repo::new("octo-org", "octo-docs")
        .run(run)
        .run(Run::new(2))
        .run(Run::new(3))
        .run(Run::new(4))
        .run(Run::new(7))
        .artifacts((1..=30).map(|id| Artifact::zip("a", &[]).id(id).run(1)));
    let builder = Fake::builder().token(crate::support::TOKEN).repo(repo);
    let fake = builder.start().await.unwrap();
    if sent {
        fake.fault(Fault::undocumented_payloads());
    }
    fake
}

/// Values of a member over all items, `absent` where there is none.
fn values(items: &[Value], member: &str) -> HashSet<String> {
    let text = |item: &Value| item.get(member).map_or("absent".into(), Value::to_string);
    items.iter().map(text).collect()
}

#[tokio::test]
async fn every_surprise_of_jobs_is_sent() {
    let fake = fake(true).await;
    let jobs = items(&fake, "runs/1/jobs?per_page=100", "jobs").await;
    for member in [
        "created_at",
        "workflow_name",
        "head_branch",
        "runner_id",
        "runner_name",
        "runner_group_id",
        "runner_group_name",
        "labels",
        "steps",
        "run_attempt",
        "started_at",
    ] {
        assert!(values(&jobs, member).contains("absent"), "{member}");
    }
    assert!(values(&jobs, "started_at").contains("null"));
    assert!(values(&jobs, "runner_id").contains("0"));
    assert!(values(&jobs, "runner_name").contains("\"\""));
    assert!(values(&jobs, "status").contains("\"hibernating\""));
    for conclusion in ["\"startup_failure\"", "\"stale\"", "\"\""] {
        assert!(
            values(&jobs, "conclusion").contains(conclusion),
            "{conclusion}"
        );
    }
    assert!(values(&jobs, "not_yet_invented").len() > 1);
    assert!(jobs.iter().any(
        |j| j["created_at"].as_str() > j["started_at"].as_str() && j["started_at"].is_string()
    ));
    let steps = values(&jobs, "steps");
    assert!(
        steps
            .iter()
            .any(|s| s.contains("\"pending\"") && s.contains("+01:00"))
    );
    assert!(jobs.iter().any(|job| job["conclusion"].is_null()));
}

#[tokio::test]
async fn every_surprise_of_artifacts_is_sent() {
    let fake = fake(true).await;
    let artifacts = items(&fake, "artifacts?per_page=100", "artifacts").await;
    for member in [
        "digest",
        "workflow_run",
        "created_at",
        "updated_at",
        "expires_at",
    ] {
        let values = values(&artifacts, member);
        assert!(
            values.contains("absent") && values.contains("null"),
            "{member}: {values:?}"
        );
    }
    let runs = values(&artifacts, "workflow_run");
    assert!(runs.iter().any(|r| r.contains("\"head_sha\":null")));
    assert!(runs.iter().any(|r| r == "{\"id\":114093376527}"));
}

#[tokio::test]
async fn surprises_of_runs_are_sent() {
    let fake = fake(true).await;
    let runs = items(&fake, "runs", "workflow_runs").await;
    assert!(values(&runs, "head_repository").contains("null"));
    assert!(values(&runs, "conclusion").contains("\"startup_failure\""));
    assert!(values(&runs, "head_branch").contains("null"));
    assert!(values(&runs, "actor").contains("null"));
    let single = get(&actions(&fake, "runs/7")).await.json();
    assert!(single["head_repository"].is_null());
}

#[tokio::test]
async fn errors_come_in_many_forms() {
    let fake = fake(true).await;
    let mut bodies = Vec::new();
    for _ in 0..5 {
        bodies.push(get(&actions(&fake, "artifacts/99")).await.json());
    }
    assert!(bodies.contains(&serde_json::json!({})));
    assert!(bodies.contains(&serde_json::json!({"error": "Server Error"})));
    assert!(bodies.iter().any(|body| body["errors"][0].is_string()));
    assert!(bodies.iter().any(|body| body["errors"][0].is_object()));
    assert!(bodies.iter().all(|body| body.get("status").is_none()));
}

#[tokio::test]
async fn without_the_mode_there_is_none() {
    let fake = fake(false).await;
    let jobs = items(&fake, "runs/1/jobs?per_page=100", "jobs").await;
    assert_eq!(values(&jobs, "status").len(), 1);
    assert!(!values(&jobs, "created_at").contains("absent"));
    let artifacts = items(&fake, "artifacts?per_page=100", "artifacts").await;
    assert!(
        artifacts
            .iter()
            .all(|artifact| artifact["digest"].is_string())
    );
}

#[tokio::test]
async fn members_are_set_and_left_out_one_by_one() {
    let run = Run::new(1).job(Job::new(5).json("status", "paused").omit("labels"));
    let artifact = Artifact::zip("a", &[])
        .id(6)
        .json("visibility", "internal")
        .omit("node_id");
    let repo = Repo::new("octo-org", "octo-docs")
        .run(run)
        .artifact(artifact.digest("md5:abc"));
    let fake = Fake::builder()
        .token(crate::support::TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap();
    let job = get(&actions(&fake, "jobs/5")).await.json();
    assert_eq!(
        (&job["status"], job.get("labels")),
        (&"paused".into(), None)
    );
    let artifact = get(&actions(&fake, "artifacts/6")).await.json();
    assert_eq!(
        (&artifact["visibility"], artifact.get("node_id")),
        (&"internal".into(), None)
    );
    assert_eq!(artifact["digest"], "md5:abc");
    fake.fault(Fault::status(500));
    assert_eq!(get(&actions(&fake, "jobs/5")).await.json()["status"], "500");
}
