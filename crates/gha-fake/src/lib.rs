#![doc = include_str!("../README.md")]

mod answer;
mod api;
mod blob;
mod clock;
mod content;
mod edition;
mod error;
mod fake;
mod fault;
mod hooks;
mod limits;
mod lock;
mod model;
mod operation;
mod pages;
mod request;
mod server;
mod shared;
mod signed_url;
mod state;

pub use clock::Clock;
pub use content::Content;
pub use edition::Edition;
pub use error::Error;
pub use fake::{Builder, Fake};
pub use fault::{Fault, FaultHandle, Gate, Match};
pub use model::{Artifact, Attempt, Conclusion, Job, JobStatus, Repo, Run, Step, Token};
pub use operation::Operation;
pub use request::{Listener, ReceivedRequest};
pub use state::State;
