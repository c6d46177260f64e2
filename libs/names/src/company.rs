//! How alike two companies' names are: evidence, weighed.
//!
//! The words of one name are laid against those of the other (`Alignment`); what they share, what they do not and how
//! telling it is makes the [`Evidence`]; a logistic model weighs it. The weights are constants below; the example
//! `fit` finds them.

use crate::face::Face;
use crate::score::Likeness;
use crate::{Name, align::Alignment, score};

/// The evidence for and against two names being one company's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence(pub [f32; FEATURES.len()]);

/// What the evidence is made of, in the order of [`Evidence`].
pub const FEATURES: [&str; 45] = [
    "always",
    "rare words the same",
    "middling words the same",
    "common words the same",
    "rare words nearly the same",
    "other words nearly the same",
    "weight shared of both",
    "weight shared of the lighter",
    "rare words against rare words",
    "rare words against others",
    "rare words on one side",
    "middling words against middling",
    "middling words on one side",
    "common words against common",
    "common words on one side",
    "first word the same, rare",
    "first word the same, middling",
    "first words nearly the same",
    "first words differ",
    "last words shared",
    "letters that differ in shared words",
    "numbers differ",
    "number on one side",
    "years differ",
    "shared words in the same order",
    "trigrams shared",
    "one name, run together",
    "legal forms differ",
    "legal form on one side",
    "acronym",
    "renamed house",
    "first words differ and begin alike",
    "longest run of shared words",
    "both funds",
    "both funds, first words differ",
    "all words of one in the other",
    "one word in the other",
    "places against places",
    "places on one side",
    "both funds, words on one side",
    "both funds, words against words",
    "number on one side, no funds",
    "all of one at the other's beginning",
    "places on one side, both funds",
    "words that a slip explains",
];

/// What each piece of evidence weighs; found by the example `fit`.
const WEIGHTS: [f32; FEATURES.len()] = include!("weights.in");

/// The log-odds at which a match is as good as [`DEFAULT_THRESHOLD`](crate::DEFAULT_THRESHOLD) asks.
const AT_THRESHOLD: f32 = -0.3;

impl Evidence {
    /// The evidence on the first of the names that each party goes by.
    pub fn of(one: &Name, other: &Name) -> Option<Self> {
        let (one, other) = (one.faces().first()?, other.faces().first()?);
        Some(Self::between(one, other, &Alignment::of(one, other)))
    }

    fn between(one: &Face, other: &Face, alignment: &Alignment) -> Self {
        let a = alignment;
        let count = |count: usize| f32::from(u8::try_from(count).unwrap_or(u8::MAX));
        let flag = |flag: bool| f32::from(u8::from(flag));
        let heads = a.head_differs;
        let lighter = one.weight.min(other.weight).max(0.01);
        let both = (one.weight + other.weight).max(0.01);
        let both_funds = one.fund && other.fund;
        let [left_a, left_b] = a
            .left
            .map(|bands| bands.map(|count| f32::from(count.min(4))));
        let against = |band: usize| left_a[band].min(left_b[band]);
        let beside = |band: usize| (left_a[band] - left_b[band]).abs();
        let any_a: f32 = left_a.iter().sum();
        let any_b: f32 = left_b.iter().sum();
        let contained =
            one.words.len().min(other.words.len()) > 0 && a.words_left[0].min(a.words_left[1]) == 0;
        let single = contained && one.words.len().min(other.words.len()) == 1;
        let head_band = one
            .words
            .first()
            .zip(other.words.first())
            .map_or(2, |(one, other)| one.band().min(other.band()));
        let saturated = |sum: f32| sum / (0.7 + sum);
        Self([
            1.0,
            saturated(a.same[0]),
            saturated(a.same[1]),
            saturated(a.same[2]),
            a.near[0],
            a.near[1] + a.near[2],
            2.0 * a.shared / both,
            (a.shared / lighter).min(1.0),
            against(0),
            (left_a[0] - left_a[0].min(left_b[0])).min(any_b - left_b[0])
                + (left_b[0] - left_b[0].min(left_a[0])).min(any_a - left_a[0]),
            beside(0),
            against(1),
            beside(1),
            against(2),
            beside(2),
            flag(a.head_close > 0.96 && head_band == 0),
            flag(a.head_close > 0.96 && head_band == 1),
            if a.head_close > 0.96 {
                0.0
            } else {
                a.head_close
            },
            flag(heads),
            flag(a.tail_shared),
            a.letters_lost,
            flag(a.numbers_differ),
            flag(a.number_on_one_side),
            flag(a.years_left[0].min(a.years_left[1]) > 0),
            a.in_order,
            a.trigrams,
            flag(a.together),
            flag(one.form.is_some() && other.form.is_some() && one.form != other.form),
            flag(one.form.is_some() != other.form.is_some()),
            flag(a.acronym),
            flag(a.house),
            flag(a.heads_begin_alike),
            count(a.longest_run.min(6)) / 6.0,
            flag(both_funds),
            flag(both_funds && heads),
            flag(contained),
            flag(single),
            f32::from(a.places_left[0].min(a.places_left[1])),
            f32::from(a.places_left[0].abs_diff(a.places_left[1])),
            if both_funds {
                (any_a - any_b).abs()
            } else {
                0.0
            },
            if both_funds { any_a.min(any_b) } else { 0.0 },
            flag(a.number_on_one_side && !both_funds),
            flag(contained && a.head_close > 0.96),
            if both_funds {
                f32::from(a.places_left[0].abs_diff(a.places_left[1]))
            } else {
                0.0
            },
            f32::from(a.slips.min(2)),
        ])
    }

    /// The log-odds that the names are one company's.
    pub fn log_odds(&self) -> f32 {
        self.0
            .iter()
            .zip(WEIGHTS)
            .map(|(value, weight)| value * weight)
            .sum()
    }
}

/// How alike two companies' names are, in points, and what it comes from.
pub(crate) fn compare(one: &Face, other: &Face) -> (f32, Likeness) {
    let alignment = Alignment::of(one, other);
    let odds = Evidence::between(one, other, &alignment).log_odds() - AT_THRESHOLD;
    // Numbers tell a house's funds and series apart, whatever else they share.
    let most =
        if alignment.numbers_differ || alignment.years_left[0].min(alignment.years_left[1]) > 0 {
            40.0
        } else if alignment.number_on_one_side {
            50.0
        } else {
            99.0
        };
    (score::points(odds).min(most), alignment.by)
}
