//! One connection that stays open: a request written, its answer read.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::Failure;

/// A connection to a server.
pub struct Connection {
    host: String,
    token: String,
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

/// An answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects to `http://HOST:PORT`.
    pub fn open(url: &str, token: &str) -> Result<Self, Failure> {
        let host = url.trim_end_matches('/');
        let host = host
            .strip_prefix("http://")
            .ok_or("the address must begin with http://")?;
        let writer = TcpStream::connect(host)?;
        writer.set_nodelay(true)?;
        Ok(Self {
            host: host.to_owned(),
            token: token.to_owned(),
            reader: BufReader::new(writer.try_clone()?),
            writer,
        })
    }

    /// Writes a request and reads the answer.
    pub fn call(&mut self, method: &str, path: &str, body: &str) -> Result<Answer, Failure> {
        let (host, token, length) = (&self.host, &self.token, body.len());
        // One write: a request in two packets waits for the acknowledgement of the first.
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.writer.write_all(request.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer, Failure> {
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| format!("`{}` is no answer", line.trim()))?;
        let mut length = None;
        loop {
            line.clear();
            self.reader.read_line(&mut line)?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok();
            }
        }
        // 204 says no length and has no body.
        let length: usize = length.unwrap_or(0);
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        Ok(Answer { status, body })
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<serde_json::Value, Failure> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The answer itself if it has the status, else what it says.
    pub fn expect(self, status: u16) -> Result<Self, Failure> {
        if self.status == status {
            return Ok(self);
        }
        let text = String::from_utf8_lossy(&self.body);
        Err(format!("the server answered {}, not {status}: {text}", self.status).into())
    }
}
