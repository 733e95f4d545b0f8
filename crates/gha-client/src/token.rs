use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use gha_core::blocking::spawned;
use gha_core::{Error, ErrorKind, bearer};
use http::HeaderValue;
use tokio::sync::Mutex;
use tokio::time::Instant;

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
        if self.0.is_empty() {
            let message = "the token is empty; give one, or none at all for public repositories";
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        bearer(&self.0)
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

/// Where tokens come from that do not live as long as the client: an App's installation token
/// [expires after one hour](https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app).
///
/// A source that fails is asked again as the [`RetryPolicy`](crate::RetryPolicy) says.
///
/// ```
/// use std::io;
/// use chrono::{DateTime, Utc};
/// use gha_client::TokenSource;
///
/// # async fn request_installation_token() -> io::Result<(String, DateTime<Utc>)> {
/// #     Ok(("…".into(), Utc::now()))
/// # }
/// let source = TokenSource::cached(|| async {
///     // What `POST /app/installations/{installation_id}/access_tokens` answers.
///     let (token, expires_at) = request_installation_token().await?;
///     Ok::<_, io::Error>((token, expires_at))
/// });
/// # drop(gha_client::builder().token_source(source));
/// ```
#[derive(Clone)]
pub struct TokenSource(Kind);

#[derive(Clone)]
enum Kind {
    Fixed(Token),
    Asked(Arc<Ask<Token>>),
    Cached(Arc<Cached>),
}

/// Why a [`TokenSource`] has no token.
type SourceError = Box<dyn StdError + Send + Sync>;
type Ask<T> =
    dyn Fn() -> Pin<Box<dyn Future<Output = Result<T, SourceError>> + Send>> + Send + Sync;

impl TokenSource {
    /// A source that runs `ask` before every attempt of a request.
    pub fn new<F, Fut, T, E>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Into<Token>,
        E: Into<SourceError>,
    {
        Self(Kind::Asked(Arc::new(move || {
            let token = ask();
            Box::pin(async move { token.await.map(Into::into).map_err(Into::into) })
        })))
    }

    /// A source that runs `ask` for a token and its expiry, and keeps that token until shortly before it
    /// expires: a minute, or a tenth of a shorter life.
    ///
    /// Only one request asks at a time. A token that GitHub refuses (401) is asked for once more.
    pub fn cached<F, Fut, T, E>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(T, DateTime<Utc>), E>> + Send + 'static,
        T: Into<Token>,
        E: Into<SourceError>,
    {
        let ask: Box<Ask<(Token, DateTime<Utc>)>> = Box::new(move || {
            let asked = ask();
            Box::pin(async move {
                let (token, expiry) = asked.await.map_err(Into::into)?;
                Ok((token.into(), expiry))
            })
        });
        let kept = Mutex::new(None);
        Self(Kind::Cached(Arc::new(Cached { ask, kept })))
    }

    /// A source of one token.
    pub(crate) fn fixed(token: Token) -> Self {
        Self(Kind::Fixed(token))
    }

    /// Refuses a token that cannot be sent now rather than at the first request.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match &self.0 {
            Kind::Fixed(token) => token.bearer().map(drop),
            Kind::Asked(_) | Kind::Cached(_) => Ok(()),
        }
    }

    /// The value of `Authorization`.
    pub(crate) async fn bearer(&self) -> Result<HeaderValue, Error> {
        match &self.0 {
            Kind::Fixed(token) => token.bearer(),
            Kind::Asked(ask) => ask().await.map_err(no_token)?.bearer(),
            Kind::Cached(cached) => cached.token().await?.bearer(),
        }
    }

    /// Forgets a token that was refused; whether there can be another one.
    pub(crate) async fn forget(&self, refused: &HeaderValue) -> bool {
        let Kind::Cached(cached) = &self.0 else {
            return false;
        };
        let mut kept = cached.kept.lock().await;
        // Another call may have got a new one since.
        let is_refused = |kept: &Kept| kept.token.bearer().is_ok_and(|it| it == refused);
        if kept.as_ref().is_some_and(is_refused) {
            *kept = None;
        }
        true
    }
}

fn no_token(error: SourceError) -> Error {
    Error::new(
        ErrorKind::Unauthorized,
        "the token source has no token: its error says why",
    )
    .with_source(error)
}

/// A token that is kept, and where the next one comes from.
struct Cached {
    ask: Box<Ask<(Token, DateTime<Utc>)>>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    token: Token,
    /// On a clock that nobody sets.
    renew_at: Instant,
    expires_at: Instant,
}

/// How long before it expires a token is renewed.
const MARGIN: Duration = Duration::from_secs(60);

impl Cached {
    async fn token(self: &Arc<Self>) -> Result<Token, Error> {
        if let Ok(kept) = self.kept.try_lock()
            && let Some(token) = fresh(&kept)
        {
            return Ok(token);
        }
        let this = self.clone();
        // On a task of its own: a caller who is not polled meanwhile would hold up all others.
        spawned(async move {
            let mut kept = this.kept.lock().await;
            if let Some(token) = fresh(&kept) {
                return Ok(token);
            }
            match (this.ask)().await {
                Ok((token, expiry)) => {
                    let life = (expiry - Utc::now()).to_std().unwrap_or_default();
                    let now = Instant::now();
                    *kept = Some(Kept {
                        token: token.clone(),
                        renew_at: now + (life - MARGIN.min(life / 10)),
                        expires_at: now + life,
                    });
                    Ok(token)
                }
                Err(error) => match &*kept {
                    Some(kept) if Instant::now() < kept.expires_at => Ok(kept.token.clone()),
                    _ => Err(no_token(error)),
                },
            }
        })
        .await
    }
}

fn fresh(kept: &Option<Kept>) -> Option<Token> {
    let kept = kept
        .as_ref()
        .filter(|kept| Instant::now() < kept.renew_at)?;
    Some(kept.token.clone())
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}
