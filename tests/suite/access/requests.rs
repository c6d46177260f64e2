//! A request of a method, filled in from its descriptor: what is required gets a value of its kind, and names get
//! the names of resources that there are.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use prost_reflect::{
    DynamicMessage, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value,
};

use time::OffsetDateTime;

use super::methods::Method;
use super::names::Names;
use super::world::Caller;

/// Values of fields that take no other text or number than some. A new field of that sort is noticed by the walk, which
/// then meets `INVALID_ARGUMENT` where it expects `NOT_FOUND`, and is given its value here.
const VALUES: [(&str, &str); 5] = [
    ("consent_id", "0193a0a0-0000-7000-8000-000000000001"),
    ("time_zone", "America/New_York"),
    ("currency_code", "USD"),
    ("practice_area", "Patent Law"),
    ("value", "1"),
];

/// Fields that are required when another is absent, which the contracts say in their comments alone.
const ALSO: [&str; 1] = ["caseload.timekeeping.v1.TimeEntry.worked"];

/// A field that names a resource, found from the request down.
#[derive(Clone)]
pub(crate) struct Target {
    fields: Vec<FieldDescriptor>,
    /// `firms/*/matters/*`
    pub(crate) pattern: String,
}

impl Target {
    /// The field as violations name it.
    pub(crate) fn path(&self) -> String {
        let names: Vec<_> = self.fields.iter().map(FieldDescriptor::name).collect();
        names.join(".")
    }
}

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
                requests.push(all.clone().with_target(target, &parent));
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
        references(&self.message.descriptor_of(), &mut Vec::new(), &mut found);
        let target = self.target.as_ref().map(Target::path);
        found.retain(|reference| Some(reference.path()) != target);
        found
    }
}

/// The descriptor of a message, without the trait in scope everywhere.
trait Described {
    fn descriptor_of(&self) -> MessageDescriptor;
}

impl Described for DynamicMessage {
    fn descriptor_of(&self) -> MessageDescriptor {
        prost_reflect::ReflectMessage::descriptor(self)
    }
}

/// The field that names what a method works on: `name` or `parent` of the request, or the name of the resource in an
/// update.
pub(crate) fn target_of(method: &Method) -> Option<Target> {
    let input = method.input();
    for name in ["name", "parent"] {
        if let Some(field) = input.get_field_by_name(name) {
            let pattern = pattern_of(&field)
                .or_else(|| http_pattern(method, name))
                .unwrap_or_else(|| panic!("{} does not say what it names", field.full_name()));
            return Some(Target {
                fields: vec![field],
                pattern,
            });
        }
    }
    if method.descriptor.name().starts_with("Create") {
        return None;
    }
    input.fields().find_map(|field| {
        let Kind::Message(resource) = field.kind() else {
            return None;
        };
        let pattern = resource_pattern(&resource)?;
        let name = resource.get_field_by_name("name")?;
        Some(Target {
            fields: vec![field, name],
            pattern,
        })
    })
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

/// The settable fields below a message that name resources of a firm or a paralegal.
fn references(
    message: &MessageDescriptor,
    above: &mut Vec<FieldDescriptor>,
    found: &mut Vec<Target>,
) {
    for field in message.fields() {
        if above.len() > 3 || behaves(&field, "OUTPUT_ONLY") || behaves(&field, "IDENTIFIER") {
            continue;
        }
        above.push(field.clone());
        match field.kind() {
            Kind::Message(below) if below.full_name().starts_with("caseload.") => {
                references(&below, above, found);
            }
            Kind::String => {
                if let Some(pattern) = pattern_of(&field) {
                    found.push(Target {
                        fields: above.clone(),
                        pattern,
                    });
                }
            }
            _ => {}
        }
        above.pop();
    }
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
            Kind::Bytes => Value::Bytes(b"bytes".as_slice().into()),
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
            Kind::Message(kind) => Value::Message(self.message(&kind)),
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

fn extension(name: &str) -> ExtensionDescriptor {
    caseload_proto::descriptors()
        .get_extension_by_name(name)
        .unwrap_or_else(|| panic!("{name} is not among the contracts"))
}

/// Whether a field has a behaviour (AIP-203).
fn behaves(field: &FieldDescriptor, behaviour: &str) -> bool {
    static OPTION: LazyLock<ExtensionDescriptor> =
        LazyLock::new(|| extension("google.api.field_behavior"));
    let Kind::Enum(kind) = OPTION.kind() else {
        return false;
    };
    let number = kind.get_value_by_name(behaviour).unwrap().number();
    let options = field.options();
    let value = options.get_extension(&OPTION);
    value
        .as_list()
        .is_some_and(|all| all.contains(&Value::EnumNumber(number)))
}

/// The pattern of the names that a field takes: by its resource reference, else by its own name (`task`).
fn pattern_of(field: &FieldDescriptor) -> Option<String> {
    referenced(field).or_else(|| {
        let named = PATTERNS.get(&format!("caseload/{}", camel(field.name())));
        named.filter(|_| field.kind() == Kind::String).cloned()
    })
}

/// `time_entry` as resource types say it: `TimeEntry`.
fn camel(name: &str) -> String {
    let mut parts = String::new();
    for part in name.split('_') {
        let (first, rest) = part.split_at(part.len().min(1));
        parts.push_str(&first.to_uppercase());
        parts.push_str(rest);
    }
    parts
}

fn referenced(field: &FieldDescriptor) -> Option<String> {
    static OPTION: LazyLock<ExtensionDescriptor> =
        LazyLock::new(|| extension("google.api.resource_reference"));
    let options = field.options();
    let value = options.get_extension(&OPTION);
    let reference = value.as_message()?;
    let text = |name: &str| {
        let value = reference.get_field_by_name(name)?;
        let text = value.as_str()?.to_owned();
        (!text.is_empty()).then_some(text)
    };
    if let Some(kind) = text("type") {
        return PATTERNS.get(&kind).cloned();
    }
    let child = PATTERNS.get(&text("child_type")?)?;
    let (above, last) = child.rsplit_once('/')?;
    if last == "*" {
        return above.rsplit_once('/').map(|(parent, _)| parent.to_owned());
    }
    Some(above.to_owned())
}

/// The pattern of a path variable in a method's HTTP rule: `firms/*` of `/v1/{parent=firms/*}/matters`.
fn http_pattern(method: &Method, variable: &str) -> Option<String> {
    static OPTION: LazyLock<ExtensionDescriptor> = LazyLock::new(|| extension("google.api.http"));
    let options = method.descriptor.options();
    let value = options.get_extension(&OPTION);
    let rule = value.as_message()?;
    let path = rule.fields().find_map(|(_, value)| {
        let text = value.as_str()?;
        text.starts_with('/').then(|| text.to_owned())
    })?;
    let (_, rest) = path.split_once(&format!("{{{variable}="))?;
    rest.split_once('}').map(|(pattern, _)| pattern.to_owned())
}

/// The patterns of all resources of the contracts, by their types.
static PATTERNS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    caseload_proto::descriptors()
        .all_messages()
        .filter_map(|message| {
            let resource = resource(&message)?;
            let kind = resource.get_field_by_name("type")?.as_str()?.to_owned();
            Some((kind, resource_pattern(&message)?))
        })
        .collect()
});

/// A resource's first pattern, its variables taken out.
fn resource_pattern(message: &MessageDescriptor) -> Option<String> {
    let resource = resource(message)?;
    let patterns = resource.get_field_by_name("pattern")?;
    let pattern = patterns.as_list()?.first()?.as_str()?.to_owned();
    let parts = pattern.split('/');
    let parts: Vec<_> = parts
        .map(|part| if part.starts_with('{') { "*" } else { part })
        .collect();
    Some(parts.join("/"))
}

fn resource(message: &MessageDescriptor) -> Option<DynamicMessage> {
    static OPTION: LazyLock<ExtensionDescriptor> =
        LazyLock::new(|| extension("google.api.resource"));
    let options = message.options();
    if !options.has_extension(&OPTION) {
        return None;
    }
    options.get_extension(&OPTION).as_message().cloned()
}
