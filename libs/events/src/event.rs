//! The envelope that every event travels in.

use caseload_domain::name::FirmName;
use caseload_domain::{EventId, FirmId};
use caseload_proto::caseload::events::v1 as contract;
use caseload_proto::convert::{instant, timestamp};
use prost::{DecodeError, Message, Name};
use prost_types::Any;
use time::OffsetDateTime;

/// What happened, as a follower meets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Unique for ever.
    pub id: EventId,
    /// The full name of the payload's message: `caseload.intake.v1.TaskChanged`.
    pub type_name: String,
    /// The firm whose data it is; none for what belongs to no firm.
    pub firm: Option<FirmId>,
    /// The resource that it happened to: `firms/{firm}/tasks/{task}`.
    pub aggregate: String,
    /// The place in its log: 1, 2, 3, without gaps.
    pub position: i64,
    /// When it was made true.
    pub occur_time: OffsetDateTime,
    /// Who did it.
    pub actor: String,
    /// The W3C trace context of the call that did it; empty when none was traced.
    pub traceparent: String,
    /// What happened.
    pub payload: Any,
}

/// An event of the feed is not what the contract says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event at position {position} has no proper {field}")]
pub struct MalformedEvent {
    /// Where it stands.
    pub position: i64,
    /// What is wrong with it.
    pub field: &'static str,
}

impl Event {
    /// What happened, when it is of this type; `None` when it is of another, which a projection passes over.
    pub fn payload<P: Message + Name + Default>(&self) -> Result<Option<P>, DecodeError> {
        if self.type_name == P::full_name() {
            P::decode(self.payload.value.as_slice()).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// The address of a payload's type, as `google.protobuf.Any` carries it.
pub(crate) fn type_url(type_name: &str) -> String {
    format!("type.googleapis.com/{type_name}")
}

impl TryFrom<contract::Event> for Event {
    type Error = MalformedEvent;

    fn try_from(event: contract::Event) -> Result<Self, MalformedEvent> {
        let position = event.position;
        let malformed = |field| move || MalformedEvent { position, field };
        let firm = match event.firm.as_str() {
            "" => None,
            firm => Some(
                firm.parse::<FirmName>()
                    .ok()
                    .ok_or_else(malformed("firm"))?
                    .0,
            ),
        };
        let occur_time = event
            .occur_time
            .as_ref()
            .and_then(|time| instant(time).ok());
        let payload = event.payload.ok_or_else(malformed("payload"))?;
        if event.r#type.is_empty() || payload.type_url != type_url(&event.r#type) {
            return Err(malformed("type")());
        }
        Ok(Self {
            id: event
                .event_id
                .parse()
                .ok()
                .ok_or_else(malformed("event_id"))?,
            type_name: event.r#type,
            firm,
            aggregate: event.aggregate,
            position,
            occur_time: occur_time.ok_or_else(malformed("occur_time"))?,
            actor: event.actor,
            traceparent: event.traceparent,
            payload,
        })
    }
}

impl From<Event> for contract::Event {
    fn from(event: Event) -> Self {
        Self {
            event_id: event.id.to_string(),
            r#type: event.type_name,
            firm: event
                .firm
                .map(|firm| FirmName(firm).to_string())
                .unwrap_or_default(),
            aggregate: event.aggregate,
            position: event.position,
            occur_time: Some(timestamp(event.occur_time)),
            actor: event.actor,
            traceparent: event.traceparent,
            payload: Some(event.payload),
        }
    }
}

#[cfg(test)]
mod tests {
    use caseload_proto::caseload::intake::v1::{RequestCompleted, RevisionRequested};

    use super::*;

    fn event() -> Event {
        let happened = RequestCompleted {
            request: "firms/a/requests/b".to_owned(),
        };
        Event {
            id: EventId::generate(),
            type_name: RequestCompleted::full_name(),
            firm: Some(FirmId::generate()),
            aggregate: "firms/a/requests/b".to_owned(),
            position: 7,
            occur_time: OffsetDateTime::UNIX_EPOCH,
            actor: "someone".to_owned(),
            traceparent: String::new(),
            payload: Any {
                type_url: type_url(&RequestCompleted::full_name()),
                value: happened.encode_to_vec(),
            },
        }
    }

    #[test]
    fn an_event_crosses_the_contract_and_back() {
        let event = event();
        assert_eq!(
            Event::try_from(contract::Event::from(event.clone())),
            Ok(event)
        );
    }

    #[test]
    fn an_event_gives_its_payload_to_who_asks_for_its_type_alone() {
        let completed = event().payload::<RequestCompleted>().expect("decodes");
        assert_eq!(
            completed.expect("of this type").request,
            "firms/a/requests/b"
        );
        assert_eq!(event().payload::<RevisionRequested>(), Ok(None));
    }

    #[test]
    fn an_envelope_with_a_part_missing_says_which() {
        let envelope = contract::Event::from(event());
        let refused = |broken: contract::Event| Event::try_from(broken).expect_err("refused").field;
        let mut broken = envelope.clone();
        broken.firm = "firms/x".to_owned();
        assert_eq!(refused(broken), "firm");
        let mut broken = envelope.clone();
        broken.occur_time = None;
        assert_eq!(refused(broken), "occur_time");
        let mut broken = envelope.clone();
        broken.r#type = "caseload.intake.v1.Other".to_owned();
        assert_eq!(refused(broken), "type");
        let mut broken = envelope;
        broken.event_id = "7".to_owned();
        assert_eq!(refused(broken), "event_id");
    }
}
