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
        let (needed, by_right) = match operation.is_change() {
            true => (Access::Write, true),
            false => (Access::Read, repo.private),
        };
        let (status, message) = match &self.0 {
            Some(token) if by_right && (token.access < needed || !covers(token, repo)) => {
                let message = "Resource not accessible by personal access token";
                (StatusCode::FORBIDDEN, message)
            }
            None if operation == Operation::DownloadJobLogs => {
                let message = "Must have admin rights to Repository.";
                (StatusCode::FORBIDDEN, message)
            }
            None if operation.is_change() || operation.is_download() => {
                (StatusCode::UNAUTHORIZED, "Requires authentication")
            }
            _ => return Ok(()),
        };
        Err(Refusal::new(status, message))
    }
}

/// Whether a token is for a repository, by whatever name it was given.
fn covers(token: &Token, repo: &StoredRepo) -> bool {
    token.covers(&repo.name) || repo.former.iter().any(|(name, _)| token.covers(name))
}
