//! The service's SQL: one file a resource.
//!
//! Whatever makes, prices, claims or frees items of a firm first takes the firm's [`lock_firm`]: events of two sources,
//! a new rate card and the drafting of an invoice then see each other's effect, and nothing waits unpriced for something
//! that has come. The keys of the tables hold what must never happen even so.

pub(crate) mod claims;
pub(crate) mod earnings;
pub(crate) mod invoices;
pub(crate) mod items;
pub(crate) mod known;
pub(crate) mod lines;
pub(crate) mod listed_earnings;
pub(crate) mod listed_items;
pub(crate) mod profiles;
pub(crate) mod rate_cards;

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::{Currency, FirmId, HourlyRate, Money, ParalegalId, RateCardId};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::domain::price::Rule;

/// Waits until no other transaction takes in a paralegal or a paralegal's work. It goes before [`lock_firm`].
pub(crate) async fn lock_paralegal(
    tx: &mut Transaction,
    paralegal: ParalegalId,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('work of ' || $1::text, 0))",
        paralegal.to_string()
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Waits until no other transaction works on what the firm is billed, and keeps others out until this one ends.
pub(crate) async fn lock_firm(tx: &mut Transaction, firm: FirmId) -> Result<(), DatabaseError> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('billing of ' || $1::text, 0))",
        firm.to_string()
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Has the statements that follow planned for the very values that they are given. A list whose filters may be absent
/// has no one plan that is good for all of them: without this, PostgreSQL settles for one after some calls, and reads
/// every firm's rows to find one's.
pub(crate) async fn plan_for_values(tx: &mut Transaction) -> Result<(), DatabaseError> {
    sqlx::query!("set local plan_cache_mode = force_custom_plan")
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// Has the page that follows read in the order of an index. PostgreSQL can't know how few rows the scope's policy leaves
/// out, takes it for nearly all, and would rather sort what it believes to be a handful: the whole table, in the scope of
/// all firms. It goes for the rest of the transaction, which a list ends.
pub(crate) async fn read_in_order(tx: &mut Transaction) -> Result<(), DatabaseError> {
    plan_for_values(tx).await?;
    sqlx::query!("set local enable_sort = off")
        .execute(tx.connection())
        .await?;
    Ok(())
}

/// What the store holds can't be: a defect of ours, or a hand in the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the store holds what can't be: {0}")]
pub struct Corrupt(String);

impl Corrupt {
    pub(crate) fn new(what: impl std::fmt::Display) -> Self {
        Self(what.to_string())
    }
}

/// A currency as the store keeps it.
pub(crate) fn currency(code: &str) -> Result<Currency, Corrupt> {
    code.parse().map_err(Corrupt::new)
}

/// A rate as the store keeps it.
pub(crate) fn rate(amount: Decimal, currency: Currency) -> Result<HourlyRate, Corrupt> {
    HourlyRate::new(amount, currency).map_err(Corrupt::new)
}

/// An amount that may be absent.
pub(crate) fn money(minor: Option<i64>, code: Option<&str>) -> Result<Option<Money>, Corrupt> {
    match (minor, code) {
        (Some(minor), Some(code)) => Ok(Some(Money::new(minor, currency(code)?))),
        _ => Ok(None),
    }
}

/// A rule as the store keeps it.
pub(crate) fn rule(word: &str, card: Option<Uuid>, entry: Option<i32>) -> Result<Rule, Corrupt> {
    Rule::of(word, card.map(RateCardId).zip(entry)).ok_or_else(|| Corrupt::new(word))
}
