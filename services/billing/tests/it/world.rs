//! The service under test, what it follows, and people to call it.

use caseload_billing::MIGRATIONS;
use caseload_billing::config::BillingConfig;
use caseload_domain::name::{FirmName, MatterName, ParalegalName};
use caseload_domain::{Currency, FirmId, MatterId, Money, ParalegalId};
use caseload_proto::caseload::billing::v1::billable_item_service_client::BillableItemServiceClient;
use caseload_proto::caseload::billing::v1::billing_profile_service_client::BillingProfileServiceClient;
use caseload_proto::caseload::billing::v1::earning_service_client::EarningServiceClient;
use caseload_proto::caseload::billing::v1::invoice_service_client::InvoiceServiceClient;
use caseload_proto::caseload::billing::v1::rate_card_service_client::RateCardServiceClient;
use caseload_proto::caseload::billing::v1::{
    BillableItem, BillableItemState, CreateInvoiceRequest, CreateRateCardRequest, Invoice,
    InvoiceLine, IssueInvoiceRequest, ListBillableItemsRequest, ListInvoiceLinesRequest, RateCard,
    RateCardEntry,
};
use caseload_proto::google::r#type as common;
use caseload_runtime::Channel;
use caseload_testing::{TestDatabase, TestService, Upstream, eventually, service, tokens};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// The service under test with what it follows.
pub(crate) struct World {
    pub(crate) intake: Upstream,
    pub(crate) assignment: Upstream,
    pub(crate) timekeeping: Upstream,
    pub(crate) service: TestService,
    pub(crate) database: TestDatabase,
}

/// So many cents.
pub(crate) fn usd(minor: i64) -> common::Money {
    Money::new(minor, Currency::USD).into()
}

/// A day of March 2026.
pub(crate) fn march(day: i32) -> common::Date {
    common::Date {
        year: 2026,
        month: 3,
        day,
    }
}

/// The cents of an amount.
pub(crate) fn cents(money: Option<&common::Money>) -> i64 {
    Money::try_from(money.expect("an amount")).unwrap().minor
}

/// The reason of a status.
pub(crate) fn reason(status: &Status) -> String {
    status
        .get_error_details()
        .error_info()
        .map(|info| info.reason.clone())
        .unwrap_or_default()
}

/// The fields that a bad request names, in order.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    let details = status.get_error_details();
    let violations = &details.bad_request().expect("violations").field_violations;
    violations
        .iter()
        .map(|violation| violation.field.clone())
        .collect()
}

impl World {
    /// Starts everything.
    pub(crate) async fn new() -> Self {
        let database = caseload_testing::database("billing", &MIGRATIONS).await;
        let intake = Upstream::start("intake").await;
        let assignment = Upstream::start("assignment").await;
        let timekeeping = Upstream::start("timekeeping").await;
        let settings = BillingConfig {
            vendor_name: "Caseload Paralegals".to_owned(),
            vendor_id: "12-3456789".to_owned(),
            ..BillingConfig::default()
        };
        let mut config = service::config(database.config(), settings);
        config.events = [
            ("intake", &intake),
            ("assignment", &assignment),
            ("timekeeping", &timekeeping),
        ]
        .map(|(name, upstream)| (name.to_owned(), upstream.config()))
        .into();
        // Many calls share one subject.
        config.server.rate.per_second = 100_000;
        config.server.rate.burst = 100_000;
        let service = TestService::start(config, caseload_billing::build).await;
        service.ready().await;
        Self {
            intake,
            assignment,
            timekeeping,
            service,
            database,
        }
    }

    pub(crate) fn clerk(&self) -> Channel {
        self.service.channel(tokens::billing_clerk())
    }

    pub(crate) fn admin_of(&self, firm: FirmId) -> Channel {
        self.service.channel(tokens::firm_admin(firm))
    }

    pub(crate) fn cards(&self) -> RateCardServiceClient<Channel> {
        RateCardServiceClient::new(self.clerk())
    }

    pub(crate) fn profiles(&self) -> BillingProfileServiceClient<Channel> {
        BillingProfileServiceClient::new(self.clerk())
    }

    pub(crate) fn items(&self) -> BillableItemServiceClient<Channel> {
        BillableItemServiceClient::new(self.clerk())
    }

    pub(crate) fn invoices(&self) -> InvoiceServiceClient<Channel> {
        InvoiceServiceClient::new(self.clerk())
    }

    pub(crate) fn earnings(&self) -> EarningServiceClient<Channel> {
        EarningServiceClient::new(self.clerk())
    }

    /// The one number that a query answers.
    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(&mut self.database.inspect().await)
            .await
            .unwrap()
    }

    /// A card of one rate for everything, from 2026 on.
    pub(crate) async fn card(&self, firm: FirmId, rate: common::Money) -> RateCard {
        self.cards()
            .create_rate_card(CreateRateCardRequest {
                parent: FirmName(firm).to_string(),
                rate_card: Some(one_rate("Standard 2026", rate)),
                request_id: String::new(),
            })
            .await
            .unwrap()
            .into_inner()
    }

    /// The items of a firm in a state.
    pub(crate) async fn in_state(
        &self,
        firm: FirmId,
        state: BillableItemState,
    ) -> Vec<BillableItem> {
        let request = ListBillableItemsRequest {
            parent: FirmName(firm).to_string(),
            page_size: 1000,
            states: vec![state.into()],
            ..Default::default()
        };
        self.items()
            .list_billable_items(request)
            .await
            .unwrap()
            .into_inner()
            .billable_items
    }

    /// Waits until so many items of a firm are in a state.
    pub(crate) async fn has(&self, firm: FirmId, count: usize, state: BillableItemState) {
        eventually(&format!("{count} items in {state:?}"), async || {
            self.in_state(firm, state).await.len() == count
        })
        .await;
    }

    /// Waits until so many items of a firm wait for an invoice.
    pub(crate) async fn ready(&self, firm: FirmId, count: usize) {
        self.has(firm, count, BillableItemState::Unbilled).await;
    }

    /// Drafts an invoice for March.
    pub(crate) async fn try_draft(&self, firm: FirmId) -> Result<Invoice, Status> {
        self.invoices()
            .create_invoice(for_march(firm))
            .await
            .map(tonic::Response::into_inner)
    }

    /// Drafts an invoice for March.
    pub(crate) async fn draft(&self, firm: FirmId) -> Invoice {
        self.try_draft(firm).await.unwrap()
    }

    /// Issues a draft.
    pub(crate) async fn issue(&self, draft: &Invoice) -> Result<Invoice, Status> {
        let request = IssueInvoiceRequest {
            name: draft.name.clone(),
            etag: draft.etag.clone(),
            request_id: String::new(),
        };
        self.invoices()
            .issue_invoice(request)
            .await
            .map(tonic::Response::into_inner)
    }

    /// The lines of an invoice.
    pub(crate) async fn lines(&self, invoice: &Invoice) -> Vec<InvoiceLine> {
        let request = ListInvoiceLinesRequest {
            parent: invoice.name.clone(),
            page_size: 1000,
            page_token: String::new(),
        };
        self.invoices()
            .list_invoice_lines(request)
            .await
            .unwrap()
            .into_inner()
            .invoice_lines
    }
}

/// A card of one rate for everything, from 2026 on.
pub(crate) fn one_rate(display_name: &str, rate: common::Money) -> RateCard {
    RateCard {
        display_name: display_name.to_owned(),
        effective_start_date: Some(common::Date {
            year: 2026,
            month: 1,
            day: 1,
        }),
        entries: vec![RateCardEntry {
            hourly_rate: Some(rate),
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// Asks for a draft of March.
pub(crate) fn for_march(firm: FirmId) -> CreateInvoiceRequest {
    CreateInvoiceRequest {
        parent: FirmName(firm).to_string(),
        invoice: Some(Invoice {
            period_start_date: Some(march(1)),
            period_end_date: Some(march(31)),
            ..Default::default()
        }),
        request_id: String::new(),
    }
}

pub(crate) fn matter_name(firm: FirmId, matter: MatterId) -> String {
    MatterName::new(firm, matter).to_string()
}

pub(crate) fn paralegal_name(paralegal: ParalegalId) -> String {
    ParalegalName(paralegal).to_string()
}
