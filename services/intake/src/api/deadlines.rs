//! `DeadlineService`. A deadline is computed from what the caller says: no database is asked.

mod contract;
mod words;

use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::deadline_service_server::DeadlineService;
use caseload_proto::convert::timestamp;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

pub(super) use self::contract::{answer, read, steps};

/// Serves `DeadlineService`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadlines;

#[tonic::async_trait]
impl DeadlineService for Deadlines {
    async fn compute_deadline(
        &self,
        request: Request<v1::ComputeDeadlineRequest>,
    ) -> Result<Response<v1::ComputeDeadlineResponse>, Status> {
        let (_, request) = Call::open(
            request,
            "caseload.intake.v1.DeadlineService/ComputeDeadline",
        )?;
        let mut violations = Violations::new();
        let court = violations
            .required("court_deadline", request.court_deadline.as_ref())
            .and_then(|given| read(&mut violations, "court_deadline", given));
        let deadline = violations.finish(court)?.deadline;
        Ok(Response::new(v1::ComputeDeadlineResponse {
            date: Some(deadline.day.into()),
            deadline_time: Some(timestamp(deadline.time)),
            steps: steps(&deadline),
        }))
    }
}
