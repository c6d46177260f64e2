//! Making or changing the matter that another system knows by an id of its own.

use caseload_database::{Transaction, etag};
use caseload_domain::name::MatterName;
use caseload_domain::{FirmId, MatterId};
use caseload_events::Act;
use caseload_names::Score;
use caseload_proto::caseload::intake::v1;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;

use super::contract::{UPDATABLE, answer, no_party_ids, patch};
use super::units::{create, hold, known_parties};
use crate::domain::matter::{ExternalId, Matter, MatterFacts, MatterPatch};
use crate::domain::party::recognise;
use crate::error::IntakeError;
use crate::store;
use crate::work;

/// What is said of a matter that may be known already.
#[derive(Debug, Clone)]
pub(super) struct Upsert {
    /// Whose it is.
    pub(super) firm: FirmId,
    /// What the other system knows it by.
    pub(super) key: ExternalId,
    /// What changes if it is known.
    patch: MatterPatch,
    /// All of it, if it is not; or what is missing or wrong for a new one.
    whole: Result<MatterFacts, Violations>,
    /// The version that it is based on; empty for whatever it is.
    etag: String,
}

impl Upsert {
    /// Reads it. What is wrong with what a change would leave as it is, is told only if the matter is new.
    pub(super) fn read(
        violations: &mut Violations,
        given: &v1::Matter,
        mask: &Mask,
        firm: Option<FirmId>,
        key: Option<ExternalId>,
    ) -> Option<Self> {
        let mut change = patch(violations, given, mask);
        let mut lacking = Violations::new();
        no_party_ids(&mut lacking, given);
        let mut whole = patch(&mut lacking, given, &Mask::of(UPDATABLE)).complete();
        let key = key?;
        for (violations, ids) in [
            (&mut *violations, change.external_ids.as_mut()),
            (
                &mut lacking,
                whole.as_mut().map(|facts| &mut facts.external_ids),
            ),
        ] {
            if let Some(ids) = ids {
                with_key(violations, ids, &key);
            }
        }
        Some(Self {
            firm: firm?,
            key,
            patch: change,
            whole: whole.filter(|_| lacking.is_empty()).ok_or(lacking),
            etag: given.etag.clone(),
        })
    }
}

/// The id that it is known by is among its ids, whether or not the list says so.
fn with_key(violations: &mut Violations, ids: &mut Vec<ExternalId>, key: &ExternalId) {
    match ids.iter().find(|id| id.source == key.source) {
        None => ids.push(key.clone()),
        Some(listed) => violations.check(
            "matter.external_ids",
            listed == key,
            "has another id of the source of external_id",
        ),
    }
    ids.sort_by(|one, other| one.source.cmp(&other.source));
}

pub(super) async fn upsert(
    tx: &mut Transaction,
    act: Act,
    given: Upsert,
    threshold: Score,
) -> Result<v1::Matter, IntakeError> {
    match store::matters::known_as(tx, given.firm, &given.key).await? {
        Some(name) => change(tx, act, name, given, threshold).await,
        None => begin(tx, act, given, threshold).await,
    }
}

async fn begin(
    tx: &mut Transaction,
    act: Act,
    given: Upsert,
    threshold: Score,
) -> Result<v1::Matter, IntakeError> {
    // Whoever knows a version of it knows more than there is.
    etag::check(&given.etag, 0)?;
    let facts = given.whole.map_err(IntakeError::Violated)?;
    let name = MatterName::new(given.firm, MatterId::generate());
    let matter = Matter::new(name, facts, act.now);
    create(tx, act, matter, threshold).await
}

async fn change(
    tx: &mut Transaction,
    act: Act,
    name: MatterName,
    given: Upsert,
    threshold: Score,
) -> Result<v1::Matter, IntakeError> {
    let mut matter = hold(tx, name, &given.etag).await?;
    if !matter.facts.external_ids.contains(&given.key) {
        // It was given away between the look and the hold.
        return Err(IntakeError::Taken("matter.external_ids"));
    }
    let before = matter.facts.clone();
    given.patch.apply(&mut matter.facts);
    known_parties(&before.parties, &matter.facts.parties)?;
    recognise(&before.parties, &mut matter.facts.parties);
    if matter.facts != before {
        work::matters::keep(tx, &act, &mut matter, &before, threshold).await?;
    }
    Ok(answer(&matter))
}
