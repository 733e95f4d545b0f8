//! From a linted spec to the files of `crates/gha-api`.
