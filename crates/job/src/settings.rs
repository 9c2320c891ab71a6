//! What file a job makes: type, codec, quality and frames.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The `settings` of a job as sent. [`Output::of`] makes them definite.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// Film or stills.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub output_type: Option<OutputType>,
    /// Which frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frames: Option<Frames>,
    /// Draft or full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// The codec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codec: Option<Codec>,
    /// The compatibility profile, `ae2025` or `ae2026`; kept, without effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
}

/// Film or stills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OutputType {
    /// One film.
    Video,
    /// One still, or a range of them in a zip.
    Image,
}

/// Draft or full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Quality {
    /// Quick: the encoder's fast setting.
    Draft,
    /// As good as it gets.
    #[default]
    Full,
}

/// Frames of a composition, counted from 0 at its in-point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Frames {
    /// One frame.
    One(u64),
    /// First and last frame, both included.
    Range([u64; 2]),
}

/// The codecs that are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub enum Codec {
    /// H.264 with a variable rate around 1 Mb/s, `.mp4`.
    #[serde(rename = "video_h264_vbr_1mbps")]
    H264Vbr1,
    /// H.264 with a variable rate around 5 Mb/s, `.mp4`.
    #[serde(rename = "video_h264_vbr_5mbps")]
    H264Vbr5,
    /// H.264 with a variable rate around 15 Mb/s, `.mp4`.
    #[serde(rename = "video_h264_vbr_15mbps")]
    H264Vbr15,
    /// H.264 with a variable rate around 40 Mb/s, `.mp4`.
    #[serde(rename = "video_h264_vbr_40mbps")]
    H264Vbr40,
    /// ProRes 4444 with alpha, `.mov`.
    #[serde(rename = "video_prores_4444")]
    ProRes4444,
    /// PNG with alpha.
    #[serde(rename = "image_png")]
    Png,
}

impl Codec {
    /// Every codec that is built.
    pub const ALL: [Self; 6] = [
        Self::H264Vbr1,
        Self::H264Vbr5,
        Self::H264Vbr15,
        Self::H264Vbr40,
        Self::ProRes4444,
        Self::Png,
    ];

    /// Codecs of the contract that are not built yet: refused at creation with a text that says so.
    pub const NOT_BUILT: [&'static str; 6] = [
        "video_h264_cbr_1mbps",
        "video_h264_cbr_5mbps",
        "video_h264_cbr_15mbps",
        "video_h264_cbr_40mbps",
        "video_prores_422",
        "image_jpeg",
    ];

    /// The id of the API.
    pub fn id(self) -> &'static str {
        match self {
            Self::H264Vbr1 => "video_h264_vbr_1mbps",
            Self::H264Vbr5 => "video_h264_vbr_5mbps",
            Self::H264Vbr15 => "video_h264_vbr_15mbps",
            Self::H264Vbr40 => "video_h264_vbr_40mbps",
            Self::ProRes4444 => "video_prores_4444",
            Self::Png => "image_png",
        }
    }

    /// The codec of an id, with or without its `video_` or `image_`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|codec| {
            let full = codec.id();
            id == full || full.split_once('_').is_some_and(|(_, short)| short == id)
        })
    }

    /// Film or stills.
    pub fn output_type(self) -> OutputType {
        if self == Self::Png {
            OutputType::Image
        } else {
            OutputType::Video
        }
    }

    /// The extension of one file of this codec.
    pub fn extension(self) -> &'static str {
        match self {
            Self::H264Vbr1 | Self::H264Vbr5 | Self::H264Vbr15 | Self::H264Vbr40 => "mp4",
            Self::ProRes4444 => "mov",
            Self::Png => "png",
        }
    }

    /// The target rate in bits a second, for codecs that have one.
    pub fn bits_per_second(self) -> Option<u64> {
        match self {
            Self::H264Vbr1 => Some(1_000_000),
            Self::H264Vbr5 => Some(5_000_000),
            Self::H264Vbr15 => Some(15_000_000),
            Self::H264Vbr40 => Some(40_000_000),
            Self::ProRes4444 | Self::Png => None,
        }
    }
}

/// What file a job makes, every default decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    /// The codec.
    pub codec: Codec,
    /// Draft or full.
    pub quality: Quality,
    /// The frames to draw; `None` for the whole work area.
    pub frames: Option<Frames>,
    /// A quick look: drawn at reduced size, whole in time.
    pub preview: bool,
}

impl Output {
    /// The output of a job with these settings. A preview takes no settings: it is a small draft film.
    pub fn of(settings: Option<&Settings>, preview: bool) -> Self {
        if preview {
            return Self {
                codec: Codec::H264Vbr5,
                quality: Quality::Draft,
                frames: None,
                preview,
            };
        }
        let settings = settings.cloned().unwrap_or_default();
        let codec = settings.codec.unwrap_or(match settings.output_type {
            Some(OutputType::Image) => Codec::Png,
            Some(OutputType::Video) | None => Codec::H264Vbr15,
        });
        let frames = match (codec.output_type(), settings.frames) {
            // The contract gives a lone frame number no meaning for films, yet its request form shows one.
            (OutputType::Video, Some(Frames::One(_))) => None,
            (OutputType::Image, None) => Some(Frames::One(0)),
            (_, frames) => frames,
        };
        Self {
            codec,
            quality: settings.quality.unwrap_or_default(),
            frames,
            preview,
        }
    }

    /// The extension of the output file.
    pub fn extension(&self) -> &'static str {
        match (self.codec.output_type(), self.frames) {
            (OutputType::Image, Some(Frames::Range(_))) => "zip",
            _ => self.codec.extension(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Codec, Frames, Output, OutputType, Quality, Settings};

    #[test]
    fn ids_go_both_ways_and_may_be_short() {
        for codec in Codec::ALL {
            assert_eq!(Codec::from_id(codec.id()), Some(codec));
            assert_eq!(serde_json::to_value(codec).unwrap(), codec.id());
        }
        assert_eq!(Codec::from_id("h264_vbr_15mbps"), Some(Codec::H264Vbr15));
        assert_eq!(Codec::from_id("png"), Some(Codec::Png));
        assert_eq!(Codec::from_id("mbps"), None);
    }

    #[test]
    fn no_settings_is_a_full_film() {
        let output = Output::of(None, false);
        assert_eq!(
            (output.codec, output.quality, output.frames),
            (Codec::H264Vbr15, Quality::Full, None)
        );
        assert_eq!(output.extension(), "mp4");
    }

    #[test]
    fn stills_and_ranges_have_their_files() {
        let still = Settings {
            output_type: Some(OutputType::Image),
            ..Settings::default()
        };
        assert_eq!(Output::of(Some(&still), false).extension(), "png");
        assert_eq!(Output::of(Some(&still), false).frames, Some(Frames::One(0)));
        let range = Settings {
            frames: Some(Frames::Range([2, 5])),
            ..still
        };
        assert_eq!(Output::of(Some(&range), false).extension(), "zip");
        let film = Settings {
            frames: Some(Frames::One(1)),
            ..Settings::default()
        };
        assert_eq!(Output::of(Some(&film), false).frames, None);
    }
}
