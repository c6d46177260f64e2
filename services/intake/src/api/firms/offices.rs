//! Offices and billing guidelines as the contract carries them.

use caseload_proto::caseload::intake::v1;
use caseload_proto::google::r#type as common;
use caseload_proto::parse::Violations;
use tonic::codegen::http::Uri;

use super::NAME;
use crate::api::fields;
use crate::domain::office::{
    BillingGuidelines, GuidelinesLocation, Office, PostalAddress, has_one_primary, is_region,
};

const MOST_OFFICES: usize = 50;
const MOST_LINES: usize = 10;
const MOST_RECIPIENTS: usize = 5;
/// The most characters of a line, a recipient or an organisation.
const LINE: usize = 200;
/// The most characters of the name of an area.
const AREA: usize = 100;
/// The most characters of a postal code.
const POSTAL_CODE: usize = 20;
/// The most characters of the address of a document.
const ADDRESS: usize = 2_000;

/// Reads where a firm can be found.
pub(super) fn offices(violations: &mut Violations, given: &[v1::Office]) -> Option<Vec<Office>> {
    const LIST: &str = "firm.offices";
    let offices = fields::list(
        violations,
        LIST,
        given,
        MOST_OFFICES,
        ("office_id", |given| &given.office_id),
        office,
    )?;
    violations.check(
        LIST,
        has_one_primary(&offices),
        "must have exactly one that is primary",
    );
    Some(offices)
}

fn office(violations: &mut Violations, path: &str, given: &v1::Office) -> Option<Office> {
    let field = |name: &str| format!("{path}.{name}");
    let office_id = fields::slug(violations, &field("office_id"), &given.office_id);
    let display_name = violations.text(&field("display_name"), &given.display_name, NAME);
    let address = violations
        .required(&field("address"), given.address.as_ref())
        .and_then(|given| address(violations, &field("address"), given));
    let time_zone = fields::optional(violations, &field("time_zone"), &given.time_zone);
    let phone = fields::phone(violations, &field("phone"), &given.phone);
    Some(Office {
        office_id: office_id?,
        display_name: display_name?,
        address: address?,
        time_zone: time_zone?,
        phone: phone?,
        primary: given.primary,
    })
}

fn address(
    violations: &mut Violations,
    path: &str,
    given: &common::PostalAddress,
) -> Option<PostalAddress> {
    let field = |name: &str| format!("{path}.{name}");
    violations.check(&field("revision"), given.revision == 0, "must be 0");
    violations.check(
        &field("region_code"),
        is_region(&given.region_code),
        "must be the two letters of a country, as in ISO 3166-1",
    );
    let language_code = fields::code(violations, &field("language_code"), &given.language_code);
    let mut text =
        |name: &str, text: &str, most: usize| violations.optional_text(&field(name), text, most);
    let postal_code = text("postal_code", &given.postal_code, POSTAL_CODE);
    let sorting_code = text("sorting_code", &given.sorting_code, POSTAL_CODE);
    let area = text("administrative_area", &given.administrative_area, AREA);
    let locality = text("locality", &given.locality, AREA);
    let sublocality = text("sublocality", &given.sublocality, AREA);
    let organization = text("organization", &given.organization, LINE);
    let address_lines = lines(
        violations,
        &field("address_lines"),
        &given.address_lines,
        MOST_LINES,
    );
    let recipients = lines(
        violations,
        &field("recipients"),
        &given.recipients,
        MOST_RECIPIENTS,
    );
    violations.check(
        path,
        !(given.address_lines.is_empty() && given.locality.trim().is_empty()),
        "has neither an address line nor a locality",
    );
    Some(PostalAddress {
        region_code: given.region_code.clone(),
        language_code: language_code?,
        postal_code: postal_code?,
        sorting_code: sorting_code?,
        administrative_area: area?,
        locality: locality?,
        sublocality: sublocality?,
        address_lines: address_lines?,
        recipients: recipients?,
        organization: organization?,
    })
}

fn lines(
    violations: &mut Violations,
    field: &str,
    given: &[String],
    most: usize,
) -> Option<Vec<String>> {
    if given.len() > most {
        violations.add(field, format!("has {}, of at most {most}", given.len()));
        return None;
    }
    let lines: Vec<_> = given
        .iter()
        .enumerate()
        .filter_map(|(at, line)| violations.text(&format!("{field}[{at}]"), line, LINE))
        .collect();
    (lines.len() == given.len()).then_some(lines)
}

/// Reads what a firm asks of its bills.
pub(super) fn guidelines(
    violations: &mut Violations,
    given: &v1::BillingGuidelines,
) -> Option<BillingGuidelines> {
    use v1::billing_guidelines::Location;
    let field = |name: &str| format!("firm.billing_guidelines.{name}");
    let title = violations.text(&field("title"), &given.title, NAME);
    let version = violations.optional_text(&field("version"), &given.version, 63);
    let effective_date = fields::optional_date(
        violations,
        &field("effective_date"),
        given.effective_date.as_ref(),
    );
    let location = match violations.required(&field("location"), given.location.as_ref())? {
        Location::Uri(uri) => https(violations, &field("uri"), uri).map(GuidelinesLocation::Uri),
        Location::DocumentReference(reference) => violations
            .text(&field("document_reference"), reference, NAME)
            .map(GuidelinesLocation::DocumentReference),
    };
    Some(BillingGuidelines {
        title: title?,
        version: version?,
        effective_date: effective_date?,
        location: location?,
    })
}

/// An address that a browser opens over TLS, without a name or a password in it.
fn https(violations: &mut Violations, field: &str, text: &str) -> Option<String> {
    let fits = text.len() <= ADDRESS
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && text.parse::<Uri>().is_ok_and(|uri| {
            uri.scheme_str() == Some("https")
                && uri.host().is_some_and(|host| !host.is_empty())
                && uri
                    .authority()
                    .is_some_and(|authority| !authority.as_str().contains('@'))
        });
    violations.check(
        field,
        fits,
        format!("must be an https address of up to {ADDRESS} characters"),
    );
    fits.then(|| text.to_owned())
}

/// An office as it is answered.
pub(super) fn answer_office(office: &Office) -> v1::Office {
    let address = office.address.clone();
    v1::Office {
        office_id: office.office_id.clone(),
        display_name: office.display_name.clone(),
        address: Some(common::PostalAddress {
            revision: 0,
            region_code: address.region_code,
            language_code: address.language_code,
            postal_code: address.postal_code,
            sorting_code: address.sorting_code,
            administrative_area: address.administrative_area,
            locality: address.locality,
            sublocality: address.sublocality,
            address_lines: address.address_lines,
            recipients: address.recipients,
            organization: address.organization,
        }),
        time_zone: office
            .time_zone
            .as_ref()
            .map_or_else(String::new, |zone| zone.name().to_owned()),
        phone: office.phone.clone(),
        primary: office.primary,
    }
}

/// Guidelines as they are answered.
pub(super) fn answer_guidelines(guidelines: &BillingGuidelines) -> v1::BillingGuidelines {
    use v1::billing_guidelines::Location;
    v1::BillingGuidelines {
        title: guidelines.title.clone(),
        version: guidelines.version.clone(),
        effective_date: guidelines.effective_date.map(Into::into),
        location: Some(match &guidelines.location {
            GuidelinesLocation::Uri(uri) => Location::Uri(uri.clone()),
            GuidelinesLocation::DocumentReference(reference) => {
                Location::DocumentReference(reference.clone())
            }
        }),
    }
}
