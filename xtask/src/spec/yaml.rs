//! YAML in and out. The only module that knows `serde_yaml`, which is no longer maintained.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::pointer::Pointer;
use super::problem::Problem;

/// Parses YAML into the JSON that it stands for.
///
/// Duplicate keys, tags, merge keys (`<<`) and numbers that JSON lacks are errors; anchors and
/// aliases are expanded. An unquoted number as a key (`200:`) counts as its text.
pub fn parse(text: &str) -> Result<Value, Problem> {
    let mut at = Pointer::default();
    read(text, |parser| {
        Json {
            at: &mut at,
            twice: None,
        }
        .deserialize(parser)
    })
}

/// Parses a text that others wrote, JSON or YAML, and tells where a key stands that its object had
/// already: the last one counts.
pub fn parse_leniently(text: &str) -> Result<(Value, Vec<String>), Problem> {
    let (mut at, mut twice) = (Pointer::default(), Vec::new());
    let seed = Json {
        at: &mut at,
        twice: Some(&mut twice),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value = if text.trim_start().starts_with('{') {
        let mut parser = serde_json::Deserializer::from_str(text);
        let value = seed.deserialize(&mut parser);
        let value = value.and_then(|value| parser.end().map(|()| value));
        value.map_err(|error| {
            Problem::new(without_place(&error.to_string())).at_line(error.line(), error.column())
        })?
    } else {
        read(text, |parser| seed.deserialize(parser))?
    };
    Ok((value, twice))
}

/// Parses YAML into a type of ours.
pub fn typed<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    read(text, T::deserialize)
}

fn read<'a, T>(
    text: &'a str,
    read: impl FnOnce(serde_yaml::Deserializer<'a>) -> serde_yaml::Result<T>,
) -> Result<T, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text
        .lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
    {
        let help = "write what belongs there, or delete the file";
        return Err(Problem::new("the file is empty").help(help));
    }
    read(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let problem = Problem::new(without_place(&error.to_string()));
        let Some(at) = error.location() else {
            return problem;
        };
        let line = text.lines().nth(at.line() - 1).unwrap_or_default();
        let problem = problem.at_line(at.line(), at.column());
        match line.contains('\t') {
            true => problem.help("YAML indents with spaces, not with tabs"),
            false => problem,
        }
    })
}

/// A parser's message without its place, which is said once, in front.
fn without_place(message: &str) -> &str {
    &message[..message.rfind(" at line ").unwrap_or(message.len())]
}

/// Block-style YAML; equal values give equal bytes.
pub fn write(value: &Value) -> Result<String, Problem> {
    serde_yaml::to_string(value).map_err(|error| Problem::new(error.to_string()))
}

/// Reads any value. Without a list for keys that come twice, they are errors.
struct Json<'a> {
    at: &'a mut Pointer,
    twice: Option<&'a mut Vec<String>>,
}

impl Json<'_> {
    fn inner<'a>(at: &'a mut Pointer, twice: &'a mut Option<&mut Vec<String>>) -> Json<'a> {
        Json {
            at,
            twice: twice.as_deref_mut(),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Json<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Json<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has too (no tags)")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("JSON has no number for this value"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        loop {
            let index = array.len().to_string();
            let item = self.at.within(&index, |at| {
                items.next_element_seed(Self::inner(at, &mut self.twice))
            });
            match item? {
                Some(item) => array.push(item),
                None => return Ok(Value::Array(array)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key_seed(Key {
            object: &object,
            may_be_there: self.twice.is_some(),
        })? {
            if let Some(twice) = &mut self.twice
                && object.contains_key(&key)
            {
                twice.push(self.at.join(&key));
            }
            let value = self.at.within(&key, |at| {
                entries.next_value_seed(Self::inner(at, &mut self.twice))
            })?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// A key. Whether the object has it already is checked here, where the parser still knows its place.
struct Key<'a> {
    object: &'a Map<String, Value>,
    may_be_there: bool,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string as key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<String, E> {
        if key == "<<" {
            return Err(E::custom("merge keys (`<<`) are not part of YAML 1.2"));
        }
        if !self.may_be_there && self.object.contains_key(key) {
            return Err(E::custom(format_args!("duplicate key `{key}`")));
        }
        Ok(key.to_owned())
    }

    fn visit_u64<E: serde::de::Error>(self, key: u64) -> Result<String, E> {
        self.visit_str(&key.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_order_and_kinds_of_numbers() {
        let value = parse("b: 1\na: 1.0\n200: 'x'\nz: &anchor [null, true]\ny: *anchor\n").unwrap();
        assert_eq!(
            value.to_string(),
            r#"{"b":1,"a":1.0,"200":"x","z":[null,true],"y":[null,true]}"#
        );
        let huge = "99999999999999999999999";
        assert_eq!(
            parse(huge).unwrap(),
            parse_leniently(&format!("{{\"a\": {huge}}}")).unwrap().0["a"]
        );
    }

    #[test]
    fn refuses_what_json_lacks_and_says_where() {
        for (text, place, reason) in [
            ("a: 1\na: 2\n", "#:2:1", "duplicate key `a`"),
            ("a: {b: 1, b: 2}\n", "#:1:11", "duplicate key `b`"),
            ("a: !tag x\n", "#:1:", "no tags"),
            ("a: .nan\n", "#:1:", "JSON has no number"),
            ("? [1]\n: 2\n", "#:1:", "string as key"),
            ("a: &x {c: 1}\nb:\n  <<: *x\n", "#:3:", "merge keys"),
            ("a: [1\n", "#:2:", "expected ',' or ']'"),
            ("", "#", "the file is empty"),
            ("# only a comment\n", "#", "the file is empty"),
            ("a: 1\n---\nb: 2\n", "#", "more than one document"),
        ] {
            let problem = format!("#{}", parse(text).unwrap_err());
            assert!(problem.contains(reason), "{text:?} gave {problem:?}");
            assert!(problem.starts_with(place), "{text:?} gave {problem:?}");
        }
    }

    #[test]
    fn writing_survives_reading() {
        let value = json!({"a": ["yes", "1", "null", "a: b", "", "é\n"], "2": 1.5, "n": null});
        assert_eq!(parse(&write(&value).unwrap()).unwrap(), value);
    }
}
