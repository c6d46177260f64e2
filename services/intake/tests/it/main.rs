//! The intake service over real gRPC and PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that meets what it does not expect stops there"
)]
#![allow(
    clippy::large_futures,
    reason = "a test's future is made once, on a stack of its own"
)]
#![allow(
    clippy::similar_names,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    reason = "a story is told in one piece, with the names of its people, in the contract's types"
)]

mod acceptance;
mod bad_input;
mod catalogue;
mod comments;
mod conflicts;
mod consents;
mod court_deadlines;
mod deliveries;
mod documents;
mod due;
mod edits;
mod firm_profile;
mod firms;
mod isolation;
mod key_dates;
mod lists;
mod matter_upsert;
mod matters;
mod paralegals;
mod plans;
mod projection;
mod races;
mod request_imports;
mod request_templates;
mod requests;
mod retries;
mod search;
mod service_levels;
mod states;
mod subkinds;
mod suspension;
mod task_details;
mod task_times;
mod tasks;
mod undertakings;
mod watch;
mod whole;
mod world;
