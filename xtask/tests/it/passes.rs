//! What each pass changes in the types, as a diff from before it to after it, against a golden file.
//!
//! `UPDATE_GOLDEN=1 cargo test -p xtask passes` writes the files anew; read what changed.

use std::path::Path;

use similar::TextDiff;
use xtask::codegen::model::Model;
use xtask::codegen::{passes, progenitor};
use xtask::spec::yaml;

#[test]
fn each_pass_changes_what_it_says() {
    let document = yaml::parse(include_str!("../fixtures/passes.yaml")).unwrap();
    let mut generated = progenitor::generate(&document).unwrap();
    let model = Model::new(&document, &generated).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/passes");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut stale = Vec::new();
    let mut before = prettyplease::unparse(&generated.types);
    passes::apply(&mut generated, &model, |name, types| {
        let after = prettyplease::unparse(types);
        let change = TextDiff::from_lines(&before, &after)
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
        before = after;
    })
    .unwrap();
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}
