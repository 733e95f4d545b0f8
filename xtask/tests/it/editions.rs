//! `cargo xtask editions`: the client can talk to every edition, and docs/editions.md says how they differ.

use std::path::Path;

use gha_api::types;
use serde_json::{Map, Value, json};
use xtask::editions::{DOCUMENT, Editions, run};
use xtask::spec::provenance::verify;
use xtask::spec::yaml;

use crate::common::{copy_of_workspace, edit_trim, files, root};

fn editions(folder: &Path, check: bool) -> Result<String, String> {
    let mut report = Vec::new();
    let result = run(folder, check, &mut report);
    let report = String::from_utf8(report).unwrap();
    match result {
        Ok(()) => Ok(report),
        Err(error) => Err(format!("{report}{error:#}")),
    }
}

#[test]
fn the_client_can_talk_to_every_edition_and_the_document_is_fresh() {
    if let Err(report) = editions(root(), true) {
        panic!("{report}");
    }
}

/// A copy of the workspace whose document has the markers alone.
fn copy() -> tempfile::TempDir {
    let copy = copy_of_workspace();
    let document = "# Title\n<!-- editions:start -->\n<!-- editions:end -->\nlast\n";
    std::fs::create_dir(copy.path().join("docs")).unwrap();
    std::fs::write(copy.path().join(DOCUMENT), document).unwrap();
    copy
}

/// Changes a trim as another edition might differ.
fn edit(folder: &Path, edition: &str, edit: impl FnOnce(&str) -> String) {
    let path = folder.join(format!("spec/editions/{edition}.yaml"));
    edit_trim(&path, edit);
}

#[test]
fn the_matrix_is_written_once_and_checked_after() {
    let copy = copy();
    let stale = editions(copy.path(), true).unwrap_err();
    assert!(stale.contains("+| `get_artifact` | same |"), "{stale}");
    assert!(stale.contains("run `cargo xtask editions`"), "{stale}");
    let written = editions(copy.path(), false).unwrap();
    assert!(written.ends_with("changed docs/editions.md\n"), "{written}");
    let document = std::fs::read_to_string(copy.path().join(DOCUMENT)).unwrap();
    assert!(
        document.starts_with("# Title\n<!-- editions:start -->\n"),
        "{document}"
    );
    assert!(
        document.ends_with("<!-- editions:end -->\nlast\n"),
        "{document}"
    );
    let before = files(copy.path());
    editions(copy.path(), false).unwrap();
    editions(copy.path(), true).unwrap();
    assert_eq!(files(copy.path()), before);
}

#[test]
fn what_is_merely_different_is_listed() {
    let copy = copy();
    edit(copy.path(), "ghec", |body| {
        let start = body.find("    delete:\n").unwrap();
        let end = start + body[start..].find("  /repos").unwrap();
        let without = format!(
            "{}{}x-absent:\n  - actions/delete-artifact\n",
            &body[..start],
            &body[end..]
        );
        let name = "      - $ref: '#/components/parameters/artifact-name'\n";
        without
            .replace(name, "")
            .replacen(
                "          - timed_out\n",
                "          - timed_out\n          - stale\n",
                1,
            )
            .replacen("default: 30", "default: 20", 1)
            .replacen(
                "      name: actor\n      in: query\n      required: false\n      schema:\n",
                "      name: actor\n      in: query\n      required: false\n      schema:\n        enum: [me]\n",
                1,
            )
    });
    editions(copy.path(), false).unwrap();
    let found = Editions::load(copy.path()).unwrap();
    let ghec = &found.others["ghec"].differences;
    assert_eq!(ghec["delete_artifact"], ["not there"]);
    assert_eq!(
        ghec["list_run_artifacts"],
        ["ignores query `name`", "query `per_page` is 20 if not set"]
    );
    assert_eq!(
        ghec["get_job"],
        ["`JobConclusion` can be `stale`, an unknown value"]
    );
    let actor = "takes less of query `actor`: `actor-parameter`".to_owned();
    assert!(
        ghec["list_runs"].contains(&actor),
        "{:?}",
        ghec["list_runs"]
    );
    assert!(!ghec.contains_key("download_job_logs"));
}

#[test]
fn what_the_client_cannot_decode_is_an_error() {
    for (old, new, rule) in [
        (
            "        node_id:\n          type: string\n",
            "        node_id:\n          type: integer\n",
            "ghec: response-type-changed at artifact.node_id: string → integer in get_artifact",
        ),
        (
            "        head_sha:\n          type: string\n        html_url",
            "        head_sha:\n          type: string\n          nullable: true\n        html_url",
            "ghec: response-became-nullable at job.head_sha",
        ),
        (
            "      - node_id\n      - name\n",
            "      - name\n",
            "ghec: response-field-became-optional at artifact.node_id",
        ),
    ] {
        let copy = copy();
        edit(copy.path(), "ghec", |body| body.replacen(old, new, 1));
        let before = files(copy.path());
        let error = editions(copy.path(), false).unwrap_err();
        assert!(error.contains(rule), "{rule} is not in\n{error}");
        assert!(error.contains("spec/overlay.yaml"), "{error}");
        assert_eq!(files(copy.path()), before);
    }
}

#[test]
fn mistakes_are_named() {
    let copy = copy();
    let folder = copy.path().join("spec/editions");
    std::fs::copy(folder.join("ghec.yaml"), folder.join("ghes-3.18.yaml")).unwrap();
    let error = editions(copy.path(), true).unwrap_err();
    assert!(
        error.contains("spec/editions/ghes-3.18.yaml: is a trim of the edition `ghec`"),
        "{error}"
    );
    assert!(error.contains("--edition ghes-3.18"), "{error}");

    std::fs::rename(folder.join("ghes-3.18.yaml"), folder.join("other.yaml")).unwrap();
    let error = editions(copy.path(), true).unwrap_err();
    for line in [
        "spec/editions/ghes-3.18.yaml: is missing\n    write it with `cargo xtask sync`",
        "spec/editions/other.yaml: no edition of spec/selection.yaml is called `other`",
        "add the line `other: main` to its editions",
    ] {
        assert!(error.contains(line), "{line} is not in\n{error}");
    }
}

#[test]
fn the_matrix_says_what_is_the_same_and_what_is_of_old() {
    let matrix = Editions::load(root()).unwrap().matrix();
    for line in [
        "| operation | ghec | ghes-3.16 | ghes-3.17 | ghes-3.18 | ghes-3.19 |",
        "ghes-3.16 is as of v22.0.0, the last release of GitHub's descriptions that has it.",
    ] {
        assert!(matrix.contains(line), "{line} is not in\n{matrix}");
    }
    let row = matrix
        .lines()
        .find(|line| line.contains("`list_run_artifacts`"));
    assert!(
        row.unwrap().contains("ignores query `direction`"),
        "{matrix}"
    );
    let (_, same) = matrix.split_once("The same everywhere: ").unwrap();
    assert!(same.contains("`delete_artifact`"), "{matrix}");
}

/// Answers that a schema allows: the smallest, the fullest, and the fullest with each field in turn
/// null or left out, where it may be.
fn answers(document: &Value, schema: &Value) -> Vec<Value> {
    let schema = resolve(document, schema);
    let full = full(document, schema);
    let mut answers = vec![smallest(document, schema), full.clone()];
    let Some(properties) = schema["properties"].as_object() else {
        return answers;
    };
    let required = required(schema);
    for (name, property) in properties {
        if !required.contains(&name.as_str()) {
            let mut without = full.clone();
            without.as_object_mut().unwrap().shift_remove(name);
            answers.push(without);
        }
        if resolve(document, property)["nullable"] == true {
            let mut with = full.clone();
            with[name] = Value::Null;
            answers.push(with);
        }
        let inner = resolve(document, property);
        let items = resolve(document, &inner["items"]);
        for value in inner["enum"].as_array().into_iter().flatten() {
            let mut with = full.clone();
            with[name] = value.clone();
            answers.push(with);
        }
        if items.is_object() {
            answers.extend(self::answers(document, items).into_iter().map(|item| {
                let mut with = full.clone();
                with[name] = json!([item]);
                with
            }));
        }
    }
    answers
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(target) => document.pointer(&target[1..]).unwrap(),
        None => schema,
    }
}

fn required(schema: &Value) -> Vec<&str> {
    let names = schema["required"].as_array().into_iter().flatten();
    names.filter_map(Value::as_str).collect()
}

fn full(document: &Value, schema: &Value) -> Value {
    made(document, schema, true)
}

fn smallest(document: &Value, schema: &Value) -> Value {
    made(document, schema, false)
}

fn made(document: &Value, schema: &Value, everything: bool) -> Value {
    let schema = resolve(document, schema);
    if !everything && schema["nullable"] == true {
        return Value::Null;
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    match schema["type"].as_str().unwrap() {
        "string" if schema["format"] == "date-time" => "2026-01-02T03:04:05Z".into(),
        "string" => "text".into(),
        "integer" => 7.into(),
        "boolean" => true.into(),
        "array" if everything => json!([made(document, &schema["items"], true)]),
        "array" => json!([]),
        "object" => {
            let required = required(schema);
            let properties = schema["properties"].as_object().into_iter().flatten();
            let kept =
                properties.filter(|(name, _)| everything || required.contains(&name.as_str()));
            let made =
                kept.map(|(name, schema)| (name.clone(), made(document, schema, everything)));
            Value::Object(made.collect::<Map<_, _>>())
        }
        other => panic!("what is a {other}?"),
    }
}

/// What the generated type makes of an answer, as JSON again.
fn decoded(id: &str, answer: &Value) -> serde_json::Result<Value> {
    fn through<T: serde::Serialize + serde::de::DeserializeOwned>(
        answer: &Value,
    ) -> serde_json::Result<Value> {
        serde_json::to_value(serde_json::from_value::<T>(answer.clone())?)
    }
    match id {
        "actions/get-artifact" => through::<types::Artifact>(answer),
        "actions/get-job-for-workflow-run" => through::<types::Job>(answer),
        "actions/list-artifacts-for-repo" | "actions/list-workflow-run-artifacts" => {
            through::<types::ArtifactPage>(answer)
        }
        "actions/list-jobs-for-workflow-run" | "actions/list-jobs-for-workflow-run-attempt" => {
            through::<types::JobPage>(answer)
        }
        "actions/get-workflow-run" => through::<types::WorkflowRun>(answer),
        "actions/list-workflow-runs-for-repo" | "actions/list-workflow-runs" => {
            through::<types::WorkflowRunPage>(answer)
        }
        other => panic!("which type does {other} answer with?"),
    }
}

/// The rules say that it decodes; here it does.
#[test]
fn whatever_an_edition_may_send_decodes() {
    let folder = root().join("spec/editions");
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let (_, body) = verify(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let document = yaml::parse(&body).unwrap();
        for item in document["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                let schema =
                    &operation["responses"]["200"]["content"]["application/json"]["schema"];
                if schema.is_null() {
                    continue;
                }
                for answer in answers(&document, schema) {
                    if let Err(error) = decoded(id, &answer) {
                        panic!("{} {id}: {error}\n{answer:#}", path.display());
                    }
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 200, "{tried}");
}
