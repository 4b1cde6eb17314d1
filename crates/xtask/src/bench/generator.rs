//! How fast the load generator itself is, against a server that does nothing: other figures cannot be finer than this.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::bench::Frame;
use crate::bench::load::{CONNECTIONS, Load};
use crate::bench::machine::settle;
use crate::bench::process::peak_resident;
use crate::bench::report::{Goal, Report};
use crate::bench::samples::{Samples, interleave};
use crate::{Failure, Outcome};

const REQUESTS: usize = 2_000;

/// p95 of an empty answer, and how many requests a second that makes.
pub fn run(frame: &Frame) -> Outcome<Report> {
    settle();
    let requests = if frame.quick { REQUESTS / 4 } else { REQUESTS };
    let mut last = Samples::new();
    let rounds = interleave(frame.rounds, &mut [()], |()| {
        last = against_nothing(requests)?;
        Ok(last.percentile(95))
    })?;
    let p95 = rounds.first().map_or(f64::NAN, Samples::median);
    let memory = peak_resident(std::process::id()).unwrap_or(f64::NAN);
    Ok(Report::new(
        vec![Goal::at_most(
            format!("empty answer p95, {CONNECTIONS} connections"),
            5.0,
            p95,
            "ms",
        )],
        vec![format!(
            "median {:.2} ms; memory of the generator {memory:.0} MiB",
            last.median()
        )],
    ))
}

fn against_nothing(requests: usize) -> Outcome<Samples> {
    let failed =
        |error: std::io::Error| Failure::new(format!("the empty server could not be started: {error}"));
    let server = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(failed)?;
    let listener = server
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    server.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    let load = Load {
        url: format!("http://{address}/"),
        headers: reqwest::header::HeaderMap::new(),
        bodies: vec!["{}".to_owned()],
    };
    load.run(requests)
}

/// Reads one request after another and answers each with `{}`.
async fn answer(stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        stream.read_exact(&mut vec![0; length]).await?;
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")
            .await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_is_answered_and_timed_once() {
        assert_eq!(against_nothing(50).unwrap().count(), 50);
    }
}
