//! Watches as the contract carries them.

use std::fmt;
use std::str::FromStr;

use caseload_domain::FirmId;
use caseload_domain::name::{FirmName, InvalidName, TaskName};
use caseload_events::Event;
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;

use super::told::Told;

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent {
    /// What is below a firm.
    Firm(FirmId),
    /// One task.
    Task(TaskName),
}

impl Parent {
    pub(super) const fn firm(self) -> FirmId {
        match self {
            Self::Firm(firm) => firm,
            Self::Task(task) => task.firm,
        }
    }
}

impl fmt::Display for Parent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Firm(firm) => FirmName(*firm).fmt(out),
            Self::Task(task) => task.fmt(out),
        }
    }
}

impl FromStr for Parent {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let firm = text.parse().map(|FirmName(firm)| Self::Firm(firm));
        firm.or_else(|_| text.parse().map(Self::Task))
            .map_err(|_| InvalidName("firms/{id} or firms/{id}/tasks/{id}"))
    }
}

/// A change as it is answered.
pub(super) fn answer(event: &Event, told: Told) -> v1::Change {
    let word = event.type_name.rsplit('.').next().unwrap_or_default();
    v1::Change {
        resource: event.aggregate.clone(),
        r#type: word.to_owned(),
        state: told.state.unwrap_or_default(),
        task: told.task.unwrap_or_default(),
        change_time: Some(timestamp(event.occur_time)),
    }
}
