//! A job from a file: its assets and settings, without a server.

use std::path::Path;
use std::time::Duration;

use filmpress_composition::{Diagnostics, Kind, Place, Project};
use filmpress_job::assets::{self, Asset, Media, Sources};
use filmpress_job::{Output, Settings};
use filmpress_media::Programs;
use filmpress_worker::footage::look;
use filmpress_worker::sources::{Loader, Policy, shown};
use serde_json::Value;

use crate::failure::Failure;

/// What of a job matters on the command line.
#[derive(Debug)]
pub(super) struct Job {
    /// `template.composition`.
    pub composition: Option<String>,
    /// The output asked for; `None` without `settings`.
    pub output: Option<Output>,
    assets: Vec<Box<dyn Asset>>,
    loader: Loader,
    /// What the assets bring; films are read from here while frames are drawn.
    files: tempfile::TempDir,
}

impl Job {
    /// Reads the body of `POST /jobs` from a file. `template.id`, `upload` and `webhook` have no meaning here.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let at = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
        let bytes = std::fs::read(path).map_err(|e| at(&e))?;
        let body: Value = serde_json::from_slice(&bytes).map_err(|e| at(&e))?;
        if !body.is_object() {
            return Err(at(&"expected a JSON object with `assets`"));
        }
        let none = Vec::new();
        let list = match body.get("assets") {
            None | Some(Value::Null) => &none,
            Some(Value::Array(list)) => list,
            Some(_) => return Err(at(&"assets: must be an array")),
        };
        let assets = assets::parse(list, Sources::WebAndFiles).map_err(|problems| {
            let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
            at(&all.join("; "))
        })?;
        let preview = body.get("preview").and_then(Value::as_bool).unwrap_or(false);
        let output = match body.get("settings").filter(|s| !s.is_null()) {
            Some(settings) => {
                let settings: Settings =
                    serde_json::from_value(settings.clone()).map_err(|e| at(&format!("settings: {e}")))?;
                Some(Output::of(Some(&settings), preview))
            }
            None => None,
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let loader = Loader::new(Policy {
            reach: filmpress_job::address::Reach::Private,
            files: Some(
                if folder.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    folder
                }
                .to_owned(),
            ),
            timeout: Duration::from_mins(2),
            ..Policy::default()
        })
        .map_err(Failure::new)?;
        let composition = body.pointer("/template/composition").and_then(Value::as_str);
        Ok(Self {
            composition: composition.filter(|name| !name.is_empty()).map(str::to_owned),
            output,
            assets,
            loader,
            files: tempfile::tempdir().map_err(Failure::new)?,
        })
    }

    /// Downloads what the assets need and applies them, in order. Films are looked at with `programs`.
    pub fn apply(&self, project: &mut Project, programs: &Programs, warnings: &mut Diagnostics) -> Result<(), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(Failure::new)?;
        for (number, asset) in self.assets.iter().enumerate() {
            let media: Option<Media> = match asset.src() {
                Some(src) => {
                    let path = self.files.path().join(number.to_string());
                    runtime.block_on(self.loader.save(src, &path)).map_err(Failure::new)?;
                    let failed = |error| Failure::new(format!("{}: {error}", shown(src)));
                    let (media, warning) = look(&path, programs).map_err(failed)?;
                    if let Some(warning) = warning {
                        warnings.push(&Place(vec![shown(src)]), Kind::Unsupported, warning);
                    }
                    Some(media)
                }
                None => None,
            };
            asset
                .apply(project, media)
                .map_err(|error| Failure::new(error).hint("`filmpress inspect` lists layers and their properties"))?
                .unpack(warnings);
        }
        Ok(())
    }
}
