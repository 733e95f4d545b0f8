//! OpenAPI Overlay 1.0: what an action does, and what it may not do.

use serde_json::{Value, json};
use xtask::spec::overlay::Overlay;
use xtask::spec::provenance::{Provenance, sha256};
use xtask::spec::selection::Words;
use xtask::spec::{Text, foreign, load_with, yaml};

fn overlay(actions: &Value) -> String {
    let overlay = json!({
        "overlay": "1.0.0",
        "info": {"title": "test", "version": "1"},
        "extends": "actions.yaml",
        "actions": actions,
    });
    yaml::write(&overlay).expect("a valid fixture")
}

/// `document` after `actions`, and what did not apply.
fn apply(mut document: Value, actions: &Value) -> (Value, Vec<String>) {
    let overlay = Overlay::parse(&overlay(actions)).unwrap_or_else(|problems| panic!("{problems}"));
    let problems = overlay
        .apply(&mut document)
        .iter()
        .map(ToString::to_string)
        .collect();
    (document, problems)
}

fn applied(document: Value, actions: &Value) -> Value {
    let (document, problems) = apply(document, actions);
    assert_eq!(problems, [""; 0]);
    document
}

fn job() -> Value {
    json!({"required": ["id", "created_at", "labels"], "properties": {"id": {"type": "integer"}}})
}

#[test]
fn objects_merge_arrays_concatenate_primitives_replace() {
    let actions = json!([{"target": "$", "update": {
        "properties": {"id": {"type": "string", "format": "x"}, "new": {}},
        "required": ["new"],
    }}]);
    assert_eq!(
        applied(job(), &actions),
        json!({
            "required": ["id", "created_at", "labels", "new"],
            "properties": {"id": {"type": "string", "format": "x"}, "new": {}},
        })
    );
    let targets = json!([
        {"target": "$.required", "update": "one more"},
        {"target": "$.required", "update": ["and", "two"]},
        {"target": "$.properties.id.type", "update": "string"},
    ]);
    let after = applied(job(), &targets);
    assert_eq!(
        after["required"],
        json!(["id", "created_at", "labels", "one more", "and", "two"])
    );
    assert_eq!(after["properties"]["id"]["type"], "string");
}

#[test]
fn remove_takes_every_match_and_no_other() {
    let actions = json!([
        {"target": "$.required[?@=='created_at' || @=='id']", "remove": true},
        {"target": "$.properties['id', 'id']", "remove": true},
    ]);
    assert_eq!(
        applied(job(), &actions),
        json!({"required": ["labels"], "properties": {}})
    );
    // A match inside of another match.
    let nested = json!({"a": {"a": {"b": 1}, "c": [{"a": 2}, 3]}});
    assert_eq!(
        applied(nested, &json!([{"target": "$..a", "remove": true}])),
        json!({})
    );
}

#[test]
fn actions_apply_in_order_to_every_match() {
    let actions = json!([
        {"target": "$", "update": {"paths": {"/a": {"get": {}}, "/b": {"get": {}}}}},
        {"target": "$.paths.*.get", "update": {"x": 1}},
        {"target": "$.paths[?@.get.x == 1].get", "remove": false, "update": {"y": 2}},
    ]);
    let both = json!({"x": 1, "y": 2});
    assert_eq!(
        applied(json!({}), &actions),
        json!({"paths": {"/a": {"get": both}, "/b": {"get": both}}})
    );
}

#[test]
fn an_action_that_does_not_apply_is_named_and_changes_nothing() {
    let (after, problems) = apply(
        job(),
        &json!([
            {"target": "$.gone", "description": "Because of a bug\nsecond line", "remove": true},
            {"target": "$.properties.id", "update": {"type": "integer"}},
            {"target": "$.properties.id", "update": {"format": "int64", "type": {}}},
            {"target": "$.required", "update": {"id": 1}},
            {"target": "$.properties", "update": ["id"]},
            {"target": "$", "remove": true},
        ]),
    );
    for (problem, reason) in problems.iter().zip([
        "#/actions/0: action 0 (Because of a bug): matches nothing\n    target: $.gone\n    upstream changed",
        "#/actions/1: action 1: changes nothing: the description already says so",
        "#/actions/2: action 2: would merge an object into a string",
        "#/actions/4: action 4: would merge an array into an object",
        "#/actions/5: action 5: removes the whole document",
    ]) {
        assert!(problem.starts_with(reason), "expected {reason}\ngot {problem}");
    }
    assert_eq!(problems.len(), 5);
    // An array takes any value as one more item.
    let mut expected = job();
    expected["required"] = json!(["id", "created_at", "labels", {"id": 1}]);
    assert_eq!(after, expected);
}

/// Words for what upstream removed do not bring it back.
#[test]
fn words_for_what_is_not_there_are_told_and_the_rest_applies() {
    let document = json!({
        "paths": {"/jobs": {"get": {
            "parameters": [{"name": "filter", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/job"}}}}},
        }}},
        "components": {"schemas": {"job": {"type": "object", "properties": {"id": {"type": "integer"}}}}},
    });
    let schema = "$.components.schemas.job";
    let words = json!({"description": "Ours."});
    for (target, ghost, place) in [
        (
            schema,
            json!({"properties": {"steps": words}}),
            "/components/schemas/job/properties/steps",
        ),
        (
            schema,
            json!({"properties": {"id": words, "steps": {"title": "Steps", "nullable": true}}}),
            "/components/schemas/job/properties/steps",
        ),
        // A part of what is there, and a part of what would be new.
        (
            schema,
            json!({"properties": {"id": {"items": {"title": "Step"}}}}),
            "/components/schemas/job/properties/id/items",
        ),
        (
            schema,
            json!({"properties": {"steps": {"type": "array", "items": {"title": "Step", "properties": {"name": words}}}}}),
            "/components/schemas/job/properties/steps",
        ),
        (
            "$.components",
            json!({"schemas": {"step": words}}),
            "/components/schemas/step",
        ),
        (
            "$.components",
            json!({"parameters": {"page": words}}),
            "/components/parameters",
        ),
        (
            "$.paths",
            json!({"/runs": {"get": {"operationId": "list_runs", "summary": "Ours."}}}),
            "/paths/~1runs",
        ),
        (
            "$.paths['/jobs'].get",
            json!({"requestBody": {"content": {"application/json": {"schema": {"title": "Body"}}}}}),
            "/paths/~1jobs/get/requestBody",
        ),
        (
            "$.paths['/jobs'].get.responses",
            json!({"302": words}),
            "/paths/~1jobs/get/responses/302",
        ),
        (
            "$.paths['/jobs'].get",
            json!({"parameters": [{"name": "page", "description": "Ours."}]}),
            "/paths/~1jobs/get/parameters",
        ),
    ] {
        let mut update = ghost.clone();
        update["x-mark"] = true.into();
        let (after, problems) = apply(
            document.clone(),
            &json!([{"target": target, "update": update}]),
        );
        assert!(
            problems.len() == 1 && problems[0].contains(&format!("not there: {place}\n")),
            "{target} {ghost}: {problems:?}"
        );
        let mut expected = document.clone();
        let place = target
            .strip_prefix('$')
            .unwrap()
            .replace("['", "/")
            .replace("']", "");
        let place = place.replace("//jobs", "/~1jobs").replace('.', "/");
        expected.pointer_mut(&place).unwrap()["x-mark"] = true.into();
        if ghost.pointer("/properties/id/description").is_some() {
            expected["components"]["schemas"]["job"]["properties"]["id"]["description"] =
                "Ours.".into();
        }
        assert_eq!(after, expected, "{ghost}");
    }
    // What says what it is may be added.
    let steps = json!({"properties": {"steps": {"type": "array", "items": {"type": "string"}}}});
    applied(document, &json!([{"target": schema, "update": steps}]));
}

#[test]
fn what_an_action_requires_has_to_be_described() {
    let schemas = json!({
        "base": {"properties": {"id": {}}, "required": ["gone"]},
        "whole": {"allOf": [{"$ref": "#/components/schemas/base"}, {"properties": {"name": {}}}]},
        "either": {"properties": {"a": {}, "b": {}}, "anyOf": [{"required": ["a"]}]},
        "list": {"items": {"properties": {"id": {}}, "required": []}},
    });
    let document = json!({"components": {"schemas": schemas}});
    let told = |target: &str, update: Value| {
        let target = format!("$.components.schemas{target}");
        let later = json!({
            "target": "$.components.schemas.list.items",
            "update": {"properties": {"later": {"type": "string"}}},
        });
        let actions = json!([{"target": target, "update": update}, later]);
        apply(document.clone(), &actions).1
    };
    let of = |name: &str| json!({"required": [name]});
    for (target, update) in [
        (".base", of("id")),
        (".whole", of("id")),
        (".whole.allOf[1]", of("id")),
        (".whole", json!({"allOf": [{"required": ["name"]}]})),
        (".either", json!({"anyOf": [of("b")]})),
        (".list.items", of("later")),
        (".list.items.required", json!("id")),
        (".base.required[0]", json!("id")),
        (
            "",
            json!({"new": {"properties": {"it": {"type": "string"}}, "required": ["it"]}}),
        ),
    ] {
        assert_eq!(told(target, update.clone()), [""; 0], "{target} {update}");
    }
    for (target, update, reason) in [
        (".base", of("idd"), "idd"),
        (".whole", of("nam"), "nam"),
        (".whole.allOf[1]", of("gone"), "gone"),
        (".whole", json!({"allOf": [{"required": ["ids"]}]}), "ids"),
        (".either", json!({"anyOf": [of("c")]}), "c"),
        (".list", json!({"items": of("late")}), "late"),
        (".list.items.required", json!("ID"), "ID"),
        (".base.required[0]", json!("ID"), "ID"),
        (".base..required[?@=='gone']", json!("ID"), "ID"),
        (".list.items.required", json!(["id", "it"]), "it"),
        (
            "",
            json!({"new": {"type": "object", "required": ["it"]}}),
            "it",
        ),
    ] {
        let expected = format!("action 0: requires `{reason}`, which is no property");
        let told = told(target, update.clone());
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("#/actions/0: "), "{told:?}");
        assert!(told[0].contains(&expected), "{told:?}");
        let line = format!("\n    target: $.components.schemas{target}\n");
        assert!(told[0].contains(&line), "{told:?}");
    }
}

#[test]
fn an_overlay_that_cannot_be_meant_is_refused() {
    let head = "overlay: 1.0.0\ninfo: {title: t, version: v}\nextends: actions.yaml\n";
    for (text, reason) in [
        (format!("{head}actions:\n- target: $.a\n  updat: {{}}\n"), "#/actions/0: unknown key `updat`\n    did you mean `update`?"),
        (format!("{head}action: []\n"), "#: unknown key `action`\n    did you mean `actions`?"),
        (format!("{head}actions: {{}}\n"), "`actions` is not a list"),
        (format!("{head}actions:\n- target: $.a\n"), "#/actions/0: has neither `update` nor `remove: true`"),
        (format!("{head}actions:\n- target: $.a\n  remove: false\n"), "has neither `update` nor `remove: true`"),
        (format!("{head}actions:\n- target: $.a\n  remove: 1\n"), "`remove` is true or false"),
        (format!("{head}actions:\n- target: $.a\n  remove: true\n  update: 1\n"), "`remove: true` would silently overrule `update`"),
        (format!("{head}actions:\n- update: {{}}\n"), "#/actions/0: `target` is missing"),
        (format!("{head}actions:\n- target: 1\n  remove: true\n"), "`target` is not text"),
        (format!("{head}actions:\n- target: $.a[\n  remove: true\n"), "#/actions/0/target: the target `$.a[` is no JSONPath: "),
        (format!("{head}actions:\n- target: a.b\n  remove: true\n"), "(column 1)"),
        (format!("{head}actions:\n- 1\n"), "#/actions/0: an action is a mapping"),
        (format!("{head}actions:\n- target: $.a\n  remove: true\n  remove: true\n"), ":7:3: "),
        ("overlay: 2.0.0\ninfo: {title: t, version: v}\nextends: a\nactions: [{target: $, remove: true}]\n".into(), "#/overlay: not an overlay that we can read"),
        ("overlay: 1.0.0\nextends: a\nactions: [{target: $, remove: true}]\n".into(), "`info` with `title` and `version` is missing"),
        ("overlay: 1.0.0\ninfo: {title: t, version: v}\nactions: [{target: $, remove: true}]\n".into(), "`extends` is missing"),
        ("[]".into(), "an overlay is a mapping"),
        (String::new(), "the file is empty\n    write what belongs there, or delete the file"),
        (format!("{head}actions:\n-\ttarget: $.a\n"), ":5:2: found character that cannot start any token\n    YAML indents with spaces"),
    ] {
        let problems = Overlay::parse(&text).unwrap_err().to_string();
        assert!(problems.contains(reason), "{text}\nexpected {reason}\ngot {problems}");
    }
}

#[test]
fn extensions_are_allowed_as_the_rule_says() {
    let text = overlay(&json!([{"target": "$.a", "remove": true, "x-note": 1}]));
    Overlay::parse(&format!("x-ours: 1\n{text}")).unwrap();
}

#[test]
fn loading_is_strict_for_our_own_description_and_lenient_for_another() {
    let body = "openapi: 3.0.3\ninfo: {title: '', version: ''}\npaths: {}\n";
    let provenance = Provenance {
        source: "test.json".into(),
        source_sha256: String::new(),
        version: "1".into(),
        edition: "test".into(),
        body_sha256: sha256(body.as_bytes()),
    };
    let text = provenance.with_body(body);
    let stale = overlay(&json!([
        {"target": "$.paths.gone", "remove": true},
        {"target": "$.info", "update": {"title": "ours"}},
    ]));
    let fresh = overlay(&json!([{"target": "$.info", "update": {"title": "ours"}}]));
    let load = |file, overlay: &str| {
        let overlay = Text {
            file: "spec/overlay.yaml",
            text: overlay,
        };
        load_with(Text { file, text: &text }, overlay, Words::Ours)
            .map_err(|problems| problems.to_string())
    };

    let own = load("spec/actions.yaml", &fresh).unwrap();
    assert_eq!(
        (own.document["info"]["title"].as_str(), own.provenance),
        (Some("ours"), provenance.clone())
    );

    let problems = load("spec/actions.yaml", &stale).unwrap_err();
    assert!(
        problems.starts_with("spec/overlay.yaml#/actions/0: action 0: matches nothing"),
        "{problems}"
    );

    let problems = load("spec/other.yaml", &fresh).unwrap_err();
    assert!(
        problems.starts_with(
            "spec/overlay.yaml#/extends: extends `actions.yaml`, but `other.yaml` is what"
        ),
        "{problems}"
    );

    let stale = Overlay::parse(&stale).unwrap();
    let (document, notes) = foreign(yaml::parse(body).unwrap(), &stale).unwrap();
    assert_eq!(document["info"]["title"], "ours");
    let [note] = &notes[..] else {
        panic!("{notes:?}")
    };
    assert_eq!(
        (note.pointer(), note.message()),
        (Some("/actions/0"), "action 0: matches nothing")
    );
}
