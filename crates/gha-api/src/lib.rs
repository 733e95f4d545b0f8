#![doc = include_str!("../README.md")]

mod explain;
#[rustfmt::skip]
mod generated;

pub use generated::*;
pub use gha_core::{
    AnyRequest, Api, ApiError, BaseUrl, Error, ErrorKind, Method, Operation, PageBody, Paginated,
    RateLimit, Redirected, Response, RetryPolicy, SignedUrl, UnknownValue,
};
