//! How facts differ from those that a plan was made from.

use std::collections::{BTreeMap, HashMap};

use caseload_domain::ParalegalId;
use caseload_domain::name::{MatterName, ParalegalName, TaskName};
use time::OffsetDateTime;

use super::facts::{Facts, NotAssignable};
use super::load::{Commitment, Load};
use super::plan::Planned;
use super::policy::Policy;
use super::task::Task;

/// A fact that is different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What kind of fact.
    pub what: What,
    /// The resource.
    pub resource: String,
    /// What is different, in words.
    pub detail: String,
}

/// Kinds of fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The task, or whether it can be offered.
    Task,
    /// The matter.
    Matter,
    /// The paralegal.
    Paralegal,
    /// What the paralegal has to do already.
    Load,
}

impl What {
    /// The type of its violation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Task => "TASK_CHANGED",
            Self::Matter => "MATTER_CHANGED",
            Self::Paralegal => "PARALEGAL_CHANGED",
            Self::Load => "LOAD_CHANGED",
        }
    }
}

/// Every fact that is different now from when the plan was made; none when the plan still holds. Time that has passed
/// since is no such fact: the load is looked at as of then.
pub fn outdated(
    policy: &Policy,
    made: OffsetDateTime,
    planned: &[Planned],
    facts: &Facts,
) -> Vec<Moved> {
    let mut moved = Vec::new();
    let known: HashMap<TaskName, &Task> =
        facts.tasks.iter().map(|task| (task.name, task)).collect();
    let mut by_paralegal: BTreeMap<ParalegalId, Vec<&Planned>> = BTreeMap::new();
    for one in planned {
        by_paralegal.entry(one.paralegal).or_default().push(one);
        let mut task_moved = |detail: &str| {
            moved.push(Moved {
                what: What::Task,
                resource: one.task.to_string(),
                detail: detail.to_owned(),
            });
        };
        let Some(task) = known.get(&one.task) else {
            task_moved("is gone");
            continue;
        };
        match facts.not_assignable(task) {
            Some(NotAssignable::Taken) => task_moved("has a live assignment by now"),
            Some(NotAssignable::Suspended) => task_moved("is of a firm that is suspended by now"),
            Some(NotAssignable::State(state)) => {
                task_moved(&format!("is {} by now", state.as_str().replace('_', " ")));
            }
            None if task.version != one.versions.task => task_moved("has changed"),
            None => {}
        }
        if facts.matter(task).version != one.versions.matter {
            moved.push(Moved {
                what: What::Matter,
                resource: MatterName::new(task.firm(), task.matter).to_string(),
                detail: "has changed".to_owned(),
            });
        }
    }
    for (id, tasks) in by_paralegal {
        let resource = ParalegalName(id).to_string();
        let paralegal = facts.roster.iter().find(|paralegal| paralegal.id == id);
        let Some(paralegal) =
            paralegal.filter(|paralegal| paralegal.version == tasks[0].versions.paralegal)
        else {
            let detail = "has changed".to_owned();
            moved.push(Moved {
                what: What::Paralegal,
                resource,
                detail,
            });
            continue;
        };
        let mut load = facts.loads.get(&id).cloned().unwrap_or_default();
        if load.tasks() + tasks.len() > paralegal.profile.task_limit as usize {
            let detail = "has too many tasks by now".to_owned();
            moved.push(Moved {
                what: What::Load,
                resource,
                detail,
            });
        } else if !fits(
            policy,
            made,
            &tasks,
            &known,
            paralegal.profile.weekly_capacity,
            &mut load,
        ) {
            let detail = "has too little time left by now".to_owned();
            moved.push(Moved {
                what: What::Load,
                resource,
                detail,
            });
        }
    }
    moved
}

/// Whether tasks can all be done in time beside a load, what is due first being done first.
fn fits(
    policy: &Policy,
    made: OffsetDateTime,
    tasks: &[&Planned],
    known: &HashMap<TaskName, &Task>,
    weekly: i64,
    load: &mut Load,
) -> bool {
    let mut jobs: Vec<_> = tasks
        .iter()
        .filter_map(|one| {
            let task = known.get(&one.task)?;
            Some((Facts::span(policy, made, task), one.offer.effort))
        })
        .collect();
    jobs.sort_by_key(|(span, _)| span.due);
    jobs.into_iter().all(|(span, effort)| {
        let fits = effort <= load.free(weekly, made, span);
        load.commitments.push(Commitment {
            effort,
            due: span.due,
        });
        fits
    })
}

#[cfg(test)]
#[path = "outdated_tests.rs"]
mod tests;
