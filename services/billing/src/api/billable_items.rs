//! Billable items.

use caseload_domain::MatterId;
use caseload_domain::name::{DeliveryName, FirmParent, MatterName, TaskName, TimeEntryName};
use caseload_proto::caseload::billing::v1::billable_item_service_server::BillableItemService;
use caseload_proto::caseload::billing::v1::{
    BillableItem, BillableItemKind, BillableItemState, ListBillableItemsRequest,
    ListBillableItemsResponse, UnpricedReason,
};
use caseload_proto::convert::{seconds, timestamp};
use caseload_proto::parse::Violations;
use caseload_runtime::Call;
use tonic::{Request, Response, Status, async_trait};

use super::{Billing, optional_date, ordered, parse_states, price};
use crate::domain::lines::ItemKind;
use crate::domain::price::Unpriced;
use crate::error::Error;
use crate::store::listed_items::{self, After, Filter, Listed, Source, Standing};

#[async_trait]
impl BillableItemService for Billing {
    async fn list_billable_items(
        &self,
        request: Request<ListBillableItemsRequest>,
    ) -> Result<Response<ListBillableItemsResponse>, Status> {
        let (call, mut request) = Call::open(
            request,
            "caseload.billing.v1.BillableItemService/ListBillableItems",
        )?;
        let mut violations = Violations::new();
        let size = call.page_size(&mut violations, request.page_size);
        let parent = violations.keep("parent", request.parent.parse::<FirmParent>());
        let matter = parse_matter(&mut violations, &request.matter, parent);
        let standings = standings(&mut violations, &request.states);
        let start = optional_date(&mut violations, "start_date", request.start_date.as_ref());
        let end = optional_date(&mut violations, "end_date", request.end_date.as_ref());
        ordered(&mut violations, "end_date", start.flatten(), end.flatten());
        let parsed = (|| Some((size?, parent?, matter?, start?, end?)))();
        let (size, parent, matter, start, end) = violations.finish(parsed)?;
        let scope = call.scope_of_list(parent, &request.parent)?;
        let filter = Filter {
            firm: parent.one().or(call.caller.firm()),
            matter,
            standings,
            start,
            end,
            hide_drafts: call.caller.firm().is_some(),
        };
        request.page_size = 0;
        let token = std::mem::take(&mut request.page_token);
        let list = call.list(&request);
        let page = self.page_of::<After>(&list, &token, size)?;
        let limit = page.limit();
        let mut items = self
            .db
            .run(scope, move |tx| {
                Box::pin(async move { listed_items::list(tx, &filter, page.after, limit).await })
            })
            .await
            .map_err(|error: Error| Status::from(error))?;
        let next_page_token = self.next_page(&list, &mut items, size, After::of)?;
        Ok(Response::new(ListBillableItemsResponse {
            billable_items: items.into_iter().map(message).collect(),
            next_page_token,
        }))
    }
}

/// The matter, which must be of the parent; the inner None: any.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn parse_matter(
    violations: &mut Violations,
    text: &str,
    parent: Option<FirmParent>,
) -> Option<Option<MatterId>> {
    if text.is_empty() {
        return Some(None);
    }
    let name: MatterName = violations.keep("matter", text.parse())?;
    let within = match parent? {
        FirmParent::One(firm) => firm == name.firm,
        FirmParent::All => true,
    };
    violations.check("matter", within, "is not a matter of the parent");
    Some(Some(name.id))
}

/// Where the items may stand: when nothing is said, where something is to be done about them.
fn standings(violations: &mut Violations, states: &[i32]) -> Vec<Standing> {
    if states.is_empty() {
        return vec![Standing::Unpriced, Standing::Unbilled];
    }
    let why = "is not a state of a billable item";
    parse_states(violations, states, why, |state| match state {
        BillableItemState::Unspecified => None,
        BillableItemState::Unpriced => Some(Standing::Unpriced),
        BillableItemState::Unbilled => Some(Standing::Unbilled),
        BillableItemState::Drafted => Some(Standing::Drafted),
        BillableItemState::Billed => Some(Standing::Billed),
        BillableItemState::Reversed => Some(Standing::Reversed),
    })
}

fn message(item: Listed) -> BillableItem {
    let firm = item.name.firm;
    let mut message = BillableItem {
        name: item.name.to_string(),
        kind: kind(item.kind).into(),
        state: state(item.standing).into(),
        unpriced_reason: item
            .reason
            .map_or(UnpricedReason::Unspecified, reason)
            .into(),
        source: match item.source {
            Source::Time(entry) => TimeEntryName::new(firm, entry).to_string(),
            Source::Delivery(delivery) => DeliveryName::new(firm, delivery).to_string(),
        },
        matter: MatterName::new(firm, item.matter).to_string(),
        task: TaskName::new(firm, item.task).to_string(),
        item_date: Some(item.day.into()),
        description: item.description,
        billed: item.billed_seconds.map(seconds),
        invoice: item
            .invoice
            .map(|invoice| invoice.to_string())
            .unwrap_or_default(),
        ..BillableItem::default()
    };
    if let Some(listing) = item.price {
        message.hourly_rate = listing.rate.map(Into::into);
        message.charge = Some(listing.charge.into());
        message.price_basis = Some(price::basis(firm, listing.rule, listing.explanation));
        message.price_time = Some(timestamp(listing.price_time));
    }
    message
}

const fn kind(kind: ItemKind) -> BillableItemKind {
    match kind {
        ItemKind::Time => BillableItemKind::Time,
        ItemKind::ProjectFee => BillableItemKind::ProjectFee,
        ItemKind::MilestoneFee => BillableItemKind::MilestoneFee,
        ItemKind::Credit => BillableItemKind::Credit,
    }
}

const fn state(standing: Standing) -> BillableItemState {
    match standing {
        Standing::Unpriced => BillableItemState::Unpriced,
        Standing::Unbilled => BillableItemState::Unbilled,
        Standing::Drafted => BillableItemState::Drafted,
        Standing::Billed => BillableItemState::Billed,
        Standing::Reversed => BillableItemState::Reversed,
    }
}

const fn reason(why: Unpriced) -> UnpricedReason {
    match why {
        Unpriced::TaskUnknown => UnpricedReason::TaskUnknown,
        Unpriced::MatterUnknown => UnpricedReason::MatterUnknown,
        Unpriced::ParalegalUnknown => UnpricedReason::ParalegalUnknown,
        Unpriced::NoRateCard => UnpricedReason::NoRateCard,
        Unpriced::NoRate => UnpricedReason::NoRate,
        Unpriced::CapCurrency => UnpricedReason::CapCurrency,
        Unpriced::NoFee => UnpricedReason::NoFee,
    }
}
