//! The kinds of faults.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::Value;

use super::plan::{Ending, Kind, Reply, Rewrite};
use super::{Fault, Gate, code, gzip, undocumented};
use crate::answer::{set, text};
use crate::clock::FOREVER;
use crate::content::Content;
use crate::limits;
use crate::operation::Operation;
use crate::request::{Listener, ReceivedRequest, query_value, with_query_value};

/// Faults that answer in GitHub's place.
impl Fault {
    /// This status, with GitHub's usual JSON error (the blob store's XML there).
    ///
    /// # Panics
    ///
    /// When `status` is not between 200 and 999.
    pub fn status(status: u16) -> Self {
        Self::reply(code(status), None)
    }

    fn reply(status: StatusCode, docs: Option<&'static str>) -> Self {
        let reply = Reply {
            status,
            message: None,
            docs,
        };
        Self::new(move |plan| plan.reply = Some(reply.clone())).of_kind(Kind::Reply)
    }

    /// The primary rate limit is used up: 403, `x-ratelimit-remaining: 0` and `x-ratelimit-reset`
    /// that far in the future
    /// ([GitHub's rate limits](https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api)).
    pub fn primary_rate_limit(reset_in: Duration) -> Self {
        Self::reply(StatusCode::FORBIDDEN, Some(limits::DOCS))
            .message(limits::PRIMARY)
            .only_for(is_api)
            .edit(move |_, answer, now| {
                limits::write_exhausted(answer.headers_mut(), now + reset_in.min(FOREVER));
            })
    }

    /// A secondary rate limit: 403 with a message that says so, and nothing else unless
    /// [`retry_after`](Self::retry_after) is added.
    pub fn secondary_rate_limit() -> Self {
        Self::reply(StatusCode::FORBIDDEN, Some(limits::SECONDARY_DOCS))
            .message("You have exceeded a secondary rate limit. Please wait before you try again.")
            .only_for(is_api)
    }

    /// The organization wants its single sign-on first: 403 with `X-GitHub-SSO`, which says where
    /// ([GitHub's documentation](https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso)).
    ///
    /// # Panics
    ///
    /// When the URL cannot be sent as a header.
    pub fn single_sign_on(url: impl AsRef<str>) -> Self {
        Self::status(403)
            .message(
                "Resource protected by organization SAML enforcement. You must grant your \
                 personal access token access to this organization.",
            )
            .header("x-github-sso", format!("required; url={}", url.as_ref()))
            .only_for(is_api)
    }

    /// An error that repeats what it should not: `Authorization`, or else path and query, in its
    /// message and in the request's id. Gateways that print the request into their error pages do
    /// it.
    ///
    /// # Panics
    ///
    /// When `status` is not between 200 and 999.
    pub fn echo(status: u16) -> Self {
        fn secret(request: &ReceivedRequest) -> String {
            let authorization = request.header("authorization");
            authorization.map_or_else(|| request.target(), str::to_owned)
        }
        Self::status(status)
            .saying(|request| format!("Cannot handle {}", secret(request)))
            .edit_headers(|request, headers| {
                for name in ["x-github-request-id", "x-ms-request-id"] {
                    if headers.contains_key(name) {
                        set(headers, name, secret(request));
                    }
                }
            })
    }

    /// A redirect to any URL, such as another API host, with 301, 302, 303, 307 or 308.
    ///
    /// # Panics
    ///
    /// When `status` is not between 200 and 999, or the URL cannot be sent as a header.
    pub fn redirect(status: u16, to: impl Into<String>) -> Self {
        Self::status(status).header("location", to.into())
    }

    /// A redirect to the very URL that was asked for: a loop unless [`times`](Self::times) ends
    /// it. 302; see [`with_status`](Self::with_status).
    pub fn redirect_loop() -> Self {
        Self::status(302).edit_headers(|request, headers| {
            let url = own_url(request, &request.target());
            set(headers, header::LOCATION, url);
        })
    }

    /// 200 with a page of HTML to sign in, as proxies and captive portals send.
    pub fn html() -> Self {
        Self::status(200)
            .header("content-type", "text/html; charset=utf-8")
            .body(
                "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\
                 <body><h1>Sign in to the network</h1></body></html>\n",
            )
    }

    /// 200 with `Content-Encoding: gzip` and a small body that inflates to `size` zeros.
    pub fn gzip_bomb(size: u64) -> Self {
        let bomb = gzip::zeros(size);
        Self::status(200)
            .header("content-encoding", "gzip")
            .edit(move |_, answer, _| *answer.body_mut() = bomb.clone())
    }

    /// The connection is closed without an answer, and nothing was done: what a gateway does that
    /// restarts.
    pub fn hang_up() -> Self {
        Self::status(500).then(|plan| plan.wire.end = Some((None, Ending::Close)))
    }
}

/// Faults of time.
impl Fault {
    /// The answer's head is sent only after this delay, in real time.
    pub fn delay(delay: Duration) -> Self {
        Self::new(move |plan| plan.delay = plan.delay.saturating_add(delay))
    }

    /// The answer is made and sent only when the gate is open.
    pub fn hold(gate: &Gate) -> Self {
        let gate = gate.clone();
        Self::new(move |plan| plan.gates.push(gate.clone()))
    }

    /// After this many bytes the body waits for the gate. Several of them let a test decide when
    /// each part of a body arrives.
    pub fn hold_after(bytes: u64, gate: &Gate) -> Self {
        let gate = gate.clone();
        Self::new(move |plan| plan.wire.holds.push((bytes, gate.clone())))
    }

    /// The body is sent at this speed, in real time. As a connection carries one body at a time,
    /// this is its speed too.
    ///
    /// # Panics
    ///
    /// When the speed is zero.
    pub fn throttle(bytes_per_second: u64) -> Self {
        assert!(
            bytes_per_second > 0,
            "a throttle of zero never ends: use stall_after"
        );
        Self::new(move |plan| plan.wire.throttle = Some(bytes_per_second)).of_kind(Kind::Throttle)
    }
}

/// Faults of bodies. Numbers of bytes count from the start of the body that is sent, which for a
/// range is not the start of the content.
impl Fault {
    /// After this many bytes nothing more comes; the connection stays open.
    pub fn stall_after(bytes: u64) -> Self {
        Self::end(Some(bytes), Ending::Stall)
    }

    /// After this many bytes the connection is closed, though `Content-Length` promised more.
    pub fn close_after(bytes: u64) -> Self {
        Self::end(Some(bytes), Ending::Close)
    }

    /// After this many bytes the connection is reset, which can take bytes along that are still on
    /// their way.
    pub fn reset_after(bytes: u64) -> Self {
        Self::end(Some(bytes), Ending::Reset)
    }

    /// Only this many bytes are sent, and `Content-Length` says just that: only a digest or the
    /// length that the API gives can tell.
    pub fn truncate_to(bytes: u64) -> Self {
        Self::shorten(move |_| bytes)
    }

    /// Half of the body, as if it were the whole.
    pub fn cut_short() -> Self {
        Self::shorten(|whole| whole / 2)
    }

    /// The bits of this byte are inverted. It counts from the start of the content, so that ranges
    /// that hold it are corrupted too.
    pub fn corrupt_byte(at: u64) -> Self {
        Self::new(move |plan| plan.wire.corrupt.push(at))
    }

    /// The connection is closed without an answer, though what was asked for is done.
    pub fn lose_answer() -> Self {
        Self::end(None, Ending::Close)
    }

    fn end(sent: Option<u64>, how: Ending) -> Self {
        // Where the connection is hung up, there is nothing to end.
        Self::new(move |plan| _ = plan.wire.end.get_or_insert((sent, how))).of_kind(Kind::End)
    }

    fn shorten(to: impl Fn(u64) -> u64 + Send + Sync + 'static) -> Self {
        let shorten = move |body: Content| body.slice(0..to(body.len()));
        Self::change().edit_body(shorten).of_kind(Kind::End)
    }
}

/// Faults of any other kind: proxies change requests on their way there, and answers on their way
/// back.
impl Fault {
    /// The answer is that to another request: what the function makes of the one that came.
    ///
    /// ```
    /// use gha_fake::{Fault, Match};
    ///
    /// // A proxy that lets no condition through.
    /// let fault = Fault::rewrite_request(|request| {
    ///     request.headers.remove("if-range");
    /// });
    /// # drop(fault.on(Match::blob()));
    /// ```
    pub fn rewrite_request(rewrite: impl Fn(&mut ReceivedRequest) + Send + Sync + 'static) -> Self {
        let rewrite: Rewrite = Arc::new(rewrite);
        Self::new(move |plan| plan.rewrites.push(rewrite.clone()))
    }

    /// The answer is what the function makes of GitHub's.
    pub fn rewrite_answer(
        rewrite: impl Fn(&ReceivedRequest, &mut Response<Content>) + Send + Sync + 'static,
    ) -> Self {
        Self::change().edit(move |request, answer, _| rewrite(request, answer))
    }

    /// The JSON of the API's answer is what the function makes of GitHub's. Other answers stay as
    /// they are.
    ///
    /// ```
    /// use gha_fake::{Fault, Match, Operation};
    /// use serde_json::Value;
    ///
    /// // Gitea writes an empty list as null.
    /// let fault = Fault::rewrite_json(|_, json| json["artifacts"] = Value::Null);
    /// # drop(fault.on(Match::operation(Operation::ListArtifacts)));
    /// ```
    pub fn rewrite_json(
        rewrite: impl Fn(&ReceivedRequest, &mut Value) + Send + Sync + 'static,
    ) -> Self {
        Self::edit_json(move |request, _, json| rewrite(request, json))
    }

    fn edit_json(
        edit: impl Fn(&ReceivedRequest, StatusCode, &mut Value) + Send + Sync + 'static,
    ) -> Self {
        let edited = Self::rewrite_answer(move |request, answer| {
            let body = answer.body();
            if let Ok(mut json) = serde_json::from_slice(&body.read(0..body.len())) {
                edit(request, answer.status(), &mut json);
                *answer.body_mut() = Content::bytes(json.to_string());
            }
        });
        edited.only_for(is_api)
    }
}

/// Payloads that differ from GitHub's description.
impl Fault {
    /// Members that are missing, null or of unknown words, times in several notations, and error
    /// bodies of many forms, as real servers have sent. Every item has one surprise, by its id;
    /// errors take turns.
    pub fn undocumented_payloads() -> Self {
        let errors = AtomicU64::new(0);
        Self::edit_json(move |_, status, json| {
            if status.is_success() {
                undocumented::surprise(json);
            } else {
                let number = errors.fetch_add(1, Ordering::Relaxed);
                *json = undocumented::error(&json["message"], number);
            }
        })
    }
}

/// Faults of lists, as servers have that are compatible with GitHub's API but for these.
impl Fault {
    /// No page has more items than this, whatever `per_page` says: Gitea's default is 50. Such
    /// servers often send no `Link`: see [`without_link`](Self::without_link).
    ///
    /// # Panics
    ///
    /// When it is zero.
    pub fn page_size(most: u64) -> Self {
        assert!(most > 0, "a page of nothing leads nowhere");
        Self::rewrite_request(move |request| {
            let asked = request.query_value("per_page").unwrap_or("30".into());
            if let Ok(asked) = asked.parse::<u64>() {
                let query = request.query.as_deref().unwrap_or_default();
                let size = most.min(asked).to_string();
                request.query = Some(with_query_value(query, "per_page", &size));
            }
        })
        .only_for(is_list)
    }

    /// A parameter of the query that the server does not know, such as `page`.
    pub fn ignore_parameter(name: impl Into<String>) -> Self {
        let name = name.into();
        Self::rewrite_request(move |request| {
            if let Some(query) = &request.query {
                let mut pairs: Vec<&str> = query.split('&').collect();
                pairs.retain(|pair| query_value(pair, &name).is_none());
                request.query = Some(pairs.join("&"));
            }
        })
        .only_for(is_api)
    }
}

/// Faults of redirects and links.
impl Fault {
    /// The signed URL of a download is expired from the start.
    pub fn expired_link() -> Self {
        let expired = Self::new(|plan| plan.expired_link = true);
        expired.of_kind(Kind::Link).only_for(is_download)
    }

    /// The 302 of a download has this `Location`, byte for byte: another URL, or what is none, such as
    /// `http://[`.
    ///
    /// # Panics
    ///
    /// When it cannot be sent as a header: control characters.
    pub fn location(value: impl Into<Bytes>) -> Self {
        let Ok(value) = HeaderValue::from_maybe_shared(value.into()) else {
            panic!("a Location has no control characters")
        };
        Self::edit_location(move |headers| set(headers, header::LOCATION, value.clone()))
    }

    /// The 302 of a download has no `Location`.
    pub fn location_missing() -> Self {
        Self::edit_location(|headers| {
            headers.remove(header::LOCATION);
        })
    }

    fn edit_location(edit: impl Fn(&mut HeaderMap) + Send + Sync + 'static) -> Self {
        let edited = Self::rewrite_answer(move |_, answer| {
            if answer.status() == StatusCode::FOUND {
                edit(answer.headers_mut());
            }
        });
        edited.of_kind(Kind::Location).only_for(is_download)
    }

    /// `rel="next"` of a list is this URL.
    pub fn next_link(url: impl Into<String>) -> Self {
        let url = url.into();
        Self::edit_next_link(move |_, _| Some(url.clone()))
    }

    /// `rel="next"` of a list has its path and query on another origin (`https://example.com`).
    pub fn next_link_to_origin(origin: impl Into<String>) -> Self {
        let origin = origin.into();
        Self::edit_next_link(move |_, next| {
            let (_, path) = next?.split_once("://")?.1.split_once('/')?;
            Some(format!("{}/{path}", origin.trim_end_matches('/')))
        })
    }

    /// `rel="next"` of a list is the page itself, even on the last one.
    pub fn next_link_to_itself() -> Self {
        Self::edit_next_link(|request, _| {
            let query = request.query.as_deref().unwrap_or_default();
            let query = with_query_value(query, "page", &request.page().to_string());
            Some(own_url(request, &format!("{}?{query}", request.path)))
        })
    }

    fn edit_next_link(
        next: impl Fn(&ReceivedRequest, Option<&str>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        const NEXT: &str = ">; rel=\"next\"";
        let edited = Self::change().edit_headers(move |request, headers| {
            let links = text(headers, header::LINK).into_iter();
            let links = links.flat_map(|links| links.split(", "));
            let mut links: Vec<String> = links.map(str::to_owned).collect();
            let place = links.iter().position(|link| link.ends_with(NEXT));
            let old = place.map(|place| links.remove(place));
            let old = old.as_deref().and_then(|link| link.strip_suffix(NEXT));
            if let Some(new) = next(request, old.map(|link| link.trim_start_matches('<'))) {
                links.insert(0, format!("<{new}{NEXT}"));
            }
            if !links.is_empty() {
                set(headers, header::LINK, links.join(", "));
            }
        });
        edited.of_kind(Kind::NextLink).only_for(is_list)
    }

    /// A list has no `Link`.
    pub fn without_link() -> Self {
        let without = Self::change().without_header("link");
        without.of_kind(Kind::NextLink).only_for(is_list)
    }
}

/// Faults of the blob store.
impl Fault {
    /// Entity tags are weak: a client must not put ranges together by them.
    pub fn weak_etag() -> Self {
        let weakened = Self::change().edit_headers(|_, headers| {
            if let Some(tag) = text(headers, header::ETAG) {
                set(headers, header::ETAG, format!("W/{tag}"));
            }
        });
        weakened.of_kind(Kind::EntityTag).only_for(is_blob)
    }

    /// There is no `ETag`.
    pub fn without_etag() -> Self {
        let without = Self::change().without_header("etag");
        without.of_kind(Kind::EntityTag).only_for(is_blob)
    }

    /// Ranges are ignored: 200 with everything, and `Accept-Ranges: none`.
    pub fn refuse_ranges() -> Self {
        Self::rewrite_request(|request| {
            request.headers.remove(header::RANGE);
        })
        .header("accept-ranges", "none")
        .of_kind(Kind::Range)
        .only_for(is_blob)
    }

    /// A range is answered with 200, though its bytes and its `Content-Range` are those of the part:
    /// a cache that stores parts, and forgets that they are some.
    pub fn tail_as_whole() -> Self {
        let whole = Self::rewrite_answer(|_, answer| {
            if answer.status() == StatusCode::PARTIAL_CONTENT {
                *answer.status_mut() = StatusCode::OK;
            }
        });
        whole.of_kind(Kind::Range).only_for(is_range)
    }

    /// A 206 has the bytes that were asked for, and a `Content-Range` that starts this many bytes
    /// later.
    pub fn misname_ranges(by: u64) -> Self {
        let misnamed = Self::change().edit_headers(move |_, headers| {
            let range = text(headers, header::CONTENT_RANGE);
            let later = range.and_then(|range| {
                let (range, total) = range.strip_prefix("bytes ")?.split_once('/')?;
                let (first, last) = range.split_once('-')?;
                let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
                let [first, last] = [first, last].map(|at| at.saturating_add(by));
                Some(format!("bytes {first}-{last}/{total}"))
            });
            if let Some(later) = later {
                set(headers, header::CONTENT_RANGE, later);
            }
        });
        misnamed.of_kind(Kind::Range).only_for(is_range)
    }

    /// A 206 starts this many bytes later than was asked for, as its `Content-Range` says.
    pub fn shift_ranges(by: u64) -> Self {
        Self::rewrite_range(move |first, last| {
            let first = first.saturating_add(by);
            (first, last.map(|last| last.max(first)))
        })
    }

    /// A 206 has no more bytes than this, as its `Content-Range` says: legal, and what stores do
    /// that keep contents in blocks.
    ///
    /// # Panics
    ///
    /// When `bytes` is zero.
    pub fn shorten_ranges(bytes: u64) -> Self {
        assert!(bytes > 0, "a range has a byte at least");
        Self::rewrite_range(move |first, last| {
            let most = first.saturating_add(bytes - 1);
            (first, Some(last.unwrap_or(most).min(most)))
        })
    }

    /// Every range is answered with 416.
    pub fn unsatisfiable_ranges() -> Self {
        Self::rewrite_range(|_, _| (u64::MAX - 1, None))
    }

    /// Takes another range than the request asks for: the first byte, and the last if it is named.
    fn rewrite_range(
        range: impl Fn(u64, Option<u64>) -> (u64, Option<u64>) + Send + Sync + 'static,
    ) -> Self {
        Self::rewrite_request(move |request| {
            let asked = request.header("range").and_then(|asked| {
                let (first, last) = asked.strip_prefix("bytes=")?.split_once('-')?;
                Some((first.parse().ok()?, last.parse().ok()))
            });
            if let Some((first, last)) = asked {
                let (first, last) = range(first, last);
                let last = last.map_or(String::new(), |last| last.to_string());
                let range = format!("bytes={first}-{last}");
                set(&mut request.headers, header::RANGE, range);
            }
        })
        .of_kind(Kind::Range)
        .only_for(is_range)
    }
}

fn is_api(request: &ReceivedRequest) -> bool {
    request.listener == Listener::Api
}

fn is_blob(request: &ReceivedRequest) -> bool {
    request.listener == Listener::Blob
}

fn is_range(request: &ReceivedRequest) -> bool {
    is_blob(request) && request.headers.contains_key(header::RANGE)
}

fn is_list(request: &ReceivedRequest) -> bool {
    request.operation.is_some_and(Operation::is_list)
}

fn is_download(request: &ReceivedRequest) -> bool {
    request.operation.is_some_and(Operation::is_download)
}

fn own_url(request: &ReceivedRequest, target: &str) -> String {
    let host = request.header("host").unwrap_or_default();
    format!("http://{host}{target}")
}
