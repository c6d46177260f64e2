//! The dates of matters.

use std::collections::HashMap;

use caseload_database::Transaction;
use caseload_domain::name::MatterName;
use time::{Date, Time};
use uuid::Uuid;

use super::super::{Keys, read};
use crate::domain::key_date::{KeyDate, WallTime, in_order};
use crate::error::IntakeError;

pub(super) async fn key_dates(
    tx: &mut Transaction,
    keys: &Keys,
) -> Result<HashMap<Uuid, Vec<KeyDate>>, IntakeError> {
    let mut of_matter: HashMap<Uuid, Vec<KeyDate>> = HashMap::new();
    for row in sqlx::query!(
        "select d.matter_id, d.key_date_id, d.kind, d.title, d.date, d.time_of_day, d.time_zone, d.note, d.source
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, matter_id)
         join matter_key_dates d using (firm_id, matter_id)",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    {
        let time = match (row.time_of_day, row.time_zone) {
            (Some(time), Some(zone)) => Some(WallTime {
                time,
                zone: read(&zone)?,
            }),
            _ => None,
        };
        of_matter.entry(row.matter_id).or_default().push(KeyDate {
            key_date_id: row.key_date_id,
            kind: read(&row.kind)?,
            title: row.title,
            date: row.date,
            time,
            note: row.note,
            source: row.source,
        });
    }
    // Sorted here and not there: collations of the database know another order of ids.
    for dates in of_matter.values_mut() {
        in_order(dates);
    }
    Ok(of_matter)
}

/// Makes these the dates of a matter, in the place of those that it had.
pub(super) async fn keep(
    tx: &mut Transaction,
    name: MatterName,
    dates: &[KeyDate],
) -> Result<(), IntakeError> {
    sqlx::query!(
        "delete from matter_key_dates where firm_id = $1 and matter_id = $2",
        name.firm.0,
        name.id.0,
    )
    .execute(tx.connection())
    .await?;
    let column = |of: fn(&KeyDate) -> &str| -> Vec<String> {
        dates.iter().map(|date| of(date).to_owned()).collect()
    };
    let days: Vec<Date> = dates.iter().map(|date| date.date).collect();
    let wall = || dates.iter().map(|date| date.time.as_ref());
    let times: Vec<Option<Time>> = wall().map(|wall| wall.map(|wall| wall.time)).collect();
    let zones: Vec<Option<String>> = wall()
        .map(|wall| wall.map(|wall| wall.zone.name().to_owned()))
        .collect();
    sqlx::query!(
        "insert into matter_key_dates
             (firm_id, matter_id, key_date_id, kind, title, date, time_of_day, time_zone, note, source)
         select $1, $2, d.* from unnest($3::text[], $4::text[], $5::text[], $6::date[], $7::time[], $8::text[],
                                        $9::text[], $10::text[]) as d",
        name.firm.0,
        name.id.0,
        &column(|date| date.key_date_id.as_str()),
        &column(|date| date.kind.as_str()),
        &column(|date| date.title.as_str()),
        &days,
        &times as &[Option<Time>],
        &zones as &[Option<String>],
        &column(|date| date.note.as_str()),
        &column(|date| date.source.as_str()),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
