//! Consents as the contract carries them.

use caseload_domain::name::MatterName;
use caseload_domain::{ConsentId, FirmId};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::parse::Violations;

use super::NAME;
use crate::api::fields;
use crate::domain::consent::{Consent, ConsentReach, ConsentTerms};
use crate::domain::firm::MOST_CONSENTS;
use crate::store::consents::Filter;

/// Reads the consents that a new firm comes with.
pub(super) fn of_new_firm(
    violations: &mut Violations,
    given: &[v1::ConsentRecord],
    id: FirmId,
    act: &Act,
) -> Option<Vec<Consent>> {
    const LIST: &str = "firm.consents";
    if given.len() > MOST_CONSENTS {
        let count = given.len();
        violations.add(LIST, format!("has {count}, of at most {MOST_CONSENTS}"));
        return None;
    }
    let consents: Vec<_> = given
        .iter()
        .enumerate()
        .filter_map(|(at, given)| {
            let terms = consent(violations, &format!("{LIST}[{at}]"), given, Some(id))?;
            Some(Consent {
                id: ConsentId::generate(),
                terms,
                recorded_by: act.actor.clone(),
                record_time: act.now,
                revoke_time: None,
            })
        })
        .collect();
    for (at, consent) in consents.iter().enumerate() {
        violations.check(
            &format!("{LIST}[{at}].scope"),
            !matches!(consent.terms.reach, ConsentReach::Matter(_)),
            "names a matter, and a new firm has none",
        );
    }
    Some(consents)
}

/// Reads a consent of a firm.
pub(super) fn consent(
    violations: &mut Violations,
    field: &str,
    given: &v1::ConsentRecord,
    firm: Option<FirmId>,
) -> Option<ConsentTerms> {
    let of = |name: &str| format!("{field}.{name}");
    let granted_by = violations.text(&of("granted_by"), &given.granted_by, NAME);
    let grant_date = violations
        .required(&of("grant_date"), given.grant_date.as_ref())
        .and_then(|date| violations.keep(&of("grant_date"), date.try_into()));
    let expire_date =
        fields::optional_date(violations, &of("expire_date"), given.expire_date.as_ref());
    if let (Some(from), Some(Some(to))) = (grant_date, expire_date) {
        violations.check(&of("expire_date"), from <= to, "is before grant_date");
    }
    let note = violations.optional_text(&of("note"), &given.note, 2_000);
    let reach = reach(violations, &of("scope"), given.scope.as_ref(), firm);
    Some(ConsentTerms {
        granted_by: granted_by?,
        grant_date: grant_date?,
        expire_date: expire_date?,
        reach: reach?,
        note: note?,
    })
}

fn reach(
    violations: &mut Violations,
    field: &str,
    given: Option<&v1::ConsentScope>,
    firm: Option<FirmId>,
) -> Option<ConsentReach> {
    use v1::consent_scope::Reach;
    let given = given.and_then(|scope| scope.reach.as_ref());
    match violations.required(field, given)? {
        Reach::AllMatters(true) => Some(ConsentReach::AllMatters),
        Reach::AllMatters(false) => {
            violations.add(
                format!("{field}.all_matters"),
                "must be true, or another reach set",
            );
            None
        }
        Reach::ClientDisplayName(name) => violations
            .text(&format!("{field}.client_display_name"), name, NAME)
            .map(ConsentReach::Client),
        Reach::Matter(name) => {
            let field = format!("{field}.matter");
            let matter: MatterName = fields::parsed(violations, &field, name)?;
            violations.check(
                &field,
                firm.is_none_or(|firm| firm == matter.firm),
                "is of another firm",
            );
            Some(ConsentReach::Matter(matter.id))
        }
    }
}

/// Reads what a list is narrowed to.
pub(super) fn filter(
    violations: &mut Violations,
    request: &v1::ListConsentsRequest,
    firm: Option<FirmId>,
) -> Option<Filter> {
    let matter: Option<Option<MatterName>> =
        fields::optional(violations, "matter", &request.matter);
    let below = matter
        .flatten()
        .zip(firm)
        .is_none_or(|(matter, firm)| matter.firm == firm);
    violations.check("matter", below, "is not below the parent");
    let client =
        violations.optional_text("client_display_name", &request.client_display_name, NAME);
    let in_force =
        fields::optional_date(violations, "in_force_date", request.in_force_date.as_ref());
    Some(Filter {
        firm: firm?,
        covering: matter?.map(|matter| matter.id),
        client: client.map(|name| Some(name).filter(|name| !name.is_empty()))?,
        in_force: in_force?,
    })
}

/// A consent as it is answered.
pub(super) fn answer(firm: FirmId, consent: &Consent) -> v1::ConsentRecord {
    use v1::consent_scope::Reach;
    let reach = match &consent.terms.reach {
        ConsentReach::AllMatters => Reach::AllMatters(true),
        ConsentReach::Client(client) => Reach::ClientDisplayName(client.clone()),
        ConsentReach::Matter(matter) => Reach::Matter(MatterName::new(firm, *matter).to_string()),
    };
    v1::ConsentRecord {
        consent_id: consent.id.to_string(),
        granted_by: consent.terms.granted_by.clone(),
        grant_date: Some(consent.terms.grant_date.into()),
        scope: Some(v1::ConsentScope { reach: Some(reach) }),
        expire_date: consent.terms.expire_date.map(Into::into),
        note: consent.terms.note.clone(),
        recorded_by: consent.recorded_by.clone(),
        record_time: Some(timestamp(consent.record_time)),
        revoke_time: consent.revoke_time.map(timestamp),
    }
}
