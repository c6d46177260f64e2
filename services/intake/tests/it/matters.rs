//! Matters and their parties.

use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use crate::world::{FirmOf, World, matter, party, refusal, violations};

async fn create(firm: &FirmOf, matter: Matter) -> Result<Matter, Status> {
    let request = CreateMatterRequest {
        parent: firm.name.clone(),
        matter: Some(matter),
        request_id: String::new(),
    };
    Ok(firm
        .attorney
        .clone()
        .matters
        .create_matter(request)
        .await?
        .into_inner())
}

fn known_to(source: &str, id: &str, matter: Matter) -> Matter {
    Matter {
        external_ids: vec![ExternalId {
            source: source.to_owned(),
            id: id.to_owned(),
        }],
        ..matter
    }
}

#[tokio::test]
async fn a_matter_is_answered_as_it_was_given_and_its_parties_have_ids() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let given = Matter {
        court: "Supreme Court of the United States".to_owned(),
        docket_number: "13-298".to_owned(),
        client_matter_number: "ALICE-1".to_owned(),
        jurisdiction: "US".to_owned(),
        parties: vec![
            Party {
                aliases: vec!["Alice Corporation Pty. Ltd.".to_owned()],
                ..party("Alice Corp.", PartyRole::Client)
            },
            party("CLS Bank International", PartyRole::Adverse),
        ],
        ..known_to(
            "clio",
            "42",
            matter("Alice Corp.", "CLS Bank International"),
        )
    };
    let created = create(&firm, given.clone()).await.unwrap();
    assert!(
        created
            .parties
            .iter()
            .all(|party| party.party_id.len() == 36)
    );
    let get = GetMatterRequest {
        name: created.name.clone(),
    };
    let seen = firm
        .attorney
        .clone()
        .matters
        .get_matter(get)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(seen, created);
    assert_eq!(
        (seen.court, seen.docket_number, seen.external_ids),
        (given.court, given.docket_number, given.external_ids)
    );
    assert_eq!(seen.parties[0].aliases, given.parties[0].aliases);
}

#[tokio::test]
async fn an_external_id_is_unique_for_its_source_within_the_firm_and_finds_its_matter() {
    let world = World::new().await;
    let (firm, other) = (world.firm("ONE").await, world.firm("TWO").await);
    let first = create(&firm, known_to("clio", "42", matter("Alice", "Bob")))
        .await
        .unwrap();
    let refused = refusal(create(&firm, known_to("clio", "42", matter("Carol", "Dave"))).await);
    assert_eq!(refused, (Code::AlreadyExists, "RESOURCE_EXISTS".to_owned()));
    create(&firm, known_to("filevine", "42", matter("Carol", "Dave")))
        .await
        .unwrap();
    create(&other, known_to("clio", "42", matter("Carol", "Dave")))
        .await
        .unwrap();
    let find = ListMattersRequest {
        parent: firm.name.clone(),
        external_id: Some(ExternalId {
            source: "clio".to_owned(),
            id: "42".to_owned(),
        }),
        ..ListMattersRequest::default()
    };
    let found = firm
        .attorney
        .clone()
        .matters
        .list_matters(find)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(found.matters, [first]);
}

#[tokio::test]
async fn a_party_keeps_its_id_and_a_stranger_has_none() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let created = firm.matter("Alice", "Bob").await;
    let update = |parties: Vec<Party>| UpdateMatterRequest {
        matter: Some(Matter {
            name: created.name.clone(),
            parties,
            ..Matter::default()
        }),
        ..UpdateMatterRequest::default()
    };
    let mut attorney = firm.attorney.clone();
    let mut parties = created.parties.clone();
    parties[1].display_name = "Robert".to_owned();
    parties.push(party("Carol", PartyRole::Witness));
    let changed = attorney
        .matters
        .update_matter(update(parties))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(changed.parties[1].party_id, created.parties[1].party_id);
    assert_eq!(changed.parties[1].display_name, "Robert");
    assert_eq!(changed.parties.len(), 3);

    let stranger = Party {
        party_id: caseload_domain::PartyId::generate().to_string(),
        ..party("Eve", PartyRole::Witness)
    };
    let refused = attorney.matters.update_matter(update(vec![stranger])).await;
    assert_eq!(violations(refused), ["matter.parties.party_id"]);
    let twice = vec![changed.parties[0].clone(), changed.parties[0].clone()];
    let refused = attorney.matters.update_matter(update(twice)).await;
    assert_eq!(violations(refused), ["matter.parties[1].party_id"]);
}

#[tokio::test]
async fn nothing_is_requested_on_a_closed_matter() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let draft = firm.draft(&matter).await;
    firm.add(&draft, crate::world::task()).await.unwrap();
    let mut attorney = firm.attorney.clone();
    let close = CloseMatterRequest {
        name: matter.name.clone(),
        ..CloseMatterRequest::default()
    };
    let closed = attorney
        .matters
        .close_matter(close.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(closed.state(), MatterState::Closed);
    assert_eq!(
        refusal(attorney.matters.close_matter(close).await).1,
        "WRONG_STATE"
    );
    assert_eq!(refusal(firm.submit(&draft).await).1, "MATTER_CLOSED");
    let another = CreateRequestRequest {
        parent: firm.name.clone(),
        request: Some(Request {
            matter: matter.name.clone(),
            title: "More".to_owned(),
            ..Request::default()
        }),
        request_id: String::new(),
    };
    assert_eq!(
        refusal(attorney.requests.create_request(another).await).1,
        "MATTER_CLOSED"
    );
    let reopen = ReopenMatterRequest {
        name: matter.name.clone(),
        ..ReopenMatterRequest::default()
    };
    attorney.matters.reopen_matter(reopen).await.unwrap();
    firm.submit(&draft).await.unwrap();
}

#[tokio::test]
async fn matters_are_listed_by_any_of_the_states_asked_for() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let open = firm.matter("Alice", "Bob").await;
    let closed = firm.matter("Carol", "Dave").await;
    let mut attorney = firm.attorney.clone();
    let close = CloseMatterRequest {
        name: closed.name.clone(),
        ..CloseMatterRequest::default()
    };
    attorney.matters.close_matter(close).await.unwrap();
    let mut listed = async |states: &[MatterState]| {
        let request = ListMattersRequest {
            parent: firm.name.clone(),
            states: states.iter().map(|state| (*state).into()).collect(),
            ..ListMattersRequest::default()
        };
        let answer = attorney.matters.list_matters(request).await.unwrap();
        let matters = answer.into_inner().matters;
        matters.into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    let both = [open.name.clone(), closed.name.clone()];
    assert_eq!(listed(&[]).await, both);
    assert_eq!(
        listed(&[MatterState::Closed, MatterState::Open]).await,
        both
    );
    assert_eq!(listed(&[MatterState::Open]).await, [open.name]);
    assert_eq!(listed(&[MatterState::Closed]).await, [closed.name]);
    let odd = ListMattersRequest {
        parent: firm.name.clone(),
        states: vec![0, -1],
        ..ListMattersRequest::default()
    };
    assert_eq!(
        crate::world::violations(attorney.matters.list_matters(odd).await),
        ["states[0]", "states[1]"]
    );
}

#[tokio::test]
async fn of_many_changes_of_one_version_of_a_matter_one_is_made() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let held = firm.matter("Alice", "Bob").await;
    let changes = (0..8).map(|number| {
        let mut person = if number % 2 == 0 {
            firm.attorney.clone()
        } else {
            world.coordinator()
        };
        let request = UpdateMatterRequest {
            matter: Some(Matter {
                name: held.name.clone(),
                jurisdiction: format!("US-{number}"),
                etag: held.etag.clone(),
                ..Matter::default()
            }),
            ..UpdateMatterRequest::default()
        };
        async move { person.matters.update_matter(request).await }
    });
    let answers = futures::future::join_all(changes).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 7));
    for answer in refused {
        assert_eq!(refusal(answer), (Code::Aborted, "ETAG_MISMATCH".to_owned()));
    }
    let kept = made.into_iter().next().unwrap().unwrap().into_inner();
    let told: MatterChanged = world.last_event(&held.name).await;
    assert_eq!(told.matter.unwrap().jurisdiction, kept.jurisdiction);
}
