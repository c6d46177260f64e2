//! Concurrent edits: nothing is lost.

use caseload_proto::caseload::intake::v1::*;
use futures::future::join_all;
use prost_types::FieldMask;
use tonic::Code;

use crate::world::{World, party, refusal, task};

#[tokio::test]
async fn of_many_edits_of_one_version_one_is_made() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    let task = firm.add(&draft, task()).await.unwrap();
    let edits = (0..8).map(|number| {
        let mut attorney = firm.attorney.clone();
        let edit = UpdateTaskRequest {
            task: Some(Task {
                name: task.name.clone(),
                title: format!("Title {number}"),
                etag: task.etag.clone(),
                ..Task::default()
            }),
            ..UpdateTaskRequest::default()
        };
        async move { attorney.tasks.update_task(edit).await }
    });
    let (made, refused): (Vec<_>, Vec<_>) =
        join_all(edits).await.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for answer in refused {
        assert_eq!(refusal(answer), (Code::Aborted, "ETAG_MISMATCH".to_owned()));
    }
    let seen = crate::world::get_task(&firm.attorney, &task.name)
        .await
        .unwrap();
    assert_eq!(seen.title, made[0].as_ref().unwrap().get_ref().title);
}

#[tokio::test]
async fn parties_that_are_added_at_the_same_time_are_all_there() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let additions = (0..8).map(|number| {
        let mut attorney = firm.attorney.clone();
        let add = AddMatterPartyRequest {
            name: matter.name.clone(),
            party: Some(party(&format!("Witness {number}"), PartyRole::Witness)),
            ..AddMatterPartyRequest::default()
        };
        async move { attorney.matters.add_matter_party(add).await }
    });
    for answer in join_all(additions).await {
        answer.unwrap();
    }
    let mut attorney = firm.attorney.clone();
    let seen = attorney
        .matters
        .get_matter(GetMatterRequest { name: matter.name })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(seen.parties.len(), 2 + 8);
    assert_eq!(seen.etag, "\"9\"");
}

#[tokio::test]
async fn every_method_that_changes_something_looks_at_the_etag() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let (request, task) = firm.accepted(&world, &matter).await;
    let stale = "\"99\"".to_owned();
    let (mut admin, mut attorney) = (firm.admin.clone(), firm.attorney.clone());
    let (mut coordinator, mut manager) = (world.coordinator(), world.manager());
    let refusals = [
        refusal(
            manager
                .firms
                .suspend_firm(SuspendFirmRequest {
                    name: firm.name.clone(),
                    reason: "Because".to_owned(),
                    etag: stale.clone(),
                    ..SuspendFirmRequest::default()
                })
                .await,
        ),
        refusal(
            admin
                .firms
                .update_firm(UpdateFirmRequest {
                    firm: Some(Firm {
                        name: firm.name.clone(),
                        etag: stale.clone(),
                        ..Firm::default()
                    }),
                    ..UpdateFirmRequest::default()
                })
                .await,
        ),
        refusal(
            attorney
                .matters
                .close_matter(CloseMatterRequest {
                    name: matter.name.clone(),
                    etag: stale.clone(),
                    ..CloseMatterRequest::default()
                })
                .await,
        ),
        refusal(
            attorney
                .requests
                .withdraw_request(WithdrawRequestRequest {
                    name: request.name.clone(),
                    etag: stale.clone(),
                    ..WithdrawRequestRequest::default()
                })
                .await,
        ),
        refusal(
            coordinator
                .requests
                .decline_request(DeclineRequestRequest {
                    name: request.name.clone(),
                    reason: "Because".to_owned(),
                    etag: "nonsense".to_owned(),
                    ..DeclineRequestRequest::default()
                })
                .await,
        ),
        refusal(
            attorney
                .tasks
                .hold_task(HoldTaskRequest {
                    name: task.name.clone(),
                    reason: "Because".to_owned(),
                    etag: stale.clone(),
                    ..HoldTaskRequest::default()
                })
                .await,
        ),
        refusal(
            attorney
                .tasks
                .cancel_task(CancelTaskRequest {
                    name: task.name.clone(),
                    reason: "Because".to_owned(),
                    etag: stale.clone(),
                    ..CancelTaskRequest::default()
                })
                .await,
        ),
    ];
    for refused in refusals {
        assert_eq!(refused, (Code::Aborted, "ETAG_MISMATCH".to_owned()));
    }
}

#[tokio::test]
async fn a_mask_changes_what_it_names_and_empties_what_is_empty() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let mut attorney = firm.attorney.clone();
    let mut update = async |given: Matter, paths: &[&str]| {
        let request = UpdateMatterRequest {
            matter: Some(Matter {
                name: matter.name.clone(),
                ..given
            }),
            update_mask: (!paths.is_empty()).then(|| FieldMask {
                paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            }),
            request_id: String::new(),
        };
        attorney
            .matters
            .update_matter(request)
            .await
            .map(tonic::Response::into_inner)
    };
    let court = Matter {
        court: "S.D.N.Y.".to_owned(),
        ..Matter::default()
    };
    let seen = update(court.clone(), &[]).await.unwrap();
    assert_eq!(
        (seen.court.as_str(), seen.caption.as_str()),
        ("S.D.N.Y.", "Alice v. Bob")
    );
    let seen = update(Matter::default(), &["court"]).await.unwrap();
    assert_eq!(seen.court, "");
    assert_eq!(seen.parties.len(), 2);
    let seen = update(Matter::default(), &["parties"]).await.unwrap();
    assert!(seen.parties.is_empty());
    for (paths, fields) in [
        (&["state"][..], &["update_mask"][..]),
        (&["caption"], &["matter.caption"]),
        (
            &["*"],
            &[
                "matter.caption",
                "matter.client_display_name",
                "matter.practice_area",
            ],
        ),
    ] {
        let refused = update(Matter::default(), paths).await;
        assert_eq!(crate::world::violations(refused), fields);
    }
}
