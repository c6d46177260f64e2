//! Whether two names are spellings of one party's: a company's or a person's. Pure; no I/O.
//!
//! ```
//! use caseload_names::{DEFAULT_THRESHOLD, Likeness, Name, compare};
//!
//! let known = Name::of("Thornton, William J., Esq.").unwrap();
//! let found = compare(&known, &Name::of("Bill Thornton").unwrap());
//! assert!(found.score >= DEFAULT_THRESHOLD);
//! assert_eq!(found.by, Likeness::Normalised);
//!
//! let bank = Name::of("First Ashford Bancorp, Inc. /DE/").unwrap();
//! assert_eq!(bank.key(), Name::of("1ST ASHFORD BANCORP").unwrap().key());
//! assert!(compare(&bank, &Name::of("First Ashworth Bancorp").unwrap()).score < DEFAULT_THRESHOLD);
//! ```
//!
//! # How
//!
//! - A [`Name`] is read once: letters are folded (case, marks, width, invisible characters, letters of other alphabets
//!   that mimic Latin ones; Cyrillic and Greek are transliterated), legal forms, register tags ("/DE/"), courtesies and
//!   "et al." go, abbreviations are written in full and numerals in digits. "Acme, d/b/a Beta" is read for both names.
//! - Names whose [`key`](Name::key) is the same differ in nothing but spelling: 100, [`Likeness::Normalised`].
//! - Other names are [`compare`]d. People's: the words of one are laid against the other's, and each difference costs
//!   points, by what it is: a pet name (a table of groups), an initial for a name, a sound, a slip of the pen, a missing
//!   middle name; names known to be different ("Maria", "Mario"), another initial or generation cost most. Companies':
//!   what is shared and not, and how rare it is, is evidence that a logistic model weighs; its weights are constants
//!   that the example `fit` finds. Numbers keep series apart whatever the model says.
//! - Whoever has many names finds the few that are worth comparing by their [`blocks`](Name::blocks): two names that
//!   share none are hardly ever alike.
//!
//! # How well
//!
//! The examples measure: `pairs` recall and precision over a file of pairs, `blocks` candidates and time over a list.
//! [`DEFAULT_THRESHOLD`] is where about nine of ten company pairs found are right, over near names of real companies.
//! A name that was changed altogether ("Isis" to "Ionis") no spelling tells, but for the houses in the crate's table; a
//! bank and its holding ("Barclays Bank", "Barclays") are found alike, which a conflict check wants.

mod align;
mod blocks;
mod common;
mod company;
mod face;
mod fold;
mod forms;
mod houses;
mod name;
mod nicknames;
mod numerals;
mod person;
mod phonetic;
mod places;
mod score;
mod surnames;
mod word;

pub use blocks::MOST as MOST_BLOCKS;
pub use company::{Evidence, FEATURES};
pub use fold::words;
pub use name::Name;
pub use score::{DEFAULT_THRESHOLD, Likeness, Match, Score, compare};
