//! Who the paralegals are, what they can do, and what they are paid.

use std::collections::BTreeMap;

use caseload_domain::work::{Level, TaskKind};
use caseload_domain::{Currency, HourlyRate, Money, ParalegalId, zone::Zone};

use super::task::{RequiredSkill, Task};

/// A paralegal on the roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Paralegal {
    /// Which one.
    pub id: ParalegalId,
    /// Grows with every change.
    pub version: i64,
    /// Whether they take work.
    pub active: bool,
    /// What is known of them.
    pub profile: Profile,
}

/// What is known of a paralegal, and can be changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The identifier on invoices.
    pub timekeeper_id: String,
    /// Where they work.
    pub zone: Zone,
    /// What they can do; no two of the same area and kind.
    pub skills: Vec<Skill>,
    /// The jurisdictions whose law they work in.
    pub jurisdictions: Vec<String>,
    /// The languages they work in. Empty: English.
    pub language_codes: Vec<String>,
    /// The certifications they hold.
    pub certifications: Vec<String>,
    /// How much they work in a week, in seconds.
    pub weekly_capacity: i64,
    /// The most tasks at once.
    pub task_limit: u32,
    /// What they are paid.
    pub pay: Pay,
}

/// What a paralegal can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// Empty: any area.
    pub practice_area: String,
    /// None: any kind.
    pub kind: Option<TaskKind>,
    /// How well.
    pub level: Level,
}

/// What a paralegal is paid: by the hour, by the project, or either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pay {
    /// For an hour of approved time.
    pub hourly: Option<HourlyRate>,
    /// For a project of a kind.
    pub project: BTreeMap<TaskKind, Money>,
}

/// What a paralegal is paid for one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayTerms {
    /// By the hour of approved time.
    Hourly(HourlyRate),
    /// By the project, when the delivery is accepted.
    Project(Money),
}

impl PayTerms {
    /// The currency that is paid in.
    pub const fn currency(self) -> Currency {
        match self {
            Self::Hourly(rate) => rate.currency(),
            Self::Project(fee) => fee.currency,
        }
    }
}

impl Profile {
    /// The given and the family name.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// The highest level of any skill.
    pub fn highest_level(&self) -> i32 {
        self.skills
            .iter()
            .map(|skill| i32::from(skill.level.get()))
            .max()
            .unwrap_or(0)
    }

    /// The highest level at which they have what is required. None: they don't have it at all.
    pub fn level_at(&self, required: &RequiredSkill) -> Option<u8> {
        self.skills
            .iter()
            .filter(|skill| skill.covers(required))
            .map(|skill| skill.level.get())
            .max()
    }

    /// The level at which they would do a task: that of their best skill in its area and kind, or in its kind alone;
    /// 1 when they have none.
    pub fn level_for(&self, task: &Task) -> u8 {
        let level = |practice_area: &str| {
            self.level_at(&RequiredSkill {
                practice_area: practice_area.to_owned(),
                kind: Some(task.kind),
                level: 1,
            })
        };
        level(&task.practice_area)
            .or_else(|| level(""))
            .unwrap_or(1)
    }
}

impl Skill {
    /// Whether it is of the area and the kind that are required; either may be left open on either side.
    fn covers(&self, required: &RequiredSkill) -> bool {
        let area = self.practice_area.is_empty()
            || required.practice_area.is_empty()
            || self.practice_area == required.practice_area;
        let kind = self.kind.is_none() || required.kind.is_none() || self.kind == required.kind;
        area && kind
    }
}

impl Pay {
    /// What a task is paid: by the project when the firm pays so and there is a fee for the kind, or when there is no
    /// hourly rate; by the hour otherwise. None: neither is agreed.
    pub fn terms(&self, kind: TaskKind, priced_by_project: bool) -> Option<PayTerms> {
        let hourly = self.hourly.map(PayTerms::Hourly);
        let project = self.project.get(&kind).copied().map(PayTerms::Project);
        if priced_by_project {
            project.or(hourly)
        } else {
            hourly.or(project)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{dollars, hourly, paralegal, skill, task};
    use super::*;

    #[test]
    fn a_project_is_paid_by_the_project_and_an_hour_by_the_hour_where_both_are_agreed() {
        let kind = TaskKind::Filing;
        let both = Pay {
            hourly: Some(hourly(40)),
            project: BTreeMap::from([(kind, dollars(300))]),
        };
        assert_eq!(
            both.terms(kind, true),
            Some(PayTerms::Project(dollars(300)))
        );
        assert_eq!(both.terms(kind, false), Some(PayTerms::Hourly(hourly(40))));
        let other = TaskKind::LegalResearch;
        assert_eq!(both.terms(other, true), Some(PayTerms::Hourly(hourly(40))));
    }

    #[test]
    fn who_has_but_one_kind_of_pay_is_paid_so_and_who_has_none_is_not() {
        let kind = TaskKind::Filing;
        let project = Pay {
            hourly: None,
            project: BTreeMap::from([(kind, dollars(300))]),
        };
        assert_eq!(
            project.terms(kind, false),
            Some(PayTerms::Project(dollars(300)))
        );
        assert_eq!(project.terms(TaskKind::LegalResearch, false), None);
    }

    #[test]
    fn the_level_for_a_task_is_the_best_in_its_area_and_kind_or_in_its_kind_or_the_first() {
        let mut who = paralegal();
        let mut work = task();
        work.kind = TaskKind::Filing;
        work.practice_area = "Tax Law".to_owned();
        who.profile.skills = vec![
            skill("Tax Law", Some(TaskKind::Filing), 2),
            skill("", Some(TaskKind::Filing), 3),
            skill("Patent Law", Some(TaskKind::Filing), 5),
        ];
        assert_eq!(who.profile.level_for(&work), 3);
        who.profile.skills.truncate(0);
        who.profile
            .skills
            .push(skill("Patent Law", Some(TaskKind::Filing), 5));
        assert_eq!(who.profile.level_for(&work), 5);
        who.profile.skills[0].kind = Some(TaskKind::LegalResearch);
        assert_eq!(who.profile.level_for(&work), 1);
    }
}
