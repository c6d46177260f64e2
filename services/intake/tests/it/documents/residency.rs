//! A firm's documents are kept where the firm says.

use caseload_intake::IntakeConfig;
use caseload_intake::config::documents::{ResidencyConfig, StoreKind};
use caseload_proto::caseload::intake::v1::*;

use super::{Case, download, files, upload};
use crate::world::{World, refusal};

async fn reside(case: &Case, code: &str) {
    let request = UpdateFirmRequest {
        firm: Some(Firm {
            name: case.firm.name.clone(),
            data_residency: code.to_owned(),
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
}

#[tokio::test]
async fn where_a_firms_documents_must_be_is_where_they_are_and_nowhere_else() {
    let european = tempfile::tempdir().unwrap();
    let there = ResidencyConfig {
        store: StoreKind::File,
        directory: Some(european.path().to_owned()),
        s3: None,
    };
    let mut config = IntakeConfig::default();
    config.documents.residency.insert("EU".to_owned(), there);
    let case = Case::in_world(World::with(config).await).await;
    let anywhere = case.document(b"before").await;
    reside(&case, "EU").await;
    let document = case.document(b"Schriftsatz").await;
    assert_eq!(files(european.path()).len(), 1);
    assert_eq!(files(case.world.folder.path()).len(), 1);
    assert_eq!(
        download(&case.worker(), &document).await.unwrap(),
        b"Schriftsatz"
    );
    // What was uploaded before stays where it is, and is found there.
    assert_eq!(
        download(&case.worker(), &anywhere).await.unwrap(),
        b"before"
    );

    reside(&case, "CH").await;
    let refused = upload(&case.worker(), case.header(b"x"), b"x").await;
    assert_eq!(refusal(refused).1, "RESIDENCY_UNAVAILABLE");
    assert_eq!(
        files(european.path()).len() + files(case.world.folder.path()).len(),
        2
    );
}
