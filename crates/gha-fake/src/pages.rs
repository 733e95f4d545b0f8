//! Pagination: which items, and the `Link` header that leads on.

use std::collections::HashMap;
use std::ops::Range;
use std::time::SystemTime;

use crate::answer::Answer;
use crate::request::with_query_value;

/// The page that a query asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    number: u64,
    size: u64,
}

impl Page {
    /// GitHub takes 100 for a `per_page` of more than 100, its default of 30 for one below 1, and the
    /// first page for those before it.
    pub(crate) fn new(page: Option<i64>, per_page: Option<i64>) -> Self {
        let positive = |number: i64| u64::try_from(number).ok().filter(|number| *number > 0);
        Self {
            number: page.and_then(positive).unwrap_or(1),
            size: per_page.and_then(positive).map_or(30, |size| size.min(100)),
        }
    }

    /// How many there are, and those of this page.
    pub(crate) fn cut<T: Copy>(self, items: Vec<T>) -> (u64, Vec<T>) {
        let total = items.len() as u64;
        let first = (self.number - 1).saturating_mul(self.size).min(total);
        let end = (first + self.size).min(total);
        (total, items[first as usize..end as usize].to_vec())
    }

    /// The `Link` header ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)); none where everything
    /// fits on this page. `url` is the target without its query.
    pub(crate) fn link(self, url: &str, query: &str, total: u64) -> Option<String> {
        let last = total.div_ceil(self.size).max(1);
        let links = [
            (self.number > 1).then(|| (self.number - 1, "prev")),
            (self.number < last).then(|| (self.number + 1, "next")),
            (self.number != last).then_some((last, "last")),
            (self.number > 1).then_some((1, "first")),
        ];
        let link = |(page, rel): (u64, &str)| {
            let query = with_query_value(query, "page", &page.to_string());
            format!("<{url}?{query}>; rel=\"{rel}\"")
        };
        let links: Vec<String> = links.into_iter().flatten().map(link).collect();
        (!links.is_empty()).then(|| links.join(", "))
    }
}

/// Pages that were rendered since the state last changed, by path and query, and how long they are
/// good: while the clock changes nothing on them.
pub(crate) type PageCache = HashMap<String, (Range<SystemTime>, Answer)>;

/// How many rendered pages there may be, of at most some 100 kB.
pub(crate) const CACHE_LIMIT: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_page_is_clamped() {
        for (asked, size) in [(7, 7), (100, 100), (101, 100), (0, 30), (-5, 30)] {
            assert_eq!(Page::new(None, Some(asked)).size, size);
        }
        assert_eq!(Page::new(None, None), Page::new(Some(-1), Some(30)));
    }

    #[test]
    fn links_keep_the_query_and_its_order() {
        let page = Page::new(Some(2), Some(5));
        let link = page.link("http://h/x", "page=2&per_page=5&name=a%20b", 11);
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
        let page = Page::new(None, None);
        assert_eq!(page.link("http://h/x", "", 30), None);
        assert!(page.link("http://h/x", "", 31).is_some());
    }

    #[test]
    fn beyond_the_end_there_is_no_next() {
        let link = Page::new(Some(9), None).link("http://h/x", "page=9", 31);
        let link = link.expect("links back");
        assert!(!link.contains("next"), "{link}");
        assert!(link.contains("page=2>; rel=\"last\""), "{link}");
    }
}
