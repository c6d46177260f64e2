//! Changes to drafts and rejected entries.

use caseload_database::{Transaction, etag};
use caseload_domain::name::{TaskName, TimeEntryName};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::FutureExt as _;
use tonic::{Request, Status};

use super::flow::{Timekeeping, sees};
use super::time_entries::one;
use super::{answer, audit, parse};
use crate::domain::description::{MOST_NARRATIVE, MOST_REASON};
use crate::domain::entry::Entry;
use crate::domain::refusal::Refusal;
use crate::domain::revision::Revision;
use crate::domain::state::Step;
use crate::error::Error;
use crate::store::{entries, known};

/// What an update can change.
const UPDATABLE: [&str; 9] = [
    "task",
    "start_time",
    "end_time",
    "worked",
    "narrative",
    "utbms_task_code",
    "utbms_activity_code",
    "non_billable",
    "non_billable_reason",
];

impl Timekeeping {
    pub(super) async fn revise(
        &self,
        request: Request<contract::UpdateTimeEntryRequest>,
    ) -> Result<contract::TimeEntry, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeEntryService/UpdateTimeEntry",
        )?;
        let act = self.act(&call);
        let latest = self.latest(act.now);
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let given = violations
            .required("time_entry", request.time_entry.as_ref())
            .cloned();
        let parsed = given.as_ref().and_then(|given| {
            let name: Option<TimeEntryName> =
                parse::name(&mut violations, "time_entry.name", &given.name);
            let mask = request.update_mask.as_ref();
            let mask = Mask::read(&mut violations, "update_mask", mask, &UPDATABLE);
            let fields = mask.fields(|field| is_set(given, field));
            let revision = revision(&mut violations, given, &fields, name);
            Some((name?, revision, given.etag.clone()))
        });
        let (name, revision, etag) = violations.finish(parsed)?;
        let scope = call.scope(name.firm, name)?;

        let work = self.change(scope, retry, move |tx| {
            async move {
                let before = one(tx, name, sees(&call)).await?;
                etag::check(&etag, before.entry.version)?;
                let entry = before.entry;
                entry
                    .state
                    .allows(Step::Revise)
                    .map_err(|refusal| Error::of(name, refusal))?;
                let moves = revision.moves();
                if moves {
                    known::hold_calendar(tx, entry.paralegal).await?;
                }
                let task = TaskName::new(name.firm, revision.task.unwrap_or(entry.task));
                let standing = known::standing(tx, entry.paralegal, task).await?;
                let (standing, labels) =
                    standing.ok_or_else(|| Error::NotFound(task.to_string()))?;
                let changed = revision
                    .apply(&entry, &standing, latest, act.now)
                    .map_err(|unfit| Error::unfit(name, unfit))?;
                if moves {
                    refuse_overlap(tx, &changed, &[name]).await?;
                }
                entries::save(tx, &changed).await?;
                audit::entry_changed(tx, &act, Some(&entry), Some(&changed)).await?;
                Ok(answer::time_entry(&changed, &labels))
            }
            .boxed()
        });
        work.await
    }
}

/// Refuses an entry that has time in common with another of the paralegal's. The database refuses it in any case;
/// here the caller is told with which. `except` holds what the entry is itself, or takes the place of.
pub(super) async fn refuse_overlap(
    tx: &mut Transaction,
    entry: &Entry,
    except: &[TimeEntryName],
) -> Result<(), Error> {
    let time = (entry.span.start(), Some(entry.span.end()));
    match entries::overlapping(tx, entry.paralegal, time, except).await? {
        None => Ok(()),
        other => Err(Refusal::Overlaps { other }.into()),
    }
}

/// Whether a field is set, for an update without a mask.
fn is_set(given: &contract::TimeEntry, field: &str) -> bool {
    match field {
        "task" => !given.task.is_empty(),
        "start_time" => given.start_time.is_some(),
        "end_time" => given.end_time.is_some(),
        "worked" => given.worked.is_some(),
        "narrative" => !given.narrative.is_empty(),
        "utbms_task_code" => !given.utbms_task_code.is_empty(),
        "utbms_activity_code" => !given.utbms_activity_code.is_empty(),
        "non_billable" => given.non_billable,
        "non_billable_reason" => !given.non_billable_reason.is_empty(),
        _ => false,
    }
}

/// The new values of the fields that change.
fn revision(
    violations: &mut Violations,
    given: &contract::TimeEntry,
    fields: &[&str],
    name: Option<TimeEntryName>,
) -> Revision {
    let mut revision = Revision::default();
    for field in fields {
        let at = format!("time_entry.{field}");
        let at = at.as_str();
        match *field {
            "task" => {
                let task: Option<TaskName> = parse::name(violations, at, &given.task);
                if let (Some(task), Some(name)) = (task, name) {
                    violations.check(at, task.firm == name.firm, "is of another firm");
                }
                revision.task = task.map(|task| task.id);
            }
            "start_time" => {
                let stamp = violations.required(at, given.start_time.as_ref());
                revision.start = parse::moment(violations, at, stamp);
            }
            "end_time" => {
                let stamp = violations.required(at, given.end_time.as_ref());
                revision.end = parse::moment(violations, at, stamp);
            }
            "worked" => {
                let length = violations.required(at, given.worked.as_ref());
                revision.worked = parse::worked(violations, at, length);
            }
            "narrative" => {
                revision.narrative = violations.optional_text(at, &given.narrative, MOST_NARRATIVE);
            }
            "utbms_task_code" => {
                revision.task_code = Some(parse::code(violations, at, &given.utbms_task_code));
            }
            "utbms_activity_code" => {
                revision.activity_code =
                    Some(parse::code(violations, at, &given.utbms_activity_code));
            }
            "non_billable" => revision.non_billable = Some(given.non_billable),
            "non_billable_reason" => {
                revision.non_billable_reason =
                    violations.optional_text(at, &given.non_billable_reason, MOST_REASON);
            }
            _ => violations.add(
                "update_mask",
                format!("names {field:?}, which can't be changed"),
            ),
        }
    }
    revision
}
