//! Codegen of the trimmed spec, against progenitor and prettyplease alone.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

fn document() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    xtask::spec::load(&xtask::spec::Folder::of(&root))
        .expect("spec/ is valid")
        .document
}

fn ours(document: &Value) -> usize {
    let files = xtask::codegen::render(document).expect("generates");
    files.values().map(String::len).sum()
}

fn progenitor(document: &Value) -> usize {
    let document: openapiv3::OpenAPI =
        serde_json::from_value(document.clone()).expect("an OpenAPI document");
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    let tokens = progenitor::Generator::new(&settings)
        .generate_tokens(&document)
        .expect("generates");
    prettyplease::unparse(&syn::parse2(tokens).expect("is Rust")).len()
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    let result = black_box(work());
    let elapsed = started.elapsed();
    drop(result);
    elapsed
}

#[expect(
    clippy::print_stdout,
    reason = "the ratio is what the benchmark is for"
)]
fn main() {
    let document = document();
    // In turn, and the fastest of each: noise only ever adds.
    let mut fastest = [Duration::MAX; 2];
    for _ in 0..30 {
        fastest[0] = fastest[0].min(time(|| ours(&document)));
        fastest[1] = fastest[1].min(time(|| progenitor(&document)));
    }
    let ratio = fastest[0].as_secs_f64() / fastest[1].as_secs_f64();
    println!(
        "codegen {:.1?}, progenitor and prettyplease {:.1?}: {ratio:.2} × (target: 1.2 ×)",
        fastest[0], fastest[1]
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let load = (0..30)
        .map(|_| time(|| xtask::spec::load(&xtask::spec::Folder::of(&root))))
        .min();
    println!(
        "loading and linting spec/: {:.1?}",
        load.unwrap_or_default()
    );
}
