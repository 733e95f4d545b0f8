//! The Rust names that progenitor and typify give to names of the API.

use heck::{ToPascalCase, ToSnakeCase};
use unicode_ident::is_xid_continue;

/// The name of a type or variant.
pub(super) fn pascal(name: &str) -> String {
    special(name).map_or_else(|| plain(name).to_pascal_case(), str::to_owned)
}

/// The name of a function, field or argument.
pub(super) fn snake(name: &str) -> String {
    special(name).map_or_else(|| plain(name).to_snake_case(), str::to_lowercase)
}

/// typify's second try for enums whose variants collide: what separates words counts too.
pub(super) fn pascal_spelled_out(name: &str) -> String {
    pascal(&name.replace(|c| c == '_' || !is_xid_continue(c), "X"))
}

fn special(name: &str) -> Option<&'static str> {
    match name {
        "+1" => Some("Plus1"),
        "-1" => Some("Minus1"),
        _ => None,
    }
}

fn plain(name: &str) -> String {
    name.replace('\'', "").replace(|c| !is_xid_continue(c), "-")
}

/// The entries of `names` that share a Rust name with an earlier one, and that earlier one.
pub(super) fn collisions<'a>(
    names: impl IntoIterator<Item = &'a str>,
    case: impl Fn(&str) -> String,
) -> Vec<(&'a str, &'a str)> {
    let mut seen = std::collections::BTreeMap::new();
    names
        .into_iter()
        .filter_map(|name| match seen.entry(case(name)) {
            std::collections::btree_map::Entry::Occupied(first) => Some((*first.get(), name)),
            std::collections::btree_map::Entry::Vacant(vacant) => {
                vacant.insert(name);
                None
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_typify() {
        assert_eq!(pascal("timed_out"), "TimedOut");
        assert_eq!(pascal("won't fix"), "WontFix");
        assert_eq!(pascal("+1"), "Plus1");
        assert_eq!(snake("actions/get-artifact"), "actions_get_artifact");
        assert_eq!(collisions(["a-b", "a_b", "c"], pascal), [("a-b", "a_b")]);
        assert_eq!(collisions(["<=", ">="], pascal), [("<=", ">=")]);
        assert_eq!(collisions(["a-b", "ab"], pascal_spelled_out), []);
    }
}
