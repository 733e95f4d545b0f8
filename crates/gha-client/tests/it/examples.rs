//! The examples, run as a newcomer runs them: against their embedded fake, and against a server that
//! they take for the real one.

#[path = "support/example.rs"]
mod example;

use std::time::Duration;

use example::{TOKEN, complaint, example, example_against, printed};
use gha_fake::{Artifact, Conclusion, Fake, Job, Match, Operation, Repo, Run};

/// A repository of which the examples' own fake has nothing.
fn serve(run: Run) -> Fake {
    let repo = Repo::new("octo-org", "octo-docs").private(true).run(run);
    let fake = Fake::builder().token(TOKEN).repo(repo).start_on_thread();
    fake.unwrap()
}

#[test]
fn list_artifacts() {
    let table = printed(&mut example("list_artifacts"));
    assert!(table.contains("dist"), "{table}");
    assert!(table.ends_with("3 artifacts, 537.31 KiB\n"), "{table}");
    let named = printed(example("list_artifacts").args(["--name", "log"]));
    assert!(named.contains("2 artifacts, "), "{named}");
}

#[test]
fn list_artifacts_of_a_repository() {
    let artifacts = (0..150).map(|number| Artifact::noise(format!("log-{number}"), 1024));
    let fake = serve(Run::new(1).artifacts(artifacts));
    // What is on this machine does not go through another.
    let mut list = example_against(&fake, "list_artifacts");
    let table = printed(list.env("http_proxy", "http://127.0.0.1:1"));
    assert!(table.ends_with("150 artifacts, 150.00 KiB\n"), "{table}");
}

#[test]
fn prune_artifacts() {
    let dry = printed(example("prune_artifacts").args(["--days", "10"]));
    assert!(dry.contains("would delete 12 log"), "{dry}");
    assert!(
        dry.contains("older than 10 days: 2, 537.11 KiB to free"),
        "{dry}"
    );
}

#[test]
fn prune_artifacts_of_a_repository() {
    let day = Duration::from_secs(24 * 60 * 60);
    let old = (0..120).map(|_| Artifact::noise("log", 1024).age(day * 40));
    let run = Run::new(1)
        .artifact(Artifact::noise("log", 1024))
        .artifacts(old);
    let fake = serve(run.artifact(Artifact::noise("dist", 1024).age(day * 40)));
    let left = || fake.artifact_ids("octo-org/octo-docs").unwrap().len();

    printed(&mut example_against(&fake, "prune_artifacts"));
    assert_eq!(left(), 122, "it deletes only when told to");

    let mut prune = example_against(&fake, "prune_artifacts");
    let wet = printed(prune.args(["--name", "log", "--delete"]));
    assert!(wet.ends_with("120, 120.00 KiB freed\n"), "{wet}");
    assert_eq!(left(), 2);
}

#[test]
fn failed_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chart.svg");
    let chart = printed(example("failed_jobs").arg("--svg").arg(&file));
    assert!(chart.starts_with("failed jobs in run 1001: 1\n"), "{chart}");
    let bar = |step: &str| {
        let line = chart.lines().find(|line| line.contains(step)).unwrap();
        let blank = line.chars().rev().skip_while(|&c| c == '█');
        (
            blank.take_while(|&c| c == ' ').count(),
            line.matches('█').count(),
        )
    };
    let ((_, build), (before, test)) = (bar("Build"), bar("✗ Test"));
    assert!(build > 2 * test && before > build, "{chart}");
    let svg = std::fs::read_to_string(file).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
    assert_eq!(svg.matches("<rect").count(), 3);
}

#[test]
fn tail_job_log() {
    let log = printed(&mut example("tail_job_log"));
    assert_eq!(
        log.lines().next(),
        Some("2026-03-10T08:00:00.0000000Z Compiling")
    );
    let stripped = printed(example("tail_job_log").arg("--strip-timestamps"));
    assert_eq!(stripped, "Compiling\nDone\n");
    let missing = complaint(example("tail_job_log").args(["--job", "43"]));
    assert!(missing.contains("jobs/43/logs: 404 Not Found"), "{missing}");
}

#[test]
fn tail_job_log_waits() {
    let fake = serve(Run::new(1).job(Job::new(5).in_progress().log("done\n")));
    let asked = Match::operation(Operation::DownloadJobLogs);
    fake.after_answer(asked, |_, state| {
        // The second answer comes when the job has finished already.
        let _ = state.finish_job(5, Conclusion::Success);
    });
    let mut tail = example_against(&fake, "tail_job_log");
    assert_eq!(printed(tail.args(["--job", "5"])), "done\n");
}

#[test]
fn tail_job_log_gives_up() {
    let fake = serve(Run::new(1).job(Job::new(5).in_progress()));
    let mut tail = example_against(&fake, "tail_job_log");
    let late = complaint(tail.args(["--job", "5", "--deadline", "0"]));
    assert!(late.starts_with("Error: no log within 0 s\n"), "{late}");
    assert!(late.contains("in_progress"), "{late}");
}

#[test]
fn wrong_arguments() {
    let form = complaint(example("list_artifacts").args(["--repo", "octo-docs"]));
    assert!(form.contains("has not the form OWNER/REPO"), "{form}");
    let unknown = complaint(example("prune_artifacts").arg("--delet"));
    assert!(unknown.contains("--delete"), "{unknown}");
    let missing = complaint(example("tail_job_log").args(["--repo", "octo-org/octo-docs"]));
    assert!(missing.contains("--repo needs --job ID"), "{missing}");
}
