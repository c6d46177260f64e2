//! What the operator decides: `[intake]` of the configuration.

pub mod documents;

use std::time::Duration;

use caseload_names::{DEFAULT_THRESHOLD, Score};
use caseload_runtime::{Config, ConfigError};
use serde::Deserialize;

pub use self::documents::DocumentsConfig;

/// `[intake]`. A key in it that nothing reads is an error.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IntakeConfig {
    /// How long before its due time a task is due soon.
    pub due_soon_hours: u32,
    /// How often tasks that are due soon or overdue are looked for.
    pub due_interval_ms: u64,
    /// How alike two names must be to collide: 1 (hardly) to 100 (spellings of one name alone). It holds for checks made
    /// from then on.
    pub conflict_threshold: u8,
    /// How often waivers that have ended are looked for, and names that an older matcher wrote.
    pub conflict_sweep_interval_ms: u64,
    /// Where documents are kept, and how much: `[intake.documents]`.
    pub documents: DocumentsConfig,
}

impl Default for IntakeConfig {
    fn default() -> Self {
        Self {
            due_soon_hours: 24,
            due_interval_ms: 10_000,
            conflict_threshold: DEFAULT_THRESHOLD.get(),
            conflict_sweep_interval_ms: 5_000,
            documents: DocumentsConfig::default(),
        }
    }
}

/// Whether what is configured can be used where the process runs; everything that is wrong is told.
pub fn check(config: &Config<IntakeConfig>) -> Result<(), ConfigError> {
    let own = &config.service;
    let mut problems = own.documents.problems(config.environment);
    let others = [
        own.due_soon().err(),
        own.due_interval().err(),
        own.threshold().err(),
        own.conflict_sweep_interval().err(),
    ];
    problems.extend(others.into_iter().flatten().map(|why| why.to_string()));
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ConfigError { problems })
    }
}

/// A value of `[intake]` can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("intake.{key} {why}")]
pub struct InvalidConfig {
    /// The key.
    pub key: &'static str,
    /// Why.
    pub why: &'static str,
}

impl IntakeConfig {
    /// How long before its due time a task is due soon: 1 hour to 30 days.
    pub fn due_soon(&self) -> Result<time::Duration, InvalidConfig> {
        if (1..=720).contains(&self.due_soon_hours) {
            return Ok(time::Duration::hours(i64::from(self.due_soon_hours)));
        }
        Err(InvalidConfig {
            key: "due_soon_hours",
            why: "must be from 1 to 720",
        })
    }

    /// How often tasks that are due soon or overdue are looked for.
    pub fn due_interval(&self) -> Result<Duration, InvalidConfig> {
        if self.due_interval_ms == 0 {
            return Err(InvalidConfig {
                key: "due_interval_ms",
                why: "must be over 0",
            });
        }
        Ok(Duration::from_millis(self.due_interval_ms))
    }

    /// How alike two names must be to collide.
    pub fn threshold(&self) -> Result<Score, InvalidConfig> {
        Score::new(self.conflict_threshold)
            .filter(|score| score.get() > 0)
            .ok_or(InvalidConfig {
                key: "conflict_threshold",
                why: "must be from 1 to 100",
            })
    }

    /// How often what conflict checks leave to time is looked after.
    pub fn conflict_sweep_interval(&self) -> Result<Duration, InvalidConfig> {
        if self.conflict_sweep_interval_ms == 0 {
            return Err(InvalidConfig {
                key: "conflict_sweep_interval_ms",
                why: "must be over 0",
            });
        }
        Ok(Duration::from_millis(self.conflict_sweep_interval_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_due_soon_an_hour_to_thirty_days_before() {
        for (hours, fits) in [(0, false), (1, true), (720, true), (721, false)] {
            let config = IntakeConfig {
                due_soon_hours: hours,
                ..IntakeConfig::default()
            };
            assert_eq!(config.due_soon().is_ok(), fits, "{hours}");
        }
        let hurried = IntakeConfig {
            due_interval_ms: 0,
            ..IntakeConfig::default()
        };
        let refused = hurried.due_interval().unwrap_err();
        assert_eq!(refused.to_string(), "intake.due_interval_ms must be over 0");
    }

    #[test]
    fn a_threshold_is_at_most_a_hundred_and_an_interval_is_some_time() {
        assert_eq!(IntakeConfig::default().threshold(), Ok(DEFAULT_THRESHOLD));
        let wrong = IntakeConfig {
            conflict_threshold: 101,
            conflict_sweep_interval_ms: 0,
            ..IntakeConfig::default()
        };
        assert_eq!(
            wrong.threshold().unwrap_err().to_string(),
            "intake.conflict_threshold must be from 1 to 100"
        );
        assert!(wrong.conflict_sweep_interval().is_err());
    }
}
