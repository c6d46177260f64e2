//! What the tests of the rules begin from: a paralegal and a task that fit.

use std::collections::BTreeMap;

use caseload_domain::name::TaskName;
use caseload_domain::work::{Level, Priority, TaskKind};
use caseload_domain::zone::Zone;
use caseload_domain::{Currency, FirmId, HourlyRate, MatterId, Money, ParalegalId, TaskId};
use rust_decimal::Decimal;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::paralegal::{Paralegal, Pay, Profile, Skill};
use super::task::{RequiredSkill, Task, TaskState};

pub(crate) const HOUR: i64 = 3600;
/// A Monday.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-03-02 09:00 UTC);

pub(crate) fn dollars(amount: i64) -> Money {
    Money::new(amount * 100, Currency::USD)
}

pub(crate) fn hourly(dollars: i64) -> HourlyRate {
    HourlyRate::new(Decimal::from(dollars), Currency::USD).expect("a rate")
}

pub(crate) fn skill(area: &str, kind: Option<TaskKind>, level: i32) -> Skill {
    Skill {
        practice_area: area.to_owned(),
        kind,
        level: Level::new(level).expect("a level"),
    }
}

pub(crate) fn required(area: &str, kind: Option<TaskKind>, level: u8) -> RequiredSkill {
    RequiredSkill {
        practice_area: area.to_owned(),
        kind,
        level,
    }
}

/// Forty hours a week, five tasks, forty dollars an hour, legal research at level 3 in any area.
pub(crate) fn paralegal() -> Paralegal {
    Paralegal {
        id: ParalegalId::generate(),
        version: 1,
        active: true,
        profile: Profile {
            given_name: "Ada".to_owned(),
            family_name: "Lovelace".to_owned(),
            timekeeper_id: "AL-1".to_owned(),
            zone: Zone::utc(),
            skills: vec![skill("", Some(TaskKind::LegalResearch), 3)],
            jurisdictions: vec!["US-NY".to_owned()],
            language_codes: Vec::new(),
            certifications: Vec::new(),
            weekly_capacity: 40 * HOUR,
            task_limit: 5,
            pay: Pay {
                hourly: Some(hourly(40)),
                project: BTreeMap::new(),
            },
        },
    }
}

/// Ten hours of legal research, due in a week.
pub(crate) fn task() -> Task {
    Task {
        name: TaskName::new(FirmId::generate(), TaskId::generate()),
        version: 1,
        matter: MatterId::generate(),
        title: "Research standing".to_owned(),
        kind: TaskKind::LegalResearch,
        practice_area: "Patent Law".to_owned(),
        required_skills: vec![required("", Some(TaskKind::LegalResearch), 2)],
        effort: 10 * HOUR,
        priority: Priority::Normal,
        earliest_start: None,
        due: Some(NOW + Duration::days(7)),
        jurisdiction: String::new(),
        language_code: String::new(),
        certification: String::new(),
        priced_by_project: false,
        state: TaskState::Open,
    }
}
