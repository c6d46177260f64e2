//! Billing profiles.

use caseload_database::etag;
use caseload_domain::name::FirmName;
use caseload_domain::{FirmId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::billing::v1::billing_profile_service_server::BillingProfileService;
use caseload_proto::caseload::billing::v1::{
    BillingProfile as Message, FlatFeeStyle as StyleMessage, GetBillingProfileRequest,
    UpdateBillingProfileRequest,
};
use caseload_proto::convert::timestamp;
use caseload_proto::mask::Mask;
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use serde_json::json;
use tonic::{Request, Response, Status, async_trait};

use super::Billing;
use crate::domain::profile::{self, FlatFeeStyle, Profile};
use crate::error::Error;
use crate::store::lock_firm;
use crate::store::profiles::{self, Kept};

/// What an update can change.
const UPDATABLE: [&str; 5] = [
    "vendor_id",
    "client_id",
    "invoice_prefix",
    "payment_term_days",
    "flat_fee_style",
];

#[async_trait]
impl BillingProfileService for Billing {
    async fn get_billing_profile(
        &self,
        request: Request<GetBillingProfileRequest>,
    ) -> Result<Response<Message>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.billing.v1.BillingProfileService/GetBillingProfile",
        )?;
        let mut violations = Violations::new();
        let firm = parse_name(&mut violations, "name", &request.name);
        let firm = violations.finish(firm)?;
        let scope = call.scope(firm, name(firm))?;
        let settings = self.settings.clone();
        let kept = self
            .db
            .run(scope, move |tx| {
                Box::pin(async move {
                    settings
                        .profile(tx, firm)
                        .await
                        .map_err(|error| named(error, firm))
                })
            })
            .await
            .map_err(|error: Error| Status::from(error))?;
        Ok(Response::new(message(firm, &kept)))
    }

    async fn update_billing_profile(
        &self,
        request: Request<UpdateBillingProfileRequest>,
    ) -> Result<Response<Message>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.billing.v1.BillingProfileService/UpdateBillingProfile",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let profile = violations.required("billing_profile", request.billing_profile.as_ref());
        let firm = profile
            .and_then(|profile| parse_name(&mut violations, "billing_profile.name", &profile.name));
        let mask = request.update_mask.as_ref();
        let mask = Mask::read(&mut violations, "update_mask", mask, &UPDATABLE);
        let change = profile.map(|profile| parse_change(&mut violations, profile, &mask));
        let given = profile.map(|profile| profile.etag.clone());
        let ((firm, change), given) = violations.finish(firm.zip(change).zip(given))?;
        let settings = self.settings.clone();
        let updated = self
            .db
            .run_once(Scope::Firm(firm), retry, move |tx| {
                Box::pin(async move {
                    lock_firm(tx, firm).await?;
                    let before = settings
                        .profile(tx, firm)
                        .await
                        .map_err(|error| named(error, firm))?;
                    etag::check(&given, before.version)?;
                    let act = Act::from(&call);
                    let after = Kept {
                        profile: change.applied(before.profile.clone()),
                        version: before.version + 1,
                        update_time: Some(act.now),
                    };
                    profiles::put(tx, firm, &after).await?;
                    let (was, is) = (for_record(&before.profile), for_record(&after.profile));
                    act.record(tx, Some(firm), name(firm), Some(was), Some(is))
                        .await?;
                    Ok(message(firm, &after))
                })
            })
            .await
            .map_err(|error: Error| Status::from(error))?;
        Ok(Response::new(updated))
    }
}

fn name(firm: FirmId) -> String {
    format!("{}/billingProfile", FirmName(firm))
}

/// A firm that is not known has no profile: the caller asked for that.
fn named(error: Error, firm: FirmId) -> Error {
    match error {
        Error::NotFound(_) => Error::NotFound(name(firm)),
        error => error,
    }
}

fn parse_name(violations: &mut Violations, field: &str, text: &str) -> Option<FirmId> {
    let parsed = text
        .strip_suffix("/billingProfile")
        .and_then(|firm| firm.parse::<FirmName>().ok())
        .map(|FirmName(firm)| firm)
        .ok_or("is not a resource name of the form firms/{id}/billingProfile");
    violations.keep(field, parsed)
}

/// What is to be changed; none: as it is.
#[derive(Debug, Default)]
struct Change {
    vendor_id: Option<String>,
    client_id: Option<String>,
    invoice_prefix: Option<String>,
    payment_term_days: Option<i32>,
    flat_fee_style: Option<FlatFeeStyle>,
}

impl Change {
    fn applied(self, to: Profile) -> Profile {
        Profile {
            vendor_id: self.vendor_id.unwrap_or(to.vendor_id),
            client_id: self.client_id.unwrap_or(to.client_id),
            invoice_prefix: self.invoice_prefix.unwrap_or(to.invoice_prefix),
            payment_term_days: self.payment_term_days.unwrap_or(to.payment_term_days),
            flat_fee_style: self.flat_fee_style.unwrap_or(to.flat_fee_style),
        }
    }
}

fn parse_change(violations: &mut Violations, message: &Message, mask: &Mask) -> Change {
    let mut change = Change::default();
    if mask.has("vendor_id", !message.vendor_id.is_empty()) {
        change.vendor_id =
            violations.keep("billing_profile.vendor_id", profile::id(&message.vendor_id));
    }
    if mask.has("client_id", !message.client_id.is_empty()) {
        change.client_id =
            violations.keep("billing_profile.client_id", profile::id(&message.client_id));
    }
    if mask.has("invoice_prefix", !message.invoice_prefix.is_empty()) {
        let prefix = profile::prefix(&message.invoice_prefix);
        change.invoice_prefix = violations.keep("billing_profile.invoice_prefix", prefix);
    }
    if mask.has("payment_term_days", message.payment_term_days != 0) {
        let term = profile::term(message.payment_term_days);
        change.payment_term_days = violations.keep("billing_profile.payment_term_days", term);
    }
    if mask.has("flat_fee_style", message.flat_fee_style != 0) {
        let style = match StyleMessage::try_from(message.flat_fee_style) {
            Ok(StyleMessage::UnitCost) => Ok(FlatFeeStyle::UnitCost),
            Ok(StyleMessage::Adjustment) => Ok(FlatFeeStyle::Adjustment),
            Ok(StyleMessage::Unspecified) => Err("is required"),
            Err(_) => Err("is not a style of flat fees"),
        };
        change.flat_fee_style = violations.keep("billing_profile.flat_fee_style", style);
    }
    change
}

fn message(firm: FirmId, kept: &Kept) -> Message {
    let profile = &kept.profile;
    Message {
        name: name(firm),
        vendor_id: profile.vendor_id.clone(),
        client_id: profile.client_id.clone(),
        invoice_prefix: profile.invoice_prefix.clone(),
        payment_term_days: profile.payment_term_days,
        flat_fee_style: match profile.flat_fee_style {
            FlatFeeStyle::UnitCost => StyleMessage::UnitCost,
            FlatFeeStyle::Adjustment => StyleMessage::Adjustment,
        }
        .into(),
        update_time: kept.update_time.map(timestamp),
        etag: etag::of(kept.version),
    }
}

/// A profile as the record shows it.
fn for_record(profile: &Profile) -> serde_json::Value {
    json!({
        "vendor_id": profile.vendor_id,
        "client_id": profile.client_id,
        "invoice_prefix": profile.invoice_prefix,
        "payment_term_days": profile.payment_term_days,
        "flat_fee_style": profile.flat_fee_style.as_str(),
    })
}
