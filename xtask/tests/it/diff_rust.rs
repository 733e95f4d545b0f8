//! What counts as a change of the public items of a crate.

use xtask::codegen::Files;
use xtask::diff::rust::{collect, compare};

/// Generated code of one file at the root, or of `// file: types.rs` after `// file: client.rs`.
fn sources(text: &str) -> Files {
    let mut file = "client.rs".to_owned();
    let mut sources = Files::from([(file.clone(), String::new())]);
    for line in text.lines() {
        match line.trim().strip_prefix("// file: ") {
            Some(name) => file = name.to_owned(),
            None => {
                let source = sources.entry(file.clone()).or_default();
                source.push_str(line);
                source.push('\n');
            }
        }
    }
    sources
}

fn changes(old: &str, new: &str) -> Vec<String> {
    let items = |text| collect(&sources(text)).unwrap();
    compare(&items(old), &items(new))
        .iter()
        .map(|change| {
            format!(
                "{} {}: {}",
                change.severity,
                change.item,
                change.what(&str::to_owned)
            )
        })
        .collect()
}

#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(changes(old, new), expected, "\n{old}\n{new}");
}

#[test]
fn fields_of_structs() {
    let open = "#[non_exhaustive] pub struct A { pub a: Option<String> }";
    check(
        open,
        "#[non_exhaustive] pub struct A { pub a: String }",
        &["breaking A.a: Option<String> → String"],
    );
    let more = "#[non_exhaustive] pub struct A { pub a: Option<String>, pub b: u8 }";
    check(open, more, &["additive A.b: u8 added"]);
    check(more, open, &["breaking A.b: u8 removed"]);
    check(
        "pub struct A { pub a: u8 }",
        "pub struct A { pub a: u8, pub b: u8 }",
        &["breaking A.b: u8 added"],
    );
    // With a private field, nobody builds it or lists its fields.
    check(
        "pub struct A { pub a: u8, c: u8 }",
        "pub struct A { pub a: u8, pub b: u8, c: u16 }",
        &["additive A.b: u8 added"],
    );
    check(
        "pub struct A(pub u8);",
        "pub struct A(pub u16);",
        &["breaking A.0: u8 → u16"],
    );
}

#[test]
fn a_name_that_stays_while_the_kind_changes_is_told_of_once() {
    let open = "#[derive(Clone)] pub enum State { Queued, Done } impl State { pub fn is_done(&self) -> bool { true } }";
    let words = "the name stays, what it names is something else";
    for (kind, signature, members) in [
        ("pub type State = String;", "type State = String", 4),
        (
            "#[derive(Clone)] pub struct State(pub String);",
            "struct",
            4,
        ),
    ] {
        check(
            open,
            kind,
            &[&format!(
                "breaking State: enum → {signature}, with {members} members: {words}"
            )],
        );
        check(
            kind,
            open,
            &[&format!(
                "breaking State: {signature} → enum, with {members} members: {words}"
            )],
        );
    }
    // Another alias is no other kind.
    check(
        "pub type State = String;",
        "pub type State = Text;",
        &["breaking State: type State = String → type State = Text"],
    );
}

#[test]
fn variants_of_enums() {
    check(
        "#[non_exhaustive] pub enum E { A }",
        "#[non_exhaustive] pub enum E { A, B }",
        &["additive E::B: variant added"],
    );
    check(
        "pub enum E { A }",
        "pub enum E { A, B }",
        &["breaking E::B: variant added"],
    );
    check(
        "pub enum E { A, B(u8) }",
        "pub enum E { B { c: u8 } }",
        &[
            "breaking E::A: variant removed",
            "breaking E::B: variant(u8) → variant { c: u8 }",
        ],
    );
    check(
        "pub enum E { A }",
        "#[non_exhaustive] pub enum E { A }",
        &["breaking E: not non_exhaustive → non_exhaustive"],
    );
    check(
        "#[non_exhaustive] pub enum E { A }",
        "pub enum E { A }",
        &["additive E: non_exhaustive → not non_exhaustive"],
    );
}

#[test]
fn functions_and_methods() {
    let old = "pub struct A; impl A { pub fn f<V>(mut self, value: V) -> Self where V: TryInto<String> { self } fn g() {} }";
    let renamed = "pub struct A; impl A { pub fn f<V>(self, v: V) -> Self where V: TryInto<String>, { self } }";
    // A program does not mention the names of arguments, and a reader should see them.
    check(
        old,
        renamed,
        &[
            "internal A::f: fn<V>(self, value: V) -> Self where V: TryInto<String> → fn<V>(self, v: V) -> Self where V: TryInto<String>",
        ],
    );
    let other = renamed.replace("String", "i64");
    check(
        old,
        &other,
        &[
            "breaking A::f: fn<V>(self, value: V) -> Self where V: TryInto<String> → fn<V>(self, v: V) -> Self where V: TryInto<i64>",
        ],
    );
    check(
        "pub fn f(a: &str) {}",
        "pub async fn f(a: &str) {}",
        &["breaking f: fn(a: &str) → async fn(a: &str)"],
    );
    check(
        "pub fn f() {}",
        "#[deprecated] pub fn f() {}",
        &["additive f: not deprecated → deprecated"],
    );
    check(
        "#[must_use] pub fn f() {}",
        "pub fn f() {}",
        &["internal f: must_use → not must_use"],
    );
    check(
        "pub struct S; impl S { pub const A: &str = \"x\"; }",
        "pub struct S; impl S { pub const A: &str = \"y\"; }",
        &["internal S::A: \"x\" → \"y\""],
    );
    check("fn f() {} pub(crate) fn g() {}", "", &[]);
    // What compiles gives one argument for another.
    check(
        "pub fn f(from: u8, to: u8) {}",
        "pub fn f(end: u8, from: u8) {}",
        &["breaking f: fn(from: u8, to: u8) → fn(end: u8, from: u8)"],
    );
}

#[test]
fn trait_implementations() {
    let derived = "#[derive(Clone, Debug)] pub struct A;";
    let written = "#[derive(Clone)] pub struct A; impl ::std::fmt::Debug for A {}";
    check(derived, written, &[]);
    check(
        "#[derive(Deserialize)] pub struct A;",
        "pub struct A; impl<'de> serde::Deserialize<'de> for A {}",
        &[],
    );
    check(
        derived,
        "#[derive(Clone)] pub struct A;",
        &["breaking impl Debug for A: removed"],
    );
    check(
        "pub struct A; pub trait P { type Item; } impl P for A { type Item = u8; }",
        "pub struct A; pub trait P { type Item; } impl P for A { type Item = u16; }",
        &["breaking impl P for A: Item = u8 → Item = u16"],
    );
    check(
        "pub struct A; impl From<&str> for A {}",
        "pub struct A; impl From<&str> for A {} impl From<String> for A {}",
        &["additive impl From<String> for A: added"],
    );
    // What users cannot name is no business of theirs, whatever it is called here.
    let sealed = "use gha_core::generated::{split, Sealed as Closed}; pub struct A;";
    check(&format!("{sealed} impl Closed for A {{}}"), sealed, &[]);
    let whole = "pub struct A; impl ::gha_core::generated::Sealed for A {}";
    check(whole, "pub struct A;", &[]);
    check(
        "use other::Sealed; pub struct A; impl Sealed for A {}",
        "pub struct A;",
        &["breaking impl Sealed for A: removed"],
    );
    check(
        "pub struct A; mod m { pub trait P {} impl P for super::A {} struct B; impl Clone for B {} }",
        "pub struct A;",
        &[],
    );
}

#[test]
fn items_count_where_users_find_them() {
    let files = "
        pub struct Repo;
        impl Repo { pub fn get(&self, id: i64) -> operations::Get {} }
        // file: operations.rs
        pub struct Get { id: i64 }
        impl Get { pub async fn send(self) -> Result<Response<types::Job>, Error> {} }
        // file: types.rs
        pub struct Job { pub id: i64 }
        pub mod error { pub struct ConversionError; }
    ";
    let items: Vec<_> = collect(&sources(files)).unwrap().into_keys().collect();
    assert_eq!(
        items,
        [
            "Repo",
            "Repo::get",
            "operations::Get",
            "operations::Get::send",
            "types::Job",
            "types::Job.id",
            "types::error::ConversionError",
        ]
    );
    // Methods may stand beside what they return.
    let method = "impl Repo { pub fn get(&self, id: i64) -> operations::Get {} }";
    let builder = "pub struct Get { id: i64 }";
    let moved = files.replace(method, "").replace(
        builder,
        "pub struct Get { id: i64 } impl Repo { pub fn get(&self, id: i64) -> Get {} }",
    );
    assert_ne!(moved, files);
    check(files, &moved, &[]);
    check(
        files,
        &files.replace("id: i64) ->", "id: i64, name: impl Into<String>) ->"),
        &[
            "breaking Repo::get: fn(&self, id: i64) -> operations::Get → fn(&self, id: i64, name: impl Into<String>) -> operations::Get",
        ],
    );
}

#[test]
fn what_goes_as_a_whole_is_told_of_once() {
    let item = "#[derive(Clone)] pub struct A { pub a: u8 } impl A { pub fn f(&self) {} }";
    check(item, "", &["breaking A: struct removed, with 3 members"]);
    check("", item, &["additive A: struct added, with 3 members"]);
    check(
        "pub enum E { A }",
        "",
        &["breaking E: enum removed, with 1 member"],
    );
}

#[test]
fn a_path_means_the_same_however_it_is_spelled() {
    check(
        "pub fn f() -> ::std::option::Option<::std::string::String> { None }",
        "pub fn f() -> std::option::Option<String> { None }",
        &[],
    );
    check(
        "pub struct A; pub fn f(a: crate::A) -> Result<A, std::fmt::Error> {}",
        "pub struct A; pub fn f(a: self::A) -> Result<A, core::fmt::Error> {}",
        &[],
    );
}

#[test]
fn sources_that_make_no_sense_are_an_error_that_names_the_file() {
    let files = sources("pub struct A;\n// file: types.rs\npub struct {");
    let problem = collect(&files).unwrap_err().to_string();
    assert!(problem.starts_with("types.rs: is no Rust: "), "{problem}");
}
