//! Blob stores that answer as no fake does: each connection gets the next of the answers.

use std::time::Duration;

use crate::support::{archive, client, seed};
use gha_client::prelude::*;
use gha_download::Source;
use gha_fake::{Fake, Fault, Gate, Match, Operation};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;

/// A fake that redirects to a server with these answers, the last of which it repeats.
async fn store(answers: &'static [&'static str]) -> Fake {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/blob?sig=s3cret", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for number in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer = answers[number.min(answers.len() - 1)];
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    let fake = seed().start().await.unwrap();
    fake.fault(Fault::location(url));
    fake
}

async fn saved(fake: &Fake) -> Result<Vec<u8>, gha_client::Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let download = archive(&client(fake)).download().await?;
    download.save(&path).await?;
    Ok(std::fs::read(&path).unwrap())
}

/// 5 of 20 bytes, and then the connection breaks.
const BROKEN: &str =
    "HTTP/1.1 200 OK\r\nETag: \"x\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n";

#[tokio::test]
async fn a_part_that_is_shorter_than_asked_for_is_not_the_rest() {
    let fake = store(&[
        BROKEN,
        "HTTP/1.1 206 Partial Content\r\nETag: \"x\"\r\nContent-Range: bytes 5-9/*\r\n\
         Content-Length: 5\r\nConnection: close\r\n\r\n56789",
        "HTTP/1.1 206 Partial Content\r\nETag: \"x\"\r\nContent-Range: bytes 10-19/20\r\n\
         Content-Length: 10\r\nConnection: close\r\n\r\nabcdefghij",
    ])
    .await;
    assert_eq!(saved(&fake).await.unwrap(), b"0123456789abcdefghij");
}

#[tokio::test]
async fn what_a_part_has_beyond_its_own_range_is_not_taken() {
    let fake = store(&[
        BROKEN,
        "HTTP/1.1 206 Partial Content\r\nETag: \"x\"\r\nContent-Range: bytes 5-9/*\r\n\
         Content-Length: 10\r\nConnection: close\r\n\r\n56789XXXXX",
        "HTTP/1.1 416 Range Not Satisfiable\r\nETag: \"x\"\r\nContent-Range: bytes */10\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n",
    ])
    .await;
    assert_eq!(saved(&fake).await.unwrap(), b"0123456789");
}

#[tokio::test]
async fn a_reader_that_is_not_polled_holds_up_no_other() {
    let fake = seed().start().await.unwrap();
    let source = Source::open(archive(&client(&fake))).await.unwrap();
    let (mut one, mut two) = (
        source.read(0..1000).unwrap(),
        source.read(5000..6000).unwrap(),
    );
    // The link that is kept is refused to both, and the next one is held back.
    let gate = Gate::new();
    fake.fault(Fault::status(403).on(Match::blob()).times(2));
    fake.fault(
        Fault::hold(&gate)
            .on(Match::operation(Operation::DownloadArtifact))
            .once(),
    );
    let waits = timeout(Duration::from_millis(200), one.try_next()).await;
    assert!(waits.is_err());
    gate.open();
    let read = timeout(Duration::from_secs(10), two.try_next()).await;
    assert!(
        read.expect("it goes on without the other")
            .unwrap()
            .is_some()
    );
    drop(one);
}
