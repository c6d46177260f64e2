//! The figures of tasks.

use caseload_database::Transaction;
use caseload_domain::FirmId;
use caseload_domain::zone::Zone;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use super::read;
use crate::domain::service_level::{Backlog, Dimension, ServiceLevel, Span, Turnaround};
use crate::error::IntakeError;

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    /// What is counted together: of each firm, its spans of the period.
    pub(crate) spans: Vec<(FirmId, Span)>,
    /// What is told apart.
    pub(crate) by: Vec<Dimension>,
    /// Rows that were answered before.
    pub(crate) skip: i64,
    /// At most so many rows.
    pub(crate) limit: i64,
}

/// The firms of a scope with their zones: one, or all.
pub(crate) async fn zones(
    tx: &mut Transaction,
    firm: Option<FirmId>,
) -> Result<Vec<(FirmId, Zone)>, IntakeError> {
    sqlx::query!(
        "select firm_id, time_zone from firms where ($1::uuid is null or firm_id = $1) order by firm_id",
        firm.map(Uuid::from),
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| Ok((FirmId(row.firm_id), read(&row.time_zone)?)))
    .collect()
}

struct Row {
    firm_id: Option<Uuid>,
    month: Option<Date>,
    kind: Option<String>,
    practice_area: Option<String>,
    accepted: i64,
    accepted_at_first: i64,
    delivered: i64,
    on_time: i64,
    mean_lateness: Option<i64>,
    timed: i64,
    mean: Option<i64>,
    median: Option<i64>,
    p90: Option<i64>,
    open: i64,
    overdue: i64,
}

/// The figures as of now, by firm, month, kind and practice area.
pub(crate) async fn levels(
    tx: &mut Transaction,
    query: &Query,
    now: OffsetDateTime,
) -> Result<Vec<ServiceLevel>, IntakeError> {
    let by = |dimension| query.by.contains(&dimension);
    let firms: Vec<Uuid> = query.spans.iter().map(|(firm, _)| firm.0).collect();
    let months: Vec<Option<Date>> = query.spans.iter().map(|(_, span)| span.month).collect();
    let begins: Vec<OffsetDateTime> = query.spans.iter().map(|(_, span)| span.begins).collect();
    let ends: Vec<OffsetDateTime> = query.spans.iter().map(|(_, span)| span.ends).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"with counted as (
               select t.firm_id, s.month, t.kind, t.practice_area, true as accepted, t.revisions,
                      t.first_deliver_time, t.first_deliver_due_time, t.turnaround_seconds, false as overdue
               from unnest($1::uuid[], $2::date[], $3::timestamptz[], $4::timestamptz[]) s (firm_id, month, begins, ends)
               join tasks t on t.firm_id = s.firm_id and t.accept_time >= s.begins and t.accept_time < s.ends
               where t.accept_time is not null
               union all
               select t.firm_id, null, t.kind, t.practice_area, false, 0, null, null, null,
                      t.due_time < $5 and t.state <> 'delivered'
               from tasks t join requests r using (firm_id, request_id)
               where not $6::boolean and t.firm_id = any($1) and r.accept_time is not null
                 and t.state in ('pending', 'open', 'assigned', 'in_progress', 'delivered', 'revision_requested',
                                 'on_hold')),
           grouped as (
               select case when $7::boolean then firm_id end as firm_id, month, case when $8::boolean then kind end as kind,
                      case when $9::boolean then practice_area end as practice_area, accepted, revisions,
                      first_deliver_time, first_deliver_due_time, turnaround_seconds, overdue
               from counted)
           select firm_id, month, kind, practice_area,
                  count(*) filter (where accepted) as "accepted!",
                  count(*) filter (where accepted and revisions = 0) as "accepted_at_first!",
                  count(first_deliver_time) as "delivered!",
                  count(*) filter (where first_deliver_time <= first_deliver_due_time) as "on_time!",
                  round(avg(extract(epoch from first_deliver_time - first_deliver_due_time))
                        filter (where first_deliver_time > first_deliver_due_time))::bigint as mean_lateness,
                  count(turnaround_seconds) as "timed!",
                  round(avg(turnaround_seconds))::bigint as mean,
                  percentile_disc(0.5) within group (order by turnaround_seconds) as median,
                  percentile_disc(0.9) within group (order by turnaround_seconds) as p90,
                  count(*) filter (where not accepted) as "open!",
                  count(*) filter (where overdue) as "overdue!"
           from grouped
           group by firm_id, month, kind, practice_area
           order by firm_id, month, kind, practice_area
           offset $10 limit $11"#,
        &firms,
        &months as &[Option<Date>],
        &begins,
        &ends,
        now,
        by(Dimension::Month),
        by(Dimension::Firm),
        by(Dimension::Kind),
        by(Dimension::PracticeArea),
        query.skip,
        query.limit,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter().map(Row::level).collect()
}

impl Row {
    fn level(self) -> Result<ServiceLevel, IntakeError> {
        let turnaround = self.mean.zip(self.median).zip(self.p90);
        Ok(ServiceLevel {
            firm: self.firm_id.map(FirmId),
            month: self.month,
            kind: self.kind.as_deref().map(read).transpose()?,
            practice_area: self.practice_area.as_deref().map(read).transpose()?,
            accepted: self.accepted,
            accepted_at_first: self.accepted_at_first,
            delivered: self.delivered,
            on_time: self.on_time,
            mean_lateness: self.mean_lateness.map(Duration::seconds),
            turnaround: turnaround.map(|((mean, median), p90)| Turnaround {
                count: self.timed,
                mean: Duration::seconds(mean),
                median: Duration::seconds(median),
                p90: Duration::seconds(p90),
            }),
            backlog: Backlog {
                open: self.open,
                overdue: self.overdue,
            },
        })
    }
}
