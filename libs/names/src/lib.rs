//! Whether two names are spellings of one party's: a company's or a person's. Pure; no I/O.
//!
//! A [`Name`] is read once. Names whose [`key`](Name::key) is the same differ in nothing but spelling; the others are
//! compared with [`compare`], which answers a [`Score`]. Whoever has many names finds the few that are worth comparing
//! by their [`blocks`](Name::blocks): two names that share none are not alike.

mod name;
mod score;

pub use name::{Name, words};
pub use score::{DEFAULT_THRESHOLD, Likeness, Match, Score, compare};
