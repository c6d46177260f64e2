//! Billing over real gRPC and PostgreSQL, fed by stand-ins for intake, assignment and timekeeping.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do the functions that tests share"
)]

mod any_order;
mod bad_input;
mod bad_lists;
mod drafts;
mod export;
mod facts;
mod golden;
mod immutable;
mod issuing;
mod once;
mod pay;
mod profiles;
mod reversing;
mod visibility;
mod volume;
mod world;
