//! The REST API.

mod apps;
mod auth;
mod operations;
mod query;
mod refusal;
mod render;
mod runs;

use std::borrow::Cow;

use http::{StatusCode, header};

use crate::answer::{self, Answer, set};
use crate::content::Content;
use crate::edition::Edition;
use crate::limits::{self, Usage};
use crate::operation::Operation;
use crate::request::API_VERSION;
use crate::shared::Call;
use crate::state::State;
use auth::Caller;
use query::JsonBody;
use refusal::Refusal;

/// The answer to a request to the API.
pub(crate) fn answer(call: &Call<'_>, state: &mut State) -> Answer {
    let edition = call.shared.config.edition;
    let mut usage = None;
    let result = match &call.plan.reply {
        Some(reply) => {
            let caller = Caller::of(call.request, state).unwrap_or_default();
            usage = call.count(&caller, state);
            let refusal = Refusal::new(reply.status, reply.message_to(call.request));
            Err(refusal.explained_by(reply.docs))
        }
        None if !call.request.path.starts_with(edition.prefix()) => return website(),
        None => call.checked(state, &mut usage),
    };
    let refused = |refusal: Refusal| refusal.answer(edition.docs(), call.operation());
    let mut answer = result.unwrap_or_else(refused);
    call.write_headers(&mut answer, usage);
    answer
}

/// What Enterprise Server says to a client that forgets the API's prefix.
fn website() -> Answer {
    let page = "<!DOCTYPE html>\n<html><head><title>Page not found</title></head></html>\n";
    let html = "text/html; charset=utf-8";
    answer::answer(StatusCode::NOT_FOUND, html, Content::bytes(page))
}

impl Call<'_> {
    fn param(&self, name: &str) -> Cow<'_, str> {
        self.route.map(|route| route.get(name)).unwrap_or_default()
    }

    fn id(&self, name: &str) -> Result<i64, Refusal> {
        query::integer(&self.param(name)).ok_or_else(Refusal::not_found)
    }

    fn body(&self) -> Result<JsonBody, Refusal> {
        JsonBody::parse(&self.request.body)
    }

    /// Everything that GitHub looks at before the operation itself.
    fn checked(&self, state: &mut State, usage: &mut Option<Usage>) -> Result<Answer, Refusal> {
        if self.request.header("user-agent").is_none_or(str::is_empty) {
            let text = "Request forbidden by administrative rules: it has no User-Agent header.\n";
            let (status, plain) = (StatusCode::FORBIDDEN, "text/plain; charset=utf-8");
            return Ok(answer::answer(status, plain, Content::bytes(text)));
        }
        if let Some(name) = self.request.repeated_header() {
            let message = format!("Bad Request: {name} is given twice");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, message));
        }
        self.check_accept()?;
        self.check_version()?;
        let is_app = self.operation() == Some(Operation::CreateInstallationToken);
        let caller = match is_app {
            true => Ok(Caller::default()),
            false => Caller::of(self.request, state),
        };
        *usage = self.count(caller.as_ref().unwrap_or(&Caller::default()), state);
        let caller = caller?;
        if usage.is_some_and(Usage::is_exceeded) {
            let refusal = Refusal::new(StatusCode::FORBIDDEN, limits::PRIMARY);
            return Err(refusal.explained_by(Some(limits::DOCS)));
        }
        match is_app {
            true => self.create_token(state),
            false => self.operate(state, &caller),
        }
    }

    fn count(&self, caller: &Caller, state: &mut State) -> Option<Usage> {
        let limit = self.shared.rate_limit()?;
        Some(state.count(caller.name(), limit))
    }

    /// [Media types](https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types).
    fn check_accept(&self) -> Result<(), Refusal> {
        let accepted = self.request.headers.get_all(header::ACCEPT).iter();
        let accepted: Vec<_> = accepted.filter_map(|list| list.to_str().ok()).collect();
        let accepted = accepted.join(", ").to_ascii_lowercase();
        let is_json = |range: &str| {
            let range = range.split(';').next().unwrap_or_default().trim();
            matches!(range, "*/*" | "application/*" | "application/json")
                || range.starts_with("application/vnd.github")
        };
        let has_none = !self.request.headers.contains_key(header::ACCEPT);
        if has_none || accepted.split(',').any(is_json) {
            return Ok(());
        }
        let message =
            format!("Unsupported 'Accept' header: {accepted:?}. Must accept 'application/json'.");
        Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))
    }

    /// [API versions](https://docs.github.com/en/rest/about-the-rest-api/api-versions).
    fn check_version(&self) -> Result<(), Refusal> {
        let Some(asked) = self.request.headers.get(API_VERSION) else {
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

    fn write_headers(&self, answer: &mut Answer, usage: Option<Usage>) {
        let headers = answer.headers_mut();
        let selected = self.request.header(API_VERSION).unwrap_or("2022-11-28");
        set(headers, header::SERVER, "github.com");
        set(headers, "x-github-media-type", "github.v3; format=json");
        set(headers, "x-github-api-version-selected", selected);
        set(headers, "x-github-request-id", self.shared.request_id());
        if self.shared.config.edition == Edition::EnterpriseServer {
            let version = "enterprise-server@3.19.0";
            set(headers, "x-github-enterprise-version", version);
        }
        if let Some(usage) = usage {
            usage.write(headers);
        }
    }
}
