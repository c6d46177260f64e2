//! `ServiceLevelService`.

mod contract;

use caseload_database::{Database, Transaction};
use caseload_domain::FirmId;
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::intake::v1::service_level_service_server::ServiceLevelService;
use caseload_proto::parse::Violations;
use caseload_runtime::{Call, clock};
use tonic::{Request, Response, Status};

use self::contract::{answer, dimensions, period};
use super::fields;
use crate::domain::service_level::{Dimension, Period};
use crate::error::IntakeError;
use crate::store;
use crate::store::service_levels::Query;

/// Serves `ServiceLevelService`.
#[derive(Debug, Clone)]
pub(crate) struct ServiceLevels {
    pub(crate) db: Database,
}

#[tonic::async_trait]
impl ServiceLevelService for ServiceLevels {
    async fn query_service_levels(
        &self,
        request: Request<v1::QueryServiceLevelsRequest>,
    ) -> Result<Response<v1::QueryServiceLevelsResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.intake.v1.ServiceLevelService/QueryServiceLevels",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, std::mem::take(&mut request.page_size));
        let parent = fields::parent(&mut violations, &request.parent);
        let period = period(&mut violations, &request);
        let by = dimensions(&mut violations, &request.group_by);
        let parsed = size.zip(parent).zip(period).zip(by);
        let (((size, parent), period), by) = violations.finish(parsed)?;
        let token = std::mem::take(&mut request.page_token);
        // A page begins after so many rows: what a row is made of has no other name.
        let list = call.list(&request);
        let skip: i64 = self.db.pages().open(&list, &token)?.unwrap_or(0);
        let scope = call.scope_of_list(parent, &request.parent)?;
        let asked = Asked {
            firm: parent.one(),
            name: request.parent,
            period,
            by,
            skip,
            size,
        };
        let db = self.db.clone();
        let answer = self
            .db
            .run(scope, move |tx| {
                Box::pin(query(tx, db.clone(), list.clone(), asked.clone()))
            })
            .await?;
        Ok(Response::new(answer))
    }
}

/// A query as it was asked.
#[derive(Debug, Clone)]
struct Asked {
    firm: Option<FirmId>,
    name: String,
    period: Period,
    by: Vec<Dimension>,
    skip: i64,
    size: i64,
}

async fn query(
    tx: &mut Transaction,
    db: Database,
    list: String,
    asked: Asked,
) -> Result<v1::QueryServiceLevelsResponse, IntakeError> {
    let zones = store::service_levels::zones(tx, asked.firm).await?;
    if asked.firm.is_some() && zones.is_empty() {
        return Err(IntakeError::NotFound(asked.name));
    }
    let by_month = asked.by.contains(&Dimension::Month);
    let spans = zones.iter().flat_map(|(firm, zone)| {
        let spans = asked.period.spans(zone, by_month);
        spans.into_iter().map(|span| (*firm, span))
    });
    let query = Query {
        spans: spans.collect(),
        by: asked.by,
        skip: asked.skip,
        // One more than the page, to know whether there is another.
        limit: asked.size.saturating_add(1),
    };
    let mut levels = store::service_levels::levels(tx, &query, clock::now()).await?;
    let size = usize::try_from(asked.size).unwrap_or(usize::MAX);
    let next_page_token = if levels.len() > size {
        levels.truncate(size);
        db.pages()
            .seal(&list, &asked.skip.saturating_add(asked.size))?
    } else {
        String::new()
    };
    Ok(v1::QueryServiceLevelsResponse {
        service_levels: levels.iter().map(|level| answer(level, by_month)).collect(),
        next_page_token,
    })
}
