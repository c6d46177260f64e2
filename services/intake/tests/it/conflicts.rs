//! Conflict checks, from both sides.

use caseload_domain::ParalegalId;
use caseload_domain::name::ParalegalName;
use caseload_proto::caseload::intake::v1::*;
use caseload_proto::convert::timestamp;
use tonic::{Code, Status};

use crate::world::{
    FirmOf, Person, World, accept, get_request, matter, party, refusal, review_and_accept, task,
    violations,
};

async fn checks(person: &Person, state: ConflictCheckState) -> Vec<ConflictCheck> {
    let request = ListConflictChecksRequest {
        parent: "firms/-".to_owned(),
        states: vec![state.into()],
        ..ListConflictChecksRequest::default()
    };
    let answer = person
        .clone()
        .conflicts
        .list_conflict_checks(request)
        .await
        .unwrap();
    answer.into_inner().conflict_checks
}

fn resolution(check: &str, decision: ConflictDecision) -> ResolveConflictRequest {
    ResolveConflictRequest {
        name: check.to_owned(),
        decision: decision.into(),
        reason: "Another Alice, in another trade".to_owned(),
        ..ResolveConflictRequest::default()
    }
}

async fn resolve(world: &World, request: ResolveConflictRequest) -> Result<ConflictCheck, Status> {
    let answer = world.officer().conflicts.resolve_conflict(request).await?;
    Ok(answer.into_inner())
}

async fn create(firm: &FirmOf, matter: Matter) -> Matter {
    let request = CreateMatterRequest {
        parent: firm.name.clone(),
        matter: Some(matter),
        request_id: String::new(),
    };
    firm.attorney
        .clone()
        .matters
        .create_matter(request)
        .await
        .unwrap()
        .into_inner()
}

/// Two firms, the second of which sues the first's client.
async fn two_firms(world: &World) -> (FirmOf, FirmOf, Matter) {
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Alice Corporation", "Somebody").await;
    let against = other.matter("Bob Ltd.", "ALICE CORP.").await;
    (one, other, against)
}

#[tokio::test]
async fn acting_against_another_firms_client_is_under_review_and_the_officer_sees_with_whom() {
    let world = World::new().await;
    let (one, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    assert_eq!(request.conflict_state(), ConflictCheckState::UnderReview);

    let waiting = checks(&world.officer(), ConflictCheckState::UnderReview).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].name, request.conflict_check);
    assert_eq!(waiting[0].result(), ConflictResult::Possible);
    let [collision] = &waiting[0].collisions[..] else {
        panic!("one collision: {waiting:?}");
    };
    assert_eq!(collision.party_name, "ALICE CORP.");
    assert_eq!(collision.party_role(), PartyRole::Adverse);
    assert_eq!(collision.other_name, "Alice Corporation");
    assert_eq!(collision.other_role(), PartyRole::Client);
    assert!(collision.other_matter.starts_with(&one.name));

    let refused = refusal(review_and_accept(&world, &request).await);
    assert_eq!(
        refused,
        (Code::FailedPrecondition, "CONFLICT_UNRESOLVED".to_owned())
    );
}

#[tokio::test]
async fn nobody_but_the_officer_learns_with_whom() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    for person in [&other.attorney, &other.admin] {
        let get = GetConflictCheckRequest {
            name: request.conflict_check.clone(),
        };
        let refused = person
            .clone()
            .conflicts
            .get_conflict_check(get)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
    }
    let get = GetConflictCheckRequest {
        name: request.conflict_check.clone(),
    };
    let seen = world
        .coordinator()
        .conflicts
        .get_conflict_check(get)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(seen.state(), ConflictCheckState::UnderReview);
    assert_eq!(seen.result(), ConflictResult::Unspecified);
    assert!(
        seen.collisions.is_empty() && seen.resolve_reason.is_empty() && seen.resolved_by.is_empty()
    );
    let listed = checks(&world.coordinator(), ConflictCheckState::UnderReview).await;
    assert!(listed.iter().all(|check| check.collisions.is_empty()));
    // Neither does the firm's request tell, nor its matter.
    let told = format!("{request:?}");
    assert!(!told.contains("Alice") && !told.contains("ONE"));
    let matter = other
        .attorney
        .clone()
        .matters
        .get_matter(GetMatterRequest { name: against.name })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(matter.conflict_state(), ConflictCheckState::UnderReview);
    // Nor the records that row-level security lets the firm's own transactions read.
    let in_its_log = world
        .count("select count(*) from audit_log where coalesce(before::text, '') || coalesce(after::text, '') like '%Alice Corporation%' and resource like '%conflictChecks%'")
        .await;
    assert_eq!(in_its_log, 0);
}

#[tokio::test]
async fn an_alias_counts_a_witness_does_not_and_one_firms_matters_never_collide() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    create(
        &one,
        Matter {
            parties: vec![
                Party {
                    aliases: vec!["Wonderland Trading GmbH".to_owned()],
                    ..party("Alice", PartyRole::ClientAffiliate)
                },
                party("Humpty Dumpty", PartyRole::Witness),
            ],
            ..matter("Carroll", "Nobody")
        },
    )
    .await;
    let own = one.matter("Somebody", "Carroll").await;
    let (request, _) = one.submitted(&own).await;
    assert_eq!(
        request.conflict_state(),
        ConflictCheckState::Clear,
        "its own matter"
    );

    let harmless = other.matter("Somebody", "Humpty Dumpty").await;
    let (request, _) = other.submitted(&harmless).await;
    assert_eq!(
        request.conflict_state(),
        ConflictCheckState::Clear,
        "a witness"
    );

    let against = other.matter("Somebody", "Wonderland Trading").await;
    let (request, _) = other.submitted(&against).await;
    assert_eq!(
        request.conflict_state(),
        ConflictCheckState::UnderReview,
        "an alias"
    );
}

#[tokio::test]
async fn two_firms_with_one_client_or_one_opponent_do_not_collide() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Alice", "United States").await;
    let same = other.matter("Alice", "United States").await;
    let (request, _) = other.submitted(&same).await;
    assert_eq!(request.conflict_state(), ConflictCheckState::Clear);
}

#[tokio::test]
async fn both_sides_of_one_proceeding_are_blocked_until_an_officer_says_otherwise() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let in_court = |matter: Matter, court: &str, docket: &str| Matter {
        court: court.to_owned(),
        docket_number: docket.to_owned(),
        ..matter
    };
    create(
        &one,
        in_court(matter("Alice", "Bob"), "S.D.N.Y.", "1:24-cv-00123"),
    )
    .await;
    let across = in_court(matter("Bob", "Alice"), "SDNY", "1:24-CV-00123");
    let across = create(&other, across).await;
    let (request, _) = other.submitted(&across).await;
    assert_eq!(
        request.conflict_state(),
        ConflictCheckState::UnderReview,
        "more is not the firm's to know"
    );
    assert_eq!(
        refusal(review_and_accept(&world, &request).await).1,
        "CONFLICT_UNRESOLVED"
    );
    let blocked = checks(&world.officer(), ConflictCheckState::Blocked).await;
    assert_eq!(blocked[0].result(), ConflictResult::Blocked);
    assert!(
        blocked[0]
            .collisions
            .iter()
            .all(|collision| collision.same_proceeding)
    );

    let waive = ResolveConflictRequest {
        waiver: Some(ConflictWaiver {
            scope: "This proceeding".to_owned(),
            expire_time: None,
        }),
        ..resolution(&blocked[0].name, ConflictDecision::Waive)
    };
    let waived = resolve(&world, waive).await.unwrap();
    assert_eq!(waived.state(), ConflictCheckState::Waived);
    accept(&world, &request).await.unwrap();
}

#[tokio::test]
async fn a_firm_learns_only_that_work_is_under_review_or_clear() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let waive = ResolveConflictRequest {
        waiver: Some(ConflictWaiver {
            scope: "This matter".to_owned(),
            expire_time: None,
        }),
        ..resolution(&request.conflict_check, ConflictDecision::Waive)
    };
    let block = resolution(&request.conflict_check, ConflictDecision::Block);
    for (decision, is, shown) in [
        (
            block,
            ConflictCheckState::Blocked,
            ConflictCheckState::UnderReview,
        ),
        (waive, ConflictCheckState::Waived, ConflictCheckState::Clear),
    ] {
        resolve(&world, decision).await.unwrap();
        for (person, expected) in [(&other.attorney, shown), (&world.coordinator(), is)] {
            assert_eq!(states_seen(person, &against, &request).await, [expected; 4]);
        }
    }
}

/// Where a check stands as somebody sees it: in the matter and the request, each by itself and listed.
async fn states_seen(
    person: &Person,
    matter: &Matter,
    request: &Request,
) -> [ConflictCheckState; 4] {
    let (mut matters, mut requests) = (person.matters.clone(), person.requests.clone());
    let parent = matter.name.split("/matters").next().unwrap().to_owned();
    let get = GetMatterRequest {
        name: matter.name.clone(),
    };
    let list = ListMattersRequest {
        parent: parent.clone(),
        ..ListMattersRequest::default()
    };
    let one = matters.get_matter(get).await.unwrap().into_inner();
    let all = matters.list_matters(list).await.unwrap().into_inner();
    let list = ListRequestsRequest {
        parent,
        ..ListRequestsRequest::default()
    };
    let listed = requests.list_requests(list).await.unwrap().into_inner();
    [
        one.conflict_state(),
        all.matters[0].conflict_state(),
        get_request(person, &request.name)
            .await
            .unwrap()
            .conflict_state(),
        listed.requests[0].conflict_state(),
    ]
}

#[tokio::test]
async fn an_officer_clears_waives_or_blocks_with_a_reason() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let check = request.conflict_check.clone();

    let blocked = resolve(&world, resolution(&check, ConflictDecision::Block))
        .await
        .unwrap();
    assert_eq!(blocked.state(), ConflictCheckState::Blocked);
    let again = refusal(resolve(&world, resolution(&check, ConflictDecision::Block)).await);
    assert_eq!(again, (Code::FailedPrecondition, "WRONG_STATE".to_owned()));

    let cleared = resolve(&world, resolution(&check, ConflictDecision::Clear))
        .await
        .unwrap();
    assert_eq!(cleared.state(), ConflictCheckState::Clear);
    assert_eq!(cleared.resolve_reason, "Another Alice, in another trade");
    assert_eq!(cleared.resolved_by, "test-conflict_officer");
    review_and_accept(&world, &request).await.unwrap();

    let mut stale = resolution(&check, ConflictDecision::Block);
    stale.etag = blocked.etag;
    assert_eq!(
        refusal(resolve(&world, stale).await),
        (Code::Aborted, "ETAG_MISMATCH".to_owned())
    );
    assert_eq!(
        world
            .count("select count(*) from conflict_resolutions")
            .await,
        2
    );
}

#[tokio::test]
async fn a_decision_says_everything_that_is_wrong_with_it() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let check = &request.conflict_check;
    let past = ConflictWaiver {
        scope: " ".to_owned(),
        expire_time: Some(timestamp(time::OffsetDateTime::UNIX_EPOCH)),
    };
    let wrong = ResolveConflictRequest {
        reason: String::new(),
        waiver: Some(past),
        screened_paralegals: vec!["someone".to_owned()],
        request_id: "7".to_owned(),
        ..resolution("conflictChecks/1", ConflictDecision::Waive)
    };
    assert_eq!(
        violations(resolve(&world, wrong).await),
        [
            "name",
            "reason",
            "request_id",
            "screened_paralegals[0]",
            "waiver.expire_time",
            "waiver.scope"
        ]
    );
    let no_waiver = resolution(check, ConflictDecision::Waive);
    assert_eq!(violations(resolve(&world, no_waiver).await), ["waiver"]);
    let waiver_with_clear = ResolveConflictRequest {
        waiver: Some(ConflictWaiver::default()),
        ..resolution(check, ConflictDecision::Clear)
    };
    assert_eq!(
        violations(resolve(&world, waiver_with_clear).await),
        ["waiver"]
    );
    let undecided = resolution(check, ConflictDecision::Unspecified);
    assert_eq!(violations(resolve(&world, undecided).await), ["decision"]);
    let unknown = check.replace(&check[check.len() - 12..], "000000000000");
    let unknown = resolution(&unknown, ConflictDecision::Clear);
    assert_eq!(refusal(resolve(&world, unknown).await).0, Code::NotFound);
}

#[tokio::test]
async fn a_screen_names_paralegals_and_the_others_are_told() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let paralegal = ParalegalName(ParalegalId::generate()).to_string();
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

#[tokio::test]
async fn a_new_party_is_checked_again_on_its_own_side() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    one.matter("Alice Corporation", "Somebody").await;
    let against = other.matter("Bob Ltd.", "Nobody").await;
    let (request, _) = other.submitted(&against).await;
    assert_eq!(request.conflict_state(), ConflictCheckState::Clear);
    let mut attorney = other.attorney.clone();
    let add = AddMatterPartyRequest {
        name: against.name.clone(),
        party: Some(party("Alice Corp", PartyRole::Adverse)),
        ..AddMatterPartyRequest::default()
    };
    let changed = attorney
        .matters
        .add_matter_party(add)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(changed.conflict_state(), ConflictCheckState::UnderReview);
    let seen = get_request(&other.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    assert_ne!(seen.conflict_check, request.conflict_check, "a new check");
    assert_eq!(
        checks(&world.officer(), ConflictCheckState::Superseded)
            .await
            .len(),
        1
    );

    // A change of the role alone is a change.
    let mut parties = changed.parties;
    parties.last_mut().unwrap().role = PartyRole::Expert.into();
    let update = UpdateMatterRequest {
        matter: Some(Matter {
            name: against.name.clone(),
            parties,
            ..Matter::default()
        }),
        ..UpdateMatterRequest::default()
    };
    let changed = attorney
        .matters
        .update_matter(update)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(changed.conflict_state(), ConflictCheckState::Clear);
}

#[tokio::test]
async fn a_matter_that_another_firm_brings_later_is_checked_on_the_first_firms_side_too() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let first = one.matter("Alice Corporation", "Somebody").await;
    let (request, _) = one.submitted(&first).await;
    assert_eq!(request.conflict_state(), ConflictCheckState::Clear);
    other.matter("Bob Ltd.", "Alice Corp.").await;
    let seen = get_request(&one.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    let mut connection = world.database.inspect().await;
    let actors: Vec<String> = sqlx::query_scalar(
        "select distinct actor from audit_log where firm_id = $1 and actor like $2",
    )
    .bind(one.id.0)
    .bind(format!("%{}%", other.id))
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(
        actors.is_empty(),
        "the first firm's records name the second's people: {actors:?}"
    );
}

#[tokio::test]
async fn what_an_officer_cleared_stays_clear_until_something_new_is_found() {
    let world = World::new().await;
    let (one, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    resolve(
        &world,
        resolution(&request.conflict_check, ConflictDecision::Clear),
    )
    .await
    .unwrap();
    // The same collision again is no news.
    let draft = other.draft(&against).await;
    other.add(&draft, task()).await.unwrap();
    let again = other.submit(&draft).await.unwrap();
    assert_eq!(again.conflict_check, request.conflict_check);
    assert_eq!(again.conflict_state(), ConflictCheckState::Clear);
    // Another matter of that client is.
    one.matter("Alice Corporation", "Another").await;
    let seen = get_request(&other.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
}

#[tokio::test]
async fn a_waiver_ends_and_the_request_waits_again() {
    let world = World::new().await;
    let (_, other, against) = two_firms(&world).await;
    let (request, _) = other.submitted(&against).await;
    let waive = ResolveConflictRequest {
        waiver: Some(ConflictWaiver {
            scope: "The first motion".to_owned(),
            expire_time: Some(timestamp(
                time::OffsetDateTime::now_utc() + time::Duration::days(1),
            )),
        }),
        ..resolution(&request.conflict_check, ConflictDecision::Waive)
    };
    resolve(&world, waive).await.unwrap();
    world
        .database
        .as_owner("set row_security = on; alter table conflict_checks no force row level security;
                   update conflict_checks set waiver_expire_time = now() - interval '1 second' where state = 'waived';
                   alter table conflict_checks force row level security")
        .await;
    assert_eq!(
        refusal(review_and_accept(&world, &request).await).1,
        "CONFLICT_UNRESOLVED"
    );
    // What was found is kept though the acceptance failed.
    let seen = get_request(&other.attorney, &request.name).await.unwrap();
    assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    assert_eq!(seen.state(), RequestState::InReview);
}

#[tokio::test]
async fn a_check_and_a_name_that_come_at_the_same_time_do_not_miss_each_other() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    for round in 0..20 {
        let (client, opponent) = (format!("Alice {round}"), format!("Bob {round}"));
        let matter = one.matter(&client, &opponent).await;
        let draft = one.draft(&matter).await;
        one.add(&draft, task()).await.unwrap();
        let (submitted, _) = tokio::join!(one.submit(&draft), other.matter(&opponent, &client));
        let seen = get_request(&one.attorney, &submitted.unwrap().name)
            .await
            .unwrap();
        assert_eq!(
            seen.conflict_state(),
            ConflictCheckState::UnderReview,
            "round {round}"
        );
    }
}

#[tokio::test]
async fn firms_that_bring_each_others_clients_at_the_same_time_are_both_under_review() {
    let world = World::new().await;
    let (one, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let (of_one, of_other) = tokio::join!(one.matter("Alice", "Bob"), other.matter("Bob", "Alice"));
    let ((first, _), (second, _)) =
        tokio::join!(one.submitted(&of_one), other.submitted(&of_other));
    for (firm, request) in [(&one, first), (&other, second)] {
        let seen = get_request(&firm.attorney, &request.name).await.unwrap();
        assert_eq!(seen.conflict_state(), ConflictCheckState::UnderReview);
    }
}
