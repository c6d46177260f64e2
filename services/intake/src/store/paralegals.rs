//! The paralegals that assignment has told of. They belong to no firm.

use std::collections::HashSet;

use caseload_database::Transaction;
use caseload_domain::ParalegalId;
use uuid::Uuid;

use crate::error::IntakeError;

/// Takes note of a paralegal, whatever is known already: that somebody is there is the same in every order and repeat of
/// the events that say so.
pub(crate) async fn note(tx: &mut Transaction, id: ParalegalId) -> Result<(), IntakeError> {
    sqlx::query!(
        "insert into known_paralegals (paralegal_id) values ($1) on conflict do nothing",
        id.0,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Those of some paralegals that are known.
pub(crate) async fn known(
    tx: &mut Transaction,
    ids: &[ParalegalId],
) -> Result<HashSet<ParalegalId>, IntakeError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let known = sqlx::query_scalar!(
        "select paralegal_id from known_paralegals where paralegal_id = any($1)",
        &ids,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(known.into_iter().map(ParalegalId).collect())
}
