//! Requests for what a redirect leads to: links that are renewed, hops, answers that count.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gha_core::blocking::spawned;
use gha_core::{
    Api, Body, Content, Error, ErrorKind, Operation, Redirected, Retries, RetryPolicy, SignedUrl,
};
use http::header::{
    CONTENT_ENCODING, DATE, HeaderMap, HeaderName, HeaderValue, IF_RANGE, LOCATION, RANGE,
    RETRY_AFTER, TRANSFER_ENCODING,
};
use http::{Response, StatusCode};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::head::{ContentRange, Head, body_length};

/// How many redirects a blob store may answer with before the content must come.
const MAX_HOPS: usize = 5;

/// How long a link is used for new requests; GitHub's are
/// [good for a minute](https://docs.github.com/rest/actions/artifacts#download-an-artifact).
const LINK_AGE: Duration = Duration::from_secs(45);

/// How often in a row a store may lack a content, which it has a little later, before the API is asked
/// why.
const MAX_BEHIND: u32 = 4;

type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The content of one redirect operation, whatever its builder's type.
pub(super) struct Blob {
    api: Api,
    operation: &'static Operation,
    locate: Box<dyn Fn() -> Pending<Result<Content, Error>> + Send + Sync>,
    why_missing: Box<dyn Fn(Error) -> Pending<Error> + Send + Sync>,
    link: Arc<Mutex<Option<Link>>>,
    /// The first link, which tells the request that it answered.
    first: OnceLock<SignedUrl>,
    policy: RetryPolicy,
}

/// A signed URL and when it was obtained, on a clock that nobody sets.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) url: SignedUrl,
    at: Instant,
}

/// Where a content is.
enum Place {
    At(Link),
    /// In the answer of the API.
    Here(Box<Response<Body>>),
}

/// The bytes that are asked for, and what is known of the content.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) offset: u64,
    /// Where a part ends; `None` for everything from the offset on.
    pub(super) until: Option<u64>,
    /// `None` before the first answer.
    pub(super) head: Option<Head>,
    /// Whether the whole content from its first byte will do as well.
    pub(super) may_start_over: bool,
}

/// An answer that gives what is asked for.
pub(super) enum Opened {
    /// All of the content, from its first byte.
    Whole(Head, Body),
    /// The bytes from the wanted offset on, up to the one before this offset; there may be more.
    Part(Head, u64, Body),
    /// There are none: the content ends at the wanted offset.
    End(Head),
}

/// An attempt that failed, and whether another one can help.
enum Failure {
    Passing(Error),
    Final(Error),
}

impl Blob {
    pub(super) fn new(builder: impl Redirected) -> Self {
        let api = builder.api().clone();
        // More attempts than a call makes: what has been received is too good to be given up.
        let policy = api.retry().cloned();
        let policy = policy.unwrap_or_else(|| RetryPolicy::default().max_attempts(8));
        Self {
            api,
            operation: builder.operation(),
            why_missing: Box::new({
                let builder = builder.clone();
                move |missing| Box::pin(builder.clone().why_missing(missing))
            }),
            locate: Box::new(move || Box::pin(builder.clone().send_content())),
            link: Arc::default(),
            first: OnceLock::new(),
            policy,
        }
    }

    /// A count of attempts in a row, none of which has failed yet.
    pub(super) fn retries(&self) -> Retries {
        Retries::new(self.policy.clone())
    }

    /// Names in an error the operation that led here, and the path of its request.
    pub(super) fn attribute(&self, error: Error) -> Error {
        match self.first.get() {
            Some(url) => url.attribute(error),
            None => error.with_operation(self.operation),
        }
    }

    /// The path of the links.
    pub(super) fn path(&self) -> Option<&str> {
        Some(self.first.get()?.path())
    }

    /// A link to use after `failed`: one that another reader obtained since, or a fresh one.
    async fn place(&self, failed: Option<&Link>) -> Result<Place, Error> {
        let failed = failed.map(|link| link.at);
        let good = move |kept: &Option<Link>| {
            let link = kept.as_ref().filter(|link| link.at.elapsed() < LINK_AGE);
            link.filter(|link| failed != Some(link.at)).cloned()
        };
        if let Some(link) = self.link.try_lock().ok().and_then(|kept| good(&kept)) {
            return Ok(Place::At(link));
        }
        let (kept, locating) = (Arc::clone(&self.link), (self.locate)());
        // On a task of its own: a reader that is not polled meanwhile would hold up all others.
        spawned(async move {
            let mut kept = kept.lock().await;
            if let Some(link) = good(&kept) {
                return Ok(Place::At(link));
            }
            let url = match locating.await? {
                Content::At(url) => url,
                Content::Here(response) => return Ok(Place::Here(Box::new(response))),
                _ => {
                    return Err(Error::new(
                        ErrorKind::UnexpectedStatus,
                        "the content is nowhere",
                    ));
                }
            };
            let at = Instant::now();
            Ok(Place::At(kept.insert(Link { url, at }).clone()))
        })
        .await
    }

    /// Attempts until one gives an answer to go on with.
    ///
    /// `cause` is why the last attempt failed, if it did; `link` the link that it used.
    pub(super) async fn open(
        &self,
        wanted: &Wanted,
        link: &mut Option<Link>,
        retries: &mut Retries,
        mut cause: Option<Error>,
    ) -> Result<Opened, Error> {
        loop {
            let retrying = cause.is_some();
            let failed = link.clone().filter(|_| retrying);
            if let Some(error) = cause.take() {
                let transport = self.api.transport();
                let waited = retries.wait(error, self.operation, transport).await;
                waited.map_err(|error| given_up(error, wanted.offset, retries.attempts()))?;
            }
            retries.attempt();
            let renewed = match self.place(failed.as_ref()).await {
                Ok(Place::At(renewed)) => {
                    self.first.get_or_init(|| renewed.url.clone());
                    link.insert(renewed)
                }
                Ok(Place::Here(response)) => return self.sent(*response, wanted),
                Err(error) if retrying && is_passing(&error) => {
                    cause = Some(error);
                    continue;
                }
                Err(error) => return Err(error),
            };
            cause = match self.request(&renewed.url, wanted).await {
                Ok(answer) => return Ok(answer),
                Err(Failure::Final(error)) => return Err(renewed.url.attribute(error)),
                Err(Failure::Passing(error))
                    if error.is_not_found() && retries.attempts() >= MAX_BEHIND =>
                {
                    let told = (self.why_missing)(renewed.url.attribute(error)).await;
                    if told.kind() != ErrorKind::NotFound {
                        return Err(told);
                    }
                    Some(told)
                }
                Err(Failure::Passing(error)) => Some(renewed.url.attribute(error)),
            };
        }
    }

    /// What the API itself has sent: all of the content, whatever was wanted of it.
    fn sent(&self, response: Response<Body>, wanted: &Wanted) -> Result<Opened, Error> {
        if let Some(error) = encoded(&response, self.api.base_url().as_str()) {
            return Err(self.attribute(error));
        }
        let (parts, body) = response.into_parts();
        let head = Head::new(parts.status, &parts.headers);
        match wanted.may_start_over {
            true => Ok(Opened::Whole(head, body)),
            false => Err(self.attribute(wanted.interrupted(Some(&head)))),
        }
    }

    async fn request(&self, url: &SignedUrl, wanted: &Wanted) -> Result<Opened, Failure> {
        if let Some(headers) = wanted.range()? {
            let (response, url) = self.get(url, &headers).await?;
            let (parts, body) = response.into_parts();
            let head = Head::new(parts.status, &parts.headers);
            let range = ContentRange::of(&parts.headers);
            match (parts.status, range) {
                // Stores exist that answer a range with 200 and nothing but the range: what has the
                // length of the whole is the whole.
                (StatusCode::OK, _) if wanted.may_start_over && wanted.is_whole(&head) => {
                    return Ok(Opened::Whole(head, body));
                }
                (
                    StatusCode::PARTIAL_CONTENT,
                    Some(ContentRange {
                        bytes: Some((start, end)),
                        ..
                    }),
                ) if start == wanted.offset && wanted.is_of(&head, end) => {
                    if body_length(&parts.headers).is_none_or(|length| length == end - start) {
                        return Ok(Opened::Part(head, end, body));
                    }
                    if !wanted.may_start_over {
                        let what = "the length of a range is another than that of its bytes";
                        return Err(Failure::Passing(contradiction(what)));
                    }
                }
                (StatusCode::RANGE_NOT_SATISFIABLE, _) if wanted.is_ended(&head) => {
                    return Ok(Opened::End(head));
                }
                (
                    StatusCode::OK
                    | StatusCode::PARTIAL_CONTENT
                    | StatusCode::RANGE_NOT_SATISFIABLE,
                    _,
                ) => {
                    if !wanted.may_start_over {
                        return Err(Failure::Final(wanted.interrupted(Some(&head))));
                    }
                }
                (status, _) => return Err(refused(status, &parts.headers, &url)),
            }
        }
        let (response, url) = self.get(url, &HeaderMap::new()).await?;
        let (parts, body) = response.into_parts();
        let mut head = Head::new(parts.status, &parts.headers);
        if parts.status != StatusCode::OK {
            return Err(refused(parts.status, &parts.headers, &url));
        }
        if let Some(known) = &wanted.head
            && known.tag.is_some()
            && known.tag == head.tag
        {
            if known.is_other(&head) {
                let what = "two answers with one ETag differ in their lengths";
                return Err(Failure::Final(contradiction(what)));
            }
            head.total = head.total.or(known.total);
        }
        Ok(Opened::Whole(head, body))
    }

    /// Requests a signed URL and what it redirects to.
    async fn get(
        &self,
        url: &SignedUrl,
        headers: &HeaderMap,
    ) -> Result<(Response<Body>, SignedUrl), Failure> {
        let mut url = url.clone();
        for _ in 0..=MAX_HOPS {
            let fetched = self.api.transport().fetch(&url, headers.clone());
            let response = match fetched.await {
                Ok(response) => response,
                Err(error) if is_passing(&error) => return Err(Failure::Passing(error)),
                Err(error) => return Err(Failure::Final(error)),
            };
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return match encoded(&response, url.host()) {
                    Some(error) => Err(Failure::Final(error)),
                    None => Ok((response, url)),
                };
            }
            url = url
                .redirect(response.headers().get(LOCATION))
                .map_err(Failure::Final)?;
        }
        Err(Failure::Final(Error::new(
            ErrorKind::LinkRefused,
            format!("the blob store redirects more than {MAX_HOPS} times, last to {url}"),
        )))
    }
}

impl Wanted {
    /// The headers that ask for the bytes from here; `None` to ask for everything.
    fn range(&self) -> Result<Option<HeaderMap>, Failure> {
        if self.offset == 0 && self.until.is_none() {
            return Ok(None);
        }
        let mut headers = HeaderMap::new();
        if let Some(head) = &self.head {
            // Without a strong tag nothing tells whether the rest belongs to what is there.
            let Some(tag) = &head.tag else {
                if self.may_start_over {
                    return Ok(None);
                }
                return Err(Failure::Final(self.interrupted(None)));
            };
            headers.insert(IF_RANGE, tag.clone());
        }
        let last = match self.until {
            Some(until) => (until - 1).to_string(),
            None => String::new(),
        };
        let value =
            HeaderValue::try_from(format!("bytes={}-{last}", self.offset)).map_err(|error| {
                Failure::Final(Error::new(ErrorKind::InvalidRequest, error.to_string()))
            })?;
        headers.insert(RANGE, value);
        Ok(Some(headers))
    }

    /// Whether an answer that goes on to `end` is of the content that is known.
    fn is_of(&self, head: &Head, end: u64) -> bool {
        let fits = |known: &Head| known.total.is_none_or(|total| end <= total);
        let known = self.head.as_ref();
        known.is_none_or(|known| known.is_same(head) && fits(known))
    }

    /// Whether an answer without a range is of the whole content for certain, rather than of the range
    /// that was asked for.
    fn is_whole(&self, head: &Head) -> bool {
        match &self.head {
            Some(known) => known.total.is_some() && known.total == head.total,
            None => self.offset == 0,
        }
    }

    /// Whether a 416 says that we have everything.
    fn is_ended(&self, head: &Head) -> bool {
        let known = self.head.as_ref();
        head.total == Some(self.offset) && known.is_none_or(|known| !known.is_other(head))
    }

    /// Why the rest cannot be had, for a reader that cannot start over.
    fn interrupted(&self, now: Option<&Head>) -> Error {
        let offset = self.offset;
        let known = self.head.as_ref();
        let changed = known
            .zip(now)
            .is_some_and(|(known, now)| known.is_other(now));
        let (kind, why) = if changed {
            (ErrorKind::Changed, "the content has changed")
        } else if known.is_some_and(|known| known.tag.is_none()) {
            (ErrorKind::Truncated, "the blob store gave no strong ETag")
        } else {
            (
                ErrorKind::Truncated,
                "the blob store does not honour ranges",
            )
        };
        Error::new(
            kind,
            format!("the download broke at byte {offset} and cannot be resumed: {why}"),
        )
    }
}

/// Says how far the download came, and how often it was tried then.
fn given_up(error: Error, offset: u64, attempts: u32) -> Error {
    let message = format!(
        "{}; gave up at byte {offset} after {attempts} attempts in a row",
        error.message()
    );
    let kind = error.kind();
    error.reclassified(kind, message)
}

/// Whether the same request can succeed a moment later.
fn is_passing(error: &Error) -> bool {
    error.is_network() || error.kind() == ErrorKind::Server
}

/// An answer that says of a content what cannot be.
pub(super) fn contradiction(what: &'static str) -> Error {
    Error::new(
        ErrorKind::Decode,
        format!("the blob store contradicts itself: {what}"),
    )
}

/// The error that something was done to the content on its way, but for cutting it into chunks.
fn encoded(response: &Response<Body>, host: &str) -> Option<Error> {
    let of = |name: HeaderName| response.headers().get_all(name).iter();
    let values = of(CONTENT_ENCODING).chain(of(TRANSFER_ENCODING));
    let codings = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    let known: [&[u8]; 3] = [b"", b"identity", b"chunked"];
    let is_other = |coding: &&[u8]| !known.iter().any(|it| it.eq_ignore_ascii_case(coding));
    let coding = codings.map(<[u8]>::trim_ascii).find(is_other)?;
    let coding = String::from_utf8_lossy(coding);
    let coding: String = coding.escape_debug().take(32).collect();
    let message = format!(
        "the content from {host} has the encoding `{coding}`, which was not asked for; a proxy may have \
         added it"
    );
    let is_content = response.status().is_success();
    is_content.then(|| Error::new(ErrorKind::Decode, message))
}

/// A link may not be known everywhere yet, or no longer be good: a fresh one can help.
fn refused(status: StatusCode, headers: &HeaderMap, url: &SignedUrl) -> Failure {
    // Nothing else of what a store says is shown: it may repeat the link.
    let told = [RETRY_AFTER, DATE].into_iter();
    let told = told.filter_map(|name| Some((headers.get(&name)?.clone(), name)));
    let told = told.map(|(value, name)| (name, value)).collect();
    let error = Error::from_response(status, told, b"");
    let kind = match error.kind() {
        // It is the link that is wrong, not the token.
        ErrorKind::Unauthorized => ErrorKind::Forbidden,
        kind => kind,
    };
    let code = headers.get("x-ms-error-code");
    let code = code.and_then(|code| code.to_str().ok());
    let code =
        code.filter(|code| code.len() <= 64 && code.bytes().all(|b| b.is_ascii_alphabetic()));
    let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
    let error = error.reclassified(
        kind,
        format!("the blob store did not give the content{code}, asked for {url}"),
    );
    match status.as_u16() {
        403 | 404 | 408 | 429 | 500..=599 => Failure::Passing(error),
        _ => Failure::Final(error),
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blob")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}
