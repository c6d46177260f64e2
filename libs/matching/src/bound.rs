//! Prices of people's time by subgradient, and the bound that they prove in whole numbers.
//!
//! Relax the limits on people and charge for their time instead: each task then goes to whoever is cheapest at those
//! prices, and what comes out, less the price of all the time there is, is a lower bound on the cost of every plan,
//! whatever the prices are (as long as none is negative). Subgradient steps look for prices that make it high. The
//! last word is spoken in exact arithmetic, so that rounding can't prove what is not so.

use crate::field::{Field, real};

/// The price of a unit of effort in each window, and of a place, of each person.
#[derive(Debug, Clone)]
pub(crate) struct Prices {
    /// By person and window.
    time: Vec<f64>,
    /// By person.
    place: Vec<f64>,
}

/// How many steps are taken at most; each goes over every pair once.
const STEPS: usize = 400;
/// After so many steps without a better bound the steps are halved.
const PATIENCE: usize = 12;
/// Prices are kept to 2⁻²⁰ for the proof.
const FRACTION_BITS: u32 = 20;
/// The highest price: no cost is higher.
const MOST_PRICE: f64 = 1e12;

impl Prices {
    fn zero(field: &Field<'_>) -> Self {
        let people = field.problem.person_count();
        Self {
            time: vec![0.0; people * field.problem.windows.len()],
            place: vec![0.0; people],
        }
    }

    /// What each pair costs at these prices.
    pub(crate) fn reduced(&self, field: &Field<'_>) -> Vec<f64> {
        let priced = self.by_class(field);
        let windows = field.problem.windows.len();
        let mut reduced = Vec::with_capacity(field.pairs.len());
        for task in 0..field.len() {
            for pair in &field.pairs[field.pairs_of(task)] {
                let price = priced[pair.person * windows + field.class[task]];
                reduced.push(real(pair.cost) + real(pair.effort) * price + self.place[pair.person]);
            }
        }
        reduced
    }

    /// What a unit of effort costs, by person and by the window that a task has: the sum over all that contain it.
    fn by_class(&self, field: &Field<'_>) -> Vec<f64> {
        let windows = field.problem.windows.len();
        let mut priced = vec![0.0; self.time.len()];
        for person in 0..self.place.len() {
            let base = person * windows;
            for class in 0..windows {
                let containing = field.problem.windows.containing(class);
                priced[base + class] = containing.iter().map(|at| self.time[base + at]).sum();
            }
        }
        priced
    }
}

/// The best prices found, and the bound that they prove, without the field's base cost. `go_on` is asked before
/// every step but the first.
pub(crate) fn bound(field: &Field<'_>, mut go_on: impl FnMut() -> bool) -> (Prices, i64) {
    let mut prices = Prices::zero(field);
    let mut best = prices.clone();
    let mut best_value = f64::NEG_INFINITY;
    let mut search = Subgradient::new(field);
    let (mut scale, mut since) = (1.0, 0);
    for _ in 0..STEPS {
        let value = search.slope(field, &prices);
        if value > best_value + 1e-7 * best_value.abs() {
            since = 0;
        } else {
            since += 1;
        }
        if value > best_value {
            best_value = value;
            best = prices.clone();
        }
        if since >= PATIENCE {
            (scale, since) = (scale / 2.0, 0);
            prices = best.clone();
            search.slope(field, &prices);
        }
        if scale < 1e-4 || !search.step(&mut prices, best_value, scale) || !go_on() {
            break;
        }
    }
    let proven = exact(field, &best);
    let plain = exact(field, &Prices::zero(field));
    (best, proven.max(plain))
}

/// What a step needs, kept from one to the next.
struct Subgradient {
    /// Load beyond the room, by person and window.
    time: Vec<f64>,
    /// Tasks beyond the places, by person.
    place: Vec<f64>,
    /// The mean effort: it brings time and places to one scale.
    unit: f64,
    value: f64,
}

impl Subgradient {
    fn new(field: &Field<'_>) -> Self {
        let people = field.problem.person_count();
        let efforts: f64 = field.pairs.iter().map(|pair| real(pair.effort)).sum();
        let count = real(i64::try_from(field.pairs.len()).unwrap_or(i64::MAX));
        Self {
            time: vec![0.0; people * field.problem.windows.len()],
            place: vec![0.0; people],
            unit: (efforts / count.max(1.0)).max(1.0),
            value: 0.0,
        }
    }

    /// The value at these prices; the slope is kept.
    fn slope(&mut self, field: &Field<'_>, prices: &Prices) -> f64 {
        let problem = field.problem;
        let windows = problem.windows.len();
        let reduced = prices.reduced(field);
        for (slope, room) in self.time.iter_mut().zip(&problem.room) {
            *slope = -real(*room);
        }
        for (slope, places) in self.place.iter_mut().zip(&problem.places) {
            // Without a limit there is nothing to charge for: the price stays at nothing.
            *slope = -real(*places);
        }
        let mut value = 0.0;
        for (at, room) in problem.room.iter().enumerate() {
            value -= prices.time[at] * real(*room);
        }
        for (at, places) in problem.places.iter().enumerate() {
            value -= prices.place[at] * real(*places);
        }
        for task in 0..field.len() {
            let cheapest = field
                .pairs_of(task)
                .min_by(|one, other| reduced[*one].total_cmp(&reduced[*other]));
            let Some(pair) = cheapest else { continue };
            let penalty = field.penalty[task].map(real);
            if let Some(penalty) = penalty
                && penalty < reduced[pair]
            {
                value += penalty;
                continue;
            }
            value += reduced[pair];
            let chosen = &field.pairs[pair];
            let base = chosen.person * windows;
            for at in problem.windows.containing(field.class[task]) {
                self.time[base + at] += real(chosen.effort);
            }
            self.place[chosen.person] += 1.0;
        }
        self.value = value;
        value
    }

    /// Moves the prices along the slope; false when it is flat, and the prices are the best there are.
    fn step(&mut self, prices: &mut Prices, best: f64, scale: f64) -> bool {
        let mut square = 0.0;
        let free = |price: f64, slope: f64| price > 0.0 || slope > 0.0;
        for (price, slope) in prices.time.iter().zip(&self.time) {
            if free(*price, *slope) {
                square += (slope / self.unit).powi(2);
            }
        }
        for (price, slope) in prices.place.iter().zip(&self.place) {
            if free(*price, *slope) {
                square += slope.powi(2);
            }
        }
        if square < 1e-12 {
            return false;
        }
        // The target is a little above the best so far; the patience of the caller brings it down.
        let target = best + scale * (0.05 * best.abs()).max(1.0);
        let length = (target - self.value) / square;
        let unit = self.unit;
        for (price, slope) in prices.time.iter_mut().zip(&self.time) {
            *price = (*price + length * slope / (unit * unit)).clamp(0.0, MOST_PRICE);
        }
        for (price, slope) in prices.place.iter_mut().zip(&self.place) {
            *price = (*price + length * slope).clamp(0.0, MOST_PRICE);
        }
        true
    }
}

/// The bound that prices prove, in whole numbers: prices are cut to 20 binary places, and the rest is exact.
fn exact(field: &Field<'_>, prices: &Prices) -> i64 {
    let problem = field.problem;
    let windows = problem.windows.len();
    let time: Vec<i128> = prices.time.iter().copied().map(fixed).collect();
    let place: Vec<i128> = prices.place.iter().copied().map(fixed).collect();
    let one = 1_i128 << FRACTION_BITS;
    let mut total: i128 = 0;
    for (price, room) in time.iter().zip(&problem.room) {
        total -= price * i128::from(*room);
    }
    for (price, places) in place.iter().zip(&problem.places) {
        total -= price * i128::from(*places);
    }
    for task in 0..field.len() {
        let containing = problem.windows.containing(field.class[task]);
        let cheapest = field.pairs[field.pairs_of(task)].iter().map(|pair| {
            let base = pair.person * windows;
            let price: i128 = containing.iter().map(|at| time[base + at]).sum();
            i128::from(pair.cost) * one + i128::from(pair.effort) * price + place[pair.person]
        });
        let penalty = field.penalty[task].map(|penalty| i128::from(penalty) * one);
        total += cheapest.chain(penalty).min().unwrap_or(0);
    }
    // Costs are whole, so the next whole number is proven too.
    let rounded = total.div_euclid(one) + i128::from(total.rem_euclid(one) > 0);
    i64::try_from(rounded).unwrap_or(i64::MIN)
}

/// A price in units of 2⁻²⁰, rounded down.
#[expect(clippy::cast_possible_truncation, reason = "prices are from 0 to 10¹²")]
fn fixed(price: f64) -> i128 {
    (price.clamp(0.0, MOST_PRICE) * f64::from(1_u32 << FRACTION_BITS)) as i128
}
