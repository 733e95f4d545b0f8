//! Logs as text and as lines.

use std::time::Duration;

use crate::support::{LOG, TOKEN, client, log};
use futures_util::TryStreamExt as _;
use gha_client::ErrorKind;
use gha_client::prelude::*;
use gha_download::Download;
use gha_fake::{Conclusion, Fake, Fault, Job, Match, Operation, Repo, Run};

async fn fake(job: Job) -> Fake {
    let repo = Repo::new("octo-org", "octo-docs").run(Run::new(7).job(job));
    Fake::builder()
        .token(TOKEN)
        .repo(repo)
        .start()
        .await
        .unwrap()
}

async fn of(log_bytes: &'static [u8]) -> Download {
    let fake = fake(Job::new(LOG).log(log_bytes)).await;
    log(&client(&fake)).download().await.unwrap()
}

async fn text(log: &'static [u8]) -> String {
    of(log).await.text(1 << 20).await.unwrap()
}

async fn lines(log: &'static [u8], limit: usize) -> Result<Vec<String>, gha_client::Error> {
    of(log).await.lines(limit).try_collect().await
}

#[tokio::test]
async fn text_and_lines_of_every_kind() {
    let logs: &[(&[u8], &str, &[&str])] = &[
        (b"", "", &[]),
        (b"\n", "\n", &[""]),
        (b"a", "a", &["a"]),
        (b"a\nb\n", "a\nb\n", &["a", "b"]),
        (b"a\r\nb\r\n", "a\nb\n", &["a", "b"]),
        (b"a\r\n\r\nb", "a\n\nb", &["a", "", "b"]),
        // A lone carriage return is a progress bar's, not the end of a line.
        (
            b"10%\r20%\r\r\nb\r",
            "10%\r20%\r\nb\r",
            &["10%\r20%\r", "b\r"],
        ),
        (
            "\u{feff}a\n\u{feff}b\n".as_bytes(),
            "a\n\u{feff}b\n",
            &["a", "\u{feff}b"],
        ),
        ("\u{feff}".as_bytes(), "", &[]),
        ("\u{feff}\r\n".as_bytes(), "\n", &[""]),
        ("ä→🦀\r\n".as_bytes(), "ä→🦀\n", &["ä→🦀"]),
        (
            b"a\xFFb\xE2\x86\n",
            "a\u{fffd}b\u{fffd}\n",
            &["a\u{fffd}b\u{fffd}"],
        ),
        (b"\xEF\xBB", "\u{fffd}", &["\u{fffd}"]),
        (b"\xFF\r\n", "\u{fffd}\n", &["\u{fffd}"]),
    ];
    for (log, as_text, as_lines) in logs {
        assert_eq!(text(log).await, *as_text, "{log:?}");
        assert_eq!(lines(log, 100).await.unwrap(), *as_lines, "{log:?}");
    }
}

#[tokio::test]
async fn lines_are_limited_and_only_by_their_own_bytes() {
    let log = "\u{feff}1234567\r\nabcdefg\n".as_bytes();
    assert_eq!(lines(log, 7).await.unwrap(), ["1234567", "abcdefg"]);
    assert_eq!(lines(b"1234567", 7).await.unwrap(), ["1234567"]);
    for (log, cut, skipped) in [
        (
            &b"12345678\na\n"[..],
            &["1234567… [1 more bytes]", "a"][..],
            &["a"][..],
        ),
        (b"a\n12345678", &["a", "1234567… [1 more bytes]"], &["a"]),
        (b"12345678\r\n\r\n", &["1234567… [1 more bytes]", ""], &[""]),
        ("123456ä\n".as_bytes(), &["123456… [2 more bytes]"], &[]),
        (
            "\u{feff}123456789".as_bytes(),
            &["1234567… [2 more bytes]"],
            &[],
        ),
    ] {
        assert_eq!(lines(log, 7).await.unwrap(), cut, "{log:?}");
        let lines = of(log).await.lines(7).skip_long(true);
        assert_eq!(
            lines.try_collect::<Vec<_>>().await.unwrap(),
            skipped,
            "{log:?}"
        );
    }
}

#[tokio::test]
async fn what_is_cut_off_is_told_however_a_line_is_split() {
    const LINE: &str = "\u{feff}12€é🦀é🦀9\r\r\n";
    for size in 1..LINE.len() {
        let fake = fake(Job::new(LOG).log(LINE)).await;
        fake.fault(
            Fault::change()
                .chunked()
                .in_pieces(size as u64)
                .on(Match::blob()),
        );
        let download = log(&client(&fake)).download().await.unwrap();
        let lines: Vec<_> = download.lines(4).try_collect().await.unwrap();
        assert_eq!(lines, ["12… [17 more bytes]"], "{size}");
    }
}

#[tokio::test]
async fn an_endless_line_is_not_kept() {
    let mut text = vec![b'x'; 64 << 20];
    text.extend_from_slice(b"\nlast");
    let fake = fake(Job::new(LOG).log(text)).await;
    for skip in [false, true] {
        let download = log(&client(&fake)).download().await.unwrap();
        let lines = download.lines(1000).skip_long(skip);
        let lines: Vec<_> = lines.try_collect().await.unwrap();
        let cut = format!("{}… [{} more bytes]", "x".repeat(1000), (64 << 20) - 1000);
        let expected = [cut, "last".to_owned()];
        assert_eq!(lines, expected[usize::from(skip)..]);
    }
}

#[tokio::test]
async fn text_and_lines_that_are_split_anywhere_are_whole() {
    let text = "\u{feff}ä→🦀\r\nsecond\r\n\r\nlast";
    for split in 0..text.len() as u64 {
        let fake = fake(Job::new(LOG).log(text)).await;
        fake.fault(Fault::close_after(split).on(Match::blob()).once());
        let download = log(&client(&fake)).download().await.unwrap();
        let lines: Vec<_> = download.lines(100).try_collect().await.unwrap();
        assert_eq!(lines, ["ä→🦀", "second", "", "last"], "{split}");
        fake.fault(Fault::close_after(split).on(Match::blob()).once());
        let download = log(&client(&fake)).download().await.unwrap();
        let text = download.text(100).await.unwrap();
        assert_eq!(text, "ä→🦀\nsecond\n\nlast", "{split}");
    }
}

#[tokio::test]
async fn a_log_that_has_expired() {
    let fake = fake(Job::new(LOG).log_expired()).await;
    let error = log(&client(&fake)).download().await.unwrap_err();
    assert!(error.is_expired(), "{error}");
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn logs_that_are_not_there() {
    for (job, kind, said) in [
        (Job::new(LOG).queued(), ErrorKind::LogNotReady, "is queued"),
        (
            Job::new(LOG).in_progress(),
            ErrorKind::LogNotReady,
            "is in_progress",
        ),
        (
            Job::new(LOG).skipped(),
            ErrorKind::LogNeverWritten,
            "was skipped",
        ),
        (
            Job::new(LOG).cancelled_before_start(),
            ErrorKind::LogNeverWritten,
            "cancelled before it started",
        ),
        (
            Job::new(LOG).without_log(),
            ErrorKind::LogNotStored,
            "its log is not stored",
        ),
        (
            Job::new(LOG).concluded(Conclusion::Cancelled).without_log(),
            ErrorKind::LogNotStored,
            "its log is not stored",
        ),
        (Job::new(LOG + 1), ErrorKind::NotFound, "Not Found"),
    ] {
        let fake = fake(job).await;
        let client = client(&fake);
        for send in [true, false] {
            let error = match send {
                true => log(&client).send().await.unwrap_err(),
                false => log(&client).download().await.unwrap_err(),
            };
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains(said), "{error}");
            assert!(
                error.to_string().starts_with("download_job_logs: "),
                "{error}"
            );
        }
        // The log, and its job once.
        assert_eq!(fake.requests().len(), 4);
    }
}

#[tokio::test]
async fn a_log_of_a_job_that_finished_just_now() {
    let fake = fake(Job::new(LOG).in_progress().without_log()).await;
    let asked = Match::operation(Operation::DownloadJobLogs);
    let mut runs = true;
    fake.after_answer(asked, move |_, state| {
        if std::mem::take(&mut runs) {
            state.finish_job(LOG, Conclusion::Success).unwrap();
        }
    });
    let missing = async || log(&client(&fake)).download().await.unwrap_err();

    let error = missing().await;
    assert_eq!(error.kind(), ErrorKind::LogNotReady, "{error}");
    assert!(error.to_string().contains("only just now"), "{error}");

    fake.clock().advance(Duration::from_secs(600));
    assert_eq!(missing().await.kind(), ErrorKind::LogNotStored);
}
