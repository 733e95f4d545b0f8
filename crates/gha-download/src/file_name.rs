//! The file name that a server suggests, made safe to use as one.

/// The name in a `Content-Disposition` header
/// ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266)), sanitised to one path component.
pub(super) fn from_disposition(header: &[u8]) -> Option<String> {
    let text = decode_bytes(header);
    let (plain, extended) = parameters(&text);
    sanitise(&extended.or(plain)?)
}

/// Headers of old servers are Latin-1, those of careless ones UTF-8.
fn decode_bytes(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// `filename` and `filename*`, the first of each; an undecodable one counts as absent.
fn parameters(header: &str) -> (Option<String>, Option<String>) {
    let (mut plain, mut extended) = (None, None);
    let Some((_, mut rest)) = header.split_once(';') else {
        return (None, None);
    };
    while let Some((name, after)) = rest.split_once('=') {
        let (value, after) = value(after.trim_start());
        match name.trim().to_ascii_lowercase().as_str() {
            "filename" if plain.is_none() => plain = Some(value),
            "filename*" if extended.is_none() => extended = decode_extended(&value),
            _ => {}
        }
        let Some((_, next)) = after.split_once(';') else {
            break;
        };
        rest = next;
    }
    (plain, extended)
}

/// A token or a quoted string, and what follows.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    (value, "")
}

/// `charset'language'percent-encoded`: [RFC 8187](https://www.rfc-editor.org/rfc/rfc8187), which
/// replaces RFC 5987.
fn decode_extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(encoded).collect();
    if charset.eq_ignore_ascii_case("utf-8") {
        String::from_utf8(bytes).ok()
    } else if charset.eq_ignore_ascii_case("iso-8859-1") {
        Some(bytes.into_iter().map(char::from).collect())
    } else {
        None
    }
}

/// The longest name that common file systems take, in bytes, and room for one more.
const MAX_LEN: usize = 254;

/// One path component that means the same on every system, or `None` if nothing is left.
///
/// The part after the last separator of any system; without control characters, those that Windows
/// refuses, and dots and spaces at the end, which Windows drops; not the name of a
/// [device](https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
fn sanitise(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut safe: String = last
        .trim_start()
        .chars()
        .map(|c| match c {
            c if c.is_control() || is_reserved(c) => '_',
            c => c,
        })
        .collect();
    while safe.len() > MAX_LEN {
        safe.pop();
    }
    safe.truncate(safe.trim_end_matches(['.', ' ']).len());
    if is_device(&safe) {
        safe.insert(0, '_');
    }
    (!safe.is_empty()).then_some(safe)
}

/// Whether Windows takes the character for something else than a part of a name. GitHub's own
/// [upload-artifact](https://github.com/actions/upload-artifact) does not take it either.
pub fn is_reserved(c: char) -> bool {
    ['<', '>', ':', '"', '|', '?', '*'].contains(&c)
}

/// Whether Windows takes the name for a device, with an extension as well.
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_uppercase();
    if let Some(port) = stem.strip_prefix("COM").or(stem.strip_prefix("LPT")) {
        let digits = "0123456789¹²³";
        return port.chars().count() == 1 && digits.contains(port);
    }
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&&*stem)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(header: &str) -> Option<String> {
        from_disposition(header.as_bytes())
    }

    #[test]
    fn names_as_servers_write_them() {
        for (header, expected) in [
            ("attachment; filename=dist.zip", "dist.zip"),
            ("attachment; filename=\"dist.zip\"", "dist.zip"),
            ("ATTACHMENT ; FileName = \"a b; c.zip\" ; x=y", "a b; c.zip"),
            (
                "attachment; filename=\"r__.txt\"; filename*=UTF-8''r%22%C3%A9.txt",
                "r_é.txt",
            ),
            (
                "attachment; filename*=utf-8'de'%C3%A4.zip; filename=a.zip",
                "ä.zip",
            ),
            ("attachment; filename*=ISO-8859-1''%E4.zip", "ä.zip"),
            ("inline; filename=\"say \\\"hi\\\".txt\"", "say _hi_.txt"),
            ("attachment; filename=first; filename=second", "first"),
            // What cannot be decoded leaves the plain one.
            ("attachment; filename=a.zip; filename*=UTF-8''%FF", "a.zip"),
            ("attachment; filename=a.zip; filename*=EBCDIC''%C1", "a.zip"),
            ("attachment; filename=a.zip; filename*=nonsense", "a.zip"),
            ("attachment; filename=\"unfinished", "unfinished"),
            ("attachment; filename=\"unfinished\\", "unfinished"),
            ("attachment; size=5; filename=ä.zip", "ä.zip"),
        ] {
            assert_eq!(name(header).as_deref(), Some(expected), "{header}");
        }
        assert_eq!(
            from_disposition(b"attachment; filename=\"\xE4.zip\"").as_deref(),
            Some("ä.zip")
        );
        for header in [
            "",
            "attachment",
            "attachment;",
            "attachment; filename",
            "attachment; filename=\"\"",
        ] {
            assert_eq!(name(header), None, "{header}");
        }
    }

    #[test]
    fn names_that_would_do_harm() {
        for (given, expected) in [
            ("../../etc/passwd", Some("passwd")),
            ("..\\..\\windows\\win.ini", Some("win.ini")),
            ("C:\\a.txt", Some("a.txt")),
            ("a/", None),
            ("..", None),
            (".", None),
            ("...", None),
            (" . ", None),
            ("", None),
            (".bashrc", Some(".bashrc")),
            ("a.txt. . ", Some("a.txt")),
            ("a.txt:stream", Some("a.txt_stream")),
            ("a\0b\nc\u{7f}", Some("a_b_c_")),
            ("NUL", Some("_NUL")),
            ("nul.tar.gz", Some("_nul.tar.gz")),
            ("Com1 .txt", Some("_Com1 .txt")),
            ("LPT²", Some("_LPT²")),
            ("COM10", Some("COM10")),
            ("CONSOLE", Some("CONSOLE")),
            ("what?.zip", Some("what_.zip")),
        ] {
            assert_eq!(sanitise(given).as_deref(), expected, "{given:?}");
        }
        assert_eq!(sanitise(&"é".repeat(300)), Some("é".repeat(127)));
    }

    proptest! {
        #[test]
        fn any_header_gives_one_harmless_component(header in any::<Vec<u8>>()) {
            check(from_disposition(&header))?;
        }

        #[test]
        fn any_name_gives_one_harmless_component(
            name in "(([cC][oO][mM]|LPT)[0-9¹²³]|NUL|con|Aux|PRN|CONIN\\$|[./\\\\ :\"%;]|\\PC|.){0,20}"
        ) {
            check(sanitise(&name))?;
            check(from_disposition(format!("attachment; filename=\"{name}\"").as_bytes()))?;
            let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let extended = format!("attachment; filename*=UTF-8''{encoded}");
            prop_assert_eq!(from_disposition(extended.as_bytes()), sanitise(&name));
        }

        #[test]
        fn a_safe_name_stays_as_it_is(name in "[a-z0-9é_][a-z0-9é._ -]{0,20}[a-z0-9é_]") {
            prop_assume!(!is_device(&name));
            prop_assert_eq!(sanitise(&name), Some(name));
        }
    }

    /// Checked by other means than those that make it so.
    fn check(name: Option<String>) -> Result<(), TestCaseError> {
        let Some(name) = name else {
            return Ok(());
        };
        prop_assert!(!name.contains(['/', '\\', ':', '\0']), "{:?}", name);
        prop_assert!(!name.chars().any(char::is_control), "{:?}", name);
        prop_assert!(
            !name.ends_with(['.', ' ']) && name.len() <= 255,
            "{:?}",
            name
        );
        let components: Vec<_> = std::path::Path::new(&name).components().collect();
        prop_assert!(
            matches!(components[..], [std::path::Component::Normal(only)] if only == &*name),
            "{:?}",
            components
        );
        let stem = name.split('.').next().unwrap_or_default().trim();
        let devices = ["con", "prn", "aux", "nul", "conin$", "conout$"].map(str::to_owned);
        let numbered = ["com", "lpt"].into_iter().flat_map(|device| {
            "0123456789¹²³"
                .chars()
                .map(move |number| format!("{device}{number}"))
        });
        for device in devices.into_iter().chain(numbered) {
            prop_assert_ne!(stem.to_lowercase(), device);
        }
        Ok(())
    }
}
