//! What an event tells a watcher, read by its descriptor: an event that is added to the contract is told of without a
//! word here.

use caseload_domain::name::TaskName;
use caseload_events::Event;
use caseload_proto::descriptors;
use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

/// What an event tells a watcher.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// What its collection is read by; none when it is of no collection, and so nobody's to read.
    pub(super) permission: Option<String>,
    /// The task that it is about.
    pub(super) task: Option<String>,
    /// The state that it leads to.
    pub(super) state: Option<String>,
    /// Whether the firm may not know of it.
    pub(super) veiled: bool,
}

impl Told {
    pub(super) fn of(event: &Event) -> Self {
        let mut told = Self {
            permission: permission(&event.aggregate),
            ..Self::default()
        };
        let message = descriptors()
            .get_message_by_name(&event.type_name)
            .and_then(|known| DynamicMessage::decode(known, event.payload.value.as_slice()).ok());
        if let Some(message) = message {
            told.read(&message);
            // Of an event that carries a resource whole, what is told is in there.
            for (_, value) in message.fields() {
                if let Value::Message(snapshot) = value {
                    told.read(snapshot);
                }
            }
        }
        if event.aggregate.parse::<TaskName>().is_ok() {
            told.task = Some(event.aggregate.clone());
        }
        told
    }

    fn read(&mut self, message: &DynamicMessage) {
        for field in message.descriptor().fields() {
            let value = message.get_field(&field);
            match (field.name(), value.as_ref(), field.kind()) {
                ("task", Value::String(task), _) if !task.is_empty() => {
                    self.task = Some(task.clone());
                }
                ("state", Value::EnumNumber(number), Kind::Enum(words)) if *number != 0 => {
                    self.state = words.get_value(*number).map(|word| word.name().to_owned());
                }
                ("screening", Value::Bool(screening), _) => self.veiled |= screening,
                _ => {}
            }
        }
    }
}

/// The permission to read what a name names: that of its collection, `matters.read` for `firms/{firm}/matters/{matter}`.
fn permission(name: &str) -> Option<String> {
    let mut parts = name.split('/');
    let collection = match (parts.next()?, parts.next(), parts.next()) {
        (outer, Some(_), None) => outer,
        (_, Some(_), Some(collection)) => collection,
        _ => return None,
    };
    Some(match collection {
        "conflictChecks" => "conflicts.read".to_owned(),
        "requestImports" => "requests.read".to_owned(),
        collection => {
            let mut words = String::new();
            for letter in collection.chars() {
                if letter.is_ascii_uppercase() {
                    words.push('_');
                }
                words.push(letter.to_ascii_lowercase());
            }
            words + ".read"
        }
    })
}

#[cfg(test)]
mod tests {
    use caseload_domain::EventId;
    use caseload_proto::caseload::intake::v1;
    use prost::{Message, Name};
    use time::OffsetDateTime;

    use super::*;

    fn event<P: Message + Name>(aggregate: &str, payload: &P) -> Event {
        Event {
            id: EventId::generate(),
            type_name: P::full_name(),
            firm: None,
            aggregate: aggregate.to_owned(),
            position: 1,
            occur_time: OffsetDateTime::UNIX_EPOCH,
            actor: "someone".to_owned(),
            traceparent: String::new(),
            payload: prost_types::Any {
                type_url: P::type_url(),
                value: payload.encode_to_vec(),
            },
        }
    }

    #[test]
    fn a_request_is_told_with_its_state() {
        let changed = v1::RequestChanged {
            request: Some(v1::RequestSnapshot {
                state: v1::RequestState::Submitted.into(),
                ..v1::RequestSnapshot::default()
            }),
        };
        let told = Told::of(&event("firms/a/requests/b", &changed));
        assert_eq!(told.permission.as_deref(), Some("requests.read"));
        assert_eq!(told.state.as_deref(), Some("REQUEST_STATE_SUBMITTED"));
        assert_eq!(told.task, None);
    }

    #[test]
    fn what_is_about_a_task_says_which() {
        let submitted = v1::DeliverySubmitted {
            delivery: Some(v1::DeliverySnapshot {
                task: "firms/a/tasks/b".to_owned(),
                ..v1::DeliverySnapshot::default()
            }),
        };
        let told = Told::of(&event("firms/a/deliveries/c", &submitted));
        assert_eq!(told.task.as_deref(), Some("firms/a/tasks/b"));
        assert_eq!(told.permission.as_deref(), Some("deliveries.read"));
    }

    #[test]
    fn a_screen_is_veiled_and_another_change_of_a_matter_is_not() {
        for screening in [true, false] {
            let changed = v1::MatterChanged {
                matter: None,
                screening,
            };
            assert_eq!(
                Told::of(&event("firms/a/matters/b", &changed)).veiled,
                screening
            );
        }
    }

    #[test]
    fn an_event_that_is_not_known_is_told_by_its_name_alone() {
        let mut unknown = event("firms/a/undertakings/b", &v1::RequestCompleted::default());
        unknown.type_name = "caseload.intake.v2.Unheard".to_owned();
        let told = Told::of(&unknown);
        assert_eq!(told.permission.as_deref(), Some("undertakings.read"));
        assert_eq!((told.task, told.state, told.veiled), (None, None, false));
    }

    #[test]
    fn each_collection_is_read_by_its_own_permission() {
        for (name, expected) in [
            ("firms/a", Some("firms.read")),
            ("firms/a/conflictChecks/b", Some("conflicts.read")),
            ("firms/a/requestTemplates/b", Some("request_templates.read")),
            ("firms/a/tasks/b/parts/c", Some("tasks.read")),
            ("nothing", None),
        ] {
            assert_eq!(permission(name).as_deref(), expected, "{name}");
        }
    }
}
