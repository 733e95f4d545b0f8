//! Mistakes that do not compile, and what the compiler says of them.

/// `TRYBUILD=overwrite cargo test -p gha-api` writes the messages anew; read what changed.
#[test]
fn are_told_by_the_compiler() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
