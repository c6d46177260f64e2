//! From the contract's specification of a plan to the domain's, noting everything that is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use caseload_domain::ParalegalId;
use caseload_domain::name::{ParalegalName, TaskName};
use caseload_proto::caseload::assignment::v1::{PlanSpec, TaskPair};
use caseload_proto::parse::Violations;

use crate::config::MOST_TIME;

/// The most tasks that can be named.
pub const MOST_TASKS: usize = 10_000;

/// What a plan is to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The tasks that are named. Empty: every one that can be offered.
    pub tasks: BTreeSet<TaskName>,
    /// Tasks that a paralegal must be given.
    pub pinned: BTreeMap<TaskName, ParalegalId>,
    /// Tasks that a paralegal must not be given.
    pub forbidden: BTreeSet<(TaskName, ParalegalId)>,
    /// The most time.
    pub time_limit: Duration,
    /// Picks among plans that are as good.
    pub seed: u64,
}

/// The specification, read.
pub fn spec(violations: &mut Violations, given: &PlanSpec, usual: Duration) -> Option<Spec> {
    let mut tasks = BTreeSet::new();
    violations.check(
        "spec.tasks",
        given.tasks.len() <= MOST_TASKS,
        format_args!("has more than {MOST_TASKS}"),
    );
    for (at, name) in given.tasks.iter().enumerate() {
        let field = format!("spec.tasks[{at}]");
        if let Some(name) = violations.keep(&field, name.parse())
            && !tasks.insert(name)
        {
            violations.add(field, "is named twice");
        }
    }
    let mut pinned = BTreeMap::new();
    for (at, given) in given.pinned_pairs.iter().enumerate() {
        let field = format!("spec.pinned_pairs[{at}]");
        if let Some((task, paralegal)) = pair(violations, &field, given, &tasks)
            && pinned.insert(task, paralegal).is_some()
        {
            violations.add(format!("{field}.task"), "is pinned twice");
        }
    }
    let mut forbidden = BTreeSet::new();
    for (at, given) in given.forbidden_pairs.iter().enumerate() {
        let field = format!("spec.forbidden_pairs[{at}]");
        forbidden.extend(pair(violations, &field, given, &tasks));
    }
    let time_limit = match &given.time_limit {
        None => usual,
        Some(limit) => {
            let limit = Duration::try_from(*limit).unwrap_or_default();
            let allowed = Duration::from_millis(1)..=MOST_TIME;
            violations.check(
                "spec.time_limit",
                allowed.contains(&limit),
                "must be from 1 millisecond to 20 seconds",
            );
            limit
        }
    };
    Some(Spec {
        tasks,
        pinned,
        forbidden,
        time_limit,
        seed: given.seed,
    })
}

fn pair(
    violations: &mut Violations,
    field: &str,
    given: &TaskPair,
    tasks: &BTreeSet<TaskName>,
) -> Option<(TaskName, ParalegalId)> {
    let task = violations.keep(&format!("{field}.task"), given.task.parse::<TaskName>());
    let paralegal = violations.keep(
        &format!("{field}.paralegal"),
        given.paralegal.parse::<ParalegalName>(),
    );
    if let Some(task) = &task {
        violations.check(
            &format!("{field}.task"),
            tasks.is_empty() || tasks.contains(task),
            "is not one of the tasks",
        );
    }
    Some((task?, paralegal?.0))
}
