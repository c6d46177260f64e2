//! What is left to decide once pins are taken in and what can't fit by itself is put aside, laid out flat.

use crate::problem::{LeftOut, Pair, Problem};

/// The tasks that are free, with the pairs that fit by themselves.
pub(crate) struct Field<'p> {
    pub(crate) problem: &'p Problem,
    /// What the pins cost, and the penalties of the tasks that nobody can do.
    pub(crate) base_cost: i64,
    /// How many tasks that must not be left out nobody can do.
    pub(crate) base_missing: usize,
    /// The place in the problem of each task here.
    pub(crate) tasks: Vec<usize>,
    /// The number of the window of each task.
    pub(crate) class: Vec<usize>,
    /// What leaving each task out costs. None: it must not be.
    pub(crate) penalty: Vec<Option<i64>>,
    /// The pairs, by task and then by person.
    pub(crate) pairs: Vec<Pair>,
    /// Where the pairs of each task begin; one more than there are tasks.
    pub(crate) offsets: Vec<usize>,
}

impl<'p> Field<'p> {
    pub(crate) fn of(problem: &'p Problem) -> Self {
        let mut field = Self {
            problem,
            base_cost: 0,
            base_missing: 0,
            tasks: Vec::new(),
            class: Vec::new(),
            penalty: Vec::new(),
            pairs: Vec::new(),
            offsets: vec![0],
        };
        for (task, given) in problem.tasks.iter().enumerate() {
            if let Some(pin) = problem.pinned[task] {
                field.base_cost += problem.pairs[pin].cost;
                continue;
            }
            let before = field.pairs.len();
            let pairs = problem.pairs[problem.pairs_of(task)].iter();
            field.pairs.extend(
                pairs.filter(|pair| problem.fits(&problem.room, &problem.places, task, pair)),
            );
            let penalty = match given.left_out {
                LeftOut::Costs(penalty) => Some(penalty),
                LeftOut::Never => None,
            };
            if field.pairs.len() == before {
                field.base_cost += penalty.unwrap_or(0);
                field.base_missing += usize::from(penalty.is_none());
                continue;
            }
            field.tasks.push(task);
            field.class.push(problem.class[task]);
            field.penalty.push(penalty);
            field.offsets.push(field.pairs.len());
        }
        field
    }

    pub(crate) fn len(&self) -> usize {
        self.tasks.len()
    }

    pub(crate) fn pairs_of(&self, task: usize) -> std::ops::Range<usize> {
        self.offsets[task]..self.offsets[task + 1]
    }

    /// The pair of a task and a person, by place.
    pub(crate) fn pair(&self, task: usize, person: usize) -> Option<usize> {
        let range = self.pairs_of(task);
        let first = range.start;
        self.pairs[range]
            .binary_search_by_key(&person, |pair| pair.person)
            .ok()
            .map(|at| first + at)
    }
}

/// A whole number as a real one; what is lost beyond 53 bits only steers the search.
#[expect(clippy::cast_precision_loss, reason = "only ever used to steer")]
pub(crate) const fn real(value: i64) -> f64 {
    value as f64
}
