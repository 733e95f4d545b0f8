//! The examples, run as a newcomer runs them: against their embedded fake, and against a server that
//! they take for the real one.

#[path = "../../../gha-client/tests/it/support/example.rs"]
mod example;

use example::{TOKEN, complaint, example, example_against, printed};
use gha_fake::{Artifact, Fake, Repo, Run};

#[test]
fn one_file() {
    let list = printed(&mut example("one_file"));
    assert_eq!(list, "           5  a.txt\n           4  b.txt\n");
    assert_eq!(
        printed(example("one_file").args(["--member", "b.txt"])),
        "beta"
    );
    let missing = complaint(example("one_file").args(["--member", "c.txt"]));
    assert!(missing.contains("no entry \"c.txt\""), "{missing}");
}

#[test]
fn download_artifact() {
    let folder = tempfile::tempdir().unwrap();
    let mut download = example("download_artifact");
    let said = printed(download.current_dir(folder.path()));
    assert_eq!(said, "9 B in dist\n");
    let saved = std::fs::read(folder.path().join("dist/a.txt")).unwrap();
    assert_eq!(saved, b"alpha");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let again = complaint(&mut download);
    assert!(again.contains("dist"), "{again}");
}

#[test]
fn download_artifact_finds_the_newest_of_a_branch() {
    let zip = |text: &str| Artifact::zip("dist", &[("a.txt", text.as_bytes())]);
    let run = |id, branch: &str| Run::new(id).head_branch(branch);
    let repo = Repo::new("octo-org", "octo-docs")
        .run(run(1, "main").artifacts([zip("oldest"), zip("wanted"), zip("expired").expired()]))
        .run(run(2, "next").artifacts((0..120).map(|_| zip("of another branch"))))
        .artifact(zip("of no run"));
    let fake = Fake::builder().token(TOKEN).repo(repo);
    let fake = fake.start_on_thread().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("files");
    let mut download = example_against(&fake, "download_artifact");
    let said = printed(download.arg("--output").arg(&output));
    assert_eq!(said, format!("6 B in {}\n", output.display()));
    assert_eq!(std::fs::read(output.join("a.txt")).unwrap(), b"wanted");

    let none = complaint(download.args(["--branch", "old"]));
    let expected = "Error: no artifact `dist` on `old` that has not expired\n";
    assert_eq!(none, expected);
}
