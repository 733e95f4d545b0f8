//! Which version a change asks for, by the rules that Cargo resolves versions with.
//!
//! The rule: <https://doc.rust-lang.org/cargo/reference/semver.html>.

use std::fmt;

pub use semver::Version;
use serde::Serialize;

use super::rule::Severity;

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

/// The version that the crates of a workspace share, from its `Cargo.toml`, without a pre-release.
pub(super) fn of_workspace(manifest: &str) -> Option<Version> {
    let section = manifest.split_once("[workspace.package]")?.1;
    let lines = section
        .lines()
        .take_while(|line| !line.trim_start().starts_with('['));
    let (_, value) = lines
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == "version")?;
    let version = Version::parse(value.split('"').nth(1)?).ok()?;
    Some(Version::new(version.major, version.minor, version.patch))
}

impl Level {
    /// What has to go up after a change of this severity.
    ///
    /// Before 1.0.0 the leftmost part that is not zero tells breaking versions apart.
    pub(super) fn of(version: &Version, severity: Severity) -> Self {
        match (version.major, version.minor, severity) {
            (0, 0, _) | (_, _, Severity::Internal) => Self::Patch,
            (0, _, Severity::Breaking) => Self::Minor,
            (0, _, Severity::Additive) => Self::Patch,
            (_, _, Severity::Breaking) => Self::Major,
            (_, _, Severity::Additive) => Self::Minor,
        }
    }

    /// The next version at this level.
    pub(super) fn after(self, version: &Version) -> Version {
        match self {
            Self::Major => Version::new(version.major + 1, 0, 0),
            Self::Minor => Version::new(version.major, version.minor + 1, 0),
            Self::Patch => Version::new(version.major, version.minor, version.patch + 1),
        }
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
            let found = Level::of(&version, severity).after(&version);
            assert_eq!(found.to_string(), next, "{version} {severity}");
        }
    }

    #[test]
    fn reads_the_version_of_the_workspace_alone() {
        let manifest = "[package]\nversion = \"9.9.9\"\n[workspace.package]\nedition = \"2024\"\n\
                        version = \"0.4.1-rc.1\" # ours\n[workspace.dependencies]\nversion = \"8.8.8\"\n";
        let version = of_workspace(manifest).unwrap();
        assert_eq!(version.to_string(), "0.4.1");
        for manifest in [
            "",
            "[workspace.package]\n[x]\nversion = \"1.0.0\"\n",
            "[workspace.package]\nversion = \"1.0\"\n",
        ] {
            assert_eq!(of_workspace(manifest), None, "{manifest}");
        }
    }
}
