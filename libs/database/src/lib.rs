//! PostgreSQL for Caseload: pool, migrations, firm-scoped transactions, retries, paging, the private local server.
//!
//! # Layout
//! - [`Database`]: the way to a connection, [`run`](Database::run) and [`run_once`](Database::run_once); a
//!   [`Transaction`] is one unit of work in one scope
//! - [`DatabaseConfig`]: where the database is, and as whom
//! - [`DatabaseError`]: what can go wrong, and its status as a caller sees it
//! - [`retry`]: the answers kept for requests that are sent again
//! - [`etag`], [`page`]: what a contract's `etag`, `page_size` and `page_token` mean
//! - [`audit`]: who changed what
//! - [`lease`]: what must run once among any number of replicas
//! - [`Signal`]: how a worker hears in its own process of what was committed
//! - [`migrate`]: the schema, ours and a service's, in one history
//! - [`local`]: a private PostgreSQL for demonstrations, development and tests

pub mod audit;
mod config;
mod database;
mod error;
pub mod etag;
pub mod lease;
pub mod local;
pub mod migrate;
pub mod page;
pub mod retry;
mod signal;
mod transaction;

pub use config::DatabaseConfig;
pub use database::Database;
pub use error::DatabaseError;
pub use page::{InvalidPageSize, PageTokenInvalid, PageTokens, page_size};
pub use retry::{InvalidRequestId, Retry};
pub use signal::Signal;
pub use transaction::Transaction;
