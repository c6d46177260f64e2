//! What is uploaded is downloaded again, to the byte.

use caseload_proto::caseload::intake::v1::*;
use tonic::Code;

use super::{Case, delete, download, download_of, get, is_tidy, list, send, upload};
use crate::world::{refusal, violations};

#[tokio::test]
async fn a_document_is_uploaded_and_downloaded_by_those_on_the_task() {
    let case = Case::new().await;
    let content = b"In re Bilski, 545 F.3d 943";
    let document = case.document(content).await;
    assert_eq!(document.state(), DocumentState::Active);
    assert_eq!(document.task, case.task.name);
    assert_eq!(document.matter, case.matter.name);
    let version = document.latest_version.clone().unwrap();
    assert_eq!((version.version, version.size_bytes), (1, 26));
    assert_eq!(version.paralegal, format!("paralegals/{}", case.paralegal));
    assert_eq!(
        get(&case.firm.admin, &document.name).await.unwrap(),
        document
    );
    for person in [&case.worker(), &case.firm.attorney, &case.world.reviewer()] {
        assert_eq!(download(person, &document).await.unwrap(), content);
    }
    assert!(is_tidy(&case.world).await);
}

#[tokio::test]
async fn twenty_mebibytes_go_through_in_chunks_and_come_back_whole() {
    let case = Case::new().await;
    // Not of whole parts of the store, nor of whole chunks.
    let content: Vec<u8> = (0..20 * 1024 * 1024 + 77_u32)
        .map(|at| (at % 251) as u8)
        .collect();
    let document = case.document(&content).await;
    assert!(download(&case.worker(), &document).await.unwrap() == content);
    assert!(is_tidy(&case.world).await);
}

#[tokio::test]
async fn a_download_is_resumed_where_it_broke_off() {
    let case = Case::new().await;
    let content: Vec<u8> = (0..600_000_u32).map(|at| (at % 241) as u8).collect();
    let document = case.document(&content).await;
    for offset in [0, 1, 262_144, 599_999, 600_000] {
        let request = DownloadDocumentRequest {
            name: document.name.clone(),
            version: 1,
            offset_bytes: offset,
        };
        let (version, rest, ended) = download_of(&case.firm.attorney, request).await;
        ended.unwrap();
        assert_eq!(version, document.latest_version);
        assert!(
            rest == content[usize::try_from(offset).unwrap()..],
            "from {offset}"
        );
    }
    let beyond = |version, offset_bytes| DownloadDocumentRequest {
        name: document.name.clone(),
        version,
        offset_bytes,
    };
    let refused = async |request| download_of(&case.firm.attorney, request).await.2;
    assert_eq!(
        violations(refused(beyond(1, 600_001)).await),
        ["offset_bytes"]
    );
    assert_eq!(
        violations(refused(beyond(-1, -1)).await),
        ["offset_bytes", "version"]
    );
    assert_eq!(refusal(refused(beyond(2, 0)).await).0, Code::NotFound);
}

#[tokio::test]
async fn a_document_may_be_empty() {
    let case = Case::new().await;
    let document = case.document(b"").await;
    assert_eq!(document.latest_version.clone().unwrap().size_bytes, 0);
    assert!(
        download(&case.worker(), &document)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(is_tidy(&case.world).await);
}

#[tokio::test]
async fn a_label_is_a_label_whatever_it_looks_like() {
    let case = Case::new().await;
    let labels = [
        "../../../etc/passwd",
        "C:\\Windows\\System32",
        "📄 Schriftsatz für José",
        "a?b*c|d%2e%2e%2f",
        &"é".repeat(255),
    ];
    for label in labels {
        let header = UploadDocumentHeader {
            display_name: label.to_owned(),
            ..case.header(b"x")
        };
        let document = upload(&case.worker(), header, b"x").await.unwrap();
        assert_eq!(document.latest_version.unwrap().display_name, label);
    }
    for label in ["", " ", "a\0b", "a\nb", "a\u{202e}b", &"é".repeat(256)] {
        let header = UploadDocumentHeader {
            display_name: label.to_owned(),
            ..case.header(b"x")
        };
        let refused = upload(&case.worker(), header, b"x").await;
        assert_eq!(violations(refused), ["header.display_name"], "{label:?}");
    }
    assert!(
        is_tidy(&case.world).await,
        "what is stored is named by ids alone"
    );
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_header_is_told_at_once() {
    let case = Case::new().await;
    let header = UploadDocumentHeader {
        media_type: "pdf".to_owned(),
        size_bytes: -1,
        sha256: vec![0; 31].into(),
        matter: case.matter.name.clone(),
        display_name: String::new(),
        ..case.header(b"x")
    };
    assert_eq!(
        violations(upload(&case.worker(), header, b"x").await),
        [
            "header.display_name",
            "header.media_type",
            "header.sha256",
            "header.size_bytes",
            "header.task"
        ]
    );
    assert_eq!(violations(send(&case.worker(), vec![]).await), ["header"]);
    let headless = super::messages(case.header(b"x"), b"x").split_off(1);
    assert_eq!(violations(send(&case.worker(), headless).await), ["header"]);
    let other = case.world.firm("TWO").await;
    let elsewhere = UploadDocumentHeader {
        parent: other.name.clone(),
        ..case.header(b"x")
    };
    let refused = upload(&other.attorney, elsewhere, b"x").await;
    assert_eq!(violations(refused), ["header.task"]);
}

#[tokio::test]
async fn versions_are_kept_side_by_side_and_keep_their_labels() {
    let case = Case::new().await;
    let first = case.document(b"first").await;
    let renamed = UploadDocumentHeader {
        display_name: "Final.pdf".to_owned(),
        ..case.next(&first, b"third")
    };
    upload(&case.firm.attorney, case.next(&first, b"second"), b"second")
        .await
        .unwrap();
    let third = upload(&case.worker(), renamed, b"third").await.unwrap();
    assert_ne!(third.etag, first.etag);

    let mut attorney = case.firm.attorney.clone();
    let mut request = ListDocumentVersionsRequest {
        parent: first.name.clone(),
        page_size: 2,
        page_token: String::new(),
    };
    let page = attorney
        .documents
        .list_document_versions(request.clone())
        .await
        .unwrap()
        .into_inner();
    request.page_token = page.next_page_token;
    let last = attorney
        .documents
        .list_document_versions(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(last.next_page_token, "");
    let told: Vec<_> = page
        .versions
        .iter()
        .chain(&last.versions)
        .map(|version| (version.version, version.display_name.as_str()))
        .collect();
    assert_eq!(told, [(1, "Brief.pdf"), (2, "Brief.pdf"), (3, "Final.pdf")]);
    for (version, content) in [(1, "first"), (2, "second"), (3, "third"), (0, "third")] {
        let request = DownloadDocumentRequest {
            name: first.name.clone(),
            version,
            offset_bytes: 0,
        };
        let (_, got, _) = download_of(&case.worker(), request).await;
        assert_eq!(got, content.as_bytes());
    }
    assert!(is_tidy(&case.world).await);
}

#[tokio::test]
async fn two_versions_that_race_are_both_kept_in_some_order() {
    let case = Case::new().await;
    let document = case.document(b"first").await;
    let (worker, attorney) = (case.worker(), &case.firm.attorney);
    let (one, other) = tokio::join!(
        upload(&worker, case.next(&document, b"one"), b"one"),
        upload(attorney, case.next(&document, b"other"), b"other"),
    );
    let number = |document: Document| document.latest_version.unwrap().version;
    let mut numbers = [number(one.unwrap()), number(other.unwrap())];
    numbers.sort_unstable();
    assert_eq!(numbers, [2, 3]);
    assert!(is_tidy(&case.world).await);
}

#[tokio::test]
async fn a_deleted_document_is_read_about_and_not_downloaded() {
    let case = Case::new().await;
    let document = case.document(b"draft").await;
    let stale = DeleteDocumentRequest {
        name: document.name.clone(),
        etag: "\"9\"".to_owned(),
        request_id: String::new(),
    };
    let refused = case.worker().documents.delete_document(stale).await;
    assert_eq!(refusal(refused).0, Code::Aborted);
    let deleted = delete(&case.worker(), &document).await.unwrap();
    assert_eq!(deleted.state(), DocumentState::Deleted);
    assert!(
        deleted.purge_time.unwrap().seconds - deleted.delete_time.unwrap().seconds == 30 * 86_400
    );
    assert_eq!(
        get(&case.firm.attorney, &document.name).await.unwrap(),
        deleted
    );
    assert_eq!(
        refusal(download(&case.firm.attorney, &document).await).1,
        "WRONG_STATE"
    );
    assert_eq!(
        refusal(delete(&case.firm.attorney, &document).await).1,
        "WRONG_STATE"
    );
    let again = upload(&case.worker(), case.next(&document, b"x"), b"x").await;
    assert_eq!(refusal(again).1, "WRONG_STATE");
    assert!(
        is_tidy(&case.world).await,
        "the content is kept until it is purged"
    );
}

#[tokio::test]
async fn a_paralegal_deletes_what_they_alone_have_uploaded() {
    let case = Case::new().await;
    let theirs = upload(&case.firm.attorney, case.header(b"exhibit"), b"exhibit")
        .await
        .unwrap();
    assert_eq!(
        refusal(delete(&case.worker(), &theirs).await).1,
        "DOCUMENT_OF_OTHERS"
    );
    let own = case.document(b"draft").await;
    upload(&case.firm.attorney, case.next(&own, b"edited"), b"edited")
        .await
        .unwrap();
    assert_eq!(
        refusal(delete(&case.worker(), &own).await).1,
        "DOCUMENT_OF_OTHERS"
    );
    delete(&case.firm.attorney, &own).await.unwrap();
}

#[tokio::test]
async fn a_repeat_answers_the_same_document_and_stores_nothing_again() {
    let case = Case::new().await;
    let header = UploadDocumentHeader {
        request_id: "0b4f2a54-6d5e-4c5c-9d5c-2f5a3f3b9f10".to_owned(),
        ..case.header(b"once")
    };
    let person = case.worker();
    let (one, other) = tokio::join!(
        upload(&person, header.clone(), b"once"),
        upload(&person, header.clone(), b"once")
    );
    let document = one.unwrap();
    assert_eq!(other.unwrap(), document);
    // Nothing is read of what comes with a repeat.
    assert_eq!(
        upload(&person, header.clone(), b"").await.unwrap(),
        document
    );
    assert!(is_tidy(&case.world).await);
    assert_eq!(
        case.world
            .count("select count(*) from document_versions")
            .await,
        1
    );
    let other = UploadDocumentHeader {
        display_name: "Other.pdf".to_owned(),
        ..header
    };
    let reused = upload(&person, other, b"once").await;
    assert_eq!(refusal(reused).1, "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn documents_are_listed_by_matter_task_and_state() {
    let case = Case::new().await;
    let of_task = case.document(b"task").await;
    let header = UploadDocumentHeader {
        task: String::new(),
        matter: case.matter.name.clone(),
        ..case.header(b"matter")
    };
    let of_matter = upload(&case.firm.attorney, header, b"matter")
        .await
        .unwrap();
    let gone = case.document(b"gone").await;
    delete(&case.worker(), &gone).await.unwrap();
    let all = ListDocumentsRequest {
        parent: case.firm.name.clone(),
        ..ListDocumentsRequest::default()
    };
    let attorney = &case.firm.attorney;
    let names = [&of_task, &of_matter, &gone].map(|document| document.name.clone());
    assert_eq!(list(attorney, all.clone()).await, names);
    let by_matter = ListDocumentsRequest {
        matter: case.matter.name.clone(),
        states: vec![DocumentState::Active.into()],
        ..all.clone()
    };
    assert_eq!(list(attorney, by_matter).await, names[..2]);
    let by_task = ListDocumentsRequest {
        task: case.task.name.clone(),
        states: vec![DocumentState::Deleted.into()],
        ..all.clone()
    };
    assert_eq!(list(attorney, by_task).await, names[2..]);
    let everywhere = ListDocumentsRequest {
        parent: "firms/-".to_owned(),
        ..all.clone()
    };
    assert_eq!(
        list(&case.world.coordinator(), everywhere.clone()).await,
        names
    );
    // Of the matter's own a paralegal sees none.
    assert_eq!(
        list(&case.worker(), everywhere).await,
        [names[0].clone(), names[2].clone()]
    );

    let mut paged = Vec::new();
    let mut request = ListDocumentsRequest {
        page_size: 1,
        ..all
    };
    loop {
        let page = attorney
            .clone()
            .documents
            .list_documents(request.clone())
            .await
            .unwrap()
            .into_inner();
        paged.extend(page.documents.into_iter().map(|document| document.name));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(paged, names);
}
