//! The pull requests that docs/spec-diff.md shows, as reviewers see them.

use std::path::Path;

use serde_json::{Value, json};
use xtask::codegen;
use xtask::diff::render::markdown;
use xtask::diff::{DiffOptions, report};
use xtask::spec::provenance::{sha256, verify};
use xtask::spec::yaml;

use crate::common::{repository, root};

const DOCUMENT: &str = "docs/spec-diff.md";

/// A pull request: what GitHub publishes, and what a maintainer writes into the overlay because of it.
struct PullRequest {
    name: &'static str,
    upstream: fn(&mut Value),
    overlay: fn(String) -> String,
}

const EXAMPLES: [PullRequest; 5] = [
    PullRequest {
        name: "a new enum value",
        upstream: |description| {
            let values = &mut schema(description, "job")["properties"]["conclusion"]["enum"];
            values.as_array_mut().unwrap().push("stale".into());
        },
        overlay: |text| text,
    },
    PullRequest {
        name: "a field becomes nullable",
        upstream: |description| {
            schema(description, "job")["properties"]["head_sha"]["nullable"] = true.into();
        },
        overlay: |text| text,
    },
    PullRequest {
        name: "a new required parameter",
        upstream: |description| {
            let parameters =
                &mut operation(description, "/actions/runs/{run_id}/jobs")["parameters"];
            let parameter = json!({"name": "event", "in": "query", "required": true, "schema": {"type": "string"}});
            parameters.as_array_mut().unwrap().push(parameter);
        },
        overlay: |text| {
            text + "  - target: $.paths['/repos/{owner}/{repo}/actions/runs/{run_id}/jobs'].get.parameters[?@.name=='event']\n    \
                    description: Our words.\n    \
                    update:\n      \
                    description: What started the run.\n"
        },
    },
    PullRequest {
        name: "a redirect is lost",
        upstream: |description| {
            let responses = &mut operation(description, "/actions/jobs/{job_id}/logs")["responses"];
            responses.as_object_mut().unwrap().shift_remove("302");
            let schema = json!({"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}});
            responses["200"] =
                json!({"description": "", "content": {"application/json": {"schema": schema}}});
        },
        overlay: |text| {
            text + "  - target: $.paths['/repos/{owner}/{repo}/actions/jobs/{job_id}/logs'].get.responses['200'].content['application/json'].schema\n    \
                    description: A name for the inline schema.\n    \
                    update:\n      \
                    title: JobLog\n      \
                    description: Where the log of a job is.\n      \
                    properties: {url: {description: A link to the log.}}\n"
        },
    },
    PullRequest {
        name: "an operation is removed",
        upstream: |description| {
            let path = "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}";
            let item = description["paths"][path].as_object_mut().unwrap();
            item.shift_remove("delete");
        },
        overlay: |text| {
            let target = "  - target: $.paths['/repos/{owner}/{repo}/actions/artifacts/{artifact_id}'].delete\n";
            let (before, after) = text.split_once(target).unwrap();
            let (_, after) = after.split_once("\n  - ").unwrap();
            format!("{before}  - {after}")
        },
    },
];

fn schema<'a>(description: &'a mut Value, name: &str) -> &'a mut Value {
    &mut description["components"]["schemas"][name]
}

fn operation<'a>(description: &'a mut Value, path: &str) -> &'a mut Value {
    &mut description["paths"][format!("/repos/{{owner}}/{{repo}}{path}")]["get"]
}

#[test]
fn a_name_that_stays_while_it_becomes_something_else_is_told_as_such() {
    let comment = PullRequest {
        name: "an enum becomes an object",
        upstream: |description| {
            schema(description, "job")["properties"]["status"] = json!({
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}},
            });
        },
        overlay: |text| {
            text + "  - target: $.components.schemas.job.properties.status.properties.name\n    \
                    description: Our words.\n    \
                    update:\n      \
                    description: What it is called.\n"
        },
    }
    .comment();
    for row in [
        "`JobStatus`: `JobStatus (enum)` → `JobStatus (object)`, in `get_job`",
        "| **breaking** | `types::JobStatus` | enum → struct, with ",
    ] {
        assert!(comment.contains(row), "{row} is not in\n{comment}");
    }
    assert!(!comment.contains("types::JobStatus::"), "{comment}");
}

impl PullRequest {
    /// The comment on it.
    fn comment(&self) -> String {
        let copy = repository();
        let folder = copy.path();
        edit(&folder.join("spec/actions.yaml"), |text| {
            let (mut provenance, body) = verify(&text).unwrap();
            let mut description = yaml::parse(&body).unwrap();
            (self.upstream)(&mut description);
            let body = yaml::write(&description).unwrap();
            provenance.body_sha256 = sha256(body.as_bytes());
            provenance.with_body(&body)
        });
        let trim = std::fs::read_to_string(folder.join("spec/actions.yaml")).unwrap();
        edit(&folder.join("spec/selection.yaml"), |text| {
            let is_there = |line: &&str| match line.strip_prefix("  - actions/") {
                Some(name) => trim.contains(&format!("operationId: actions/{name}")),
                None => true,
            };
            text.split_inclusive('\n').filter(is_there).collect()
        });
        edit(&folder.join("spec/overlay.yaml"), self.overlay);
        codegen::run(&codegen::Place::own(folder), false, &mut Vec::new())
            .unwrap_or_else(|error| panic!("{}: {error:#}", self.name));
        let options = DiffOptions {
            base: Some("HEAD".to_owned()),
            ..DiffOptions::default()
        };
        let mut report = report(folder, &options).unwrap();
        report.old = "0123456789ab (HEAD^1)".to_owned();
        markdown(&report)
    }
}

fn edit(path: &Path, edit: impl FnOnce(String) -> String) {
    let text = std::fs::read_to_string(path).unwrap();
    std::fs::write(path, edit(text)).unwrap();
}

/// With `UPDATE=1` in the environment, writes them into the document, to be reviewed.
#[test]
fn the_documentation_shows_five_pull_requests_as_they_are() {
    let path = root().join(DOCUMENT);
    let old = std::fs::read_to_string(&path)
        .unwrap()
        .replace("\r\n", "\n");
    let mut new = old.clone();
    for example in EXAMPLES {
        let start = format!("<!-- example: {} -->\n", example.name);
        let end = "<!-- end of example -->";
        let (before, rest) = new
            .split_once(&start)
            .unwrap_or_else(|| panic!("{start} is missing"));
        let (_, after) = rest.split_once(end).unwrap();
        new = format!("{before}{start}\n{}\n{end}{after}", example.comment());
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &new).unwrap();
    } else {
        assert_eq!(old, new, "{DOCUMENT} is stale: run the test with UPDATE=1");
    }
}
