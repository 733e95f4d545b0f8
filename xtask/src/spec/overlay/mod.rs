//! `spec/overlay.yaml`: an OpenAPI Overlay, our corrections as data.
//!
//! The rule: <https://spec.openapis.org/overlay/v1.0.0.html>. Where 1.0 is vague, 1.1 decides:
//! objects merge, arrays concatenate, primitives replace. Stricter than the rule on purpose: an
//! action that matches nothing, or that changes nothing, is reported, for it means that upstream
//! changed.

mod apply;

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::problem::{Problem, Problems};
use super::{suggest, yaml};

/// What stands in a place whose words nobody has written yet.
pub(super) const STUB: &str = "…";

/// What to write.
const FORM: &str = "an overlay has this form:\n\
                    overlay: 1.0.0\n\
                    info: {title: Our corrections, version: 1.0.0}\n\
                    extends: actions.yaml\n\
                    actions:\n- target: $.paths['/a'].get\n  update: {summary: Gets it}";
const ACTION: &str = "an action has a `target`, and `update: …` or `remove: true`";

/// A parsed overlay.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    extends: String,
    actions: Vec<Action>,
}

#[derive(Clone, Debug)]
struct Action {
    target: JsonPath,
    /// The target as it is written.
    written: String,
    description: Option<String>,
    edit: Edit,
}

#[derive(Clone, Debug)]
enum Edit {
    Update(Value),
    Remove,
}

impl Overlay {
    /// Parses the text of an overlay.
    pub fn parse(text: &str) -> Result<Self, Problems> {
        let Value::Object(root) = yaml::parse(text)? else {
            return Err(Problem::new("an overlay is a mapping")
                .at("")
                .help(FORM)
                .into());
        };
        let mut problems = Vec::new();
        check_keys(
            &root,
            &["overlay", "info", "extends", "actions"],
            "",
            &mut problems,
        );
        match root.get("overlay").and_then(Value::as_str) {
            Some(version) if version.starts_with("1.0.") => {}
            _ => problems.push(
                Problem::new("not an overlay that we can read")
                    .at("/overlay")
                    .help("write `overlay: 1.0.0`, in quotes if need be"),
            ),
        }
        match root.get("info") {
            Some(Value::Object(info)) => {
                check_keys(info, &["title", "version"], "/info", &mut problems);
                for key in ["title", "version"] {
                    text_of(info, key, "/info", &mut problems);
                }
            }
            _ => problems.push(
                Problem::new("`info` with `title` and `version` is missing")
                    .at("")
                    .help("add `info: {title: …, version: …}`"),
            ),
        }
        let extends = text_of(&root, "extends", "", &mut problems).unwrap_or_default();
        let actions = match root.get("actions") {
            Some(Value::Array(actions)) => actions.as_slice(),
            _ => {
                problems.push(
                    Problem::new("`actions` is not a list")
                        .at("")
                        .help("without any, write `actions: []`"),
                );
                &[]
            }
        };
        let actions = actions
            .iter()
            .enumerate()
            .filter_map(|(index, action)| Action::parse(index, action, &mut problems))
            .collect();
        Problems::check(problems)?;
        Ok(Self { extends, actions })
    }

    /// How many actions it has.
    pub(super) fn len(&self) -> usize {
        self.actions.len()
    }

    /// Refuses stubs where words are derived: nothing else would tell them from words.
    pub(super) fn check_filled(&self) -> Result<(), Problems> {
        let is_stub = |edit: &Edit| match edit {
            Edit::Update(update) => ["summary", "description"]
                .iter()
                .any(|key| update[key] == STUB),
            Edit::Remove => false,
        };
        let stubs = self.actions.iter().enumerate();
        let stubs = stubs.filter(|(_, action)| is_stub(&action.edit));
        let problems = stubs.map(|(index, action)| {
            let problem = Problem::new("is a stub").at(format!("/actions/{index}"));
            problem.help(format!(
                "target: {}\nwrite words for each `{STUB}`, or drop the action: words are derived here",
                action.written
            ))
        });
        Problems::check(problems.collect())
    }

    /// Whether the overlay is written for `file`. Both stand in one folder, so that the overlay names
    /// its document by file name; without actions it is written for none.
    pub(super) fn check_extends(&self, file: &str) -> Result<(), Problem> {
        let name = file.rsplit('/').next().unwrap_or(file);
        if self.actions.is_empty() || self.extends.trim_start_matches("./") == name {
            return Ok(());
        }
        let message = format!(
            "extends `{}`, but `{name}` is what it is applied to",
            self.extends
        );
        let problem = Problem::new(message).at("/extends");
        Err(problem.help(format!("write `extends: {name}`")))
    }
}

impl Action {
    fn parse(index: usize, action: &Value, problems: &mut Vec<Problem>) -> Option<Self> {
        let at = format!("/actions/{index}");
        let Value::Object(action) = action else {
            problems.push(Problem::new("an action is a mapping").at(at).help(ACTION));
            return None;
        };
        check_keys(
            action,
            &["target", "description", "update", "remove"],
            &at,
            problems,
        );
        let description = match action.get("description") {
            None => None,
            Some(_) => text_of(action, "description", &at, problems),
        };
        let written = text_of(action, "target", &at, problems)?;
        let target = JsonPath::parse(&written)
            .map_err(|error| {
                let problem = Problem::new(format!(
                    "the target `{written}` is no JSONPath: {} (column {})",
                    error.message(),
                    error.position() + 1,
                ));
                problems.push(
                    problem
                        .at(format!("{at}/target"))
                        .help("the rules: https://www.rfc-editor.org/rfc/rfc9535"),
                );
            })
            .ok()?;
        let edit = match (action.get("update"), action.get("remove")) {
            (Some(update), None | Some(Value::Bool(false))) => Ok(Edit::Update(update.clone())),
            (None, Some(Value::Bool(true))) => Ok(Edit::Remove),
            (Some(_), Some(Value::Bool(true))) => Err((
                "`remove: true` would silently overrule `update`",
                "keep one of them, or write two actions",
            )),
            (_, Some(remove)) if !remove.is_boolean() => Err(("`remove` is true or false", ACTION)),
            _ => Err(("has neither `update` nor `remove: true`", ACTION)),
        };
        let edit = edit.map_err(|(message, help)| {
            problems.push(Problem::new(message).at(at).help(help));
        });
        Some(Self {
            target,
            written,
            description,
            edit: edit.ok()?,
        })
    }
}

fn check_keys(object: &Map<String, Value>, known: &[&str], at: &str, problems: &mut Vec<Problem>) {
    for key in object.keys().filter(|key| !key.starts_with("x-")) {
        if !known.contains(&key.as_str()) {
            problems.push(
                Problem::new(format!("unknown key `{key}`"))
                    .at(at)
                    .help(suggest::did_you_mean(key, known.iter().copied())),
            );
        }
    }
}

fn text_of(
    object: &Map<String, Value>,
    key: &str,
    at: &str,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let (message, help) = match object.get(key) {
        Some(Value::String(text)) => return Some(text.clone()),
        Some(_) => ("is not text", "put it in quotes".to_owned()),
        None => ("is missing", format!("add `{key}: …`")),
    };
    let problem = Problem::new(format!("`{key}` {message}"));
    problems.push(problem.at(at).help(help));
    None
}
