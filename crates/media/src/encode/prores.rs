//! Apple ProRes in QuickTime: 4444 with straight alpha, and 422.

use super::{Codec, CodecKind, FilmCodec, FilmSettings, Layout};

const fn codec(
    id: &'static str,
    summary: &'static str,
    alpha: bool,
    arguments: fn(&FilmSettings) -> Vec<String>,
) -> Codec {
    Codec {
        id,
        extension: "mov",
        summary,
        alpha,
        kind: CodecKind::Film(FilmCodec {
            stream: "prores",
            layout: Layout::StraightRgba,
            arguments,
        }),
    }
}

pub(super) const CODECS: &[Codec] = &[
    codec("video_prores_4444", "ProRes 4444 QuickTime, with alpha", true, |_| {
        arguments("4444", "yuva444p10le")
    }),
    codec("video_prores_422", "ProRes 422 QuickTime", false, |_| {
        arguments("standard", "yuv422p10le")
    }),
];

fn arguments(profile: &str, pixels: &str) -> Vec<String> {
    [
        "-vf",
        "scale=in_range=full:out_range=tv:out_color_matrix=bt709:flags=accurate_rnd+full_chroma_int,\
         setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709",
        "-c:v",
        "prores_ks",
        "-profile:v",
        profile,
        "-pix_fmt",
        pixels,
        // The vendor code some editors insist on.
        "-vendor",
        "apl0",
    ]
    .map(Into::into)
    .into()
}
