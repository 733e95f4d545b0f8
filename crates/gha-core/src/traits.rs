use crate::{Api, Body, Error, MaybeSend, Operation, Response, SignedUrl};

pub(crate) mod sealed {
    /// Implemented by generated builders alone.
    pub trait Sealed {}
}

/// A builder of an operation that answers with one page of a list.
///
/// Found in the description: the operation takes `page` and `per_page`, and answers with an array
/// or with an object that holds one.
pub trait Paginated: sealed::Sealed + Clone + Send + Sync + Unpin + 'static {
    /// What the list holds.
    type Item: Send + Unpin + 'static;

    /// The API that the builder calls.
    fn api(&self) -> &Api;

    /// The operation that the builder requests.
    fn operation(&self) -> &'static Operation;

    /// The page asked for, counted from 1, if one was set.
    fn page_number(&self) -> Option<i64>;

    /// The number of items asked for on a page, if one was set.
    fn page_size(&self) -> Option<i64>;

    /// The same request for another page.
    #[must_use]
    fn with_page(self, page: i64) -> Self;

    /// The same request with another number of items on a page.
    #[must_use]
    fn with_per_page(self, per_page: i64) -> Self;

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
