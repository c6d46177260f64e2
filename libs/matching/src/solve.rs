//! The way from a problem to an answer: bound, first plan, search.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::bound;
use crate::construct::{complete, construct};
use crate::field::Field;
use crate::problem::{LeftOut, PersonIndex, Problem, TaskIndex};
use crate::search::{Ended, search};
use crate::state::{OUT, State};

/// How much work to put into an answer.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The most time. What is not done by then is cut off.
    pub time_limit: Duration,
    /// The most moves of the search. An answer that the time limit does not cut off is the same for the same
    /// problem, moves and seed.
    pub moves: u64,
    /// Decides what is left to chance.
    pub seed: u64,
    /// Where to begin. The answer is no worse than what of it is still possible.
    pub start: Option<&'a Plan>,
    /// Stops the work once it is true.
    pub cancel: Option<&'a AtomicBool>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            time_limit: Duration::from_secs(1),
            moves: 2_000_000,
            seed: 0,
            start: None,
            cancel: None,
        }
    }
}

/// Who does what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Plan(Vec<Option<PersonIndex>>);

impl Plan {
    /// A plan that places nothing.
    pub fn empty(problem: &Problem) -> Self {
        Self(vec![None; problem.task_count()])
    }

    /// Gives a task to a person, or to nobody. A task that the plan does not have is passed over.
    pub fn set(&mut self, task: TaskIndex, person: Option<PersonIndex>) {
        if let Some(place) = self.0.get_mut(task.get()) {
            *place = person;
        }
    }

    /// Who does a task. None: it is left out.
    pub fn of(&self, task: TaskIndex) -> Option<PersonIndex> {
        self.0.get(task.get()).copied().flatten()
    }

    /// For how many tasks it is.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is for no task at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why the work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The plan is proven to be the best.
    Proven,
    /// All moves were made.
    Moves,
    /// The time was over, or it was cancelled.
    CutOff,
}

/// Why a task is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyLeftOut {
    /// There is no pair for it, or every one is forbidden.
    Nobody,
    /// Nobody who can do it has room for it, even if nothing else were to be done but what is committed and pinned.
    NeverFits,
    /// Those who can do it are taken up by other tasks.
    NoRoom,
    /// There is room for it, but it costs more than leaving it out.
    TooCostly,
}

/// A task that is left out, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOutTask {
    /// Which.
    pub task: TaskIndex,
    /// Why.
    pub why: WhyLeftOut,
}

/// A plan, what it costs, and how good it is.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Who does what. It keeps every limit.
    pub plan: Plan,
    /// The cost of its pairs and the penalties of what it leaves out.
    pub cost: i64,
    /// Proven: no plan that leaves out no more of the tasks that must not be left out costs less.
    pub bound: i64,
    /// How many tasks that must not be left out it leaves out.
    pub missing: usize,
    /// What it leaves out, in the order of the tasks.
    pub left_out: Vec<LeftOutTask>,
    /// Why the work ended.
    pub stopped: Stopped,
}

impl Answer {
    /// How far the plan may be from the best there is, as a share of its cost; None when it leaves out what must not
    /// be left out.
    pub fn gap(&self) -> Option<f64> {
        if self.missing > 0 {
            return None;
        }
        if self.cost == self.bound {
            return Some(0.0);
        }
        let real = crate::field::real;
        Some((real(self.cost) - real(self.bound)) / real(self.cost).abs().max(1.0))
    }
}

/// The best plan that the options allow, with its bound. It always answers: what can't be placed is left out.
pub fn solve(problem: &Problem, options: &Options<'_>) -> Answer {
    let begun = Instant::now();
    let cancelled = || {
        options
            .cancel
            .is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    };
    let mut go_on = || begun.elapsed() < options.time_limit && !cancelled();
    let field = Field::of(problem);

    let (prices, field_bound) = bound::bound(&field, &mut go_on);
    let reduced = prices.reduced(&field);
    let mut state = State::empty(&field);
    construct(&mut state, &reduced);
    if let Some(start) = options.start {
        let mut begun_from = State::empty(&field);
        follow(&mut begun_from, start);
        construct(&mut begun_from, &reduced);
        if begun_from.beats((state.missing, state.cost)) {
            state = begun_from;
        }
    }
    let ended = search(
        &mut state,
        &reduced,
        field_bound,
        options.moves,
        options.seed,
        &mut go_on,
    );
    complete(&mut state);
    answer(&state, field_bound, &ended)
}

/// Places what of a plan is still possible.
fn follow(state: &mut State<'_, '_>, plan: &Plan) {
    let field = state.field;
    for task in 0..field.len() {
        let pair = plan
            .of(TaskIndex(field.tasks[task]))
            .and_then(|person| field.pair(task, person.get()));
        if let Some(pair) = pair
            && state.fits(task, pair)
        {
            state.place(task, pair);
        }
    }
}

fn answer(state: &State<'_, '_>, field_bound: i64, ended: &Ended) -> Answer {
    let field = state.field;
    let problem = field.problem;
    let mut plan = Plan::empty(problem);
    for (task, pin) in problem.pinned.iter().enumerate() {
        let person = pin.map(|pair| PersonIndex(problem.pairs[pair].person));
        plan.set(TaskIndex(task), person);
    }
    let mut open: Vec<Option<usize>> = vec![None; problem.task_count()];
    for (at, task) in field.tasks.iter().enumerate() {
        open[*task] = Some(at);
        if state.chosen[at] != OUT {
            let person = field.pairs[state.chosen[at]].person;
            plan.set(TaskIndex(*task), Some(PersonIndex(person)));
        }
    }
    let left_out: Vec<LeftOutTask> = (0..problem.task_count())
        .filter(|task| plan.of(TaskIndex(*task)).is_none())
        .map(|task| LeftOutTask {
            task: TaskIndex(task),
            why: match open[task] {
                None if problem.pairs_of(task).is_empty() => WhyLeftOut::Nobody,
                None => WhyLeftOut::NeverFits,
                Some(at) if field.pairs_of(at).any(|pair| state.fits(at, pair)) => {
                    WhyLeftOut::TooCostly
                }
                Some(_) => WhyLeftOut::NoRoom,
            },
        })
        .collect();
    let missing = left_out
        .iter()
        .filter(|left| problem.tasks[left.task.get()].left_out == LeftOut::Never)
        .count();
    let cost = field.base_cost + state.cost;
    let bound = field.base_cost + field_bound;
    Answer {
        plan,
        cost,
        bound: if missing == 0 { bound.min(cost) } else { bound },
        missing,
        left_out,
        stopped: match ended {
            _ if missing == 0 && cost == bound => Stopped::Proven,
            Ended::Proven | Ended::Moves => Stopped::Moves,
            Ended::Stopped => Stopped::CutOff,
        },
    }
}
