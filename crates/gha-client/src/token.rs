use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use gha_core::{Error, ErrorKind};
use http::HeaderValue;

/// A secret that authenticates requests: a personal access token, or the token of an App or of a
/// workflow.
///
/// White space around it is dropped, since files and variables often end in a line feed. `Debug`
/// hides it, and there is no `Display`.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Wraps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into().trim().to_owned())
    }

    /// The secret. Keep it out of logs.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The value of `Authorization`.
    pub(crate) fn bearer(&self) -> Result<HeaderValue, Error> {
        let unusable = |why| Error::new(ErrorKind::Configuration, format!("the token {why}"));
        if self.0.is_empty() {
            return Err(unusable("is empty"));
        }
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0))
            .map_err(|_| unusable("holds characters that no header can carry"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl<S: Into<String>> From<S> for Token {
    fn from(secret: S) -> Self {
        Self::new(secret)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}

/// Why a [`TokenSource`] has no token.
type SourceError = Box<dyn StdError + Send + Sync>;

/// Where tokens come from that do not live as long as the client: an App's installation token
/// [expires after one hour](https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app).
///
/// It is asked before every attempt of a request, so it should keep a token until shortly before
/// that expires.
///
/// ```
/// use std::io;
/// use std::sync::Arc;
/// use std::time::{Duration, Instant};
/// use gha_client::{Token, TokenSource};
/// use tokio::sync::Mutex;
///
/// # async fn request_installation_token() -> io::Result<Token> { Ok("…".into()) }
/// let kept = Arc::new(Mutex::new(None::<(Token, Instant)>));
/// let source = TokenSource::new(move || {
///     let kept = Arc::clone(&kept);
///     async move {
///         let mut kept = kept.lock().await;
///         match &*kept {
///             Some((token, at)) if at.elapsed() < Duration::from_secs(55 * 60) => Ok(token.clone()),
///             _ => {
///                 let token = request_installation_token().await?;
///                 *kept = Some((token.clone(), Instant::now()));
///                 Ok::<_, io::Error>(token)
///             }
///         }
///     }
/// });
/// # drop(gha_client::builder().token_source(source));
/// ```
#[derive(Clone)]
pub struct TokenSource(Arc<Ask>);

type Ask =
    dyn Fn() -> Pin<Box<dyn Future<Output = Result<Token, SourceError>> + Send>> + Send + Sync;

impl TokenSource {
    /// A source that runs `ask`.
    pub fn new<F, Fut, T, E>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Into<Token>,
        E: Into<SourceError>,
    {
        Self(Arc::new(move || {
            let token = ask();
            Box::pin(async move { token.await.map(Into::into).map_err(Into::into) })
        }))
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}

/// How requests to the API are authenticated.
#[derive(Clone, Debug, Default)]
pub(crate) enum Auth {
    #[default]
    Anonymous,
    Token(Token),
    Source(TokenSource),
}

impl Auth {
    /// Refuses a token that cannot be sent now rather than at the first request.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Token(token) => token.bearer().map(|_| ()),
            Self::Anonymous | Self::Source(_) => Ok(()),
        }
    }

    pub(crate) fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }

    pub(crate) async fn header(&self) -> Result<Option<HeaderValue>, Error> {
        match self {
            Self::Anonymous => Ok(None),
            Self::Token(token) => token.bearer().map(Some),
            Self::Source(source) => match (source.0)().await {
                Ok(token) => token.bearer().map(Some),
                Err(error) => Err(Error::new(
                    ErrorKind::Unauthorized,
                    "the token source has no token",
                )
                .with_source(error)),
            },
        }
    }
}
