#![deny(unused_must_use)]

fn main() {}

async fn forgotten(repo: gha_api::Repo) {
    repo.delete_artifact(11);
}
