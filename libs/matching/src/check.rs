//! An independent check that a plan keeps the limits. It shares nothing with the solver but the problem: it plays
//! the periods through, in each doing first what is due first, and looks whether anything is late.

use crate::problem::{LeftOut, PersonIndex, Problem, TaskIndex};
use crate::solve::Plan;
use crate::window::Window;

/// How a plan breaks a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    /// The plan is for another number of tasks.
    Size,
    /// The person can't do the task, or must not.
    NoPair(TaskIndex, PersonIndex),
    /// The task is pinned to somebody else.
    Pinned(TaskIndex),
    /// The person can't do all of it in time: something is late at the end of the period.
    Late(PersonIndex, usize),
    /// The person has more tasks than they may have.
    TooManyTasks(PersonIndex),
}

/// What a plan costs, and how many tasks that must not be left out it leaves out; or every limit that it breaks.
pub fn check(problem: &Problem, plan: &Plan) -> Result<(i64, usize), Vec<Violation>> {
    if plan.len() != problem.tasks.len() {
        return Err(vec![Violation::Size]);
    }
    let mut broken = Vec::new();
    let mut work: Vec<Vec<(Window, i64)>> = problem
        .commitments
        .iter()
        .map(|given| given.iter().map(|one| (one.window, one.effort)).collect())
        .collect();
    let (mut cost, mut missing) = (0, 0);
    for (at, task) in problem.tasks.iter().enumerate() {
        let index = TaskIndex(at);
        let person = plan.of(index);
        let pin = problem.pinned[at].map(|pair| problem.pairs[pair].person);
        if pin.is_some() && pin != person.map(PersonIndex::get) {
            broken.push(Violation::Pinned(index));
        }
        match (person, task.left_out) {
            (Some(person), _) => {
                let pairs = &problem.pairs[problem.pairs_of(at)];
                match pairs.iter().find(|pair| pair.person == person.get()) {
                    Some(pair) => {
                        cost += pair.cost;
                        work[person.get()].push((task.window, pair.effort));
                    }
                    None => broken.push(Violation::NoPair(index, person)),
                }
            }
            (None, LeftOut::Costs(penalty)) => cost += penalty,
            (None, LeftOut::Never) => missing += 1,
        }
    }
    for (at, (person, mut jobs)) in problem.people.iter().zip(work).enumerate() {
        let committed = problem.commitments[at].len();
        let limit = person.task_limit.map_or(usize::MAX, |limit| limit as usize);
        // Commitments may be over the limit by themselves; a plan must not add to them then.
        if jobs.len() > limit.max(committed) {
            broken.push(Violation::TooManyTasks(PersonIndex(at)));
        }
        if let Some(period) = first_late(&person.capacity, &mut jobs) {
            broken.push(Violation::Late(PersonIndex(at), period));
        }
    }
    if broken.is_empty() {
        Ok((cost, missing))
    } else {
        Err(broken)
    }
}

/// The first period at whose end something is late, when in each period what is due first is done first. That order
/// is late only when every order is.
fn first_late(capacity: &[i64], jobs: &mut [(Window, i64)]) -> Option<usize> {
    jobs.sort_by_key(|(window, _)| window.last);
    for (period, hours) in capacity.iter().enumerate() {
        let mut left = *hours;
        for (window, effort) in jobs.iter_mut() {
            if window.first <= period {
                let done = left.min(*effort);
                *effort -= done;
                left -= done;
            }
        }
        if jobs
            .iter()
            .any(|(window, effort)| window.last == period && *effort > 0)
        {
            return Some(period);
        }
    }
    None
}
