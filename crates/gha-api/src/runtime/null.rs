// Written by `cargo xtask codegen`. Do not edit.

use serde::{Deserialize, Deserializer};

/// Takes `null` for the default: servers send either where they have nothing to say.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
