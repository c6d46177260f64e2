//! A served process over real sockets: its limits, its health, its drain, its configuration.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod configuration;
mod connections;
mod drain;
mod health;
mod limits;
mod probe;
mod traces;
mod trust;
