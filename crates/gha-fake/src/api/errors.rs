use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::answer::Answer;
use crate::Operation;

/// Why an API request is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) message: String,
    /// The page of the documentation that explains it, below the documentation's base.
    page: Option<&'static str>,
    /// More members of the JSON body.
    pub(super) more: Vec<(&'static str, Value)>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            page: None,
            more: Vec::new(),
        }
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// Explained by this page, whatever the operation.
    pub(super) fn explained_by(mut self, page: &'static str) -> Self {
        self.page = Some(page);
        self
    }

    /// Explained by the page of this operation, unless one is named.
    pub(super) fn of(mut self, operation: Option<Operation>) -> Self {
        self.page = self.page.or_else(|| operation.map(Operation::docs));
        self
    }

    pub(super) fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.more.push((member, value.into()));
        self
    }

    /// GitHub's error body. `docs` is the documentation's base.
    pub(super) fn body(self, docs: &str) -> Value {
        let page = self.page.unwrap_or("/rest");
        let mut body = json!({
            "message": self.message,
            "documentation_url": format!("{docs}{page}"),
            "status": self.status.as_str(),
        });
        for (member, value) in self.more {
            body[member] = value;
        }
        body
    }
}

/// An error in the blob store's form
/// ([status and error codes](https://learn.microsoft.com/en-us/rest/api/storageservices/status-and-error-codes2)).
pub(crate) fn storage_error(status: StatusCode, code: &'static str, message: &str) -> Answer {
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    Answer::new(status, "application/xml", body).with(
        header::HeaderName::from_static("x-ms-error-code"),
        HeaderValue::from_static(code),
    )
}
