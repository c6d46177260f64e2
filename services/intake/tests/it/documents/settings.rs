//! How much a firm may store is the suite's to decide.

use caseload_proto::caseload::intake::v1::*;
use tonic::{Code, Status};

use super::Case;
use crate::world::{Person, refusal, violations};

fn name(case: &Case) -> String {
    format!("{}/documentSettings", case.firm.name)
}

async fn settings(person: &Person, name: &str) -> Result<DocumentSettings, Status> {
    let request = GetDocumentSettingsRequest {
        name: name.to_owned(),
    };
    let answer = person
        .clone()
        .documents
        .get_document_settings(request)
        .await?;
    Ok(answer.into_inner())
}

async fn decide(
    person: &Person,
    settings: DocumentSettings,
    paths: &[&str],
) -> Result<DocumentSettings, Status> {
    let request = UpdateDocumentSettingsRequest {
        document_settings: Some(settings),
        update_mask: Some(prost_types::FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        request_id: String::new(),
    };
    let answer = person
        .clone()
        .documents
        .update_document_settings(request)
        .await?;
    Ok(answer.into_inner())
}

#[tokio::test]
async fn what_is_configured_holds_until_something_else_is_decided() {
    let case = Case::new().await;
    let configured = settings(&case.firm.attorney, &name(&case)).await.unwrap();
    assert_eq!(configured.most_version_bytes, 1 << 30);
    assert_eq!(configured.most_total_bytes, 100 << 30);
    assert_eq!((configured.stored_bytes, configured.update_time), (0, None));
    case.document(b"12345").await;

    let manager = case.world.manager();
    let change = DocumentSettings {
        most_version_bytes: 100,
        most_total_bytes: 5_000,
        ..configured.clone()
    };
    let decided = decide(&manager, change.clone(), &["most_version_bytes"])
        .await
        .unwrap();
    assert_eq!(decided.most_version_bytes, 100);
    assert_eq!(
        decided.most_total_bytes,
        100 << 30,
        "the mask leaves it out"
    );
    assert_eq!(decided.stored_bytes, 5);
    assert_eq!(
        settings(&case.firm.attorney, &name(&case)).await.unwrap(),
        decided
    );
    let stale = decide(&manager, change, &["*"]).await;
    assert_eq!(refusal(stale).1, "ETAG_MISMATCH");

    let back = DocumentSettings {
        name: name(&case),
        ..DocumentSettings::default()
    };
    let back = decide(&manager, back, &["*"]).await.unwrap();
    assert_eq!(back.most_version_bytes, 1 << 30);
}

#[tokio::test]
async fn of_two_decisions_at_the_same_time_one_counts() {
    let case = Case::new().await;
    let seen = settings(&case.firm.attorney, &name(&case)).await.unwrap();
    let (one, other) = (case.world.manager(), case.world.manager());
    let to = |bytes| DocumentSettings {
        most_total_bytes: bytes,
        ..seen.clone()
    };
    let (first, second) = tokio::join!(
        decide(&one, to(1_000), &["most_total_bytes"]),
        decide(&other, to(2_000), &["most_total_bytes"]),
    );
    assert!(first.is_ok() != second.is_ok());
    assert_eq!(first.err().or(second.err()).unwrap().code(), Code::Aborted);
}

#[tokio::test]
async fn only_the_suite_decides_and_only_what_can_be() {
    let case = Case::new().await;
    let change = DocumentSettings {
        name: name(&case),
        most_version_bytes: -1,
        most_total_bytes: -1,
        ..DocumentSettings::default()
    };
    for person in [&case.firm.admin, &case.worker(), &case.world.reviewer()] {
        let refused = decide(person, change.clone(), &["*"]).await;
        assert_eq!(refusal(refused).0, Code::PermissionDenied);
    }
    let manager = case.world.manager();
    assert_eq!(
        violations(decide(&manager, change.clone(), &["*"]).await),
        [
            "document_settings.most_total_bytes",
            "document_settings.most_version_bytes"
        ]
    );
    let odd = DocumentSettings {
        name: case.firm.name.clone(),
        ..DocumentSettings::default()
    };
    assert_eq!(
        violations(decide(&manager, odd, &["stored_bytes"]).await),
        ["document_settings.name", "update_mask"]
    );
    assert_eq!(
        refusal(settings(&case.worker(), &name(&case)).await).0,
        Code::NotFound
    );
}
