/// What sort of failure an [`Error`](super::Error) is, by what a caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built as configured: a bad URL, an unusable token, no TLS provider.
    Configuration,
    /// An argument is missing or unusable; nothing was sent.
    InvalidRequest,
    /// The server does not know the API version asked for; the message lists those it knows.
    UnsupportedApiVersion,
    /// The token is missing, expired or wrong (401).
    Unauthorized,
    /// The token lacks a permission (403).
    Forbidden,
    /// The resource does not exist, or the token may not see it (404).
    NotFound,
    /// The artifact or the log has expired (410) and never comes back.
    Expired,
    /// The job has not finished, or only just, so its log cannot be read yet.
    LogNotReady,
    /// The job was skipped, or cancelled before it started: it never wrote a log.
    LogNeverWritten,
    /// A primary or secondary rate limit was hit; see [`Error::retry_after`](super::Error::retry_after).
    RateLimited,
    /// The server refused the request for another reason (4xx).
    Refused,
    /// The server failed (5xx).
    Server,
    /// A status that the operation does not speak of.
    UnexpectedStatus,
    /// A body that is not what the operation promises.
    Decode,
    /// The redirect led nowhere safe: no `Location`, no https, credentials in it, too many hops.
    LinkRefused,
    /// No connection could be made; nothing was sent.
    Connect,
    /// The connection broke.
    Network,
    /// The server did not answer, or stopped sending, for too long.
    Timeout,
    /// The body ended early.
    Truncated,
    /// The content is not what its digest promises.
    DigestMismatch,
    /// What was being downloaded changed under way.
    Changed,
    /// The content is larger than the limit that the caller set.
    TooLarge,
    /// The archive cannot or must not be unpacked: unsafe names or links, entries that overlap,
    /// encryption, an unknown compression.
    ArchiveRefused,
    /// Pages that cannot be read on: a loop, or a list that changes faster than it is read.
    Pagination,
    /// The local file system or the caller's writer failed.
    Io,
}
