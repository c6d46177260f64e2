//! `PracticeAreaService`. The areas are facts of ours, the same for every caller: no database is asked.

use caseload_database::Database;
use caseload_domain::PracticeArea;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::practice_area_service_server::PracticeAreaService;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status};

use crate::error::IntakeError;

/// Serves `PracticeAreaService`.
#[derive(Debug, Clone)]
pub(crate) struct PracticeAreas {
    /// For its page tokens.
    pub(crate) db: Database,
}

#[tonic::async_trait]
impl PracticeAreaService for PracticeAreas {
    async fn list_practice_areas(
        &self,
        request: Request<v1::ListPracticeAreasRequest>,
    ) -> Result<Response<v1::ListPracticeAreasResponse>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.intake.v1.PracticeAreaService/ListPracticeAreas",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, request.page_size);
        let size = usize::try_from(violations.finish(size)?).unwrap_or(usize::MAX);
        let pages = self.db.pages();
        let from: usize = pages.open(call.method, &request.page_token)?.unwrap_or(0);
        let practice_areas: Vec<_> = PracticeArea::all()
            .skip(from)
            .take(size)
            .map(|area| v1::PracticeArea {
                display_name: area.name().to_owned(),
                parents: area
                    .parents()
                    .iter()
                    .map(|name| (*name).to_owned())
                    .collect(),
                iri: area.iri().unwrap_or_default().to_owned(),
            })
            .collect();
        let next = from + practice_areas.len();
        let next_page_token = if next < PracticeArea::all().len() {
            pages.seal(call.method, &next).map_err(IntakeError::from)?
        } else {
            String::new()
        };
        Ok(Response::new(v1::ListPracticeAreasResponse {
            practice_areas,
            next_page_token,
        }))
    }
}
