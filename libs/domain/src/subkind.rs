//! Subkinds: what each of the six kinds of work consists of, more closely.
//!
//! Which there are follows the tasks that paralegals report in O*NET 29.3 (23-2011.00, Paralegals and Legal
//! Assistants) and the task names of the UTBMS sets, both as facts; the words are ours. A list, once published, only
//! grows: stores and firms' systems keep the slugs.

use std::fmt;
use std::str::FromStr;

use crate::utbms::TaskCode;
use crate::work::TaskKind;

/// The text is not the slug of a subkind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a subkind of task: TaskKindService lists them")]
pub struct UnknownSubkind;

/// What work of a kind consists of, more closely.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Subkind(&'static Entry);

#[derive(PartialEq, Eq)]
struct Entry {
    slug: &'static str,
    kind: TaskKind,
    title: &'static str,
    task_code: &'static str,
}

impl Subkind {
    /// Every subkind, kind by kind.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        ENTRIES.iter().map(Self)
    }

    /// What stores and messages keep: 1 to 40 characters of `[a-z-]`, unique among all kinds.
    pub const fn slug(self) -> &'static str {
        self.0.slug
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        self.0.title
    }

    /// The kind that it belongs to.
    pub const fn kind(self) -> TaskKind {
        self.0.kind
    }

    /// The UTBMS task code that such work mostly goes under. None where it depends on the matter.
    pub fn task_code(self) -> Option<TaskCode> {
        self.0.task_code.parse().ok()
    }
}

impl FromStr for Subkind {
    type Err = UnknownSubkind;

    fn from_str(slug: &str) -> Result<Self, UnknownSubkind> {
        Self::all()
            .find(|subkind| subkind.slug() == slug)
            .ok_or(UnknownSubkind)
    }
}

impl fmt::Display for Subkind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.slug())
    }
}

impl fmt::Debug for Subkind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Subkind({})", self.slug())
    }
}

const fn entry(
    slug: &'static str,
    kind: TaskKind,
    title: &'static str,
    task_code: &'static str,
) -> Entry {
    Entry {
        slug,
        kind,
        title,
        task_code,
    }
}

/// Slug, kind, title, and the usual task code (empty: none).
#[rustfmt::skip]
const ENTRIES: &[Entry] = &[
    entry("case-law", TaskKind::LegalResearch, "Research of case law", "L120"),
    entry("statutes-and-regulations", TaskKind::LegalResearch, "Research of statutes and regulations", "L120"),
    entry("legislative-history", TaskKind::LegalResearch, "Research of legislative history", "L120"),
    entry("jurisdiction-survey", TaskKind::LegalResearch, "Survey of the law of several jurisdictions", "L120"),
    entry("research-memorandum", TaskKind::LegalResearch, "Research memorandum", "L120"),
    entry("citation-check", TaskKind::LegalResearch, "Check of citations and their standing", ""),
    entry("fact-investigation", TaskKind::LegalResearch, "Investigation of facts", "L110"),
    entry("public-records", TaskKind::LegalResearch, "Search of public records", "L110"),
    entry("due-diligence", TaskKind::LegalResearch, "Due diligence on a company", "P210"),
    entry("title-search", TaskKind::LegalResearch, "Search of title, liens and encumbrances", "P240"),
    entry("pleading", TaskKind::DraftingAndReview, "Pleading", "L210"),
    entry("motion", TaskKind::DraftingAndReview, "Motion and supporting papers", "L250"),
    entry("appellate-brief", TaskKind::DraftingAndReview, "Appellate brief", "L520"),
    entry("discovery-papers", TaskKind::DraftingAndReview, "Discovery requests and responses", "L310"),
    entry("document-review", TaskKind::DraftingAndReview, "Review of documents for production", "L320"),
    entry("affidavit", TaskKind::DraftingAndReview, "Affidavit or declaration", ""),
    entry("contract", TaskKind::DraftingAndReview, "Contract or other agreement", "P400"),
    entry("corporate-records", TaskKind::DraftingAndReview, "Corporate records and resolutions", "P400"),
    entry("estate-planning", TaskKind::DraftingAndReview, "Will, trust or other estate document", ""),
    entry("closing-documents", TaskKind::DraftingAndReview, "Closing documents", "P600"),
    entry("docketing", TaskKind::CaseManagement, "Docket and calendar", ""),
    entry("file-organisation", TaskKind::CaseManagement, "Organisation of the matter's file", "L140"),
    entry("document-database", TaskKind::CaseManagement, "Coding and indexing of documents", "L140"),
    entry("chronology", TaskKind::CaseManagement, "Chronology of facts", "L110"),
    entry("discovery-tracking", TaskKind::CaseManagement, "Tracking of discovery", "L390"),
    entry("document-production", TaskKind::CaseManagement, "Assembly of a production and its privilege log", "L320"),
    entry("records-collection", TaskKind::CaseManagement, "Collection of medical or other records", "L110"),
    entry("budget-tracking", TaskKind::CaseManagement, "Tracking of a matter's budget", "L150"),
    entry("estate-inventory", TaskKind::CaseManagement, "Inventory of an estate's property", ""),
    entry("claims-administration", TaskKind::CaseManagement, "Administration of claims", "B310"),
    entry("pleading-filing", TaskKind::Filing, "Filing of pleadings with a court", "L210"),
    entry("motion-filing", TaskKind::Filing, "Filing of motions with a court", "L250"),
    entry("appellate-filing", TaskKind::Filing, "Filing with an appellate court", "L510"),
    entry("service-of-process", TaskKind::Filing, "Service of process and of papers", "L210"),
    entry("subpoena", TaskKind::Filing, "Issue and service of a subpoena", "L390"),
    entry("bankruptcy-filing", TaskKind::Filing, "Filing with a bankruptcy court", "B110"),
    entry("agency-filing", TaskKind::Filing, "Filing with an agency", ""),
    entry("corporate-filing", TaskKind::Filing, "Formation and annual filings of companies", "P400"),
    entry("recording", TaskKind::Filing, "Recording of deeds, liens and assignments", "P700"),
    entry("exhibits", TaskKind::TrialPreparation, "Exhibits and their list", "L440"),
    entry("trial-notebook", TaskKind::TrialPreparation, "Trial notebook", "L440"),
    entry("deposition-preparation", TaskKind::TrialPreparation, "Preparation for a deposition", "L330"),
    entry("deposition-summary", TaskKind::TrialPreparation, "Summary of testimony", "L330"),
    entry("fact-witnesses", TaskKind::TrialPreparation, "Preparation and attendance of fact witnesses", "L410"),
    entry("expert-witnesses", TaskKind::TrialPreparation, "Materials for and of expert witnesses", "L420"),
    entry("pretrial-submissions", TaskKind::TrialPreparation, "Motions in limine, jury instructions and other trial submissions", "L430"),
    entry("jury-selection", TaskKind::TrialPreparation, "Materials for jury selection", "L440"),
    entry("demonstratives", TaskKind::TrialPreparation, "Demonstratives and presentation", "L440"),
    entry("hearing-support", TaskKind::TrialPreparation, "Support at a trial or hearing", "L450"),
    entry("client-interview", TaskKind::ClientCommunication, "Interview of a client", "C100"),
    entry("client-documents", TaskKind::ClientCommunication, "Request for and receipt of a client's documents", "C100"),
    entry("status-report", TaskKind::ClientCommunication, "Report on where a matter stands", ""),
    entry("client-letter", TaskKind::ClientCommunication, "Letter to a client", ""),
    entry("meeting-notes", TaskKind::ClientCommunication, "Notes of a meeting or call", ""),
    entry("witness-contact", TaskKind::ClientCommunication, "Contact with witnesses", "L410"),
    entry("third-party-contact", TaskKind::ClientCommunication, "Contact with agencies, insurers and other third parties", "C400"),
    entry("settlement-communication", TaskKind::ClientCommunication, "Communication on settlement or mediation", "L160"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_six_to_ten_subkinds_in_the_kinds_order() {
        for kind in TaskKind::ALL {
            let count = Subkind::all()
                .filter(|subkind| subkind.kind() == kind)
                .count();
            assert!((6..=10).contains(&count), "{kind:?} has {count}");
        }
        assert!(Subkind::all().is_sorted_by_key(Subkind::kind));
    }

    #[test]
    fn a_slug_is_plain_unique_and_reads_back() {
        let slugs: BTreeSet<_> = Subkind::all().map(Subkind::slug).collect();
        assert_eq!(slugs.len(), Subkind::all().len());
        for subkind in Subkind::all() {
            let slug = subkind.slug();
            assert!(
                slug.len() <= 40
                    && slug
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            );
            assert_eq!(slug.parse(), Ok(subkind));
            assert!(!subkind.title().is_empty() && subkind.title().chars().count() <= 80);
        }
        for odd in ["", "Pleading", "pleading ", "plead"] {
            assert_eq!(odd.parse::<Subkind>(), Err(UnknownSubkind), "{odd}");
        }
    }

    #[test]
    fn every_code_that_is_suggested_can_stand_on_a_line() {
        for subkind in Subkind::all() {
            let code = subkind.0.task_code;
            assert_eq!(
                subkind.task_code().is_some(),
                !code.is_empty(),
                "{subkind}: {code}"
            );
        }
    }
}
