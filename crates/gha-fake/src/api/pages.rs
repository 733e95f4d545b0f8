//! Pagination: which items, and the `Link` header that leads on.

use std::collections::HashMap;
use std::time::SystemTime;

use http::HeaderValue;

use crate::Content;
use crate::fault::NextLink;
use crate::request::query_value;

/// The page that a query asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) page: u64,
    pub(super) per_page: u64,
}

impl Window {
    /// GitHub takes 100 for more than 100, and its default of 30 for zero, less than zero and what
    /// is no number.
    pub(super) fn from_query(query: &str) -> Self {
        let number = |name| {
            let value = query_value(query, name)?;
            value.parse::<u64>().ok().filter(|n| *n > 0)
        };
        Self {
            page: number("page").unwrap_or(1),
            per_page: number("per_page").map_or(30, |n| n.min(100)),
        }
    }

    pub(super) fn skip(self) -> usize {
        let items = (self.page - 1).saturating_mul(self.per_page);
        usize::try_from(items).unwrap_or(usize::MAX)
    }

    pub(super) fn len(self) -> usize {
        self.per_page as usize
    }

    fn last(self, total: u64) -> u64 {
        total.div_ceil(self.per_page).max(1)
    }

    /// The `Link` header ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)); none where everything
    /// fits on this page. `url` is the target without its query.
    pub(super) fn link(
        self,
        url: &str,
        query: &str,
        total: u64,
        fault: Option<&NextLink>,
    ) -> Option<String> {
        let to = |page| format!("{url}?{}", with_page(query, page));
        let last = self.last(total);
        let next = match fault {
            Some(NextLink::Missing) => return None,
            Some(NextLink::Itself) => Some(to(self.page)),
            Some(NextLink::Given(url)) => Some(url.clone()),
            _ if self.page >= last => None,
            Some(NextLink::Origin(origin)) => Some(at_origin(&to(self.page + 1), origin)),
            None => Some(to(self.page + 1)),
        };
        let first = (self.page > 1).then(|| (to(1), "first"));
        let prev = (self.page > 1).then(|| (to(self.page - 1), "prev"));
        let end = (self.page != last).then(|| (to(last), "last"));
        let links: Vec<String> = [prev, next.map(|url| (url, "next")), end, first]
            .into_iter()
            .flatten()
            .map(|(url, rel)| format!("<{url}>; rel=\"{rel}\""))
            .collect();
        (!links.is_empty()).then(|| links.join(", "))
    }
}

/// The query with this page: in place where there was one, else at the end.
fn with_page(query: &str, page: u64) -> String {
    let mut found = false;
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            if pair == "page" || pair.starts_with("page=") {
                found = true;
                format!("page={page}")
            } else {
                pair.to_owned()
            }
        })
        .collect();
    if !found {
        pairs.push(format!("page={page}"));
    }
    pairs.join("&")
}

fn at_origin(url: &str, origin: &str) -> String {
    let path = url
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('/'))
        .map_or("", |(_, path)| path);
    format!("{}/{path}", origin.trim_end_matches('/'))
}

/// Pages that were rendered since the state last changed.
#[derive(Debug, Default)]
pub(crate) struct PageCache {
    pages: HashMap<String, CachedPage>,
    bytes: u64,
}

#[derive(Clone, Debug)]
pub(super) struct CachedPage {
    pub(super) body: Content,
    pub(super) total: u64,
    pub(super) link: Option<HeaderValue>,
    /// When an artifact of the page expires.
    pub(super) good_until: Option<SystemTime>,
}

/// How much memory rendered pages may take.
const CACHE_LIMIT: u64 = 32 * 1024 * 1024;

impl PageCache {
    pub(crate) fn clear(&mut self) {
        if !self.pages.is_empty() {
            self.pages.clear();
            self.bytes = 0;
        }
    }

    pub(super) fn get(&self, key: &str, now: SystemTime) -> Option<&CachedPage> {
        self.pages
            .get(key)
            .filter(|page| page.good_until.is_none_or(|until| now < until))
    }

    pub(super) fn put(&mut self, key: String, page: CachedPage) {
        if self.bytes + page.body.len() > CACHE_LIMIT {
            self.clear();
        }
        self.bytes += page.body.len();
        self.pages.insert(key, page);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_page_is_clamped() {
        let per_page = |query| Window::from_query(query).per_page;
        assert_eq!(per_page(""), 30);
        assert_eq!(per_page("per_page=7"), 7);
        assert_eq!(per_page("per_page=100"), 100);
        assert_eq!(per_page("per_page=101"), 100);
        assert_eq!(per_page("per_page=0"), 30);
        assert_eq!(per_page("per_page=-5"), 30);
        assert_eq!(per_page("per_page=many"), 30);
        assert_eq!(Window::from_query("page=0").page, 1);
        assert_eq!(Window::from_query("page=x").page, 1);
    }

    #[test]
    fn links_keep_the_query_and_its_order() {
        let window = Window::from_query("page=2&per_page=5&name=a%20b");
        let link = window.link("http://h/x", "page=2&per_page=5&name=a%20b", 11, None);
        assert_eq!(
            link.as_deref(),
            Some(
                "<http://h/x?page=1&per_page=5&name=a%20b>; rel=\"prev\", \
                 <http://h/x?page=3&per_page=5&name=a%20b>; rel=\"next\", \
                 <http://h/x?page=3&per_page=5&name=a%20b>; rel=\"last\", \
                 <http://h/x?page=1&per_page=5&name=a%20b>; rel=\"first\""
            )
        );
    }

    #[test]
    fn one_page_has_no_links() {
        let window = Window::from_query("");
        assert_eq!(window.link("http://h/x", "", 30, None), None);
        assert!(window.link("http://h/x", "", 31, None).is_some());
    }

    #[test]
    fn beyond_the_end_there_is_no_next() {
        let link = Window::from_query("page=9").link("http://h/x", "page=9", 31, None);
        let link = link.expect("links back");
        assert!(!link.contains("next"), "{link}");
        assert!(link.contains("page=2>; rel=\"last\""), "{link}");
    }
}
