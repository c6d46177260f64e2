//! Removing what came to nothing: the object of a broken upload, then what is noted of it.

use caseload_database::Database;
use caseload_domain::{FirmId, Scope};

use crate::domain::document::Place;
use crate::error::IntakeError;
use crate::storage::Stores;
use crate::store::documents::uploads;

/// Gives an upload up and removes what is stored of it, unless it has become a version. What can't be removed now is left
/// to the sweep.
pub(crate) async fn discard(db: &Database, stores: &Stores, firm: FirmId, place: Place) {
    if let Err(error) = give_up(db, stores, firm, place).await {
        tracing::warn!(%error, %firm, "a broken upload is left to be removed later");
    }
}

async fn give_up(
    db: &Database,
    stores: &Stores,
    firm: FirmId,
    place: Place,
) -> Result<(), IntakeError> {
    let which = place.clone();
    let abandoned = db
        .run(Scope::Firm(firm), move |tx| {
            Box::pin(async move { uploads::abandon(tx, firm, &which).await })
        })
        .await?;
    if abandoned {
        remove(db, stores, firm, place).await?;
    }
    Ok(())
}

/// Removes what is stored of an upload that was given up, and then what is noted of it.
pub(crate) async fn remove(
    db: &Database,
    stores: &Stores,
    firm: FirmId,
    place: Place,
) -> Result<(), IntakeError> {
    stores.of(&place)?.remove(firm, &place).await?;
    db.run(Scope::Firm(firm), move |tx| {
        Box::pin(async move { uploads::remove(tx, firm, &place).await })
    })
    .await
}
