//! Where credentials come from, and where they go.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::support::*;
use gha_client::{Error, ErrorKind, Host, Token, TokenSource, prelude::*};
use gha_fake::{Fake, Fault, Match, ReceivedRequest};

fn carries_a_secret(request: &ReceivedRequest) -> bool {
    request
        .headers
        .values()
        .any(|value| String::from_utf8_lossy(value.as_bytes()).contains(TOKEN))
        || request.query.as_deref().unwrap_or_default().contains(TOKEN)
}

#[tokio::test]
async fn no_other_origin_ever_sees_the_token() {
    let elsewhere = seeded().start().await.unwrap();
    let other = elsewhere.api_url();
    let faults = [
        Fault::redirect(301, format!("{other}/repos/{REPO}/actions/artifacts/11")),
        Fault::redirect(302, format!("{other}/x")),
        Fault::redirect(303, format!("{other}/x")),
        Fault::redirect(307, format!("{other}/x")),
        Fault::redirect(308, format!("//{}/x", other.trim_start_matches("http://"))),
        Fault::next_link_to_origin(other),
        Fault::location(format!("{other}/x?sig=c2VjcmV0")),
        Fault::status(503),
        Fault::primary_rate_limit(std::time::Duration::ZERO).header("location", other),
        Fault::hang_up(),
    ];
    for fault in faults {
        let what = format!("{fault:?}");
        let fake = seeded().start().await.unwrap();
        let client = builder(&fake)
            .max_rate_limit_wait(std::time::Duration::ZERO)
            .build()
            .unwrap();
        fake.fault(fault);
        let _ = get(&client).send().await;
        let _ = list(&client).per_page(1).all().await;
        let _ = delete(&client, 11).send().await;
        let logs = client.repo(OWNER, NAME).download_job_logs(JOB);
        if let Ok(url) = logs.send().await {
            let _ = client.api().fetch(&url).await;
        }
        assert!(!fake.requests_for(&Match::api()).is_empty(), "{what}");
        let strangers = elsewhere.requests();
        let blobs = fake.requests_for(&Match::blob());
        assert!(
            !strangers.iter().chain(&blobs).any(carries_a_secret),
            "{what}"
        );
    }
    // Both 302 of the download have been followed, without it.
    assert_eq!(elsewhere.requests().len(), 2);
}

#[tokio::test]
async fn nothing_shows_the_token() {
    let fake = seeded().start().await.unwrap();
    let source = TokenSource::new(|| async { Ok::<_, Error>(TOKEN) });
    let builders = [builder(&fake), builder(&fake).token_source(source)];
    for builder in builders {
        let client = builder.clone().build().unwrap();
        fake.fault(Fault::status(418).once());
        let error = get(&client).send().await.unwrap_err();
        let pages = list(&client).pages();
        let items = list(&client).stream();
        for shown in [
            format!("{builder:?}"),
            format!("{client:?}"),
            format!("{pages:?}"),
            format!("{items:?}"),
            format!("{error:?} {error}"),
            format!("{:?}", get(&client)),
            format!("{:?}", Token::new(TOKEN)),
        ] {
            assert!(!shown.contains(TOKEN), "{shown}");
        }
    }
}

#[tokio::test]
async fn without_a_token_public_repositories_can_be_read() {
    let fake = seeded().start().await.unwrap();
    let client = gha_client::builder()
        .host(Host::url(fake.api_url()).unwrap())
        .build()
        .unwrap();
    get(&client).send().await.unwrap();
    assert_eq!(fake.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_source_is_asked_for_every_request() {
    let fake = seeded().start().await.unwrap();
    let asked = Arc::new(AtomicU64::new(0));
    let source = TokenSource::new({
        let asked = Arc::clone(&asked);
        move || {
            asked.fetch_add(1, Ordering::Relaxed);
            async { Ok::<_, Error>(Token::new(format!(" {TOKEN}\n"))) }
        }
    });
    let client = builder(&fake).token_source(source).build().unwrap();
    fake.fault(Fault::status(502).once());
    get(&client).send().await.unwrap();
    get(&client).send().await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    let bearer = format!("Bearer {TOKEN}");
    for request in fake.requests() {
        assert_eq!(request.header("authorization"), Some(&*bearer));
    }
}

#[tokio::test]
async fn a_source_that_fails_fails_the_call_before_anything_is_sent() {
    let fake = seeded().start().await.unwrap();
    let source = TokenSource::new(|| async { Err::<Token, _>("the key is gone") });
    let client = builder(&fake).token_source(source).build().unwrap();
    let error = get(&client).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), "the key is gone");
    assert!(error.to_string().starts_with("get_artifact: "), "{error}");
    assert_eq!(fake.requests().len(), 0);
}

#[test]
fn a_token_travels_unencrypted_to_this_machine_alone() {
    let build = |url: &str| gha_client::builder().host(Host::url(url).unwrap());
    for url in [
        "http://127.0.0.1:1",
        "http://[::1]:1",
        "http://localhost:1",
        "https://h.example",
    ] {
        build(url).token(TOKEN).build().unwrap();
    }
    let plain = "http://h.example";
    build(plain).build().unwrap();
    build(plain)
        .token(TOKEN)
        .allow_plain_http(true)
        .build()
        .unwrap();
    let source = TokenSource::new(|| async { Ok::<_, Error>(TOKEN) });
    for builder in [build(plain).token(TOKEN), build(plain).token_source(source)] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("unencrypted"), "{error}");
    }
}

#[test]
fn tokens_that_cannot_be_sent_are_refused_when_the_client_is_built() {
    for (token, reason) in [("", "empty"), (" \n", "empty"), ("a\nb", "characters")] {
        let error = gha_client::builder().token(token).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(reason), "{error}");
    }
    let error = gha_client::builder()
        .user_agent("a\nb")
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("user agent"), "{error}");
    let error = gha_client::builder().api_version("\0").build().unwrap_err();
    assert!(error.to_string().contains("API version"), "{error}");
}

/// Runs as a process of its own, whose environment [`in_environment`] makes.
#[tokio::test]
async fn child() {
    if std::env::var_os("CHILD").is_none() {
        return;
    }
    let client = gha_client::from_env().map(|builder| {
        let builder = builder.retry(gha_client::RetryPolicy::none());
        match std::env::var("OTHER_HOST") {
            Ok(url) => builder.host(Host::url(&url).unwrap()).build(),
            Err(_) => builder.build(),
        }
    });
    match client {
        Ok(Ok(client)) => {
            println!("base={}", client.api().base_url());
            let _ = get(&client).send().await;
        }
        Ok(Err(error)) | Err(error) => println!("error={error}"),
    }
}

/// What `from_env` makes of these variables: what it says, and what the fake is sent.
async fn in_environment(variables: &[(&str, &str)], fake: &Fake) -> (String, Option<String>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "credentials::child", "--nocapture"]);
    for name in [
        "GH_HOST",
        "GH_TOKEN",
        "GITHUB_TOKEN",
        "GH_ENTERPRISE_TOKEN",
        "GITHUB_ENTERPRISE_TOKEN",
        "GITHUB_API_URL",
        "GITHUB_ACTIONS",
    ] {
        command.env_remove(name);
    }
    // Whatever would leave this machine ends here.
    command
        .env("CHILD", "1")
        .env("HTTPS_PROXY", "http://127.0.0.1:9");
    command.envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = String::from_utf8(output.await.unwrap().stdout).unwrap();
    let said = output
        .lines()
        .find_map(|line| {
            line.split_once("base=")
                .or_else(|| line.split_once("error="))
        })
        .unwrap()
        .1
        .to_owned();
    let sent = fake
        .requests()
        .first()
        .and_then(|request| request.header("authorization").map(str::to_owned));
    fake.clear_requests();
    (said, sent)
}

#[tokio::test]
async fn the_environment_chooses_host_and_token() {
    let fake = seeded().start_on_thread().unwrap();
    let api = fake.api_url();
    let all = [
        ("GH_TOKEN", "t1"),
        ("GITHUB_TOKEN", "t2"),
        ("GH_ENTERPRISE_TOKEN", "t3"),
        ("GITHUB_ENTERPRISE_TOKEN", "t4"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&all[..], more].concat();

    let (base, _) = in_environment(&[], &fake).await;
    assert_eq!(base, "https://api.github.com");
    let (base, _) = in_environment(&with(&[("GH_HOST", "octocorp.ghe.com")]), &fake).await;
    assert_eq!(base, "https://api.octocorp.ghe.com");
    let (base, _) = in_environment(&with(&[("GH_HOST", "github.com")]), &fake).await;
    assert_eq!(base, "https://api.github.com");
    let (base, _) = in_environment(&[("GH_HOST", "github.example.com")], &fake).await;
    assert_eq!(base, "https://github.example.com/api/v3");
    for name in [
        "https://github.com",
        "github.com/",
        "github.com:443",
        "www.github.com",
        "api.github.com",
        " GitHub.com ",
    ] {
        let (base, _) = in_environment(&[("GH_HOST", name)], &fake).await;
        assert_eq!(base, "https://api.github.com", "{name}");
    }
    for name in ["https://x.ghe.com", "api.x.ghe.com", "X.ghe.com/"] {
        let (base, _) = in_environment(&[("GH_HOST", name)], &fake).await;
        assert_eq!(base, "https://api.x.ghe.com", "{name}");
    }
    let (error, _) = in_environment(&[("GH_HOST", "a b")], &fake).await;
    assert!(error.contains("`GH_HOST` is unusable"), "{error}");

    // Outside of Actions the API's URL is a leftover.
    let (base, _) = in_environment(&[("GITHUB_API_URL", api)], &fake).await;
    assert_eq!(base, "https://api.github.com");
    let actions = [("GITHUB_API_URL", api), ("GITHUB_ACTIONS", "true")];
    let (base, sent) = in_environment(&[&all[..], &actions].concat(), &fake).await;
    assert_eq!((&*base, sent.as_deref()), (api, Some("Bearer t3")));
    let (_, sent) = in_environment(&[&all[3..], &actions].concat(), &fake).await;
    assert_eq!(sent.as_deref(), Some("Bearer t4"));
    let (_, sent) = in_environment(&[&all[..2], &actions].concat(), &fake).await;
    assert_eq!(sent, None, "the token of github.com goes to no server");
    let empty = [
        ("GH_ENTERPRISE_TOKEN", ""),
        ("GITHUB_ENTERPRISE_TOKEN", "t4"),
    ];
    let (_, sent) = in_environment(&[&empty[..], &actions].concat(), &fake).await;
    assert_eq!(sent.as_deref(), Some("Bearer t4"));
}

#[tokio::test]
async fn a_token_of_the_environment_goes_to_no_other_host() {
    let fake = seeded().start_on_thread().unwrap();
    let other = [("OTHER_HOST", fake.api_url())];
    for variable in ["GH_TOKEN", "GITHUB_TOKEN"] {
        let environment = [&other[..], &[(variable, TOKEN)]].concat();
        let (error, sent) = in_environment(&environment, &fake).await;
        assert!(
            error.contains(variable) && error.contains("GH_HOST"),
            "{error}"
        );
        assert_eq!(sent, None);
    }
    // Without one there is nothing to keep.
    let (base, _) = in_environment(&other, &fake).await;
    assert_eq!(base, fake.api_url());
}

/// A source of tokens that live for an hour, and how often it was asked.
fn hourly(tokens: &'static [&'static str]) -> (TokenSource, Log<usize>) {
    let asked = Log::new();
    let source = TokenSource::cached({
        let asked = asked.clone();
        move || {
            let number = asked.all().len();
            asked.push(number);
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                let token = tokens[number.min(tokens.len() - 1)];
                let expiry = chrono::Utc::now() + chrono::TimeDelta::hours(1);
                match token {
                    "" => Err("the key is gone"),
                    token => Ok((token, expiry)),
                }
            }
        }
    });
    (source, asked)
}

#[tokio::test(start_paused = true)]
async fn a_cached_token_is_asked_for_once_and_again_before_it_expires() {
    let fake = seeded().start().await.unwrap();
    let (source, asked) = hourly(&[TOKEN]);
    let client = builder(&fake).token_source(source).build().unwrap();
    let calls = (0..10).map(|_| get(&client).send());
    for answer in futures_util::future::join_all(calls).await {
        answer.unwrap();
    }
    assert_eq!(asked.all().len(), 1);
    tokio::time::sleep(Duration::from_secs(58 * 60)).await;
    get(&client).send().await.unwrap();
    assert_eq!(asked.all().len(), 1);
    tokio::time::sleep(Duration::from_secs(90)).await;
    get(&client).send().await.unwrap();
    assert_eq!(asked.all().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_refused_is_renewed_once() {
    let fake = seeded().start().await.unwrap();
    let (source, asked) = hourly(&["an-old-token-of-the-tests", TOKEN]);
    let client = builder(&fake).token_source(source).build().unwrap();
    get(&client).send().await.unwrap();
    assert_eq!(asked.all().len(), 2);
    let (source, asked) = hourly(&["an-old-token-of-the-tests"]);
    let client = builder(&fake).token_source(source).build().unwrap();
    let error = get(&client).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(asked.all().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_is_asked_again_as_the_policy_says() {
    let fake = seeded().start().await.unwrap();
    let (source, asked) = hourly(&["", "", TOKEN]);
    let client = builder(&fake).token_source(source).build().unwrap();
    get(&client).send().await.unwrap();
    assert_eq!(asked.all().len(), 3);
    let (source, asked) = hourly(&[""]);
    let client = builder(&fake).token_source(source).build().unwrap();
    let error = get(&client).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(asked.all().len(), 5);
    // One that fails while the old token is still good does no harm.
    let (source, _) = hourly(&[TOKEN, ""]);
    let client = builder(&fake).token_source(source).build().unwrap();
    get(&client).send().await.unwrap();
    tokio::time::sleep(Duration::from_secs(59 * 60 + 10)).await;
    get(&client).send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_is_not_polled_holds_up_no_other() {
    let fake = seeded().start().await.unwrap();
    let (source, asked) = hourly(&[TOKEN]);
    let client = builder(&fake).token_source(source).build().unwrap();
    let mut kept = Box::pin(get(&client).send());
    let once = tokio::time::timeout(Duration::from_millis(1), &mut kept).await;
    assert!(once.is_err());
    get(&client).send().await.unwrap();
    assert_eq!(asked.all().len(), 1);
    kept.await.unwrap();
}
