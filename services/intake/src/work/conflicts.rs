//! Checking matters for conflicts. A check looks into every firm, so it leaves the caller's scope for its duration.
//!
//! Matters that are closed are looked through like others: who was a client is one that a firm owes loyalty to still
//! (ABA Model Rule 1.9).

use std::collections::{BTreeMap, BTreeSet};

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use caseload_domain::{ConflictCheckId, Scope};
use caseload_events::Act;
use caseload_names::Score;
use time::OffsetDateTime;

use super::holds;
use crate::domain::conflict::{self, CheckMove, Collision, ConflictCheck, news};
use crate::domain::conflict_match::hits;
use crate::domain::matter::Matter;
use crate::error::IntakeError;
use crate::store::conflicts::Query;
use crate::store::{self, Keys};

/// Compares a matter with those of all other firms, and answers the check that counts from now on: the one that was
/// there where it stands, else a new one.
pub(crate) async fn check(
    tx: &mut Transaction,
    act: &Act,
    matter: &Matter,
    threshold: Score,
) -> Result<ConflictCheck, IntakeError> {
    store::conflicts::take_turn(tx, &matter.facts.conflict_names()).await?;
    let caller = tx.scope();
    tx.set_scope(Scope::AllFirms).await?;
    let found = find(tx, matter.name, threshold).await?;
    let check = settle(tx, act, matter.name, &found).await?;
    tx.set_scope(caller).await?;
    Ok(check)
}

/// What follows when the names of a matter or its proceeding have changed: it is checked again where it was checked
/// before, and so are the other firms' matters that it collides with now, or did before. Answers its own check. The
/// turn of its names, those before and those now, is taken.
///
/// It is not the caller's doing as far as those firms can tell: their audit log names this service.
pub(crate) async fn compare_again(
    tx: &mut Transaction,
    act: &Act,
    matter: &Matter,
    threshold: Score,
) -> Result<Option<ConflictCheck>, IntakeError> {
    let caller = tx.scope();
    tx.set_scope(Scope::AllFirms).await?;
    let found = find(tx, matter.name, threshold).await?;
    let own = match matter.conflict_state {
        None => None,
        Some(_) => Some(settle(tx, act, matter.name, &found).await?),
    };
    tell_others(tx, act.now, matter.name, &found).await?;
    tx.set_scope(caller).await?;
    Ok(own)
}

/// The names of a matter that other firms' matters have on the opposite side.
async fn find(
    tx: &mut Transaction,
    matter: MatterName,
    threshold: Score,
) -> Result<Vec<Collision>, IntakeError> {
    let names = store::conflicts::names_of(tx, matter).await?;
    let (names, queries): (Vec<_>, Vec<_>) = names
        .iter()
        .filter_map(|name| {
            let sides = vec![name.role.side().opposite()?];
            let compared = &name.compared;
            Some((
                name,
                Query {
                    name: compared,
                    sides,
                },
            ))
        })
        .unzip();
    let candidates = store::conflicts::candidates(tx, &queries, Some(matter.firm)).await?;
    let mut found = Vec::new();
    for (name, candidates) in names.into_iter().zip(candidates) {
        for hit in hits(&name.compared, candidates, threshold) {
            found.push(Collision {
                party_name: name.name.clone(),
                party_role: name.role,
                other_matter: hit.found.matter,
                other_name: hit.found.name,
                other_role: hit.found.role,
                same_proceeding: false,
                score: hit.score,
                likeness: hit.likeness,
            });
        }
    }
    let others: BTreeSet<MatterName> = found.iter().map(|found| found.other_matter).collect();
    let same = store::conflicts::of_one_proceeding(tx, matter, &others).await?;
    for collision in &mut found {
        collision.same_proceeding = same.contains(&collision.other_matter);
    }
    Ok(found)
}

/// Makes what is found of a matter its check: the one that was there where it stands, else a new one.
async fn settle(
    tx: &mut Transaction,
    act: &Act,
    matter: MatterName,
    found: &[Collision],
) -> Result<ConflictCheck, IntakeError> {
    let Some(current) = store::conflicts::lock_current(tx, matter).await? else {
        return begin(tx, act, matter, found).await;
    };
    let known = known(tx, &current).await?;
    if current.stands(&known, found, act.now) {
        return stand(tx, current, &known, found).await;
    }
    supersede(tx, act, current).await?;
    begin(tx, act, matter, found).await
}

async fn known(tx: &mut Transaction, check: &ConflictCheck) -> Result<Vec<Collision>, IntakeError> {
    let mut findings = store::conflicts::findings(tx, &Keys::one(check.firm, check.id)).await?;
    let findings = findings.remove(&check.id.0);
    Ok(findings.unwrap_or_default().collisions)
}

/// A check that stands. An officer's block does so whatever is found; what is found later is put to it, so that whoever
/// thinks again of the block sees that too.
async fn stand(
    tx: &mut Transaction,
    check: ConflictCheck,
    known: &[Collision],
    found: &[Collision],
) -> Result<ConflictCheck, IntakeError> {
    store::conflicts::add_collisions(tx, &check, &news(known, found)).await?;
    Ok(check)
}

async fn supersede(
    tx: &mut Transaction,
    act: &Act,
    mut check: ConflictCheck,
) -> Result<(), IntakeError> {
    check.state = check.state.after(CheckMove::Supersede)?;
    keep(tx, act, &mut check).await
}

async fn begin(
    tx: &mut Transaction,
    act: &Act,
    matter: MatterName,
    found: &[Collision],
) -> Result<ConflictCheck, IntakeError> {
    let result = conflict::result(found);
    let check = ConflictCheck {
        firm: matter.firm,
        id: ConflictCheckId::generate(),
        matter: matter.id,
        state: result.initial_state(),
        result,
        resolve_time: None,
        waiver_expire_time: None,
        version: 1,
        create_time: act.now,
        update_time: act.now,
    };
    store::conflicts::insert(tx, &check).await?;
    store::conflicts::add_collisions(tx, &check, &found.iter().collect::<Vec<_>>()).await?;
    let after = store::conflicts::record(tx, check.name()).await?;
    act.record(tx, Some(check.firm), check.name().to_string(), None, after)
        .await?;
    holds::follow(tx, act, &check).await?;
    Ok(check)
}

/// Settles the checks of the other firms' matters that one collides with now, or did before.
///
/// What two matters have in common is the same from either side, so their names are not looked for again: what such a
/// check found of third matters is as it was, but for names that are gone.
async fn tell_others(
    tx: &mut Transaction,
    now: OffsetDateTime,
    matter: MatterName,
    found: &[Collision],
) -> Result<(), IntakeError> {
    let mut of_other: BTreeMap<MatterName, Vec<Collision>> = BTreeMap::new();
    for collision in found {
        let turned = collision.turned(matter);
        let of_other = of_other.entry(collision.other_matter).or_default();
        of_other.push(turned);
    }
    for other in store::conflicts::found_by(tx, matter).await? {
        of_other.entry(other).or_default();
    }
    let act = Act::system("conflicts", now);
    for (other, met) in of_other {
        let Some(check) = store::conflicts::lock_current(tx, other).await? else {
            continue;
        };
        let known = known(tx, &check).await?;
        let there = store::conflicts::still_there(tx, &check).await?;
        let mut found: Vec<Collision> = known
            .iter()
            .zip(there)
            .filter(|(collision, there)| *there && collision.other_matter != matter)
            .map(|(collision, _)| collision.clone())
            .collect();
        found.extend(met);
        if check.stands(&known, &found, now) {
            stand(tx, check, &known, &found).await?;
        } else {
            supersede(tx, &act, check).await?;
            begin(tx, &act, other, &found).await?;
        }
    }
    Ok(())
}

/// Writes a check that is held and has changed.
pub(crate) async fn keep(
    tx: &mut Transaction,
    act: &Act,
    check: &mut ConflictCheck,
) -> Result<(), IntakeError> {
    let name = check.name();
    let before = store::conflicts::record(tx, name).await?;
    store::conflicts::save(tx, check, act.now).await?;
    let after = store::conflicts::record(tx, name).await?;
    Ok(act
        .record(tx, Some(check.firm), name.to_string(), before, after)
        .await?)
}
