//! A plain HTTP client and a seeded fake.

use bytes::Bytes;
use gha_fake::{Artifact, Attempt, Conclusion, Fake, Job, Repo, Run};
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

pub const TOKEN: &str = "t0ken";
pub const REPO: &str = "octo-org/octo-docs";
pub const BEARER: (&str, &str) = ("authorization", "Bearer t0ken");

/// A response, as far as it came.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Whether the body ended as HTTP says that it should.
    pub whole: bool,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|v| v.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn length(&self) -> Option<usize> {
        self.header("content-length").map(|n| n.parse().unwrap())
    }

    /// The numbers under `name` of the items of a list.
    pub fn ids(&self, list: &str) -> Vec<i64> {
        let json = self.json();
        let items = json[list].as_array().unwrap();
        items.iter().map(|i| i["id"].as_i64().unwrap()).collect()
    }

    /// The URL of a relation in `Link`.
    pub fn link(&self, rel: &str) -> Option<String> {
        let header = self.header("link")?;
        header.split(", ").find_map(|link| {
            let (url, r) = link.split_once("; ").unwrap();
            (r == format!("rel=\"{rel}\"")).then(|| url[1..url.len() - 1].to_owned())
        })
    }
}

/// Sends exactly these headers (and `Host`); `None` where no response came.
pub async fn send(method: Method, url: &str, headers: &[(&str, &str)]) -> Option<Reply> {
    send_body(method, url, headers, "").await
}

async fn send_body(
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<Reply> {
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = Full::new(Bytes::copy_from_slice(body.as_bytes()));
    let response = client.request(request.body(body).unwrap()).await;
    let (parts, mut body) = response.ok()?.into_parts();
    let mut reply = Reply {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: Vec::new(),
        whole: true,
    };
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            reply.whole = false;
            break;
        };
        reply.body.extend_from_slice(frame.data_ref().unwrap());
    }
    Some(reply)
}

/// Head and body as they came over the wire, until the fake closed the connection.
pub async fn raw(url: &str, headers: &[(&str, &str)]) -> (String, Vec<u8>) {
    raw_of(Method::GET, url, headers).await
}

/// [`raw`] with another method.
pub async fn raw_of(method: Method, url: &str, headers: &[(&str, &str)]) -> (String, Vec<u8>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (host, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let headers: String = headers
        .iter()
        .map(|(n, v)| format!("{n}: {v}\r\n"))
        .collect();
    let request =
        format!("{method} /{path} HTTP/1.1\r\nhost: {host}\r\nuser-agent: raw\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    let end = all.windows(4).position(|window| window == b"\r\n\r\n");
    let body = all.split_off(end.expect("a whole head") + 4);
    (String::from_utf8(all).unwrap(), body)
}

/// With the token and a user agent.
pub async fn get(url: &str) -> Reply {
    get_with(url, &[BEARER]).await
}

/// With a user agent.
pub async fn get_with(url: &str, headers: &[(&str, &str)]) -> Reply {
    request(Method::GET, url, headers).await
}

/// With a user agent.
pub async fn request(method: Method, url: &str, headers: &[(&str, &str)]) -> Reply {
    let mut all = vec![("user-agent", "gha-fake-tests")];
    all.extend_from_slice(headers);
    send(method, url, &all).await.expect("a response")
}

/// POST with a user agent and a body.
pub async fn post(url: &str, token: &str, body: &str) -> Reply {
    let authorization = format!("Bearer {token}");
    let headers = [
        ("user-agent", "gha-fake-tests"),
        ("authorization", &authorization),
    ];
    let reply = send_body(Method::POST, url, &headers, body).await;
    reply.expect("a response")
}

/// A path below the repository's `/actions`.
pub fn actions(fake: &Fake, path: &str) -> String {
    format!("{}/repos/{REPO}/actions/{path}", fake.api_url())
}

/// Where a download redirects to.
pub async fn location(fake: &Fake, path: &str) -> String {
    let reply = get(&actions(fake, path)).await;
    assert_eq!(reply.status, 302, "{reply:?}");
    reply.header("location").unwrap().to_owned()
}

/// A private repository with a run of two attempts, and artifacts 11 (a zip), 12 (a file) and
/// 13 (noise).
pub fn seed() -> gha_fake::Builder {
    let run = Run::new(1001)
        .workflow_name("docs")
        .attempt(
            Attempt::new(1)
                .job(Job::new(41).concluded(Conclusion::Failure))
                .job(Job::new(42)),
        )
        .attempt(
            Attempt::new(2)
                .job(Job::new(51).in_progress())
                .job(Job::new(52).queued())
                .job(Job::new(53).skipped()),
        )
        .artifact(Artifact::zip("dist", &[("a.txt", b"alpha"), ("b/c.txt", b"gamma!")]).id(11))
        .artifact(Artifact::file("report.html", "text/html", "<p>fine</p>").id(12))
        .artifact(Artifact::noise("noise", 300_000).id(13));
    let repo = Repo::new("octo-org", "octo-docs").private(true).run(run);
    Fake::builder().token(TOKEN).repo(repo)
}
