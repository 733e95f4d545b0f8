use std::fmt;
use std::time::SystemTime;

/// A token that the fake accepts.
///
/// From text it is one that may do everything in every repository.
#[derive(Clone)]
pub struct Token {
    pub(crate) secret: String,
    pub(crate) access: Access,
    pub(crate) repos: Option<Vec<String>>,
    pub(crate) expires: Option<SystemTime>,
}

/// What a token may do with artifacts, jobs and runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Access {
    /// See those of public repositories, as everyone may.
    None,
    Read,
    Write,
}

impl Token {
    /// A token that may read and change things in every repository.
    pub fn new(secret: impl Into<String>) -> Self {
        Self {
            secret: secret.into(),
            access: Access::Write,
            repos: None,
            expires: None,
        }
    }

    setters! {
        /// A token that may not delete or re-run.
        read_only() access = Access::Read;

        /// A token that is refused with 401 from this time of the fake's clock.
        expires_at(at: SystemTime) expires = Some(at);
    }

    /// A repository, `owner/name`, that the token is for; can be repeated. Of the others it sees
    /// those that are public.
    pub fn repo(mut self, repo: impl Into<String>) -> Self {
        self.repos.get_or_insert_default().push(repo.into());
        self
    }

    /// Whether it knows this repository, `owner/name`.
    pub(crate) fn covers(&self, repo: &str) -> bool {
        let repos = self.repos.as_ref();
        repos.is_none_or(|repos| repos.iter().any(|r| r.eq_ignore_ascii_case(repo)))
    }
}

impl<S: Into<String>> From<S> for Token {
    fn from(secret: S) -> Self {
        Self::new(secret)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("access", &self.access)
            .field("repos", &self.repos)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}
