use crate::{Api, Body, Error, MaybeSend, Operation, Response, SignedUrl};

pub(crate) mod sealed {
    /// Implemented by generated builders alone.
    pub trait Sealed {}
}

/// A builder of an operation that answers with one page of a list.
///
/// Found in the description: the operation takes `page` and `per_page`, or a cursor (`after`, `before`, `cursor`,
/// or the id `since`), and answers with an array or with an object that holds one.
pub trait Paginated: sealed::Sealed + Clone + Send + Sync + Unpin + 'static {
    /// What the list holds.
    type Item: Send + Unpin + 'static;

    /// The API that the builder calls.
    fn api(&self) -> &Api;

    /// The operation that the builder requests.
    fn operation(&self) -> &'static Operation;

    /// The page asked for, counted from 1, if pages have numbers and one was set.
    fn page_number(&self) -> Option<i64> {
        None
    }

    /// The number of items asked for on a page, if one was set.
    fn page_size(&self) -> Option<i64> {
        None
    }

    /// The same request for another page, if pages have numbers.
    #[must_use]
    fn with_page(self, page: i64) -> Self {
        let _ = page;
        self
    }

    /// The same request with another number of items on a page, if that can be said.
    #[must_use]
    fn with_per_page(self, per_page: i64) -> Self {
        let _ = per_page;
        self
    }

    /// The query parameters of the cursor that leads from page to page; none if numbers do. A list that takes
    /// both is read by numbers unless it is given a cursor.
    fn cursor_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// The cursor of the page asked for.
    fn cursor(&self) -> PageCursor {
        PageCursor::default()
    }

    /// The same request for the page of a cursor, if pages have cursors.
    #[must_use]
    fn with_cursor(self, cursor: &PageCursor) -> Self {
        let _ = cursor;
        self
    }

    /// Requests the page.
    fn send_page(
        self,
    ) -> impl Future<Output = Result<Response<PageBody<Self::Item>>, Error>> + MaybeSend + 'static;

    /// What tells one item from all others, where items have an integer `id`.
    fn item_id(item: &Self::Item) -> Option<i64>;
}

/// The content of one page, whatever the list is called in it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PageBody<T> {
    /// The number of items on all pages, where the server tells it.
    pub total_count: Option<i64>,
    /// The items of this page.
    pub items: Vec<T>,
}

impl<T> PageBody<T> {
    #[doc(hidden)]
    pub fn new(total_count: Option<i64>, items: Vec<T>) -> Self {
        Self { total_count, items }
    }
}

/// What leads to a page whose list has cursors in place of page numbers; empty for the first page.
///
/// It is the server's: nothing but that it gave it for a page is known of it, and it may not be good for long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PageCursor(Vec<(&'static str, String)>);

impl PageCursor {
    /// The values of query parameters; those without one are left out.
    #[doc(hidden)]
    pub fn new(values: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Self {
        let values = values.into_iter();
        let given = values.filter_map(|(name, value)| Some((name, value?)));
        Self(given.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The value of a query parameter: `after`, say.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(other, _)| *other == name);
        value.map(|(_, value)| value.as_str())
    }

    /// Whether it is that of the first page.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What the API answers with where a content is asked for.
#[derive(Debug)]
#[non_exhaustive]
pub enum Content {
    /// The content itself, as it arrives.
    Here(http::Response<Body>),
    /// Where it is.
    At(SignedUrl),
}

/// A builder of an operation that answers with a redirect to a signed URL, or with what is behind it.
///
/// Found in the description: the operation answers 302.
pub trait Redirected: sealed::Sealed + Clone + Send + Sync + Unpin + 'static {
    /// The API that the builder calls.
    fn api(&self) -> &Api;

    /// The operation that the builder requests.
    fn operation(&self) -> &'static Operation;

    /// Requests a signed URL.
    fn send_redirect(self) -> impl Future<Output = Result<SignedUrl, Error>> + MaybeSend + 'static;

    /// Requests the content, which some operations answer with themselves.
    fn send_content(self) -> impl Future<Output = Result<Content, Error>> + MaybeSend + 'static {
        async { self.send_redirect().await.map(Content::At) }
    }

    /// Makes the error of a content that is missing (404), here or where the URL leads, more precise, where
    /// the API can say why.
    fn why_missing(self, missing: Error) -> impl Future<Output = Error> + MaybeSend + 'static {
        async { missing }
    }
}
