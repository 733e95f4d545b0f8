use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::{Fault, Plan};
use crate::request::ReceivedRequest;

/// The faults in force, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    rules: Mutex<Vec<Rule>>,
    /// Spares requests the lock while there are no faults.
    count: AtomicU64,
}

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
    rules: Weak<Rules>,
}

impl FaultHandle {
    /// How many requests the fault has been applied to.
    pub fn hits(&self) -> u64 {
        self.hits.load(Ordering::SeqCst)
    }

    /// Takes the fault back.
    pub fn remove(&self) {
        if let Some(rules) = self.rules.upgrade() {
            rules.retain(|rule| !Arc::ptr_eq(&rule.hits, &self.hits));
        }
    }
}

impl Rules {
    pub(crate) fn add(self: &Arc<Self>, fault: Fault) -> FaultHandle {
        let hits = Arc::new(AtomicU64::new(0));
        let mut rules = self.lock();
        rules.push(Rule {
            fault,
            skipped: 0,
            hits: hits.clone(),
        });
        self.count.store(rules.len() as u64, Ordering::SeqCst);
        FaultHandle {
            hits,
            rules: Arc::downgrade(self),
        }
    }

    pub(crate) fn clear(&self) {
        self.retain(|_| false);
    }

    fn retain(&self, keep: impl FnMut(&Rule) -> bool) {
        let mut rules = self.lock();
        rules.retain(keep);
        self.count.store(rules.len() as u64, Ordering::SeqCst);
    }

    /// What happens to this request; uses up the faults that take part.
    pub(crate) fn plan(&self, request: &ReceivedRequest) -> Plan {
        let mut plan = Plan::default();
        if self.count.load(Ordering::SeqCst) == 0 {
            return plan;
        }
        for rule in self.lock().iter_mut() {
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

    fn lock(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
