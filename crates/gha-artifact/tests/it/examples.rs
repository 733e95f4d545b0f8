//! The examples, run as a newcomer runs them: against their embedded fake, and against a server that
//! they take for the real one.

#[path = "../../../gha-client/tests/it/support/example.rs"]
mod example;

use example::{TOKEN, complaint, example, example_against, printed};
use gha_fake::{Artifact, Content, Fake, Fault, Job, Match, Operation, Repo, Run};
use serde_json::json;

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

#[test]
fn live() {
    let said = printed(&mut example("live"));
    let what: Vec<_> = said
        .lines()
        .map(|line| line.split("  ").next().unwrap())
        .collect();
    let all = [
        "listed",
        "run",
        "downloaded",
        "extracted",
        "one member",
        "log",
    ];
    assert_eq!(what, all, "{said}");
    assert!(said.contains("which ends in \"2026-03-10T08:00:07.2500000Z Done\""));
}

#[test]
fn live_as_in_the_workflow() {
    let content = Content::zip_of_noise([("a/noise.bin", 300_000), ("b.bin", 100)], 3);
    let other = Artifact::noise("live-7-1", 10).expired();
    let artifact = Artifact::new("live-7-1", content).id(77);
    let jobs = [Job::new(41).log("one\ntwo\n"), Job::new(42).in_progress()];
    let run = Run::new(7).jobs(jobs).artifacts([artifact, other]);
    let repo = Repo::new("octo-org", "octo-docs").private(true).run(run);
    let fake = Fake::builder().token(TOKEN).repo(repo);
    let fake = fake.start_on_thread().unwrap();
    let live = || {
        let mut command = example_against(&fake, "live");
        command.args(["--artifact", "live-7-1"]);
        command
    };
    let said = printed(&mut live());
    assert!(said.contains("a/noise.bin, 300000 bytes"), "{said}");
    assert!(said.contains("which ends in \"two\""), "{said}");
    assert!(said.contains("verified"), "{said}");

    for (fault, says) in [
        (Fault::corrupt_byte(1000).on(Match::blob()), "digest"),
        (
            Fault::rewrite_json(|_, json| json["size_in_bytes"] = 1.into())
                .on(Match::operation(Operation::GetArtifact)),
            "and the artifact itself",
        ),
        (
            Fault::rewrite_json(|_, json| json["workflow_runs"] = json!([]))
                .on(Match::operation(Operation::ListWorkflowRuns)),
            "no run 7 of workflow",
        ),
    ] {
        fake.fault(fault);
        let said = complaint(&mut live());
        assert!(said.contains(says), "{said}");
        fake.clear_faults();
    }

    let said = printed(live().arg("--delete"));
    assert!(said.ends_with("deleted     artifact 77\n"), "{said}");
    let none = complaint(&mut live());
    assert!(none.contains("no artifact \"live-7-1\""), "{none}");
}
