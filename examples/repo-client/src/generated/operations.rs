// Written by `cargo xtask codegen`. Do not edit.

//! A builder for each operation: set what it may be given, then send it.

use gha_core::generated::Sealed;
use gha_core::{Api, Error, Operation, PageBody, Paginated, Redirected, Response, SignedUrl};
use http::Method;

use super::client::Repo;
use super::types;

impl Repo {
    /// Lists the branches
    ///
    /// `GET /repos/{owner}/{repo}/branches`.
    pub fn list_branches(&self) -> ListBranches {
        ListBranches::new(self.clone())
    }

    /// Gets a file or a folder
    ///
    /// `path` may hold slashes.
    ///
    /// `GET /repos/{owner}/{repo}/contents/{path}`.
    pub fn get_content(&self) -> GetContent {
        GetContent::new(self.clone())
    }

    /// Downloads all files of a commit
    ///
    /// `ref_` may hold slashes.
    ///
    /// `GET /repos/{owner}/{repo}/zipball/{ref}`.
    pub fn download_zipball(&self, ref_: impl Into<String>) -> DownloadZipball {
        DownloadZipball::new(self.clone(), ref_)
    }
}

/// A request of [`Repo::list_branches`].
///
/// - `repo.list_branches().send().await?` is one page.
/// - `repo.list_branches().stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListBranches {
    handle: Repo,
    page: Option<i64>,
    per_page: Option<i64>,
}

impl ListBranches {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_branches",
        Method::GET,
        "/repos/{owner}/{repo}/branches",
    );

    fn new(handle: Repo) -> Self {
        Self {
            handle,
            page: None,
            per_page: None,
        }
    }

    /// The parameter `page`.
    pub fn page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// The parameter `per_page`.
    pub fn per_page(mut self, per_page: i64) -> Self {
        self.per_page = Some(per_page);
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/branches`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<Vec<types::Branch>>, Error> {
        self.handle
            .call(Self::OPERATION)
            .query("page", &self.page)
            .query("per_page", &self.per_page)
            .json()
            .await
    }
}

impl Sealed for ListBranches {}

impl Paginated for ListBranches {
    type Item = types::Branch;

    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page
    }

    fn with_page(self, page: i64) -> Self {
        self.page(page)
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page
    }

    fn with_per_page(self, per_page: i64) -> Self {
        self.per_page(per_page)
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(self.send().await?.map(|body| PageBody::new(None, body)))
    }

    fn item_id(_: &Self::Item) -> Option<i64> {
        None
    }
}

/// A request of [`Repo::get_content`].
///
/// `repo.get_content().send().await?` is the `Content`.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct GetContent {
    handle: Repo,
    path: String,
    ref_: Option<String>,
}

impl GetContent {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "get_content",
        Method::GET,
        "/repos/{owner}/{repo}/contents/{path}",
    );

    fn new(handle: Repo) -> Self {
        Self {
            handle,
            path: "".into(),
            ref_: None,
        }
    }

    /// Where it is, by default the root.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The parameter `ref`.
    pub fn ref_(mut self, ref_: impl Into<String>) -> Self {
        self.ref_ = Some(ref_.into());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/contents/{path}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::Content>, Error> {
        self.handle
            .call(Self::OPERATION)
            .last_segments("path", &self.path)
            .query("ref", &self.ref_)
            .json()
            .await
    }
}

/// A request of [`Repo::download_zipball`].
///
/// - `repo.download_zipball(ref_).send().await?` is the [`SignedUrl`] of the content.
/// - `repo.download_zipball(ref_).download().await?` opens the content, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct DownloadZipball {
    handle: Repo,
    ref_: String,
}

impl DownloadZipball {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "download_zipball",
        Method::GET,
        "/repos/{owner}/{repo}/zipball/{ref}",
    );

    fn new(handle: Repo, ref_: impl Into<String>) -> Self {
        Self { handle, ref_: ref_.into() }
    }

    /// Sends `GET /repos/{owner}/{repo}/zipball/{ref}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<SignedUrl, Error> {
        self.handle
            .call(Self::OPERATION)
            .path_segments("ref", &self.ref_)
            .redirect()
            .await
    }
}

impl Sealed for DownloadZipball {}

impl Redirected for DownloadZipball {
    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    async fn send_redirect(self) -> Result<SignedUrl, Error> {
        self.send().await
    }
}
