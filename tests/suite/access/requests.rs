//! A request of a method, filled in from its descriptor: what is required gets a value of its kind, and names get
//! the names of resources that there are.

use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _, Value,
};

use time::OffsetDateTime;

use super::caller::Caller;
use super::contracts::{Target, behaves, pattern_of, references, target_of};
use super::methods::Method;
use super::names::Names;

/// Values of fields that take no other text or number than some. A new field of that sort is noticed by the walk, which
/// then meets `INVALID_ARGUMENT` where it expects `NOT_FOUND`, and is given its value here.
const VALUES: [(&str, &str); 9] = [
    ("key", "all"),
    ("source", "clio"),
    ("media_type", "text/plain"),
    ("request_id", "0193a0a0-0000-7000-8000-000000000002"),
    ("consent_id", "0193a0a0-0000-7000-8000-000000000001"),
    ("time_zone", "America/New_York"),
    ("currency_code", "USD"),
    ("practice_area", "Patent Law"),
    ("value", "1"),
];

/// Fields that are required when another is absent, which the contracts say in their comments alone.
const ALSO: [&str; 4] = [
    "caseload.intake.v1.Task.due_time",
    "caseload.intake.v1.UploadDocumentHeader.display_name",
    "caseload.timekeeping.v1.TimeEntry.worked",
    "caseload.intake.v1.UploadDocumentHeader.task",
];

/// What a task does not say that is still to be made.
const UNKNOWN_TO_A_BLUEPRINT: [&str; 2] = ["request", "due_time"];

/// A request.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) message: DynamicMessage,
    target: Option<Target>,
}

impl Request {
    /// Nothing filled in.
    pub(crate) fn empty(method: &Method) -> Self {
        Self {
            message: DynamicMessage::new(method.input()),
            target: None,
        }
    }

    /// What is required filled in; names are of the caller's own.
    pub(crate) fn filled(method: &Method, names: &Names, caller: &Caller) -> Self {
        Self::within(method, names, &caller.realms())
    }

    /// The same on a resource, with all names in its firm.
    pub(crate) fn on(method: &Method, names: &Names, target: &Target, name: &str) -> Self {
        let realm = name.split('/').take(2).collect::<Vec<_>>().join("/");
        Self::within(method, names, &[realm]).with_target(target, name)
    }

    fn within(method: &Method, names: &Names, realms: &[String]) -> Self {
        let filling = Filling {
            names,
            realms,
            creates: !method.descriptor.name().starts_with("Update"),
        };
        let request = Self {
            message: filling.message(&method.input()),
            target: target_of(method),
        };
        match request.target.clone() {
            Some(target) => {
                let own = filling.own(&target.pattern);
                request.with_target(&target, &own)
            }
            None => request,
        }
    }

    /// A list's request for all that the caller may see.
    pub(crate) fn list_of_all(method: &Method) -> Self {
        let request = Self::filled(method, &Names::default(), &Caller::nobody());
        match request.target.clone() {
            Some(target) => {
                let all = target.pattern.replace('*', "-");
                request.with_target(&target, &all)
            }
            None => request,
        }
    }

    /// A list's requests for all, and for each parent that there is.
    pub(crate) fn lists(method: &Method, names: &Names) -> Vec<Self> {
        let all = Self::list_of_all(method);
        let mut requests = vec![all.clone()];
        if let Some(target) = &all.target {
            for parent in names.all(&target.pattern) {
                requests.push(Self::on(method, names, target, &parent));
            }
        }
        requests
    }

    /// The same with another name in a field.
    pub(crate) fn with_target(mut self, target: &Target, name: &str) -> Self {
        set(&mut self.message, &target.fields, name);
        self
    }

    /// The fields beside the target that name firms' or paralegals' resources.
    pub(crate) fn references(&self) -> Vec<Target> {
        let mut found = Vec::new();
        references(&self.message.descriptor(), &mut Vec::new(), &mut found);
        let target = self.target.as_ref().map(Target::path);
        found.retain(|reference| Some(reference.path()) != target);
        found
    }
}

/// Sets a field below a message; of a repeated one, its only element.
fn set(message: &mut DynamicMessage, fields: &[FieldDescriptor], name: &str) {
    let [field, below @ ..] = fields else {
        return;
    };
    let value = if below.is_empty() {
        Value::String(name.to_owned())
    } else {
        let Kind::Message(kind) = field.kind() else {
            panic!("{} is not a message", field.full_name());
        };
        let mut inner = match message.get_field(field).as_ref() {
            Value::Message(inner) if message.has_field(field) => inner.clone(),
            Value::List(elements) => elements
                .first()
                .and_then(|element| element.as_message().cloned())
                .unwrap_or_else(|| DynamicMessage::new(kind)),
            _ => DynamicMessage::new(kind),
        };
        set(&mut inner, below, name);
        Value::Message(inner)
    };
    let value = if field.is_list() {
        Value::List(vec![value])
    } else {
        value
    };
    message.set_field(field, value);
}
struct Filling<'a> {
    names: &'a Names,
    /// Whose names are taken.
    realms: &'a [String],
    /// Whether what never changes may be said.
    creates: bool,
}

impl Filling<'_> {
    fn message(&self, descriptor: &MessageDescriptor) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        match descriptor.full_name() {
            "google.protobuf.Duration" => {
                number(&mut message, "seconds", 3_600);
                return message;
            }
            "google.type.Date" => {
                for (field, value) in [("year", 2026), ("month", 11), ("day", 2)] {
                    message.set_field_by_name(field, Value::I32(value));
                }
                return message;
            }
            "google.type.Money" => {
                message.set_field_by_name("currency_code", Value::String("USD".to_owned()));
                number(&mut message, "units", 100);
                return message;
            }
            _ => {}
        }
        for field in descriptor.fields() {
            let chosen = field
                .containing_oneof()
                .is_some_and(|oneof| oneof.fields().next().as_ref() == Some(&field));
            let settable =
                !behaves(&field, "IDENTIFIER") && (self.creates || !behaves(&field, "IMMUTABLE"));
            let wanted = behaves(&field, "REQUIRED") || ALSO.contains(&field.full_name());
            if settable && (wanted || chosen) {
                let value = self.value(&field);
                let value = if field.is_list() {
                    Value::List(vec![value])
                } else {
                    value
                };
                message.set_field(&field, value);
            }
        }
        message
    }

    fn value(&self, field: &FieldDescriptor) -> Value {
        if let Some(pattern) = pattern_of(field) {
            return Value::String(self.own(&pattern));
        }
        let known = VALUES.iter().find(|(name, _)| *name == field.name());
        match field.kind() {
            Kind::String => Value::String(known.map_or("Some text", |(_, value)| value).to_owned()),
            // As long as a SHA-256 is.
            Kind::Bytes => Value::Bytes([7_u8; 32].as_slice().to_vec().into()),
            Kind::Bool => Value::Bool(true),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(1),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(1),
            Kind::Uint32 | Kind::Fixed32 => Value::U32(1),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(1),
            Kind::Float => Value::F32(1.0),
            Kind::Double => Value::F64(1.0),
            Kind::Enum(kind) => {
                let first = kind.values().find(|value| value.number() != 0);
                Value::EnumNumber(first.map_or(0, |value| value.number()))
            }
            Kind::Message(kind) if kind.full_name() == "google.protobuf.Timestamp" => {
                Value::Message(instant(kind, field.name()))
            }
            Kind::Message(kind) => {
                let mut message = self.message(&kind);
                if field.full_name() == "caseload.intake.v1.TaskBlueprint.task" {
                    for unknown in UNKNOWN_TO_A_BLUEPRINT {
                        message.clear_field_by_name(unknown);
                    }
                }
                Value::Message(message)
            }
        }
    }

    /// The name of a resource in the realms; when there is none, one that could be.
    fn own(&self, pattern: &str) -> String {
        if let Some(own) = self.names.of_pattern(pattern, self.realms).pop() {
            return own;
        }
        let mut name = pattern.to_owned();
        if let Some(realm) = self.realms.first() {
            let collection = realm.split('/').next().unwrap_or_default();
            if let Some(rest) = pattern.strip_prefix(&format!("{collection}/*")) {
                name = format!("{realm}{rest}");
            }
        }
        while name.contains('*') {
            name = name.replacen('*', &uuid::Uuid::now_v7().to_string(), 1);
        }
        name
    }
}

/// A week from now for what is due, two hours ago for what was.
fn instant(kind: MessageDescriptor, field: &str) -> DynamicMessage {
    let ahead = if field.starts_with("due") {
        7 * 86_400
    } else {
        -7_200
    };
    let mut instant = DynamicMessage::new(kind);
    let now = OffsetDateTime::now_utc().unix_timestamp();
    number(&mut instant, "seconds", now + ahead);
    instant
}

fn number(message: &mut DynamicMessage, field: &str, value: i64) {
    message.set_field_by_name(field, Value::I64(value));
}
