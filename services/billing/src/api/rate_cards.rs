//! Rate cards.

use caseload_domain::name::{FirmName, FirmParent, RateCardName};
use caseload_domain::practice_area::PracticeArea;
use caseload_domain::work::TaskKind;
use caseload_domain::{HourlyRate, RateCardId, Scope};
use caseload_events::Act;
use caseload_proto::caseload::billing::v1::rate_card_service_server::RateCardService;
use caseload_proto::caseload::billing::v1::{
    CreateRateCardRequest, GetRateCardRequest, ListRateCardsRequest, ListRateCardsResponse,
    RateCard as Message, RateCardEntry,
};
use caseload_proto::caseload::r#type::v1 as types;
use caseload_proto::convert::{level, task_kind, timestamp};
use caseload_proto::parse::Violations;
use caseload_proto::status::not_found;
use caseload_runtime::Call;
use serde_json::json;
use tonic::{Request, Response, Status, async_trait};

use super::{Billing, optional_date, ordered, required_date};
use crate::domain::rate_card::{Entry, RateCard, repeated};
use crate::error::Error;
use crate::store::rate_cards::{self, After, Kept};
use crate::store::{known, lock_firm};
use crate::work::pricing::price_waiting;

/// The most entries of a card.
const MOST_ENTRIES: usize = 500;

#[async_trait]
impl RateCardService for Billing {
    async fn create_rate_card(
        &self,
        request: Request<CreateRateCardRequest>,
    ) -> Result<Response<Message>, Status> {
        let (call, request) = Call::open(
            request,
            "caseload.billing.v1.RateCardService/CreateRateCard",
        )?;
        let mut violations = Violations::new();
        let retry = call.retry(&mut violations, &request.request_id, &request);
        let firm = violations.keep("parent", request.parent.parse::<FirmName>());
        let card = parse_card(&mut violations, request.rate_card.as_ref());
        let (FirmName(firm), card) = violations.finish(firm.zip(card))?;
        let created = self
            .db
            .run_once(Scope::Firm(firm), retry, move |tx| {
                Box::pin(async move {
                    lock_firm(tx, firm).await?;
                    let billed_in = known::firm(tx, firm)
                        .await?
                        .ok_or_else(|| Error::NotFound(FirmName(firm).to_string()))?
                        .currency;
                    if card.currency != billed_in {
                        return Err(Error::CurrencyMismatch {
                            given: card.currency,
                            firm: billed_in,
                        });
                    }
                    let act = Act::from(&call);
                    rate_cards::insert(tx, firm, &card, act.now).await?;
                    price_waiting(tx, firm, None, act.now).await?;
                    let kept = Kept {
                        name: RateCardName::new(firm, card.id),
                        card,
                        create_time: act.now,
                    };
                    let (name, after) = (kept.name.to_string(), for_record(&kept.card));
                    act.record(tx, Some(firm), name, None, Some(after)).await?;
                    Ok(message(&kept))
                })
            })
            .await
            .map_err(|error: Error| Status::from(error))?;
        Ok(Response::new(created))
    }

    async fn get_rate_card(
        &self,
        request: Request<GetRateCardRequest>,
    ) -> Result<Response<Message>, Status> {
        let (call, request) =
            Call::open(request, "caseload.billing.v1.RateCardService/GetRateCard")?;
        let mut violations = Violations::new();
        let name = violations.keep("name", request.name.parse::<RateCardName>());
        let name = violations.finish(name)?;
        let scope = call.scope(name.firm, name)?;
        let kept = self
            .db
            .run(scope, move |tx| {
                Box::pin(async move { rate_cards::get(tx, name).await })
            })
            .await?
            .ok_or_else(|| not_found(name))?;
        Ok(Response::new(message(&kept)))
    }

    async fn list_rate_cards(
        &self,
        request: Request<ListRateCardsRequest>,
    ) -> Result<Response<ListRateCardsResponse>, Status> {
        let (call, mut request) =
            Call::open(request, "caseload.billing.v1.RateCardService/ListRateCards")?;
        let mut violations = Violations::new();
        let parent = violations.keep("parent", request.parent.parse::<FirmParent>());
        let size = call.page_size(&mut violations, request.page_size);
        let (parent, size) = violations.finish(parent.zip(size))?;
        let scope = call.scope_of_list(parent, &request.parent)?;
        request.page_size = 0;
        let token = std::mem::take(&mut request.page_token);
        let list = call.list(&request);
        let page = self.page_of::<After>(&list, &token, size)?;
        let limit = page.limit();
        let firm = parent.one().or(call.caller.firm());
        let mut cards = self
            .db
            .run(scope, move |tx| {
                Box::pin(async move { rate_cards::list(tx, firm, page.after, limit).await })
            })
            .await?;
        let next_page_token = self.next_page(&list, &mut cards, size, After::of)?;
        Ok(Response::new(ListRateCardsResponse {
            rate_cards: cards.iter().map(message).collect(),
            next_page_token,
        }))
    }
}

fn parse_card(violations: &mut Violations, card: Option<&Message>) -> Option<RateCard> {
    let card = violations.required("rate_card", card)?;
    let display_name = violations.text("rate_card.display_name", &card.display_name, 100);
    let start = required_date(
        violations,
        "rate_card.effective_start_date",
        card.effective_start_date.as_ref(),
    );
    let end = optional_date(
        violations,
        "rate_card.effective_end_date",
        card.effective_end_date.as_ref(),
    );
    ordered(
        violations,
        "rate_card.effective_end_date",
        start,
        end.flatten(),
    );
    let entries = parse_entries(violations, &card.entries);
    let entries = entries?;
    let currency = entries.first()?.rate.currency();
    Some(RateCard {
        id: RateCardId::generate(),
        display_name: display_name?,
        start: start?,
        end: end?,
        currency,
        entries,
    })
}

fn parse_entries(violations: &mut Violations, messages: &[RateCardEntry]) -> Option<Vec<Entry>> {
    if messages.is_empty() || messages.len() > MOST_ENTRIES {
        violations.add(
            "rate_card.entries",
            format!(
                "has {} entries, and must have 1 to {MOST_ENTRIES}",
                messages.len()
            ),
        );
        return None;
    }
    let parsed: Vec<_> = messages
        .iter()
        .enumerate()
        .map(|(at, message)| parse_entry(violations, &format!("rate_card.entries[{at}]"), message))
        .collect();
    let entries: Vec<Entry> = parsed.into_iter().collect::<Option<_>>()?;
    for at in repeated(&entries) {
        violations.add(
            format!("rate_card.entries[{at}]"),
            "is for the same work as an earlier entry",
        );
    }
    let currency = entries.first()?.rate.currency();
    for (at, entry) in entries.iter().enumerate() {
        violations.check(
            &format!("rate_card.entries[{at}].hourly_rate.currency_code"),
            entry.rate.currency() == currency,
            format!("is not {currency}, the currency of the first entry"),
        );
    }
    Some(entries)
}

fn parse_entry(violations: &mut Violations, field: &str, message: &RateCardEntry) -> Option<Entry> {
    let kind: Option<Option<TaskKind>> = match message.kind {
        0 => Some(None),
        number => violations
            .keep(&format!("{field}.kind"), task_kind(number))
            .map(Some),
    };
    let practice_area = match message.practice_area.as_str() {
        "" => Some(None),
        area => violations
            .keep(
                &format!("{field}.practice_area"),
                area.parse::<PracticeArea>(),
            )
            .map(|area| Some(area.name().to_owned())),
    };
    let level = match message.level {
        0 => Some(None),
        number => violations
            .keep(&format!("{field}.level"), level(number))
            .map(Some),
    };
    let rate = violations
        .required(
            &format!("{field}.hourly_rate"),
            message.hourly_rate.as_ref(),
        )
        .and_then(|rate| {
            violations.keep(&format!("{field}.hourly_rate"), HourlyRate::try_from(rate))
        });
    Some(Entry {
        kind: kind?,
        practice_area: practice_area?,
        level: level?,
        rate: rate?,
    })
}

fn message(kept: &Kept) -> Message {
    let card = &kept.card;
    Message {
        name: kept.name.to_string(),
        display_name: card.display_name.clone(),
        effective_start_date: Some(card.start.into()),
        effective_end_date: card.end.map(Into::into),
        entries: card.entries.iter().map(entry).collect(),
        create_time: Some(timestamp(kept.create_time)),
    }
}

fn entry(entry: &Entry) -> RateCardEntry {
    RateCardEntry {
        kind: entry
            .kind
            .map_or(0, |kind| types::TaskKind::from(kind).into()),
        practice_area: entry.practice_area.clone().unwrap_or_default(),
        level: entry.level.map_or(0, |level| level.get().into()),
        hourly_rate: Some(entry.rate.into()),
    }
}

/// A card as the record shows it.
fn for_record(card: &RateCard) -> serde_json::Value {
    let entries: Vec<_> = card
        .entries
        .iter()
        .map(|entry| json!({ "for": entry.describe(), "rate": entry.rate.to_string() }))
        .collect();
    json!({
        "display_name": card.display_name,
        "effective_start_date": card.start.to_string(),
        "effective_end_date": card.end.map(|end| end.to_string()),
        "entries": entries,
    })
}
