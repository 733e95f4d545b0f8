/// A token that the fake accepts.
///
/// From text it is one that may do everything in every repository.
#[derive(Clone)]
pub struct Token {
    pub(crate) secret: String,
    pub(crate) read_only: bool,
    pub(crate) repos: Option<Vec<String>>,
}

impl Token {
    /// A token that may read and delete in every repository.
    pub fn new(secret: impl Into<String>) -> Self {
        Self {
            secret: secret.into(),
            read_only: false,
            repos: None,
        }
    }

    /// A token that may not delete.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
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

impl From<&str> for Token {
    fn from(secret: &str) -> Self {
        Self::new(secret)
    }
}

impl From<String> for Token {
    fn from(secret: String) -> Self {
        Self::new(secret)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("read_only", &self.read_only)
            .field("repos", &self.repos)
            .finish_non_exhaustive()
    }
}
