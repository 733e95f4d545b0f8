//! Components in an order in which each comes after those that it is made of.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::spec::document::entries;
use crate::spec::pointer::Pointer;
use crate::spec::problem::Problem;

/// How many components may be made of each other: more than anybody means.
const DEPTH: usize = 64;

/// The names of all components, each after those that it is made of. An error tells of a circle that never
/// comes to a value, by what each component of it is made of, or of what is too deep.
pub(super) fn ordered(
    schemas: &Value,
    made_of: &dyn Fn(&Value) -> Vec<String>,
) -> Result<Vec<String>, Problem> {
    let mut depths = BTreeMap::new();
    for (name, _) in entries(schemas) {
        depth(name, &mut Vec::new(), &mut depths, &|name| {
            made_of(&schemas[name])
        })?;
    }
    let mut names: Vec<_> = depths.into_iter().collect();
    names.sort_by_key(|(_, depth)| *depth);
    Ok(names.into_iter().map(|(name, _)| name).collect())
}

/// How deep the parts of parts are of which a component is made, at the end of the way to it.
fn depth(
    name: &str,
    way: &mut Vec<String>,
    known: &mut BTreeMap<String, usize>,
    made_of: &dyn Fn(&str) -> Vec<String>,
) -> Result<usize, Problem> {
    if let Some(depth) = known.get(name) {
        return Ok(*depth);
    }
    let refused = |message: String| {
        let at = Pointer::new("/components/schemas").join(name);
        let help = "say in <overlay> what one of them is";
        Err(Problem::new(message).at(at).help(help))
    };
    let start = way.iter().position(|it| it == name);
    way.push(name.to_owned());
    if let Some(start) = start {
        return refused(format!("consists of itself: {}", way[start..].join(" → ")));
    }
    let mut deepest = 0;
    // No stack would do for all that somebody may write.
    if way.len() <= DEPTH {
        for part in made_of(name) {
            deepest = deepest.max(depth(&part, way, known, made_of)?);
        }
    }
    if way.len().max(deepest + 1) > DEPTH {
        return refused(format!("is made of parts of parts, {} deep", DEPTH + 1));
    }
    way.pop();
    known.insert(name.to_owned(), deepest + 1);
    Ok(deepest + 1)
}
