/// How far a download has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The bytes received so far. It falls back to 0 where a download has to start over.
    pub received: u64,
    /// The bytes that the whole download has, where the blob store says so.
    pub total: Option<u64>,
}

/// What a download calls back with its progress.
pub(crate) type Callback = Box<dyn FnMut(Progress) + Send>;
