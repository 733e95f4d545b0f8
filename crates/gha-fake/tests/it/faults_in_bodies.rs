//! Bodies that stall, end early, or are not what they should be.

use std::time::Duration;

use crate::support::{actions, get, get_with, location, seed};
use gha_fake::{Content, Fake, Fault, Match, Operation};

/// The noise artifact's bytes.
fn noise() -> Vec<u8> {
    Content::noise(300_000, 0).read(0..300_000)
}

async fn download(fake: &Fake) -> crate::support::Reply {
    let url = location(fake, "artifacts/13/zip").await;
    get_with(&url, &[]).await
}

#[tokio::test]
async fn close_after_sends_so_many_bytes_and_no_more() {
    let fake = seed().start().await.unwrap();
    for bytes in [0, 1, 150_000, 299_999] {
        let fault = fake.fault(Fault::close_after(bytes).on(Match::blob()).once());
        let reply = download(&fake).await;
        assert_eq!(fault.hits(), 1);
        assert_eq!(reply.length(), Some(300_000));
        assert!(!reply.whole);
        assert_eq!(reply.body, noise()[..bytes as usize], "after {bytes}");
    }
    assert_eq!(download(&fake).await.body, noise());
}

#[tokio::test]
async fn what_was_sent_before_a_close_arrives_however_much_it_is() {
    let fake = seed().start().await.unwrap();
    let content = Content::noise(64 << 20, 1);
    fake.replace_content(13, content.clone()).unwrap();
    let after = (48 << 20) + 7;
    fake.fault(Fault::close_after(after).on(Match::blob()));
    let reply = download(&fake).await;
    assert!(!reply.whole);
    assert!(reply.body == content.read(0..after), "{}", reply.body.len());
}

#[tokio::test]
async fn reset_after_breaks_the_connection() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::reset_after(100_000).on(Match::blob()).once());
    let reply = download(&fake).await;
    assert!(!reply.whole);
    assert!(noise()[..100_000].starts_with(&reply.body));
}

#[tokio::test]
async fn truncate_to_looks_whole() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::truncate_to(1000).on(Match::blob()).once());
    let reply = download(&fake).await;
    assert!(reply.whole);
    assert_eq!(reply.length(), Some(1000));
    assert_eq!(reply.body, noise()[..1000]);
}

#[tokio::test]
async fn stall_after_sends_so_many_bytes_and_keeps_the_connection() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::stall_after(1000).on(Match::blob()));
    let url = location(&fake, "artifacts/13/zip").await;
    let path = &url[fake.blob_url().len()..];
    let address = fake.blob_url().trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    let body = loop {
        stream.read_buf(&mut seen).await.unwrap();
        let head = seen.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(head) = head.filter(|head| seen.len() >= head + 4 + 1000) {
            break &seen[head + 4..];
        }
    };
    assert_eq!(body, &noise()[..1000]);
    let more = tokio::time::timeout(Duration::from_millis(100), stream.read_u8());
    assert!(more.await.is_err(), "the body went on, or ended");
}

#[tokio::test]
async fn corrupt_byte_is_the_same_byte_in_ranges() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::corrupt_byte(200_000).on(Match::blob()));
    let mut expected = noise();
    expected[200_000] ^= 0xFF;
    assert_eq!(download(&fake).await.body, expected);
    let url = location(&fake, "artifacts/13/zip").await;
    let range = get_with(&url, &[("range", "bytes=199999-200001")]).await;
    assert_eq!(range.body, expected[199_999..=200_001]);
}

#[tokio::test]
async fn cut_short_leaves_half_of_the_json() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::cut_short().once());
    let url = actions(&fake, "artifacts");
    let half = get(&url).await;
    let whole = get(&url).await;
    assert!(half.whole && half.status == 200);
    assert_eq!(half.body, whole.body[..whole.body.len() / 2]);
    assert!(serde_json::from_slice::<serde_json::Value>(&half.body).is_err());
}

#[tokio::test]
async fn html_in_place_of_json() {
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::html().once());
    let reply = get(&actions(&fake, "artifacts/11")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(reply.text().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn gzip_bomb_is_small_and_inflates_to_its_size() {
    use std::io::Read as _;
    let fake = seed().start().await.unwrap();
    let size = 5 * 1024 * 1024 + 12_345;
    fake.fault(Fault::gzip_bomb(size).on(Match::operation(Operation::GetJob)));
    let reply = get(&actions(&fake, "jobs/42")).await;
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    assert!(reply.body.len() < 10_000, "{}", reply.body.len());
    let mut inflated = flate2::read::GzDecoder::new(&reply.body[..]);
    let mut zeros = Vec::new();
    inflated.read_to_end(&mut zeros).unwrap();
    assert_eq!(zeros.len() as u64, size);
    assert!(zeros.iter().all(|byte| *byte == 0));
}
