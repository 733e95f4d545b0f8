//! State that changes under way, and the handle's life.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use crate::support::{BEARER, REPO, actions, get, get_with, location, request, seed, send};
use gha_fake::{
    Artifact, Clock, Conclusion, Content, Fake, Fault, Job, JobStatus, Listener, Match, Operation,
    Repo, Run, Step,
};
use http::Method;

async fn numbered(count: i64) -> Fake {
    let content = Content::zip(&[]);
    let artifacts = (1..=count).map(|id| Artifact::new("a", content.clone()).id(id));
    let repo = Repo::new("octo-org", "octo-docs").artifacts(artifacts);
    let builder = Fake::builder().token(crate::support::TOKEN).repo(repo);
    builder.start().await.unwrap()
}

#[tokio::test]
async fn what_is_added_comes_first_and_what_is_deleted_is_gone() {
    let fake = numbered(3).await;
    let ids = async || get(&actions(&fake, "artifacts")).await.ids("artifacts");
    assert_eq!(ids().await, [3, 2, 1]);
    let id = fake.add_artifact(REPO, Artifact::zip("new", &[])).unwrap();
    assert_eq!(ids().await, [id, 3, 2, 1]);
    fake.delete_artifact(2).unwrap();
    assert_eq!(ids().await, [id, 3, 1]);
    assert_eq!(fake.artifact_ids("OCTO-ORG/octo-docs").unwrap(), [id, 3, 1]);
    let old = Artifact::zip("old", &[]).age(Duration::from_secs(86_400));
    let old = fake.add_artifact(REPO, old).unwrap();
    assert_eq!(ids().await, [id, 3, 1, old]);
}

#[tokio::test]
async fn changes_of_what_is_not_there_are_errors() {
    let fake = numbered(1).await;
    assert!(
        fake.delete_artifact(9)
            .unwrap_err()
            .to_string()
            .contains("no artifact 9")
    );
    assert!(
        fake.finish_job(9, Conclusion::Success)
            .unwrap_err()
            .to_string()
            .contains("no job 9")
    );
    assert!(
        fake.artifact_ids("no/body")
            .unwrap_err()
            .to_string()
            .contains("no/body")
    );
    assert!(
        fake.add_artifact("nobody", Artifact::zip("a", &[]))
            .is_err()
    );
    assert!(
        fake.add_artifact(REPO, Artifact::zip("a", &[]).id(1))
            .is_err()
    );
    assert!(fake.state(|s| s.rename_repo(REPO, REPO)).is_err());
    assert!(fake.state(|s| s.add_job(REPO, 7, Job::new(1))).is_err());
}

#[tokio::test]
async fn a_job_goes_its_way() {
    let run = Run::new(1).job(Job::new(42).queued());
    let repo = Repo::new("octo-org", "octo-docs").run(run);
    let fake = Fake::builder()
        .token(crate::support::TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap();
    let job = async || get(&actions(&fake, "runs/1/jobs")).await.json()["jobs"][0].clone();
    let log = async || get(&actions(&fake, "jobs/42/logs")).await.status;
    assert_eq!(
        (job().await["status"].clone(), log().await),
        ("queued".into(), 404)
    );

    fake.state(|s| s.set_job_status(42, JobStatus::Waiting))
        .unwrap();
    assert_eq!(job().await["status"], "waiting");
    fake.state(|s| s.start_job(42)).unwrap();
    assert_eq!(
        (job().await["status"].clone(), log().await),
        ("in_progress".into(), 404)
    );
    assert!(!job().await["runner_id"].is_null());

    fake.finish_job(42, Conclusion::TimedOut).unwrap();
    assert_eq!(job().await["conclusion"], "timed_out");
    assert!(!job().await["completed_at"].is_null());
    assert_eq!(log().await, 302);
    fake.state(|s| s.set_job_log(42, Content::bytes("the end")))
        .unwrap();
    assert_eq!(
        get_with(&location(&fake, "jobs/42/logs").await, &[])
            .await
            .text(),
        "the end"
    );
    fake.state(|s| s.expire_job_log(42)).unwrap();
    assert_eq!(log().await, 410);

    fake.state(|s| s.add_job(REPO, 1, Job::new(43))).unwrap();
    assert_eq!(fake.state(|s| s.job_ids(REPO, 1)).unwrap(), [42, 43]);
    assert_eq!(
        get(&actions(&fake, "runs/1/jobs")).await.ids("jobs"),
        [42, 43]
    );
}

#[tokio::test]
async fn an_artifact_expires_changes_and_goes_between_two_downloads() {
    let fake = seed().start().await.unwrap();
    let url = location(&fake, "artifacts/13/zip").await;
    let before = get_with(&url, &[]).await;
    fake.replace_content(13, Content::noise(200, 5)).unwrap();
    let after = get_with(&url, &[]).await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(after.body, Content::noise(200, 5).read(0..200));
    let artifact = get(&actions(&fake, "artifacts/13")).await.json();
    assert_eq!(artifact["digest"], Content::noise(200, 5).digest());

    fake.state(|s| s.expire_artifact(13)).unwrap();
    assert_eq!(get(&actions(&fake, "artifacts/13/zip")).await.status, 410);
    fake.delete_artifact(13).unwrap();
    assert_eq!(get(&actions(&fake, "artifacts/13/zip")).await.status, 404);
    assert_eq!(get_with(&url, &[]).await.status, 404);
}

#[tokio::test]
async fn times_at_the_edge_of_what_can_be_written() {
    let epoch = SystemTime::UNIX_EPOCH;
    for at in [epoch, epoch - Duration::from_secs(60)] {
        let fake = seed().clock(Clock::frozen_at(at)).start().await.unwrap();
        let date = "Thu, 01 Jan 1970 00:00:00 GMT";
        for path in ["artifacts/11/zip", "jobs/42/logs"] {
            let blob = get_with(&location(&fake, path).await, &[]).await;
            assert_eq!((blob.status, blob.header("date")), (200, Some(date)));
            assert_eq!(blob.header("last-modified"), Some(date));
        }
        for path in ["artifacts", "runs/1001/jobs?filter=all", "runs"] {
            assert_eq!(get(&actions(&fake, path)).await.status, 200, "{path}");
        }
    }

    let never = Duration::MAX;
    let waiting = Job::new(61)
        .age(Duration::ZERO)
        .queued_for(never)
        .takes(never);
    let endless = Job::new(62).step(Step::new("wait").duration(never));
    let jobs = [waiting, endless, Job::new(63).appears_after(never)];
    let artifact = Artifact::zip("kept", &[]).id(21).expires_after(never);
    let repo = Repo::new("octo-org", "octo-docs")
        .run(Run::new(1).jobs(jobs).age(never))
        .artifacts([artifact, Artifact::zip("old", &[]).age(never)]);
    let fake = Fake::builder().token(crate::support::TOKEN).repo(repo);
    let fake = fake.link_lifetime(never).start().await.unwrap();
    for path in ["artifacts", "runs/1/jobs", "runs", "jobs/61"] {
        assert_eq!(get(&actions(&fake, path)).await.status, 200, "{path}");
    }
    let url = location(&fake, "artifacts/21/zip").await;
    assert_eq!(get_with(&url, &[]).await.status, 200);
    for fault in [
        Fault::status(503).retry_after_date(never),
        Fault::primary_rate_limit(never),
    ] {
        fake.fault(fault.once());
        assert!(get(&actions(&fake, "artifacts/21")).await.status > 400);
    }
    fake.clock().advance(never);
    assert_eq!(get(&actions(&fake, "artifacts")).await.status, 200);
}

#[tokio::test]
async fn a_renamed_repository_has_moved() {
    let fake = seed().start().await.unwrap();
    fake.state(|s| s.rename_repo(REPO, "octo-org/handbook"))
        .unwrap();
    let moved = get(&actions(&fake, "artifacts?per_page=1&page=2")).await;
    assert_eq!(moved.status, 301);
    let to = moved.header("location").unwrap();
    assert!(to.starts_with(fake.api_url()), "{to}");
    assert!(to.ends_with("/actions/artifacts?per_page=1&page=2"), "{to}");
    assert_eq!(moved.json()["url"], to);
    assert_eq!(get(to).await.ids("artifacts"), [12]);

    let deleted = request(Method::DELETE, &actions(&fake, "artifacts/12"), &[BEARER]).await;
    assert_eq!(deleted.status, 307);
    let to = deleted.header("location").unwrap();
    assert_eq!(request(Method::DELETE, to, &[BEARER]).await.status, 204);

    let zip = get(&actions(&fake, "artifacts/11/zip")).await;
    assert_eq!(get(zip.header("location").unwrap()).await.status, 302);
    // The private repository's new name is not for everyone.
    assert_eq!(
        get_with(&actions(&fake, "artifacts"), &[]).await.status,
        404
    );
}

#[tokio::test]
async fn a_token_keeps_its_repository_when_that_is_renamed() {
    let token = gha_fake::Token::new("narrow").repo(REPO);
    let fake = seed().token(token).start().await.unwrap();
    let narrow = [("authorization", "Bearer narrow")];
    let url = actions(&fake, "artifacts/11");
    fake.state(|state| state.rename_repo(REPO, "octo-org/manual"))
        .unwrap();
    let moved = get_with(&url, &narrow).await;
    assert_eq!(moved.status, 301);
    assert_eq!(
        get_with(moved.header("location").unwrap(), &narrow)
            .await
            .status,
        200
    );
    let url = url.replace("octo-docs", "manual");
    assert_eq!(request(Method::DELETE, &url, &narrow).await.status, 204);
}

#[tokio::test]
async fn former_names_answer_as_they_are_told() {
    let repo = Repo::new("octo-org", "handbook").id(7);
    let repo = repo.formerly("octo-org/guide").formerly(REPO);
    let fake = Fake::builder()
        .token(crate::support::TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap();
    let told = Fault::change().with_status(308);
    fake.fault(told.on(Match::any().path(format!("/repos/{REPO}"))));
    assert_eq!(get(&actions(&fake, "artifacts")).await.status, 308);
    let guide = format!("{}/repos/octo-org/Guide/actions/artifacts", fake.api_url());
    let moved = get(&guide).await;
    let target = format!("{}/repositories/7/actions/artifacts", fake.api_url());
    assert_eq!(
        (moved.status, moved.header("location")),
        (301, Some(&*target))
    );
}

#[tokio::test]
async fn hooks_change_lists_between_pages() {
    let fake = numbered(10).await;
    let list = || Match::operation(Operation::ListArtifacts);
    fake.after_answer(list().page(1), |_, state| {
        state.delete_artifact(10).unwrap();
        state.delete_artifact(1).unwrap();
    });
    fake.before_answer(list().page(3), |request, state| {
        assert_eq!(request.page(), 3);
        state
            .add_artifact(REPO, Artifact::zip("late", &[]).id(99))
            .unwrap();
    });
    let page = async |n: u64| {
        let reply = get(&actions(&fake, &format!("artifacts?per_page=4&page={n}"))).await;
        (
            reply.json()["total_count"].as_u64().unwrap(),
            reply.ids("artifacts"),
        )
    };
    assert_eq!(page(1).await, (10, vec![10, 9, 8, 7]));
    assert_eq!(page(2).await, (8, vec![5, 4, 3, 2]));
    assert_eq!(page(3).await, (9, vec![2]));
}

#[tokio::test]
async fn hooks_see_both_listeners() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (first, second) = (seen.clone(), seen.clone());
    let fake = seed().start().await.unwrap();
    fake.before_answer(Match::any(), move |r, _| {
        first.lock().unwrap().push((r.listener, "before"));
    });
    fake.after_answer(Match::blob(), move |r, _| {
        second.lock().unwrap().push((r.listener, "after"));
    });
    get_with(&location(&fake, "artifacts/11/zip").await, &[]).await;
    let expected = [
        (Listener::Api, "before"),
        (Listener::Blob, "before"),
        (Listener::Blob, "after"),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn ten_thousand_artifacts_deleted_while_they_are_listed() {
    let fake = numbered(10_000).await;
    let mut deleted = 0;
    loop {
        let ids = get(&actions(&fake, "artifacts?per_page=100"))
            .await
            .ids("artifacts");
        if ids.is_empty() {
            break;
        }
        deleted += ids.len();
        fake.state(|state| {
            ids.iter()
                .for_each(|id| state.delete_artifact(*id).unwrap());
        });
    }
    assert_eq!(deleted, 10_000);
    assert!(fake.artifact_ids(REPO).unwrap().is_empty());
}

#[tokio::test]
async fn dropping_the_fake_ends_its_connections_and_frees_its_ports() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let fake = seed().start().await.unwrap();
    let address = fake.api_url().trim_start_matches("http://").to_owned();
    let mut open = tokio::net::TcpStream::connect(&address).await.unwrap();
    open.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut head = [0; 8];
    open.read_exact(&mut head).await.unwrap();
    let url = actions(&fake, "artifacts");
    drop(fake);
    let mut rest = Vec::new();
    // Ends, one way or another.
    let _ = open.read_to_end(&mut rest).await;
    assert!(send(Method::GET, &url, &[]).await.is_none());
}

#[test]
fn a_fake_on_its_own_thread_needs_no_runtime() {
    let fake = seed().start_on_thread().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let url = actions(&fake, "artifacts/11");
    assert_eq!(runtime.block_on(get(&url)).status, 200);
    drop(fake);
    assert!(runtime.block_on(send(Method::GET, &url, &[])).is_none());
}
