//! Time entries: the methods, and what is simple enough to stand here.

use caseload_database::etag;
use caseload_domain::TimeEntryId;
use caseload_domain::name::{FirmName, ParalegalName, TaskName, TimeEntryName};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::caseload::timekeeping::v1::time_entry_service_server::TimeEntryService;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::FutureExt as _;
use tonic::{Request, Response, Status};

use super::flow::{Timekeeping, sees, worker};
use super::{answer, audit, parse};
use crate::domain::entry::{Entry, Source};
use crate::domain::standing::Author;
use crate::domain::state::{State, Step};
use crate::error::Error;
use crate::store::entries;
use crate::store::known;
use crate::store::rows::Labelled;

#[tonic::async_trait]
impl TimeEntryService for Timekeeping {
    async fn create_time_entry(
        &self,
        request: Request<contract::CreateTimeEntryRequest>,
    ) -> Result<Response<contract::TimeEntry>, Status> {
        self.create_entry(request).await.map(Response::new)
    }

    async fn get_time_entry(
        &self,
        request: Request<contract::GetTimeEntryRequest>,
    ) -> Result<Response<contract::TimeEntry>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeEntryService/GetTimeEntry",
        )?;
        let mut violations = Violations::new();
        let name = parse::name(&mut violations, "name", &request.name);
        let name: TimeEntryName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let found = self.read(scope, move |tx| {
            async move {
                let found = entries::get(tx, name, sees(&call)).await?;
                found.ok_or_else(|| Error::NotFound(name.to_string()))
            }
            .boxed()
        });
        Ok(Response::new((&found.await?).into()))
    }

    async fn list_time_entries(
        &self,
        request: Request<contract::ListTimeEntriesRequest>,
    ) -> Result<Response<contract::ListTimeEntriesResponse>, Status> {
        self.list_entries(request).await.map(Response::new)
    }

    async fn update_time_entry(
        &self,
        request: Request<contract::UpdateTimeEntryRequest>,
    ) -> Result<Response<contract::TimeEntry>, Status> {
        self.revise(request).await.map(Response::new)
    }

    async fn delete_time_entry(
        &self,
        request: Request<contract::DeleteTimeEntryRequest>,
    ) -> Result<Response<()>, Status> {
        self.delete_entry(request).await.map(Response::new)
    }

    async fn batch_submit_time_entries(
        &self,
        request: Request<contract::BatchSubmitTimeEntriesRequest>,
    ) -> Result<Response<contract::BatchSubmitTimeEntriesResponse>, Status> {
        self.submit(request).await.map(Response::new)
    }

    async fn batch_approve_time_entries(
        &self,
        request: Request<contract::BatchApproveTimeEntriesRequest>,
    ) -> Result<Response<contract::BatchApproveTimeEntriesResponse>, Status> {
        self.approve(request).await.map(Response::new)
    }

    async fn batch_reject_time_entries(
        &self,
        request: Request<contract::BatchRejectTimeEntriesRequest>,
    ) -> Result<Response<contract::BatchRejectTimeEntriesResponse>, Status> {
        self.reject(request).await.map(Response::new)
    }

    async fn reverse_time_entry(
        &self,
        request: Request<contract::ReverseTimeEntryRequest>,
    ) -> Result<Response<contract::TimeEntry>, Status> {
        self.reverse(request).await.map(Response::new)
    }
}

impl Timekeeping {
    async fn create_entry(
        &self,
        request: Request<contract::CreateTimeEntryRequest>,
    ) -> Result<contract::TimeEntry, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeEntryService/CreateTimeEntry",
        )?;
        let act = self.act(&call);
        let latest = self.latest(act.now);
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let parent: Option<FirmName> = parse::name(&mut violations, "parent", &request.parent);
        let given = violations.required("time_entry", request.time_entry.as_ref());
        let recording = given.and_then(|entry| {
            let firm = parent.map(|FirmName(firm)| firm);
            parse::recording(&mut violations, "time_entry", entry, firm, latest)
        });
        let field = "time_entry.paralegal";
        let named: Option<ParalegalName> =
            given.and_then(|entry| parse::optional(&mut violations, field, &entry.paralegal));
        if given.is_some_and(|entry| entry.paralegal.is_empty())
            && call.caller.paralegal().is_none()
        {
            violations.add(field, "is required");
        }
        let (FirmName(firm), recording) = violations.finish(parent.zip(recording))?;
        let paralegal = worker(&call, named.map(|ParalegalName(named)| named))?;
        let paralegal = Violations::new().finish(paralegal)?;
        let scope = call.scope(firm, FirmName(firm))?;
        let name = TimeEntryName::new(firm, TimeEntryId::generate());

        let work = self.change(scope, retry, move |tx| {
            async move {
                known::hold_calendar(tx, paralegal).await?;
                let task = TaskName::new(firm, recording.task);
                let standing = known::standing(tx, paralegal, task).await?;
                let (standing, labels) =
                    standing.ok_or_else(|| Error::NotFound(task.to_string()))?;
                let author = Author {
                    paralegal,
                    actor: &act.actor,
                    source: Source::Manual,
                    now: act.now,
                };
                let entry = Entry::record(name, author, recording, &standing)?;
                super::revisions::refuse_overlap(tx, &entry, &[]).await?;
                entries::insert(tx, &entry).await?;
                audit::entry_changed(tx, &act, None, Some(&entry)).await?;
                Ok(answer::time_entry(&entry, &labels))
            }
            .boxed()
        });
        work.await
    }

    async fn delete_entry(
        &self,
        request: Request<contract::DeleteTimeEntryRequest>,
    ) -> Result<(), Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeEntryService/DeleteTimeEntry",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = parse::name(&mut violations, "name", &request.name);
        let name: TimeEntryName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let act = self.act(&call);
        let work = self.change(scope, retry, move |tx| {
            async move {
                let Labelled { entry, .. } = one(tx, name, sees(&call)).await?;
                etag::check(&request.etag, entry.version)?;
                entry
                    .state
                    .allows(Step::Delete)
                    .map_err(|refusal| Error::of(name, refusal))?;
                entries::delete(tx, name).await?;
                audit::entry_changed(tx, &act, Some(&entry), None).await?;
                Ok(())
            }
            .boxed()
        });
        work.await
    }
}

/// One entry, locked.
pub(super) async fn one(
    tx: &mut caseload_database::Transaction,
    name: TimeEntryName,
    states: &[State],
) -> Result<Labelled, Error> {
    let found = entries::lock(tx, &[name], states).await?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| Error::NotFound(name.to_string()))
}
