//! Paralegals who are kept off a matter.

use caseload_domain::ParalegalId;
use caseload_domain::name::ParalegalName;
use caseload_proto::caseload::assignment::v1::{ParalegalChanged, ParalegalSnapshot};
use caseload_proto::caseload::intake::v1::*;
use caseload_testing::eventually;

use super::{resolution, resolve, two_firms};
use crate::world::{World, violations};

#[tokio::test]
async fn a_screen_names_paralegals_and_the_others_are_told() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let id = ParalegalId::generate();
    let paralegal = ParalegalName(id).to_string();
    taken_on(&world, id).await;
    let screened = ResolveConflictRequest {
        screened_paralegals: vec![paralegal.clone(), paralegal.clone()],
        ..resolution(&request.conflict_check, ConflictDecision::Clear)
    };
    let cleared = resolve(&world, screened).await.unwrap();
    assert_eq!(
        cleared.screened_paralegals,
        std::slice::from_ref(&paralegal)
    );
    let mut connection = world.database.inspect().await;
    let payload: Vec<u8> = sqlx::query_scalar(
        "select payload from event_log where aggregate = $1 order by id desc limit 1",
    )
    .bind(&against.name)
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let told = <MatterChanged as prost::Message>::decode(payload.as_slice()).unwrap();
    assert_eq!(told.matter.unwrap().screened_paralegals, [paralegal]);
}

/// A paralegal whom assignment has told of, and intake has heard.
pub(crate) async fn taken_on(world: &World, paralegal: ParalegalId) {
    let name = ParalegalName(paralegal).to_string();
    let changed = ParalegalChanged {
        paralegal: Some(ParalegalSnapshot {
            name: name.clone(),
            given_name: "Anna".to_owned(),
            family_name: "Ray".to_owned(),
            timekeeper_id: "AR".to_owned(),
            time_zone: "Asia/Kolkata".to_owned(),
            active: true,
            level: 3,
        }),
    };
    world.assignment.append(None, name, &changed).await;
    eventually("the paralegal is known", async || {
        let mut connection = world.database.inspect().await;
        sqlx::query_scalar("select exists (select from known_paralegals where paralegal_id = $1)")
            .bind(paralegal.0)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    })
    .await;
}

#[tokio::test]
async fn a_screen_of_somebody_unknown_is_refused_by_place_and_nothing_is_decided() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let known = ParalegalId::generate();
    taken_on(&world, known).await;
    let names = [ParalegalId::generate(), known, ParalegalId::generate()];
    let screened = ResolveConflictRequest {
        screened_paralegals: names
            .iter()
            .map(|id| ParalegalName(*id).to_string())
            .collect(),
        ..resolution(&request.conflict_check, ConflictDecision::Clear)
    };
    let refused = resolve(&world, screened).await;
    let told = refused.as_ref().unwrap_err().message().to_owned();
    assert!(told.contains("try again in a moment"), "{told}");
    assert_eq!(
        violations(refused),
        ["screened_paralegals[0]", "screened_paralegals[2]"]
    );
    let decided = world.count("select count(*) from conflict_resolutions");
    assert_eq!(decided.await, 0);
}

#[tokio::test]
async fn whoever_has_a_task_can_be_screened_though_nobody_told_of_them_otherwise() {
    let world = World::new().await;
    let (one, other, against) = two_firms(&world).await;
    let own = one.matter("Carol", "Dave").await;
    let (_, task) = one.accepted(&world, &own).await;
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let (request, _) = other.submitted(&against).await;
    let screened = ResolveConflictRequest {
        screened_paralegals: vec![ParalegalName(paralegal).to_string()],
        ..resolution(&request.conflict_check, ConflictDecision::Clear)
    };
    resolve(&world, screened).await.unwrap();
}
