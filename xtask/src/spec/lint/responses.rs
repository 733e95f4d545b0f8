//! An operation succeeds in one way that a client can read.

use super::Lint;
use crate::spec::answer::{Success, is_status, successes};
use crate::spec::document::{OperationObject, operations};

pub(super) fn check(lint: &mut Lint<'_>) {
    for operation in operations(lint.document) {
        for (status, response) in operation.responses() {
            match status {
                "default" => lint.report(
                    &response.pointer,
                    "a `default` response shadows all others",
                    "remove it in spec/overlay.yaml:\n- target: {target}\n  remove: true",
                ),
                status if is_status(status) => {}
                _ => lint.report(
                    &response.pointer,
                    format!("`{status}` is no status: write `200`, `4XX`"),
                    "",
                ),
            }
        }
        success(lint, &operation);
    }
}

fn success(lint: &mut Lint<'_>, operation: &OperationObject<'_>) {
    let at = operation.own.at("responses");
    let mut kinds: Vec<(String, Vec<&str>)> = Vec::new();
    let mut first: Option<Success<'_>> = None;
    for (status, success) in successes(lint.document, operation) {
        let mut kind = success.kind();
        match &first {
            // Of one kind, but not the same.
            Some(other) if other.kind() == kind && !other.is_like(&success) => {
                kind = format!("another {kind}");
            }
            Some(_) => {}
            None => first = Some(success.clone()),
        }
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, statuses)) => statuses.push(status),
            None => kinds.push((kind, vec![status])),
        }
        let place = format!("{at}/{status}");
        match success {
            Success::Json(None) => lint.report(&place, "the JSON body has no schema", ""),
            Success::Other(what) => lint.report(
                &place,
                format!("succeeds with {what}, which the client cannot read"),
                "drop the operation from spec/selection.yaml, or remove this answer in \
                 spec/overlay.yaml if the others are all that matters:\n- target: {target}\n  remove: true",
            ),
            _ => {}
        }
    }
    if kinds.len() > 1 {
        let list = kinds.iter();
        let list = list.map(|(kind, statuses)| format!("{}: {kind}", statuses.join(", ")));
        let list = list.collect::<Vec<_>>().join("\n");
        lint.report(
            &at,
            "more than one kind of success",
            &format!(
                "{list}\nmake them alike or remove some in spec/overlay.yaml:\n- target: {{target}}['STATUS']\n  remove: true"
            ),
        );
    }
}
