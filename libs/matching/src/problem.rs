//! What is to be decided, laid out flat.

use crate::builder::{Builder, InvalidProblem};
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
        // Commitments may be more than the limit: no place is left then, and a number below none would make the
        // relaxation prove whatever one likes.
        self.places[person] = (self.places[person] - 1).max(0);
    }

    /// Takes in a commitment: late when it can't be met in time, cut when it can't be met at all.
    pub(crate) fn commit(&mut self, person: usize, given: Commitment) {
        let end = self.people[person].capacity.len() - 1;
        let mut window = given.window;
        while window.last < end && self.room_in(person, window) < given.effort {
            window.last += 1;
        }
        let effort = given.effort.min(self.room_in(person, window).max(0));
        self.take_room(person, window, effort);
        self.commitments[person].push(Commitment { effort, window });
    }

    pub(crate) fn pin(&mut self, task: usize, person: usize) -> Result<(), InvalidProblem> {
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
