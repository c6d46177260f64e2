//! The lists of a firm's profile as the contract carries them: attorneys and contacts.

use caseload_proto::caseload::intake::v1;
use caseload_proto::parse::Violations;

use super::NAME;
use crate::api::fields;
use crate::api::numbers::{self, Numbered as _};
use crate::domain::firm::SupervisingAttorney;
use crate::domain::office::FirmContact;

const MOST_ATTORNEYS: usize = 200;
const MOST_CONTACTS: usize = 100;

/// Reads the attorneys who supervise.
pub(super) fn attorneys(
    violations: &mut Violations,
    given: &[v1::SupervisingAttorney],
) -> Option<Vec<SupervisingAttorney>> {
    fields::list(
        violations,
        "firm.supervising_attorneys",
        given,
        MOST_ATTORNEYS,
        ("attorney_id", |given| &given.attorney_id),
        attorney,
    )
}

fn attorney(
    violations: &mut Violations,
    path: &str,
    given: &v1::SupervisingAttorney,
) -> Option<SupervisingAttorney> {
    let field = |name: &str| format!("{path}.{name}");
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
}

/// Reads whom to speak to.
pub(super) fn contacts(
    violations: &mut Violations,
    given: &[v1::FirmContact],
) -> Option<Vec<FirmContact>> {
    fields::list(
        violations,
        "firm.contacts",
        given,
        MOST_CONTACTS,
        ("contact_id", |given| &given.contact_id),
        contact,
    )
}

fn contact(
    violations: &mut Violations,
    path: &str,
    given: &v1::FirmContact,
) -> Option<FirmContact> {
    let field = |name: &str| format!("{path}.{name}");
    let contact_id = fields::slug(violations, &field("contact_id"), &given.contact_id);
    let display_name = violations.text(&field("display_name"), &given.display_name, NAME);
    let kind = numbers::required(violations, &field("kind"), given.kind);
    let email = fields::email(violations, &field("email"), &given.email);
    let phone = fields::phone(violations, &field("phone"), &given.phone);
    violations.check(
        path,
        !(given.email.trim().is_empty() && given.phone.is_empty()),
        "has neither an email nor a phone",
    );
    Some(FirmContact {
        contact_id: contact_id?,
        display_name: display_name?,
        kind: kind?,
        email: email?,
        phone: phone?,
    })
}

/// An attorney as they are answered.
pub(super) fn answer_attorney(attorney: &SupervisingAttorney) -> v1::SupervisingAttorney {
    v1::SupervisingAttorney {
        attorney_id: attorney.attorney_id.clone(),
        display_name: attorney.display_name.clone(),
        email: attorney.email.clone(),
        bar_jurisdiction: attorney.bar_jurisdiction.clone(),
        bar_number: attorney.bar_number.clone(),
        inactive: attorney.inactive,
    }
}

/// A contact as it is answered.
pub(super) fn answer_contact(contact: &FirmContact) -> v1::FirmContact {
    v1::FirmContact {
        contact_id: contact.contact_id.clone(),
        display_name: contact.display_name.clone(),
        kind: contact.kind.number(),
        email: contact.email.clone(),
        phone: contact.phone.clone(),
    }
}
