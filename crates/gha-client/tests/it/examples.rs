//! The examples, run as a newcomer runs them: against their embedded fake, and against a server that
//! they take for the real one.

#[path = "support/example.rs"]
pub mod example;

use std::time::Duration;

use example::{TOKEN, complaint, example, example_against, failed, printed};
use gha_fake::{Artifact, Conclusion, Fake, Job, Match, Operation, Repo, Run, Step};

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
    // The README shows it, of another day.
    let undated = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0");
    let readme = include_str!("../../../../README.md");
    assert!(undated(readme).contains(&undated(&table)), "{table}");
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

/// Those that wait for seconds, which they can do side by side.
#[test]
fn what_waits() {
    std::thread::scope(|scope| {
        scope.spawn(tail_job_log_waits);
        scope.spawn(watch_run);
        scope.spawn(watch_run_until_it_is_completed);
    });
}

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

fn watch_run() {
    let (printed, said) = failed(&mut example("watch_run"));
    let log = "    running 2 tests\n    ##[error]1 test failed\n";
    let expected = format!("run 1002: failure\n\n✗ build\n  ✗ 2. Test\n{log}");
    assert_eq!(printed, expected);
    assert!(said.contains("run 1002: "), "{said}");
}

fn watch_run_until_it_is_completed() {
    let lines = (1..=30).map(|line| format!("line {line}\n"));
    let test = Job::new(5)
        .age(Duration::ZERO)
        .name("test")
        .step(Step::new("Test").concluded(Conclusion::Failure))
        .concluded(Conclusion::Failure)
        .log(lines.collect::<String>());
    let lost = Job::new(6)
        .name("lost")
        .concluded(Conclusion::TimedOut)
        .log_not_stored();
    let skipped = Job::new(7).name("skipped").skipped();
    let fake = serve(Run::new(1).jobs([test, lost, skipped]));
    let clock = fake.clock().clone();
    clock.freeze();
    let asked = Match::operation(Operation::GetRun);
    fake.after_answer(asked.clone(), move |_, _| {
        clock.advance(Duration::from_secs(10));
    });
    let mut watch = example_against(&fake, "watch_run");
    let (printed, said) = failed(watch.args(["--run", "1", "--lines", "2"]));
    assert!(said.contains("run 1: in_progress\n"), "{said}");
    let failed = "run 1: failure\n\n✗ test\n  ✗ 1. Test\n    line 29\n    line 30\n\n✗ lost\n";
    let rest = printed
        .strip_prefix(failed)
        .unwrap_or_else(|| panic!("{printed}"));
    assert!(rest.contains("its log is not stored"), "{rest}");
    assert!(fake.requests_for(&asked).len() >= 3);
}

#[test]
fn watch_run_that_succeeds() {
    let fake = serve(Run::new(1).job(Job::new(5)));
    let mut watch = example_against(&fake, "watch_run");
    assert_eq!(printed(watch.args(["--run", "1"])), "run 1: success\n");
}

#[test]
fn app_token() {
    let list = printed(&mut example("app_token"));
    assert_eq!(list, "11  dist\n12  log\n13  log\n");
}

#[test]
fn app_token_of_an_installation() {
    let artifacts = (0..250).map(|number| Artifact::noise(format!("log-{number}"), 10));
    let run = Run::new(1).artifacts(artifacts);
    let repo = Repo::new("octo-org", "octo-docs").private(true).run(run);
    let fake = Fake::builder().repo(repo).installation(9);
    let fake = fake.start_on_thread().unwrap();
    // The first token is revoked under way.
    let page = Match::operation(Operation::ListArtifacts).page(1);
    fake.after_answer(page, |request, state| {
        let token = request.header("authorization").unwrap();
        state.revoke_token(token.strip_prefix("Bearer ").unwrap());
    });
    let as_installation = |id: &str| {
        let key = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/support/app.pem");
        let mut command = example_against(&fake, "app_token");
        command.args(["--client-id", "Iv1.0123", "--key", key]);
        command.args(["--installation", id]);
        command
    };
    assert_eq!(printed(&mut as_installation("9")).lines().count(), 250);
    let asked = Match::operation(Operation::CreateInstallationToken);
    assert_eq!(fake.requests_for(&asked).len(), 2);
    assert!(
        fake.requests().iter().all(|request| {
            request.header("authorization") != Some(&*format!("Bearer {TOKEN}"))
        })
    );

    let unknown = complaint(&mut as_installation("10"));
    assert!(unknown.contains("404 Not Found"), "{unknown}");
}

#[test]
fn wrong_arguments() {
    let form = complaint(example("list_artifacts").args(["--repo", "octo-docs"]));
    assert!(form.contains("has not the form OWNER/REPO"), "{form}");
    let unknown = complaint(example("prune_artifacts").arg("--delet"));
    assert!(unknown.contains("--delete"), "{unknown}");
    let alone = complaint(example("app_token").args(["--client-id", "Iv1.0123"]));
    assert!(alone.contains("--key <FILE>"), "{alone}");
    let missing = complaint(example("tail_job_log").args(["--repo", "octo-org/octo-docs"]));
    assert!(missing.contains("--repo needs --job ID"), "{missing}");
}
