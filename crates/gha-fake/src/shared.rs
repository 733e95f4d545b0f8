use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::clock::Clock;
use crate::edition::Edition;
use crate::fault::{Plan, Rules};
use crate::hooks::Hooks;
use crate::operation::{Operation, Route};
use crate::pages::PageCache;
use crate::request::ReceivedRequest;
use crate::signed_url::SigningKey;
use crate::state::State;

/// What a fake was told to be.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) edition: Edition,
    /// In place of the edition's.
    pub(crate) versions: Option<Vec<String>>,
    pub(crate) rate_limit: Option<u64>,
    pub(crate) clock: Clock,
    /// A minute where there is none.
    pub(crate) link_lifetime: Option<Duration>,
    pub(crate) installations: Vec<i64>,
    pub(crate) blobs_on_api_origin: bool,
    /// Ten thousand where there is none.
    pub(crate) request_log_limit: Option<usize>,
    pub(crate) api_port: u16,
    pub(crate) blob_port: u16,
}

/// What both listeners and the handle share.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) state: Mutex<State>,
    pub(crate) pages: Mutex<PageCache>,
    pub(crate) rules: Rules,
    pub(crate) before_answer: Hooks,
    /// Before it is sent, once it is made.
    pub(crate) after_answer: Hooks,
    /// The newest requests.
    pub(crate) log: Mutex<VecDeque<Arc<ReceivedRequest>>>,
    pub(crate) signing_key: SigningKey,
    pub(crate) api_origin: String,
    /// Where signed URLs lead; the API's origin where it has none of its own.
    pub(crate) blob_origin: String,
    pub(crate) answers: AtomicU64,
}

impl Shared {
    /// Where the API is.
    pub(crate) fn api_url(&self) -> String {
        format!("{}{}", self.api_origin, self.config.edition.prefix())
    }

    /// The values of `X-GitHub-Api-Version`.
    pub(crate) fn versions(&self) -> Vec<&str> {
        match &self.config.versions {
            Some(versions) => versions.iter().map(String::as_str).collect(),
            None => self.config.edition.versions().to_vec(),
        }
    }

    /// How many requests an hour are allowed.
    pub(crate) fn rate_limit(&self) -> Option<u64> {
        self.config.rate_limit.or(self.config.edition.rate_limit())
    }

    /// Eight hexadecimal digits.
    pub(crate) fn request_id(&self) -> String {
        format!("{:08X}", self.answers.fetch_add(1, Ordering::Relaxed))
    }
}

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
