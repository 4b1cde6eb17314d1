//! Who an action is ascribed to.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::StaffId;
use crate::ids::ApiTokenId;

/// Who did something, as the log keeps it: `staff:<uuid>`, `token:<uuid>`, `system:<what>` or `declarer`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A signed-in member of staff.
    Staff(StaffId),
    /// A program of another office, by its token.
    Token(ApiTokenId),
    /// A command or job of the system, by name: `import`, `sample`, `command-line`.
    System(String),
    /// The declaring organisation itself.
    Declarer,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
            Self::System(name) => write!(f, "system:{name}"),
            Self::Declarer => f.write_str("declarer"),
        }
    }
}

/// The text is not an actor of the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no actor")]
pub struct UnknownActor(pub String);

impl FromStr for Actor {
    type Err = UnknownActor;

    fn from_str(text: &str) -> Result<Self, UnknownActor> {
        let unknown = || UnknownActor(text.to_owned());
        match text.split_once(':') {
            Some(("staff", id)) => Uuid::parse_str(id)
                .map(|id| Self::Staff(StaffId(id)))
                .map_err(|_| unknown()),
            Some(("token", id)) => id.parse().map(Self::Token).map_err(|_| unknown()),
            Some(("system", name)) if !name.is_empty() => Ok(Self::System(name.to_owned())),
            None if text == "declarer" => Ok(Self::Declarer),
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actors_read_back_as_they_were_written() {
        let actors = [
            Actor::Staff(StaffId(Uuid::from_u128(7))),
            Actor::Token(ApiTokenId::new(Uuid::from_u128(8))),
            Actor::System("import".to_owned()),
            Actor::Declarer,
        ];
        for actor in actors {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        assert!("system:".parse::<Actor>().is_err());
    }
}
