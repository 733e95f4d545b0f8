//! What the client offers: handles and operations, as the description and progenitor's types say.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use heck::{ToPascalCase as _, ToSnakeCase as _};
use proc_macro2::Ident;
use quote::format_ident;
use serde_json::Value;
use syn::Type;

use super::names::{CLIENT_METHODS, HANDLE_METHODS, is_imported};
use super::plain;
use super::progenitor::Generated;
use super::syntax::{argument_of, code, in_types, is_foreign, own_name};
use crate::spec::answer::{self, Answers, Success, answers, sent};
use crate::spec::document::{self, OperationObject, entries};
use crate::spec::openapi::MULTI_SEGMENT;
use crate::spec::pointer::{Pointer, target};
use crate::spec::problem::{Problem, Problems};
use crate::spec::shape::{pascal, snake};
use crate::spec::{HANDLES, OVERLAY};

/// The client of a description.
#[derive(Debug)]
pub struct Model {
    /// Each handle once, in the order of the overlay.
    pub handles: Vec<Handle>,
    /// Each operation once, in the order of the description.
    pub operations: Vec<Operation>,
}

/// What the operations below one prefix share.
#[derive(Debug, Clone)]
pub struct Handle {
    /// The name of the type; that of the method which makes one is the same in snake case.
    pub name: String,
    /// What it is, in a sentence.
    pub docs: String,
    /// The prefix of the paths.
    pub prefix: String,
    /// The parameters of the prefix, in its order.
    pub parameters: Vec<Parameter>,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name in Rust.
    pub name: String,
    /// The HTTP method in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Its `summary` and `description`, in this order, where they are.
    pub docs: Vec<String>,
    /// The page of GitHub's documentation.
    pub docs_url: Option<String>,
    /// The index of its handle; `None` for the client itself.
    pub handle: Option<usize>,
    /// Its parameters beside those of the handle: first what must be given, in the order of
    /// arguments, then the others by name.
    pub parameters: Vec<Parameter>,
    /// The media type of the body, where it is not the usual one.
    pub content_type: Option<String>,
    /// What a success is.
    pub answer: Answer,
    /// The media type of what is asked for in place of JSON.
    pub media_type: Option<String>,
    /// The media type in which the content is asked for that the body holds, or what a redirect leads to.
    pub content: Option<String>,
    /// The operation whose answer says why the content of this redirect is missing.
    pub explained_by: Option<usize>,
}

/// One parameter of an operation, or its body.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name on the wire.
    pub wire: String,
    /// The name in Rust.
    pub name: Ident,
    /// Where it travels.
    pub place: Place,
    /// Whether it must be given.
    pub required: bool,
    /// What the path holds unless the caller says otherwise.
    pub default: Option<Value>,
    /// The type of its value, without the `Option` of one that need not be given.
    pub ty: Type,
    /// Whether it is one of several types, any of which will do.
    pub is_union: bool,
    /// Whether it is sent as it is, rather than as JSON.
    pub is_raw: bool,
    /// Whether its value may be several segments of the path.
    pub is_multi_segment: bool,
    /// What it means.
    pub docs: String,
}

/// Where a parameter travels, in the order of arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
    /// As the body.
    Body,
}

/// What a success is.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A JSON body.
    Json(Box<Type>),
    /// A status alone.
    Empty,
    /// A redirect to a signed URL.
    Redirect,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Yes (204) or no (404).
    Check,
    /// What the status says: an enum of this name, and what each status stands for, with types as they are
    /// named beside it.
    ByStatus(Ident, Vec<(String, Answer)>),
}

impl Model {
    /// Joins a linted description with what progenitor made of it.
    pub fn new(document: &Value, generated: &Generated) -> Result<Self> {
        let described = document::operations(document).into_iter().enumerate();
        let operations = described
            .map(|(index, operation)| read_operation(document, generated, index, &operation))
            .collect::<Result<Vec<_>>>()?;
        let mut problems = Vec::new();
        let handles = entries(&document[HANDLES]).filter_map(|(prefix, handle)| {
            let handle = read_handle(prefix, handle, &operations);
            handle.map_err(|problem| problems.push(problem)).ok()
        });
        let mut model = Self {
            handles: handles.collect(),
            operations,
        };
        model.enter_handles();
        problems.extend(model.taken_names(document));
        Problems::check(problems)?;
        for index in 0..model.operations.len() {
            model.operations[index].explained_by = model.explanation(document, index);
        }
        Ok(model)
    }

    /// The operations of a handle, or of the client itself.
    pub fn operations_of(&self, handle: Option<usize>) -> impl Iterator<Item = &Operation> {
        let operations = self.operations.iter();
        operations.filter(move |operation| operation.handle == handle)
    }

    /// Tells of names that would be there twice.
    fn taken_names(&self, document: &Value) -> Vec<Problem> {
        let is_of_handle = |name: &str| HANDLE_METHODS.contains(&name);
        let mut of_client = BTreeSet::from(CLIENT_METHODS.map(str::to_owned));
        let mut problems = Vec::new();
        for Handle {
            name, parameters, ..
        } in &self.handles
        {
            let maker = name.to_snake_case();
            let is_new = of_client.insert(format!("parse_{maker}")) & of_client.insert(maker);
            let mut getters = parameters.iter().map(|it| it.name.to_string());
            let (taken, help) = match getters.find(|it| is_of_handle(it)) {
                _ if !is_new => (
                    format!("the methods that make a `{name}`"),
                    "another `name`",
                ),
                Some(getter) => (format!("`{name}::{getter}`"), "a shorter path"),
                None => continue,
            };
            let problem = Problem::new(format!("{taken} would be there twice")).in_spec(OVERLAY);
            let help = format!("give the handle {help} in <overlay>");
            problems.push(problem.at(format!("/{HANDLES}")).help(help));
        }
        for operation in &self.operations {
            let handle = operation.handle.map(|index| &self.handles[index]);
            let taken = match handle {
                None => of_client.contains(&operation.name),
                Some(handle) => {
                    let mut getters = handle.parameters.iter();
                    is_of_handle(&operation.name)
                        || getters.any(|parameter| parameter.name == operation.name)
                }
            };
            let name = handle.map_or("Client", |handle| &handle.name);
            let builder = operation.builder().to_string();
            let message = if taken {
                format!("`{name}` has a method `{}` already", operation.name)
            } else if is_imported(&builder) || self.handles.iter().any(|it| it.name == builder) {
                format!("its builder would be a second `{builder}`")
            } else {
                continue;
            };
            let mut at = Pointer::new("/paths");
            at.push(&operation.path);
            at.push(&operation.method.to_lowercase());
            let target = target(document, at.as_str());
            let help = format!(
                "give the operation another name in <overlay>:\n\
                 - target: {target}\n  update: {{operationId: another_name}}"
            );
            let problem = Problem::new(message).at(at.join("operationId"));
            problems.push(problem.help(help));
        }
        problems
    }

    /// The GET that this redirect's path extends, if its answer knows why content is missing.
    fn explanation(&self, document: &Value, index: usize) -> Option<usize> {
        let redirect = &self.operations[index];
        if !redirect.is_redirect() {
            return None;
        }
        let knows = |answer: &Answer| match answer {
            Answer::Json(ty) => own_name(ty).is_some_and(|name| {
                entries(&document["components"]["schemas"])
                    .any(|(schema, value)| value["x-why-missing"] == true && pascal(schema) == name)
            }),
            _ => false,
        };
        let candidates = self.operations.iter().enumerate();
        candidates
            .filter(|(_, candidate)| {
                let below = redirect.path.strip_prefix(&*candidate.path);
                candidate.method == "GET"
                    && candidate.handle == redirect.handle
                    && below.is_some_and(|rest| rest.starts_with('/'))
                    && knows(&candidate.answer)
                    && candidate.arguments().all(|it| it.place == Place::Path)
            })
            .max_by_key(|(_, candidate)| candidate.path.len())
            .map(|(index, _)| index)
    }

    /// Gives each operation the handle with the longest prefix of its path, and leaves to the handle
    /// what is its own.
    fn enter_handles(&mut self) {
        for operation in &mut self.operations {
            let fitting = self.handles.iter().enumerate().filter(|(_, handle)| {
                let below = operation.path.strip_prefix(&*handle.prefix);
                below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            operation.handle = fitting
                .max_by_key(|(_, handle)| handle.prefix.len())
                .map(|(index, _)| index);
            if let Some(index) = operation.handle {
                let shared = &self.handles[index].parameters;
                operation.parameters.retain(|parameter| {
                    parameter.place != Place::Path
                        || !shared.iter().any(|other| other.wire == parameter.wire)
                });
            }
        }
    }
}

impl Operation {
    /// The name of its builder.
    pub fn builder(&self) -> Ident {
        format_ident!("{}", self.name.to_pascal_case())
    }

    /// What must be given, in the order of arguments.
    pub fn arguments(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|it| it.is_argument())
    }

    /// What may be given.
    pub fn options(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|it| !it.is_argument())
    }

    /// Whether a redirect can lead to what is asked for.
    pub fn is_redirect(&self) -> bool {
        matches!(self.answer, Answer::Redirect) || self.content.is_some()
    }

    /// Whether it takes `page` and `per_page`, as optional integers.
    pub fn takes_pages(&self) -> bool {
        ["page", "per_page"].iter().all(|name| self.counts(name))
    }

    /// Whether it takes an optional integer of that name.
    pub fn counts(&self, name: &str) -> bool {
        let option = self.option(name);
        option.is_some_and(|it| is_foreign(&it.ty, "i64"))
    }

    /// The query parameters that lead on without numbers of pages: a cursor, or the last id before.
    pub fn cursors(&self) -> Vec<&Parameter> {
        let has = |name: &&str| self.parameters.iter().any(|it| it.wire == **name);
        let is_text = |it: &&Parameter| is_foreign(&it.ty, "String");
        let texts = ["after", "before", "cursor"].into_iter();
        let mut cursors: Vec<_> = texts.filter_map(|name| self.option(name)).collect();
        cursors.retain(is_text);
        let is_numbered = self.takes_pages();
        let since = self.option("since").filter(|_| self.counts("since"));
        cursors.extend(since.filter(|_| !is_numbered));
        let leads_on = cursors.iter().any(|it| it.wire != "before");
        if self.method != "GET" || (has(&"page") && !is_numbered) || !leads_on {
            cursors.clear();
        }
        cursors
    }

    fn option(&self, name: &str) -> Option<&Parameter> {
        let mut options = self.options();
        options.find(|it| it.place == Place::Query && it.wire == name)
    }
}

impl Parameter {
    /// Whether the caller has to give it.
    pub fn is_argument(&self) -> bool {
        self.required && self.default.is_none()
    }

    /// The method of a request that takes its value.
    pub fn request_method(&self) -> Ident {
        let is_empty = |default: &Value| default == "";
        format_ident!(
            "{}",
            match self.place {
                Place::Path if self.default.as_ref().is_some_and(is_empty) => "last_segments",
                Place::Path if self.is_multi_segment => "path_segments",
                Place::Path => "path",
                Place::Query => "query",
                Place::Header => "header",
                Place::Body => "body",
            }
        )
    }
}

fn read_operation(
    document: &Value,
    generated: &Generated,
    index: usize,
    operation: &OperationObject<'_>,
) -> Result<Operation> {
    let OperationObject { id, path, own, .. } = operation;
    let type_of = |field: String| {
        let ty = generated.signatures.get(&field);
        ty.map(in_types)
            .with_context(|| format!("progenitor's output lacks a value of `{id}`"))
    };
    let is_union =
        |ty: &Type| own_name(ty).is_some_and(|name| generated.plain.unions.contains_key(&name));
    let mut parameters = Vec::new();
    let described = operation.all_parameters(document).into_iter();
    for (number, parameter) in described.enumerate() {
        let ty = type_of(plain::parameter(index, number))?;
        let wire = parameter.text("name").unwrap_or_default();
        let place = match parameter.text("in") {
            Some("path") => Place::Path,
            Some("header") => Place::Header,
            _ => Place::Query,
        };
        let inner = argument_of(&ty, "Option");
        let default = parameter.value["schema"].get("default");
        let is_required = place == Place::Path || parameter.value["required"] == true;
        let ty = inner.unwrap_or(&ty).clone();
        let docs = parameter.text("description");
        let is_multi_segment = place == Place::Path && parameter.value[MULTI_SEGMENT] == true;
        // Without a value the path ends before it, which would be another one in its middle.
        let may_be_empty = is_multi_segment && path.ends_with(&format!("/{{{wire}}}"));
        parameters.push(Parameter {
            name: identifier(wire)?,
            place,
            required: is_required && inner.is_none(),
            default: default
                .filter(|default| place == Place::Path && fits(&ty, default))
                .filter(|default| may_be_empty || **default != "")
                .cloned(),
            is_union: is_union(&ty),
            is_multi_segment,
            is_raw: false,
            ty,
            docs: docs.map_or_else(|| format!("The parameter {}.", code(wire)), str::to_owned),
            wire: wire.to_owned(),
        });
    }
    let mut content_type = None;
    if let Some(body) = own.get("requestBody") {
        let ty = type_of(plain::body(index))?;
        let body = body.resolved(document);
        let form = sent(document, &body);
        let mut ty = argument_of(&ty, "Option").unwrap_or(&ty).clone();
        if let Some(Success::Bytes(_)) = form {
            ty = syn::parse_quote!(::gha_core::Bytes);
        }
        content_type = match form {
            Some(Success::Json(it, _) | Success::Text(it) | Success::Bytes(it)) => Some(it),
            _ => None,
        };
        parameters.push(Parameter {
            wire: "body".to_owned(),
            name: identifier("body")?,
            place: Place::Body,
            required: body.value["required"] == true,
            default: None,
            is_union: is_union(&ty),
            is_multi_segment: false,
            is_raw: !matches!(form, Some(Success::Json(..))),
            ty,
            docs: "The body of the request.".to_owned(),
        });
    }
    let position = |parameter: &Parameter| {
        let in_path = path.find(&format!("{{{}}}", parameter.wire));
        let optional = !parameter.is_argument();
        (optional, parameter.place, in_path, parameter.wire.clone())
    };
    parameters.sort_by_key(position);
    let type_of = |number| {
        let ty = generated.signatures.get(&plain::answer(index, number));
        ty.cloned().unwrap_or_else(|| syn::parse_quote!(()))
    };
    let (answer, media_type, content) = answer(document, operation, type_of);
    Ok(Operation {
        name: snake(id),
        method: operation.method.to_uppercase(),
        path: (*path).to_owned(),
        docs: ["summary", "description"]
            .into_iter()
            .filter_map(|key| own.text(key).map(str::to_owned))
            .collect(),
        docs_url: own
            .get("externalDocs")
            .and_then(|docs| docs.text("url").map(str::to_owned)),
        handle: None,
        parameters,
        content_type: content_type
            .filter(|it| *it != "application/json")
            .map(str::to_owned),
        answer,
        media_type,
        content,
        explained_by: None,
    })
}

/// What a success is, and the media types of it and of its content.
fn answer(
    document: &Value,
    operation: &OperationObject<'_>,
    type_of: impl Fn(usize) -> Type,
) -> (Answer, Option<String>, Option<String>) {
    let read = |success: &Success<'_>, ty: Type| {
        let is_usual = |it: &str| ["application/json", "application/vnd.github+json"].contains(&it);
        let named = |it: &str| Some(it.to_owned());
        match success {
            Success::Json(it, _) => (
                Answer::Json(Box::new(ty)),
                named(it).filter(|it| !is_usual(it)),
            ),
            Success::Text(it) => (Answer::Text, named(it)),
            Success::Bytes(it) => (Answer::Bytes, named(it)),
            Success::Redirect => (Answer::Redirect, None),
            Success::Nothing | Success::SeeOther | Success::Other(_) => (Answer::Empty, None),
        }
    };
    let one = |success: &Success<'_>| read(success, in_types(&type_of(0)));
    let (answer, media_type, content) = match answers(document, operation) {
        Some(Answers::One(success)) => {
            let (answer, media_type) = one(&success);
            (answer, media_type, None)
        }
        Some(Answers::Content(success, content)) => {
            let (answer, media_type) = one(&success);
            (answer, media_type, Some(content.to_owned()))
        }
        Some(Answers::ByStatus(all)) => {
            let name = format_ident!("{}", pascal(&answer::name(operation)));
            let all = all.iter().enumerate();
            let read: Vec<_> = all
                .map(|(number, (status, success))| {
                    let (answer, media_type) = read(success, type_of(number));
                    (((*status).to_owned(), answer), media_type)
                })
                .collect();
            // JSON is what clients ask for.
            let json = read.iter().find(|(it, _)| matches!(it.1, Answer::Json(_)));
            let mut others = read.iter().filter_map(|(_, media_type)| media_type.clone());
            let media_type = json.map_or_else(|| others.next(), |(_, it)| it.clone());
            let answers = read.into_iter().map(|(answer, _)| answer).collect();
            (Answer::ByStatus(name, answers), media_type, None)
        }
        Some(Answers::Check) => (Answer::Check, None, None),
        None => (Answer::Empty, None, None),
    };
    (answer, media_type, content)
}

/// Whether the type of a parameter can hold its default.
fn fits(ty: &Type, default: &Value) -> bool {
    match default {
        Value::String(_) => is_foreign(ty, "String"),
        Value::Bool(_) => is_foreign(ty, "bool"),
        Value::Number(number) => number.is_i64() && is_foreign(ty, "i64"),
        _ => false,
    }
}

/// The name of an argument.
fn identifier(wire: &str) -> Result<Ident> {
    let name = snake(wire);
    syn::parse_str(&name).with_context(|| format!("`{wire}` makes no name in Rust"))
}

fn read_handle(prefix: &str, handle: &Value, operations: &[Operation]) -> Result<Handle, Problem> {
    let problem = |message: String, help: &str| {
        let problem = Problem::new(message).in_spec(OVERLAY);
        Err(problem.at(format!("/{HANDLES}")).help(help))
    };
    let form = "a handle has a `name` in pascal case and a `description`";
    let text = |key: &str| handle[key].as_str().unwrap_or_default().to_owned();
    let (name, docs) = (text("name"), text("description"));
    if name.is_empty() || docs.is_empty() {
        return problem(format!("the handle of `{prefix}` is incomplete"), form);
    }
    let is_name = syn::parse_str::<Ident>(&name).is_ok() && pascal(&name) == name;
    if !is_name || is_imported(&name) {
        return problem(format!("`{name}` cannot be the name of a handle"), form);
    }
    let mut below = operations.iter().filter(|operation| {
        let below = operation.path.strip_prefix(prefix);
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let Some(below) = below.next() else {
        let help = "correct the path in <overlay>, or drop the handle";
        return problem(format!("no operation is below `{prefix}`"), help);
    };
    let parameters = below.parameters.iter().filter(|parameter| {
        parameter.place == Place::Path && prefix.contains(&format!("{{{}}}", parameter.wire))
    });
    // Whoever makes a handle gives all of them.
    let parameters = parameters.cloned().map(|parameter| Parameter {
        default: None,
        ..parameter
    });
    Ok(Handle {
        name,
        docs,
        prefix: prefix.to_owned(),
        parameters: parameters.collect(),
    })
}
