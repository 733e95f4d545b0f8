use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::{Fault, Plan};
use crate::lock::lock;
use crate::request::ReceivedRequest;

/// The faults in force, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules(Arc<Mutex<Vec<Rule>>>);

#[derive(Debug)]
struct Rule {
    fault: Fault,
    skipped: u64,
    hits: Arc<AtomicU64>,
}

/// Tells how often a fault has struck, and takes it back.
#[derive(Clone, Debug)]
pub struct FaultHandle {
    hits: Arc<AtomicU64>,
    rules: Rules,
}

impl FaultHandle {
    /// How many requests the fault has been applied to.
    pub fn hits(&self) -> u64 {
        self.hits.load(Ordering::SeqCst)
    }

    /// Takes the fault back.
    pub fn remove(&self) {
        lock(&self.rules.0).retain(|rule| !Arc::ptr_eq(&rule.hits, &self.hits));
    }
}

impl Rules {
    pub(crate) fn add(&self, fault: Fault) -> FaultHandle {
        let hits = Arc::new(AtomicU64::new(0));
        lock(&self.0).push(Rule {
            fault,
            skipped: 0,
            hits: hits.clone(),
        });
        let rules = self.clone();
        FaultHandle { hits, rules }
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// What happens to this request; uses up the faults that take part.
    pub(crate) fn plan(&self, request: &ReceivedRequest) -> Plan {
        let mut plan = Plan::default();
        for rule in lock(&self.0).iter_mut() {
            let fault = &rule.fault;
            let spent = fault.times == Some(rule.hits.load(Ordering::SeqCst));
            if spent || !fault.is_for(request) {
                continue;
            }
            if rule.skipped < fault.skip {
                rule.skipped += 1;
            } else if fault.strike(&mut plan) {
                rule.hits.fetch_add(1, Ordering::SeqCst);
            }
        }
        plan
    }
}
