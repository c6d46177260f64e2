//! The event log on a real PostgreSQL, over real gRPC.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do the functions that tests share"
)]

mod feed;
mod firm;
mod following;
mod log;
mod setting;
mod tracing_through;
mod trouble;
