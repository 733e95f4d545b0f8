//! Repositories that moved: followed at home, with credentials, and nowhere else.

use crate::support::*;
use gha_client::ErrorKind;
use gha_fake::{Fault, Match};

#[tokio::test]
async fn moves_at_the_apis_own_origin_are_followed() {
    for status in [301, 307, 308] {
        let fake = seeded().start().await.unwrap();
        fake.fault(
            Fault::redirect(
                status,
                format!("{}/repos/{REPO}/actions/artifacts/11?x=1", fake.api_url()),
            )
            .on(Match::any().path("/old/")),
        );
        let client = client(&fake);
        let moved = client.repo(OWNER, "old");
        let artifact = moved.get_artifact(ARTIFACT).send().await.unwrap();
        assert_eq!(artifact.name, "dist");
        let response = moved.delete_artifact(ARTIFACT).send().await.unwrap();
        assert_eq!(response.status(), 204, "the method is kept");
        let requests = fake.requests();
        assert_eq!(requests.len(), 4);
        for request in requests {
            assert!(request.header("authorization").is_some());
            assert!(request.header("x-github-api-version").is_some());
            assert!(request.header("referer").is_none());
        }
    }
}

#[tokio::test]
async fn renamed_repositories_answer_every_operation() {
    let fake = seeded().start().await.unwrap();
    fake.state(|state| state.rename_repo(REPO, "octo-org/renamed"))
        .unwrap();
    let client = client(&fake);
    assert_eq!(get(&client).send().await.unwrap().name, "dist");
    assert_eq!(list(&client).send().await.unwrap().total_count, 1);
    let archive = client.repo(OWNER, NAME).download_artifact(ARTIFACT);
    let url = archive.send().await.unwrap();
    assert_eq!(client.api().fetch(&url).await.unwrap().status(), 200);
    delete(&client, 11).send().await.unwrap();
    assert!(fake.artifact_ids("octo-org/renamed").unwrap().is_empty());
}

#[tokio::test]
async fn relative_moves_are_followed() {
    let fake = seeded().start().await.unwrap();
    let target = format!("/repos/{REPO}/actions/artifacts/11");
    fake.fault(Fault::redirect(301, target).once());
    assert_eq!(get(&client(&fake)).send().await.unwrap().name, "dist");
}

#[tokio::test]
async fn moves_that_cannot_be_followed_are_refused_with_a_reason() {
    let fake = seeded().start().await.unwrap();
    let elsewhere = seeded().start().await.unwrap();
    let other = elsewhere.api_url();
    let port = fake.api_url().rsplit(':').next().unwrap();
    for (target, reason) in [
        (format!("{other}/x"), "another origin"),
        (format!("https://127.0.0.1:{port}/x"), "another origin"),
        (format!("http://localhost:{port}/x"), "another origin"),
        ("//example.com/x".to_owned(), "another origin"),
        ("http://[broken".to_owned(), "no URL"),
        ("mailto:a@example.com".to_owned(), "another origin"),
        (format!("http://u:p4ss@127.0.0.1:{port}/x"), "credentials"),
    ] {
        fake.clear_faults();
        fake.clear_requests();
        fake.fault(Fault::redirect(301, &target));
        let error = get(&client(&fake)).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LinkRefused, "{target}");
        assert!(error.to_string().contains(reason), "{target}: {error}");
        assert!(!format!("{error:?} {error}").contains("p4ss"));
        assert_eq!(error.status().unwrap(), 301);
        assert_eq!(fake.requests().len(), 1);
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn a_move_in_circles_ends() {
    for status in [301, 307, 308] {
        let fake = seeded().start().await.unwrap();
        fake.fault(Fault::redirect_loop().with_status(status));
        let error = get(&client(&fake)).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LinkRefused);
        assert!(error.to_string().contains("in a row"), "{error}");
        assert_eq!(fake.requests().len(), 6);
    }
}

#[tokio::test]
async fn other_redirects_are_answers() {
    for status in [302, 303] {
        let fake = seeded().start().await.unwrap();
        fake.fault(Fault::redirect_loop().with_status(status));
        let error = get(&client(&fake)).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
        assert_eq!(fake.requests().len(), 1);
    }
}
