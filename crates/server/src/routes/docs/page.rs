//! The page: a list of the calls at its side, and the calls by tag.

use serde_json::{Map, Value};

use super::operation::operation;
use super::schema::Schemas;
use super::{example, html};
use crate::openapi::operations;

/// The whole page.
pub fn page(document: &Value) -> String {
    let told = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (title, version) = (html::text(told("/info/title")), html::text(told("/info/version")));
    let (mut list, mut main) = (String::new(), String::new());
    for tag in tags(document) {
        let name = html::text(tag.name);
        let anchor = anchor(tag.name);
        list += &format!("<h2><a href=\"#{anchor}\">{name}</a></h2><ul>");
        main += &format!(
            "<section class=tag id=\"{anchor}\"><h2>{name}</h2>{}",
            html::paragraphs(tag.description)
        );
        for call in &tag.calls {
            list += &entry(call);
            main += &operation(Schemas::of(document), call.path, call.method, call.operation);
        }
        list += "</ul>";
        main += "</section>";
    }
    format!(
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8><title>{title}</title>\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\
         <link rel=stylesheet href=\"/docs/style.css\"></head><body>\
         <nav aria-label=Calls><a class=brand href=\"#top\">{title}</a><span class=version>{version}</span>{list}</nav>\
         <main id=top><header><h1>{title}</h1><div class=pair><div>{about}</div>{start}</div></header>{main}</main>\
         </body></html>\n",
        about = html::paragraphs(told("/info/description")),
        start = start(document),
    )
}

/// The first thing to try, and how a refusal looks.
fn start(document: &Value) -> String {
    let schemas = Schemas::of(document);
    let error = Value::from_iter([("$ref", "#/components/schemas/ErrorBody")]);
    let error = html::json(&example::of(schemas, &error, example::Members::All));
    let first = "SERVER=http://127.0.0.1:8100\nTOKEN=$(filmpress token create --team studio)\n\
                 curl \"$SERVER/api/v2/templates\" \\\n  -H \"Authorization: Bearer $TOKEN\"";
    format!(
        "<div class=panel><h5>First call</h5><pre>{}</pre><h5>A refusal</h5><pre>{error}</pre>\
         <p class=more><a href=\"/api/openapi.json\">openapi.json</a></p></div>",
        html::text(first)
    )
}

/// A call of the API.
struct Call<'a> {
    path: &'a str,
    method: &'static str,
    operation: &'a Map<String, Value>,
}

struct Tag<'a> {
    name: &'a str,
    description: &'a str,
    calls: Vec<Call<'a>>,
}

/// The calls by their first tag, in the order of the description's tags.
fn tags(document: &Value) -> Vec<Tag<'_>> {
    let told = document.get("tags").and_then(Value::as_array).into_iter().flatten();
    let mut tags: Vec<Tag<'_>> = told
        .filter_map(|tag| {
            Some(Tag {
                name: tag.get("name")?.as_str()?,
                description: tag.get("description").and_then(Value::as_str).unwrap_or_default(),
                calls: Vec::new(),
            })
        })
        .collect();
    for (path, method, operation) in operations(document) {
        let name = operation.get("tags").and_then(|tags| tags.get(0)?.as_str());
        if let Some(tag) = tags.iter_mut().find(|tag| Some(tag.name) == name) {
            tag.calls.push(Call {
                path,
                method,
                operation,
            });
        }
    }
    tags
}

fn entry(call: &Call<'_>) -> String {
    let told = |key: &str| call.operation.get(key).and_then(Value::as_str).unwrap_or_default();
    let id = html::text(told("operationId"));
    // The list has room for what is said first.
    let summary = told("summary").trim_end_matches('.');
    let first = summary.split([',', ';', ':']).next().unwrap_or(summary);
    let first = first.split(". ").next().unwrap_or(first);
    let edition = if call.path.starts_with("/api/v3/") {
        " <i>v3</i>"
    } else {
        ""
    };
    let old = if call.operation.contains_key("deprecated") {
        " <i>old</i>"
    } else {
        ""
    };
    format!(
        "<li><a href=\"#{id}\"><span class=\"method {m}\">{m}</span><span>{}{edition}{old}</span></a></li>",
        html::line(first),
        m = call.method
    )
}

fn anchor(tag: &str) -> String {
    let words = tag.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    format!("tag-{words}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_page_has_every_call_and_no_markup_of_its_descriptions() {
        let document = json!({
            "info": {"title": "T", "version": "1", "description": "<script>"},
            "tags": [{"name": "Jobs & more", "description": "of `jobs`"}],
            "paths": {"/jobs/{id}": {"get": {"operationId": "get-job", "tags": ["Jobs & more"], "summary": "Shows <one>.",
                "security": [{"token": []}],
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "d", "content": {"application/json": {"schema":
                    {"$ref": "#/components/schemas/Job"}}}}}}}},
            "components": {"schemas": {"Job": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "data": {"type": "string", "contentSchema": {"$ref": "#/components/schemas/Data"}},
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Job"}}}},
                "Data": {"type": "object", "properties": {"frame": {"type": "integer"}}}}},
        });
        let page = super::page(&document);
        assert!(!page.contains("<script") && !page.contains("<one>"), "{page}");
        for part in [
            "id=\"get-job\"",
            "href=\"#get-job\"",
            "id=\"tag-jobs---more\"",
            "of <code>jobs</code>",
            "array of Job",
            "Data as JSON",
            "frame",
            "curl &quot;$SERVER/jobs/$ID&quot;",
            "Bearer $TOKEN",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
}
