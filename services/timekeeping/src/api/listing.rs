//! Lists of time entries.

use caseload_domain::name::{FirmParent, MatterName, ParalegalName, TaskName};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::google::r#type::Date as ContractDate;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::FutureExt as _;
use time::Date;
use tonic::{Request, Status};

use super::flow::{Timekeeping, sees};
use super::parse;
use crate::domain::state::State;
use crate::store::listing::{self, Filter, Place};

impl Timekeeping {
    pub(super) async fn list_entries(
        &self,
        request: Request<contract::ListTimeEntriesRequest>,
    ) -> Result<contract::ListTimeEntriesResponse, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeEntryService/ListTimeEntries",
        )?;
        let token = std::mem::take(&mut request.page_token);
        let size = std::mem::take(&mut request.page_size);
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, size);
        let parsed = filter(&mut violations, &request, &call);
        let (size, (parent, filter)) = violations.finish(size.zip(parsed))?;
        let scope = call.scope_of_list(parent, &request.parent)?;
        let list = call.list(&request);
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
}

/// What a list asks for, narrowed to what the caller may see.
fn filter(
    violations: &mut Violations,
    request: &contract::ListTimeEntriesRequest,
    call: &Call,
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
    let start = day(violations, "start_date", request.start_date.as_ref());
    let end = day(violations, "end_date", request.end_date.as_ref());
    if let (Some(start), Some(end)) = (start, end) {
        let why = format!("is before the start, {start}");
        violations.check("end_date", start <= end, why);
    }
    let sees = sees(call);
    let states = sees
        .iter()
        .copied()
        .filter(|state| asked.is_empty() || asked.contains(state))
        .collect();
    Some((
        parent?,
        Filter {
            // What the scope holds the list to in any case is said as well, so that its index serves.
            firm: firm_of_all.or(call.caller.firm()),
            paralegal: paralegal
                .map(|ParalegalName(paralegal)| paralegal)
                .or(call.caller.paralegal()),
            matter: matter.map(|matter| matter.id),
            task: task.map(|task| task.id),
            states,
            start,
            end,
        },
    ))
}

fn day(violations: &mut Violations, field: &str, date: Option<&ContractDate>) -> Option<Date> {
    violations.keep(field, Date::try_from(date?))
}
