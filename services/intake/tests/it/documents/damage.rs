//! Content that is not what was uploaded is never given out as if it were.

use std::path::PathBuf;

use tonic::Code;

use super::{CHUNK, Case, download_of, files};
use crate::world::refusal;
use caseload_proto::caseload::intake::v1::{Document, DownloadDocumentRequest};

fn object(case: &Case) -> PathBuf {
    let all = files(case.world.folder.path());
    let only: Vec<_> = all.into_iter().collect();
    let [file] = &only[..] else {
        panic!("one object")
    };
    case.world.folder.path().join(file)
}

async fn ends_in_data_loss(case: &Case, document: &Document, size: usize) {
    for offset in [0, i64::try_from(size).unwrap() - 1] {
        let request = DownloadDocumentRequest {
            name: document.name.clone(),
            version: 0,
            offset_bytes: offset,
        };
        let (_, got, ended) = download_of(&case.firm.attorney, request).await;
        assert_eq!(
            refusal(ended),
            (Code::DataLoss, "DOCUMENT_DAMAGED".to_owned())
        );
        assert!(
            got.len() < size - usize::try_from(offset).unwrap(),
            "not all of it"
        );
    }
}

#[tokio::test]
async fn a_damaged_file_ends_in_data_loss() {
    let case = Case::new().await;
    let content = vec![9; 3 * CHUNK];
    let document = case.document(&content).await;
    let file = object(&case);

    for at in [0, CHUNK, content.len() - 1] {
        let mut flipped = content.clone();
        flipped[at] ^= 1;
        std::fs::write(&file, &flipped).unwrap();
        ends_in_data_loss(&case, &document, content.len()).await;
    }
    std::fs::write(&file, &content[..content.len() - 1]).unwrap();
    ends_in_data_loss(&case, &document, content.len()).await;
    std::fs::write(&file, [&content[..], b"more"].concat()).unwrap();
    ends_in_data_loss(&case, &document, content.len()).await;
    std::fs::remove_file(&file).unwrap();
    ends_in_data_loss(&case, &document, content.len()).await;
    std::fs::write(&file, &content).unwrap();
    assert!(
        super::download(&case.firm.attorney, &document)
            .await
            .unwrap()
            == content
    );
}
