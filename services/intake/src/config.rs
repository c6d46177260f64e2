//! What the operator decides: `[intake]` of the configuration.

use std::time::Duration;

use serde::Deserialize;

/// `[intake]`. A key in it that nothing reads is an error.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IntakeConfig {
    /// How long before its due time a task is due soon.
    pub due_soon_hours: u32,
    /// How often tasks that are due soon or overdue are looked for.
    pub due_interval_ms: u64,
}

impl Default for IntakeConfig {
    fn default() -> Self {
        Self {
            due_soon_hours: 24,
            due_interval_ms: 10_000,
        }
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
}
