//! What could not be tidied up at once is, later.

use caseload_domain::name::FirmName;
use caseload_intake::IntakeConfig;
use caseload_proto::caseload::intake::v1::*;

use super::{Case, becomes_tidy, delete, files, get, upload};
use crate::world::World;

async fn swept_often(purge_after_days: u32) -> Case {
    let mut config = IntakeConfig::default();
    config.documents.sweep_interval_ms = 50;
    config.documents.purge_after_days = purge_after_days;
    Case::in_world(World::with(config).await).await
}

#[tokio::test]
async fn what_a_crash_leaves_is_swept_when_nobody_can_be_at_it_any_more() {
    let case = swept_often(30).await;
    let kept = case.document(b"kept").await;
    let FirmName(firm) = case.firm.name.parse().unwrap();
    let folder = case.world.folder.path().join(firm.to_string());
    let (old, new) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    for object in [old, new] {
        std::fs::write(folder.join(object.to_string()), b"written and never known").unwrap();
        std::fs::write(folder.join(format!("{object}#1")), b"half written").unwrap();
    }
    let mut connection = case.world.database.inspect().await;
    for (object, seconds) in [(new, 3_600.0), (old, -1.0)] {
        sqlx::query(
            "with noted as (
                 insert into document_uploads (firm_id, object_id, store, size_bytes, expire_time)
                 values ($1, $2, '', 20, now() + make_interval(secs => $3)))
             update document_usage set stored_bytes = stored_bytes + 20",
        )
        .bind(firm.0)
        .bind(object)
        .bind(seconds)
        .execute(&mut connection)
        .await
        .unwrap();
    }
    caseload_testing::eventually("the old one is swept", async || {
        case.world
            .count("select count(*) from document_uploads")
            .await
            == 1
    })
    .await;
    let left = files(case.world.folder.path());
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(!left.iter().any(|file| file.contains(&old.to_string())));
    sqlx::raw_sql("update document_uploads set expire_time = now()")
        .execute(&mut connection)
        .await
        .unwrap();
    becomes_tidy(&case.world).await;
    assert_eq!(
        super::download(&case.worker(), &kept).await.unwrap(),
        b"kept"
    );
}

#[tokio::test]
async fn the_content_of_a_deleted_document_goes_when_its_time_is_over() {
    let case = swept_often(0).await;
    let kept = case.document(b"kept").await;
    let gone = case.document(b"gone").await;
    upload(&case.worker(), case.next(&gone, b"gone too"), b"gone too")
        .await
        .unwrap();
    delete(&case.worker(), &gone).await.unwrap();
    caseload_testing::eventually("the content is gone", async || {
        files(case.world.folder.path()).len() == 1
    })
    .await;
    becomes_tidy(&case.world).await;
    let told = get(&case.firm.attorney, &gone.name).await.unwrap();
    assert_eq!(told.state(), DocumentState::Deleted);
    assert_eq!(told.latest_version.unwrap().version, 2);
    assert_eq!(
        case.world
            .count("select stored_bytes from document_usage")
            .await,
        4
    );
    assert_eq!(
        super::download(&case.worker(), &kept).await.unwrap(),
        b"kept"
    );
}
