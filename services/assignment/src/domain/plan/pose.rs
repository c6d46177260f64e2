//! The facts as the engine takes them.

use std::collections::{BTreeMap, HashMap};

use caseload_matching::{
    Commitment, InvalidProblem, LeftOut, Person, PersonIndex, Problem, Task as Job, TaskIndex,
};
use time::OffsetDateTime;

use super::{NoPlan, Offer, Wishes};
use crate::domain::eligibility::{Exclusion, Rule};
use crate::domain::facts::{Facts, Judgement};
use crate::domain::load::Span;
use crate::domain::periods::Periods;
use crate::domain::policy::Policy;

/// What is known of the pairs of one task.
pub(super) struct Pairs {
    /// By place in the roster: what the task comes to for those whom no rule excludes.
    pub(super) fit: BTreeMap<usize, Offer>,
    pub(super) exclusion_counts: Vec<(Rule, u32)>,
}

pub(super) fn judge_all(
    policy: &Policy,
    now: OffsetDateTime,
    facts: &Facts,
    wishes: &Wishes,
) -> Result<Vec<Pairs>, NoPlan> {
    facts
        .tasks
        .iter()
        .map(|task| {
            let pin = wishes.pinned.get(&task.name).copied();
            let mut fit = BTreeMap::new();
            let mut counts: BTreeMap<Rule, u32> = BTreeMap::new();
            for (place, paralegal) in facts.roster.iter().enumerate() {
                let pinned_here = pin == Some(paralegal.id);
                let forbidden = wishes.forbidden.contains(&(task.name, paralegal.id));
                let judgement = facts.judge(policy, now, task, paralegal)?;
                // Who declined before may be asked again when somebody pins the task to them.
                let passed_over = pinned_here.then_some(Rule::Answered);
                let others = forbidden || pin.is_some() && !pinned_here;
                match judgement.fit(passed_over) {
                    Some((terms, cost)) if !others => {
                        let effort = judgement.effort;
                        fit.insert(
                            place,
                            Offer {
                                effort,
                                terms,
                                cost,
                            },
                        );
                    }
                    _ if pinned_here => {
                        let exclusions = against_pin(judgement, forbidden);
                        return Err(NoPlan::PinExcluded(task.name, paralegal.id, exclusions));
                    }
                    _ => {
                        let rules = judgement.exclusions.iter().map(|one| one.rule);
                        for rule in rules.chain(others.then_some(Rule::Specification)) {
                            *counts.entry(rule).or_default() += 1;
                        }
                    }
                }
            }
            let mut exclusion_counts: Vec<(Rule, u32)> = counts.into_iter().collect();
            exclusion_counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
            Ok(Pairs {
                fit,
                exclusion_counts,
            })
        })
        .collect()
}

fn against_pin(judgement: Judgement, forbidden: bool) -> Vec<Exclusion> {
    let mut exclusions = judgement.exclusions;
    exclusions.retain(|one| one.rule != Rule::Answered);
    if forbidden {
        exclusions.push(Exclusion {
            rule: Rule::Specification,
            detail: "is pinned and forbidden".to_owned(),
        });
    }
    exclusions
}

/// The facts as the engine takes them.
pub(super) struct Posed {
    pub(super) problem: Problem,
    /// By place among the tasks of the facts: its place in the problem. None: nobody may do it.
    pub(super) tasks: Vec<Option<TaskIndex>>,
    /// By place in the problem: the place in the roster.
    pub(super) people: HashMap<PersonIndex, usize>,
}

pub(super) fn pose(
    policy: &Policy,
    now: OffsetDateTime,
    facts: &Facts,
    pairs: &[Pairs],
    wishes: &Wishes,
) -> Result<Posed, NoPlan> {
    let spans: Vec<Span> = facts
        .tasks
        .iter()
        .map(|task| Facts::span(policy, now, task))
        .collect();
    let periods = Periods::of(now, spans.iter().map(|span| span.due));
    let mut problem = Problem::builder(periods.len());
    let mut people = Vec::with_capacity(facts.roster.len());
    for paralegal in &facts.roster {
        let profile = &paralegal.profile;
        let person = problem.person(Person {
            capacity: periods.capacities(profile.weekly_capacity),
            task_limit: Some(profile.task_limit),
        });
        for one in facts
            .loads
            .get(&paralegal.id)
            .iter()
            .flat_map(|load| &load.commitments)
        {
            let span = Span {
                start: now,
                due: one.due,
            };
            problem.commit(
                person,
                Commitment {
                    effort: one.effort,
                    window: periods.window(span),
                },
            );
        }
        people.push(person);
    }
    let mut tasks = Vec::with_capacity(facts.tasks.len());
    for ((task, span), pairs) in facts.tasks.iter().zip(&spans).zip(pairs) {
        if pairs.fit.is_empty() {
            tasks.push(None);
            continue;
        }
        let job = problem.task(Job {
            window: periods.window(*span),
            left_out: LeftOut::Costs(policy.penalty(task.priority, task.effort)),
        });
        for (place, offer) in &pairs.fit {
            problem.pair(job, people[*place], offer.effort, offer.cost.total());
            if wishes.pinned.contains_key(&task.name) {
                problem.pin(job, people[*place]);
            }
        }
        tasks.push(Some(job));
    }
    let problem = problem.build().map_err(|invalid| match invalid {
        InvalidProblem::PinsDoNotFit(person) => NoPlan::PinsDoNotFit(facts.roster[person.get()].id),
        invalid => NoPlan::Problem(invalid),
    })?;
    let people = people
        .into_iter()
        .enumerate()
        .map(|(place, person)| (person, place))
        .collect();
    Ok(Posed {
        problem,
        tasks,
        people,
    })
}
