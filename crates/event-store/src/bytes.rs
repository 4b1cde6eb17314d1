//! Length-prefixed bytes: what is hashed or authenticated must be readable in one way only.

use uuid::Uuid;

/// Collects fields. Texts and byte strings carry their length; numbers and ids have a fixed one. All big-endian.
#[derive(Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// u32 length, then the bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.count(bytes.len());
        self.raw(bytes)
    }

    /// u32 length, then UTF-8.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// u32.
    pub(crate) fn count(&mut self, count: usize) -> &mut Self {
        let count = u32::try_from(count).expect("sizes are checked before anything is written");
        self.raw(&count.to_be_bytes())
    }

    /// i64.
    pub(crate) fn number(&mut self, number: i64) -> &mut Self {
        self.raw(&number.to_be_bytes())
    }

    /// 16 bytes.
    pub(crate) fn id(&mut self, id: Uuid) -> &mut Self {
        self.raw(id.as_bytes())
    }

    /// The bytes as they are: for fields of a fixed length.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Reads what [`Writer`] wrote; `None` when the bytes end too early.
pub(crate) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn raw(&mut self, length: usize) -> Option<&'b [u8]> {
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        Some(head)
    }

    pub(crate) fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.raw(N)?.try_into().ok()
    }

    pub(crate) fn count(&mut self) -> Option<usize> {
        usize::try_from(u32::from_be_bytes(self.fixed()?)).ok()
    }

    pub(crate) fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = self.count()?;
        self.raw(length)
    }

    pub(crate) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(crate) fn id(&mut self) -> Option<Uuid> {
        self.fixed().map(Uuid::from_bytes)
    }

    pub(crate) fn number(&mut self) -> Option<i64> {
        self.fixed().map(i64::from_be_bytes)
    }

    /// u32 count, then so many items.
    pub(crate) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        // No room is made in advance: the count may be anything.
        (0..count).map(|_| item(self)).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
