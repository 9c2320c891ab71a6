//! What a setting's value may be, and how it is read.

use std::net::SocketAddr;
use std::time::Duration;

use url::Url;

/// What a setting's value may be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// A file or folder.
    Path,
    /// An address and a port.
    Address,
    /// An `http` or `https` URL.
    Url,
    /// One of several texts.
    List,
    /// A whole number within a range.
    Number(u64, u64),
    /// A number of bytes: `800M`.
    Size,
    /// A time: `90s`, `12h`, `30d`; a number alone is seconds.
    Time,
    /// Yes or no.
    Switch,
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Kind {
    /// How a value is called in help texts.
    pub fn value_name(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Path => "PATH",
            Self::Address => "ADDRESS",
            Self::Url => "URL",
            Self::List => "A,B,...",
            Self::Number(..) => "NUMBER",
            Self::Size => "SIZE",
            Self::Time => "TIME",
            Self::Switch => "BOOL",
            Self::Word(_) => "WORD",
        }
    }

    /// Why a text is no value of this kind.
    pub fn check(self, text: &str) -> Result<(), String> {
        match self {
            Self::Text | Self::Path | Self::List => Ok(()),
            Self::Address => match text.parse::<SocketAddr>() {
                Ok(_) => Ok(()),
                Err(_) => Err(format!("`{text}` is no address with a port, such as 127.0.0.1:8100")),
            },
            Self::Url => match text.parse::<Url>() {
                Ok(url) if ["http", "https"].contains(&url.scheme()) && url.has_host() => Ok(()),
                _ => Err(format!("`{text}` is no http or https URL")),
            },
            Self::Number(least, most) => match text.parse::<u64>() {
                Ok(number) if (least..=most).contains(&number) => Ok(()),
                _ if most == u64::MAX => Err(format!("`{text}` is no whole number from {least}")),
                _ => Err(format!("`{text}` is no whole number from {least} to {most}")),
            },
            Self::Size => size(text).map(drop),
            Self::Time => time(text).map(drop),
            Self::Switch => switch(text).map(drop),
            Self::Word(words) if words.contains(&text) => Ok(()),
            Self::Word(words) => Err(format!("must be `{}`, not `{text}`", words.join("`, `"))),
        }
    }
}

/// A number of bytes; K, M, G and T are powers of 1024.
pub fn size(text: &str) -> Result<u64, String> {
    let units = [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("T", 1 << 40)];
    with_unit(text, &units).ok_or_else(|| format!("`{text}` is no size; say 800M or 4G"))
}

/// A time; s, m, h and d are seconds, minutes, hours and days.
pub fn time(text: &str) -> Result<Duration, String> {
    let units = [("S", 1), ("M", 60), ("H", 3_600), ("D", 86_400)];
    // A thousand years: sums with instants stay within what clocks can tell.
    let seconds = with_unit(text, &units).filter(|seconds| *seconds <= 366 * 86_400 * 1000);
    let seconds = seconds.ok_or_else(|| format!("`{text}` is no time; say 90s, 12h or 30d"))?;
    Ok(Duration::from_secs(seconds))
}

fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim().to_ascii_uppercase();
    let (digits, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)))
        .unwrap_or((&text, 1));
    // `parse` would take a sign.
    let number = digits
        .bytes()
        .all(|digit| digit.is_ascii_digit())
        .then(|| digits.parse::<u64>());
    number?.ok()?.checked_mul(factor)
}

/// Yes or no.
pub fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(format!("`{text}` is neither true nor false")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Kind, size, time};

    #[test]
    fn sizes_are_read_or_refused() {
        assert_eq!(size("800M"), Ok(800 << 20));
        assert_eq!(size("4g"), Ok(4 << 30));
        assert_eq!(size("0"), Ok(0));
        for wrong in ["", "G", "1.5G", "-1", "+1", "99999999999T", "4GB", "ä"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_read_or_refused() {
        assert_eq!(time("90"), Ok(Duration::from_secs(90)));
        assert_eq!(time("30d"), Ok(Duration::from_hours(720)));
        for wrong in ["", "d", "1w", "99999999999999d", "1 h"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn wrong_values_are_told_with_what_is_right() {
        let wrong = |kind: Kind, text: &str| kind.check(text).unwrap_err();
        assert!(wrong(Kind::Number(2, 10), "11").ends_with("from 2 to 10"));
        assert!(wrong(Kind::Word(&["disk", "s3"]), "gcs").contains("`disk`, `s3`"));
        assert!(Kind::Url.check("ftp://h/").is_err() && Kind::Url.check("https://h").is_ok());
        assert!(Kind::Address.check("8100").is_err() && Kind::Address.check("[::1]:0").is_ok());
        assert!(Kind::Switch.check("maybe").is_err() && Kind::Switch.check("Yes").is_ok());
    }
}
