//! Firms, and the attorneys who supervise the work that they send out.

use caseload_domain::name::FirmName;
use caseload_domain::zone::Zone;
use caseload_domain::{Currency, FirmId};
use time::{Date, OffsetDateTime};

use super::office::{BillingGuidelines, FirmContact, Office};
use super::transition::WrongState;
use super::words::{facts, words};

facts! {
    /// What can be changed of a firm.
    pub struct FirmProfile / FirmProfilePatch {
        /// The name it goes by.
        display_name: String,
        /// The name in the register; empty for the display name.
        legal_name: String,
        /// Where its days begin and end.
        time_zone: Zone,
        /// Where it can be written to; empty for nowhere.
        contact_email: String,
        /// Who supervises, in the firm's own order.
        supervising_attorneys: Vec<SupervisingAttorney>,
        /// Where its documents must be kept, as a code; empty for anywhere.
        data_residency: String,
        /// Whether only a lawyer of the firm may accept what is delivered to it.
        attorney_acceptance_required: bool,
        /// Whether a paralegal works for it only under a confidentiality undertaking that is in force.
        undertaking_required: bool,
        /// Where it can be found, in its own order.
        offices: Vec<Office>,
        /// Whom to speak to, in its own order.
        contacts: Vec<FirmContact>,
        /// What it asks of its bills; none that is known.
        billing_guidelines: Option<BillingGuidelines>,
    }
}

words! {
    /// Whether a firm can send work.
    pub enum FirmState {
        /// It can.
        Active = "active",
        /// It reads, and can't send work.
        Suspended = "suspended",
    }
}

/// The most consents that the answer of a firm carries, and that a new firm comes with.
pub const MOST_CONSENTS: usize = 500;

/// A lawyer of the firm who stays responsible for work that is sent out (ABA Model Rule 5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupervisingAttorney {
    /// Chosen by the firm.
    pub attorney_id: String,
    /// The name.
    pub display_name: String,
    /// Empty for none.
    pub email: String,
    /// Where they are admitted; empty when not told.
    pub bar_jurisdiction: String,
    /// The number of the admission; empty when not told.
    pub bar_number: String,
    /// Whether they no longer supervise.
    pub inactive: bool,
}

/// A law firm.
#[derive(Debug, Clone, PartialEq)]
pub struct Firm {
    /// Which one.
    pub id: FirmId,
    /// Its short code.
    pub code: String,
    /// What it is billed in.
    pub currency: Currency,
    /// What can be changed.
    pub profile: FirmProfile,
    /// Why it is suspended; none while it is active.
    pub suspended: Option<String>,
    /// Changes with every change.
    pub version: i64,
    /// When it was created.
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    pub update_time: OffsetDateTime,
}

impl Firm {
    /// Its name.
    pub fn name(&self) -> FirmName {
        FirmName(self.id)
    }

    /// Whether it can send work.
    pub fn state(&self) -> FirmState {
        if self.suspended.is_some() {
            FirmState::Suspended
        } else {
            FirmState::Active
        }
    }

    /// Suspends an active firm.
    pub fn suspend(&mut self, reason: String) -> Result<(), WrongState> {
        if self.suspended.is_some() {
            return Err(already(FirmState::Suspended));
        }
        self.suspended = Some(reason);
        Ok(())
    }

    /// Makes a suspended firm active.
    pub fn reinstate(&mut self) -> Result<(), WrongState> {
        if self.suspended.take().is_none() {
            return Err(already(FirmState::Active));
        }
        Ok(())
    }

    /// Whether an attorney of this id supervises at present.
    pub fn has_active_attorney(&self, attorney_id: &str) -> bool {
        self.profile
            .supervising_attorneys
            .iter()
            .any(|attorney| attorney.attorney_id == attorney_id && !attorney.inactive)
    }

    /// The country of its primary office; empty when there is none.
    pub fn region_code(&self) -> &str {
        let primary = self.profile.offices.iter().find(|office| office.primary);
        primary.map_or("", |office| &office.address.region_code)
    }

    /// The date that the firm's calendar shows.
    pub fn today(&self, now: OffsetDateTime) -> Date {
        self.profile.time_zone.date_at(now)
    }
}

/// It is there already.
fn already(state: FirmState) -> WrongState {
    WrongState {
        what: "firm",
        from: state.as_str(),
        to: state.as_str(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn attorney(id: &str, inactive: bool) -> SupervisingAttorney {
        SupervisingAttorney {
            attorney_id: id.to_owned(),
            display_name: "A. Attorney".to_owned(),
            email: String::new(),
            bar_jurisdiction: String::new(),
            bar_number: String::new(),
            inactive,
        }
    }

    pub(crate) fn firm() -> Firm {
        Firm {
            id: FirmId::generate(),
            code: "DOE".to_owned(),
            currency: Currency::USD,
            profile: FirmProfile {
                display_name: "Doe & Roe".to_owned(),
                legal_name: String::new(),
                time_zone: "America/Chicago".parse().unwrap(),
                contact_email: String::new(),
                supervising_attorneys: vec![attorney("roe", false), attorney("gone", true)],
                data_residency: String::new(),
                attorney_acceptance_required: false,
                undertaking_required: false,
                offices: Vec::new(),
                contacts: Vec::new(),
                billing_guidelines: None,
            },
            suspended: None,
            version: 1,
            create_time: OffsetDateTime::UNIX_EPOCH,
            update_time: OffsetDateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_firm_is_suspended_once_and_reinstated_once() {
        let mut firm = firm();
        assert!(firm.reinstate().is_err());
        firm.suspend("unpaid".to_owned()).unwrap();
        let again = firm.suspend("again".to_owned()).unwrap_err();
        assert_eq!(again.from, "suspended");
        assert_eq!(firm.suspended.as_deref(), Some("unpaid"));
        firm.reinstate().unwrap();
        assert_eq!(firm.suspended, None);
    }

    #[test]
    fn only_an_attorney_who_is_active_supervises() {
        let firm = firm();
        assert!(firm.has_active_attorney("roe"));
        assert!(!firm.has_active_attorney("gone"));
        assert!(!firm.has_active_attorney("stranger"));
        assert!(!firm.has_active_attorney(""));
    }
}
