//! What a paralegal earns.
//!
//! By the hour: the hourly pay of the assignment × the time worked, to the second and rounded once, for all approved
//! time, billable or not. By the project: the fee of the assignment when the work is accepted; time then earns nothing.

use caseload_domain::money::MoneyError;
use caseload_domain::work_time::WorkedTime;
use caseload_domain::{Currency, HourlyRate, Money};

use crate::domain::words::words;

words! {
    /// What an earning is.
    EarningKind {
        /// Approved time.
        Time = "time",
        /// The fee of an assignment.
        ProjectFee = "project_fee",
        /// Approved time that was reversed.
        Reversal = "reversal",
    }
}

/// What a paralegal is paid for an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayTerms {
    /// By the hour worked.
    Hourly(HourlyRate),
    /// By the project.
    Project(Money),
}

impl PayTerms {
    /// The currency.
    pub const fn currency(self) -> Currency {
        match self {
            Self::Hourly(rate) => rate.currency(),
            Self::Project(fee) => fee.currency,
        }
    }

    /// What an hour is paid; none by the project.
    pub const fn hourly(self) -> Option<HourlyRate> {
        match self {
            Self::Hourly(rate) => Some(rate),
            Self::Project(_) => None,
        }
    }

    /// What approved time earns.
    pub fn for_time(self, worked: WorkedTime) -> Result<Money, MoneyError> {
        match self {
            Self::Hourly(rate) => rate.earn(worked),
            Self::Project(fee) => Ok(Money::zero(fee.currency)),
        }
    }

    /// What completing the work earns; none by the hour.
    pub const fn for_completion(self) -> Option<Money> {
        match self {
            Self::Hourly(_) => None,
            Self::Project(fee) => Some(fee),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worked(seconds: i64) -> WorkedTime {
        WorkedTime::from_seconds(seconds).unwrap()
    }

    #[test]
    fn time_earns_to_the_second_and_is_rounded_once() {
        let terms =
            PayTerms::Hourly(HourlyRate::new("27.50".parse().unwrap(), Currency::USD).unwrap());
        // 1 h 1 min 1 s: 27.50 × 3661 / 3600 = 27.96597…
        assert_eq!(
            terms.for_time(worked(3661)),
            Ok(Money::new(2797, Currency::USD))
        );
        assert_eq!(terms.for_completion(), None);
    }

    #[test]
    fn by_the_project_the_fee_is_earned_once_and_time_earns_nothing() {
        let fee = Money::new(40_000, Currency::USD);
        let terms = PayTerms::Project(fee);
        assert_eq!(terms.for_time(worked(3600)), Ok(Money::zero(Currency::USD)));
        assert_eq!(terms.for_completion(), Some(fee));
    }
}
