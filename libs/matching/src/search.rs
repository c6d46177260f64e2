//! Annealing by shifts, swaps and ejections, over plans that keep the limits.
//!
//! A round cools from warm to cold in a number of moves that is fixed beforehand, so that the seed alone decides what
//! comes out. Rounds follow each other, each twice as long and from the best plan so far.

use crate::field::{Field, real};
use crate::random::Random;
use crate::state::{OUT, State};

/// A task is only ever moved to so many people, those whom it costs least at the prices.
const NEAREST: usize = 12;
/// Moves a task and round, in the first round.
const MOVES_PER_TASK: u64 = 400;
/// The fewest moves of the first round.
const LEAST_MOVES: u64 = 20_000;
/// Between two looks at the clock.
const STRIDE: u64 = 512;

/// How a search went.
pub(crate) enum Ended {
    /// The cost is the bound: nothing is better.
    Proven,
    /// All moves are made.
    Moves,
    /// It was told to stop.
    Stopped,
}

/// Improves a state, and leaves the best plan found in it. `bound` is what the state's cost can't be below.
pub(crate) fn search(
    state: &mut State<'_, '_>,
    reduced: &[f64],
    bound: i64,
    moves: u64,
    seed: u64,
    go_on: &mut impl FnMut() -> bool,
) -> Ended {
    let field = state.field;
    let near = Near::of(field, reduced);
    let mut best = (state.missing, state.cost);
    let mut best_chosen = state.chosen.clone();
    let mut random = Random::new(seed);
    let (mut made, mut round) = (0, 0_u32);
    let first = (field.len() as u64 * MOVES_PER_TASK).max(LEAST_MOVES);
    let ended = 'search: loop {
        if best == (0, bound) || field.len() == 0 {
            break Ended::Proven;
        }
        if made >= moves {
            break Ended::Moves;
        }
        let planned = first.saturating_mul(1 << round.min(20));
        let warm = near.temperature / f64::from(1 + round.min(3));
        for step in 0..planned {
            if step % STRIDE == 0 && !go_on() {
                break 'search Ended::Stopped;
            }
            if made >= moves {
                break;
            }
            made += 1;
            #[expect(clippy::cast_precision_loss, reason = "a share of a round")]
            let cooled = step as f64 / planned as f64;
            let temperature = warm * (-4.6 * cooled).exp();
            let allowance = -temperature * random.share().max(1e-12).ln();
            one_move(state, &near, allowance, &mut random);
            if state.beats(best) {
                best = (state.missing, state.cost);
                best_chosen.copy_from_slice(&state.chosen);
                if best == (0, bound) {
                    break 'search Ended::Proven;
                }
            }
        }
        state.restore(&best_chosen);
        round += 1;
    };
    state.restore(&best_chosen);
    ended
}

/// The pairs that each task is moved to, and how warm to begin.
struct Near<'r> {
    /// By task: at most [`NEAREST`] pairs, the least reduced cost first.
    pairs: Vec<usize>,
    offsets: Vec<usize>,
    /// What each pair costs at the prices: cost alone would waste the time that is short.
    price: &'r [f64],
    temperature: f64,
    /// What a task that must not be left out weighs when it is.
    must: f64,
}

impl<'r> Near<'r> {
    fn of(field: &Field<'_>, reduced: &'r [f64]) -> Self {
        let (mut pairs, mut offsets) = (Vec::new(), vec![0]);
        let (mut spread, mut counted) = (0.0, 0.0);
        let mut sorted: Vec<usize> = Vec::new();
        for task in 0..field.len() {
            sorted.clear();
            sorted.extend(field.pairs_of(task));
            sorted.sort_by(|one, other| reduced[*one].total_cmp(&reduced[*other]));
            sorted.truncate(NEAREST);
            if let [best, second, ..] = sorted[..] {
                spread += (reduced[second] - reduced[best]).abs();
                counted += 1.0;
            }
            pairs.extend_from_slice(&sorted);
            offsets.push(pairs.len());
        }
        let most = reduced
            .iter()
            .fold(0.0, |most, price| f64::max(most, price.abs()));
        Self {
            pairs,
            offsets,
            price: reduced,
            temperature: (0.5 * spread / f64::max(counted, 1.0)).max(0.05),
            must: 4.0 * most + 1.0,
        }
    }
}

/// What leaving a task out weighs.
fn weight(field: &Field<'_>, near: &Near<'_>, task: usize) -> f64 {
    field.penalty[task].map_or(near.must, real)
}

/// What a task costs where it is.
fn present(state: &State<'_, '_>, near: &Near<'_>, task: usize) -> f64 {
    match state.chosen[task] {
        OUT => weight(state.field, near, task),
        pair => near.price[pair],
    }
}

/// Tries one move: a random task to one of its nearest people, making room by a swap or an ejection when there is
/// none. It is made when it adds no more to the cost than is allowed.
fn one_move(state: &mut State<'_, '_>, near: &Near<'_>, allowance: f64, random: &mut Random) {
    let field = state.field;
    let task = random.below(field.len());
    let choices = &near.pairs[near.offsets[task]..near.offsets[task + 1]];
    let old = state.chosen[task];
    let was = present(state, near, task);
    // One choice more than there are pairs: leaving it out.
    let at = random.below(choices.len() + usize::from(field.penalty[task].is_some()));
    let Some(pair) = choices.get(at).copied() else {
        if old != OUT && weight(field, near, task) - was <= allowance {
            state.remove(task);
        }
        return;
    };
    if pair == old {
        return;
    }
    let gain = was - near.price[pair];
    let person = field.pairs[pair].person;
    let from = (old != OUT).then(|| field.pairs[old].person);
    if old != OUT {
        state.remove(task);
    }
    if state.fits(task, pair) {
        if -gain <= allowance {
            state.place(task, pair);
            return;
        }
    } else if !state.of_person[person].is_empty() {
        let other = state.of_person[person][random.below(state.of_person[person].len())];
        if make_room(
            state,
            near,
            (task, pair, gain),
            (other, from),
            allowance,
            random,
        ) {
            return;
        }
    }
    if old != OUT {
        state.place(task, old);
    }
}

/// Puts a task in another's place, and the other where the task came from, at one of its own nearest people, or out.
fn make_room(
    state: &mut State<'_, '_>,
    near: &Near<'_>,
    (task, pair, gain): (usize, usize, f64),
    (other, from): (usize, Option<usize>),
    allowance: f64,
    random: &mut Random,
) -> bool {
    let field = state.field;
    let had = state.remove(other);
    if state.fits(task, pair) {
        state.place(task, pair);
        let was = near.price[had];
        let back = from.and_then(|from| field.pair(other, from));
        let choices = &near.pairs[near.offsets[other]..near.offsets[other + 1]];
        let elsewhere = choices[random.below(choices.len())];
        for place in back.into_iter().chain([elsewhere]) {
            let added = near.price[place] - was - gain;
            if place != had && added <= allowance && state.fits(other, place) {
                state.place(other, place);
                return true;
            }
        }
        if weight(field, near, other) - was - gain <= allowance {
            return true;
        }
        state.remove(task);
    }
    state.place(other, had);
    false
}
