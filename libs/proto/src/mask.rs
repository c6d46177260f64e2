//! Field masks (AIP-134): which fields an update changes.

use prost_types::FieldMask;

use crate::parse::Violations;

/// The most paths of a mask.
const MOST_PATHS: usize = 100;

/// Which fields of a message are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask(Choice);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Choice {
    /// These, in the order in which they were named.
    Named(Vec<&'static str>),
    /// Of these, those that are set.
    WhatIsSet(&'static [&'static str]),
}

impl Mask {
    /// These fields, set or not: what a new resource is read with.
    pub fn of(fields: impl IntoIterator<Item = &'static str>) -> Self {
        Self(Choice::Named(fields.into_iter().collect()))
    }

    /// Reads a mask. Every path is one of `fields`, and is there once; `*` alone stands for all of them; without a path it
    /// is the fields that are set. What is wrong is noted at `field`, and what remains is read as if it stood alone, so
    /// that what is wrong with the new values is told with it.
    pub fn read(
        violations: &mut Violations,
        field: &str,
        mask: Option<&FieldMask>,
        fields: &'static [&'static str],
    ) -> Self {
        let paths = mask.map_or(&[][..], |mask| &mask.paths);
        if paths.is_empty() {
            return Self(Choice::WhatIsSet(fields));
        }
        if paths.len() > MOST_PATHS {
            let why = format!("has {} paths, of at most {MOST_PATHS}", paths.len());
            violations.add(field, why);
            return Self::of([]);
        }
        if paths.iter().any(|path| path == "*") {
            violations.check(field, paths.len() == 1, "has \"*\" beside other paths");
            return Self::of(fields.iter().copied());
        }
        let mut named = Vec::new();
        for path in paths {
            match fields.iter().find(|known| *known == path) {
                None => violations.add(field, unknown(path, fields)),
                Some(known) if named.contains(known) => {
                    violations.add(field, format!("names {path:?} twice"));
                }
                Some(known) => named.push(*known),
            }
        }
        Self(Choice::Named(named))
    }

    /// Whether a field is read; `set` says whether it is set in the message.
    pub fn has(&self, field: &str, set: bool) -> bool {
        match &self.0 {
            Choice::Named(named) => named.contains(&field),
            Choice::WhatIsSet(fields) => set && fields.contains(&field),
        }
    }

    /// Reads a field if the mask has it.
    pub fn read_if<T>(
        &self,
        field: &str,
        set: bool,
        read: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        if self.has(field, set) { read() } else { None }
    }

    /// The fields that are read, in the order in which they were named; `is_set` says which are set in the message.
    pub fn fields(&self, is_set: impl Fn(&str) -> bool) -> Vec<&'static str> {
        match &self.0 {
            Choice::Named(named) => named.clone(),
            Choice::WhatIsSet(fields) => {
                let set = fields.iter().copied().filter(|field| is_set(field));
                set.collect()
            }
        }
    }
}

fn unknown(path: &str, fields: &[&str]) -> String {
    let known = fields.join(", ");
    format!("names {path:?}, which is none of what can be changed: {known}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[&str] = &["title", "priority", "pricing.cap"];

    fn mask(paths: &[&str]) -> FieldMask {
        FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        }
    }

    fn read(paths: &[&str]) -> (Mask, Option<String>) {
        let mut violations = Violations::new();
        let mask = Mask::read(&mut violations, "update_mask", Some(&mask(paths)), FIELDS);
        let told = violations.finish(Some(())).err();
        (mask, told.map(|status| status.message().to_owned()))
    }

    #[test]
    fn a_mask_has_what_it_names_set_or_not_in_its_own_order() {
        let (mask, told) = read(&["priority", "title"]);
        assert_eq!(told, None);
        assert!(mask.has("title", false) && !mask.has("pricing.cap", true));
        assert_eq!(mask.fields(|_| false), ["priority", "title"]);
    }

    #[test]
    fn a_star_alone_is_every_field() {
        let (mask, told) = read(&["*"]);
        assert_eq!(told, None);
        assert_eq!(mask.fields(|_| false), FIELDS);
        assert!(mask.has("title", false) && !mask.has("state", true));
    }

    #[test]
    fn without_paths_it_is_the_fields_that_are_set() {
        let mut violations = Violations::new();
        let absent = Mask::read(&mut violations, "update_mask", None, FIELDS);
        let (empty, told) = read(&[]);
        assert!(violations.is_empty() && told.is_none());
        assert_eq!(absent, empty);
        assert_eq!(empty.fields(|field| field == "title"), ["title"]);
        assert!(empty.has("title", true) && !empty.has("title", false));
        assert!(!empty.has("state", true));
    }

    #[test]
    fn a_path_that_is_no_field_is_told_with_those_that_are() {
        for odd in ["", "nonsense", "Title", "title.x", "pricing", " title"] {
            let (mask, told) = read(&["title", odd]);
            let told = told.unwrap();
            assert!(told.starts_with("update_mask names") && told.contains(&format!("{odd:?}")));
            assert!(told.ends_with("title, priority, pricing.cap"), "{told}");
            assert_eq!(mask.fields(|_| true), ["title"]);
        }
    }

    #[test]
    fn a_path_is_there_once_and_a_star_stands_alone() {
        let (mask, told) = read(&["title", "priority", "title"]);
        assert_eq!(told.as_deref(), Some("update_mask names \"title\" twice"));
        assert_eq!(mask.fields(|_| false), ["title", "priority"]);
        for paths in [&["*", "title"], &["*", "*"]] {
            let (_, told) = read(paths);
            assert_eq!(
                told.as_deref(),
                Some("update_mask has \"*\" beside other paths")
            );
        }
    }

    #[test]
    fn a_mask_of_very_many_paths_is_told_once() {
        let (mask, told) = read(&["nonsense"; MOST_PATHS + 1]);
        assert_eq!(
            told.as_deref(),
            Some("update_mask has 101 paths, of at most 100")
        );
        assert!(mask.fields(|_| true).is_empty());
    }

    #[test]
    fn what_is_new_is_read_whole_and_what_is_not_wanted_is_not_read() {
        let mask = Mask::of(["title"]);
        assert_eq!(mask.read_if("title", false, || Some(1)), Some(1));
        assert_eq!(mask.read_if("priority", true, || Some(1)), None);
    }
}
