//! JSON pointers (RFC 6901), and the JSONPath (RFC 9535) that selects the same place.

use serde_json::Value;
use serde_json_path::JsonPath;

/// The pointer to where a walk stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pointer(String);

impl Pointer {
    pub(crate) fn new(pointer: impl Into<String>) -> Self {
        Self(pointer.into())
    }

    /// Runs `f` one step deeper.
    pub(super) fn within<R>(&mut self, token: &str, f: impl FnOnce(&mut Self) -> R) -> R {
        let length = self.0.len();
        self.push(token);
        let result = f(self);
        self.0.truncate(length);
        result
    }

    pub(crate) fn join(&self, token: &str) -> String {
        let mut joined = self.clone();
        joined.push(token);
        joined.0
    }

    pub(crate) fn push(&mut self, token: &str) {
        self.0.push('/');
        if token.contains('~') || token.contains('/') {
            self.0
                .push_str(&token.replace('~', "~0").replace('/', "~1"));
        } else {
            self.0.push_str(token);
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Undoes the escapes of one token.
pub(crate) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The JSONPath that selects what `pointer` points to in `document`. An element of an array is named by
/// what it says, where that is no other's, so that the path stays right when others come and go:
/// `$.paths['/jobs/{job_id}'].get.parameters[?@.name=='filter']`.
pub(crate) fn target(document: &Value, pointer: &str) -> String {
    let mut path = String::from("$");
    let mut node = Some(document);
    for token in pointer.split('/').skip(1) {
        let token = unescape(token);
        let plain = token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && token.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        path.push_str(&match node {
            Some(list @ Value::Array(_)) => match distinguished(list, &token) {
                Some(filter) => format!("[?{filter}]"),
                None => format!("[{token}]"),
            },
            _ if plain => format!(".{token}"),
            _ => format!("[{}]", quoted(&token)),
        });
        node = match node {
            Some(Value::Array(items)) => {
                token.parse().ok().and_then(|index: usize| items.get(index))
            }
            node => node.and_then(|node| node.get(&token)),
        };
    }
    path
}

/// The condition that one element of an array meets and no other.
fn distinguished(list: &Value, index: &str) -> Option<String> {
    let item = list.get(index.parse::<usize>().ok()?)?;
    let says = |member: &str, value: &Value| Some(format!("{member}=={}", quoted(value.as_str()?)));
    let all = |keys: &[&str]| {
        let conditions = keys.iter().map(|key| match *key {
            "$ref" => says("@['$ref']", item.get("$ref")?),
            key => says(&format!("@.{key}"), item.get(key)?),
        });
        Some(conditions.collect::<Option<Vec<_>>>()?.join(" && "))
    };
    let keys: [&[&str]; 4] = [&["name"], &["name", "in"], &["$ref"], &["title"]];
    let mut conditions = std::iter::once(says("@", item))
        .chain(keys.map(all))
        .flatten();
    conditions.find(|condition| {
        let path = JsonPath::parse(&format!("$[?{condition}]"));
        path.is_ok_and(|path| path.query(list).len() == 1)
    })
}

/// A text as a literal of a JSONPath.
pub(super) fn quoted(text: &str) -> String {
    let json = Value::from(text).to_string();
    let inner = json[1..json.len() - 1].replace("\\\"", "\"");
    format!("'{}'", inner.replace('\'', "\\'"))
}

/// A JSONPath as YAML has it: in quotes, where it would be read as something else.
pub(super) fn scalar(path: &str) -> String {
    let is_plain = !path.contains(": ") && !path.contains(" #") && !path.contains(char::is_control);
    match is_plain {
        true => path.to_owned(),
        false => Value::from(path).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn targets_name_elements_by_what_they_say() {
        let parameters = json!([
            {"name": "a", "in": "query"},
            {"name": "b", "in": "query"},
            {"name": "b", "in": "path"},
            {"$ref": "#/components/parameters/it's"},
            {"schema": {}},
        ]);
        let document = json!({
            "paths": {"/jobs/{job_id}": {"get": {"parameters": parameters}}},
            "required": ["id", "id", "name"],
            "responses": {"200": {"x-y": 1}},
        });
        let parameter = |index: usize| {
            let mut pointer = Pointer::new("/paths");
            pointer.push("/jobs/{job_id}");
            let at = format!("{}/get/parameters/{index}", pointer.as_str());
            let start = "$.paths['/jobs/{job_id}'].get.parameters";
            target(&document, &at)
                .strip_prefix(start)
                .map(str::to_owned)
        };
        for (index, expected) in [
            "[?@.name=='a']",
            "[?@.name=='b' && @.in=='query']",
            "[?@.name=='b' && @.in=='path']",
            "[?@['$ref']=='#/components/parameters/it\\'s']",
            "[4]",
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(parameter(index).as_deref(), Some(expected));
            let path = target(
                &document,
                &format!("/paths/~1jobs~1{{job_id}}/get/parameters/{index}"),
            );
            let found = JsonPath::parse(&path).unwrap();
            let found = found.query(&document).all();
            assert_eq!(found, [&parameters[index]], "{path}");
        }
        assert_eq!(target(&document, "/required/0"), "$.required[0]");
        assert_eq!(target(&document, "/required/2"), "$.required[?@=='name']");
        assert_eq!(
            target(&document, "/responses/200/x-y"),
            "$.responses['200']['x-y']"
        );
        assert_eq!(target(&document, "/not/there/0"), "$.not.there['0']");
        assert_eq!(target(&document, ""), "$");
        let names = ["it's", "a\"b", "a\\\"b", "\\", "a\tb\nc"];
        for name in names {
            let document = json!({ name: 1 });
            let path = target(&document, &Pointer::default().join(name));
            let found = JsonPath::parse(&path).unwrap();
            assert_eq!(found.query(&document).all(), [&json!(1)], "{path}");
        }
    }
}
