//! Service levels as the contract carries them.

use caseload_domain::name::FirmName;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert::seconds;
use caseload_proto::google::r#type as common;
use caseload_proto::parse::Violations;
use time::{Date, Duration};

use crate::api::numbers;
use crate::domain::service_level::{Dimension, Period, ServiceLevel, Turnaround};

/// Reads the period.
pub(super) fn period(
    violations: &mut Violations,
    request: &v1::QueryServiceLevelsRequest,
) -> Option<Period> {
    let mut date = |field: &str, given: Option<&common::Date>| {
        let given = violations.required(field, given)?;
        violations.keep(field, Date::try_from(given))
    };
    let first = date("start_date", request.start_date.as_ref());
    let last = date("end_date", request.end_date.as_ref());
    violations.keep("end_date", Period::new(first?, last?))
}

/// Reads what is told apart.
pub(super) fn dimensions(violations: &mut Violations, given: &[i32]) -> Option<Vec<Dimension>> {
    let by: Vec<Dimension> = numbers::all(violations, "group_by", given)?;
    let twice = (1..by.len()).find(|at| by[..*at].contains(&by[*at]));
    if let Some(at) = twice {
        violations.add(format!("group_by[{at}]"), "is there twice");
        return None;
    }
    Some(by)
}

/// A year and month, with day 0.
fn month(first: Date) -> common::Date {
    common::Date {
        day: 0,
        ..common::Date::from(first)
    }
}

fn span(span: Duration) -> prost_types::Duration {
    seconds(span.whole_seconds())
}

fn turnaround(turnaround: Turnaround) -> v1::Turnaround {
    v1::Turnaround {
        count: turnaround.count,
        mean: Some(span(turnaround.mean)),
        median: Some(span(turnaround.median)),
        p90: Some(span(turnaround.p90)),
    }
}

/// The figures of a group as they are answered.
pub(super) fn answer(level: &ServiceLevel, by_month: bool) -> v1::ServiceLevel {
    let backlog = v1::Backlog {
        open_count: level.backlog.open,
        overdue_count: level.backlog.overdue,
    };
    v1::ServiceLevel {
        firm: level
            .firm
            .map(|firm| FirmName(firm).to_string())
            .unwrap_or_default(),
        month: level.month.map(month),
        kind: level
            .kind
            .map_or(types::TaskKind::Unspecified, Into::into)
            .into(),
        practice_area: level
            .practice_area
            .map(|area| area.name().to_owned())
            .unwrap_or_default(),
        accepted_count: level.accepted,
        accepted_at_first_count: level.accepted_at_first,
        delivered_count: level.delivered,
        on_time_count: level.on_time,
        on_time_permille: level.on_time_permille(),
        mean_lateness: level.mean_lateness.map(span),
        turnaround: level.turnaround.map(turnaround),
        backlog: (!by_month).then_some(backlog),
    }
}
