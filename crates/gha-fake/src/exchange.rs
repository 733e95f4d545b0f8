//! From a request to its response, on either listener.

use std::io;
use std::sync::Arc;

use http::{HeaderValue, Method, Response, header};

use crate::api::Answer;
use crate::body::Served;
use crate::clock::http_date;
use crate::connection::Connection;
use crate::fault::Plan;
use crate::hooks::Moment;
use crate::request::guard;
use crate::route::Route;
use crate::server::Shared;
use crate::{Listener, ReceivedRequest, api, blob};

/// What answers the requests of a listener.
#[derive(Clone)]
pub(crate) struct Endpoint {
    shared: Arc<Shared>,
    listener: Listener,
}

impl Endpoint {
    pub(crate) fn new(shared: &Arc<Shared>, listener: Listener) -> Self {
        Self {
            shared: shared.clone(),
            listener,
        }
    }

    /// Fails where a fault ends the connection without an answer.
    pub(crate) async fn answer<B>(
        self,
        request: http::Request<B>,
        connection: Connection,
    ) -> io::Result<Response<Served>> {
        let shared = &self.shared;
        let (mut parts, _) = request.into_parts();
        guard(&mut parts.headers);
        let mut request = ReceivedRequest {
            listener: self.listener,
            operation: None,
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers,
            connection: connection.number,
        };
        let (listener, route) = self.route(&request.method, &request.path);
        request.listener = listener;
        request.operation = route.as_ref().and_then(|route| route.operation);
        shared.log.record(&request);

        let mut plan = shared.rules.plan(&request);
        if listener == Listener::Blob && plan.wire.throttle.is_none() {
            plan.wire.throttle = shared.throttle;
        }
        for gate in &plan.gates {
            gate.passed().await;
        }
        let delay = shared.latency + plan.delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if plan.hang_up {
            return Err(io::Error::other("a fault hangs up"));
        }
        let answer = self.look_up(&request, route.as_ref(), &plan);
        Ok(respond(shared, answer, plan, connection))
    }

    fn route<'a>(&self, method: &Method, path: &'a str) -> (Listener, Option<Route<'a>>) {
        let shared = &self.shared;
        if self.listener == Listener::Blob {
            return (Listener::Blob, Route::blob(path));
        }
        let blob = (shared.blob_origin == shared.api_origin).then(|| Route::blob(path));
        match blob.flatten() {
            Some(route) => (Listener::Blob, Some(route)),
            None => (Listener::Api, Route::api(method, path)),
        }
    }

    fn look_up(&self, request: &ReceivedRequest, route: Option<&Route<'_>>, plan: &Plan) -> Answer {
        let shared = &self.shared;
        let mut state = shared.state();
        shared.hooks.run(Moment::Before, request, &mut state);
        let answer = match request.listener {
            Listener::Api => api::answer(shared, &mut state, request, route, plan),
            Listener::Blob => blob::answer(shared, &state, request, route, plan),
        };
        shared.hooks.run(Moment::After, request, &mut state);
        answer
    }
}

fn respond(
    shared: &Shared,
    mut answer: Answer,
    plan: Plan,
    connection: Connection,
) -> Response<Served> {
    if let Some(body) = plan.body {
        answer.set_body(body);
    }
    if shared.clock.shifted()
        && let Ok(date) = HeaderValue::try_from(http_date(shared.clock.now()))
    {
        answer.headers.insert(header::DATE, date);
    }
    for (name, value) in plan.headers {
        answer.headers.insert(name, value);
    }
    let body = Served::new(answer.body, answer.range, plan.wire, connection);
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}
