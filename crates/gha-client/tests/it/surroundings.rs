//! What proxies, sign-in pages and servers of other kinds answer, and what errors say of it.

use std::time::Duration;

use crate::support::*;
use gha_client::prelude::*;
use gha_client::{Client, ErrorKind, Host, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A server that gives each connection the next of these answers, the last one again and again.
async fn server(answers: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream
                .write_all(&answers[number.min(answers.len() - 1)])
                .await;
        }
    });
    url
}

fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn json(body: &str) -> Vec<u8> {
    answer("200 OK", "Content-Type: application/json\r\n", body)
}

fn of(api: &str) -> gha_client::ClientBuilder {
    gha_client::builder()
        .host(Host::url(api).unwrap())
        .retry(RetryPolicy::none())
}

async fn with_token(answers: Vec<Vec<u8>>) -> Client {
    of(&server(answers).await).token(TOKEN).build().unwrap()
}

#[tokio::test]
async fn pages_and_redirects_that_are_no_answers_of_github() {
    let html = "Content-Type: text/html; charset=utf-8\r\n";
    for (answer, kind, says) in [
        (
            answer("200 OK", html, "<!doctype html><title>Sign in</title>"),
            ErrorKind::Decode,
            &["an HTML page", "proxy", "https://HOSTNAME/api/v3"][..],
        ),
        (
            answer("200 OK", "", "\n <!DOCTYPE html>"),
            ErrorKind::Decode,
            &["an HTML page"],
        ),
        (
            answer("404 Not Found", html, "<html>"),
            ErrorKind::NotFound,
            &["an HTML page", "/api/v3"],
        ),
        (
            json("\u{feff}{\"total_count\":0,\"artifacts\":[]}"),
            ErrorKind::Decode,
            &["byte-order mark", "proxy"],
        ),
        (
            answer(
                "302 Found",
                "Location: https://login.example.com/saml?SAMLRequest=s3cret\r\n",
                "",
            ),
            ErrorKind::UnexpectedStatus,
            &["login.example.com/saml;", "sign-in"],
        ),
        (
            answer(
                "307 X",
                "Location: https://sso.example.com/in?t=s3cret\r\n",
                "",
            ),
            ErrorKind::LinkRefused,
            &["https://sso.example.com/in,", "another origin"],
        ),
        (
            answer(
                "403 Forbidden",
                "X-GitHub-SSO: required; url=https://github.com/orgs/octo/sso?authorization_request=A1\r\n",
                r#"{"message":"Resource protected by organization SAML enforcement."}"#,
            ),
            ErrorKind::Forbidden,
            &["https://github.com/orgs/octo/sso?authorization_request=A1"],
        ),
    ] {
        let error = list(&with_token(vec![answer]).await)
            .send()
            .await
            .unwrap_err();
        let text = error.to_string();
        assert_eq!(error.kind(), kind, "{text}");
        for part in says {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("s3cret"), "{text}");
    }
}

#[tokio::test]
async fn a_content_where_a_redirect_belongs() {
    let client = with_token(vec![answer("200 OK", "", "PK")]).await;
    let archive = client.repo(OWNER, NAME).download_artifact(1);
    let error = archive.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
    assert!(error.to_string().contains("a redirect to it"), "{error}");
}

#[tokio::test]
async fn an_error_says_when_no_token_was_sent() {
    let refusal = |status| answer(status, "", r#"{"message":"Not Found"}"#);
    for status in ["401 Unauthorized", "404 Not Found"] {
        let anonymous = of(&server(vec![refusal(status)]).await).build().unwrap();
        let error = list(&anonymous).send().await.unwrap_err();
        assert!(error.to_string().contains("no token was sent"), "{error}");
        let client = with_token(vec![refusal(status)]).await;
        let error = list(&client).send().await.unwrap_err();
        assert!(!error.to_string().contains("no token"), "{error}");
    }
}

#[tokio::test]
async fn a_token_that_is_repeated_is_not_shown() {
    let echo = format!(r#"{{"message":"bad token {TOKEN}\u001b[31m"}}"#);
    let header = format!("x-github-request-id: {TOKEN}\r\nx-echo: Bearer {TOKEN}\r\n");
    let wrong = format!(r#"{{"total_count":"{TOKEN}","artifacts":[]}}"#);
    for answer in [
        answer("401 Unauthorized", &header, echo),
        answer("200 OK", &header, wrong),
        answer("503 Service Unavailable", &header, format!("<p>{TOKEN}")),
    ] {
        let client = with_token(vec![answer]).await;
        let error = list(&client).send().await.unwrap_err();
        let mut said = format!(
            "{error} {error:?} {:?} {:?}",
            error.headers(),
            error.api_error()
        );
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            said.push_str(&format!("{error} {error:?}"));
            cause = error.source();
        }
        assert!(!said.contains(TOKEN), "{said}");
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
}

#[tokio::test]
async fn what_servers_say_is_bounded() {
    let message = format!(r#"{{"message":"{}"}}"#, "x".repeat(1 << 20));
    let value = format!(
        r#"{{"total_count":"{}","artifacts":[]}}"#,
        "x".repeat(20 << 20)
    );
    for answer in [answer("422 Unprocessable", "", message), json(&value)] {
        let client = with_token(vec![answer]).await;
        let error = list(&client).send().await.unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(said.len() < 5000, "{}", said.len());
    }
}

#[tokio::test]
async fn connections_say_where_they_failed() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    // It answers in plain text what is no TLS.
    let plain = server(vec![answer("400 Bad Request", "", "")]).await;
    let plain_port = plain.rsplit_once(':').unwrap().1;
    for (api, says) in [
        (
            format!("http://127.0.0.1:{port}"),
            "the TCP connection failed",
        ),
        (
            "https://no-such-host.invalid".to_owned(),
            "could not be resolved",
        ),
        (
            format!("https://127.0.0.1:{plain_port}"),
            "the TLS handshake failed",
        ),
    ] {
        let client = of(&api).build().unwrap();
        let error = list(&client).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{api}");
        let text = error.to_string();
        let server = api.split_once("://").unwrap().1;
        assert!(text.contains(server) && text.contains(says), "{text}");
    }
    let through = of("https://api.example.com").configure_http(move |http| {
        http.proxy(reqwest::Proxy::all(format!("http://127.0.0.1:{port}")).unwrap())
    });
    let error = list(&through.build().unwrap()).send().await.unwrap_err();
    assert!(error.to_string().contains("the proxy failed"), "{error}");

    // Of the blob store when it is that.
    let link = format!("Location: http://127.0.0.1:{port}/blob?sig=s3cret\r\n");
    let client = with_token(vec![answer("302 Found", &link, "")]).await;
    let url = client.repo(OWNER, NAME).download_artifact(1).send().await;
    let error = client.api().fetch(&url.unwrap()).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(text.contains(&format!("127.0.0.1:{port}:")), "{text}");
    assert!(!text.contains("s3cret"), "{text}");
}

#[tokio::test]
async fn causes_are_told_once() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let client = of(&api).build().unwrap();
    let error = anyhow::Error::from(list(&client).send().await.unwrap_err());
    assert_eq!(
        format!("{error:#}").matches("refused").count(),
        1,
        "{error:#}"
    );
    let client = with_token(vec![json(r#"{"total_count":"x"}"#)]).await;
    let error = anyhow::Error::from(list(&client).send().await.unwrap_err());
    assert_eq!(
        format!("{error:#}").matches("invalid type").count(),
        1,
        "{error:#}"
    );
}

#[tokio::test]
async fn lists_of_compatible_servers() {
    let client = with_token(vec![json(r#"{"total_count":0,"artifacts":null}"#)]).await;
    assert_eq!(list(&client).all().await.unwrap(), []);

    let artifact = r#"{"id":1,"node_id":"","name":"dist","size_in_bytes":1,"url":"","archive_download_url":"",
        "expired":false,"created_at":"","expires_at":null,"updated_at":"2026-11-27T10:00:00Z"}"#;
    let page = format!(r#"{{"total_count":1,"artifacts":[{artifact}]}}"#);
    let client = with_token(vec![json(&page)]).await;
    let artifacts = list(&client).all().await.unwrap();
    assert_eq!(
        (artifacts[0].created_at, artifacts[0].expires_at),
        (None, None)
    );
    assert!(artifacts[0].updated_at.is_some());

    let page = page.replace("2026-11-27T10", "some day");
    let client = with_token(vec![json(&page)]).await;
    let error = list(&client).all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn gzip_with_what_proxies_do_to_it() {
    use std::io::Write as _;

    let gzip = |text: &str| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    };
    let body = r#"{"total_count":0,"artifacts":[]}"#;
    let (head, tail) = body.split_at(10);
    let encoded = |body: Vec<u8>| answer("200 OK", "Content-Encoding: gzip\r\n", body);
    for whole in [
        [gzip(body), vec![0; 1000]].concat(),
        [gzip(head), gzip(tail)].concat(),
        [gzip(head), gzip(""), gzip(tail), vec![0]].concat(),
    ] {
        let client = with_token(vec![encoded(whole)]).await;
        list(&client).send().await.unwrap();
    }
    for broken in [
        gzip("").repeat(100_000),
        [gzip(body), b"rest".to_vec()].concat(),
    ] {
        let client = with_token(vec![encoded(broken)]).await;
        let error = list(&client).send().await.unwrap_err();
        assert!(matches!(
            error.kind(),
            ErrorKind::Decode | ErrorKind::Truncated
        ));
    }
}

#[tokio::test]
async fn only_githubs_own_answer_says_that_something_is_deleted() {
    let own = answer(
        "404 Not Found",
        "Content-Type: application/json\r\n",
        r#"{"message":"Not Found","documentation_url":"https://docs.github.com/rest","status":"404"}"#,
    );
    let page = answer("404 Not Found", "Content-Type: text/html\r\n", "<html>");
    let other = answer("404 Not Found", "", r#"{"message":"no Route matched"}"#);
    for (second, is_deleted) in [(own, true), (page, false), (other, false)] {
        let api = server(vec![Vec::new(), second]).await;
        let retry = RetryPolicy::default().base_delay(Duration::ZERO);
        let client = of(&api).token(TOKEN).retry(retry).build().unwrap();
        let deleted = delete(&client, 1).send().await;
        assert_eq!(deleted.is_ok(), is_deleted, "{deleted:?}");
    }
}
