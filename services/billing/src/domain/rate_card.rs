//! What a firm pays by the hour, and which entry of which card decides.

use caseload_domain::work::{Level, TaskKind};
use caseload_domain::{Currency, HourlyRate, RateCardId};
use time::Date;

/// A firm's rates from one day on. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateCard {
    /// Which one.
    pub id: RateCardId,
    /// What it goes by.
    pub display_name: String,
    /// The first day of work that it covers.
    pub start: Date,
    /// The last; none: no end.
    pub end: Option<Date>,
    /// The currency of every rate.
    pub currency: Currency,
    /// The rates, in their order.
    pub entries: Vec<Entry>,
}

/// One rate, and the work that it is for. None: any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The kind of task.
    pub kind: Option<TaskKind>,
    /// The practice area.
    pub practice_area: Option<String>,
    /// The paralegal's level.
    pub level: Option<Level>,
    /// The rate.
    pub rate: HourlyRate,
}

/// A piece of work that a rate is wanted for.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// The kind of task.
    pub kind: TaskKind,
    /// The practice area.
    pub practice_area: &'a str,
    /// The paralegal's level; none when they have no skill on record.
    pub level: Option<Level>,
}

impl Entry {
    /// How specific the entry is: kind 4, practice area 2, level 1. `None` when it does not fit the work. Two entries of
    /// a card that fit the same work never score the same, since no two entries are for the same.
    pub fn score(&self, work: Work<'_>) -> Option<u8> {
        let part = |names: bool, fits: bool, weight: u8| match (names, fits) {
            (false, _) => Some(0),
            (true, true) => Some(weight),
            (true, false) => None,
        };
        let kind = part(self.kind.is_some(), self.kind == Some(work.kind), 4)?;
        let area = self.practice_area.as_deref();
        let area = part(area.is_some(), area == Some(work.practice_area), 2)?;
        let level = part(self.level.is_some(), self.level == work.level, 1)?;
        Some(kind + area + level)
    }

    /// What the entry is for, in words: "legal research and analysis, Patent Law, level 4".
    pub fn describe(&self) -> String {
        let mut parts = Vec::new();
        if let Some(kind) = self.kind {
            parts.push(kind.title().to_lowercase());
        }
        if let Some(area) = &self.practice_area {
            parts.push(area.clone());
        }
        if let Some(level) = self.level {
            parts.push(format!("level {}", level.get()));
        }
        if parts.is_empty() {
            "default rate".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

impl RateCard {
    /// Whether the card covers a day.
    pub fn covers(&self, day: Date) -> bool {
        self.start <= day && self.end.is_none_or(|end| day <= end)
    }

    /// The most specific entry that fits the work, and its place, the first being 1.
    pub fn entry_for(&self, work: Work<'_>) -> Option<(i32, &Entry)> {
        (1..)
            .zip(&self.entries)
            .filter_map(|(place, entry)| Some((entry.score(work)?, place, entry)))
            .max_by_key(|(score, _, _)| *score)
            .map(|(_, place, entry)| (place, entry))
    }
}

/// The card that covers a day: of those that do, the one that starts last.
pub fn covering(cards: &[RateCard], day: Date) -> Option<&RateCard> {
    cards
        .iter()
        .filter(|card| card.covers(day))
        .max_by_key(|card| card.start)
}

/// The places of entries, the first being 0, that are for the same work as an earlier one.
pub fn repeated(entries: &[Entry]) -> Vec<usize> {
    let works = |entry: &Entry| (entry.kind, entry.practice_area.clone(), entry.level);
    let mut seen = std::collections::HashSet::new();
    (0..)
        .zip(entries)
        .filter(|(_, entry)| !seen.insert(works(entry)))
        .map(|(place, _)| place)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    fn entry(kind: Option<TaskKind>, area: Option<&str>, level: Option<i32>, rate: i64) -> Entry {
        Entry {
            kind,
            practice_area: area.map(str::to_owned),
            level: level.map(|level| Level::new(level).unwrap()),
            rate: HourlyRate::new(rate.into(), Currency::USD).unwrap(),
        }
    }

    fn card(start: Date, end: Option<Date>, entries: Vec<Entry>) -> RateCard {
        RateCard {
            id: RateCardId::generate(),
            display_name: "Standard".to_owned(),
            start,
            end,
            currency: Currency::USD,
            entries,
        }
    }

    fn work(area: &str, level: i32) -> Work<'_> {
        Work {
            kind: TaskKind::LegalResearch,
            practice_area: area,
            level: Level::new(level).ok(),
        }
    }

    #[test]
    fn the_kind_weighs_more_than_area_and_level_and_the_area_more_than_the_level() {
        let research = Some(TaskKind::LegalResearch);
        let card = card(
            date!(2026 - 01 - 01),
            None,
            vec![
                entry(None, None, None, 90),
                entry(None, None, Some(4), 95),
                entry(None, Some("Patent Law"), None, 100),
                entry(None, Some("Patent Law"), Some(4), 105),
                entry(research, None, None, 110),
                entry(research, None, Some(4), 115),
                entry(research, Some("Tax Law"), Some(4), 120),
            ],
        );
        let rate = |work| card.entry_for(work).map(|(place, _)| place);
        assert_eq!(rate(work("Patent Law", 4)), Some(6));
        assert_eq!(rate(work("Patent Law", 3)), Some(5));
        assert_eq!(rate(work("Tax Law", 4)), Some(7));
        let filing = |area, level| Work {
            kind: TaskKind::Filing,
            ..work(area, level)
        };
        assert_eq!(rate(filing("Patent Law", 4)), Some(4));
        assert_eq!(rate(filing("Patent Law", 1)), Some(3));
        assert_eq!(rate(filing("Family Law", 4)), Some(2));
        assert_eq!(rate(filing("Family Law", 1)), Some(1));
        // Who has no level is paid for by the entries that name none.
        assert_eq!(rate(filing("Patent Law", 0)), Some(3));
    }

    #[test]
    fn work_that_no_entry_fits_has_no_rate() {
        let card = card(
            date!(2026 - 01 - 01),
            None,
            vec![entry(Some(TaskKind::Filing), None, None, 80)],
        );
        assert_eq!(card.entry_for(work("Tax Law", 3)), None);
    }

    #[test]
    fn a_day_is_covered_by_the_card_that_starts_last_of_those_that_hold_it() {
        let old = card(date!(2024 - 01 - 01), None, vec![]);
        let leap = card(date!(2024 - 02 - 29), Some(date!(2024 - 02 - 29)), vec![]);
        let new = card(date!(2026 - 01 - 01), None, vec![]);
        let cards = [new.clone(), old.clone(), leap.clone()];
        let on = |day| covering(&cards, day).map(|card| card.id);
        assert_eq!(on(date!(2023 - 12 - 31)), None);
        assert_eq!(on(date!(2024 - 01 - 01)), Some(old.id));
        assert_eq!(on(date!(2024 - 02 - 28)), Some(old.id));
        assert_eq!(on(date!(2024 - 02 - 29)), Some(leap.id));
        assert_eq!(on(date!(2024 - 03 - 01)), Some(old.id));
        assert_eq!(on(date!(2025 - 12 - 31)), Some(old.id));
        assert_eq!(on(date!(2026 - 01 - 01)), Some(new.id));
    }

    #[test]
    fn entries_for_the_same_work_are_found() {
        let filing = Some(TaskKind::Filing);
        let entries = [
            entry(filing, None, None, 80),
            entry(None, None, None, 90),
            entry(filing, None, None, 85),
            entry(filing, None, Some(1), 85),
            entry(None, None, None, 91),
        ];
        assert_eq!(repeated(&entries), [2, 4]);
    }

    proptest! {
        #[test]
        fn no_two_entries_of_a_card_tie(
            shapes in prop::collection::hash_set((any::<bool>(), any::<bool>(), any::<bool>()), 1..8),
        ) {
            let entries: Vec<_> = shapes
                .iter()
                .map(|(kind, area, level)| {
                    entry(kind.then_some(TaskKind::LegalResearch), area.then_some("Tax Law"), level.then_some(4), 90)
                })
                .collect();
            let scores: std::collections::HashSet<_> =
                entries.iter().map(|entry| entry.score(work("Tax Law", 4)).unwrap()).collect();
            prop_assert_eq!(scores.len(), entries.len());
        }
    }
}
