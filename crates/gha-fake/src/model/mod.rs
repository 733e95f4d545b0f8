//! What a fake is seeded with, in builder style.

/// Methods that set a field and leave the others as they are.
macro_rules! setters {
    ($(
        $(#[$meta:meta])*
        $name:ident($($argument:ident: $type:ty)?) $($field:ident).+ = $value:expr;
    )*) => {
        $(
            $(#[$meta])*
            pub fn $name(mut self $(, $argument: $type)?) -> Self {
                self.$($field).+ = $value;
                self
            }
        )*
    };
}

pub(crate) use setters;

/// Methods that change the JSON that an item is rendered as.
macro_rules! json_setters {
    () => {
        /// A member of the JSON, such as a field that does not exist yet.
        pub fn json(
            mut self,
            member: impl Into<String>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            self.patch.push((member.into(), Some(value.into())));
            self
        }

        /// A member that the JSON does not have.
        pub fn omit(mut self, member: impl Into<String>) -> Self {
            self.patch.push((member.into(), None));
            self
        }
    };
}

mod artifact;
mod job;
mod repo;
mod run;
mod token;

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::clock::FOREVER;

pub use artifact::Artifact;
pub(crate) use job::Log;
pub use job::{Conclusion, Job, JobStatus, Step};
pub use repo::Repo;
pub use run::{Attempt, Run};
pub(crate) use token::Access;
pub use token::Token;

/// A moment, given absolutely or by how far it is from the fake's present.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    At(SystemTime),
    Ago(Duration),
    In(Duration),
}

impl When {
    pub(crate) fn resolve(self, now: SystemTime) -> SystemTime {
        match self {
            Self::At(at) => at,
            Self::Ago(age) => now - age.min(FOREVER),
            Self::In(delay) => now + delay.min(FOREVER),
        }
    }
}

/// Changes to the JSON that an item is rendered as: a value to set, or nothing to leave it out.
pub(crate) type Patch = Vec<(String, Option<Value>)>;

/// The id of something that has a name and was given none.
pub(crate) fn id_of(name: &str) -> i64 {
    let bytes = name.bytes().map(i64::from);
    bytes.fold(0, |id, byte| (id * 31 + byte) % 100_000_007)
}
