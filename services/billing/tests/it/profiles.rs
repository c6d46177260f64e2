//! Billing profiles.

use caseload_domain::name::FirmName;
use caseload_domain::{FirmId, Scope};
use caseload_proto::caseload::billing::v1::{
    BillingProfile, FlatFeeStyle, GetBillingProfileRequest, UpdateBillingProfileRequest,
};
use prost_types::FieldMask;
use tonic::Code;

use crate::facts::hourly;
use crate::world::{World, fields, reason, usd};

fn name(firm: FirmId) -> String {
    format!("{}/billingProfile", FirmName(firm))
}

async fn get(world: &World, firm: FirmId) -> BillingProfile {
    let request = GetBillingProfileRequest { name: name(firm) };
    world
        .profiles()
        .get_billing_profile(request)
        .await
        .unwrap()
        .into_inner()
}

fn update(profile: BillingProfile, paths: &[&str]) -> UpdateBillingProfileRequest {
    UpdateBillingProfileRequest {
        billing_profile: Some(profile),
        update_mask: Some(FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }),
        request_id: String::new(),
    }
}

#[tokio::test]
async fn a_profile_is_the_suites_own_until_it_is_changed() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let first = get(&world, firm).await;
    assert_eq!(
        (first.vendor_id.as_str(), first.client_id.as_str()),
        ("12-3456789", "HOLT")
    );
    assert_eq!(
        (first.invoice_prefix.as_str(), first.payment_term_days),
        ("HOLT", 30)
    );
    assert_eq!(first.flat_fee_style(), FlatFeeStyle::UnitCost);

    let wanted = BillingProfile {
        name: first.name.clone(),
        invoice_prefix: "CL-HOLT".to_owned(),
        payment_term_days: 0,
        vendor_id: "ignored".to_owned(),
        etag: first.etag.clone(),
        ..Default::default()
    };
    let changed = world
        .profiles()
        .update_billing_profile(update(
            wanted.clone(),
            &["invoice_prefix", "payment_term_days"],
        ))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (changed.invoice_prefix.as_str(), changed.payment_term_days),
        ("CL-HOLT", 0)
    );
    assert_eq!(changed.vendor_id, "12-3456789");
    assert_eq!(get(&world, firm).await, changed);

    let stale = world
        .profiles()
        .update_billing_profile(update(wanted, &["invoice_prefix"]))
        .await
        .unwrap_err();
    assert_eq!(
        (stale.code(), reason(&stale).as_str()),
        (Code::Aborted, "ETAG_MISMATCH")
    );
}

#[tokio::test]
async fn a_new_prefix_begins_a_new_series() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let job = world.job(firm, hourly(Some(usd(10_000)), None)).await;
    let mut numbers = Vec::new();
    for (day, prefix) in [(2, "HOLT"), (3, "NY"), (4, "NY"), (5, "HOLT")] {
        let profile = BillingProfile {
            name: name(firm),
            invoice_prefix: prefix.to_owned(),
            ..Default::default()
        };
        let request = UpdateBillingProfileRequest {
            billing_profile: Some(profile),
            ..Default::default()
        };
        world
            .profiles()
            .update_billing_profile(request)
            .await
            .unwrap();
        world.approve(&job.time(day, 3_600, 3_600)).await;
        world.ready(firm, 1).await;
        let draft = world.draft(firm).await;
        numbers.push(world.issue(&draft).await.unwrap().number);
    }
    assert_eq!(
        numbers,
        ["HOLT-000001", "NY-000001", "NY-000002", "HOLT-000002"]
    );
}

#[tokio::test]
async fn every_bad_field_of_a_profile_is_named() {
    let world = World::new().await;
    let firm = world.firm("HOLT").await;
    let bad = BillingProfile {
        name: name(firm),
        vendor_id: "12 34".to_owned(),
        client_id: "ä".to_owned(),
        invoice_prefix: "-X".to_owned(),
        payment_term_days: 366,
        flat_fee_style: 9,
        ..Default::default()
    };
    let status = world
        .profiles()
        .update_billing_profile(update(bad, &["*", "name"]))
        .await
        .unwrap_err();
    let expected = [
        "update_mask",
        "vendor_id",
        "client_id",
        "invoice_prefix",
        "payment_term_days",
        "flat_fee_style",
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|field| {
            if *field == "update_mask" {
                (*field).to_owned()
            } else {
                format!("billing_profile.{field}")
            }
        })
        .collect();
    assert_eq!(fields(&status), expected);
    let kept = world
        .database
        .connect()
        .await
        .run(Scope::Firm(firm), |tx| {
            Box::pin(async move {
                let count = "select count(*) from billing_profiles";
                Ok::<i64, caseload_database::DatabaseError>(
                    sqlx::query_scalar(count).fetch_one(tx.connection()).await?,
                )
            })
        })
        .await
        .unwrap();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn a_firm_that_nobody_knows_has_no_profile() {
    let world = World::new().await;
    let unknown = FirmId::generate();
    let request = GetBillingProfileRequest {
        name: name(unknown),
    };
    let status = world
        .profiles()
        .get_billing_profile(request)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(status.message(), format!("{} was not found", name(unknown)));
}
