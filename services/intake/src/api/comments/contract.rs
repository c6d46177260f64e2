//! Comments as the contract carries them.

use caseload_domain::FirmId;
use caseload_domain::name::{CommentName, ParalegalName, TaskName};
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::parse::Violations;

use crate::api::fields;
use crate::domain::comment::{AuthorKind, Comment};

/// Something that is to be said.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) task: TaskName,
    pub(super) in_reply_to: Option<CommentName>,
    pub(super) text: String,
}

/// Reads the task that is spoken of; it is the same firm's.
pub(super) fn task_below(
    violations: &mut Violations,
    field: &str,
    given: &str,
    firm: Option<FirmId>,
) -> Option<TaskName> {
    let task: TaskName = fields::parsed(violations, field, given)?;
    let below = firm.is_none_or(|firm| task.firm == firm);
    violations.check(field, below, "is not below the parent");
    Some(task)
}

/// Reads a new comment.
pub(super) fn new_comment(
    violations: &mut Violations,
    given: &v1::Comment,
    firm: Option<FirmId>,
) -> Option<Given> {
    const REPLY: &str = "comment.in_reply_to";
    let task = task_below(violations, "comment.task", &given.task, firm);
    let text = violations.text("comment.text", &given.text, 10_000);
    let in_reply_to: Option<Option<CommentName>> =
        fields::optional(violations, REPLY, &given.in_reply_to);
    let below = in_reply_to
        .flatten()
        .zip(firm)
        .is_none_or(|(comment, firm)| comment.firm == firm);
    violations.check(REPLY, below, "is not below the parent");
    Some(Given {
        task: task?,
        in_reply_to: in_reply_to?,
        text: text?,
    })
}

/// A comment as it is answered.
pub(super) fn answer(comment: &Comment) -> v1::Comment {
    let firm = comment.name.firm;
    v1::Comment {
        name: comment.name.to_string(),
        task: comment.task.to_string(),
        text: comment.text.clone(),
        in_reply_to: comment
            .in_reply_to
            .map(|id| CommentName::new(firm, id).to_string())
            .unwrap_or_default(),
        author_kind: match comment.author_kind {
            AuthorKind::Firm => v1::CommentAuthorKind::Firm,
            AuthorKind::Paralegal => v1::CommentAuthorKind::Paralegal,
            AuthorKind::Suite => v1::CommentAuthorKind::Suite,
        }
        .into(),
        author: comment.author.clone(),
        paralegal: comment
            .paralegal
            .map(|id| ParalegalName(id).to_string())
            .unwrap_or_default(),
        create_time: Some(timestamp(comment.create_time)),
    }
}
