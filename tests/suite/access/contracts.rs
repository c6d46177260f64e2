//! What the contracts say beside types: which field names what, and how a field behaves.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use prost_reflect::{
    DynamicMessage, ExtensionDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value,
};

use super::methods::Method;

/// A field that names a resource, found from the request down.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) fields: Vec<FieldDescriptor>,
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

/// The field that names what a method works on: `name` or `parent` of the request, or the name of the resource in an
/// update.
pub(crate) fn target_of(method: &Method) -> Option<Target> {
    let input = method.input();
    for name in ["name", "parent"] {
        if let Some(field) = input.get_field_by_name(name) {
            let pattern = pattern_of(&field)
                .or_else(|| http_pattern(method, name))
                .or_else(|| of_several(&field))
                .unwrap_or_else(|| panic!("{} does not say what it names", field.full_name()));
            return Some(Target {
                fields: vec![field],
                pattern,
            });
        }
    }
    if method.descriptor.is_client_streaming() {
        return input.fields().find_map(|field| opening(&field));
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

/// Fields that take names of several patterns, each with the one that it is tried with.
const SEVERAL: [(&str, &str); 1] = [(
    "caseload.intake.v1.WatchChangesRequest.parent",
    "firms/*/tasks/*",
)];

fn of_several(field: &FieldDescriptor) -> Option<String> {
    let (_, pattern) = SEVERAL
        .iter()
        .find(|(name, _)| *name == field.full_name())?;
    Some((*pattern).to_owned())
}

/// The parent that the first message of a stream names.
fn opening(field: &FieldDescriptor) -> Option<Target> {
    let Kind::Message(header) = field.kind() else {
        return None;
    };
    let parent = header.get_field_by_name("parent")?;
    let pattern = pattern_of(&parent)?;
    Some(Target {
        fields: vec![field.clone(), parent],
        pattern,
    })
}

/// The settable fields below a message that name resources of a firm or a paralegal.
pub(crate) fn references(
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

fn extension(name: &str) -> ExtensionDescriptor {
    caseload_proto::descriptors()
        .get_extension_by_name(name)
        .unwrap_or_else(|| panic!("{name} is not among the contracts"))
}

/// Whether a field has a behaviour (AIP-203).
pub(crate) fn behaves(field: &FieldDescriptor, behaviour: &str) -> bool {
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
pub(crate) fn pattern_of(field: &FieldDescriptor) -> Option<String> {
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
