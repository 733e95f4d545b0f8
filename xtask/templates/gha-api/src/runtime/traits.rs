use super::{Client, Error, MaybeSend, Operation, Response, SignedUrl};

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

    /// The client that the builder came from.
    fn client(&self) -> &Client;

    /// The operation that the builder requests.
    fn operation(&self) -> &'static Operation;

    /// The page asked for, counted from 1, if one was set.
    fn page_number(&self) -> Option<i64>;

    /// The number of items asked for on a page, if one was set.
    fn page_size(&self) -> Option<i64>;

    /// The same request for another page; an argument that could not be used still fails when it is
    /// sent.
    #[must_use]
    fn with_page(self, page: i64) -> Self;

    /// The same request with another number of items on a page; as [`with_page`](Self::with_page).
    #[must_use]
    fn with_per_page(self, per_page: i64) -> Self;

    /// Requests the page.
    fn send_page(
        self,
    ) -> impl Future<Output = Result<Response<PageBody<Self::Item>>, Error>> + MaybeSend;

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
    pub(crate) fn new(total_count: Option<i64>, items: Vec<T>) -> Self {
        Self { total_count, items }
    }
}

/// A builder of an operation that answers with a redirect to a signed URL.
///
/// Found in the description: the operation answers 302 with `Location`.
pub trait Redirected: sealed::Sealed + Clone + Send + Sync + Unpin + 'static {
    /// What the content belongs to: the answer of the operation whose path this one's extends,
    /// such as the job of a log; `()` if there is none.
    type Subject: Send + 'static;

    /// The client that the builder came from.
    fn client(&self) -> &Client;

    /// Requests a signed URL.
    fn send_redirect(self) -> impl Future<Output = Result<SignedUrl, Error>> + MaybeSend;

    /// Requests the subject; `None` if the operation has none.
    fn send_subject(
        self,
    ) -> impl Future<Output = Result<Option<Response<Self::Subject>>, Error>> + MaybeSend;
}

/// Makes the error of a redirect operation more precise, if the transport knows how.
pub(crate) async fn explained(error: Error, builder: impl Redirected) -> Error {
    let explain = builder.client().transport().explain_missing();
    let Some(explain) = explain.filter(|_| error.is_not_found()) else {
        return error;
    };
    match builder.send_subject().await {
        Ok(Some(subject)) => explain(error, &subject.into_inner()),
        Ok(None) | Err(_) => error,
    }
}
