use http::StatusCode;
use serde_json::{Value, json};

use crate::operation::Operation;

/// Why an API request is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    message: String,
    /// The page of the documentation that explains it, below the documentation's base.
    docs: Option<&'static str>,
    /// More members of the JSON body.
    more: Vec<(&'static str, Value)>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            docs: None,
            more: Vec::new(),
        }
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// Explained by this page, whatever the operation.
    pub(super) fn explained_by(mut self, page: &'static str) -> Self {
        self.docs = Some(page);
        self
    }

    /// Explained by the page of this operation, unless one is named.
    pub(super) fn of(mut self, operation: Option<Operation>) -> Self {
        self.docs = self.docs.or_else(|| operation.map(Operation::docs));
        self
    }

    pub(super) fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.more.push((member, value.into()));
        self
    }

    /// GitHub's error body. `docs` is the documentation's base.
    pub(super) fn body(self, docs: &str) -> Value {
        let page = self.docs.unwrap_or("/rest");
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
