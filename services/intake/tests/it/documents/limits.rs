//! How much a firm stores is bounded before a byte of it is stored.

use caseload_proto::caseload::intake::v1::*;

use super::{Case, is_tidy, limit, upload};
use crate::world::refusal;

#[tokio::test]
async fn a_version_over_the_firms_limit_is_refused_by_what_it_declares() {
    let case = Case::new().await;
    limit(&case.world, &case.firm, 10, 0).await;
    case.document(&[1; 10]).await;
    let refused = upload(&case.worker(), case.header(&[1; 11]), &[1; 11]).await;
    assert_eq!(refusal(refused).1, "DOCUMENT_TOO_LARGE");
    let huge = UploadDocumentHeader {
        size_bytes: i64::MAX,
        ..case.header(b"x")
    };
    assert_eq!(
        refusal(upload(&case.worker(), huge, b"x").await).1,
        "DOCUMENT_TOO_LARGE"
    );
    assert!(is_tidy(&case.world).await);
}

#[tokio::test]
async fn of_uploads_that_race_for_the_last_room_one_gets_it() {
    let case = Case::new().await;
    limit(&case.world, &case.firm, 0, 1_000).await;
    let content = [1; 300];
    let people = [
        case.worker(),
        case.firm.attorney.clone(),
        case.firm.admin.clone(),
    ];
    for _ in 0..2 {
        let each = people
            .iter()
            .map(|person| upload(person, case.header(&content), &content));
        let refused: Vec<_> = futures::future::join_all(each)
            .await
            .into_iter()
            .filter_map(Result::err)
            .collect();
        for status in refused {
            assert_eq!(refusal(Err::<(), _>(status)).1, "DOCUMENT_STORAGE_FULL");
        }
    }
    assert_eq!(
        case.world
            .count("select count(*) from document_versions")
            .await,
        3
    );
    assert!(is_tidy(&case.world).await);
    // Room for the rest, and no more.
    upload(&case.worker(), case.header(&[1; 101]), &[1; 101])
        .await
        .unwrap_err();
    case.document(&[1; 100]).await;
    case.document(b"").await;
    assert_eq!(
        refusal(upload(&case.worker(), case.header(b"x"), b"x").await).1,
        "DOCUMENT_STORAGE_FULL"
    );
}

#[tokio::test]
async fn the_room_of_a_broken_upload_is_given_back() {
    let case = Case::new().await;
    limit(&case.world, &case.firm, 0, 10).await;
    for _ in 0..3 {
        let broken = upload(&case.worker(), case.header(&[1; 10]), &[2; 10]).await;
        assert_eq!(refusal(broken).1, "DOCUMENT_HASH_MISMATCH");
    }
    case.document(&[1; 10]).await;
}

#[tokio::test]
async fn a_document_has_a_hundred_versions_at_most() {
    let case = Case::new().await;
    let document = case.document(b"1").await;
    let mut connection = case.world.database.inspect().await;
    sqlx::raw_sql(
        "insert into document_versions select (jsonb_populate_record(v, jsonb_build_object(
             'number', n, 'object_id', gen_random_uuid()))).* from document_versions v, generate_series(2, 100) n;
         update documents set latest_version = 100",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let refused = upload(&case.worker(), case.next(&document, b"x"), b"x").await;
    assert_eq!(refusal(refused).1, "DOCUMENT_VERSIONS_FULL");
}
