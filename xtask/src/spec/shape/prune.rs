//! Drops components that nothing refers to any more once the overlay is applied.

use serde_json::{Value, json};

use crate::spec::answer::is_check;
use crate::spec::openapi::{Holds, Position, reached};

/// Drops failures, which are the same for every operation, but for a 404 that means no. `gha-core` reads
/// them all; it follows moves; and who does not ask on a condition never hears that nothing was modified.
pub(super) fn drop_failures(document: &mut Value) {
    let may_succeed = |status: &str| {
        !status.starts_with(['1', '4', '5']) && !["301", "304", "307", "308"].contains(&status)
    };
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(|paths| paths.values_mut()) {
        let operations = item.as_object_mut().into_iter().flatten();
        for (method, operation) in operations {
            if let Some(Value::Object(responses)) = operation.get_mut("responses") {
                let statuses = responses.keys().map(String::as_str);
                let statuses: Vec<_> = statuses
                    .filter(|it| may_succeed(it) || *it == "404")
                    .collect();
                let no = is_check(method, &statuses).then_some("404");
                responses.retain(|status, _| may_succeed(status) || Some(&**status) == no);
                if let Some(no) = no {
                    responses[no] = json!({"description": ""});
                }
            }
        }
    }
}

/// Keeps what the paths need, and what that needs in its turn.
pub(super) fn prune(document: &mut Value) {
    let kept = reached(
        document,
        vec![(Holds::Map(Position::PathItem), &document["paths"])],
    );
    let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for (section, entries) in components.iter_mut() {
        if let Value::Object(entries) = entries {
            entries.retain(|name, _| kept.contains(&(section.clone(), name.clone())));
        }
    }
    components.retain(|_, entries| {
        entries
            .as_object()
            .is_none_or(|entries| !entries.is_empty())
    });
}
