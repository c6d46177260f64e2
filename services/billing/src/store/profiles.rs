//! Billing profiles, where they were changed from the suite's own settings.

use caseload_database::Transaction;
use caseload_domain::FirmId;
use time::OffsetDateTime;

use super::Corrupt;
use crate::domain::profile::Profile;
use crate::error::Error;

/// A profile with its version.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) profile: Profile,
    /// 0 until it was changed.
    pub(crate) version: i64,
    /// None until it was changed.
    pub(crate) update_time: Option<OffsetDateTime>,
}

/// A firm's profile, if it was changed.
pub(crate) async fn get(tx: &mut Transaction, firm: FirmId) -> Result<Option<Kept>, Error> {
    let row = sqlx::query!(
        "select vendor_id, client_id, invoice_prefix, payment_term_days, flat_fee_style, version, update_time
         from billing_profiles where firm_id = $1",
        firm.0
    )
    .fetch_optional(tx.connection())
    .await?;
    row.map(|row| {
        Ok(Kept {
            profile: Profile {
                vendor_id: row.vendor_id,
                client_id: row.client_id,
                invoice_prefix: row.invoice_prefix,
                payment_term_days: row.payment_term_days,
                flat_fee_style: row.flat_fee_style.parse().map_err(Corrupt::new)?,
            },
            version: row.version,
            update_time: Some(row.update_time),
        })
    })
    .transpose()
}

/// Keeps a changed profile. The caller holds the firm's lock.
pub(crate) async fn put(tx: &mut Transaction, firm: FirmId, kept: &Kept) -> Result<(), Error> {
    let profile = &kept.profile;
    sqlx::query!(
        "insert into billing_profiles (firm_id, vendor_id, client_id, invoice_prefix, payment_term_days, flat_fee_style,
             version, update_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (firm_id) do update set vendor_id = excluded.vendor_id, client_id = excluded.client_id,
             invoice_prefix = excluded.invoice_prefix, payment_term_days = excluded.payment_term_days,
             flat_fee_style = excluded.flat_fee_style, version = excluded.version, update_time = excluded.update_time",
        firm.0,
        profile.vendor_id,
        profile.client_id,
        profile.invoice_prefix,
        profile.payment_term_days,
        profile.flat_fee_style.as_str(),
        kept.version,
        kept.update_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
