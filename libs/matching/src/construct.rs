//! A first plan, the tasks with most to lose first.

use crate::state::{OUT, State};

/// Places what is left out, each task with whom it costs least at the prices, those first who would lose most by
/// going to the second best.
pub(crate) fn construct(state: &mut State<'_, '_>, reduced: &[f64]) {
    let field = state.field;
    let mut order: Vec<(f64, usize)> = (0..field.len())
        .filter(|task| state.chosen[*task] == OUT)
        .map(|task| (regret(state, reduced, task), task))
        .collect();
    order.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    for (_, task) in order {
        let best = field
            .pairs_of(task)
            .filter(|pair| state.fits(task, *pair))
            .min_by(|one, other| reduced[*one].total_cmp(&reduced[*other]));
        if let Some(pair) = best
            && field.penalty[task].is_none_or(|penalty| field.pairs[pair].cost < penalty)
        {
            state.place(task, pair);
        }
    }
}

/// How much more the second best costs than the best, leaving out being one of the ways.
fn regret(state: &State<'_, '_>, reduced: &[f64], task: usize) -> f64 {
    let penalty = state.field.penalty[task].map(crate::field::real);
    let (mut best, mut second) = (f64::INFINITY, f64::INFINITY);
    for cost in reduced[state.field.pairs_of(task)]
        .iter()
        .copied()
        .chain(penalty)
    {
        if cost < best {
            (best, second) = (cost, best);
        } else if cost < second {
            second = cost;
        }
    }
    second - best
}

/// Places every task that is left out, fits somewhere and costs less there than its penalty.
pub(crate) fn complete(state: &mut State<'_, '_>) {
    let field = state.field;
    for task in 0..field.len() {
        if state.chosen[task] != OUT {
            continue;
        }
        let best = field
            .pairs_of(task)
            .filter(|pair| state.fits(task, *pair))
            .min_by_key(|pair| field.pairs[*pair].cost);
        if let Some(pair) = best
            && field.penalty[task].is_none_or(|penalty| field.pairs[pair].cost < penalty)
        {
            state.place(task, pair);
        }
    }
}
