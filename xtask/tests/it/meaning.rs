//! What is generated means what the description says, or the description is refused by place.

use xtask::codegen::{Files, render};
use xtask::spec::ready;
use xtask::spec::selection::Words;
use xtask::spec::trim::Description;

const DESCRIPTION: &str = include_str!("../fixtures/sweep.yaml");

/// What codegen makes of one operation that nobody wrote a line for.
fn generated(operation: &str) -> Result<Files, String> {
    let description = Description::read("sweep.yaml", DESCRIPTION.as_bytes()).unwrap();
    let document = description.alone(operation).unwrap();
    let document = ready(document, Words::Derived).map_err(|problems| problems.to_string())?;
    render(&document).map_err(|error| format!("{error:#}"))
}

/// Of an operation, what is in its types and in its builders.
#[track_caller]
fn says(operation: &str, types: &[&str], operations: &[&str]) -> Files {
    let files = generated(operation).unwrap_or_else(|problems| panic!("{problems}"));
    for (file, expected) in [("types.rs", types), ("operations.rs", operations)] {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = words(&files[file]);
        for line in expected {
            assert!(
                text.contains(&words(line)),
                "{line} is not in\n{}",
                files[file]
            );
        }
    }
    files
}

#[test]
fn chains_of_references_end_at_what_they_mean() {
    says(
        "things/get",
        &[
            "pub struct Thing {",
            "pub key: String,",
            "pub state: Option<ThingState>,",
            "pub size: Option<i64>,",
            "pub parts: Vec<Thing>,",
            "Plus1,",
            "Minus1,",
            "Unknown,",
            "UnknownValue,",
            "UnknownValueValue(UnknownValue),",
        ],
        &["pub async fn send(self) -> Result<Response<types::Thing>, Error>"],
    );
    let files = says(
        "things/list",
        &[],
        &[
            "impl Paginated for ThingsList { type Item = types::Thing;",
            "Result<Response<Vec<types::Thing>>, Error>",
        ],
    );
    assert!(
        !files["types.rs"].contains("secret"),
        "only servers read it"
    );
    says(
        "things/download",
        &[],
        &[
            "impl Redirected for ThingsDownload",
            "name: impl Into<String>, format: impl Into<String>,",
        ],
    );
    says("things/elsewhere", &[], &["\"/elsewhere\""]);
}

#[test]
fn what_cannot_be_counted_is_no_stream() {
    let files = says(
        "things/list-by-text",
        &[],
        &["pub fn page(mut self, page: impl Into<String>)"],
    );
    assert!(!files["operations.rs"].contains("impl Paginated"));
}

#[test]
fn failures_alone_leave_an_answer_without_a_body() {
    let files = says("things/delete", &[], &["Result<Response<()>, Error>"]);
    let imports = "use super::types;";
    assert!(
        !files["operations.rs"].contains(imports),
        "`types` is a parameter"
    );
}

#[test]
fn answers_are_what_their_statuses_and_media_types_say() {
    says(
        "things/several",
        &[
            "pub enum ThingsSeveralAnswer {",
            "/// 200 OK. Ok(Thing),",
            "Accepted(Vec<Thing>),",
            "PartialContent(Bytes),",
            "MultiStatus(ThingsSeveralResponse),",
            "/// 299, as text. Status299(String),",
            "200 => Self::Ok(received.json()?),",
            "206 => Self::PartialContent(received.bytes()?),",
        ],
        &["Result<Response<types::ThingsSeveralAnswer>, Error>"],
    );
    for (operation, ty, media_type, call) in [
        ("things/alike", "types::Thing", "", ".json()"),
        ("things/question", "bool", "", ".check()"),
        ("things/no-question", "()", "", ".empty()"),
        ("things/text", "String", "text/markdown", ".text()"),
        (
            "things/drawing",
            "String",
            "application/octocat-stream",
            ".text()",
        ),
        (
            "things/bytes",
            "Bytes",
            "application/octet-stream",
            ".bytes()",
        ),
        (
            "things/scim",
            "types::Thing",
            "application/scim+json",
            ".json()",
        ),
        ("things/both", "types::Thing", "", ".json()"),
    ] {
        let signature = format!("Result<Response<{ty}>, Error>");
        let files = says(operation, &[], &[&signature, call]);
        let accept = format!(".accept(\"{media_type}\")");
        assert_eq!(
            files["operations.rs"].contains(".accept("),
            !media_type.is_empty()
        );
        assert!(media_type.is_empty() || files["operations.rs"].contains(&accept));
    }
}

#[test]
fn bodies_ask_for_what_the_server_needs() {
    let files = says(
        "things/put",
        &[
            "pub fn new() -> Self",
            "pub fn name(mut self, name: impl Into<String>) -> Self",
            "pub fn due(mut self, due: DateTime<Utc>) -> Self",
            "pub state: Option<ThingsPutBodyState>,",
            "pub enum ThingsPutBodyOwner {",
            "Integer(i64),",
            "String(String),",
        ],
        &["pub fn x_reason(mut self, x_reason: impl Into<String>) -> Self"],
    );
    // The server gives the id.
    let body = files["types.rs"]
        .split("pub struct ThingsPutBody {")
        .nth(1)
        .unwrap();
    assert!(
        !body.split('}').next().unwrap().contains("pub id"),
        "{body}"
    );
}

#[test]
fn what_is_given_is_sent_and_what_is_not_is_absent() {
    let files = says(
        "things/names",
        &[
            "#[serde(rename = \"gen\")] pub gen_: String,",
            "#[serde(rename = \"type\")] \
             #[serde(default, deserialize_with = \"::gha_core::generated::optional_time\")] pub type_:",
            "#[serde(skip_serializing_if = \"Option::is_none\")] pub labels: Option<Vec<String>>,",
            "pub options: Option<::serde_json::Map<String, ::serde_json::Value>>,",
            "Self { gen_: gen_.into(), labels: None, options: None, }",
        ],
        &[
            "gen_: impl Into<String>, a: f64,",
            ".header(\"X-Api\", &self.x_api)",
            ".accept(\"application/vnd.github.v3.star+json\")",
        ],
    );
    let imports = "use gha_core::{Error, Operation, Response};";
    assert!(
        files["operations.rs"].contains(imports),
        "`X-Api` names no type"
    );
}

#[test]
fn a_list_that_may_be_nothing_is_a_stream() {
    says(
        "things/contributors",
        &["Ok(Vec<Thing>),", "Created(", "NoContent,"],
        &[
            "impl Paginated for ThingsContributors { type Item = types::Thing;",
            "types::ThingsContributorsAnswer::Ok(body) => { PageBody::new(None, body) } \
             _ => PageBody::new(None, Vec::new()),",
        ],
    );
}

#[test]
fn alternatives_are_tried_from_the_one_that_asks_for_most() {
    // A note that may be null may be absent where it is decoded, so it tells nothing.
    let files = says("unions/events", &[], &[]);
    let union = files["types.rs"].split("pub enum").nth(1).unwrap();
    let place = |variant: &str| union.find(variant).expect(variant);
    assert!(place("Pull(Pull)") < place("Watch(Watch)"), "{union}");
    assert!(place("Watch(Watch)") < place("Object("), "{union}");
    assert!(place("C7(C7)") < place("Object("), "{union}");
}

#[test]
fn types_of_the_prelude_keep_their_names() {
    says(
        "things/types",
        &["pub kind: ::std::option::Option<OptionKind>,"],
        &[],
    );
}

#[test]
fn what_has_no_meaning_is_refused_by_place() {
    for (operation, reason) in [
        (
            "refused/redirect-beside-nothing",
            "#/paths/~1refused~1redirect/get/responses: a redirect beside another kind of success\n    204: no body\n    302: a redirect\n",
        ),
        (
            "refused/redirect-beside-progress",
            "#/paths/~1refused~1description/get/responses: a redirect beside another kind of success\n    202: thing\n    302: a redirect\n",
        ),
        (
            "refused/elsewhere",
            "#/paths/~1refused~1elsewhere/get/responses/303: succeeds with status 303, which",
        ),
        (
            "refused/impossible",
            "/content/application~1json/schema: must be \"string\" and \"integer\" at once\n",
        ),
        (
            "refused/circle",
            "#/components/schemas/circle: consists of itself: circle → wheel → circle\n",
        ),
        (
            "refused/extra",
            "/schema/additionalProperties: what it holds would be a second field beside `extra`\n",
        ),
        (
            "refused/twins",
            "#/paths/~1refused~1twins/post/requestBody/content/application~1json/schema: two alternatives of \
             `RefusedTwinsBody` would be called `Object`\n",
        ),
        (
            "clone",
            "#/paths/~1refused~1clone/get/operationId: `Client` has a method `clone` already\n",
        ),
    ] {
        let problems = generated(operation).expect_err(operation);
        assert!(problems.contains(reason), "{problems}");
        assert!(problems.contains("spec/overlay.yaml"), "{problems}");
    }
}
