//! Every fault that the fake knows, against every way to read a download: the bytes are those that
//! were served, or there is an error and no file.

use std::time::Duration;

use crate::support::{
    ARTIFACT, Sink, archive, client, content, download, everything_said, log, seed, serve, text,
};
use gha_client::prelude::*;
use gha_client::{Client, ErrorKind};
use gha_fake::{Content, Fake, Fault, Match, Operation};

fn blob(fault: Fault) -> Fault {
    fault.on(Match::blob())
}

/// A blob request that asks for the rest.
fn rest(fault: Fault) -> Fault {
    fault.on(Match::blob().when(|request| request.header("range").is_some()))
}

fn broken() -> Fault {
    blob(Fault::close_after(100_000)).once()
}

/// A fake and its client, made once: a client reads all root certificates.
struct Lab {
    fake: Fake,
    client: Client,
}

impl Lab {
    async fn new() -> Self {
        let fake = seed().start().await.unwrap();
        let client = client(&fake);
        Self { fake, client }
    }

    fn set(&self, faults: Vec<Fault>) {
        self.fake.clear_faults();
        self.fake.clear_requests();
        for fault in faults {
            self.fake.fault(fault);
        }
    }
}

/// All sinks get all bytes, of the artifact with its digest and of the log without one.
async fn heals(name: &str, faults: impl Fn() -> Vec<Fault>) {
    let lab = Lab::new().await;
    let digest = Content::bytes(content()).digest().to_owned();
    for sink in Sink::ALL {
        lab.set(faults());
        let download = archive(&lab.client).download().await;
        let download = download.unwrap_or_else(|error| panic!("{name}, {sink:?}: {error}"));
        let download = download.expect_digest(Some(&digest)).unwrap();
        let read = sink.read(download).await;
        let bytes = read.unwrap_or_else(|error| panic!("{name}, {sink:?}: {error}"));
        assert!(bytes == content(), "{name}, {sink:?}: other bytes");

        lab.set(faults());
        let download = log(&lab.client).download().await.unwrap();
        let bytes = sink.read(download).await.unwrap();
        assert!(
            bytes == content(),
            "{name}, {sink:?}: other bytes of the log"
        );
    }
}

/// Sinks that can start over get all bytes, the others an error of this kind.
async fn starts_over(name: &str, kind: ErrorKind, faults: impl Fn() -> Vec<Fault>) {
    let lab = Lab::new().await;
    let digest = Content::bytes(content()).digest().to_owned();
    for sink in Sink::ALL {
        lab.set(faults());
        let download = archive(&lab.client).download().await.unwrap();
        let download = download.expect_digest(Some(&digest)).unwrap();
        let read = sink.read(download).await;
        if sink.can_start_over() {
            let bytes = read.unwrap_or_else(|error| panic!("{name}, {sink:?}: {error}"));
            assert!(bytes == content(), "{name}, {sink:?}: other bytes");
        } else {
            let error = read.expect_err(name);
            assert_eq!(error.kind(), kind, "{name}, {sink:?}: {error}");
            let said = error.to_string();
            assert!(
                said.contains("cannot be resumed"),
                "{name}, {sink:?}: {said}"
            );
        }
    }
}

/// All sinks fail, and nothing secret is said of it.
async fn fails(name: &str, kinds: &[ErrorKind], faults: impl Fn() -> Vec<Fault>) {
    let lab = Lab::new().await;
    let digest = Content::bytes(content()).digest().to_owned();
    for sink in Sink::ALL {
        lab.set(faults());
        let read = match archive(&lab.client).download().await {
            Ok(download) => {
                sink.read(download.expect_digest(Some(&digest)).unwrap())
                    .await
            }
            Err(error) => Err(error),
        };
        let Err(error) = read else {
            panic!("{name}, {sink:?}: read to the end")
        };
        assert!(kinds.contains(&error.kind()), "{name}, {sink:?}: {error:?}");
        let said = everything_said(&error);
        for secret in ["sig=", "sig%3D", "ghp_", "c2VjcmV0", "hunter2"] {
            assert!(!said.contains(secret), "{name}, {sink:?}: {said}");
        }
        // Enough to find the request by, and no more requests than attempts and hops allow.
        assert!(
            error.to_string().starts_with("download_artifact: "),
            "{name}: {error}"
        );
        let requests = lab.fake.requests().len();
        assert!(
            requests <= 4 * 7 + 4,
            "{name}, {sink:?}: {requests} requests"
        );
    }
}

#[tokio::test]
async fn connections_that_break() {
    heals("no fault", Vec::new).await;
    heals("slow", || {
        vec![blob(Fault::delay(Duration::from_millis(2)))]
    })
    .await;
    heals("closed in the middle", || vec![broken()]).await;
    heals("closed before the first byte", || {
        vec![blob(Fault::close_after(0)).once()]
    })
    .await;
    heals("reset in the middle", || {
        vec![blob(Fault::reset_after(100_000)).once()]
    })
    .await;
    heals("hung up", || vec![blob(Fault::hang_up()).times(3)]).await;
    heals("hung up again and again, with progress between", || {
        vec![
            broken(),
            blob(Fault::hang_up()).times(2),
            blob(Fault::close_after(1)).once(),
        ]
    })
    .await;
    heals("closed after each new 40,000 bytes", || {
        vec![blob(Fault::close_after(40_000))]
    })
    .await;
}

#[tokio::test]
async fn connections_that_stall() {
    // Side by side: each mostly waits.
    tokio::join!(
        heals("stalled in the middle", || {
            vec![blob(Fault::stall_after(100_000)).once()]
        }),
        heals("stalled before the first byte", || {
            vec![blob(Fault::stall_after(0)).once()]
        }),
        fails("stalled for good", &[ErrorKind::Timeout], || {
            vec![blob(Fault::stall_after(0))]
        }),
    );
}

#[tokio::test]
async fn links_that_are_refused_at_first() {
    heals("expired", || vec![Fault::expired_link().once()]).await;
    heals("expired when it breaks", || {
        vec![broken(), Fault::expired_link().after(1).once()]
    })
    .await;
    for status in [403, 404, 408, 429, 500, 503] {
        let name = format!("refused with {status}");
        heals(&name, || vec![blob(Fault::status(status)).times(2)]).await;
        heals(&name, || {
            vec![broken(), rest(Fault::status(status)).times(2)]
        })
        .await;
    }
}

#[tokio::test]
async fn redirects_of_the_blob_store() {
    for status in [301, 302, 303, 307, 308] {
        let name = format!("five times {status}");
        heals(&name, || {
            vec![blob(Fault::redirect_loop().with_status(status)).times(5)]
        })
        .await;
    }
    fails("six times", &[ErrorKind::LinkRefused], || {
        vec![blob(Fault::redirect_loop()).times(6)]
    })
    .await;
    fails("for ever", &[ErrorKind::LinkRefused], || {
        vec![blob(Fault::redirect_loop())]
    })
    .await;
    for target in [
        "ftp://blobs.example.com/?sig=c2VjcmV0",
        "file:///etc/passwd",
        "http://octocat:hunter2@127.0.0.1/?sig=c2VjcmV0",
        "http://[not-a-host/?sig=c2VjcmV0",
    ] {
        fails(target, &[ErrorKind::LinkRefused], || {
            vec![blob(Fault::redirect(302, target))]
        })
        .await;
    }
}

#[tokio::test]
async fn bodies_that_are_cut() {
    heals("a range shorter than it says", || {
        vec![broken(), rest(Fault::truncate_to(50_000)).once()]
    })
    .await;
    heals("half of a range", || {
        vec![broken(), rest(Fault::cut_short()).times(2)]
    })
    .await;
    let mismatch = &[ErrorKind::DigestMismatch];
    fails("truncated", mismatch, || {
        vec![blob(Fault::truncate_to(100_000))]
    })
    .await;
    fails("half of it", mismatch, || vec![blob(Fault::cut_short())]).await;
    fails("nothing of it", mismatch, || {
        vec![blob(Fault::truncate_to(0))]
    })
    .await;
    fails("a wrong byte", mismatch, || {
        vec![blob(Fault::corrupt_byte(150_000))]
    })
    .await;
    fails("a wrong byte in a range", mismatch, || {
        vec![broken(), rest(Fault::corrupt_byte(150_000))]
    })
    .await;
    fails("a page of HTML", mismatch, || vec![blob(Fault::html())]).await;
    fails("a bomb", &[ErrorKind::Decode], || {
        vec![blob(Fault::gzip_bomb(1 << 20))]
    })
    .await;
}

#[tokio::test]
async fn ranges_that_cannot_be_put_together() {
    let unresumed = ErrorKind::Truncated;
    starts_over("weak tag", unresumed, || {
        vec![broken(), blob(Fault::weak_etag())]
    })
    .await;
    starts_over("no tag", unresumed, || {
        vec![broken(), blob(Fault::without_etag())]
    })
    .await;
    starts_over("no tag later", unresumed, || {
        vec![broken(), rest(Fault::without_etag())]
    })
    .await;
    starts_over("ignored", unresumed, || {
        vec![broken(), blob(Fault::refuse_ranges())]
    })
    .await;
    starts_over("named wrongly", unresumed, || {
        vec![broken(), blob(Fault::misname_ranges(7))]
    })
    .await;
    starts_over("shifted", unresumed, || {
        vec![broken(), blob(Fault::shift_ranges(7))]
    })
    .await;
    starts_over("unsatisfiable", unresumed, || {
        vec![broken(), blob(Fault::unsatisfiable_ranges())]
    })
    .await;
    starts_over("another tag", ErrorKind::Changed, || {
        vec![broken(), rest(Fault::change().header("etag", "\"other\""))]
    })
    .await;
    starts_over("another length", ErrorKind::Changed, || {
        vec![
            broken(),
            rest(Fault::change().header("content-range", "bytes 100000-229999/230001")),
        ]
    })
    .await;
    for nonsense in [
        "",
        "bytes",
        "bytes 100000-5/230000",
        "pages 1-2/3",
        "bytes 100000-229999",
    ] {
        starts_over(nonsense, unresumed, || {
            vec![
                broken(),
                rest(Fault::change().header("content-range", nonsense)),
            ]
        })
        .await;
    }
}

#[tokio::test]
async fn a_store_without_ranges_that_always_breaks_is_given_up() {
    fails(
        "no progress",
        &[ErrorKind::Network, ErrorKind::Truncated],
        || {
            vec![
                blob(Fault::close_after(100_000)),
                blob(Fault::refuse_ranges()),
            ]
        },
    )
    .await;
}

#[tokio::test]
async fn failures_that_last() {
    fails("500", &[ErrorKind::Server], || {
        vec![blob(Fault::status(500))]
    })
    .await;
    fails("403", &[ErrorKind::Forbidden], || {
        vec![blob(Fault::status(403))]
    })
    .await;
    fails("404", &[ErrorKind::NotFound], || {
        vec![blob(Fault::status(404))]
    })
    .await;
    fails("401", &[ErrorKind::Forbidden], || {
        vec![blob(Fault::status(401))]
    })
    .await;
    fails("409", &[ErrorKind::Refused], || {
        vec![blob(Fault::status(409))]
    })
    .await;
    fails("204", &[ErrorKind::UnexpectedStatus], || {
        vec![blob(Fault::status(204))]
    })
    .await;
    fails("206 unasked", &[ErrorKind::UnexpectedStatus], || {
        vec![blob(Fault::status(206))]
    })
    .await;
    fails("hung up", &[ErrorKind::Network], || {
        vec![blob(Fault::hang_up())]
    })
    .await;
    fails("expired", &[ErrorKind::Forbidden], || {
        vec![Fault::expired_link()]
    })
    .await;
    fails("broken at once", &[ErrorKind::Network], || {
        vec![blob(Fault::close_after(0))]
    })
    .await;
    fails("lost in the middle", &[ErrorKind::Forbidden], || {
        vec![broken(), Fault::expired_link().after(1)]
    })
    .await;
}

#[tokio::test]
async fn redirects_of_the_api() {
    let api = || Match::operation(Operation::DownloadArtifact);
    let refused = &[ErrorKind::LinkRefused];
    fails("no Location", refused, || vec![Fault::location_missing()]).await;
    fails("malformed Location", refused, || {
        vec![Fault::location("http://[not-a-host")]
    })
    .await;
    for location in [
        "ftp://blobs.example.com/?sig=c2VjcmV0",
        "javascript:alert(1)",
        "https://octocat:hunter2@blobs.example.com/?sig=c2VjcmV0",
        "http://%zz/?sig=c2VjcmV0",
    ] {
        fails(location, refused, || vec![Fault::location(location)]).await;
    }
    fails(
        "HTML instead",
        &[ErrorKind::UnexpectedStatus, ErrorKind::Decode],
        || vec![Fault::html().on(api())],
    )
    .await;
    fails("gone", &[ErrorKind::Expired], || {
        vec![Fault::status(410).on(api())]
    })
    .await;
    fails("gone meanwhile", &[ErrorKind::Expired], || {
        vec![broken(), Fault::status(410).on(api()).after(1)]
    })
    .await;
    heals("the API is out of order for a moment", || {
        let busy = Fault::status(503).after(1).times(2);
        let busy_logs = busy
            .clone()
            .on(Match::operation(Operation::DownloadJobLogs));
        vec![broken(), busy.on(api()), busy_logs]
    })
    .await;
}

#[tokio::test]
async fn content_that_changes_under_way() {
    for sink in Sink::ALL {
        let fake = seed().fault(broken()).start().await.unwrap();
        fake.after_answer(Match::blob(), |_, state| {
            state
                .replace_content(ARTIFACT, Content::bytes(text(2)))
                .unwrap();
        });
        let download = archive(&client(&fake)).download().await.unwrap();
        let read = sink.read(download).await;
        if sink.can_start_over() {
            assert!(read.unwrap() == text(2).into_bytes(), "{sink:?}");
        } else {
            let error = read.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Changed, "{sink:?}: {error}");
        }
    }
}

#[tokio::test]
async fn content_that_shrinks_or_grows_under_way() {
    for other in [&content()[..50_000], &[content(), content()].concat()] {
        for sink in Sink::ALL {
            let fake = seed().fault(broken()).start().await.unwrap();
            let new = Content::bytes(other.to_vec());
            fake.after_answer(Match::blob(), move |_, state| {
                state.replace_content(ARTIFACT, new.clone()).unwrap();
            });
            let download = archive(&client(&fake)).download().await.unwrap();
            match sink.read(download).await {
                Ok(bytes) => assert!(sink.can_start_over() && bytes == other, "{sink:?}"),
                Err(error) => {
                    assert!(!sink.can_start_over(), "{sink:?}: {error}");
                    assert_eq!(error.kind(), ErrorKind::Changed, "{sink:?}: {error}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_resume_asks_for_the_rest_by_a_fresh_link() {
    let fake = seed().fault(broken()).start().await.unwrap();
    let download = archive(&client(&fake)).download().await.unwrap();
    assert!(download.bytes(usize::MAX).await.unwrap() == content());
    let links = fake.requests_for(&Match::operation(Operation::DownloadArtifact));
    assert_eq!(links.len(), 2);
    let [first, second] = &fake.requests_for(&Match::blob())[..] else {
        panic!("two requests to the blob store: {:?}", fake.requests())
    };
    assert_eq!(
        (first.header("range"), first.header("if-range")),
        (None, None)
    );
    let range = second.header("range").unwrap();
    let from: u64 = range
        .strip_prefix("bytes=")
        .unwrap()
        .strip_suffix('-')
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=100_000).contains(&from), "{range}");
    assert!(second.header("if-range").unwrap().starts_with('"'));
}

#[tokio::test]
async fn a_reader_that_takes_its_time_keeps_its_connection() {
    let content = Content::noise(16 << 20, 7);
    let fake = serve(content.clone()).await;
    // Longer than the server may be silent, and nobody waits for it meanwhile.
    let pause = || tokio::time::sleep(Duration::from_millis(700));
    let mut stream = download(&fake).await.into_stream();
    let mut bytes = stream.try_next().await.unwrap().unwrap().to_vec();
    pause().await;
    bytes.extend_from_slice(&stream.try_next().await.unwrap().unwrap());
    pause().await;
    while let Some(chunk) = stream.try_next().await.unwrap() {
        bytes.extend_from_slice(&chunk);
    }
    assert!(bytes == content.read(0..content.len()));
    assert_eq!(fake.requests_for(&Match::blob()).len(), 1);
}

#[tokio::test]
async fn what_the_store_lacks_the_api_explains() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::status(404).on(Match::blob()));
    let client = client(&fake);
    let error = log(&client).download().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LogNotStored, "{error}");
    assert!(
        error.to_string().contains("it may have been deleted"),
        "{error}"
    );
    assert_eq!(
        fake.requests_for(&Match::blob()).len(),
        4,
        "it may be behind"
    );

    // Of an artifact the API knows no more.
    let error = archive(&client).download().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
}
