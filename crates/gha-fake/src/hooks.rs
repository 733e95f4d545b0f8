use std::sync::Mutex;

use crate::fault::Match;
use crate::lock::lock;
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
        lock(&self.0).push(Hook { moment, on, action });
    }

    /// Whether there was one.
    pub(crate) fn run(&self, moment: Moment, request: &ReceivedRequest, state: &mut State) -> bool {
        let mut ran = false;
        for hook in lock(&self.0).iter_mut() {
            if hook.moment == moment && hook.on.matches(request) {
                (hook.action)(request, state);
                ran = true;
            }
        }
        ran
    }
}
