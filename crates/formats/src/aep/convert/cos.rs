//! The object notation of text documents: dictionaries `<< /key value >>`, arrays `[ ]`, numbers, names `/Name`,
//! strings in parentheses, `true`, `false`, `null`. Adobe's text engine shares it with PDF.

use crate::limits::MAX_DEPTH;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cos {
    Null,
    Bool(bool),
    Number(f64),
    Name(String),
    Text(String),
    Array(Vec<Cos>),
    Dictionary(Vec<(String, Cos)>),
}

impl Cos {
    /// The value at a path of dictionary keys and array indices, such as `0.1.0`.
    pub fn find(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |at, step| match at {
            Self::Dictionary(entries) => entries.iter().find(|(key, _)| key == step).map(|(_, value)| value),
            Self::Array(values) => values.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }

    pub fn array(&self, path: &str) -> &[Self] {
        match self.find(path) {
            Some(Self::Array(values)) => values,
            _ => &[],
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(x) => Some(*x),
            _ => None,
        }
    }

    pub fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            Self::Number(x) => Some(*x != 0.0),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Parses a whole blob: one dictionary, or its entries without the brackets around them.
pub(super) fn parse(bytes: &[u8]) -> Result<Cos, String> {
    let mut parser = Parser { bytes, at: 0, depth: 0 };
    parser.skip_space();
    if parser.rest().starts_with(b"<<") {
        return parser.value();
    }
    let mut entries = Vec::new();
    loop {
        parser.skip_space();
        let Some(b'/') = parser.peek() else {
            return Ok(Cos::Dictionary(entries));
        };
        let key = parser.name();
        parser.skip_space();
        if parser.peek().is_none() {
            return Ok(Cos::Dictionary(entries));
        }
        entries.push((key, parser.value()?));
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    fn fault(&self, what: &str) -> String {
        format!("{what} at byte {}", self.at)
    }

    fn value(&mut self) -> Result<Cos, String> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fault("nested too deep"));
        }
        self.depth += 1;
        let value = self.value_here();
        self.depth -= 1;
        value
    }

    fn value_here(&mut self) -> Result<Cos, String> {
        self.skip_space();
        if self.rest().starts_with(b"<<") {
            self.at += 2;
            return self.dictionary();
        }
        match self.peek() {
            None => Err(self.fault("the text ends")),
            Some(b'[') => {
                self.at += 1;
                self.array()
            }
            Some(b'(') => {
                self.at += 1;
                self.string().map(Cos::Text)
            }
            Some(b'/') => Ok(Cos::Name(self.name())),
            Some(b'<') => {
                // Bytes in hexadecimal: nothing we need is kept that way.
                while let Some(byte) = self.next() {
                    if byte == b'>' {
                        return Ok(Cos::Null);
                    }
                }
                Err(self.fault("the text ends"))
            }
            Some(_) => self.word(),
        }
    }

    fn dictionary(&mut self) -> Result<Cos, String> {
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            if self.rest().starts_with(b">>") {
                self.at += 2;
                return Ok(Cos::Dictionary(entries));
            }
            if self.peek() != Some(b'/') {
                return Err(self.fault("a key is missing"));
            }
            let key = self.name();
            entries.push((key, self.value()?));
        }
    }

    fn array(&mut self) -> Result<Cos, String> {
        let mut values = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Cos::Array(values));
            }
            values.push(self.value()?);
        }
    }

    /// The name after a slash.
    fn name(&mut self) -> String {
        self.at += 1;
        String::from_utf8_lossy(self.regular()).into_owned()
    }

    fn regular(&mut self) -> &[u8] {
        let length = self
            .rest()
            .iter()
            .position(|b| is_space(*b) || b"()<>[]/".contains(b))
            .unwrap_or(self.rest().len());
        let from = self.at;
        self.at += length;
        self.bytes.get(from..self.at).unwrap_or_default()
    }

    fn word(&mut self) -> Result<Cos, String> {
        let at = self.at;
        let word = self.regular();
        match word {
            b"true" => Ok(Cos::Bool(true)),
            b"false" => Ok(Cos::Bool(false)),
            b"null" => Ok(Cos::Null),
            _ => std::str::from_utf8(word)
                .ok()
                .and_then(|word| word.parse::<f64>().ok())
                .filter(|x| x.is_finite())
                .map(Cos::Number)
                .ok_or_else(|| format!("`{}` at byte {at} is no value", word.escape_ascii())),
        }
    }

    /// A string after its opening parenthesis: UTF-16 after a byte order mark, else Latin-1.
    fn string(&mut self) -> Result<String, String> {
        let mut bytes = Vec::new();
        let mut open = 1;
        while let Some(byte) = self.next() {
            match byte {
                b'\\' => self.escape(&mut bytes),
                b'(' => {
                    open += 1;
                    bytes.push(byte);
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(decode(&bytes));
                    }
                    bytes.push(byte);
                }
                _ => bytes.push(byte),
            }
        }
        Err(self.fault("a string does not end"))
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) {
        match self.next() {
            Some(b'n') => bytes.push(b'\n'),
            Some(b'r') => bytes.push(b'\r'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'b') => bytes.push(8),
            Some(b'f') => bytes.push(12),
            // A line end after a backslash is not part of the string.
            Some(b'\r') => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            Some(b'\n') | None => {}
            Some(digit @ b'0'..=b'7') => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                bytes.push((value & 255) as u8);
            }
            Some(other) => bytes.push(other),
        }
    }
}

fn decode(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(wide) => {
            let units = wide.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
            char::decode_utf16(units.map(u16::from_be_bytes))
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        None => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0 | 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_without_brackets_are_one_dictionary() {
        let cos = parse(b" /0 << /1 [ .5 -.5 12 ] /2 true >> /98 24 ").unwrap();
        assert_eq!(cos.find("0.1.1"), Some(&Cos::Number(-0.5)));
        assert_eq!(cos.find("0.2").and_then(Cos::bool), Some(true));
        assert_eq!(cos.find("98").and_then(Cos::number), Some(24.0));
        assert_eq!(cos.find("0.7"), None);
        assert_eq!(cos.array("0.1").len(), 3);
    }

    #[test]
    fn strings_are_unescaped_and_decoded() {
        let text = |source: &[u8]| {
            parse(&[b"/0 ", source].concat())
                .unwrap()
                .find("0")
                .unwrap()
                .text()
                .unwrap()
                .to_owned()
        };
        assert_eq!(text(b"(a\\(b\\)(c)\\101\\r)"), "a(b)(c)A\r");
        assert_eq!(text(b"(\xFE\xFF\x00H\x20\xAC\xD8\x3D\xDE\x00)"), "H\u{20AC}\u{1F600}");
        assert_eq!(text(b"(\xE9)"), "\u{E9}");
    }

    #[test]
    fn broken_notation_is_an_error() {
        for source in [
            "/0 (abc",
            "/0 [1 2",
            "/0 << /1",
            "/0 << 1 2 >>",
            "/0 nonsense",
            "/0 }",
            "/0 ]",
        ] {
            assert!(parse(source.as_bytes()).is_err(), "{source}");
        }
        assert!(
            parse(
                "/0 "
                    .bytes()
                    .chain("[".repeat(100_000).bytes())
                    .collect::<Vec<u8>>()
                    .as_slice()
            )
            .is_err()
        );
    }
}
