//! Rate cards.

use caseload_database::{DatabaseError, Transaction};
use caseload_domain::name::RateCardName;
use caseload_domain::work::Level;
use caseload_domain::{FirmId, RateCardId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{Corrupt, currency, rate, read_in_order};
use crate::domain::rate_card::{Entry, RateCard};
use crate::error::Error;

/// A card, whose it is and since when.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) name: RateCardName,
    pub(crate) card: RateCard,
    pub(crate) create_time: OffsetDateTime,
}

/// Where a list of cards stopped.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct After {
    start: Date,
    id: Uuid,
}

impl After {
    pub(crate) fn of(kept: &Kept) -> Self {
        Self {
            start: kept.card.start,
            id: kept.card.id.0,
        }
    }
}

/// An entry as the queries gather it.
#[derive(Debug, Deserialize)]
struct Row {
    kind: Option<String>,
    practice_area: Option<String>,
    level: Option<i32>,
    rate: Decimal,
}

struct CardRow {
    firm_id: Uuid,
    rate_card_id: Uuid,
    display_name: String,
    effective_start_date: Date,
    effective_end_date: Option<Date>,
    currency: String,
    create_time: OffsetDateTime,
    entries: Json<Vec<Row>>,
}

impl TryFrom<CardRow> for Kept {
    type Error = Error;

    fn try_from(row: CardRow) -> Result<Self, Error> {
        let currency = currency(&row.currency)?;
        let entries = row
            .entries
            .0
            .into_iter()
            .map(|entry| {
                Ok(Entry {
                    kind: entry
                        .kind
                        .map(|word| word.parse())
                        .transpose()
                        .map_err(Corrupt::new)?,
                    practice_area: entry.practice_area,
                    level: entry
                        .level
                        .map(Level::new)
                        .transpose()
                        .map_err(Corrupt::new)?,
                    rate: rate(entry.rate, currency)?,
                })
            })
            .collect::<Result<_, Corrupt>>()?;
        let id = RateCardId(row.rate_card_id);
        Ok(Self {
            name: RateCardName::new(FirmId(row.firm_id), id),
            card: RateCard {
                id,
                display_name: row.display_name,
                start: row.effective_start_date,
                end: row.effective_end_date,
                currency,
                entries,
            },
            create_time: row.create_time,
        })
    }
}

pub(crate) async fn insert(
    tx: &mut Transaction,
    firm: FirmId,
    card: &RateCard,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into rate_cards (firm_id, rate_card_id, display_name, effective_start_date, effective_end_date, currency,
             create_time)
         values ($1, $2, $3, $4, $5, $6, $7)",
        firm.0,
        card.id.0,
        card.display_name,
        card.start,
        card.end,
        card.currency.code(),
        now,
    )
    .execute(tx.connection())
    .await
    .map_err(|error| match DatabaseError::from(error) {
        DatabaseError::Unique { constraint } if constraint == "rate_cards_one_a_start" => {
            Error::CardExists(card.start)
        }
        error => error.into(),
    })?;
    let kinds: Vec<_> = card
        .entries
        .iter()
        .map(|entry| entry.kind.map(|kind| kind.as_str().to_owned()))
        .collect();
    let areas: Vec<_> = card
        .entries
        .iter()
        .map(|entry| entry.practice_area.clone())
        .collect();
    let levels: Vec<_> = card
        .entries
        .iter()
        .map(|entry| entry.level.map(|level| i32::from(level.get())))
        .collect();
    let rates: Vec<_> = card
        .entries
        .iter()
        .map(|entry| entry.rate.amount())
        .collect();
    sqlx::query!(
        "insert into rate_card_entries (firm_id, rate_card_id, place, kind, practice_area, level, rate)
         select $1, $2, e.place, e.kind, e.practice_area, e.level, e.rate
         from unnest($3::text[], $4::text[], $5::integer[], $6::numeric[])
             with ordinality as e (kind, practice_area, level, rate, place)",
        firm.0,
        card.id.0,
        &kinds as _,
        &areas as _,
        &levels as _,
        &rates,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(crate) async fn get(tx: &mut Transaction, name: RateCardName) -> Result<Option<Kept>, Error> {
    sqlx::query_as!(
        CardRow,
        r#"select c.firm_id, c.rate_card_id, c.display_name, c.effective_start_date, c.effective_end_date, c.currency,
             c.create_time,
             (select json_agg(json_build_object('kind', e.kind, 'practice_area', e.practice_area, 'level', e.level,
                     'rate', e.rate::text) order by e.place)
              from rate_card_entries e where e.firm_id = c.firm_id and e.rate_card_id = c.rate_card_id)
              as "entries!: Json<Vec<Row>>"
         from rate_cards c where c.firm_id = $1 and c.rate_card_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?
    .map(Kept::try_from)
    .transpose()
}

/// Cards of a firm, or of every firm of the scope, the latest start first.
pub(crate) async fn list(
    tx: &mut Transaction,
    firm: Option<FirmId>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Kept>, Error> {
    read_in_order(tx).await?;
    select(tx, firm, after, limit).await
}

async fn select(
    tx: &mut Transaction,
    firm: Option<FirmId>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Kept>, Error> {
    let (start, id) = after.map(|after| (after.start, after.id)).unzip();
    sqlx::query_as!(
        CardRow,
        r#"select c.firm_id, c.rate_card_id, c.display_name, c.effective_start_date, c.effective_end_date, c.currency,
             c.create_time,
             (select json_agg(json_build_object('kind', e.kind, 'practice_area', e.practice_area, 'level', e.level,
                     'rate', e.rate::text) order by e.place)
              from rate_card_entries e where e.firm_id = c.firm_id and e.rate_card_id = c.rate_card_id)
              as "entries!: Json<Vec<Row>>"
         from rate_cards c
         where ($1::uuid is null or c.firm_id = $1)
             and ($2::date is null or (c.effective_start_date, c.rate_card_id) < ($2, $3::uuid))
         order by c.effective_start_date desc, c.rate_card_id desc
         limit $4"#,
        firm.map(|firm| firm.0),
        start,
        id,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(Kept::try_from)
    .collect()
}

/// Every card of a firm.
pub(crate) async fn all(tx: &mut Transaction, firm: FirmId) -> Result<Vec<RateCard>, Error> {
    let kept = select(tx, Some(firm), None, i64::MAX).await?;
    Ok(kept.into_iter().map(|kept| kept.card).collect())
}
