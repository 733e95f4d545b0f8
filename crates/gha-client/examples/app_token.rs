//! Lists artifacts as an installation of a GitHub App, whose tokens live for an hour: each is asked for in
//! time, with an assertion that the App's private key has signed.
//!
//! `cargo run -p gha-client --example app_token [-- --repo OWNER/NAME --client-id ID --key FILE
//! --installation ID]`
#![allow(clippy::print_stdout, reason = "it is what the program is for")]

mod support;

use std::future::ready;
use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use gha_client::prelude::*;
use gha_client::{Api, Error, Host, TokenSource};
use http::Method;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Deserialize;
use serde_json::json;

/// Lists artifacts as an installation of a GitHub App, on the host `GH_HOST`; of a fake GitHub if nothing
/// is given.
#[derive(Parser)]
struct Args {
    /// The repository
    #[arg(long, value_name = "OWNER/NAME", requires_all = ["client_id", "key", "installation"])]
    repo: Option<String>,
    /// The client id of the App
    #[arg(long, value_name = "ID", requires = "repo")]
    client_id: Option<String>,
    /// The private key of the App, as GitHub gives it: a file that ends in `.pem`
    #[arg(long, value_name = "FILE", requires = "repo")]
    key: Option<PathBuf>,
    /// The installation of the App
    #[arg(long, value_name = "ID", requires = "repo")]
    installation: Option<i64>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let fake = match args.repo {
        Some(_) => None,
        None => Some(support::start_fake().await?),
    };
    let builder = match &fake {
        Some(fake) => gha_client::builder().host(Host::url(fake.api_url())?),
        None => gha_client::from_env()?,
    };
    let key = match &args.key {
        Some(file) => std::fs::read(file).with_context(|| file.display().to_string())?,
        None => include_bytes!("support/app.pem").to_vec(),
    };
    let key = EncodingKey::from_rsa_pem(&key).context("the App's private key")?;
    let client_id = args.client_id.unwrap_or_else(|| "Iv1.fake".to_owned());
    let installation = args.installation.unwrap_or(support::INSTALLATION);

    let assertions = TokenSource::cached(move || ready(assertion(&client_id, &key)));
    let app = builder.clone().token_source(assertions).build_api()?;
    let tokens = TokenSource::cached(move || installation_token(app.clone(), installation));
    let client = builder.token_source(tokens).build()?;

    let repo = client.parse_repo(args.repo.as_deref().unwrap_or("octo-org/octo-docs"))?;
    let mut artifacts = repo.list_artifacts().stream();
    while let Some(artifact) = artifacts.try_next().await? {
        println!("{}  {}", artifact.id, artifact.name);
    }
    Ok(())
}

/// What proves to be the App, and when it expires. GitHub takes at most ten minutes; a minute of the past is
/// for clocks that differ.
fn assertion(
    client_id: &str,
    key: &EncodingKey,
) -> jsonwebtoken::errors::Result<(String, DateTime<Utc>)> {
    let now = Utc::now();
    let expiry = now + TimeDelta::minutes(9);
    let claims = json!({
        "iss": client_id,
        "iat": (now - TimeDelta::minutes(1)).timestamp(),
        "exp": expiry.timestamp(),
    });
    let assertion = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, key)?;
    Ok((assertion, expiry))
}

/// A token of an installation, and when it expires.
async fn installation_token(app: Api, id: i64) -> Result<(String, DateTime<Utc>), Error> {
    #[derive(Deserialize)]
    struct Created {
        token: String,
        expires_at: DateTime<Utc>,
    }
    let path = format!("/app/installations/{id}/access_tokens");
    let created = app.request(Method::POST, path).send::<Created>().await?;
    let Created { token, expires_at } = created.into_inner();
    Ok((token, expires_at))
}
