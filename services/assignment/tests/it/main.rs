//! Assignment over real gRPC and PostgreSQL, fed by a stand-in for intake.

#![allow(
    clippy::expect_used,
    clippy::similar_names,
    reason = "a test may fail, and says what came of what"
)]

mod answers;
mod bad_input;
mod candidates;
mod following;
mod main_job;
mod plans;
mod queries;
mod races;
mod roster;
mod secrets;
mod world;
