//! Holding tasks for a conflict, and letting them go on.
//!
//! Whoever moves a task holds its row and then reads where the matter's check stands; whoever moves the check writes it
//! and then takes hold of the matter's tasks. So either the one sees the check as it is now, or the other the task.

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_events::Act;
use time::OffsetDateTime;

use super::tasks::{self, Known};
use crate::domain::conflict::{Clearance, ConflictCheck};
use crate::domain::conflict_hold::{HOLD_REASON, HoldCause};
use crate::domain::task::{Task, TaskMove, TaskState};
use crate::error::{IntakeError, Refusal};
use crate::store;

/// Makes the tasks of a matter follow its check, which is held and written: those that it stops are held, and when it
/// stops nothing, those that it held go on.
pub(crate) async fn follow(
    tx: &mut Transaction,
    act: &Act,
    check: &ConflictCheck,
) -> Result<(), IntakeError> {
    let clearance = check.clearance(act.now);
    for mut task in store::tasks::lock_of_matter(tx, check.matter_name()).await? {
        if clearance == Clearance::Free && task.hold_cause == HoldCause::Conflict {
            task.go(TaskMove::Resume, act.now)?;
            tasks::keep(tx, act, &mut task, Known::ToAll).await?;
        } else if clearance.stops(task.standing.state()) {
            // Held on the way into the store, like every task that the check stops.
            tasks::keep(tx, act, &mut task, Known::ToAll).await?;
        }
    }
    Ok(())
}

/// Puts a task that is held and about to be written on hold, where its matter's check stops it.
pub(crate) async fn hold_back(
    tx: &mut Transaction,
    task: &mut Task,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    if task.standing.state() != TaskState::OnHold {
        task.hold_reason.clear();
        task.hold_cause = HoldCause::Caller;
    }
    if is_stopped(tx, task, now).await? {
        task.go(TaskMove::Hold, now)?;
        HOLD_REASON.clone_into(&mut task.hold_reason);
        task.hold_cause = HoldCause::Conflict;
    }
    Ok(())
}

/// Takes a task that is held off hold, for whoever put it there. A conflict's hold goes with the conflict alone, and one
/// of the firm's own is not taken off into it.
pub(crate) async fn resume(
    tx: &mut Transaction,
    task: &mut Task,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    let unresolved = Err(IntakeError::Refused(Refusal::ConflictUnresolved));
    if task.hold_cause == HoldCause::Conflict {
        return unresolved;
    }
    task.go(TaskMove::Resume, now)?;
    if is_stopped(tx, task, now).await? {
        return unresolved;
    }
    Ok(())
}

async fn is_stopped(
    tx: &mut Transaction,
    task: &Task,
    now: OffsetDateTime,
) -> Result<bool, IntakeError> {
    let state = task.standing.state();
    if !Clearance::Nothing.stops(state) {
        return Ok(false);
    }
    let matter = MatterName::new(task.name.firm, task.matter);
    let check = store::conflicts::current(tx, matter).await?;
    Ok(check.is_some_and(|check| check.clearance(now).stops(state)))
}
