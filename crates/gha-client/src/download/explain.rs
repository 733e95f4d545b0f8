use std::any::Any;

/// Makes the error of a missing download more precise, given what it belongs to.
pub(crate) fn explain_missing(error: gha_api::Error, _subject: &dyn Any) -> gha_api::Error {
    error
}
