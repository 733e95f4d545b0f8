//! What each pass changes, as a diff from before it to after it, against a golden file.
//!
//! `UPDATE_GOLDEN=1 cargo test -p xtask --test passes` writes the files anew; read what changed.

use std::path::Path;

use similar::TextDiff;
use xtask::codegen::model::Model;
use xtask::codegen::parts::Parts;
use xtask::codegen::passes::{Context, PASSES};
use xtask::spec::yaml;

#[test]
fn each_pass_changes_what_it_says() {
    let document = yaml::parse(include_str!("fixtures/passes.yaml")).unwrap();
    let mut parts = xtask::codegen::generated(&document).unwrap();
    let context = Context::new(Model::new(&document), &parts);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/passes");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut stale = Vec::new();
    for (name, pass) in PASSES {
        let before = text(&parts);
        pass(&mut parts, &context).unwrap();
        let change = TextDiff::from_lines(&before, text(&parts))
            .unified_diff()
            .context_radius(2)
            .to_string();
        assert!(!change.is_empty(), "the fixture has nothing for `{name}`");
        let golden = folder.join(format!("{name}.diff"));
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(golden, change).unwrap();
        } else if std::fs::read_to_string(golden).unwrap() != change {
            stale.push(format!("{name}:\n{change}"));
        }
    }
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

fn text(parts: &Parts) -> String {
    let module = |name: &str, file| format!("// {name}\n{}", prettyplease::unparse(file));
    [
        module("types", &parts.types),
        module("operations", &parts.operations),
        module("builder", &parts.builder),
    ]
    .concat()
}
