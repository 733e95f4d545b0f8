//! Tokens that end, and those that a GitHub App gets.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::support::{TOKEN, actions, get_with, post, request, seed};
use gha_fake::{Clock, Fake, Repo, Token};
use http::Method;
use serde_json::{Value, json};

const NOON: u64 = 1_773_144_000;

fn clock() -> Clock {
    Clock::frozen_at(SystemTime::UNIX_EPOCH + Duration::from_secs(NOON))
}

/// A JSON web token with a signature that nobody checks.
fn assertion(head: &Value, claims: &Value) -> String {
    let encode = |text: String| URL_SAFE_NO_PAD.encode(text);
    let [head, claims] = [head, claims].map(|json| encode(json.to_string()));
    format!("{head}.{claims}.{}", encode("signature".into()))
}

fn claims() -> Value {
    json!({"iss": "Iv1.0123456789abcdef", "iat": NOON - 60, "exp": NOON + 540})
}

async fn fake() -> Fake {
    let other = Repo::new("octo-org", "other").id(7).private(true);
    let builder = seed().clock(clock()).repo(other).installation(42);
    builder.start().await.unwrap()
}

async fn status(fake: &Fake, token: &str) -> u16 {
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", &*authorization)];
    get_with(&actions(fake, "artifacts"), &headers).await.status
}

async fn create(fake: &Fake, assertion: &str, body: &str) -> crate::support::Reply {
    let path = "/app/installations/42/access_tokens";
    post(&format!("{}{path}", fake.api_url()), assertion, body).await
}

#[tokio::test]
async fn an_installation_gets_tokens_for_an_hour() {
    let fake = fake().await;
    let jwt = assertion(&json!({"alg": "RS256", "typ": "JWT"}), &claims());
    let created = create(&fake, &jwt, "").await;
    assert_eq!(created.status, 201);
    let json = created.json();
    assert_eq!(json["expires_at"], "2026-03-10T13:00:00Z");
    assert_eq!(json["repository_selection"], "all");
    let token = json["token"].as_str().unwrap();
    assert!(token.starts_with("ghs_"), "{token}");
    let another = create(&fake, &jwt, "{}").await.json();
    assert_ne!(another["token"], token);

    assert_eq!(status(&fake, token).await, 200);
    assert_eq!(status(&fake, &jwt).await, 401, "the assertion is no token");
    fake.clock().advance(Duration::from_secs(3599));
    assert_eq!(status(&fake, token).await, 200);
    fake.clock().advance(Duration::from_secs(1));
    assert_eq!(status(&fake, token).await, 401);
}

#[tokio::test]
async fn a_token_can_be_for_less() {
    let fake = fake().await;
    let jwt = assertion(&json!({"alg": "RS256"}), &claims());
    let token = async |body: Value| {
        let json = create(&fake, &jwt, &body.to_string()).await.json();
        assert_eq!(json["repository_selection"], "selected", "{json}");
        json["token"].as_str().unwrap().to_owned()
    };
    let here = token(json!({"repositories": ["octo-docs"]})).await;
    let there = token(json!({"repository_ids": [7]})).await;
    assert_eq!(status(&fake, &here).await, 200);
    assert_eq!(status(&fake, &there).await, 404);
    let reader = json!({"repositories": ["octo-docs"], "permissions": {"actions": "read"}});
    let authorization = format!("Bearer {}", token(reader).await);
    let headers = [("authorization", &*authorization)];
    let url = actions(&fake, "artifacts/11");
    assert_eq!(request(Method::DELETE, &url, &headers).await.status, 403);
    assert_eq!(get_with(&url, &headers).await.status, 200);
    let others = json!({"repositories": ["octo-docs"], "permissions": {"contents": "write"}});
    let created = create(&fake, &jwt, &others.to_string()).await.json();
    let granted = json!({"contents": "write", "metadata": "read"});
    assert_eq!(created["permissions"], granted);
    let authorization = format!("Bearer {}", created["token"].as_str().unwrap());
    let headers = [("authorization", &*authorization)];
    assert_eq!(request(Method::DELETE, &url, &headers).await.status, 403);
    let refused = get_with(&url, &headers).await;
    assert_eq!(refused.status, 403);
    let message = "Resource not accessible by integration";
    assert_eq!(refused.json()["message"], message);

    for (body, status) in [
        (json!({"repositories": ["nothing"]}), 422),
        (json!({"repository_ids": [8]}), 422),
        (json!({"repository_ids": ["7"]}), 422),
        (json!({"repositories": "octo-docs"}), 422),
        (json!({"permissions": []}), 422),
        (json!({"permissions": {"actions": "all"}}), 422),
        (json!({"permissions": {"actions": true}}), 422),
        (json!([]), 400),
    ] {
        let reply = create(&fake, &jwt, &body.to_string()).await;
        assert_eq!(reply.status, status, "{body}");
    }
}

#[tokio::test]
async fn an_assertion_is_checked_as_far_as_one_can_tell() {
    let fake = fake().await;
    let rs256 = json!({"alg": "RS256"});
    let with = |claim: &str, value: Value| {
        let mut claims = claims();
        claims[claim] = value;
        assertion(&rs256, &claims)
    };
    for (bad, message) in [
        (TOKEN.to_owned(), "could not be decoded"),
        ("a.b.c".to_owned(), "could not be decoded"),
        (
            assertion(&json!({"alg": "none"}), &claims()),
            "could not be decoded",
        ),
        (
            assertion(&json!({"alg": "HS256"}), &claims()),
            "could not be decoded",
        ),
        (with("iss", Value::Null), "'iss'"),
        (with("iat", json!(NOON + 1)), "'iat'"),
        (with("iat", json!("now")), "'iat'"),
        (with("exp", json!(NOON)), "'exp'"),
        (with("exp", json!("soon")), "'exp'"),
        (with("exp", json!(NOON + 601)), "too far in the future"),
    ] {
        let reply = create(&fake, &bad, "").await;
        assert_eq!(reply.status, 401, "{message}");
        let said = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(said.contains(message), "{said}");
    }
    let good = assertion(&rs256, &claims());
    let unknown = format!("{}/app/installations/43/access_tokens", fake.api_url());
    assert_eq!(post(&unknown, &good, "").await.status, 404);
    // Other tokens may say `token` instead of `Bearer`.
    let authorization = format!("token {good}");
    let headers = [("authorization", &*authorization)];
    let url = unknown.replace("/43/", "/42/");
    assert_eq!(request(Method::POST, &url, &headers).await.status, 401);
    fake.clock().advance(Duration::from_secs(540));
    assert_eq!(create(&fake, &good, "").await.status, 401, "it is over");
}

#[tokio::test]
async fn a_token_ends_when_it_says() {
    let end = SystemTime::UNIX_EPOCH + Duration::from_secs(NOON + 60);
    let short = Token::new("short").expires_at(end);
    let fake = seed().clock(clock()).token(short).start().await.unwrap();
    assert_eq!(status(&fake, "short").await, 200);
    fake.clock().advance(Duration::from_secs(60));
    assert_eq!(status(&fake, "short").await, 401);
}

#[test]
fn secrets_are_not_shown() {
    let fake = seed().token("s3cret").start_on_thread().unwrap();
    let state = fake.state(|state| format!("{state:?}"));
    let token = format!("{:?}", Token::new("s3cret"));
    for debug in [format!("{fake:?}"), state, token, format!("{:?}", seed())] {
        assert!(
            !debug.contains("s3cret") && !debug.contains(TOKEN),
            "{debug}"
        );
    }
}
