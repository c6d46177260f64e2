//! Timers.

use caseload_database::{Transaction, etag};
use caseload_domain::name::{TaskName, TimeEntryName};
use caseload_domain::{ParalegalId, TimeEntryId};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::caseload::timekeeping::v1::timer_service_server::TimerService;
use caseload_proto::parse::Violations;
use futures::FutureExt as _;
use tonic::{Request, Response, Status};

use super::answer;
use super::flow::Timekeeping;
use super::parse;
use crate::audit::{self, Doing, Sides};
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
        let doing = Doing::of(&request, "caseload.timekeeping.v1.TimerService/GetTimer")?;
        let mut violations = Violations::new();
        let paralegal = parse::timer_name(&mut violations, "name", &request.get_ref().name);
        let paralegal = violations.finish(paralegal)?;
        let scope = doing.scope_own(paralegal, answer::timer_name(paralegal))?;
        let found = self.read(scope, move |tx| running(tx, paralegal).boxed());
        let (now, _) = self.now();
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
        let doing = Doing::of(&request, "caseload.timekeeping.v1.TimerService/StartTimer")?;
        let request = request.into_inner();
        let mut violations = Violations::new();
        let retry = doing.retry(&mut violations, &request.request_id, &request);
        let given = violations.required("timer", request.timer.as_ref());
        let parsed = given.and_then(|given| timer(&mut violations, given));
        let (paralegal, task, description) = violations.finish(parsed)?;
        let scope = doing.scope_own(paralegal, answer::timer_name(paralegal))?;
        let clock = self.clone();

        let work = self.change(scope, retry, move |tx| {
            async move {
                known::hold_calendar(tx, paralegal).await?;
                let standing = known::standing(tx, paralegal, task).await?;
                let (standing, _) = standing.ok_or_else(|| Error::NotFound(task.to_string()))?;
                if timers::running(tx, paralegal).await?.is_some() {
                    return Err(Refusal::TimerRunning.into());
                }
                // After the wait for the calendar, so that what was stopped meanwhile does not end after this starts.
                let (now, _) = clock.now();
                let name = TimeEntryName::new(task.firm, TimeEntryId::generate());
                let actor = doing.caller.actor();
                let timer = Timer::start(
                    name,
                    (paralegal, actor),
                    (task.id, description),
                    &standing,
                    now,
                )?;
                let time = (timer.start, None);
                if let other @ Some(_) = entries::overlapping(tx, paralegal, time, &[]).await? {
                    return Err(Refusal::Overlaps { other }.into());
                }
                timers::insert(tx, &timer, now).await?;
                let sides = Sides {
                    before: None,
                    after: Some(audit::timer(&timer)),
                };
                let resource = answer::timer_name(paralegal);
                doing.note(tx, task.firm, resource, sides).await?;
                Ok(answer::timer(&timer, now))
            }
            .boxed()
        });
        work.await
    }

    async fn stop(
        &self,
        request: Request<contract::StopTimerRequest>,
    ) -> Result<contract::TimeEntry, Status> {
        let doing = Doing::of(&request, "caseload.timekeeping.v1.TimerService/StopTimer")?;
        let request = request.into_inner();
        let mut violations = Violations::new();
        let retry = doing.retry(&mut violations, &request.request_id, &request);
        let paralegal = parse::timer_name(&mut violations, "name", &request.name);
        let paralegal = violations.finish(paralegal)?;
        let scope = doing.scope_own(paralegal, answer::timer_name(paralegal))?;
        let limit = self.limits().timer;
        let clock = self.clone();

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
                let (now, _) = clock.now();
                let entry = timer.stop(rule, limit, now)?;
                entries::save(tx, &entry).await?;
                let sides = Sides {
                    before,
                    after: Some(audit::entry(&entry)),
                };
                doing
                    .note(tx, entry.name.firm, entry.name.to_string(), sides)
                    .await?;
                Ok(answer::time_entry(&entry, &labels))
            }
            .boxed()
        });
        work.await
    }

    async fn discard(&self, request: Request<contract::DiscardTimerRequest>) -> Result<(), Status> {
        let doing = Doing::of(
            &request,
            "caseload.timekeeping.v1.TimerService/DiscardTimer",
        )?;
        let request = request.into_inner();
        let mut violations = Violations::new();
        let retry = doing.retry(&mut violations, &request.request_id, &request);
        let paralegal = parse::timer_name(&mut violations, "name", &request.name);
        let paralegal = violations.finish(paralegal)?;
        let scope = doing.scope_own(paralegal, answer::timer_name(paralegal))?;
        let work = self.change(scope, retry, move |tx| {
            async move {
                known::hold_calendar(tx, paralegal).await?;
                let timer = running(tx, paralegal).await?;
                etag::check(&request.etag, timer.version)?;
                entries::delete(tx, timer.entry).await?;
                let sides = Sides {
                    before: Some(audit::timer(&timer)),
                    after: None,
                };
                let resource = answer::timer_name(paralegal);
                doing.note(tx, timer.entry.firm, resource, sides).await?;
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
