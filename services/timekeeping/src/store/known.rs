//! What the other services' events say: where a paralegal stands towards a task, and whether a firm is known.

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::name::TaskName;
use caseload_domain::work_time::IncrementRule;
use caseload_domain::{FirmId, ParalegalId};

use super::rows::Labels;
use super::unreadable;
use crate::domain::description::TaskFacts;
use crate::domain::standing::Standing;
use crate::domain::tenure::Tenure;

/// Holds the paralegal's calendar until the transaction ends, so that of two calls that would put something in it one
/// waits for the other, and both are told properly what is there. Without it they would find each other in the
/// exclusion constraint, each waiting for the other.
pub async fn hold_calendar(
    tx: &mut Transaction,
    paralegal: ParalegalId,
) -> Result<(), DatabaseError> {
    sqlx::query_scalar!(
        "select id from paralegals where id = $1 for no key update",
        paralegal.0
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(())
}

/// Where a paralegal stands towards a task, with what people call it. None: it was never offered to them.
pub async fn standing(
    tx: &mut Transaction,
    paralegal: ParalegalId,
    task: TaskName,
) -> Result<Option<(Standing, Labels)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"
        select
            a.id, a.matter_id, a.accept_time, a.end_time, p.time_zone,
            t.title as "title?", t.kind as "kind?", t.utbms_task_code as "utbms_task_code?",
            m.caption as "caption?",
            r.increment_seconds as "increment_seconds?", r.increment_rounding as "increment_rounding?"
        from assignments a
            join paralegals p on p.id = a.paralegal_id
            left join tasks t on t.firm_id = a.firm_id and t.id = a.task_id
            left join matters m on m.firm_id = a.firm_id and m.id = a.matter_id
            left join time_rules r on r.firm_id = a.firm_id
        where a.firm_id = $1 and a.paralegal_id = $2 and a.task_id = $3
        order by a.accept_time, a.id
        "#,
        task.firm.0,
        paralegal.0,
        task.id.0,
    )
    .fetch_all(tx.connection())
    .await?;
    let tenures = rows
        .iter()
        .map(|row| Tenure {
            assignment: row.id.into(),
            matter: row.matter_id.into(),
            accepted: row.accept_time,
            ended: row.end_time,
        })
        .collect();
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let rule = row.increment_seconds.zip(row.increment_rounding);
    let facts = match row.title.zip(row.kind) {
        Some((title, kind)) => Some(TaskFacts {
            title,
            kind: kind.parse().map_err(unreadable)?,
            // A code of the firm's client's own is not valid on a line here; the entry then has none.
            code: row.utbms_task_code.and_then(|code| code.parse().ok()),
        }),
        None => None,
    };
    let labels = Labels {
        task_title: facts
            .as_ref()
            .map(|facts| facts.title.clone())
            .unwrap_or_default(),
        task_kind: facts.as_ref().map(|facts| facts.kind),
        matter_caption: row.caption.unwrap_or_default(),
    };
    let standing = Standing {
        zone: row.time_zone.parse().map_err(unreadable)?,
        rule: rule.map_or(Ok(IncrementRule::TENTHS_UP), super::rules::rule)?,
        tenures,
        task: facts,
    };
    Ok(Some((standing, labels)))
}

/// Whether the firm is known, and within the transaction's scope.
pub async fn firm_exists(tx: &mut Transaction, firm: FirmId) -> Result<bool, DatabaseError> {
    let found = sqlx::query_scalar!("select firm_id from firms where firm_id = $1", firm.0)
        .fetch_optional(tx.connection())
        .await?;
    Ok(found.is_some())
}
