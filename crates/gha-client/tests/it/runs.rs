//! Runs: what leads to artifacts and jobs.

use std::collections::HashSet;
use std::time::Duration;

use crate::support::*;
use gha_client::types::{
    RerunJobOptions, WorkflowId, WorkflowRun, WorkflowRunConclusion, WorkflowRunStatus,
};
use gha_client::{ErrorKind, Repo, prelude::*};
use gha_fake::{Clock, Conclusion, Fake, Fault, Job, Match, Operation, Run};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn serve(runs: impl IntoIterator<Item = Run>) -> (Fake, Repo) {
    let repo = gha_fake::Repo::new(OWNER, NAME).private(true);
    let repo = runs.into_iter().fold(repo, gha_fake::Repo::run);
    let fake = Fake::builder().token(TOKEN).repo(repo);
    let fake = fake.clock(noon()).start().await.unwrap();
    let repo = client(&fake).repo(OWNER, NAME);
    (fake, repo)
}

/// 10 March 2026.
fn noon() -> Clock {
    Clock::frozen_at(std::time::UNIX_EPOCH + Duration::from_secs(1_773_144_000))
}

fn ids(runs: &[WorkflowRun]) -> Vec<i64> {
    runs.iter().map(|run| run.id).collect()
}

#[tokio::test]
async fn by_every_filter_and_by_the_workflow() {
    let runs = [
        Run::new(1).age(DAY).head_branch("next").actor("hubot"),
        Run::new(2).age(DAY * 2).event("schedule"),
        Run::new(3).age(DAY * 3).workflow_file("docs.yml"),
        Run::new(4)
            .age(DAY * 40)
            .head_sha("a".repeat(40))
            .check_suite_id(77)
            .concluded(Conclusion::Failure),
    ];
    let (fake, repo) = serve(runs).await;
    for (list, expected) in [
        (repo.list_runs(), vec![1, 2, 3, 4]),
        (repo.list_runs().actor("hubot"), vec![1]),
        (repo.list_runs().branch("next"), vec![1]),
        (repo.list_runs().event("schedule"), vec![2]),
        (repo.list_runs().status("failure"), vec![4]),
        (repo.list_runs().status("completed"), vec![1, 2, 3, 4]),
        (repo.list_runs().check_suite_id(77), vec![4]),
        (repo.list_runs().head_sha("a".repeat(40)), vec![4]),
        (repo.list_runs().created("2026-03-08"), vec![2]),
        (repo.list_runs().created("2026-01-01..2026-02-01"), vec![4]),
        (repo.list_runs().created(">=2026-03-08"), vec![1, 2]),
        (
            repo.list_runs().created("*..2026-03-07T12:00:00Z"),
            vec![3, 4],
        ),
    ] {
        let asked = format!("{list:?}");
        assert_eq!(ids(&list.all().await.unwrap()), expected, "{asked}");
    }

    let workflow = repo.get_run(3).send().await.unwrap().workflow_id;
    for id in [WorkflowId::from(workflow), "docs.yml".into()] {
        let list = repo.list_workflow_runs(id);
        assert_eq!(ids(&list.clone().all().await.unwrap()), [3]);
        assert_eq!(list.branch("next").all().await.unwrap(), []);
    }
    let unknown = repo.list_workflow_runs("none.yml").all().await;
    assert_eq!(unknown.unwrap_err().kind(), ErrorKind::NotFound);
    fake.clear_requests();
    for outside in ["..", "a/b.yml"] {
        let refused = repo.list_workflow_runs(outside).send().await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
    let odd = repo.list_workflow_runs("ä b.yml").send().await;
    assert_eq!(odd.unwrap_err().kind(), ErrorKind::NotFound);
    let [request] = &fake.requests()[..] else {
        panic!("{:?}", fake.requests());
    };
    assert!(
        request.path.ends_with("/workflows/%C3%A4%20b.yml/runs"),
        "{request:?}"
    );
}

#[tokio::test]
async fn many_of_them() {
    let (fake, repo) = serve((1..=250).map(|id| Run::new(id).pull_request(id))).await;
    let streamed = repo
        .list_runs()
        .exclude_pull_requests(true)
        .all()
        .await
        .unwrap();
    assert_eq!(streamed.len(), 250);
    assert!(streamed.iter().all(|run| run.pull_requests.is_empty()));
    let ids: HashSet<i64> = streamed.iter().map(|run| run.id).collect();
    assert_eq!(ids.len(), 250);
    assert_eq!(pages_asked(&fake), [1, 2, 3]);
}

#[tokio::test]
async fn what_a_run_says() {
    let same = Run::new(7).pull_request(12).title("Mend the roof");
    let runs = [
        same,
        Run::new(8).fork("hubot/fork"),
        Run::new(9).deleted_fork(),
    ];
    let (_fake, repo) = serve(runs).await;
    let run = repo.get_run(7).send().await.unwrap();
    assert_eq!(run.display_title.as_deref(), Some("Mend the roof"));
    assert_eq!(run.status, Some(WorkflowRunStatus::Completed));
    assert_eq!(run.conclusion, Some(WorkflowRunConclusion::Success));
    assert_eq!(run.actor.as_ref().unwrap().login, "octocat");
    assert_eq!(run.repository.full_name, REPO);
    assert_eq!(run.head_repository.as_ref(), Some(&run.repository));
    assert_eq!(run.pull_requests[0].number, 12);
    assert_eq!(run.pull_requests[0].head.ref_, "main");
    assert!(run.head_commit.is_some());

    let fork = repo.get_run(8).send().await.unwrap();
    let head = fork.head_repository.as_ref().unwrap();
    assert_eq!((&*head.full_name, head.fork), ("hubot/fork", Some(true)));
    let deleted = repo.get_run(9).send().await.unwrap();
    assert_eq!(deleted.head_repository, None);

    let text = serde_json::to_string(&*run).unwrap();
    for gone in ["avatar_url", "stargazers_url", "tree_id", "email"] {
        assert!(!text.contains(gone), "{text}");
    }
}

#[tokio::test]
async fn what_the_description_does_not_say() {
    let (fake, repo) = serve((1..=70).map(|id| Run::new(id).pull_request(id))).await;
    fake.fault(Fault::undocumented_payloads());
    let runs = repo.list_runs().all().await.unwrap();
    assert_eq!(runs.len(), 70);
    let some = |wanted: fn(&WorkflowRun) -> bool| assert!(runs.iter().any(wanted));
    some(|run| run.head_repository.is_none());
    some(|run| run.conclusion == Some(WorkflowRunConclusion::StartupFailure));
    some(|run| run.display_title.is_none());
    some(|run| run.head_branch.is_none());
    some(|run| run.actor.is_none());
    some(|run| run.pull_requests.is_empty());
    fake.clear_faults();

    fake.fault(Fault::rewrite_json(|_, json| {
        json["status"] = "resting".into();
        json["conclusion"] = "forgotten".into();
    }));
    let run = repo.get_run(1).send().await.unwrap();
    assert_eq!(run.status.as_ref().unwrap().as_str(), "resting");
    assert_eq!(run.conclusion.as_ref().unwrap().as_str(), "forgotten");
}

#[tokio::test]
async fn a_run_from_its_queue_to_its_second_attempt() {
    let now = Duration::ZERO;
    let failed = Job::new(41).age(now).concluded(Conclusion::Failure);
    let later = Job::new(42).appears_after(Duration::from_secs(20));
    let (fake, repo) = serve([Run::new(7).job(failed).job(later)]).await;
    let state = async || {
        let run = repo.get_run(7).send().await.unwrap();
        let jobs = repo.list_run_jobs(7).all().await.unwrap();
        (
            run.status.clone().unwrap(),
            run.conclusion.clone(),
            jobs.len(),
        )
    };
    use WorkflowRunStatus::{Completed, InProgress, Queued};
    assert_eq!(state().await, (Queued, None, 1));
    fake.clock().advance(Duration::from_secs(30));
    assert_eq!(state().await, (InProgress, None, 2));
    let early = repo.rerun_job(41).send().await.unwrap_err();
    assert_eq!(early.kind(), ErrorKind::Forbidden);
    assert!(early.to_string().contains("already running"), "{early}");
    fake.clock().advance(DAY);
    let failure = WorkflowRunConclusion::Failure;
    assert_eq!(state().await, (Completed, Some(failure), 2));

    fake.clear_requests();
    repo.rerun_job(41).send().await.unwrap();
    // The other job is taken along as it was.
    assert_eq!(state().await, (InProgress, None, 2));
    assert_eq!(repo.get_run(7).send().await.unwrap().run_attempt, Some(2));
    let plain = fake.requests_for(&Match::operation(Operation::RerunJob));
    assert!(plain[0].body.is_empty() && plain[0].header("content-type").is_none());

    fake.clock().advance(DAY);
    let jobs = repo.list_run_jobs(7).all().await.unwrap();
    let options = RerunJobOptions::new().enable_debug_logging(true);
    repo.rerun_job(jobs[0].id)
        .body(options)
        .send()
        .await
        .unwrap();
    let requests = fake.requests_for(&Match::operation(Operation::RerunJob));
    let body: serde_json::Value = serde_json::from_slice(&requests[1].body).unwrap();
    assert_eq!(body["enable_debug_logging"], true);
}

#[tokio::test]
async fn a_rerun_is_sent_once() {
    let (fake, repo) = serve([Run::new(7).job(Job::new(41))]).await;
    let lost = fake.fault(Fault::lose_answer().on(Match::operation(Operation::RerunJob)));
    let error = repo.rerun_job(41).send().await.unwrap_err();
    assert!(error.to_string().contains("whether it was done"), "{error}");
    assert_eq!(lost.hits(), 1, "another one would be another attempt");
}
