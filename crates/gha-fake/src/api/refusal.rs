use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::answer::{self, Answer, set};
use crate::operation::Operation;

/// Why an API request is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    /// The page of the documentation that explains it, below the documentation's base: the
    /// operation's where there is none.
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

    pub(super) fn moved(status: StatusCode, url: String) -> Self {
        let message = status.canonical_reason().unwrap_or("Moved");
        Self::new(status, message).with("url", url)
    }

    /// Explained by this page, whatever the operation.
    pub(super) fn explained_by(mut self, page: Option<&'static str>) -> Self {
        self.docs = page;
        self
    }

    pub(super) fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.more.push((member, value.into()));
        self
    }

    /// GitHub's error. `docs` is the documentation's base.
    pub(super) fn answer(self, docs: &str, operation: Option<Operation>) -> Answer {
        let page = self.docs.or(operation.map(Operation::docs));
        let mut body = json!({
            "message": self.message,
            "documentation_url": format!("{docs}{}", page.unwrap_or("/rest")),
            "status": self.status.as_str(),
        });
        for (member, value) in self.more {
            body[member] = value;
        }
        let mut answer = answer::json(self.status, &body);
        if let Some(url) = body["url"].as_str().map(str::to_owned) {
            set(answer.headers_mut(), header::LOCATION, url);
        }
        answer
    }
}
