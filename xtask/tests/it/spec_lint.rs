//! Every trap of progenitor and typify is an error that names the place, before they see it.

use serde_json::{Value, json};
use xtask::spec::overlay::Overlay;
use xtask::spec::problem::Problems;
use xtask::spec::selection::{Selection, Words};
use xtask::spec::trim::trim;
use xtask::spec::{EffectiveSpec, Text, load_with, ready};

const DESCRIPTION: &str = include_str!("../forge/spec/description.yaml");
const SELECTION: &str = include_str!("../forge/spec/selection.yaml");
const OVERLAY: &str = include_str!("../forge/spec/overlay.yaml");

const OVERLAY_HEAD: &str =
    "overlay: 1.0.0\ninfo: {title: x, version: 1.0.0}\nextends: x\nactions:\n";

/// The effective document of an overlay over the trimmed description.
fn load(overlay: &str) -> Result<EffectiveSpec, Problems> {
    let selection = Selection::parse(SELECTION)?;
    let text = trim(
        "description.yaml",
        DESCRIPTION.as_bytes(),
        &selection,
        "forge",
    )?
    .text;
    let spec = Text {
        file: "spec/actions.yaml",
        text: &text,
    };
    let overlay = Text {
        file: "spec/overlay.yaml",
        text: overlay,
    };
    load_with(spec, overlay, Words::Ours)
}

/// What lint says once one more action has spoilt the document.
#[track_caller]
fn lint(target: &str, change: &str) -> String {
    let overlay = format!("{OVERLAY}\n- target: {target}\n  {change}\n");
    load(&overlay).expect_err("is refused").to_string()
}

/// One problem, at `pointer`, with all of `reasons` in its text.
#[track_caller]
fn refuses(target: &str, change: &str, pointer: &str, reasons: &[&str]) {
    let problems = lint(target, change);
    let start = format!("spec/actions.yaml#{pointer}: ");
    assert!(
        problems.starts_with(&start),
        "expected {start}\ngot {problems}"
    );
    for reason in reasons {
        assert!(
            problems.contains(reason),
            "expected {reason}\ngot {problems}"
        );
    }
}

/// What lint says, and that the actions which it proposes mend it.
#[track_caller]
fn refuses_and_mends(target: &str, change: &str, pointer: &str, reasons: &[&str]) {
    refuses(target, change, pointer, reasons);
    let problems = lint(target, change);
    let actions = &problems[problems.find("    - target: ").expect(&problems)..];
    let actions: String = actions
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix("    ").expect(line)))
        .collect();
    let overlay = format!("{OVERLAY}\n- target: {target}\n  {change}\n{actions}");
    load(&overlay).unwrap_or_else(|problems| panic!("{actions}{problems}"));
}

const LOGS: &str = "$.paths['/repos/{owner}/runs/{run_id}/logs']";
const LOGS_AT: &str = "/paths/~1repos~1{owner}~1runs~1{run_id}~1logs";
const RERUN: &str = "$.paths['/repos/{owner}/runs/{run_id}/rerun'].post";
const RERUN_AT: &str = "/paths/~1repos~1{owner}~1runs~1{run_id}~1rerun/post";
const RELEASE: &str = "$.components.schemas.release";
const RELEASE_AT: &str = "/components/schemas/release";

#[test]
fn keys_that_openapiv3_would_ignore() {
    refuses(
        RELEASE,
        "update: {requird: [id]}",
        &format!("{RELEASE_AT}/requird"),
        &["a schema has no key `requird`", "did you mean `required`?"],
    );
    refuses(
        LOGS,
        "update: {gett: {}}",
        &format!("{LOGS_AT}/gett"),
        &["a path has no key `gett`", "`get`"],
    );
    refuses(
        &format!("{LOGS}.get"),
        "update: {parameter: []}",
        &format!("{LOGS_AT}/get/parameter"),
        &["an operation has no key `parameter`"],
    );
    for (target, update, at, reasons) in [
        (
            "$",
            "{x-handels: {}}",
            "/x-handels",
            [
                "nothing reads `x-handels` in the document",
                "did you mean `x-handles`?",
            ],
        ),
        (
            LOGS,
            "{x-answer: A}",
            &format!("{LOGS_AT}/x-answer"),
            [
                "nothing reads `x-answer` in a path",
                "it belongs in an operation",
            ],
        ),
    ] {
        refuses(target, &format!("update: {update}"), at, &reasons);
    }
    // GitHub's own, and those of others, stand where they like.
    for key in ["x-multi-segment", "x-anything"] {
        load(&format!(
            "{OVERLAY}\n- target: {RELEASE}\n  update: {{{key}: true}}"
        ))
        .unwrap();
    }
    refuses(
        "$['x-handles']",
        "remove: true\n- target: $\n  update: {x-handles: [/repos]}",
        "/x-handles",
        &["is no mapping of paths", "write `{"],
    );
    // Inside of a hoisted schema: the place where the overlay finds it.
    refuses(
        "$.components.schemas['run-base'].properties.status",
        "update: {enums: []}",
        "/components/schemas/run-base/properties/status/enums",
        &["did you mean `enum`?"],
    );
}

#[test]
fn values_of_the_wrong_kind() {
    refuses(
        RELEASE,
        "update: {nullable: 'yes'}",
        &format!("{RELEASE_AT}/nullable"),
        &["`nullable` must be true or false, not `\"yes\"`"],
    );
    refuses(
        &format!("{RELEASE}.properties.id"),
        "update: {required: true}",
        &format!("{RELEASE_AT}/properties/id/required"),
        &["`required` must be a list of texts, not `true`"],
    );
    refuses(
        &format!("{LOGS}.get"),
        "update: {summary: 5}",
        &format!("{LOGS_AT}/get/summary"),
        &["`summary` must be text, not `5`"],
    );
    refuses(
        &format!("{RELEASE}.properties.id.type"),
        "update: int",
        &format!("{RELEASE_AT}/properties/id/type"),
        &["there is no type `int`"],
    );
    refuses(
        "$.openapi",
        "update: 3.1.0",
        "/openapi",
        &["is not OpenAPI 3.0.x"],
    );
    refuses(
        &format!("{LOGS}.get.responses"),
        "remove: true",
        &format!("{LOGS_AT}/get"),
        &["an operation needs the key `responses`"],
    );
}

#[test]
fn references_that_lead_nowhere() {
    let author = "$.components.schemas.release.properties.author['$ref']";
    let at = "/components/schemas/release/properties/author/$ref";
    refuses(
        author,
        "update: '#/components/schemas/usr'",
        at,
        &["`#/components/schemas/usr` points to nothing"],
    );
    refuses(
        author,
        "update: '#/components/parameters/owner'",
        at,
        &["is not a schema", "#/components/schemas/"],
    );
    refuses(
        author,
        "update: 'other.yaml#/x'",
        at,
        &["points into another file"],
    );
    refuses(
        "$.components.schemas.tree.properties.run",
        "update: {type: string}",
        "/components/schemas/tree/properties/run/$ref",
        &["`type` beside a `$ref` is ignored by OpenAPI 3.0"],
    );
}

#[test]
fn responses_that_lead_to_each_other() {
    let link = |name: &str| json!({"$ref": format!("#/components/responses/{name}")});
    let description = |end: Value| {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "x", "version": "1"},
            "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": link("a")}}}},
            "components": {"responses": {"a": link("b"), "b": link("c"), "c": end}},
        })
    };
    ready(description(json!({"description": ""})), Words::Derived).unwrap();
    let problems = ready(description(link("b")), Words::Derived).unwrap_err();
    let problems = problems.to_string();
    let place =
        "#/paths/~1a/get/responses/200/$ref: `#/components/responses/a` leads back to itself";
    assert!(problems.contains(place), "{problems}");
}

#[test]
fn operation_ids() {
    let id = format!("{LOGS}.get.operationId");
    let at = format!("{LOGS_AT}/get/operationId");
    refuses(
        &id,
        "remove: true",
        &format!("{LOGS_AT}/get"),
        &["an operation needs the key `operationId`"],
    );
    refuses(
        &id,
        "update: get-run",
        &at,
        &[
            "the operationIds `get_run` and `get-run` are one name in Rust",
            "- target: $.paths['/repos/{owner}/runs/{run_id}/logs'].get.operationId",
        ],
    );
    refuses(
        &id,
        "update: '404'",
        &at,
        &["the operationId `404` makes no name in Rust"],
    );
    let problems = lint(
        "$.paths['/logo', '/users'].get.operationId",
        "update: get_run",
    );
    for path in ["~1repos~1{owner}~1runs~1{run_id}", "~1users"] {
        let place = format!("#/paths/{path}/get/operationId: ");
        assert_eq!(problems.matches(&place).count(), 1, "{problems}");
    }
}

#[test]
fn path_templates_and_their_parameters() {
    let owner = "$.components.parameters.owner";
    let at = "/components/parameters/owner";
    let problems = lint(&format!("{owner}.name"), "update: who");
    for problem in [
        "20 problems\nspec/actions.yaml#/paths/~1repos~1{owner}~1assets~1{asset_id}/get/parameters/0: the path has no placeholder `{who}`\n",
        "\nspec/actions.yaml#/paths/~1repos~1{owner}~1releases/parameters/0: the path has no placeholder `{who}`\n",
        "\nspec/actions.yaml#/paths/~1repos~1{owner}~1releases/get: no parameter is declared for `{owner}` of the path\n",
    ] {
        assert!(problems.contains(problem), "{problems}");
    }
    for (target, change, reason) in [
        (
            ".required",
            "update: false",
            "the path parameter `owner` must be required",
        ),
        (
            ".schema",
            "remove: true",
            "the parameter `owner` has no schema\n    correct it in spec/overlay.yaml, or drop the operation from spec/selection.yaml",
        ),
        (
            ".schema.type",
            "update: array",
            "no array can be sent in a path",
        ),
        (
            ".schema",
            "update: {nullable: true}",
            "null cannot be sent in a path",
        ),
        (
            "",
            "update: {style: label}",
            "in a path only `style: simple` is supported",
        ),
        (
            "",
            "update: {x-multi-segment: 'yes'}",
            "`x-multi-segment` is true or false",
        ),
    ] {
        refuses(&format!("{owner}{target}"), change, at, &[reason]);
    }

    let parameters = format!("{LOGS}.get.parameters");
    let added = format!("{LOGS_AT}/get/parameters/2");
    for (parameter, reason) in [
        (
            "{name: c, in: cookie, description: x, schema: {type: string}}",
            "parameters in cookies are not supported",
        ),
        (
            "{name: c, in: body, description: x, schema: {type: string}}",
            "not in `body`",
        ),
        (
            "{name: Accept, in: header, description: x, schema: {type: string}}",
            "the header `Accept` is not a parameter",
        ),
        (
            "{name: X Y, in: header, description: x, schema: {type: string}}",
            "no header can be called `X Y`",
        ),
        (
            "{name: User-Agent, in: header, description: x, schema: {type: string}}",
            "the header `User-Agent` is not a parameter",
        ),
        (
            "{name: send, in: query, description: x, schema: {type: string}}",
            "every builder has a `send` already",
        ),
        (
            "{name: '…', in: query, description: x, schema: {type: string}}",
            "makes no name in Rust",
        ),
        (
            "{name: where, in: query, description: x, schema: {type: object, additionalProperties: {type: string}}}",
            "no object can be sent in a query",
        ),
        (
            "{name: X-Ids, in: header, description: x, schema: {title: Ids, description: x, oneOf: [{type: string}, {type: array, items: {type: string}}]}}",
            "no array can be sent in a header",
        ),
        (
            "{name: pairs, in: query, description: x, schema: {type: array, items: {type: array, items: {type: string}}}}",
            "no object can be sent in a query",
        ),
        (
            "{name: ids, in: query, explode: false, description: x, schema: {type: array, items: {type: string}}}",
            "a list in one value (`explode: false`) is not supported",
        ),
    ] {
        refuses(
            &parameters,
            &format!("update: {parameter}"),
            &added,
            &[reason],
        );
    }
    let twin = "update: {name: run-id, in: query, description: x, schema: {type: string}}";
    refuses(
        &parameters,
        twin,
        &format!("{LOGS_AT}/get"),
        &["the parameters `run_id` and `run-id` are one name in Rust"],
    );
    refuses(
        LOGS,
        "update: {servers: [{url: 'https://uploads.example.com'}]}",
        &format!("{LOGS_AT}/servers"),
        &["has servers of its own", "servers\n      remove: true"],
    );
}

#[test]
fn paths_that_no_url_has() {
    let problems = |path: &str| {
        let description = json!({
            "openapi": "3.0.3",
            "info": {"title": "x", "version": "1"},
            "paths": {path: {"get": {"operationId": "a", "responses": {}}}},
        });
        ready(description, Words::Derived).map_err(|problems| problems.to_string())
    };
    for path in ["/a b", "/größe", "/a#b", "/a?b=c", "/%zz\n"] {
        let problems = problems(path).expect_err(path);
        let reason = "the path template has a character that is in no path of a URL";
        assert!(problems.contains(reason), "{problems}");
    }
    problems("/a:b,c;(d)@e/x~y%20z").unwrap();
}

#[test]
fn the_actions_that_it_proposes_select_the_place_whatever_names_there_are() {
    let parameter =
        json!({"name": "target", "in": "path", "required": true, "schema": {"type": "string"}});
    let answer = |schema: Value| json!({"200": {"description": "", "content": {"application/json": schema}}});
    let schema = |required: &str| json!({"schema": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id", required]}});
    let operation = |id: &str, answer: Value| json!({"operationId": id, "parameters": [parameter], "responses": answer});
    let with_body = |id: &str, content: Value| {
        let mut operation = operation(id, answer(schema("id")));
        operation["requestBody"] = json!({"content": content});
        operation
    };
    let mut description = json!({
        "openapi": "3.0.3",
        "info": {"title": "x", "version": "1"},
        "paths": {"/its: {target}": {
            "get": operation("a", answer(json!({}))),
            "post": with_body("b", json!({"multipart/form-data": {}})),
            "put": with_body("c", json!({"application/json": schema("it's")})),
        }},
    });
    let problems = ready(description.clone(), Words::Derived)
        .unwrap_err()
        .to_string();
    let targets = problems
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- target: "));
    let targets: Vec<_> = targets.collect();
    assert_eq!(targets.len(), 3, "{problems}");
    for target in targets {
        let text = format!("{OVERLAY_HEAD}- target: {target}\n  remove: true\n");
        let unmatched = Overlay::parse(&text).unwrap().apply(&mut description);
        assert_eq!(unmatched, [], "{target}");
    }
}

#[test]
fn request_bodies() {
    let content = "$.components.requestBodies.rerun.content";
    let at = format!("{RERUN_AT}/requestBody");
    refuses(
        content,
        &format!(
            "remove: true\n- target: {}\n  update: {{content: {{multipart/form-data: {{schema: {{type: object}}}}}}}}",
            "$.components.requestBodies.rerun"
        ),
        &at,
        &["a request body of `multipart/form-data` is not supported"],
    );
    refuses_and_mends(
        &format!("{content}['application/json'].schema"),
        "remove: true",
        &at,
        &["the `application/json` body has no schema"],
    );
    refuses_and_mends(
        &format!("{content}['application/json']"),
        "update: {encoding: {tag: {contentType: text/plain}}}",
        &at,
        &["a JSON body with an `encoding` is not supported"],
    );
    let twin = "update: [{name: body, in: query, description: x, schema: {type: string}}]";
    refuses(
        &format!("{RERUN}.parameters"),
        twin,
        RERUN_AT,
        &["the parameters `body` and `body` are one name in Rust"],
    );
    refuses(
        &format!("{RERUN}.requestBody['$ref']"),
        "remove: true",
        &at,
        &["a request body needs the key `content`"],
    );
}

#[test]
fn responses() {
    let responses = format!("{RERUN}.responses");
    let at = format!("{RERUN_AT}/responses");
    refuses(
        &responses,
        "update: {default: {description: ''}}",
        &format!("{at}/default"),
        &[
            "a `default` response shadows all others",
            ".responses.default\n",
        ],
    );
    refuses(
        &responses,
        "update: {'302': {description: ''}}",
        &at,
        &[
            "a redirect beside another kind of success",
            "\n    201: object\n    302: a redirect\n",
        ],
    );
    refuses(
        &responses,
        "update: {2xx: {description: ''}}",
        &format!("{at}/2xx"),
        &["`2xx` is no status"],
    );
    for (name, message) in [
        (
            "release",
            "the type of its answers and another one would be called `Release`",
        ),
        ("'#'", "the type of its answers cannot be called ``"),
        ("5", "`x-answer` is a name"),
    ] {
        refuses(
            "$.paths['/repos/{owner}/secrets/{name}'].put",
            &format!("update: {{x-answer: {name}}}"),
            "/paths/~1repos~1{owner}~1secrets~1{name}/put",
            &[message, "\n      update: {x-answer: AnotherName}"],
        );
    }
    refuses(
        RERUN,
        "update: {x-answer: Another}",
        &format!("{RERUN_AT}/x-answer"),
        &["names the type of several answers, and there is one"],
    );
    let schema = format!("{responses}['201'].content['application/json'].schema");
    refuses_and_mends(
        &schema,
        "remove: true",
        &format!("{at}/201"),
        &["the JSON body has no schema"],
    );
}

/// What the description makes of the forge once one more action has changed it.
fn types(target: &str, change: &str) -> String {
    let overlay = format!("{OVERLAY}\n- target: {target}\n  {change}\n");
    let document = load(&overlay).expect("is accepted").document;
    let files = xtask::codegen::render(&document).expect("is generated");
    files["types.rs"].clone()
}

#[test]
fn what_types_do_not_show_makes_no_difference() {
    let before = types(RELEASE, "update: {x-nothing: true}");
    for (target, change) in [
        (
            "$.components.schemas.push",
            "update: {additionalProperties: false}",
        ),
        (
            "$.components.schemas.tree",
            "update: {additionalProperties: false}",
        ),
        (
            &format!("{RELEASE}.properties.id"),
            "update: {exclusiveMinimum: true}",
        ),
        (
            &format!("{RELEASE}.properties.title"),
            "update: {pattern: '^a$', minLength: 1, maxLength: 9, format: uuid, default: a}",
        ),
        (
            &format!("{RELEASE}.properties.id"),
            "update: {default: it does not fit}",
        ),
    ] {
        assert_eq!(types(target, change), before, "{target}: {change}");
    }
}

#[test]
fn types_without_a_name_of_ours() {
    let properties = format!("{RELEASE}.properties");
    let at = format!("{RELEASE_AT}/properties/new");
    for (schema, reason) in [
        (
            "{type: object, properties: {a: {type: string}}}",
            "an object without a title",
        ),
        ("{type: string, enum: [a]}", "an enum without a title"),
        (
            "{oneOf: [{type: string}, {type: integer}]}",
            "a composition without a title",
        ),
    ] {
        let help = "- target: $.components.schemas.release.properties.new\n";
        refuses(
            &properties,
            &format!("update: {{new: {schema}}}"),
            &at,
            &[reason, help],
        );
    }
    let bare = "update: {schema: {type: string, enum: [a, b]}}";
    refuses(
        "$.components.parameters.owner",
        bare,
        "/components/parameters/owner/schema",
        &["an enum without a title"],
    );
    // Nor has anything else a name.
    refuses(
        &format!("{RELEASE}.properties.id"),
        "update: {title: ReleaseId}",
        &format!("{RELEASE_AT}/properties/id/title"),
        &["names no type"],
    );
    // In an array, and in a response.
    refuses(
        &properties,
        "update: {new: {type: array, items: {type: string, enum: [a]}}}",
        &format!("{at}/items"),
        &["an enum without a title"],
    );
    let inline = "update: {'200': {description: '', content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}}";
    let problems = lint(&format!("{LOGS}.get.responses"), inline);
    let at = format!("{LOGS_AT}/get/responses/200/content/application~1json/schema");
    let expected = format!("spec/actions.yaml#{at}: an object without a title\n");
    assert!(problems.contains(&expected), "{problems}");
}

#[test]
fn names_that_collide_in_rust() {
    refuses(
        &format!("{RELEASE}.properties"),
        "update: {x_note: {type: string}}",
        &format!("{RELEASE_AT}/properties/x_note"),
        &["the properties `x-note` and `x_note` are one name in Rust"],
    );
    let status = "$.components.schemas['run-base'].properties.status";
    let at = "/components/schemas/run-base/properties/status/enum";
    refuses(
        &format!("{status}.enum"),
        "update: [Done]",
        &format!("{at}/2"),
        &[
            "the values \"done\" and \"Done\" are one name in Rust",
            "leave it out",
        ],
    );
    refuses(
        &format!("{status}.enum"),
        "update: ['…']",
        &format!("{at}/2"),
        &["the value \"…\" makes no name in Rust"],
    );
    refuses(
        &format!("{status}.enum"),
        "update: [1]",
        at,
        &["values of several kinds"],
    );
    refuses(
        &format!("{status}.title"),
        "update: RUN",
        "/components/schemas/run",
        &["the schemas `RUN` and `run` are one name in Rust"],
    );
}

#[test]
fn schemas_that_contradict_themselves() {
    let body = "requestBody.content['application/json'].schema";
    let at = "requestBody/content/application~1json/schema/required";
    let schema =
        format!("$.paths['/repos/{{owner}}/workflows/{{workflow}}/dispatches'].put.{body}");
    refuses(
        &format!("{schema}.properties.ref"),
        "remove: true",
        &format!("/paths/~1repos~1{{owner}}~1workflows~1{{workflow}}~1dispatches/put/{at}"),
        &[
            "requires `ref`, which is no property",
            &format!("dispatches'].put.{body}.required[?@=='ref']"),
        ],
    );
    // What an answer promises and does not describe is read by nobody.
    let title = format!("{RELEASE}.properties.title");
    let required =
        format!("remove: true\n- target: {RELEASE}.required[?@=='title']\n  remove: true");
    assert_eq!(types(&title, "remove: true"), types(&title, &required));
    // What the overlay requires is a mistake of ours.
    for schema in [&*schema, RELEASE] {
        let problems = lint(&format!("{schema}.required"), "update: [created_att]");
        assert!(
            problems.starts_with("spec/overlay.yaml#/actions/"),
            "{problems}"
        );
        let message = "requires `created_att`, which is no property";
        assert!(problems.contains(message), "{problems}");
    }
}

#[test]
fn words_that_are_missing_or_do_harm() {
    refuses(
        &format!("{LOGS}.get.summary"),
        "remove: true",
        &format!("{LOGS_AT}/get"),
        &["the operation has no summary", "update: {summary: …}"],
    );
    refuses(
        "$.components.parameters.owner.description",
        "update: ' '",
        "/components/parameters/owner",
        &["the parameter has no description"],
    );
    refuses(
        &format!("{RELEASE}.description"),
        "remove: true",
        RELEASE_AT,
        &["the type has no description"],
    );
    // A hoisted type: its words are missing where its title is.
    refuses(
        "$.components.schemas.run.allOf[1].properties.trigger.description",
        "remove: true",
        "/components/schemas/run/allOf/1/properties/trigger",
        &["the type has no description"],
    );
    for (words, reason) in [
        (
            "\"a\\n\\n    let x;\"",
            "an indented line, which would become a doc test",
        ),
        (
            "\"```\\nx\\n```\"",
            "a code block, which would become a doc test",
        ),
        ("see https://example.com", "a bare URL"),
        ("\"a\\rb\"", "a character that no reader sees"),
        ("\"a \\u202Eb\"", "a character that no reader sees"),
        ("'an <owner>'", "an HTML tag"),
        ("'a [link]'", "square brackets"),
    ] {
        refuses(
            &format!("{RELEASE}.description"),
            &format!("update: {words}"),
            &format!("{RELEASE_AT}/description"),
            &["the description has ", reason],
        );
    }
}

#[test]
fn all_problems_come_at_once() {
    let problems = lint("$..description", "remove: true");
    // Each response lacks it, and nothing hides the others.
    let responses = problems
        .matches(": a response needs the key `description`")
        .count();
    assert!(responses > 5, "{problems}");
    assert!(
        problems.starts_with(&format!("{responses} problems\n")),
        "{problems}"
    );
    let problems = lint("$.components.parameters.*.description", "remove: true");
    assert!(problems.starts_with("4 problems\n"), "{problems}");
}
