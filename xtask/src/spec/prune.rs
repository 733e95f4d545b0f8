//! Drops components that nothing refers to any more once the overlay is applied.

use std::collections::BTreeSet;

use serde_json::Value;

use super::openapi::parse_reference;

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
