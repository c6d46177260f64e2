//! A firm's rules for time.

use caseload_database::etag;
use caseload_domain::work_time::{IncrementRounding, IncrementRule, InvalidIncrement};
use caseload_proto::caseload::timekeeping::v1 as contract;
use caseload_proto::caseload::timekeeping::v1::time_rules_service_server::TimeRulesService;
use caseload_proto::convert::whole_seconds;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use futures::FutureExt as _;
use tonic::{Request, Response, Status};

use super::flow::Timekeeping;
use super::{answer, audit, parse};
use crate::error::Error;
use crate::store::{known, rules};

/// What an update can change.
const UPDATABLE: [&str; 3] = [
    "billing_rule",
    "billing_rule.increment",
    "billing_rule.rounding",
];

/// The parts of a rule that change.
#[derive(Debug, Clone, Copy, Default)]
struct Change {
    seconds: Option<i64>,
    rounding: Option<IncrementRounding>,
}

impl Change {
    fn apply(self, rule: IncrementRule) -> Result<IncrementRule, InvalidIncrement> {
        let seconds = self.seconds.unwrap_or(rule.seconds().into());
        IncrementRule::new(seconds, self.rounding.unwrap_or(rule.rounding()))
    }
}

#[tonic::async_trait]
impl TimeRulesService for Timekeeping {
    async fn get_time_rules(
        &self,
        request: Request<contract::GetTimeRulesRequest>,
    ) -> Result<Response<contract::TimeRules>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeRulesService/GetTimeRules",
        )?;
        let mut violations = Violations::new();
        let firm = parse::rules_name(&mut violations, "name", &request.name);
        let firm = violations.finish(firm)?;
        let scope = call.scope(firm, answer::rules_name(firm))?;
        let found = self.read(scope, move |tx| {
            async move {
                if !known::firm_exists(tx, firm).await? {
                    return Err(Error::NotFound(answer::rules_name(firm)));
                }
                Ok(rules::get(tx, firm).await?)
            }
            .boxed()
        });
        Ok(Response::new(answer::time_rules(&found.await?)))
    }

    async fn update_time_rules(
        &self,
        request: Request<contract::UpdateTimeRulesRequest>,
    ) -> Result<Response<contract::TimeRules>, Status> {
        self.update_rules(request).await.map(Response::new)
    }
}

impl Timekeeping {
    async fn update_rules(
        &self,
        request: Request<contract::UpdateTimeRulesRequest>,
    ) -> Result<contract::TimeRules, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.timekeeping.v1.TimeRulesService/UpdateTimeRules",
        )?;
        let act = self.act(&call);
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let given = violations.required("time_rules", request.time_rules.as_ref());
        let parsed = given.and_then(|given| {
            let firm = parse::rules_name(&mut violations, "time_rules.name", &given.name);
            let change = change(&mut violations, &request, given);
            Some((firm?, change, given.etag.clone()))
        });
        let (firm, change, etag) = violations.finish(parsed)?;
        let name = answer::rules_name(firm);
        let scope = call.scope(firm, &name)?;

        let work = self.change(scope, retry, move |tx| {
            async move {
                if !known::firm_exists(tx, firm).await? {
                    return Err(Error::NotFound(name));
                }
                let before = rules::lock(tx, firm).await?;
                etag::check(&etag, before.version)?;
                let rule = change.apply(before.rule).map_err(|why| {
                    let field = "time_rules.billing_rule.increment".to_owned();
                    Error::Invalid(vec![(field, why.to_string())])
                })?;
                let after = rules::TimeRules {
                    firm,
                    rule,
                    version: before.version + 1,
                    update_time: Some(act.now),
                };
                rules::save(tx, &after).await?;
                let (was, is) = (audit::rules(&before), audit::rules(&after));
                act.record(tx, Some(firm), name, Some(was), Some(is))
                    .await?;
                Ok(answer::time_rules(&after))
            }
            .boxed()
        });
        work.await
    }
}

/// What changes: what the mask names, or without one what is set.
fn change(
    violations: &mut Violations,
    request: &contract::UpdateTimeRulesRequest,
    given: &contract::TimeRules,
) -> Change {
    let rule = given.billing_rule.unwrap_or_default();
    let mask = request.update_mask.as_ref();
    let mask = Mask::read(violations, "update_mask", mask, &UPDATABLE);
    let whole = mask.has("billing_rule", false);
    let increment = whole || mask.has("billing_rule.increment", rule.increment.is_some());
    let rounding = whole || mask.has("billing_rule.rounding", rule.rounding != 0);
    let field = "time_rules.billing_rule.increment";
    let mut change = Change::default();
    if increment && let Some(length) = violations.required(field, rule.increment) {
        change.seconds = violations.keep(field, whole_seconds(&length));
        if let Some(seconds) = change.seconds {
            violations.keep(field, IncrementRule::new(seconds, IncrementRounding::Exact));
        }
    }
    if rounding {
        let field = "time_rules.billing_rule.rounding";
        change.rounding = parse::rounding(violations, field, rule.rounding);
    }
    change
}
