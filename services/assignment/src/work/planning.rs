//! Making plans and applying them: the facts from the store, the choice from the domain, the offers to the store.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Instant;

use caseload_database::{Transaction, etag};
use caseload_domain::name::{ParalegalName, PlanName, TaskName};
use caseload_domain::{ParalegalId, PlanId};
use caseload_events::Act;
use caseload_proto::caseload::assignment::v1::{PlanSpec, TaskPair};
use caseload_runtime::Call;
use prost::Message as _;
use serde_json::json;
use time::Duration;

use crate::api::Context;
use crate::api::parse_spec::{MOST_TASKS, Spec};
use crate::domain::outdated::outdated;
use crate::domain::plan::{self, Effort, Planned, Proposal, Wishes};
use crate::error::Error;
use crate::store::plans::{self, Plan};
use crate::store::{facts, roster, work};
use crate::work::moves::{self, NewOffer};

/// Works out a plan from the facts, and keeps it. In the scope of every firm.
pub async fn create(
    tx: &mut Transaction,
    context: &Context,
    call: &Call,
    spec: Spec,
) -> Result<Plan, Error> {
    let act = Act::from(call);
    let now = act.now;
    let names = chosen(tx, &spec).await?;
    let facts = facts::gather(tx, &context.policy, now, &names, None).await?;
    check_known(&spec, &names, &facts)?;
    let wishes = Wishes {
        pinned: spec.pinned.clone(),
        forbidden: spec.forbidden.clone(),
    };
    let (policy, moves) = (context.policy.clone(), context.moves);
    let (time_limit, seed) = (spec.time_limit, spec.seed);
    let begun = Instant::now();
    // The solver computes for as long as it is given: not on a thread that serves calls.
    let proposal = tokio::task::spawn_blocking(move || {
        let effort = Effort {
            time_limit,
            moves,
            seed,
        };
        plan::propose(&policy, now, &facts, &wishes, &effort)
    })
    .await??;
    let took = i64::try_from(begun.elapsed().as_micros()).unwrap_or(i64::MAX);
    let plan = Plan {
        id: PlanId::generate(),
        version: 1,
        applied: false,
        spec: filled_in(&spec, &names).encode_to_vec(),
        currency: context.policy.currency,
        assignment_count: count(proposal.assignments.len()),
        unplaced_count: count(proposal.unplaced.len()),
        cost: proposal.cost(),
        penalty: proposal.penalty(),
        lower_bound: proposal.lower_bound,
        solve_microseconds: took,
        create_time: now,
        apply_time: None,
    };
    let Proposal {
        assignments,
        unplaced,
        ..
    } = &proposal;
    plans::insert(tx, &plan, assignments, unplaced).await?;
    record(tx, &act, &plan, None).await?;
    Ok(plan)
}

fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

/// The tasks to plan: those that are named, or every one that can be offered, with those that a pair names.
async fn chosen(tx: &mut Transaction, spec: &Spec) -> Result<Vec<TaskName>, Error> {
    if !spec.tasks.is_empty() {
        return Ok(spec.tasks.iter().copied().collect());
    }
    let limit = i64::try_from(MOST_TASKS).unwrap_or(i64::MAX);
    let mut names: BTreeSet<TaskName> = work::assignable(tx, limit).await?.into_iter().collect();
    names.extend(spec.pinned.keys());
    names.extend(spec.forbidden.iter().map(|(task, _)| *task));
    Ok(names.into_iter().collect())
}

/// Refuses what is named and is not there, or can't be offered.
fn check_known(
    spec: &Spec,
    names: &[TaskName],
    facts: &crate::domain::facts::Facts,
) -> Result<(), Error> {
    let there: HashSet<TaskName> = facts.tasks.iter().map(|task| task.name).collect();
    if let Some(name) = names.iter().find(|name| !there.contains(name)) {
        return Err(Error::NotFound(name.to_string()));
    }
    for task in &facts.tasks {
        if let Some(why) = facts.not_assignable(task) {
            return Err(Error::not_assignable(task.name.to_string(), why));
        }
    }
    let roster: HashSet<ParalegalId> = facts.roster.iter().map(|one| one.id).collect();
    let wanted = spec
        .pinned
        .values()
        .chain(spec.forbidden.iter().map(|(_, who)| who));
    for paralegal in wanted {
        if !roster.contains(paralegal) {
            return Err(Error::NotFound(ParalegalName(*paralegal).to_string()));
        }
    }
    Ok(())
}

/// The specification with what was left open filled in.
fn filled_in(spec: &Spec, names: &[TaskName]) -> PlanSpec {
    let pair = |(task, paralegal): (&TaskName, &ParalegalId)| TaskPair {
        task: task.to_string(),
        paralegal: ParalegalName(*paralegal).to_string(),
    };
    PlanSpec {
        tasks: names.iter().map(TaskName::to_string).collect(),
        pinned_pairs: spec.pinned.iter().map(pair).collect(),
        forbidden_pairs: spec
            .forbidden
            .iter()
            .map(|(task, who)| pair((task, who)))
            .collect(),
        time_limit: prost_types::Duration::try_from(spec.time_limit).ok(),
        seed: spec.seed,
    }
}

/// Makes the offers of a plan: all, or none when a fact has changed since. In the scope of every firm.
pub async fn apply(
    tx: &mut Transaction,
    context: &Context,
    call: &Call,
    name: PlanName,
    given_etag: &str,
    answer_within: Duration,
) -> Result<Plan, Error> {
    let missing = || Error::NotFound(name.to_string());
    if !plans::lock(tx, name.0).await? {
        return Err(missing());
    }
    let before = plans::find(tx, name.0).await?.ok_or_else(missing)?;
    etag::check(given_etag, before.version)?;
    if before.applied {
        return Err(Error::WrongState {
            resource: name.to_string(),
            from: "applied".to_owned(),
            to: "applied".to_owned(),
        });
    }
    let planned: Vec<Planned> = plans::assignments(tx, &before)
        .await?
        .into_iter()
        .map(|entry| entry.planned)
        .collect();
    let tasks: Vec<TaskName> = planned.iter().map(|one| one.task).collect();
    let people: BTreeSet<ParalegalId> = planned.iter().map(|one| one.paralegal).collect();
    let people: Vec<ParalegalId> = people.into_iter().collect();
    // Whoever else offers these tasks, or anything to these people, waits from here on.
    work::lock(tx, &tasks).await?;
    roster::lock(tx, &people).await?;
    let policy = &context.policy;
    let facts = facts::gather(tx, policy, before.create_time, &tasks, Some(&people)).await?;
    let moved = outdated(policy, before.create_time, &planned, &facts);
    if !moved.is_empty() {
        return Err(Error::PlanOutdated {
            plan: name.to_string(),
            moved,
        });
    }
    let act = Act::from(call);
    let mut made = BTreeMap::new();
    for one in &planned {
        let new = NewOffer {
            task: one.task,
            matter: one.matter,
            paralegal: one.paralegal,
            offer: one.offer,
            plan: Some(before.id),
            answer_within,
        };
        let assignment = moves::offer(tx, &act, policy, &new).await?;
        made.insert(one.task, assignment.name.id);
    }
    let after = Plan {
        version: before.version + 1,
        applied: true,
        apply_time: Some(act.now),
        ..before.clone()
    };
    plans::mark_applied(tx, &after, &made).await?;
    record(tx, &act, &after, Some(&before)).await?;
    Ok(after)
}

/// Puts a change of a plan on record.
async fn record(
    tx: &mut Transaction,
    act: &Act,
    after: &Plan,
    before: Option<&Plan>,
) -> Result<(), Error> {
    let state = |plan: &Plan| {
        json!({
            "state": if plan.applied { "applied" } else { "proposed" },
            "assignments": plan.assignment_count,
            "unplaced_tasks": plan.unplaced_count,
        })
    };
    let name = PlanName(after.id).to_string();
    let (was, is) = (before.map(state), state(after));
    Ok(act.record(tx, None, name, was, Some(is)).await?)
}
