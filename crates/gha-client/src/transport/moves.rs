//! Moves of renamed and transferred repositories.

use gha_core::{Answer, BaseUrl, Error, ErrorKind};
use http::header::LOCATION;
use http::{HeaderMap, StatusCode, Uri};
use url::Url;

/// More than any chain of renames leads through.
pub(super) const MAX_HOPS: u32 = 5;

/// Where a moved request is to be sent again, by
/// [GitHub's rules](https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects),
/// and never to another origin. 302 is the answer of some operations, and a move where one asks whether
/// something is so.
pub(super) fn target(
    status: StatusCode,
    headers: &HeaderMap,
    from: &Uri,
    api: &BaseUrl,
    answer: Answer,
) -> Result<Option<Uri>, Error> {
    let leads_on = status == StatusCode::FOUND && answer == Answer::Check;
    if !leads_on && !matches!(status.as_u16(), 301 | 307 | 308) {
        return Ok(None);
    }
    let location = headers
        .get(LOCATION)
        .ok_or_else(|| refuse("it has no `Location`; a proxy may have answered"))?;
    let url = location
        .to_str()
        .ok()
        .and_then(|text| Url::parse(&from.to_string()).ok()?.join(text).ok())
        .ok_or_else(|| refuse("its `Location` is no URL; a proxy may have answered"))?;
    if !api.same_origin(&url) {
        let (origin, path) = (url.origin().ascii_serialization(), url.path());
        let path: String = path.chars().take(200).collect();
        return Err(refuse(format!(
            "it leads to {origin}{path}, another origin, where the token must not go; a proxy or a \
             sign-in page may have answered, or the API has moved: then change the host of the client",
        )));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(
            "its `Location` carries credentials; a proxy may have answered",
        ));
    }
    let uri = Uri::try_from(url.as_str())
        .map_err(|_| refuse("its `Location` is no URL; a proxy may have answered"))?;
    Ok(Some(uri))
}

pub(super) fn too_many() -> Error {
    refuse(format!(
        "it is the last of {} in a row; ask for the repository by its present name",
        MAX_HOPS + 1
    ))
}

fn refuse(why: impl std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::LinkRefused,
        format!("the redirect cannot be followed: {why}"),
    )
}
