//! The contract, one file a resource: requests are parsed into domain commands, run, and answered.
//!
//! - [`parse`]: fields of requests
//! - [`answer`]: entries, timers and rules as the contract shows them, and as events carry them
//! - [`audit`]: the same as the audit log keeps them
//! - [`flow`]: what every call has in common
//! - [`time_entries`], with [`listing`], [`revisions`], [`batches`] and [`reversal`]
//! - [`timers`]
//! - [`time_rules`]

mod answer;
mod audit;
mod batches;
mod flow;
mod listing;
mod parse;
mod reversal;
mod revisions;
mod time_entries;
mod time_rules;
mod timers;

pub use flow::Timekeeping;
