//! The two listeners, and what becomes of a request.

mod wire;

use std::borrow::Cow;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::answer::{Answer, set};
use crate::clock::http_date;
use crate::content::Content;
use crate::fault::Plan;
use crate::lock::lock;
use crate::operation::{Operation, Route};
use crate::request::{Listener, ReceivedRequest};
use crate::shared::{Call, Shared};
use crate::signed_url::blob_at;
use crate::{api, blob};
use wire::RawAnswer;

/// Serves connections until it is dropped, and ends them all then.
pub(crate) async fn serve(shared: Arc<Shared>, listener: Listener, socket: TcpListener) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        let Ok((stream, _)) = socket.accept().await else {
            // Out of file descriptors: some come free when clients go.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        // Without it small answers wait for the client's acknowledgement.
        let _ = stream.set_nodelay(true);
        let endpoint = Endpoint {
            shared: shared.clone(),
            listener,
            connection: number,
            raw: Mutex::default(),
        };
        connections.spawn(endpoint.serve(stream));
        number += 1;
    }
}

/// What answers the requests of a connection.
struct Endpoint {
    shared: Arc<Shared>,
    listener: Listener,
    connection: u64,
    /// The answer that hyper is not to send.
    raw: Mutex<Option<RawAnswer>>,
}

impl Endpoint {
    async fn serve(self, stream: TcpStream) {
        let service = service_fn(|request| self.answer(request));
        let mut http = http1::Builder::new();
        // The answer's own is that of the fake's clock, and a fault can take it away.
        http.auto_date_header(false);
        let mut connection = http.serve_connection(TokioIo::new(stream), service);
        // What a client does to a connection is no concern of the server's.
        let _ = (&mut connection).await;
        let raw = lock(&self.raw).take();
        if let Some(raw) = raw {
            let stream = connection.into_parts().io.into_inner();
            let _ = raw.write(stream).await;
        }
    }

    /// Fails where hyper has to let go of the connection.
    async fn answer(&self, request: Request<Incoming>) -> io::Result<Response<WholeBody>> {
        let shared = &self.shared;
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let mut request = ReceivedRequest::new(self.listener, parts, body, self.connection);
        let (listener, route) = self.route(&request);
        (request.operation, request.listener) = (route.map(|r| r.operation), listener);
        let request = Arc::new(request);
        {
            let mut log = lock(&shared.log);
            log.push_back(request.clone());
            let most = shared.config.request_log_limit.unwrap_or(10_000);
            let old = log.len().saturating_sub(most);
            log.drain(..old);
        }

        let plan = shared.rules.plan(&request);
        for gate in &plan.gates {
            gate.passed().await;
        }
        if !plan.delay.is_zero() {
            tokio::time::sleep(plan.delay).await;
        }
        let answer = self.make(&request, &plan);
        let mut framing = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING].into_iter();
        let is_framed = framing.any(|name| answer.headers().contains_key(name));
        if plan.wire.is_clean() && !is_framed {
            return Ok(answer.map(|content| WholeBody { content, sent: 0 }));
        }
        let raw = RawAnswer::new(answer, plan.wire, request.method == Method::HEAD);
        *lock(&self.raw) = Some(raw);
        Err(io::Error::other("hyper does not send this answer"))
    }

    fn route<'a>(&self, request: &'a ReceivedRequest) -> (Listener, Option<Route<'a>>) {
        let config = &self.shared.config;
        let is_blob = config.blobs_on_api_origin && blob_at(&request.path).is_some();
        if self.listener == Listener::Blob || is_blob {
            return (Listener::Blob, None);
        }
        let api = Route::api(config.edition, &request.method, &request.path);
        (Listener::Api, api)
    }

    fn make(&self, request: &ReceivedRequest, plan: &Plan) -> Answer {
        let shared = &self.shared;
        let mut understood = Cow::Borrowed(request);
        for rewrite in &plan.rewrites {
            rewrite(understood.to_mut());
        }
        let (listener, route) = self.route(&understood);
        let call = Call {
            shared,
            request: &understood,
            route,
            plan,
        };
        let mut state = lock(&shared.state);
        let hooked = shared.before_answer.run(request, &mut state);
        if hooked || call.operation().is_some_and(Operation::is_change) {
            lock(&shared.pages).clear();
        }
        let mut answer = match listener {
            Listener::Api => api::answer(&call, &mut state),
            Listener::Blob => blob::answer(&call, &state),
        };
        if shared.after_answer.run(request, &mut state) {
            lock(&shared.pages).clear();
        }
        let now = state.now();
        drop(state);
        set(answer.headers_mut(), header::DATE, http_date(now));
        for edit in &plan.edits {
            edit(request, &mut answer, now);
        }
        answer
    }
}

/// The body of an answer that nothing happens to on its way.
struct WholeBody {
    content: Content,
    sent: u64,
}

impl Body for WholeBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        let chunk = self.content.chunk(self.sent, self.content.len());
        self.sent += chunk.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.sent >= self.content.len()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.content.len() - self.sent)
    }
}
