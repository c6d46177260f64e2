//! Who sees what: pay is no firm's to see, and nobody sees another's.

use caseload_assignment::MIGRATIONS;
use caseload_domain::name::AssignmentName;
use caseload_domain::{AssignmentId, FirmId};
use caseload_proto::caseload::assignment::v1::{
    AcceptAssignmentRequest, Assignment, GetAssignmentRequest, GetParalegalRequest,
    ListAssignmentsRequest, ListParalegalsRequest,
};
use caseload_testing::{catalogue, tokens};
use tonic::Code;

use crate::world::{World, reason, token_of};

fn get(name: &str) -> GetAssignmentRequest {
    GetAssignmentRequest {
        name: name.to_owned(),
    }
}

fn firm_of(assignment: &Assignment) -> FirmId {
    assignment
        .name
        .parse::<AssignmentName>()
        .expect("a name")
        .firm
}

#[tokio::test]
async fn row_level_security_holds_for_every_table() {
    catalogue::check(&caseload_testing::database("assignment", &MIGRATIONS).await).await;
}

#[tokio::test]
async fn a_firm_sees_where_its_work_stands_and_who_does_it_and_never_pay() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let who = world.hire(|_| ()).await;
    let offered = world.offer(&task, &who).await.expect("is offered");
    assert!(offered.pay_terms.is_some() && offered.cost.is_some());
    let firm = firm_of(&offered);
    for token in [tokens::attorney(firm), tokens::firm_admin(firm)] {
        let mut theirs = world.assignments(token);
        let seen = theirs
            .get_assignment(get(&offered.name))
            .await
            .expect("is theirs")
            .into_inner();
        let expected = Assignment {
            expected_effort: None,
            pay_terms: None,
            cost: None,
            ..offered.clone()
        };
        assert_eq!(seen, expected);
        for parent in [format!("firms/{firm}"), "firms/-".to_owned()] {
            let request = ListAssignmentsRequest {
                parent,
                ..Default::default()
            };
            let list = theirs
                .list_assignments(request)
                .await
                .expect("a list")
                .into_inner();
            assert_eq!(list.assignments, std::slice::from_ref(&expected));
        }
    }
    // Not even the database shows pay to a firm's unit of work.
    let db = world.database.connect().await;
    let rows = db
        .run(caseload_domain::Scope::Firm(firm), |tx| {
            Box::pin(async move {
                let count =
                    "select (select count(*) from assignments), (select count(*) from paralegals),
                     (select count(*) from assignment_terms) + (select count(*) from paralegal_pay)
                     + (select count(*) from paralegal_project_pay) + (select count(*) from plans)
                     + (select count(*) from plan_assignments)";
                let counts: (i64, i64, i64) =
                    sqlx::query_as(count).fetch_one(tx.connection()).await?;
                Ok::<_, caseload_database::DatabaseError>(counts)
            })
        })
        .await
        .expect("counts");
    assert_eq!(rows, (1, 1, 0));
}

#[tokio::test]
async fn a_paralegal_sees_their_own_pay_and_not_what_the_choice_cost() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let who = world.hire(|_| ()).await;
    let offered = world.offer(&task, &who).await.expect("is offered");
    let mut theirs = world.assignments(token_of(&who.name));
    let seen = theirs
        .get_assignment(get(&offered.name))
        .await
        .expect("is theirs")
        .into_inner();
    assert_eq!(seen.pay_terms, offered.pay_terms);
    assert_eq!(seen.task_title, "Research patent eligibility");
    assert!(seen.cost.is_none() && seen.plan.is_empty());
    let queue = ListAssignmentsRequest {
        parent: "firms/-".to_owned(),
        ..Default::default()
    };
    let list = theirs
        .list_assignments(queue)
        .await
        .expect("a queue")
        .into_inner();
    assert_eq!(list.assignments, [seen]);
    let mut roster = world.paralegals(token_of(&who.name));
    let own = GetParalegalRequest {
        name: who.name.clone(),
    };
    assert_eq!(
        roster
            .get_paralegal(own)
            .await
            .expect("themselves")
            .into_inner()
            .pay,
        who.pay
    );
}

#[tokio::test]
async fn what_is_anothers_is_not_found_in_the_same_words_as_what_is_not_there() {
    let world = World::new().await;
    let task = world.task(world.matter().await, |_| ()).await;
    let who = world.hire(|_| ()).await;
    let offered = world.offer(&task, &who).await.expect("is offered");
    let stranger = world.hire(|_| ()).await;
    let firm = firm_of(&offered);
    let absent = AssignmentName::new(firm, AssignmentId::generate()).to_string();
    for token in [
        tokens::attorney(FirmId::generate()),
        token_of(&stranger.name),
    ] {
        let mut theirs = world.assignments(token);
        let words = async |name: &str, mut client: crate::secrets::Client| {
            let status = client
                .get_assignment(get(name))
                .await
                .expect_err("is not theirs");
            assert_eq!(
                reason(&status),
                (Code::NotFound, "RESOURCE_NOT_FOUND".to_owned())
            );
            status.message().replace(name, "it")
        };
        let hidden = words(&offered.name, theirs.clone()).await;
        assert_eq!(hidden, words(&absent, theirs.clone()).await);
        let all = ListAssignmentsRequest {
            parent: "firms/-".to_owned(),
            ..Default::default()
        };
        let list = theirs
            .list_assignments(all)
            .await
            .expect("a list")
            .into_inner();
        assert!(list.assignments.is_empty());
    }
    let mut theirs = world.assignments(token_of(&stranger.name));
    let accept = AcceptAssignmentRequest {
        name: offered.name.clone(),
        ..Default::default()
    };
    let refused = theirs
        .accept_assignment(accept)
        .await
        .expect_err("is not theirs");
    assert_eq!(refused.code(), Code::NotFound);

    let mut roster = world.paralegals(token_of(&stranger.name));
    let other = GetParalegalRequest {
        name: who.name.clone(),
    };
    assert_eq!(
        roster
            .get_paralegal(other)
            .await
            .expect_err("is not theirs")
            .code(),
        Code::NotFound
    );
    let list = roster
        .list_paralegals(ListParalegalsRequest::default())
        .await
        .expect("a list");
    let names: Vec<String> = list
        .into_inner()
        .paralegals
        .into_iter()
        .map(|one| one.name)
        .collect();
    assert_eq!(names, [stranger.name]);
    // A firm's list of another firm is not there.
    let mut theirs = world.assignments(tokens::attorney(FirmId::generate()));
    let request = ListAssignmentsRequest {
        parent: format!("firms/{firm}"),
        ..Default::default()
    };
    assert_eq!(
        theirs
            .list_assignments(request)
            .await
            .expect_err("is not theirs")
            .code(),
        Code::NotFound
    );
}

/// The client of assignments.
pub(crate) type Client =
    caseload_proto::caseload::assignment::v1::assignment_service_client::AssignmentServiceClient<
        caseload_runtime::Channel,
    >;

#[tokio::test]
async fn roles_that_lack_the_permission_are_refused() {
    let world = World::new().await;
    let firm = FirmId::generate();
    let mut roster = world.paralegals(tokens::attorney(firm));
    let refused = roster
        .list_paralegals(ListParalegalsRequest::default())
        .await
        .expect_err("no firm");
    assert_eq!(refused.code(), Code::PermissionDenied);
    let mut billing = world.assignments(tokens::billing_clerk());
    let name = AssignmentName::new(firm, AssignmentId::generate()).to_string();
    let refused = billing
        .get_assignment(get(&name))
        .await
        .expect_err("no permission");
    assert_eq!(
        reason(&refused),
        (Code::PermissionDenied, "PERMISSION_DENIED".to_owned())
    );
    let accept = AcceptAssignmentRequest {
        name,
        ..Default::default()
    };
    let refused = world
        .desk()
        .accept_assignment(accept)
        .await
        .expect_err("no answer of theirs");
    assert_eq!(refused.code(), Code::PermissionDenied);
}
