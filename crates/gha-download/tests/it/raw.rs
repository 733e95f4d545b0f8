//! Blob stores that answer as no fake does, byte by byte: contradictions, odd framing, misers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{Sink, archive, client, seed};
use gha_client::prelude::*;
use gha_client::{Error, ErrorKind};
use gha_download::{Download, Source};
use gha_fake::{Fake, Fault, Gate, Match, Operation};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;

/// A fake whose links lead to a server that answers requests, by their number and range.
struct Store {
    fake: Fake,
    asked: Arc<AtomicUsize>,
}

impl Store {
    async fn new(
        answer: impl Fn(usize, Option<(u64, Option<u64>)>) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/blob?sig=s3cret", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let (count, answer) = (asked.clone(), Arc::new(answer));
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (count, answer) = (count.clone(), answer.clone());
                tokio::spawn(async move {
                    let mut request = vec![0; 4096];
                    let read = stream.read(&mut request).await.unwrap_or_default();
                    let number = count.fetch_add(1, Ordering::Relaxed);
                    let range = range_of(&String::from_utf8_lossy(&request[..read]));
                    let _ = stream.write_all(&answer(number, range)).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        let fake = seed().start().await.unwrap();
        fake.fault(Fault::location(url));
        Self { fake, asked }
    }

    /// The same answers, whatever is asked; the last one again and again.
    async fn answering(answers: &[&str]) -> Self {
        let answers: Vec<_> = answers.iter().map(ToString::to_string).collect();
        Self::new(move |number, _| answers[number.min(answers.len() - 1)].clone().into()).await
    }

    async fn download(&self) -> Result<Download, Error> {
        archive(&client(&self.fake)).download().await
    }

    async fn saved(&self) -> Result<Vec<u8>, Error> {
        Sink::Save.read(self.download().await?).await
    }
}

fn range_of(request: &str) -> Option<(u64, Option<u64>)> {
    let line = request
        .lines()
        .find_map(|line| line.strip_prefix("range: bytes="))?;
    let (first, last) = line.trim().split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()))
}

/// An answer with these headers and this body, after which the connection closes.
fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let size = format!("{:x}\r\n", body.len());
    [size.as_bytes(), body, b"\r\n0\r\n\r\n"].concat()
}

const LEN: usize = 300_000;
const CUT: usize = 100_000;

fn content() -> Vec<u8> {
    (0..LEN).map(|at| (at / 251 + at % 251) as u8).collect()
}

/// The first answer: the connection breaks in the middle of it.
fn broken() -> Vec<u8> {
    let headers = format!("ETag: \"a\"\r\nContent-Length: {LEN}\r\n");
    answer("200 OK", &headers, &content()[..CUT])
}

/// What a store answers when it is asked for the rest, and what becomes of it.
async fn resumed(rest: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> Store {
    Store::new(move |number, range| match (number, range) {
        (0, _) => broken(),
        (_, Some(_)) => rest(),
        (_, None) => {
            let headers = format!("ETag: \"a\"\r\nContent-Length: {LEN}\r\n");
            answer("200 OK", &headers, &content())
        }
    })
    .await
}

#[tokio::test]
async fn the_rest_is_taken_only_if_nothing_contradicts_it() {
    let tail = || content()[CUT..].to_vec();
    type Rest = Box<dyn Fn() -> Vec<u8> + Send + Sync>;
    let length = LEN - CUT;
    let cases: Vec<(&str, Rest)> = vec![
        (
            "200 with nothing but the tail",
            Box::new(move || {
                let headers = format!("ETag: \"a\"\r\nContent-Length: {length}\r\n");
                answer("200 OK", &headers, &tail())
            }),
        ),
        (
            "the same with a range",
            Box::new(move || {
                let headers = format!(
                    "ETag: \"a\"\r\nContent-Length: {length}\r\nContent-Range: bytes {CUT}-{}/{LEN}\r\n",
                    LEN - 1
                );
                answer("200 OK", &headers, &tail())
            }),
        ),
        (
            "the same in chunks, without a tag",
            Box::new(move || {
                answer(
                    "200 OK",
                    "Transfer-Encoding: chunked\r\n",
                    &chunked(&tail()),
                )
            }),
        ),
        (
            "206 of another range",
            Box::new(move || {
                let headers = format!(
                    "ETag: \"a\"\r\nContent-Length: {length}\r\nContent-Range: bytes 0-{}/{LEN}\r\n",
                    length - 1
                );
                answer("206 Partial Content", &headers, &tail())
            }),
        ),
        (
            "206 with more bytes than its range",
            Box::new(move || {
                let headers = format!(
                    "ETag: \"a\"\r\nContent-Length: {LEN}\r\nContent-Range: bytes {CUT}-{}/{LEN}\r\n",
                    LEN - 1
                );
                answer("206 Partial Content", &headers, &content())
            }),
        ),
        (
            "206 with several ranges",
            Box::new(move || {
                let headers = "ETag: \"a\"\r\nContent-Length: 5\r\nContent-Type: multipart/byteranges; boundary=x\r\n";
                answer("206 Partial Content", headers, b"--x--")
            }),
        ),
        (
            "206 with two ranges to choose from",
            Box::new(move || {
                let headers = format!(
                    "ETag: \"a\"\r\nContent-Length: {length}\r\nContent-Range: bytes {CUT}-{}/{LEN}\r\nContent-Range: bytes 0-1/2\r\n",
                    LEN - 1
                );
                answer("206 Partial Content", &headers, &tail())
            }),
        ),
        (
            "206 of a range beyond the end",
            Box::new(move || {
                let headers = format!(
                    "ETag: \"a\"\r\nContent-Length: {LEN}\r\nContent-Range: bytes {CUT}-{}/*\r\n",
                    CUT + LEN - 1
                );
                answer("206 Partial Content", &headers, &content())
            }),
        ),
        (
            "416 with another length",
            Box::new(move || {
                let headers = format!("Content-Length: 0\r\nContent-Range: bytes */{CUT}\r\n");
                answer("416 Range Not Satisfiable", &headers, b"")
            }),
        ),
    ];
    for (what, rest) in cases {
        let store = resumed(rest).await;
        // Whoever can start over asks for the whole.
        assert!(store.saved().await.unwrap() == content(), "{what}");
        store.asked.store(0, Ordering::Relaxed);
        let streamed = Sink::Stream.read(store.download().await.unwrap()).await;
        let error = streamed.expect_err(what);
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Truncated | ErrorKind::Changed | ErrorKind::Decode
            ),
            "{what}: {error}"
        );
    }
}

#[tokio::test]
async fn one_tag_has_one_length() {
    let store = Store::new(|number, range| match (number, range) {
        (0, _) => broken(),
        (_, Some(_)) => answer("200 OK", "ETag: \"a\"\r\nContent-Length: 5\r\n", b"other"),
        (_, None) => answer("200 OK", "ETag: \"a\"\r\nContent-Length: 5\r\n", b"other"),
    })
    .await;
    let error = store.saved().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("one ETag"), "{error}");
}

#[tokio::test]
async fn another_content_is_another_content() {
    let store = Store::new(|number, _| match number {
        0 => broken(),
        _ => answer("200 OK", "ETag: \"b\"\r\nContent-Length: 5\r\n", b"other"),
    })
    .await;
    assert_eq!(store.saved().await.unwrap(), b"other");
}

#[tokio::test]
async fn the_framing_tells_the_length() {
    let all = content();
    for (what, headers, body) in [
        (
            "a length beside chunks",
            "Content-Length: 50000\r\nTransfer-Encoding: chunked\r\n".to_owned(),
            chunked(&all),
        ),
        (
            "no length beside chunks",
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n".to_owned(),
            chunked(&all),
        ),
        (
            "a stray range",
            format!("Content-Length: {LEN}\r\nContent-Range: bytes 0-49999/50000\r\n"),
            all.clone(),
        ),
        ("nothing at all", String::new(), all.clone()),
    ] {
        let whole = answer("200 OK", &headers, &body);
        let store = Store::new(move |_, _| whole.clone()).await;
        for sink in Sink::ALL {
            if sink.is_of_text() {
                continue;
            }
            let download = store.download().await.unwrap();
            let read = sink.read(download).await;
            assert!(read.unwrap() == all, "{what}, {sink:?}");
        }
    }
}

#[tokio::test]
async fn more_than_was_promised_is_not_the_content() {
    // Its length is known from the first answer, and the second one has no end of its own.
    let store = Store::new(|number, range| match (number, range) {
        (0, _) => broken(),
        (_, Some(_)) => {
            let headers = format!(
                "ETag: \"a\"\r\nTransfer-Encoding: chunked\r\nContent-Range: bytes {CUT}-{}/{LEN}\r\n",
                LEN - 1
            );
            let mut rest = content()[CUT..].to_vec();
            rest.extend_from_slice(b"and more");
            answer("206 Partial Content", &headers, &chunked(&rest))
        }
        (_, None) => answer("404 Not Found", "Content-Length: 0\r\n", b""),
    })
    .await;
    for sink in [Sink::Save, Sink::Stream, Sink::Bytes] {
        store.asked.store(0, Ordering::Relaxed);
        let error = sink
            .read(store.download().await.unwrap())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{sink:?}: {error}");
    }
}

#[tokio::test]
async fn a_content_in_another_form_is_refused() {
    for header in [
        "Content-Encoding: gzip",
        "Content-Encoding: br",
        "Content-Encoding: identity, deflate, gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: gzip",
    ] {
        let headers = format!("Content-Length: 5\r\n{header}\r\n");
        let whole = answer("200 OK", &headers, b"\x1f\x8b\x08\x00\x00");
        let store = Store::new(move |_, _| whole.clone()).await;
        let Err(error) = store.download().await else {
            panic!("{header:?}")
        };
        assert_eq!(error.kind(), ErrorKind::Decode);
        let text = error.to_string();
        assert!(
            text.contains("proxy") && !text.contains('\u{1b}'),
            "{text:?}"
        );
    }
    let store = Store::answering(&[
        "HTTP/1.1 200 OK\r\nContent-Encoding: IDENTITY\r\nContent-Length: 2\r\n\r\nok",
    ])
    .await;
    assert_eq!(store.saved().await.unwrap(), b"ok");
}

/// 5 of 20 bytes, and then the connection breaks.
const BROKEN: &str =
    "HTTP/1.1 200 OK\r\nETag: \"x\"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n";

/// The bytes of a range, of `5-9/20` say.
fn part(range: &str, bytes: &str) -> String {
    let len = bytes.len();
    format!(
        "HTTP/1.1 206 Partial Content\r\nETag: \"x\"\r\nContent-Range: bytes {range}\r\n\
         Content-Length: {len}\r\nConnection: close\r\n\r\n{bytes}"
    )
}

#[tokio::test]
async fn a_part_that_is_shorter_than_asked_for_is_not_the_rest() {
    let store = Store::answering(&[
        BROKEN,
        &part("5-9/*", "56789"),
        &part("10-19/20", "abcdefghij"),
    ])
    .await;
    assert_eq!(store.saved().await.unwrap(), b"0123456789abcdefghij");
}

#[tokio::test]
async fn a_reader_that_begins_late_has_all_attempts_left() {
    let store = Store::answering(&[BROKEN, &part("5-9/10", "56789")]).await;
    let download = store.download().await.unwrap();
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(3600)).await;
    tokio::time::resume();
    assert_eq!(download.bytes(100).await.unwrap(), "0123456789");
}

#[tokio::test]
async fn a_length_that_a_part_tells_holds_for_the_next_one() {
    let store = Store::answering(&[
        BROKEN,
        &part("5-9/20", "56789"),
        &part("10-24/25", "abcdefghijabcde"),
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    ])
    .await;
    store.saved().await.unwrap_err();
}

#[tokio::test]
async fn a_store_that_gives_next_to_nothing_is_given_up() {
    let store = Store::new(|_, range| {
        let first = range.map_or(0, |(first, _)| first) as usize;
        let headers = format!(
            "ETag: \"a\"\r\nContent-Length: 1\r\nContent-Range: bytes {first}-{first}/{LEN}\r\nX-Long: {}\r\n",
            "x".repeat(8000)
        );
        match range {
            None => broken(),
            Some(_) => answer("206 Partial Content", &headers, &content()[first..=first]),
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    for sink in ["save", "connections", "resumable"] {
        store.asked.store(0, Ordering::Relaxed);
        let download = store.download().await.unwrap();
        let path = folder.path().join(sink);
        let error = match sink {
            "save" => download.save(path).await,
            "connections" => download.connections(4).part_size(60_000).save(path).await,
            _ => download.save_resumable(path).await,
        }
        .expect_err(sink);
        assert_eq!(error.kind(), ErrorKind::Truncated, "{sink}: {error}");
        assert!(store.asked.load(Ordering::Relaxed) < 50, "{sink}");
    }
}

#[tokio::test]
async fn a_store_that_gives_a_part_at_a_time_is_read_to_the_end() {
    const PORTION: usize = 20_000;
    let store = Store::new(|_, range| match range {
        None => broken(),
        Some((first, _)) => {
            let first = first as usize;
            let end = (first + PORTION).min(LEN);
            let headers = format!(
                "ETag: \"a\"\r\nContent-Length: {}\r\nContent-Range: bytes {first}-{}/{LEN}\r\n",
                end - first,
                end - 1
            );
            answer("206 Partial Content", &headers, &content()[first..end])
        }
    })
    .await;
    for sink in [Sink::Save, Sink::Stream] {
        assert!(sink.read(store.download().await.unwrap()).await.unwrap() == content());
    }
    // The first link is good for all of them.
    let signed = Match::operation(Operation::DownloadArtifact);
    assert!(store.fake.requests_for(&signed).len() < 6);
}

#[tokio::test]
async fn the_last_bytes_wait_until_all_is_verified() {
    use futures_util::StreamExt as _;

    const WRONG: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    for headers in [
        format!("Content-Length: {LEN}\r\n"),
        "Transfer-Encoding: chunked\r\n".into(),
    ] {
        let is_chunked = headers.contains("chunked");
        let body = if is_chunked {
            chunked(&content())
        } else {
            content()
        };
        let whole = answer("200 OK", &headers, &body);
        let store = Store::new(move |_, _| whole.clone()).await;
        let of = async || {
            store
                .download()
                .await
                .unwrap()
                .expect_digest(Some(WRONG))
                .unwrap()
        };

        let (mut stream, mut came) = (of().await.into_stream(), 0);
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(chunk) => came += chunk.len(),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::DigestMismatch);
        assert!(came < LEN, "{came}");

        let mut bytes = vec![0; LEN];
        let read = of().await.into_async_read().read_exact(&mut bytes).await;
        assert_eq!(read.unwrap_err().kind(), std::io::ErrorKind::InvalidData);
        let mut copy = Vec::new();
        of().await.copy_to(&mut copy).await.unwrap_err();
        assert!(copy.len() < LEN);
    }
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

#[tokio::test]
async fn short_parts_with_more_bytes_than_they_promise_are_refused() {
    const SHORT: u64 = 50_000;
    let store = Store::new(|number, range| match (number, range) {
        (0, _) => broken(),
        (_, Some((start, _))) => {
            let end = (start + SHORT).min(LEN as u64);
            let headers = format!(
                "ETag: \"a\"\r\nTransfer-Encoding: chunked\r\nContent-Range: bytes {start}-{}/{LEN}\r\n",
                end - 1
            );
            let part = &content()[start as usize..end as usize];
            let size = format!("{:x}\r\n", part.len());
            // At the end of the content that is noticed anyway.
            let body = match end < LEN as u64 {
                true => [size.as_bytes(), part, b"\r\n", &chunked(b"more")].concat(),
                false => chunked(part),
            };
            answer("206 Partial Content", &headers, &body)
        }
        (_, None) => answer("500 Oops", "", b""),
    })
    .await;
    let error = store.saved().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

#[tokio::test]
async fn what_is_kept_is_no_part_of_a_content_with_another_tag() {
    // None of them is text.
    let tag = |number: usize| -> &[u8] { if number < 3 { b"\"\xe9\"" } else { b"\"\xea\"" } };
    let whole = |number: usize| match number {
        0..3 => content(),
        _ => content().into_iter().rev().collect(),
    };
    let store = Store::new(move |number, range| {
        let (start, end) = match range {
            Some((start, last)) => (start as usize, last.map_or(LEN, |last| last as usize + 1)),
            None => (0, LEN),
        };
        let headers = format!(
            "Content-Length: {}\r\nContent-Range: bytes {start}-{}/{LEN}\r\nETag: ",
            end - start,
            end - 1
        );
        let status = match range {
            Some(_) => "206 Partial Content",
            None => "200 OK",
        };
        let (head, mut body) = (answer(status, &headers, b""), whole(number));
        body.truncate(end);
        // The third answer is the last one of the first content, and breaks.
        let to = if number == 2 { end.min(CUT) } else { end };
        let head = &head[..head.len() - 2];
        [head, tag(number), b"\r\n\r\n", &body[start..to.max(start)]].concat()
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let save = || async { store.download().await?.save_resumable(&path).await };
    if save().await.is_err() {
        save().await.unwrap();
    }
    let saved = std::fs::read(&path).unwrap();
    assert!(saved == whole(0) || saved == whole(9));
}

#[tokio::test]
async fn a_length_of_nothing_does_not_make_a_content_empty() {
    let store = Store::new(|_, range| match range {
        Some(_) => answer(
            "416 Range Not Satisfiable",
            "ETag: \"a\"\r\nContent-Length: 0\r\nContent-Range: bytes */0\r\n",
            b"",
        ),
        None => answer(
            "200 OK",
            "ETag: \"a\"\r\nTransfer-Encoding: chunked\r\n",
            &chunked(&content()),
        ),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let download = store.download().await.unwrap();
    download.save_resumable(&path).await.unwrap();
    assert!(std::fs::read(&path).unwrap() == content());
}

#[tokio::test]
async fn what_came_is_not_all_because_another_content_is_as_long() {
    let store = Store::new(|number, range| match (number, range) {
        (0, _) => {
            let size = format!("{LEN:x}\r\n");
            let body = [size.as_bytes(), &content()[..CUT]].concat();
            let headers = "ETag: \"a\"\r\nTransfer-Encoding: chunked\r\n";
            answer("200 OK", headers, &body)
        }
        (_, Some(_)) => {
            let headers =
                format!("ETag: \"b\"\r\nContent-Length: 0\r\nContent-Range: bytes */{CUT}\r\n");
            answer("416 Range Not Satisfiable", &headers, b"")
        }
        (_, None) => answer("200 OK", "ETag: \"b\"\r\nContent-Length: 5\r\n", b"other"),
    })
    .await;
    assert_eq!(store.saved().await.unwrap(), b"other");
}

#[tokio::test]
async fn looking_at_the_first_bytes_takes_none_away() {
    const ALL: &[u8] = b"PK\x03\x04 and so on";
    let store = Store::new(|number, range| match (number, range) {
        (0, _) => {
            let headers = format!("ETag: \"a\"\r\nContent-Length: {}\r\n", ALL.len());
            answer("200 OK", &headers, &ALL[..2])
        }
        (1..4, _) => answer("500 Oops", "Content-Length: 0\r\n", b""),
        (_, range) => {
            let first = range.map_or(0, |(first, _)| first) as usize;
            let headers = format!(
                "ETag: \"a\"\r\nContent-Range: bytes {first}-{}/{}\r\n",
                ALL.len() - 1,
                ALL.len()
            );
            answer("206 Partial Content", &headers, &ALL[first..])
        }
    })
    .await;
    let mut download = store.download().await.unwrap();
    let error = download.is_zip().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server, "{error}");
    assert_eq!(download.bytes(100).await.unwrap(), ALL);

    let store = Store::answering(&["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]).await;
    let mut download = store.download().await.unwrap();
    assert!(!download.is_zip().await.unwrap());
    assert!(download.into_stream().try_next().await.unwrap().is_none());
}
