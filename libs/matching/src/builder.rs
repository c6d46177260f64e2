//! A problem in the making: gathered, checked, laid out flat.

use crate::problem::{
    Commitment, LeftOut, MOST, MOST_ITEMS, MOST_PERIODS, Pair, Person, PersonIndex, Problem, Task,
    TaskIndex,
};
use crate::window::{Window, Windows};

/// Why a problem is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProblem {
    /// There are too many tasks or people, or none or too many periods.
    #[error("has too many tasks, people or periods, or no period")]
    Size,
    /// A person's capacity does not name every period, or is out of range.
    #[error("has a capacity that is out of range or of another number of periods for person {0:?}")]
    Capacity(PersonIndex),
    /// A window's ends are out of order or of range.
    #[error("has a window that is out of range")]
    Window,
    /// An effort, a cost or a penalty is out of range.
    #[error("has an effort, a cost or a penalty that is out of range")]
    Range,
    /// A task or a person was not made by this builder.
    #[error("names a task or a person that it does not have")]
    Unknown,
    /// A pair was given twice.
    #[error("has the pair of task {0:?} and person {1:?} twice")]
    Twice(TaskIndex, PersonIndex),
    /// A pinned pair is no pair, is forbidden, or its task is pinned to somebody else as well.
    #[error("pins task {0:?} to person {1:?}, who can't do it")]
    Pin(TaskIndex, PersonIndex),
    /// What is pinned to a person is more than they can do.
    #[error("pins more to person {0:?} than they can do")]
    PinsDoNotFit(PersonIndex),
}

/// A problem in the making.
#[derive(Debug, Clone)]
pub struct Builder {
    pub(crate) periods: usize,
    pub(crate) people: Vec<Person>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) commitments: Vec<(usize, Commitment)>,
    pub(crate) pairs: Vec<RawPair>,
    pub(crate) pins: Vec<(usize, usize)>,
    pub(crate) forbidden: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct RawPair {
    task: usize,
    person: usize,
    effort: i64,
    cost: i64,
}

impl Builder {
    /// Adds a person.
    pub fn person(&mut self, person: Person) -> PersonIndex {
        self.people.push(person);
        PersonIndex(self.people.len() - 1)
    }

    /// Adds a task.
    pub fn task(&mut self, task: Task) -> TaskIndex {
        self.tasks.push(task);
        TaskIndex(self.tasks.len() - 1)
    }

    /// Says that a person has something to do already.
    pub fn commit(&mut self, person: PersonIndex, commitment: Commitment) {
        self.commitments.push((person.0, commitment));
    }

    /// Says that a person can do a task, with what effort and at what cost.
    pub fn pair(&mut self, task: TaskIndex, person: PersonIndex, effort: i64, cost: i64) {
        self.pairs.push(RawPair {
            task: task.0,
            person: person.0,
            effort,
            cost,
        });
    }

    /// Says that a task must be done by a person.
    pub fn pin(&mut self, task: TaskIndex, person: PersonIndex) {
        self.pins.push((task.0, person.0));
    }

    /// Says that a task must not be done by a person.
    pub fn forbid(&mut self, task: TaskIndex, person: PersonIndex) {
        self.forbidden.push((task.0, person.0));
    }

    /// The problem, checked and laid out flat.
    pub fn build(mut self) -> Result<Problem, InvalidProblem> {
        self.check()?;
        self.forbidden.sort_unstable();
        let forbidden = std::mem::take(&mut self.forbidden);
        self.pairs
            .retain(|pair| forbidden.binary_search(&(pair.task, pair.person)).is_err());
        self.pairs
            .sort_unstable_by_key(|pair| (pair.task, pair.person));
        for two in self.pairs.windows(2) {
            if (two[0].task, two[0].person) == (two[1].task, two[1].person) {
                return Err(InvalidProblem::Twice(
                    TaskIndex(two[0].task),
                    PersonIndex(two[0].person),
                ));
            }
        }
        let mut offsets = vec![0; self.tasks.len() + 1];
        for pair in &self.pairs {
            offsets[pair.task + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        let windows = Windows::of(self.periods);
        let class = self
            .tasks
            .iter()
            .map(|task| windows.number(task.window))
            .collect();
        let mut problem = Problem {
            room: open_room(&self.people, &windows),
            places: self
                .people
                .iter()
                .map(|person| person.task_limit.map_or(i64::MAX, i64::from))
                .collect(),
            commitments: vec![Vec::new(); self.people.len()],
            pinned: vec![None; self.tasks.len()],
            pairs: self
                .pairs
                .iter()
                .map(|pair| Pair {
                    person: pair.person,
                    effort: pair.effort,
                    cost: pair.cost,
                })
                .collect(),
            people: self.people,
            tasks: self.tasks,
            offsets,
            class,
            windows,
        };
        self.commitments
            .sort_by_key(|(person, given)| (*person, given.window.last, given.window.first));
        for (person, commitment) in self.commitments {
            problem.commit(person, commitment);
        }
        for (task, person) in self.pins {
            problem.pin(task, person)?;
        }
        Ok(problem)
    }

    fn check(&self) -> Result<(), InvalidProblem> {
        let in_range = |value: i64| (-MOST..=MOST).contains(&value);
        let quantity = |value: i64| (0..=MOST).contains(&value);
        let window = |window: Window| window.first <= window.last && window.last < self.periods;
        let known =
            |task: usize, person: usize| task < self.tasks.len() && person < self.people.len();
        if !(1..=MOST_PERIODS).contains(&self.periods)
            || self.tasks.len() > MOST_ITEMS
            || self.people.len() > MOST_ITEMS
        {
            return Err(InvalidProblem::Size);
        }
        for (at, person) in self.people.iter().enumerate() {
            let whole: i64 = person
                .capacity
                .iter()
                .fold(0, |sum, part| sum.saturating_add(*part));
            if person.capacity.len() != self.periods
                || !person.capacity.iter().all(|part| quantity(*part))
                || !quantity(whole)
            {
                return Err(InvalidProblem::Capacity(PersonIndex(at)));
            }
        }
        let windows = self.tasks.iter().map(|task| task.window);
        let committed = self.commitments.iter().map(|(_, given)| given.window);
        if !windows.chain(committed).all(window) {
            return Err(InvalidProblem::Window);
        }
        let penalties = self.tasks.iter().all(|task| match task.left_out {
            LeftOut::Costs(penalty) => in_range(penalty),
            LeftOut::Never => true,
        });
        let pairs = self
            .pairs
            .iter()
            .all(|pair| quantity(pair.effort) && in_range(pair.cost));
        let commitments = self
            .commitments
            .iter()
            .all(|(_, given)| quantity(given.effort));
        if !penalties || !pairs || !commitments {
            return Err(InvalidProblem::Range);
        }
        let pairs = self.pairs.iter().map(|pair| (pair.task, pair.person));
        let pins = self.pins.iter().copied();
        let all = pairs.chain(pins).chain(self.forbidden.iter().copied());
        let committed = self
            .commitments
            .iter()
            .all(|(person, _)| *person < self.people.len());
        if !committed || !all.into_iter().all(|(task, person)| known(task, person)) {
            return Err(InvalidProblem::Unknown);
        }
        Ok(())
    }
}

/// The capacity of every person in every window.
fn open_room(people: &[Person], windows: &Windows) -> Vec<i64> {
    people
        .iter()
        .flat_map(|person| {
            windows.all().iter().map(|window| {
                person.capacity[window.first..=window.last]
                    .iter()
                    .sum::<i64>()
            })
        })
        .collect()
}
