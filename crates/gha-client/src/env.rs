use gha_core::Error;

use crate::{ClientBuilder, Host};

/// Starts a client from the environment, with the precedence of
/// [GitHub's command line](https://cli.github.com/manual/gh_help_environment).
///
/// | what | taken from |
/// |---|---|
/// | host | `GH_HOST`; else `GITHUB_API_URL` inside GitHub Actions (`GITHUB_ACTIONS` is `true`); else github.com |
/// | token for github.com and GHE.com | `GH_TOKEN`, else `GITHUB_TOKEN` |
/// | token for any other host | `GH_ENTERPRISE_TOKEN`, else `GITHUB_ENTERPRISE_TOKEN` |
///
/// A token is never sent to a host of the other kind: a workflow on an Enterprise Server passes its
/// token as `GH_ENTERPRISE_TOKEN`. Nor is it sent to a [host](ClientBuilder::host) that the program names
/// afterwards: give that one its own [token](ClientBuilder::token). Empty variables count as absent; without a
/// token, requests are anonymous.
///
/// ```no_run
/// # fn main() -> Result<(), gha_client::Error> {
/// let client = gha_client::from_env()?.user_agent("my-tool/1.0").build()?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`ErrorKind::Configuration`](gha_core::ErrorKind::Configuration) if `GH_HOST` or `GITHUB_API_URL`
/// is unusable.
pub fn from_env() -> Result<ClientBuilder, Error> {
    from_variables(|name| std::env::var(name).ok())
}

fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<ClientBuilder, Error> {
    let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    let in_actions = variable("GITHUB_ACTIONS").as_deref() == Some("true");
    let host = if let Some(name) = variable("GH_HOST") {
        Host::named(&name).map_err(|error| blame("GH_HOST", error))?
    } else if let Some(url) = variable("GITHUB_API_URL").filter(|_| in_actions) {
        Host::url(&url).map_err(|error| blame("GITHUB_API_URL", error))?
    } else {
        Host::github()
    };
    let names = if host.is_cloud {
        ["GH_TOKEN", "GITHUB_TOKEN"]
    } else {
        ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"]
    };
    let builder = crate::builder().host(host.clone());
    let found = names
        .into_iter()
        .find_map(|name| Some((name, variable(name)?)));
    Ok(match found {
        Some((name, token)) => builder.token(token).only_for(host, name),
        None => builder,
    })
}

fn blame(variable: &str, error: Error) -> Error {
    let message = format!("`{variable}` is unusable: {}", error.message());
    error.reclassified(gha_core::ErrorKind::Configuration, message)
}
