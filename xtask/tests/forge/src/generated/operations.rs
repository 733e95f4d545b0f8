// Written by `cargo xtask codegen`. Do not edit.

//! A builder for each operation: set what it may be given, then send it.

use gha_core::generated::Sealed;
use gha_core::{Api, Bytes, Content, Error, Operation, PageBody, PageCursor, Paginated, Redirected, Response, SignedUrl};
use http::Method;

use super::client::{Client, Owner, RunOf};
use super::types;

impl Client {
    /// Lets everybody push to a branch
    ///
    /// `branch` may hold slashes.
    ///
    /// `DELETE /branches/{branch}/protection`, see [GitHub's documentation](https://docs.example.com/branches).
    pub fn unprotect(&self, branch: impl Into<String>) -> Unprotect {
        Unprotect::new(self.clone(), branch)
    }

    /// Gets a file or a folder
    ///
    /// `path` may hold slashes.
    ///
    /// `GET /contents/{path}`, see [GitHub's documentation](https://docs.example.com/contents).
    pub fn get_content(&self) -> GetContent {
        GetContent::new(self.clone())
    }

    /// Gets the logo
    ///
    /// `GET /logo`, see [GitHub's documentation](https://docs.example.com/logo).
    pub fn logo(&self) -> Logo {
        Logo::new(self.clone())
    }

    /// Sets the logo
    ///
    /// `PUT /logo`, see [GitHub's documentation](https://docs.example.com/logo).
    pub fn set_logo(&self, body: impl Into<Bytes>) -> SetLogo {
        SetLogo::new(self.clone(), body)
    }

    /// Renders Markdown
    ///
    /// `POST /markdown`, see [GitHub's documentation](https://docs.example.com/markdown).
    pub fn render_markdown(&self, body: types::Markdown) -> RenderMarkdown {
        RenderMarkdown::new(self.clone(), body)
    }

    /// Renders Markdown
    ///
    /// `POST /markdown/raw`, see [GitHub's documentation](https://docs.example.com/markdown).
    pub fn render_raw_markdown(&self) -> RenderRawMarkdown {
        RenderRawMarkdown::new(self.clone())
    }

    /// Searches everything
    ///
    /// `GET /search/{kind}`, see [GitHub's documentation](https://docs.example.com/search).
    pub fn search(&self, after: i64, q: impl Into<String>) -> Search {
        Search::new(self.clone(), after, q)
    }

    /// Lists the users
    ///
    /// `GET /users`, see [GitHub's documentation](https://docs.example.com/users).
    pub fn list_users(&self) -> ListUsers {
        ListUsers::new(self.clone())
    }
}

impl Owner {
    /// Gets an asset
    ///
    /// `GET /repos/{owner}/assets/{asset_id}`, see [GitHub's documentation](https://docs.example.com/assets).
    pub fn get_asset(&self, asset_id: i64) -> GetAsset {
        GetAsset::new(self.clone(), asset_id)
    }

    /// Lists what happened
    ///
    /// `GET /repos/{owner}/events`, see [GitHub's documentation](https://docs.example.com/events).
    pub fn list_events(&self) -> ListEvents {
        ListEvents::new(self.clone())
    }

    /// Lists the releases of an owner
    ///
    /// `GET /repos/{owner}/releases`, see [GitHub's documentation](https://docs.example.com/releases).
    pub fn list_releases(&self) -> ListReleases {
        ListReleases::new(self.clone())
    }

    /// Gets the latest release
    ///
    /// `GET /repos/{owner}/releases/latest`, see [GitHub's documentation](https://docs.example.com/latest).
    pub fn latest_release(&self) -> LatestRelease {
        LatestRelease::new(self.clone())
    }

    /// Makes or changes a secret
    ///
    /// `PUT /repos/{owner}/secrets/{name}`, see [GitHub's documentation](https://docs.example.com/secrets).
    pub fn put_secret(&self, name: impl Into<String>) -> PutSecret {
        PutSecret::new(self.clone(), name)
    }

    /// Whether there is a star
    ///
    /// `GET /repos/{owner}/stars/{name}`, see [GitHub's documentation](https://docs.example.com/stars).
    pub fn check_star(&self, name: impl Into<String>) -> CheckStar {
        CheckStar::new(self.clone(), name)
    }

    /// Starts a workflow
    ///
    /// `PUT /repos/{owner}/workflows/{workflow}/dispatches`, see [GitHub's documentation](https://docs.example.com/dispatch).
    pub fn dispatch(
        &self,
        workflow: impl Into<types::WorkflowId>,
        body: types::Dispatch,
    ) -> Dispatch {
        Dispatch::new(self.clone(), workflow, body)
    }
}

impl RunOf {
    /// Gets one run
    ///
    /// `GET /repos/{owner}/runs/{run_id}`, see [GitHub's documentation](https://docs.example.com/runs).
    pub fn get_run(&self) -> GetRun {
        GetRun::new(self.clone())
    }

    /// Finds where the logs of a run are
    ///
    /// `GET /repos/{owner}/runs/{run_id}/logs`, see [GitHub's documentation](https://docs.example.com/logs).
    pub fn download_logs(&self) -> DownloadLogs {
        DownloadLogs::new(self.clone())
    }

    /// Starts a run again
    ///
    /// `POST /repos/{owner}/runs/{run_id}/rerun`, see [GitHub's documentation](https://docs.example.com/rerun).
    pub fn rerun(&self) -> Rerun {
        Rerun::new(self.clone())
    }
}

/// A request of [`Client::unprotect`].
///
/// `client.unprotect(branch).send().await?` sends it, and waits for the answer.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct Unprotect {
    handle: Client,
    branch: String,
}

impl Unprotect {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "unprotect",
        Method::DELETE,
        "/branches/{branch}/protection",
    );

    fn new(handle: Client, branch: impl Into<String>) -> Self {
        Self {
            handle,
            branch: branch.into(),
        }
    }

    /// Sends `DELETE /branches/{branch}/protection`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path_segments("branch", &self.branch)
            .empty()
            .await
    }
}

/// A request of [`Client::get_content`].
///
/// `client.get_content().send().await?` is the answer.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct GetContent {
    handle: Client,
    path: String,
}

impl GetContent {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "get_content",
        Method::GET,
        "/contents/{path}",
    );

    fn new(handle: Client) -> Self {
        Self { handle, path: "".into() }
    }

    /// Where it is, by default the root
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Sends `GET /contents/{path}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(
        self,
    ) -> Result<Response<::serde_json::Map<String, ::serde_json::Value>>, Error> {
        self.handle.call(Self::OPERATION).last_segments("path", &self.path).json().await
    }
}

/// A request of [`Client::logo`].
///
/// `client.logo().send().await?` is the bytes.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct Logo {
    handle: Client,
}

impl Logo {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "logo",
        Method::GET,
        "/logo",
    );

    fn new(handle: Client) -> Self {
        Self { handle }
    }

    /// Sends `GET /logo`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<Bytes>, Error> {
        self.handle.call(Self::OPERATION).accept("image/png").bytes().await
    }
}

/// A request of [`Client::set_logo`].
///
/// `client.set_logo(body).send().await?` is the `SetLogoAnswer`.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct SetLogo {
    handle: Client,
    body: Bytes,
}

impl SetLogo {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "set_logo",
        Method::PUT,
        "/logo",
    );

    fn new(handle: Client, body: impl Into<Bytes>) -> Self {
        Self { handle, body: body.into() }
    }

    /// Sends `PUT /logo`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::SetLogoAnswer>, Error> {
        self.handle
            .call(Self::OPERATION)
            .raw(Some(self.body))
            .content_type("image/png")
            .accept("text/plain")
            .by_status()
            .await
    }
}

/// A request of [`Client::render_markdown`].
///
/// `client.render_markdown(body).send().await?` is the text.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct RenderMarkdown {
    handle: Client,
    body: types::Markdown,
}

impl RenderMarkdown {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "render_markdown",
        Method::POST,
        "/markdown",
    );

    fn new(handle: Client, body: types::Markdown) -> Self {
        Self { handle, body }
    }

    /// Sends `POST /markdown`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<String>, Error> {
        self.handle
            .call(Self::OPERATION)
            .body(&self.body)
            .accept("text/html")
            .text()
            .await
    }
}

/// A request of [`Client::render_raw_markdown`].
///
/// `client.render_raw_markdown().send().await?` is the text.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct RenderRawMarkdown {
    handle: Client,
    body: Option<String>,
}

impl RenderRawMarkdown {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "render_raw_markdown",
        Method::POST,
        "/markdown/raw",
    );

    fn new(handle: Client) -> Self {
        Self { handle, body: None }
    }

    /// The body of the request.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends `POST /markdown/raw`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<String>, Error> {
        self.handle
            .call(Self::OPERATION)
            .raw(self.body)
            .content_type("text/x-markdown")
            .accept("text/html")
            .text()
            .await
    }
}

/// A request of [`Owner::get_asset`].
///
/// - `owner.get_asset(asset_id).send().await?` is the `Release`.
/// - `owner.get_asset(asset_id).download().await?` opens the content, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct GetAsset {
    handle: Owner,
    asset_id: i64,
}

impl GetAsset {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "get_asset",
        Method::GET,
        "/repos/{owner}/assets/{asset_id}",
    );

    fn new(handle: Owner, asset_id: i64) -> Self {
        Self { handle, asset_id }
    }

    /// Sends `GET /repos/{owner}/assets/{asset_id}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::Release>, Error> {
        self.handle.call(Self::OPERATION).path("asset_id", &self.asset_id).json().await
    }
}

impl Sealed for GetAsset {}

impl Redirected for GetAsset {
    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    async fn send_redirect(self) -> Result<SignedUrl, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("asset_id", &self.asset_id)
            .accept("application/octet-stream")
            .redirect()
            .await
    }

    async fn send_content(self) -> Result<Content, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("asset_id", &self.asset_id)
            .accept("application/octet-stream")
            .content()
            .await
    }
}

/// A request of [`Owner::list_events`].
///
/// - `owner.list_events().send().await?` is one page.
/// - `owner.list_events().stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListEvents {
    handle: Owner,
    after: Option<String>,
    before: Option<String>,
    per_page: Option<i64>,
}

impl ListEvents {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_events",
        Method::GET,
        "/repos/{owner}/events",
    );

    fn new(handle: Owner) -> Self {
        Self {
            handle,
            after: None,
            before: None,
            per_page: None,
        }
    }

    /// Where to go on
    pub fn after(mut self, after: impl Into<String>) -> Self {
        self.after = Some(after.into());
        self
    }

    /// Where to go on
    pub fn before(mut self, before: impl Into<String>) -> Self {
        self.before = Some(before.into());
        self
    }

    /// What it says
    pub fn per_page(mut self, per_page: i64) -> Self {
        self.per_page = Some(per_page);
        self
    }

    /// Sends `GET /repos/{owner}/events`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::EventPage>, Error> {
        self.handle
            .call(Self::OPERATION)
            .query("after", &self.after)
            .query("before", &self.before)
            .query("per_page", &self.per_page)
            .json()
            .await
    }
}

impl Sealed for ListEvents {}

impl Paginated for ListEvents {
    type Item = types::Release;

    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page
    }

    fn with_per_page(self, per_page: i64) -> Self {
        self.per_page(per_page)
    }

    fn cursor_names(&self) -> &'static [&'static str] {
        &["after", "before"]
    }

    fn cursor(&self) -> PageCursor {
        PageCursor::new([
            ("after", self.after.as_ref().map(ToString::to_string)),
            ("before", self.before.as_ref().map(ToString::to_string)),
        ])
    }

    fn with_cursor(mut self, cursor: &PageCursor) -> Self {
        self.after = cursor.get("after").map(Into::into);
        self.before = cursor.get("before").map(Into::into);
        self
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(self.send().await?.map(|body| PageBody::new(body.total_count, body.events)))
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

/// A request of [`Owner::list_releases`].
///
/// - `owner.list_releases().send().await?` is one page.
/// - `owner.list_releases().stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListReleases {
    handle: Owner,
    after: Option<String>,
    before: Option<String>,
    page: Option<i64>,
    per_page: Option<i64>,
}

impl ListReleases {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_releases",
        Method::GET,
        "/repos/{owner}/releases",
    );

    fn new(handle: Owner) -> Self {
        Self {
            handle,
            after: None,
            before: None,
            page: None,
            per_page: None,
        }
    }

    /// Where to go on
    pub fn after(mut self, after: impl Into<String>) -> Self {
        self.after = Some(after.into());
        self
    }

    /// Where to go on
    pub fn before(mut self, before: impl Into<String>) -> Self {
        self.before = Some(before.into());
        self
    }

    /// What it says
    pub fn page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// What it says
    pub fn per_page(mut self, per_page: i64) -> Self {
        self.per_page = Some(per_page);
        self
    }

    /// Sends `GET /repos/{owner}/releases`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<Vec<types::Release>>, Error> {
        self.handle
            .call(Self::OPERATION)
            .query("after", &self.after)
            .query("before", &self.before)
            .query("page", &self.page)
            .query("per_page", &self.per_page)
            .json()
            .await
    }
}

impl Sealed for ListReleases {}

impl Paginated for ListReleases {
    type Item = types::Release;

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

    fn cursor_names(&self) -> &'static [&'static str] {
        if [&self.after, &self.before].iter().all(|it| it.is_none()) {
            return &[];
        }
        &["after", "before"]
    }

    fn cursor(&self) -> PageCursor {
        PageCursor::new([
            ("after", self.after.as_ref().map(ToString::to_string)),
            ("before", self.before.as_ref().map(ToString::to_string)),
        ])
    }

    fn with_cursor(mut self, cursor: &PageCursor) -> Self {
        self.page = None;
        self.after = cursor.get("after").map(Into::into);
        self.before = cursor.get("before").map(Into::into);
        self
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(self.send().await?.map(|body| PageBody::new(None, body)))
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

/// A request of [`Owner::latest_release`].
///
/// `owner.latest_release().send().await?` is the `Latest`.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct LatestRelease {
    handle: Owner,
}

impl LatestRelease {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "latest_release",
        Method::GET,
        "/repos/{owner}/releases/latest",
    );

    fn new(handle: Owner) -> Self {
        Self { handle }
    }

    /// Sends `GET /repos/{owner}/releases/latest`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::Latest>, Error> {
        self.handle.call(Self::OPERATION).by_status().await
    }
}

/// A request of [`RunOf::get_run`].
///
/// `run_of.get_run().send().await?` is the `Run`.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct GetRun {
    handle: RunOf,
}

impl GetRun {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "get_run",
        Method::GET,
        "/repos/{owner}/runs/{run_id}",
    );

    fn new(handle: RunOf) -> Self {
        Self { handle }
    }

    /// Sends `GET /repos/{owner}/runs/{run_id}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::Run>, Error> {
        self.handle.call(Self::OPERATION).json().await
    }
}

/// A request of [`RunOf::download_logs`].
///
/// - `run_of.download_logs().send().await?` is the [`SignedUrl`] of the content.
/// - `run_of.download_logs().download().await?` opens the content, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct DownloadLogs {
    handle: RunOf,
}

impl DownloadLogs {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "download_logs",
        Method::GET,
        "/repos/{owner}/runs/{run_id}/logs",
    );

    fn new(handle: RunOf) -> Self {
        Self { handle }
    }

    /// Sends `GET /repos/{owner}/runs/{run_id}/logs`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<SignedUrl, Error> {
        match self.handle.call(Self::OPERATION).redirect().await {
            Err(error) if error.is_not_found() => Err(self.why_missing(error).await),
            url => url,
        }
    }
}

impl Sealed for DownloadLogs {}

impl Redirected for DownloadLogs {
    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    async fn send_redirect(self) -> Result<SignedUrl, Error> {
        self.send().await
    }

    async fn why_missing(self, missing: Error) -> Error {
        match self.handle.get_run().send().await {
            Ok(subject) => subject.why_missing(missing),
            Err(_) => missing,
        }
    }
}

/// A request of [`RunOf::rerun`].
///
/// `run_of.rerun().send().await?` is the answer.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct Rerun {
    handle: RunOf,
    body: Option<types::Rerun>,
}

impl Rerun {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "rerun",
        Method::POST,
        "/repos/{owner}/runs/{run_id}/rerun",
    );

    fn new(handle: RunOf) -> Self {
        Self { handle, body: None }
    }

    /// The body of the request.
    pub fn body(mut self, body: types::Rerun) -> Self {
        self.body = Some(body);
        self
    }

    /// Sends `POST /repos/{owner}/runs/{run_id}/rerun`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(
        self,
    ) -> Result<Response<::serde_json::Map<String, ::serde_json::Value>>, Error> {
        self.handle.call(Self::OPERATION).body(&self.body).json().await
    }
}

/// A request of [`Owner::put_secret`].
///
/// `owner.put_secret(name).send().await?` is the `PutSecretAnswer`.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct PutSecret {
    handle: Owner,
    name: String,
}

impl PutSecret {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "put_secret",
        Method::PUT,
        "/repos/{owner}/secrets/{name}",
    );

    fn new(handle: Owner, name: impl Into<String>) -> Self {
        Self { handle, name: name.into() }
    }

    /// Sends `PUT /repos/{owner}/secrets/{name}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::PutSecretAnswer>, Error> {
        self.handle.call(Self::OPERATION).path("name", &self.name).by_status().await
    }
}

/// A request of [`Owner::check_star`].
///
/// `owner.check_star(name).send().await?` is whether it is so.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct CheckStar {
    handle: Owner,
    name: String,
}

impl CheckStar {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "check_star",
        Method::GET,
        "/repos/{owner}/stars/{name}",
    );

    fn new(handle: Owner, name: impl Into<String>) -> Self {
        Self { handle, name: name.into() }
    }

    /// Sends `GET /repos/{owner}/stars/{name}`.
    ///
    /// It is not so as well where the caller may not know: GitHub says 404 then, too.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<bool>, Error> {
        self.handle.call(Self::OPERATION).path("name", &self.name).check().await
    }
}

/// A request of [`Owner::dispatch`].
///
/// `owner.dispatch(workflow, body).send().await?` sends it, and waits for the answer.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct Dispatch {
    handle: Owner,
    workflow: types::WorkflowId,
    body: types::Dispatch,
    x_reason: Option<String>,
}

impl Dispatch {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "dispatch",
        Method::PUT,
        "/repos/{owner}/workflows/{workflow}/dispatches",
    );

    fn new(
        handle: Owner,
        workflow: impl Into<types::WorkflowId>,
        body: types::Dispatch,
    ) -> Self {
        Self {
            handle,
            workflow: workflow.into(),
            body,
            x_reason: None,
        }
    }

    /// For the log
    pub fn x_reason(mut self, x_reason: impl Into<String>) -> Self {
        self.x_reason = Some(x_reason.into());
        self
    }

    /// Sends `PUT /repos/{owner}/workflows/{workflow}/dispatches`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("workflow", &self.workflow)
            .body(&self.body)
            .header("X-Reason", &self.x_reason)
            .empty()
            .await
    }
}

/// A request of [`Client::search`].
///
/// `client.search(after, q).send().await?` is the answer.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct Search {
    handle: Client,
    after: i64,
    q: String,
    kind: String,
    tags: Option<Vec<String>>,
    type_: Option<types::SearchAge>,
}

impl Search {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "search",
        Method::GET,
        "/search/{kind}",
    );

    fn new(handle: Client, after: i64, q: impl Into<String>) -> Self {
        Self {
            handle,
            after,
            q: q.into(),
            kind: "code".into(),
            tags: None,
            type_: None,
        }
    }

    /// What it says
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = kind.into();
        self
    }

    /// What it says
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tags = Some(tags.into_iter().map(Into::into).collect());
        self
    }

    /// What it says
    pub fn type_(mut self, type_: types::SearchAge) -> Self {
        self.type_ = Some(type_);
        self
    }

    /// Sends `GET /search/{kind}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(
        self,
    ) -> Result<Response<::serde_json::Map<String, ::serde_json::Value>>, Error> {
        self.handle
            .call(Self::OPERATION)
            .query("after", &self.after)
            .query("q", &self.q)
            .path("kind", &self.kind)
            .query("tags", &self.tags)
            .query("type", &self.type_)
            .json()
            .await
    }
}

/// A request of [`Client::list_users`].
///
/// - `client.list_users().send().await?` is one page.
/// - `client.list_users().stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListUsers {
    handle: Client,
    since: Option<i64>,
}

impl ListUsers {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_users",
        Method::GET,
        "/users",
    );

    fn new(handle: Client) -> Self {
        Self { handle, since: None }
    }

    /// Where to go on
    pub fn since(mut self, since: i64) -> Self {
        self.since = Some(since);
        self
    }

    /// Sends `GET /users`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<Vec<String>>, Error> {
        self.handle.call(Self::OPERATION).query("since", &self.since).json().await
    }
}

impl Sealed for ListUsers {}

impl Paginated for ListUsers {
    type Item = String;

    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    fn cursor_names(&self) -> &'static [&'static str] {
        &["since"]
    }

    fn cursor(&self) -> PageCursor {
        PageCursor::new([("since", self.since.as_ref().map(ToString::to_string))])
    }

    fn with_cursor(mut self, cursor: &PageCursor) -> Self {
        self.since = cursor.get("since").and_then(|id| id.parse().ok());
        self
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(self.send().await?.map(|body| PageBody::new(None, body)))
    }

    fn item_id(_: &Self::Item) -> Option<i64> {
        None
    }
}
