//! Closed sets of words, as stores and messages keep them, resources whose facts are changed in part, and ids that a
//! list has once.

/// An enum whose every value has one word.
macro_rules! words {
    ($($(#[$doc:meta])* pub enum $name:ident { $($(#[$value_doc:meta])* $value:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$value_doc])* $value),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$value),*];

            /// The word that stores and messages keep.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = caseload_domain::work::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$value),)*
                    _ => Err(caseload_domain::work::UnknownWord(word.to_owned())),
                }
            }
        }
    )*};
}

/// What a caller says of a resource, and a change of some of it.
macro_rules! facts {
    (
        $(#[$doc:meta])*
        pub struct $facts:ident / $patch:ident {
            $($(#[$field_doc:meta])* $field:ident: $kind:ty),* $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $facts { $($(#[$field_doc])* pub $field: $kind),* }

        #[doc = concat!("A change of some of [`", stringify!($facts), "`]: what is none stays as it is.")]
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $patch { $($(#[$field_doc])* pub $field: Option<$kind>),* }

        impl $patch {
            /// The whole, when nothing is left out.
            pub fn complete(self) -> Option<$facts> {
                Some($facts { $($field: self.$field?),* })
            }

            /// Makes the change.
            pub fn apply(self, facts: &mut $facts) {
                $(if let Some(value) = self.$field { facts.$field = value; })*
            }

            /// The names of the fields that it changes.
            pub fn fields(&self) -> Vec<&'static str> {
                let mut fields = Vec::new();
                $(if self.$field.is_some() { fields.push(stringify!($field)); })*
                fields
            }
        }
    };
}

pub(crate) use {facts, words};

/// Where an id of a list stands that was there before.
pub fn repeated<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
    let mut seen = std::collections::HashSet::new();
    ids.into_iter()
        .enumerate()
        .filter(|(_, id)| !seen.insert(*id))
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_given_once() {
        assert_eq!(repeated(["a", "b", "a", "a"]), [2, 3]);
        assert!(repeated([]).is_empty());
    }
}
