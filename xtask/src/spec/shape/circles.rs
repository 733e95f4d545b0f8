//! Components that lead back to themselves and never to a value, or to one beyond all bounds.

use std::collections::BTreeMap;

use serde_json::Value;

use super::normal::circle;
use crate::spec::document::entries;
use crate::spec::pointer::Pointer;
use crate::spec::problem::Problem;

/// How many components may be made of each other: more than anybody means.
pub(super) const DEPTH: usize = 64;

/// A component whose parts are looked at.
struct Open {
    name: String,
    parts: Vec<String>,
    /// How deep the parts are that were looked at.
    depth: usize,
}

/// Tells of each circle of components, by what each of them is made of, and of what is too deep.
pub(super) fn circles(schemas: &Value, made_of: &dyn Fn(&str) -> Vec<String>) -> Vec<Problem> {
    let open = |name: String| Open {
        parts: made_of(&name),
        name,
        depth: 0,
    };
    let mut depths: BTreeMap<String, usize> = BTreeMap::new();
    let mut problems = Vec::new();
    for (start, _) in entries(schemas) {
        let mut way = vec![open(start.to_owned())];
        while let Some(last) = way.last_mut() {
            let Some(part) = last.parts.pop() else {
                let depth = last.depth + 1;
                if depth > DEPTH {
                    let problem = format!("is made of parts of parts, {depth} deep");
                    let at = Pointer::new("/components/schemas").join(&last.name);
                    let help = "say in <overlay> what one of them is";
                    problems.push(Problem::new(problem).at(at).help(help));
                    return problems;
                }
                depths.extend(way.pop().map(|done| (done.name, depth)));
                if let Some(outer) = way.last_mut() {
                    outer.depth = outer.depth.max(depth);
                }
                continue;
            };
            if let Some(depth) = depths.get(&part) {
                last.depth = last.depth.max(*depth);
            } else if let Some(first) = way.iter().position(|open| open.name == part) {
                let mut names: Vec<_> = way[first..].iter().map(|it| it.name.clone()).collect();
                names.push(part.clone());
                let at = Pointer::new("/components/schemas").join(&part);
                problems.push(circle(&names).at(at));
                depths.insert(part, 0);
            } else {
                way.push(open(part));
            }
        }
    }
    problems
}
