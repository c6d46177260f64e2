//! Imports as the contract carries them.

use caseload_domain::FirmId;
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::parse::Violations;
use uuid::Uuid;

use crate::api::fields;
use crate::api::numbers::{self, Numbered as _};
use crate::domain::request_import::{ImportFormat, ImportMode, Problem, RequestImport};

/// What an import is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) firm: FirmId,
    pub(super) request_id: Uuid,
    pub(super) mode: ImportMode,
    pub(super) format: ImportFormat,
}

/// Reads the first message of a stream.
pub(super) fn header(
    violations: &mut Violations,
    first: Option<&v1::ImportRequestsRequest>,
) -> Option<Header> {
    use v1::import_requests_request::Part;
    let given = match first.and_then(|first| first.part.as_ref()) {
        Some(Part::Header(header)) => Some(header),
        _ => None,
    };
    let given = violations.required("header", given)?;
    let firm = fields::firm(violations, "header.parent", &given.parent);
    let request_id = Uuid::try_parse(&given.request_id).map_err(|_| "is not a UUID");
    let request_id = violations.keep("header.request_id", request_id);
    let mode = numbers::required(violations, "header.mode", given.mode);
    let format = numbers::required(violations, "header.format", given.format);
    Some(Header {
        firm: firm?,
        request_id: request_id?,
        mode: mode?,
        format: format?,
    })
}

/// An import as it is answered.
pub(super) fn answer(import: &RequestImport) -> v1::RequestImport {
    v1::RequestImport {
        name: import.name.to_string(),
        state: import.state.number(),
        mode: import.mode.number(),
        format: import.format.number(),
        rows_read: import.rows_read,
        rows_refused: import.rows_refused,
        requests_created: import.requests_created,
        tasks_created: import.tasks_created,
        error_count: import.error_count,
        last_line: import.last_line,
        principal: import.principal.clone(),
        create_time: Some(timestamp(import.create_time)),
        update_time: Some(timestamp(import.update_time)),
        end_time: import.end_time.map(timestamp),
    }
}

/// What is wrong with a row as it is answered.
pub(super) fn error(problem: &Problem) -> v1::RequestImportError {
    v1::RequestImportError {
        line: problem.line,
        field: problem.field.clone(),
        message: problem.why.clone(),
    }
}
