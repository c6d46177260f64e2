//! Every method that moves something, in every state that the thing can be in. What is expected is read from the
//! tables of the domain: where a table has a line the call succeeds and leads there; elsewhere it is refused with both
//! states named, and nothing is written.

mod checks;
mod deliveries;
mod requests;
mod tasks;
mod turning;

use std::fmt::Debug;

use caseload_intake::domain::transition::WrongState;
use tonic::{Code, Status};

use crate::world::{World, metadata, refusal};

/// How much is written: audit records and events.
async fn written(world: &World) -> i64 {
    world
        .count("select (select count(*) from audit_log) + (select count(*) from event_log)")
        .await
}

/// The answer is the table's refusal, and nothing was written since.
async fn is_refused<T: Debug>(
    world: &World,
    written_before: i64,
    answer: Result<T, Status>,
    wrong: WrongState,
    case: &str,
) {
    let status = answer.map(drop).expect_err(case);
    assert_eq!(
        refusal(Err::<(), _>(status.clone())),
        (Code::FailedPrecondition, "WRONG_STATE".to_owned()),
        "{case}: {status:?}"
    );
    assert_eq!(status.message(), wrong.to_string(), "{case}");
    let named = metadata(Err::<(), _>(status));
    assert_eq!(
        (named["from"].as_str(), named["to"].as_str()),
        (wrong.from, wrong.to),
        "{case}"
    );
    assert_eq!(written(world).await, written_before, "{case}");
}
