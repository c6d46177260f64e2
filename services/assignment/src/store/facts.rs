//! Everything that a choice rests on, read in one transaction. In the scope of every firm.

use std::collections::{HashMap, HashSet};

use caseload_database::Transaction;
use caseload_domain::ParalegalId;
use caseload_domain::name::{MatterName, TaskName};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{roster, work};
use crate::domain::facts::Facts;
use crate::domain::load::{Commitment, Load};
use crate::domain::policy::Policy;
use crate::domain::task::Matter;
use crate::error::Error;

/// The facts about these tasks and these paralegals, or about every one who is on the roster.
pub async fn gather(
    tx: &mut Transaction,
    policy: &Policy,
    now: OffsetDateTime,
    tasks: &[TaskName],
    paralegals: Option<&[ParalegalId]>,
) -> Result<Facts, Error> {
    let entries = roster::load(tx, paralegals).await?;
    let tasks = work::load(tx, tasks).await?;
    let names: Vec<TaskName> = tasks.iter().map(|task| task.name).collect();
    let (firms, ids) = work::columns(&names);
    let mut facts = Facts {
        roster: entries.into_iter().map(|entry| entry.paralegal).collect(),
        ..Facts::default()
    };
    let (matter_firms, matters): (Vec<Uuid>, Vec<Uuid>) = tasks
        .iter()
        .map(|task| (task.firm().0, task.matter.0))
        .unzip();
    let rows = sqlx::query!(
        "select firm_id, matter_id, version, screened_paralegals from matters
         where (firm_id, matter_id) in (select * from unnest($1::uuid[], $2::uuid[]))",
        &matter_firms,
        &matters,
    )
    .fetch_all(tx.connection())
    .await?;
    for row in rows {
        let name = MatterName::new(row.firm_id.into(), row.matter_id.into());
        let screened = row
            .screened_paralegals
            .into_iter()
            .map(ParalegalId::from)
            .collect();
        facts.matters.insert(
            name,
            Matter {
                version: row.version,
                screened,
            },
        );
    }
    let suspended = sqlx::query_scalar!(
        "select firm_id from firms where suspended and firm_id = any($1)",
        &firms,
    )
    .fetch_all(tx.connection())
    .await?;
    facts.suspended = suspended.into_iter().map(Into::into).collect();
    let rows = sqlx::query!(
        "select firm_id, task_id, paralegal_id, state from assignments
         where (firm_id, task_id) in (select * from unnest($1::uuid[], $2::uuid[]))
             and state in ('offered', 'accepted', 'declined', 'expired')",
        &firms,
        &ids,
    )
    .fetch_all(tx.connection())
    .await?;
    let (mut taken, mut answered) = (HashSet::new(), HashSet::new());
    for row in rows {
        let name = TaskName::new(row.firm_id.into(), row.task_id.into());
        if matches!(row.state.as_str(), "offered" | "accepted") {
            taken.insert(name);
        } else {
            answered.insert((name, ParalegalId::from(row.paralegal_id)));
        }
    }
    (facts.tasks, facts.taken, facts.answered) = (tasks, taken, answered);
    facts.loads = loads(tx, policy, now, &facts).await?;
    Ok(facts)
}

/// What those on the roster have to do already.
async fn loads(
    tx: &mut Transaction,
    policy: &Policy,
    now: OffsetDateTime,
    facts: &Facts,
) -> Result<HashMap<ParalegalId, Load>, Error> {
    let ids: Vec<Uuid> = facts
        .roster
        .iter()
        .map(|paralegal| paralegal.id.0)
        .collect();
    let rows = sqlx::query!(
        r#"select a.paralegal_id, x.effort_seconds, t.due_time as "due_time?", t.state as "task_state?"
           from assignments as a
           join assignment_terms as x on x.firm_id = a.firm_id and x.assignment_id = a.assignment_id
           left join tasks as t on t.firm_id = a.firm_id and t.task_id = a.task_id
           where a.state in ('offered', 'accepted') and a.paralegal_id = any($1)"#,
        &ids,
    )
    .fetch_all(tx.connection())
    .await?;
    let mut loads: HashMap<ParalegalId, Load> = HashMap::new();
    for row in rows {
        // What is delivered waits for the firm, and takes no more of the paralegal's time.
        let done = matches!(row.task_state.as_deref(), Some("delivered" | "accepted"));
        loads
            .entry(row.paralegal_id.into())
            .or_default()
            .commitments
            .push(Commitment {
                effort: if done { 0 } else { row.effort_seconds },
                due: row.due_time.unwrap_or(now + policy.horizon),
            });
    }
    Ok(loads)
}
