//! What has two states: firms that are active or suspended, matters that are open or closed.

use caseload_intake::domain::transition::WrongState;
use caseload_proto::caseload::intake::v1::*;

use super::{is_refused, written};
use crate::world::World;

#[tokio::test]
async fn an_active_firm_can_be_suspended_alone_and_a_suspended_one_reinstated_alone() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let mut manager = world.manager();
    let suspend = SuspendFirmRequest {
        name: firm.name.clone(),
        reason: "Unpaid".to_owned(),
        ..SuspendFirmRequest::default()
    };
    let reinstate = ReinstateFirmRequest {
        name: firm.name.clone(),
        ..ReinstateFirmRequest::default()
    };
    let wrong = |state| WrongState {
        what: "firm",
        from: state,
        to: state,
    };
    for _ in 0..2 {
        let before = written(&world).await;
        let refused = manager.firms.reinstate_firm(reinstate.clone()).await;
        is_refused(&world, before, refused, wrong("active"), "active").await;
        let firm = manager.firms.suspend_firm(suspend.clone()).await.unwrap();
        assert_eq!(firm.into_inner().state(), FirmState::Suspended);
        let before = written(&world).await;
        let refused = manager.firms.suspend_firm(suspend.clone()).await;
        is_refused(&world, before, refused, wrong("suspended"), "suspended").await;
        let firm = manager
            .firms
            .reinstate_firm(reinstate.clone())
            .await
            .unwrap();
        assert_eq!(firm.into_inner().state(), FirmState::Active);
    }
}

#[tokio::test]
async fn an_open_matter_can_be_closed_alone_and_a_closed_one_opened_alone() {
    let world = World::new().await;
    let firm = world.firm("DOE").await;
    let matter = firm.matter("Alice", "Bob").await;
    let mut attorney = firm.attorney.clone();
    let close = CloseMatterRequest {
        name: matter.name.clone(),
        ..CloseMatterRequest::default()
    };
    let reopen = ReopenMatterRequest {
        name: matter.name.clone(),
        ..ReopenMatterRequest::default()
    };
    let wrong = |state| WrongState {
        what: "matter",
        from: state,
        to: state,
    };
    for _ in 0..2 {
        let before = written(&world).await;
        let refused = attorney.matters.reopen_matter(reopen.clone()).await;
        is_refused(&world, before, refused, wrong("open"), "open").await;
        let matter = attorney.matters.close_matter(close.clone()).await.unwrap();
        assert_eq!(matter.into_inner().state(), MatterState::Closed);
        let before = written(&world).await;
        let refused = attorney.matters.close_matter(close.clone()).await;
        is_refused(&world, before, refused, wrong("closed"), "closed").await;
        let matter = attorney
            .matters
            .reopen_matter(reopen.clone())
            .await
            .unwrap();
        assert_eq!(matter.into_inner().state(), MatterState::Open);
    }
}
