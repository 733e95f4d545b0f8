//! Compares one operation with what became of it.

use serde_json::Value;

use super::changes::{Changes, OperationChanges};
use super::document::{Operation, Placed};
use super::schema::{Direction, Schemas};
use super::view::is_page;
use super::{body, parameters};
use crate::diff::rule::Rule;

/// Both ends of an operation.
pub(super) struct Comparison<'a> {
    pub(super) old_document: &'a Value,
    pub(super) new_document: &'a Value,
    pub(super) old: &'a Operation<'a>,
    pub(super) new: &'a Operation<'a>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(
        old_document: &'a Value,
        new_document: &'a Value,
        old: &'a Operation<'a>,
        new: &'a Operation<'a>,
    ) -> Self {
        Self {
            old_document,
            new_document,
            old,
            new,
        }
    }

    pub(super) fn run(&self, changes: &mut Changes) {
        self.identity(&mut changes.on(self.new.id));
        parameters::compare(self, changes);
        body::request(self, changes);
        body::responses(self, changes);
        self.behaviour(&mut changes.on(self.new.id));
    }

    pub(super) fn schemas<'c>(
        &self,
        direction: Direction,
        changes: &'c mut Changes,
    ) -> Schemas<'a, 'c>
    where
        'a: 'c,
    {
        let changes = changes.on(self.new.id);
        Schemas::new(self.old_document, self.new_document, direction, changes)
    }

    pub(super) fn value(&self) -> (Placed<'a>, Placed<'a>) {
        let place =
            |operation: &Operation<'a>| Placed::new(operation.value, operation.pointer.clone());
        (place(self.old), place(self.new))
    }

    fn identity(&self, changes: &mut OperationChanges<'_>) {
        let (old, new) = (self.old, self.new);
        let mut add = |rule, a: String, b: String| changes.add(rule, "", &new.pointer, a, b);
        if old.id != new.id {
            add(Rule::OperationRenamed, old.id.to_owned(), new.id.to_owned());
        }
        if old.shape() != new.shape() {
            let (a, b) = (old.path.to_owned(), new.path.to_owned());
            add(Rule::OperationPathChanged, a, b);
        }
        if old.method != new.method {
            let (a, b) = (old.method, new.method);
            let upper = str::to_ascii_uppercase;
            add(Rule::OperationMethodChanged, upper(a), upper(b));
        }
        let link = |operation: &Operation<'_>| {
            let url = operation.value["externalDocs"]["url"].as_str();
            url.map(str::to_owned)
        };
        if link(old) != link(new) {
            changes.add(
                Rule::DocumentationMoved,
                "",
                &new.pointer,
                link(old),
                link(new),
            );
        }
        match (is_deprecated(old.value), is_deprecated(new.value)) {
            (false, true) => changes.add(Rule::OperationDeprecated, "", &new.pointer, None, None),
            (true, false) => changes.add(Rule::OperationUndeprecated, "", &new.pointer, None, None),
            _ => {}
        }
    }

    /// What the passes make of an operation: redirects and pages.
    fn behaviour(&self, changes: &mut OperationChanges<'_>) {
        let (old, new) = self.value();
        let redirects = |document, operation: &Placed<'a>| {
            let response = operation.get("responses").and_then(|all| all.get("302"));
            response.is_some_and(|response| body::is_redirect("302", &response.resolved(document)))
        };
        let pages = |document: &'a Value, operation: &Operation<'a>, placed: &Placed<'a>| {
            let takes = parameters::of(document, operation);
            let query = |name: &str| takes.contains_key(&("query", name));
            let body = placed
                .get("responses")
                .and_then(|all| all.get("200"))
                .and_then(|ok| ok.resolved(document).get("content"))
                .and_then(|content| body::json(&content)?.get("schema"));
            query("page") && query("per_page") && body.is_some_and(|body| is_page(document, &body))
        };
        let mut add = |was: bool, is: bool, lost, gained| match (was, is) {
            (true, false) => changes.add(lost, "", &self.new.pointer, None, None),
            (false, true) => changes.add(gained, "", &self.new.pointer, None, None),
            _ => {}
        };
        add(
            redirects(self.old_document, &old),
            redirects(self.new_document, &new),
            Rule::RedirectLost,
            Rule::RedirectGained,
        );
        add(
            pages(self.old_document, self.old, &old),
            pages(self.new_document, self.new, &new),
            Rule::PaginationLost,
            Rule::PaginationGained,
        );
    }
}

pub(super) fn is_deprecated(value: &Value) -> bool {
    value["deprecated"] == true
}
