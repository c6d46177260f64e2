//! The rules of intake: pure, without I/O, generated types or SQL. Time and ids come in as arguments.
//!
//! # Layout
//! - [`words`], [`transition`]: closed sets of words, and moves between states
//! - [`firm`], [`office`], [`consent`]: firms, their supervising attorneys, where to find them, what their clients have
//!   consented to
//! - [`undertaking`]: what paralegals have signed towards firms
//! - [`matter`], [`party`], [`key_date`]: matters, who is in them, and their dates
//! - [`conflict_key`], [`conflict_match`]: names and proceedings as they are compared
//! - [`conflict`], [`conflict_state`], [`conflict_hold`]: what becomes of what a comparison finds
//! - [`request`], [`acceptance`]: requests, and what stands in the way of taking one on
//! - [`request_template`]: requests that are made again and again
//! - [`request_import`]: many requests from a file
//! - [`task`], [`task_state`], [`pricing`], [`dependency`]: tasks, where they stand, what they cost and wait for
//! - [`court_deadline`]: the court's deadline that a task is for
//! - [`comment`]: what is said about a task, and to whom it is there
//! - [`worker`]: what assignment's events do to a task
//! - [`delivery`]: what can be delivered, and what is left after it
//! - [`search`]: the words of resources, and what is looked for in them
//! - [`document`]: what is uploaded, who works on it, whether it is what it was declared to be

pub mod acceptance;
pub mod comment;
pub mod conflict;
pub mod conflict_hold;
pub mod conflict_key;
pub mod conflict_match;
pub mod conflict_state;
pub mod consent;
pub mod court_deadline;
pub mod delivery;
pub mod dependency;
pub mod document;
pub mod firm;
pub mod key_date;
pub mod matter;
pub mod office;
pub mod party;
pub mod pricing;
pub mod request;
pub mod request_import;
pub mod request_template;
pub mod search;
pub mod service_level;
pub mod task;
pub mod task_state;
pub mod task_times;
pub mod transition;
pub mod undertaking;
pub mod words;
pub mod worker;
