//! Where the content of documents is: objects in stores, each under a key of ours.
//!
//! # Layout
//! - [`Stores`]: the stores that are configured, by their codes of residency
//! - [`Store`]: one of them: writing, reading and removing an object
//! - `s3`: a store that speaks S3; `connector`: how it is reached

mod connector;
mod s3;

use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use caseload_domain::FirmId;
use caseload_runtime::ConfigError;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};

use crate::config::documents::{DocumentsConfig, StoreConfig, StoreKind};
use crate::domain::document::{Place, StoreCode};

/// How long a store may take over one answer, or over one piece of a long one.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many bytes a store is given at once: the least that S3 takes as one of many.
const PART: usize = 5 << 20;
/// How many parts of one object are on their way while the next is gathered.
const PARTS_UNDER_WAY: usize = 2;

/// A store could not do what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The object is not there.
    #[error("the object is not there")]
    Missing,
    /// The store did not answer in time.
    #[error("the store did not answer within {PATIENCE:?}")]
    Slow,
    /// No store of this code is configured, and yet objects are kept under it.
    #[error("no store is configured for residency {0:?}")]
    Unknown(String),
    /// Anything else.
    #[error("the store failed")]
    Failed(#[source] object_store::Error),
    /// A file could not be looked for or removed.
    #[error("the folder can't be used")]
    Folder(#[from] std::io::Error),
}

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            error => Self::Failed(error),
        }
    }
}

/// The stores that are configured. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Stores(Arc<BTreeMap<StoreCode, Store>>);

impl Stores {
    /// Opens them all. Folders are made; buckets are there.
    pub(crate) fn open(config: &DocumentsConfig) -> Result<Self, ConfigError> {
        let mut stores = BTreeMap::new();
        let mut problems = Vec::new();
        for (code, section, described) in config.stores() {
            match Store::open(described) {
                Ok(store) => {
                    stores.insert(StoreCode(code.to_owned()), store);
                }
                Err(why) => problems.push(format!("{section}: {why}")),
            }
        }
        if problems.is_empty() {
            Ok(Self(Arc::new(stores)))
        } else {
            Err(ConfigError { problems })
        }
    }

    /// The store in which documents of a firm with this residency are kept; none where none is configured for it.
    pub(crate) fn for_residency(&self, residency: &str) -> Option<StoreCode> {
        let code = StoreCode(residency.to_owned());
        self.0.contains_key(&code).then_some(code)
    }

    /// The store of an object.
    pub(crate) fn of(&self, place: &Place) -> Result<&Store, StoreError> {
        let store = self.0.get(&place.store);
        store.ok_or_else(|| StoreError::Unknown(place.store.0.clone()))
    }
}

/// One store.
#[derive(Clone)]
pub(crate) struct Store {
    objects: Arc<dyn ObjectStore>,
    /// Of a store of files.
    folder: Option<PathBuf>,
}

impl fmt::Debug for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Store")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// The key of an object: ids of ours, and nothing of a caller's.
fn key(firm: FirmId, place: &Place) -> Path {
    Path::from_iter([firm.to_string(), place.object.hyphenated().to_string()])
}

impl Store {
    fn open(described: StoreConfig<'_>) -> Result<Self, String> {
        match described.kind {
            StoreKind::S3 => {
                let config = described.s3.ok_or("s3 is not set")?;
                Ok(Self {
                    objects: Arc::new(s3::open(config)?),
                    folder: None,
                })
            }
            StoreKind::File => {
                let folder = described.directory.cloned();
                let folder =
                    folder.unwrap_or_else(|| std::env::temp_dir().join("caseload-documents"));
                let unusable = |why: &dyn fmt::Display| format!("{}: {why}", folder.display());
                make_folder(&folder).map_err(|why| unusable(&why))?;
                // What is answered as stored must be there after a crash of the machine.
                let objects = LocalFileSystem::new_with_prefix(&folder)
                    .map_err(|why| unusable(&why))?
                    .with_fsync(true);
                Ok(Self {
                    objects: Arc::new(objects),
                    folder: Some(folder),
                })
            }
        }
    }

    /// Begins to write an object.
    pub(crate) async fn write(&self, firm: FirmId, place: &Place) -> Result<Writing, StoreError> {
        let parts = in_time(self.objects.put_multipart(&key(firm, place))).await?;
        Ok(Writing(WriteMultipart::new_with_chunk_size(parts, PART)))
    }

    /// The content of an object from its beginning, in pieces of the store's own size.
    pub(crate) async fn read(
        &self,
        firm: FirmId,
        place: &Place,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        let found = in_time(self.objects.get(&key(firm, place))).await?;
        let pieces = tokio_stream::StreamExt::timeout(found.into_stream(), PATIENCE);
        Ok(pieces
            .map(|piece| match piece {
                Ok(piece) => piece.map_err(StoreError::from),
                Err(_) => Err(StoreError::Slow),
            })
            .boxed())
    }

    /// Removes an object, and what a broken upload of it has left. One that is not there is as good as removed.
    pub(crate) async fn remove(&self, firm: FirmId, place: &Place) -> Result<(), StoreError> {
        match in_time(self.objects.delete(&key(firm, place))).await {
            Ok(()) | Err(StoreError::Missing) => {}
            Err(error) => return Err(error),
        }
        match &self.folder {
            Some(folder) => remove_staged(&folder.join(firm.to_string()), place).await,
            None => Ok(()),
        }
    }
}

async fn in_time<T>(
    answer: impl Future<Output = object_store::Result<T>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(StoreError::Slow),
    }
}

/// Makes a folder that nobody else looks into.
fn make_folder(folder: &FilePath) -> std::io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// A file is written under the object's name and a number, `{object}#1`, and gets its own name when it is whole. A process
/// that was killed leaves it, and the store does not show it.
async fn remove_staged(folder: &FilePath, place: &Place) -> Result<(), StoreError> {
    let staged = format!("{}#", place.object.hyphenated());
    let mut files = match tokio::fs::read_dir(folder).await {
        Ok(files) => files,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(why) => return Err(why.into()),
    };
    while let Some(file) = files.next_entry().await? {
        if file.file_name().to_string_lossy().starts_with(&staged) {
            tokio::fs::remove_file(file.path()).await?;
        }
    }
    Ok(())
}

/// An object that is being written. It is nobody's to read before it is finished. Of its content at most four parts, 20
/// MiB, are held.
#[derive(Debug)]
pub(crate) struct Writing(WriteMultipart);

impl Writing {
    /// Takes the next bytes, when the store has kept up.
    pub(crate) async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError> {
        in_time(self.0.wait_for_capacity(PARTS_UNDER_WAY)).await?;
        self.0.put(bytes);
        Ok(())
    }

    /// Makes it whole. When that fails, what was written is removed.
    pub(crate) async fn finish(self) -> Result<(), StoreError> {
        Ok(self.0.finish().await.map(drop)?)
    }

    /// Gives it up, and removes what was written.
    pub(crate) async fn abort(self) -> Result<(), StoreError> {
        in_time(self.0.abort()).await
    }
}
