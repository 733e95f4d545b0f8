//! Which version a change asks for, by the rules that Cargo resolves versions with.
//!
//! The rule: <https://doc.rust-lang.org/cargo/reference/semver.html>.

use std::fmt;

use serde::{Serialize, Serializer};

use super::rule::Severity;

/// `major.minor.patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u64; 3]);

/// Which part of a version goes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// `1.2.3` to `2.0.0`.
    Major,
    /// `1.2.3` to `1.3.0`.
    Minor,
    /// `1.2.3` to `1.2.4`.
    Patch,
}

impl Version {
    /// Reads `1.2.3`, with or without a pre-release, which is left out.
    pub fn parse(text: &str) -> Option<Self> {
        let end = text.find(['-', '+']).unwrap_or(text.len());
        let mut parts = text[..end].split('.').map(str::parse);
        let version = [
            parts.next()?.ok()?,
            parts.next()?.ok()?,
            parts.next()?.ok()?,
        ];
        parts.next().is_none().then_some(Self(version))
    }

    /// The version that the crates of a workspace share, from its `Cargo.toml`.
    pub fn of_workspace(manifest: &str) -> Option<Self> {
        let section = manifest.split_once("[workspace.package]")?.1;
        let lines = section
            .lines()
            .take_while(|line| !line.trim_start().starts_with('['));
        lines
            .filter_map(|line| line.split_once('='))
            .find(|(key, _)| key.trim() == "version")
            .and_then(|(_, value)| Self::parse(value.split('"').nth(1)?))
    }

    /// What has to go up after a change of this severity.
    ///
    /// Before 1.0.0 the leftmost part that is not zero tells breaking versions apart.
    pub fn level(self, severity: Severity) -> Level {
        match (self.0, severity) {
            ([0, 0, _], _) | (_, Severity::Internal) => Level::Patch,
            ([0, _, _], Severity::Breaking) => Level::Minor,
            ([0, _, _], Severity::Additive) => Level::Patch,
            (_, Severity::Breaking) => Level::Major,
            (_, Severity::Additive) => Level::Minor,
        }
    }

    /// The next version at a level.
    pub fn next(self, level: Level) -> Self {
        let [major, minor, patch] = self.0;
        Self(match level {
            Level::Major => [major + 1, 0, 0],
            Level::Minor => [major, minor + 1, 0],
            Level::Patch => [major, minor, patch + 1],
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leftmost_part_that_is_not_zero_tells_breaking_versions_apart() {
        use Severity::{Additive, Breaking, Internal};
        for (version, severity, next) in [
            ("1.2.3", Breaking, "2.0.0"),
            ("1.2.3", Additive, "1.3.0"),
            ("1.2.3", Internal, "1.2.4"),
            ("0.2.3", Breaking, "0.3.0"),
            ("0.2.3", Additive, "0.2.4"),
            ("0.2.3", Internal, "0.2.4"),
            ("0.0.3", Breaking, "0.0.4"),
            ("0.0.3", Additive, "0.0.4"),
            ("0.2.3-rc.1+build", Breaking, "0.3.0"),
        ] {
            let version = Version::parse(version).unwrap();
            let found = version.next(version.level(severity));
            assert_eq!(found.to_string(), next, "{version} {severity}");
        }
    }

    #[test]
    fn reads_the_version_of_the_workspace_alone() {
        let manifest = "[package]\nversion = \"9.9.9\"\n[workspace.package]\nedition = \"2024\"\n\
                        version = \"0.4.1\" # ours\n[workspace.dependencies]\nversion = \"8.8.8\"\n";
        let version = Version::of_workspace(manifest).unwrap();
        assert_eq!(version.to_string(), "0.4.1");
        for manifest in [
            "",
            "[workspace.package]\n[x]\nversion = \"1.0.0\"\n",
            "[workspace.package]\nversion = \"1.0\"\n",
        ] {
            assert_eq!(Version::of_workspace(manifest), None, "{manifest}");
        }
    }
}
