//! The contract's enums, which travel as numbers, and the domain's.

use caseload_proto::caseload::intake::v1;
use caseload_proto::parse::Violations;

use crate::domain::conflict::{CheckResult, CheckState, Decision, Likeness};
use crate::domain::delivery::DeliveryState;
use crate::domain::document::DocumentState;
use crate::domain::firm::FirmState;
use crate::domain::key_date::KeyDateKind;
use crate::domain::matter::MatterState;
use crate::domain::office::FirmContactKind;
use crate::domain::party::{PartyRole, Side};
use crate::domain::request::RequestState;
use crate::domain::request_import::{ImportFormat, ImportMode, ImportState};
use crate::domain::service_level::Dimension;
use crate::domain::task::TaskState;

/// A word of the domain that travels as a number; zero is no word.
pub(crate) trait Numbered: Sized + Copy {
    /// The word of a number; `Ok(None)` for zero, `Err` for a number that has none.
    fn of_number(number: i32) -> Result<Option<Self>, &'static str>;
    /// The number of the word.
    fn number(self) -> i32;
}

macro_rules! numbered {
    ($($domain:ident = $contract:ident { $($value:ident = $value_there:ident),* $(,)? })*) => {$(
        impl From<$domain> for v1::$contract {
            fn from(word: $domain) -> Self {
                match word { $($domain::$value => Self::$value_there),* }
            }
        }

        impl Numbered for $domain {
            fn of_number(number: i32) -> Result<Option<Self>, &'static str> {
                match v1::$contract::try_from(number) {
                    Ok(v1::$contract::Unspecified) => Ok(None),
                    $(Ok(v1::$contract::$value_there) => Ok(Some(Self::$value)),)*
                    Err(_) => Err("is not a value of its enum"),
                }
            }

            fn number(self) -> i32 {
                v1::$contract::from(self).into()
            }
        }
    )*};
}

numbered! {
    FirmState = FirmState {
        Active = Active,
        Suspended = Suspended,
    }
    FirmContactKind = FirmContactKind {
        General = General,
        Billing = Billing,
        Operations = Operations,
        Conflicts = Conflicts,
        Security = Security,
    }
    KeyDateKind = KeyDateKind {
        Filing = Filing,
        Hearing = Hearing,
        Deposition = Deposition,
        Mediation = Mediation,
        Trial = Trial,
        DiscoveryCutoff = DiscoveryCutoff,
        Limitation = Limitation,
        Closing = Closing,
        Other = Other,
    }
    MatterState = MatterState {
        Open = Open,
        Closed = Closed,
    }
    PartyRole = PartyRole {
        Client = Client,
        ClientAffiliate = ClientAffiliate,
        Adverse = Adverse,
        AdverseAffiliate = AdverseAffiliate,
        OpposingCounsel = OpposingCounsel,
        Witness = Witness,
        Expert = Expert,
        Adjudicator = Adjudicator,
        Other = Other,
    }
    CheckState = ConflictCheckState {
        UnderReview = UnderReview,
        Clear = Clear,
        Waived = Waived,
        Blocked = Blocked,
        Superseded = Superseded,
    }
    CheckResult = ConflictResult {
        Clear = Clear,
        Possible = Possible,
        Blocked = Blocked,
    }
    Decision = ConflictDecision {
        Clear = Clear,
        Waive = Waive,
        Block = Block,
    }
    Likeness = NameLikeness {
        Exact = Exact,
        Normalised = Normalised,
        Fuzzy = Fuzzy,
        Phonetic = Phonetic,
    }
    Side = ConflictSide {
        Client = Client,
        Adverse = Adverse,
        Neutral = Neutral,
    }
    RequestState = RequestState {
        Draft = Draft,
        Submitted = Submitted,
        InReview = InReview,
        Accepted = Accepted,
        Declined = Declined,
        Withdrawn = Withdrawn,
        Completed = Completed,
    }
    ImportMode = RequestImportMode {
        KeepGoodRows = KeepGoodRows,
        AllOrNothing = AllOrNothing,
    }
    ImportFormat = RequestImportFormat {
        Csv = Csv,
        Rows = Rows,
    }
    ImportState = RequestImportState {
        Running = Running,
        Interrupted = Interrupted,
        Succeeded = Succeeded,
        Failed = Failed,
    }
    TaskState = TaskState {
        Pending = Pending,
        Open = Open,
        Assigned = Assigned,
        InProgress = InProgress,
        Delivered = Delivered,
        RevisionRequested = RevisionRequested,
        Accepted = Accepted,
        OnHold = OnHold,
        Cancelled = Cancelled,
    }
    DeliveryState = DeliveryState {
        Submitted = Submitted,
        RevisionRequested = RevisionRequested,
        Accepted = Accepted,
    }
    Dimension = ServiceLevelDimension {
        Firm = Firm,
        Kind = Kind,
        PracticeArea = PracticeArea,
        Month = Month,
    }
    DocumentState = DocumentState {
        Active = Active,
        Deleted = Deleted,
    }
}

/// A word that must be there.
pub(crate) fn required<T: Numbered>(
    violations: &mut Violations,
    field: &str,
    number: i32,
) -> Option<T> {
    let word = violations.keep(field, T::of_number(number))?;
    violations.required(field, word)
}

/// Words, each of which must be one.
pub(crate) fn all<T: Numbered>(
    violations: &mut Violations,
    field: &str,
    numbers: &[i32],
) -> Option<Vec<T>> {
    let words: Vec<_> = numbers
        .iter()
        .enumerate()
        .filter_map(|(at, number)| required(violations, &format!("{field}[{at}]"), *number))
        .collect();
    (words.len() == numbers.len()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: Numbered + PartialEq + std::fmt::Debug>(words: &[T]) {
        for word in words {
            assert_eq!(T::of_number(word.number()), Ok(Some(*word)));
        }
        assert_eq!(T::of_number(0), Ok(None));
        assert!(T::of_number(-1).is_err());
        assert!(T::of_number(99).is_err());
    }

    #[test]
    fn every_word_crosses_the_contract_and_back() {
        round_trip(FirmState::ALL);
        round_trip(FirmContactKind::ALL);
        round_trip(KeyDateKind::ALL);
        round_trip(MatterState::ALL);
        round_trip(PartyRole::ALL);
        round_trip(CheckState::ALL);
        round_trip(CheckResult::ALL);
        round_trip(Decision::ALL);
        round_trip(Likeness::ALL);
        round_trip(Side::ALL);
        round_trip(RequestState::ALL);
        round_trip(ImportMode::ALL);
        round_trip(ImportFormat::ALL);
        round_trip(ImportState::ALL);
        round_trip(TaskState::ALL);
        round_trip(DeliveryState::ALL);
        round_trip(Dimension::ALL);
        round_trip(DocumentState::ALL);
    }

    #[test]
    fn every_wrong_number_of_a_list_is_told() {
        let mut violations = Violations::new();
        assert_eq!(
            all::<TaskState>(&mut violations, "states", &[1, 0, 99]),
            None
        );
        let message = violations.finish(Some(())).unwrap_err();
        assert!(message.message().contains("states[1]") && message.message().contains("states[2]"));
    }
}
