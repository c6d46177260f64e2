//! `CommentService`.

mod contract;
mod units;

use caseload_auth::{Caller, Who};
use caseload_database::Database;
use caseload_domain::name::{CommentName, FirmName};
use caseload_domain::{CommentId, ParalegalId};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::comment_service_server::CommentService;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use super::fields;
use super::listing::Listing;
use crate::domain::comment::AuthorKind;

/// Serves `CommentService`.
#[derive(Debug, Clone)]
pub(crate) struct Comments {
    pub(crate) db: Database,
}

/// Who speaks, or listens.
#[derive(Debug, Clone, Copy)]
struct Voice {
    kind: AuthorKind,
    paralegal: Option<ParalegalId>,
}

impl From<&Caller> for Voice {
    fn from(caller: &Caller) -> Self {
        let kind = match caller.who {
            Who::Firm(_) => AuthorKind::Firm,
            Who::Paralegal(_) => AuthorKind::Paralegal,
            Who::Suite => AuthorKind::Suite,
        };
        Self {
            kind,
            paralegal: caller.paralegal(),
        }
    }
}

#[tonic::async_trait]
impl CommentService for Comments {
    async fn create_comment(
        &self,
        request: Request<v1::CreateCommentRequest>,
    ) -> Result<Response<v1::Comment>, Status> {
        let (call, request) =
            Call::open(request, "caseload.intake.v1.CommentService/CreateComment")?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let given = violations
            .required("comment", request.comment.as_ref())
            .and_then(|given| contract::new_comment(&mut violations, given, firm));
        let (firm, given) = violations.finish(firm.zip(given))?;
        let scope = call.scope(firm, FirmName(firm))?;
        let voice = Voice::from(&call.caller);
        let act = Act::from(&call);
        let name = CommentName::new(firm, CommentId::generate());
        let answer = self
            .db
            .run_once(scope, retry, move |tx| {
                Box::pin(units::create(tx, act, name, voice, given))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_comment(
        &self,
        request: Request<v1::GetCommentRequest>,
    ) -> Result<Response<v1::Comment>, Status> {
        let (call, request) = Call::open(request, "caseload.intake.v1.CommentService/GetComment")?;
        let mut violations = Violations::new();
        let name = fields::parsed(&mut violations, "name", &request.name);
        let name: CommentName = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let answer = self
            .db
            .run(scope, move |tx| Box::pin(units::get(tx, name)))
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_comments(
        &self,
        request: Request<v1::ListCommentsRequest>,
    ) -> Result<Response<v1::ListCommentsResponse>, Status> {
        let (call, mut request) =
            Call::open(request, "caseload.intake.v1.CommentService/ListComments")?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let firm = fields::firm(&mut violations, "parent", &request.parent);
        let task = contract::task_below(&mut violations, "task", &request.task, firm);
        let (size, task) = violations.finish(size.zip(task))?;
        let token = std::mem::take(&mut request.page_token);
        let listing = Listing::open(&self.db, &call, &request, size, &token)?;
        let scope = call.scope(task.firm, &request.parent)?;
        let voice = Voice::from(&call.caller);
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(units::list(tx, db, listing, voice, task))
            })
            .await?;
        Ok(Response::new(answer))
    }
}
