//! What a price rests on, as the contracts say it.

use caseload_domain::FirmId;
use caseload_domain::name::RateCardName;
use caseload_proto::caseload::billing::v1::{PriceBasis, PriceRule};

use crate::domain::price::Rule;

/// What a price rests on.
pub(super) fn basis(firm: FirmId, rule: Rule, explanation: String) -> PriceBasis {
    let (number, card, entry) = match rule {
        Rule::ProjectTime => (PriceRule::ProjectTime, None, 0),
        Rule::TaskRate => (PriceRule::TaskRate, None, 0),
        Rule::RateCard(card, entry) => (PriceRule::RateCard, Some(card), entry),
        Rule::ProjectFee => (PriceRule::ProjectFee, None, 0),
        Rule::MilestoneFee => (PriceRule::MilestoneFee, None, 0),
        Rule::Credit => (PriceRule::Credit, None, 0),
    };
    PriceBasis {
        rule: number.into(),
        rate_card: card
            .map(|card| RateCardName::new(firm, card).to_string())
            .unwrap_or_default(),
        rate_card_entry: entry,
        explanation,
    }
}
