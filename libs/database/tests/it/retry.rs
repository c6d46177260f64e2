//! Requests that are sent again.

use caseload_database::lease::Lease;
use caseload_database::{Database, DatabaseError, Retry, retry};
use caseload_domain::{FirmId, Scope};
use tonic::{Code, Status};
use uuid::Uuid;

use super::{committed, notes, write};

const METHOD: &str = "caseload.test.v1.NoteService/CreateNote";

/// A request to note something, as `principal`; the answer says under which number it was noted.
async fn request(
    db: &Database,
    scope: Scope,
    principal: &str,
    request_id: &str,
    text: &str,
) -> Result<String, DatabaseError> {
    let (firm, owner) = match scope {
        Scope::Firm(firm) => (firm, Some(firm)),
        Scope::Paralegal(_) | Scope::AllFirms => (FirmId::generate(), None),
    };
    let retry = Retry::new(owner, principal, METHOD, request_id, &text.to_owned()).unwrap();
    let text = text.to_owned();
    db.run_once(scope, retry, move |tx| {
        Box::pin(async move {
            let number = Uuid::new_v4().to_string();
            write(tx, firm, &format!("{text} {number}")).await?;
            Ok(number)
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ten_at_once_one_is_done_and_nine_are_answered_alike() {
    let (database, db) = notes().await;
    let scope = Scope::Firm(FirmId::generate());
    let id = Uuid::new_v4().to_string();
    let sent = (0..10).map(|_| request(&db, scope, "ann", &id, "filed"));
    let answers = futures::future::try_join_all(sent).await.unwrap();
    assert!(
        answers.iter().all(|answer| answer == &answers[0]),
        "{answers:?}"
    );
    assert_eq!(committed(&database).await, 1);
}

#[tokio::test]
async fn another_request_under_the_same_id_is_refused_and_changes_nothing() {
    let (database, db) = notes().await;
    let scope = Scope::Firm(FirmId::generate());
    let id = Uuid::new_v4().to_string();
    request(&db, scope, "ann", &id, "filed").await.unwrap();
    let refused = request(&db, scope, "ann", &id, "withdrawn")
        .await
        .unwrap_err();
    assert!(matches!(refused, DatabaseError::RequestIdReused));
    assert_eq!(Status::from(refused).code(), Code::FailedPrecondition);
    assert_eq!(committed(&database).await, 1);
}

#[tokio::test]
async fn another_caller_or_firm_may_use_the_same_id() {
    let (database, db) = notes().await;
    let id = Uuid::new_v4().to_string();
    let (ours, theirs) = (
        Scope::Firm(FirmId::generate()),
        Scope::Firm(FirmId::generate()),
    );
    request(&db, ours, "ann", &id, "filed").await.unwrap();
    request(&db, ours, "bob", &id, "filed").await.unwrap();
    request(&db, theirs, "ann", &id, "filed").await.unwrap();
    assert_eq!(committed(&database).await, 3);
}

#[tokio::test]
async fn staff_who_belong_to_no_firm_are_answered_alike_too() {
    let (database, db) = notes().await;
    let id = Uuid::new_v4().to_string();
    let first = request(&db, Scope::AllFirms, "coordinator", &id, "filed")
        .await
        .unwrap();
    let second = request(&db, Scope::AllFirms, "coordinator", &id, "filed")
        .await
        .unwrap();
    assert_eq!(first, second);
    assert_eq!(committed(&database).await, 1);
}

#[tokio::test]
async fn a_request_that_failed_may_be_sent_again() {
    let (database, db) = notes().await;
    let firm = FirmId::generate();
    let id = Uuid::new_v4().to_string();
    let retry = Retry::new(Some(firm), "ann", METHOD, &id, &"filed".to_owned()).unwrap();
    let failed: Result<String, DatabaseError> = db
        .run_once(Scope::Firm(firm), retry, |_| {
            Box::pin(async { Err(DatabaseError::EtagMismatch) })
        })
        .await;
    assert!(failed.is_err());
    request(&db, Scope::Firm(firm), "ann", &id, "filed")
        .await
        .unwrap();
    assert_eq!(committed(&database).await, 1);
}

#[tokio::test]
async fn without_an_id_each_request_is_done() {
    let (database, db) = notes().await;
    let scope = Scope::Firm(FirmId::generate());
    request(&db, scope, "ann", "", "filed").await.unwrap();
    request(&db, scope, "ann", "", "filed").await.unwrap();
    assert_eq!(committed(&database).await, 2);
}

#[test]
fn an_id_that_is_no_uuid_is_refused() {
    assert!(Retry::new(None, "ann", METHOD, "17", &String::new()).is_err());
}

#[tokio::test]
async fn a_commit_whose_outcome_is_unknown_is_answered_only_if_it_happened() {
    let (database, db) = notes().await;
    // The connection is cut in the middle of the commit, which so comes to nothing.
    database
        .as_owner(
            "create function cut() returns trigger language plpgsql as
                 'begin perform pg_terminate_backend(pg_backend_pid()); return null; end';
             create constraint trigger cut after insert on note deferrable initially deferred
                 for each row execute function cut();",
        )
        .await;
    let scope = Scope::Firm(FirmId::generate());
    let id = Uuid::new_v4().to_string();
    let unknown = request(&db, scope, "ann", &id, "filed").await.unwrap_err();
    assert!(matches!(unknown, DatabaseError::Unavailable), "{unknown:?}");
    assert_eq!(committed(&database).await, 0);
    database.as_owner("drop trigger cut on note").await;
    request(&db, scope, "ann", &id, "filed").await.unwrap();
    assert_eq!(committed(&database).await, 1);
}

#[tokio::test]
async fn old_answers_are_forgotten_some_at_a_time() {
    let (database, db) = notes().await;
    let id = Uuid::new_v4().to_string();
    let scopes: [_; 3] = std::array::from_fn(|_| Scope::Firm(FirmId::generate()));
    for scope in scopes {
        request(&db, scope, "ann", &id, "filed").await.unwrap();
    }
    let forgotten = async |age: u64| {
        let age = std::time::Duration::from_secs(age);
        retry::sweep(&db, age, 2).await.unwrap()
    };
    assert_eq!(forgotten(3_600).await, 0);
    let theirs = Lease::take(&db, "retry-sweep", std::time::Duration::from_mins(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(forgotten(0).await, 0, "another replica is at it");
    theirs.release().await.unwrap();
    assert_eq!(forgotten(0).await, 3);
    assert_eq!(forgotten(0).await, 0);
    request(&db, scopes[0], "ann", &id, "filed").await.unwrap();
    assert_eq!(committed(&database).await, 4);
}
