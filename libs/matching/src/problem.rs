//! What is to be decided, checked and laid out flat.

use crate::window::{Window, Windows};

/// The most that a cost, a penalty, an effort or a capacity may be, so that no sum overflows.
pub const MOST: i64 = 1_000_000_000_000;

/// The most tasks, and the most people.
pub const MOST_ITEMS: usize = 1_000_000;

/// The most periods: their spans grow with the square.
pub const MOST_PERIODS: usize = 32;

/// A task of a problem, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskIndex(pub(crate) usize);

/// A person of a problem, by their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonIndex(pub(crate) usize);

impl TaskIndex {
    /// The place, from 0, in the order in which the tasks were given.
    pub const fn get(self) -> usize {
        self.0
    }
}

impl PersonIndex {
    /// The place, from 0, in the order in which the people were given.
    pub const fn get(self) -> usize {
        self.0
    }
}

/// Somebody who can do tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// How much they can do in each period, in units of effort.
    pub capacity: Vec<i64>,
    /// The most tasks they may have at once, those that they are committed to included. None: no limit.
    pub task_limit: Option<u32>,
}

/// Something to be done by one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// The periods in which it can be done.
    pub window: Window,
    /// What leaving it out means.
    pub left_out: LeftOut,
}

/// What leaving a task out means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// It costs so much.
    Costs(i64),
    /// It must not be: a plan without the task is not complete.
    Never,
}

/// What a person has to do already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment {
    /// The effort that is left.
    pub effort: i64,
    /// The periods in which it is to be done. What can't be done in time takes the first room after it.
    pub window: Window,
}

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
    periods: usize,
    people: Vec<Person>,
    tasks: Vec<Task>,
    commitments: Vec<(usize, Commitment)>,
    pairs: Vec<RawPair>,
    pins: Vec<(usize, usize)>,
    forbidden: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, Copy)]
struct RawPair {
    task: usize,
    person: usize,
    effort: i64,
    cost: i64,
}

/// A pair of a task and a person who can do it, laid out flat by task.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) person: usize,
    pub(crate) effort: i64,
    pub(crate) cost: i64,
}

/// What is to be decided.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(crate) people: Vec<Person>,
    pub(crate) tasks: Vec<Task>,
    /// By person, with what could not be met in time moved to where it can.
    pub(crate) commitments: Vec<Vec<Commitment>>,
    /// Every pair that is given and not forbidden, by task and then by person.
    pub(crate) pairs: Vec<Pair>,
    /// Where the pairs of each task begin; one more than there are tasks.
    pub(crate) offsets: Vec<usize>,
    /// By task: the place in `pairs` that is pinned.
    pub(crate) pinned: Vec<Option<usize>>,
    /// By task: the number of its window.
    pub(crate) class: Vec<usize>,
    pub(crate) windows: Windows,
    /// By person and window: the capacity that commitments and pins leave.
    pub(crate) room: Vec<i64>,
    /// By person: how many tasks more, after commitments and pins.
    pub(crate) places: Vec<i64>,
}

impl Problem {
    /// A problem over so many periods; one for the plain case without dates.
    pub fn builder(periods: usize) -> Builder {
        Builder {
            periods,
            people: Vec::new(),
            tasks: Vec::new(),
            commitments: Vec::new(),
            pairs: Vec::new(),
            pins: Vec::new(),
            forbidden: Vec::new(),
        }
    }

    /// How many tasks it has.
    pub fn task_count(&self) -> usize {
        self.tasks.len()
    }

    /// How many people it has.
    pub fn person_count(&self) -> usize {
        self.people.len()
    }

    /// The pairs of a task, by place.
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

    /// Whether a person with this room could do a pair.
    pub(crate) fn fits(&self, room: &[i64], places: &[i64], task: usize, pair: &Pair) -> bool {
        let base = pair.person * self.windows.len();
        places[pair.person] > 0
            && self
                .windows
                .containing(self.class[task])
                .iter()
                .all(|window| room[base + window] >= pair.effort)
    }
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

impl Problem {
    /// The least room that a person has in the windows that contain one.
    fn room_in(&self, person: usize, window: Window) -> i64 {
        let base = person * self.windows.len();
        self.windows
            .containing(self.windows.number(window))
            .iter()
            .map(|number| self.room[base + number])
            .min()
            .unwrap_or(0)
    }

    fn take_room(&mut self, person: usize, window: Window, effort: i64) {
        let base = person * self.windows.len();
        let number = self.windows.number(window);
        for at in self.windows.containing(number) {
            self.room[base + at] -= effort;
        }
        self.places[person] -= 1;
    }

    /// Takes in a commitment: late when it can't be met in time, cut when it can't be met at all.
    fn commit(&mut self, person: usize, given: Commitment) {
        let end = self.people[person].capacity.len() - 1;
        let mut window = given.window;
        while window.last < end && self.room_in(person, window) < given.effort {
            window.last += 1;
        }
        let effort = given.effort.min(self.room_in(person, window).max(0));
        self.take_room(person, window, effort);
        self.commitments[person].push(Commitment { effort, window });
    }

    fn pin(&mut self, task: usize, person: usize) -> Result<(), InvalidProblem> {
        let refused = InvalidProblem::Pin(TaskIndex(task), PersonIndex(person));
        let pair = self.pair(task, person).ok_or(refused)?;
        if self.pinned[task].is_some() {
            return if self.pinned[task] == Some(pair) {
                Ok(())
            } else {
                Err(refused)
            };
        }
        let chosen = self.pairs[pair];
        if !self.fits(&self.room, &self.places, task, &chosen) {
            return Err(InvalidProblem::PinsDoNotFit(PersonIndex(person)));
        }
        self.take_room(person, self.tasks[task].window, chosen.effort);
        self.pinned[task] = Some(pair);
        Ok(())
    }
}
