//! What is taken out of a mailbox.

/// How far a mailbox was read. For the caller to keep: after the messages that came with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The server's numbering of the folder. With another one, all numbers are others.
    pub uid_validity: u32,
    /// The last message that was taken, or given up.
    pub last_uid: u32,
}

/// Some messages, in the order of their numbers.
#[derive(Debug, PartialEq, Eq)]
pub struct Batch {
    /// What came.
    pub messages: Vec<Fetched>,
    /// What is newer than all that came.
    pub cursor: Cursor,
    /// The server counts anew, so this begins with the first message again. Who keeps messages by their hash has most of them already.
    pub starts_over: bool,
    /// There is more, for the next call.
    pub has_more: bool,
}

/// A message.
#[derive(Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its number in the numbering of the batch's cursor.
    pub uid: u32,
    /// What came of it.
    pub content: Content,
}

/// What came of a message.
#[derive(PartialEq, Eq)]
pub enum Content {
    /// All of it, byte for byte as the server has it.
    Whole(Vec<u8>),
    /// It is larger than [`Caps::message`](super::Caps::message), and stays where it is.
    TooLarge {
        /// How large, in bytes, as the server says.
        size: u64,
        /// Its header and how it goes on, up to 256 KiB.
        beginning: Vec<u8>,
    },
    /// The server lists it and refuses it, without saying that this is for now: it may be damaged there. The last of its batch,
    /// so that whoever wants to try again keeps the cursor before it.
    Withheld,
}

/// Nobody's mail belongs into a log.
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(bytes) => write!(f, "Whole({} bytes)", bytes.len()),
            Self::TooLarge { size, .. } => write!(f, "TooLarge({size} bytes)"),
            Self::Withheld => f.write_str("Withheld"),
        }
    }
}
