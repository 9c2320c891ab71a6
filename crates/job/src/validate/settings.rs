//! `settings`: type, codec, quality, frames.

use serde_json::{Map, Value};

use super::fields::Reader;
use crate::number::whole;
use crate::settings::{Codec, Frames, OutputType, Quality, Settings};

impl Reader {
    pub(super) fn settings(&mut self, body: &Map<String, Value>) -> Option<Settings> {
        let object = self.object(body, "settings")?;
        self.only("settings", object, &["type", "frames", "quality", "codec", "engine"]);
        let mut settings = Settings::default();
        match self.text("settings.", object, "type").as_deref() {
            None => {}
            Some("video") => settings.output_type = Some(OutputType::Video),
            Some("image") => settings.output_type = Some(OutputType::Image),
            Some("aep") => self.problem(
                "settings.type",
                "a changed project (`aep`) is not written by this version: it must be `video` or `image`",
            ),
            Some(other) => self.problem("settings.type", format!("must be `video` or `image`, not `{other}`")),
        }
        match self.text("settings.", object, "quality").as_deref() {
            None => {}
            Some("draft") => settings.quality = Some(Quality::Draft),
            Some("full") => settings.quality = Some(Quality::Full),
            Some(other) => self.problem("settings.quality", format!("must be `draft` or `full`, not `{other}`")),
        }
        if let Some(id) = self.text("settings.", object, "codec") {
            settings.codec = self.codec(&id);
            settings.codec_was_short = settings.codec.is_some_and(|codec| codec.id() != id);
        }
        match self.text("settings.", object, "engine").as_deref() {
            None => {}
            Some(engine @ ("ae2025" | "ae2026")) => settings.engine = Some(engine.to_owned()),
            Some(other) => self.problem(
                "settings.engine",
                format!("must be `ae2025` or `ae2026`, not `{other}`"),
            ),
        }
        settings.frames = self.frames(object);
        let codec_type = settings.codec.map(Codec::output_type);
        if let (Some(codec), Some(said)) = (settings.codec, settings.output_type)
            && codec.output_type() != said
        {
            let (said, makes) = match said {
                OutputType::Video => ("video", "stills"),
                OutputType::Image => ("image", "a film"),
            };
            self.problem(
                "settings.codec",
                format!("`{}` makes {makes}, but `settings.type` is `{said}`", codec.id()),
            );
        }
        let is_image = settings.output_type.or(codec_type) == Some(OutputType::Image);
        if is_image && settings.frames.is_none() && !self.has_problem("settings.frames") {
            self.problem(
                "settings.frames",
                "is required for type `image`: a frame number, or [first, last]",
            );
        }
        Some(settings)
    }

    pub(super) fn codec(&mut self, id: &str) -> Option<Codec> {
        let codec = Codec::from_id(id);
        if codec.is_none() {
            let all: Vec<_> = Codec::ALL.iter().map(|codec| codec.id()).collect();
            let all = all.join("`, `");
            self.problem(
                "settings.codec",
                format!("no codec is called `{id}`; there are `{all}`"),
            );
        }
        codec
    }

    pub(super) fn frames(&mut self, settings: &Map<String, Value>) -> Option<Frames> {
        let value = settings.get("frames").filter(|value| !value.is_null())?;
        if let Some(one) = whole(value) {
            return Some(Frames::One(one));
        }
        if let Some([first, last]) = value.as_array().map(Vec::as_slice)
            && let (Some(first), Some(last)) = (whole(first), whole(last))
            && first < last
        {
            return Some(Frames::Range([first, last]));
        }
        self.problem(
            "settings.frames",
            "must be a frame number from 0 on, or [first, last] with last > first",
        );
        None
    }
}
