//! What is not as GitHub's description says is refused.

use crate::support::{BEARER, actions, get, get_with, location, request, seed};
use gha_fake::{Edition, Fake};
use http::Method;

async fn status(fake: &Fake, path: &str) -> u16 {
    get(&actions(fake, path)).await.status
}

#[tokio::test]
async fn values_of_the_wrong_kind_are_invalid() {
    let fake = seed().start().await.unwrap();
    let integers = [
        "abc",
        "1.5",
        "1e2",
        "",
        "%20",
        "+7",
        "%2B7",
        "007",
        "0x10",
        "-0",
        "7%00",
        "%D9%A7",
        "9223372036854775808",
        "99999999999999999999999",
    ];
    for list in [
        "artifacts",
        "runs/1001/artifacts",
        "runs/1001/jobs",
        "runs/1001/attempts/1/jobs",
    ] {
        for name in ["page", "per_page", "p%61ge"] {
            for value in integers {
                let path = format!("{list}?{name}={value}");
                let reply = get(&actions(&fake, &path)).await;
                assert_eq!(reply.status, 422, "{path}");
                let json = reply.json();
                let message = json["message"].as_str().unwrap();
                assert!(message.contains("page"), "{message}");
                assert_eq!(json["status"], "422");
            }
            assert_eq!(status(&fake, &format!("{list}?{name}")).await, 422);
        }
    }
    for path in [
        "runs/1001/artifacts?direction=sideways",
        "runs/1001/artifacts?direction=",
        "runs/1001/artifacts?direction=ASC",
        "runs/1001/jobs?filter=nope",
        "runs/1001/jobs?filter=Latest",
    ] {
        assert_eq!(status(&fake, path).await, 422, "{path}");
    }
}

#[tokio::test]
async fn a_parameter_is_given_once() {
    let fake = seed().start().await.unwrap();
    for path in [
        "artifacts?page=1&page=1",
        "artifacts?per_page=5&name=a&per_page=6",
        "artifacts?name=dist&n%61me=dist",
        "runs/1001/artifacts?direction=asc&direction=desc",
        "runs/1001/jobs?filter=all&filter",
    ] {
        assert_eq!(status(&fake, path).await, 422, "{path}");
    }
}

#[tokio::test]
async fn what_an_operation_does_not_know_is_ignored() {
    let fake = seed().start().await.unwrap();
    for path in [
        "artifacts?direction=sideways&filter=nope",
        "artifacts?colour=red&colour=blue&&",
        "artifacts/11?page=x&per_page=x&page=y",
        "runs/1001/attempts/1/jobs?filter=nope&name=a&name=b",
        "artifacts?PAGE=x",
    ] {
        assert_eq!(status(&fake, path).await, 200, "{path}");
    }
}

#[tokio::test]
async fn broken_escapes_are_a_bad_request() {
    let fake = seed().start().await.unwrap();
    for query in ["name=%", "name=%4", "name=%zz", "name=%ff", "x%=1", "%C3=1"] {
        let reply = get(&actions(&fake, &format!("artifacts?{query}"))).await;
        assert_eq!(reply.status, 400, "{query}");
        assert_eq!(reply.json()["message"], "Bad Request");
    }
}

#[tokio::test]
async fn an_empty_name_is_no_artifacts() {
    let fake = seed().start().await.unwrap();
    for query in ["name", "name="] {
        let reply = get(&actions(&fake, &format!("artifacts?{query}"))).await;
        assert_eq!(reply.json()["total_count"], 0, "{query}");
    }
}

#[tokio::test]
async fn an_id_is_written_in_one_way() {
    let fake = seed().start().await.unwrap();
    for id in [
        "011",
        "+11",
        "-11",
        "11.0",
        "0xb",
        "11%20",
        "%2011",
        "1%2F1",
        "11;a",
        "9223372036854775819",
        "..",
        "%2e%2e",
        "%00",
    ] {
        assert_eq!(status(&fake, &format!("artifacts/{id}")).await, 404, "{id}");
    }
    for path in [
        "runs/01001/jobs",
        "runs/1001/attempts/01/jobs",
        "jobs/042",
        "artifacts/11/ZIP",
        "artifacts/11/zip/",
        "artifacts/",
        "artifacts//11",
        "artifacts/./11",
        "artifacts%2F11",
        "%61rtifacts/11",
    ] {
        assert_eq!(status(&fake, path).await, 404, "{path}");
    }
    // An escape of what needs none is the same to HTTP.
    assert_eq!(status(&fake, "artifacts/%31%31").await, 200);
}

#[tokio::test]
async fn a_repository_is_named_by_two_segments() {
    let fake = seed().start().await.unwrap();
    let api = fake.api_url();
    for path in [
        "//repos/octo-org/octo-docs/actions/artifacts",
        "/repos//octo-org/octo-docs/actions/artifacts",
        "/repos/octo-org%2Focto-docs/actions/artifacts",
        "/repos/octo-org%2Focto-docs/x/actions/artifacts",
        "/repos/octo-org/octo-docs.git/actions/artifacts",
        "/repos/octo-org/octo-docs%20/actions/artifacts",
        "/repos/octo-org/%2e%2e/octo-docs/actions/artifacts",
        "/repos/octo-org/octo-docs/actions/artifacts/",
        "/REPOS/octo-org/octo-docs/actions/artifacts",
        "/repositories/01296269/actions/artifacts",
        "/repositories/x/actions/artifacts",
    ] {
        assert_eq!(get(&format!("{api}{path}")).await.status, 404, "{path}");
    }
    let by_id = "/repositories/1296269/actions/artifacts";
    assert_eq!(get(&format!("{api}{by_id}")).await.status, 200);
}

#[tokio::test]
async fn each_edition_has_one_prefix() {
    let path = "/repos/octo-org/octo-docs/actions/artifacts";
    let github = seed().start().await.unwrap();
    let prefixed = format!("{}/api/v3{path}", github.api_url());
    let reply = get(&prefixed).await;
    assert_eq!(
        (reply.status, &reply.json()["message"]),
        (404, &"Not Found".into())
    );

    let server = seed().edition(Edition::EnterpriseServer);
    let server = server.start().await.unwrap();
    let api = server.api_url();
    let host = api.strip_suffix("/api/v3").unwrap();
    assert_eq!(get(&format!("{api}{path}")).await.status, 200);
    assert_eq!(get(&format!("{api}/api/v3{path}")).await.status, 404);
    assert_eq!(get(&format!("{host}/api/v3repos/x")).await.status, 404);
    // Everything else is the website's.
    let page = get(&format!("{host}{path}")).await;
    assert_eq!(page.status, 404);
    assert!(
        page.text().starts_with("<!DOCTYPE html>"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn other_methods_are_not_found_and_head_has_no_body() {
    let fake = seed().start().await.unwrap();
    let url = actions(&fake, "artifacts/11");
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::OPTIONS] {
        let reply = request(method.clone(), &url, &[BEARER]).await;
        assert_eq!(reply.status, 404, "{method}");
    }
    let whole = get(&actions(&fake, "artifacts")).await;
    let head = request(Method::HEAD, &actions(&fake, "artifacts"), &[BEARER]).await;
    assert_eq!((head.status, head.length()), (200, whole.length()));
    assert!(head.body.is_empty());
    let zip = actions(&fake, "artifacts/11/zip");
    let head = request(Method::HEAD, &zip, &[BEARER]).await;
    assert_eq!((head.status, head.body.len()), (302, 0));
    assert!(head.header("location").is_some());
}

#[tokio::test]
async fn a_client_accepts_json() {
    let fake = seed().start().await.unwrap();
    let url = actions(&fake, "artifacts/11");
    let status = async |accept| get_with(&url, &[BEARER, ("accept", accept)]).await.status;
    for accept in [
        "*/*",
        "application/json",
        "Application/JSON",
        "application/vnd.github+json",
        "application/vnd.github.v3.raw+json",
        "text/html, application/*;q=0.8",
    ] {
        assert_eq!(status(accept).await, 200, "{accept}");
    }
    for accept in [
        "",
        "text/html",
        "application/zip",
        "application/octet-stream",
    ] {
        assert_eq!(status(accept).await, 415, "{accept}");
    }
}

#[tokio::test]
async fn a_header_that_is_no_list_is_given_once() {
    let fake = seed().start().await.unwrap();
    let url = actions(&fake, "artifacts/11");
    for (name, value) in [
        BEARER,
        ("user-agent", "test"),
        ("x-github-api-version", "2022-11-28"),
        ("host", "localhost"),
    ] {
        let reply = get_with(&url, &[BEARER, (name, value), (name, value)]).await;
        assert_eq!(reply.status, 400, "{name}");
        assert!(reply.text().contains(name), "{}", reply.text());
    }
    let lists = [
        BEARER,
        ("accept", "text/html"),
        ("accept", "application/json"),
    ];
    assert_eq!(get_with(&url, &lists).await.status, 200);

    let blob = location(&fake, "artifacts/11/zip").await;
    let range = ("range", "bytes=0-0");
    assert_eq!(get_with(&blob, &[range]).await.status, 206);
    assert_eq!(get_with(&blob, &[range, range]).await.status, 400);
}
