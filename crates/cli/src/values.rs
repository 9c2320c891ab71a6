//! Values of arguments: frame lists, sizes, colours.

use std::str::FromStr;

/// Most frames one list may name.
const MAX_FRAMES: u32 = 1_000_000;

/// Frames by number: `0,15,30`, `10-40`, or both mixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameList(pub Vec<u32>);

impl FromStr for FrameList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |part: &str| {
            part.trim()
                .parse::<u32>()
                .map_err(|_| format!("`{part}` is not a frame number"))
        };
        let mut frames = Vec::new();
        for part in text.split(',') {
            let (first, last) = match part.split_once('-') {
                Some((first, last)) => (number(first)?, number(last)?),
                None => (number(part)?, number(part)?),
            };
            if last < first {
                return Err(format!("`{part}` ends before it begins"));
            }
            if last - first >= MAX_FRAMES || frames.len() as u32 + (last - first) >= MAX_FRAMES {
                return Err(format!("more than {MAX_FRAMES} frames"));
            }
            frames.extend(first..=last);
        }
        frames.sort_unstable();
        frames.dedup();
        Ok(Self(frames))
    }
}

/// A size in pixels: `1920x1080`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let side = |part: &str| part.trim().parse::<u32>().ok().filter(|n| (1..=30_000).contains(n));
        text.split_once(['x', 'X'])
            .and_then(|(w, h)| {
                Some(Self {
                    width: side(w)?,
                    height: side(h)?,
                })
            })
            .ok_or_else(|| "expected WIDTHxHEIGHT, each from 1 to 30000".to_owned())
    }
}

/// What lies behind the composition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Nothing.
    Transparent,
    /// A colour, red, green, blue 0..255.
    Color([u8; 3]),
}

impl FromStr for Background {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let color = match text.to_ascii_lowercase().as_str() {
            "transparent" | "none" => return Ok(Self::Transparent),
            "white" => Some([255; 3]),
            "black" => Some([0; 3]),
            other => other
                .strip_prefix('#')
                .filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
                .and_then(|hex| u32::from_str_radix(hex, 16).ok())
                .map(|rgb| [(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8]),
        };
        color
            .map(Self::Color)
            .ok_or_else(|| "expected white, black, transparent or #rrggbb".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_lists() {
        let frames = |text: &str| text.parse::<FrameList>().map(|list| list.0);
        assert_eq!(frames("0,15,30"), Ok(vec![0, 15, 30]));
        assert_eq!(frames("10-12"), Ok(vec![10, 11, 12]));
        assert_eq!(frames("5, 1-3,2"), Ok(vec![1, 2, 3, 5]));
        for wrong in ["", "a", "3-1", "-4", "1,,2", "0-4294967295"] {
            assert!(frames(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_and_backgrounds() {
        assert_eq!(
            "320x200".parse(),
            Ok(Size {
                width: 320,
                height: 200
            })
        );
        for wrong in ["320", "0x1", "x", "99999x1"] {
            assert!(wrong.parse::<Size>().is_err(), "{wrong}");
        }
        assert_eq!("#FF8000".parse(), Ok(Background::Color([255, 128, 0])));
        assert_eq!("transparent".parse(), Ok(Background::Transparent));
        assert!("#12345".parse::<Background>().is_err() && "#+12345".parse::<Background>().is_err());
    }
}
