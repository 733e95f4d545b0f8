//! What is tried again, how often, and what never is.

use std::time::Duration;

use crate::support::*;
use gha_client::{Client, ErrorKind, RetryPolicy, Wait};
use gha_fake::{Fake, Fault, Match, Operation};
use http::Method;
use tokio::time::Instant;

fn deletes() -> Match {
    Match::operation(Operation::DeleteArtifact)
}

#[tokio::test]
async fn failures_that_pass_are_survived() {
    for fault in [
        Fault::status(408),
        Fault::status(500),
        Fault::status(502),
        Fault::status(503),
        Fault::status(504),
        Fault::hang_up(),
        Fault::close_after(100),
        Fault::reset_after(0),
        Fault::status(503)
            .body("<html>busy</html>")
            .header("content-type", "text/html"),
    ] {
        let what = format!("{fault:?}");
        let fake = seeded().start().await.unwrap();
        fake.fault(fault.times(4));
        let artifact = get(&client(&fake)).send().await;
        assert_eq!(artifact.unwrap().name, "dist", "{what}");
        assert_eq!(fake.requests().len(), 5, "{what}");
    }
}

#[tokio::test]
async fn failures_that_last_are_given_up() {
    for (fault, kind) in [
        (Fault::status(500), ErrorKind::Server),
        (Fault::status(408), ErrorKind::Refused),
        (Fault::hang_up(), ErrorKind::Network),
        (Fault::close_after(100), ErrorKind::Network),
    ] {
        let what = format!("{fault:?}");
        let fake = seeded().start().await.unwrap();
        fake.fault(fault);
        let error = get(&client(&fake)).send().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{what}: {error}");
        let named = "get_artifact: GET /repos/octo-org/octo-docs/actions/artifacts/11: ";
        assert!(error.to_string().starts_with(named), "{error}");
        assert_eq!(fake.requests().len(), 5, "{what}");
    }
}

#[tokio::test]
async fn json_that_ends_early_is_asked_for_once_more() {
    for cut in [Fault::cut_short, || Fault::truncate_to(0)] {
        let fake = seeded().start().await.unwrap();
        fake.fault(cut().once());
        let artifact = get(&client(&fake)).send().await;
        assert_eq!(artifact.unwrap().name, "dist");
        assert_eq!(fake.requests().len(), 2);

        fake.fault(cut());
        let error = get(&client(&fake)).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Truncated, "{error}");
        let named = "get_artifact: GET /repos/octo-org/octo-docs/actions/artifacts/11: ";
        assert!(error.to_string().starts_with(named), "{error}");
        assert_eq!(fake.requests().len(), 4);
    }
}

#[tokio::test]
async fn what_the_caller_must_mend_is_never_tried_again() {
    for status in [400, 401, 403, 404, 409, 410, 422, 451, 501] {
        let fake = seeded().start().await.unwrap();
        fake.fault(Fault::status(status));
        let error = get(&client(&fake)).send().await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(fake.requests().len(), 1, "{status}");
    }
    for fault in [
        Fault::html(),
        Fault::change().body("[]"),
        Fault::change().body("{]"),
    ] {
        let fake = seeded().start().await.unwrap();
        fake.fault(fault);
        let error = get(&client(&fake)).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(fake.requests().len(), 1);
    }
}

#[tokio::test]
async fn every_place_where_a_body_can_be_cut_is_noticed() {
    let fake = seeded().start().await.unwrap();
    let client = builder(&fake).retry(RetryPolicy::none()).build().unwrap();
    let page = list(&client).send().await.unwrap().into_inner();
    let body = serde_json::to_vec(&page).unwrap();
    for end in 0..body.len() {
        fake.clear_faults();
        fake.fault(Fault::change().body(body[..end].to_vec()));
        let error = list(&client).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Truncated, "cut at {end}: {error}");
    }
}

#[tokio::test]
#[cfg_attr(
    windows,
    ignore = "Wine 8 takes a refused connection for one until it is used"
)]
async fn a_server_that_is_not_there_is_tried_again() {
    let fake = seeded().start().await.unwrap();
    let waits = Log::new();
    let builder = builder(&fake).on_wait({
        let waits = waits.clone();
        move |wait: &Wait<'_>| waits.push((wait.error.kind(), wait.attempts))
    });
    drop(fake);
    let error = get(&builder.build().unwrap()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.is_network());
    let expected: Vec<_> = (1..5).map(|n| (ErrorKind::Connect, n)).collect();
    assert_eq!(waits.all(), expected);
}

#[tokio::test(start_paused = true)]
async fn silence_is_a_failure_too() {
    for (fault, idle) in [
        (Fault::stall_after(10), Duration::from_secs(5)),
        (
            Fault::delay(Duration::from_secs(3600)),
            Duration::from_secs(5),
        ),
        // A byte now and then is no silence, but the call has its time too.
        (Fault::throttle(10), Duration::from_secs(3600)),
    ] {
        let what = format!("{fault:?}");
        let fake = seeded().start().await.unwrap();
        fake.fault(fault.once());
        let client = builder(&fake)
            .idle_timeout(idle)
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        assert_eq!(get(&client).send().await.unwrap().name, "dist", "{what}");
        assert_eq!(fake.requests().len(), 2, "{what}");
    }
}

#[tokio::test]
async fn a_delete_whose_first_attempt_worked_has_worked() {
    for fault in [Fault::hang_up(), Fault::status(502), Fault::status(408)] {
        let fake = seeded().start().await.unwrap();
        // The artifact is deleted, and the answer is another.
        fake.before_answer(deletes(), |_, state| {
            let _ = state.delete_artifact(11);
        });
        fake.fault(fault.on(deletes()).once());
        let response = delete(&client(&fake), 11).send().await.unwrap();
        assert_eq!(response.status(), 204);
        assert_eq!(fake.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_delete_that_answers_with_something_is_not_made_up() {
    let fake = seeded().start().await.unwrap();
    fake.before_answer(deletes(), |_, state| {
        let _ = state.delete_artifact(11);
    });
    fake.fault(Fault::status(502).on(deletes()).once());
    let path = format!("/repos/{OWNER}/{NAME}/actions/artifacts/11");
    let request = client(&fake).request(Method::DELETE, path);
    let error = request.send::<serde_json::Value>().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn a_delete_that_a_sign_in_page_answers_has_not_worked() {
    let fake = seeded().start().await.unwrap();
    fake.fault(Fault::html().on(deletes()));
    let error = delete(&client(&fake), 11).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("an HTML page"), "{error}");
}

#[tokio::test]
async fn a_delete_that_finds_nothing_at_once_has_not_worked() {
    let fake = seeded().start().await.unwrap();
    let error = delete(&client(&fake), 12).send().await.unwrap_err();
    assert!(error.is_not_found());
    // A limit refuses before anything is done.
    fake.fault(
        Fault::secondary_rate_limit()
            .retry_after(Duration::ZERO)
            .once(),
    );
    tokio::time::pause();
    let error = delete(&client(&fake), 12).send().await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test(start_paused = true)]
async fn delays_are_random_and_double_up_to_a_bound() {
    let fake = seeded().start().await.unwrap();
    let waits = Log::new();
    let client = builder(&fake)
        .retry(
            RetryPolicy::default()
                .max_attempts(9)
                .base_delay(Duration::from_secs(1))
                .max_delay(Duration::from_secs(8)),
        )
        .on_wait({
            let waits = waits.clone();
            move |wait: &Wait<'_>| waits.push(wait.delay)
        })
        .build()
        .unwrap();
    fake.fault(Fault::status(500));
    let mut all = Vec::new();
    for _ in 0..20 {
        assert_eq!(
            get(&client).send().await.unwrap_err().kind(),
            ErrorKind::Server
        );
    }
    all.extend(waits.all());
    assert_eq!(all.len(), 160);
    for delays in all.chunks(8) {
        for (delay, bound) in delays.iter().zip([1, 2, 4, 8, 8, 8, 8, 8]) {
            assert!(*delay < Duration::from_secs(bound), "{delays:?}");
        }
    }
    let distinct: std::collections::HashSet<_> = all.iter().collect();
    assert!(distinct.len() > 150, "jitter makes them differ");
    let mean = all.iter().skip(3).step_by(8).sum::<Duration>() / 20;
    assert!(
        mean > Duration::from_secs(1),
        "full jitter, not none: {mean:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_total_time_is_bounded() {
    let fake = seeded().start().await.unwrap();
    fake.fault(Fault::status(503));
    let policy = RetryPolicy::default()
        .max_attempts(u32::MAX)
        .base_delay(Duration::from_secs(4))
        .max_total_time(Duration::from_secs(30));
    let client = builder(&fake).retry(policy).build().unwrap();
    let start = Instant::now();
    assert_eq!(
        get(&client).send().await.unwrap_err().kind(),
        ErrorKind::Server
    );
    assert!(start.elapsed() <= Duration::from_secs(31));
    assert!(fake.requests().len() > 1);
}

#[tokio::test(start_paused = true)]
async fn a_failing_server_may_say_when_to_come_back() {
    let fake = seeded().start().await.unwrap();
    fake.fault(
        Fault::status(503)
            .retry_after(Duration::from_secs(17))
            .once(),
    );
    let start = Instant::now();
    get(&client(&fake)).send().await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(17));
    // Later than the policy allows is not waited for.
    fake.fault(Fault::status(503).retry_after(Duration::from_secs(1700)));
    let start = Instant::now();
    get(&client(&fake)).send().await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(17));
}

#[tokio::test]
async fn a_policy_of_none_tries_once() {
    let fake = seeded().start().await.unwrap();
    fake.fault(Fault::status(503));
    let client = builder(&fake).retry(RetryPolicy::none()).build().unwrap();
    get(&client).send().await.unwrap_err();
    assert_eq!(fake.requests().len(), 1);
}

async fn bomb(fake: &Fake, limit: usize) -> Result<(), ErrorKind> {
    let client: Client = builder(fake).body_limit(limit).build().unwrap();
    let result = get(&client).send().await;
    result.map(drop).map_err(|error| error.kind())
}

#[tokio::test]
async fn bodies_are_bounded_after_decompression() {
    let fake = seeded().start().await.unwrap();
    fake.fault(Fault::gzip_bomb(1 << 30));
    assert_eq!(bomb(&fake, 32 << 20).await, Err(ErrorKind::TooLarge));
    assert_eq!(bomb(&fake, 1000).await, Err(ErrorKind::TooLarge));
    assert_eq!(fake.requests().len(), 2, "more attempts bring no less");
    fake.clear_faults();
    assert_eq!(bomb(&fake, 100).await, Err(ErrorKind::TooLarge));
    assert_eq!(bomb(&fake, 100_000).await, Ok(()));
}

#[tokio::test]
async fn a_body_may_be_larger_than_the_default_limit_if_the_caller_says_so() {
    let fake = seeded().start().await.unwrap();
    let padding = " ".repeat(33 << 20);
    let body = format!(r#"{{"total_count":0,{padding}"artifacts":[]}}"#);
    fake.fault(Fault::change().body(body));
    let error = list(&client(&fake)).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let client = builder(&fake).body_limit(40 << 20).build().unwrap();
    assert_eq!(list(&client).send().await.unwrap().total_count, 0);
}

#[tokio::test]
async fn gzip_is_asked_for_and_undone() {
    use std::io::Write;
    let fake = seeded().start().await.unwrap();
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let whole = gzip(r#"{"total_count":0,"artifacts":[]}"#);
    let body = |body: &[u8]| {
        Fault::change()
            .body(body.to_vec())
            .header("content-encoding", "gzip")
    };
    fake.fault(body(&whole).once());
    assert_eq!(list(&client(&fake)).send().await.unwrap().total_count, 0);
    assert_eq!(fake.requests()[0].header("accept-encoding"), Some("gzip"));
    // Cut short within the compressed bytes.
    fake.fault(body(&whole[..whole.len() - 9]).once());
    fake.fault(body(&whole).after(1));
    assert_eq!(list(&client(&fake)).send().await.unwrap().total_count, 0);
    assert_eq!(fake.requests().len(), 3);
    fake.clear_faults();
    fake.fault(body(b"no gzip at all").once());
    let error = list(&client(&fake)).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let message = gzip(r#"{"message":"Not here"}"#);
    fake.fault(body(&message).once());
    fake.fault(Fault::status(404).once());
    let error = list(&client(&fake)).send().await.unwrap_err();
    assert_eq!(error.message(), "Not here");
}

/// Sends a POST, which no generated operation is so far.
async fn post(client: &Client) -> Result<u16, ErrorKind> {
    let request = http::Request::post(format!("{}/x", client.api().base_url()))
        .body("a body".into())
        .unwrap();
    let operation = gha_client::operations::GetArtifact::OPERATION;
    let context = gha_core::Context::new(operation, gha_core::Answer::Json);
    let response = client.api().transport().call(request, &context).await;
    let response = response.map_err(|error| error.kind())?;
    Ok(response.status().as_u16())
}

#[tokio::test(start_paused = true)]
#[cfg_attr(
    windows,
    ignore = "Wine 8 takes a refused connection for one until it is used"
)]
async fn what_may_have_been_done_once_is_not_done_twice() {
    for (fault, outcome, sent) in [
        (Fault::status(503), Ok(503), 1),
        (Fault::status(408), Ok(408), 1),
        (Fault::hang_up(), Err(ErrorKind::Network), 1),
        // A limit refuses before anything is done.
        (Fault::secondary_rate_limit().once(), Ok(404), 2),
    ] {
        let fake = seeded().start().await.unwrap();
        fake.fault(fault);
        assert_eq!(post(&client(&fake)).await, outcome);
        assert_eq!(fake.requests().len(), sent);
    }
    let fake = seeded().start().await.unwrap();
    let waits = Log::new();
    let builder = builder(&fake).on_wait({
        let waits = waits.clone();
        move |_: &Wait<'_>| waits.push(())
    });
    drop(fake);
    assert_eq!(
        post(&builder.build().unwrap()).await,
        Err(ErrorKind::Connect)
    );
    assert_eq!(waits.all().len(), 4, "it was never sent");
}

#[tokio::test]
async fn an_encoding_hides_neither_failures_nor_limits() {
    for status in [502, 429] {
        let fake = seeded().start().await.unwrap();
        let failure = Fault::status(status)
            .body("?")
            .header("content-encoding", "br")
            .header("retry-after", "0");
        fake.fault(failure.once());
        get(&client(&fake)).send().await.unwrap();
        assert_eq!(fake.requests().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn an_empty_body_has_nothing_to_undo() {
    let fake = seeded().start().await.unwrap();
    fake.fault(
        Fault::status(204)
            .body("")
            .header("content-encoding", "GZIP"),
    );
    delete(&client(&fake), 11).send().await.unwrap();
    assert_eq!(fake.requests().len(), 1);
}
