//! The rules of recorded time: pure, with time and ids as arguments.
//!
//! - [`state`]: where an entry stands, and the one table of how it gets there
//! - [`span`]: from when to when
//! - [`tenure`]: whose the task was at that time
//! - [`description`]: what was done, and whether the firm is billed for it
//! - [`standing`]: what an entry is made from
//! - [`entry`]: the entry, and what happens to it
//! - [`revision`]: changes to an entry that is the paralegal's own
//! - [`timer`]: the clock that becomes an entry
//! - [`refusal`]: why something can't be done

pub mod description;
pub mod entry;
pub mod refusal;
pub mod revision;
pub mod span;
pub mod standing;
pub mod state;
pub mod tenure;
pub mod timer;

#[cfg(test)]
mod samples;
