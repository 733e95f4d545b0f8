//! Who may do what.

use http::{StatusCode, header};

use super::refusal::Refusal;
use crate::answer::text;
use crate::model::{Access, Token};
use crate::operation::Operation;
use crate::request::ReceivedRequest;
use crate::state::{State, StoredRepo};

/// Who asks: the bearer of a token, or somebody without one.
#[derive(Debug, Default)]
pub(super) struct Caller(Option<Token>);

impl Caller {
    /// `Bearer` and `token` are both fine
    /// ([GitHub's documentation](https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api)).
    pub(super) fn of(request: &ReceivedRequest, state: &State) -> Result<Self, Refusal> {
        if !request.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(None));
        }
        let credentials = text(&request.headers, header::AUTHORIZATION);
        let token = credentials.and_then(|credentials| {
            let (scheme, secret) = credentials.split_once(' ')?;
            let known = ["bearer", "token"].contains(&&*scheme.to_ascii_lowercase());
            state.token(secret.trim()).filter(|_| known)
        });
        match token {
            Some(token) => Ok(Self(Some(token.clone()))),
            None => Err(Refusal::new(StatusCode::UNAUTHORIZED, "Bad credentials")),
        }
    }

    /// What rate limits count by.
    pub(super) fn name(&self) -> &str {
        self.0.as_ref().map_or("", |token| &token.secret)
    }

    /// Private repositories do not exist for those who may not see them.
    pub(super) fn can_see(&self, repo: &StoredRepo) -> bool {
        let token = self.0.as_ref();
        !repo.private || token.is_some_and(|token| covers(token, repo))
    }

    /// Lists of a public repository are for everyone; downloads take a token; what changes something
    /// takes one with the right to write.
    pub(super) fn check(&self, operation: Operation, repo: &StoredRepo) -> Result<(), Refusal> {
        let (needed, is_for_all) = match operation.is_change() {
            true => (Access::Write, false),
            false => (Access::Read, !repo.private),
        };
        let refuse = |status, message: &str| Err(Refusal::new(status, message));
        let forbidden = StatusCode::FORBIDDEN;
        match &self.0 {
            Some(token) if is_for_all || token.access >= needed && covers(token, repo) => Ok(()),
            Some(token) => {
                // Apps and workflows have tokens of this form.
                let who = match token.secret.get(..4) {
                    Some("ghs_") => "integration",
                    _ => "personal access token",
                };
                refuse(forbidden, &format!("Resource not accessible by {who}"))
            }
            None if operation == Operation::DownloadJobLogs => {
                refuse(forbidden, "Must have admin rights to Repository.")
            }
            None if operation.is_change() || operation.is_download() => {
                refuse(StatusCode::UNAUTHORIZED, "Requires authentication")
            }
            None => Ok(()),
        }
    }
}

/// Whether a token is for a repository, by whatever name it was given.
fn covers(token: &Token, repo: &StoredRepo) -> bool {
    token.covers(&repo.name) || repo.former.iter().any(|name| token.covers(name))
}
