//! `template` and `fonts`: what is rendered, and in which letters.

use serde_json::{Map, Value};

use super::fields::Reader;
use crate::creation::TemplateReference;

/// No job names more font files.
const MAX_FONTS: usize = 1000;

impl Reader {
    pub(super) fn template(&mut self, body: &Map<String, Value>) -> TemplateReference {
        let mut template = TemplateReference {
            id: String::new(),
            src: None,
            composition: None,
        };
        let Some(object) = self.object(body, "template") else {
            if !self.has_problem("template") {
                self.problem("template", "is required");
            }
            return template;
        };
        self.no_places("template", object);
        template.src = self.text("template.", object, "src");
        template.composition = self.text("template.", object, "composition");
        if let Some(src) = &template.src {
            self.web_url("template.src", src);
        }
        match self.text("template.", object, "id") {
            Some(id) => {
                if template.src.is_none() {
                    self.template_id("template.id", &id);
                }
                template.id = id;
            }
            None if template.src.is_none() && !self.has_problem("template.id") => {
                self.problem("template.id", "is required");
            }
            None => {}
        }
        template
    }

    pub(super) fn template_id(&mut self, field: &str, id: &str) {
        let is_ulid = id.len() == 26 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !is_ulid {
            self.problem(field, "must be a template id: 26 upper-case letters and digits");
        }
    }

    pub(super) fn fonts(&mut self, body: &Map<String, Value>) -> Vec<String> {
        let fonts = self.array(body, "fonts");
        if fonts.len() > MAX_FONTS {
            self.problem("fonts", format!("must not be more than {MAX_FONTS}"));
        }
        let names = fonts
            .iter()
            .enumerate()
            .filter_map(|(index, font)| match font.as_str() {
                Some(name) if !name.is_empty() => Some(name.to_owned()),
                _ => {
                    self.problem(format!("fonts[{index}]"), "must be the file name of an uploaded font");
                    None
                }
            });
        names.collect()
    }
}
