//! Comments.

use caseload_database::Transaction;
use caseload_domain::name::{CommentName, TaskName};
use caseload_domain::{CommentId, FirmId, ParalegalId, TaskId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Keys, Page, read};
use crate::domain::comment::Comment;
use crate::error::IntakeError;

struct Row {
    firm_id: Uuid,
    comment_id: Uuid,
    task_id: Uuid,
    in_reply_to: Option<Uuid>,
    author_kind: String,
    author: String,
    paralegal_id: Option<Uuid>,
    body: String,
    create_time: OffsetDateTime,
}

impl TryFrom<Row> for Comment {
    type Error = IntakeError;

    fn try_from(row: Row) -> Result<Self, IntakeError> {
        let firm = FirmId(row.firm_id);
        Ok(Self {
            name: CommentName::new(firm, CommentId(row.comment_id)),
            task: TaskName::new(firm, TaskId(row.task_id)),
            in_reply_to: row.in_reply_to.map(CommentId),
            author_kind: read(&row.author_kind)?,
            author: row.author,
            paralegal: row.paralegal_id.map(ParalegalId),
            text: row.body,
            create_time: row.create_time,
        })
    }
}

/// The comments on a task, the oldest first.
pub(crate) async fn page(
    tx: &mut Transaction,
    task: TaskName,
    page: Page,
) -> Result<Keys, IntakeError> {
    Ok(sqlx::query!(
        "select firm_id, comment_id from comments
         where firm_id = $1 and task_id = $2 and ($3::uuid is null or comment_id > $3)
         order by comment_id limit $4",
        task.firm.0,
        task.id.0,
        page.after,
        page.limit,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(|row| (row.firm_id, row.comment_id))
    .collect())
}

pub(crate) async fn load(tx: &mut Transaction, keys: &Keys) -> Result<Vec<Comment>, IntakeError> {
    sqlx::query_as!(
        Row,
        "select c.firm_id, c.comment_id, c.task_id, c.in_reply_to, c.author_kind, c.author, c.paralegal_id, c.body,
                c.create_time
         from unnest($1::uuid[], $2::uuid[]) as k (firm_id, comment_id)
         join comments c using (firm_id, comment_id) order by c.comment_id",
        &keys.firms,
        &keys.ids,
    )
    .fetch_all(tx.connection())
    .await?
    .into_iter()
    .map(TryInto::try_into)
    .collect()
}

/// One comment; not found when the scope does not show it.
pub(crate) async fn get(tx: &mut Transaction, name: CommentName) -> Result<Comment, IntakeError> {
    let found = load(tx, &Keys::one(name.firm, name.id)).await?.pop();
    found.ok_or_else(|| IntakeError::NotFound(name.to_string()))
}

/// Puts a comment in. Its task is held.
pub(crate) async fn insert(tx: &mut Transaction, comment: &Comment) -> Result<(), IntakeError> {
    sqlx::query!(
        "insert into comments (firm_id, comment_id, task_id, in_reply_to, author_kind, author, paralegal_id, body,
                               create_time)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        comment.name.firm.0,
        comment.name.id.0,
        comment.task.id.0,
        comment.in_reply_to.map(|id| id.0),
        comment.author_kind.as_str(),
        comment.author,
        comment.paralegal.map(|id| id.0),
        comment.text,
        comment.create_time,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// A comment as the audit log keeps it.
pub(crate) async fn record(
    tx: &mut Transaction,
    name: CommentName,
) -> Result<Option<serde_json::Value>, IntakeError> {
    Ok(sqlx::query_scalar!(
        r#"select to_jsonb(c) as "record!" from comments c where firm_id = $1 and comment_id = $2"#,
        name.firm.0,
        name.id.0,
    )
    .fetch_optional(tx.connection())
    .await?)
}
