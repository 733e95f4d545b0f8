fn main() {}

async fn forgotten(repo: gha_api::Repo) {
    let _artifact = repo.get_artifact().send().await;
    let _jobs = repo.list_attempt_jobs(7).send().await;
}
