//! Checking content against a digest, beside the reading of it.

use bytes::Bytes;
use gha_core::{Error, ErrorKind};
use sha2::{Digest as _, Sha256};

use crate::task::outcome;
use crate::worker::{Task, Worker};

type Sha256Bytes = [u8; 32];

/// A digest as an artifact carries it: `sha256:` and 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expected(Sha256Bytes);

impl Expected {
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| {
            let message =
                format!("the digest {text:?} {why}; expected `sha256:` and 64 hexadecimal digits");
            Error::new(ErrorKind::InvalidRequest, message)
        };
        let (algorithm, hex) = text
            .split_once(':')
            .ok_or_else(|| refuse("names no algorithm"))?;
        if !algorithm.eq_ignore_ascii_case("sha256") {
            return Err(refuse("has an unknown algorithm"));
        }
        let mut bytes = Sha256Bytes::default();
        let decoded = hex.len() == 64
            && bytes
                .iter_mut()
                .zip(hex.as_bytes().chunks(2))
                .all(|(byte, pair)| {
                    let digit = |c: u8| char::from(c).to_digit(16);
                    let value = digit(pair[0]).zip(digit(pair[1]));
                    value
                        .map(|(high, low)| *byte = (high * 16 + low) as u8)
                        .is_some()
                });
        if decoded {
            Ok(Self(bytes))
        } else {
            Err(refuse("is malformed"))
        }
    }

    pub(super) fn compare(self, actual: Sha256Bytes) -> Result<(), Error> {
        if self.0 == actual {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::DigestMismatch,
            format!(
                "the content has the digest sha256:{} instead of sha256:{}; do not use it",
                hex(actual),
                hex(self.0)
            ),
        ))
    }
}

fn hex(bytes: Sha256Bytes) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hashes on a thread of its own.
#[derive(Debug)]
pub(super) struct Check {
    expected: Expected,
    hash: Worker<Sha256Bytes>,
}

impl Check {
    pub(super) fn start(expected: Expected) -> Self {
        let hash = Worker::start(|tasks| {
            let mut hasher = Sha256::new();
            for task in tasks {
                match task {
                    Task::Data(bytes) => hasher.update(&bytes),
                    Task::StartOver => hasher = Sha256::new(),
                    Task::End => break,
                }
            }
            hasher.finalize().into()
        });
        Self { expected, hash }
    }

    /// A thread that stopped shows in [`finish`](Self::finish).
    pub(super) async fn update(&self, bytes: Bytes) {
        let _ = self.hash.push(bytes).await;
    }

    pub(super) fn start_over(&self) {
        let _ = self.hash.start_over();
    }

    pub(super) async fn finish(self) -> Result<(), Error> {
        self.expected.compare(outcome(self.hash.finish().await)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn digests() {
        let parsed = Expected::parse(&format!("sha256:{EMPTY}")).unwrap();
        assert_eq!(hex(parsed.0), EMPTY);
        let shouted = format!("SHA256:{}", EMPTY.to_uppercase());
        assert_eq!(Expected::parse(&shouted).unwrap(), parsed);
        parsed.compare(Sha256::digest(b"").into()).unwrap();
        let error = parsed.compare(Sha256::digest(b"a").into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DigestMismatch);
        assert!(error.to_string().contains(EMPTY), "{error}");
    }

    #[test]
    fn unusable_digests_are_refused() {
        for (text, why) in [
            (format!("sha512:{EMPTY}"), "unknown algorithm"),
            (EMPTY.to_owned(), "names no algorithm"),
            ("sha256:".to_owned(), "malformed"),
            (format!("sha256:{EMPTY}0"), "malformed"),
            (format!("sha256:{}g", &EMPTY[1..]), "malformed"),
            (format!("sha256:é{}", &EMPTY[2..]), "malformed"),
            (String::new(), "names no algorithm"),
        ] {
            let error = Expected::parse(&text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.to_string().contains(why), "{error}");
        }
    }
}
