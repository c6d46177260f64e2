//! What calls and projections do alike in one unit of work: writing a resource with its audit record and its event,
//! checking for conflicts, opening what is ready.
//!
//! Rows are held in one order, so that nobody waits in a circle: firm, matter, request, the turn of names, conflict
//! check, tasks, delivery, documents, what a firm stores. An import of requests is held before them all, by the one
//! stream that brings its rows.

pub(crate) mod conflicts;
pub(crate) mod consents;
pub(crate) mod discard;
pub(crate) mod documents;
pub(crate) mod drafting;
pub(crate) mod firms;
pub(crate) mod holds;
pub(crate) mod matters;
pub(crate) mod progress;
pub(crate) mod requests;
pub(crate) mod snapshot;
pub(crate) mod tasks;
