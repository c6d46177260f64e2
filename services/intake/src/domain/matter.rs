//! Matters: the cases and files that work is done on.

use std::collections::HashSet;

use caseload_domain::name::MatterName;
use caseload_domain::{ParalegalId, PracticeArea};
use caseload_names::Name;
use time::OffsetDateTime;

use super::conflict::CheckState;
use super::conflict_key::proceeding_key;
use super::key_date::KeyDate;
use super::party::{Party, PartyRole};
use super::transition::WrongState;
use super::words::{facts, words};

facts! {
    /// What the firm says of a matter.
    pub struct MatterFacts / MatterPatch {
        /// The caption.
        caption: String,
        /// The firm's client in it.
        client_display_name: String,
        /// The number under which the client knows it; empty for none.
        client_matter_number: String,
        /// The area of law.
        practice_area: PracticeArea,
        /// The court or other forum; empty for none.
        court: String,
        /// The docket number; empty for none.
        docket_number: String,
        /// Whose law; empty when not told.
        jurisdiction: String,
        /// Its ids in the firm's own systems, one a source.
        external_ids: Vec<ExternalId>,
        /// Who is in it.
        parties: Vec<Party>,
        /// Its dates, in their order.
        key_dates: Vec<KeyDate>,
    }
}

/// The id of a matter in another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId {
    /// The system.
    pub source: String,
    /// The id there.
    pub id: String,
}

words! {
    /// Whether work goes on in a matter.
    pub enum MatterState {
        /// It does.
        Open = "open",
        /// It does not.
        Closed = "closed",
    }
}

/// A matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Matter {
    /// Which one.
    pub name: MatterName,
    /// What the firm says of it.
    pub facts: MatterFacts,
    /// Whether it is closed.
    pub closed: bool,
    /// Where its conflict check stands; none while nothing was submitted on it.
    pub conflict_state: Option<CheckState>,
    /// Who is kept off it.
    pub screened: Vec<ParalegalId>,
    /// Changes with every change.
    pub version: i64,
    /// When it was opened here.
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    pub update_time: OffsetDateTime,
}

/// A name in a matter as a conflict check compares it.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictName {
    /// The name as it is written.
    pub name: String,
    /// The role it has.
    pub role: PartyRole,
    /// The name as it is compared.
    pub compared: Name,
}

impl MatterFacts {
    /// Every name that a conflict check compares: the client, each party, each alias. A name that was given twice in
    /// one role counts once.
    pub fn conflict_names(&self) -> Vec<ConflictName> {
        let client = (self.client_display_name.as_str(), PartyRole::Client);
        let parties = self.parties.iter().flat_map(|party| {
            std::iter::once(&party.display_name)
                .chain(&party.aliases)
                .map(|name| (name.as_str(), party.role))
        });
        let mut seen = HashSet::new();
        std::iter::once(client)
            .chain(parties)
            .filter_map(|(name, role)| {
                let compared = Name::of(name)?;
                let new = seen.insert((compared.key().to_owned(), role));
                new.then(|| ConflictName {
                    name: name.to_owned(),
                    role,
                    compared,
                })
            })
            .collect()
    }

    /// What makes it the same proceeding as another matter; empty when not known.
    pub fn proceeding_key(&self) -> String {
        proceeding_key(&self.court, &self.docket_number)
    }

    /// Whether a comparison for conflicts could find something else than it would with `other`.
    pub fn compares_differently(&self, other: &Self) -> bool {
        self.proceeding_key() != other.proceeding_key()
            || self.conflict_names() != other.conflict_names()
    }
}

impl Matter {
    /// A matter that is opened.
    pub const fn new(name: MatterName, facts: MatterFacts, now: OffsetDateTime) -> Self {
        Self {
            name,
            facts,
            closed: false,
            conflict_state: None,
            screened: Vec::new(),
            version: 1,
            create_time: now,
            update_time: now,
        }
    }

    /// Whether work goes on in it.
    pub const fn state(&self) -> MatterState {
        if self.closed {
            MatterState::Closed
        } else {
            MatterState::Open
        }
    }

    /// Closes an open matter.
    pub fn close(&mut self) -> Result<(), WrongState> {
        self.turn(MatterState::Closed)
    }

    /// Opens a closed one.
    pub fn reopen(&mut self) -> Result<(), WrongState> {
        self.turn(MatterState::Open)
    }

    fn turn(&mut self, to: MatterState) -> Result<(), WrongState> {
        if self.state() == to {
            return Err(WrongState {
                what: "matter",
                from: to.as_str(),
                to: to.as_str(),
            });
        }
        self.closed = to == MatterState::Closed;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use caseload_domain::{FirmId, MatterId};

    use super::*;

    fn party(name: &str, role: PartyRole, aliases: &[&str]) -> Party {
        Party {
            id: None,
            display_name: name.to_owned(),
            role,
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        }
    }

    fn matter() -> Matter {
        Matter::new(
            MatterName::new(FirmId::generate(), MatterId::generate()),
            MatterFacts {
                caption: "Alice Corp. v. CLS Bank International".to_owned(),
                client_display_name: "Alice Corp.".to_owned(),
                client_matter_number: String::new(),
                practice_area: PracticeArea::all().next().unwrap(),
                court: "Supreme Court of the United States".to_owned(),
                docket_number: "13-298".to_owned(),
                jurisdiction: "US".to_owned(),
                external_ids: Vec::new(),
                parties: vec![
                    party("Alice Corporation Pty. Ltd.", PartyRole::Client, &[]),
                    party(
                        "CLS Bank International",
                        PartyRole::Adverse,
                        &["CLS Services Ltd."],
                    ),
                ],
                key_dates: Vec::new(),
            },
            OffsetDateTime::UNIX_EPOCH,
        )
    }

    #[test]
    fn every_name_is_compared_and_spellings_of_one_only_once() {
        let names = matter().facts.conflict_names();
        let written: Vec<_> = names.iter().map(|name| name.name.as_str()).collect();
        assert_eq!(
            written,
            ["Alice Corp.", "CLS Bank International", "CLS Services Ltd."]
        );
    }

    #[test]
    fn one_name_in_two_roles_is_compared_in_both() {
        let mut facts = matter().facts;
        facts
            .parties
            .push(party("CLS Bank International", PartyRole::Witness, &[]));
        assert_eq!(facts.conflict_names().len(), 4);
    }

    #[test]
    fn a_change_of_a_name_a_role_or_the_docket_is_compared_again_and_others_are_not() {
        let facts = matter().facts;
        let mut same = facts.clone();
        same.caption = "Alice v. CLS".to_owned();
        same.parties[1].display_name = "CLS BANK INTERNATIONAL".to_owned();
        assert!(
            facts.conflict_names() != same.conflict_names(),
            "as written it is another"
        );
        same.parties[1].display_name = facts.parties[1].display_name.clone();
        assert!(!facts.compares_differently(&same));
        let mut role = facts.clone();
        role.parties[1].role = PartyRole::Witness;
        assert!(facts.compares_differently(&role));
        let mut docket = facts.clone();
        docket.docket_number = "13-299".to_owned();
        assert!(facts.compares_differently(&docket));
    }

    #[test]
    fn a_matter_is_closed_and_opened_again() {
        let mut matter = matter();
        let refused = matter.reopen().unwrap_err();
        assert_eq!((refused.from, refused.to), ("open", "open"));
        matter.close().unwrap();
        assert!(matter.closed);
        assert!(matter.close().is_err());
        matter.reopen().unwrap();
        assert!(!matter.closed);
    }
}
