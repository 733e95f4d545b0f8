//! `cargo xtask diff`: trimmed specs with the Rust part, and full descriptions against parsing them.
//!
//! The full descriptions are GitHub's own: `DESCRIPTIONS=FOLDER cargo bench --bench diff`, where the
//! folder holds `ghes-3.19.json` and `api.github.com.json`.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use xtask::diff::{DiffOptions, report};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace")
}

fn files(old: PathBuf, new: PathBuf) -> DiffOptions {
    DiffOptions {
        files: vec![old, new],
        ..DiffOptions::default()
    }
}

fn compare(options: &DiffOptions) -> usize {
    let report = report(root(), options).expect("compares");
    report.api.len() + report.rust.len()
}

/// The fastest of a few runs: noise only ever adds.
fn fastest<T>(work: impl Fn() -> T) -> Duration {
    let run = || {
        let started = Instant::now();
        let result = black_box(work());
        let elapsed = started.elapsed();
        drop(result);
        elapsed
    };
    (0..10).map(|_| run()).min().unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn main() {
    let spec = root().join("spec");
    let trims = files(
        spec.join("editions/ghes-3.19.yaml"),
        spec.join("actions.yaml"),
    );
    let took = fastest(|| compare(&trims));
    println!("two trims, Rust items of both rendered: {took:.1?} (target: 200 ms)");
    let reference = DiffOptions {
        base: Some("HEAD".to_owned()),
        ..DiffOptions::default()
    };
    let took = fastest(|| compare(&reference));
    println!("HEAD against the working tree: {took:.1?} (target: 200 ms)");

    let Ok(folder) = std::env::var("DESCRIPTIONS") else {
        return;
    };
    let [old, new] =
        ["ghes-3.19.json", "api.github.com.json"].map(|name| Path::new(&folder).join(name));
    let bytes = [&old, &new].map(|file| std::fs::read(file).expect("DESCRIPTIONS names a folder"));
    let parse = fastest(|| {
        bytes
            .each_ref()
            .map(|bytes| serde_json::from_slice::<serde_json::Value>(bytes).expect("parses"))
    });
    let full = files(old, new);
    let took = fastest(|| compare(&full));
    let ratio = took.as_secs_f64() / parse.as_secs_f64();
    println!(
        "two full descriptions: {took:.1?}, parsing them {parse:.1?}: {ratio:.2} × (target: 2 ×)"
    );
}
