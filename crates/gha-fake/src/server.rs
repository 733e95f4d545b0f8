//! The two listeners.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::api::Limits;
use crate::blob::{Link, Secret, Target};
use crate::builder::Edition;
use crate::connection::{Connection, Stream};
use crate::exchange::Endpoint;
use crate::fault::Rules;
use crate::hooks::Hooks;
use crate::model::Token;
use crate::request::RequestLog;
use crate::{Clock, State};

/// What both listeners and the handle share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    pub(crate) clock: Clock,
    pub(crate) tokens: Vec<Token>,
    pub(crate) limits: Option<Limits>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) hooks: Hooks,
    pub(crate) log: RequestLog,
    pub(crate) edition: Edition,
    pub(crate) versions: Vec<String>,
    pub(crate) odd: bool,
    pub(crate) suffix_ranges: bool,
    pub(crate) link_lifetime: Duration,
    pub(crate) latency: Duration,
    pub(crate) throttle: Option<u64>,
    pub(crate) secret: Secret,
    pub(crate) api_origin: String,
    /// Where signed URLs lead; the API's origin where it has none of its own.
    pub(crate) blob_origin: String,
    pub(crate) answers: AtomicU64,
    pub(crate) errors: AtomicU64,
}

impl Shared {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The base of the documentation's addresses.
    pub(crate) fn docs(&self) -> &'static str {
        match self.edition {
            Edition::GitHub => "https://docs.github.com",
            Edition::EnterpriseServer => "https://docs.github.com/enterprise-server@3.19",
        }
    }

    pub(crate) fn count_error(&self) -> u64 {
        self.errors.fetch_add(1, Ordering::Relaxed)
    }

    /// Eight hexadecimal digits.
    pub(crate) fn request_id(&self) -> HeaderValue {
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        let digit = |place: u32| b"0123456789ABCDEF"[(number >> (4 * place)) as usize & 15];
        let id = [7, 6, 5, 4, 3, 2, 1, 0].map(digit);
        HeaderValue::from_bytes(&id).unwrap_or_else(|_| HeaderValue::from_static("0"))
    }

    /// A signed URL.
    pub(crate) fn sign(&self, state: &State, link: &Link) -> String {
        let file_name = match link.target {
            Target::Artifact(id) => state.artifact(id).map(|a| a.spec.file_name.as_str()),
            Target::Log(_) => Some("job-logs.txt"),
        };
        let file_name = file_name.unwrap_or_default();
        let rest = self.secret.sign(link, self.link_lifetime, file_name);
        format!("{}{rest}", self.blob_origin)
    }
}

/// Serves connections until it is dropped, and ends them all then.
pub(crate) async fn serve(listener: TcpListener, endpoint: Endpoint) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors: some come free when clients go.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        // Without it small answers wait for the client's acknowledgement.
        let _ = stream.set_nodelay(true);
        connections.spawn(serve_connection(
            stream,
            Connection::new(number),
            endpoint.clone(),
        ));
        number += 1;
    }
}

async fn serve_connection(stream: TcpStream, connection: Connection, endpoint: Endpoint) {
    let stream = TokioIo::new(Stream::new(stream, connection.clone()));
    let service = service_fn(move |request| endpoint.clone().answer(request, connection.clone()));
    // What a client or a fault does to a connection is no concern of the server's.
    let _ = http1::Builder::new()
        .serve_connection(stream, service)
        .await;
}
