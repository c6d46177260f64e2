//! Plans as they were proposed. In the scope of every firm.

use std::collections::BTreeMap;

use caseload_database::Transaction;
use caseload_domain::name::{AssignmentName, TaskName};
use caseload_domain::{AssignmentId, Currency, PlanId};
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{columns, known, terms, word, work};
use crate::domain::cost::Cost;
use crate::domain::eligibility::Rule;
use crate::domain::plan::{Offer, Planned, Unplaced, UnplacedReason, Versions};
use crate::error::Error;

/// A plan, without what it holds of each task.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Which one.
    pub id: PlanId,
    /// Grows with every change.
    pub version: i64,
    /// Whether its offers were made.
    pub applied: bool,
    /// What was asked for: the contract's `PlanSpec`, encoded.
    pub spec: Vec<u8>,
    /// The currency of its amounts.
    pub currency: Currency,
    /// How many tasks are assigned.
    pub assignment_count: i32,
    /// How many tasks found nobody.
    pub unplaced_count: i32,
    /// What the assignments cost.
    pub cost: Cost,
    /// The penalties of what is left out.
    pub penalty: i64,
    /// No plan for the same facts costs less.
    pub lower_bound: i64,
    /// How long it took, in microseconds.
    pub solve_microseconds: i64,
    /// When it was made.
    pub create_time: OffsetDateTime,
    /// When it was applied.
    pub apply_time: Option<OffsetDateTime>,
}

/// What a plan holds of a task that it assigns.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedEntry {
    /// Who should do it, at what cost.
    pub planned: Planned,
    /// The paralegal's name.
    pub paralegal_display_name: String,
    /// What became of it.
    pub assignment: Option<AssignmentName>,
}

/// Adds a plan with all that it holds.
pub async fn insert(
    tx: &mut Transaction,
    plan: &Plan,
    assignments: &[Planned],
    unplaced: &[Unplaced],
) -> Result<(), Error> {
    sqlx::query!(
        "insert into plans (plan_id, state, spec, currency, assignment_count, unplaced_count, pay_minor,
             lateness_minor, load_minor, over_qualification_minor, penalty_minor, lower_bound_minor,
             solve_microseconds, create_time)
         values ($1, 'proposed', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        plan.id.0,
        plan.spec,
        plan.currency.code(),
        plan.assignment_count,
        plan.unplaced_count,
        plan.cost.pay,
        plan.cost.lateness,
        plan.cost.load,
        plan.cost.over_qualification,
        plan.penalty,
        plan.lower_bound,
        plan.solve_microseconds,
        plan.create_time,
    )
    .execute(tx.connection())
    .await?;
    for one in assignments {
        insert_planned(tx, plan.id, one).await?;
    }
    for one in unplaced {
        let counts: Vec<(&str, u32)> = one
            .exclusion_counts
            .iter()
            .map(|(rule, count)| (rule.as_str(), *count))
            .collect();
        sqlx::query!(
            "insert into plan_unplaced_tasks (plan_id, firm_id, task_id, reason, penalty_minor, exclusion_counts)
             values ($1, $2, $3, $4, $5, $6)",
            plan.id.0,
            one.task.firm.0,
            one.task.id.0,
            one.reason.as_str(),
            one.penalty,
            Json(counts) as _,
        )
        .execute(tx.connection())
        .await?;
    }
    Ok(())
}

async fn insert_planned(tx: &mut Transaction, plan: PlanId, one: &Planned) -> Result<(), Error> {
    let (hourly_rate, project_fee_minor) = columns(one.offer.terms);
    let cost = one.offer.cost;
    sqlx::query!(
        "insert into plan_assignments (plan_id, firm_id, task_id, matter_id, paralegal_id, effort_seconds,
             hourly_rate, project_fee_minor, pay_minor, lateness_minor, load_minor, over_qualification_minor,
             task_version, matter_version, paralegal_version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        plan.0,
        one.task.firm.0,
        one.task.id.0,
        one.matter.0,
        one.paralegal.0,
        one.offer.effort,
        hourly_rate,
        project_fee_minor,
        cost.pay,
        cost.lateness,
        cost.load,
        cost.over_qualification,
        one.versions.task,
        one.versions.matter,
        one.versions.paralegal,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Notes that a plan was applied, and what became of each task. Its row is locked; the version is the new one.
pub async fn mark_applied(
    tx: &mut Transaction,
    plan: &Plan,
    made: &BTreeMap<TaskName, AssignmentId>,
) -> Result<(), Error> {
    sqlx::query!(
        "update plans set version = $2, state = 'applied', apply_time = $3 where plan_id = $1",
        plan.id.0,
        plan.version,
        plan.apply_time,
    )
    .execute(tx.connection())
    .await?;
    let tasks: Vec<TaskName> = made.keys().copied().collect();
    let (firms, ids) = work::columns(&tasks);
    let assignments: Vec<Uuid> = tasks.iter().map(|task| made[task].0).collect();
    sqlx::query!(
        "update plan_assignments as planned set assignment_id = made.assignment_id
         from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as made (firm_id, task_id, assignment_id)
         where planned.plan_id = $1 and planned.firm_id = made.firm_id and planned.task_id = made.task_id",
        plan.id.0,
        &firms,
        &ids,
        &assignments,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Locks a plan's row, and says whether there is such a one.
pub async fn lock(tx: &mut Transaction, id: PlanId) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        "select plan_id from plans where plan_id = $1 for update",
        id.0
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(found.is_some())
}

/// One plan, if there is such a one.
pub async fn find(tx: &mut Transaction, id: PlanId) -> Result<Option<Plan>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select plan_id, version, state, spec, currency, assignment_count, unplaced_count, pay_minor,
             lateness_minor, load_minor, over_qualification_minor, penalty_minor, lower_bound_minor,
             solve_microseconds, create_time, apply_time
         from plans where plan_id = $1",
        id.0,
    )
    .fetch_optional(tx.connection())
    .await?;
    row.map(Plan::try_from).transpose()
}

/// A page of plans, the newest first, after one.
pub async fn list(
    tx: &mut Transaction,
    applied: Option<bool>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Plan>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select plan_id, version, state, spec, currency, assignment_count, unplaced_count, pay_minor,
             lateness_minor, load_minor, over_qualification_minor, penalty_minor, lower_bound_minor,
             solve_microseconds, create_time, apply_time
         from plans
         where ($1::boolean is null or (state = 'applied') = $1) and ($2::uuid is null or plan_id < $2)
         order by plan_id desc
         limit $3",
        applied,
        after,
        limit,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter().map(Plan::try_from).collect()
}

/// What a plan assigns, by task.
pub async fn assignments(tx: &mut Transaction, plan: &Plan) -> Result<Vec<PlannedEntry>, Error> {
    let rows = sqlx::query!(
        "select a.firm_id, a.task_id, a.matter_id, a.paralegal_id, a.effort_seconds, a.hourly_rate,
             a.project_fee_minor, a.pay_minor, a.lateness_minor, a.load_minor, a.over_qualification_minor,
             a.task_version, a.matter_version, a.paralegal_version, a.assignment_id, p.given_name, p.family_name
         from plan_assignments as a
         join paralegals as p on p.paralegal_id = a.paralegal_id
         where a.plan_id = $1
         order by a.firm_id, a.task_id",
        plan.id.0,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|row| {
            let firm = row.firm_id.into();
            let assignment = row
                .assignment_id
                .map(|id| AssignmentName::new(firm, AssignmentId::from(id)));
            Ok(PlannedEntry {
                planned: Planned {
                    task: TaskName::new(firm, row.task_id.into()),
                    matter: row.matter_id.into(),
                    paralegal: row.paralegal_id.into(),
                    offer: Offer {
                        effort: row.effort_seconds,
                        terms: terms(plan.currency, row.hourly_rate, row.project_fee_minor)?,
                        cost: Cost {
                            pay: row.pay_minor,
                            lateness: row.lateness_minor,
                            load: row.load_minor,
                            over_qualification: row.over_qualification_minor,
                        },
                    },
                    versions: Versions {
                        task: row.task_version,
                        matter: row.matter_version,
                        paralegal: row.paralegal_version,
                    },
                },
                paralegal_display_name: format!("{} {}", row.given_name, row.family_name),
                assignment,
            })
        })
        .collect()
}

/// The tasks of a plan that found nobody, by task.
pub async fn unplaced(tx: &mut Transaction, plan: PlanId) -> Result<Vec<Unplaced>, Error> {
    let rows = sqlx::query!(
        r#"select firm_id, task_id, reason, penalty_minor,
             exclusion_counts as "exclusion_counts: Json<Vec<(String, u32)>>"
           from plan_unplaced_tasks where plan_id = $1 order by firm_id, task_id"#,
        plan.0,
    )
    .fetch_all(tx.connection())
    .await?;
    rows.into_iter()
        .map(|row| {
            let counts = row.exclusion_counts.0.into_iter();
            Ok(Unplaced {
                task: TaskName::new(row.firm_id.into(), row.task_id.into()),
                reason: word(&row.reason, UnplacedReason::from_word)?,
                penalty: row.penalty_minor,
                exclusion_counts: counts
                    .map(|(rule, count)| Ok((word(&rule, Rule::from_word)?, count)))
                    .collect::<Result<_, Error>>()?,
            })
        })
        .collect()
}

struct Row {
    plan_id: Uuid,
    version: i64,
    state: String,
    spec: Vec<u8>,
    currency: String,
    assignment_count: i32,
    unplaced_count: i32,
    pay_minor: i64,
    lateness_minor: i64,
    load_minor: i64,
    over_qualification_minor: i64,
    penalty_minor: i64,
    lower_bound_minor: i64,
    solve_microseconds: i64,
    create_time: OffsetDateTime,
    apply_time: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Plan {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.plan_id.into(),
            version: row.version,
            applied: row.state == "applied",
            spec: row.spec,
            currency: known(row.currency.parse())?,
            assignment_count: row.assignment_count,
            unplaced_count: row.unplaced_count,
            cost: Cost {
                pay: row.pay_minor,
                lateness: row.lateness_minor,
                load: row.load_minor,
                over_qualification: row.over_qualification_minor,
            },
            penalty: row.penalty_minor,
            lower_bound: row.lower_bound_minor,
            solve_microseconds: row.solve_microseconds,
            create_time: row.create_time,
            apply_time: row.apply_time,
        })
    }
}
