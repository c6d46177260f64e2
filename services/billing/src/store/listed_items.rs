//! Billable items as a list shows them.

use caseload_database::Transaction;
use caseload_domain::name::{BillableItemName, InvoiceName};
use caseload_domain::{
    BillableItemId, DeliveryId, FirmId, HourlyRate, InvoiceId, MatterId, Money, TaskId, TimeEntryId,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Corrupt, money, rate, read_in_order, rule};
use crate::domain::lines::ItemKind;
use crate::domain::price::{Rule, Unpriced};
use crate::error::Error;

/// Where an item stands, as a caller sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Unpriced,
    Unbilled,
    Drafted,
    Billed,
    Reversed,
}

impl Standing {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Unpriced => "unpriced",
            Self::Unbilled => "unbilled",
            Self::Drafted => "drafted",
            Self::Billed => "billed",
            Self::Reversed => "reversed",
        }
    }

    fn of(word: &str) -> Result<Self, Corrupt> {
        [
            Self::Unpriced,
            Self::Unbilled,
            Self::Drafted,
            Self::Billed,
            Self::Reversed,
        ]
        .into_iter()
        .find(|standing| standing.as_str() == word)
        .ok_or_else(|| Corrupt::new(word))
    }
}

/// Where an item comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    Time(TimeEntryId),
    Delivery(DeliveryId),
}

/// An item as a list shows it.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) name: BillableItemName,
    pub(crate) kind: ItemKind,
    pub(crate) standing: Standing,
    pub(crate) reason: Option<Unpriced>,
    pub(crate) source: Source,
    pub(crate) matter: MatterId,
    pub(crate) task: TaskId,
    pub(crate) day: Date,
    pub(crate) description: String,
    pub(crate) billed_seconds: Option<i32>,
    pub(crate) price: Option<Listing>,
    pub(crate) invoice: Option<InvoiceName>,
}

/// A price as a list shows it.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) rule: Rule,
    pub(crate) explanation: String,
    pub(crate) rate: Option<HourlyRate>,
    pub(crate) charge: Money,
    pub(crate) price_time: OffsetDateTime,
}

/// Which items a list shows.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) firm: Option<FirmId>,
    pub(crate) matter: Option<MatterId>,
    pub(crate) standings: Vec<Standing>,
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
    /// Whether drafts are not to be told of.
    pub(crate) hide_drafts: bool,
}

/// Where a list of items stopped.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct After {
    day: Date,
    id: Uuid,
}

impl After {
    pub(crate) fn of(item: &Listed) -> Self {
        Self {
            day: item.day,
            id: item.name.id.0,
        }
    }
}

struct ListRow {
    firm_id: Uuid,
    item_id: Uuid,
    kind: String,
    standing: String,
    unpriced_reason: Option<String>,
    time_entry_id: Option<Uuid>,
    delivery_id: Option<Uuid>,
    matter_id: Uuid,
    task_id: Uuid,
    item_date: Date,
    description: String,
    billed_seconds: Option<i32>,
    rule: Option<String>,
    rate: Option<Decimal>,
    rate_card_id: Option<Uuid>,
    rate_card_entry: Option<i32>,
    explanation: Option<String>,
    charge_minor: Option<i64>,
    currency: Option<String>,
    price_time: Option<OffsetDateTime>,
    invoice_id: Option<Uuid>,
}

impl TryFrom<ListRow> for Listed {
    type Error = Error;

    fn try_from(row: ListRow) -> Result<Self, Error> {
        let firm = FirmId(row.firm_id);
        let source = match (row.time_entry_id, row.delivery_id) {
            (Some(entry), None) => Source::Time(TimeEntryId(entry)),
            (None, Some(delivery)) => Source::Delivery(DeliveryId(delivery)),
            _ => return Err(Corrupt::new("an item of no one source").into()),
        };
        let charge = money(row.charge_minor, row.currency.as_deref())?;
        let price = match (charge, row.rule, row.explanation, row.price_time) {
            (Some(charge), Some(word), Some(explanation), Some(price_time)) => Some(Listing {
                rule: rule(&word, row.rate_card_id, row.rate_card_entry)?,
                explanation,
                rate: row
                    .rate
                    .map(|amount| rate(amount, charge.currency))
                    .transpose()?,
                charge,
                price_time,
            }),
            _ => None,
        };
        Ok(Self {
            name: BillableItemName::new(firm, BillableItemId(row.item_id)),
            kind: row.kind.parse().map_err(Corrupt::new)?,
            standing: Standing::of(&row.standing)?,
            reason: row
                .unpriced_reason
                .map(|word| word.parse())
                .transpose()
                .map_err(Corrupt::new)?,
            source,
            matter: MatterId(row.matter_id),
            task: TaskId(row.task_id),
            day: row.item_date,
            description: row.description,
            billed_seconds: row.billed_seconds,
            price,
            invoice: row
                .invoice_id
                .map(|id| InvoiceName::new(firm, InvoiceId(id))),
        })
    }
}

/// Items in the order of their days.
pub(crate) async fn list(
    tx: &mut Transaction,
    filter: &Filter,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    read_in_order(tx).await?;
    let standings: Vec<String> = filter
        .standings
        .iter()
        .map(|one| one.as_str().to_owned())
        .collect();
    let (day, id) = after.map(|after| (after.day, after.id)).unzip();
    sqlx::query_as!(
        ListRow,
        r#"select firm_id as "firm_id!", item_id as "item_id!", kind as "kind!", standing as "standing!", unpriced_reason,
             time_entry_id, delivery_id, matter_id as "matter_id!", task_id as "task_id!", item_date as "item_date!",
             description as "description!", billed_seconds, rule, rate, rate_card_id, rate_card_entry, explanation,
             charge_minor, currency, price_time,
             case when standing in ('drafted', 'billed') then invoice_id end as invoice_id
         from (
             select i.*, c.invoice_id,
                 case
                     when i.state <> 'priced' then i.state
                     when v.state is null or v.state = 'draft' and $7 then 'unbilled'
                     when v.state = 'draft' then 'drafted'
                     else 'billed'
                 end as standing
             from billable_items i
             left join invoice_claims c on c.firm_id = i.firm_id and c.item_id = i.item_id
             left join invoices v on v.firm_id = c.firm_id and v.invoice_id = c.invoice_id
             where ($1::uuid is null or i.firm_id = $1)
                 and ($2::uuid is null or i.matter_id = $2)
                 and ($4::date is null or i.item_date >= $4)
                 and ($5::date is null or i.item_date <= $5)
                 and ($6::date is null or (i.item_date, i.item_id) > ($6, $8::uuid))
         ) as shown
         where standing = any ($3)
         order by item_date, item_id
         limit $9"#,
        filter.firm.map(|firm| firm.0),
        filter.matter.map(|matter| matter.0),
        &standings,
        filter.start,
        filter.end,
        day,
        filter.hide_drafts,
        id,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Listed::try_from)
    .collect()
}
