//! A connection whose first bytes were read to see what it is, and are read again by what serves it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf as _, Bytes};
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

/// What every HTTP/2 connection begins with (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pin_project! {
    /// A connection with its first bytes put back.
    pub(super) struct Rewind<I> {
        first: Bytes,
        #[pin]
        rest: I,
    }
}

impl<I: AsyncRead + Unpin> Rewind<I> {
    /// Waits for HTTP/2's first bytes; anything else is an error.
    pub(super) async fn past_preface(mut rest: I) -> io::Result<Self> {
        let mut first = [0; PREFACE.len()];
        rest.read_exact(&mut first).await?;
        if first != PREFACE {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the connection does not speak HTTP/2",
            ));
        }
        Ok(Self {
            first: Bytes::from_static(PREFACE),
            rest,
        })
    }
}

impl<I: AsyncRead> AsyncRead for Rewind<I> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.project();
        if this.first.is_empty() {
            return this.rest.poll_read(context, into);
        }
        let length = this.first.len().min(into.remaining());
        into.put_slice(&this.first[..length]);
        this.first.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl<I: AsyncWrite> AsyncWrite for Rewind<I> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.project().rest.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.project().rest.poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.rest.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().rest.poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().rest.poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_read_to_see_is_read_again() {
        let connection = [PREFACE, b"and more"].concat();
        let mut rewound = Rewind::past_preface(connection.as_slice())
            .await
            .expect("it is HTTP/2");
        let mut all = Vec::new();
        rewound.read_to_end(&mut all).await.expect("read");
        assert_eq!(all, connection);
    }

    #[tokio::test]
    async fn another_protocol_is_refused() {
        let http1 = b"GET / HTTP/1.1\r\nHost: caseload\r\n\r\n".as_slice();
        assert!(Rewind::past_preface(http1).await.is_err());
    }
}
