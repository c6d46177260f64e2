//! Rows as the contract carries them: read by the rules of requests and tasks.

use std::collections::HashSet;

use caseload_domain::zone::Zone;
use caseload_domain::{Currency, FirmId};
use caseload_names::Score;
use caseload_proto::caseload::intake::v1;
use caseload_proto::convert::timestamp;
use caseload_proto::google::r#type as common;
use caseload_proto::parse::Violations;
use prost::Message as _;
use prost_types::Timestamp;
use time::{Date, Time};

use super::columns::column_of;
use crate::api::fields;
use crate::api::tasks::contract::new_task;
use crate::domain::request_import::plan::{OfRequest, Said};
use crate::domain::request_import::span::Taken;
use crate::domain::request_import::{Digest, ImportFormat, MOST_ROW_BYTES, Problem};

/// The most that is told of one row.
const MOST_PROBLEMS: usize = 10;
const MOST_DEPENDENCIES: usize = 50;

/// What rows are read by.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    /// Whose they are.
    pub(super) firm: FirmId,
    /// What amounts are in.
    pub(super) currency: Currency,
    /// Where days end.
    pub(super) zone: Zone,
    /// What fields are called.
    pub(super) format: ImportFormat,
    /// How alike names must be to collide when a request is submitted.
    pub(super) threshold: Score,
}

impl Terms {
    /// What a field of a row is called where the row comes from.
    pub(super) fn name<'a>(&self, field: &'a str) -> &'a str {
        match self.format {
            ImportFormat::Csv => column_of(field),
            ImportFormat::Rows => field,
        }
    }
}

/// Where a row is, and how big.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) line: i64,
    pub(super) bytes: usize,
    pub(super) digest: Digest,
}

/// A row that can't be read at all.
pub(super) fn unreadable(place: Place, why: &str) -> Taken {
    Taken {
        line: place.line,
        key: None,
        bytes: place.bytes,
        digest: place.digest,
        said: None,
        encoded: Vec::new(),
        problems: vec![Problem::new(place.line, "", why)],
    }
}

/// Reads a row; `wrong` is what was wrong with it before it was one.
pub(super) fn taken(
    place: Place,
    row: &v1::RequestImportRow,
    wrong: Vec<(String, String)>,
    terms: &Terms,
) -> Taken {
    if place.bytes > MOST_ROW_BYTES {
        return unreadable(place, "has more than 65536 bytes");
    }
    let mut of_key = Violations::new();
    let key = of_key.text("request_key", &row.request_key, 100);
    let (request, of_request) = request(row);
    let (said, of_task) = said(row, terms);
    let readable = wrong.is_empty() && of_task.is_empty();
    let mut told = HashSet::new();
    let problems = wrong
        .into_iter()
        .chain([of_key, of_request, of_task].into_iter().flat_map(|found| {
            let found = found.into_pairs().into_iter();
            found.map(|(field, why)| (terms.name(&field).to_owned(), why))
        }))
        // What can't be read is missing too; once is enough.
        .filter(|(field, _)| {
            let due = field.ends_with("due_time") && told.contains("due_date");
            !due && told.insert(field.clone())
        })
        .take(MOST_PROBLEMS)
        .map(|(field, why)| Problem::new(place.line, &field, &why))
        .collect();
    Taken {
        line: place.line,
        key,
        bytes: place.bytes,
        digest: place.digest,
        said: Some(Said {
            request,
            task: said.task.filter(|_| readable),
            ..said
        }),
        encoded: row.encode_to_vec(),
        problems,
    }
}

/// What a row says of its request; none where it can't be read.
fn request(row: &v1::RequestImportRow) -> (Option<OfRequest>, Violations) {
    let mut violations = Violations::new();
    let matter = violations.optional_text("matter", &row.matter, 300);
    let title = violations.optional_text("request_title", &row.request_title, 200);
    let description = violations.optional_text("description", &row.description, 20_000);
    let supervising_attorney_id = match row.supervising_attorney_id.as_str() {
        "" => Some(String::new()),
        id => fields::slug(&mut violations, "supervising_attorney_id", id),
    };
    let request = || {
        Some(OfRequest {
            matter: matter?,
            title: title?,
            description: description?,
            supervising_attorney_id: supervising_attorney_id?,
            submit: row.submit,
        })
    };
    (request(), violations)
}

/// What a row says of its task.
fn said(row: &v1::RequestImportRow, terms: &Terms) -> (Said, Violations) {
    let mut violations = Violations::new();
    let task_key = violations.optional_text("task_key", &row.task_key, 100);
    let single = !row.task_key.contains(';');
    violations.check("task_key", single, "has a semicolon");
    depends_on(&mut violations, &row.depends_on);
    let task = violations.required("task", row.task.as_ref()).map(|given| {
        violations.check(
            "task.request",
            given.request.is_empty(),
            "is not said in a row",
        );
        violations.check(
            "task.depends_on",
            given.depends_on.is_empty(),
            "is not said in a row's task: depends_on of the row names keys",
        );
        let due_time = due(&mut violations, given, row.due_date.as_ref(), terms);
        let given = v1::Task {
            due_time,
            ..given.clone()
        };
        new_task(&mut violations, &given, Some(terms.firm))
    });
    let said = Said {
        request: None,
        task_key: task_key.unwrap_or_default(),
        task,
        depends_on: row
            .depends_on
            .iter()
            .map(|key| key.trim().to_owned())
            .collect(),
    };
    (said, violations)
}

fn depends_on(violations: &mut Violations, given: &[String]) {
    const LIST: &str = "depends_on";
    let mut seen = HashSet::new();
    if given.len() > MOST_DEPENDENCIES {
        let why = format!("has {}, of at most {MOST_DEPENDENCIES}", given.len());
        violations.add(LIST, why);
    } else if let Some(twice) = given.iter().find(|key| !seen.insert(key.trim())) {
        violations.add(LIST, format!("names {twice:?} twice"));
    }
}

/// When a task is due: at an instant, or at the end of a day where the firm is.
fn due(
    violations: &mut Violations,
    task: &v1::Task,
    day: Option<&common::Date>,
    terms: &Terms,
) -> Option<Timestamp> {
    let Some(day) = day else {
        return task.due_time;
    };
    let alone = task.due_time.is_none();
    violations.check("due_date", alone, "is there beside the due_time");
    let day = violations.keep("due_date", Date::try_from(day))?;
    let last = Time::from_hms(23, 59, 59).ok()?;
    let instant = terms
        .zone
        .instant_of(time::PrimitiveDateTime::new(day, last));
    let instant = instant.ok_or("is not a date of the calendar");
    violations.keep("due_date", instant).map(timestamp)
}
