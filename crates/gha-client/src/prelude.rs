//! The traits that give generated operations their methods: `use gha_client::prelude::*`.
