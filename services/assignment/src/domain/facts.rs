//! Everything that a choice rests on, at one instant, and how every pair comes out of it.

use std::collections::{HashMap, HashSet};

use caseload_domain::money::MoneyError;
use caseload_domain::name::{MatterName, TaskName};
use caseload_domain::{FirmId, ParalegalId};
use time::OffsetDateTime;

use super::cost::{Choice, Cost, cost};
use super::eligibility::{Exclusion, Question, Rule, exclusions};
use super::load::{Load, Span};
use super::paralegal::{Paralegal, PayTerms};
use super::policy::Policy;
use super::task::{Matter, Task};

/// What is so at one instant.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The tasks in question, in the order of their names.
    pub tasks: Vec<Task>,
    /// The matters of the tasks.
    pub matters: HashMap<MatterName, Matter>,
    /// The firms of the tasks that are suspended.
    pub suspended: HashSet<FirmId>,
    /// Those of the tasks that have a live assignment.
    pub taken: HashSet<TaskName>,
    /// The paralegals in question, in the order of their ids.
    pub roster: Vec<Paralegal>,
    /// What each of them has to do already.
    pub loads: HashMap<ParalegalId, Load>,
    /// Who declined which of the tasks, or let an offer of it expire.
    pub answered: HashSet<(TaskName, ParalegalId)>,
}

/// Why a task can't be offered to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAssignable {
    /// It has a live assignment.
    Taken,
    /// Its firm is suspended.
    Suspended,
    /// It is not in a state in which work can be given out.
    State(super::task::TaskState),
}

/// How a pair comes out.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The paralegal's level at the task.
    pub level: u8,
    /// The effort that they would need, in seconds.
    pub effort: i64,
    /// What of their time before the due date is free, in seconds.
    pub free: i64,
    /// What they would be paid. None: nothing is agreed.
    pub terms: Option<PayTerms>,
    /// What it would cost. None: nothing is agreed.
    pub cost: Option<Cost>,
    /// Every rule that excludes them.
    pub exclusions: Vec<Exclusion>,
}

impl Judgement {
    /// The terms and the cost, when no rule excludes but those that may be passed over.
    pub fn fit(&self, passed_over: Option<Rule>) -> Option<(PayTerms, Cost)> {
        let excluded = self
            .exclusions
            .iter()
            .any(|one| Some(one.rule) != passed_over);
        if excluded {
            None
        } else {
            self.terms.zip(self.cost)
        }
    }
}

impl Facts {
    /// What is known of a task's matter.
    pub fn matter(&self, task: &Task) -> Matter {
        let name = MatterName::new(task.firm(), task.matter);
        self.matters.get(&name).cloned().unwrap_or_default()
    }

    /// Why a task can't be offered to anybody, if so.
    pub fn not_assignable(&self, task: &Task) -> Option<NotAssignable> {
        if self.taken.contains(&task.name) {
            Some(NotAssignable::Taken)
        } else if self.suspended.contains(&task.firm()) {
            Some(NotAssignable::Suspended)
        } else {
            (!task.state.is_assignable()).then_some(NotAssignable::State(task.state))
        }
    }

    /// When a task can be worked on.
    pub fn span(policy: &Policy, now: OffsetDateTime, task: &Task) -> Span {
        Span::of(
            task.earliest_start,
            task.due,
            now,
            (policy.overdue, policy.horizon),
        )
    }

    /// How a task and a paralegal come out.
    pub fn judge(
        &self,
        policy: &Policy,
        now: OffsetDateTime,
        task: &Task,
        paralegal: &Paralegal,
    ) -> Result<Judgement, MoneyError> {
        let nothing = Load::default();
        let load = self.loads.get(&paralegal.id).unwrap_or(&nothing);
        let span = Self::span(policy, now, task);
        let level = paralegal.profile.level_for(task);
        let effort = policy.expected_effort(task.effort, level);
        let free = load.free(paralegal.profile.weekly_capacity, now, span);
        let terms = paralegal
            .profile
            .pay
            .terms(task.kind, task.priced_by_project);
        let exclusions = exclusions(&Question {
            task,
            matter: &self.matter(task),
            span,
            paralegal,
            load,
            effort,
            free,
            terms,
            answered: self.answered.contains(&(task.name, paralegal.id)),
        });
        let cost = terms
            .map(|terms| {
                let choice = Choice {
                    task,
                    span,
                    paralegal,
                    load,
                    level,
                    effort,
                    terms,
                };
                cost(policy, now, &choice)
            })
            .transpose()?;
        Ok(Judgement {
            level,
            effort,
            free,
            terms,
            cost,
            exclusions,
        })
    }
}
