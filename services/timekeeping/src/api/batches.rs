//! Submission, approval and rejection: all entries of a batch, or none.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use caseload_database::{Retry, Transaction};
use caseload_domain::name::{FirmParent, TaskName, TimeEntryName};
use caseload_domain::{ParalegalId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::FutureExt as _;
use tonic::{Request, Status};

use super::flow::{Timekeeping, sees};
use super::{answer, audit, parse};
use crate::domain::description::MOST_REASON;
use crate::domain::entry::Reviewer;
use crate::domain::refusal::Refusal;
use crate::domain::standing::Standing;
use crate::error::Error;
use crate::store::entries;
use crate::store::known;
use crate::store::rows::Labelled;

type Refusals = Vec<(Option<TimeEntryName>, Refusal)>;

/// A batch, parsed: in whose scope, which entries, in the order of the request.
struct Batch {
    call: Call,
    act: Act,
    scope: Scope,
    retry: Option<Retry>,
    names: Vec<TimeEntryName>,
}

impl Timekeeping {
    pub(super) async fn submit(
        &self,
        request: Request<contract::BatchSubmitTimeEntriesRequest>,
    ) -> Result<contract::BatchSubmitTimeEntriesResponse, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeEntryService/BatchSubmitTimeEntries",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let names = named(&mut violations, &request.parent, &request.names);
        let batch = self.batch(call, violations, retry, names, &request.parent)?;
        let work = self.change(batch.scope, batch.retry.clone(), move |tx| {
            async move {
                let time_entries = batch.submit(tx).await?;
                Ok(contract::BatchSubmitTimeEntriesResponse { time_entries })
            }
            .boxed()
        });
        work.await
    }

    pub(super) async fn approve(
        &self,
        request: Request<contract::BatchApproveTimeEntriesRequest>,
    ) -> Result<contract::BatchApproveTimeEntriesResponse, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeEntryService/BatchApproveTimeEntries",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let names = named(&mut violations, &request.parent, &request.names);
        let batch = self.batch(call, violations, retry, names, &request.parent)?;
        let work = self.change(batch.scope, batch.retry.clone(), move |tx| {
            async move {
                let time_entries = batch.approve(tx).await?;
                Ok(contract::BatchApproveTimeEntriesResponse { time_entries })
            }
            .boxed()
        });
        work.await
    }

    pub(super) async fn reject(
        &self,
        request: Request<contract::BatchRejectTimeEntriesRequest>,
    ) -> Result<contract::BatchRejectTimeEntriesResponse, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeEntryService/BatchRejectTimeEntries",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let parent: Option<FirmParent> = parse::name(&mut violations, "parent", &request.parent);
        let given = request
            .rejections
            .iter()
            .enumerate()
            .map(|(at, rejection)| (format!("rejections[{at}].name"), rejection.name.as_str()));
        let names = parse::names(&mut violations, parent, "rejections", given);
        let mut reasons = Vec::new();
        for (at, rejection) in request
            .rejections
            .iter()
            .enumerate()
            .take(parse::MOST_NAMES)
        {
            let field = format!("rejections[{at}].reason");
            reasons.extend(violations.text(&field, &rejection.reason, MOST_REASON));
        }
        let batch = self.batch(call, violations, retry, parent.zip(names), &request.parent)?;
        let reasons: HashMap<TimeEntryName, String> =
            batch.names.iter().copied().zip(reasons).collect();
        let work = self.change(batch.scope, batch.retry.clone(), move |tx| {
            async move {
                let time_entries = batch.reject(tx, reasons).await?;
                Ok(contract::BatchRejectTimeEntriesResponse { time_entries })
            }
            .boxed()
        });
        work.await
    }

    fn batch(
        &self,
        call: Call,
        violations: Violations,
        retry: Option<Retry>,
        parsed: Option<(FirmParent, Vec<TimeEntryName>)>,
        parent_name: &str,
    ) -> Result<Batch, Status> {
        let (parent, names) = violations.finish(parsed)?;
        Ok(Batch {
            scope: call.scope_of_list(parent, parent_name)?,
            act: self.act(&call),
            call,
            retry,
            names,
        })
    }
}

fn named(
    violations: &mut Violations,
    parent: &str,
    names: &[String],
) -> Option<(FirmParent, Vec<TimeEntryName>)> {
    let parent: Option<FirmParent> = parse::name(violations, "parent", parent);
    let given = names
        .iter()
        .enumerate()
        .map(|(at, name)| (format!("names[{at}]"), name.as_str()));
    let names = parse::names(violations, parent, "names", given);
    parent.zip(names)
}

impl Batch {
    /// The entries, locked, in the order of the request; `NOT_FOUND` for the first that is not there.
    async fn lock(&self, tx: &mut Transaction) -> Result<Vec<Labelled>, Error> {
        let found = entries::lock(tx, &self.names, sees(&self.call)).await?;
        let mut found: HashMap<_, _> = found
            .into_iter()
            .map(|labelled| (labelled.entry.name, labelled))
            .collect();
        self.names
            .iter()
            .map(|name| {
                found
                    .remove(name)
                    .ok_or_else(|| Error::NotFound(name.to_string()))
            })
            .collect()
    }

    async fn submit(&self, tx: &mut Transaction) -> Result<Vec<contract::TimeEntry>, Error> {
        let before = self.lock(tx).await?;
        let mut standings: HashMap<(ParalegalId, TaskName), Standing> = HashMap::new();
        let mut after = before.clone();
        let mut refusals = Refusals::new();
        for Labelled { entry, .. } in &mut after {
            let task = TaskName::new(entry.name.firm, entry.task);
            let standing = match standings.entry((entry.paralegal, task)) {
                Slot::Occupied(known) => known.into_mut(),
                Slot::Vacant(slot) => {
                    let found = known::standing(tx, entry.paralegal, task).await?;
                    let (standing, _) = found.ok_or_else(|| Error::NotFound(task.to_string()))?;
                    slot.insert(standing)
                }
            };
            if let Err(found) = entry.submit(standing, &self.act.actor, self.act.now) {
                refusals.extend(found.into_iter().map(|refusal| (Some(entry.name), refusal)));
            }
        }
        self.keep(tx, &before, &after, refusals).await
    }

    async fn approve(&self, tx: &mut Transaction) -> Result<Vec<contract::TimeEntry>, Error> {
        let before = self.lock(tx).await?;
        let mut after = before.clone();
        let mut refusals = Refusals::new();
        for Labelled { entry, .. } in &mut after {
            if let Err(refusal) = entry.approve(self.reviewer(), self.act.now) {
                refusals.push((Some(entry.name), refusal));
            }
        }
        let answer = self.keep(tx, &before, &after, refusals).await?;
        for Labelled { entry, .. } in &after {
            let payload = contract::TimeEntryApproved {
                entry: Some(answer::snapshot(entry)),
            };
            let name = entry.name;
            self.act
                .announce(tx, Some(name.firm), name.to_string(), &payload)
                .await?;
        }
        Ok(answer)
    }

    async fn reject(
        &self,
        tx: &mut Transaction,
        mut reasons: HashMap<TimeEntryName, String>,
    ) -> Result<Vec<contract::TimeEntry>, Error> {
        let before = self.lock(tx).await?;
        let mut after = before.clone();
        let mut refusals = Refusals::new();
        for Labelled { entry, .. } in &mut after {
            let reason = reasons.remove(&entry.name).unwrap_or_default();
            if let Err(refusal) = entry.reject(self.reviewer(), reason, self.act.now) {
                refusals.push((Some(entry.name), refusal));
            }
        }
        self.keep(tx, &before, &after, refusals).await
    }

    fn reviewer(&self) -> Reviewer<'_> {
        Reviewer {
            subject: &self.act.actor,
            paralegal: self.call.caller.paralegal(),
        }
    }

    /// Writes every entry with its record, or none when one was refused.
    async fn keep(
        &self,
        tx: &mut Transaction,
        before: &[Labelled],
        after: &[Labelled],
        refusals: Refusals,
    ) -> Result<Vec<contract::TimeEntry>, Error> {
        if !refusals.is_empty() {
            return Err(Error::Refused(refusals));
        }
        for (before, after) in before.iter().zip(after) {
            entries::save(tx, &after.entry).await?;
            audit::entry_changed(tx, &self.act, Some(&before.entry), Some(&after.entry)).await?;
        }
        Ok(after.iter().map(contract::TimeEntry::from).collect())
    }
}
