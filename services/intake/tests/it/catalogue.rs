//! What the database's catalogue says.

use caseload_intake::MIGRATIONS;
use caseload_testing::{catalogue, database};

#[tokio::test]
async fn every_firms_rows_are_kept_apart_by_the_database() {
    catalogue::check(&database("intake", &MIGRATIONS).await).await;
}
