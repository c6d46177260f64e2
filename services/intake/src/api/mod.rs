//! The contracts, one file a resource: from a request to the domain, and from the domain to an answer. No SQL.
//!
//! # Layout
//! - [`fields`], [`numbers`], [`listing`]: what parsing a request is made of
//! - [`veil`]: what a firm is told of a conflict
//! - [`watch`]: what changes, as a stream
//! - one module a resource; its `contract` module reads and writes the resource's message

pub(crate) mod comments;
pub(crate) mod conflicts;
pub(crate) mod deadlines;
pub(crate) mod deliveries;
pub(crate) mod documents;
pub(crate) mod fields;
pub(crate) mod firms;
pub(crate) mod listing;
pub(crate) mod matters;
pub(crate) mod numbers;
pub(crate) mod practice_areas;
pub(crate) mod request_imports;
pub(crate) mod request_templates;
pub(crate) mod requests;
pub(crate) mod service_levels;
pub(crate) mod task_kinds;
pub(crate) mod tasks;
pub(crate) mod undertakings;
pub(crate) mod veil;
pub(crate) mod watch;
