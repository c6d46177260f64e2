//! Words that the store keeps for enums.

/// A word that the store should not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a word that is known here")]
pub struct UnknownWord(pub String);

/// An enum whose values the store keeps as words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$value_doc])* $value),*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$value),*];

            /// The word that stores and logs keep.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word),* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::domain::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$value),)*
                    _ => Err(crate::domain::UnknownWord(word.to_owned())),
                }
            }
        }
    };
}

pub(crate) use words;
