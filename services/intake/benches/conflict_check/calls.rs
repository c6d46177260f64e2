//! Calls as callers make them.

use std::time::{Duration, Instant};

use caseload_domain::name::FirmName;
use caseload_proto::caseload::intake::v1::conflict_service_client::ConflictServiceClient;
use caseload_proto::caseload::intake::v1::firm_service_client::FirmServiceClient;
use caseload_proto::caseload::intake::v1::matter_service_client::MatterServiceClient;
use caseload_proto::caseload::intake::v1::request_service_client::RequestServiceClient;
use caseload_proto::caseload::intake::v1::task_service_client::TaskServiceClient;
use caseload_proto::caseload::intake::v1::{
    ConflictCheckState, CreateFirmRequest, CreateMatterRequest, CreateRequestRequest,
    CreateTaskRequest, Firm, Matter, Party, PartyRole, Request, SearchConflictNamesRequest,
    SubmitRequestRequest, SupervisingAttorney, Task,
};
use caseload_proto::caseload::r#type::v1::{HourlyPricing, Pricing, TaskKind, pricing};
use caseload_proto::convert::{seconds, timestamp};
use caseload_runtime::Channel;
use caseload_testing::{TestService, tokens};
use time::OffsetDateTime;

/// An officer, and a firm's attorney.
pub(crate) struct Caller {
    officer: ConflictServiceClient<Channel>,
    matters: MatterServiceClient<Channel>,
    requests: RequestServiceClient<Channel>,
    tasks: TaskServiceClient<Channel>,
    firm: String,
}

impl Caller {
    pub(crate) async fn begin(service: &TestService) -> Self {
        let firm = CreateFirmRequest {
            firm: Some(Firm {
                code: "ASKS".to_owned(),
                display_name: "Asks & Partners".to_owned(),
                time_zone: "America/Chicago".to_owned(),
                currency_code: "USD".to_owned(),
                supervising_attorneys: vec![SupervisingAttorney {
                    attorney_id: "roe".to_owned(),
                    display_name: "Jane Roe".to_owned(),
                    ..SupervisingAttorney::default()
                }],
                ..Firm::default()
            }),
            request_id: String::new(),
        };
        let mut firms = FirmServiceClient::new(service.channel(tokens::coordinator()));
        let firm = firms.create_firm(firm).await.unwrap().into_inner().name;
        let id = firm.parse::<FirmName>().unwrap().0;
        let attorney = service.channel(tokens::attorney(id));
        Self {
            officer: ConflictServiceClient::new(service.channel(tokens::conflict_officer())),
            matters: MatterServiceClient::new(attorney.clone()),
            requests: RequestServiceClient::new(attorney.clone()),
            tasks: TaskServiceClient::new(attorney),
            firm,
        }
    }

    /// Looks a name up: how long it takes, and how many names there are.
    pub(crate) async fn look_up(&mut self, name: &str) -> (Duration, usize) {
        let search = SearchConflictNamesRequest {
            name: name.to_owned(),
            ..SearchConflictNamesRequest::default()
        };
        let begun = Instant::now();
        let answer = self.officer.search_conflict_names(search).await.unwrap();
        let took = begun.elapsed();
        let found = answer.into_inner().total_matches;
        (took, usize::try_from(found).unwrap())
    }

    /// Writes a matter of four names, and submits a request on it: how long either takes, and whether it is clear.
    pub(crate) async fn check(&mut self, names: &[String]) -> (Duration, Duration, bool) {
        let [client, affiliate, adverse, other] = names else {
            panic!("four names");
        };
        let party = |name: &str, role: PartyRole| Party {
            display_name: name.to_owned(),
            role: role.into(),
            ..Party::default()
        };
        let matter = CreateMatterRequest {
            parent: self.firm.clone(),
            matter: Some(Matter {
                caption: "A matter".to_owned(),
                client_display_name: client.clone(),
                practice_area: "Patent Law".to_owned(),
                parties: vec![
                    party(affiliate, PartyRole::ClientAffiliate),
                    party(adverse, PartyRole::Adverse),
                    party(other, PartyRole::AdverseAffiliate),
                ],
                ..Matter::default()
            }),
            request_id: String::new(),
        };
        let begun = Instant::now();
        let matter = self.matters.create_matter(matter).await.unwrap();
        let created_in = begun.elapsed();
        let request = self.draft(matter.into_inner().name).await;
        let submit = SubmitRequestRequest {
            name: request,
            ..SubmitRequestRequest::default()
        };
        let begun = Instant::now();
        let answer = self.requests.submit_request(submit).await.unwrap();
        let checked_in = begun.elapsed();
        let clear = answer.into_inner().conflict_state() == ConflictCheckState::Clear;
        (created_in, checked_in, clear)
    }

    async fn draft(&mut self, matter: String) -> String {
        let draft = CreateRequestRequest {
            parent: self.firm.clone(),
            request: Some(Request {
                matter,
                title: "Research".to_owned(),
                supervising_attorney_id: "roe".to_owned(),
                ..Request::default()
            }),
            request_id: String::new(),
        };
        let draft = self.requests.create_request(draft).await.unwrap();
        let draft = draft.into_inner().name;
        let hourly = pricing::Model::Hourly(HourlyPricing {
            rate: None,
            cap: None,
        });
        let task = CreateTaskRequest {
            parent: self.firm.clone(),
            task: Some(Task {
                request: draft.clone(),
                title: "Research".to_owned(),
                kind: TaskKind::LegalResearch.into(),
                effort_estimate: Some(seconds(3_600)),
                due_time: Some(timestamp(
                    OffsetDateTime::now_utc() + time::Duration::days(7),
                )),
                pricing: Some(Pricing {
                    model: Some(hourly),
                }),
                ..Task::default()
            }),
            request_id: String::new(),
        };
        self.tasks.create_task(task).await.unwrap();
        draft
    }
}
