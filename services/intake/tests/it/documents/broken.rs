//! Of an upload that goes wrong nothing is left.

use bytes::Bytes;
use caseload_proto::caseload::intake::v1::upload_document_request::Part;
use caseload_proto::caseload::intake::v1::*;
use caseload_testing::{eventually, tokens};
use futures::StreamExt as _;
use tonic::Code;

use super::{CHUNK, Case, becomes_tidy, is_tidy, message, messages, send, upload};
use crate::world::{refusal, violations};

#[tokio::test]
async fn content_that_is_not_what_was_declared_is_refused_and_removed() {
    let case = Case::new().await;
    let declared = case.header(b"affidavit");
    for (content, reason) in [
        ("affidavi", "DOCUMENT_SIZE_MISMATCH"),
        ("", "DOCUMENT_SIZE_MISMATCH"),
        ("affidavits", "DOCUMENT_SIZE_MISMATCH"),
        ("Affidavit", "DOCUMENT_HASH_MISMATCH"),
    ] {
        let refused = upload(&case.worker(), declared.clone(), content.as_bytes()).await;
        assert_eq!(refusal(refused), (Code::InvalidArgument, reason.to_owned()));
        assert!(is_tidy(&case.world).await, "{content}");
    }
    assert_eq!(case.world.count("select count(*) from documents").await, 0);
}

#[tokio::test]
async fn content_of_several_parts_that_turns_out_wrong_is_removed() {
    let case = Case::new().await;
    let mut content = vec![7; 11 * 1024 * 1024];
    let declared = case.header(&content);
    content[9_000_000] = 8;
    let refused = upload(&case.worker(), declared, &content).await;
    assert_eq!(refusal(refused).1, "DOCUMENT_HASH_MISMATCH");
    assert!(is_tidy(&case.world).await);
}

#[tokio::test]
async fn messages_out_of_place_are_refused() {
    let case = Case::new().await;
    let header = case.header(&[1; 10]);
    let start = || messages(header.clone(), &[1; 5]);
    for (odd, field) in [
        (message(Part::Header(header.clone())), "header"),
        (message(Part::Chunk(Bytes::new())), "chunk"),
        (message(Part::Chunk(vec![1; CHUNK + 1].into())), "chunk"),
        (UploadDocumentRequest { part: None }, "chunk"),
    ] {
        let with_odd = [start(), vec![odd]].concat();
        assert_eq!(violations(send(&case.worker(), with_odd).await), [field]);
        assert!(is_tidy(&case.world).await);
    }
}

/// The beginning of an upload that never goes on.
fn unfinished(case: &Case) -> impl futures::Stream<Item = UploadDocumentRequest> + Send + 'static {
    let content = vec![3; 7 * 1024 * 1024];
    let mut begun = messages(case.header(&content), &content);
    begun.pop();
    futures::stream::iter(begun).chain(futures::stream::pending())
}

async fn some_is_stored(case: &Case) {
    eventually("something is stored", async || {
        super::files(case.world.folder.path())
            .iter()
            .any(|file| file.contains('#'))
    })
    .await;
}

#[tokio::test]
async fn a_caller_who_cancels_leaves_nothing_behind() {
    let case = Case::new().await;
    let (mut person, messages) = (case.worker(), unfinished(&case));
    let call = tokio::spawn(async move { person.documents.upload_document(messages).await });
    some_is_stored(&case).await;
    call.abort();
    becomes_tidy(&case.world).await;
}

#[tokio::test]
async fn a_connection_that_drops_leaves_nothing_behind() {
    let case = Case::new().await;
    let messages = unfinished(&case);
    let (endpoint, token) = (
        case.world.service.endpoint(),
        tokens::paralegal(case.paralegal),
    );
    // A runtime of its own, which takes the connection with it when it goes.
    let elsewhere = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    elsewhere.spawn(async move {
        let tokens = caseload_runtime::TokenSource::fixed(token.into());
        let options = caseload_runtime::ChannelOptions::with_tokens(tokens);
        let channel = caseload_runtime::Channel::lazy(&endpoint, options).unwrap();
        let mut client = document_service_client::DocumentServiceClient::new(channel);
        client.upload_document(messages).await
    });
    some_is_stored(&case).await;
    elsewhere.shutdown_background();
    becomes_tidy(&case.world).await;
}

#[tokio::test]
async fn an_upload_whose_deadline_passes_leaves_nothing_behind() {
    let case = Case::new().await;
    let mut request = tonic::Request::new(unfinished(&case));
    request.set_timeout(std::time::Duration::from_millis(1_500));
    let refused = case.worker().documents.upload_document(request).await;
    let code = refusal(refused).0;
    assert!(
        matches!(code, Code::DeadlineExceeded | Code::Cancelled),
        "{code:?}"
    );
    becomes_tidy(&case.world).await;
}

#[tokio::test]
async fn whoever_is_released_while_they_upload_has_uploaded_nothing() {
    let case = Case::new().await;
    let content = [5; 10];
    let [head, chunk] = <[_; 2]>::try_from(messages(case.header(&content), &content)).unwrap();
    let (say, said) = tokio::sync::mpsc::channel(2);
    let messages = tokio_stream::wrappers::ReceiverStream::new(said);
    say.send(head).await.unwrap();
    let mut person = case.worker();
    let call = tokio::spawn(async move { person.documents.upload_document(messages).await });
    eventually("the upload is under way", async || {
        case.world
            .count("select count(*) from document_uploads")
            .await
            == 1
    })
    .await;
    super::access::release(&case).await;
    say.send(chunk).await.unwrap();
    drop(say);
    assert_eq!(refusal(call.await.unwrap()).0, Code::NotFound);
    assert!(is_tidy(&case.world).await);
}
