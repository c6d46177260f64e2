//! Consents on file.

use std::collections::HashMap;

use caseload_database::Transaction;
use caseload_domain::{ConsentId, FirmId, MatterId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::consent::{Consent, ConsentReach, ConsentTerms};
use crate::error::IntakeError;

pub(super) async fn of_firms(
    tx: &mut Transaction,
    firms: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Consent>>, IntakeError> {
    let rows = sqlx::query!(
        "select firm_id, consent_id, granted_by, grant_date, expire_date, reach, client_display_name, matter_id, note,
                recorded_by, record_time, revoke_time
         from consents where firm_id = any($1) order by firm_id, consent_id",
        firms,
    )
    .fetch_all(tx.connection())
    .await?;
    let mut of_firm: HashMap<Uuid, Vec<Consent>> = HashMap::new();
    for row in rows {
        let reach = match (row.reach.as_str(), row.client_display_name, row.matter_id) {
            ("all_matters", None, None) => ConsentReach::AllMatters,
            ("client", Some(client), None) => ConsentReach::Client(client),
            ("matter", None, Some(matter)) => ConsentReach::Matter(MatterId(matter)),
            (reach, ..) => {
                return Err(IntakeError::Damaged(format!("a consent reaches {reach}")));
            }
        };
        of_firm.entry(row.firm_id).or_default().push(Consent {
            id: ConsentId(row.consent_id),
            terms: ConsentTerms {
                granted_by: row.granted_by,
                grant_date: row.grant_date,
                expire_date: row.expire_date,
                reach,
                note: row.note,
            },
            recorded_by: row.recorded_by,
            record_time: row.record_time,
            revoke_time: row.revoke_time,
        });
    }
    Ok(of_firm)
}

pub(crate) async fn insert(
    tx: &mut Transaction,
    firm: FirmId,
    consent: &Consent,
) -> Result<(), IntakeError> {
    let (reach, client, matter) = match &consent.terms.reach {
        ConsentReach::AllMatters => ("all_matters", None, None),
        ConsentReach::Client(client) => ("client", Some(client.as_str()), None),
        ConsentReach::Matter(matter) => ("matter", None, Some(matter.0)),
    };
    sqlx::query!(
        "insert into consents (firm_id, consent_id, granted_by, grant_date, expire_date, reach, client_display_name,
                               matter_id, note, recorded_by, record_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        firm.0,
        consent.id.0,
        consent.terms.granted_by,
        consent.terms.grant_date,
        consent.terms.expire_date,
        reach,
        client,
        matter,
        consent.terms.note,
        consent.recorded_by,
        consent.record_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub(crate) async fn revoke(
    tx: &mut Transaction,
    firm: FirmId,
    consent: ConsentId,
    now: OffsetDateTime,
) -> Result<(), IntakeError> {
    sqlx::query!(
        "update consents set revoke_time = $3 where firm_id = $1 and consent_id = $2",
        firm.0,
        consent.0,
        now,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
