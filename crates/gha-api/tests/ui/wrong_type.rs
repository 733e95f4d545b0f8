use gha_api::types::JobFilter;

fn main() {}

async fn mistaken(client: gha_api::Client) {
    let repo = client.repo("octo-org", "octo-docs");
    let _job = repo.get_job("42").send().await;
    let _jobs = repo.list_run_jobs(7).filter("all").send().await;
    let _all = repo.list_run_artifacts(7).direction(JobFilter::All).send().await;
}
