//! `TaskService`.

mod answer;
pub(super) mod contract;
mod dates;
mod money;
mod units;

use caseload_database::Database;
use caseload_domain::TaskId;
use caseload_domain::name::{FirmName, TaskName};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::task_service_server::TaskService;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use self::answer::Viewer;
use self::contract::UPDATABLE;
use super::fields;
use super::listing::Listing;

/// Serves `TaskService`.
#[derive(Debug, Clone)]
pub(crate) struct Tasks {
    pub(crate) db: Database,
}

#[tonic::async_trait]
impl TaskService for Tasks {
    async fn create_task(
        &self,
        request: Request<v1::CreateTaskRequest>,
    ) -> Result<Response<v1::Task>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.TaskService/CreateTask")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let given = violations
            .required("task", request.task.as_ref())
            .and_then(|given| {
                let of = contract::request(&mut violations, given, firm);
                let patch = contract::new_task(&mut violations, given, firm);
                Some((of?, patch))
            });
        let (firm, (of, patch)) = violations.finish(firm.zip(given))?;
        let scope = call.scope(firm, FirmName(firm))?;
        let act = Act::from(&call);
        let name = TaskName::new(firm, TaskId::generate());
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::create(tx, act, name, of, patch))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_task(
        &self,
        request: Request<v1::GetTaskRequest>,
    ) -> Result<Response<v1::Task>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.TaskService/GetTask")?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: TaskName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let viewer = Viewer::of(&call.caller);
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name, viewer)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_tasks(
        &self,
        request: Request<v1::ListTasksRequest>,
    ) -> Result<Response<v1::ListTasksResponse>, Status> {
        let (call, mut request) = Call::open(request, "caseload.intake.v1.TaskService/ListTasks")?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let parent = fields::parent(&mut violations, &request.parent);
        let filter = contract::filter(&mut violations, &request, parent);
        let (size, (parent, filter)) = violations.finish(size.zip(parent.zip(filter)))?;
        let token = std::mem::take(&mut request.page_token);
        let listing = Listing::open(&self.db, &call, &request, size, &token)?;
        let scope = call.scope_of_list(parent, &request.parent)?;
        let viewer = Viewer::of(&call.caller);
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::list(tx, db, listing, filter, viewer))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn update_task(
        &self,
        request: Request<v1::UpdateTaskRequest>,
    ) -> Result<Response<v1::Task>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.TaskService/UpdateTask")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let mask = Mask::read(
            &mut violations,
            "update_mask",
            request.update_mask.as_ref(),
            &UPDATABLE,
        );
        let parsed = violations
            .required("task", request.task.as_ref())
            .and_then(|given| {
                let name: Option<TaskName> =
                    fields::parsed(&mut violations, "task.name", &given.name);
                let firm = name.map(|name| name.firm);
                let patch = contract::patch(&mut violations, given, &mask, firm);
                Some((name?, patch, given.etag.clone()))
            });
        let (name, patch, etag) = violations.finish(parsed)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::update(tx, act, name, etag, patch))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn hold_task(
        &self,
        request: Request<v1::HoldTaskRequest>,
    ) -> Result<Response<v1::Task>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.TaskService/HoldTask")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let reason = fields::reason(&mut violations, &request.reason);
        let (name, reason): (TaskName, _) = violations.finish(name.zip(reason))?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::hold(tx, act, name, request.etag, reason))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn resume_task(
        &self,
        request: Request<v1::ResumeTaskRequest>,
    ) -> Result<Response<v1::Task>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.TaskService/ResumeTask")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: TaskName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::resume(tx, act, name, request.etag))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn cancel_task(
        &self,
        request: Request<v1::CancelTaskRequest>,
    ) -> Result<Response<v1::Task>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.TaskService/CancelTask")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let name = fields::parsed(&mut violations, "name", &request.name);
        let reason = fields::reason(&mut violations, &request.reason);
        let (name, reason): (TaskName, _) = violations.finish(name.zip(reason))?;
        let scope = call.scope(name.firm, name)?;
        let act = Act::from(&call);
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::cancel(tx, act, name, request.etag, reason))
            })
            .await?;
        Ok(Response::new(answer))
    }
}
