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

/// The same read back.
pub(crate) fn from_clear_data<E: serde::de::DeserializeOwned>(
    event_type: &str,
    data: &Value,
) -> Result<E, serde_json::Error> {
    serde_json::from_value(json!({ "type": event_type, "data": data }))
}
