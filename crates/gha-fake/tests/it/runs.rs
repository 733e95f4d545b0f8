//! Runs: their lists, their way through time, and running a job again.

use std::time::{Duration, SystemTime};

use crate::support::{REPO, TOKEN, actions, get, get_with, location, post, seed};
use gha_fake::{
    Artifact, Clock, Conclusion, Fake, Job, JobStatus, Match, Operation, Repo, Run, Step, Token,
};
use serde_json::{Value, json};

/// 10 March 2026, noon.
fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_773_144_000)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn start(runs: impl IntoIterator<Item = Run>) -> Fake {
    let repo = Repo::new("octo-org", "octo-docs").private(true);
    let repo = runs.into_iter().fold(repo, Repo::run);
    let clock = Clock::frozen_at(noon());
    let builder = Fake::builder().clock(clock).token(TOKEN).repo(repo);
    builder.start().await.unwrap()
}

async fn ids(fake: &Fake, path: &str) -> Vec<i64> {
    let reply = get(&actions(fake, path)).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.ids("workflow_runs")
}

async fn run(fake: &Fake, id: i64) -> Value {
    get(&actions(fake, &format!("runs/{id}"))).await.json()
}

#[tokio::test]
async fn newest_first_by_workflow_and_by_every_filter() {
    let fake = start([
        Run::new(1).age(DAY * 30).event("schedule"),
        Run::new(2).age(DAY * 3).workflow_file("docs.yml"),
        Run::new(3).age(DAY * 2).head_branch("next").actor("hubot"),
        Run::new(4).age(DAY).job(Job::new(41).in_progress()),
        Run::new(5)
            .age(DAY * 4)
            .job(Job::new(51).concluded(Conclusion::Failure)),
        Run::new(6)
            .age(DAY * 5)
            .head_sha("a".repeat(40))
            .check_suite_id(77)
            .concluded(Conclusion::Other("startup_failure".into())),
    ])
    .await;
    assert_eq!(ids(&fake, "runs").await, [4, 3, 2, 5, 6, 1]);
    let workflow = run(&fake, 2).await["workflow_id"].as_i64().unwrap();
    for (path, expected) in [
        ("workflows/docs.yml/runs".into(), vec![2]),
        (format!("workflows/{workflow}/runs"), vec![2]),
        ("workflows/build.yml/runs".into(), vec![4, 3, 5, 6, 1]),
        ("workflows/build.yml/runs?branch=next".into(), vec![3]),
        ("runs?actor=Hubot".into(), vec![3]),
        ("runs?branch=main&event=schedule".into(), vec![1]),
        ("runs?status=in_progress".into(), vec![4]),
        ("runs?status=failure".into(), vec![5]),
        ("runs?status=completed".into(), vec![3, 2, 5, 6, 1]),
        ("runs?created=2026-03-07".into(), vec![2]),
        ("runs?created=2026-03-06..2026-03-08".into(), vec![3, 2, 5]),
        ("runs?created=%3E%3D2026-03-08".into(), vec![4, 3]),
        ("runs?created=*..2026-02-28".into(), vec![1]),
        (format!("runs?head_sha={}", "a".repeat(40)), vec![6]),
        ("runs?check_suite_id=77".into(), vec![6]),
        ("runs?per_page=2&page=2".into(), vec![2, 5]),
        ("runs?unknown=x".into(), vec![4, 3, 2, 5, 6, 1]),
    ] {
        assert_eq!(ids(&fake, &path).await, expected, "{path}");
    }
    for bad in [
        "status=nope",
        "status=startup_failure",
        "created=yesterday",
        "created=2026-03-08T12:00",
        "check_suite_id=x",
        "exclude_pull_requests=yes",
        "branch=a&branch=b",
    ] {
        let url = actions(&fake, &format!("runs?{bad}"));
        assert_eq!(get(&url).await.status, 422, "{bad}");
    }
    for missing in [
        "workflows/none.yml/runs",
        "workflows/1/runs",
        "runs/9",
        "runs/05",
    ] {
        assert_eq!(get(&actions(&fake, missing)).await.status, 404, "{missing}");
    }
    let anonymous = get_with(&actions(&fake, "runs"), &[]).await;
    assert_eq!(anonymous.status, 404);
}

#[tokio::test]
async fn a_filtered_list_ends_after_a_thousand() {
    let fake = start((1..=1100).map(Run::new)).await;
    let page = async |query: &str| get(&actions(&fake, &format!("runs?per_page=100{query}"))).await;
    let all = page("&page=11").await;
    assert_eq!(all.ids("workflow_runs").len(), 100);
    assert_eq!(all.link("next"), None);

    let tenth = page("&branch=main&page=10").await;
    assert_eq!(tenth.ids("workflow_runs").len(), 100);
    assert_eq!(tenth.json()["total_count"], 1100);
    assert_eq!(tenth.link("next"), None);
    let beyond = page("&branch=main&page=11").await;
    assert!(beyond.ids("workflow_runs").is_empty());
    let first = page("&event=push").await;
    assert!(first.link("last").unwrap().ends_with("page=10"));
}

#[tokio::test]
async fn payloads_as_github_sends_them() {
    let fake = start([
        Run::new(30_433_642)
            .title("Update README.md")
            .number(562)
            .pull_request(7)
            .fork("hubot/octo-docs")
            .json("not_yet_invented", true)
            .omit("node_id"),
        Run::new(2).deleted_fork(),
    ])
    .await;
    let first = run(&fake, 30_433_642).await;
    assert_eq!(first["display_title"], "Update README.md");
    assert_eq!(
        (&first["run_number"], &first["run_attempt"]),
        (&json!(562), &json!(1))
    );
    assert_eq!(first["path"], ".github/workflows/build.yml");
    assert_eq!(first["repository"]["full_name"], REPO);
    let head = &first["head_repository"];
    assert_eq!(
        (&head["full_name"], &head["fork"]),
        (&json!("hubot/octo-docs"), &json!(true))
    );
    assert_eq!(first["pull_requests"][0]["number"], 7);
    assert_eq!(
        (&first["not_yet_invented"], first.get("node_id")),
        (&json!(true), None)
    );
    for path in [
        "runs/30433642?exclude_pull_requests=true",
        "runs?exclude_pull_requests=true",
    ] {
        let json = get(&actions(&fake, path)).await.json();
        let run = json.get("workflow_runs").map_or(&json, |runs| &runs[0]);
        assert_eq!(run["id"], 30_433_642);
        assert_eq!(run["pull_requests"], json!([]));
    }
    let deleted = run(&fake, 2).await;
    assert!(deleted["head_repository"].is_null());
    assert_eq!(deleted["repository"]["full_name"], REPO);
}

#[tokio::test]
async fn a_run_goes_its_way_by_the_clock() {
    let build = Job::new(41).age(Duration::ZERO).takes(seconds(90));
    let test = Job::new(42)
        .appears_after(seconds(95))
        .queued_for(seconds(10))
        .step(Step::new("Test").duration(seconds(20)))
        .step(Step::new("Report").concluded(Conclusion::Skipped))
        .concluded(Conclusion::Failure);
    let fake = start([Run::new(1).job(build).job(test)]).await;
    let mut before = 0;
    for (at, status, jobs) in [
        (0, "queued", vec!["queued"]),
        (4, "queued", vec!["queued"]),
        (5, "in_progress", vec!["in_progress"]),
        (94, "in_progress", vec!["in_progress"]),
        (95, "in_progress", vec!["completed", "queued"]),
        (105, "in_progress", vec!["completed", "in_progress"]),
        (134, "in_progress", vec!["completed", "in_progress"]),
        (135, "completed", vec!["completed", "completed"]),
    ] {
        fake.clock().advance(seconds(at - before));
        before = at;
        assert_eq!(run(&fake, 1).await["status"], status, "at {at}");
        let list = get(&actions(&fake, "runs/1/jobs")).await.json();
        let list = list["jobs"].as_array().unwrap();
        let statuses: Vec<_> = list
            .iter()
            .map(|job| job["status"].as_str().unwrap())
            .collect();
        assert_eq!(statuses, jobs, "at {at}");
        let listed = get(&actions(&fake, "runs")).await.json();
        assert_eq!(listed["workflow_runs"][0]["status"], status, "at {at}");
    }
    let over = run(&fake, 1).await;
    assert_eq!(over["conclusion"], "failure");
    assert_eq!(over["created_at"], "2026-03-10T12:00:00Z");
    assert_eq!(over["updated_at"], "2026-03-10T12:02:15Z");
    assert_eq!(ids(&fake, "runs?status=failure").await, [1]);
}

#[tokio::test]
async fn a_job_appears_when_it_is_time() {
    let fake = start([Run::new(1).job(Job::new(42).appears_after(seconds(10)))]).await;
    assert_eq!(get(&actions(&fake, "jobs/42")).await.status, 404);
    assert!(
        get(&actions(&fake, "runs/1/jobs"))
            .await
            .ids("jobs")
            .is_empty()
    );
    assert_eq!(run(&fake, 1).await["status"], "queued");
    let early = start([Run::new(2).job(Job::new(43).appears_after(seconds(10)))]).await;
    early.state(|state| state.start_job(43)).unwrap();
    let job = get(&actions(&early, "jobs/43")).await.json();
    assert_eq!(job["status"], "in_progress");
    fake.clock().advance(seconds(10));
    assert_eq!(
        get(&actions(&fake, "jobs/42")).await.json()["status"],
        "queued"
    );
}

#[tokio::test]
async fn steps_follow_one_another() {
    let job = Job::new(42)
        .age(Duration::ZERO)
        .step(Step::new("one"))
        .step(Step::new("two").concluded(Conclusion::Failure))
        .concluded(Conclusion::Failure);
    let fake = start([Run::new(1).job(job)]).await;
    let steps = async || {
        let job = get(&actions(&fake, "jobs/42")).await.json();
        let steps = job["steps"].as_array().unwrap().clone();
        let pairs = steps
            .iter()
            .map(|s| (s["status"].clone(), s["conclusion"].clone()));
        pairs.collect::<Vec<_>>()
    };
    let (queued, running) = (
        (json!("queued"), Value::Null),
        (json!("in_progress"), Value::Null),
    );
    let done = |conclusion: &str| (json!("completed"), json!(conclusion));
    assert_eq!(steps().await, [queued.clone(), queued.clone()]);
    fake.clock().advance(seconds(14));
    assert_eq!(steps().await, [running.clone(), queued]);
    fake.clock().advance(seconds(1));
    assert_eq!(steps().await, [done("success"), running]);
    // The end cuts off what goes on.
    fake.finish_job(42, Conclusion::Cancelled).unwrap();
    assert_eq!(steps().await, [done("success"), done("cancelled")]);
    assert_eq!(run(&fake, 1).await["conclusion"], "cancelled");
    let log = get_with(&location(&fake, "jobs/42/logs").await, &[]).await;
    assert!(log.text().contains("##[group]two"), "{}", log.text());
}

#[tokio::test]
async fn conclusions_of_runs_are_the_worst_of_their_jobs() {
    use Conclusion::{Cancelled, Failure, Neutral, Skipped, Success};
    let cases = [
        (vec![Success, Skipped, Neutral], "success"),
        (vec![Skipped, Skipped], "skipped"),
        (vec![Cancelled, Success], "cancelled"),
        (vec![Success, Cancelled, Failure], "failure"),
    ];
    let job = |(number, conclusion): (usize, Conclusion), run: i64| {
        Job::new(run * 10 + number as i64).concluded(conclusion)
    };
    let runs = (1..).zip(cases.clone()).map(|(id, (jobs, _))| {
        Run::new(id).jobs(jobs.into_iter().enumerate().map(|pair| job(pair, id)))
    });
    let fake = start(runs).await;
    for (id, (_, conclusion)) in (1..).zip(cases) {
        assert_eq!(run(&fake, id).await["conclusion"], conclusion);
    }
    fake.state(|state| {
        state.add_run(REPO, Run::new(9)).unwrap();
        let waiting = Job::new(91).status(JobStatus::Waiting);
        state.add_job(REPO, 9, waiting).unwrap();
    });
    let waiting = run(&fake, 9).await;
    assert_eq!(
        (&waiting["status"], &waiting["conclusion"]),
        (&json!("waiting"), &Value::Null)
    );
}

#[tokio::test]
async fn a_job_runs_again_in_a_new_attempt() {
    let failed = Job::new(41).concluded(Conclusion::Failure);
    let fake = start([Run::new(1).job(failed).job(Job::new(42))]).await;
    let rerun = |id: i64| actions(&fake, &format!("jobs/{id}/rerun"));
    let reply = post(&rerun(41), TOKEN, r#"{"enable_debug_logging":true}"#).await;
    assert_eq!((reply.status, reply.json()), (201, json!({})));

    let now = run(&fake, 1).await;
    assert_eq!(
        (&now["status"], &now["run_attempt"]),
        (&json!("in_progress"), &json!(2))
    );
    assert_eq!(now["run_started_at"], "2026-03-10T12:00:00Z");
    let taken_along = get(&actions(&fake, "jobs/44")).await.json();
    assert_eq!(taken_along["created_at"], "2026-03-10T12:00:00Z");
    assert!(taken_along["started_at"].as_str() < taken_along["created_at"].as_str());
    let previous = now["previous_attempt_url"].as_str().unwrap();
    assert!(previous.ends_with("/runs/1/attempts/1"), "{previous}");
    let jobs = async |query: &str| get(&actions(&fake, &format!("runs/1/jobs{query}"))).await;
    assert_eq!(jobs("").await.ids("jobs"), [43, 44]);
    assert_eq!(jobs("?filter=all").await.ids("jobs"), [43, 44, 41, 42]);
    let statuses = jobs("").await.json()["jobs"].clone();
    assert_eq!(
        (&statuses[0]["status"], &statuses[1]["status"]),
        (&json!("queued"), &json!("completed"))
    );

    let running = post(&rerun(43), TOKEN, "").await;
    assert_eq!(running.status, 403);
    let message = running.json()["message"].to_string();
    assert!(message.contains("already running"), "{message}");
    fake.finish_job(43, Conclusion::Success).unwrap();
    assert_eq!(run(&fake, 1).await["conclusion"], "success");
    let older = post(&rerun(41), TOKEN, "").await;
    assert_eq!(older.status, 403);
    assert_eq!(
        older.json()["message"],
        "This workflow run cannot be retried"
    );
    let requests = fake.requests_for(&Match::operation(Operation::RerunJob));
    assert_eq!(requests[0].body, r#"{"enable_debug_logging":true}"#);
}

#[tokio::test]
async fn a_rerun_is_checked() {
    let fake = seed()
        .token(Token::new("reader").read_only())
        .start()
        .await
        .unwrap();
    fake.state(|state| state.add_run(REPO, Run::new(7).job(Job::new(71))))
        .unwrap();
    let url = actions(&fake, "jobs/71/rerun");
    for (body, status) in [
        ("{", 400),
        ("[]", 400),
        ("\"yes\"", 400),
        (r#"{"enable_debug_logging":"yes"}"#, 422),
        (r#"{"enable_debugger":1}"#, 422),
    ] {
        assert_eq!(post(&url, TOKEN, body).await.status, status, "{body}");
    }
    assert_eq!(post(&url, "reader", "").await.status, 403);
    assert_eq!(post(&url, "nobody", "").await.status, 401);
    assert_eq!(
        post(&actions(&fake, "jobs/99/rerun"), TOKEN, "")
            .await
            .status,
        404
    );
    assert_eq!(get(&url).await.status, 404);
    for (id, body) in [100, 200, 300]
        .into_iter()
        .zip(["null", "{}", r#"{"unknown":1}"#])
    {
        let run = Run::new(id).job(Job::new(id));
        fake.state(|state| state.add_run(REPO, run)).unwrap();
        let url = actions(&fake, &format!("jobs/{id}/rerun"));
        assert_eq!(post(&url, TOKEN, body).await.status, 201, "{body}");
    }
    assert!(fake.state(|state| state.rerun_job(51)).is_err(), "it runs");
    assert!(
        fake.state(|state| state.rerun_job(41)).is_err(),
        "it is of attempt 1"
    );
    assert!(fake.state(|state| state.rerun_job(99)).is_err());
}

#[tokio::test]
async fn artifacts_are_of_the_run_that_made_them() {
    let run = Run::new(5)
        .head_branch("next")
        .artifact(Artifact::zip("dist", &[]).id(1));
    let fake = start([run]).await;
    let artifact = get(&actions(&fake, "artifacts/1")).await.json();
    assert_eq!(artifact["workflow_run"]["head_branch"], "next");
    assert_eq!(artifact["workflow_run"]["id"], 5);
}

#[tokio::test]
async fn what_a_fork_made_says_so() {
    let made = |run: Run, id: i64| run.artifact(Artifact::zip("dist", &[]).id(id));
    let fake = start([
        made(Run::new(5), 1),
        made(Run::new(6).fork("stranger/octo-docs"), 2),
        made(Run::new(7).deleted_fork(), 3),
        made(Run::new(8).fork("octo-org/fork"), 4),
    ])
    .await;
    // Ids are given in turn: this one's is the next after that of the repository.
    let fork = fake
        .state(|state| state.add_repo(Repo::new("octo-org", "fork")))
        .unwrap();
    let mut heads = Vec::new();
    for id in 1..=4 {
        let artifact = get(&actions(&fake, &format!("artifacts/{id}")))
            .await
            .json();
        let made_by = &artifact["workflow_run"];
        heads.push(made_by["head_repository_id"].as_i64().unwrap());
        let is_own = made_by["head_repository_id"] == made_by["repository_id"];
        assert_eq!(is_own, id == 1, "{made_by}");
        let run = run(&fake, 4 + id).await;
        if !run["head_repository"].is_null() {
            assert_eq!(run["head_repository"]["id"], heads[id as usize - 1]);
            assert_eq!(run["head_repository_id"], heads[id as usize - 1]);
        }
    }
    assert_eq!(heads[3], fork);
    assert!(heads[1] != heads[2] && heads[1] != fork, "{heads:?}");
}
