use std::sync::Mutex;

use crate::fault::Match;
use crate::lock::lock;
use crate::request::ReceivedRequest;
use crate::state::State;

type Action = Box<dyn FnMut(&ReceivedRequest, &mut State) + Send>;

/// What tests do at one moment of answering a request.
#[derive(Default)]
pub(crate) struct Hooks(Mutex<Vec<(Match, Action)>>);

impl Hooks {
    pub(crate) fn add(&self, on: Match, action: Action) {
        lock(&self.0).push((on, action));
    }

    /// Whether there was one.
    pub(crate) fn run(&self, request: &ReceivedRequest, state: &mut State) -> bool {
        let mut ran = false;
        let mut hooks = lock(&self.0);
        for (_, action) in hooks.iter_mut().filter(|(on, _)| on.matches(request)) {
            action(request, state);
            ran = true;
        }
        ran
    }
}
