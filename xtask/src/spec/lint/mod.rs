//! Refuses what progenitor would ignore, choke on, or turn into code that does not compile.

use serde_json::Value;

use super::hoist::Origins;
use super::problem::Problem;

/// Everything that is wrong with an effective document.
pub(super) fn lint(_document: &Value, _origins: &Origins) -> Vec<Problem> {
    Vec::new()
}
