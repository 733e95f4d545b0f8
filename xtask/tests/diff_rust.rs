//! What counts as a change of the public items of a crate.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]

use xtask::diff::rust::{Sources, collect, compare};

/// A crate of one file, or of `// file: src/x.rs` after `// file: src/y.rs`.
fn sources(text: &str) -> Sources {
    let mut file = "src/lib.rs".to_owned();
    let mut sources = Sources::from([(file.clone(), String::new())]);
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
                change.transition()
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
            "breaking E::B: variant(u8) → variant{c: u8}",
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
    check(old, renamed, &[]);
    let other = renamed.replace("String", "i64");
    check(
        old,
        &other,
        &[
            "breaking A::f: fn<V>(self, V) -> Self where V: TryInto<String> → fn<V>(self, V) -> Self where V: TryInto<i64>",
        ],
    );
    check(
        "pub fn f(a: &str) {}",
        "pub async fn f(a: &str) {}",
        &["breaking f: fn(&str) → async fn(&str)"],
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
        "pub const A: &str = \"x\";",
        "pub const A: &str = \"y\";",
        &["internal A: \"x\" → \"y\""],
    );
    check("fn f() {} pub(crate) fn g() {}", "", &[]);
}

#[test]
fn traits() {
    let old = "pub trait T: Send { fn a(&self) -> u8; }";
    check(
        old,
        "pub trait T: Send { fn a(&self) -> u8; fn b(&self); }",
        &["breaking T::b: fn(&self) added"],
    );
    check(
        old,
        "pub trait T: Send { fn a(&self) -> u8; fn b(&self) {} }",
        &["additive T::b: fn(&self) added"],
    );
    check(
        old,
        "pub trait T: Send { fn a(&self) -> u8 { 1 } }",
        &["additive T::a: not provided → provided"],
    );
    check(
        old,
        "pub trait T: Sync { fn a(&self) -> u8; }",
        &["breaking T: trait: Send → trait: Sync"],
    );
    let sealed = "mod sealed { pub trait Sealed {} } pub trait T: sealed::Sealed { type A; }";
    check(
        sealed,
        &sealed.replace("type A;", "type A; fn b(&self);"),
        &["additive T::b: fn(&self) added"],
    );
}

#[test]
fn trait_implementations() {
    let derived = "#[derive(Clone, Debug)] pub struct A;";
    let written = "#[derive(Clone)] pub struct A; impl ::std::fmt::Debug for A {}";
    check(derived, written, &[]);
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
    // What users cannot name is no business of theirs.
    check(
        "pub struct A; mod m { pub trait P {} impl P for super::A {} struct B; impl Clone for B {} }",
        "pub struct A;",
        &[],
    );
}

#[test]
fn items_count_where_users_find_them() {
    let flat = "pub struct A { pub b: B } pub struct B;";
    let nested = "
        mod inner;
        pub use inner::{A, deep::B};
        // file: src/inner/mod.rs
        pub mod deep;
        use crate::B;
        pub struct A { pub b: B }
        // file: src/inner/deep.rs
        pub struct B;
    ";
    check(flat, nested, &[]);
    let globbed = "
        mod inner;
        pub use inner::*;
        // file: src/inner.rs
        pub struct A { pub b: self::B }
        pub struct B;
        struct C;
    ";
    check(flat, globbed, &[]);
    let hidden = nested.replace("pub use inner::{A, deep::B};", "pub use inner::{A};");
    let found = changes(flat, &hidden);
    assert!(
        found.contains(&"breaking B: struct removed".to_owned()),
        "{found:?}"
    );
    check(
        "pub use other::A;",
        "pub use another::A;",
        &["breaking A: use other::A → use another::A"],
    );
    check(
        "pub mod a { pub struct A; } pub use a::A;",
        "pub mod a { pub struct A; } pub use a::A; pub use a::A as B;",
        &[],
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
        "use std::option::Option as O; pub fn f() -> O<String> { None }",
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
    for (text, expected) in [
        ("mod a;", "src/a/mod.rs: is missing"),
        (
            "mod a;\n// file: src/a.rs\npub struct {",
            "src/a.rs: is no Rust: ",
        ),
    ] {
        let problem = collect(&sources(text)).unwrap_err().to_string();
        assert!(problem.starts_with(expected), "{problem}");
    }
    // Imports that lead to each other end.
    let items = collect(&sources(
        "mod a { pub use crate::b::X; } mod b { pub use crate::a::X; } pub use a::X;",
    ));
    assert!(items.is_ok());
}
