//! How things stand in the log: enums by a fixed name that is written once, and what an event says in the clear.

use serde_json::{Value, json};

/// Defines an enum whose variants have a wire code, with `ALL`, `code`, `from_code`, and serde by code.
/// A code in the log is for ever: rename the variant if you like, never the code.
macro_rules! wire_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the log and in interfaces (`snake_case`).
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The variant of that code; `None` when no variant has it.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Code;
                impl serde::de::Visitor<'_> for Code {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("the code of a ", stringify!($name)))
                    }
                    fn visit_str<E: serde::de::Error>(self, code: &str) -> Result<$name, E> {
                        $name::from_code(code).ok_or_else(|| {
                            E::custom(format_args!("no {} has the code {code:?}", stringify!($name)))
                        })
                    }
                }
                deserializer.deserialize_str(Code)
            }
        }
    };
}

pub(crate) use wire_enum;

/// What stands in the clear of an event whose enum is kept by serde as `type` and `data`.
pub(crate) fn clear_data(event: &impl serde::Serialize) -> Value {
    let mut json = serde_json::to_value(event).expect("ids, texts and numbers are JSON");
    json["data"].take()
}

/// An event that this version cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableEvent {
    /// A newer version wrote it.
    #[error("{event_type} of schema version {version} is not known")]
    Unknown {
        /// Its type in the log.
        event_type: String,
        /// The version of its shape.
        version: u16,
    },
    /// No event of its noun has that type, or it does not have the shape of that version.
    #[error("{event_type} is none of these events, or has another shape")]
    Shape {
        /// Its type in the log.
        event_type: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The same read back, of an event that was stored as `event_type` in this version of its shape; `current`: the one that is written today.
pub(crate) fn read_clear_data<E: serde::de::DeserializeOwned>(
    current: u16,
    (event_type, version): (&str, u16),
    data: &Value,
) -> Result<E, UnreadableEvent> {
    let event_type = event_type.to_owned();
    if version != current {
        return Err(UnreadableEvent::Unknown { event_type, version });
    }
    let read = serde_json::from_value(json!({ "type": &event_type, "data": data }));
    read.map_err(|source| UnreadableEvent::Shape { event_type, source })
}
