//! Checking a content against its digest.

use std::fmt;

use gha_core::{Error, ErrorKind};

type Sha256Bytes = [u8; 32];

/// A digest as an artifact carries it, `sha256:` and 64 hexadecimal digits, and what came so far of the
/// content that should have it.
#[derive(Clone)]
pub(crate) struct Verifier {
    expected: Sha256Bytes,
    hasher: backend::Sha256,
}

impl Verifier {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
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
        let expected = decode(hex).ok_or_else(|| refuse("is malformed"))?;
        let hasher = backend::Sha256::new()?;
        Ok(Self { expected, hasher })
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    /// Forgets what came so far.
    pub(crate) fn start_over(&mut self) -> Result<(), Error> {
        self.hasher = backend::Sha256::new()?;
        Ok(())
    }

    /// Compares, when all has come.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let actual = self.hasher.finish();
        if self.expected == actual {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::DigestMismatch,
            format!(
                "the content has the digest sha256:{} instead of sha256:{}; do not use it",
                encode(actual),
                encode(self.expected)
            ),
        ))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier(sha256:{})", encode(self.expected))
    }
}

fn decode(hex: &str) -> Option<Sha256Bytes> {
    let mut bytes = Sha256Bytes::default();
    if hex.len() != 2 * bytes.len() || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

fn encode(bytes: Sha256Bytes) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// By ring, which is as fast in a build without optimisation.
#[cfg(feature = "ring")]
mod backend {
    use gha_core::Error;
    use ring::digest::{Context, SHA256};

    #[derive(Clone)]
    pub(super) struct Sha256(Context);

    impl Sha256 {
        #[expect(clippy::unnecessary_wraps, reason = "without a library it fails")]
        pub(super) fn new() -> Result<Self, Error> {
            Ok(Self(Context::new(&SHA256)))
        }

        pub(super) fn update(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        pub(super) fn finish(self) -> super::Sha256Bytes {
            let digest = self.0.finish();
            std::array::from_fn(|at| digest.as_ref().get(at).copied().unwrap_or_default())
        }
    }
}

#[cfg(all(feature = "sha2", not(feature = "ring")))]
mod backend {
    use gha_core::Error;
    use sha2::Digest as _;

    #[derive(Clone)]
    pub(super) struct Sha256(sha2::Sha256);

    impl Sha256 {
        #[expect(clippy::unnecessary_wraps, reason = "without a library it fails")]
        pub(super) fn new() -> Result<Self, Error> {
            Ok(Self(sha2::Sha256::new()))
        }

        pub(super) fn update(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }

        pub(super) fn finish(self) -> super::Sha256Bytes {
            self.0.finalize().into()
        }
    }
}

#[cfg(not(any(feature = "ring", feature = "sha2")))]
mod backend {
    use gha_core::{Error, ErrorKind};

    /// There is none.
    #[derive(Clone)]
    pub(super) enum Sha256 {}

    impl Sha256 {
        pub(super) fn new() -> Result<Self, Error> {
            Err(Error::new(
                ErrorKind::Configuration,
                "this build cannot verify digests: enable the feature `ring` or `sha2` of gha-download",
            ))
        }

        pub(super) fn update(&mut self, _: &[u8]) {
            match *self {}
        }

        pub(super) fn finish(self) -> super::Sha256Bytes {
            match self {}
        }
    }
}

#[cfg(all(test, any(feature = "ring", feature = "sha2")))]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn digests() {
        for text in [
            format!("sha256:{EMPTY}"),
            format!("SHA256:{}", EMPTY.to_uppercase()),
        ] {
            let verifier = Verifier::parse(&text).unwrap();
            verifier.clone().finish().unwrap();
            let mut other = verifier;
            other.update(b"a");
            let error = other.clone().finish().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::DigestMismatch);
            assert!(error.to_string().contains(EMPTY), "{error}");
            other.start_over().unwrap();
            other.finish().unwrap();
        }
    }

    #[test]
    fn unusable_digests_are_refused() {
        for (text, why) in [
            (format!("sha512:{EMPTY}"), "unknown algorithm"),
            (EMPTY.to_owned(), "names no algorithm"),
            ("sha256:".to_owned(), "malformed"),
            (format!("sha256:{EMPTY}0"), "malformed"),
            (format!("sha256:{}g", &EMPTY[1..]), "malformed"),
            (format!("sha256:+{}", &EMPTY[1..]), "malformed"),
            (format!("sha256:é{}", &EMPTY[2..]), "malformed"),
            (String::new(), "names no algorithm"),
        ] {
            let error = Verifier::parse(&text).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.to_string().contains(why), "{error}");
        }
    }
}
