//! Timers.

use caseload_database::{Transaction, etag};
use caseload_domain::name::{TaskName, TimeEntryName};
use caseload_domain::{ParalegalId, TimeEntryId};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::caseload::timekeeping::v1::timer_service_server::TimerService;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::FutureExt as _;
use tonic::{Request, Response, Status};

use super::flow::{Timekeeping, own_scope};
use super::{answer, audit, parse};
use crate::domain::description::{Description, MOST_NARRATIVE};
use crate::domain::refusal::Refusal;
use crate::domain::timer::Timer;
use crate::error::Error;
use crate::store::{entries, known, rules, timers};

#[tonic::async_trait]
impl TimerService for Timekeeping {
    async fn start_timer(
        &self,
        request: Request<contract::StartTimerRequest>,
    ) -> Result<Response<contract::Timer>, Status> {
        self.start(request).await.map(Response::new)
    }

    async fn get_timer(
        &self,
        request: Request<contract::GetTimerRequest>,
    ) -> Result<Response<contract::Timer>, Status> {
        let (call, request) = Call::open(request, "caseload.timekeeping.v1.TimerService/GetTimer")?;
        let mut violations = Violations::new();
        let paralegal = parse::timer_name(&mut violations, "name", &request.name);
        let paralegal = violations.finish(paralegal)?;
        let scope = own_scope(&call, paralegal, answer::timer_name(paralegal))?;
        let found = self.read(scope, move |tx| running(tx, paralegal).boxed());
        let now = self.act(&call).now;
        Ok(Response::new(answer::timer(&found.await?, now)))
    }

    async fn stop_timer(
        &self,
        request: Request<contract::StopTimerRequest>,
    ) -> Result<Response<contract::TimeEntry>, Status> {
        self.stop(request).await.map(Response::new)
    }

    async fn discard_timer(
        &self,
        request: Request<contract::DiscardTimerRequest>,
    ) -> Result<Response<()>, Status> {
        self.discard(request).await.map(Response::new)
    }
}

async fn running(tx: &mut Transaction, paralegal: ParalegalId) -> Result<Timer, Error> {
    let found = timers::running(tx, paralegal).await?;
    found.ok_or_else(|| Error::NotFound(answer::timer_name(paralegal)))
}

impl Timekeeping {
    async fn start(
        &self,
        request: Request<contract::StartTimerRequest>,
    ) -> Result<contract::Timer, Status> {
        let (call, request) =
            Call::open(request, "caseload.timekeeping.v1.TimerService/StartTimer")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let given = violations.required("timer", request.timer.as_ref());
        let parsed = given.and_then(|given| timer(&mut violations, given));
        let (paralegal, task, description) = violations.finish(parsed)?;
        let scope = own_scope(&call, paralegal, answer::timer_name(paralegal))?;
        let timekeeping = self.clone();

        let work = self.change(scope, retry, move |tx| {
            async move {
                known::hold_calendar(tx, paralegal).await?;
                let standing = known::standing(tx, paralegal, task).await?;
                let (standing, _) = standing.ok_or_else(|| Error::NotFound(task.to_string()))?;
                if timers::running(tx, paralegal).await?.is_some() {
                    return Err(Refusal::TimerRunning.into());
                }
                // After the wait for the calendar, so that what was stopped meanwhile does not end after this starts.
                let act = timekeeping.act(&call);
                let name = TimeEntryName::new(task.firm, TimeEntryId::generate());
                let timer = Timer::start(
                    name,
                    (paralegal, &act.actor),
                    (task.id, description),
                    &standing,
                    act.now,
                )?;
                let time = (timer.start, None);
                if let other @ Some(_) = entries::overlapping(tx, paralegal, time, &[]).await? {
                    return Err(Refusal::Overlaps { other }.into());
                }
                timers::insert(tx, &timer, act.now).await?;
                let (name, after) = (answer::timer_name(paralegal), audit::timer(&timer));
                act.record(tx, Some(task.firm), name, None, Some(after))
                    .await?;
                Ok(answer::timer(&timer, act.now))
            }
            .boxed()
        });
        work.await
    }

    async fn stop(
        &self,
        request: Request<contract::StopTimerRequest>,
    ) -> Result<contract::TimeEntry, Status> {
        let (call, request) =
            Call::open(request, "caseload.timekeeping.v1.TimerService/StopTimer")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let paralegal = parse::timer_name(&mut violations, "name", &request.name);
        let paralegal = violations.finish(paralegal)?;
        let scope = own_scope(&call, paralegal, answer::timer_name(paralegal))?;
        let limit = self.limits().timer;
        let timekeeping = self.clone();

        let work = self.change(scope, retry, move |tx| {
            async move {
                known::hold_calendar(tx, paralegal).await?;
                let timer = running(tx, paralegal).await?;
                etag::check(&request.etag, timer.version)?;
                let before = Some(audit::timer(&timer));
                let task = TaskName::new(timer.entry.firm, timer.task);
                let standing = known::standing(tx, paralegal, task).await?;
                let labels = standing.map(|(_, labels)| labels).unwrap_or_default();
                let rule = rules::get(tx, timer.entry.firm).await?.rule;
                // After the wait for the calendar: the timer may have been started meanwhile.
                let act = timekeeping.act(&call);
                let entry = timer.stop(rule, limit, act.now)?;
                entries::save(tx, &entry).await?;
                let (firm, name) = (Some(entry.name.firm), entry.name.to_string());
                let after = Some(audit::entry(&entry));
                act.record(tx, firm, name, before, after).await?;
                Ok(answer::time_entry(&entry, &labels))
            }
            .boxed()
        });
        work.await
    }

    async fn discard(&self, request: Request<contract::DiscardTimerRequest>) -> Result<(), Status> {
        let (call, request) =
            Call::open(request, "caseload.timekeeping.v1.TimerService/DiscardTimer")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let paralegal = parse::timer_name(&mut violations, "name", &request.name);
        let paralegal = violations.finish(paralegal)?;
        let scope = own_scope(&call, paralegal, answer::timer_name(paralegal))?;
        let act = self.act(&call);
        let work = self.change(scope, retry, move |tx| {
            async move {
                known::hold_calendar(tx, paralegal).await?;
                let timer = running(tx, paralegal).await?;
                etag::check(&request.etag, timer.version)?;
                entries::delete(tx, timer.entry).await?;
                let (firm, name) = (Some(timer.entry.firm), answer::timer_name(paralegal));
                let before = Some(audit::timer(&timer));
                act.record(tx, firm, name, before, None).await?;
                Ok(())
            }
            .boxed()
        });
        work.await
    }
}

/// What a caller starts.
fn timer(
    violations: &mut Violations,
    given: &contract::Timer,
) -> Option<(ParalegalId, TaskName, Description)> {
    let paralegal = parse::timer_name(violations, "timer.name", &given.name);
    let task: Option<TaskName> = parse::name(violations, "timer.task", &given.task);
    let narrative = violations.optional_text("timer.narrative", &given.narrative, MOST_NARRATIVE);
    let task_code = parse::code(violations, "timer.utbms_task_code", &given.utbms_task_code);
    let activity_code = parse::code(
        violations,
        "timer.utbms_activity_code",
        &given.utbms_activity_code,
    );
    let description = Description {
        narrative: narrative?,
        task_code,
        activity_code,
        non_billable: None,
    };
    Some((paralegal?, task?, description))
}
