//! The REST API.

mod apps;
mod auth;
mod operations;
mod query;
mod refusal;
mod render;
mod runs;

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::answer::{self, Answer};
use crate::content::Content;
use crate::edition::Edition;
use crate::fault::{Plan, Reply};
use crate::limits::{self, Usage};
use crate::operation::{Operation, Route};
use crate::request::ReceivedRequest;
use crate::shared::Shared;
use crate::state::State;
use auth::Caller;
use query::JsonBody;
use refusal::Refusal;

const MEDIA_TYPE: HeaderName = HeaderName::from_static("x-github-media-type");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-github-request-id");
const VERSION: HeaderName = HeaderName::from_static("x-github-api-version");
const VERSION_SELECTED: HeaderName = HeaderName::from_static("x-github-api-version-selected");

/// A request to the API while it is answered.
struct Call<'a> {
    shared: &'a Shared,
    request: &'a ReceivedRequest,
    route: Option<&'a Route<'a>>,
    plan: &'a Plan,
}

/// The answer to a request to the API.
pub(crate) fn answer(
    shared: &Shared,
    state: &mut State,
    request: &ReceivedRequest,
    route: Option<&Route<'_>>,
    plan: &Plan,
) -> Answer {
    let call = Call {
        shared,
        request,
        route,
        plan,
    };
    if plan.reply.is_none() && !request.path.starts_with(shared.config.edition.prefix()) {
        return website();
    }
    let mut usage = None;
    let result = match &plan.reply {
        Some(reply) => {
            usage = call.count(&Caller::Anonymous, state);
            Err(call.refusal(reply))
        }
        None => call.checked(state, &mut usage),
    };
    let mut answer = result.unwrap_or_else(|refusal| call.refuse(refusal));
    call.write_headers(&mut answer, usage);
    answer
}

/// What Enterprise Server says to a client that forgets the API's prefix.
fn website() -> Answer {
    answer::answer(
        StatusCode::NOT_FOUND,
        "text/html; charset=utf-8",
        Content::bytes(
            "<!DOCTYPE html>\n<html><head><title>Page not found</title></head></html>\n",
        ),
    )
}

impl Call<'_> {
    fn operation(&self) -> Option<Operation> {
        self.route.and_then(|route| route.operation)
    }

    fn param(&self, name: &str) -> Cow<'_, str> {
        self.route
            .map_or_else(Cow::default, |route| route.get(name))
    }

    fn id(&self, name: &str) -> Result<i64, Refusal> {
        query::integer(&self.param(name)).ok_or_else(Refusal::not_found)
    }

    fn query(&self) -> &str {
        self.request.query.as_deref().unwrap_or_default()
    }

    fn body(&self) -> Result<JsonBody, Refusal> {
        JsonBody::parse(&self.request.body)
    }

    /// Where the API is.
    fn base(&self) -> String {
        let shared = self.shared;
        format!("{}{}", shared.api_origin, shared.config.edition.prefix())
    }

    /// Everything that GitHub looks at before the operation itself.
    fn checked(&self, state: &mut State, usage: &mut Option<Usage>) -> Result<Answer, Refusal> {
        if self.request.header("user-agent").is_none_or(str::is_empty) {
            let text = "Request forbidden by administrative rules: it has no User-Agent header.\n";
            return Ok(answer::answer(
                StatusCode::FORBIDDEN,
                "text/plain; charset=utf-8",
                Content::bytes(text),
            ));
        }
        self.check_accept()?;
        self.check_version()?;
        let is_app = self.operation() == Some(Operation::CreateInstallationToken);
        let caller = match is_app {
            true => Ok(Caller::Anonymous),
            false => Caller::of(&self.request.headers, state),
        };
        *usage = self.count(caller.as_ref().unwrap_or(&Caller::Anonymous), state);
        let caller = caller?;
        if usage.is_some_and(Usage::is_exceeded) {
            let refusal = Refusal::new(StatusCode::FORBIDDEN, limits::PRIMARY);
            return Err(refusal.explained_by(limits::DOCS));
        }
        if is_app {
            return self.create_token(state);
        }
        self.operate(state, &caller)
    }

    fn count(&self, caller: &Caller, state: &State) -> Option<Usage> {
        let limit = self.shared.rate_limit.as_ref()?;
        Some(limit.count(caller.name(), state.now()))
    }

    /// [Media types](https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types).
    fn check_accept(&self) -> Result<(), Refusal> {
        let Some(accepted) = self.request.header("accept") else {
            return Ok(());
        };
        let is_json = |range: &str| {
            let range = range.split(';').next().unwrap_or_default().trim();
            matches!(range, "*/*" | "application/*" | "application/json")
                || range.starts_with("application/vnd.github")
        };
        if accepted.split(',').any(is_json) {
            return Ok(());
        }
        let message =
            format!("Unsupported 'Accept' header: {accepted:?}. Must accept 'application/json'.");
        Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))
    }

    /// [API versions](https://docs.github.com/en/rest/about-the-rest-api/api-versions).
    fn check_version(&self) -> Result<(), Refusal> {
        let Some(asked) = self.request.headers.get(VERSION) else {
            return Ok(());
        };
        let versions = self.shared.versions();
        if versions.iter().any(|v| v.as_bytes() == asked.as_bytes()) {
            return Ok(());
        }
        let message = format!(
            "\"X-GitHub-Api-Version\" asks for {:?}, which is not supported. Supported: {}",
            String::from_utf8_lossy(asked.as_bytes()),
            versions.join(", ")
        );
        let refusal = Refusal::new(StatusCode::BAD_REQUEST, message);
        Err(refusal.with("supported_versions", versions))
    }

    fn refusal(&self, reply: &Reply) -> Refusal {
        let refusal = Refusal::new(reply.status, reply.message_to(self.request));
        match reply.docs {
            Some(docs) => refusal.explained_by(docs),
            None => refusal,
        }
    }

    fn moved(&self, status: StatusCode, url: &str) -> Answer {
        let reason = status.canonical_reason().unwrap_or("Moved");
        let refusal = Refusal::new(status, reason).with("url", url);
        answer::leading_to(self.refuse(refusal), url)
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        let status = refusal.status;
        let docs = self.shared.config.edition.docs();
        answer::json(status, &refusal.of(self.operation()).body(docs))
    }

    fn write_headers(&self, answer: &mut Answer, usage: Option<Usage>) {
        let headers = answer.headers_mut();
        headers.insert(header::SERVER, HeaderValue::from_static("github.com"));
        headers.insert(
            MEDIA_TYPE,
            HeaderValue::from_static("github.v3; format=json"),
        );
        let selected = self.request.headers.get(VERSION);
        headers.insert(
            VERSION_SELECTED,
            selected.map_or(HeaderValue::from_static("2022-11-28"), Clone::clone),
        );
        headers.insert(REQUEST_ID, self.shared.request_id());
        if self.shared.config.edition == Edition::EnterpriseServer {
            headers.insert(
                "x-github-enterprise-version",
                HeaderValue::from_static("enterprise-server@3.19.0"),
            );
        }
        if let Some(usage) = usage {
            usage.write(headers);
        }
    }
}
