//! Uploads under way: what a store may hold that no document knows of.

use std::time::Duration;

use caseload_database::Transaction;
use caseload_domain::FirmId;

use super::settings;
use crate::domain::document::{Place, StoreCode};
use crate::error::IntakeError;

/// An upload that comes to nothing.
#[derive(Debug, Clone)]
pub(crate) struct Abandoned {
    pub(crate) firm: FirmId,
    pub(crate) place: Place,
}

/// Notes an upload that nobody can be at any more after so long.
pub(crate) async fn insert(
    tx: &mut Transaction,
    firm: FirmId,
    place: &Place,
    size: i64,
    within: Duration,
) -> Result<(), IntakeError> {
    sqlx::query!(
        "insert into document_uploads (firm_id, object_id, store, size_bytes, expire_time)
         values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))",
        firm.0,
        place.object,
        place.store.0,
        size,
        within.as_secs_f64(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Takes out an upload whose object becomes a version; false when it was given up meanwhile.
pub(crate) async fn finish(
    tx: &mut Transaction,
    firm: FirmId,
    place: &Place,
) -> Result<bool, IntakeError> {
    let finished = sqlx::query!(
        "delete from document_uploads where firm_id = $1 and object_id = $2 and not abandoned",
        firm.0,
        place.object,
    )
    .execute(tx.connection())
    .await?;
    Ok(finished.rows_affected() == 1)
}

/// Gives an upload up, so that it can't become a version any more; false when it has become one, or is gone.
pub(crate) async fn abandon(
    tx: &mut Transaction,
    firm: FirmId,
    place: &Place,
) -> Result<bool, IntakeError> {
    let abandoned = sqlx::query!(
        "update document_uploads set abandoned = true where firm_id = $1 and object_id = $2",
        firm.0,
        place.object,
    )
    .execute(tx.connection())
    .await?;
    Ok(abandoned.rows_affected() == 1)
}

/// Gives up every upload that nobody can be at any more, and answers some of those whose object is to be removed.
pub(crate) async fn abandon_old(
    tx: &mut Transaction,
    most: i64,
) -> Result<Vec<Abandoned>, IntakeError> {
    sqlx::query!(
        "update document_uploads set abandoned = true where expire_time <= clock_timestamp() and not abandoned",
    )
    .execute(tx.connection())
    .await?;
    Ok(sqlx::query!(
        "select firm_id, object_id, store from document_uploads where abandoned order by expire_time limit $1",
        most,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| Abandoned {
        firm: FirmId(row.firm_id),
        place: Place {
            store: StoreCode(row.store),
            object: row.object_id,
        },
    })
    .collect())
}

/// Takes out an upload whose object was removed, and gives the room back.
pub(crate) async fn remove(
    tx: &mut Transaction,
    firm: FirmId,
    place: &Place,
) -> Result<(), IntakeError> {
    let size = sqlx::query_scalar!(
        "delete from document_uploads where firm_id = $1 and object_id = $2 returning size_bytes",
        firm.0,
        place.object,
    )
    .fetch_optional(tx.connection())
    .await?;
    match size {
        Some(size) => settings::free(tx, firm, size).await,
        None => Ok(()),
    }
}
