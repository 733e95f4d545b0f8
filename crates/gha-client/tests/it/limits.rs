//! Rate limits: recognised, waited for, told of, bounded.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::support::*;
use gha_client::{Client, ErrorKind, Wait, prelude::*};
use gha_fake::{Clock, Fake, Fault, Gate, Match};
use tokio::time::Instant;

const REFUSED: &str = r#"{"message":"You have exceeded a secondary rate limit."}"#;

fn told(fake: &Fake, max: Duration) -> (Client, Log<Duration>) {
    let waits = Log::new();
    let client = builder(fake)
        .max_rate_limit_wait(max)
        .on_wait({
            let waits = waits.clone();
            move |wait: &Wait<'_>| {
                assert!(wait.error.is_rate_limited());
                assert_eq!(wait.operation.id, "get_artifact");
                waits.push(wait.delay);
            }
        })
        .build()
        .unwrap();
    (client, waits)
}

/// Every form of a limit, and how long it asks to wait.
fn forms() -> Vec<(Fault, u64)> {
    let seconds = Duration::from_secs;
    vec![
        (Fault::primary_rate_limit(seconds(40)), 40),
        (Fault::primary_rate_limit(seconds(40)).with_status(429), 40),
        (Fault::secondary_rate_limit().retry_after(seconds(7)), 7),
        (
            Fault::secondary_rate_limit()
                .with_status(429)
                .retry_after(seconds(7)),
            7,
        ),
        (Fault::secondary_rate_limit(), 60),
        (Fault::secondary_rate_limit().with_status(429), 60),
        (Fault::status(403).body(REFUSED), 60),
        (
            Fault::status(403)
                .body(r#"{"message":"You have triggered an abuse detection mechanism."}"#),
            60,
        ),
        (Fault::status(403).body("{}").retry_after(seconds(9)), 9),
        (Fault::status(429).body("<html>slow down</html>"), 60),
    ]
}

#[tokio::test(start_paused = true)]
async fn every_form_is_recognised_and_waited_for() {
    for (fault, expected) in forms() {
        let what = format!("{fault:?}");
        let clock = Clock::default();
        clock.freeze();
        let fake = seeded().clock(clock).start().await.unwrap();
        fake.fault(fault.once());
        let (client, waits) = told(&fake, Duration::from_secs(300));
        let start = Instant::now();
        get(&client).send().await.unwrap();
        assert_eq!(waits.all().len(), 1, "{what}");
        let wait = waits.all()[0].as_secs_f64().round();
        // A reset is told in whole seconds.
        assert!((wait - expected as f64).abs() <= 1.0, "{what}: {wait}");
        assert!(start.elapsed() >= waits.all()[0]);
        assert_eq!(fake.requests().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn beyond_the_longest_wait_the_error_says_when_to_come_back() {
    for (fault, expected) in forms() {
        let fake = seeded().start().await.unwrap();
        fake.fault(fault);
        let (client, waits) = told(&fake, Duration::from_secs(5));
        let error = get(&client).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        let asked = error.retry_after().unwrap().as_secs();
        assert!(asked.abs_diff(expected) <= 1, "{error}");
        assert!(
            error
                .to_string()
                .contains(&format!("try again in {asked} s")),
            "{error}"
        );
        assert!(waits.all().is_empty());
        assert_eq!(fake.requests().len(), 1);
        // What follows fails at once until the limit ends, and without a request.
        fake.clear_faults();
        let next = list(&client).send().await.unwrap_err();
        assert_eq!(next.kind(), ErrorKind::RateLimited);
        assert!(next.retry_after().unwrap().as_secs() <= asked, "{next}");
        assert_eq!(fake.requests().len(), 1);
        tokio::time::sleep(next.retry_after().unwrap()).await;
        get(&client).send().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_lasts_is_asked_less_and_less_often() {
    let fake = seeded().start().await.unwrap();
    fake.fault(Fault::secondary_rate_limit().retry_after(Duration::ZERO));
    let (client, waits) = told(&fake, Duration::from_secs(100));
    let error = get(&client).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    let seconds: Vec<_> = waits.all().iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [1, 2, 4, 8, 16, 32]);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(64)));
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_no_failure_of_the_policy() {
    let fake = seeded().start().await.unwrap();
    fake.fault(
        Fault::secondary_rate_limit()
            .retry_after(Duration::from_secs(1))
            .times(3),
    );
    let client = builder(&fake)
        .retry(gha_client::RetryPolicy::none())
        .build()
        .unwrap();
    get(&client).send().await.unwrap();
    assert_eq!(fake.requests().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn deletes_wait_for_limits_too() {
    let fake = seeded().start().await.unwrap();
    fake.fault(Fault::primary_rate_limit(Duration::from_secs(30)).once());
    let start = Instant::now();
    delete(&client(&fake), 11).send().await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(29));
}

#[tokio::test]
async fn a_plain_403_is_no_limit() {
    let fake = seeded().start().await.unwrap();
    fake.fault(Fault::status(403).body(r#"{"message":"Resource not accessible by integration"}"#));
    let error = get(&client(&fake)).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn the_last_limit_seen_can_be_read() {
    let fake = seeded().rate_limit(5000).start().await.unwrap();
    let client = client(&fake);
    assert!(client.rate_limit().is_none());
    get(&client).send().await.unwrap();
    get(&client).send().await.unwrap();
    let limit = client.clone().rate_limit().unwrap();
    assert_eq!(
        (limit.limit, limit.remaining, limit.used),
        (5000, 4998, Some(2))
    );
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    assert!(limit.reset.timestamp() > i64::try_from(now.as_secs()).unwrap());
    // Failures tell it too.
    delete(&client, 12).send().await.unwrap_err();
    assert_eq!(client.rate_limit().unwrap().remaining, 4997);
}

#[tokio::test(start_paused = true)]
async fn one_limit_holds_back_all_requests() {
    let fake = seeded().start().await.unwrap();
    let client = client(&fake);
    fake.fault(Fault::primary_rate_limit(Duration::from_secs(30)).once());
    let start = Instant::now();
    let waiting = tokio::spawn(get(&client).send());
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    // The refusal is on its way back, or there already: either way both have to wait.
    get(&client).send().await.unwrap();
    waiting.await.unwrap().unwrap();
    assert!(start.elapsed() >= Duration::from_secs(29));
    assert!(fake.requests().len() <= 3);
}

/// How many requests for pages are in flight at once, when a client streams with `prefetch(4)`.
async fn in_flight(fake: &Fake, client: &Client) -> usize {
    let mut stream = list(client).per_page(10).stream().prefetch(4);
    // Time stands still until nobody has anything to do: a sleep ends when all is at rest.
    let rest = || tokio::time::sleep(Duration::from_secs(1));
    for _ in 0..30 {
        stream.try_next().await.unwrap().unwrap();
    }
    rest().await;
    fake.clear_requests();
    let gate = Gate::new();
    fake.fault(Fault::hold(&gate));
    let reader = tokio::spawn(async move {
        let mut count = 30;
        while stream.try_next().await.unwrap().is_some() {
            count += 1;
        }
        count
    });
    rest().await;
    let in_flight = fake.requests().len();
    gate.open();
    assert_eq!(reader.await.unwrap(), 200);
    in_flight
}

#[tokio::test(start_paused = true)]
async fn prefetching_slows_down_on_a_secondary_limit() {
    let fake = with_artifacts(200).start().await.unwrap();
    assert_eq!(in_flight(&fake, &client(&fake)).await, 4);
    let limit = Fault::secondary_rate_limit()
        .on(Match::api().page(2))
        .once();
    fake.fault(limit);
    let client = client(&fake);
    assert_eq!(in_flight(&fake, &client).await, 1);
    // After a while the client dares more again.
    tokio::time::sleep(Duration::from_secs(400)).await;
    assert_eq!(in_flight(&fake, &client).await, 4);
}

#[tokio::test(start_paused = true)]
async fn after_a_limit_all_calls_go_on() {
    let fake = seeded().start().await.unwrap();
    let client = client(&fake);
    let limit = Fault::secondary_rate_limit().retry_after(Duration::from_secs(2));
    fake.fault(limit.once());
    let mut calls = vec![tokio::spawn(get(&client).send())];
    tokio::time::sleep(Duration::from_secs(1)).await;
    calls.extend((0..4).map(|_| tokio::spawn(get(&client).send())));
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(fake.requests().len(), 1);
    // One of them stands still, and holds up nobody.
    let gate = Gate::new();
    fake.fault(Fault::hold(&gate).once());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(fake.requests().len(), 6);
    assert_eq!(calls.iter().filter(|call| call.is_finished()).count(), 4);
    gate.open();
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn an_absurd_limit_is_waited_for_and_not_more() {
    for asked in [u64::MAX, u64::MAX / 2] {
        let fake = seeded().start().await.unwrap();
        fake.fault(
            Fault::status(429)
                .header("retry-after", asked.to_string())
                .once(),
        );
        let client = builder(&fake).max_rate_limit_wait(Duration::MAX).build();
        let start = Instant::now();
        get(&client.unwrap()).send().await.unwrap();
        assert!(start.elapsed() >= Duration::from_secs(60 * 60));
        assert_eq!(fake.requests().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_nobody_polls_holds_up_no_other() {
    let fake = seeded().start().await.unwrap();
    let client = client(&fake);
    fake.fault(Fault::secondary_rate_limit().once());
    get(&client).send().await.unwrap();
    let gate = Gate::new();
    fake.fault(Fault::hold(&gate).once());
    let mut idle = Box::pin(get(&client).send());
    let started = tokio::time::timeout(Duration::from_secs(1), &mut idle).await;
    assert!(started.is_err());
    gate.open();
    get(&client).send().await.unwrap();
    drop(idle);
}
