use std::borrow::Cow;

use http::Method;
use percent_encoding::percent_decode_str;

use crate::edition::Edition;

macro_rules! operations {
    ($($name:ident, $id:literal, $method:ident $base:literal $path:literal, $docs:literal;)*) => {
        /// The operations of GitHub's REST API that the fake knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation {
            $(#[doc = concat!("`", stringify!($method), " ", $base, $path, "`")] $name,)*
        }

        impl Operation {
            /// All of them.
            pub const ALL: [Self; [$(Self::$name,)*].len()] = [$(Self::$name,)*];

            /// The `operationId` of [GitHub's description](https://github.com/github/rest-api-description).
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// The HTTP method.
            pub fn method(self) -> Method {
                match self {
                    $(Self::$name => Method::$method,)*
                }
            }

            fn path(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($base, $path),)*
                }
            }

            /// The path of an operation in a repository, when the repository is numbered.
            fn numbered_path(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => ($base != "").then_some(concat!("/repositories/{repository_id}", $path)),)*
                }
            }

            /// Where the documentation describes it, below the documentation's base.
            pub(crate) fn docs(self) -> &'static str {
                match self {
                    $(Self::$name => concat!("/rest/", $docs),)*
                }
            }
        }
    };
}

operations! {
    ListArtifacts, "actions/list-artifacts-for-repo",
        GET "/repos/{owner}/{repo}" "/actions/artifacts",
        "actions/artifacts#list-artifacts-for-a-repository";
    GetArtifact, "actions/get-artifact",
        GET "/repos/{owner}/{repo}" "/actions/artifacts/{artifact_id}",
        "actions/artifacts#get-an-artifact";
    DeleteArtifact, "actions/delete-artifact",
        DELETE "/repos/{owner}/{repo}" "/actions/artifacts/{artifact_id}",
        "actions/artifacts#delete-an-artifact";
    DownloadArtifact, "actions/download-artifact",
        GET "/repos/{owner}/{repo}" "/actions/artifacts/{artifact_id}/{archive_format}",
        "actions/artifacts#download-an-artifact";
    ListRunArtifacts, "actions/list-workflow-run-artifacts",
        GET "/repos/{owner}/{repo}" "/actions/runs/{run_id}/artifacts",
        "actions/artifacts#list-workflow-run-artifacts";
    GetJob, "actions/get-job-for-workflow-run",
        GET "/repos/{owner}/{repo}" "/actions/jobs/{job_id}",
        "actions/workflow-jobs#get-a-job-for-a-workflow-run";
    DownloadJobLogs, "actions/download-job-logs-for-workflow-run",
        GET "/repos/{owner}/{repo}" "/actions/jobs/{job_id}/logs",
        "actions/workflow-jobs#download-job-logs-for-a-workflow-run";
    ListRunJobs, "actions/list-jobs-for-workflow-run",
        GET "/repos/{owner}/{repo}" "/actions/runs/{run_id}/jobs",
        "actions/workflow-jobs#list-jobs-for-a-workflow-run";
    ListAttemptJobs, "actions/list-jobs-for-workflow-run-attempt",
        GET "/repos/{owner}/{repo}" "/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
        "actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt";
    RerunJob, "actions/re-run-job-for-workflow-run",
        POST "/repos/{owner}/{repo}" "/actions/jobs/{job_id}/rerun",
        "actions/workflow-runs#re-run-a-job-from-a-workflow-run";
    ListRuns, "actions/list-workflow-runs-for-repo",
        GET "/repos/{owner}/{repo}" "/actions/runs",
        "actions/workflow-runs#list-workflow-runs-for-a-repository";
    ListWorkflowRuns, "actions/list-workflow-runs",
        GET "/repos/{owner}/{repo}" "/actions/workflows/{workflow_id}/runs",
        "actions/workflow-runs#list-workflow-runs-for-a-workflow";
    GetRun, "actions/get-workflow-run",
        GET "/repos/{owner}/{repo}" "/actions/runs/{run_id}",
        "actions/workflow-runs#get-a-workflow-run";
    CreateInstallationToken, "apps/create-installation-access-token",
        POST "" "/app/installations/{installation_id}/access_tokens",
        "apps/apps#create-an-installation-access-token-for-an-app";
}

impl Operation {
    /// Whether it answers page by page.
    pub(crate) fn is_list(self) -> bool {
        self.id().starts_with("actions/list-")
    }

    /// Whether it changes something in a repository.
    pub(crate) fn is_change(self) -> bool {
        matches!(self, Self::DeleteArtifact | Self::RerunJob)
    }

    /// Whether it answers with a redirect to the blob store.
    pub(crate) fn is_download(self) -> bool {
        matches!(self, Self::DownloadArtifact | Self::DownloadJobLogs)
    }
}

/// A path and the template that it fits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route<'a> {
    pub(crate) operation: Operation,
    template: &'static str,
    path: &'a str,
}

impl<'a> Route<'a> {
    /// Looks for an operation, of a repository that is named or numbered.
    pub(crate) fn api(edition: Edition, method: &Method, path: &'a str) -> Option<Self> {
        let path = path.strip_prefix(edition.prefix())?;
        let method = match *method {
            Method::HEAD => &Method::GET,
            _ => method,
        };
        let numbered = path.starts_with("/repositories/");
        let mut of_method = Operation::ALL.into_iter().filter(|o| o.method() == *method);
        of_method.find_map(|operation| {
            let template = match numbered {
                true => operation.numbered_path()?,
                false => operation.path(),
            };
            Self::new(operation, template, path)
        })
    }

    fn new(operation: Operation, template: &'static str, path: &'a str) -> Option<Self> {
        let mut segments = path.split('/');
        let fits = |part: &str| match segments.next() {
            Some(segment) if part.starts_with('{') => !segment.is_empty(),
            segment => segment == Some(part),
        };
        (template.split('/').all(fits) && segments.next().is_none()).then_some(Self {
            operation,
            template,
            path,
        })
    }

    /// A parameter's value, decoded; empty where the template has none of that name.
    pub(crate) fn get(&self, name: &str) -> Cow<'a, str> {
        let placeholder = format!("{{{name}}}");
        let mut segments = self.template.split('/').zip(self.path.split('/'));
        let value = segments.find(|(part, _)| *part == placeholder);
        value.map_or_else(Cow::default, |(_, value)| {
            percent_decode_str(value).decode_utf8_lossy()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_name_and_number() {
        for operation in Operation::ALL {
            for edition in [Edition::GitHub, Edition::EnterpriseServer] {
                for repo in ["/repos/octo%2Dorg/docs/", "/repositories/7/"] {
                    let path = operation.path().replace("/repos/{owner}/{repo}/", repo);
                    let path = path.replace(['{', '}'], "");
                    let path = format!("{}{path}", edition.prefix());
                    let route = Route::api(edition, &operation.method(), &path).expect(&path);
                    assert_eq!(route.operation, operation, "{path}");
                    let (owner, id) = (route.get("owner"), route.get("repository_id"));
                    let in_repo = operation.numbered_path().is_some();
                    assert!(!in_repo || owner == "octo-org" || id == "7", "{path}");
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
            "/api/v3/repos/o/r/actions/artifacts",
        ] {
            let route = Route::api(Edition::GitHub, &Method::GET, path);
            assert!(route.is_none(), "{path}");
        }
        let path = "/repos/o/r/actions/artifacts";
        assert!(Route::api(Edition::GitHub, &Method::POST, path).is_none());
        assert!(Route::api(Edition::EnterpriseServer, &Method::GET, path).is_none());
    }
}
