//! The kinds of faults.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};

use super::{
    Cut, Effect, End, Ending, EntityTag, Fault, Gate, LocationFault, NextLink, Ranges, Reply, bomb,
};

/// Faults that answer in GitHub's place.
impl Fault {
    /// This status, with GitHub's usual JSON error (the blob store's XML there).
    ///
    /// # Panics
    ///
    /// When `status` is not between 100 and 999.
    pub fn status(status: u16) -> Self {
        Self::reply(Reply::Status(code(status)))
    }

    /// The primary rate limit is used up: 403, `x-ratelimit-remaining: 0` and `x-ratelimit-reset`
    /// that far in the future
    /// ([GitHub's rate limits](https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api)).
    pub fn primary_rate_limit(reset_in: Duration) -> Self {
        Self::reply(Reply::PrimaryLimit {
            status: StatusCode::FORBIDDEN,
            reset_in,
        })
    }

    /// A secondary rate limit: 403 with a message that says so, and nothing else unless
    /// [`retry_after`](Self::retry_after) is added.
    pub fn secondary_rate_limit() -> Self {
        Self::reply(Reply::SecondaryLimit {
            status: StatusCode::FORBIDDEN,
        })
    }

    /// Makes a rate limit 429 instead of 403, or a reply any other status.
    ///
    /// # Panics
    ///
    /// When `status` is not between 100 and 999, or this fault is not one that replies.
    pub fn with_status(mut self, status: u16) -> Self {
        let new = code(status);
        match &mut self.effect {
            Effect::Reply(
                Reply::Status(status)
                | Reply::PrimaryLimit { status, .. }
                | Reply::SecondaryLimit { status }
                | Reply::Redirect { status, .. },
            ) => *status = new,
            effect => panic!("{effect:?} has no status to change"),
        }
        self
    }

    /// Adds `Retry-After`, in seconds.
    pub fn retry_after(self, delay: Duration) -> Self {
        self.header("retry-after", delay.as_secs().to_string())
    }

    /// A redirect to any URL, such as another API host, with 301, 302, 303, 307 or 308.
    ///
    /// # Panics
    ///
    /// When `status` is not between 100 and 999.
    pub fn redirect(status: u16, to: impl Into<String>) -> Self {
        Self::reply(Reply::Redirect {
            status: code(status),
            to: Some(to.into()),
        })
    }

    /// A redirect to the very URL that was asked for: a loop unless [`times`](Self::times) ends
    /// it. 302; see [`with_status`](Self::with_status).
    pub fn redirect_loop() -> Self {
        Self::reply(Reply::Redirect {
            status: StatusCode::FOUND,
            to: None,
        })
    }

    /// 200 with a page of HTML, as proxies and captive portals send.
    pub fn html() -> Self {
        Self::reply(Reply::Html)
    }

    /// 200 with `Content-Encoding: gzip` and a small body that inflates to `size` zeros.
    pub fn gzip_bomb(size: u64) -> Self {
        Self::reply(Reply::GzipBomb(bomb::gzip_of_zeros(size)))
    }

    /// The connection is closed without an answer.
    pub fn hang_up() -> Self {
        Self::new(Effect::HangUp)
    }
}

/// Faults of time.
impl Fault {
    /// The answer's head is sent only after this delay, in real time.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Effect::Delay(delay))
    }

    /// The answer is made and sent only when the gate is open.
    pub fn hold(gate: &Gate) -> Self {
        Self::new(Effect::Hold(gate.clone()))
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
        Self::new(Effect::Throttle(bytes_per_second))
    }
}

/// Faults of bodies. Numbers of bytes count from the start of the body that is sent, which for a
/// range is not the start of the content.
impl Fault {
    /// After this many bytes nothing more comes; the connection stays open.
    pub fn stall_after(bytes: u64) -> Self {
        Self::end(Cut::At(bytes), Ending::Stall)
    }

    /// After this many bytes the connection is closed, though `Content-Length` promised more.
    pub fn close_after(bytes: u64) -> Self {
        Self::end(Cut::At(bytes), Ending::Close)
    }

    /// After this many bytes the connection is reset, which can take bytes along that are still on
    /// their way.
    pub fn reset_after(bytes: u64) -> Self {
        Self::end(Cut::At(bytes), Ending::Reset)
    }

    /// Only this many bytes are sent, and `Content-Length` says just that: only a digest or the
    /// length that the API gives can tell.
    pub fn truncate_to(bytes: u64) -> Self {
        Self::end(Cut::At(bytes), Ending::Complete)
    }

    /// Half of the body, as if it were the whole.
    pub fn cut_short() -> Self {
        Self::end(Cut::Half, Ending::Complete)
    }

    /// The bits of this byte are inverted. It counts from the start of the content, so that ranges
    /// that hold it are corrupted too.
    pub fn corrupt_byte(at: u64) -> Self {
        Self::new(Effect::Corrupt(at))
    }

    fn end(after: Cut, how: Ending) -> Self {
        Self::new(Effect::End(End { after, how }))
    }
}

/// Faults of redirects and links.
impl Fault {
    /// The signed URL of a download is expired from the start.
    pub fn expired_link() -> Self {
        Self::new(Effect::ExpiredLink)
    }

    /// The 302 of a download has this `Location`, byte for byte.
    ///
    /// # Panics
    ///
    /// When it cannot be sent as a header: control characters.
    pub fn location(value: impl Into<Bytes>) -> Self {
        let value = value.into();
        assert!(
            HeaderValue::from_maybe_shared(value.clone()).is_ok(),
            "a Location has no control characters"
        );
        Self::new(Effect::Location(LocationFault::Given(value)))
    }

    /// The 302 of a download has a `Location` that is no URL.
    pub fn location_malformed() -> Self {
        Self::location("http://[not-a-host")
    }

    /// The 302 of a download has a `Location` on plain http that is not on this machine.
    pub fn location_plain_http() -> Self {
        Self::location("http://blobs.example.com/archive.zip?sig=c2VjcmV0")
    }

    /// The 302 of a download has no `Location`.
    pub fn location_missing() -> Self {
        Self::new(Effect::Location(LocationFault::Missing))
    }

    /// `rel="next"` of a list is this URL.
    pub fn next_link(url: impl Into<String>) -> Self {
        Self::new(Effect::NextLink(NextLink::Given(url.into())))
    }

    /// `rel="next"` of a list has its path and query on another origin (`https://example.com`).
    pub fn next_link_to_origin(origin: impl Into<String>) -> Self {
        Self::new(Effect::NextLink(NextLink::Origin(origin.into())))
    }

    /// `rel="next"` of a list is the page itself, even on the last one.
    pub fn next_link_to_itself() -> Self {
        Self::new(Effect::NextLink(NextLink::Itself))
    }

    /// A list has no `Link`.
    pub fn without_link() -> Self {
        Self::new(Effect::NextLink(NextLink::Missing))
    }
}

/// Faults of the blob store.
impl Fault {
    /// Entity tags are weak: a client must not put ranges together by them.
    pub fn weak_etag() -> Self {
        Self::new(Effect::EntityTag(EntityTag::Weak))
    }

    /// There is no `ETag`.
    pub fn without_etag() -> Self {
        Self::new(Effect::EntityTag(EntityTag::Missing))
    }

    /// Ranges are ignored: 200 with everything, and `Accept-Ranges: none`.
    pub fn refuse_ranges() -> Self {
        Self::new(Effect::Ranges(Ranges::Refused))
    }

    /// A 206 has the bytes that were asked for, and a `Content-Range` that starts this many bytes
    /// later.
    pub fn misname_ranges(by: u64) -> Self {
        Self::new(Effect::Ranges(Ranges::Misnamed(by)))
    }

    /// A 206 starts this many bytes later than was asked for, as its `Content-Range` says.
    pub fn shift_ranges(by: u64) -> Self {
        Self::new(Effect::Ranges(Ranges::Shifted(by)))
    }

    /// Every range is answered with 416.
    pub fn unsatisfiable_ranges() -> Self {
        Self::new(Effect::Ranges(Ranges::Unsatisfiable))
    }
}

fn code(status: u16) -> StatusCode {
    match StatusCode::from_u16(status) {
        Ok(code) => code,
        Err(_) => panic!("{status} is not an HTTP status"),
    }
}
