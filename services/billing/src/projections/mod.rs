//! What billing keeps of the others' events: one file a source.

mod assignment;
mod intake;
mod timekeeping;

pub(crate) use assignment::AssignmentFacts;
pub(crate) use intake::IntakeFacts;
pub(crate) use timekeeping::TimekeepingFacts;

use std::fmt::Display;
use std::str::FromStr;

use caseload_domain::FirmId;
use caseload_events::{Event, ProjectionError};

/// A part of a payload that must be there.
fn part<T>(what: &str, part: Option<T>) -> Result<T, ProjectionError> {
    part.ok_or_else(|| ProjectionError::Malformed(format!("{what} is missing")))
}

/// A part of a payload that must parse.
fn parsed<T, E: Display>(what: &str, parsed: Result<T, E>) -> Result<T, ProjectionError> {
    parsed.map_err(|why| ProjectionError::Malformed(format!("{what} {why}")))
}

/// A name of a payload.
fn name<N>(what: &str, text: &str) -> Result<N, ProjectionError>
where
    N: FromStr,
    N::Err: Display,
{
    parsed(what, text.parse())
}

/// The firm of an event, which the names in its payload must agree with.
fn firm(event: &Event, named: FirmId) -> Result<FirmId, ProjectionError> {
    if event.firm == Some(named) {
        Ok(named)
    } else {
        Err(ProjectionError::Malformed(
            "the payload names another firm than the event".to_owned(),
        ))
    }
}
