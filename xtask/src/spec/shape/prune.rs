//! Drops components that nothing refers to any more once the overlay is applied.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::spec::answer::is_check;
use crate::spec::openapi::parse_reference;

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
    let mut kept = BTreeSet::new();
    let mut queue = Vec::new();
    references(&document["paths"], &mut queue);
    while let Some(target) = queue.pop() {
        let Ok((section, name)) = parse_reference(&target) else {
            continue;
        };
        let component = document["components"][&section].get(&name);
        if let Some(component) = component
            && kept.insert((section, name))
        {
            references(component, &mut queue);
        }
    }
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

/// Every text that may be a reference, in whatever position: to keep too much is harmless.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("#/") => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(object) => {
            // A discriminator may map to the bare name of a schema.
            let mapping = object.get("mapping").and_then(Value::as_object);
            let names = mapping
                .into_iter()
                .flatten()
                .filter_map(|(_, target)| target.as_str());
            found.extend(names.map(|name| format!("#/components/schemas/{name}")));
            object.values().for_each(|value| references(value, found));
        }
        _ => {}
    }
}
