//! `POST /api/v2/fonts`: a font file as `multipart/form-data`.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use filmpress_queue::NewFont;
use utoipa::ToSchema;

use super::Font;
use crate::app::App;
use crate::auth::Team;
use crate::error::{Answer, ApiError, ErrorBody};
use crate::font_file::{self, FontNames};
use crate::shared_file;

/// 40 MiB, the contract's limit.
const LIMIT: usize = 40 << 20;

/// What comes beyond the limit is read for so long, for clients hear an answer only once they are done sending.
pub const LONGEST_BODY: usize = 2 * LIMIT;

/// No file name and no name of a family is longer.
const LONGEST_NAME: usize = 200;

/// What to send.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the body, which is read part by part")]
pub struct FontUpload {
    /// The font file: TrueType or OpenType (.ttf, .otf, .ttc), at most 40 MiB. WOFF and WOFF2 are refused. Older clients
    /// call this part `file`.
    #[schema(value_type = String, format = Binary)]
    font: Vec<u8>,
    /// A name for the family instead of the one in the file.
    #[schema(rename = "familyName", max_length = 200)]
    family_name: Option<String>,
}

/// Uploads a font.
///
/// A file of the same name (upper and lower case do not matter) takes the place of the one there, which keeps its id.
#[utoipa::path(post, path = "/", operation_id = "upload-font", tag = "Fonts", security(("token" = [])),
    request_body(content = FontUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = Font), (status = 400, body = ErrorBody), (status = 401, body = ErrorBody),
        (status = 413, body = ErrorBody, description = "The file is larger than 40 MiB")))]
pub async fn post(
    State(app): State<Arc<App>>,
    Team(team): Team,
    parts: Result<Multipart, MultipartRejection>,
) -> Answer<(StatusCode, Json<Font>)> {
    let parts = parts.map_err(|_| ApiError::field("", "the body must be `multipart/form-data` with a part `font`"))?;
    let upload = Upload::read(parts).await?;
    let (bytes, names) = read_names(upload.bytes).await?;
    let placed = shared_file::place(&app, "fonts", names.extension, Body::from(bytes), LIMIT as u64).await?;
    let new = NewFont {
        team,
        file_name: file_name(&upload.file_name, &names),
        family_name: upload.family_name.unwrap_or(names.family),
        style_name: names.style,
        post_script_name: names.post_script,
        file: placed.file().clone(),
    };
    let (font, replaced) = placed.settle(app.queue.add_font(&new).await).await?;
    if let Some(key) = replaced {
        shared_file::remove(&app, &key).await;
    }
    Ok((StatusCode::CREATED, Json(font.into())))
}

/// Reading may take a moment, and a font may be made to trip its reader.
async fn read_names(bytes: Vec<u8>) -> Answer<(Vec<u8>, FontNames)> {
    let read = tokio::task::spawn_blocking(move || font_file::read(&bytes).map(|names| (bytes, names)));
    match read.await {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(problem)) => Err(ApiError::field("font", problem)),
        Err(_) => Err(ApiError::field(
            "font",
            "the file is a damaged font: reading it stopped unexpectedly",
        )),
    }
}

/// The parts of a request.
#[derive(Default)]
struct Upload {
    file_name: String,
    bytes: Vec<u8>,
    family_name: Option<String>,
}

impl Upload {
    async fn read(mut parts: Multipart) -> Answer<Self> {
        let mut upload = Self::default();
        let mut has_font = false;
        while let Some(mut part) = parts.next_field().await.map_err(|error| broken(&error))? {
            match part.name() {
                Some("font" | "file") if has_font => {
                    return Err(ApiError::field("font", "one request takes one font"));
                }
                Some("font" | "file") => {
                    has_font = true;
                    upload.file_name = part.file_name().unwrap_or_default().to_owned();
                    upload.bytes = bytes(&mut part).await?;
                }
                Some("familyName") => upload.family_name = family_name(part).await?,
                // Its bytes are passed over with the next step.
                _ => {}
            }
        }
        if has_font {
            Ok(upload)
        } else {
            Err(ApiError::field("font", "is required: the part with the font file"))
        }
    }
}

async fn bytes(part: &mut Field<'_>) -> Answer<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut is_too_large = false;
    while let Some(chunk) = part.chunk().await.map_err(|error| broken(&error))? {
        is_too_large |= bytes.len() + chunk.len() > LIMIT;
        if is_too_large {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    if is_too_large { Err(too_large()) } else { Ok(bytes) }
}

async fn family_name(part: Field<'_>) -> Answer<Option<String>> {
    let name = part.text().await.map_err(|error| broken(&error))?;
    let name = name.trim();
    if name.chars().count() > LONGEST_NAME {
        return Err(ApiError::field("familyName", "must not be longer than 200 characters"));
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

fn too_large() -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "PAYLOAD_TOO_LARGE",
        "the font is larger than 40 MiB",
    )
}

fn broken(error: &MultipartError) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        ApiError::field(
            "",
            format!("the parts of the body cannot be read: {}", error.body_text()),
        )
    }
}

/// The last part of the name given, without what no file name has; made up of the font's own name where none is given.
fn file_name(given: &str, names: &FontNames) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).collect();
    let plain = plain.trim().trim_matches('.');
    if plain.is_empty() {
        return format!("{}.{}", names.post_script.replace(['/', '\\'], "-"), names.extension);
    }
    match plain.char_indices().nth(LONGEST_NAME) {
        None => plain.to_owned(),
        Some((end, _)) => format!("{}.{}", plain.get(..end).unwrap_or_default(), names.extension),
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;
    use crate::font_file::FontNames;

    #[test]
    fn a_file_name_is_a_name_and_no_path() {
        let names = FontNames {
            family: "A".into(),
            style: "B".into(),
            post_script: "A-B/C".into(),
            extension: "otf",
        };
        assert_eq!(file_name("../fonts/Inter Bold.ttf", &names), "Inter Bold.ttf");
        assert_eq!(file_name("C:\\Fonts\\x.otf", &names), "x.otf");
        for nothing in ["", "..", "/", " \n"] {
            assert_eq!(file_name(nothing, &names), "A-B-C.otf", "{nothing:?}");
        }
        assert_eq!(file_name(&"ä".repeat(300), &names).chars().count(), 204);
    }
}
