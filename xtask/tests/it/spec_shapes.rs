//! The selection is general: shapes beyond our nine operations trim, hoist and lint.

use serde_json::{Value, json};
use xtask::spec::{EffectiveSpec, yaml};

use crate::common::{effective_shapes, trimmed_shapes};

fn names(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .expect("a valid fixture")
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn trim_keeps_the_selection_and_its_closure() {
    let trimmed = trimmed_shapes();
    assert_eq!((trimmed.operations, trimmed.schemas), (18, 9));
    let document = yaml::parse(&trimmed.text).unwrap();
    assert_eq!(
        names(&document),
        ["openapi", "info", "servers", "paths", "components"]
    );
    assert_eq!(
        names(&document["components"]),
        [
            "schemas",
            "responses",
            "parameters",
            "requestBodies",
            "headers"
        ]
    );
    // The path's own parameter stays, its other method goes.
    assert_eq!(
        names(&document["paths"]["/repos/{owner}/releases"]),
        ["parameters", "get"]
    );
    assert_eq!(
        names(&document["components"]["parameters"]),
        ["owner", "page", "per-page", "run-id"]
    );
    assert_eq!(
        names(&document["components"]["schemas"]),
        [
            "basic-error",
            "empty-object",
            "nullable-user",
            "push",
            "release",
            "run",
            "run-base",
            "schedule",
            "tree"
        ]
    );
}

#[test]
fn trim_tells_prose_from_properties_of_that_name() {
    let document = yaml::parse(&trimmed_shapes().text).unwrap();
    let release = &document["components"]["schemas"]["release"];
    assert_eq!(names(release), ["type", "required", "properties"]);
    assert_eq!(
        release["properties"],
        json!({
            "author": {"$ref": "#/components/schemas/nullable-user"},
            "description": {"type": "string", "nullable": true},
            "example": {"type": "string"},
            "id": {"type": "integer"},
            "size": {"type": "number", "minimum": 0, "maximum": 1.5},
            "title": {"type": "string"},
            "x-note": {"type": "string"},
        })
    );
    let responses = &document["paths"]["/repos/{owner}/releases"]["get"]["responses"];
    assert_eq!(names(responses), ["200", "404"]);
    assert_eq!(
        names(&responses["200"]["headers"]),
        ["Link", "x-request-id"]
    );
    let get = &document["paths"]["/repos/{owner}/runs/{run_id}"]["get"];
    assert_eq!(
        names(get),
        ["operationId", "externalDocs", "parameters", "responses"]
    );
    assert_eq!(
        get["externalDocs"],
        json!({"url": "https://docs.example.com/runs"})
    );
    assert_eq!(get["responses"]["200"]["description"], "");
}

#[test]
fn the_effective_document_is_what_progenitor_needs() {
    let EffectiveSpec {
        document,
        provenance,
    } = effective_shapes();
    assert_eq!(
        (provenance.version.as_str(), provenance.edition.as_str()),
        ("1.2.3", "forge")
    );
    let schemas = &document["components"]["schemas"];
    // Titled schemas are in, what nothing uses any more is out.
    for name in ["Dispatch", "Rerun", "RerunMode", "RunStatus", "Trigger"] {
        assert!(schemas.get(name).is_some(), "{name}");
    }
    assert!(schemas.get("basic-error").is_none());
    assert_eq!(schemas["nullable-user"].get("nullable"), None);
    let manager =
        json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/nullable-user"}]});
    assert_eq!(schemas["nullable-user"]["properties"]["manager"], manager);
    // The members of an `allOf` are one schema.
    assert_eq!(schemas["run"]["properties"]["actor"], manager);

    let files = xtask::codegen::render(&document).unwrap();
    let code = &files["types.rs"];
    for wanted in [
        "pub actor: Option<Box<NullableUser>>",
        "pub manager: Option<Box<NullableUser>>",
        "pub status: Option<RunStatus>",
        "pub enum Trigger {",
    ] {
        assert!(code.contains(wanted), "{wanted} is not in\n{code}");
    }
    let answer = "Response<Vec<types::Release>>";
    assert!(files["operations.rs"].contains(answer));
}
