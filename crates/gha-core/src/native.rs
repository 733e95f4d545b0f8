//! HTTP where there are threads and sockets.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep, timeout};
use url::Url;

use crate::base_url::is_loopback;
use crate::{BaseUrl, Body, Context, Error, ErrorKind, SignedUrl};

/// HTTP that follows no redirect, sends no `Referer`, decompresses and repeats nothing.
///
/// What is plain http to this machine goes through no proxy: it would leave the machine.
#[derive(Clone)]
pub struct Http(Arc<Clients>);

type Configure = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;

/// One client each for https, for http, and for http to this machine, built when it is needed: reading
/// the platform's certificates takes its time.
struct Clients {
    clients: [OnceLock<reqwest::Client>; 3],
    connect_timeout: Duration,
    idle_timeout: Duration,
    configure: Box<Configure>,
}

impl Http {
    /// Clients as configured, save for what this crate promises. `idle_timeout` is how long a server
    /// may be silent while somebody waits for it.
    pub fn new(
        connect_timeout: Duration,
        idle_timeout: Duration,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Clients {
            clients: Default::default(),
            connect_timeout,
            idle_timeout,
            configure: Box::new(configure),
        }))
    }

    /// Makes sure that requests to an API can be sent, as far as that can be told before.
    pub fn prepare(&self, api: &BaseUrl) -> Result<(), Error> {
        const TLS: bool = cfg!(any(feature = "rustls-no-provider", feature = "native-tls"));
        if api.url().scheme() == "https" && !TLS && !cfg!(feature = "rustls") {
            return Err(Error::new(
                ErrorKind::Configuration,
                "this build knows no TLS for https; enable the feature `rustls` or `native-tls`",
            ));
        }
        self.client(api.url()).map(|_| ())
    }

    fn client(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        let [https, http, local] = &self.0.clients;
        let client = match url.scheme() {
            "https" => https,
            _ if is_loopback(url) => local,
            _ => http,
        };
        if let Some(client) = client.get() {
            return Ok(client);
        }
        let built = self.0.build(url)?;
        Ok(client.get_or_init(|| built))
    }

    /// Sends a request to the API; a redirect is its answer.
    pub async fn call(
        &self,
        request: http::Request<Bytes>,
        context: &Context,
    ) -> Result<http::Response<Body>, Error> {
        let mut request = reqwest::Request::try_from(request).map_err(|error| {
            Error::new(ErrorKind::InvalidRequest, "no valid request").with_source(Cause::of(error))
        })?;
        *request.timeout_mut() = context.timeout;
        self.execute(request).await
    }

    /// Requests what a signed URL leads to.
    pub async fn fetch(
        &self,
        url: &SignedUrl,
        headers: HeaderMap,
    ) -> Result<http::Response<Body>, Error> {
        let mut request = reqwest::Request::new(http::Method::GET, url.url().clone());
        *request.headers_mut() = headers;
        let identity = HeaderValue::from_static("identity");
        request.headers_mut().insert(ACCEPT_ENCODING, identity);
        self.execute(request).await
    }

    async fn execute(&self, request: reqwest::Request) -> Result<http::Response<Body>, Error> {
        let client = self.client(request.url())?;
        let (clients, server) = (&*self.0, Server::of(request.url()));
        let patience = clients.connect_timeout.saturating_add(clients.idle_timeout);
        let response = timeout(patience, client.execute(request)).await;
        let response = response.map_err(|_| server.silent(clients.idle_timeout))?;
        let response = response.map_err(|error| server.failed(error))?;
        Ok(http::Response::from(response).map(|body| {
            Body::new(Incoming {
                body,
                server,
                idle_timeout: clients.idle_timeout,
                silence: None,
            })
        }))
    }
}

impl Clients {
    fn build(&self, url: &Url) -> Result<reqwest::Client, Error> {
        ensure_provider()?;
        let builder = reqwest::Client::builder().connect_timeout(self.connect_timeout);
        let builder = match url.scheme() {
            "https" => builder,
            _ if is_loopback(url) => without_certificates(builder).no_proxy(),
            _ => without_certificates(builder),
        };
        let builder = (self.configure)(builder)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd();
        builder.build().map_err(|error| {
            Error::new(
                ErrorKind::Configuration,
                "cannot set up TLS; where the system has no root certificates, install its package \
                 `ca-certificates` or name a file of them in `SSL_CERT_FILE`",
            )
            .with_source(Cause::of(error))
        })
    }
}

/// Plain http works where there are no certificates, and sooner where there are.
fn without_certificates(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(any(
        feature = "rustls",
        feature = "rustls-no-provider",
        feature = "native-tls"
    ))]
    let builder = builder.tls_certs_only([]);
    builder
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").finish_non_exhaustive()
    }
}

/// Host and port, as errors name them.
#[derive(Clone)]
struct Server(Arc<str>);

impl Server {
    fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        Self(format!("{host}:{port}").into())
    }

    fn silent(&self, patience: Duration) -> Error {
        let (server, patience) = (&self.0, patience.as_secs_f32());
        Error::new(
            ErrorKind::Timeout,
            format!("{server} was silent for {patience} s; try again, or raise the idle timeout"),
        )
    }

    /// The error of the HTTP client, without its URL, which may be a signed one.
    fn failed(&self, error: reqwest::Error) -> Error {
        let server = &self.0;
        let (kind, message) = if error.is_connect() {
            let (kind, stage) = stage(&error);
            (kind, format!("cannot connect to {server}: {stage}"))
        } else if error.is_timeout() {
            (
                ErrorKind::Timeout,
                format!("{server} took too long to answer; try again, or raise the timeout"),
            )
        } else if error.is_builder() {
            (
                ErrorKind::Configuration,
                format!("cannot send a request to {server}; check how HTTP is configured"),
            )
        } else {
            (
                ErrorKind::Network,
                format!("the connection to {server} broke; try again"),
            )
        };
        Error::new(kind, message).with_source(Cause::of(error))
    }
}

/// At which stage a connection failed, and what that is. The HTTP client says it in words alone.
fn stage(error: &reqwest::Error) -> (ErrorKind, &'static str) {
    let texts: Vec<_> = causes(error).map(ToString::to_string).collect();
    let says = |words: &str| texts.iter().any(|text| text.contains(words));
    // In the words of rustls and of OpenSSL.
    if says("invalid peer certificate") || says("certificate verify failed") {
        let advice = "its certificate is refused; check the name and this machine's clock, or have the \
                      system trust whoever signed it (`SSL_CERT_FILE`)";
        return (ErrorKind::Certificate, advice);
    }
    let advice = if says("tunnel error") || says("SOCKS") || says("socks") {
        "the proxy failed; check `HTTPS_PROXY` and `HTTP_PROXY`"
    } else if says("dns error") {
        "its name could not be resolved; check the name and the network"
    } else if error.is_timeout() {
        "it did not answer in time; try again, or raise the connect timeout"
    } else if says("tcp ") {
        "the TCP connection failed; check host, port and network"
    } else {
        "the TLS handshake failed; check that it speaks TLS, and that its certificate is trusted"
    };
    (ErrorKind::Connect, advice)
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(error.source(), |&error| error.source())
}

/// The innermost cause of an error of the HTTP client: what wraps it says less than we do.
#[derive(Debug)]
struct Cause(String);

impl Cause {
    fn of(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let innermost = causes(&error).last().map(ToString::to_string);
        Self(innermost.unwrap_or_else(|| error.to_string()))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Cause {}

/// A body from the network, which may be silent for so long while it is polled. A reader that takes
/// its time is none of the server's silence.
struct Incoming {
    body: reqwest::Body,
    server: Server,
    idle_timeout: Duration,
    silence: Option<Pin<Box<Sleep>>>,
}

/// Whoever polls so much later than the end of the silence was not waiting all the time.
const LATE: Duration = Duration::from_secs(1);

impl http_body::Body for Incoming {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.silence = None;
            return Poll::Ready(
                frame.map(|frame| frame.map_err(|error| this.server.failed(error))),
            );
        }
        let patience = this.idle_timeout;
        let silence = this
            .silence
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        if silence.deadline() + LATE < Instant::now() {
            silence.set(sleep(patience));
        }
        ready!(silence.as_mut().poll(cx));
        Poll::Ready(Some(Err(this.server.silent(patience))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Makes sure that rustls has a cryptography provider before reqwest asks for one, which would
/// panic without. One that the application installed is left alone.
#[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
fn ensure_provider() -> Result<(), Error> {
    use rustls::crypto::CryptoProvider;

    if CryptoProvider::get_default().is_some() {
        return Ok(());
    }
    #[cfg(feature = "rustls")]
    {
        // Losing a race to another thread leaves a provider installed just the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(())
    }
    #[cfg(not(feature = "rustls"))]
    Err(Error::new(
        ErrorKind::Configuration,
        "rustls has no cryptography provider; call \
         `rustls::crypto::CryptoProvider::install_default` first, or enable feature `rustls`",
    ))
}

#[cfg(not(any(feature = "rustls", feature = "rustls-no-provider")))]
#[expect(clippy::unnecessary_wraps, reason = "with rustls it can fail")]
fn ensure_provider() -> Result<(), Error> {
    Ok(())
}
