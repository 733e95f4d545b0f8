//! Which operation a path belongs to.

use std::borrow::Cow;

use http::Method;
use percent_encoding::percent_decode_str;

use crate::Operation;

/// What the prefix of Enterprise Server is.
pub(crate) const SERVER_PREFIX: &str = "/api/v3";

type Template = &'static [&'static str];

const NAMED: Template = &["repos", "{owner}", "{repo}"];
const NUMBERED: Template = &["repositories", "{repository_id}"];
const BLOB: Template = &["actions-results", "{container}", "{kind}", "{id}"];

/// A path taken apart by a template.
#[derive(Clone, Debug)]
pub(crate) struct Route<'a> {
    pub(crate) operation: Option<Operation>,
    /// The start of the template, and the rest.
    template: [Template; 2],
    segments: Vec<&'a str>,
}

impl<'a> Route<'a> {
    /// Looks for an operation, under `/` and under `/api/v3`.
    pub(crate) fn api(method: &Method, path: &'a str) -> Option<Self> {
        let segments = split(path.strip_prefix(SERVER_PREFIX).unwrap_or(path));
        let repo = [NAMED, NUMBERED]
            .into_iter()
            .find(|start| segments.get(..start.len()).is_some_and(|s| fits(start, s)))?;
        let method = match *method {
            Method::HEAD => &Method::GET,
            _ => method,
        };
        let rest = segments.get(repo.len()..)?;
        let operation = Operation::ALL
            .into_iter()
            .find(|o| fits(o.path(), rest) && o.method() == *method)?;
        Some(Self {
            operation: Some(operation),
            template: [repo, operation.path()],
            segments,
        })
    }

    /// Whether a signed URL may look so.
    pub(crate) fn blob(path: &'a str) -> Option<Self> {
        let segments = split(path);
        fits(BLOB, &segments).then_some(Self {
            operation: None,
            template: [BLOB, &[]],
            segments,
        })
    }

    /// A parameter's value, decoded; empty where the template has none of that name.
    pub(crate) fn get(&self, name: &str) -> Cow<'a, str> {
        let [start, rest] = self.template;
        start
            .iter()
            .chain(rest)
            .position(|part| part.len() == name.len() + 2 && part[1..].starts_with(name))
            .and_then(|index| self.segments.get(index))
            .map_or_else(Cow::default, |value| {
                percent_decode_str(value).decode_utf8_lossy()
            })
    }
}

fn split(path: &str) -> Vec<&str> {
    // Most paths have fewer.
    let mut segments = Vec::with_capacity(8);
    segments.extend(path.split('/').skip(1));
    segments
}

fn fits(template: Template, segments: &[&str]) -> bool {
    template.len() == segments.len()
        && template
            .iter()
            .zip(segments)
            .all(|(part, segment)| part == segment || part.starts_with('{') && !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_name_and_number_with_and_without_prefix() {
        for operation in Operation::ALL {
            let rest = operation.path().join("/").replace(['{', '}'], "");
            for prefix in ["", SERVER_PREFIX] {
                for repo in ["/repos/octo%2Dorg/docs", "/repositories/7"] {
                    let path = format!("{prefix}{repo}/{rest}");
                    let route = Route::api(&operation.method(), &path).expect(&path);
                    assert_eq!(route.operation, Some(operation), "{path}");
                    let (owner, id) = (route.get("owner"), route.get("repository_id"));
                    assert!(owner == "octo-org" || id == "7", "{path}");
                    assert_eq!(route.get("nothing"), "");
                }
            }
        }
    }

    #[test]
    fn other_paths_are_not() {
        for path in [
            "",
            "/",
            "/repos",
            "/repos/o/r",
            "/repos/o/r/actions",
            "/repos/o/r/actions/artifacts/",
            "/repos//r/actions/artifacts",
            "/api/v3repos/o/r/actions/artifacts",
            "/repos/o/r/actions/artifacts/1/zip/more",
            "/api/v3/api/v3/repos/o/r/actions/artifacts",
        ] {
            assert!(Route::api(&Method::GET, path).is_none(), "{path}");
        }
        assert!(Route::api(&Method::POST, "/repos/o/r/actions/artifacts").is_none());
        assert!(Route::blob("/actions-results/x/artifacts").is_none());
        let blob = Route::blob("/actions-results/x/artifacts/11").expect("a blob's path");
        assert_eq!(
            (blob.get("kind"), blob.get("id")),
            ("artifacts".into(), "11".into())
        );
    }
}
