//! Listing artifacts and jobs.

use crate::support::{BEARER, actions, get, request, seed};
use gha_fake::{Artifact, Edition, Fake, Repo, Run};
use http::Method;

/// 250 artifacts with ids 1 to 250, the newest last.
async fn many() -> Fake {
    let artifacts = (1..=250).map(|id| Artifact::zip(format!("a{}", id % 5), &[]).id(id));
    let repo = Repo::new("octo-org", "octo-docs")
        .id(77)
        .artifacts(artifacts);
    let builder = Fake::builder().token(crate::support::TOKEN).repo(repo);
    builder.start().await.unwrap()
}

#[tokio::test]
async fn newest_first_thirty_by_default() {
    let fake = many().await;
    let reply = get(&actions(&fake, "artifacts")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json()["total_count"], 250);
    let expected: Vec<i64> = (221..=250).rev().collect();
    assert_eq!(reply.ids("artifacts"), expected);
}

#[tokio::test]
async fn per_page_is_at_most_a_hundred() {
    let fake = many().await;
    for (asked, given) in [("1", 1), ("100", 100), ("101", 100), ("0", 30), ("-3", 30)] {
        let url = actions(&fake, &format!("artifacts?per_page={asked}"));
        assert_eq!(get(&url).await.ids("artifacts").len(), given, "{asked}");
    }
}

#[tokio::test]
async fn following_next_reads_everything_once() {
    let fake = many().await;
    let mut url = actions(&fake, "artifacts?per_page=100");
    let mut ids = Vec::new();
    loop {
        let reply = get(&url).await;
        ids.extend(reply.ids("artifacts"));
        match reply.link("next") {
            Some(next) => url = next,
            None => break,
        }
    }
    assert_eq!(ids, (1..=250).rev().collect::<Vec<i64>>());
}

#[tokio::test]
async fn links_lead_below_repositories() {
    let fake = many().await;
    let base = format!("{}/repositories/77/actions/artifacts", fake.api_url());
    let reply = get(&actions(&fake, "artifacts?per_page=100&page=2")).await;
    let link = |rel| reply.link(rel).unwrap();
    assert_eq!(link("prev"), format!("{base}?per_page=100&page=1"));
    assert_eq!(link("next"), format!("{base}?per_page=100&page=3"));
    assert_eq!(link("last"), format!("{base}?per_page=100&page=3"));
    assert_eq!(link("first"), format!("{base}?per_page=100&page=1"));

    let first = get(&actions(&fake, "artifacts")).await;
    assert_eq!(first.link("prev"), None);
    assert_eq!(first.link("first"), None);
    let last = get(&actions(&fake, "artifacts?page=9")).await;
    assert_eq!(last.link("next"), None);
    assert_eq!(last.link("last"), None);
    let alone = get(&actions(&fake, "artifacts?name=a1&per_page=50")).await;
    assert_eq!(alone.header("link"), None);
}

#[tokio::test]
async fn pages_beyond_the_end_are_empty() {
    let fake = many().await;
    for page in ["4", "1000000", "9223372036854775807"] {
        let reply = get(&actions(
            &fake,
            &format!("artifacts?per_page=100&page={page}"),
        ))
        .await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.json()["total_count"], 250);
        assert!(reply.ids("artifacts").is_empty());
        assert_eq!(reply.link("next"), None);
    }
}

#[tokio::test]
async fn name_filters_and_counts() {
    let fake = many().await;
    let reply = get(&actions(&fake, "artifacts?name=a3")).await;
    assert_eq!(reply.json()["total_count"], 50);
    assert!(reply.ids("artifacts").iter().all(|id| id % 5 == 3));
    let part = get(&actions(&fake, "artifacts?name=a")).await;
    assert_eq!(part.json()["total_count"], 0);
}

#[tokio::test]
async fn names_of_owner_and_repository_in_any_case() {
    let fake = many().await;
    let url = format!(
        "{}/repos/OCTO-org/Octo-Docs/actions/artifacts/7",
        fake.api_url()
    );
    assert_eq!(get(&url).await.json()["id"], 7);
}

#[tokio::test]
async fn the_prefix_of_enterprise_server_is_kept_in_urls() {
    let server = seed().edition(Edition::EnterpriseServer);
    let fake = server.start().await.unwrap();
    let base = fake.api_url();
    assert!(base.ends_with("/api/v3"), "{base}");
    let reply = get(&actions(&fake, "artifacts?per_page=1")).await;
    let url = reply.json()["artifacts"][0]["url"].clone();
    assert_eq!(
        url,
        format!("{base}/repos/octo-org/octo-docs/actions/artifacts/13")
    );
    let next = reply.link("next").unwrap();
    assert!(next.starts_with(&format!("{base}/repositories/")), "{next}");
    assert_eq!(get(&next).await.ids("artifacts"), [12]);
}

#[tokio::test]
async fn artifacts_of_a_run_in_both_directions() {
    let artifact = |id| Artifact::zip(format!("n{}", id % 2), &[]).id(id);
    let repo = Repo::new("octo-org", "octo-docs")
        .run(Run::new(1).artifacts((1..=4).map(artifact)))
        .run(Run::new(2).artifacts((5..=6).map(artifact)));
    let fake = Fake::builder().token(crate::support::TOKEN).repo(repo);
    let fake = fake.start().await.unwrap();
    let ids = async |query: &str| get(&actions(&fake, query)).await.ids("artifacts");
    assert_eq!(ids("runs/1/artifacts").await, [4, 3, 2, 1]);
    assert_eq!(ids("runs/1/artifacts?direction=desc").await, [4, 3, 2, 1]);
    assert_eq!(ids("runs/1/artifacts?direction=asc").await, [1, 2, 3, 4]);
    assert_eq!(
        ids("runs/1/artifacts?direction=asc&per_page=3&page=2").await,
        [4]
    );
    assert_eq!(ids("runs/1/artifacts?name=n0").await, [4, 2]);
    assert_eq!(ids("runs/2/artifacts").await, [6, 5]);
    // The repository's list knows no direction.
    assert_eq!(ids("artifacts?direction=asc").await, [6, 5, 4, 3, 2, 1]);
    assert_eq!(get(&actions(&fake, "runs/3/artifacts")).await.status, 404);
}

#[tokio::test]
async fn jobs_of_the_latest_attempt_of_all_and_of_one() {
    let fake = seed().start().await.unwrap();
    let ids = async |path: &str| get(&actions(&fake, path)).await.ids("jobs");
    assert_eq!(ids("runs/1001/jobs").await, [51, 52, 53]);
    assert_eq!(ids("runs/1001/jobs?filter=latest").await, [51, 52, 53]);
    assert_eq!(ids("runs/1001/jobs?filter=all").await, [51, 52, 53, 41, 42]);
    assert_eq!(
        ids("runs/1001/jobs?filter=all&per_page=2&page=2").await,
        [53, 41]
    );
    assert_eq!(ids("runs/1001/attempts/1/jobs").await, [41, 42]);
    assert_eq!(
        ids("runs/1001/attempts/2/jobs?per_page=1&page=3").await,
        [53]
    );
    for missing in [
        "runs/1001/attempts/3/jobs",
        "runs/1002/jobs",
        "runs/x/jobs",
        "jobs/43",
    ] {
        assert_eq!(get(&actions(&fake, missing)).await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn jobs_say_how_far_they_are() {
    let fake = seed().start().await.unwrap();
    let job = async |id: i64| get(&actions(&fake, &format!("jobs/{id}"))).await.json();
    let failed = job(41).await;
    assert_eq!(
        (&failed["status"], &failed["conclusion"]),
        (&"completed".into(), &"failure".into())
    );
    assert_eq!(failed["run_attempt"], 1);
    assert_eq!(failed["workflow_name"], "docs");
    assert_eq!(failed["steps"].as_array().unwrap().len(), 3);
    let running = job(51).await;
    assert_eq!(running["status"], "in_progress");
    assert!(running["conclusion"].is_null() && running["completed_at"].is_null());
    assert_eq!(running["steps"][1]["status"], "in_progress");
    assert!(running["steps"][2]["started_at"].is_null());
    let queued = job(52).await;
    assert_eq!(queued["status"], "queued");
    assert!(queued["runner_id"].is_null());
    assert_eq!(job(53).await["conclusion"], "skipped");
}

#[tokio::test]
async fn deleting_answers_204_and_then_404() {
    let fake = many().await;
    let url = actions(&fake, "artifacts/9");
    let deleted = request(Method::DELETE, &url, &[BEARER]).await;
    assert_eq!((deleted.status, deleted.body.len()), (204, 0));
    assert_eq!(request(Method::DELETE, &url, &[BEARER]).await.status, 404);
    assert_eq!(get(&url).await.status, 404);
    assert_eq!(
        get(&actions(&fake, "artifacts")).await.json()["total_count"],
        249
    );
}

#[tokio::test]
async fn other_methods_and_paths_are_not_found() {
    let fake = many().await;
    for (method, path) in [
        (Method::POST, "artifacts"),
        (Method::DELETE, "artifacts"),
        (Method::GET, "nothing"),
        (Method::GET, "artifacts/abc"),
        (Method::GET, "artifacts/-1"),
        (Method::GET, "artifacts/1/tar"),
    ] {
        let reply = request(method, &actions(&fake, path), &[BEARER]).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.json()["message"], "Not Found");
    }
}

#[tokio::test]
async fn artifacts_of_another_repository_are_not_found() {
    let fake = Fake::builder()
        .token(crate::support::TOKEN)
        .repo(Repo::new("octo-org", "octo-docs").artifact(Artifact::zip("a", &[]).id(1)))
        .repo(Repo::new("octo-org", "other").artifact(Artifact::zip("b", &[]).id(2)));
    let fake = fake.start().await.unwrap();
    assert_eq!(get(&actions(&fake, "artifacts/1")).await.status, 200);
    assert_eq!(get(&actions(&fake, "artifacts/2")).await.status, 404);
    assert_eq!(get(&actions(&fake, "artifacts/2/zip")).await.status, 404);
}

#[tokio::test]
async fn enterprise_server_has_no_digests() {
    let fake = seed()
        .edition(Edition::EnterpriseServer)
        .start()
        .await
        .unwrap();
    assert!(fake.api_url().ends_with("/api/v3"));
    let artifact = get(&actions(&fake, "artifacts/11")).await;
    assert!(artifact.json().get("digest").is_none());
    assert_eq!(
        artifact.header("x-github-enterprise-version"),
        Some("enterprise-server@3.19.0")
    );
}
