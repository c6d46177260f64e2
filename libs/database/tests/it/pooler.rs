//! Behind a pooler in transaction mode, each transaction may meet another server connection.

use caseload_database::{Database, DatabaseError};
use caseload_domain::{FirmId, Scope};

use super::{noted, notes, seen};

#[tokio::test]
async fn a_unit_of_work_is_not_in_the_way_of_what_others_left_prepared() {
    let (database, _db) = notes().await;
    let mut config = database.config();
    config.pooler = true;
    config.max_connections = 1;
    let db = Database::connect(&config).await.unwrap();
    // Another client left statements under the names that ours come under.
    db.run(Scope::AllFirms, |tx| {
        Box::pin(async move {
            for name in 1..100 {
                let statement = format!("prepare sqlx_s_{name} as select 1");
                sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
                    .execute(tx.connection())
                    .await?;
            }
            Ok::<_, DatabaseError>(())
        })
    })
    .await
    .unwrap();
    let firm = FirmId::generate();
    noted(&db, firm, "through").await;
    assert_eq!(seen(&db, Scope::Firm(firm)).await, ["through"]);
}
