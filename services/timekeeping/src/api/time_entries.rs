//! Time entries: the methods, and what is simple enough to stand here.

use caseload_database::{etag, page_size};
use caseload_domain::TimeEntryId;
use caseload_domain::name::{
    FirmName, FirmParent, MatterName, ParalegalName, TaskName, TimeEntryName,
};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::caseload::timekeeping::v1::time_entry_service_server::TimeEntryService;
use caseload_proto::parse::Violations;
use futures::FutureExt as _;
use time::Date;
use tonic::{Request, Response, Status};

use super::answer;
use super::flow::Timekeeping;
use super::parse;
use crate::audit::Doing;
use crate::domain::entry::{Author, Entry, Source};
use crate::domain::state::{State, Step};
use crate::error::Error;
use crate::store::entries;
use crate::store::known;
use crate::store::listing::{self, Filter, Place};
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
        let doing = Doing::of(
            &request,
            "caseload.timekeeping.v1.TimeEntryService/GetTimeEntry",
        )?;
        let mut violations = Violations::new();
        let name = parse::name(&mut violations, "name", &request.get_ref().name);
        let name: TimeEntryName = violations.finish(name)?;
        let scope = doing.scope(name.firm, name)?;
        let found = self.read(scope, move |tx| {
            async move {
                let found = entries::get(tx, name, doing.sees()).await?;
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
        let doing = Doing::of(
            &request,
            "caseload.timekeeping.v1.TimeEntryService/CreateTimeEntry",
        )?;
        let request = request.into_inner();
        let (now, latest) = self.now();
        let mut violations = Violations::new();
        let retry = doing.retry(&mut violations, &request.request_id, &request);
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
            && doing.caller.paralegal().is_none()
        {
            violations.add(field, "is required");
        }
        let (FirmName(firm), recording) = violations.finish(parent.zip(recording))?;
        let paralegal = doing.worker(named.map(|ParalegalName(named)| named))?;
        let paralegal = Violations::new().finish(paralegal)?;
        let scope = doing.scope(firm, FirmName(firm))?;
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
                    actor: doing.caller.actor(),
                    source: Source::Manual,
                    now,
                };
                let entry = Entry::record(name, author, recording, &standing)?;
                super::revisions::refuse_overlap(tx, &entry, &[]).await?;
                entries::insert(tx, &entry).await?;
                doing.note_entry(tx, None, Some(&entry)).await?;
                Ok(answer::time_entry(&entry, &labels))
            }
            .boxed()
        });
        work.await
    }

    async fn list_entries(
        &self,
        request: Request<contract::ListTimeEntriesRequest>,
    ) -> Result<contract::ListTimeEntriesResponse, Status> {
        let doing = Doing::of(
            &request,
            "caseload.timekeeping.v1.TimeEntryService/ListTimeEntries",
        )?;
        let mut request = request.into_inner();
        let token = std::mem::take(&mut request.page_token);
        let size = std::mem::take(&mut request.page_size);
        let mut violations = Violations::new();
        let size = violations.keep("page_size", page_size(size));
        let parsed = filter(&mut violations, &request, &doing);
        let (size, (parent, filter)) = violations.finish(size.zip(parsed))?;
        let scope = doing.scope_below(parent, &request.parent)?;
        // A token serves the list that it was made for: the same filters, asked by the same caller.
        let list = format!("{} {:?} {request:?}", doing.method, doing.caller.who);
        let after: Option<Place> = self.database().pages().open(&list, &token)?;

        let found = self.read(scope, move |tx| {
            async move { Ok(listing::list(tx, &filter, after, size + 1).await?) }.boxed()
        });
        let mut found = found.await?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        let next_page_token = match found.last() {
            Some(end) if more => self.database().pages().seal(&list, &Place::after(end))?,
            _ => String::new(),
        };
        Ok(contract::ListTimeEntriesResponse {
            time_entries: found.iter().map(contract::TimeEntry::from).collect(),
            next_page_token,
        })
    }

    async fn delete_entry(
        &self,
        request: Request<contract::DeleteTimeEntryRequest>,
    ) -> Result<(), Status> {
        let doing = Doing::of(
            &request,
            "caseload.timekeeping.v1.TimeEntryService/DeleteTimeEntry",
        )?;
        let request = request.into_inner();
        let mut violations = Violations::new();
        let retry = doing.retry(&mut violations, &request.request_id, &request);
        let name = parse::name(&mut violations, "name", &request.name);
        let name: TimeEntryName = violations.finish(name)?;
        let scope = doing.scope(name.firm, name)?;
        let work = self.change(scope, retry, move |tx| {
            async move {
                let Labelled { entry, .. } = one(tx, name, doing.sees()).await?;
                etag::check(&request.etag, entry.version)?;
                entry
                    .state
                    .allows(Step::Delete)
                    .map_err(|refusal| Error::of(name, refusal))?;
                entries::delete(tx, name).await?;
                doing.note_entry(tx, Some(&entry), None).await?;
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

/// What a list asks for, narrowed to what the caller may see.
fn filter(
    violations: &mut Violations,
    request: &contract::ListTimeEntriesRequest,
    doing: &Doing,
) -> Option<(FirmParent, Filter)> {
    let parent: Option<FirmParent> = parse::name(violations, "parent", &request.parent);
    let firm = parent.and_then(FirmParent::one);
    let paralegal: Option<ParalegalName> =
        parse::optional(violations, "paralegal", &request.paralegal);
    let matter: Option<MatterName> = parse::optional(violations, "matter", &request.matter);
    let task: Option<TaskName> = parse::optional(violations, "task", &request.task);
    let named = [
        ("matter", matter.map(|matter| matter.firm)),
        ("task", task.map(|task| task.firm)),
    ];
    let mut firm_of_all = firm;
    for (field, of) in named {
        let Some(of) = of else { continue };
        violations.check(
            field,
            firm_of_all.is_none_or(|firm| firm == of),
            "is of another firm",
        );
        firm_of_all = firm_of_all.or(Some(of));
    }
    let asked: Vec<State> = request
        .states
        .iter()
        .enumerate()
        .filter_map(|(at, number)| parse::state(violations, &format!("states[{at}]"), *number))
        .collect();
    let first = day(
        violations,
        "first_work_date",
        request.first_work_date.as_ref(),
    );
    let last = day(
        violations,
        "last_work_date",
        request.last_work_date.as_ref(),
    );
    if let (Some(first), Some(last)) = (first, last) {
        violations.check("last_work_date", first <= last, "is before first_work_date");
    }
    let sees = doing.sees();
    let states = sees
        .iter()
        .copied()
        .filter(|state| asked.is_empty() || asked.contains(state))
        .collect();
    Some((
        parent?,
        Filter {
            // What the scope holds the list to in any case is said as well, so that its index serves.
            firm: firm_of_all.or(doing.caller.firm()),
            paralegal: paralegal
                .map(|ParalegalName(paralegal)| paralegal)
                .or(doing.caller.paralegal()),
            matter: matter.map(|matter| matter.id),
            task: task.map(|task| task.id),
            states,
            first,
            last,
        },
    ))
}

fn day(
    violations: &mut Violations,
    field: &str,
    date: Option<&caseload_proto::google::r#type::Date>,
) -> Option<Date> {
    violations.keep(field, Date::try_from(date?))
}
