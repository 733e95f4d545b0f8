//! Alternatives stand in the order in which an answer is tried on them, and can be told apart.
//!
//! An answer is decoded as the first alternative that it fits. Fields that an object does not know
//! are passed over, so one object must not be taken for another.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::Value;

use super::direction::received;
use super::{ORIGIN, before};
use crate::spec::document::entries;
use crate::spec::openapi::{reference, used};
use crate::spec::pointer::{Pointer, quoted};
use crate::spec::problem::{Problem, Problems};

/// Marks an enum that refuses values that it does not know: they tell alternatives apart.
pub(crate) const CLOSED: &str = "x-closed";

/// Orders the alternatives of each component. Those that only clients send need not be told apart.
pub(super) fn order(document: &mut Value) -> Result<(), Problems> {
    let received = received(document);
    let unions = entries(&document["components"]["schemas"]);
    let unions = unions.filter(|(_, schema)| schema.get("oneOf").is_some());
    let names: Vec<_> = unions.map(|(name, _)| name.to_owned()).collect();
    let mut problems = Vec::new();
    for name in names {
        let schemas = &document["components"]["schemas"];
        let members = schemas[&name]["oneOf"].as_array();
        let mut union = Union {
            schemas,
            closed: BTreeSet::new(),
            compared: BTreeSet::new(),
        };
        match union.ordered(members.into_iter().flatten().collect()) {
            Ok(members) => {
                let members: Vec<Value> = members.into_iter().cloned().collect();
                let closed = union.closed;
                document["components"]["schemas"][&name]["oneOf"] = members.into();
                for closed in closed {
                    document["components"]["schemas"][&closed][CLOSED] = true.into();
                }
            }
            Err(pairs) if received.contains(&name) => {
                let pairs = pairs.into_iter();
                let mut found: Vec<_> = pairs.map(|pair| unlike(document, &name, pair)).collect();
                // Last first: what is removed moves nothing that is still to be removed.
                found.sort_by_key(|it| Reverse(it.pointer().map(|at| (at.len(), at.to_owned()))));
                problems.extend(found);
            }
            Err(_) => {}
        }
    }
    Problems::check(problems)
}

/// What to do about two alternatives that cannot be told apart.
fn unlike(document: &Value, union: &str, (a, b): (&Value, &Value)) -> Problem {
    let shown = |member: &Value| match used(member) {
        Some(name) => format!("`{name}`"),
        None => format!("`{member}`"),
    };
    let mut at = Pointer::new("/components/schemas").join(union) + "/oneOf";
    let mut which = String::new();
    // An alternative that was inline stands elsewhere by now.
    let written = used(b).and_then(|it| document["components"]["schemas"][it][ORIGIN].as_str());
    match (written, reference(b)) {
        (Some(origin), _) if origin.starts_with(&before(document, &at)) => at = origin.to_owned(),
        (_, Some(target)) => which = format!("[?@['$ref']=={}]", quoted(target)),
        _ => {}
    }
    let message = format!("an answer does not tell {} from {}", shown(a), shown(b));
    Problem::new(message).at(at).help(format!(
        "say in <overlay> what one of them requires that the other one lacks, or remove one, whose \
         answers are read as the other then:\n- target: <target>{which}\n  remove: true"
    ))
}

struct Union<'a> {
    schemas: &'a Value,
    /// Enums that tell alternatives apart.
    closed: BTreeSet<String>,
    /// What was compared, by where it stands in memory: alternatives may hold themselves.
    compared: BTreeSet<(*const Value, *const Value)>,
}

impl<'a> Union<'a> {
    /// The members in an order in which none is taken for an earlier one; else pairs that cannot be
    /// told apart.
    fn ordered(
        &mut self,
        mut members: Vec<&'a Value>,
    ) -> Result<Vec<&'a Value>, Vec<(&'a Value, &'a Value)>> {
        members.sort_by_key(|member| rank(self.resolved(member)));
        let mut ordered = Vec::new();
        let mut pairs = Vec::new();
        while !members.is_empty() {
            let first = (0..members.len()).find(|first| {
                let mut others = members.iter().enumerate();
                others.all(|(other, member)| {
                    self.compared.clear();
                    other == *first || !self.takes(members[*first], member)
                })
            });
            let Some(first) = first else {
                // Without the one, the others may be told apart.
                pairs.push((members[0], members.remove(1)));
                continue;
            };
            ordered.push(members.remove(first));
        }
        match pairs.is_empty() {
            true => Ok(ordered),
            false => Err(pairs),
        }
    }

    fn resolved(&self, mut schema: &'a Value) -> &'a Value {
        while let Some(name) = used(schema) {
            schema = &self.schemas[name];
        }
        schema
    }

    /// Whether a value that is meant as `other` may be decoded as `member`.
    fn takes(&mut self, member: &'a Value, other: &'a Value) -> bool {
        let (a, b) = (self.resolved(member), self.resolved(other));
        if !self.compared.insert((a, b)) {
            return false;
        }
        if let Some(parts) = a["oneOf"].as_array() {
            return parts.iter().any(|part| self.takes(part, b));
        }
        if let Some(parts) = b["oneOf"].as_array() {
            return parts.iter().any(|part| self.takes(a, part));
        }
        match (kind(a), kind(b)) {
            ("array", "array") => self.takes(&a["items"], &b["items"]),
            ("object", "object") => self.takes_object(a, b),
            ("any", _) => true,
            ("number", "integer") => true,
            (a, b) => a == b,
        }
    }

    fn takes_object(&mut self, a: &'a Value, b: &'a Value) -> bool {
        let required = a["required"].as_array().into_iter().flatten();
        for name in required.filter_map(Value::as_str) {
            let ours = &a["properties"][name];
            // What may be null may be absent as well, where it is decoded.
            if ours["nullable"] == true {
                continue;
            }
            let Some(theirs) = b["properties"].get(name) else {
                return false;
            };
            let (x, y) = (self.resolved(ours), self.resolved(theirs));
            if kind(x) != kind(y) && ![x, y].iter().any(|it| kind(it) == "any") {
                return false;
            }
            let values = |schema: &Value| -> BTreeSet<String> {
                let values = schema["enum"].as_array().into_iter().flatten();
                values.map(ToString::to_string).collect()
            };
            let (x, y) = (values(x), values(y));
            if !x.is_empty() && !y.is_empty() && x.is_disjoint(&y) {
                self.closed.extend(used(ours).map(str::to_owned));
                return false;
            }
        }
        true
    }
}

/// The kind of JSON value.
fn kind(schema: &Value) -> &str {
    schema["type"].as_str().unwrap_or("any")
}

/// Which alternatives are tried first, whatever else tells them apart.
fn rank(schema: &Value) -> usize {
    let fields = schema["required"].as_array().map_or(0, Vec::len);
    let order = ["boolean", "integer", "number", "string", "array", "object"];
    match order.iter().position(|it| *it == kind(schema)) {
        // The one that asks for more.
        Some(5) => 1000 - fields.min(900),
        Some(rank) => rank,
        None => 2000,
    }
}
