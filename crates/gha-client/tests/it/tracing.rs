//! What `tracing` is told.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::support::*;
use gha_client::prelude::*;
use gha_fake::Fault;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes every field of every span and event down.
struct Writer {
    lines: Log<String>,
    spans: AtomicU64,
}

struct Fields<'a>(&'a Log<String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push(format!("{field}={value:?}"));
    }
}

impl Subscriber for Writer {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("gha_client")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.lines.push(span.metadata().name().to_owned());
        span.record(&mut Fields(&self.lines));
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&self.lines));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&self.lines));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn attempts_are_spans_and_waits_events_without_secrets() {
    let lines = Log::new();
    let writer = Writer {
        lines: lines.clone(),
        spans: AtomicU64::new(0),
    };
    let fake = seeded().start().await.unwrap();
    let client = client(&fake);
    // Who subscribes while another test meets a span or an event for the first time may never hear of it.
    fake.fault(Fault::status(502).once());
    get(&client).send().await.unwrap();
    let _guard = tracing::subscriber::set_default(writer);
    fake.fault(Fault::status(502).once());
    get(&client).send().await.unwrap();
    let artifact = client.repo(OWNER, NAME).download_artifact(ARTIFACT);
    let url = artifact.clone().send().await.unwrap();
    client.api().fetch(&url).await.unwrap();
    drop(artifact.download().await.unwrap());
    fake.fault(Fault::hang_up());
    get(&client).send().await.unwrap_err();

    let lines = lines.all();
    for expected in [
        "github_request",
        "operation=\"get_artifact\"",
        "operation=\"download_artifact\"",
        "attempt=1",
        "attempt=2",
        "status=502",
        "status=200",
        "status=302",
        "error=Network",
    ] {
        assert!(
            lines.iter().any(|line| line == expected),
            "{expected}: {lines:?}"
        );
    }
    let with = |text: &str| lines.iter().filter(|line| line.contains(text)).count();
    assert!(with("request_id=") >= 3);
    assert_eq!(with("waiting before the next attempt"), 5);
    assert_eq!(with(TOKEN), 0);
    assert_eq!(with("sig="), 0, "{lines:?}");
}
