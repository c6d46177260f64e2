//! The columns of a CSV file: from the cells of a record to the message that says the same.

use std::collections::HashMap;
use std::str::FromStr;

use caseload_domain::work::{Priority, TaskKind};
use caseload_domain::{Currency, HourlyRate, Money};
use caseload_proto::caseload::intake::v1;
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert::{seconds, timestamp};
use caseload_proto::google::r#type as common;
use rust_decimal::Decimal;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};

/// Every column, and whether a file must have it.
const COLUMNS: [(&str, bool); 25] = [
    ("request_key", true),
    ("matter", true),
    ("request_title", true),
    ("description", false),
    ("supervising_attorney_id", false),
    ("submit", false),
    ("task_key", false),
    ("title", true),
    ("instructions", false),
    ("kind", true),
    ("subkind", false),
    ("practice_area", false),
    ("effort_minutes", true),
    ("priority", false),
    ("earliest_start_time", false),
    ("due_time", false),
    ("due_date", false),
    ("pricing_model", true),
    ("hourly_rate", false),
    ("hourly_cap", false),
    ("project_fee", false),
    ("utbms_task_code", false),
    ("jurisdiction", false),
    ("language_code", false),
    ("required_certification", false),
];
/// The one column that holds a list.
const DEPENDS_ON: &str = "depends_on";

/// Fields, and what is wrong with each.
pub(super) type Wrong = Vec<(String, String)>;

/// Which column is where.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    places: HashMap<String, usize>,
    count: usize,
}

impl Columns {
    /// Reads the header row.
    pub(super) fn of(cells: &[String]) -> Result<Self, Wrong> {
        let mut wrong = Wrong::new();
        let mut places = HashMap::new();
        let known =
            |name: &str| name == DEPENDS_ON || COLUMNS.iter().any(|(column, _)| *column == name);
        for (at, cell) in cells.iter().enumerate() {
            let name = cell.trim();
            if !known(name) {
                wrong.push((name.to_owned(), "is not a column that is known".to_owned()));
            } else if places.insert(name.to_owned(), at).is_some() {
                wrong.push((name.to_owned(), "is there twice".to_owned()));
            }
        }
        for (column, required) in COLUMNS {
            if required && !places.contains_key(column) {
                wrong.push((column.to_owned(), "is not among the columns".to_owned()));
            }
        }
        if !places.contains_key("due_time") && !places.contains_key("due_date") {
            let why = "is not among the columns, and due_date is not either";
            wrong.push(("due_time".to_owned(), why.to_owned()));
        }
        if wrong.is_empty() {
            Ok(Self {
                places,
                count: cells.len(),
            })
        } else {
            Err(wrong)
        }
    }

    /// Reads a record, and says what can't be read of it.
    pub(super) fn row(
        &self,
        cells: &[String],
        currency: Currency,
    ) -> (v1::RequestImportRow, Wrong) {
        let mut wrong = Wrong::new();
        if cells.len() != self.count {
            let why = format!(
                "has {} cells, and the header row {}",
                cells.len(),
                self.count
            );
            wrong.push((String::new(), why));
        }
        let cells = Cells {
            columns: self,
            texts: cells,
            wrong,
        };
        cells.row(currency)
    }
}

/// The cells of a record by their columns.
struct Cells<'a> {
    columns: &'a Columns,
    texts: &'a [String],
    wrong: Wrong,
}

impl Cells<'_> {
    fn row(mut self, currency: Currency) -> (v1::RequestImportRow, Wrong) {
        let task = v1::Task {
            title: self.text("title"),
            instructions: self.text("instructions"),
            kind: self
                .read("kind", "is not a kind of task", |word| {
                    TaskKind::from_str(word).ok()
                })
                .map_or(0, |kind| types::TaskKind::from(kind).into()),
            subkind: self.text("subkind"),
            practice_area: self.text("practice_area"),
            effort_estimate: self
                .read(
                    "effort_minutes",
                    "is not a whole number of minutes",
                    minutes,
                )
                .map(seconds),
            priority: self
                .read("priority", "is not a priority", |word| {
                    Priority::from_str(word).ok()
                })
                .map_or(0, |priority| types::Priority::from(priority).into()),
            earliest_start_time: self
                .read("earliest_start_time", NOT_INSTANT, instant)
                .map(timestamp),
            due_time: self.read("due_time", NOT_INSTANT, instant).map(timestamp),
            pricing: self.pricing(currency),
            utbms_task_code: self.text("utbms_task_code"),
            jurisdiction: self.text("jurisdiction"),
            language_code: self.text("language_code"),
            required_certification: self.text("required_certification"),
            ..v1::Task::default()
        };
        let keys = self.text(DEPENDS_ON);
        let keys = keys.split(';').map(str::trim).filter(|key| !key.is_empty());
        let row = v1::RequestImportRow {
            request_key: self.text("request_key"),
            matter: self.text("matter"),
            request_title: self.text("request_title"),
            description: self.text("description"),
            supervising_attorney_id: self.text("supervising_attorney_id"),
            submit: self
                .read("submit", "is neither true nor false", truth)
                .unwrap_or_default(),
            task_key: self.text("task_key"),
            task: Some(task),
            due_date: self
                .read("due_date", "is not a date of the form YYYY-MM-DD", date)
                .map(Into::into),
            depends_on: keys.map(str::to_owned).collect(),
        };
        (row, self.wrong)
    }

    /// The cell of a column; empty where the file has no such column.
    fn text(&self, column: &str) -> String {
        let place = self.columns.places.get(column);
        let cell = place.and_then(|at| self.texts.get(*at));
        cell.map(|cell| cell.trim().to_owned()).unwrap_or_default()
    }

    /// What a cell says, where it says something.
    fn read<T>(
        &mut self,
        column: &str,
        why: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let value = read(&text);
        if value.is_none() {
            self.wrong.push((column.to_owned(), why.to_owned()));
        }
        value
    }

    fn pricing(&mut self, currency: Currency) -> Option<types::Pricing> {
        use types::pricing::Model;
        const NOT_AMOUNT: &str = "is not an amount in the firm's currency";
        let amount = move |text: &str| {
            let decimal = Decimal::from_str_exact(text).ok()?;
            Money::from_decimal(decimal, currency)
                .ok()
                .map(common::Money::from)
        };
        let rate = move |text: &str| {
            let decimal = Decimal::from_str_exact(text).ok()?;
            HourlyRate::new(decimal, currency)
                .ok()
                .map(common::Money::from)
        };
        let rate = self.read("hourly_rate", NOT_AMOUNT, rate);
        let cap = self.read("hourly_cap", NOT_AMOUNT, amount);
        let fee = self.read("project_fee", NOT_AMOUNT, amount);
        let model = match self.text("pricing_model").as_str() {
            "hourly" => {
                self.unwanted("project_fee", "is set though the pricing_model is hourly");
                Model::Hourly(types::HourlyPricing { rate, cap })
            }
            "project" => {
                self.unwanted("hourly_rate", "is set though the pricing_model is project");
                self.unwanted("hourly_cap", "is set though the pricing_model is project");
                Model::Project(types::ProjectPricing {
                    fee,
                    milestones: Vec::new(),
                })
            }
            "" => return None,
            _ => {
                let why = "is neither hourly nor project".to_owned();
                self.wrong.push(("pricing_model".to_owned(), why));
                return None;
            }
        };
        Some(types::Pricing { model: Some(model) })
    }

    fn unwanted(&mut self, column: &str, why: &str) {
        if !self.text(column).is_empty() {
            self.wrong.push((column.to_owned(), why.to_owned()));
        }
    }
}

const NOT_INSTANT: &str = "is not an instant of the form 2027-03-01T17:00:00-06:00";

fn instant(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

fn date(text: &str) -> Option<Date> {
    (text.len() == 10)
        .then(|| Date::parse(text, &Iso8601::DATE).ok())
        .flatten()
}

/// Seconds of whole minutes.
fn minutes(text: &str) -> Option<i64> {
    text.parse::<i64>().ok()?.checked_mul(60)
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The column that says what the field of a row says.
pub(super) fn column_of(field: &str) -> &str {
    match field {
        "task" => "",
        "task.request" => "request_key",
        "task.effort_estimate" => "effort_minutes",
        "task.pricing" => "pricing_model",
        "task.pricing.hourly.rate" => "hourly_rate",
        "task.pricing.hourly.cap" => "hourly_cap",
        "task.pricing.project.fee" | "task.pricing.project.milestones" => "project_fee",
        field => field.strip_prefix("task.").unwrap_or(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    const HEAD: [&str; 9] = [
        "due_date",
        "request_key",
        " matter ",
        "request_title",
        "title",
        "kind",
        "effort_minutes",
        "pricing_model",
        "project_fee",
    ];

    fn wrong(head: &[&str]) -> Vec<String> {
        let wrong = Columns::of(&cells(head)).unwrap_err();
        wrong.into_iter().map(|(column, _)| column).collect()
    }

    #[test]
    fn columns_stand_in_any_order_and_each_unknown_twofold_or_missing_one_is_named() {
        assert!(Columns::of(&cells(&HEAD)).is_ok());
        let odd = [&HEAD[1..], &["Title", "kind"]].concat();
        assert_eq!(wrong(&odd), ["Title", "kind", "due_time"]);
        assert_eq!(wrong(&HEAD[..7]), ["pricing_model"]);
    }

    #[test]
    fn a_record_says_what_the_message_says() {
        let columns = Columns::of(&cells(&HEAD)).unwrap();
        let record = [
            "2027-03-01",
            "r1",
            "crm:7",
            " Ask ",
            "Do",
            "filing",
            "90",
            "project",
            "85.50",
        ];
        let (row, wrong) = columns.row(&cells(&record), Currency::USD);
        assert!(wrong.is_empty(), "{wrong:?}");
        let task = row.task.unwrap();
        assert_eq!(
            (row.request_title.as_str(), row.matter.as_str()),
            ("Ask", "crm:7")
        );
        assert_eq!(task.kind, 4);
        assert_eq!(task.effort_estimate, Some(seconds(5_400_i64)));
        let Some(types::pricing::Model::Project(project)) = task.pricing.unwrap().model else {
            panic!("a project")
        };
        assert_eq!(project.fee.unwrap().nanos, 500_000_000);
    }

    #[test]
    fn every_cell_that_says_nothing_sensible_is_named() {
        let columns = Columns::of(&cells(&HEAD)).unwrap();
        let record = [
            "1.3.2027", "r", "m", "t", "t", "fishing", "an hour", "hourly", "1.005",
        ];
        let (_, wrong) = columns.row(&cells(&record), Currency::USD);
        let named: Vec<_> = wrong.into_iter().map(|(column, _)| column).collect();
        assert_eq!(
            named,
            [
                "kind",
                "effort_minutes",
                "project_fee",
                "project_fee",
                "due_date"
            ]
        );
        let (_, wrong) = columns.row(&cells(&record[..8]), Currency::USD);
        assert_eq!(wrong[0].0, "");
    }
}
