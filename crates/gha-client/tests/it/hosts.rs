//! All operations on all forms of hosts.

#[path = "support/tls.rs"]
mod tls;

use std::collections::HashSet;
use std::io::Write as _;
use std::net::SocketAddr;

use crate::examples::example::{complaint, example, printed};
use crate::support::*;
use gha_client::{Client, ErrorKind, Host};
use gha_fake::{Edition, Fake, Match};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// Sends every operation once.
async fn exercise(client: &Client) {
    let list = list(client).send().await.unwrap();
    assert_eq!(list.artifacts[0].id, 11);
    let repo = client.repo(OWNER, NAME);
    let of_run = repo.list_run_artifacts(RUN).send().await.unwrap();
    assert_eq!(of_run.total_count, 1);
    let jobs = repo.list_run_jobs(RUN).send().await.unwrap();
    assert_eq!(jobs.total_count, 1);
    let jobs = repo.list_attempt_jobs(RUN, 1).send().await.unwrap();
    assert_eq!(jobs.jobs[0].id, 42);
    assert_eq!(repo.get_job(JOB).send().await.unwrap().name, "build");
    assert_eq!(get(client).send().await.unwrap().name, "dist");
    let runs = repo.list_runs().send().await.unwrap();
    assert_eq!(runs.workflow_runs[0].id, RUN);
    let runs = repo.list_workflow_runs("build.yml").send().await.unwrap();
    assert_eq!(runs.total_count, 1);
    assert_eq!(repo.get_run(RUN).send().await.unwrap().event, "push");
    let logs = repo.download_job_logs(JOB).send().await.unwrap();
    assert_eq!(client.api().fetch(&logs).await.unwrap().status(), 200);
    let content = repo.download_artifact(ARTIFACT).send().await.unwrap();
    assert_eq!(client.api().fetch(&content).await.unwrap().status(), 200);
    assert_eq!(delete(client, 11).send().await.unwrap().status(), 204);
    assert_eq!(repo.rerun_job(JOB).send().await.unwrap().status(), 201);
}

/// Checks what the API and the blob store were sent.
fn inspect(fake: &Fake, prefix: &str, version: &str) {
    let requests = fake.requests_for(&Match::api());
    let sent: HashSet<_> = requests.iter().map(|request| request.operation).collect();
    assert!(!sent.contains(&None), "{requests:?}");
    assert_eq!((sent.len(), requests.len()), (13, 13), "{requests:?}");
    for request in &requests {
        assert!(request.path.starts_with(prefix), "{}", request.path);
        let bearer = format!("Bearer {TOKEN}");
        assert_eq!(request.header("authorization"), Some(&*bearer));
        assert_eq!(request.header("x-github-api-version"), Some(version));
        assert_eq!(
            request.header("accept"),
            Some("application/vnd.github+json")
        );
        let agent = request.header("user-agent").unwrap();
        assert!(agent.starts_with("gha-client/"), "{agent}");
    }
    let blobs = fake.requests_for(&Match::blob());
    assert_eq!(blobs.len(), 2);
    for request in &blobs {
        assert_eq!(request.header("authorization"), None);
        assert_eq!(request.header("x-github-api-version"), None);
        assert_eq!(request.header("referer"), None);
        assert_eq!(request.header("accept-encoding"), Some("identity"));
    }
}

/// A client of `host` whose connections end at the fake.
async fn exercise_over_tls(fake: &Fake, host: Host, name: &'static str) {
    let front = tls::front(fake.api_url(), &[name]).await;
    let (address, certificate) = (front.address, front.certificate.clone());
    let client = builder(fake)
        .host(host)
        .configure_http(move |http| {
            http.resolve(name, address)
                .tls_certs_only([certificate.clone()])
        })
        .build()
        .unwrap();
    exercise(&client).await;
}

#[tokio::test]
async fn github_com() {
    let fake = seeded().start().await.unwrap();
    exercise_over_tls(&fake, Host::github(), "api.github.com").await;
    inspect(&fake, "/repos/", "2026-03-10");
}

#[tokio::test]
async fn ghe_com() {
    let fake = seeded().start().await.unwrap();
    let host = Host::ghe_com("octocorp").unwrap();
    exercise_over_tls(&fake, host, "api.octocorp.ghe.com").await;
    inspect(&fake, "/repos/", "2026-03-10");
}

#[tokio::test]
async fn enterprise_server() {
    let fake = seeded()
        .edition(Edition::EnterpriseServer)
        .start()
        .await
        .unwrap();
    let host = Host::server("github.example.com").unwrap();
    exercise_over_tls(&fake, host, "github.example.com").await;
    inspect(&fake, "/api/v3/repos/", "2022-11-28");
}

/// Lets everything through to `target`, and keeps what was asked for.
async fn proxy(target: SocketAddr, asked: Log<String>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(client.read_u8().await.unwrap());
            }
            let request = String::from_utf8(request).unwrap();
            asked.push(request.lines().next().unwrap().to_owned());
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    address
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn proxies_and_certificates_of_the_environment() {
    let fake = seeded().edition(Edition::EnterpriseServer);
    let fake = fake.start().await.unwrap();
    let front = tls::front(fake.api_url(), &["github.example.com"]).await;
    let asked = Log::new();
    let proxy = proxy(front.address, asked.clone()).await;
    let mut certificate = tempfile::NamedTempFile::new().unwrap();
    certificate.write_all(front.pem.as_bytes()).unwrap();

    let list = |variables: &[(&str, &str)]| {
        let mut command = example("list_artifacts");
        for name in ["https_proxy", "no_proxy", "NO_PROXY", "SSL_CERT_DIR"] {
            command.env_remove(name);
        }
        command.args(["--repo", REPO]);
        command.env("GH_HOST", "github.example.com");
        command.env("GH_ENTERPRISE_TOKEN", TOKEN);
        command.env("HTTPS_PROXY", format!("http://{proxy}"));
        command.envs(variables.iter().copied());
        command
    };
    let mut without = list(&[]);
    without.env_remove("SSL_CERT_FILE");
    let refused = tokio::task::spawn_blocking(move || complaint(&mut without));
    let refused = refused.await.unwrap();
    assert!(refused.contains("its certificate is refused"), "{refused}");
    // No other attempt would mend it.
    assert_eq!(asked.all().len(), 1);
    let mut with = list(&[("SSL_CERT_FILE", certificate.path().to_str().unwrap())]);
    let table = tokio::task::spawn_blocking(move || printed(&mut with));
    let table = table.await.unwrap();
    assert!(table.contains("1 artifacts"), "{table}");
    let connect = "CONNECT github.example.com:443 HTTP/1.1";
    let asked = asked.all();
    assert!(!asked.is_empty() && asked.iter().all(|line| line == connect));
}

#[tokio::test]
async fn any_url() {
    let fake = seeded().start().await.unwrap();
    let host = Host::url(&format!("{}//", fake.api_url())).unwrap();
    exercise(&builder(&fake).host(host).build().unwrap()).await;
    inspect(&fake, "/repos/", "2022-11-28");
}

#[test]
fn names_become_base_urls() {
    for (host, expected) in [
        (Ok(Host::github()), "https://api.github.com"),
        (Host::ghe_com("octocorp"), "https://api.octocorp.ghe.com"),
        (
            Host::ghe_com("Octocorp.ghe.com"),
            "https://api.octocorp.ghe.com",
        ),
        (
            Host::server("github.example.com"),
            "https://github.example.com/api/v3",
        ),
        (
            Host::server("github.example.com/"),
            "https://github.example.com/api/v3",
        ),
        (
            Host::server("github.example.com:8443"),
            "https://github.example.com:8443/api/v3",
        ),
        (
            Host::server("https://github.example.com"),
            "https://github.example.com/api/v3",
        ),
        (
            Host::server("github.example.com/api/v3/"),
            "https://github.example.com/api/v3",
        ),
        (
            Host::server("http://10.0.0.1/api/v3"),
            "http://10.0.0.1/api/v3",
        ),
        (Host::url("http://127.0.0.1:8080"), "http://127.0.0.1:8080"),
        (
            Host::url("http://127.0.0.1:8080///"),
            "http://127.0.0.1:8080",
        ),
        (
            Host::url("https://h.example/api/v3"),
            "https://h.example/api/v3",
        ),
        (
            Host::url("https://h.example/github/api/"),
            "https://h.example/github/api",
        ),
        (
            Host::url("https://api.github.com/"),
            "https://api.github.com",
        ),
    ] {
        assert_eq!(host.unwrap().base_url(), expected);
    }
}

#[test]
fn the_version_follows_the_host() {
    for (host, expected) in [
        (Host::github(), "2026-03-10"),
        (Host::ghe_com("octocorp").unwrap(), "2026-03-10"),
        (Host::url("https://api.github.com").unwrap(), "2026-03-10"),
        (
            Host::url("https://api.octocorp.ghe.com").unwrap(),
            "2026-03-10",
        ),
        (Host::server("github.example.com").unwrap(), "2022-11-28"),
        (Host::url("http://127.0.0.1:8080").unwrap(), "2022-11-28"),
    ] {
        assert_eq!(host.default_api_version(), expected, "{host:?}");
    }
}

#[test]
fn what_is_no_host_is_refused_with_a_reason() {
    for (host, reason) in [
        (Host::ghe_com(""), "is no subdomain"),
        (Host::ghe_com("a.b"), "is no subdomain"),
        (Host::ghe_com("-a"), "is no subdomain"),
        (Host::ghe_com("a/b"), "is no subdomain"),
        (Host::server(""), "invalid"),
        (Host::server("github.com"), "use Host::github"),
        (Host::server("octocorp.ghe.com"), "use Host::ghe_com"),
        (Host::server("h.example/other"), "`/other`"),
        (Host::server("h.example/?a=b"), "query"),
        (Host::server("ftp://h.example"), "scheme"),
        (Host::server("user:secret@h.example"), "credentials"),
        (
            Host::url("github.example.com/api/v3"),
            "expected a URL such as",
        ),
        (Host::url("127.0.0.1:8080"), "expected a URL such as"),
        (Host::url("localhost:8080"), "scheme"),
        (Host::url("https://github.com"), "use Host::github"),
        (
            Host::url("https://api.github.com/api/v3"),
            "use Host::github",
        ),
        (Host::url("https://octocorp.ghe.com"), "use Host::ghe_com"),
        (Host::url("http://api.github.com"), "use Host::github"),
    ] {
        let error = host.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
