//! The Message-ID: made from the ledger's row, so that it is the same at every attempt and a receiver can tell a repetition.

use std::fmt;

use uuid::Uuid;

use super::address::domain_name;

/// `<row@domain>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId {
    row: Uuid,
    domain: String,
}

/// The text is no Message-ID of ours, or its domain is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMessageId {
    /// The part after the `@` is no name that DNS can hold.
    #[error("what stands after the @ of a Message-ID must be a domain such as example.jp")]
    Domain,
    /// Somebody else's, or none.
    #[error("this is no Message-ID of this office")]
    NotOurs,
}

impl MessageId {
    /// The id of the message that this row of the ledger is about, in the office's own domain.
    pub fn new(row: Uuid, domain: &str) -> Result<Self, BadMessageId> {
        let domain = domain_name(domain).ok_or(BadMessageId::Domain)?;
        Ok(Self { row, domain })
    }

    /// Reads one that came back in a bounce or an answer. Whether the domain is ours is for the caller to see.
    pub fn parse(text: &str) -> Result<Self, BadMessageId> {
        let inside = text
            .trim()
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'));
        let (row, domain) = inside
            .and_then(|inside| inside.split_once('@'))
            .ok_or(BadMessageId::NotOurs)?;
        let row = Uuid::try_parse(row).map_err(|_| BadMessageId::NotOurs)?;
        Self::new(row, domain)
    }

    /// The row of the ledger.
    pub const fn row(&self) -> Uuid {
        self.row
    }

    /// The domain it was made in.
    pub fn domain(&self) -> &str {
        &self.domain
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}@{}>", self.row, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written_and_names_its_row() {
        let row = Uuid::from_u128(7);
        let id = MessageId::new(row, "Mail.Example.JP").unwrap();
        let text = "<00000000-0000-0000-0000-000000000007@mail.example.jp>";
        assert_eq!(id.to_string(), text);
        assert_eq!(MessageId::parse(&format!(" {text}\r\n")), Ok(id.clone()));
        assert_eq!(id.row(), row);
    }

    #[test]
    fn ids_of_others_and_domains_that_are_none_are_refused() {
        for text in ["", "<>", "<a@b>", "<CAF=abc@mail.example.com>", "7@example.jp"] {
            assert_eq!(MessageId::parse(text), Err(BadMessageId::NotOurs), "{text}");
        }
        for domain in ["", "localhost", "example.jp>\r\nBcc: x", "a b.jp"] {
            assert_eq!(
                MessageId::new(Uuid::nil(), domain),
                Err(BadMessageId::Domain),
                "{domain}"
            );
        }
    }
}
