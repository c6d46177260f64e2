//! Field masks (AIP-134): which fields an update changes.

use caseload_proto::parse::Violations;
use prost_types::FieldMask;

/// Which fields are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mask {
    /// All of them: a new resource, or `*`.
    Everything,
    /// Those that are set: no mask was given.
    WhatIsSet,
    /// Those that are named.
    Named(Vec<String>),
}

impl Mask {
    /// Reads a mask. Every path must be one of `fields`.
    pub(crate) fn read(
        violations: &mut Violations,
        mask: Option<&FieldMask>,
        fields: &[&str],
    ) -> Self {
        let paths = mask.map_or(&[][..], |mask| &mask.paths);
        if paths.is_empty() {
            return Self::WhatIsSet;
        }
        if paths.iter().any(|path| path == "*") {
            violations.check(
                "update_mask",
                paths.len() == 1,
                "has \"*\" beside other paths",
            );
            return Self::Everything;
        }
        for path in paths {
            if !fields.contains(&path.as_str()) {
                let known = fields.join(", ");
                violations.add(
                    "update_mask",
                    format!("has {path:?}, which is none of {known}"),
                );
            }
        }
        Self::Named(paths.to_vec())
    }

    /// Whether a field is read; `set` says whether it is set in the message.
    pub(crate) fn wants(&self, field: &str, set: bool) -> bool {
        match self {
            Self::Everything => true,
            Self::WhatIsSet => set,
            Self::Named(paths) => paths.iter().any(|path| path == field),
        }
    }

    /// Reads a field if it is wanted.
    pub(crate) fn read_if<T>(
        &self,
        field: &str,
        set: bool,
        read: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        if self.wants(field, set) { read() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 2] = ["title", "priority"];

    fn read(paths: &[&str]) -> (Mask, bool) {
        let mut violations = Violations::new();
        let mask = FieldMask {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        };
        let mask = Mask::read(&mut violations, Some(&mask), &FIELDS);
        (mask, violations.is_empty())
    }

    #[test]
    fn a_mask_names_what_is_changed() {
        let (mask, fine) = read(&["title"]);
        assert!(fine && mask.wants("title", false) && !mask.wants("priority", true));
        let (mask, fine) = read(&["*"]);
        assert!(fine && mask.wants("title", false) && mask.wants("priority", false));
        let (mask, fine) = read(&[]);
        assert!(fine && mask.wants("title", true) && !mask.wants("priority", false));
    }

    #[test]
    fn a_path_that_is_no_field_is_refused() {
        for paths in [
            &["nonsense"][..],
            &["title", "state"],
            &["*", "title"],
            &["title.x"],
            &[""],
        ] {
            assert!(!read(paths).1, "{paths:?}");
        }
    }
}
