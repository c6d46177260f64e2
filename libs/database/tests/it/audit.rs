//! Who changed what.

use caseload_database::audit::{Change, record};
use caseload_database::{Database, DatabaseError};
use caseload_domain::{FirmId, ParalegalId, Scope};

use super::notes;

async fn recorded(db: &Database, scope: Scope, firm: Option<FirmId>) -> Result<(), DatabaseError> {
    db.run(scope, move |tx| {
        Box::pin(async move {
            let change = Change {
                actor: "ann",
                remote: Some("192.0.2.1"),
                firm,
                method: "caseload.test.v1.NoteService/UpdateNote",
                resource: "notes/1".to_owned(),
                before: Some(serde_json::json!({"text": "old"})),
                after: Some(serde_json::json!({"text": "new"})),
            };
            record(tx, change).await
        })
    })
    .await
}

async fn visible(db: &Database, scope: Scope) -> i64 {
    db.run(scope, |tx| {
        Box::pin(async move {
            let count = sqlx::query_scalar("select count(*) from audit_log")
                .fetch_one(tx.connection())
                .await;
            Ok::<_, DatabaseError>(count?)
        })
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn each_scope_records_what_it_may_and_a_firm_sees_its_own() {
    let (_database, db) = notes().await;
    let (ours, theirs) = (FirmId::generate(), FirmId::generate());
    let paralegal = Scope::Paralegal(ParalegalId::generate());
    recorded(&db, Scope::Firm(ours), Some(ours)).await.unwrap();
    recorded(&db, paralegal, Some(theirs)).await.unwrap();
    recorded(&db, paralegal, None).await.unwrap();
    recorded(&db, Scope::AllFirms, None).await.unwrap();
    assert!(
        recorded(&db, Scope::Firm(ours), Some(theirs))
            .await
            .is_err()
    );
    assert!(recorded(&db, Scope::Firm(ours), None).await.is_err());
    assert_eq!(visible(&db, Scope::Firm(ours)).await, 1);
    assert_eq!(visible(&db, paralegal).await, 0);
    assert_eq!(visible(&db, Scope::AllFirms).await, 4);
}

#[tokio::test]
async fn a_record_can_neither_be_changed_nor_removed() {
    let (_database, db) = notes().await;
    recorded(&db, Scope::AllFirms, None).await.unwrap();
    for statement in [
        "update audit_log set actor = 'bob'",
        "delete from audit_log",
    ] {
        let changed: Result<(), DatabaseError> = db
            .run(Scope::AllFirms, move |tx| {
                Box::pin(async move {
                    sqlx::query(statement).execute(tx.connection()).await?;
                    Ok(())
                })
            })
            .await;
        assert!(changed.is_err(), "{statement}");
    }
}
