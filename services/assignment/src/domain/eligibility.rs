//! The rules that exclude a paralegal from a task, each by its name.

use std::fmt;

use super::load::{Load, Span};
use super::paralegal::{Paralegal, PayTerms};
use super::task::{Matter, RequiredSkill, Task};

/// A rule that excludes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Takes no work.
    Inactive,
    /// A required skill is missing, or is at too low a level.
    Skill,
    /// Does not work in the jurisdiction.
    Jurisdiction,
    /// Does not work in the language.
    Language,
    /// Lacks the certification.
    Certification,
    /// Is screened off the matter.
    Screened,
    /// Has as many tasks as they may have.
    TaskLimit,
    /// Has too little time left before the task is due.
    Capacity,
    /// Has no pay agreed for the kind of task.
    Pay,
    /// Declined the task, or let an offer of it expire.
    Answered,
    /// The plan's specification says so.
    Specification,
}

impl Rule {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 11] = [
        Self::Inactive,
        Self::Skill,
        Self::Jurisdiction,
        Self::Language,
        Self::Certification,
        Self::Screened,
        Self::TaskLimit,
        Self::Capacity,
        Self::Pay,
        Self::Answered,
        Self::Specification,
    ];

    /// The word that the store keeps.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Skill => "skill",
            Self::Jurisdiction => "jurisdiction",
            Self::Language => "language",
            Self::Certification => "certification",
            Self::Screened => "screened",
            Self::TaskLimit => "task_limit",
            Self::Capacity => "capacity",
            Self::Pay => "pay",
            Self::Answered => "answered",
            Self::Specification => "specification",
        }
    }

    /// The rule of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == word)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// A rule that excludes, and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Which rule.
    pub rule: Rule,
    /// What it found, in words.
    pub detail: String,
}

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The task.
    pub task: &'a Task,
    /// Its matter.
    pub matter: &'a Matter,
    /// When it can be worked on.
    pub span: Span,
    /// The paralegal.
    pub paralegal: &'a Paralegal,
    /// What they have to do already.
    pub load: &'a Load,
    /// The effort that they would need, in seconds.
    pub effort: i64,
    /// What of their time before the due date is free, in seconds.
    pub free: i64,
    /// What they would be paid.
    pub terms: Option<PayTerms>,
    /// Whether they declined the task, or let an offer of it expire.
    pub answered: bool,
}

/// Every rule that excludes; none when the paralegal can be given the task.
pub fn exclusions(question: &Question<'_>) -> Vec<Exclusion> {
    Rule::ALL
        .into_iter()
        .filter_map(|rule| {
            Some(Exclusion {
                rule,
                detail: violates(rule, question)?,
            })
        })
        .collect()
}

/// What a rule finds against the pair.
fn violates(rule: Rule, question: &Question<'_>) -> Option<String> {
    let Question {
        task, paralegal, ..
    } = question;
    let profile = &paralegal.profile;
    match rule {
        Rule::Inactive => (!paralegal.active).then(|| "takes no work at present".to_owned()),
        Rule::Skill => missing_skills(question),
        Rule::Jurisdiction => {
            let has = |code: &String| code.eq_ignore_ascii_case(&task.jurisdiction);
            let fits = task.jurisdiction.is_empty() || profile.jurisdictions.iter().any(has);
            (!fits).then(|| format!("does not work in {}", task.jurisdiction))
        }
        Rule::Language => {
            let wanted = if task.language_code.is_empty() {
                "en"
            } else {
                &task.language_code
            };
            let speaks = if profile.language_codes.is_empty() {
                same_language("en", wanted)
            } else {
                profile
                    .language_codes
                    .iter()
                    .any(|code| same_language(code, wanted))
            };
            (!speaks).then(|| format!("does not work in the language {wanted}"))
        }
        Rule::Certification => {
            let wanted = task.certification.to_lowercase();
            let has = |held: &String| held.to_lowercase() == wanted;
            let fits = wanted.is_empty() || profile.certifications.iter().any(has);
            (!fits).then(|| format!("lacks the certification {}", task.certification))
        }
        Rule::Screened => question
            .matter
            .screened
            .contains(&paralegal.id)
            .then(|| "is screened off the matter".to_owned()),
        Rule::TaskLimit => {
            let (has, most) = (question.load.tasks(), profile.task_limit as usize);
            (has >= most).then(|| format!("has {has} tasks, of at most {most}"))
        }
        Rule::Capacity => (question.effort > question.free).then(|| {
            format!(
                "needs {}, has {} free before it is due",
                hours(question.effort),
                hours(question.free)
            )
        }),
        Rule::Pay => question
            .terms
            .is_none()
            .then(|| format!("has no pay agreed for {}", task.kind.title().to_lowercase())),
        Rule::Answered => question
            .answered
            .then(|| "declined it before, or let an offer of it expire".to_owned()),
        // Known to the plan alone, which applies it.
        Rule::Specification => None,
    }
}

fn missing_skills(question: &Question<'_>) -> Option<String> {
    let missing: Vec<String> = question
        .task
        .needs()
        .iter()
        .filter_map(|needed| {
            let has = question.paralegal.profile.level_at(needed);
            (has.unwrap_or(0) < needed.level).then(|| {
                let has = has.map_or_else(|| "none".to_owned(), |level| format!("level {level}"));
                format!(
                    "needs {} at level {}; has {has}",
                    describe(needed),
                    needed.level
                )
            })
        })
        .collect();
    (!missing.is_empty()).then(|| missing.join("; "))
}

fn describe(skill: &RequiredSkill) -> String {
    let kind = skill.kind.map(|kind| kind.title().to_lowercase());
    match (skill.practice_area.as_str(), kind) {
        ("", None) => "any skill".to_owned(),
        ("", Some(kind)) => kind,
        (area, None) => area.to_owned(),
        (area, Some(kind)) => format!("{area}, {kind}"),
    }
}

/// Whether two BCP 47 codes are of one language: equal, or one of them the bare language of the other.
fn same_language(one: &str, other: &str) -> bool {
    let bare = |code: &str| !code.contains('-');
    let language = |code: &str| code.split('-').next().unwrap_or_default().to_lowercase();
    one.eq_ignore_ascii_case(other)
        || (bare(one) || bare(other)) && language(one) == language(other)
}

/// Seconds as hours and minutes: 7:30 h.
fn hours(seconds: i64) -> String {
    format!("{}:{:02} h", seconds / 3600, seconds / 60 % 60)
}

#[cfg(test)]
#[path = "eligibility_tests.rs"]
mod tests;
