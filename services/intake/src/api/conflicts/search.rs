//! Looking a name up in the matters of all firms.

use std::collections::{BTreeSet, HashSet};

use caseload_database::{Transaction, page_size};
use caseload_domain::name::FirmName;
use caseload_names::{Name, Score};
use caseload_proto::caseload::intake::v1;
use caseload_proto::parse::Violations;

use crate::api::numbers::{self, Numbered as _};
use crate::domain::conflict_match::{Hit, hits};
use crate::domain::party::Side;
use crate::error::IntakeError;
use crate::store;
use crate::store::conflicts::Query;

/// The most characters of a name.
const NAME: usize = 500;

/// What is looked up.
#[derive(Debug)]
pub(super) struct Search {
    name: Name,
    sides: Vec<Side>,
    least: Score,
    most: usize,
}

/// Reads what is looked up.
pub(super) fn read(
    violations: &mut Violations,
    request: &v1::SearchConflictNamesRequest,
    threshold: Score,
) -> Option<Search> {
    let name = violations
        .text("name", &request.name, NAME)
        .and_then(|text| {
            let name = Name::of(&text);
            violations.check("name", name.is_some(), "has neither a letter nor a digit");
            name
        });
    let sides: Option<Vec<Side>> = numbers::all(violations, "sides", &request.sides);
    let least = match request.min_score {
        0 => Some(threshold),
        given => u8::try_from(given).ok().and_then(Score::new),
    };
    violations.check("min_score", least.is_some(), "must be from 0 to 100");
    let most = violations.keep("max_matches", page_size(request.max_matches));
    let sides = sides.map(|sides| match sides.as_slice() {
        [] => Side::ALL.to_vec(),
        given => given.to_vec(),
    });
    Some(Search {
        name: name?,
        sides: sides?,
        least: least?,
        most: usize::try_from(most?).ok()?,
    })
}

/// Looks it up, in the scope of every firm.
pub(super) async fn run(
    tx: &mut Transaction,
    search: Search,
) -> Result<v1::SearchConflictNamesResponse, IntakeError> {
    let query = Query {
        name: &search.name,
        sides: search.sides.clone(),
    };
    let candidates = store::conflicts::candidates(tx, &[query], None).await?;
    let candidates = candidates.into_iter().flatten().collect();
    let mut hits = hits(&search.name, candidates, search.least);
    let total_matches = i32::try_from(hits.len()).unwrap_or(i32::MAX);
    hits.truncate(search.most);
    let matters: BTreeSet<_> = hits.iter().map(|hit| hit.found.matter).collect();
    let closed = store::conflicts::closed(tx, &matters).await?;
    Ok(v1::SearchConflictNamesResponse {
        matches: hits.iter().map(|hit| answer(hit, &closed)).collect(),
        total_matches,
    })
}

fn answer(hit: &Hit, closed: &HashSet<caseload_domain::name::MatterName>) -> v1::ConflictNameMatch {
    let found = &hit.found;
    v1::ConflictNameMatch {
        firm: FirmName(found.matter.firm).to_string(),
        matter: found.matter.to_string(),
        name: found.name.clone(),
        role: found.role.number(),
        score: i32::from(hit.score.get()),
        likeness: hit.likeness.number(),
        matter_closed: closed.contains(&found.matter),
    }
}
