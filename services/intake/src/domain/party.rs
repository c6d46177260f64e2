//! Who is in a matter, and on whose side.

use caseload_domain::PartyId;

use super::words::words;

words! {
    /// What a party is in a matter, seen from the firm's client.
    pub enum PartyRole {
        /// The firm's client.
        Client = "client",
        /// Belongs to the client.
        ClientAffiliate = "client_affiliate",
        /// On the other side.
        Adverse = "adverse",
        /// Belongs to the other side.
        AdverseAffiliate = "adverse_affiliate",
        /// Acts for the other side.
        OpposingCounsel = "opposing_counsel",
        /// A witness.
        Witness = "witness",
        /// An expert.
        Expert = "expert",
        /// A judge, arbitrator or mediator.
        Adjudicator = "adjudicator",
        /// Anyone else.
        Other = "other",
    }

    /// Whose side a name is on.
    pub enum Side {
        /// The client's.
        Client = "client",
        /// The other one.
        Adverse = "adverse",
        /// Nobody's.
        Neutral = "neutral",
    }
}

/// Gives parties that come without an id the ids that a matter has them under already. A party of the same name in the
/// same role is the same one; failing that, one of the same name.
pub fn recognise(known: &[Party], given: &mut [Party]) {
    let mut free: Vec<&Party> = known
        .iter()
        .filter(|there| !given.iter().any(|party| party.id == there.id))
        .collect();
    for in_role in [true, false] {
        for party in given.iter_mut().filter(|party| party.id.is_none()) {
            let found = free.iter().position(|there| {
                there.display_name == party.display_name && (!in_role || there.role == party.role)
            });
            if let Some(at) = found {
                party.id = free.remove(at).id;
            }
        }
    }
}

impl PartyRole {
    /// Whose side the role is on.
    pub const fn side(self) -> Side {
        match self {
            Self::Client | Self::ClientAffiliate => Side::Client,
            Self::Adverse | Self::AdverseAffiliate => Side::Adverse,
            Self::OpposingCounsel
            | Self::Witness
            | Self::Expert
            | Self::Adjudicator
            | Self::Other => Side::Neutral,
        }
    }
}

impl Side {
    /// The side that one name is on when the same name on this side is a conflict: a client of one firm that is
    /// another firm's opponent. None for who is on nobody's side.
    pub const fn opposite(self) -> Option<Self> {
        match self {
            Self::Client => Some(Self::Adverse),
            Self::Adverse => Some(Self::Client),
            Self::Neutral => None,
        }
    }
}

/// Someone in a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Which one; none until it is stored.
    pub id: Option<PartyId>,
    /// The name.
    pub display_name: String,
    /// What they are.
    pub role: PartyRole,
    /// Other names they go by.
    pub aliases: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_is_between_opposite_sides_and_works_both_ways() {
        for role in PartyRole::ALL {
            if let Some(opposite) = role.side().opposite() {
                assert_eq!(opposite.opposite(), Some(role.side()));
                assert_ne!(opposite, role.side());
            }
        }
        assert_eq!(PartyRole::Witness.side().opposite(), None);
        assert_eq!(PartyRole::ClientAffiliate.side(), Side::Client);
        assert_eq!(PartyRole::AdverseAffiliate.side(), Side::Adverse);
    }

    #[test]
    fn a_party_is_recognised_by_its_name_and_rather_in_its_role() {
        let party = |id: Option<PartyId>, name: &str, role| Party {
            id,
            display_name: name.to_owned(),
            role,
            aliases: Vec::new(),
        };
        let ids = [(); 3].map(|()| Some(PartyId::generate()));
        let known = [
            party(ids[0], "Alice", PartyRole::Witness),
            party(ids[1], "Alice", PartyRole::Client),
            party(ids[2], "Bob", PartyRole::Adverse),
        ];
        let mut given = [
            party(None, "Alice", PartyRole::Client),
            party(None, "Alice", PartyRole::Expert),
            party(None, "Alice", PartyRole::Other),
            party(ids[2], "Robert", PartyRole::Adverse),
            // Whose id is taken by the one who was renamed.
            party(None, "Bob", PartyRole::Adverse),
        ];
        recognise(&known, &mut given);
        let found = given.map(|party| party.id);
        assert_eq!(found, [ids[1], ids[0], None, ids[2], None]);
    }

    #[test]
    fn every_role_reads_back_from_its_word() {
        for role in PartyRole::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        assert!("CLIENT".parse::<PartyRole>().is_err());
    }
}
