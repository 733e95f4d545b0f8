//! The fake's answers are what GitHub's own description says, before the overlay relaxes it.

use std::collections::BTreeSet;
use std::time::Duration;

use gha_fake::{
    Artifact, Attempt, Builder, Conclusion, Edition, Fake, Job, JobStatus, Operation, Repo, Run,
    Step,
};
use serde_json::{Map, Value, json};

const ACTIONS: &str = include_str!("../../../spec/actions.yaml");

/// Requests that lead to each status: method and path below the repository's `/actions`.
const REQUESTS: &[(&str, u16, &str, &str)] = &[
    ("actions/list-artifacts-for-repo", 200, "GET", "artifacts"),
    (
        "actions/list-artifacts-for-repo",
        200,
        "GET",
        "artifacts?per_page=1&page=2",
    ),
    (
        "actions/list-artifacts-for-repo",
        200,
        "GET",
        "artifacts?name=none",
    ),
    (
        "actions/list-artifacts-for-repo",
        200,
        "GET",
        "artifacts?page=100",
    ),
    ("actions/get-artifact", 200, "GET", "artifacts/11"),
    ("actions/get-artifact", 200, "GET", "artifacts/12"),
    ("actions/get-artifact", 200, "GET", "artifacts/13"),
    ("actions/get-artifact", 200, "GET", "artifacts/14"),
    ("actions/download-artifact", 302, "GET", "artifacts/11/zip"),
    ("actions/download-artifact", 410, "GET", "artifacts/13/zip"),
    (
        "actions/list-workflow-run-artifacts",
        200,
        "GET",
        "runs/1001/artifacts",
    ),
    (
        "actions/list-workflow-run-artifacts",
        200,
        "GET",
        "runs/1001/artifacts?direction=asc&per_page=1",
    ),
    (
        "actions/list-jobs-for-workflow-run",
        200,
        "GET",
        "runs/1001/jobs",
    ),
    (
        "actions/list-jobs-for-workflow-run",
        200,
        "GET",
        "runs/1001/jobs?filter=all&per_page=3",
    ),
    (
        "actions/list-jobs-for-workflow-run",
        200,
        "GET",
        "runs/1002/jobs",
    ),
    (
        "actions/list-jobs-for-workflow-run-attempt",
        200,
        "GET",
        "runs/1001/attempts/1/jobs",
    ),
    (
        "actions/list-jobs-for-workflow-run-attempt",
        404,
        "GET",
        "runs/1001/attempts/9/jobs",
    ),
    ("actions/get-job-for-workflow-run", 200, "GET", "jobs/41"),
    ("actions/get-job-for-workflow-run", 200, "GET", "jobs/53"),
    (
        "actions/download-job-logs-for-workflow-run",
        302,
        "GET",
        "jobs/41/logs",
    ),
    ("actions/list-workflow-runs-for-repo", 200, "GET", "runs"),
    (
        "actions/list-workflow-runs-for-repo",
        200,
        "GET",
        "runs?status=success&created=*..2100-01-01&exclude_pull_requests=true",
    ),
    (
        "actions/list-workflow-runs",
        200,
        "GET",
        "workflows/build.yml/runs",
    ),
    ("actions/get-workflow-run", 200, "GET", "runs/1001"),
    ("actions/get-workflow-run", 200, "GET", "runs/1002"),
    (
        "actions/re-run-job-for-workflow-run",
        403,
        "POST",
        "jobs/51/rerun",
    ),
    (
        "actions/re-run-job-for-workflow-run",
        201,
        "POST",
        "jobs/71/rerun",
    ),
    // Last, as it takes something away.
    ("actions/delete-artifact", 204, "DELETE", "artifacts/14"),
];

fn seed() -> Builder {
    let conclusions = [
        Conclusion::Success,
        Conclusion::Failure,
        Conclusion::Neutral,
        Conclusion::Cancelled,
        Conclusion::Skipped,
        Conclusion::TimedOut,
        Conclusion::ActionRequired,
    ];
    let concluded = conclusions
        .into_iter()
        .zip(41..)
        .map(|(conclusion, id)| Job::new(id).concluded(conclusion));
    let step = Step::new("Wait").status(JobStatus::InProgress);
    let waiting = [JobStatus::Waiting, JobStatus::Requested, JobStatus::Pending];
    let waiting = waiting.into_iter().zip(61..);
    let run = Run::new(1001)
        .attempt(Attempt::new(1).jobs(concluded))
        .attempt(
            Attempt::new(2)
                .job(Job::new(51).in_progress().step(step))
                .job(Job::new(52).queued())
                .job(Job::new(53).skipped())
                .job(Job::new(54).cancelled_before_start())
                .job(Job::new(55).labels(["self-hosted", "arm64"]))
                .jobs(waiting.map(|(status, id)| Job::new(id).status(status))),
        )
        .artifact(Artifact::zip("dist", &[("a.txt", b"alpha")]).id(11))
        .artifact(Artifact::file("report.html", "text/html", "<p>fine</p>").id(12))
        .artifact(
            Artifact::noise("old", 1000)
                .id(13)
                .age(Duration::from_secs(100 * 86_400)),
        );
    let repo = Repo::new("octo-org", "octo-docs")
        .run(run)
        .run(Run::new(1002).pull_request(7).fork("hubot/octo-docs"))
        .run(Run::new(1003).job(Job::new(71)))
        .artifact(Artifact::noise("stray", 10).id(14).without_digest());
    Fake::builder().token("t0ken").repo(repo)
}

struct Answer {
    status: u16,
    headers: ureq::http::HeaderMap,
    body: String,
}

fn send(method: &str, url: &str) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .into();
    let response = match method {
        "DELETE" => agent
            .delete(url)
            .header("authorization", "Bearer t0ken")
            .call(),
        "POST" => agent
            .post(url)
            .header("authorization", "Bearer t0ken")
            .send_empty(),
        _ => agent
            .get(url)
            .header("authorization", "Bearer t0ken")
            .call(),
    };
    let (parts, mut body) = response.unwrap().into_parts();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: body.read_to_string().unwrap(),
    }
}

/// The description as it is published, with `nullable` put into JSON Schema's words.
fn description() -> Value {
    let mut document = xtask::spec::yaml::parse(ACTIONS).unwrap();
    to_json_schema(&mut document);
    document
}

fn to_json_schema(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(to_json_schema);
            if object.remove("nullable") == Some(Value::Bool(true)) {
                let kind = object
                    .get("type")
                    .expect("a nullable schema has a type")
                    .clone();
                object.insert("type".into(), json!([kind, "null"]));
                if let Some(words) = object.get_mut("enum").and_then(Value::as_array_mut) {
                    words.push(Value::Null);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(to_json_schema),
        _ => {}
    }
}

/// Forbids members that the description does not know: a wrong name must not hide as an extra.
fn close(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(close);
            if object.get("properties").is_some_and(Value::is_object) {
                object.insert("additionalProperties".into(), Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Each operation's id with its responses by status.
fn operations(document: &Value) -> Vec<(&str, &serde_json::Map<String, Value>)> {
    let paths = document["paths"].as_object().unwrap().values();
    paths
        .flat_map(|path| path.as_object().unwrap().values())
        .filter_map(|operation| {
            Some((
                operation.get("operationId")?.as_str()?,
                operation["responses"].as_object()?,
            ))
        })
        .collect()
}

fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let root = json!({"allOf": [schema], "components": document["components"]});
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft4)
        .should_validate_formats(true)
        .build(&root)
        .unwrap()
}

fn check(edition: Edition) {
    let mut document = description();
    close(&mut document);
    let fake = seed().edition(edition).start_on_thread().unwrap();
    let operations = operations(&document);
    for (id, status, method, path) in REQUESTS {
        let url = format!("{}/repos/octo-org/octo-docs/actions/{path}", fake.api_url());
        let answer = send(method, &url);
        assert_eq!(answer.status, *status, "{method} {path}: {}", answer.body);
        assert!(Operation::ALL.iter().any(|known| known.id() == *id), "{id}");
        // The fake knows operations that spec/selection.yaml may not name.
        let Some((_, responses)) = operations.iter().find(|(known, _)| known == id) else {
            continue;
        };
        let response = resolve(&document, &responses[&status.to_string()]);

        match response.pointer("/content/application~1json/schema") {
            Some(schema) => {
                let body: Value = serde_json::from_str(&answer.body).unwrap();
                let validator = validator(&document, schema);
                let errors: Vec<String> = validator
                    .iter_errors(&body)
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect();
                assert!(errors.is_empty(), "{method} {path}: {errors:#?}\n{body:#}");
            }
            None => assert_eq!(answer.body, "", "{method} {path}"),
        }
        if *status == 302 {
            assert!(answer.headers.contains_key("location"), "{path}");
        }
    }
}

#[test]
fn answers_conform_as_github() {
    check(Edition::GitHub);
}

#[test]
fn answers_conform_as_enterprise_server() {
    check(Edition::EnterpriseServer);
}

#[test]
fn every_declared_status_of_every_operation_is_asked_for() {
    let document = description();
    let mut missing = BTreeSet::new();
    for (id, responses) in operations(&document) {
        for status in responses.keys() {
            let code: u16 = status.parse().unwrap();
            if !REQUESTS
                .iter()
                .any(|(known, s, _, _)| *known == id && *s == code)
            {
                missing.insert(format!("{id} {status}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Values that a parameter of this schema does not have.
fn wrong_values(schema: &Value) -> Vec<&'static str> {
    match schema["type"].as_str() {
        Some("integer") => vec!["abc", "1.5", "", "9223372036854775808", "007"],
        Some("boolean") => vec!["maybe", "", "1"],
        _ if schema.get("enum").is_some() => vec!["nope", ""],
        _ => Vec::new(),
    }
}

#[test]
fn every_query_parameter_is_read_as_described() {
    let document = description();
    let fake = seed().start_on_thread().unwrap();
    let send = |path: &str| {
        let actions = "/repos/octo-org/octo-docs/actions";
        send("GET", &format!("{}{actions}/{path}", fake.api_url())).status
    };
    let mut checked = 0;
    for path in document["paths"].as_object().unwrap().values() {
        let Some(operation) = path.get("get") else {
            continue;
        };
        let id = operation["operationId"].as_str().unwrap();
        let request = REQUESTS.iter().find(|(known, ..)| *known == id);
        let request = request.unwrap_or_else(|| panic!("REQUESTS has none for {id}"));
        let path = request.3.split('?').next().unwrap();
        assert_eq!(
            send(&format!("{path}?unknown=x&unknown=y")),
            request.1,
            "{path}"
        );
        for parameter in operation["parameters"].as_array().unwrap() {
            let parameter = resolve(&document, parameter);
            if parameter["in"] != "query" {
                continue;
            }
            let name = parameter["name"].as_str().unwrap();
            let schema = resolve(&document, &parameter["schema"]);
            for value in wrong_values(schema) {
                let path = format!("{path}?{name}={value}");
                assert_eq!(send(&path), 422, "{path}");
            }
            let twice = format!("{path}?{name}=1&{name}=1");
            assert_eq!(send(&twice), 422, "{twice}");
            checked += 1;
        }
    }
    assert!(checked >= 12, "{checked}");
}

#[test]
fn every_described_member_is_sent_by_some_answer() {
    let fake = seed().start_on_thread().unwrap();
    let url = |path: &str| format!("{}/repos/octo-org/octo-docs/actions/{path}", fake.api_url());
    let document = description();
    for (schema, path) in [
        ("artifact", "artifacts/11"),
        ("job", "jobs/41"),
        ("workflow-run", "runs/1001"),
    ] {
        let body: Value = serde_json::from_str(&send("GET", &url(path)).body).unwrap();
        let described = &document["components"]["schemas"][schema]["properties"];
        for member in described.as_object().into_iter().flat_map(Map::keys) {
            assert!(body.get(member).is_some(), "{schema} {member}");
        }
    }
}

#[test]
fn the_check_can_fail() {
    let document = description();
    let job = json!({"$ref": "#/components/schemas/job"});
    let validator = validator(&document, &job);
    let fake = seed().start_on_thread().unwrap();
    let url = format!(
        "{}/repos/octo-org/octo-docs/actions/jobs/41",
        fake.api_url()
    );
    let good: Value = serde_json::from_str(&send("GET", &url).body).unwrap();
    assert!(validator.is_valid(&good));
    for (member, value) in [
        ("status", json!("paused")),
        ("started_at", Value::Null),
        ("created_at", json!("yesterday")),
        ("id", json!("41")),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        assert!(!validator.is_valid(&bad), "{member}");
    }
    let mut nullable = good;
    nullable["conclusion"] = Value::Null;
    assert!(validator.is_valid(&nullable));
}
