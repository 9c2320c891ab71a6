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
    /// Whether the codec was named without its `video_` or `image_`, which earns a warning.
    #[serde(default, rename = "codecWasShort", skip_serializing_if = "std::ops::Not::not")]
    pub codec_was_short: bool,
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

/// The codecs there are.
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
    /// H.264 with a constant rate of 1 Mb/s, `.mp4`.
    #[serde(rename = "video_h264_cbr_1mbps")]
    H264Cbr1,
    /// H.264 with a constant rate of 5 Mb/s, `.mp4`.
    #[serde(rename = "video_h264_cbr_5mbps")]
    H264Cbr5,
    /// H.264 with a constant rate of 15 Mb/s, `.mp4`.
    #[serde(rename = "video_h264_cbr_15mbps")]
    H264Cbr15,
    /// H.264 with a constant rate of 40 Mb/s, `.mp4`.
    #[serde(rename = "video_h264_cbr_40mbps")]
    H264Cbr40,
    /// ProRes 422 without alpha, `.mov`.
    #[serde(rename = "video_prores_422")]
    ProRes422,
    /// ProRes 4444 with alpha, `.mov`.
    #[serde(rename = "video_prores_4444")]
    ProRes4444,
    /// PNG with alpha.
    #[serde(rename = "image_png")]
    Png,
    /// JPEG.
    #[serde(rename = "image_jpeg")]
    Jpeg,
}

impl Codec {
    /// Every codec.
    pub const ALL: [Self; 12] = [
        Self::H264Vbr1,
        Self::H264Vbr5,
        Self::H264Vbr15,
        Self::H264Vbr40,
        Self::H264Cbr1,
        Self::H264Cbr5,
        Self::H264Cbr15,
        Self::H264Cbr40,
        Self::ProRes422,
        Self::ProRes4444,
        Self::Png,
        Self::Jpeg,
    ];

    /// The id of the API.
    pub fn id(self) -> &'static str {
        match self {
            Self::H264Vbr1 => "video_h264_vbr_1mbps",
            Self::H264Vbr5 => "video_h264_vbr_5mbps",
            Self::H264Vbr15 => "video_h264_vbr_15mbps",
            Self::H264Vbr40 => "video_h264_vbr_40mbps",
            Self::H264Cbr1 => "video_h264_cbr_1mbps",
            Self::H264Cbr5 => "video_h264_cbr_5mbps",
            Self::H264Cbr15 => "video_h264_cbr_15mbps",
            Self::H264Cbr40 => "video_h264_cbr_40mbps",
            Self::ProRes422 => "video_prores_422",
            Self::ProRes4444 => "video_prores_4444",
            Self::Png => "image_png",
            Self::Jpeg => "image_jpeg",
        }
    }

    /// The id without its `video_` or `image_`, as older prose of the contract has it.
    pub fn short_id(self) -> &'static str {
        self.id().split_once('_').map_or(self.id(), |(_, short)| short)
    }

    /// The codec of an id, with or without its `video_` or `image_`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|codec| id == codec.id() || id == codec.short_id())
    }

    /// Film or stills.
    pub fn output_type(self) -> OutputType {
        match self {
            Self::Png | Self::Jpeg => OutputType::Image,
            _ => OutputType::Video,
        }
    }

    /// The extension of one file of this codec.
    pub fn extension(self) -> &'static str {
        match self {
            Self::ProRes422 | Self::ProRes4444 => "mov",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            _ => "mp4",
        }
    }

    /// The target rate in bits a second, for codecs that have one.
    pub fn bits_per_second(self) -> Option<u64> {
        match self {
            Self::H264Vbr1 | Self::H264Cbr1 => Some(1_000_000),
            Self::H264Vbr5 | Self::H264Cbr5 => Some(5_000_000),
            Self::H264Vbr15 | Self::H264Cbr15 => Some(15_000_000),
            Self::H264Vbr40 | Self::H264Cbr40 => Some(40_000_000),
            Self::ProRes422 | Self::ProRes4444 | Self::Png | Self::Jpeg => None,
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
        assert_eq!(Codec::from_id("jpeg").map(Codec::extension), Some("jpg"));
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
