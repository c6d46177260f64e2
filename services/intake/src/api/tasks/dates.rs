//! When a task is due, as the contract carries it.

use caseload_proto::caseload::intake::v1;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use time::OffsetDateTime;

use crate::api::{deadlines, fields};
use crate::domain::court_deadline::{CourtDeadline, DueBy};

/// Reads when it is due, where the mask wants it: then, or, where that is left out, when the court says.
pub(super) fn due(
    violations: &mut Violations,
    given: &v1::Task,
    mask: &Mask,
) -> (Option<OffsetDateTime>, Option<DueBy>) {
    if !mask.has("due_time", given.due_time.is_some()) {
        return (None, None);
    }
    match &given.due_time {
        None => (None, Some(DueBy::CourtDeadline)),
        stamp => (
            fields::instant(violations, "task.due_time", stamp.as_ref()),
            Some(DueBy::Firm),
        ),
    }
}

/// Reads the court's deadline, where the mask wants it and there may be none.
pub(super) fn court_deadline(
    violations: &mut Violations,
    given: &v1::Task,
    mask: &Mask,
) -> Option<Option<CourtDeadline>> {
    let given = given.court_deadline.as_ref();
    mask.read_if("court_deadline", given.is_some(), || match given {
        None => Some(None),
        Some(given) => deadlines::read(violations, "task.court_deadline", given).map(Some),
    })
}
