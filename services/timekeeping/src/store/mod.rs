//! SQL, one file a resource.
//!
//! - [`entries`]: entries by name, locked, written
//! - [`listing`]: entries by filter, page by page
//! - [`timers`]: the timer of a paralegal
//! - [`rows`]: entries as rows, and rows as entries
//! - [`known`]: what the other services' events say
//! - [`rules`]: a firm's rules

pub mod entries;
pub mod known;
pub mod listing;
pub mod rows;
pub mod rules;
pub mod timers;

use caseload_database::DatabaseError;

/// What the database holds is not what was written there: a defect of ours.
pub(crate) fn unreadable<E>(error: E) -> DatabaseError
where
    E: std::error::Error + Send + Sync + 'static,
{
    sqlx::Error::Decode(Box::new(error)).into()
}
