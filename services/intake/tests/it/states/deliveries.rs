//! Deliveries: each verdict in each state.

use caseload_domain::ParalegalId;
use caseload_intake::domain::delivery::{DeliveryState as State, Verdict};
use caseload_proto::caseload::intake::v1::*;
use tonic::Status;

use super::{is_refused, written};
use crate::world::{FirmOf, World, deliver};

async fn judge(firm: &FirmOf, name: &str, verdict: Verdict) -> Result<Delivery, Status> {
    let (mut attorney, name) = (firm.attorney.clone(), name.to_owned());
    let answer = match verdict {
        Verdict::Accept => {
            let request = AcceptDeliveryRequest {
                name,
                ..AcceptDeliveryRequest::default()
            };
            attorney.deliveries.accept_delivery(request).await
        }
        Verdict::Revise => {
            let request = RequestRevisionRequest {
                name,
                reason: "Cite the statute".to_owned(),
                ..RequestRevisionRequest::default()
            };
            attorney.deliveries.request_revision(request).await
        }
    };
    answer.map(tonic::Response::into_inner)
}

async fn delivery_in(world: &World, firm: &FirmOf, matter: &Matter, state: State) -> Delivery {
    let (_, task) = firm.accepted(world, matter).await;
    let paralegal = ParalegalId::generate();
    world.give(&task.name, paralegal).await;
    let delivery = deliver(&world.paralegal(paralegal), &task, "")
        .await
        .unwrap();
    match state {
        State::Submitted => delivery,
        State::Accepted => judge(firm, &delivery.name, Verdict::Accept).await.unwrap(),
        State::RevisionRequested => judge(firm, &delivery.name, Verdict::Revise).await.unwrap(),
    }
}

#[tokio::test]
async fn each_verdict_leads_where_the_table_says_and_is_refused_elsewhere() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    for at in State::ALL {
        for verdict in Verdict::ALL {
            let case = format!("{verdict} of a delivery that is {at}");
            let delivery = delivery_in(&world, &firm, &matter, *at).await;
            assert_eq!(delivery.state(), DeliveryState::from(*at), "{case}");
            let before = written(&world).await;
            let answer = judge(&firm, &delivery.name, *verdict).await;
            match at.after(*verdict) {
                Ok(to) => assert_eq!(answer.unwrap().state(), DeliveryState::from(to), "{case}"),
                Err(wrong) => is_refused(&world, before, answer, wrong, &case).await,
            }
        }
    }
}
