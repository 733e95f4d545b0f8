//! Each rule of `cargo xtask diff`: what makes it speak, and what the same change the other way
//! round is called.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Value, json};
use xtask::diff::api::{Change, compare};
use xtask::diff::rule::{Rule, Severity};
use xtask::spec::overlay::Overlay;
use xtask::spec::{in_shape, yaml};

use crate::common::root;

#[derive(Deserialize)]
struct Case {
    name: String,
    /// Actions of an overlay that make the new description of the old one.
    change: Value,
    #[serde(default)]
    forward: Vec<String>,
    #[serde(default)]
    backward: Vec<String>,
}

/// Read once for all cases.
fn base() -> Value {
    static BASE: LazyLock<Value> =
        LazyLock::new(|| yaml::parse(include_str!("../fixtures/diff/base.yaml")).unwrap());
    BASE.clone()
}

fn files() -> Vec<PathBuf> {
    let folder = root().join("xtask/tests/fixtures/diff/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn cases() -> Vec<Case> {
    let read = |path| std::fs::read_to_string(path).unwrap();
    files()
        .iter()
        .flat_map(|path| yaml::typed::<Vec<Case>>(&read(path)).unwrap())
        .collect()
}

fn changed(case: &Case) -> Value {
    let overlay = json!({
        "overlay": "1.0.0",
        "info": {"title": "", "version": ""},
        "extends": "base.yaml",
        "actions": case.change,
    });
    let overlay = Overlay::parse(&yaml::write(&overlay).unwrap()).unwrap();
    let mut document = base();
    let problems = overlay.apply(&mut document);
    assert_eq!(problems, [], "{}", case.name);
    document
}

fn compared(old: &Value, new: &Value) -> Vec<Change> {
    let [old, new] = [old, new].map(|document| in_shape(document).unwrap());
    compare(&old, &new)
}

fn lines(old: &Value, new: &Value) -> Vec<String> {
    compared(old, new).iter().map(line).collect()
}

fn line(change: &Change) -> String {
    let (rule, place) = (change.rule.id(), change.place());
    format!(
        "{} {rule} {place}: {}",
        change.severity(),
        change.transition()
    )
    .trim_end_matches([' ', ':'])
    .to_owned()
}

/// With `UPDATE=1` in the environment, writes what is found into the cases, to be reviewed.
#[test]
fn each_change_is_called_by_its_rule_both_ways() {
    let base = base();
    for file in files() {
        let text = std::fs::read_to_string(&file).unwrap();
        let expected: Vec<Value> = yaml::typed(&text).unwrap();
        let cases: Vec<Case> = yaml::typed(&text).unwrap();
        let mut found = expected.clone();
        for (case, found) in cases.iter().zip(&mut found) {
            let new = changed(case);
            found["forward"] = lines(&base, &new).into();
            found["backward"] = lines(&new, &base).into();
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, yaml::write(&Value::from(found)).unwrap()).unwrap();
        } else {
            assert_eq!(found, expected, "{}", file.display());
        }
    }
}

#[test]
fn a_component_whose_rust_name_stays_is_not_renamed() {
    let text = include_str!("../fixtures/diff/base.yaml");
    let renamed = text.replace("schemas/NewThing", "schemas/new-thing");
    let renamed = renamed.replace("    NewThing:\n", "    new-thing:\n");
    assert_eq!(
        renamed.matches("new-thing").count(),
        text.matches("NewThing").count()
    );
    let renamed = yaml::parse(&renamed).unwrap();
    assert_eq!(compared(&base(), &renamed), []);
}

#[test]
fn each_rule_has_a_case() {
    let spoken: BTreeSet<String> = cases()
        .iter()
        .flat_map(|case| [&case.forward, &case.backward])
        .flatten()
        .filter_map(|line| line.split(' ').nth(1))
        .map(str::to_owned)
        .collect();
    let known: BTreeSet<String> = Rule::ALL.iter().map(|rule| rule.id().to_owned()).collect();
    assert_eq!(spoken, known);
}

/// The new pointer leads to what there is, the old one to what was.
#[test]
fn pointers_lead_to_the_change() {
    let base = base();
    for case in cases() {
        let [base, new] = [&base, &changed(&case)].map(|it| in_shape(it).unwrap());
        for (old, new) in [(&base, &new), (&new, &base)] {
            for change in compared(old, new) {
                let found = new
                    .pointer(&change.pointer)
                    .or(old.pointer(&change.pointer));
                assert!(found.is_some(), "{}: {change:?}", case.name);
            }
        }
    }
}

/// The value of each field without a name is there, though no field is required.
#[test]
fn fields_without_names_may_be_null() {
    let extra = |schema: Value| {
        let mut document = base();
        document["components"]["schemas"]["Shelf"]["additionalProperties"] = schema;
        document
    };
    let plain = extra(json!({"type": "integer"}));
    let nullable = extra(json!({"type": "integer", "nullable": true}));
    assert_eq!(
        lines(&plain, &nullable),
        [
            "breaking request-field-became-option Shelf{}: integer → integer or null",
            "breaking response-became-nullable Shelf{}: integer → integer or null"
        ]
    );
    // Released clients take a new field for one of them.
    let mut named = plain.clone();
    named["components"]["schemas"]["Shelf"]["properties"]["wall"] = json!({"type": "string"});
    assert_eq!(
        lines(&plain, &named),
        [
            "breaking response-type-changed Shelf.wall: integer → string",
            "additive request-field-added Shelf.wall: string added",
            "additive response-field-added Shelf.wall: string added"
        ]
    );
}

/// What `diff` proposes to write into the overlay spares programs the change.
#[test]
fn proposed_actions_keep_arguments() {
    let mut base = base();
    let body = &mut base["components"]["schemas"]["NewThing"];
    body["properties"]["on/off"] = json!({"type": "string"});
    body["required"] = json!(["name", "on/off", "labels"]);
    base["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"] =
        json!({"type": "object", "required": ["a"], "properties": {"a": body.clone()}});
    let since = base["paths"]["/things"]["get"]["parameters"][3].clone();
    base["paths"]["/events"]["get"]["parameters"]
        .as_array_mut()
        .unwrap()
        .push(since);
    let mut new = base.clone();
    new["paths"]["/events"]["get"]["parameters"][1]["required"] = false.into();
    new["paths"]["/things"]["post"]["requestBody"]["required"] = false.into();
    new["paths"]["/things"]["get"]["parameters"][3]["required"] = false.into();
    let body = &mut new["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    body["properties"]["a"]["required"] = json!(["name"]);
    body.as_object_mut().unwrap().shift_remove("required");
    let actions: Vec<_> = compared(&base, &new)
        .into_iter()
        .map(|change| change.action.unwrap_or_else(|| panic!("{:?}", change.rule)))
        .collect();
    assert_eq!(actions.len(), 6, "{actions:#?}");
    let overlay = format!(
        "overlay: 1.0.0\ninfo: {{title: '', version: ''}}\nextends: base.yaml\nactions:\n{}",
        actions.join("\n")
    );
    let problems = Overlay::parse(&overlay).unwrap().apply(&mut new);
    assert_eq!(problems, [], "{overlay}");
    assert_eq!(compared(&base, &new), [], "{overlay}");
}

#[test]
fn the_documentation_has_the_table_of_rules() {
    let documentation = std::fs::read_to_string(root().join("docs/spec-diff.md")).unwrap();
    let rows: Vec<_> = Rule::ALL
        .iter()
        .map(|rule| {
            format!(
                "| `{}` | {} | {} |",
                rule.id(),
                rule.severity(),
                rule.means()
            )
        })
        .collect();
    let table = rows.join("\n");
    assert!(
        documentation.contains(&table),
        "docs/spec-diff.md has another table than\n{table}"
    );
}

#[test]
fn the_worst_comes_first() {
    let base = base();
    for case in cases() {
        let found = compared(&base, &changed(&case));
        let severities: Vec<Severity> = found.iter().map(Change::severity).collect();
        assert!(severities.is_sorted(), "{}", case.name);
    }
}
