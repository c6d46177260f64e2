//! Who calls what: the people of the demonstration, each with their own token, and clients of every service.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use caseload_auth::Role;
use caseload_auth::development::{DevelopmentIssuer, TokenRequest};
use caseload_domain::{FirmId, ParalegalId};
use caseload_proto::caseload::{assignment, billing, intake, timekeeping};
use caseload_runtime::{Channel, ChannelOptions, TokenError, TokenSource};
use secrecy::SecretString;
use tonic::{Code, Status};

use crate::services::SERVICES;
use crate::suite::Endpoints;

/// How long a token of the demonstration is valid; the token source asks for another well before.
const TOKEN_LIFETIME: Duration = Duration::from_mins(10);

/// Someone who calls the suite.
#[derive(Debug, Clone)]
pub struct Person {
    /// The token's subject.
    pub subject: String,
    /// What they are.
    pub role: Role,
    /// Their firm, for attorneys and firm administrators.
    pub firm: Option<FirmId>,
    /// Themselves, for paralegals.
    pub paralegal: Option<ParalegalId>,
}

impl Person {
    /// Someone of the suite's own staff.
    pub fn staff(role: Role) -> Self {
        Self {
            subject: format!("demo:{role}"),
            role,
            firm: None,
            paralegal: None,
        }
    }

    /// An attorney of a firm.
    pub fn attorney(firm: FirmId) -> Self {
        Self {
            subject: format!("demo:attorney:{firm}"),
            role: Role::Attorney,
            firm: Some(firm),
            paralegal: None,
        }
    }

    /// A paralegal.
    pub fn paralegal(paralegal: ParalegalId) -> Self {
        Self {
            subject: format!("demo:paralegal:{paralegal}"),
            role: Role::Paralegal,
            firm: None,
            paralegal: Some(paralegal),
        }
    }

    /// The token that they call with, for every service.
    pub fn token(&self) -> TokenRequest {
        TokenRequest {
            subject: self.subject.clone(),
            roles: vec![self.role],
            firm: self.firm,
            paralegal: self.paralegal,
            audiences: SERVICES
                .iter()
                .map(|service| service.audience.to_owned())
                .collect(),
            lifetime: TOKEN_LIFETIME,
        }
    }
}

/// The connections to the four services, and the issuer of everyone's tokens.
#[derive(Clone)]
pub struct Desk {
    intake: Channel,
    assignment: Channel,
    timekeeping: Channel,
    billing: Channel,
    issuer: Arc<DevelopmentIssuer>,
}

impl Desk {
    /// Connects when first used.
    pub fn new(endpoints: &Endpoints, issuer: Arc<DevelopmentIssuer>) -> Result<Self> {
        let channel = |endpoint: &str| {
            let options = ChannelOptions {
                deadline: Some(Duration::from_mins(1)),
                ..ChannelOptions::default()
            };
            Channel::lazy(endpoint, options)
        };
        Ok(Self {
            intake: channel(&endpoints.intake)?,
            assignment: channel(&endpoints.assignment)?,
            timekeeping: channel(&endpoints.timekeeping)?,
            billing: channel(&endpoints.billing)?,
            issuer,
        })
    }

    /// The services as someone calls them.
    pub fn of(&self, person: &Person) -> Clients {
        let issuer = Arc::clone(&self.issuer);
        let request = person.token();
        let tokens = TokenSource::minted(move || {
            issuer
                .mint(&request)
                .map(SecretString::from)
                .map_err(|why| TokenError::NotIssued(why.to_string()))
        });
        Clients {
            intake: self.intake.with_tokens(tokens.clone()),
            assignment: self.assignment.with_tokens(tokens.clone()),
            timekeeping: self.timekeeping.with_tokens(tokens.clone()),
            billing: self.billing.with_tokens(tokens),
        }
    }
}

/// The services as one person calls them.
#[derive(Clone)]
pub struct Clients {
    intake: Channel,
    assignment: Channel,
    timekeeping: Channel,
    billing: Channel,
}

macro_rules! clients {
    ($($(#[$doc:meta])* $method:ident: $channel:ident, $module:ident :: $client:ident;)*) => {
        impl Clients {$(
            $(#[$doc])*
            pub fn $method(&self) -> $channel::v1::$module::$client<Channel> {
                $channel::v1::$module::$client::new(self.$channel.clone())
            }
        )*}
    };
}

clients! {
    /// Firms.
    firms: intake, firm_service_client::FirmServiceClient;
    /// Matters.
    matters: intake, matter_service_client::MatterServiceClient;
    /// Conflict checks.
    conflicts: intake, conflict_service_client::ConflictServiceClient;
    /// Requests.
    requests: intake, request_service_client::RequestServiceClient;
    /// Tasks.
    tasks: intake, task_service_client::TaskServiceClient;
    /// Comments on tasks.
    comments: intake, comment_service_client::CommentServiceClient;
    /// Documents.
    documents: intake, document_service_client::DocumentServiceClient;
    /// Templates of requests.
    request_templates: intake, request_template_service_client::RequestTemplateServiceClient;
    /// Imports of requests.
    request_imports: intake, request_import_service_client::RequestImportServiceClient;
    /// Undertakings of confidentiality.
    undertakings: intake, undertaking_service_client::UndertakingServiceClient;
    /// Deliveries.
    deliveries: intake, delivery_service_client::DeliveryServiceClient;
    /// Paralegals.
    paralegals: assignment, paralegal_service_client::ParalegalServiceClient;
    /// Candidates for a task.
    candidates: assignment, candidate_service_client::CandidateServiceClient;
    /// Plans.
    plans: assignment, plan_service_client::PlanServiceClient;
    /// Assignments.
    assignments: assignment, assignment_service_client::AssignmentServiceClient;
    /// Timers.
    timers: timekeeping, timer_service_client::TimerServiceClient;
    /// Time entries.
    time_entries: timekeeping, time_entry_service_client::TimeEntryServiceClient;
    /// Time rules.
    time_rules: timekeeping, time_rules_service_client::TimeRulesServiceClient;
    /// Rate cards.
    rate_cards: billing, rate_card_service_client::RateCardServiceClient;
    /// Billable items.
    billable_items: billing, billable_item_service_client::BillableItemServiceClient;
    /// Invoices.
    invoices: billing, invoice_service_client::InvoiceServiceClient;
    /// Earnings.
    earnings: billing, earning_service_client::EarningServiceClient;
}

/// How long one service may take to hear of what another did.
const HEARSAY: Duration = Duration::from_secs(30);
/// How often it is asked.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// Repeats a call that names something which another service made a moment ago, until it is known there.
pub async fn once_known<T, F>(mut call: F) -> Result<T, Status>
where
    F: AsyncFnMut() -> Result<tonic::Response<T>, Status>,
{
    let until = tokio::time::Instant::now() + HEARSAY;
    loop {
        match call().await {
            Ok(answer) => return Ok(answer.into_inner()),
            Err(status)
                if matches!(status.code(), Code::NotFound | Code::FailedPrecondition)
                    && tokio::time::Instant::now() < until =>
            {
                tokio::time::sleep(ASK_EVERY).await;
            }
            Err(status) => return Err(status),
        }
    }
}

/// A new request id.
pub fn request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}
