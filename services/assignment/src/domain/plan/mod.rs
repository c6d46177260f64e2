//! Who should do what, worked out by the matching engine from the facts.

mod pose;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use caseload_domain::money::MoneyError;
use caseload_domain::name::TaskName;
use caseload_domain::{MatterId, ParalegalId};
use caseload_matching::{Answer, InvalidProblem, Options, TaskIndex, WhyLeftOut, solve};
use time::OffsetDateTime;

use super::cost::Cost;
use super::eligibility::{Exclusion, Rule};
use super::facts::Facts;
use super::paralegal::PayTerms;
use super::policy::Policy;
use pose::{Pairs, Posed, judge_all, pose};

/// What a plan is to be about, beside its tasks.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// Tasks that a paralegal must be given.
    pub pinned: BTreeMap<TaskName, ParalegalId>,
    /// Tasks that a paralegal must not be given.
    pub forbidden: BTreeSet<(TaskName, ParalegalId)>,
}

/// How much work to put into a plan.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// The most time.
    pub time_limit: std::time::Duration,
    /// The most moves of the search.
    pub moves: u64,
    /// Picks among plans that are as good.
    pub seed: u64,
}

/// Who should do what.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// By task.
    pub assignments: Vec<Planned>,
    /// The tasks that found nobody, by task.
    pub unplaced: Vec<Unplaced>,
    /// No plan for the same facts costs less, penalties included.
    pub lower_bound: i64,
}

/// A task with who should do it.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The task.
    pub task: TaskName,
    /// Its matter.
    pub matter: MatterId,
    /// Who should do it.
    pub paralegal: ParalegalId,
    /// What it comes to.
    pub offer: Offer,
    /// The versions that it rests on.
    pub versions: Versions,
}

/// What a task given to a paralegal comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The effort that is expected, in seconds.
    pub effort: i64,
    /// What is paid.
    pub terms: PayTerms,
    /// What it costs.
    pub cost: Cost,
}

/// The versions of the facts that a choice rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// The task's.
    pub task: i64,
    /// Its matter's.
    pub matter: i64,
    /// The paralegal's.
    pub paralegal: i64,
}

/// A task that found nobody.
#[derive(Debug, Clone, PartialEq)]
pub struct Unplaced {
    /// The task.
    pub task: TaskName,
    /// Why.
    pub reason: UnplacedReason,
    /// What leaving it out counts; nothing when nobody may do it.
    pub penalty: i64,
    /// How many paralegals each rule excludes, the most first.
    pub exclusion_counts: Vec<(Rule, u32)>,
}

/// Why a task found nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnplacedReason {
    /// The rules exclude everybody.
    NobodyEligible,
    /// Those who may do it are taken up by others.
    NoRoom,
    /// It would cost more than leaving it out.
    TooCostly,
}

impl UnplacedReason {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::NobodyEligible, Self::NoRoom, Self::TooCostly];

    /// The word that the store keeps.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NobodyEligible => "nobody_eligible",
            Self::NoRoom => "no_room",
            Self::TooCostly => "too_costly",
        }
    }

    /// The reason of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum NoPlan {
    /// The rules exclude whom a task is pinned to.
    #[error("{0} is pinned to {1}, whom the rules exclude")]
    PinExcluded(TaskName, ParalegalId, Vec<Exclusion>),
    /// What is pinned to a paralegal is more than they can do.
    #[error("more is pinned to {0} than they can do")]
    PinsDoNotFit(ParalegalId),
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The facts make no problem: a defect of ours.
    #[error("the facts make no problem: {0}")]
    Problem(InvalidProblem),
}

/// Works out who should do the tasks of the facts.
pub fn propose(
    policy: &Policy,
    now: OffsetDateTime,
    facts: &Facts,
    wishes: &Wishes,
    effort: &Effort,
) -> Result<Proposal, NoPlan> {
    let pairs = judge_all(policy, now, facts, wishes)?;
    let made = pose(policy, now, facts, &pairs, wishes)?;
    let answer = solve(
        &made.problem,
        &Options {
            time_limit: effort.time_limit,
            moves: effort.moves,
            seed: effort.seed,
            start: None,
            cancel: None,
        },
    );
    Ok(read(policy, facts, &pairs, &made, &answer))
}

/// What the engine's answer says of the facts.
fn read(
    policy: &Policy,
    facts: &Facts,
    pairs: &[Pairs],
    posed: &Posed,
    answer: &Answer,
) -> Proposal {
    let why: HashMap<TaskIndex, WhyLeftOut> = answer
        .left_out
        .iter()
        .map(|left| (left.task, left.why))
        .collect();
    let mut proposal = Proposal {
        assignments: Vec::new(),
        unplaced: Vec::new(),
        lower_bound: answer.bound,
    };
    for ((task, pairs), job) in facts.tasks.iter().zip(pairs).zip(&posed.tasks) {
        let place = job
            .and_then(|job| answer.plan.of(job))
            .and_then(|person| posed.people.get(&person));
        if let Some((place, offer)) = place.and_then(|place| Some((*place, *pairs.fit.get(place)?)))
        {
            let paralegal = &facts.roster[place];
            proposal.assignments.push(Planned {
                task: task.name,
                matter: task.matter,
                paralegal: paralegal.id,
                offer,
                versions: Versions {
                    task: task.version,
                    matter: facts.matter(task).version,
                    paralegal: paralegal.version,
                },
            });
            continue;
        }
        let why = job.and_then(|job| why.get(&job));
        let (reason, penalty) = match why {
            None | Some(WhyLeftOut::Nobody) => (UnplacedReason::NobodyEligible, 0),
            Some(why) => (
                if *why == WhyLeftOut::TooCostly {
                    UnplacedReason::TooCostly
                } else {
                    UnplacedReason::NoRoom
                },
                policy.penalty(task.priority, task.effort),
            ),
        };
        proposal.unplaced.push(Unplaced {
            task: task.name,
            reason,
            penalty,
            exclusion_counts: pairs.exclusion_counts.clone(),
        });
    }
    proposal
}

impl Proposal {
    /// What the assignments cost together.
    pub fn cost(&self) -> Cost {
        self.assignments
            .iter()
            .fold(Cost::default(), |sum, planned| sum.plus(planned.offer.cost))
    }

    /// What leaving out counts.
    pub fn penalty(&self) -> i64 {
        self.unplaced.iter().map(|task| task.penalty).sum()
    }
}

#[cfg(test)]
mod tests;
