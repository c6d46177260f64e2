//! `TaskKindService`. The subkinds are facts of ours, the same for every caller: no database is asked.

use caseload_database::Database;
use caseload_domain::Subkind;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::task_kind_service_server::TaskKindService;
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use crate::error::IntakeError;

/// Serves `TaskKindService`.
#[derive(Debug, Clone)]
pub(crate) struct TaskKinds {
    /// For its page tokens.
    pub(crate) db: Database,
}

#[tonic::async_trait]
impl TaskKindService for TaskKinds {
    async fn list_task_subkinds(
        &self,
        request: Request<v1::ListTaskSubkindsRequest>,
    ) -> Result<Response<v1::ListTaskSubkindsResponse>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.TaskKindService/ListTaskSubkinds",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, request.page_size);
        let kind = match request.kind {
            0 => Some(None),
            number => violations
                .keep("kind", convert::task_kind(number))
                .map(Some),
        };
        let (size, kind) = violations.finish(size.zip(kind))?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let (pages, list) = (self.db.pages(), call.list(&kind));
        let from: usize = pages.open(&list, &request.page_token)?.unwrap_or(0);
        let of_kind: Vec<_> = Subkind::all()
            .filter(|subkind| kind.is_none_or(|kind| subkind.kind() == kind))
            .collect();
        let task_subkinds: Vec<_> = of_kind
            .iter()
            .skip(from)
            .take(size)
            .map(|subkind| v1::TaskSubkind {
                slug: subkind.slug().to_owned(),
                display_name: subkind.title().to_owned(),
                kind: types::TaskKind::from(subkind.kind()).into(),
                utbms_task_code: subkind
                    .task_code()
                    .map(|code| code.as_str().to_owned())
                    .unwrap_or_default(),
            })
            .collect();
        let next = from + task_subkinds.len();
        let next_page_token = if next < of_kind.len() {
            pages.seal(&list, &next).map_err(IntakeError::from)?
        } else {
            String::new()
        };
        Ok(Response::new(v1::ListTaskSubkindsResponse {
            task_subkinds,
            next_page_token,
        }))
    }
}
