//! What the generated client sends, to a server that answers by method and path.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]

use forge::types::{Dispatch, DispatchMode, Rerun, RerunMode, SearchAge, Trigger};
use forge::{Client, operations};
use gha_core::{ErrorKind, Paginated as _, Redirected as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Answers one request after the other, and gives back what it was sent.
async fn server(answers: &[(&str, &str)]) -> (Client, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answers: Vec<_> = answers
        .iter()
        .map(|(head, body)| {
            let length = body.len();
            format!(
                "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            )
        })
        .collect();
    let serving = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = String::new();
            while !is_whole(&request) {
                let mut buffer = [0; 4096];
                let read = stream.read(&mut buffer).await.unwrap();
                request.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
            }
            requests.push(request);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        requests
    });
    let api = gha_core::plain(&url).token("t0ken").build().unwrap();
    (Client::new(api), serving)
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

/// The first line of a request, and its body.
fn essence(request: &str) -> (&str, &str) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let line = head.lines().next().unwrap();
    (line.strip_suffix(" HTTP/1.1").unwrap(), body)
}

#[tokio::test]
async fn what_must_be_given_are_arguments_and_the_rest_are_setters() {
    let (client, serving) = server(&[
        ("204 No Content", ""),
        ("204 No Content", ""),
        ("200 OK", "{}"),
        ("200 OK", "{}"),
        ("201 Created", "{}"),
        ("201 Created", "{}"),
    ])
    .await;
    let octo = client.owner("octo");
    let least = Dispatch::new(DispatchMode::Fast, "main");
    octo.dispatch("ci.yml", least.clone()).send().await.unwrap();
    let more = least.labels(["a", "b"]).note("why not").dry(false);
    let dispatch = octo.dispatch(7, more).x_reason("a test");
    dispatch.send().await.unwrap();

    client.search(5, "größe & co").send().await.unwrap();
    let search = client.search(5, String::from("x")).kind("issues");
    let search = search.tags(["a", "b c"]).type_(SearchAge::Old);
    search.send().await.unwrap();

    let run = client.run_of("octo", 9);
    run.rerun().send().await.unwrap();
    let failed = Rerun::new().mode(RerunMode::Failed);
    run.rerun().body(failed).send().await.unwrap();

    let requests = serving.await.unwrap();
    let sent: Vec<_> = requests.iter().map(|request| essence(request)).collect();
    // What is left out has the default that the server gives it.
    assert_eq!(
        sent,
        [
            (
                "PUT /repos/octo/workflows/ci.yml/dispatches",
                r#"{"mode":"fast","ref":"main"}"#
            ),
            (
                "PUT /repos/octo/workflows/7/dispatches",
                r#"{"dry":false,"labels":["a","b"],"mode":"fast","note":"why not","ref":"main"}"#
            ),
            ("GET /search/code?after=5&q=gr%C3%B6%C3%9Fe+%26+co", ""),
            (
                "GET /search/issues?after=5&q=x&tags=a&tags=b+c&type=old",
                ""
            ),
            ("POST /repos/octo/runs/9/rerun", ""),
            ("POST /repos/octo/runs/9/rerun", r#"{"mode":"failed"}"#),
        ]
    );
    assert!(!requests[0].contains("x-reason"));
    assert!(requests[1].contains("\r\nx-reason: a test\r\n"));
    let json = "content-type: application/json";
    let with_body: Vec<_> = requests.iter().map(|it| it.contains(json)).collect();
    assert_eq!(with_body, [true, true, false, false, false, true]);
}

#[tokio::test]
async fn slashes_of_a_path_stay_and_lead_nowhere_else() {
    let (client, serving) = server(&[
        ("200 OK", "{}"),
        ("200 OK", "{}"),
        ("204 No Content", ""),
        ("204 No Content", ""),
    ])
    .await;
    let content = client.get_content();
    content
        .clone()
        .path("src/größe #1.rs")
        .send()
        .await
        .unwrap();
    content.clone().send().await.unwrap();
    client.unprotect("fix/a%2d").send().await.unwrap();
    for hostile in [
        "..",
        "a/../b",
        "a/%2e%2E/b",
        "a\\b",
        "a/%5c",
        "/a",
        "a/",
        "a//b",
        "a%2fb",
        ".",
        "a/\n",
    ] {
        let error = content.clone().path(hostile).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{hostile:?}");
        assert!(error.to_string().contains("`path`"), "{error}");
        let error = client.unprotect(hostile).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{hostile:?}");
    }
    // In the middle of a path nothing may be missing, whatever the default.
    let error = client.unprotect("").send().await.unwrap_err();
    assert_eq!(error.to_string(), "unprotect: `branch` is empty");
    client.unprotect("main").send().await.unwrap();

    let requests = serving.await.unwrap();
    let lines: Vec<_> = requests.iter().map(|it| essence(it).0).collect();
    assert_eq!(
        lines,
        [
            "GET /contents/src/gr%C3%B6%C3%9Fe%20%231.rs",
            "GET /contents",
            "DELETE /branches/fix/a%252d/protection",
            "DELETE /branches/main/protection",
        ]
    );
}

#[tokio::test]
async fn a_bare_array_is_a_page() {
    let releases = r#"[{"id": 1, "title": "One", "description": null, "author": null}]"#;
    let (client, serving) = server(&[("200 OK", releases)]).await;
    let list = client.owner("octo").list_releases();
    let page = list.with_page(3).send_page().await.unwrap();
    assert_eq!((page.total_count, page.items.len()), (None, 1));
    assert_eq!(operations::ListReleases::item_id(&page.items[0]), Some(1));
    let requests = serving.await.unwrap();
    assert_eq!(essence(&requests[0]).0, "GET /repos/octo/releases?page=3");
}

#[tokio::test]
async fn a_composition_is_read_as_one() {
    let run = r#"{
        "id": 9, "status": "paused", "actor": {"login": "mona", "manager": {"login": "hubot"}},
        "trigger": {"branch": "main"}, "tree": {"children": [{"labels": {"a": "b"}}]}
    }"#;
    let (client, _serving) = server(&[("200 OK", run)]).await;
    let run = client.run_of("octo", 9).get_run().send().await.unwrap();
    assert_eq!(run.status.as_ref().unwrap().as_str(), "paused");
    let actor = run.actor.as_ref().unwrap();
    assert_eq!(actor.manager.as_ref().unwrap().login, "hubot");
    assert!(matches!(&run.trigger, Trigger::Push(push) if push.branch == "main"));
    assert_eq!(run.tree.children[0].labels["a"], "b");
}

#[tokio::test]
async fn a_redirect_that_is_missing_is_explained() {
    let run = r#"{"id": 9, "status": null, "actor": null, "trigger": {"cron": "x"}, "tree": {}}"#;
    let (client, serving) = server(&[
        (
            "302 Found\r\nlocation: http://127.0.0.1/logs?sig=s3cret",
            "",
        ),
        ("404 Not Found", ""),
        ("200 OK", run),
    ])
    .await;
    let logs = client.run_of("octo", 9).download_logs();
    let url = logs.clone().send_redirect().await.unwrap();
    assert_eq!(url.expose(), "http://127.0.0.1/logs?sig=s3cret");
    let error = logs.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LogNotReady);
    assert_eq!(
        error.to_string(),
        "download_logs: GET /repos/octo/runs/9/logs: 404 Not Found: run 9 has no logs"
    );
    let requests = serving.await.unwrap();
    assert_eq!(essence(&requests[2]).0, "GET /repos/octo/runs/9");
}

#[tokio::test]
async fn an_argument_that_cannot_stand_in_a_path_is_an_error_of_the_call() {
    let (client, _serving) = server(&[]).await;
    for call in [
        client.owner("..").list_releases().send().await.map(drop),
        client.search(1, "q").kind("a/b").send().await.map(drop),
        client.run_of("", 1).get_run().send().await.map(drop),
    ] {
        assert_eq!(call.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}
