//! Which of the team's fonts go with a job.
//!
//! Those the job names, those the template asks for and those a text of the assets names: by file name, PostScript name or
//! family, whatever the case. Of a template that is not known beforehand, all.

use std::collections::HashSet;
use std::sync::Arc;

use filmpress_job::TemplateMetadata;
use filmpress_job::protocol::FontSource;
use filmpress_queue::{FontRecord, JobRecord};
use serde_json::Value;

use super::{Lack, URL_LIFE};
use crate::app::App;
use crate::storage::Audience;

/// Most fonts that go with a job.
const MOST: usize = 200;

/// The fonts of the job's team, if it is a job that draws.
pub(super) async fn all(app: &App, job: &JobRecord) -> Result<Arc<Vec<FontRecord>>, Lack> {
    match job.payload.render() {
        Some(_) => Ok(app.queue.fonts(&job.team).await?),
        None => Ok(Arc::default()),
    }
}

/// Those of them that go with the job.
pub(super) fn chosen(
    app: &App,
    base: &str,
    job: &JobRecord,
    fonts: &[FontRecord],
    template: Option<&TemplateMetadata>,
) -> Vec<FontSource> {
    let Some(render) = job.payload.render() else {
        return Vec::new();
    };
    let named: HashSet<String> = render.fonts.iter().map(|name| name.to_lowercase()).collect();
    let wanted = template.map(|template| wanted(template, &render.assets));
    let mut chosen: Vec<&FontRecord> = fonts
        .iter()
        .filter(|font| is_named(font, &named) || wanted.as_ref().is_none_or(|wanted| is_wanted(font, wanted)))
        .collect();
    // Those the job insists on are never the ones that find no room.
    chosen.sort_by_key(|font| !is_named(font, &named));
    chosen.truncate(MOST);
    let source = |font: &FontRecord| FontSource {
        file_name: font.file_name.clone(),
        url: app.get_url(Audience::Workers, base, &font.file.key, URL_LIFE),
        sha256: Some(font.file.sha256.clone()),
    };
    chosen.into_iter().map(source).collect()
}

fn is_named(font: &FontRecord, named: &HashSet<String>) -> bool {
    named.contains(&font.file_name.to_lowercase())
}

fn is_wanted(font: &FontRecord, wanted: &HashSet<String>) -> bool {
    let file = font.file_name.to_lowercase();
    let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
    let post_script = font.post_script_name.to_lowercase();
    let family = font.family_name.to_lowercase();
    [file.as_str(), stem, &post_script, &family]
        .iter()
        .any(|name| !name.is_empty() && wanted.contains(*name))
}

/// Names of fonts, in lower case, and texts of assets that may be such.
fn wanted(template: &TemplateMetadata, assets: &[Value]) -> HashSet<String> {
    let mut wanted = HashSet::new();
    for font in &template.fonts {
        wanted.insert(font.post_script_name.to_lowercase());
        wanted.extend(font.family.as_ref().map(|family| family.to_lowercase()));
    }
    for asset in assets {
        texts(asset, &mut wanted);
    }
    wanted
}

fn texts(value: &Value, found: &mut HashSet<String>) {
    match value {
        // No font's name is longer.
        Value::String(text) if text.len() <= 200 => drop(found.insert(text.to_lowercase())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use filmpress_job::metadata::FontNeed;
    use filmpress_queue::StoredFile;
    use serde_json::json;
    use time::OffsetDateTime;

    use super::*;

    fn font(file_name: &str, family_name: &str, post_script_name: &str) -> FontRecord {
        FontRecord {
            id: String::new(),
            team: String::new(),
            file_name: file_name.to_owned(),
            family_name: family_name.to_owned(),
            style_name: String::new(),
            post_script_name: post_script_name.to_owned(),
            file: StoredFile {
                key: String::new(),
                sha256: String::new(),
                size: 1,
            },
            created_at: OffsetDateTime::UNIX_EPOCH,
            updated_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_font_is_found_by_any_of_its_names() {
        let template = TemplateMetadata {
            fonts: vec![FontNeed {
                post_script_name: "Soleil-Bold".to_owned(),
                family: Some("Soleil".to_owned()),
                style: None,
            }],
            ..TemplateMetadata::default()
        };
        let assets = [json!({"type": "data", "property": "Source Text.font", "value": "Inter-Black"})];
        let wanted = wanted(&template, &assets);
        for (file, family, post_script, expected) in [
            ("a.ttf", "x", "SOLEIL-bold", true),
            ("a.ttf", "soleil", "x", true),
            ("Soleil-Bold.OTF", "x", "x", true),
            ("inter.ttf", "Inter", "Inter-Black", true),
            ("b.ttf", "Other", "Other-Regular", false),
            ("", "", "", false),
        ] {
            let font = font(file, family, post_script);
            assert_eq!(is_wanted(&font, &wanted), expected, "{file} {family} {post_script}");
        }
    }
}
