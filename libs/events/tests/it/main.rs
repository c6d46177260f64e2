//! The event log on a real PostgreSQL, over real gRPC.

mod feed;
mod following;
mod log;
mod setting;
mod tracing_through;
mod trouble;
