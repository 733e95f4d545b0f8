use crate::fault::Plan;
use crate::operation::{Operation, Route};
use crate::request::ReceivedRequest;
use crate::shared::Shared;

/// A request while it is answered.
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) request: &'a ReceivedRequest,
    pub(crate) route: Option<Route<'a>>,
    pub(crate) plan: &'a Plan,
}

impl Call<'_> {
    pub(crate) fn operation(&self) -> Option<Operation> {
        self.route.map(|route| route.operation)
    }

    pub(crate) fn query(&self) -> &str {
        self.request.query.as_deref().unwrap_or_default()
    }
}
