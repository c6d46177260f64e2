//! All that a deadline depends on.

use std::collections::BTreeSet;

use caseload_domain::zone::Zone;
use serde::{Deserialize, Serialize};
use time::macros::date;
use time::{Date, OffsetDateTime, Time};

use crate::calendar::Calendar;
use crate::period::Period;

/// The earliest day of an event. The rule reads as it does since December 1, 2009; for earlier events this is what it
/// would give had it read so then, as the committee's own examples of 2007 do.
pub const EARLIEST: Date = date!(2000 - 01 - 01);
/// The latest day of an event.
pub const LATEST: Date = date!(2199 - 12 - 31);

/// The event that a period is counted from, or toward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A day.
    Day(Date),
    /// An instant; its day is that of the court's time zone.
    Instant(OffsetDateTime),
}

/// How the paper that the period runs from was served (Rule 5(b)(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Handed over, or left at an office or dwelling: (A) and (B).
    InHand,
    /// Mailed to the last known address: (C).
    Mail,
    /// Left with the clerk, for a person with no known address: (D).
    LeftWithClerk,
    /// Sent through the court's filing system or by other electronic means: (E).
    Electronic,
    /// By other means that the person consented to in writing: (F).
    OtherConsented,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::InHand,
        Self::Mail,
        Self::LeftWithClerk,
        Self::Electronic,
        Self::OtherConsented,
    ];

    /// The days that Rule 6(d) adds. None are added for electronic service since December 1, 2016.
    pub const fn added_days(self) -> u8 {
        match self {
            Self::InHand | Self::Electronic => 0,
            Self::Mail | Self::LeftWithClerk | Self::OtherConsented => 3,
        }
    }

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::InHand => "in hand (Rule 5(b)(2)(A) and (B))",
            Self::Mail => "by mail (Rule 5(b)(2)(C))",
            Self::LeftWithClerk => "by leaving it with the clerk (Rule 5(b)(2)(D))",
            Self::Electronic => "by electronic means (Rule 5(b)(2)(E))",
            Self::OtherConsented => "by other means consented to (Rule 5(b)(2)(F))",
        }
    }
}

/// How the paper is filed, which decides when the last day ends (Rule 6(a)(4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filing {
    /// Electronically: the day ends at midnight in the court's time zone.
    Electronic,
    /// By other means: it ends when the clerk's office is scheduled to close, by the court's clock.
    AtOffice {
        /// When that is.
        closes: Time,
    },
}

/// All that a deadline depends on; [`Question::answer`] is the deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The event.
    pub trigger: Trigger,
    /// How long after it, or before.
    pub period: Period,
    /// How the paper that it runs from was served. None: the period does not run from service.
    pub service: Option<Service>,
    /// Where the court is.
    pub zone: Zone,
    /// How the paper is filed.
    pub filing: Filing,
    /// The days on which no period ends.
    pub calendar: Calendar,
    /// Days on which the clerk's office is inaccessible; for periods in hours, during the last hour.
    pub inaccessible: BTreeSet<Date>,
}
