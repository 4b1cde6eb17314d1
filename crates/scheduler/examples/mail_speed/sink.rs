//! A relay that says yes to everything and keeps nothing: the cheapest counterpart there is, so that it is not what is measured.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::Failure;

const END: &[u8] = b"\r\n.\r\n";

/// Prints its port and serves until it is killed.
pub async fn serve() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        // Whoever goes away in the middle of a message has nothing more to hear.
        tokio::spawn(async move { converse(stream).await.ok() });
    }
}

async fn converse(mut stream: TcpStream) -> Result<(), std::io::Error> {
    stream.write_all(b"220 sink\r\n").await?;
    let mut input = Vec::with_capacity(16 << 10);
    let mut in_message = false;
    let mut answers = Vec::new();
    loop {
        if stream.read_buf(&mut input).await? == 0 {
            return Ok(());
        }
        loop {
            if in_message {
                let Some(end) = find(&input, END) else { break };
                input.drain(..end + END.len());
                in_message = false;
                answers.extend_from_slice(b"250 2.0.0 taken\r\n");
            }
            let Some(end) = find(&input, b"\r\n") else { break };
            let word = input[..end].get(..4).unwrap_or_default().to_ascii_uppercase();
            input.drain(..end + 2);
            let answer: &[u8] = match word.as_slice() {
                b"EHLO" => b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
                b"DATA" => {
                    in_message = true;
                    b"354 go on\r\n"
                }
                b"QUIT" => b"221 bye\r\n",
                _ => b"250 2.1.0 fine\r\n",
            };
            answers.extend_from_slice(answer);
        }
        stream.write_all(&answers).await?;
        answers.clear();
    }
}

fn find(input: &[u8], wanted: &[u8]) -> Option<usize> {
    input.windows(wanted.len()).position(|window| window == wanted)
}
