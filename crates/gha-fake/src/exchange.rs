//! From a request to its response, on either listener.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::handler::Handler;
use axum::response::Response;
use http::{HeaderValue, header};

use crate::api::Answer;
use crate::body::Served;
use crate::clock::http_date;
use crate::connection::Connection;
use crate::fault::Plan;
use crate::hooks::Moment;
use crate::request::guard;
use crate::server::Shared;
use crate::{Listener, Operation, ReceivedRequest, api, blob};

/// In a response's extensions: close the connection, send nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HangUp;

/// What answers the requests of a route.
#[derive(Clone)]
pub(crate) struct Endpoint {
    shared: Arc<Shared>,
    listener: Listener,
    operation: Option<Operation>,
}

impl Handler<(), ()> for Endpoint {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, (): ()) -> Self::Future {
        Box::pin(self.exchange(request))
    }
}

impl Endpoint {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        listener: Listener,
        operation: Option<Operation>,
    ) -> Self {
        Self {
            shared: shared.clone(),
            listener,
            operation,
        }
    }

    async fn exchange(self, request: Request) -> Response {
        let shared = &self.shared;
        let (mut parts, _) = request.into_parts();
        let connection = parts.extensions.remove::<Connection>().unwrap_or_default();
        let params = match RawPathParams::from_request_parts(&mut parts, &()).await {
            Ok(params) => Params::new(params),
            // Bytes that are no UTF-8: nothing has such a name.
            Err(_) => Params::default(),
        };
        guard(&mut parts.headers);
        let request = ReceivedRequest {
            listener: self.listener,
            operation: self.operation,
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers,
            connection: connection.number,
        };
        shared.log.record(&request);

        let mut plan = shared.rules.plan(&request);
        if self.listener == Listener::Blob && plan.wire.throttle.is_none() {
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
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(HangUp);
            return response;
        }
        let answer = answer(shared, &request, &params, &plan);
        respond(shared, answer, plan, connection)
    }
}

/// The parameters of a path, decoded.
#[derive(Default)]
pub(crate) struct Params(Option<RawPathParams>);

impl Params {
    fn new(params: RawPathParams) -> Self {
        Self(Some(params))
    }

    /// A parameter's value, empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        let mut params = self.0.iter().flat_map(RawPathParams::iter);
        params
            .find(|(param, _)| *param == name)
            .map_or("", |(_, value)| value)
    }
}

fn answer(shared: &Shared, request: &ReceivedRequest, params: &Params, plan: &Plan) -> Answer {
    let mut state = shared.state();
    shared.hooks.run(Moment::Before, request, &mut state);
    let answer = match request.listener {
        Listener::Api => api::answer(shared, &mut state, request, params, plan),
        Listener::Blob => blob::answer(shared, &state, request, params, plan),
    };
    shared.hooks.run(Moment::After, request, &mut state);
    answer
}

fn respond(shared: &Shared, mut answer: Answer, plan: Plan, connection: Connection) -> Response {
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
    let mut response = Response::new(Body::new(body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}
