//! What a request needs before it is accepted.

use caseload_proto::caseload::intake::v1::*;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::world::{
    World, accept, consent, create_firm, firm, get_request, refusal, review_and_accept, task,
};

/// What stands in the way, as the answer tells it.
fn in_the_way(answer: Result<Request, tonic::Status>) -> Vec<String> {
    let status = answer.expect_err("a refusal");
    assert_eq!(status.code(), Code::FailedPrecondition, "{status:?}");
    let details = status.get_details_precondition_failure().unwrap();
    details
        .violations
        .into_iter()
        .map(|violation| violation.r#type)
        .collect()
}

#[tokio::test]
async fn everything_that_is_missing_is_told_at_once_and_nothing_changes() {
    let world = World::new().await;
    let mut bare = firm("BARE");
    bare.consents.clear();
    let created = create_firm(&world.coordinator(), bare).await.unwrap();
    let other = world.firm("OTHER").await;
    other
        .matter("CLS Bank International", "Somebody Else")
        .await;
    let bare = crate::world::FirmOf {
        id: created
            .name
            .parse::<caseload_domain::name::FirmName>()
            .unwrap()
            .0,
        admin: world.person(caseload_testing::tokens::firm_admin(
            created
                .name
                .parse::<caseload_domain::name::FirmName>()
                .unwrap()
                .0,
        )),
        attorney: world.person(caseload_testing::tokens::attorney(
            created
                .name
                .parse::<caseload_domain::name::FirmName>()
                .unwrap()
                .0,
        )),
        name: created.name,
    };
    let matter = bare.matter("Alice Corp.", "CLS Bank International").await;
    let (request, task) = bare.submitted(&matter).await;
    let mut attorney = bare.attorney.clone();
    attorney
        .requests
        .update_request(UpdateRequestRequest {
            request: Some(Request {
                name: request.name.clone(),
                ..Request::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["supervising_attorney_id".to_owned()],
            }),
            ..UpdateRequestRequest::default()
        })
        .await
        .unwrap();
    let obstacles = in_the_way(review_and_accept(&world, &request).await);
    assert_eq!(
        obstacles,
        [
            "CONFLICT_UNRESOLVED",
            "CONSENT_MISSING",
            "SUPERVISING_ATTORNEY_MISSING"
        ]
    );
    let unchanged = get_request(&bare.attorney, &request.name).await.unwrap();
    assert_eq!(unchanged.state(), RequestState::InReview);
    world.task_becomes(&task.name, TaskState::Pending).await;
}

#[tokio::test]
async fn a_consent_that_was_revoked_covers_nothing_until_another_is_recorded() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice Corp.", "CLS Bank International").await;
    let (request, _) = firm.submitted(&matter).await;
    let mut admin = firm.admin.clone();
    let held = admin
        .firms
        .get_firm(GetFirmRequest {
            name: firm.name.clone(),
        })
        .await
        .unwrap()
        .into_inner();
    let revoked = admin
        .firms
        .revoke_consent(RevokeConsentRequest {
            name: firm.name.clone(),
            consent_id: held.consents[0].consent_id.clone(),
            ..RevokeConsentRequest::default()
        })
        .await
        .unwrap()
        .into_inner();
    assert!(revoked.consents[0].revoke_time.is_some());
    assert_eq!(
        in_the_way(review_and_accept(&world, &request).await),
        ["CONSENT_MISSING"]
    );

    let of_another_client = ConsentRecord {
        scope: Some(ConsentScope {
            reach: Some(consent_scope::Reach::ClientDisplayName(
                "Bob Inc.".to_owned(),
            )),
        }),
        ..consent()
    };
    let of_this_matter = ConsentRecord {
        scope: Some(ConsentScope {
            reach: Some(consent_scope::Reach::Matter(matter.name.clone())),
        }),
        ..consent()
    };
    for (consent, covers) in [(of_another_client, false), (of_this_matter, true)] {
        admin
            .firms
            .record_consent(RecordConsentRequest {
                name: firm.name.clone(),
                consent: Some(consent),
                ..RecordConsentRequest::default()
            })
            .await
            .unwrap();
        assert_eq!(accept(&world, &request).await.is_ok(), covers);
    }
}

#[tokio::test]
async fn a_suspended_firm_reads_and_submits_nothing_and_has_nothing_accepted() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice Corp.", "CLS Bank International").await;
    let (request, _) = firm.submitted(&matter).await;
    let draft = firm.draft(&matter).await;
    firm.add(&draft, task()).await.unwrap();
    let mut manager = world.manager();
    let suspend = SuspendFirmRequest {
        name: firm.name.clone(),
        reason: "Invoices are unpaid".to_owned(),
        ..SuspendFirmRequest::default()
    };
    let suspended = manager
        .firms
        .suspend_firm(suspend.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(suspended.state(), FirmState::Suspended);
    assert_eq!(
        refusal(manager.firms.suspend_firm(suspend).await).1,
        "WRONG_STATE"
    );

    assert!(get_request(&firm.attorney, &draft.name).await.is_ok());
    let refused = refusal(firm.submit(&draft).await);
    assert_eq!(
        refused,
        (Code::FailedPrecondition, "FIRM_SUSPENDED".to_owned())
    );
    assert_eq!(
        in_the_way(review_and_accept(&world, &request).await),
        ["FIRM_SUSPENDED"]
    );

    let reinstate = ReinstateFirmRequest {
        name: firm.name.clone(),
        ..ReinstateFirmRequest::default()
    };
    let active = manager
        .firms
        .reinstate_firm(reinstate.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (active.state(), active.suspend_reason.as_str()),
        (FirmState::Active, "")
    );
    assert_eq!(
        refusal(manager.firms.reinstate_firm(reinstate).await).1,
        "WRONG_STATE"
    );
    firm.submit(&draft).await.unwrap();
    accept(&world, &request).await.unwrap();
}

#[tokio::test]
async fn an_attorney_who_left_after_the_submission_does_not_supervise() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice Corp.", "CLS Bank International").await;
    let (request, _) = firm.submitted(&matter).await;
    let mut admin = firm.admin.clone();
    let attorneys = |inactive| UpdateFirmRequest {
        firm: Some(Firm {
            name: firm.name.clone(),
            supervising_attorneys: vec![SupervisingAttorney {
                attorney_id: "roe".to_owned(),
                display_name: "Jane Roe".to_owned(),
                inactive,
                ..SupervisingAttorney::default()
            }],
            ..Firm::default()
        }),
        ..UpdateFirmRequest::default()
    };
    admin.firms.update_firm(attorneys(true)).await.unwrap();
    assert_eq!(
        in_the_way(review_and_accept(&world, &request).await),
        ["SUPERVISING_ATTORNEY_MISSING"]
    );
    let gone = UpdateFirmRequest {
        firm: Some(Firm {
            name: firm.name.clone(),
            ..Firm::default()
        }),
        update_mask: Some(prost_types::FieldMask {
            paths: vec!["supervising_attorneys".to_owned()],
        }),
        ..UpdateFirmRequest::default()
    };
    let refused = refusal(admin.firms.update_firm(gone).await);
    assert_eq!(
        refused,
        (
            Code::FailedPrecondition,
            "SUPERVISING_ATTORNEY_NAMED".to_owned()
        )
    );
    admin.firms.update_firm(attorneys(false)).await.unwrap();
    accept(&world, &request).await.unwrap();
}
