//! Matters as the contract carries them.

use std::collections::HashSet;

use caseload_database::etag;
use caseload_domain::name::FirmParent;
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;

use super::key_dates;
use super::units::MOST_PARTIES;
use crate::api::fields;
use crate::api::numbers::{self, Numbered};
use crate::domain::matter::{ExternalId, Matter, MatterPatch};
use crate::domain::party::Party;
use crate::store::matters::Filter;
use caseload_names::Name;

/// What an update can change.
pub(super) const UPDATABLE: [&str; 10] = [
    "caption",
    "client_display_name",
    "client_matter_number",
    "practice_area",
    "court",
    "docket_number",
    "jurisdiction",
    "external_ids",
    "parties",
    "key_dates",
];

const MOST_EXTERNAL_IDS: usize = 20;
const MOST_ALIASES: usize = 50;

/// Reads what is said of a matter, where the mask wants it.
pub(super) fn patch(violations: &mut Violations, given: &v1::Matter, mask: &Mask) -> MatterPatch {
    MatterPatch {
        caption: mask.read_if("caption", !given.caption.is_empty(), || {
            violations.text("matter.caption", &given.caption, 500)
        }),
        client_display_name: mask.read_if(
            "client_display_name",
            !given.client_display_name.is_empty(),
            || {
                named(
                    violations,
                    "matter.client_display_name",
                    &given.client_display_name,
                    200,
                )
            },
        ),
        client_matter_number: mask.read_if(
            "client_matter_number",
            !given.client_matter_number.is_empty(),
            || {
                violations.optional_text(
                    "matter.client_matter_number",
                    &given.client_matter_number,
                    63,
                )
            },
        ),
        practice_area: mask.read_if("practice_area", !given.practice_area.is_empty(), || {
            fields::practice_area(violations, "matter.practice_area", &given.practice_area)
        }),
        court: mask.read_if("court", !given.court.is_empty(), || {
            violations.optional_text("matter.court", &given.court, 200)
        }),
        docket_number: mask.read_if("docket_number", !given.docket_number.is_empty(), || {
            violations.optional_text("matter.docket_number", &given.docket_number, 63)
        }),
        jurisdiction: mask.read_if("jurisdiction", !given.jurisdiction.is_empty(), || {
            fields::code(violations, "matter.jurisdiction", &given.jurisdiction)
        }),
        external_ids: mask.read_if("external_ids", !given.external_ids.is_empty(), || {
            external_ids(violations, &given.external_ids)
        }),
        parties: mask.read_if("parties", !given.parties.is_empty(), || {
            parties(violations, &given.parties)
        }),
        key_dates: mask.read_if("key_dates", !given.key_dates.is_empty(), || {
            key_dates::key_dates(violations, &given.key_dates)
        }),
    }
}

/// A name that can be compared with others.
fn named(violations: &mut Violations, field: &str, text: &str, most: usize) -> Option<String> {
    let name = violations.text(field, text, most)?;
    let comparable = Name::of(&name).is_some();
    violations.check(field, comparable, "has neither a letter nor a digit");
    comparable.then_some(name)
}

/// Reads the id of a matter in another system.
pub(super) fn external_id(
    violations: &mut Violations,
    field: &str,
    given: &v1::ExternalId,
) -> Option<ExternalId> {
    let source = fields::slug(violations, &format!("{field}.source"), &given.source);
    let id = violations.text(&format!("{field}.id"), &given.id, 200);
    Some(ExternalId {
        source: source?,
        id: id?,
    })
}

fn external_ids(violations: &mut Violations, given: &[v1::ExternalId]) -> Option<Vec<ExternalId>> {
    const LIST: &str = "matter.external_ids";
    if given.len() > MOST_EXTERNAL_IDS {
        violations.add(
            LIST,
            format!("has {}, of at most {MOST_EXTERNAL_IDS}", given.len()),
        );
        return None;
    }
    let mut sources = HashSet::new();
    for (at, id) in given.iter().enumerate() {
        let field = format!("{LIST}[{at}].source");
        violations.check(&field, sources.insert(&id.source), "is there twice");
    }
    let mut ids: Vec<_> = given
        .iter()
        .enumerate()
        .filter_map(|(at, id)| external_id(violations, &format!("{LIST}[{at}]"), id))
        .collect();
    ids.sort_by(|one, other| one.source.cmp(&other.source));
    (ids.len() == given.len()).then_some(ids)
}

fn parties(violations: &mut Violations, given: &[v1::Party]) -> Option<Vec<Party>> {
    const LIST: &str = "matter.parties";
    if given.len() > MOST_PARTIES {
        violations.add(
            LIST,
            format!("has {}, of at most {MOST_PARTIES}", given.len()),
        );
        return None;
    }
    let mut ids = HashSet::new();
    for (at, party) in given.iter().enumerate() {
        let once = party.party_id.is_empty() || ids.insert(&party.party_id);
        violations.check(&format!("{LIST}[{at}].party_id"), once, "is there twice");
    }
    let parties: Vec<_> = given
        .iter()
        .enumerate()
        .filter_map(|(at, given)| party(violations, &format!("{LIST}[{at}]"), given))
        .collect();
    (parties.len() == given.len()).then_some(parties)
}

/// Reads a party.
pub(super) fn party(violations: &mut Violations, field: &str, given: &v1::Party) -> Option<Party> {
    let of = |name: &str| format!("{field}.{name}");
    let id = fields::optional(violations, &of("party_id"), &given.party_id);
    let display_name = named(violations, &of("display_name"), &given.display_name, 500);
    let role = numbers::required(violations, &of("role"), given.role);
    violations.check(
        &of("aliases"),
        given.aliases.len() <= MOST_ALIASES,
        format!("has {}, of at most {MOST_ALIASES}", given.aliases.len()),
    );
    let aliases: Option<Vec<_>> = given
        .aliases
        .iter()
        .take(MOST_ALIASES)
        .enumerate()
        .map(|(at, alias)| named(violations, &format!("{field}.aliases[{at}]"), alias, 500))
        .collect();
    Some(Party {
        id: id?,
        display_name: display_name?,
        role: role?,
        aliases: aliases?,
    })
}

/// A new matter's parties get their ids here.
pub(super) fn no_party_ids(violations: &mut Violations, given: &v1::Matter) {
    for (at, party) in given.parties.iter().enumerate() {
        violations.check(
            &format!("matter.parties[{at}].party_id"),
            party.party_id.is_empty(),
            "must be empty in a new matter",
        );
    }
}

/// Reads what a list is narrowed to.
pub(super) fn filter(
    violations: &mut Violations,
    request: &v1::ListMattersRequest,
    parent: Option<FirmParent>,
) -> Option<Filter> {
    let states = numbers::all(violations, "states", &request.states);
    let practice_area = fields::optional(violations, "practice_area", &request.practice_area);
    let query = fields::query(violations, &request.query);
    let external = match &request.external_id {
        None => Some(None),
        Some(given) => external_id(violations, "external_id", given).map(Some),
    };
    let from = fields::optional_date(violations, "key_date_from", request.key_date_from.as_ref());
    let to = fields::optional_date(violations, "key_date_to", request.key_date_to.as_ref());
    if let (Some(Some(from)), Some(Some(to))) = (from, to) {
        violations.check("key_date_to", from <= to, "is before key_date_from");
    }
    Some(Filter {
        firm: parent?.one(),
        states: states?,
        practice_area: practice_area?,
        external_id: external?,
        query: query?,
        key_date_from: from?,
        key_date_to: to?,
    })
}

/// A matter as it is answered.
pub(super) fn answer(matter: &Matter) -> v1::Matter {
    let facts = &matter.facts;
    v1::Matter {
        name: matter.name.to_string(),
        caption: facts.caption.clone(),
        client_display_name: facts.client_display_name.clone(),
        client_matter_number: facts.client_matter_number.clone(),
        practice_area: facts.practice_area.name().to_owned(),
        court: facts.court.clone(),
        docket_number: facts.docket_number.clone(),
        jurisdiction: facts.jurisdiction.clone(),
        external_ids: facts
            .external_ids
            .iter()
            .map(|external| v1::ExternalId {
                source: external.source.clone(),
                id: external.id.clone(),
            })
            .collect(),
        parties: facts
            .parties
            .iter()
            .map(|party| v1::Party {
                party_id: party.id.map(|id| id.to_string()).unwrap_or_default(),
                display_name: party.display_name.clone(),
                role: party.role.number(),
                aliases: party.aliases.clone(),
            })
            .collect(),
        state: matter.state().number(),
        etag: etag::of(matter.version),
        create_time: Some(timestamp(matter.create_time)),
        update_time: Some(timestamp(matter.update_time)),
        conflict_state: matter.conflict_state.map_or(0, Numbered::number),
        key_dates: facts.key_dates.iter().map(key_dates::answer).collect(),
    }
}
