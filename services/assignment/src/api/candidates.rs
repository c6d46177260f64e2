//! `CandidateService`: who could do a task, at what cost, and why the others can't.

use caseload_domain::name::{ParalegalName, TaskName};
use caseload_domain::{ParalegalId, Scope};
use caseload_proto::caseload::assignment::v1::candidate_service_server::CandidateService;
use caseload_proto::caseload::assignment::v1::{
    Candidate, ExcludedParalegal, ListCandidatesRequest, ListCandidatesResponse,
};
use caseload_proto::convert::seconds;
use caseload_proto::parse::Violations;
use caseload_runtime::{Call, clock};
use tonic::{Request, Response};
use uuid::Uuid;

use super::{Answered, Context, convert, cut};
use crate::domain::facts::{Facts, Judgement};
use crate::domain::paralegal::Paralegal;
use crate::domain::policy::Policy;
use crate::error::Error;
use crate::store::facts;

/// Serves candidates.
#[derive(Debug, Clone)]
pub struct Candidates(pub Context);

/// Where a list goes on: after this cost and this paralegal.
type After = (i64, Uuid);

#[tonic::async_trait]
impl CandidateService for Candidates {
    async fn list_candidates(
        &self,
        request: Request<ListCandidatesRequest>,
    ) -> Answered<ListCandidatesResponse> {
        let (call, request) = Call::open(
            request,
            "caseload.assignment.v1.CandidateService/ListCandidates",
        )?;
        let mut violations = Violations::new();
        let task = violations.keep("parent", request.parent.parse::<TaskName>());
        let size = call.page_size(&mut violations, request.page_size);
        let (task, size) = violations.finish(task.zip(size))?;
        let list = call.list(&task);
        let pages = self.0.db.pages();
        let after: Option<After> = pages.open(&list, &request.page_token)?;
        let policy = self.0.policy.clone();
        let work = self.0.db.run(Scope::AllFirms, move |tx| {
            Box::pin(async move {
                let now = clock::now();
                let facts = facts::gather(tx, &policy, now, &[task], None).await?;
                judge_all(&policy, now, &facts, task)
            })
        });
        let judged = work.await?;
        let currency = self.0.policy.currency;
        let (mut fit, mut excluded) = (Vec::new(), Vec::new());
        for (paralegal, judgement) in judged {
            match judgement.fit(None) {
                Some((terms, cost)) => fit.push((paralegal, judgement, terms, cost)),
                None => excluded.push((paralegal, judgement)),
            }
        }
        let place = |id: ParalegalId, total: i64| (total, id.0);
        fit.sort_by_key(|(paralegal, _, _, cost)| place(paralegal.id, cost.total()));
        if let Some(after) = after {
            fit.retain(|(paralegal, _, _, cost)| place(paralegal.id, cost.total()) > after);
            excluded.clear();
        }
        excluded.sort_by_key(|(paralegal, judgement)| (judgement.exclusions.len(), paralegal.id));
        let (excluded, _) = cut(excluded, size);
        let (fit, more) = cut(fit, size);
        let end = fit.last().filter(|_| more);
        let next_page_token = match end {
            Some((paralegal, _, _, cost)) => {
                pages.seal(&list, &place(paralegal.id, cost.total()))?
            }
            None => String::new(),
        };
        let candidates = fit
            .into_iter()
            .map(|(paralegal, judgement, terms, cost)| Candidate {
                paralegal: ParalegalName(paralegal.id).to_string(),
                paralegal_display_name: paralegal.profile.display_name(),
                level: i32::from(judgement.level),
                expected_effort: Some(seconds(judgement.effort)),
                pay_terms: Some(convert::pay_terms(terms)),
                cost: Some(convert::cost(cost, currency)),
                free_time: Some(seconds(judgement.free)),
            });
        let excluded = excluded
            .into_iter()
            .map(|(paralegal, judgement)| ExcludedParalegal {
                paralegal: ParalegalName(paralegal.id).to_string(),
                paralegal_display_name: paralegal.profile.display_name(),
                exclusions: judgement
                    .exclusions
                    .iter()
                    .map(convert::exclusion)
                    .collect(),
            });
        Ok(Response::new(ListCandidatesResponse {
            candidates: candidates.collect(),
            excluded_paralegals: excluded.collect(),
            next_page_token,
        }))
    }
}

/// How everybody on the roster comes out for a task.
fn judge_all(
    policy: &Policy,
    now: time::OffsetDateTime,
    facts: &Facts,
    task: TaskName,
) -> Result<Vec<(Paralegal, Judgement)>, Error> {
    let found = facts
        .tasks
        .first()
        .ok_or_else(|| Error::NotFound(task.to_string()))?;
    facts
        .roster
        .iter()
        .map(|paralegal| {
            Ok((
                paralegal.clone(),
                facts.judge(policy, now, found, paralegal)?,
            ))
        })
        .collect()
}
