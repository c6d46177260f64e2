//! What must run once among any number of replicas.

use std::time::Duration;

use caseload_database::DatabaseError;
use caseload_database::lease::Lease;
use caseload_domain::Scope;

use super::notes;

const LONG: Duration = Duration::from_mins(10);
const NAME: &str = "notes.sweep";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_replicas_one_holds_it() {
    let (_database, db) = notes().await;
    let takers = (0..8).map(|_| Lease::take(&db, NAME, LONG));
    let taken = futures::future::try_join_all(takers).await.unwrap();
    assert_eq!(taken.iter().flatten().count(), 1);
}

#[tokio::test]
async fn it_is_free_again_when_given_back_or_run_out() {
    let (_database, db) = notes().await;
    let held = Lease::take(&db, NAME, LONG).await.unwrap().unwrap();
    held.renew().await.unwrap();
    assert!(Lease::take(&db, NAME, LONG).await.unwrap().is_none());
    held.release().await.unwrap();

    let run_out = Lease::take(&db, NAME, Duration::ZERO)
        .await
        .unwrap()
        .unwrap();
    let next = Lease::take(&db, NAME, LONG).await.unwrap();
    assert!(next.is_some());
    assert!(matches!(
        run_out.renew().await,
        Err(DatabaseError::LeaseLost(_))
    ));
}

#[tokio::test]
async fn work_fenced_by_a_lost_lease_is_refused() {
    let (_database, db) = notes().await;
    let lost = Lease::take(&db, NAME, Duration::ZERO)
        .await
        .unwrap()
        .unwrap();
    let held = Lease::take(&db, NAME, LONG).await.unwrap().unwrap();
    for (lease, works) in [(lost, false), (held, true)] {
        let worked: Result<(), DatabaseError> = db
            .run(Scope::AllFirms, move |tx| {
                Box::pin(async move { lease.fence(tx).await })
            })
            .await;
        assert_eq!(worked.is_ok(), works, "{worked:?}");
    }
}
