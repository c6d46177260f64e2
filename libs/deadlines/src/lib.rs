//! Court deadlines by Rule 6 of the Federal Rules of Civil Procedure, as amended to December 1, 2023.
//!
//! A [`Question`] says what triggered a period, how long it is, which way it is counted, and what the court is like;
//! [`Question::answer`] is the [`Deadline`]: a day, an instant, and every step that led there with the part of the
//! rule that it rests on. Pure: no clock, no I/O. Nothing here is advice: a statute, a local rule or an order of the
//! court may set another method or another time, and goes before Rule 6(a).
//!
//! ```
//! use caseload_deadlines::{Direction, Filing, Period, Question, Trigger, Unit};
//! use time::macros::{date, datetime};
//!
//! // Served on June 12, 2026; an answer is due within 21 days (Rule 12(a)(1)(A)(i)). The 21st day is Friday, July 3,
//! // on which Independence Day is observed; July 4 and 5 are a weekend.
//! let question = Question {
//!     trigger: Trigger::Day(date!(2026-06-12)),
//!     period: Period::new(21, Unit::Days, Direction::After)?,
//!     service: None,
//!     zone: "America/New_York".parse()?,
//!     filing: Filing::Electronic,
//!     calendar: Default::default(),
//!     inaccessible: Default::default(),
//! };
//! let deadline = question.answer()?;
//! assert_eq!(deadline.day, date!(2026-07-06));
//! assert_eq!(deadline.time, datetime!(2026-07-07 04:00 UTC), "midnight in New York");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Layout
//! - [`holiday`]: the eleven holidays of Rule 6(a)(6)(A), and the days on which they are observed
//! - [`calendar`]: the days on which no period ends
//! - [`period`]: how long, in which unit, which way
//! - [`question`]: all that a deadline depends on
//! - [`deadline`]: the rule itself
//! - [`step`]: what is told of each step
//!
//! The closed words (units, directions and so on) are serialised by serde in snake case.

pub mod calendar;
pub mod deadline;
pub mod holiday;
pub mod period;
pub mod question;
pub mod step;

pub use calendar::{Authority, Calendar, Closed, Declared, SaturdayHolidays};
pub use deadline::{Deadline, Impossible};
pub use holiday::Holiday;
pub use period::{Direction, InvalidPeriod, Period, Unit};
pub use question::{EARLIEST, Filing, LATEST, Question, Service, Trigger};
pub use step::Step;
