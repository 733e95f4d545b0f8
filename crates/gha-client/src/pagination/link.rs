//! The `Link` header ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)).

use gha_core::PageCursor;
use http::header::{HeaderMap, LINK};
use url::form_urlencoded;

/// The pages that links lead to. Their hosts and paths don't matter: only the number, or the cursor, is taken,
/// and the same operation is asked with it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Links<P = i64> {
    pub(super) next: Next<P>,
    /// The last page, where the server tells it.
    pub(super) last: Option<P>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next<P = i64> {
    /// There are no links at all, which says nothing: proxies drop them.
    #[default]
    Unknown,
    /// There are links, and none to a next page.
    End,
    Page(P),
    /// A link to a next page without its number, or cursor.
    Unnamed,
}

impl Links {
    pub(super) fn from_headers(headers: &HeaderMap) -> Self {
        Self::read(headers, page_of)
    }
}

impl Links<PageCursor> {
    /// Where pages have cursors; these query parameters make one.
    pub(super) fn with_cursors(headers: &HeaderMap, names: &[&'static str]) -> Self {
        Self::read(headers, |target| {
            let values = names.iter().map(|name| (*name, value_of(target, name)));
            Some(PageCursor::new(values)).filter(|cursor| !cursor.is_empty())
        })
    }
}

impl<P> Links<P> {
    /// `page` takes out of a link's target what the page is asked for with.
    fn read(headers: &HeaderMap, page: impl Fn(&str) -> Option<P>) -> Self {
        let (mut next, mut last) = (Next::Unknown, None);
        for value in headers.get_all(LINK) {
            for (target, relations) in parse(&String::from_utf8_lossy(value.as_bytes())) {
                if matches!(next, Next::Unknown) {
                    next = Next::End;
                }
                for relation in relations.split_ascii_whitespace() {
                    if relation.eq_ignore_ascii_case("next") {
                        next = page(target).map_or(Next::Unnamed, Next::Page);
                    } else if relation.eq_ignore_ascii_case("last") {
                        last = page(target);
                    }
                }
            }
        }
        Self { next, last }
    }
}

/// Each link's target and relations. What does not follow the grammar is passed over.
fn parse(mut rest: &str) -> Vec<(&str, String)> {
    let mut links = Vec::new();
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else {
            break;
        };
        let target = &rest[start + 1..start + length];
        rest = &rest[start + length + 1..];
        let mut relations = None;
        while let Some(after) = rest.trim_start().strip_prefix(';') {
            let name_end = after.find(['=', ';', ',']).unwrap_or(after.len());
            let name = after[..name_end].trim();
            rest = &after[name_end..];
            if let Some(value) = rest.strip_prefix('=') {
                let (value, behind) = parameter_value(value.trim_start());
                rest = behind;
                // Only the first counts (section 3.3).
                if name.eq_ignore_ascii_case("rel") && relations.is_none() {
                    relations = Some(value);
                }
            }
        }
        links.push((target, relations.unwrap_or_default()));
    }
    links
}

/// A token or a quoted string, and what follows it.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            char => value.push(char),
        }
    }
    (value, "")
}

/// The number that the query of a link's target gives as `page`.
fn page_of(target: &str) -> Option<i64> {
    value_of(target, "page")?.parse().ok()
}

/// What the query of a link's target gives as `name`.
fn value_of(target: &str, name: &str) -> Option<String> {
    let target = target.split('#').next()?;
    let (_, query) = target.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn links(values: &[&str]) -> Links {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LINK, HeaderValue::from_str(value).expect("a header"));
        }
        Links::from_headers(&headers)
    }

    #[test]
    fn reads_what_github_sends() {
        let seen = links(&[
            r#"<https://api.github.com/repositories/7/actions/artifacts?per_page=5&page=3>; rel="next", <https://api.github.com/repositories/7/actions/artifacts?per_page=5&page=9>; rel="last""#,
        ]);
        assert_eq!(seen.next, Next::Page(3));
        assert_eq!(seen.last, Some(9));
    }

    #[test]
    fn the_grammar_allows_more_than_github_sends() {
        for value in [
            "<?page=3>;rel=next",
            "<?page=3> ; REL = \"prefetch Next\" ",
            r#"<?name=a,b;c&page=3>; title="x, <y>; rel=\"last\""; rel=next; rel=prev"#,
            ", ,<?page=2>; rel=prev,<?page=3#page=9>;foo;rel=next",
            "<https://h/p?per%5Fpage=1&p%61ge=%33>; rel=next",
        ] {
            assert_eq!(links(&[value]).next, Next::Page(3), "{value}");
        }
        let seen = links(&["<?page=3>; rel=next", "<?page=9>; rel=last"]);
        assert_eq!((seen.next, seen.last), (Next::Page(3), Some(9)));
    }

    #[test]
    fn no_next_is_not_the_same_as_no_links() {
        assert_eq!(links(&[]).next, Next::Unknown);
        assert_eq!(links(&["nonsense"]).next, Next::Unknown);
        assert_eq!(links(&["<?page=1>; rel=first"]).next, Next::End);
    }

    #[test]
    fn a_next_link_without_a_page_number_is_told_from_none() {
        for target in ["", "?", "?page=", "?page=x", "?pages=2", "?after=Y3Vyc29y"] {
            let value = format!("<https://h/p{target}>; rel=next");
            assert_eq!(links(&[&value]).next, Next::Unnamed, "{value}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                headers.append(LINK, value);
            }
            Links::from_headers(&headers);
        }

        #[test]
        fn whatever_is_written_is_read(
            next in proptest::option::of(1..i64::MAX),
            last in proptest::option::of(1..i64::MAX),
            other in "[ -~&&[^<>#?]]{0,20}",
            title in r#"([ -~&&[^"\\]]|\\["\\]){0,20}"#,
            quoted in any::<bool>(),
            extra in any::<bool>(),
        ) {
            let rel = |name: &str| if quoted { format!("\"{name}\"") } else { name.to_owned() };
            let title = if extra { format!("; title=\"{title}\"") } else { String::new() };
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("name", &other)
                .finish();
            let link = |page: i64, name: &str| {
                format!("<https://h/{other}?{query}&page={page}>{title}; rel={}", rel(name))
            };
            let all: Vec<String> = [next.map(|n| link(n, "next")), last.map(|n| link(n, "last"))]
                .into_iter()
                .flatten()
                .collect();
            let seen = links(&[&all.join(", ")]);
            let expected = match (next, last) {
                (Some(page), _) => Next::Page(page),
                (None, Some(_)) => Next::End,
                (None, None) => Next::Unknown,
            };
            prop_assert_eq!(seen, Links { next: expected, last });
        }
    }
}
