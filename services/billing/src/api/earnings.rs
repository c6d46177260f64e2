//! What paralegals have earned.

use caseload_auth::Who;
use caseload_domain::name::ParalegalName;
use caseload_domain::{ParalegalId, Scope};
use caseload_proto::caseload::billing::v1::earning_service_server::EarningService;
use caseload_proto::caseload::billing::v1::{
    Earning, EarningKind as KindMessage, EarningState, EarningSummary, ListEarningsRequest,
    ListEarningsResponse, SummarizeEarningsRequest, SummarizeEarningsResponse,
};
use caseload_proto::convert::seconds;
use caseload_proto::parse::Violations;
use caseload_proto::status::not_found;
use caseload_runtime::Call;
use tonic::{Request, Response, Status, async_trait};

use super::{Billing, optional_date, ordered, required_date};
use crate::domain::earning::EarningKind;
use crate::error::Error;
use crate::store::listed_earnings::{self as earnings, After, AfterSum, Filter, Listed, Sum};

#[async_trait]
impl EarningService for Billing {
    async fn list_earnings(
        &self,
        request: Request<ListEarningsRequest>,
    ) -> Result<Response<ListEarningsResponse>, Status> {
        let (call, mut request) =
            Call::open(request, "caseload.billing.v1.EarningService/ListEarnings")?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, request.page_size);
        let parent = parse_parent(&mut violations, &request.parent);
        let start = optional_date(&mut violations, "start_date", request.start_date.as_ref());
        let end = optional_date(&mut violations, "end_date", request.end_date.as_ref());
        ordered(&mut violations, "end_date", start.flatten(), end.flatten());
        let parsed = (|| Some((size?, parent?, start?, end?)))();
        let (size, parent, start, end) = violations.finish(parsed)?;
        let (scope, paralegal) = reach(&call, parent)?;
        let filter = Filter {
            paralegal,
            start,
            end,
        };
        request.page_size = 0;
        let token = std::mem::take(&mut request.page_token);
        let list = call.list(&request);
        let page = self.page_of::<After>(&list, &token, size)?;
        let limit = page.limit();
        let mut found = self
            .db
            .run(scope, move |tx| {
                Box::pin(async move { earnings::list(tx, filter, page.after, limit).await })
            })
            .await
            .map_err(|error: Error| Status::from(error))?;
        let next_page_token = self.next_page(&list, &mut found, size, After::of)?;
        Ok(Response::new(ListEarningsResponse {
            earnings: found.into_iter().map(message).collect(),
            next_page_token,
        }))
    }

    async fn summarize_earnings(
        &self,
        request: Request<SummarizeEarningsRequest>,
    ) -> Result<Response<SummarizeEarningsResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.billing.v1.EarningService/SummarizeEarnings",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, request.page_size);
        let parent = parse_parent(&mut violations, &request.parent);
        let start = required_date(&mut violations, "start_date", request.start_date.as_ref());
        let end = required_date(&mut violations, "end_date", request.end_date.as_ref());
        ordered(&mut violations, "end_date", start, end);
        let parsed = (|| Some((size?, parent?, start?, end?)))();
        let (size, parent, start, end) = violations.finish(parsed)?;
        let (scope, paralegal) = reach(&call, parent)?;
        let filter = Filter {
            paralegal,
            start: Some(start),
            end: Some(end),
        };
        request.page_size = 0;
        let token = std::mem::take(&mut request.page_token);
        let list = call.list(&request);
        let page = self.page_of::<AfterSum>(&list, &token, size)?;
        let limit = page.limit();
        let mut found = self
            .db
            .run(scope, move |tx| {
                Box::pin(async move { earnings::sums(tx, filter, page.after, limit).await })
            })
            .await
            .map_err(|error: Error| Status::from(error))?;
        let next_page_token = self.next_page(&list, &mut found, size, AfterSum::of)?;
        let earning_summaries = found
            .into_iter()
            .map(summary)
            .collect::<Result<_, Error>>()
            .map_err(Status::from)?;
        Ok(Response::new(SummarizeEarningsResponse {
            earning_summaries,
            next_page_token,
        }))
    }
}

/// One paralegal, or all that the caller may see.
#[derive(Debug, Clone, Copy)]
enum Parent {
    One(ParalegalId),
    All,
}

fn parse_parent(violations: &mut Violations, text: &str) -> Option<Parent> {
    if text == "paralegals/-" {
        return Some(Parent::All);
    }
    let ParalegalName(id) = violations.keep("parent", text.parse())?;
    Some(Parent::One(id))
}

/// What a caller reaches: a paralegal their own, the suite's staff everyone's; nobody of a firm anything.
fn reach(call: &Call, parent: Parent) -> Result<(Scope, Option<ParalegalId>), Status> {
    match (call.caller.who, parent) {
        (Who::Paralegal(own), Parent::One(asked)) if own != asked => {
            Err(not_found(ParalegalName(asked)))
        }
        (Who::Paralegal(own), _) => Ok((Scope::Paralegal(own), Some(own))),
        (Who::Suite, Parent::One(asked)) => Ok((Scope::AllFirms, Some(asked))),
        (Who::Suite, Parent::All) => Ok((Scope::AllFirms, None)),
        (Who::Firm(_), Parent::One(asked)) => Err(not_found(ParalegalName(asked))),
        (Who::Firm(_), Parent::All) => Err(not_found("paralegals/-")),
    }
}

fn message(earning: Listed) -> Earning {
    Earning {
        name: earning.name.to_string(),
        kind: match earning.kind {
            EarningKind::Time => KindMessage::Time,
            EarningKind::ProjectFee => KindMessage::ProjectFee,
            EarningKind::Reversal => KindMessage::Reversal,
        }
        .into(),
        state: match earning.amount {
            None => EarningState::Pending,
            Some(_) => EarningState::Earned,
        }
        .into(),
        source: earning.source,
        assignment: earning.assignment.to_string(),
        task: earning.task.to_string(),
        earn_date: Some(earning.day.into()),
        worked: earning.worked_seconds.map(seconds),
        hourly_pay: earning.hourly_pay.map(Into::into),
        amount: earning.amount.map(Into::into),
    }
}

fn summary(sum: Sum) -> Result<EarningSummary, Error> {
    let total = sum.hourly.plus(sum.project)?;
    Ok(EarningSummary {
        paralegal: ParalegalName(sum.paralegal).to_string(),
        paralegal_display_name: sum.display_name.unwrap_or_default(),
        worked: Some(seconds(sum.worked_seconds)),
        hourly_amount: Some(sum.hourly.into()),
        project_amount: Some(sum.project.into()),
        total: Some(total.into()),
    })
}
