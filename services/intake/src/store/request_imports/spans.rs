//! The parts of an import that are done.

use caseload_database::Transaction;
use caseload_domain::name::RequestImportName;

use crate::domain::request_import::span::Span;
use crate::domain::request_import::{Digest, RequestImport};
use crate::error::IntakeError;

/// A part that is done, as a row that is sent again is compared with it.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    /// Its rows' digests, in their order.
    pub(crate) digests: Vec<Digest>,
    /// Where its last row begins.
    pub(crate) last_line: i64,
}

/// Puts a part in after those that are done. Answers none, and does nothing, when the key of its request was met before.
pub(crate) async fn insert_span(
    tx: &mut Transaction,
    import: &RequestImport,
    span: &Span,
    key: Option<&str>,
    spool: Option<Vec<u8>>,
) -> Result<bool, IntakeError> {
    let digests: Vec<u8> = span.rows.iter().flat_map(|row| row.digest).collect();
    let inserted = sqlx::query!(
        "insert into request_import_spans (firm_id, request_import_id, position, request_key, first_line, last_line,
                                           digests, spool)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (firm_id, request_import_id, request_key) do nothing",
        import.name.firm.0,
        import.name.id.0,
        import.spans,
        key,
        span.first_line(),
        span.last_line(),
        digests,
        spool,
    )
    .execute(tx.connection())
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// The parts that are done from a position on, so many at most.
pub(crate) async fn done(
    tx: &mut Transaction,
    import: RequestImportName,
    from: i32,
    limit: i64,
) -> Result<Vec<Done>, IntakeError> {
    sqlx::query!(
        "select digests, last_line from request_import_spans
         where firm_id = $1 and request_import_id = $2 and position >= $3 order by position limit $4",
        import.firm.0,
        import.id.0,
        from,
        limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| {
        let (digests, rest) = row.digests.as_chunks();
        if rest.is_empty() {
            Ok(Done {
                digests: digests.to_vec(),
                last_line: row.last_line,
            })
        } else {
            Err(IntakeError::Damaged("half a digest".to_owned()))
        }
    })
    .collect()
}

/// What a part keeps of its rows until the end, and its key.
pub(crate) async fn spool(
    tx: &mut Transaction,
    import: RequestImportName,
    position: i32,
) -> Result<(Option<String>, Vec<u8>), IntakeError> {
    let row = sqlx::query!(
        "select request_key, spool from request_import_spans
         where firm_id = $1 and request_import_id = $2 and position = $3",
        import.firm.0,
        import.id.0,
        position,
    )
    .fetch_optional(tx.connection())
    .await?
    .ok_or_else(|| IntakeError::Damaged("a part of an import is missing".to_owned()))?;
    Ok((row.request_key, row.spool.unwrap_or_default()))
}

/// Forgets the rows that were kept until the end.
pub(crate) async fn forget_spools(
    tx: &mut Transaction,
    import: RequestImportName,
) -> Result<(), IntakeError> {
    sqlx::query!(
        "update request_import_spans set spool = null
         where firm_id = $1 and request_import_id = $2 and spool is not null",
        import.firm.0,
        import.id.0,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
