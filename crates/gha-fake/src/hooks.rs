use std::sync::{Mutex, PoisonError};

use crate::fault::Match;
use crate::request::ReceivedRequest;
use crate::state::State;

type Action = Box<dyn FnMut(&ReceivedRequest, &mut State) + Send>;

/// When a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before the answer is made.
    Before,
    /// After the answer is made and before it is sent.
    After,
}

struct Hook {
    moment: Moment,
    on: Match,
    action: Action,
}

/// What tests do when a request is answered.
#[derive(Default)]
pub(crate) struct Hooks(Mutex<Vec<Hook>>);

impl Hooks {
    pub(crate) fn add(&self, moment: Moment, on: Match, action: Action) {
        self.lock().push(Hook { moment, on, action });
    }

    pub(crate) fn run(&self, moment: Moment, request: &ReceivedRequest, state: &mut State) {
        for hook in self.lock().iter_mut() {
            if hook.moment == moment && hook.on.matches(request) {
                (hook.action)(request, state);
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Hook>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
