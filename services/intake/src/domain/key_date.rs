//! The dates that matter in a matter, as the firm's own system or its docket says them.

use caseload_domain::zone::Zone;
use time::{Date, Time};

use super::words::words;

/// A date of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDate {
    /// Chosen by the firm.
    pub key_date_id: String,
    /// What happens on it.
    pub kind: KeyDateKind,
    /// The same in one line.
    pub title: String,
    /// The day, where it happens.
    pub date: Date,
    /// When on that day; none for the whole of it.
    pub time: Option<WallTime>,
    /// What else is to be known of it.
    pub note: String,
    /// Where it comes from: an order, a rule, an agreement.
    pub source: String,
}

/// What a clock on the wall shows, and where the wall is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WallTime {
    /// To the minute.
    pub time: Time,
    /// Where.
    pub zone: Zone,
}

words! {
    /// What happens on a date.
    pub enum KeyDateKind {
        /// Something is filed by then.
        Filing = "filing",
        /// A court or another forum hears.
        Hearing = "hearing",
        /// A witness is examined out of court.
        Deposition = "deposition",
        /// A mediation or another talk of settlement.
        Mediation = "mediation",
        /// A trial begins.
        Trial = "trial",
        /// Discovery ends.
        DiscoveryCutoff = "discovery_cutoff",
        /// A claim can't be brought any more (statute of limitations).
        Limitation = "limitation",
        /// A transaction is closed.
        Closing = "closing",
        /// Anything else.
        Other = "other",
    }
}

/// Puts dates in their order: by day, what has no time of day first, then by what the clock shows, then by id.
pub fn in_order(dates: &mut [KeyDate]) {
    dates.sort_by(|one, other| {
        let key = |date: &KeyDate| (date.date, date.time.as_ref().map(|wall| wall.time));
        key(one)
            .cmp(&key(other))
            .then_with(|| one.key_date_id.cmp(&other.key_date_id))
    });
}

#[cfg(test)]
mod tests {
    use time::macros::{date, time};

    use super::*;

    fn on(id: &str, date: Date, time: Option<Time>) -> KeyDate {
        KeyDate {
            key_date_id: id.to_owned(),
            kind: KeyDateKind::Hearing,
            title: "Hearing".to_owned(),
            date,
            time: time.map(|time| WallTime {
                time,
                zone: Zone::utc(),
            }),
            note: String::new(),
            source: String::new(),
        }
    }

    #[test]
    fn dates_are_in_the_order_in_which_they_come() {
        let mut dates = [
            on("e", date!(2026 - 03 - 02), None),
            on("d", date!(2026 - 03 - 01), Some(time!(14:00))),
            on("c", date!(2026 - 03 - 01), Some(time!(9:30))),
            on("b", date!(2026 - 03 - 01), None),
            on("a", date!(2026 - 03 - 01), Some(time!(14:00))),
        ];
        in_order(&mut dates);
        let ids: Vec<_> = dates.iter().map(|date| date.key_date_id.as_str()).collect();
        assert_eq!(ids, ["b", "c", "a", "d", "e"]);
    }
}
