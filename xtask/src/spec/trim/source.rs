//! Reads a full description without parsing what nobody asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::spec::model::METHODS;
use crate::spec::problem::Problem;

/// A description whose paths and components are still text.
#[derive(Deserialize)]
#[serde(expecting = "an OpenAPI description (an object)")]
pub(super) struct Description<'a> {
    openapi: Option<Value>,
    swagger: Option<Value>,
    #[serde(default)]
    info: Info,
    #[serde(borrow)]
    pub(super) servers: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) paths: Entries<'a>,
    #[serde(borrow, default)]
    components: Components<'a>,
}

#[derive(Default, Deserialize)]
#[serde(expecting = "an info object")]
struct Info {
    #[serde(default)]
    version: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "a components object")]
struct Components<'a> {
    #[serde(borrow)]
    schemas: Entries<'a>,
    #[serde(borrow)]
    responses: Entries<'a>,
    #[serde(borrow)]
    parameters: Entries<'a>,
    #[serde(borrow)]
    request_bodies: Entries<'a>,
    #[serde(borrow)]
    headers: Entries<'a>,
}

impl<'a> Description<'a> {
    /// Reads JSON. `converted` when it stands for YAML: then its line numbers mean nothing.
    pub(super) fn read(json: &'a str, converted: bool) -> Result<Self, Problem> {
        let description: Self = serde_json::from_str(json).map_err(|error| {
            let message = error.to_string();
            let end = message.rfind(" at line ").unwrap_or(message.len());
            let problem = Problem::new(&message[..end]);
            if converted {
                problem
            } else {
                problem.at_line(error.line(), error.column())
            }
        })?;
        description.check_version()?;
        Ok(description)
    }

    fn check_version(&self) -> Result<(), Problem> {
        let help = "xtask reads OpenAPI 3.0.x, as JSON or YAML";
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let problem = match (&self.openapi, &self.swagger) {
            (Some(Value::String(version)), None) if version.starts_with("3.0.") => return Ok(()),
            (Some(version), _) => {
                Problem::new(format!("OpenAPI {} is not supported", text(version))).at("/openapi")
            }
            (None, Some(version)) => {
                Problem::new(format!("Swagger {} is not supported", text(version))).at("/swagger")
            }
            (None, None) => Problem::new("no OpenAPI description: the key `openapi` is missing"),
        };
        Err(problem.help(help))
    }

    pub(super) fn openapi(&self) -> &str {
        self.openapi
            .as_ref()
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub(super) fn version(&self) -> &str {
        &self.info.version
    }

    /// `section` as `components` spells it.
    pub(super) fn section(&self, section: &str) -> Option<&Entries<'a>> {
        Some(match section {
            "schemas" => &self.components.schemas,
            "responses" => &self.components.responses,
            "parameters" => &self.components.parameters,
            "requestBodies" => &self.components.request_bodies,
            "headers" => &self.components.headers,
            _ => return None,
        })
    }
}

/// The entries of an object, by name; a name that comes twice is an error.
#[derive(Default)]
pub(super) struct Entries<'a>(pub(super) BTreeMap<Cow<'a, str>, &'a RawValue>);

/// Borrows where a bare `Cow` as a map's key would copy.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    if entries.contains_key(&name) {
                        return Err(A::Error::custom(format_args!("duplicate key `{name}`")));
                    }
                    entries.insert(name, value);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor)
    }
}

/// The methods of one path item with their operationIds.
pub(super) struct OperationIds<'a>(pub(super) Vec<(&'static str, Option<Cow<'a, str>>)>);

#[derive(Deserialize)]
#[serde(expecting = "an operation object")]
struct OperationId<'a> {
    #[serde(borrow, rename = "operationId")]
    id: Option<Cow<'a, str>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for OperationIds<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdsVisitor;
        impl<'de> Visitor<'de> for IdsVisitor {
            type Value = OperationIds<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path item object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut ids = Vec::new();
                while let Some(Name(key)) = map.next_key()? {
                    match METHODS.into_iter().find(|method| *method == key) {
                        Some(method) => ids.push((method, map.next_value::<OperationId<'_>>()?.id)),
                        None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(OperationIds(ids))
            }
        }
        deserializer.deserialize_map(IdsVisitor)
    }
}
