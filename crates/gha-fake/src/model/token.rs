use std::fmt;
use std::time::SystemTime;

/// A token that the fake accepts.
///
/// From text it is one that may do everything in every repository.
#[derive(Clone)]
pub struct Token {
    pub(crate) secret: String,
    pub(crate) read_only: bool,
    pub(crate) repos: Option<Vec<String>>,
    pub(crate) expires: Option<SystemTime>,
}

impl Token {
    /// A token that may read and change things in every repository.
    pub fn new(secret: impl Into<String>) -> Self {
        Self {
            secret: secret.into(),
            read_only: false,
            repos: None,
            expires: None,
        }
    }

    setters! {
        /// A token that may not delete or re-run.
        read_only() read_only = true;

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
            .field("read_only", &self.read_only)
            .field("repos", &self.repos)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}
