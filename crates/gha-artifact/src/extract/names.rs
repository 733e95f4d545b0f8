//! Names that mean the same, and no harm, on every system.

use gha_download::disk::{LONGEST_NAME, is_device, is_reserved};

/// A folder's name for an artifact, whatever the artifact is called: one path component, never
/// `.` or `..` nor a device of Windows, at most 255 bytes. Names that are all that stay as they are.
///
/// ```
/// use gha_artifact::folder_name;
///
/// assert_eq!(folder_name("dist (x86..64)"), "dist (x86..64)");
/// assert_eq!(folder_name("../../etc"), ".._.._etc");
/// assert_eq!(folder_name(".."), "._");
/// assert_eq!(folder_name("nul"), "_nul");
/// ```
pub fn folder_name(artifact: &str) -> String {
    let mut name: String = artifact
        .chars()
        .map(|c| match c {
            '/' | '\\' => '_',
            c if c.is_control() || is_reserved(c) => '_',
            c => c,
        })
        .collect();
    if is_device(&name) {
        name.insert(0, '_');
    }
    while name.len() > LONGEST_NAME {
        name.pop();
    }
    if name.is_empty() || name.ends_with(['.', ' ']) {
        name.pop();
        name.push('_');
    }
    name
}

/// Why a component of a path is refused.
///
/// `portable` refuses what any common system does not take, else only what is never meant well or
/// this system does not take.
pub(super) fn objection(component: &str, portable: bool) -> Option<String> {
    let advice = match cfg!(windows) {
        true => "have it packed under another",
        false => "allow it with `portable_names(false)`",
    };
    if component == ".." {
        Some("leads out of the folder; do not trust this archive".into())
    } else if component.chars().any(char::is_control) {
        Some("has a control character in its name; have it packed under another".into())
    } else if component.contains('\\') {
        Some("has a backslash in its name; take it for `/` with `backslashes(true)`".into())
    } else if component.len() > LONGEST_NAME {
        Some("has a name of more than 255 bytes; have it packed under another".into())
    } else if portable || cfg!(windows) {
        objection_of_windows(component).map(|why| format!("{why}; {advice}"))
    } else {
        None
    }
}

fn objection_of_windows(component: &str) -> Option<&'static str> {
    if component.contains(is_reserved) {
        Some("has a name with a character that Windows reserves")
    } else if component.ends_with(['.', ' ']) {
        Some("has a name that ends in a dot or a space, which Windows drops")
    } else if is_device(component) {
        Some("is named after a device of Windows")
    } else {
        None
    }
}

/// The same for names that some file system takes for one.
pub(super) fn fold(name: &str) -> String {
    let upper = name.chars().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn components() {
        for harmless in [
            "a", ".bashrc", "...a", "a b", " a", "console", "com10", "lpt", "é", "-",
        ] {
            assert_eq!(objection(harmless, true), None, "{harmless:?}");
        }
        for (name, why) in [
            ("..", "leads out"),
            ("a\0", "control"),
            ("a\n", "control"),
            ("a\\b", "backslash"),
        ] {
            assert!(objection(name, true).unwrap().contains(why), "{name:?}");
            assert!(objection(name, false).unwrap().contains(why), "{name:?}");
        }
        for name in [
            "C:",
            "a?",
            "a.",
            "a ",
            "nul",
            "Aux.c",
            "COM1",
            "lpt¹.txt",
            "con .x",
        ] {
            assert!(objection(name, true).is_some(), "{name:?}");
            assert_eq!(objection(name, false).is_some(), cfg!(windows), "{name:?}");
        }
    }

    #[test]
    fn names_of_folders() {
        for (artifact, folder) in [
            ("", "_"),
            (".", "_"),
            ("..", "._"),
            ("a..b", "a..b"),
            ("..a", "..a"),
            ("a.", "a_"),
            ("a/b\\c", "a_b_c"),
            ("C:\\x", "C__x"),
            ("Con.txt", "_Con.txt"),
            ("a\0b", "a_b"),
        ] {
            assert_eq!(folder_name(artifact), folder);
        }
        assert_eq!(folder_name(&"é".repeat(200)).len(), 254);
    }

    #[test]
    fn names_that_fold_together() {
        assert_eq!(fold("README.MD"), fold("readme.md"));
        assert_eq!(fold("STRASSE"), fold("straße"));
        assert_eq!(fold("Σ"), fold("ς"));
        assert_ne!(fold("a"), fold("ä"));
    }

    proptest! {
        #[test]
        fn any_artifact_has_a_folder(name in "(nul|COM1|[./\\\\ :]|\\PC|.){0,300}") {
            let folder = folder_name(&name);
            prop_assert_eq!(objection(&folder, true), None);
            let path = std::path::Path::new(&folder);
            prop_assert_eq!(path.file_name().and_then(|name| name.to_str()), Some(&*folder));
            prop_assert_eq!(path.components().count(), 1);
            prop_assert_eq!(folder_name(&folder), folder.clone());
            if !name.is_empty() && name != "." && !name.contains('/') && objection(&name, true).is_none() {
                prop_assert_eq!(folder, name);
            }
        }
    }
}
