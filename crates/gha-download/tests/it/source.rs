//! Ranges of a content.

use crate::support::{ARTIFACT, archive, artifact, client, content, seed, seed_with, text};
use futures_util::TryStreamExt as _;
use futures_util::future::try_join_all;
use gha_client::{Error, ErrorKind};
use gha_download::Source;
use gha_fake::{Content, Fake, Fault, Match, Operation};

async fn open(fake: &Fake) -> Result<Source, Error> {
    Source::open(archive(&client(fake))).await
}

async fn read(source: &Source, range: std::ops::Range<u64>) -> Result<Vec<u8>, Error> {
    let chunks: Vec<_> = source.read(range)?.try_collect().await?;
    Ok(chunks.concat())
}

#[tokio::test]
async fn parts_are_those_asked_for() {
    let fake = seed().start().await.unwrap();
    let source = open(&fake).await.unwrap();
    let total = content().len() as u64;
    assert_eq!(source.content_length(), Some(total));
    assert_eq!(source.content_type(), Some("application/zip"));
    assert_eq!(source.file_name(), Some("dist.zip"));
    assert!(source.accepts_ranges() && source.etag().unwrap().starts_with('"'));
    for range in [
        0..1,
        0..total,
        5..5,
        total..total,
        total - 1..total,
        77..100_077,
    ] {
        let bytes = read(&source, range.clone()).await.unwrap();
        assert!(
            bytes == content()[range.start as usize..range.end as usize],
            "{range:?}"
        );
    }
    // One link was good for all of it.
    assert_eq!(fake.requests_for(&Match::api()).len(), 1);
}

#[tokio::test]
async fn offsets_have_more_than_32_bits() {
    let huge = Content::noise(5 << 30, 7);
    let fake = seed_with(artifact(huge.clone()).without_digest());
    let fake = fake.start().await.unwrap();
    let source = open(&fake).await.unwrap();
    for at in [(4 << 30) - 1000, (5 << 30) - 2000] {
        let range = at..at + 2000;
        assert!(read(&source, range.clone()).await.unwrap() == huge.read(range));
    }
}

#[tokio::test]
#[expect(clippy::reversed_empty_ranges, reason = "one of the wrong ones")]
async fn ranges_beyond_the_content_are_refused() {
    let fake = seed().start().await.unwrap();
    let source = open(&fake).await.unwrap();
    let total = content().len() as u64;
    for range in [
        0..total + 1,
        total + 1..total + 1,
        5..4,
        u64::MAX - 1..u64::MAX,
    ] {
        let error = source.read(range).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
}

#[tokio::test]
async fn parts_at_the_same_time_are_parts_of_one_content() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::close_after(3000).on(Match::blob()).after(2).times(3));
    let source = open(&fake).await.unwrap();
    let starts = (0..content().len() as u64).step_by(10_000);
    let parts = starts.map(|start| read(&source, start..start + 10_000));
    assert!(try_join_all(parts).await.unwrap().concat() == content());
}

#[tokio::test]
async fn links_are_renewed_once_for_all() {
    let fake = seed().start().await.unwrap();
    let source = open(&fake).await.unwrap();
    fake.clock().advance(std::time::Duration::from_secs(3600));
    let reads = (0..10).map(|at| read(&source, at * 1000..(at + 1) * 1000));
    assert!(try_join_all(reads).await.unwrap().concat() == content()[..10_000]);
    let links = fake.requests_for(&Match::operation(Operation::DownloadArtifact));
    assert_eq!(links.len(), 2);
}

#[tokio::test]
async fn stores_without_usable_ranges() {
    for fault in [
        Fault::weak_etag(),
        Fault::without_etag(),
        Fault::refuse_ranges(),
        Fault::misname_ranges(7),
        Fault::shift_ranges(7),
        Fault::unsatisfiable_ranges(),
    ] {
        let fake = seed().fault(fault).start().await.unwrap();
        let source = open(&fake).await.unwrap();
        assert!(!source.accepts_ranges());
        assert_eq!(source.content_length(), Some(content().len() as u64));
        assert_eq!(
            source.read(0..1).unwrap_err().kind(),
            ErrorKind::InvalidRequest
        );
    }
}

#[tokio::test]
async fn an_empty_content_has_no_ranges() {
    let artifact = crate::support::artifact(Content::bytes(""));
    let fake = crate::support::seed_with(artifact).start().await.unwrap();
    let source = open(&fake).await.unwrap();
    assert_eq!(source.content_length(), Some(0));
    assert!(!source.accepts_ranges());
}

#[tokio::test]
async fn a_store_may_send_more_than_it_was_asked_for() {
    let fake = seed().start().await.unwrap();
    let source = open(&fake).await.unwrap();
    let everything = Fault::status(206)
        .body(content())
        .header("content-range", "bytes 0-229999/230000")
        .header("etag", source.etag().unwrap());
    fake.fault(everything.on(Match::blob()));
    assert_eq!(read(&source, 0..10).await.unwrap(), content()[..10]);
}

#[tokio::test]
async fn content_that_changes_is_an_error() {
    let fake = seed().start().await.unwrap();
    let source = open(&fake).await.unwrap();
    fake.replace_content(ARTIFACT, Content::bytes(text(2)))
        .unwrap();
    let error = read(&source, 5..10).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Changed);
    assert!(error.to_string().contains("has changed"), "{error}");
}
