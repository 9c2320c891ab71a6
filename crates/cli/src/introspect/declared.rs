//! Whether a file is of the kind its template was declared as.

/// Refuses a file that is plainly of another kind; what cannot be told by its first bytes is left to the readers.
pub fn check(bytes: &[u8], declared: &str) -> Result<(), String> {
    match Found::of(bytes) {
        Some(found) if !found.allows(declared) => Err(format!(
            "the template was declared as `{declared}`, but the file is {}",
            found.described()
        )),
        _ => Ok(()),
    }
}

/// What a file is by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Aep,
    Xml,
    Zip,
    Json,
}

impl Found {
    fn of(first: &[u8]) -> Option<Self> {
        let text = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first).trim_ascii_start();
        match text {
            [b'R', b'I', b'F', b'X', ..] => Some(Self::Aep),
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            [b'<', ..] => Some(Self::Xml),
            [b'{', ..] => Some(Self::Json),
            _ => None,
        }
    }

    fn allows(self, kind: &str) -> bool {
        match self {
            Self::Aep | Self::Xml => matches!(kind, "aep" | "aepx"),
            Self::Zip => matches!(kind, "zip" | "mogrt" | "lottie"),
            Self::Json => matches!(kind, "lottie" | "json"),
        }
    }

    fn described(self) -> &'static str {
        match self {
            Self::Aep => "an After Effects project",
            Self::Xml => "an XML file",
            Self::Zip => "a zip archive",
            Self::Json => "a JSON file",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn declared_and_real_kind_must_agree() {
        check(b"RIFX", "aep").unwrap();
        check(b"\xEF\xBB\xBF <?xml", "aepx").unwrap();
        check(b"PK\x03\x04", "mogrt").unwrap();
        check(b"{}", "lottie").unwrap();
        assert_eq!(
            check(b" {}", "aep").unwrap_err(),
            "the template was declared as `aep`, but the file is a JSON file"
        );
        assert!(check(b"RIFX", "zip").unwrap_err().ends_with("an After Effects project"));
        check(b"\x89PNG", "zip").unwrap();
    }
}
