//! Overlay and hoist: titled inline schemas become components, `nullable` moves to their uses.

use serde_json::{Value, json};
use xtask::spec::overlay::Overlay;
use xtask::spec::{foreign, yaml};

fn overlay(actions: &Value) -> String {
    let overlay = json!({
        "overlay": "1.0.0",
        "info": {"title": "test", "version": "1"},
        "extends": "actions.yaml",
        "actions": actions,
    });
    yaml::write(&overlay).expect("a valid fixture")
}

/// The document with these schemas as it is after `actions`.
fn load(schemas: &Value, actions: &Value) -> Result<Value, String> {
    // What no operation uses would be dropped.
    let uses: serde_json::Map<String, Value> = schemas
        .as_object()
        .expect("a valid fixture")
        .keys()
        .map(|name| {
            (
                name.clone(),
                json!({"$ref": format!("#/components/schemas/{name}")}),
            )
        })
        .collect();
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "", "version": ""},
        "paths": {"/all": {"get": {"operationId": "all", "responses": {"200": {
            "description": "",
            "content": {"application/json": {"schema": {"type": "object", "title": "All", "properties": uses}}},
        }}}}},
        "components": {"schemas": schemas},
    });
    let overlay = Overlay::parse(&overlay(actions)).expect("a valid fixture");
    let (document, notes) = foreign(document, &overlay).map_err(|problems| problems.to_string())?;
    assert_eq!(notes, []);
    Ok(document)
}

fn schemas(schemas: &Value, actions: &Value) -> Value {
    let document = load(schemas, actions).unwrap_or_else(|problems| panic!("{problems}"));
    let mut schemas = document["components"]["schemas"].clone();
    let schemas = schemas.as_object_mut().expect("an object");
    schemas.shift_remove("All");
    for schema in schemas.values_mut() {
        schema
            .as_object_mut()
            .expect("an object")
            .shift_remove("x-origin");
    }
    Value::Object(std::mem::take(schemas))
}

/// The Rust types that progenitor makes of `schemas`.
fn types(schemas: Value) -> String {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "", "version": ""},
        "paths": {},
        "components": {"schemas": schemas},
    });
    let document = serde_json::from_value(document).expect("a valid fixture");
    let tokens = progenitor::Generator::default()
        .generate_tokens(&document)
        .expect("a valid fixture");
    prettyplease::unparse(&syn::parse2(tokens).expect("a valid fixture"))
}

fn job() -> Value {
    json!({"job": {
        "type": "object",
        "properties": {
            "conclusion": {"type": "string", "nullable": true, "enum": ["success", null]},
            "steps": {"type": "array", "items": {
                "type": "object",
                "properties": {"conclusion": {"type": "string", "nullable": true, "enum": ["success", null]}},
            }},
        },
        "required": ["conclusion"],
    }})
}

fn titles() -> Value {
    json!([
        {"target": "$.components.schemas.job..properties.conclusion", "update": {"title": "Conclusion"}},
        {"target": "$.components.schemas.job.properties.steps.items", "update": {"title": "Step"}},
    ])
}

#[test]
fn titled_schemas_become_components_inside_out() {
    let use_of_conclusion =
        json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/Conclusion"}]});
    assert_eq!(
        schemas(&job(), &titles()),
        json!({
            "Conclusion": {"type": "string", "enum": ["success"]},
            "Step": {"type": "object", "properties": {"conclusion": use_of_conclusion}},
            "job": {
                "type": "object",
                "properties": {
                    "conclusion": use_of_conclusion,
                    "steps": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
                },
                "required": ["conclusion"],
            },
        })
    );
}

#[test]
fn a_nullable_use_is_an_option_in_rust() {
    let code = types(schemas(&job(), &titles()));
    assert_eq!(
        code.matches("pub conclusion: ::std::option::Option<Conclusion>")
            .count(),
        2,
        "{code}"
    );
    assert!(code.contains("pub steps: ::std::vec::Vec<Step>"), "{code}");
    assert!(
        code.contains("pub enum Conclusion {\n        #[serde(rename = \"success\")]"),
        "{code}"
    );
}

#[test]
fn a_nullable_component_is_an_option_where_it_is_used() {
    let before = json!({
        "user": {"type": "object", "nullable": true, "properties": {"id": {"type": "integer"}}},
        "alias": {"$ref": "#/components/schemas/user"},
        "either": {"oneOf": [{"$ref": "#/components/schemas/user"}, {"type": "integer"}]},
        "job": {
            "type": "object",
            "properties": {
                "actor": {"$ref": "#/components/schemas/user"},
                "owner": {"$ref": "#/components/schemas/alias"},
                "either": {"$ref": "#/components/schemas/either"},
                "users": {"type": "array", "items": {"$ref": "#/components/schemas/user"}},
                "only": {"allOf": [{"$ref": "#/components/schemas/user"}]},
                "both": {"allOf": [{"$ref": "#/components/schemas/user"}, {"type": "object"}]},
            },
            "required": ["actor", "owner", "either", "users", "only"],
        },
    });
    let after = schemas(
        &before,
        &json!([{"target": "$.info", "update": {"title": "x"}}]),
    );
    let nullable = |name: &str| json!({"nullable": true, "allOf": [{"$ref": format!("#/components/schemas/{name}")}]});
    assert_eq!(
        after["user"],
        json!({"type": "object", "properties": {"id": {"type": "integer"}}})
    );
    // Another name for a type is no type.
    assert_eq!(after.get("alias"), None);
    assert_eq!(
        after["either"],
        json!({"oneOf": [{"type": "integer"}, {"$ref": "#/components/schemas/user"}]})
    );
    let fields = &after["job"]["properties"];
    assert_eq!(fields["actor"], nullable("user"));
    assert_eq!(fields["owner"], nullable("user"));
    assert_eq!(fields["either"], nullable("either"));
    assert_eq!(fields["users"]["items"], nullable("user"));
    assert_eq!(fields["only"], nullable("user"));
    // What may be null alone must not be where it is a part.
    assert_eq!(
        fields["both"],
        json!({"$ref": "#/components/schemas/job-both"})
    );
    assert_eq!(after["job-both"], after["user"]);

    let code = types(after);
    assert!(
        code.contains("pub actor: ::std::option::Option<User>"),
        "{code}"
    );
    assert!(
        code.contains("pub either: ::std::option::Option<Either>"),
        "{code}"
    );
    assert!(
        code.contains("pub users: ::std::vec::Vec<::std::option::Option<User>>"),
        "{code}"
    );
}

#[test]
fn a_cycle_of_nullable_components_comes_to_rest() {
    let before = json!({
        "tree": {
            "type": "object",
            "nullable": true,
            "properties": {"child": {"$ref": "#/components/schemas/tree"}},
        },
    });
    let after = schemas(
        &before,
        &json!([{"target": "$.info", "update": {"title": "x"}}]),
    );
    let child = json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/tree"}]});
    assert_eq!(
        after["tree"],
        json!({"type": "object", "properties": {"child": child}})
    );
}

/// Neither a circle nor a depth beyond all bounds keeps anybody waiting.
#[test]
fn parts_of_parts_come_to_an_end() {
    let chain = |length: usize, link: &dyn Fn(Value) -> Value| {
        let name = |index: usize| format!("c{index:05}");
        let mut schemas = serde_json::Map::new();
        for index in 0..length {
            let next = json!({"$ref": format!("#/components/schemas/{}", name(index + 1))});
            schemas.insert(name(index), link(next));
        }
        let end = json!({"type": "object", "properties": {"end": {"type": "string"}}});
        schemas.insert(name(length), end);
        load(&Value::Object(schemas), &json!([]))
    };
    let links: [&dyn Fn(Value) -> Value; 3] = [
        &|next| next,
        &|next| json!({"type": "array", "items": next}),
        &|next| json!({"allOf": [next, {"type": "object", "properties": {"a": {"type": "string"}}}]}),
    ];
    for link in links {
        chain(20, link).unwrap();
        let problems = chain(2000, link).unwrap_err();
        assert!(
            problems.contains("is made of parts of parts, 65 deep"),
            "{problems}"
        );
    }
    // Not what only holds others.
    chain(
        200,
        &|next| json!({"type": "object", "properties": {"next": next}}),
    )
    .unwrap();
    let schema = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    for [a, b] in [
        [schema("b"), schema("a")],
        [
            json!({"allOf": [schema("b")]}),
            json!({"anyOf": [schema("a"), {"type": "string"}]}),
        ],
        [
            json!({"type": "array", "items": schema("b")}),
            json!({"type": "object", "additionalProperties": schema("a")}),
        ],
    ] {
        let problems = load(&json!({"a": a, "b": b}), &json!([])).unwrap_err();
        assert!(
            problems.contains("#/components/schemas/a: consists of itself: a → b → a"),
            "{problems}"
        );
    }
}

#[test]
fn keys_beside_a_reference_get_a_place_where_they_count() {
    let before = json!({
        "a": {"type": "string", "enum": ["x"]},
        "b": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/a"}}},
    });
    let words = json!([{
        "target": "$.components.schemas.b.properties.a",
        "update": {"description": "What it is for", "nullable": true},
    }]);
    assert_eq!(
        schemas(&before, &words)["b"]["properties"]["a"],
        json!({
            "description": "What it is for",
            "nullable": true,
            "allOf": [{"$ref": "#/components/schemas/a"}],
        })
    );
}

#[test]
fn a_title_is_the_name_of_a_component() {
    let before = json!({
        "basic-error": {"type": "object", "properties": {"cause": {"$ref": "#/components/schemas/basic-error"}}},
    });
    let failure = |name: &str| json!({"type": "object", "properties": {"cause": {"$ref": format!("#/components/schemas/{name}")}}});
    let title = |target: &str| json!([{"target": target, "update": {"title": "Failure"}}]);
    for target in [
        "$.components.schemas['basic-error']",
        // Beside a `$ref` it is the name of what is referred to.
        "$.components.schemas['basic-error'].properties.cause",
    ] {
        assert_eq!(
            schemas(&before, &title(target)),
            json!({"Failure": failure("Failure")})
        );
    }
}

#[test]
fn titles_that_cannot_stand_are_refused_with_both_places() {
    let actions = json!([
        {"target": "$.components.schemas.job.properties.conclusion", "update": {"title": "Same"}},
        {"target": "$.components.schemas.job.properties.steps.items", "update": {"title": "Same"}},
    ]);
    let problems = load(&job(), &actions).unwrap_err();
    assert!(problems.contains("#/components/schemas/job/properties/steps/items: two schemas have the title `Same` but differ"), "{problems}");
    assert!(
        problems.contains("the other one: #/components/schemas/job/properties/conclusion"),
        "{problems}"
    );
    assert!(
        problems.contains(r#"at /enum: ["success"] there, nothing here"#),
        "{problems}"
    );

    for (title, reason) in [
        ("job", "the title `job` is the name of a component already"),
        (
            "A Step",
            "the title `A Step` cannot be the name of a component",
        ),
    ] {
        let actions = json!([{
            "target": "$.components.schemas.job.properties.steps.items",
            "update": {"title": title},
        }]);
        let problems = load(&job(), &actions).unwrap_err();
        assert!(
            problems.contains("#/components/schemas/job/properties/steps/items"),
            "{problems}"
        );
        assert!(problems.contains(reason), "{problems}");
    }
}

/// Two that would have one name by rule have two, which stay the same when others come after them.
#[test]
fn names_by_rule_are_distinct_and_stay() {
    let field =
        |name: &str, kind: &str| json!({"type": "object", "properties": {name: {"type": kind}}});
    let made_of = |names: &[&str]| {
        let parts = names
            .iter()
            .map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
        json!({"allOf": parts.collect::<Vec<_>>()})
    };
    let before = json!({
        "rule-a": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
        "rule-b": {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}},
        "rule-info": {"type": "object", "properties": {"info": {"type": "string"}}},
        "rule-state": {"type": "string", "enum": ["on"]},
        "rule": {"type": "object", "properties": {
            // A component is called so.
            "state": {"type": "string", "enum": ["off"]},
            "info": field("other", "string"),
            "a": {"oneOf": [made_of(&["rule-a", "rule-b"]), {"type": "string"}]},
            // One name in Rust.
            "d_c": field("x", "string"),
            "d": {"type": "object", "properties": {"c": field("y", "string")}},
            "same": {"type": "object", "properties": {"again": field("z", "string")}},
            "same-again": field("z", "string"),
            "same_again": field("z", "string"),
        }},
        "detailed-rule": {"oneOf": [made_of(&["rule-a", "rule-info"]), made_of(&["rule-b", "rule-info"])]},
    });
    let named = |schemas: &Value| -> Vec<String> {
        let schemas = self::schemas(schemas, &json!([]));
        schemas.as_object().unwrap().keys().cloned().collect()
    };
    let names = named(&before);
    assert_eq!(
        names,
        [
            "detailed-rule",
            "detailed-rule-rule-a-info",
            "detailed-rule-rule-b-info",
            "rule",
            "rule-a",
            "rule-a-union",
            "rule-a-union-rule-a-b",
            "rule-b",
            "rule-d",
            "rule-d-c-2",
            "rule-d_c",
            "rule-info",
            "rule-info-object",
            "rule-same",
            "rule-same-again",
            "rule-state",
            "rule-state-enum",
        ]
    );
    let mut more = before.clone();
    let again = json!({"type": "object", "properties": {"c": field("w", "string")}});
    more["rule"]["properties"]["z_b"] = again.clone();
    more["rule"]["properties"]["z"] = json!({"type": "object", "properties": {"b": again}});
    let later = named(&more);
    assert!(names.iter().all(|name| later.contains(name)), "{later:?}");
    assert!(later.len() > names.len());
}

#[test]
fn alternatives_that_look_alike_are_numbered_and_answers_have_their_status() {
    let body = |field: &str| json!({"type": "object", "properties": {field: {"type": "string"}}});
    let kind = |kind: &str| json!({"type": "object", "properties": {"labels": {"type": kind}}});
    let answer = |schema: Value| json!({"description": "", "content": {"application/json": {"schema": schema}}});
    let mut document = json!({
        "openapi": "3.0.3",
        "info": {"title": "", "version": ""},
        "paths": {"/labels": {"put": {
            "operationId": "set-labels",
            "requestBody": {"content": {"application/json": {"schema": {"oneOf": [kind("string"), kind("integer")]}}}},
            "responses": {"200": answer(body("a")), "201": answer(body("a")), "207": answer(body("b"))},
        }}},
    });
    let names = |document: &Value| -> Vec<String> {
        let (document, _) = foreign(document.clone(), &Overlay::default()).unwrap();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        schemas.keys().cloned().collect()
    };
    let expected = [
        "set-labels-body",
        "set-labels-body-object",
        "set-labels-body-object-2",
        "set-labels-response",
        "set-labels-response-207",
    ];
    assert_eq!(names(&document), expected);
    let schema = &mut document["paths"]["/labels"]["put"]["requestBody"]["content"]["application/json"]
        ["schema"];
    schema["oneOf"]
        .as_array_mut()
        .unwrap()
        .push(kind("boolean"));
    let later = names(&document);
    assert!(
        expected
            .iter()
            .all(|name| later.contains(&(*name).to_owned())),
        "{later:?}"
    );
    assert!(
        later.contains(&"set-labels-body-object-3".to_owned()),
        "{later:?}"
    );
}

/// A list may be a component in one place and stand in another.
#[test]
fn schemas_of_one_title_may_name_their_lists_differently() {
    let tags = json!({"type": "array", "items": {"type": "string"}});
    let thing = |tags: Value| json!({"type": "object", "properties": {"tags": tags}});
    let before = json!({
        "tags": tags,
        "a": {"type": "object", "properties": {"x": thing(json!({"$ref": "#/components/schemas/tags"}))}},
        "b": {"type": "object", "properties": {"x": thing(tags.clone())}},
    });
    let title = json!([{"target": "$.components.schemas['a', 'b'].properties.x", "update": {"title": "Thing"}}]);
    assert_eq!(schemas(&before, &title)["Thing"], thing(tags.clone()));

    let mut other = before.clone();
    other["b"]["properties"]["x"]["properties"]["tags"]["items"]["type"] = "integer".into();
    let problems = load(&other, &title).unwrap_err();
    assert!(
        problems.contains("two schemas have the title `Thing` but differ"),
        "{problems}"
    );
    assert!(
        problems.contains(r#"at /properties/tags/items/type: "string" there, "integer" here"#),
        "{problems}"
    );
}

/// No answer would tell them apart, and they contradict each other in nothing.
#[test]
fn objects_that_agree_are_one() {
    let rule = |more: Value| {
        let mut rule = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}});
        let properties = rule["properties"].as_object_mut().unwrap();
        properties.extend(more.as_object().unwrap().clone());
        rule
    };
    let text = json!({"type": "string"});
    let before = json!({"rules": {"type": "object", "properties": {"all": {"type": "array", "items": {"anyOf": [
        rule(json!({"timer": text})), rule(json!({"reviewer": text})), rule(json!({})),
    ]}}}}});
    let item = rule(json!({"timer": text, "reviewer": text}));
    assert_eq!(schemas(&before, &json!([]))["rules-all-item"], item);

    for other in [
        // It needs other fields, has another type for one, or somebody has named it.
        json!({"type": "object", "required": ["name"], "properties": {"name": text}}),
        rule(json!({"id": text})),
        json!({"title": "Named", "type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}),
    ] {
        let mut two = before.clone();
        let alternatives = &mut two["rules"]["properties"]["all"]["items"]["anyOf"];
        *alternatives = json!([rule(json!({"timer": text})), other]);
        let stays = load(&two, &json!([]));
        let is_union = |document: Value| {
            document["components"]["schemas"]["rules-all-item"]["oneOf"].is_array()
        };
        assert!(stays.map_or_else(|problems| problems.contains("does not tell"), is_union));
    }
}

/// What to do about it works for all of them at once.
#[test]
fn alternatives_that_an_answer_does_not_tell_apart_are_told_at_once() {
    let event = json!({"type": "object", "required": ["event"], "properties": {"event": {"type": "string"}}});
    let inline = |kind: &str| {
        let mut event = event.clone();
        event["properties"]["id"] = json!({"type": kind});
        event
    };
    let of = |names: [&str; 3]| {
        names.map(|name| json!({"$ref": format!("#/components/schemas/{name}")}))
    };
    let before = json!({
        "a": event, "b": event, "c": event,
        "named": {"anyOf": of(["a", "b", "c"])},
        "inline": {"oneOf": [inline("string"), inline("integer"), inline("boolean")]},
    });
    let problems = load(&before, &json!([])).unwrap_err();
    let mut actions = Vec::new();
    for line in problems.lines() {
        if let Some(target) = line.strip_prefix("    - target: ") {
            actions.push(json!({"target": target, "remove": true}));
        }
    }
    assert_eq!(actions.len(), 4, "{problems}");
    for line in [
        "$.components.schemas.named.anyOf[?@['$ref']=='#/components/schemas/c']",
        "$.components.schemas.inline.oneOf[2]",
    ] {
        assert!(problems.contains(line), "{problems}");
    }
    let left = schemas(&before, &json!(actions));
    assert_eq!(
        left["inline"]["properties"]["id"],
        json!({"type": "string"})
    );
}
