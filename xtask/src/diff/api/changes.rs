//! What was found, each thing once however many operations it touches.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::rule::{Rule, Severity};
use crate::spec::pointer::{target, unescape};
use crate::spec::shape::before;

/// One change of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of change.
    pub rule: Rule,
    /// What changed, for a reader: `artifact.digest`, ``query `name` ``; empty for an operation as a whole.
    pub at: String,
    /// The JSON pointer into the new effective description, or the old one for what was removed.
    pub pointer: String,
    /// What stood there before, in words; `None` for what is new.
    pub old: Option<String>,
    /// What stands there now, in words; `None` for what is gone.
    pub new: Option<String>,
    /// The `operationId`s of all operations that it touches; none for the description as a whole.
    pub operations: BTreeSet<String>,
    /// The overlay action that spares programs the change, where there is one.
    pub action: Option<String>,
}

impl Change {
    /// Whom it breaks.
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

/// The overlay action that spares programs a change, where there is one.
fn action(rule: Rule, pointer: &str, new: Option<&str>, document: &Value) -> Option<String> {
    let (place, update) = match (rule, new) {
        (Rule::ParameterBecameOptional | Rule::RequestBodyBecameOptional, _) => {
            (pointer, "{required: true}".to_owned())
        }
        (Rule::RequestFieldBecameOption, Some("optional")) => {
            let (schema, name) = pointer.rsplit_once("/properties/")?;
            let name = Value::from(unescape(name));
            (schema, format!("{{required: [{name}]}}"))
        }
        _ => return None,
    };
    let target = target(document, &before(document, place));
    Some(format!(
        "- target: {target}\n  description: Keeps the argument of our methods.\n  update: {update}"
    ))
}

/// What makes two changes one: but for their operations they are the same.
type ChangeKey = (Rule, String, [Option<String>; 3]);

/// Changes as they are found; whoever compares only adds.
#[derive(Debug, Default)]
pub(super) struct Changes(RefCell<BTreeMap<ChangeKey, Change>>);

impl Changes {
    /// Adds what became of an operation in the new `document`; of the description as a whole, if it has no
    /// name.
    pub(super) fn add(
        &self,
        operation: &str,
        rule: Rule,
        [at, pointer]: [&str; 2],
        [old, new]: [Option<String>; 2],
        document: &Value,
    ) {
        let action = action(rule, pointer, new.as_deref(), document);
        let key = (
            rule,
            at.to_owned(),
            [old.clone(), new.clone(), action.clone()],
        );
        let mut changes = self.0.borrow_mut();
        let change = changes.entry(key).or_insert_with(|| Change {
            rule,
            at: at.to_owned(),
            pointer: pointer.to_owned(),
            old,
            new,
            operations: BTreeSet::new(),
            action,
        });
        if !operation.is_empty() {
            change.operations.insert(operation.to_owned());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// All changes, the worst first.
    pub(super) fn sorted(self) -> Vec<Change> {
        let mut changes: Vec<_> = self.0.into_inner().into_values().collect();
        changes.sort_by_key(Change::severity);
        changes
    }
}
