//! Timekeeping over real gRPC and PostgreSQL, fed by stand-ins for intake and assignment.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do the functions that tests share"
)]

mod bad_input;
mod catalogue;
mod changing;
mod events;
mod following;
mod job;
mod listing;
mod no_overlap;
mod plans;
mod races;
mod recording;
mod refusals;
mod reversing;
mod reviewing;
mod rules;
mod submitting;
mod timers;
mod world;
