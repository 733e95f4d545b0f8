//! A runtime with hardly any threads for work that blocks.

use std::path::Path;
use std::time::Duration;

use crate::support::{archive, artifact, client, seed_with};
use gha_client::prelude::*;
use gha_fake::Content;
use tokio::runtime::Builder;
use tokio::time::timeout;

/// Saves so many downloads at once, on so few threads.
fn save(threads: usize, downloads: usize, how: &'static str) {
    let content = Content::noise(3 << 20, 7);
    let fake = seed_with(artifact(content.clone()))
        .start_on_thread()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(threads)
        .enable_all()
        .build()
        .unwrap();
    let client = client(&fake);
    let saved = runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..downloads {
            let (archive, digest) = (archive(&client), content.digest().to_owned());
            let path = folder.path().join(number.to_string());
            tasks.spawn(async move {
                let download = archive.download().await?.expect_digest(Some(&digest))?;
                match how {
                    "save" => download.save(path).await,
                    "connections" => download.connections(3).part_size(500_000).save(path).await,
                    _ => download.save_resumable(path).await,
                }
            });
        }
        timeout(Duration::from_secs(60), tasks.join_all()).await
    });
    for saved in saved.expect("they do not wait for each other") {
        let path: &Path = &saved.unwrap().path;
        assert!(std::fs::read(path).unwrap() == content.read(0..content.len()));
    }
}

#[test]
fn one_thread_saves() {
    for how in ["save", "connections", "resumable"] {
        save(1, 1, how);
    }
}

#[test]
fn few_threads_save_many() {
    for how in ["save", "connections", "resumable"] {
        save(2, 16, how);
    }
}
