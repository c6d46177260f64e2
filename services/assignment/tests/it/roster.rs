//! The roster: taken on, changed, inactive, listed.

use caseload_proto::caseload::assignment::v1::{
    AssignmentState, CreateParalegalRequest, DeactivateParalegalRequest, GetParalegalRequest,
    ListParalegalsRequest, Paralegal, ParalegalChanged, ParalegalState, ReactivateParalegalRequest,
    UpdateParalegalRequest,
};
use caseload_proto::caseload::r#type::v1::{SkillLevel, TaskKind};
use caseload_testing::tokens;
use prost::{Message as _, Name as _};
use prost_types::FieldMask;
use sqlx::Row as _;
use tonic::Code;

use crate::world::{World, paid, reason, somebody, usd};

#[tokio::test]
async fn who_is_taken_on_is_read_back_as_given_and_announced() {
    let world = World::new().await;
    let mut given = somebody();
    given.jurisdictions = vec!["us-ny".to_owned(), "US-NY".to_owned()];
    given.language_codes = vec!["es-MX".to_owned()];
    given.certifications = vec!["NALA CP".to_owned()];
    let mut roster = world.paralegals(tokens::operations_manager());
    let request = CreateParalegalRequest {
        paralegal: Some(given.clone()),
        request_id: uuid::Uuid::new_v4().to_string(),
    };
    let made = roster
        .create_paralegal(request.clone())
        .await
        .expect("is taken on")
        .into_inner();
    assert_eq!(made.state(), ParalegalState::Active);
    let expected = Paralegal {
        name: made.name.clone(),
        etag: made.etag.clone(),
        state: ParalegalState::Active.into(),
        create_time: made.create_time,
        update_time: made.update_time,
        jurisdictions: vec!["US-NY".to_owned()],
        ..given
    };
    assert_eq!(made, expected);
    let repeated = roster
        .create_paralegal(request)
        .await
        .expect("the same")
        .into_inner();
    assert_eq!(repeated, made);
    let read = GetParalegalRequest {
        name: made.name.clone(),
    };
    assert_eq!(
        roster
            .get_paralegal(read)
            .await
            .expect("is there")
            .into_inner()
            .pay,
        made.pay
    );

    let payload = sqlx::query("select payload from event_log where type = $1")
        .bind(ParalegalChanged::full_name())
        .fetch_one(&mut world.database.inspect().await)
        .await
        .expect("one event");
    let changed = ParalegalChanged::decode(payload.get::<&[u8], _>(0)).expect("decodes");
    let snapshot = changed.paralegal.expect("whole");
    assert_eq!(
        (snapshot.name, snapshot.active, snapshot.level),
        (made.name, true, 3)
    );
}

#[tokio::test]
async fn a_timekeeper_id_is_one_persons() {
    let world = World::new().await;
    let first = world.hire(|_| ()).await;
    let mut second = somebody();
    second.timekeeper_id = first.timekeeper_id.clone();
    let mut roster = world.paralegals(tokens::operations_manager());
    let request = CreateParalegalRequest {
        paralegal: Some(second),
        request_id: String::new(),
    };
    let refused = roster
        .create_paralegal(request)
        .await
        .expect_err("is taken");
    assert_eq!(
        reason(&refused),
        (Code::AlreadyExists, "RESOURCE_EXISTS".to_owned())
    );
    let other = world.hire(|_| ()).await;
    let request = UpdateParalegalRequest {
        paralegal: Some(Paralegal {
            timekeeper_id: first.timekeeper_id,
            ..other
        }),
        update_mask: Some(FieldMask {
            paths: vec!["timekeeper_id".to_owned()],
        }),
        request_id: String::new(),
    };
    let refused = roster
        .update_paralegal(request)
        .await
        .expect_err("is taken");
    assert_eq!(refused.code(), Code::AlreadyExists);
}

#[tokio::test]
async fn an_update_changes_what_the_mask_names_and_nothing_else() {
    let world = World::new().await;
    let before = world.hire(|_| ()).await;
    let mut roster = world.paralegals(tokens::operations_manager());
    let change = Paralegal {
        name: before.name.clone(),
        etag: before.etag.clone(),
        family_name: "Not Taken".to_owned(),
        pay: Some(paid(45)),
        task_limit: 9,
        ..Paralegal::default()
    };
    let request = UpdateParalegalRequest {
        paralegal: Some(change.clone()),
        update_mask: Some(FieldMask {
            paths: vec!["pay".to_owned(), "certifications".to_owned()],
        }),
        request_id: String::new(),
    };
    let after = roster
        .update_paralegal(request.clone())
        .await
        .expect("is changed")
        .into_inner();
    assert_eq!(
        after.pay.as_ref().and_then(|pay| pay.hourly_rate.clone()),
        Some(usd(45))
    );
    assert_eq!(
        (after.family_name.as_str(), after.task_limit),
        ("Okafor", 5)
    );
    assert_ne!(after.etag, before.etag);

    let stale = roster
        .update_paralegal(request)
        .await
        .expect_err("is stale");
    assert_eq!(reason(&stale), (Code::Aborted, "ETAG_MISMATCH".to_owned()));
    // Without a mask, what is set is changed.
    let unmasked = UpdateParalegalRequest {
        paralegal: Some(Paralegal {
            etag: String::new(),
            ..change
        }),
        ..UpdateParalegalRequest::default()
    };
    let after = roster
        .update_paralegal(unmasked)
        .await
        .expect("is changed")
        .into_inner();
    assert_eq!(
        (after.family_name.as_str(), after.task_limit),
        ("Not Taken", 9)
    );
    assert_eq!(after.skills, before.skills);
}

#[tokio::test]
async fn who_is_inactive_gets_no_work_loses_offers_and_keeps_what_they_accepted() {
    let world = World::new().await;
    let matter = world.matter().await;
    let who = world.hire(|_| ()).await;
    let (one, other) = (
        world.task(matter, |_| ()).await,
        world.task(matter, |_| ()).await,
    );
    let kept = world.offer(&one, &who).await.expect("is offered");
    world.accept(&kept).await.expect("is accepted");
    let lost = world.offer(&other, &who).await.expect("is offered");
    let mut roster = world.paralegals(tokens::operations_manager());
    let request = DeactivateParalegalRequest {
        name: who.name.clone(),
        ..Default::default()
    };
    let inactive = roster
        .deactivate_paralegal(request.clone())
        .await
        .expect("done")
        .into_inner();
    assert_eq!(inactive.state(), ParalegalState::Inactive);
    assert_eq!(
        world.get(&lost.name).await.state(),
        AssignmentState::Released
    );
    assert_eq!(
        world.get(&kept.name).await.state(),
        AssignmentState::Accepted
    );
    assert!(world.offer(&other, &who).await.is_err());
    let again = roster
        .deactivate_paralegal(request)
        .await
        .expect_err("is inactive");
    assert_eq!(
        reason(&again),
        (Code::FailedPrecondition, "WRONG_STATE".to_owned())
    );
    let request = ReactivateParalegalRequest {
        name: who.name.clone(),
        ..Default::default()
    };
    roster
        .reactivate_paralegal(request)
        .await
        .expect("is active");
    assert!(world.offer(&other, &who).await.is_ok());
}

#[tokio::test]
async fn the_roster_is_listed_by_timekeeper_id_by_page_state_and_skill() {
    let world = World::new().await;
    let mut names = Vec::new();
    for (id, level) in [("B-2", 2), ("A-1", 4), ("C-3", 5)] {
        let made = world
            .hire(|who| {
                who.timekeeper_id = id.to_owned();
                who.skills[0].level = level;
            })
            .await;
        names.push(made.name);
    }
    let mut roster = world.paralegals(tokens::operations_manager());
    let request = DeactivateParalegalRequest {
        name: names[2].clone(),
        ..Default::default()
    };
    roster
        .deactivate_paralegal(request)
        .await
        .expect("is inactive");
    let list = |request: ListParalegalsRequest| {
        let mut roster = world.paralegals(tokens::coordinator());
        async move {
            let answer = roster
                .list_paralegals(request)
                .await
                .expect("a list")
                .into_inner();
            let ids: Vec<String> = answer
                .paralegals
                .into_iter()
                .map(|one| one.timekeeper_id)
                .collect();
            (ids, answer.next_page_token)
        }
    };
    let all = ListParalegalsRequest::default();
    assert_eq!(list(all.clone()).await.0, ["A-1", "B-2", "C-3"]);
    let page = ListParalegalsRequest {
        page_size: 2,
        ..all.clone()
    };
    let (first, token) = list(page.clone()).await;
    assert_eq!(first, ["A-1", "B-2"]);
    let next = ListParalegalsRequest {
        page_token: token,
        ..page
    };
    assert_eq!(list(next).await, (vec!["C-3".to_owned()], String::new()));
    let active = ListParalegalsRequest {
        states: vec![ParalegalState::Active.into()],
        ..all.clone()
    };
    assert_eq!(list(active).await.0, ["A-1", "B-2"]);
    let skilled = |level, kind: TaskKind| ListParalegalsRequest {
        skill: Some(SkillLevel {
            practice_area: "Patent Law".to_owned(),
            kind: kind.into(),
            level,
        }),
        ..ListParalegalsRequest::default()
    };
    assert_eq!(
        list(skilled(4, TaskKind::LegalResearch)).await.0,
        ["A-1", "C-3"]
    );
    assert!(list(skilled(1, TaskKind::Filing)).await.0.is_empty());
}
