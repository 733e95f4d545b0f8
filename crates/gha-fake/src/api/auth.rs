//! Who may do what.

use std::sync::Arc;

use http::{HeaderMap, StatusCode, header};

use super::refusal::Refusal;
use crate::model::Token;
use crate::operation::Operation;
use crate::state::{State, StoredRepo};

/// Who asks.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    Anonymous,
    Token(Arc<Token>),
}

impl Caller {
    /// `Bearer` and `token` are both fine
    /// ([GitHub's documentation](https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api)).
    pub(super) fn of(headers: &HeaderMap, state: &State) -> Result<Self, Refusal> {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(Self::Anonymous);
        };
        value
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| {
                scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")
            })
            .and_then(|(_, secret)| state.token(secret.trim()))
            .map(|token| Self::Token(token.clone()))
            .ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, "Bad credentials"))
    }

    /// What rate limits count by.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Anonymous => "",
            Self::Token(token) => &token.secret,
        }
    }

    /// Private repositories do not exist for those who may not see them.
    pub(super) fn can_see(&self, repo: &StoredRepo) -> bool {
        !repo.private || self.belongs_to(repo)
    }

    fn belongs_to(&self, repo: &StoredRepo) -> bool {
        match self {
            Self::Anonymous => false,
            Self::Token(token) => token.covers(&repo.name),
        }
    }

    /// Lists of a public repository are for everyone; downloads take a token; what changes something
    /// takes one with the right to write.
    pub(super) fn check(&self, operation: Operation, repo: &StoredRepo) -> Result<(), Refusal> {
        let (status, message) = match (self, operation) {
            (Self::Anonymous, Operation::DownloadJobLogs) => (
                StatusCode::FORBIDDEN,
                "Must have admin rights to Repository.",
            ),
            (Self::Anonymous, _)
                if operation.is_change() || operation == Operation::DownloadArtifact =>
            {
                (StatusCode::UNAUTHORIZED, "Requires authentication")
            }
            (Self::Token(token), _)
                if operation.is_change() && (token.read_only || !self.belongs_to(repo)) =>
            {
                (
                    StatusCode::FORBIDDEN,
                    "Resource not accessible by personal access token",
                )
            }
            _ => return Ok(()),
        };
        Err(Refusal::new(status, message))
    }
}
