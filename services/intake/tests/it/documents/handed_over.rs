//! Documents that are handed over, and what reviewers may say to it.

use caseload_domain::DocumentId;
use caseload_domain::name::{DocumentName, FirmName};
use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use super::{Case, delete, download_of, upload};
use crate::world::{Person, refusal, violations};

fn version(document: &Document, version: i32) -> DeliveredDocument {
    DeliveredDocument {
        document: document.name.clone(),
        version,
    }
}

async fn hand_over(case: &Case, documents: Vec<DeliveredDocument>) -> Result<Delivery, Status> {
    let request = CreateDeliveryRequest {
        parent: case.firm.name.clone(),
        delivery: Some(Delivery {
            task: case.task.name.clone(),
            note: "The brief and its exhibits.".to_owned(),
            documents,
            ..Delivery::default()
        }),
        request_id: String::new(),
    };
    let answer = case.worker().deliveries.create_delivery(request).await?;
    Ok(answer.into_inner())
}

async fn accept(person: &Person, delivery: &Delivery) -> Result<Delivery, Status> {
    let request = AcceptDeliveryRequest {
        name: delivery.name.clone(),
        ..AcceptDeliveryRequest::default()
    };
    Ok(person
        .clone()
        .deliveries
        .accept_delivery(request)
        .await?
        .into_inner())
}

async fn revise(person: &Person, delivery: &Delivery) -> Result<Delivery, Status> {
    let request = RequestRevisionRequest {
        name: delivery.name.clone(),
        reason: "Cite the record".to_owned(),
        ..RequestRevisionRequest::default()
    };
    Ok(person
        .clone()
        .deliveries
        .request_revision(request)
        .await?
        .into_inner())
}

#[tokio::test]
async fn a_delivery_keeps_the_versions_that_were_handed_over() {
    let case = Case::new().await;
    let brief = case.document(b"brief").await;
    let exhibit = upload(&case.firm.attorney, case.header(b"exhibit"), b"exhibit")
        .await
        .unwrap();
    let handed = vec![version(&exhibit, 1), version(&brief, 1)];
    let delivery = hand_over(&case, handed.clone()).await.unwrap();
    assert_eq!(delivery.documents, handed);

    upload(&case.worker(), case.next(&brief, b"later"), b"later")
        .await
        .unwrap();
    let get = GetDeliveryRequest {
        name: delivery.name.clone(),
    };
    let seen = case
        .firm
        .attorney
        .clone()
        .deliveries
        .get_delivery(get)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(seen.documents, handed);
    let request = DownloadDocumentRequest {
        name: brief.name.clone(),
        version: 1,
        offset_bytes: 0,
    };
    assert_eq!(download_of(&case.firm.attorney, request).await.1, b"brief");
    for person in [case.worker(), case.firm.admin.clone()] {
        let refused = delete(&person, &brief).await;
        assert_eq!(
            refusal(refused),
            (Code::FailedPrecondition, "DOCUMENT_DELIVERED".to_owned())
        );
    }
}

#[tokio::test]
async fn what_is_not_the_tasks_is_not_handed_over() {
    let case = Case::new().await;
    let own = case.document(b"own").await;
    let deleted = case.document(b"deleted").await;
    delete(&case.worker(), &deleted).await.unwrap();
    let of_matter = UploadDocumentHeader {
        task: String::new(),
        matter: case.matter.name.clone(),
        ..case.header(b"matter")
    };
    let of_matter = upload(&case.firm.attorney, of_matter, b"matter")
        .await
        .unwrap();
    let (_, other_task) = case.firm.accepted(&case.world, &case.matter).await;
    let elsewhere = UploadDocumentHeader {
        task: other_task.name,
        ..case.header(b"other")
    };
    let elsewhere = upload(&case.firm.attorney, elsewhere, b"other")
        .await
        .unwrap();
    let absent = Document {
        name: DocumentName::new(case.firm.id, DocumentId::generate()).to_string(),
        ..Document::default()
    };
    for document in [&deleted, &of_matter, &elsewhere, &absent] {
        let refused = hand_over(&case, vec![version(&own, 1), version(document, 1)]).await;
        assert_eq!(violations(refused), ["delivery.documents"]);
    }
    assert_eq!(
        violations(hand_over(&case, vec![version(&own, 2)]).await),
        ["delivery.documents"]
    );

    let twice = vec![version(&own, 1), version(&own, 1), version(&own, 0)];
    assert_eq!(
        violations(hand_over(&case, twice).await),
        [
            "delivery.documents[1].document",
            "delivery.documents[2].version"
        ]
    );
    let many = vec![version(&own, 1); 51];
    assert_eq!(
        violations(hand_over(&case, many).await),
        ["delivery.documents"]
    );
    let other: FirmName = case.world.firm("TWO").await.name.parse().unwrap();
    let foreign = Document {
        name: DocumentName::new(other.0, DocumentId::generate()).to_string(),
        ..Document::default()
    };
    assert_eq!(
        violations(hand_over(&case, vec![version(&foreign, 1)]).await),
        ["delivery.documents[0].document"]
    );
    assert_eq!(case.world.count("select count(*) from deliveries").await, 0);
}

#[tokio::test]
async fn a_deletion_and_a_delivery_of_the_same_document_do_not_both_succeed() {
    let case = Case::new().await;
    let document = case.document(b"brief").await;
    let (deleted, delivered) = tokio::join!(
        delete(&case.firm.attorney, &document),
        hand_over(&case, vec![version(&document, 1)])
    );
    assert!(
        deleted.is_ok() != delivered.is_ok(),
        "{deleted:?} {delivered:?}"
    );
}

#[tokio::test]
async fn a_reviewer_accepts_or_asks_for_a_revision() {
    let case = Case::new().await;
    let reviewer = case.world.reviewer();
    let first = hand_over(&case, Vec::new()).await.unwrap();
    let revised = revise(&reviewer, &first).await.unwrap();
    assert_eq!(revised.reviewed_by, "test-reviewer");
    let second = hand_over(&case, Vec::new()).await.unwrap();
    let accepted = accept(&reviewer, &second).await.unwrap();
    assert_eq!(accepted.state(), DeliveryState::Accepted);
    case.world
        .task_becomes(&case.task.name, TaskState::Accepted)
        .await;
    for person in [case.worker(), case.world.coordinator()] {
        assert_eq!(
            refusal(accept(&person, &second).await).0,
            Code::PermissionDenied
        );
    }
}

#[tokio::test]
async fn a_firm_that_accepts_by_its_own_lawyers_is_not_accepted_for() {
    let case = Case::new().await;
    let request = UpdateFirmRequest {
        firm: Some(Firm {
            name: case.firm.name.clone(),
            attorney_acceptance_required: true,
            ..Firm::default()
        }),
        ..UpdateFirmRequest::default()
    };
    case.world
        .coordinator()
        .firms
        .update_firm(request)
        .await
        .unwrap();
    let reviewer = case.world.reviewer();
    let first = hand_over(&case, Vec::new()).await.unwrap();
    assert_eq!(
        refusal(accept(&reviewer, &first).await),
        (
            Code::FailedPrecondition,
            "ATTORNEY_ACCEPTANCE_REQUIRED".to_owned()
        )
    );
    revise(&reviewer, &first).await.unwrap();
    let second = hand_over(&case, Vec::new()).await.unwrap();
    accept(&case.firm.attorney, &second).await.unwrap();
}
