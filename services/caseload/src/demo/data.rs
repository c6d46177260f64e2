//! The demonstration's data, read from the files in `demo/`: real cases, invented firms, people and tasks.

use anyhow::{Context as _, Result, bail};
use caseload_domain::work::{Priority, TaskKind};
use caseload_domain::{Currency, Money};
use rust_decimal::Decimal;
use serde::Deserialize;

/// Everything that is played.
#[derive(Debug)]
pub struct Dataset {
    /// The firms.
    pub firms: Vec<Firm>,
    /// The matters of all firms.
    pub matters: Vec<Matter>,
    /// The roster.
    pub paralegals: Vec<Paralegal>,
    /// The kinds of work that the firms ask for, in turn.
    pub work: Vec<Work>,
}

/// A firm, its supervising attorney and what it pays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Firm {
    /// Its short code.
    pub code: String,
    /// Its name.
    pub display_name: String,
    /// Its IANA time zone.
    pub time_zone: String,
    /// Who supervises the work that it sends out.
    pub supervising_attorney: String,
    /// What it pays an hour for paralegals of levels 1 to 5.
    pub rates_by_level: [Decimal; 5],
    /// What it pays an hour for filing, whoever does it.
    pub filing_rate: Decimal,
    /// The increment that its time is billed in, in seconds.
    pub increment_seconds: i64,
    /// Which way time goes to the next increment.
    pub rounding: String,
}

#[derive(Deserialize)]
struct Firms {
    firm: Vec<Firm>,
}

/// A decided case, as a matter of one of the firms.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// The firm's code.
    pub firm: String,
    /// One of intake's practice areas.
    pub practice_area: String,
    /// The caption.
    pub caption: String,
    /// The docket number.
    pub docket_number: String,
    /// When it was decided, `YYYY-MM-DD`.
    pub decided: String,
    /// The party that the firm acts for.
    pub client: String,
    /// What that party was in the case.
    pub client_role: String,
    /// The party on the other side.
    pub adverse: String,
}

/// A paralegal of the roster.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paralegal {
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The identifier on invoices.
    pub timekeeper_id: String,
    /// The IANA time zone.
    pub time_zone: String,
    /// Hours a week.
    pub weekly_hours: i64,
    /// The most tasks at once.
    pub most_tasks: i32,
    /// `hourly` or `project`.
    pub pay: String,
    /// What an hour or a project is paid.
    pub amount: Decimal,
    /// Groups of practice areas, or `any`.
    pub areas: String,
    /// Kinds of task, or `all`.
    pub kinds: String,
    /// The level at all of them.
    pub level: i32,
}

/// A piece of work that firms ask for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// The kind of task.
    pub kind: String,
    /// What is to be done.
    pub title: String,
    /// The UTBMS task code.
    pub utbms_task: String,
    /// The UTBMS activity code.
    pub utbms_activity: String,
    /// How long it takes, in hours.
    pub effort_hours: Decimal,
    /// The level that it needs.
    pub level: i32,
    /// How soon it is wanted.
    pub priority: String,
    /// Due so many days after it is asked for.
    pub due_days: i64,
    /// `hourly` or `project`.
    pub pricing: String,
    /// The fee of a project.
    pub fee: Option<Decimal>,
    /// What a time entry on it says.
    pub narrative: String,
}

/// Practice areas that the roster's skills are grouped by.
const AREA_GROUPS: [(&str, &[&str]); 5] = [
    (
        "ip",
        &[
            "Patent Law",
            "Copyright Law",
            "Trademark and Trade Dress Law",
        ],
    ),
    (
        "finance",
        &[
            "Securities and Financial Instruments Law",
            "Antitrust and Competition Law",
            "Corporate Insolvency Law",
            "Personal Insolvency Law",
        ],
    ),
    (
        "employment",
        &["Employment Discrimination Law", "Wage and Hour Law"],
    ),
    (
        "family",
        &[
            "Custody Law",
            "Matrimonial Law",
            "Trusts and Estate Planning Law",
            "Adoption, Surrogacy, and Paternity Law",
        ],
    ),
    (
        "environment",
        &[
            "Water Quality Law",
            "Water Resources and Wetlands Law",
            "Air Quality Law",
        ],
    ),
];

/// Short words for kinds of task, as the roster uses them.
const KIND_WORDS: [(&str, TaskKind); 6] = [
    ("research", TaskKind::LegalResearch),
    ("drafting", TaskKind::DraftingAndReview),
    ("management", TaskKind::CaseManagement),
    ("filing", TaskKind::Filing),
    ("trial", TaskKind::TrialPreparation),
    ("communication", TaskKind::ClientCommunication),
];

impl Dataset {
    /// Reads the files that are compiled in.
    pub fn load() -> Result<Self> {
        let firms: Firms =
            toml::from_str(include_str!("../../demo/firms.toml")).context("demo/firms.toml")?;
        Ok(Self {
            firms: firms.firm,
            matters: rows(include_str!("../../demo/matters.csv")).context("demo/matters.csv")?,
            paralegals: rows(include_str!("../../demo/paralegals.csv"))
                .context("demo/paralegals.csv")?,
            work: rows(include_str!("../../demo/tasks.csv")).context("demo/tasks.csv")?,
        })
    }

    /// The two pieces of work that a matter asks for: each matter takes the next two in turn.
    pub fn work_for(&self, matter: usize) -> [&Work; 2] {
        let count = self.work.len();
        [
            &self.work[2 * matter % count],
            &self.work[(2 * matter + 1) % count],
        ]
    }
}

fn rows<T: for<'row> Deserialize<'row>>(text: &str) -> Result<Vec<T>> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| Ok(row?))
        .collect()
}

impl Paralegal {
    /// The practice areas and kinds that the paralegal is skilled in. An empty area stands for any, `None` for any kind.
    pub fn skills(&self) -> Result<Vec<(&'static str, Option<TaskKind>)>> {
        let mut areas = Vec::new();
        for group in self.areas.split(' ') {
            if group == "any" {
                areas.push("");
                continue;
            }
            let Some((_, names)) = AREA_GROUPS.iter().find(|(name, _)| *name == group) else {
                bail!("{group} is not a group of practice areas");
            };
            areas.extend_from_slice(names);
        }
        let mut kinds = Vec::new();
        for word in self.kinds.split(' ') {
            if word == "all" {
                kinds.push(None);
                continue;
            }
            let Some((_, kind)) = KIND_WORDS.iter().find(|(name, _)| *name == word) else {
                bail!("{word} is not a kind of task");
            };
            kinds.push(Some(*kind));
        }
        Ok(areas
            .into_iter()
            .flat_map(|area| kinds.iter().map(move |kind| (area, *kind)))
            .collect())
    }

    /// Whether the paralegal is paid by the project.
    pub fn by_project(&self) -> bool {
        self.pay == "project"
    }
}

impl Work {
    /// The kind of task.
    pub fn task_kind(&self) -> Result<TaskKind> {
        Ok(self.kind.parse()?)
    }

    /// How soon it is wanted.
    pub fn wanted(&self) -> Result<Priority> {
        Ok(self.priority.parse()?)
    }

    /// How long it takes, in whole seconds.
    pub fn effort_seconds(&self) -> Result<i64> {
        i64::try_from(self.effort_hours * Decimal::from(3600)).context("an effort out of range")
    }
}

/// An amount of the demonstration's currency.
pub fn dollars(amount: Decimal) -> Result<Money> {
    Ok(Money::from_decimal(amount, Currency::USD)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_data_is_as_large_and_as_varied_as_the_demonstration_promises() {
        let data = Dataset::load().expect("the data reads");
        assert_eq!(data.firms.len(), 3);
        assert!(data.matters.len() >= 60);
        assert!(2 * data.matters.len() >= 120, "two tasks a matter");
        assert!(data.paralegals.len() >= 25);
        let areas: BTreeSet<_> = data
            .matters
            .iter()
            .map(|matter| &matter.practice_area)
            .collect();
        assert!(areas.len() >= 5);
        let kinds: BTreeSet<_> = data
            .work
            .iter()
            .map(|work| work.task_kind().expect("a kind"))
            .collect();
        assert_eq!(kinds.len(), TaskKind::ALL.len());
        for way in ["hourly", "project"] {
            assert!(data.work.iter().any(|work| work.pricing == way));
            assert!(data.paralegals.iter().any(|paralegal| paralegal.pay == way));
        }
    }

    #[test]
    fn every_row_refers_to_what_exists() {
        let data = Dataset::load().expect("the data reads");
        for matter in &data.matters {
            assert!(
                data.firms.iter().any(|firm| firm.code == matter.firm),
                "{}",
                matter.firm
            );
        }
        for paralegal in &data.paralegals {
            assert!(!paralegal.skills().expect("skills").is_empty());
        }
        let dockets: BTreeSet<_> = data
            .matters
            .iter()
            .map(|matter| &matter.docket_number)
            .collect();
        assert_eq!(dockets.len(), data.matters.len(), "each case once");
    }
}
