//! What tests share: databases from a template, running services, tokens.
//!
//! # Layout
//! - [`database()`]: a database of a test's own
//! - [`catalogue`]: what every service's database must say of itself
//! - [`service`]: a running service
//! - [`tokens`]: the tests' issuer, and a function a role
//! - [`Upstream`]: stands for a service whose events are followed
//! - [`eventually`]: waiting on a condition

pub mod catalogue;
mod database;
mod eventually;
pub mod service;
pub mod tokens;
mod upstream;

pub use database::{TestDatabase, database};
pub use eventually::eventually;
pub use service::TestService;
pub use upstream::Upstream;
