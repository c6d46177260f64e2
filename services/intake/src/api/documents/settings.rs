//! How much a firm may store: the singleton `firms/{firm}/documentSettings` (AIP-156).

use caseload_database::{Transaction, etag};
use caseload_domain::FirmId;
use caseload_domain::name::FirmName;
use caseload_events::Act;
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;

use crate::domain::document::{Limits, MOST_BYTES, Settings};
use crate::error::IntakeError;
use crate::store;

/// What a change may name.
const UPDATABLE: [&str; 2] = ["most_version_bytes", "most_total_bytes"];

/// A change of the settings: what is none stays; what is none inside is what the operator configures.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) firm: FirmId,
    etag: String,
    most_version: Option<Option<i64>>,
    most_total: Option<Option<i64>>,
}

/// The name of a firm's settings.
pub(super) fn name(firm: FirmId) -> String {
    format!("{}/documentSettings", FirmName(firm))
}

/// Reads whose settings a name means.
pub(super) fn firm(violations: &mut Violations, field: &str, text: &str) -> Option<FirmId> {
    let firm = text.strip_suffix("/documentSettings");
    let firm = firm.and_then(|firm| firm.parse::<FirmName>().ok());
    let firm = firm.ok_or("is not a resource name of the form firms/{id}/documentSettings");
    violations.keep(field, firm).map(|FirmName(firm)| firm)
}

/// Reads a change.
pub(super) fn change(
    violations: &mut Violations,
    request: &v1::UpdateDocumentSettingsRequest,
) -> Option<Change> {
    let mask = Mask::read(
        violations,
        "update_mask",
        request.update_mask.as_ref(),
        &UPDATABLE,
    );
    let given = violations.required("document_settings", request.document_settings.as_ref())?;
    let firm = firm(violations, "document_settings.name", &given.name);
    let mut bytes = |field: &str, value: i64, most: i64| {
        mask.read_if(field, value != 0, || {
            let fits = (0..=most).contains(&value);
            let path = format!("document_settings.{field}");
            violations.check(&path, fits, format!("must be from 0 to {most}"));
            fits.then_some((value > 0).then_some(value))
        })
    };
    let most_version = bytes("most_version_bytes", given.most_version_bytes, MOST_BYTES);
    let most_total = bytes("most_total_bytes", given.most_total_bytes, i64::MAX);
    Some(Change {
        firm: firm?,
        etag: given.etag.clone(),
        most_version,
        most_total,
    })
}

pub(super) async fn get(
    tx: &mut Transaction,
    firm: FirmId,
    configured: Limits,
) -> Result<v1::DocumentSettings, IntakeError> {
    store::firms::get(tx, firm)
        .await
        .map_err(|error| of_settings(error, firm))?;
    let settings = store::documents::settings::get(tx, firm).await?;
    answer(tx, firm, &settings, configured).await
}

pub(super) async fn update(
    tx: &mut Transaction,
    act: Act,
    change: Change,
    configured: Limits,
) -> Result<v1::DocumentSettings, IntakeError> {
    let firm = change.firm;
    // Settings that were never written have no row to hold: the firm's is.
    store::firms::lock(tx, firm)
        .await
        .map_err(|error| of_settings(error, firm))?;
    let mut settings = store::documents::settings::get(tx, firm).await?;
    etag::check(&change.etag, settings.version)?;
    let before = store::documents::settings::record(tx, firm).await?;
    if let Some(most) = change.most_version {
        settings.most_version = most;
    }
    if let Some(most) = change.most_total {
        settings.most_total = most;
    }
    store::documents::settings::save(tx, firm, &mut settings, act.now).await?;
    let after = store::documents::settings::record(tx, firm).await?;
    act.record(tx, Some(firm), name(firm), before, after)
        .await?;
    answer(tx, firm, &settings, configured).await
}

/// What is asked for are the settings, so it is they that are not found.
fn of_settings(error: IntakeError, firm: FirmId) -> IntakeError {
    match error {
        IntakeError::NotFound(_) => IntakeError::NotFound(name(firm)),
        error => error,
    }
}

async fn answer(
    tx: &mut Transaction,
    firm: FirmId,
    settings: &Settings,
    configured: Limits,
) -> Result<v1::DocumentSettings, IntakeError> {
    let limits = settings.limits(configured);
    Ok(v1::DocumentSettings {
        name: name(firm),
        most_version_bytes: limits.version,
        most_total_bytes: limits.total,
        stored_bytes: store::documents::settings::stored(tx, firm).await?,
        etag: etag::of(settings.version),
        update_time: settings.update_time.map(timestamp),
    })
}
