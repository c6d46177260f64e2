//! Firms as the contract carries them.

use caseload_database::etag;
use caseload_domain::name::{FirmName, MatterName};
use caseload_domain::{ConsentId, FirmId};
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;

use crate::api::fields;
use crate::api::numbers::Numbered as _;
use crate::domain::consent::{Consent, ConsentReach, ConsentTerms};
use crate::domain::firm::{
    Firm, FirmProfilePatch, MOST_CONSENTS, SupervisingAttorney, repeated_attorneys,
};

/// What an update can change.
pub(super) const UPDATABLE: [&str; 7] = [
    "display_name",
    "legal_name",
    "time_zone",
    "contact_email",
    "supervising_attorneys",
    "data_residency",
    "attorney_acceptance_required",
];

const NAME: usize = 200;
const MOST_ATTORNEYS: usize = 200;

/// Reads a firm that is to be created.
pub(super) fn new_firm(
    violations: &mut Violations,
    given: &v1::Firm,
    id: FirmId,
    act: &Act,
) -> Option<Firm> {
    let code_fits = (2..=8).contains(&given.code.len())
        && given
            .code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    violations.check(
        "firm.code",
        code_fits,
        "must be 2 to 8 characters of [A-Z0-9]",
    );
    let currency = fields::parsed(violations, "firm.currency_code", &given.currency_code);
    let profile = patch(violations, given, &Mask::of(UPDATABLE)).complete();
    if given.consents.len() > MOST_CONSENTS {
        let count = given.consents.len();
        violations.add(
            "firm.consents",
            format!("has {count}, of at most {MOST_CONSENTS}"),
        );
    }
    let consents: Vec<_> = given
        .consents
        .iter()
        .take(MOST_CONSENTS)
        .enumerate()
        .filter_map(|(at, given)| {
            let terms = consent(violations, &format!("firm.consents[{at}]"), given, Some(id))?;
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
            &format!("firm.consents[{at}].scope"),
            !matches!(consent.terms.reach, ConsentReach::Matter(_)),
            "names a matter, and a new firm has none",
        );
    }
    Some(Firm {
        id,
        code: given.code.clone(),
        currency: currency?,
        profile: profile?,
        suspended: None,
        consents,
        version: 1,
        create_time: act.now,
        update_time: act.now,
    })
}

/// Reads what an update changes.
pub(super) fn patch(
    violations: &mut Violations,
    given: &v1::Firm,
    mask: &Mask,
) -> FirmProfilePatch {
    FirmProfilePatch {
        display_name: mask.read_if("display_name", !given.display_name.is_empty(), || {
            violations.text("firm.display_name", &given.display_name, NAME)
        }),
        legal_name: mask.read_if("legal_name", !given.legal_name.is_empty(), || {
            violations.optional_text("firm.legal_name", &given.legal_name, NAME)
        }),
        time_zone: mask.read_if("time_zone", !given.time_zone.is_empty(), || {
            fields::parsed(violations, "firm.time_zone", &given.time_zone)
        }),
        contact_email: mask.read_if("contact_email", !given.contact_email.is_empty(), || {
            fields::email(violations, "firm.contact_email", &given.contact_email)
        }),
        supervising_attorneys: mask.read_if(
            "supervising_attorneys",
            !given.supervising_attorneys.is_empty(),
            || attorneys(violations, &given.supervising_attorneys),
        ),
        data_residency: mask.read_if("data_residency", !given.data_residency.is_empty(), || {
            residency(violations, &given.data_residency)
        }),
        attorney_acceptance_required: mask.read_if(
            "attorney_acceptance_required",
            given.attorney_acceptance_required,
            || Some(given.attorney_acceptance_required),
        ),
    }
}

/// Where documents must be kept: a code, or none.
fn residency(violations: &mut Violations, code: &str) -> Option<String> {
    let fits = code.is_empty()
        || (2..=8).contains(&code.len())
            && code
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    violations.check(
        "firm.data_residency",
        fits,
        "must be 2 to 8 characters of [A-Z0-9-], or empty",
    );
    fits.then(|| code.to_owned())
}

fn attorneys(
    violations: &mut Violations,
    given: &[v1::SupervisingAttorney],
) -> Option<Vec<SupervisingAttorney>> {
    const LIST: &str = "firm.supervising_attorneys";
    if given.len() > MOST_ATTORNEYS {
        violations.add(
            LIST,
            format!("has {}, of at most {MOST_ATTORNEYS}", given.len()),
        );
        return None;
    }
    let attorneys: Vec<_> = given
        .iter()
        .enumerate()
        .filter_map(|(at, given)| {
            let field = |name: &str| format!("{LIST}[{at}].{name}");
            let attorney_id = fields::slug(violations, &field("attorney_id"), &given.attorney_id);
            let display_name = violations.text(&field("display_name"), &given.display_name, NAME);
            let email = fields::email(violations, &field("email"), &given.email);
            let bar_jurisdiction = fields::code(
                violations,
                &field("bar_jurisdiction"),
                &given.bar_jurisdiction,
            );
            let bar_number = violations.optional_text(&field("bar_number"), &given.bar_number, 63);
            Some(SupervisingAttorney {
                attorney_id: attorney_id?,
                display_name: display_name?,
                email: email?,
                bar_jurisdiction: bar_jurisdiction?,
                bar_number: bar_number?,
                inactive: given.inactive,
            })
        })
        .collect();
    for at in repeated_attorneys(&attorneys) {
        violations.add(format!("{LIST}[{at}].attorney_id"), "is there twice");
    }
    Some(attorneys)
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
    let expire_date = match &given.expire_date {
        None => Some(None),
        Some(date) => violations
            .keep(&of("expire_date"), date.try_into())
            .map(Some),
    };
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

/// A firm as it is answered.
pub(super) fn answer(firm: &Firm) -> v1::Firm {
    let profile = &firm.profile;
    v1::Firm {
        name: FirmName(firm.id).to_string(),
        code: firm.code.clone(),
        display_name: profile.display_name.clone(),
        legal_name: profile.legal_name.clone(),
        time_zone: profile.time_zone.name().to_owned(),
        currency_code: firm.currency.code().to_owned(),
        contact_email: profile.contact_email.clone(),
        state: firm.state().number(),
        suspend_reason: firm.suspended.clone().unwrap_or_default(),
        supervising_attorneys: profile
            .supervising_attorneys
            .iter()
            .map(|attorney| v1::SupervisingAttorney {
                attorney_id: attorney.attorney_id.clone(),
                display_name: attorney.display_name.clone(),
                email: attorney.email.clone(),
                bar_jurisdiction: attorney.bar_jurisdiction.clone(),
                bar_number: attorney.bar_number.clone(),
                inactive: attorney.inactive,
            })
            .collect(),
        consents: firm
            .consents
            .iter()
            .map(|consent| answer_consent(firm.id, consent))
            .collect(),
        etag: etag::of(firm.version),
        create_time: Some(timestamp(firm.create_time)),
        update_time: Some(timestamp(firm.update_time)),
        data_residency: profile.data_residency.clone(),
        attorney_acceptance_required: profile.attorney_acceptance_required,
    }
}

fn answer_consent(firm: FirmId, consent: &Consent) -> v1::ConsentRecord {
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
