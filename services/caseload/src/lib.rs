//! The Caseload suite in one binary: every service, the command line, and the demonstration.
//!
//! # Layout
//! - [`cli`]: what can be said on the command line
//! - [`command`]: what each subcommand does
//! - [`demo`]: the demonstration
//! - [`services`]: the four services in one table, each with what it takes to check, migrate and run it
//! - [`suite`]: all four in one process on a private PostgreSQL
//! - [`place`]: where the suite keeps its data

pub mod cli;
pub mod command;
pub mod demo;
pub mod place;
pub mod services;
pub mod suite;
