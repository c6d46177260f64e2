//! How a firm wants time billed.

use caseload_proto::caseload::timekeeping::v1::{
    GetTimeRulesRequest, IncrementRounding, IncrementRule, TimeRules, UpdateTimeRulesRequest,
};
use caseload_proto::convert::{seconds, timestamp};
use caseload_testing::tokens;
use prost_types::FieldMask;
use tonic::Code;

use crate::refusals::fields;
use crate::world::{MONDAY, NOW, World};

fn rule(increment: i64, rounding: IncrementRounding) -> IncrementRule {
    IncrementRule {
        increment: Some(seconds(increment)),
        rounding: rounding.into(),
    }
}

fn update(firm: &str, rule: IncrementRule) -> UpdateTimeRulesRequest {
    UpdateTimeRulesRequest {
        time_rules: Some(TimeRules {
            name: format!("{firm}/timeRules"),
            billing_rule: Some(rule),
            ..TimeRules::default()
        }),
        ..UpdateTimeRulesRequest::default()
    }
}

#[tokio::test]
async fn a_firm_has_tenths_rounded_up_until_it_sets_another_rule() {
    let world = World::new().await;
    let job = world.job().await;
    let mut clerk = world.rules(tokens::billing_clerk());
    let request = GetTimeRulesRequest {
        name: format!("{}/timeRules", job.firm_name()),
    };
    let default = clerk
        .get_time_rules(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(default.billing_rule, Some(rule(360, IncrementRounding::Up)));
    assert_eq!(default.update_time, None);
    let nearest = update(&job.firm_name(), rule(900, IncrementRounding::Nearest));
    let set = clerk.update_time_rules(nearest).await.unwrap().into_inner();
    assert_eq!(
        set.billing_rule,
        Some(rule(900, IncrementRounding::Nearest))
    );
    assert_eq!(set.update_time, Some(timestamp(NOW)));
    assert_eq!(
        clerk
            .get_time_rules(request.clone())
            .await
            .unwrap()
            .into_inner(),
        set
    );
    let admin = world
        .rules(tokens::firm_admin(job.firm))
        .get_time_rules(request)
        .await;
    assert_eq!(admin.unwrap().into_inner(), set);
    let entry = world.recorded(&job, job.work(MONDAY, 61 * 60)).await;
    assert_eq!(
        (entry.worked, entry.billed),
        (Some(seconds(3660)), Some(seconds(3600)))
    );
    assert_eq!(entry.billing_rule, set.billing_rule);
}

#[tokio::test]
async fn a_new_rule_holds_for_what_is_handed_in_from_then_on() {
    let world = World::new().await;
    let job = world.job().await;
    let before = world.recorded(&job, job.work(MONDAY, 61 * 60)).await;
    let draft = world
        .recorded(&job, job.work(MONDAY + time::Duration::hours(2), 61 * 60))
        .await;
    let before = world.submitted(&job, &[&before]).await.remove(0);
    let mut clerk = world.rules(tokens::billing_clerk());
    clerk
        .update_time_rules(update(&job.firm_name(), rule(360, IncrementRounding::Down)))
        .await
        .unwrap();
    let after = world.submitted(&job, &[&draft]).await.remove(0);
    assert_eq!(
        (before.billed, after.billed),
        (Some(seconds(3960)), Some(seconds(3600)))
    );
}

#[tokio::test]
async fn a_part_of_the_rule_is_changed_by_itself() {
    let world = World::new().await;
    let firm = format!("firms/{}", world.firm().await);
    let mut clerk = world.rules(tokens::billing_clerk());
    let mut request = update(&firm, rule(7, IncrementRounding::Exact));
    request.update_mask = Some(FieldMask {
        paths: vec!["billing_rule.rounding".to_owned()],
    });
    let set = clerk
        .update_time_rules(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(set.billing_rule, Some(rule(360, IncrementRounding::Exact)));
    let whole = UpdateTimeRulesRequest {
        update_mask: Some(FieldMask {
            paths: vec!["*".to_owned()],
        }),
        ..update(&firm, rule(600, IncrementRounding::Up))
    };
    let set = clerk.update_time_rules(whole).await.unwrap().into_inner();
    assert_eq!(set.billing_rule, Some(rule(600, IncrementRounding::Up)));
    if let Some(rules) = &mut request.time_rules {
        rules.etag = "\"0\"".to_owned();
    }
    let stale = clerk.update_time_rules(request).await.unwrap_err();
    assert_eq!(stale.code(), Code::Aborted);
}

#[tokio::test]
async fn a_rule_that_does_not_divide_the_hour_is_refused() {
    let world = World::new().await;
    let firm = format!("firms/{}", world.firm().await);
    let mut clerk = world.rules(tokens::billing_clerk());
    for increment in [0, -360, 7, 7200, i64::MAX] {
        let request = update(&firm, rule(increment, IncrementRounding::Up));
        let refused = clerk.update_time_rules(request).await.unwrap_err();
        assert_eq!(
            fields(&refused),
            ["time_rules.billing_rule.increment"],
            "{increment}"
        );
    }
    let mut request = update("firms/1", rule(360, IncrementRounding::Up));
    request.update_mask = Some(FieldMask {
        paths: ["name", "billing_rule"].map(str::to_owned).to_vec(),
    });
    if let Some(rules) = &mut request.time_rules {
        rules.billing_rule = None;
    }
    let refused = clerk.update_time_rules(request).await.unwrap_err();
    assert_eq!(
        fields(&refused),
        [
            "time_rules.name",
            "update_mask",
            "time_rules.billing_rule.increment",
            "time_rules.billing_rule.rounding"
        ]
    );
}

#[tokio::test]
async fn rules_of_an_unknown_or_another_firm_are_not_found() {
    let world = World::new().await;
    let firm = world.firm().await;
    let unknown = GetTimeRulesRequest {
        name: format!("firms/{}/timeRules", caseload_domain::FirmId::generate()),
    };
    let refused = world
        .rules(tokens::billing_clerk())
        .get_time_rules(unknown.clone())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    let refused = world
        .rules(tokens::firm_admin(firm))
        .get_time_rules(unknown)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    let request = update(&format!("firms/{firm}"), rule(360, IncrementRounding::Up));
    let refused = world
        .rules(tokens::firm_admin(firm))
        .update_time_rules(request)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}
