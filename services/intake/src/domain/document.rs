//! Documents: what is uploaded, who works on it, and whether it is what it was declared to be.

use caseload_domain::name::DocumentName;
use caseload_domain::{MatterId, ParalegalId, TaskId};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use super::task::{Task, TaskState};
use super::transition::WrongState;
use super::words::words;

/// The most versions of a document.
pub const MOST_VERSIONS: i32 = 100;
/// The most bytes of one version, whatever is configured: 32 GiB, which a store takes in parts of 5 MiB.
pub const MOST_BYTES: i64 = 32 << 30;
/// The most bytes of one chunk.
pub const MOST_CHUNK: usize = 256 << 10;

words! {
    /// Where a document stands.
    pub enum DocumentState {
        /// There to be downloaded.
        Active = "active",
        /// Deleted.
        Deleted = "deleted",
    }
}

/// Under which store's name an object is kept: a code of residency, or empty for the store that is nobody's in
/// particular.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoreCode(pub String);

/// Which object of which store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The store.
    pub store: StoreCode,
    /// The object.
    pub object: Uuid,
}

/// What some content is, apart from its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// How many bytes it has, from 0.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// One version of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentVersion {
    /// 1, 2, 3.
    pub number: i32,
    /// Where its content is.
    pub place: Place,
    /// What people call it.
    pub display_name: String,
    /// Its media type.
    pub media_type: String,
    /// What its content is.
    pub content: Content,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// The paralegal, if one did.
    pub paralegal: Option<ParalegalId>,
    /// When.
    pub create_time: OffsetDateTime,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Which one.
    pub name: DocumentName,
    /// The matter.
    pub matter: MatterId,
    /// The task; none where it is the matter's own.
    pub task: Option<TaskId>,
    /// Where it stands.
    pub state: DocumentState,
    /// The newest version.
    pub latest: DocumentVersion,
    /// When it was deleted.
    pub delete_time: Option<OffsetDateTime>,
    /// When its content goes, or went.
    pub purge_time: Option<OffsetDateTime>,
    /// Changes with every change.
    pub version: i64,
    /// When its first version was uploaded.
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    pub update_time: OffsetDateTime,
}

impl Document {
    /// Whether this can be done with it: nothing can, once it is deleted.
    pub fn must_be_active(&self, to: &'static str) -> Result<(), WrongState> {
        match self.state {
            DocumentState::Active => Ok(()),
            DocumentState::Deleted => Err(WrongState {
                what: "document",
                from: self.state.as_str(),
                to,
            }),
        }
    }
}

/// Whether a paralegal works on a task, and so reaches its documents. An offer is not work yet, nor is what is on hold or
/// was accepted.
pub fn works_on(task: &Task, paralegal: ParalegalId) -> bool {
    let has_it = task
        .worker
        .is_some_and(|worker| worker.paralegal == paralegal);
    let under_way = matches!(
        task.standing.state(),
        TaskState::InProgress | TaskState::Delivered | TaskState::RevisionRequested
    );
    has_it && under_way
}

/// How much a firm may store, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of one version.
    pub version: i64,
    /// Of all of them.
    pub total: i64,
}

/// What a firm may store, as it was decided for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The most bytes of one version; none for what the operator configures.
    pub most_version: Option<i64>,
    /// The most bytes of all versions; none for what the operator configures.
    pub most_total: Option<i64>,
    /// Changes with every change; 0 where nothing was ever decided.
    pub version: i64,
    /// When it was last changed.
    pub update_time: Option<OffsetDateTime>,
}

impl Settings {
    /// What holds, with what the operator configures.
    pub fn limits(&self, configured: Limits) -> Limits {
        Limits {
            version: self.most_version.unwrap_or(configured.version),
            total: self.most_total.unwrap_or(configured.total),
        }
    }
}

/// Content is not what it was declared to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// It has more or fewer bytes.
    #[error("the content does not have the declared number of bytes")]
    Size,
    /// Its bytes are others.
    #[error("the content does not have the declared SHA-256")]
    Hash,
}

/// Counts and hashes content as it passes by.
#[derive(Debug, Clone)]
pub struct Tally {
    declared: Content,
    counted: i64,
    hash: Sha256,
}

impl Tally {
    /// Of content that is declared to be this.
    pub fn new(declared: Content) -> Self {
        Self {
            declared,
            counted: 0,
            hash: Sha256::new(),
        }
    }

    /// Takes the next bytes; those that are too many are refused.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Mismatch> {
        let more = i64::try_from(bytes.len()).map_err(|_| Mismatch::Size)?;
        self.counted = self.counted.saturating_add(more);
        if self.counted > self.declared.size {
            return Err(Mismatch::Size);
        }
        self.hash.update(bytes);
        Ok(())
    }

    /// How many bytes have passed.
    pub const fn counted(&self) -> i64 {
        self.counted
    }

    /// Whether every byte has passed that was declared.
    pub const fn is_whole(&self) -> bool {
        self.counted == self.declared.size
    }

    /// Whether what passed is what was declared.
    pub fn finish(self) -> Result<(), Mismatch> {
        if !self.is_whole() {
            Err(Mismatch::Size)
        } else if self.hash.finalize().as_slice() == self.declared.sha256 {
            Ok(())
        } else {
            Err(Mismatch::Hash)
        }
    }
}

/// Whether text is a media type: type and subtype, without parameters (RFC 6838, section 4.2).
pub fn is_media_type(text: &str) -> bool {
    let restricted = |name: &str| {
        (1..=63).contains(&name.len())
            && name.starts_with(|first: char| first.is_ascii_alphanumeric())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.split_once('/')
        .is_some_and(|(kind, subtype)| restricted(kind) && restricted(subtype))
}

#[cfg(test)]
mod tests {
    use caseload_domain::AssignmentId;
    use proptest::prelude::*;

    use super::super::task::tests::task;
    use super::super::task::{Standing, Worker};
    use super::*;

    fn content(bytes: &[u8]) -> Content {
        Content {
            size: bytes.len().try_into().unwrap(),
            sha256: Sha256::digest(bytes).into(),
        }
    }

    fn tallied(declared: Content, chunks: &[&[u8]]) -> Result<(), Mismatch> {
        let mut tally = Tally::new(declared);
        for chunk in chunks {
            tally.take(chunk)?;
        }
        tally.finish()
    }

    #[test]
    fn content_must_be_what_was_declared_to_the_last_byte() {
        let declared = content(b"affidavit");
        assert_eq!(tallied(declared, &[b"affi", b"davit"]), Ok(()));
        assert_eq!(tallied(content(b""), &[]), Ok(()));
        assert_eq!(tallied(declared, &[b"affidavi"]), Err(Mismatch::Size));
        assert_eq!(tallied(declared, &[b"affidavits"]), Err(Mismatch::Size));
        assert_eq!(tallied(declared, &[b"affidaviT"]), Err(Mismatch::Hash));
    }

    #[test]
    fn a_paralegal_works_on_a_task_from_when_they_have_it_until_it_is_accepted() {
        let own = Worker {
            assignment: AssignmentId::generate(),
            paralegal: ParalegalId::generate(),
        };
        for state in TaskState::ALL {
            let mut task = task(*state);
            assert!(!works_on(&task, own.paralegal), "nobody has it");
            task.worker = Some(own);
            let expected = matches!(
                state,
                TaskState::InProgress | TaskState::Delivered | TaskState::RevisionRequested
            );
            assert_eq!(works_on(&task, own.paralegal), expected, "{state}");
            assert!(!works_on(&task, ParalegalId::generate()));
        }
        let held = Standing::stored(TaskState::OnHold, Some(TaskState::InProgress)).unwrap();
        let mut task = task(TaskState::Open);
        (task.standing, task.worker) = (held, Some(own));
        assert!(
            !works_on(&task, own.paralegal),
            "a hold stops the files too"
        );
    }

    #[test]
    fn a_media_type_is_a_type_and_a_subtype() {
        for fine in [
            "application/pdf",
            "text/plain",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "image/svg+xml",
        ] {
            assert!(is_media_type(fine), "{fine}");
        }
        for odd in [
            "",
            "pdf",
            "text/",
            "/plain",
            "text/plain; charset=utf-8",
            "a/b/c",
            "tëxt/plain",
            "text/pl ain",
            "text/\0",
        ] {
            assert!(!is_media_type(odd), "{odd:?}");
        }
    }

    #[test]
    fn what_was_decided_for_a_firm_goes_before_what_is_configured() {
        let configured = Limits {
            version: 10,
            total: 100,
        };
        let settings = Settings {
            most_version: Some(5),
            most_total: None,
            version: 1,
            update_time: None,
        };
        assert_eq!(
            settings.limits(configured),
            Limits {
                version: 5,
                total: 100
            }
        );
    }

    proptest! {
        #[test]
        fn however_content_is_cut_it_is_the_same(bytes in prop::collection::vec(any::<u8>(), 0..2_000), cut in 1_usize..300) {
            let chunks: Vec<_> = bytes.chunks(cut).collect();
            prop_assert_eq!(tallied(content(&bytes), &chunks), Ok(()));
        }

        #[test]
        fn one_byte_changed_is_noticed(bytes in prop::collection::vec(any::<u8>(), 1..500), at in any::<prop::sample::Index>(), by in 1_u8..) {
            let declared = content(&bytes);
            let mut damaged = bytes;
            let at = at.index(damaged.len());
            damaged[at] ^= by;
            prop_assert_eq!(tallied(declared, &[&damaged]), Err(Mismatch::Hash));
        }
    }
}
