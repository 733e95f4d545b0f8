//! What the passes need to know of the description, beyond what progenitor's code shows.

use serde_json::Value;

/// The operations of a description, in its order.
#[derive(Debug)]
pub struct Model {
    /// Each operation once.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// The HTTP method in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Its `summary` and `description`, in this order, where they are.
    pub docs: Vec<String>,
    /// The page of GitHub's documentation.
    pub docs_url: Option<String>,
    /// Its parameters, shared ones resolved.
    pub parameters: Vec<Parameter>,
    /// Whether it answers 302 with `Location`.
    pub redirects: bool,
    /// Whether a success carries a JSON body.
    pub has_body: bool,
}

/// One parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// `path` or `query`.
    pub location: String,
    /// Whether it must be given.
    pub required: bool,
    /// What it means.
    pub description: Option<String>,
}

impl Model {
    /// Reads a linted description.
    pub fn new(document: &Value) -> Self {
        const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];
        let mut operations = Vec::new();
        for (path, item) in entries(&document["paths"]) {
            for (method, operation) in entries(item) {
                if METHODS.contains(&method) {
                    operations.push(Operation::new(document, path, method, item, operation));
                }
            }
        }
        Self { operations }
    }

    /// The operation behind a generated name, whatever its case.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        let key = name_key(name);
        self.operations
            .iter()
            .find(|operation| name_key(&operation.id) == key)
    }

    /// The operation whose answer a redirect's content belongs to: the nearest GET with a body
    /// whose path this one's extends.
    pub fn subject(&self, redirect: &Operation) -> Option<&Operation> {
        self.operations
            .iter()
            .filter(|candidate| {
                let below = redirect.path.strip_prefix(&candidate.path);
                candidate.method == "GET"
                    && candidate.has_body
                    && below.is_some_and(|rest| rest.starts_with('/'))
                    && candidate
                        .parameters
                        .iter()
                        .all(|parameter| parameter.location == "path" || !parameter.required)
            })
            .max_by_key(|candidate| candidate.path.len())
    }
}

impl Operation {
    fn new(document: &Value, path: &str, method: &str, item: &Value, operation: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let responses = || {
            entries(&operation["responses"])
                .map(|(status, response)| (status, resolve(document, response)))
        };
        Self {
            id: text(&operation["operationId"]).unwrap_or_default(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            docs: [&operation["summary"], &operation["description"]]
                .into_iter()
                .filter_map(text)
                .collect(),
            docs_url: text(&operation["externalDocs"]["url"]),
            parameters: [&item["parameters"], &operation["parameters"]]
                .into_iter()
                .filter_map(Value::as_array)
                .flatten()
                .map(|parameter| {
                    let parameter = resolve(document, parameter);
                    Parameter {
                        name: text(&parameter["name"]).unwrap_or_default(),
                        location: text(&parameter["in"]).unwrap_or_default(),
                        required: parameter["required"] == true,
                        description: text(&parameter["description"]),
                    }
                })
                .collect(),
            redirects: responses().any(|(status, response)| {
                status == "302"
                    && entries(&response["headers"])
                        .any(|(name, _)| name.eq_ignore_ascii_case("location"))
            }),
            has_body: responses().any(|(status, response)| {
                status.starts_with('2') && response["content"].is_object()
            }),
        }
    }

    /// The parameter behind a generated name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        let key = name_key(name);
        self.parameters
            .iter()
            .find(|parameter| name_key(&parameter.name) == key)
    }

    /// Whether it takes `page` and `per_page`.
    pub fn takes_pages(&self) -> bool {
        ["page", "per_page"].iter().all(|name| {
            self.parameters
                .iter()
                .any(|parameter| parameter.location == "query" && parameter.name == *name)
        })
    }
}

/// Names that differ in case and separators alone are one name in generated code.
fn name_key(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'))
        .and_then(|pointer| document.pointer(pointer));
    target.unwrap_or(value)
}
