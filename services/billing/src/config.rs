//! What the service itself is told: the section `[billing]`.

use caseload_database::Transaction;
use caseload_domain::FirmId;
use caseload_domain::name::FirmName;
use serde::Deserialize;

use crate::domain::profile::{self, FlatFeeStyle, InvalidProfile, Profile};
use crate::error::Error;
use crate::store::{known, profiles};

/// Who bills, and on what terms unless a firm's profile says otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BillingConfig {
    /// The name of who bills, as it stands on invoices: 1 to 200 characters.
    pub vendor_name: String,
    /// The id of who bills, for firms that gave none: 1 to 20 characters of [A-Z0-9-]. In the United States receivers
    /// of LEDES files expect the federal tax id.
    pub vendor_id: String,
    /// How many days after the invoice date payment is due: 0 to 365.
    pub payment_term_days: i32,
}

impl Default for BillingConfig {
    fn default() -> Self {
        Self {
            vendor_name: "Caseload".to_owned(),
            vendor_id: "CASELOAD".to_owned(),
            payment_term_days: 30,
        }
    }
}

/// A setting can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSetting {
    /// The name of who bills is empty or too long.
    #[error("billing.vendor_name must have 1 to 200 characters")]
    VendorName,
    /// Another setting.
    #[error("billing.{0} {1}")]
    Profile(&'static str, InvalidProfile),
}

/// The settings, checked.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) vendor_name: String,
    vendor_id: String,
    payment_term_days: i32,
}

impl TryFrom<&BillingConfig> for Settings {
    type Error = InvalidSetting;

    fn try_from(config: &BillingConfig) -> Result<Self, InvalidSetting> {
        let vendor_name = config.vendor_name.trim();
        if !(1..=200).contains(&vendor_name.chars().count()) {
            return Err(InvalidSetting::VendorName);
        }
        Ok(Self {
            vendor_name: vendor_name.to_owned(),
            vendor_id: profile::id(&config.vendor_id)
                .map_err(|why| InvalidSetting::Profile("vendor_id", why))?,
            payment_term_days: profile::term(config.payment_term_days)
                .map_err(|why| InvalidSetting::Profile("payment_term_days", why))?,
        })
    }
}

impl Settings {
    /// How a firm is billed, and the version of that: the firm's own profile, or one of the settings and the firm's code.
    pub(crate) async fn profile(
        &self,
        tx: &mut Transaction,
        firm: FirmId,
    ) -> Result<profiles::Kept, Error> {
        if let Some(kept) = profiles::get(tx, firm).await? {
            return Ok(kept);
        }
        let known = known::firm(tx, firm)
            .await?
            .ok_or_else(|| Error::NotFound(FirmName(firm).to_string()))?;
        Ok(profiles::Kept {
            profile: Profile {
                vendor_id: self.vendor_id.clone(),
                client_id: known.code.clone(),
                invoice_prefix: known.code,
                payment_term_days: self.payment_term_days,
                flat_fee_style: FlatFeeStyle::UnitCost,
            },
            version: 0,
            update_time: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used_and_nonsense_is_named() {
        assert!(Settings::try_from(&BillingConfig::default()).is_ok());
        let with = |change: fn(&mut BillingConfig)| {
            let mut config = BillingConfig::default();
            change(&mut config);
            Settings::try_from(&config).unwrap_err().to_string()
        };
        assert!(
            with(|config| config.vendor_name = " ".to_owned()).starts_with("billing.vendor_name")
        );
        assert!(
            with(|config| config.vendor_id = "a b".to_owned()).starts_with("billing.vendor_id")
        );
        assert!(
            with(|config| config.payment_term_days = 400).starts_with("billing.payment_term_days")
        );
    }
}
