//! Each service in a process of its own.

use std::time::Duration;

use anyhow::Result;
use caseload_auth::Role;
use caseload_auth::development::TokenRequest;
use caseload_proto::caseload::intake::v1::ListFirmsRequest;
use caseload_proto::caseload::intake::v1::firm_service_client::FirmServiceClient;
use caseload_runtime::{Channel, ChannelOptions, TokenSource};

use crate::processes::FourProcesses;

#[tokio::test]
async fn four_processes_become_ready_answer_and_stop_when_they_are_told() -> Result<()> {
    let suite = FourProcesses::start(&[("CASELOAD_TELEMETRY__LOG_FORMAT", "json")]).await?;
    let token = suite.issuer().mint(&TokenRequest {
        subject: "someone".to_owned(),
        roles: vec![Role::Coordinator],
        firm: None,
        paralegal: None,
        audiences: vec!["caseload-intake".to_owned()],
        lifetime: Duration::from_mins(1),
    })?;
    let tokens = TokenSource::fixed(token.into());
    let channel = Channel::lazy(
        &suite.endpoints().intake,
        ChannelOptions::with_tokens(tokens),
    )?;
    let firms = FirmServiceClient::new(channel)
        .list_firms(ListFirmsRequest::default())
        .await?;
    assert!(firms.into_inner().firms.is_empty());

    let logs = suite.logs();
    for line in logs
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("---"))
    {
        assert!(line.starts_with('{'), "not JSON: {line}");
    }
    assert!(
        !logs.contains("0123456789abcdef"),
        "a secret was printed: {logs}"
    );
    suite.stop().await
}
