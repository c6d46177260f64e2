//! A plan that always keeps the limits, with moves in constant time.

use crate::field::Field;

/// Stands for "left out" where a pair's place is expected.
pub(crate) const OUT: usize = usize::MAX;

/// Who does what of a field, and what that leaves of everybody.
#[derive(Clone)]
pub(crate) struct State<'f, 'p> {
    pub(crate) field: &'f Field<'p>,
    /// The pair chosen for each task, or [`OUT`].
    pub(crate) chosen: Vec<usize>,
    /// The tasks of each person, in no order.
    pub(crate) of_person: Vec<Vec<usize>>,
    /// Where each task stands among its person's.
    slot: Vec<usize>,
    /// By person and window.
    room: Vec<i64>,
    /// By person.
    places: Vec<i64>,
    /// The cost of the chosen pairs and of the penalties.
    pub(crate) cost: i64,
    /// How many tasks that must not be left out are.
    pub(crate) missing: usize,
}

impl<'f, 'p> State<'f, 'p> {
    /// Nothing placed.
    pub(crate) fn empty(field: &'f Field<'p>) -> Self {
        Self {
            field,
            chosen: vec![OUT; field.len()],
            of_person: vec![Vec::new(); field.problem.person_count()],
            slot: vec![0; field.len()],
            room: field.problem.room.clone(),
            places: field.problem.places.clone(),
            cost: field
                .penalty
                .iter()
                .map(|penalty| penalty.unwrap_or(0))
                .sum(),
            missing: field
                .penalty
                .iter()
                .filter(|penalty| penalty.is_none())
                .count(),
        }
    }

    /// Whether a pair of a task that is left out fits.
    pub(crate) fn fits(&self, task: usize, pair: usize) -> bool {
        let chosen = &self.field.pairs[pair];
        let windows = &self.field.problem.windows;
        let base = chosen.person * windows.len();
        self.places[chosen.person] > 0
            && windows
                .containing(self.field.class[task])
                .iter()
                .all(|at| self.room[base + at] >= chosen.effort)
    }

    /// Gives a task that is left out to a pair that fits.
    pub(crate) fn place(&mut self, task: usize, pair: usize) {
        let chosen = self.field.pairs[pair];
        self.take(task, pair, 1);
        self.slot[task] = self.of_person[chosen.person].len();
        self.of_person[chosen.person].push(task);
        self.chosen[task] = pair;
        match self.field.penalty[task] {
            Some(penalty) => self.cost -= penalty,
            None => self.missing -= 1,
        }
        self.cost += chosen.cost;
    }

    /// Leaves out a task that is placed, and answers the pair that it had.
    pub(crate) fn remove(&mut self, task: usize) -> usize {
        let pair = self.chosen[task];
        let chosen = self.field.pairs[pair];
        self.take(task, pair, -1);
        let slot = self.slot[task];
        self.of_person[chosen.person].swap_remove(slot);
        if let Some(moved) = self.of_person[chosen.person].get(slot) {
            self.slot[*moved] = slot;
        }
        self.chosen[task] = OUT;
        match self.field.penalty[task] {
            Some(penalty) => self.cost += penalty,
            None => self.missing += 1,
        }
        self.cost -= chosen.cost;
        pair
    }

    fn take(&mut self, task: usize, pair: usize, sign: i64) {
        let chosen = self.field.pairs[pair];
        let windows = &self.field.problem.windows;
        let base = chosen.person * windows.len();
        for at in windows.containing(self.field.class[task]) {
            self.room[base + at] -= sign * chosen.effort;
        }
        self.places[chosen.person] -= sign;
    }

    /// Whether this is better than what leaves out so many and costs so much.
    pub(crate) fn beats(&self, (missing, cost): (usize, i64)) -> bool {
        (self.missing, self.cost) < (missing, cost)
    }

    /// Takes over a choice that keeps the limits.
    pub(crate) fn restore(&mut self, chosen: &[usize]) {
        for (task, pair) in chosen.iter().enumerate() {
            if self.chosen[task] != OUT && self.chosen[task] != *pair {
                self.remove(task);
            }
        }
        for (task, pair) in chosen.iter().enumerate() {
            if *pair != OUT && self.chosen[task] == OUT {
                self.place(task, *pair);
            }
        }
    }
}
