//! Trim: stable bytes, a guarded result, and errors that leave nothing behind.

use std::path::Path;

use serde_json::{Map, Value, json};
use xtask::spec::provenance::verify;
use xtask::spec::selection::Selection;
use xtask::spec::trim::{TrimOptions, run, trim};
use xtask::spec::{Folder, yaml};

const DESCRIPTION: &str = include_str!("../forge/spec/description.yaml");
const SELECTION: &str = include_str!("../forge/spec/selection.yaml");

fn description() -> Value {
    yaml::parse(DESCRIPTION).expect("a valid fixture")
}

fn trim_as(input: &[u8], selection: &str) -> Result<String, String> {
    let selection = Selection::parse(selection).expect("a valid fixture");
    trim_to(input, &selection)
}

fn trim_to(input: &[u8], selection: &Selection) -> Result<String, String> {
    trim("full.json", input, selection, "forge")
        .map(|trimmed| trimmed.text)
        .map_err(|problems| problems.to_string())
}

/// The body of a trim of `description`.
fn body(description: &Value) -> String {
    let text = trim_as(description.to_string().as_bytes(), SELECTION).expect("a valid fixture");
    verify(&text).expect("a valid fixture").1
}

fn problems(description: &Value) -> String {
    trim_as(description.to_string().as_bytes(), SELECTION).expect_err("is refused")
}

/// `description` with one place changed.
fn with(pointer: &str, value: Value) -> Value {
    let mut description = description();
    let (parent, key) = pointer.rsplit_once('/').expect("a valid fixture");
    let parent = description
        .pointer_mut(parent)
        .expect("a valid fixture")
        .as_object_mut()
        .expect("a valid fixture");
    parent.insert(key.replace("~1", "/"), value);
    description
}

fn reversed(value: Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(
            object
                .into_iter()
                .rev()
                .map(|(key, value)| (key, reversed(value)))
                .collect(),
        ),
        Value::Array(items) => items.into_iter().map(reversed).collect(),
        value => value,
    }
}

/// Changes every text that is prose, and nothing else.
fn reworded(value: Value) -> Value {
    let reword = |(key, value): (String, Value)| match value {
        Value::String(_) if ["summary", "description"].contains(&key.as_str()) => {
            (key, "New words".into())
        }
        value => (key, reworded(value)),
    };
    match value {
        Value::Object(object) => {
            Value::Object(object.into_iter().map(reword).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(reworded).collect(),
        value => value,
    }
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let expected = body(&description());
    assert_eq!(
        body(&reversed(description())),
        expected,
        "another order of keys"
    );
    assert_eq!(body(&reworded(description())), expected, "other words");
    let yaml = trim_as(DESCRIPTION.as_bytes(), SELECTION).unwrap();
    assert_eq!(verify(&yaml).unwrap().1, expected, "YAML in place of JSON");
    let pretty = format!("\u{feff}{:#}", description());
    let pretty = trim_as(pretty.as_bytes(), SELECTION).unwrap();
    assert_eq!(
        verify(&pretty).unwrap().1,
        expected,
        "indented, with a byte order mark"
    );
    let backwards = SELECTION.lines().take(3).chain(
        SELECTION
            .lines()
            .skip(3)
            .collect::<Vec<_>>()
            .into_iter()
            .rev(),
    );
    let backwards = backwards.collect::<Vec<_>>().join("\n");
    let backwards = trim_as(description().to_string().as_bytes(), &backwards).unwrap();
    assert_eq!(
        verify(&backwards).unwrap().1,
        expected,
        "another order of the selection"
    );
}

#[test]
fn a_changed_fact_changes_the_body() {
    let expected = body(&description());
    for (pointer, value) in [
        (
            "/components/parameters/page/schema",
            json!({"type": "integer", "default": 0}),
        ),
        ("/components/schemas/push/additionalProperties", json!(true)),
        (
            "/paths/~1repos~1{owner}~1releases/get/deprecated",
            json!(true),
        ),
        ("/components/parameters/owner/x-multi-segment", json!(true)),
    ] {
        assert_ne!(body(&with(pointer, value)), expected, "{pointer}");
    }
    // Not selected, not referred to.
    let other = with("/components/schemas/unused", json!({"type": "string"}));
    assert_eq!(body(&other), expected);
}

#[test]
fn escaped_keys_and_references_meet() {
    let mut description = with(
        "/components/schemas/odd~1name",
        json!({"type": "string", "format": "odd"}),
    );
    let mapping = json!({
        "oneOf": [{"$ref": "#/components/schemas/push"}],
        "discriminator": {"propertyName": "kind", "mapping": {"bare": "unmapped", "whole": "#/components/schemas/tree"}},
    });
    let schemas = description.pointer_mut("/components/schemas").unwrap();
    schemas["unmapped"] = json!({"type": "string", "format": "unmapped"});
    schemas["release"]["properties"]["kind"] = mapping;
    schemas["release"]["properties"]["odd"] = json!({"$ref": "#/components/schemas/odd~1name"});
    schemas["release"]["properties"]["again"] = json!({"$ref": "#/components/schemas/odd%7E1name"});
    // The same key, spelt with an escape that JSON allows.
    let json = description
        .to_string()
        .replace("\"odd/name\"", "\"odd\\u002fname\"");
    let body = verify(&trim_as(json.as_bytes(), SELECTION).unwrap())
        .unwrap()
        .1;
    assert!(
        body.contains("odd/name:\n      type: string\n      format: odd\n"),
        "{body}"
    );
    assert!(
        body.contains("unmapped:\n      type: string\n      format: unmapped\n"),
        "{body}"
    );
}

#[test]
fn a_description_that_cannot_be_trimmed_is_refused_by_place() {
    let at = "full.json#/components/schemas/release/properties/author: `$ref: ";
    let author = "/components/schemas/release/properties/author";
    let reference = |target: &str| with(author, json!({"$ref": target}));
    for (description, reason) in [
        (reference("#/components/schemas/nulable-user"), format!("{at}#/components/schemas/nulable-user` points to nothing\n    the nearest in `schemas`: `nullable-user`")),
        (reference("other.json#/components/schemas/user"), format!("{at}other.json#/components/schemas/user` points into another file")),
        (reference("#/components/schemas/run/properties/id"), format!("{at}#/components/schemas/run/properties/id` points inside of a component")),
        (reference("#/components/parameters/page"), format!("{at}#/components/parameters/page` points into `parameters`, but a schema stands here")),
        (with("/openapi", json!("3.1.0")), "full.json#/openapi: OpenAPI 3.1.0 is not supported\n    xtask reads OpenAPI 3.0.x, as JSON or YAML".into()),
        (with("/openapi", json!(3.0)), "OpenAPI 3.0 is not supported".into()),
        (json!({"swagger": "2.0", "paths": {}}), "full.json#/swagger: Swagger 2.0 is not supported".into()),
        (json!({"paths": {}}), "the key `openapi` is missing".into()),
        (with("/paths", json!([])), "full.json#/paths: is no object".into()),
        (with("/components/schemas", json!(1)), "full.json#/components/schemas: is no object".into()),
        (with("/paths/~1repos~1{owner}~1releases", json!({"$ref": "x.json"})), "no operation `repos/list-releases`".into()),
    ] {
        let problems = problems(&description);
        assert!(problems.contains(&reason), "expected {reason}\ngot {problems}");
    }
}

#[test]
fn a_selection_that_does_not_fit_gets_the_nearest_names() {
    let json = description().to_string();
    for (pick, reason) in [
        (
            "repos/list-release",
            "spec/selection.yaml#/operations/0: the description has no operation `repos/list-release`\n    the nearest: repos/list-releases",
        ),
        (
            "GET /repos/{owner}/run/{run_id}",
            "no operation `GET /repos/{owner}/run/{run_id}`\n    the nearest: GET /repos/{owner}/runs/{run_id}, ",
        ),
        (
            "PUT /repos/{owner}/releases",
            "no operation `PUT /repos/{owner}/releases`",
        ),
        (
            "runs/get\n- GET /repos/{owner}/runs/{run_id}",
            "#/operations/1: `GET /repos/{owner}/runs/{run_id}` selects an operation twice",
        ),
    ] {
        let selection = format!("edition: x\nsource: y\noperations:\n- {pick}\n");
        let problems = trim_as(json.as_bytes(), &selection).unwrap_err();
        assert!(
            problems.contains(reason),
            "expected {reason}\ngot {problems}"
        );
    }
    let twins = with(
        "/paths/~1twin",
        json!({"get": {"operationId": "runs/get", "responses": {}}}),
    );
    assert_eq!(
        body(&twins),
        body(&description()),
        "selected by method and path, it has no twin"
    );
}

#[test]
fn one_operation_id_for_two_operations_is_ambiguous() {
    let twins = with(
        "/paths/~1twin",
        json!({"get": {"operationId": "runs/rerun", "responses": {}}}),
    );
    let problems = problems(&twins);
    assert!(
        problems.contains(
            "the operationId `runs/rerun` belongs to several operations; select one by method and path"
        ),
        "{problems}"
    );
}

#[test]
fn all_that_is_wrong_is_reported_at_once() {
    let mut description = with(
        "/components/schemas/push",
        json!({"$ref": "#/components/schemas/a"}),
    );
    description["components"]["schemas"]["tree"] = json!({"$ref": "#/components/schemas/b"});
    let problems = problems(&description);
    assert!(problems.starts_with("2 problems\n"), "{problems}");
}

#[test]
fn no_input_makes_it_panic() {
    let mut small = description();
    for section in ["/paths", "/components/schemas", "/components/parameters"] {
        // Every end of a text costs the square of its length.
        let entries = small.pointer_mut(section).and_then(Value::as_object_mut);
        let mut count = 0;
        entries.unwrap().retain(|_, _| {
            count += 1;
            count <= 3
        });
    }
    let json = small.to_string();
    // Read once: it is not what is tried here.
    let selection = Selection::parse(SELECTION).unwrap();
    let trim = |input: &[u8]| trim_to(input, &selection);
    for end in 0..json.len() {
        trim(&json.as_bytes()[..end]).unwrap_err();
    }
    for input in [
        "",
        " \n",
        "[]",
        "null",
        "1",
        "\"text\"",
        "{",
        "{}",
        "- a",
        "a: b",
        "{\"openapi\":\"3.0.0\"}",
    ] {
        trim(input.as_bytes()).unwrap_err();
    }
    let deep = format!(
        "{{\"openapi\":\"3.0.0\",\"paths\":{}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    trim(deep.as_bytes()).unwrap_err();
    assert!(
        trim(b"{\"openapi\": \"\xff\"}")
            .unwrap_err()
            .contains("is not UTF-8 text (byte 13)")
    );
    // YAML is slower to read: every hundredth end will do.
    for end in (0..DESCRIPTION.len()).step_by(100) {
        let _ = trim(&DESCRIPTION.as_bytes()[..end]);
    }
}

#[test]
fn unreadable_input_names_line_and_column() {
    let problems = trim_as(b"{\n  \"openapi\": \"3.0.3\",\n  \"paths\": {", SELECTION).unwrap_err();
    assert!(
        problems.starts_with("full.json:3:12: EOF while parsing"),
        "{problems}"
    );
    let problems = trim_as(b"openapi: 3.0.3\npaths: {\n", SELECTION).unwrap_err();
    assert!(problems.starts_with("full.json:3:1: "), "{problems}");
}

#[test]
fn a_duplicate_key_counts_where_it_is_kept() {
    let json = description().to_string();
    let twice = |key: &str, value: &str| {
        let at = format!("\"{key}\":");
        assert!(json.contains(&at), "{key}");
        json.replacen(&at, &format!("\"{key}\":{value},{at}"), 1)
    };
    for (key, value) in [
        // What is not selected, what nothing refers to, and prose.
        ("post", "{}"),
        ("unused", "{}"),
        ("example", "1"),
    ] {
        let text = trim_as(twice(key, value).as_bytes(), SELECTION).unwrap();
        assert_eq!(verify(&text).unwrap().1, body(&description()), "{key}");
    }
    for (key, value, at) in [
        (
            "/repos/{owner}/releases",
            "{}",
            "/paths/~1repos~1{owner}~1releases",
        ),
        ("basic-error", "{}", "/components/schemas/basic-error"),
        (
            "login",
            "{}",
            "/components/schemas/nullable-user/properties/login",
        ),
    ] {
        let problems = trim_as(twice(key, value).as_bytes(), SELECTION).unwrap_err();
        let problem = format!("full.json#{at}: duplicate key `{key}`");
        assert!(problems.contains(&problem), "{problems}");
    }
}

#[test]
fn a_path_that_stands_elsewhere_is_followed() {
    let at = "/paths/~1repos~1{owner}~1releases";
    let releases = description().pointer(at).unwrap().clone();
    let target = |place: &str| json!({"$ref": format!("#{place}")});
    // By one step and by two; what stands beside it counts as well.
    let mut moved = with("/paths/~1elsewhere", releases.clone());
    moved["paths"]["/repos/{owner}/releases"] = target("/paths/~1elsewhere");
    let by_name = SELECTION.replace("- repos/list-releases", "- GET /repos/{owner}/releases");
    let trimmed = |description: &Value| {
        let text = trim_as(description.to_string().as_bytes(), &by_name);
        text.map(|text| verify(&text).unwrap().1)
    };
    assert_eq!(trimmed(&moved).unwrap(), body(&description()));
    let mut twice = with("/components/pathItems", json!({"a": releases}));
    twice["components"]["pathItems"]["b"] = target("/components/pathItems/a");
    twice["paths"]["/repos/{owner}/releases"] = target("/components/pathItems/b");
    assert_eq!(body(&twice), body(&description()));

    for (reference, reason) in [
        (
            target("/paths/~1repos~1{owner}~1releases"),
            "`$ref`s lead in a circle: ",
        ),
        (target("/paths/~1nowhere"), "points to no path item"),
        (
            json!({"$ref": "other.json#/paths/~1a"}),
            "points into another file",
        ),
    ] {
        let lost = with(at, reference);
        let problem = trimmed(&lost).unwrap_err();
        assert!(
            problem.starts_with(&format!("full.json#{at}: ")),
            "{problem}"
        );
        assert!(problem.contains(reason), "{problem}");
        // By its id it cannot be found, and that is what is said.
        let problem = problems(&lost);
        assert!(
            problem.contains("what is below /repos/{owner}/releases is not known"),
            "{problem}"
        );
    }
}

#[test]
fn a_trim_edited_by_hand_is_refused() {
    let text = trim_as(description().to_string().as_bytes(), SELECTION).unwrap();
    let (provenance, _) = verify(&text).unwrap();
    assert_eq!(
        (
            provenance.source.as_str(),
            provenance.version.as_str(),
            provenance.edition.as_str()
        ),
        ("full.json", "1.2.3", "forge")
    );
    assert_eq!(
        verify(&text.replace('\n', "\r\n")).unwrap().0,
        provenance,
        "a checkout with CRLF"
    );

    let conflict = text.replace(
        "paths:\n",
        "<<<<<<< ours\npaths:\n=======\npaths:\n>>>>>>> theirs\n",
    );
    for (edited, reason) in [
        (
            text.replace("format: int64", "format: int32"),
            "was edited by hand: its checksum does not match",
        ),
        (
            text.lines()
                .filter(|line| !line.contains("body-sha256"))
                .collect(),
            "lacks `",
        ),
        (
            text.split_once("openapi:").unwrap().1.to_owned(),
            "the provenance header lacks `source`",
        ),
        (
            text.replace("# edition", "<<<<<<< ours\n# edition"),
            ":6:1: holds a merge conflict",
        ),
        (conflict, ":14:1: holds a merge conflict"),
        (String::new(), "the provenance header lacks `source`"),
    ] {
        let problem = verify(&edited).unwrap_err().to_string();
        assert!(problem.contains(reason), "{problem}");
        assert!(
            problem.contains("corrections belong in spec/overlay.yaml"),
            "{problem}"
        );
        assert!(problem.contains("`cargo xtask trim --from"), "{problem}");
    }
}

/// A workspace with a selection and a description in it.
fn workspace(description: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a valid fixture");
    std::fs::create_dir(root.path().join("spec")).expect("a valid fixture");
    std::fs::write(root.path().join("spec/selection.yaml"), SELECTION).expect("a valid fixture");
    std::fs::write(root.path().join("full.json"), description).expect("a valid fixture");
    root
}

fn run_in(root: &Path, edition: Option<&str>) -> Result<String, String> {
    let from = root.join("full.json").display().to_string();
    let options = TrimOptions {
        from,
        edition: edition.map(str::to_owned),
    };
    let mut report = Vec::new();
    run(&Folder::of(root), &options, &mut report).map_err(|problems| problems.to_string())?;
    Ok(String::from_utf8(report).expect("a valid fixture"))
}

fn files(root: &Path) -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir(root.join("spec"))
        .expect("a valid fixture")
        .map(|entry| {
            entry
                .expect("a valid fixture")
                .file_name()
                .into_string()
                .expect("a valid fixture")
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_command_writes_one_file_and_says_so() {
    let root = workspace(&description().to_string());
    let report = run_in(root.path(), None).unwrap();
    assert!(
        report.contains("full.json (0.0 MB, version 1.2.3, sha256 "),
        "{report}"
    );
    assert!(
        report.contains("kept    18 operations and 9 schemas"),
        "{report}"
    );
    assert!(report.contains("new     spec/actions.yaml"), "{report}");
    assert_eq!(files(root.path()), ["actions.yaml", "selection.yaml"]);

    let report = run_in(root.path(), None).unwrap();
    assert!(report.contains("same    spec/actions.yaml"), "{report}");
    let report = run_in(root.path(), Some("forge-2.0")).unwrap();
    assert!(
        report.contains("new     spec/editions/forge-2.0.yaml"),
        "{report}"
    );
    let text = std::fs::read_to_string(root.path().join("spec/editions/forge-2.0.yaml")).unwrap();
    assert_eq!(verify(&text).unwrap().0.edition, "forge-2.0");

    std::fs::write(
        root.path().join("full.json"),
        with("/info/version", json!("2")).to_string(),
    )
    .unwrap();
    let report = run_in(root.path(), None).unwrap();
    assert!(report.contains("changed spec/actions.yaml"), "{report}");
}

#[test]
fn what_another_edition_lacks_is_said() {
    let mut lacking = description();
    let paths = lacking["paths"].as_object_mut().unwrap();
    paths.shift_remove("/repos/{owner}/runs/{run_id}/logs");
    let root = workspace(&lacking.to_string());
    let report = run_in(root.path(), Some("old")).unwrap();
    assert!(
        report.contains("\nabsent  GET /repos/{owner}/runs/{run_id}/logs\n"),
        "{report}"
    );
    assert!(report.contains("kept    17 operations"), "{report}");
    let text = std::fs::read_to_string(root.path().join("spec/editions/old.yaml")).unwrap();
    assert!(
        text.ends_with("\nx-absent:\n- GET /repos/{owner}/runs/{run_id}/logs\n"),
        "{text}"
    );
    let problem = run_in(root.path(), None).unwrap_err();
    assert!(
        problem
            .contains("the description has no operation `GET /repos/{owner}/runs/{run_id}/logs`"),
        "{problem}"
    );
}

/// From nothing but a trim to an overlay that has all that ours need.
#[test]
fn stubs_are_written_for_what_lacks_words_of_ours() {
    let mut plain = description();
    let post = &mut plain["paths"]["/repos/{owner}/runs/{run_id}/rerun"]["post"];
    post["responses"]
        .as_object_mut()
        .unwrap()
        .shift_remove("default");
    let root = workspace(&plain.to_string());
    run_in(root.path(), None).unwrap();
    let stubs = || {
        let mut report = Vec::new();
        let result = xtask::spec::stubs::run(&Folder::of(root.path()), &mut report);
        let report = String::from_utf8(report).unwrap();
        result
            .map(|()| report)
            .map_err(|problems| problems.to_string())
    };
    let overlay = root.path().join("spec/overlay.yaml");
    let report = stubs().unwrap();
    assert_eq!(
        report,
        "55 stubs in spec/overlay.yaml, 55 to be filled: write words for each `…`\n"
    );
    let text = std::fs::read_to_string(&overlay).unwrap();
    for stub in [
        "  - target: $.paths['/repos/{owner}/releases'].get\n    update:\n      operationId: list_releases\n      summary: …\n",
        // Two of them are `get` without what stands before it.
        "  - target: $.paths['/contents/{path}'].get\n    update:\n      operationId: contents_get\n      summary: …\n",
        "  - target: $.paths['/search/{kind}'].get.parameters[?@.name=='tags']\n    update:\n      description: …\n",
        "  - target: $.components.schemas['run-base'].properties.status\n    update:\n      title: RunBaseStatus\n      description: …\n",
    ] {
        assert!(text.contains(stub), "{stub} is not in\n{text}");
    }
    // What waits for words is neither written twice nor taken for written.
    let report = stubs().unwrap();
    assert!(
        report.starts_with("0 stubs in spec/overlay.yaml, 55 to be"),
        "{report}"
    );
    assert_eq!(std::fs::read_to_string(&overlay).unwrap(), text);
    let problems = xtask::spec::load(&Folder::of(root.path()))
        .unwrap_err()
        .to_string();
    assert!(
        problems.contains("the operation has no summary"),
        "{problems}"
    );

    std::fs::write(&overlay, text.replace('…', "Words of ours")).unwrap();
    assert_eq!(stubs().unwrap(), "nothing is missing\n");
    xtask::spec::load(&Folder::of(root.path())).unwrap();

    // In a checkout with CRLF as well, and however the actions before are written.
    let (head, actions) = text.split_once("actions:\n").unwrap();
    let (first, rest) = actions.split_at(actions.find("\n  - target").unwrap() + 1);
    for (before, after) in [
        ("", ""),
        ("    -   target: $.info.title\n        update: x\n", "  "),
    ] {
        let indented = |text: &str| -> String {
            let lines = text.lines().map(|line| format!("{after}{line}\r\n"));
            lines.collect()
        };
        let head = format!("{head}actions:\n{before}").replace('\n', "\r\n");
        std::fs::write(&overlay, format!("{head}{}", indented(rest))).unwrap();
        let report = stubs().unwrap();
        let start = "1 stubs in spec/overlay.yaml, 55 to be";
        assert!(report.starts_with(start), "{report}");
        let expected = format!("{head}{}{}", indented(rest), indented(first));
        assert_eq!(std::fs::read_to_string(&overlay).unwrap(), expected);
    }

    // Where nothing can be added, nothing is.
    let odd = text.replacen(
        "actions:\n",
        "actions:\n- {target: $.openapi, update: 3.0.0}\n",
        1,
    );
    let odd = odd[..odd.find("  - target").unwrap()].to_owned() + "x-last: 1\n";
    std::fs::write(&overlay, &odd).unwrap();
    let problem = stubs().unwrap_err();
    assert!(
        problem.contains("let `actions`, written as a block, be its last key"),
        "{problem}"
    );
    assert_eq!(std::fs::read_to_string(&overlay).unwrap(), odd);
}

#[test]
fn an_edition_is_not_taken_for_another() {
    let root = workspace(&description().to_string());
    run_in(root.path(), None).unwrap();
    let before = std::fs::read_to_string(root.path().join("spec/actions.yaml")).unwrap();
    let refused = |description: Value, reason: &str| {
        std::fs::write(root.path().join("full.json"), description.to_string()).unwrap();
        let problem = run_in(root.path(), None).unwrap_err();
        assert!(problem.contains(reason), "{problem}");
        let after = std::fs::read_to_string(root.path().join("spec/actions.yaml")).unwrap();
        assert_eq!(after, before);
    };
    let server = json!([{"url": "{protocol}://{hostname}/api/v3"}]);
    refused(
        with("/servers", server.clone()),
        "spec/actions.yaml#/servers: is a trim of what another server offers\n    to trim another edition, add `--edition NAME`",
    );
    let mut ghes = with("/servers", server);
    ghes["info"]["x-github-plan"] = "ghes".into();
    ghes["info"]["x-github-release"] = json!(3.19);
    let reason = "full.json#/info: describes the edition `ghes-3.19`, not `forge`\n    to trim it, add `--edition ghes-3.19`";
    refused(ghes, reason);
    run_in(root.path(), Some("ghes-3.19")).unwrap();
}

#[test]
fn the_command_writes_nothing_on_error() {
    let root = workspace(&description().to_string());
    run_in(root.path(), None).unwrap();
    let before = std::fs::read_to_string(root.path().join("spec/actions.yaml")).unwrap();

    std::fs::write(root.path().join("full.json"), "{\"openapi\": \"3.1.0\"}").unwrap();
    assert!(
        run_in(root.path(), None)
            .unwrap_err()
            .contains("OpenAPI 3.1.0 is not supported")
    );
    std::fs::remove_file(root.path().join("full.json")).unwrap();
    let problem = run_in(root.path(), None).unwrap_err();
    assert!(
        problem.contains("full.json: cannot be read: No such file"),
        "{problem}"
    );
    assert!(
        problem.contains("it is published as https://docs.example.com"),
        "{problem}"
    );
    for name in ["../escape", "", ".hidden", "a/b"] {
        let problem = run_in(root.path(), Some(name)).unwrap_err();
        assert!(
            problem.contains("cannot be the name of an edition"),
            "{problem}"
        );
    }

    assert_eq!(files(root.path()), ["actions.yaml", "selection.yaml"]);
    assert_eq!(
        std::fs::read_to_string(root.path().join("spec/actions.yaml")).unwrap(),
        before
    );
}

#[test]
fn a_url_is_read_too() {
    use std::io::{Read, Write};
    let root = workspace("");
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://{}/download/full.json?token=secret",
        server.local_addr().unwrap()
    );
    let body = description().to_string();
    let serve = std::thread::spawn(move || {
        let (mut connection, _) = server.accept().unwrap();
        let mut request = [0; 1024];
        let read = connection.read(&mut request).unwrap();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        connection.write_all(head.as_bytes()).unwrap();
        connection.write_all(body.as_bytes()).unwrap();
        String::from_utf8_lossy(&request[..read]).into_owned()
    });
    let options = TrimOptions {
        from: url,
        edition: None,
    };
    run(&Folder::of(root.path()), &options, &mut Vec::new())
        .unwrap_or_else(|problems| panic!("{problems}"));
    assert!(
        serve
            .join()
            .unwrap()
            .starts_with("GET /download/full.json?token=secret HTTP/1.1\r\n")
    );
    let text = std::fs::read_to_string(root.path().join("spec/actions.yaml")).unwrap();
    assert_eq!(verify(&text).unwrap().0.source, "full.json");
}
