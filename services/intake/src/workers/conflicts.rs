//! What conflict checks leave to time: a waiver that has ended waives nothing, so its matter is checked again; and names
//! that an older matcher wrote are written again, and their matters compared.

use std::time::Duration;

use caseload_database::lease::Lease;
use caseload_database::{Database, Transaction};
use caseload_domain::Scope;
use caseload_domain::name::MatterName;
use caseload_events::Act;
use caseload_names::Score;
use caseload_runtime::{Worker, clock};

use super::{Swept, sweeper};
use crate::error::IntakeError;
use crate::{store, work};

/// The lease's name.
const NAME: &str = "intake.conflicts";

/// The worker.
pub(crate) fn worker(db: Database, interval: Duration, threshold: Score) -> Worker {
    sweeper(NAME, db, interval, move |db, lease| {
        Box::pin(sweep(db, lease, threshold))
    })
}

/// A matter at a time, so that no transaction holds the names of many.
async fn sweep(db: Database, lease: Lease, threshold: Score) -> Result<Swept, IntakeError> {
    db.run(Scope::AllFirms, move |tx| {
        Box::pin(async move {
            lease.fence(tx).await?;
            let act = Act::system("conflicts", clock::now());
            if let Some(matter) = store::conflicts::lapsed(tx, act.now).await? {
                let matter = store::matters::lock(tx, matter).await?;
                work::conflicts::check(tx, &act, &matter, threshold).await?;
                return Ok(Swept::Some);
            }
            if let Some(matter) = store::conflicts::written_by_another_matcher(tx).await? {
                write_again(tx, &act, matter, threshold).await?;
                return Ok(Swept::Some);
            }
            Ok(Swept::All)
        })
    })
    .await
}

async fn write_again(
    tx: &mut Transaction,
    act: &Act,
    matter: MatterName,
    threshold: Score,
) -> Result<(), IntakeError> {
    let matter = store::matters::lock(tx, matter).await?;
    let names = matter.facts.conflict_names();
    store::conflicts::take_turn(tx, &names).await?;
    store::conflicts::write_names(tx, matter.name, &names).await?;
    work::conflicts::compare_again(tx, act, &matter, threshold).await?;
    Ok(())
}
