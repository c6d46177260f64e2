//! Templates of requests: work that a firm asks for again and again.

use std::collections::BTreeMap;

use caseload_domain::TaskId;
use caseload_domain::name::RequestTemplateName;
use time::{Duration, OffsetDateTime};

use super::court_deadline::DueBy;
use super::task::TaskPatch;
use super::words::facts;

/// A task as a template has it, its times counted from the start of the request.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    /// Known by it within the template.
    pub key: String,
    /// What is said of the task, but for its times, the court's deadline and what it waits for. Without an area of law: the matter's.
    pub said: TaskPatch,
    /// How long after the start it must be delivered.
    pub due_after: Duration,
    /// How long after the start work can begin; none for at once.
    pub earliest_start_after: Option<Duration>,
    /// The keys of what must be accepted first.
    pub depends_on: Vec<String>,
}

/// The times of a task would be beyond the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("leads to times after the year 9999")]
pub struct BeyondCalendar;

impl Blueprint {
    /// The longest time from the start.
    pub const LONGEST: Duration = Duration::days(3_660);

    /// The task that it is for a request that starts then, where the tasks of the template have these ids.
    pub fn at(
        &self,
        start: OffsetDateTime,
        ids: &BTreeMap<&str, TaskId>,
    ) -> Result<TaskPatch, BeyondCalendar> {
        let after = |span| {
            let at = start.checked_add(span);
            at.filter(|at| at.year() <= 9999).ok_or(BeyondCalendar)
        };
        Ok(TaskPatch {
            due_time: Some(after(self.due_after)?),
            due_by: Some(DueBy::Firm),
            court_deadline: Some(None),
            earliest_start_time: Some(self.earliest_start_after.map(after).transpose()?),
            depends_on: Some(
                self.depends_on
                    .iter()
                    .filter_map(|key| ids.get(key.as_str()).copied())
                    .collect(),
            ),
            ..self.said.clone()
        })
    }
}

facts! {
    /// What the firm says of a template.
    pub struct TemplateFacts / TemplatePatch {
        /// What the firm calls it.
        display_name: String,
        /// The title of the requests made from it.
        title: String,
        /// Their description.
        description: String,
        /// Who supervises them; none when said later.
        supervising_attorney_id: Option<String>,
        /// Their tasks.
        tasks: Vec<Blueprint>,
    }
}

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestTemplate {
    /// Which one.
    pub name: RequestTemplateName,
    /// What the firm says of it.
    pub facts: TemplateFacts,
    /// Changes with every change.
    pub version: i64,
    /// When it was created.
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    pub update_time: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use time::Month;

    use super::*;

    fn blueprint() -> Blueprint {
        Blueprint {
            key: "draft".to_owned(),
            said: TaskPatch::default(),
            due_after: Duration::days(14),
            earliest_start_after: Some(Duration::days(2)),
            depends_on: vec!["research".to_owned()],
        }
    }

    #[test]
    fn its_times_count_from_the_start_and_its_keys_become_ids() {
        let research = TaskId::generate();
        let ids = BTreeMap::from([("research", research), ("draft", TaskId::generate())]);
        let start = OffsetDateTime::UNIX_EPOCH;
        let task = blueprint().at(start, &ids).unwrap();
        assert_eq!(task.due_time, Some(start + Duration::days(14)));
        assert_eq!(
            task.earliest_start_time,
            Some(Some(start + Duration::days(2)))
        );
        assert_eq!(task.depends_on, Some(vec![research]));
    }

    #[test]
    fn no_task_is_due_beyond_the_calendar() {
        let last = time::Date::from_calendar_date(9999, Month::December, 31)
            .unwrap()
            .midnight()
            .assume_utc();
        let beyond = blueprint().at(last, &BTreeMap::new());
        assert_eq!(beyond, Err(BeyondCalendar));
    }
}
