//! What timekeeping keeps of the others' events.

use caseload_proto::caseload::assignment::v1::{
    AssignmentState, ParalegalChanged, ParalegalSnapshot,
};
use caseload_proto::caseload::intake::v1::RequestCompleted;
use caseload_testing::{eventually, tokens};

use crate::world::{ACCEPTED, World};

#[tokio::test]
async fn the_last_word_on_an_assignment_holds() {
    let world = World::new().await;
    let job = world.job().await;
    for state in [AssignmentState::Offered, AssignmentState::Accepted] {
        let accepted = (state == AssignmentState::Accepted).then_some(ACCEPTED);
        world.assigned(&job, state, accepted, None).await;
    }
    world.sees(
        "select seq >= 4 and $1 is not null from event_cursor where subscription = 'timekeeping.assignment'",
        job.assignment.0,
    )
    .await;
    world.recorded(&job, job.hour(0)).await;
    assert_eq!(world.count("select count(*) from assignments").await, 1);
}

#[tokio::test]
async fn events_of_no_use_here_are_passed_over() {
    let world = World::new().await;
    let firm = world.firm().await;
    let completed = RequestCompleted {
        request: format!(
            "firms/{firm}/requests/{}",
            caseload_domain::RequestId::generate()
        ),
    };
    world
        .intake
        .append(firm, completed.request.clone(), &completed)
        .await;
    let job = world
        .job_of(firm, world.paralegal_in("America/Chicago").await)
        .await;
    world.recorded(&job, job.hour(0)).await;
}

#[tokio::test]
async fn an_event_that_says_what_cannot_be_stops_the_subscription_and_shows() {
    let world = World::new().await;
    let paralegal = caseload_domain::ParalegalId::generate();
    let name = format!("paralegals/{paralegal}");
    let nowhere = ParalegalChanged {
        paralegal: Some(ParalegalSnapshot {
            name: name.clone(),
            time_zone: "Mars/Olympus".to_owned(),
            ..ParalegalSnapshot::default()
        }),
    };
    world.assignment.append(None, name, &nowhere).await;
    eventually("the service is not ready", async || {
        !world.service.is_ready().await
    })
    .await;
    assert_eq!(world.count("select count(*) from paralegals").await, 0);
    let taken_in = "select coalesce(max(seq), 0) from event_cursor
        where subscription = 'timekeeping.assignment'";
    assert_eq!(world.count(taken_in).await, 0);
    let mut entries = world.entries(tokens::reviewer());
    let list = caseload_proto::caseload::timekeeping::v1::ListTimeEntriesRequest {
        parent: "firms/-".to_owned(),
        ..Default::default()
    };
    entries
        .list_time_entries(list)
        .await
        .expect("what is known already is still served");
}
