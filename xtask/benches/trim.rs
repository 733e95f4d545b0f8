//! Trimming a full description, against merely parsing it.
//!
//! The description is made up here, of GitHub's size and proportions; `DESCRIPTION=FILE cargo
//! bench --bench trim` measures a real one.

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use divan::Bencher;
use divan::counter::BytesCount;
use xtask::spec::provenance::sha256;
use xtask::spec::selection::Selection;
use xtask::spec::trim::trim;

static SELECTION: LazyLock<Selection> = LazyLock::new(|| {
    Selection::parse(include_str!("../../spec/selection.yaml")).expect("spec/selection.yaml")
});

static DESCRIPTION: LazyLock<Vec<u8>> = LazyLock::new(|| match std::env::var("DESCRIPTION") {
    Ok(file) => std::fs::read(file).expect("DESCRIPTION names a file"),
    Err(_) => description().into_bytes(),
});

/// 810 paths and 970 schemas, indented, most of it prose and examples: 13 MB.
fn description() -> String {
    let prose = "Lists what there is to list, in the order in which it was made. ".repeat(20);
    let example = |depth: usize| {
        (0..72).fold(String::new(), |mut fields, field| {
            let indent = " ".repeat(depth);
            let _ = writeln!(
                fields,
                "{indent}\"field_{field}\": \"https://example.com/{field}\","
            );
            fields
        }) + "          \"last\": null\n"
    };
    let selected = SELECTION.operations.iter().map(ToString::to_string);
    let others = (0..800).map(|number| format!("others/list-{number}"));
    let mut paths = Vec::new();
    for (number, id) in selected.chain(others).enumerate() {
        let schema = number % 970;
        paths.push(format!(
            "    \"/things/{number}/{{owner}}\": {{\n      \"get\": {{\n        \"operationId\": \"{id}\",\n        \
             \"description\": \"{prose}\",\n        \"parameters\": [{{\"$ref\": \"#/components/parameters/owner\"}}],\n        \
             \"responses\": {{\n          \"200\": {{\n            \"description\": \"Response\",\n            \
             \"content\": {{\"application/json\": {{\"schema\": {{\"$ref\": \"#/components/schemas/s{schema}\"}},\n            \
             \"example\": {{\n{}            }}}}}}\n          }}\n        }}\n      }}\n    }}",
            example(14)
        ));
    }
    let schemas = (0..970).map(|number| {
        let next = (number * 7 + 1) % 970;
        let fields = (0..40).fold(String::new(), |mut fields, field| {
            let _ = write!(
                fields,
                "          \"field_{field}\": {{\n            \"type\": \"string\",\n            \
                 \"description\": \"What field {field} holds, at some length\",\n            \
                 \"nullable\": true,\n            \"example\": \"https://example.com/{field}\"\n          }},\n"
            );
            fields
        });
        // Most schemas refer to no other, as upstream.
        let last = if number % 5 == 0 {
            format!("{{\"$ref\": \"#/components/schemas/s{next}\"}}")
        } else {
            "{\"type\": \"integer\"}".to_owned()
        };
        format!(
            "      \"s{number}\": {{\n        \"title\": \"Thing\",\n        \"type\": \"object\",\n        \
             \"properties\": {{\n{fields}          \"last\": {last}\n        }}\n      }}"
        )
    });
    let schemas = schemas.collect::<Vec<_>>();
    format!(
        "{{\n  \"openapi\": \"3.0.3\",\n  \"info\": {{\"title\": \"bench\", \"version\": \"1\"}},\n  \
         \"paths\": {{\n{}\n  }},\n  \"components\": {{\n    \"parameters\": {{\"owner\": {{\"name\": \"owner\", \
         \"in\": \"path\", \"required\": true, \"schema\": {{\"type\": \"string\"}}}}}},\n    \
         \"schemas\": {{\n{}\n    }}\n  }}\n}}\n",
        paths.join(",\n"),
        schemas.join(",\n")
    )
}

fn trim_it() -> usize {
    trim("bench.json", &DESCRIPTION, &SELECTION, "bench")
        .expect("trims")
        .text
        .len()
}

fn parse_it() -> serde_json::Value {
    serde_json::from_slice(&DESCRIPTION).expect("parses")
}

#[divan::bench]
fn trim_json(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(DESCRIPTION.len()))
        .bench(trim_it);
}

#[divan::bench]
fn parse_json_into_value(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(DESCRIPTION.len()))
        .bench(parse_it);
}

#[divan::bench]
fn hash_source(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::new(DESCRIPTION.len()))
        .bench(|| sha256(&DESCRIPTION));
}

/// The fastest of a few runs: noise only ever adds.
fn fastest<T>(work: impl Fn() -> T) -> Duration {
    let run = || {
        let started = Instant::now();
        // Freeing the result is nobody's part.
        let result = black_box(work());
        let elapsed = started.elapsed();
        drop(result);
        elapsed
    };
    (0..10).map(|_| run()).min().unwrap_or_default()
}

#[expect(
    clippy::print_stdout,
    reason = "the ratio is what the benchmark is for"
)]
fn main() {
    divan::main();
    let (trim, parse) = (fastest(trim_it), fastest(parse_it));
    let ratio = trim.as_secs_f64() / parse.as_secs_f64();
    println!("trim {trim:.1?}, parse into Value {parse:.1?}: {ratio:.2} × (target: 2 ×)");
}
