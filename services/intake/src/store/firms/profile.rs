//! Offices, contacts and guidelines as the row of a firm keeps them.

use caseload_database::DatabaseError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::Date;

use super::super::{read, sound};
use crate::domain::firm::FirmProfile;
use crate::domain::office::{
    BillingGuidelines, FirmContact, GuidelinesLocation, Office, PostalAddress,
};
use crate::error::IntakeError;

time::serde::format_description!(calendar_day, Date, "[year]-[month]-[day]");

#[derive(Serialize, Deserialize)]
struct StoredOffice {
    office_id: String,
    display_name: String,
    address: StoredAddress,
    time_zone: Option<String>,
    phone: String,
    primary: bool,
}

#[derive(Serialize, Deserialize)]
struct StoredAddress {
    region_code: String,
    language_code: String,
    postal_code: String,
    sorting_code: String,
    administrative_area: String,
    locality: String,
    sublocality: String,
    address_lines: Vec<String>,
    recipients: Vec<String>,
    organization: String,
}

#[derive(Serialize, Deserialize)]
struct StoredContact {
    contact_id: String,
    display_name: String,
    kind: String,
    email: String,
    phone: String,
}

#[derive(Serialize, Deserialize)]
struct StoredGuidelines {
    title: String,
    version: String,
    #[serde(with = "calendar_day::option")]
    effective_date: Option<Date>,
    uri: Option<String>,
    document_reference: Option<String>,
}

/// The columns of a profile that are documents.
pub(super) struct Columns {
    pub(super) offices: Value,
    pub(super) contacts: Value,
    pub(super) billing_guidelines: Option<Value>,
}

impl Columns {
    pub(super) fn of(profile: &FirmProfile) -> Result<Self, DatabaseError> {
        let offices: Vec<_> = profile.offices.iter().map(stored_office).collect();
        let contacts: Vec<_> = profile.contacts.iter().map(stored_contact).collect();
        let guidelines = profile.billing_guidelines.as_ref().map(stored_guidelines);
        Ok(Self {
            offices: serde_json::to_value(offices)?,
            contacts: serde_json::to_value(contacts)?,
            billing_guidelines: guidelines.map(serde_json::to_value).transpose()?,
        })
    }

    pub(super) fn offices(offices: Value) -> Result<Vec<Office>, IntakeError> {
        let stored: Vec<StoredOffice> = sound(serde_json::from_value(offices))?;
        stored.into_iter().map(office).collect()
    }

    pub(super) fn contacts(contacts: Value) -> Result<Vec<FirmContact>, IntakeError> {
        let stored: Vec<StoredContact> = sound(serde_json::from_value(contacts))?;
        let contact = |stored: StoredContact| {
            Ok(FirmContact {
                kind: read(&stored.kind)?,
                contact_id: stored.contact_id,
                display_name: stored.display_name,
                email: stored.email,
                phone: stored.phone,
            })
        };
        stored.into_iter().map(contact).collect()
    }

    pub(super) fn billing_guidelines(
        guidelines: Option<Value>,
    ) -> Result<Option<BillingGuidelines>, IntakeError> {
        let Some(stored) = guidelines else {
            return Ok(None);
        };
        let stored: StoredGuidelines = sound(serde_json::from_value(stored))?;
        let location = match (stored.uri, stored.document_reference) {
            (Some(uri), None) => GuidelinesLocation::Uri(uri),
            (None, Some(reference)) => GuidelinesLocation::DocumentReference(reference),
            _ => return Err(IntakeError::Damaged("guidelines are nowhere".to_owned())),
        };
        Ok(Some(BillingGuidelines {
            title: stored.title,
            version: stored.version,
            effective_date: stored.effective_date,
            location,
        }))
    }
}

fn stored_office(office: &Office) -> StoredOffice {
    let address = office.address.clone();
    StoredOffice {
        office_id: office.office_id.clone(),
        display_name: office.display_name.clone(),
        address: StoredAddress {
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
        },
        time_zone: office.time_zone.as_ref().map(|zone| zone.name().to_owned()),
        phone: office.phone.clone(),
        primary: office.primary,
    }
}

fn office(stored: StoredOffice) -> Result<Office, IntakeError> {
    let address = stored.address;
    Ok(Office {
        office_id: stored.office_id,
        display_name: stored.display_name,
        address: PostalAddress {
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
        },
        time_zone: stored.time_zone.as_deref().map(read).transpose()?,
        phone: stored.phone,
        primary: stored.primary,
    })
}

fn stored_contact(contact: &FirmContact) -> StoredContact {
    StoredContact {
        contact_id: contact.contact_id.clone(),
        display_name: contact.display_name.clone(),
        kind: contact.kind.as_str().to_owned(),
        email: contact.email.clone(),
        phone: contact.phone.clone(),
    }
}

fn stored_guidelines(guidelines: &BillingGuidelines) -> StoredGuidelines {
    let (uri, document_reference) = match &guidelines.location {
        GuidelinesLocation::Uri(uri) => (Some(uri.clone()), None),
        GuidelinesLocation::DocumentReference(reference) => (None, Some(reference.clone())),
    };
    StoredGuidelines {
        title: guidelines.title.clone(),
        version: guidelines.version.clone(),
        effective_date: guidelines.effective_date,
        uri,
        document_reference,
    }
}
