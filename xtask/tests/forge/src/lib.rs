//! A client generated from `spec/`, which tests compare, compile and run.
//!
//! `UPDATE_GOLDEN=1 cargo test -p xtask forge` writes `src/generated`; read what changed.

#[rustfmt::skip]
mod generated;

pub use generated::*;

impl types::Run {
    fn why_missing(&self, missing: gha_core::Error) -> gha_core::Error {
        let message = format!("run {} has no logs", self.id);
        missing.reclassified(gha_core::ErrorKind::LogNotReady, message)
    }
}
