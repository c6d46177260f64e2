//! Which of the names that a search brought up are spellings of one that was asked for.

use std::collections::HashMap;

use caseload_domain::name::MatterName;
use caseload_names::{Name, Score, compare};

use super::party::PartyRole;
use super::words::words;

/// The version of what `caseload_names` makes of a name: its key, its folded text, its blocks. Raised with every change
/// of these, so that what was written of names before is written again.
pub const MATCHER_VERSION: i32 = 1;

words! {
    /// What makes two names alike.
    pub enum Likeness {
        /// They are written alike to the letter.
        Exact = "exact",
        /// They are alike but for case, punctuation, diacritics, legal forms, word order or initials.
        Normalised = "normalised",
        /// They are nearly written alike.
        Fuzzy = "fuzzy",
        /// They sound alike.
        Phonetic = "phonetic",
    }
}

impl From<caseload_names::Likeness> for Likeness {
    fn from(by: caseload_names::Likeness) -> Self {
        match by {
            caseload_names::Likeness::Exact => Self::Exact,
            caseload_names::Likeness::Normalised => Self::Normalised,
            caseload_names::Likeness::Fuzzy => Self::Fuzzy,
            caseload_names::Likeness::Phonetic => Self::Phonetic,
        }
    }
}

/// A name that is worth comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The matter that it is in.
    pub matter: MatterName,
    /// Where it stands among the matter's names.
    pub position: i32,
    /// The name as it is written.
    pub name: String,
    /// The role it has.
    pub role: PartyRole,
}

/// A name that is like the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The name.
    pub found: Candidate,
    /// How alike.
    pub score: Score,
    /// What most of it comes from.
    pub likeness: Likeness,
}

/// The candidates that are at least so much like a name, the most alike first, then the oldest matter's.
pub fn hits(asked: &Name, candidates: Vec<Candidate>, threshold: Score) -> Vec<Hit> {
    // Many matters have one name: it is compared once.
    let mut known: HashMap<String, Option<(Score, Likeness)>> = HashMap::new();
    let mut hits: Vec<Hit> = candidates
        .into_iter()
        .filter_map(|found| {
            let judged = known.entry(found.name.clone()).or_insert_with(|| {
                let judged = compare(asked, &Name::of(&found.name)?);
                Some((judged.score, judged.by.into()))
            });
            let (score, likeness) = (*judged).filter(|(score, _)| *score >= threshold)?;
            Some(Hit {
                found,
                score,
                likeness,
            })
        })
        .collect();
    hits.sort_by_key(|hit| {
        let found = &hit.found;
        let matter = (found.matter.id, found.matter.firm);
        (std::cmp::Reverse(hit.score), matter, found.position)
    });
    hits
}

#[cfg(test)]
mod tests {
    use caseload_domain::{FirmId, MatterId};
    use caseload_names::DEFAULT_THRESHOLD;

    use super::*;

    fn candidates(names: &[&str]) -> Vec<Candidate> {
        let matter = MatterName::new(FirmId::generate(), MatterId::generate());
        let numbered = names.iter().zip(0..);
        numbered
            .map(|(name, position)| Candidate {
                matter,
                position,
                name: (*name).to_owned(),
                role: PartyRole::Client,
            })
            .collect()
    }

    fn found(asked: &str, names: &[&str]) -> Vec<(String, Likeness)> {
        let asked = Name::of(asked).unwrap();
        hits(&asked, candidates(names), DEFAULT_THRESHOLD)
            .into_iter()
            .map(|hit| (hit.found.name, hit.likeness))
            .collect()
    }

    #[test]
    fn what_is_alike_is_kept_and_the_rest_is_not() {
        let names = ["Bob Ltd.", "ALICE CORPORATION", "🤝", "Alice Corp."];
        let found = found("Alice Corp.", &names);
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), 2);
        assert!(names.contains(&"Alice Corp.") && names.contains(&"ALICE CORPORATION"));
    }

    #[test]
    fn a_name_in_many_matters_is_found_in_each() {
        let names = ["Alice Corp."; 5];
        assert_eq!(found("Alice", &names).len(), 5);
    }

    #[test]
    fn every_likeness_has_its_word() {
        for (by, word) in [
            (caseload_names::Likeness::Exact, "exact"),
            (caseload_names::Likeness::Normalised, "normalised"),
            (caseload_names::Likeness::Fuzzy, "fuzzy"),
            (caseload_names::Likeness::Phonetic, "phonetic"),
        ] {
            assert_eq!(Likeness::from(by).as_str(), word);
        }
    }
}
