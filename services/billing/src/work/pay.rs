//! Pay: time earns what its assignment's terms say, as soon as they are known. Transactions are in the scope of all
//! firms, since what is paid is no firm's to see.

use caseload_database::Transaction;
use caseload_domain::work_time::WorkedTime;
use caseload_domain::{AssignmentId, FirmId, Money, ParalegalId, TaskId};

use crate::domain::earning::PayTerms;
use crate::error::Error;
use crate::store::earnings::{self, Completed};
use crate::store::{Corrupt, known};

/// Takes down the amounts of an assignment's time that waits for them. The caller holds the firm's lock.
pub(crate) async fn settle_time(
    tx: &mut Transaction,
    firm: FirmId,
    assignment: AssignmentId,
) -> Result<(), Error> {
    let Some(terms) = known::pay_terms(tx, firm, assignment).await? else {
        return Ok(());
    };
    for pending in earnings::pending(tx, firm, assignment).await? {
        let amount = amount(terms, pending.seconds)?;
        earnings::set_amount(tx, firm, pending.id, terms, amount).await?;
    }
    Ok(())
}

/// What some seconds earn; negative seconds take exactly that back.
fn amount(terms: PayTerms, seconds: i32) -> Result<Money, Error> {
    let worked = WorkedTime::from_seconds(i64::from(seconds).abs()).map_err(Corrupt::new)?;
    let earned = terms.for_time(worked)?;
    Ok(if seconds < 0 {
        earned.negated()?
    } else {
        earned
    })
}

/// Takes down the fee of an assignment that is completed, once its terms are known and if it is paid by the project.
/// The caller holds the firm's lock.
pub(crate) async fn settle_fee(
    tx: &mut Transaction,
    firm: FirmId,
    assignment: AssignmentId,
    paralegal: ParalegalId,
    task: TaskId,
) -> Result<(), Error> {
    let Some(fee) = known::pay_terms(tx, firm, assignment)
        .await?
        .and_then(PayTerms::for_completion)
    else {
        return Ok(());
    };
    let Some((delivery, day)) = earnings::completion(tx, firm, assignment).await? else {
        return Ok(());
    };
    let work = Completed {
        delivery,
        paralegal,
        assignment,
        task,
        day,
        fee,
    };
    earnings::insert_fee(tx, firm, &work).await
}

#[cfg(test)]
mod tests {
    use caseload_domain::{Currency, HourlyRate};

    use super::*;

    #[test]
    fn a_reversal_takes_back_exactly_what_was_earned() {
        // 19.99 × 1801 / 3600 = 10.000553 and 19.99 × 1 / 3600 = 0.0055…
        let terms =
            PayTerms::Hourly(HourlyRate::new("19.99".parse().unwrap(), Currency::USD).unwrap());
        for seconds in [0, 1, 1801, 3600, 86_400] {
            let earned = amount(terms, seconds).unwrap();
            assert_eq!(amount(terms, -seconds).unwrap(), earned.negated().unwrap());
        }
    }
}
