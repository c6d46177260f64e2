//! Approved time that was wrong: it is reversed, and another entry may take its place.

use caseload_database::{Transaction, etag};
use caseload_domain::TimeEntryId;
use caseload_domain::name::{ParalegalName, TaskName, TimeEntryName};
use caseload_events::Act;
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::FutureExt as _;
use tonic::{Request, Status};

use super::flow::{Timekeeping, sees};
use super::revisions::refuse_overlap;
use super::time_entries::one;
use super::{answer, audit, parse};
use crate::domain::description::MOST_REASON;
use crate::domain::entry::{Entry, Source};
use crate::domain::standing::{Author, Recording};
use crate::error::Error;
use crate::store::entries;
use crate::store::known;
use crate::store::rows::Labelled;

impl Timekeeping {
    pub(super) async fn reverse(
        &self,
        request: Request<contract::ReverseTimeEntryRequest>,
    ) -> Result<contract::TimeEntry, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeEntryService/ReverseTimeEntry",
        )?;
        let act = self.act(&call);
        let latest = self.latest(act.now);
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name: Option<TimeEntryName> = parse::name(&mut violations, "name", &request.name);
        let reason = violations.text("reason", &request.reason, MOST_REASON);
        let given = request.replacement.as_ref();
        let firm = name.map(|name| name.firm);
        let replacement = given.and_then(|given| {
            parse::recording(&mut violations, "replacement", given, firm, latest)
        });
        let named: Option<ParalegalName> = given.and_then(|given| {
            parse::optional(&mut violations, "replacement.paralegal", &given.paralegal)
        });
        let (name, reason) = violations.finish(name.zip(reason))?;
        let scope = call.scope(name.firm, name)?;

        let work = self.change(scope, retry, move |tx| {
            async move {
                let Labelled {
                    entry: before,
                    labels,
                } = one(tx, name, sees(&call)).await?;
                etag::check(&request.etag, before.version)?;
                if named.is_some_and(|ParalegalName(named)| named != before.paralegal) {
                    let why = "is not the paralegal of the entry that is reversed".to_owned();
                    return Err(Error::Invalid(vec![(
                        "replacement.paralegal".to_owned(),
                        why,
                    )]));
                }
                // Before anything is written: whoever holds the calendar may wait for what is written here.
                known::hold_calendar(tx, before.paralegal).await?;
                let mut reversed = before.clone();
                let successor = replacement.as_ref().map(|_| TimeEntryId::generate());
                reversed
                    .reverse(&act.actor, reason, successor, act.now)
                    .map_err(|refusal| Error::of(name, refusal))?;
                entries::save(tx, &reversed).await?;
                audit::entry_changed(tx, &act, Some(&before), Some(&reversed)).await?;
                if let Some((recording, id)) = replacement.zip(successor) {
                    replace(tx, &act, &reversed, id, recording).await?;
                }
                let answer = answer::time_entry(&reversed, &labels);
                let payload = contract::TimeEntryReversed {
                    entry: Some(answer::snapshot(&reversed)),
                    replacement: answer
                        .reversal
                        .as_ref()
                        .map(|reversal| reversal.replacement.clone())
                        .unwrap_or_default(),
                };
                act.announce(tx, Some(name.firm), name.to_string(), &payload)
                    .await?;
                Ok(answer)
            }
            .boxed()
        });
        work.await
    }
}

/// Records what should have been recorded, and submits it at once. Whoever reverses does not approve it as well.
async fn replace(
    tx: &mut Transaction,
    act: &Act,
    reversed: &Entry,
    id: TimeEntryId,
    recording: Recording,
) -> Result<(), Error> {
    let firm = reversed.name.firm;
    let task = TaskName::new(firm, recording.task);
    let standing = known::standing(tx, reversed.paralegal, task).await?;
    let (standing, _) = standing.ok_or_else(|| Error::NotFound(task.to_string()))?;
    let author = Author {
        paralegal: reversed.paralegal,
        actor: &act.actor,
        source: Source::Replacement,
        now: act.now,
    };
    let name = TimeEntryName::new(firm, id);
    let mut entry = Entry::record(name, author, recording, &standing)?;
    entry.replaces = Some(reversed.name.id);
    entry
        .submit(&standing, &act.actor, act.now)
        .map_err(|refusals| {
            Error::Refused(
                refusals
                    .into_iter()
                    .map(|refusal| (None, refusal))
                    .collect(),
            )
        })?;
    refuse_overlap(tx, &entry, &[reversed.name]).await?;
    entries::insert(tx, &entry).await?;
    audit::entry_changed(tx, act, None, Some(&entry)).await?;
    Ok(())
}
