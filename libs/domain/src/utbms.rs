//! UTBMS: the codes that say on an invoice what a line is for. A task code says which part of the matter the work
//! served, an activity code what was done, an expense code what was paid for.
//!
//! A phase such as `L100` groups tasks and is not valid on a line; where a set has phases without tasks below them,
//! such as `C100`, the phase is the task.

mod codes;

use std::fmt;
use std::str::FromStr;

use crate::work::TaskKind;

/// A published set of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeSet {
    /// The ABA's litigation set of 1995.
    Litigation,
    /// The ABA's counseling set.
    Counseling,
    /// The ABA's project set.
    Project,
    /// The ABA's bankruptcy set.
    Bankruptcy,
    /// The LEDES committee's electronic discovery set of 2011; not all of it is known here.
    EDiscovery,
    /// The intellectual property set; not all of it is known here.
    IntellectualProperty,
    /// The ABA's activities.
    Activity,
    /// The LEDES committee's activities of 2013.
    ActivityExtension,
    /// The ABA's expenses.
    Expense,
}

/// What a code is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// Groups tasks; on no line.
    Phase,
    /// The part of the matter that a fee line is for.
    Task,
    /// What was done on a fee line.
    Activity,
    /// What an expense line is for.
    Expense,
}

/// A code of a published set.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    text: &'static str,
    set: CodeSet,
    usage: Use,
    title: &'static str,
}

impl Code {
    const fn new(text: &'static str, set: CodeSet, usage: Use, title: &'static str) -> Self {
        Self {
            text,
            set,
            usage,
            title,
        }
    }

    /// The code as written, for example `L110`; always four characters.
    pub const fn code(&self) -> &'static str {
        self.text
    }

    /// The set that it belongs to.
    pub const fn set(&self) -> CodeSet {
        self.set
    }

    /// What it is used for.
    pub const fn usage(&self) -> Use {
        self.usage
    }

    /// What it stands for, in the words of its set.
    pub const fn title(&self) -> &'static str {
        self.title
    }
}

/// Every code that is known here, set by set.
pub const fn all() -> &'static [Code] {
    codes::CODES
}

/// Looks a code up, whatever it is used for. Codes are written in upper case.
pub fn find(code: &str) -> Option<&'static Code> {
    codes::CODES.iter().find(|known| known.text == code)
}

/// The text is not a code that can stand where it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCode {
    /// No set that is known here has it.
    #[error("is not a UTBMS code")]
    Unknown,
    /// It is a phase.
    #[error("is a UTBMS phase, which groups tasks and is not valid on a line")]
    Phase,
    /// It is a code for something else.
    #[error("is a UTBMS code for something else")]
    OtherUse,
}

macro_rules! coded {
    ($($(#[$doc:meta])* $name:ident = $usage:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(&'static Code);

        impl $name {
            /// The code as written.
            pub const fn as_str(self) -> &'static str {
                self.0.text
            }

            /// What it stands for.
            pub const fn title(self) -> &'static str {
                self.0.title
            }

            /// The set that it belongs to.
            pub const fn set(self) -> CodeSet {
                self.0.set
            }

            /// Every code that can stand here.
            pub fn all() -> impl Iterator<Item = Self> {
                codes::CODES
                    .iter()
                    .filter(|code| code.usage == Use::$usage)
                    .map(Self)
            }
        }

        impl FromStr for $name {
            type Err = InvalidCode;

            fn from_str(text: &str) -> Result<Self, InvalidCode> {
                match find(text) {
                    None => Err(InvalidCode::Unknown),
                    Some(code) if code.usage == Use::$usage => Ok(Self(code)),
                    Some(code) if code.usage == Use::Phase => Err(InvalidCode::Phase),
                    Some(_) => Err(InvalidCode::OtherUse),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.0.text)
            }
        }
    )*};
}

coded! {
    /// A task code that is valid on a fee line.
    TaskCode = Task,
    /// An activity code that is valid on a fee line.
    ActivityCode = Activity,
    /// An expense code that is valid on an expense line.
    ExpenseCode = Expense,
}

/// The activity that a kind of work mostly consists of, for whoever names none.
pub fn usual_activity(kind: TaskKind) -> Option<ActivityCode> {
    let code = match kind {
        TaskKind::LegalResearch => "A102",
        TaskKind::DraftingAndReview | TaskKind::Filing => "A103",
        TaskKind::CaseManagement => "A110",
        TaskKind::TrialPreparation => "A101",
        TaskKind::ClientCommunication => "A106",
    };
    code.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sets_have_as_many_codes_as_their_sources_say() {
        let count = |set| all().iter().filter(|code| code.set == set).count();
        assert_eq!(count(CodeSet::Litigation), 34);
        assert_eq!(count(CodeSet::Counseling), 4);
        assert_eq!(count(CodeSet::Project), 16);
        assert_eq!(count(CodeSet::Bankruptcy), 25);
        assert_eq!(count(CodeSet::Activity), 11);
        assert_eq!(count(CodeSet::ActivityExtension), 17);
        assert_eq!(count(CodeSet::Expense), 24);
        let litigation_tasks = TaskCode::all()
            .filter(|code| code.set() == CodeSet::Litigation)
            .count();
        assert_eq!(litigation_tasks, 29, "as the ABA's overview says");
    }

    #[test]
    fn a_code_stands_for_one_thing() {
        let mut codes: Vec<_> = all().iter().map(Code::code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all().len());
        assert!(all().iter().all(|code| code.text.len() == 4));
        assert!(all().iter().all(|code| !code.title.is_empty()));
    }

    #[test]
    fn every_code_is_read_where_it_can_stand_and_nowhere_else() {
        for code in all() {
            let text = code.code();
            assert_eq!(text.parse::<TaskCode>().is_ok(), code.usage == Use::Task);
            assert_eq!(
                text.parse::<ActivityCode>().is_ok(),
                code.usage == Use::Activity
            );
            assert_eq!(
                text.parse::<ExpenseCode>().is_ok(),
                code.usage == Use::Expense
            );
        }
    }

    #[test]
    fn a_phase_is_not_valid_on_a_line_unless_it_is_the_task_itself() {
        assert_eq!("L100".parse::<TaskCode>(), Err(InvalidCode::Phase));
        assert_eq!(
            "L110".parse::<TaskCode>().map(TaskCode::title),
            Ok("Fact Investigation/Development")
        );
        assert!("C100".parse::<TaskCode>().is_ok());
        assert_eq!("A102".parse::<TaskCode>(), Err(InvalidCode::OtherUse));
        assert_eq!("L170".parse::<TaskCode>(), Err(InvalidCode::Unknown));
        assert_eq!("l110".parse::<TaskCode>(), Err(InvalidCode::Unknown));
    }

    #[test]
    fn every_kind_of_work_has_its_usual_activity() {
        for kind in TaskKind::ALL {
            assert!(usual_activity(kind).is_some(), "{kind:?}");
        }
    }
}
