//! The resources that there are, found through the lists of the contracts themselves.

use std::collections::{BTreeMap, BTreeSet};

use caseload_auth::Role;
use prost_reflect::{DynamicMessage, ReflectMessage as _, Value};
use uuid::Uuid;

use super::caller::Caller;
use super::methods;
use super::requests::Request;
use super::world::World;

/// Names by their pattern: `firms/*/matters/*`.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<String, BTreeSet<String>>);

impl Names {
    /// Asks every list as the suite's staff.
    pub(crate) async fn of(world: &World) -> Self {
        let mut found = Self::default();
        let mut again = true;
        // Some lists are below what other lists show: lines of an invoice, say.
        while std::mem::take(&mut again) {
            for method in methods::all().into_iter().filter(methods::Method::is_list) {
                for role in Role::ALL.into_iter().filter(|role| method.admits(*role)) {
                    let caller = Caller::stranger(role);
                    if caller.firm.is_some() || caller.paralegal.is_some() {
                        continue;
                    }
                    for request in Request::lists(&method, &found) {
                        if let Ok(Some(list)) =
                            world.call_as(&method, &caller, request.message).await
                        {
                            for name in in_message(&list) {
                                again |= found.insert(name);
                            }
                        }
                    }
                }
            }
        }
        found
    }

    fn insert(&mut self, name: String) -> bool {
        self.0.entry(pattern(&name)).or_default().insert(name)
    }

    /// The names of a pattern. Of a singleton, which no list shows, those of the parents that there are.
    pub(crate) fn all(&self, pattern: &str) -> Vec<String> {
        if let Some(listed) = self.0.get(pattern) {
            return listed.iter().cloned().collect();
        }
        let Some((parent, last)) = pattern.rsplit_once('/') else {
            return Vec::new();
        };
        if last == "*" {
            return Vec::new();
        }
        let parents = self.all(parent);
        parents
            .into_iter()
            .map(|parent| format!("{parent}/{last}"))
            .collect()
    }

    /// One name of a pattern that lies in one of these realms: `firms/{id}`, `paralegals/{id}`.
    pub(crate) fn of_pattern(&self, pattern: &str, realms: &[String]) -> Vec<String> {
        let inside = |name: &String| realms.iter().any(|realm| is_within(name, realm));
        self.all(pattern)
            .into_iter()
            .find(inside)
            .into_iter()
            .collect()
    }
}

/// Whether a name is a realm's own or below it.
pub(crate) fn is_within(name: &str, realm: &str) -> bool {
    name.strip_prefix(realm)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A name with its ids taken out.
fn pattern(name: &str) -> String {
    let part = |part: &str| {
        if is_id(part) {
            "*".to_owned()
        } else {
            part.to_owned()
        }
    };
    name.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn is_id(part: &str) -> bool {
    Uuid::try_parse(part).is_ok() || part.chars().all(|letter| letter.is_ascii_digit())
}

/// A text with the ids in it taken out.
pub(crate) fn without_ids(text: &str) -> String {
    let mut found = text.to_owned();
    for word in text.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '-') {
        if Uuid::try_parse(word).is_ok() {
            found = found.replace(word, "{id}");
        }
    }
    found
}

/// A name of the same pattern that nothing has.
pub(crate) fn absent_like(name: &str) -> String {
    let part = |part: &str| {
        if is_id(part) {
            Uuid::now_v7().to_string()
        } else {
            part.to_owned()
        }
    };
    name.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The names of firms' and paralegals' resources anywhere in a message.
pub(crate) fn in_message(message: &DynamicMessage) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, value) in message.fields() {
        collect(value, &mut found);
    }
    found
}

/// The messages of some types anywhere in a message.
pub(crate) fn messages_of(message: &DynamicMessage, types: &[&str]) -> Vec<DynamicMessage> {
    if types.contains(&message.descriptor().full_name()) {
        return vec![message.clone()];
    }
    let mut found = Vec::new();
    for (_, value) in message.fields() {
        let inside: Vec<_> = match value {
            Value::Message(inner) => vec![inner],
            Value::List(values) => values.iter().filter_map(Value::as_message).collect(),
            Value::Map(entries) => entries.values().filter_map(Value::as_message).collect(),
            _ => Vec::new(),
        };
        found.extend(
            inside
                .into_iter()
                .flat_map(|inner| messages_of(inner, types)),
        );
    }
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let named = ["firms/", "paralegals/", "plans/"]
                .iter()
                .any(|collection| text.starts_with(collection));
            if named {
                found.insert(text.clone());
            }
        }
        Value::Message(message) => found.extend(in_message(message)),
        Value::List(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Map(entries) => entries.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}
