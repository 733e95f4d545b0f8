//! Makes a component of each inline schema that is a type, so that each public type has a name and
//! one definition.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::names::{Named, component_of};
use super::{ORIGIN, inline, nullable};
use crate::spec::document::short;
use crate::spec::openapi::{Holds, each_schema_mut, reference};
use crate::spec::pointer::Pointer;
use crate::spec::problem::{Problem, Problems};

/// Hoists in place what has a name, and gives components their titles as names.
pub(super) fn hoist(document: &mut Value, names: &BTreeMap<String, Named>) -> Result<(), Problems> {
    let mut hoist = Hoist::default();
    each_schema_mut(Holds::DOCUMENT, document, |value, at| {
        if let Some(named) = names.get(at.as_str()).filter(|it| it.kind.is_some()) {
            hoist.schema(value, at.as_str(), named);
        }
    });
    hoist.compare(document);
    hoist.insert(document);
    Problems::check(hoist.problems)
}

#[derive(Default)]
struct Hoist {
    found: BTreeMap<String, Titled>,
    /// What has the name of something that was found before.
    twins: Vec<(String, Titled)>,
    /// The names that titles take the place of.
    renamed: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

struct Titled {
    schema: Value,
    origin: String,
}

impl Hoist {
    /// What is inside of a hoisted schema is hoisted before it.
    fn schema(&mut self, value: &mut Value, at: &str, named: &Named) {
        let Named { name, .. } = named;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if name.is_empty() || !name.chars().all(plain) {
            let message = format!("the title `{name}` cannot be the name of a component");
            let help = "use letters, digits, `.`, `-` and `_`, as in `ArtifactPage`";
            return self.problems.push(Problem::new(message).at(at).help(help));
        }
        let mut schema = value.take();
        if let Value::Object(schema) = &mut schema {
            schema.shift_remove("title");
        }
        match component_of(at) {
            Some((component, "")) => drop(self.renamed.insert(component.to_owned(), name.clone())),
            _ => {
                *value = json!({"$ref": format!("#/components/schemas/{name}")});
                if schema.as_object_mut().is_some_and(nullable::take) {
                    *value = nullable::at_use(value.take());
                }
            }
        }
        let titled = Titled {
            schema,
            origin: at.to_owned(),
        };
        match self.found.contains_key(name) {
            true => self.twins.push((name.clone(), titled)),
            false => drop(self.found.insert(name.clone(), titled)),
        }
    }

    /// Schemas of one title are one type: lists and maps that are components may stand in one of them.
    fn compare(&mut self, document: &Value) {
        // What is wrong with them is told of later.
        let plain = inline::plain(&document["components"]["schemas"]).unwrap_or_default();
        let whole = |schema: &Value| {
            let mut schema = schema.clone();
            inline::expand(Holds::SCHEMA, &mut schema, &plain);
            schema
        };
        for (name, twin) in &self.twins {
            let Some(found) = self.found.get(name).filter(|it| it.schema != twin.schema) else {
                continue;
            };
            let (ours, theirs) = (whole(&found.schema), whole(&twin.schema));
            if let Some(difference) =
                difference(Some(&ours), Some(&theirs), &mut Pointer::default())
            {
                let message = format!("two schemas have the title `{name}` but differ");
                let help = format!(
                    "the other one: #{}\n{difference}\nmake them equal, or give one of them another name in \
                     <overlay>:\n- target: <target>\n  update: {{title: AnotherName}}",
                    found.origin
                );
                let problem = Problem::new(message).at(&twin.origin);
                self.problems.push(problem.help(help));
            }
        }
    }

    /// Adds what was found to `components.schemas`, in the order of names.
    fn insert(&mut self, document: &mut Value) {
        if self.found.is_empty() {
            return;
        }
        let schemas = &mut document["components"]["schemas"];
        if schemas.is_null() {
            *schemas = json!({});
        }
        let Value::Object(schemas) = schemas else {
            return;
        };
        schemas.retain(|name, _| !self.renamed.contains_key(name));
        for (name, found) in &self.found {
            if schemas.contains_key(name) {
                let message = format!("the title `{name}` is the name of a component already");
                let help = "choose another one in <overlay>:\n\
                            - target: <target>\n  update: {title: AnotherName}";
                self.problems
                    .push(Problem::new(message).at(&found.origin).help(help));
            } else {
                let mut schema = found.schema.clone();
                schema[ORIGIN] = found.origin.as_str().into();
                schemas.insert(name.clone(), schema);
            }
        }
        schemas.sort_keys();
        if !self.renamed.is_empty() {
            self.rename(document);
        }
    }

    /// Lets `$ref`s follow the components that have another name now.
    fn rename(&self, document: &mut Value) {
        each_schema_mut(Holds::DOCUMENT, document, |value, _| {
            let old = reference(value).and_then(|it| it.strip_prefix("#/components/schemas/"));
            if let Some(new) = old.and_then(|old| self.renamed.get(old)) {
                value["$ref"] = format!("#/components/schemas/{new}").into();
            }
        });
    }
}

/// The first place where two schemas differ, for a reader.
fn difference(a: Option<&Value>, b: Option<&Value>, at: &mut Pointer) -> Option<String> {
    if a == b {
        return None;
    }
    if let (Some(Value::Object(a)), Some(Value::Object(b))) = (a, b) {
        let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
        let mut keys = keys.into_iter();
        return keys.find_map(|key| at.within(key, |at| difference(a.get(key), b.get(key), at)));
    }
    let show = |value: Option<&Value>| value.map_or("nothing".to_owned(), |it| short(it, 100));
    let place = match at.as_str() {
        "" => "/",
        at => at,
    };
    Some(format!("at {place}: {} there, {} here", show(a), show(b)))
}
