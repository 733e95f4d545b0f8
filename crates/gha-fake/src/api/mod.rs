//! The REST API.

mod answer;
mod auth;
mod errors;
mod json;
mod limits;
mod odd;
mod operations;
mod pages;

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, StatusCode, header};

pub(crate) use answer::Answer;
use auth::Caller;
use errors::Refusal;
pub(crate) use errors::storage_error;
pub(crate) use limits::{Limits, Usage};
pub(crate) use pages::PageCache;

use crate::builder::Edition;
use crate::fault::{Plan, Reply};
use crate::route::{Route, SERVER_PREFIX};
use crate::server::Shared;
use crate::{ReceivedRequest, State};

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
    let mut usage = None;
    let result = match &plan.reply {
        Some(reply) => call.reply(reply, state, &mut usage),
        None => call.checked(state, &mut usage),
    };
    let mut answer = result.unwrap_or_else(|refusal| call.refuse(refusal));
    call.write_headers(&mut answer, usage);
    answer
}

impl Call<'_> {
    fn param(&self, name: &str) -> Cow<'_, str> {
        self.route
            .map_or_else(Cow::default, |route| route.get(name))
    }

    fn id(&self, name: &str) -> Result<i64, Refusal> {
        self.param(name).parse().map_err(|_| Refusal::not_found())
    }

    fn query(&self) -> &str {
        self.request.query.as_deref().unwrap_or_default()
    }

    /// Where the API is, as this request came to it.
    fn base(&self) -> String {
        let prefix = if self.request.path.starts_with(SERVER_PREFIX) {
            SERVER_PREFIX
        } else {
            ""
        };
        format!("{}{prefix}", self.shared.api_origin)
    }

    /// Everything that GitHub looks at before the operation itself.
    fn checked(&self, state: &mut State, usage: &mut Option<Usage>) -> Result<Answer, Refusal> {
        if self.request.header("user-agent").is_none_or(str::is_empty) {
            return Ok(Answer::new(
                StatusCode::FORBIDDEN,
                "text/plain; charset=utf-8",
                "Request forbidden by administrative rules: it has no User-Agent header.\n",
            ));
        }
        self.check_version()?;
        let headers = &self.request.headers;
        let caller = Caller::from_headers(headers, &self.shared.tokens).inspect_err(|_| {
            *usage = self.count(&Caller::Anonymous, state);
        })?;
        *usage = self.count(&caller, state);
        usage.map_or(Ok(()), Usage::check)?;
        self.operate(state, &caller)
            .map_err(|refusal| refusal.of(self.request.operation))
    }

    fn count(&self, caller: &Caller<'_>, state: &State) -> Option<Usage> {
        let limits = self.shared.limits.as_ref()?;
        Some(limits.count(caller.name(), state.now()))
    }

    /// [API versions](https://docs.github.com/en/rest/about-the-rest-api/api-versions).
    fn check_version(&self) -> Result<(), Refusal> {
        let versions = &self.shared.versions;
        match self.request.headers.get(VERSION) {
            Some(asked) if !versions.iter().any(|v| v.as_bytes() == asked.as_bytes()) => {
                let asked = String::from_utf8_lossy(asked.as_bytes());
                let message = format!(
                    "\"X-GitHub-Api-Version\" asks for {asked:?}, which is not supported. Supported: {}",
                    versions.join(", ")
                );
                Err(Refusal::new(StatusCode::BAD_REQUEST, message)
                    .with("supported_versions", versions.as_slice()))
            }
            _ => Ok(()),
        }
    }

    fn reply(
        &self,
        reply: &Reply,
        state: &State,
        usage: &mut Option<Usage>,
    ) -> Result<Answer, Refusal> {
        *usage = self.count(&Caller::Anonymous, state);
        let refusal = match reply {
            Reply::Status(status) => {
                Refusal::new(*status, status.canonical_reason().unwrap_or("Unknown"))
            }
            Reply::PrimaryLimit { status, reset_in } => {
                let known = usage.unwrap_or_else(|| Usage::of_limit(5000));
                *usage = Some(known.spent(state.now() + *reset_in));
                limits::primary(*status)
            }
            Reply::SecondaryLimit { status } => limits::secondary(*status),
            Reply::Redirect { status, to } => {
                let url = to.clone().unwrap_or_else(|| self.own_url());
                return Ok(self.moved(*status, &url));
            }
            Reply::Html => return Ok(Answer::html()),
            Reply::GzipBomb(bomb) => return Ok(Answer::gzip(answer::JSON, bomb)),
        };
        Err(refusal.of(self.request.operation))
    }

    fn own_url(&self) -> String {
        let query = self.request.query.as_ref();
        let query = query.map_or(String::new(), |query| format!("?{query}"));
        format!("{}{}{query}", self.shared.api_origin, self.request.path)
    }

    fn moved(&self, status: StatusCode, url: &str) -> Answer {
        let reason = status.canonical_reason().unwrap_or("Moved");
        let body = Refusal::new(status, reason)
            .with("url", url)
            .body(self.shared.docs());
        Answer::json(status, &body).location(url)
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        let status = refusal.status;
        if self.shared.odd {
            return Answer::json(
                status,
                &odd::error(&refusal.message, self.shared.count_error()),
            );
        }
        Answer::json(status, &refusal.body(self.shared.docs()))
    }

    fn write_headers(&self, answer: &mut Answer, usage: Option<Usage>) {
        let shared = self.shared;
        let headers = &mut answer.headers;
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
        headers.insert(REQUEST_ID, shared.request_id());
        if shared.edition == Edition::EnterpriseServer {
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
