//! Tokens, versions, limits, and what every answer says.

use std::time::Duration;

use crate::support::{BEARER, actions, get, get_with, request, seed, send};
use gha_fake::{Artifact, Clock, Edition, Fake, Job, Repo, Run, Token};
use http::Method;

async fn public() -> Fake {
    let run = Run::new(1).job(Job::new(42));
    let repo = Repo::new("octo-org", "octo-docs").run(run);
    let repo = repo.artifact(Artifact::zip("dist", &[]).id(11));
    Fake::builder()
        .token("t0ken")
        .token(Token::new("reader").read_only())
        .token(Token::new("elsewhere").repo("octo-org/other"))
        .repo(repo)
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn public_repositories_are_read_without_a_token() {
    let fake = public().await;
    for path in ["artifacts", "artifacts/11", "runs/1/jobs", "jobs/42"] {
        assert_eq!(
            get_with(&actions(&fake, path), &[]).await.status,
            200,
            "{path}"
        );
    }
}

#[tokio::test]
async fn downloads_and_deletion_take_a_token() {
    let fake = public().await;
    let zip = get_with(&actions(&fake, "artifacts/11/zip"), &[]).await;
    assert_eq!(zip.status, 401);
    assert_eq!(zip.json()["message"], "Requires authentication");
    assert_eq!(zip.json()["status"], "401");
    assert_eq!(
        get_with(&actions(&fake, "jobs/42/logs"), &[]).await.status,
        403
    );
    let url = actions(&fake, "artifacts/11");
    assert_eq!(request(Method::DELETE, &url, &[]).await.status, 401);
    assert_eq!(get(&actions(&fake, "artifacts/11/zip")).await.status, 302);
}

#[tokio::test]
async fn bearer_and_token_are_accepted_and_nothing_else() {
    let fake = seed().start().await.unwrap();
    let url = actions(&fake, "artifacts/11");
    let status = async |value: &str| get_with(&url, &[("authorization", value)]).await.status;
    assert_eq!(status("Bearer t0ken").await, 200);
    assert_eq!(status("bearer t0ken").await, 200);
    assert_eq!(status("token t0ken").await, 200);
    for bad in [
        "Bearer other",
        "t0ken",
        "Basic dDB0b2tlbg==",
        "Bearer",
        "Bearer t0ken2",
    ] {
        let reply = get_with(&url, &[("authorization", bad)]).await;
        assert_eq!(reply.status, 401, "{bad}");
        assert_eq!(reply.json()["message"], "Bad credentials");
    }
}

#[tokio::test]
async fn private_repositories_do_not_exist_for_others() {
    let fake = seed()
        .token(Token::new("elsewhere").repo("octo-org/other"))
        .token(Token::new("here").repo("OCTO-ORG/octo-docs"))
        .start()
        .await
        .unwrap();
    let url = actions(&fake, "artifacts/11");
    assert_eq!(get_with(&url, &[]).await.status, 404);
    assert_eq!(
        get_with(&url, &[("authorization", "Bearer elsewhere")])
            .await
            .status,
        404
    );
    assert_eq!(
        get_with(&url, &[("authorization", "Bearer here")])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn deletion_takes_the_right_to_write() {
    let fake = public().await;
    let url = actions(&fake, "artifacts/11");
    for token in ["Bearer reader", "Bearer elsewhere"] {
        let reply = request(Method::DELETE, &url, &[("authorization", token)]).await;
        assert_eq!(reply.status, 403, "{token}");
    }
    assert_eq!(request(Method::DELETE, &url, &[BEARER]).await.status, 204);
}

#[tokio::test]
async fn versions_that_it_does_not_know_are_refused_with_those_that_it_does() {
    async fn check(fake: Fake, good: &[&str], bad: &[&str]) {
        let url = actions(&fake, "artifacts/11");
        for version in good {
            let reply = get_with(&url, &[BEARER, ("x-github-api-version", version)]).await;
            assert_eq!(reply.status, 200, "{version}");
            assert_eq!(
                reply.header("x-github-api-version-selected"),
                Some(*version)
            );
        }
        for version in bad {
            let reply = get_with(&url, &[BEARER, ("x-github-api-version", version)]).await;
            assert_eq!(reply.status, 400, "{version}");
            let message = reply.json()["message"].as_str().unwrap().to_owned();
            assert!(
                good.iter().all(|known| message.contains(known)),
                "{message}"
            );
        }
        let plain = get(&url).await;
        assert_eq!(
            plain.header("x-github-api-version-selected"),
            Some("2022-11-28")
        );
    }
    let github = seed().start().await.unwrap();
    check(github, &["2022-11-28", "2026-03-10"], &["2021-01-01", ""]).await;
    let server = seed().edition(Edition::EnterpriseServer);
    check(
        server.start().await.unwrap(),
        &["2022-11-28"],
        &["2026-03-10"],
    )
    .await;
    let own = seed().versions(["2030-01-01"]).start().await.unwrap();
    check(own, &["2030-01-01"], &["2022-11-28"]).await;
}

#[tokio::test]
async fn no_user_agent_no_answer() {
    let fake = public().await;
    let reply = send(Method::GET, &actions(&fake, "artifacts"), &[BEARER])
        .await
        .unwrap();
    assert_eq!(reply.status, 403);
    assert!(reply.text().contains("User-Agent"));
}

#[tokio::test]
async fn every_answer_has_githubs_headers() {
    let fake = seed().start().await.unwrap();
    let ok = get(&actions(&fake, "artifacts")).await;
    let missing = get(&actions(&fake, "artifacts/999")).await;
    let unauthorized = get_with(
        &actions(&fake, "artifacts"),
        &[("authorization", "Bearer no")],
    )
    .await;
    for reply in [&ok, &missing, &unauthorized] {
        assert_eq!(
            reply.header("x-github-media-type"),
            Some("github.v3; format=json")
        );
        for name in ["limit", "remaining", "reset", "used", "resource"] {
            let name = format!("x-ratelimit-{name}");
            assert!(reply.header(&name).is_some(), "{name}");
        }
    }
    let id =
        |reply: &crate::support::Reply| reply.header("x-github-request-id").unwrap().to_owned();
    assert_ne!(id(&ok), id(&missing));
}

#[tokio::test]
async fn the_rate_limit_counts_by_token_and_resets_by_the_clock() {
    let fake = seed()
        .token("second")
        .rate_limit(2)
        .clock(Clock::frozen_at(
            std::time::UNIX_EPOCH + Duration::from_secs(1_773_144_000),
        ))
        .start()
        .await
        .unwrap();
    let url = actions(&fake, "artifacts/11");
    let first = get(&url).await;
    assert_eq!(first.header("x-ratelimit-remaining"), Some("1"));
    assert_eq!(first.header("x-ratelimit-reset"), Some("1773147600"));
    assert_eq!(get(&url).await.header("x-ratelimit-remaining"), Some("0"));
    let refused = get(&url).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(refused.header("x-ratelimit-used"), Some("2"));
    assert!(
        refused.json()["message"]
            .as_str()
            .unwrap()
            .contains("rate limit")
    );
    assert_eq!(
        get_with(&url, &[("authorization", "Bearer second")])
            .await
            .status,
        200
    );

    // What goes wrong counts for who asked.
    fake.fault(gha_fake::Fault::status(502).once());
    let failed = get_with(&url, &[("authorization", "Bearer second")]).await;
    assert_eq!(failed.header("x-ratelimit-used"), Some("2"));

    fake.clock().advance(Duration::from_secs(3600));
    let again = get(&url).await;
    assert_eq!(
        (again.status, again.header("x-ratelimit-remaining")),
        (200, Some("1"))
    );
}

#[tokio::test]
async fn enterprise_server_has_no_limits_unless_told() {
    let fake = seed()
        .edition(Edition::EnterpriseServer)
        .start()
        .await
        .unwrap();
    let reply = get(&actions(&fake, "artifacts")).await;
    assert_eq!(reply.header("x-ratelimit-limit"), None);
}

#[tokio::test]
async fn two_things_with_one_id_are_refused() {
    let artifact = || Artifact::zip("a", &[]).id(1);
    let repo = || Repo::new("o", "r").id(5);
    for (repo, expected) in [
        (
            repo().artifact(artifact()).artifact(artifact()),
            "artifacts with id 1",
        ),
        (repo().run(Run::new(1)).run(Run::new(1)), "runs with id 1"),
        (
            repo().run(Run::new(1).job(Job::new(2)).job(Job::new(2))),
            "jobs with id 2",
        ),
        (repo().artifact(artifact().run(9)), "run 9"),
    ] {
        let error = Fake::builder().repo(repo).start().await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    for repo in [
        Repo::new("octo-org/octo-docs", ""),
        Repo::new("octo-org", "octo/docs"),
        Repo::new("octo-org", "octo-docs").formerly("old-docs"),
    ] {
        let error = Fake::builder().repo(repo).start().await.unwrap_err();
        assert!(error.to_string().contains("owner/name"), "{error}");
    }
    let twice = Fake::builder()
        .repo(repo())
        .repo(Repo::new("O", "R"))
        .start()
        .await;
    assert!(twice.unwrap_err().to_string().contains("two repositories"));
}
