//! What lettre reads from and writes to: a stream, encrypted or not, with an eye on what the relay says.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::oneshot;

/// No answer is longer, in bytes. lettre looks at the length of a line only when its end has come.
const LONGEST_ANSWER: usize = 128 << 10;

/// A stream of either kind.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin + 'static {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin + 'static> Stream for S {}

/// One stream in lettre's hands.
pub(super) struct Wire<S: Stream> {
    stream: Option<S>,
    /// What lettre is to read before anything else.
    greeting: &'static [u8],
    /// How much came since something was last written.
    answer: usize,
    /// Who gets the stream when lettre is done with it.
    back: Option<oneshot::Sender<S>>,
}

impl<S: Stream> Wire<S> {
    pub fn new(stream: S) -> Self {
        Self {
            stream: Some(stream),
            greeting: b"",
            answer: 0,
            back: None,
        }
    }

    /// A stream whose relay has greeted already, as it is after STARTTLS: lettre would wait for a greeting.
    pub fn greeted(stream: S) -> Self {
        let mut wire = Self::new(stream);
        wire.greeting = b"220 \r\n";
        wire
    }

    /// A stream that comes back when lettre's client is dropped. Whatever the client had read ahead is gone with it, so
    /// nobody can slip in an answer before the encryption that would count after it.
    pub fn lent(stream: S) -> (Self, oneshot::Receiver<S>) {
        let (back, returned) = oneshot::channel();
        let mut wire = Self::new(stream);
        wire.back = Some(back);
        (wire, returned)
    }

    fn stream(&mut self) -> io::Result<Pin<&mut S>> {
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        Ok(Pin::new(stream))
    }
}

impl<S: Stream> Drop for Wire<S> {
    fn drop(&mut self) {
        if let (Some(stream), Some(back)) = (self.stream.take(), self.back.take()) {
            // Nobody waits for it any more: then it is closed.
            let _ = back.send(stream);
        }
    }
}

impl<S: Stream> fmt::Debug for Wire<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl<S: Stream> AsyncTokioStream for Wire<S> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl<S: Stream> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if !wire.greeting.is_empty() {
            let (now, later) = wire
                .greeting
                .split_at(wire.greeting.len().min(buffer.remaining()));
            buffer.put_slice(now);
            wire.greeting = later;
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(wire.stream()?.poll_read(context, buffer))?;
        let Some(read) = buffer.filled_mut().get_mut(before..) else {
            return Poll::Ready(Ok(()));
        };
        wire.answer += read.len();
        if wire.answer > LONGEST_ANSWER {
            let error = io::Error::new(io::ErrorKind::InvalidData, "the answer does not end");
            return Poll::Ready(Err(error));
        }
        // Some relays answer in Shift_JIS or Latin-1. The code is what counts, and lettre would throw all of it away.
        for byte in read.iter_mut().filter(|byte| !byte.is_ascii()) {
            *byte = b'?';
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: Stream> AsyncWrite for Wire<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        wire.answer = 0;
        wire.stream()?.poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream()?.poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().stream()?.poll_shutdown(context)
    }
}
