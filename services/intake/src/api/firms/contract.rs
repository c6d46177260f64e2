//! Firms as the contract carries them.

use caseload_database::etag;
use caseload_domain::FirmId;
use caseload_domain::name::FirmName;
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;

use super::{NAME, consents, offices, profile};
use crate::api::fields;
use crate::api::numbers::Numbered as _;
use crate::domain::consent::Consent;
use crate::domain::firm::{Firm, FirmProfilePatch};

/// What an update can change.
pub(super) const UPDATABLE: [&str; 11] = [
    "display_name",
    "legal_name",
    "time_zone",
    "contact_email",
    "supervising_attorneys",
    "data_residency",
    "attorney_acceptance_required",
    "undertaking_required",
    "offices",
    "contacts",
    "billing_guidelines",
];

/// Reads a firm that is to be created.
pub(super) fn new_firm(
    violations: &mut Violations,
    given: &v1::Firm,
    id: FirmId,
    act: &Act,
) -> Option<(Firm, Vec<Consent>)> {
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
    let consents = consents::of_new_firm(violations, &given.consents, id, act);
    let firm = Firm {
        id,
        code: given.code.clone(),
        currency: currency?,
        profile: profile?,
        suspended: None,
        version: 1,
        create_time: act.now,
        update_time: act.now,
    };
    Some((firm, consents?))
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
            || profile::attorneys(violations, &given.supervising_attorneys),
        ),
        data_residency: mask.read_if("data_residency", !given.data_residency.is_empty(), || {
            residency(violations, &given.data_residency)
        }),
        attorney_acceptance_required: mask.read_if(
            "attorney_acceptance_required",
            given.attorney_acceptance_required,
            || Some(given.attorney_acceptance_required),
        ),
        undertaking_required: mask.read_if(
            "undertaking_required",
            given.undertaking_required,
            || Some(given.undertaking_required),
        ),
        offices: mask.read_if("offices", !given.offices.is_empty(), || {
            offices::offices(violations, &given.offices)
        }),
        contacts: mask.read_if("contacts", !given.contacts.is_empty(), || {
            profile::contacts(violations, &given.contacts)
        }),
        billing_guidelines: mask.read_if(
            "billing_guidelines",
            given.billing_guidelines.is_some(),
            || match &given.billing_guidelines {
                None => Some(None),
                Some(given) => offices::guidelines(violations, given).map(Some),
            },
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

/// A firm as it is answered, with the newest of its consents.
pub(super) fn answer(firm: &Firm, consents: &[Consent]) -> v1::Firm {
    let facts = &firm.profile;
    v1::Firm {
        name: FirmName(firm.id).to_string(),
        code: firm.code.clone(),
        display_name: facts.display_name.clone(),
        legal_name: facts.legal_name.clone(),
        time_zone: facts.time_zone.name().to_owned(),
        currency_code: firm.currency.code().to_owned(),
        contact_email: facts.contact_email.clone(),
        state: firm.state().number(),
        suspend_reason: firm.suspended.clone().unwrap_or_default(),
        supervising_attorneys: facts
            .supervising_attorneys
            .iter()
            .map(profile::answer_attorney)
            .collect(),
        consents: consents
            .iter()
            .map(|consent| consents::answer(firm.id, consent))
            .collect(),
        etag: etag::of(firm.version),
        create_time: Some(timestamp(firm.create_time)),
        update_time: Some(timestamp(firm.update_time)),
        data_residency: facts.data_residency.clone(),
        attorney_acceptance_required: facts.attorney_acceptance_required,
        undertaking_required: facts.undertaking_required,
        offices: facts.offices.iter().map(offices::answer_office).collect(),
        contacts: facts.contacts.iter().map(profile::answer_contact).collect(),
        billing_guidelines: facts
            .billing_guidelines
            .as_ref()
            .map(offices::answer_guidelines),
    }
}
