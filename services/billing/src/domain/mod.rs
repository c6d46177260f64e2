//! The rules of billing: pure, without I/O, generated types or SQL.
//!
//! # Layout
//! - [`task`]: what a firm pays for a task
//! - [`rate_card`]: what a firm pays by the hour, and which entry of which card decides
//! - [`price`]: the price of approved time and of accepted fees, and the rule that gave it
//! - [`lines`]: items put on an invoice, caps honoured, and their sum
//! - [`invoice`]: the states of an invoice, its number and its due date
//! - [`document`]: everything on an invoice, and its hash
//! - [`profile`]: how a firm is billed
//! - [`earning`]: what a paralegal earns

pub mod document;
pub mod earning;
pub mod invoice;
pub mod lines;
pub mod price;
pub mod profile;
pub mod rate_card;
pub mod task;
mod words;

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod price_tests;

pub use words::UnknownWord;
