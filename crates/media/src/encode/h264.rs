//! H.264 in MP4: variable and constant bit rates of 1, 5, 15 and 40 Mb/s, 4:2:0, BT.709, playable while it loads.

use super::{Codec, CodecKind, FilmCodec, FilmSettings, Layout};

const fn codec(id: &'static str, summary: &'static str, arguments: fn(&FilmSettings) -> Vec<String>) -> Codec {
    Codec {
        id,
        extension: "mp4",
        summary,
        alpha: false,
        kind: CodecKind::Film(FilmCodec {
            stream: "h264",
            layout: Layout::Yuv420,
            arguments,
        }),
    }
}

pub(super) const CODECS: &[Codec] = &[
    codec("video_h264_vbr_1mbps", "H.264 MP4, 1 Mb/s on average", variable::<1>),
    codec("video_h264_vbr_5mbps", "H.264 MP4, 5 Mb/s on average", variable::<5>),
    codec("video_h264_vbr_15mbps", "H.264 MP4, 15 Mb/s on average", variable::<15>),
    codec("video_h264_vbr_40mbps", "H.264 MP4, 40 Mb/s on average", variable::<40>),
    codec("video_h264_cbr_1mbps", "H.264 MP4, 1 Mb/s constant", constant::<1>),
    codec("video_h264_cbr_5mbps", "H.264 MP4, 5 Mb/s constant", constant::<5>),
    codec("video_h264_cbr_15mbps", "H.264 MP4, 15 Mb/s constant", constant::<15>),
    codec("video_h264_cbr_40mbps", "H.264 MP4, 40 Mb/s constant", constant::<40>),
];

/// Peaks may be half as high again as the mean, over two seconds.
fn variable<const MBPS: u32>(settings: &FilmSettings) -> Vec<String> {
    let mut arguments = common(MBPS, settings);
    arguments.extend(["-maxrate".into(), format!("{}k", MBPS * 1500)]);
    arguments.extend(["-bufsize".into(), format!("{}k", MBPS * 2000)]);
    arguments
}

/// Padded up to the rate as well as held below it, over one second.
fn constant<const MBPS: u32>(settings: &FilmSettings) -> Vec<String> {
    let mut arguments = common(MBPS, settings);
    for rate in ["-minrate", "-maxrate", "-bufsize"] {
        arguments.extend([rate.into(), format!("{MBPS}M")]);
    }
    arguments.extend(["-x264-params".into(), "nal-hrd=cbr:filler=1".into()]);
    arguments
}

fn common(mbps: u32, settings: &FilmSettings) -> Vec<String> {
    // Where bits are scarce the encoder's time buys more than where they abound.
    let preset = match mbps {
        _ if settings.draft => "ultrafast",
        1 => "faster",
        _ => "veryfast",
    };
    let mut arguments: Vec<String> = ["-c:v", "libx264", "-preset", preset, "-pix_fmt", "yuv420p", "-b:v"]
        .map(Into::into)
        .into();
    arguments.push(format!("{mbps}M"));
    arguments.extend(["-chroma_sample_location", "center", "-movflags", "+faststart"].map(Into::into));
    arguments
}
