//! The generated client against a server of a few routes, through `gha-client`.

use std::error::Error;

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use gha_client::prelude::*;
use gha_client::{ErrorKind, Host};
use repo_client::{Client, types};

type Outcome = Result<(), Box<dyn Error>>;

/// A client of GitHub, and on top of it one of the description here: both share the token, the
/// retries, the limits and the connections.
fn client(url: &str) -> Result<Client, Box<dyn Error>> {
    let github = gha_client::builder()
        .host(Host::url(url)?)
        .token("t0ken")
        .build()?;
    Ok(Client::new(github.api().clone()))
}

#[tokio::test]
async fn a_path_keeps_its_slashes() -> Outcome {
    let repo = client(&server().await?)?.repo("octo-org", "octo-docs");

    let file = repo.get_content().path("src/größe.rs").send().await?;
    assert_eq!((&*file.path, file.size), ("src/größe.rs", 7));
    assert_eq!(file.type_, types::ContentType::File);

    let root = repo.get_content().send().await?;
    assert_eq!(root.type_, types::ContentType::Dir);
    assert_eq!(root.entries[0].path, "src");

    for elsewhere in [
        "../../octo-secrets/contents",
        "src/%2e%2e/a",
        "/src",
        "a//b",
        "a\\b",
    ] {
        let error = repo.get_content().path(elsewhere).send().await;
        assert_eq!(
            error.map(drop).map_err(|it| it.kind()),
            Err(ErrorKind::InvalidRequest)
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_list_is_a_stream() -> Outcome {
    let repo = client(&server().await?)?.repo("octo-org", "octo-docs");

    let mut branches = repo.list_branches().per_page(2).stream();
    let mut names = Vec::new();
    while let Some(branch) = branches.try_next().await? {
        names.push(branch.name);
    }
    assert_eq!(names, ["main", "next", "fix/a"]);
    Ok(())
}

#[tokio::test]
async fn a_redirect_is_a_download() -> Outcome {
    let repo = client(&server().await?)?.repo("octo-org", "octo-docs");

    let archive = repo.download_zipball("fix/a").download().await?;
    assert_eq!(archive.bytes(1024).await?, ARCHIVE);
    Ok(())
}

const ARCHIVE: &[u8] = b"all files of fix/a";

/// Serves on a port of its own, for as long as the test runs.
async fn server() -> Result<String, Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let repo = "/repos/octo-org/octo-docs";
    let archive = format!("{url}/archive?sig=s3cret");
    let routes = Router::new()
        .route(&format!("{repo}/contents"), get(root))
        .route(&format!("{repo}/contents/{{*path}}"), get(file))
        .route(&format!("{repo}/branches"), get(branches))
        .route(
            &format!("{repo}/zipball/fix/a"),
            get(async || (StatusCode::FOUND, [(header::LOCATION, archive)])),
        )
        .route("/archive", get(content));
    tokio::spawn(async { axum::serve(listener, routes).await });
    Ok(url)
}

async fn root() -> impl IntoResponse {
    json(
        r#"{"path": "", "type": "dir", "size": 0, "entries": [{"path": "src", "type": "dir", "size": 0}]}"#,
    )
}

async fn file(Path(path): Path<String>) -> impl IntoResponse {
    json(&format!(
        r#"{{"path": "{path}", "type": "file", "size": 7}}"#
    ))
}

async fn branches(RawQuery(query): RawQuery) -> impl IntoResponse {
    json(match query.as_deref() {
        Some("page=1&per_page=2" | "per_page=2") => {
            r#"[{"name": "main", "protected": true}, {"name": "next", "protected": false}]"#
        }
        _ => r#"[{"name": "fix/a", "protected": false}]"#,
    })
}

/// The token is for the API alone.
async fn content(headers: HeaderMap) -> impl IntoResponse {
    match headers.contains_key(header::AUTHORIZATION) {
        true => (StatusCode::BAD_REQUEST, &b"a token for a signed URL"[..]),
        false => (StatusCode::OK, ARCHIVE),
    }
}

fn json(text: &str) -> impl IntoResponse + use<> {
    (
        [(header::CONTENT_TYPE, "application/json")],
        text.to_owned(),
    )
}
