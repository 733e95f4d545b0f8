//! Components that lead back to themselves and never to a value.

use std::collections::BTreeSet;

use serde_json::Value;

use super::normal::Refusal;
use crate::spec::document::entries;
use crate::spec::pointer::Pointer;
use crate::spec::problem::Problem;

/// Tells of each circle of components, by what each of them is made of.
pub(super) fn circles(schemas: &Value, made_of: &dyn Fn(&str) -> Vec<String>) -> Vec<Problem> {
    let mut done = BTreeSet::new();
    let mut problems = Vec::new();
    for (start, _) in entries(schemas) {
        // The way from `start`, and what is still to be tried at each step of it.
        let mut way = vec![start.to_owned()];
        let mut open = vec![made_of(start)];
        while let Some(next) = open.last_mut() {
            match next.pop() {
                None => {
                    open.pop();
                    done.extend(way.pop());
                }
                Some(name) if done.contains(&name) => {}
                Some(name) => {
                    if let Some(first) = way.iter().position(|known| *known == name) {
                        let at = Pointer::new("/components/schemas").join(&name);
                        let mut names = way[first..].to_vec();
                        names.push(name.clone());
                        problems.push(Refusal::circle(&names).at(&Pointer::new(at)));
                        done.insert(name);
                    } else {
                        open.push(made_of(&name));
                        way.push(name);
                    }
                }
            }
        }
    }
    problems
}
