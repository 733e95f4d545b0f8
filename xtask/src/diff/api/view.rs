//! A schema, and what its use says of it.
//!
//! In an effective description that is a schema itself, a `$ref`, or an `allOf` of one `$ref`, beside which
//! stands what holds of the use: whether it may be null, say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::spec::document::Placed;
use crate::spec::openapi::{declares, referred};

#[derive(Debug)]
pub(super) struct View<'a> {
    /// The component, if the schema is one.
    pub(super) name: Option<&'a str>,
    /// What says of what kind the values are, and where that stands.
    pub(super) own: Placed<'a>,
    pub(super) nullable: bool,
    pub(super) deprecated: bool,
    pub(super) default: Option<&'a Value>,
    pub(super) required: BTreeSet<&'a str>,
    /// The fields by name. One that is required without being declared holds any value.
    pub(super) properties: BTreeMap<&'a str, Placed<'a>>,
}

impl<'a> View<'a> {
    pub(super) fn of(document: &'a Value, schema: &Placed<'a>) -> Self {
        let sole = schema.get("allOf").and_then(|all| all.items().next());
        let link = sole.unwrap_or_else(|| schema.clone());
        let own = link.clone().resolved(document);
        let said = |key| {
            [schema.value, own.value]
                .into_iter()
                .filter_map(move |it| it.get(key))
        };
        let is = |key| said(key).any(|value| value == true);
        let required = own.value["required"].as_array().into_iter().flatten();
        let required: BTreeSet<_> = required.filter_map(Value::as_str).collect();
        let any = |name: &&'a str| (*name, Placed::new(&Value::Null, own.at("required")));
        let declared = own.get("properties");
        let declared = declared.iter().flat_map(Placed::entries);
        Self {
            name: referred(link.value),
            nullable: is("nullable"),
            deprecated: is("deprecated"),
            default: said("default").next(),
            properties: required.iter().map(any).chain(declared).collect(),
            required,
            own,
        }
    }

    pub(super) fn keyword(&self, key: &str) -> Option<&'a Value> {
        self.own.value.get(key)
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.own.text(key)
    }

    /// The values of an enum.
    pub(super) fn values(&self) -> Option<BTreeSet<String>> {
        let values = self.keyword("enum")?.as_array()?.iter();
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        Some(values.map(text).collect())
    }

    /// The alternatives, with their numbers; none if there is but one way.
    pub(super) fn alternatives(&self) -> Vec<(usize, Placed<'a>)> {
        let members = self.own.get("oneOf");
        members.iter().flat_map(Placed::items).enumerate().collect()
    }

    /// The schema of fields beside the named ones, if it says anything: the client neither sends nor
    /// reads others.
    pub(super) fn extra(&self) -> Option<Placed<'a>> {
        let extra = self.own.get("additionalProperties");
        extra.filter(|extra| declares(extra.value))
    }
}
