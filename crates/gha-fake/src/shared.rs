use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderValue;

use crate::clock::Clock;
use crate::edition::Edition;
use crate::fault::Rules;
use crate::hooks::Hooks;
use crate::limits::RateLimit;
use crate::pages::PageCache;
use crate::request::RequestLog;
use crate::signed_url::SigningKey;
use crate::state::State;

/// What a fake was told to be.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) edition: Edition,
    /// In place of the edition's.
    pub(crate) versions: Option<Vec<String>>,
    pub(crate) rate_limit: Option<u64>,
    pub(crate) clock: Clock,
    pub(crate) link_lifetime: Duration,
    pub(crate) installations: Vec<i64>,
    pub(crate) blobs_on_api_origin: bool,
    pub(crate) request_log_limit: usize,
    pub(crate) api_port: u16,
    pub(crate) blob_port: u16,
}

/// What both listeners and the handle share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) state: Mutex<State>,
    pub(crate) pages: Mutex<PageCache>,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) hooks: Hooks,
    pub(crate) log: RequestLog,
    pub(crate) signing_key: SigningKey,
    pub(crate) api_origin: String,
    /// Where signed URLs lead; the API's origin where it has none of its own.
    pub(crate) blob_origin: String,
    pub(crate) answers: AtomicU64,
}

impl Shared {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn pages(&self) -> MutexGuard<'_, PageCache> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The values of `X-GitHub-Api-Version`.
    pub(crate) fn versions(&self) -> Vec<&str> {
        match &self.config.versions {
            Some(versions) => versions.iter().map(String::as_str).collect(),
            None => self.config.edition.versions().to_vec(),
        }
    }

    /// Eight hexadecimal digits.
    pub(crate) fn request_id(&self) -> HeaderValue {
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        let digit = |place: u32| b"0123456789ABCDEF"[(number >> (4 * place)) as usize & 15];
        let id = [7, 6, 5, 4, 3, 2, 1, 0].map(digit);
        HeaderValue::from_bytes(&id).unwrap_or_else(|_| HeaderValue::from_static("0"))
    }
}
