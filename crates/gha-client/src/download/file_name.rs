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
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c if c.is_control() => '_',
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

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_uppercase();
    let numbered = |prefix| {
        stem.strip_prefix(prefix).is_some_and(|number| {
            let mut chars = number.chars();
            matches!(chars.next(), Some('0'..='9' | '¹' | '²' | '³')) && chars.next().is_none()
        })
    };
    matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}
