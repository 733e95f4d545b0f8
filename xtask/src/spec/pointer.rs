//! JSON pointers (RFC 6901), and the JSONPath (RFC 9535) that selects the same place.

use std::fmt::Write;

/// The pointer to where a walk stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pointer(String);

impl Pointer {
    pub(crate) fn new(pointer: impl Into<String>) -> Self {
        Self(pointer.into())
    }

    /// Runs `f` one step deeper.
    pub(super) fn within<R>(&mut self, token: &str, f: impl FnOnce(&mut Self) -> R) -> R {
        let length = self.0.len();
        self.push(token);
        let result = f(self);
        self.0.truncate(length);
        result
    }

    pub(crate) fn join(&self, token: &str) -> String {
        let mut joined = self.clone();
        joined.push(token);
        joined.0
    }

    pub(crate) fn push(&mut self, token: &str) {
        self.0.push('/');
        if token.contains(['~', '/']) {
            self.0
                .push_str(&token.replace('~', "~0").replace('/', "~1"));
        } else {
            self.0.push_str(token);
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Undoes the escapes of one token.
pub(super) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The JSONPath that selects what `pointer` points to: `$.paths['/jobs/{job_id}'].get`.
pub fn to_jsonpath(pointer: &str) -> String {
    let mut path = String::from("$");
    for token in pointer.split('/').skip(1) {
        let token = unescape(token);
        let plain = token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && token.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        // Writing to a `String` cannot fail.
        let _ = if plain {
            write!(path, ".{token}")
        } else if token.len() < 3 && token.bytes().all(|byte| byte.is_ascii_digit()) {
            // One or two digits: an index. Status codes, the only numeric names, have three.
            write!(path, "[{token}]")
        } else {
            write!(
                path,
                "['{}']",
                token.replace('\\', "\\\\").replace('\'', "\\'")
            )
        };
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jsonpath_quotes_what_is_not_a_plain_name() {
        let mut pointer = Pointer::new("/paths");
        pointer.push("/jobs/{job_id}");
        pointer.push("get");
        pointer.push("parameters");
        pointer.push("0");
        assert_eq!(pointer.as_str(), "/paths/~1jobs~1{job_id}/get/parameters/0");
        assert_eq!(
            to_jsonpath(pointer.as_str()),
            "$.paths['/jobs/{job_id}'].get.parameters[0]"
        );
        assert_eq!(
            to_jsonpath("/responses/200/x-y"),
            "$.responses['200']['x-y']"
        );
        assert_eq!(to_jsonpath(""), "$");
    }
}
