//! The bodies of requests in the words of JSON Schema, for the API's description.
//!
//! They say what [`crate::validate`] accepts, no more and no less, as far as a schema can: programs that make requests from
//! the description find that those it allows are accepted and others refused. Lists of words come from the tables the
//! validation itself uses.

use serde_json::{Map, Value, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::{Object, SchemaType};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::creation::JobCreation;
use crate::functions;
use crate::join::JoinCreation;
use crate::settings::{Codec, OutputType};

/// A schema as it stands in the description.
pub fn raw(schema: Value) -> RefOr<Schema> {
    let members = match schema {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    let mut object = Object::with_type(SchemaType::AnyValue);
    object.extensions = Some(Extensions::from_iter(members));
    RefOr::T(Schema::Object(object))
}

/// A complete http or https URL of a named host or an IPv4 address.
const URL: &str = "^https?://([A-Za-z][A-Za-z0-9-]*(\\.[A-Za-z][A-Za-z0-9-]*)*|((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}\
                   (25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]))(:[0-9]{1,4})?([/?#][!-~]*)?$";

fn url() -> Value {
    json!({"type": "string", "pattern": URL})
}

/// A URL, or what counts as none.
fn maybe_url() -> Value {
    json!({"anyOf": [url(), {"enum": ["", null]}]})
}

/// Any value; null counts as absent.
pub(crate) fn anything() -> Value {
    json!({"type": ["string", "number", "boolean", "array", "object", "null"]})
}

/// Any value that counts as given.
pub(crate) fn given() -> Value {
    json!({"type": ["string", "number", "boolean", "array", "object"]})
}

fn nullable(kind: &str) -> Value {
    json!({"type": [kind, "null"]})
}

/// One of these words, the empty text and null counting as absent.
fn words(words: &[&str], about: &str) -> Value {
    let all: Vec<Value> = words
        .iter()
        .map(|word| json!(word))
        .chain([json!(""), Value::Null])
        .collect();
    json!({"enum": all, "description": about})
}

fn template() -> Value {
    let id = "The id of an uploaded template; with `src` a label";
    json!({"type": "object", "description": "What to render", "properties": {
            "id": {"type": ["string", "null"], "description": id},
            "src": {"anyOf": [url(), {"enum": ["", null]}], "description": "A URL to load the template from, for this job alone"},
            "composition": {"type": ["string", "null"], "description": "What to render; without it the main composition"}},
        "anyOf": [
            {"title": "Uploaded", "properties": {"id": uploaded(), "src": {"enum": ["", null]}}, "required": ["id"]},
            {"title": "Elsewhere", "properties": {"src": url()}, "required": ["src"]}]})
}

fn uploaded() -> Value {
    json!({"type": "string", "pattern": "^[A-Z0-9]{26}$"})
}

/// The template of a nested job: an uploaded one.
fn nested_template(composition: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "description": "What to render: an uploaded template", "required": required,
        "properties": {"id": uploaded(), "src": {"enum": ["", null]}, "composition": composition}})
}

fn settings(kinds: &[OutputType]) -> Value {
    let codecs = |kind| {
        let all = Codec::ALL.into_iter().filter(move |codec| codec.output_type() == kind);
        all.flat_map(|codec| [codec.id(), codec.short_id()]).collect::<Vec<_>>()
    };
    let all_codecs: Vec<_> = kinds.iter().flat_map(|kind| codecs(*kind)).collect();
    let stills = codecs(OutputType::Image);
    let mut all_kinds = Vec::new();
    let mut variants = Vec::new();
    for kind in kinds {
        match kind {
            OutputType::Video => {
                all_kinds.push("video");
                variants.push(json!({"title": "A film", "properties": {
                    "type": {"enum": ["video", "", null]}, "codec": words(&codecs(OutputType::Video), "The codec")}}));
            }
            OutputType::Image => {
                all_kinds.push("image");
                let both = json!({"anyOf": [{"type": "integer"}, {"type": "array"}]});
                variants.push(
                    json!({"title": "Stills", "required": ["type", "frames"], "properties": {
                    "type": {"const": "image"}, "codec": words(&stills, "The codec"), "frames": both}}),
                );
                variants.push(
                    json!({"title": "Stills by their codec", "required": ["codec", "frames"], "properties": {
                    "type": {"enum": ["image", "", null]}, "codec": {"enum": stills}, "frames": both}}),
                );
            }
        }
    }
    let frame = json!({"type": "integer", "minimum": 0, "maximum": 1_000_000_000});
    let frames = json!({"description": "A frame, counted from 0 at the in-point, or [first, last] with last > first. Stills need it.",
        "anyOf": [frame, {"type": "array", "items": frame, "minItems": 2, "maxItems": 2, "uniqueItems": true}, {"type": "null"}]});
    json!({"description": "What file to make", "type": "object", "additionalProperties": false, "anyOf": variants,
        "properties": {
            "type": words(&all_kinds, "Film or stills"),
            "codec": words(&all_codecs, "The codec, with or without `video_` or `image_`"),
            "quality": words(&["draft", "full"], "Quick, or as good as it gets"),
            "frames": frames,
            "engine": words(&["ae2025", "ae2026"], "Kept, without effect")}})
}

/// Films and stills.
const ALL: [OutputType; 2] = [OutputType::Video, OutputType::Image];

fn upload() -> Value {
    let text = |about: &str| json!({"type": "string", "pattern": "^[ -~]*[!-~][ -~]*$", "description": about});
    json!({"type": "object", "additionalProperties": false, "required": ["params"],
        "description": "The client's own S3-compatible store that the output goes to", "properties": {
            "provider": words(&["s3"], "The only one there is"),
            "prefix": {"type": ["string", "null"], "pattern": "^[A-Za-z0-9_/-]*$", "maxLength": 200},
            "outputUrl": maybe_url(),
            "params": {"type": "object", "additionalProperties": false,
                "required": ["region", "bucket", "accessKeyId", "accessKeySecret"], "properties": {
                    "endpoint": maybe_url(),
                    "region": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
                    "bucket": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$"},
                    "acl": {"type": ["string", "null"], "pattern": "^[A-Za-z0-9-]*$"},
                    "accessKeyId": text("The key's id"), "accessKeySecret": text("The key"),
                    "forcePathStyle": nullable("boolean")}}}})
}

fn webhook() -> Value {
    json!({"type": "object", "required": ["url"],
        "description": "Whom to tell when the job ends", "properties": {
            "url": url(),
            "method": words(&["GET", "POST", "PUT", "DELETE"], "`POST` if not given"),
            "headers": {"type": ["object", "null"], "propertyNames": {"pattern": "^[A-Za-z0-9-]+$"},
                "additionalProperties": {"type": ["string", "number", "boolean"], "pattern": "^[ -#%-~]*$"}},
            "data": nullable("object"),
            "custom": nullable("boolean")}})
}

fn asset(kind: &str, members: &Value, required: &[&str]) -> Value {
    let mut properties = Map::new();
    properties.insert("type".into(), json!({"const": kind}));
    properties.extend(members.as_object().cloned().unwrap_or_default());
    let required: Vec<_> = ["type"].iter().chain(required).collect();
    json!({"type": "object", "title": kind, "properties": properties, "required": required})
}

/// An asset for a layer, which is named by `layerName` or by `layerIndex`.
fn on_layer(kind: &str, members: &Value, required: &[&str]) -> [Value; 2] {
    let named = |key: &str, layer: Value| {
        let mut own = json!({
            "composition": {"type": ["string", "null"], "description": "`*`, a name, or `A->B`"},
            "continueOnMissing": nullable("boolean")});
        if let (Some(own), Some(members)) = (own.as_object_mut(), members.as_object()) {
            own.extend(members.clone());
            own.insert(key.to_owned(), layer);
        }
        let required: Vec<_> = [key].into_iter().chain(required.iter().copied()).collect();
        asset(kind, &own, &required)
    };
    let mut by_name = named("layerName", json!({"type": "string", "minLength": 1}));
    by_name["properties"]["layerIndex"] = json!({"type": "null"});
    let by_index = named(
        "layerIndex",
        json!({"type": "integer", "minimum": 1, "maximum": 1_000_000, "description": "1 is the topmost layer"}),
    );
    [by_name, by_index]
}

fn one_asset(with_jobs: bool) -> Value {
    let footage = json!({"src": url(), "name": nullable("string")});
    let (path, text) = (json!({"type": "string", "minLength": 1}), json!({"type": "string"}));
    let mut kinds = Vec::new();
    kinds.extend(on_layer(
        "text",
        &json!({"value": {"type": ["string", "number"]}}),
        &["value"],
    ));
    let value = json!({"property": path, "value": given(), "expression": nullable("string")});
    kinds.extend(on_layer("data", &value, &["property", "value"]));
    let expression = json!({"property": path, "expression": text});
    kinds.extend(on_layer("data", &expression, &["property", "expression"]));
    kinds.extend(on_layer("image", &footage, &["src"]));
    kinds.extend(on_layer("video", &footage, &["src"]));
    let value = json!({"layerName": {"type": "string", "minLength": 1, "description": "The control's name, or the way to it"},
        "composition": nullable("string"), "value": given(), "continueOnMissing": nullable("boolean")});
    kinds.push(asset("essential", &value, &["layerName", "value"]));
    kinds.extend(functions::schemas());
    if with_jobs {
        let composition = json!({"type": "string", "minLength": 1});
        let template = nested_template(&composition, &["id", "composition"]);
        let child = json!({"template": template, "assets": assets("NestedAsset"),
            "preview": nullable("boolean"), "settings": maybe("JobSettings")});
        kinds.extend(on_layer("job", &child, &["template"]));
    }
    json!({"description": "What to change", "anyOf": kinds})
}

/// What to change, as a list.
fn assets(kind: &str) -> Value {
    json!({"description": "What to change, in this order", "anyOf": [{"type": "null"},
        {"type": "array", "maxItems": 10_000, "items": component(kind)}]})
}

/// A part of the description that several bodies share.
fn component(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn maybe(name: &str) -> Value {
    json!({"anyOf": [component(name), {"type": "null"}]})
}

/// The parts that bodies share.
fn components() -> [(&'static str, Value); 7] {
    [
        ("JobTemplate", template()),
        ("JobSettings", settings(&ALL)),
        ("ClipSettings", settings(&[OutputType::Video])),
        ("JobUpload", upload()),
        ("JobWebhook", webhook()),
        ("JobAsset", one_asset(true)),
        ("NestedAsset", one_asset(false)),
    ]
}

fn add_components(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.extend(components().map(|(name, schema)| (name.to_owned(), raw(schema))));
}

fn tags() -> Value {
    json!({"description": "Words to find the job by, and to choose its worker", "anyOf": [{"type": "null"},
        {"type": "string", "pattern": "^([A-Za-z0-9_-]{1,20}(,[A-Za-z0-9_-]{1,20}){0,20})?$"},
        {"type": "array", "maxItems": 100, "items": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$"}}]})
}

fn common(members: Value) -> Map<String, Value> {
    let mut all = json!({
        "upload": maybe("JobUpload"), "webhook": maybe("JobWebhook"), "tags": tags(),
        "priority": {"type": ["integer", "null"], "minimum": -1_000_000, "maximum": 1_000_000, "description": "Larger goes first"},
        "outputName": {"type": ["string", "null"], "pattern": "^([A-Za-z0-9_][A-Za-z0-9_-]{0,99})?$",
            "description": "The output's file name without its extension, in place of the job's id"},
        "strict": {"type": ["boolean", "null"],
            "description": "Refuse the job where it is known that it would end in an error or with a warning"}
    });
    if let (Some(all), Value::Object(members)) = (all.as_object_mut(), members) {
        all.extend(members);
    }
    all.as_object().cloned().unwrap_or_default()
}

impl PartialSchema for JobCreation {
    fn schema() -> RefOr<Schema> {
        let members = common(json!({
            "template": component("JobTemplate"), "assets": assets("JobAsset"), "settings": maybe("JobSettings"),
            "preview": {"type": ["boolean", "null"], "description": "A quick look instead of the full output"},
            "fonts": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 1000}],
                "description": "File names of uploaded fonts to use whatever the template asks for"},
            "poster": {"type": ["boolean", "null"], "description": "Make a still of the film beside it"},
            "posterFrame": {"type": ["integer", "null"], "minimum": 0, "maximum": 1_000_000_000_000_u64,
                "description": "Of which frame the still is, counted from the composition's start; the middle one without it"},
            "continueOnMissing": {"type": ["boolean", "null"],
                "description": "Skip assets whose layer, composition or property is not there, with a warning"},
            "onMissingFont": words(&["fail", "warn"], "What to do where a font of the template is missing")
        }));
        raw(
            json!({"type": "object", "required": ["template"], "properties": members,
            "description": "A job: a template, what to change in it, and what file to make. Members not named here are kept, without effect."}),
        )
    }
}

impl ToSchema for JobCreation {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add_components(schemas);
    }
}

impl PartialSchema for JoinCreation {
    fn schema() -> RefOr<Schema> {
        let video = asset("video", &json!({"src": url()}), &["src"]);
        let template = nested_template(&nullable("string"), &["id"]);
        let job = json!({"template": template, "assets": assets("NestedAsset"), "preview": nullable("boolean"),
            "settings": maybe("ClipSettings")});
        let job = asset("job", &job, &["template"]);
        let members = common(json!({
            "assets": {"type": "array", "minItems": 1, "maxItems": 1000, "items": {"anyOf": [video, job]},
                "description": "The clips, in order"},
            "settings": {"anyOf": [{"type": "null"}, {"type": "object", "additionalProperties": false,
                "properties": {"preset": words(&["mp4"], "The only one there is")}}]}
        }));
        raw(json!({"type": "object", "required": ["assets"], "properties": members,
            "description": "Clips to be put one after another."}))
    }
}

impl ToSchema for JoinCreation {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        add_components(schemas);
    }
}
