//! Who reaches a document.

use caseload_domain::name::{AssignmentName, DocumentName, FirmName};
use caseload_domain::{AssignmentId, DocumentId, FirmId, ParalegalId};
use caseload_proto::caseload::assignment::v1::AssignmentState;
use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use super::{Case, delete, download, get, list, upload};
use crate::world::{Person, get_task, refusal};

/// Takes the task from its paralegal.
pub(super) async fn release(case: &Case) {
    let task = get_task(&case.firm.attorney, &case.task.name)
        .await
        .unwrap();
    let assignment: AssignmentName = task.assignment.parse().unwrap();
    case.world
        .assignment(
            &task.name,
            assignment.id,
            case.paralegal,
            AssignmentState::Released,
        )
        .await;
    case.world.task_becomes(&task.name, TaskState::Open).await;
}

async fn everything(person: &Person, case: &Case, document: &Document) -> Vec<Result<(), Status>> {
    let mut them = person.clone();
    let versions = ListDocumentVersionsRequest {
        parent: document.name.clone(),
        ..ListDocumentVersionsRequest::default()
    };
    vec![
        get(person, &document.name).await.map(drop),
        download(person, document).await.map(drop),
        delete(person, document).await.map(drop),
        upload(person, case.header(b"x"), b"x").await.map(drop),
        upload(person, case.next(document, b"x"), b"x")
            .await
            .map(drop),
        them.documents
            .list_document_versions(versions)
            .await
            .map(drop),
    ]
}

#[tokio::test]
async fn to_whom_it_is_not_theirs_a_document_is_not_there() {
    let case = Case::new().await;
    let document = case.document(b"privileged").await;
    let other = case.world.firm("TWO").await;
    let offered = ParalegalId::generate();
    let strangers = [
        other.attorney.clone(),
        other.admin.clone(),
        case.world.paralegal(offered),
    ];
    for stranger in &strangers {
        for answer in everything(stranger, &case, &document).await {
            let status = answer.unwrap_err();
            assert_eq!(status.code(), Code::NotFound, "{status:?}");
        }
        let all = ListDocumentsRequest {
            parent: "firms/-".to_owned(),
            ..ListDocumentsRequest::default()
        };
        assert!(list(stranger, all).await.is_empty());
    }
    // In the same words as what is nowhere.
    let nowhere = DocumentName::new(case.firm.id, DocumentId::generate()).to_string();
    let there = get(&other.attorney, &document.name).await.unwrap_err();
    let absent = get(&case.firm.attorney, &nowhere).await.unwrap_err();
    assert_eq!(
        there.message().replace(&document.name, ""),
        absent.message().replace(&nowhere, "")
    );
    let elsewhere = FirmName(FirmId::generate());
    let settings = GetDocumentSettingsRequest {
        name: format!("{elsewhere}/documentSettings"),
    };
    for mut person in [
        case.firm.admin.clone(),
        case.worker(),
        case.world.coordinator(),
    ] {
        let refused = person
            .documents
            .get_document_settings(settings.clone())
            .await;
        assert_eq!(refusal(refused).0, Code::NotFound);
    }
}

#[tokio::test]
async fn an_offer_opens_nothing_and_a_release_closes_everything() {
    let case = Case::new().await;
    let document = case.document(b"privileged").await;
    assert!(download(&case.worker(), &document).await.is_ok());
    release(&case).await;
    for answer in everything(&case.worker(), &case, &document).await {
        assert_eq!(refusal(answer).0, Code::NotFound);
    }
    let next = ParalegalId::generate();
    let person = case.world.paralegal(next);
    let assignment = AssignmentId::generate();
    case.world
        .assignment(&case.task.name, assignment, next, AssignmentState::Offered)
        .await;
    case.world
        .task_becomes(&case.task.name, TaskState::Assigned)
        .await;
    for answer in everything(&person, &case, &document).await {
        assert_eq!(refusal(answer).0, Code::NotFound);
    }
    case.world
        .assignment(&case.task.name, assignment, next, AssignmentState::Accepted)
        .await;
    case.world
        .task_becomes(&case.task.name, TaskState::InProgress)
        .await;
    assert_eq!(download(&person, &document).await.unwrap(), b"privileged");
    upload(&person, case.next(&document, b"mine"), b"mine")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_hold_stops_the_files_too_and_acceptance_ends_the_work() {
    let case = Case::new().await;
    let document = case.document(b"privileged").await;
    let hold = HoldTaskRequest {
        name: case.task.name.clone(),
        reason: "A conflict came up".to_owned(),
        ..HoldTaskRequest::default()
    };
    case.firm
        .attorney
        .clone()
        .tasks
        .hold_task(hold)
        .await
        .unwrap();
    assert_eq!(
        refusal(download(&case.worker(), &document).await).0,
        Code::NotFound
    );
    let resume = ResumeTaskRequest {
        name: case.task.name.clone(),
        ..ResumeTaskRequest::default()
    };
    case.firm
        .attorney
        .clone()
        .tasks
        .resume_task(resume)
        .await
        .unwrap();
    let delivery = crate::world::deliver(&case.worker(), &case.task, "")
        .await
        .unwrap();
    assert!(
        download(&case.worker(), &document).await.is_ok(),
        "a revision may be asked for"
    );
    let accept = AcceptDeliveryRequest {
        name: delivery.name,
        ..AcceptDeliveryRequest::default()
    };
    case.firm
        .attorney
        .clone()
        .deliveries
        .accept_delivery(accept)
        .await
        .unwrap();
    assert_eq!(
        refusal(download(&case.worker(), &document).await).0,
        Code::NotFound
    );
    assert!(download(&case.firm.attorney, &document).await.is_ok());
}

#[tokio::test]
async fn the_matters_own_documents_are_no_paralegals() {
    let case = Case::new().await;
    let header = UploadDocumentHeader {
        task: String::new(),
        matter: case.matter.name.clone(),
        ..case.header(b"engagement letter")
    };
    let refused = upload(&case.worker(), header.clone(), b"engagement letter").await;
    assert_eq!(refusal(refused).0, Code::NotFound);
    let own = upload(&case.firm.admin, header, b"engagement letter")
        .await
        .unwrap();
    assert_eq!(
        (own.task.as_str(), own.matter),
        ("", case.matter.name.clone())
    );
    assert_eq!(
        refusal(get(&case.worker(), &own.name).await).0,
        Code::NotFound
    );
}

#[tokio::test]
async fn the_suites_people_see_names_and_only_reviewers_content() {
    let case = Case::new().await;
    let document = case.document(b"privileged").await;
    for person in [case.world.coordinator(), case.world.manager()] {
        assert_eq!(get(&person, &document.name).await.unwrap(), document);
        assert_eq!(
            refusal(download(&person, &document).await).0,
            Code::PermissionDenied
        );
        let refused = upload(&person, case.header(b"x"), b"x").await;
        assert_eq!(refusal(refused).0, Code::PermissionDenied);
        assert_eq!(
            refusal(delete(&person, &document).await).0,
            Code::PermissionDenied
        );
    }
    let reviewer = case.world.reviewer();
    assert!(download(&reviewer, &document).await.is_ok());
    let refused = upload(&reviewer, case.header(b"x"), b"x").await;
    assert_eq!(refusal(refused).0, Code::PermissionDenied);
    for person in [case.world.officer()] {
        assert_eq!(
            refusal(get(&person, &document.name).await).0,
            Code::PermissionDenied
        );
    }
}

#[tokio::test]
async fn people_of_a_suspended_firm_read_and_do_not_upload() {
    let case = Case::new().await;
    let document = case.document(b"privileged").await;
    let suspend = SuspendFirmRequest {
        name: case.firm.name.clone(),
        reason: "Unpaid invoices".to_owned(),
        ..SuspendFirmRequest::default()
    };
    case.world
        .manager()
        .firms
        .suspend_firm(suspend)
        .await
        .unwrap();
    assert!(download(&case.firm.attorney, &document).await.is_ok());
    let refused = upload(&case.firm.attorney, case.header(b"x"), b"x").await;
    assert_eq!(refusal(refused).1, "FIRM_SUSPENDED");
    // What is under way is brought to its end.
    upload(&case.worker(), case.header(b"x"), b"x")
        .await
        .unwrap();
}

#[tokio::test]
async fn every_upload_download_and_deletion_is_on_record_and_the_event_tells_no_label() {
    let case = Case::new().await;
    let document = case.document(b"privileged").await;
    upload(
        &case.firm.attorney,
        case.next(&document, b"edited"),
        b"edited",
    )
    .await
    .unwrap();
    download(&case.world.reviewer(), &document).await.unwrap();
    delete(&case.firm.attorney, &document).await.unwrap();
    let mut connection = case.world.database.inspect().await;
    let told: Vec<(String, String, bool, bool)> = sqlx::query_as(
        "select actor, split_part(method, '/', 2), before is not null, after is not null from audit_log
         where resource = $1 and firm_id is not null order by id",
    )
    .bind(&document.name)
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let (worker, attorney) = (
        format!("paralegal-{}", case.paralegal),
        format!("attorney@{}", case.firm.id),
    );
    let line =
        |actor: &str, method: &str, before| (actor.to_owned(), method.to_owned(), before, true);
    assert_eq!(
        told,
        [
            line(&worker, "UploadDocument", false),
            line(&attorney, "UploadDocument", true),
            line("test-reviewer", "DownloadDocument", false),
            line(&attorney, "DeleteDocument", true),
        ]
    );
    assert_eq!(
        case.world.events(&document.name).await,
        ["caseload.intake.v1.DocumentAdded"; 2]
    );
    let leaked = "select count(*) from event_log where position('Brief.pdf'::bytea in payload) > 0";
    assert_eq!(case.world.count(leaked).await, 0);
}
