//! The intake service over real gRPC and PostgreSQL.

mod acceptance;
mod bad_input;
mod catalogue;
mod conflicts;
mod deliveries;
mod edits;
mod firms;
mod isolation;
mod lists;
mod matters;
mod paralegals;
mod projection;
mod requests;
mod retries;
mod tasks;
mod whole;
mod world;
