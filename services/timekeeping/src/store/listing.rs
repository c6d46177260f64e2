//! Entries by filter, page by page, the latest first.

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::{FirmId, MatterId, ParalegalId, TaskId};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::entries::words;
use super::rows::{Labelled, select_entries};
use crate::domain::state::State;

/// Which entries are asked for. What is set must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Of this firm.
    pub firm: Option<FirmId>,
    /// Of this paralegal.
    pub paralegal: Option<ParalegalId>,
    /// On this matter.
    pub matter: Option<MatterId>,
    /// On this task.
    pub task: Option<TaskId>,
    /// In one of these states.
    pub states: Vec<State>,
    /// Of this work date or later.
    pub start: Option<Date>,
    /// Of this work date or earlier.
    pub end: Option<Date>,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The last entry's start, in microseconds since 1970.
    start: i64,
    /// The last entry's id.
    id: Uuid,
}

impl Place {
    /// After this entry.
    pub fn after(entry: &Labelled) -> Self {
        let nanos = entry.entry.span.start().unix_timestamp_nanos();
        Self {
            // Within the years 1 to 9999, which fit.
            start: i64::try_from(nanos.div_euclid(1000)).unwrap_or(i64::MAX),
            id: entry.entry.name.id.0,
        }
    }

    fn start(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.start) * 1000).ok()
    }
}

/// As many entries as asked for, from the place on.
pub async fn list(
    tx: &mut Transaction,
    filter: &Filter,
    after: Option<Place>,
    most: i64,
) -> Result<Vec<Labelled>, DatabaseError> {
    select_entries!(
        "e.state = any($1)
             and ($2::uuid is null or e.firm_id = $2)
             and ($3::uuid is null or e.paralegal_id = $3)
             and ($4::uuid is null or e.matter_id = $4)
             and ($5::uuid is null or e.task_id = $5)
             and ($6::date is null or e.work_date >= $6)
             and ($7::date is null or e.work_date <= $7)
             and ($8::timestamptz is null or (e.start_time, e.id) < ($8, $9))
         order by e.start_time desc, e.id desc
         limit $10",
        &words(&filter.states) as _,
        filter.firm.map(Uuid::from),
        filter.paralegal.map(Uuid::from),
        filter.matter.map(Uuid::from),
        filter.task.map(Uuid::from),
        filter.start,
        filter.end,
        after.and_then(Place::start),
        after.map(|place| place.id),
        most,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Labelled::try_from)
    .collect()
}
