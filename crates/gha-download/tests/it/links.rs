//! Which redirects are followed.

use gha_client::{BaseUrl, Error, ErrorKind, SignedUrl};
use http::HeaderValue;

const HTTPS: &str = "https://api.github.com";
const HTTP: &str = "http://ghes.example.com/api/v3";

fn from(api: &str, location: &str) -> Result<SignedUrl, Error> {
    let location = HeaderValue::from_bytes(location.as_bytes()).unwrap();
    SignedUrl::from_location(Some(&location), &BaseUrl::parse(api).unwrap())
}

fn hop(url: &SignedUrl, location: &str) -> Result<SignedUrl, Error> {
    url.redirect(Some(&HeaderValue::from_str(location).unwrap()))
}

#[test]
fn the_location_is_kept_byte_for_byte() {
    for location in [
        "https://blobs.example.com/a%2Fb/x.zip?sig=a%2Bb%3d&se=2026-03-10T12%3A00%3A00Z",
        "https://BLOBS.example.com:443/a?sig=a+b/c==&x=y",
    ] {
        let url = from(HTTPS, location).unwrap();
        assert_eq!(url.expose(), location);
        let shown = format!("{url} {url:?} {url:#?}");
        assert!(
            !shown.contains("sig") && shown.contains("blobs.example.com"),
            "{shown}"
        );
    }
}

#[test]
fn what_is_not_safe_is_refused() {
    for (location, why) in [
        (
            "http://blobs.example.com/?sig=c2VjcmV0",
            "gives up encryption",
        ),
        (
            "ftp://blobs.example.com/?sig=c2VjcmV0",
            "scheme other than https",
        ),
        ("file:///etc/passwd?sig=c2VjcmV0", "scheme other than https"),
        ("data:text/plain,c2VjcmV0", "scheme other than https"),
        (
            "https://user@blobs.example.com/?sig=c2VjcmV0",
            "carries credentials",
        ),
        (
            "https://:c2VjcmV0@blobs.example.com/",
            "carries credentials",
        ),
        ("https://[blobs/?sig=c2VjcmV0", "is no URL"),
        ("https:///", "is no URL"),
        ("https://blobs.example.com/ä?sig=c2VjcmV0", "is not ASCII"),
    ] {
        let error = from(HTTPS, location).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LinkRefused, "{location}");
        let said = format!("{error} {error:?}");
        assert!(error.to_string().contains(why), "{location}: {error}");
        assert!(!said.contains("c2VjcmV0"), "{said}");
    }
    let api = BaseUrl::parse(HTTPS).unwrap();
    let missing = SignedUrl::from_location(None, &api).unwrap_err();
    assert!(missing.to_string().contains("no `Location`"), "{missing}");
}

#[test]
fn plain_http_is_for_this_machine_or_the_callers_choice() {
    for location in [
        "http://127.0.0.1:9/x",
        "http://localhost/x",
        "http://[::1]/x",
    ] {
        from(HTTPS, location).unwrap();
    }
    from(HTTP, "http://blobs.example.com/x").unwrap();
}

#[test]
fn hops_keep_to_the_rules() {
    let signed = from(HTTPS, "https://blobs.example.com/a/b?sig=1").unwrap();
    assert_eq!(
        hop(&signed, "https://other.example.com/?sig=2")
            .unwrap()
            .expose(),
        "https://other.example.com/?sig=2"
    );
    assert_eq!(
        hop(&signed, "../c?sig=3").unwrap().expose(),
        "https://blobs.example.com/c?sig=3"
    );
    for location in [
        "http://blobs.example.com/",
        "http://127.0.0.1/",
        "ftp://a/",
        "https://u@a/",
    ] {
        assert_eq!(
            hop(&signed, location).unwrap_err().kind(),
            ErrorKind::LinkRefused,
            "{location}"
        );
    }

    let local = from(HTTPS, "http://127.0.0.1/x").unwrap();
    hop(&local, "http://localhost/y").unwrap();
    hop(&local, "https://blobs.example.com/").unwrap();
    hop(&local, "http://blobs.example.com/").unwrap_err();

    let plain = from(HTTP, "http://blobs.example.com/x").unwrap();
    hop(&plain, "http://other.example.com/").unwrap();
    let upgraded = hop(&plain, "https://other.example.com/").unwrap();
    hop(&upgraded, "http://other.example.com/").unwrap_err();
}
