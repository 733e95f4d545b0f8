#![doc = include_str!("../README.md")]

mod api;
mod blob;
mod body;
mod builder;
mod clock;
mod connection;
mod content;
mod error;
mod exchange;
mod fake;
mod fault;
mod hooks;
mod model;
mod operation;
mod request;
mod route;
mod server;
mod state;

pub use builder::{Builder, Edition};
pub use clock::Clock;
pub use content::Content;
pub use error::Error;
pub use fake::Fake;
pub use fault::{Fault, FaultHandle, Gate, Match};
pub use model::{
    Artifact, Attempt, Conclusion, Job, JobStatus, Repo, Run, Runner, Step, StepStatus, Token,
};
pub use operation::Operation;
pub use request::{Listener, ReceivedRequest};
pub use state::State;
