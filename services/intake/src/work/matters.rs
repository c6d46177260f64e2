//! Writing matters. What is written is compared with the matters of other firms, on either side.

use caseload_database::Transaction;
use caseload_domain::PartyId;
use caseload_events::{Act, Record};
use caseload_names::Score;
use caseload_proto::caseload::intake::v1::MatterChanged;

use super::{conflicts, snapshot};
use crate::domain::matter::{Matter, MatterFacts};
use crate::error::IntakeError;
use crate::store;

/// Writes a new matter.
pub(crate) async fn create(
    tx: &mut Transaction,
    act: &Act,
    matter: &mut Matter,
    threshold: Score,
) -> Result<(), IntakeError> {
    name_parties(&mut matter.facts);
    let names = matter.facts.conflict_names();
    store::conflicts::take_turn(tx, &names).await?;
    store::matters::insert(tx, matter).await?;
    store::conflicts::write_names(tx, matter.name, &names).await?;
    conflicts::compare_again(tx, act, matter, threshold).await?;
    tell(tx, act, matter, None).await
}

/// Writes a matter that is held and has changed; `before` is what the firm said of it then.
pub(crate) async fn keep(
    tx: &mut Transaction,
    act: &Act,
    matter: &mut Matter,
    before: &MatterFacts,
    threshold: Score,
) -> Result<(), IntakeError> {
    name_parties(&mut matter.facts);
    let record = store::matters::record(tx, matter.name).await?;
    let compares_differently = matter.facts.compares_differently(before);
    if compares_differently {
        let mut names = before.conflict_names();
        names.extend(matter.facts.conflict_names());
        store::conflicts::take_turn(tx, &names).await?;
    }
    store::matters::save(tx, matter, act.now).await?;
    if compares_differently {
        let names = matter.facts.conflict_names();
        store::conflicts::write_names(tx, matter.name, &names).await?;
        if let Some(check) = conflicts::compare_again(tx, act, matter, threshold).await? {
            matter.conflict_state = Some(check.state);
        }
    }
    tell(tx, act, matter, record).await
}

/// Gives every new party its id.
fn name_parties(facts: &mut MatterFacts) {
    for party in &mut facts.parties {
        party.id.get_or_insert_with(PartyId::generate);
    }
}

async fn tell(
    tx: &mut Transaction,
    act: &Act,
    matter: &Matter,
    before: Record,
) -> Result<(), IntakeError> {
    announce(tx, act, matter, before, false).await
}

/// Tells of a matter whose screens alone have changed. The firm is not told: a screen says that there is a conflict.
pub(crate) async fn tell_of_screens(
    tx: &mut Transaction,
    act: &Act,
    matter: &Matter,
    before: Record,
) -> Result<(), IntakeError> {
    announce(tx, act, matter, before, true).await
}

async fn announce(
    tx: &mut Transaction,
    act: &Act,
    matter: &Matter,
    before: Record,
    screening: bool,
) -> Result<(), IntakeError> {
    let (firm, name) = (matter.name.firm, matter.name.to_string());
    let after = store::matters::record(tx, matter.name).await?;
    act.record(tx, Some(firm), name.clone(), before, after)
        .await?;
    let changed = MatterChanged {
        matter: Some(snapshot::matter(matter)),
        screening,
    };
    Ok(act.announce(tx, Some(firm), name, &changed).await?)
}
