//! Assignment over real gRPC and PostgreSQL, fed by a stand-in for intake.

mod answers;
mod bad_input;
mod candidates;
mod following;
mod main_job;
mod plans;
mod races;
mod roster;
mod secrets;
mod world;
