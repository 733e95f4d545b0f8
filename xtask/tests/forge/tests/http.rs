//! What the generated client sends, to a server that answers by method and path.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]

use forge::types::{
    Dispatch, DispatchMode, Latest, Markdown, PutSecretAnswer, Rerun, RerunMode, SearchAge,
    SetLogoAnswer, Trigger,
};
use forge::{Client, operations};
use gha_client::download::RedirectedExt as _;
use gha_client::pagination::PaginatedExt as _;
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
            let length = match head.contains("content-length: ") {
                true => String::new(),
                false => format!("content-length: {}\r\n", body.len()),
            };
            format!("HTTP/1.1 {head}\r\nconnection: close\r\n{length}\r\n{body}")
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

/// The same with a transport that retries and follows moves.
async fn followed(answers: &[(&str, &str)]) -> (Client, JoinHandle<Vec<String>>) {
    let (client, serving) = server(answers).await;
    let host = gha_client::Host::url(client.api().base_url().as_str()).unwrap();
    let followed = gha_client::builder().host(host).token("t0ken");
    (
        Client::new(followed.build().unwrap().api().clone()),
        serving,
    )
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
    let more = least.clone().labels(["a", "b"]).note("why not").dry(false);
    let dispatch = octo.dispatch(7, more.clone()).x_reason("a test");
    dispatch.send().await.unwrap();
    let no_note = more.clear_note();
    octo.dispatch(8, no_note.clone()).send().await.unwrap();
    for dispatch in [least, no_note] {
        let written = serde_json::to_string(&dispatch).unwrap();
        assert_eq!(
            serde_json::from_str::<Dispatch>(&written).unwrap(),
            dispatch
        );
    }

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
            (
                "PUT /repos/octo/workflows/8/dispatches",
                r#"{"dry":false,"labels":["a","b"],"mode":"fast","note":null,"ref":"main"}"#
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
    assert_eq!(with_body, [true, true, true, false, false, false, true]);
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
async fn a_content_that_is_not_there_yet_is_no_content() {
    let (client, _serving) = followed(&[("202 Accepted", ""), ("202 Accepted", "{}")]).await;
    let octo = client.owner("octo");
    let redirect = client.run_of("octo", 9).download_logs().send().await;
    let content = octo.get_asset(7).download().await.map(drop);
    for error in [redirect.unwrap_err(), content.unwrap_err()] {
        assert_eq!(error.status().map(|it| it.as_u16()), Some(202));
        assert!(error.to_string().contains("is not there yet"), "{error}");
    }
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

const RELEASE: &str = r#"{"id": 1, "title": "One", "description": null, "author": null}"#;

#[tokio::test]
async fn several_answers_are_an_enum_by_status() {
    let list = format!("[{RELEASE}]");
    let (client, serving) = server(&[
        ("201 Created", "{}"),
        ("204 No Content", ""),
        ("200 OK", RELEASE),
        ("202 Accepted", "soon"),
        ("205 Reset Content", ""),
        ("206 Partial Content", &list),
        ("303 See Other\r\nlocation: /elsewhere", ""),
        ("200 OK\r\ncontent-type: text/plain", "set"),
        ("204 No Content", ""),
    ])
    .await;
    let octo = client.owner("octo");
    let put = octo.put_secret("KEY");
    let made = put.clone().send().await.unwrap();
    assert_eq!(made.status(), 201);
    assert!(matches!(&*made, PutSecretAnswer::Created(body) if body.is_empty()));
    let changed = put.send().await.unwrap();
    assert_eq!(changed.into_inner(), PutSecretAnswer::NoContent);

    let latest = octo.latest_release();
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(latest.clone().send().await.unwrap().into_inner());
    }
    assert!(matches!(&answers[0], Latest::Ok(release) if release.title == "One"));
    assert_eq!(answers[1], Latest::Accepted("soon".to_owned()));
    assert_eq!(answers[2], Latest::ResetContent);
    assert!(matches!(&answers[3], Latest::Status2XX(releases) if releases.len() == 1));
    assert_eq!(answers[4], Latest::SeeOther);

    for expected in [
        SetLogoAnswer::Ok("set".to_owned()),
        SetLogoAnswer::NoContent,
    ] {
        let set = client.set_logo("PNG").send().await.unwrap();
        assert_eq!(set.into_inner(), expected);
    }
    let requests = serving.await.unwrap();
    assert_eq!(essence(&requests[0]).0, "PUT /repos/octo/secrets/KEY");
    assert!(requests[2].contains("\r\naccept: application/vnd.github+json\r\n"));
}

#[tokio::test]
async fn a_status_that_nobody_described_is_an_error_that_says_so() {
    let (client, _serving) = server(&[
        ("200 OK", "{}"),
        ("302 Found\r\nlocation: /login", ""),
        ("404 Not Found", "{}"),
        ("202 Accepted\r\ncontent-type: text/html", "<html>"),
    ])
    .await;
    let octo = client.owner("octo");
    let put = octo.put_secret("KEY");
    let error = put.clone().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
    let text = error.to_string();
    assert!(text.contains("200 OK"), "{text}");
    assert!(text.contains("the operation has no such success"), "{text}");
    let error = put.clone().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
    assert!(put.send().await.unwrap_err().is_not_found());
    let error = octo.latest_release().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("an HTML page"), "{error}");
}

#[tokio::test]
async fn a_body_of_several_that_ends_early_is_asked_for_once_more() {
    let (client, serving) = server(&[("201 Created", "{"), ("201 Created", "{}")]).await;
    let put = client.owner("octo").put_secret("KEY").send();
    assert!(matches!(
        put.await.unwrap().into_inner(),
        PutSecretAnswer::Created(_)
    ));
    assert_eq!(serving.await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_question_is_answered_with_yes_or_no_by_the_api_alone() {
    let said = r#"{"message": "Not Found", "documentation_url": "https://docs.example.com"}"#;
    let page = "<!doctype html><title>Not here</title>";
    let (client, serving) = followed(&[
        ("204 No Content", ""),
        ("404 Not Found", said),
        ("404 Not Found\r\nx-github-request-id: A1:B2", ""),
        ("404 Not Found\r\nx-github-request-id: A1:B2", "{}"),
        ("302 Found\r\nlocation: /public/octo/stars/it", ""),
        ("204 No Content", ""),
        ("404 Not Found\r\ncontent-type: text/html", page),
        ("404 Not Found", ""),
        ("404 Not Found", "{}"),
        ("200 OK", "{}"),
        ("302 Found\r\nlocation: http://127.0.0.2/login", ""),
    ])
    .await;
    let check = client.owner("octo").check_star("it");
    for expected in [true, false, false, false, true] {
        let answer = check.clone().send().await.unwrap();
        assert_eq!(answer.into_inner(), expected);
    }
    for kind in [
        ErrorKind::NotFound,
        ErrorKind::NotFound,
        ErrorKind::NotFound,
        ErrorKind::UnexpectedStatus,
        ErrorKind::LinkRefused,
    ] {
        assert_eq!(check.clone().send().await.unwrap_err().kind(), kind);
    }
    let requests = serving.await.unwrap();
    assert_eq!(essence(&requests[5]).0, "GET /public/octo/stars/it");
    assert!(requests[5].contains("\r\nauthorization: Bearer t0ken\r\n"));
}

#[tokio::test]
async fn text_and_bytes_are_what_the_body_is() {
    let (client, serving) = server(&[
        (
            "200 OK\r\ncontent-type: text/html;charset=utf-8",
            "<p>größe</p>",
        ),
        ("200 OK\r\ncontent-type: image/png", "\u{89}PNG"),
        ("200 OK\r\ncontent-type: text/html", "<html>sign in</html>"),
        ("404 Not Found", ""),
    ])
    .await;
    let rendered = client.render_markdown(Markdown::new("größe")).send();
    assert_eq!(rendered.await.unwrap().into_inner(), "<p>größe</p>");
    let logo = client.logo().send().await.unwrap();
    assert_eq!(&logo[..], "\u{89}PNG".as_bytes());
    let error = client.logo().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        error.to_string().contains("in place of image/png"),
        "{error}"
    );
    assert!(client.logo().send().await.unwrap_err().is_not_found());
    let requests = serving.await.unwrap();
    assert!(requests[0].contains("\r\naccept: text/html\r\n"));
    assert_eq!(essence(&requests[0]).1, r#"{"text":"größe"}"#);
    assert!(requests[1].contains("\r\naccept: image/png\r\n"));
}

#[tokio::test]
async fn what_is_said_of_a_content_is_json_and_the_content_is_a_download() {
    // More than a call may answer with.
    let large = "x".repeat(33 * 1024 * 1024);
    let octets = "200 OK\r\ncontent-type: application/octet-stream";
    let (client, serving) = followed(&[
        ("200 OK", RELEASE),
        ("302 Found\r\nlocation: /blob?sig=s3cret", ""),
        ("200 OK", "elsewhere"),
        (octets, "at once"),
        (octets, &large),
        ("503 Service Unavailable", ""),
        (&format!("{octets}\r\ncontent-length: 9"), "brok"),
        (octets, "unbroken!"),
        ("302 Found\r\nlocation: /blob?sig=s3cret", ""),
        (octets, "at once"),
    ])
    .await;
    let asset = client.owner("octo").get_asset(7);
    assert_eq!(asset.clone().send().await.unwrap().title, "One");
    for expected in ["elsewhere", "at once", &large, "unbroken!"] {
        let content = asset.clone().download().await.unwrap();
        assert_eq!(content.content_length(), Some(expected.len() as u64));
        let content = content.bytes(expected.len()).await.unwrap();
        assert!(content == expected);
    }
    let url = asset.clone().send_redirect().await.unwrap();
    assert!(url.expose().ends_with("/blob?sig=s3cret"));
    let error = asset.send_redirect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
    let requests = serving.await.unwrap();
    let accepts = |request: &str, form: &str| request.contains(&format!("\r\naccept: {form}\r\n"));
    assert!(accepts(&requests[0], "application/vnd.github+json"));
    for (index, request) in requests.iter().enumerate().skip(1) {
        let is_blob = index == 2;
        assert_eq!(
            accepts(request, "application/octet-stream"),
            !is_blob,
            "{request}"
        );
        assert_eq!(
            request.contains("\r\nauthorization: Bearer t0ken\r\n"),
            !is_blob
        );
        assert!(request.contains("\r\naccept-encoding: identity\r\n") || index > 7);
    }
}

#[tokio::test]
async fn a_transport_that_only_calls_opens_contents_as_well() {
    let (client, _serving) = server(&[
        ("200 OK", "at once"),
        ("302 Found\r\nlocation: /blob?sig=s3cret", ""),
        ("200 OK", "elsewhere"),
    ])
    .await;
    let asset = client.owner("octo").get_asset(7);
    for expected in ["at once", "elsewhere"] {
        let content = asset.clone().download().await.unwrap();
        assert_eq!(content.text(1024).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn what_is_no_content_is_not_taken_for_one() {
    let json = "200 OK\r\ncontent-type: application/json";
    let (client, _serving) = followed(&[
        (
            &format!("{json}\r\nx-github-media-type: github.v3; format=json"),
            RELEASE,
        ),
        ("200 OK\r\ncontent-type: text/html", "<html>sign in</html>"),
        ("200 OK\r\ncontent-encoding: gzip", "what?"),
        ("206 Partial Content", "a part"),
        ("404 Not Found", ""),
        // A file may well be JSON, or a page.
        (json, RELEASE),
        (
            "200 OK\r\ncontent-type: text/html\r\nx-github-request-id: A1:B2",
            "<html>",
        ),
    ])
    .await;
    let asset = client.owner("octo").get_asset(7);
    for (kind, message) in [
        (
            ErrorKind::Decode,
            "JSON came in place of application/octet-stream",
        ),
        (ErrorKind::Decode, "an HTML page"),
        (ErrorKind::Decode, "has the encoding"),
        (ErrorKind::UnexpectedStatus, "206"),
        (ErrorKind::NotFound, "/repos/octo/assets/7"),
    ] {
        let error = asset.clone().download().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.to_string().starts_with("get_asset: "), "{error}");
    }
    for expected in [RELEASE, "<html>"] {
        let content = asset.clone().download().await.unwrap();
        assert_eq!(content.bytes(1024).await.unwrap(), expected);
    }
}

/// A page of events with these ids.
fn events(ids: impl IntoIterator<Item = i64>, total: Option<i64>) -> String {
    let one = |id| format!(r#"{{"id": {id}, "title": "", "description": null}}"#);
    let events: Vec<_> = ids.into_iter().map(one).collect();
    let total = total.map_or_else(|| "null".to_owned(), |total| total.to_string());
    format!(
        r#"{{"total_count": {total}, "events": [{}]}}"#,
        events.join(",")
    )
}

fn linked(links: &str) -> String {
    format!("200 OK\r\nlink: {links}")
}

#[tokio::test]
async fn a_list_with_cursors_is_a_stream() {
    let (client, serving) = followed(&[
        // GitHub names resources by their ids in links, and leaves an empty `before`.
        (
            &linked(r#"<https://api.github.com/repositories/1/events?per_page=100&after=a%2B1%3D&before=>; rel="next""#),
            &events([5, 4], Some(4)),
        ),
        // A page without anything new ends nothing, nor does one that overlaps with the one before.
        (&linked(r#"</events?after=b>; rel="next", </events>; rel="first""#), &events([], Some(4))),
        (&linked(r#"</events?after=c>; rel="next""#), &events([4, 3], Some(4))),
        (&linked(r#"</events?before=b>; rel="prev""#), &events([2], Some(3))),
    ])
    .await;
    let mut pages = client.owner("octo").list_events().before("z").pages();
    let mut found = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        let ids: Vec<_> = page.items.iter().map(|event| event.id).collect();
        let at = page.cursor.get("after").or(page.cursor.get("before"));
        found.push((page.number, at.map(str::to_owned), page.total_count, ids));
    }
    let at = |name: &str| Some(name.to_owned());
    assert_eq!(
        found,
        [
            (1, at("z"), Some(4), vec![5, 4]),
            (2, at("a+1="), Some(4), vec![]),
            (3, at("b"), Some(4), vec![3]),
            (4, at("c"), Some(3), vec![2]),
        ]
    );
    let requests = serving.await.unwrap();
    let sent: Vec<_> = requests.iter().map(|request| essence(request).0).collect();
    assert_eq!(
        sent,
        [
            "GET /repos/octo/events?before=z&per_page=100",
            "GET /repos/octo/events?after=a%2B1%3D&per_page=100",
            "GET /repos/octo/events?after=b&per_page=100",
            "GET /repos/octo/events?after=c&per_page=100",
        ]
    );
    assert!(
        requests
            .iter()
            .all(|it| it.contains("\r\nauthorization: Bearer t0ken\r\n"))
    );
}

#[tokio::test]
async fn a_list_with_numbers_goes_on_from_a_cursor_that_it_is_given() {
    let release = r#"[{"id": 1, "title": "One", "description": null, "author": null}]"#;
    let releases = |head: &str| (linked(head), release.to_owned());
    let answers = [
        releases(r#"</releases?page=2>; rel="next""#),
        ("200 OK".to_owned(), "[]".to_owned()),
        releases(r#"</releases?after=b&page=2>; rel="next""#),
        ("200 OK".to_owned(), "[]".to_owned()),
    ];
    let answers: Vec<_> = answers
        .iter()
        .map(|(head, body)| (&**head, &**body))
        .collect();
    let (client, serving) = followed(&answers).await;
    let list = client.owner("octo").list_releases();
    assert_eq!(list.clone().all().await.unwrap().len(), 1);
    assert_eq!(list.page(3).after("a").all().await.unwrap().len(), 1);
    let requests = serving.await.unwrap();
    let lines: Vec<_> = requests.iter().map(|it| essence(it).0).collect();
    assert_eq!(
        lines,
        [
            "GET /repos/octo/releases?page=1&per_page=100",
            "GET /repos/octo/releases?page=2&per_page=100",
            "GET /repos/octo/releases?after=a&per_page=100",
            "GET /repos/octo/releases?after=b&per_page=100",
        ]
    );
}

#[tokio::test]
async fn an_array_leads_on_by_the_last_id() {
    let (client, serving) = followed(&[
        (
            &linked(r#"</users?since=46>; rel="next", </users{?since}>; rel="first""#),
            r#"["a"]"#,
        ),
        ("200 OK", r#"["b"]"#),
    ])
    .await;
    let users = client.list_users().stream().prefetch(8);
    let mut users = std::pin::pin!(users);
    assert_eq!(users.try_next().await.unwrap().unwrap(), "a");
    assert_eq!(users.try_next().await.unwrap().unwrap(), "b");
    assert_eq!(users.try_next().await.unwrap(), None);
    let requests = serving.await.unwrap();
    let sent: Vec<_> = requests.iter().map(|request| essence(request).0).collect();
    assert_eq!(sent, ["GET /users", "GET /users?since=46"]);
}

#[tokio::test]
async fn cursors_that_lead_nowhere_end_with_an_error() {
    let next = |cursor: &str| linked(&format!("</events?{cursor}>; rel=next"));
    let one = events([1], None);
    for (answers, message) in [
        (
            vec![
                (next("after=a"), one.clone()),
                (next("after=b"), one.clone()),
                (next("after=a"), one.clone()),
            ],
            "back to a page that was read before",
        ),
        (
            vec![(next("after=z"), one.clone())],
            "back to a page that was read before",
        ),
        (vec![(next("page=2"), one.clone())], "has no cursor"),
        (vec![(next("after="), one.clone())], "has no cursor"),
    ] {
        let answers: Vec<_> = answers
            .iter()
            .map(|(head, body)| (&**head, &**body))
            .collect();
        let (client, serving) = followed(&answers).await;
        let events = client.owner("octo").list_events().after("z");
        let error = events.all().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Pagination, "{error}");
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.to_string().starts_with("list_events: "), "{error}");
        assert_eq!(serving.await.unwrap().len(), answers.len());
    }
    let (client, _serving) = followed(&[(&linked("</users?since=x>; rel=next"), "[]")]).await;
    let error = client.list_users().all().await.unwrap_err();
    assert!(error.to_string().contains("does not take"), "{error}");
}

#[tokio::test]
async fn pages_that_bring_nothing_new_end_with_an_error() {
    let heads: Vec<_> = (0..18)
        .map(|n| linked(&format!("</events?after={n}>; rel=next")))
        .collect();
    let body = events([1], None);
    let answers: Vec<_> = heads.iter().map(|head| (&**head, &*body)).collect();
    let (client, _serving) = followed(&answers).await;
    let error = client.owner("octo").list_events().all().await.unwrap_err();
    assert!(error.to_string().contains("nothing new"), "{error}");
}

#[tokio::test]
async fn links_that_a_proxy_dropped_are_missed_where_a_total_tells() {
    let (client, _serving) = followed(&[
        ("200 OK", &events(0..100, Some(101))),
        ("200 OK", &events(0..2, Some(2))),
        // From a later page on, nobody can count.
        ("200 OK", &events(0..2, Some(9))),
    ])
    .await;
    let events = client.owner("octo").list_events();
    let error = events.clone().all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(error.to_string().contains("101 items"), "{error}");
    assert_eq!(events.clone().all().await.unwrap().len(), 2);
    assert_eq!(events.after("x").all().await.unwrap().len(), 2);
}

#[tokio::test]
async fn bodies_that_are_no_json_are_sent_as_they_are() {
    let html = ("200 OK\r\ncontent-type: text/html", "<p>");
    let (client, serving) = server(&[html, html, ("204 No Content", "")]).await;
    client.render_raw_markdown().send().await.unwrap();
    client
        .render_raw_markdown()
        .body("*größe*")
        .send()
        .await
        .unwrap();
    client.set_logo(b"\x01PNG".as_slice()).send().await.unwrap();
    let requests = serving.await.unwrap();
    assert_eq!(essence(&requests[0]), ("POST /markdown/raw", ""));
    assert!(!requests[0].contains("content-type"));
    assert_eq!(essence(&requests[1]), ("POST /markdown/raw", "*größe*"));
    assert!(requests[1].contains("\r\ncontent-type: text/x-markdown\r\n"));
    assert_eq!(essence(&requests[2]), ("PUT /logo", "\u{1}PNG"));
    assert!(requests[2].contains("\r\ncontent-type: image/png\r\n"));
}
