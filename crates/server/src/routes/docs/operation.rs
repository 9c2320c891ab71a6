//! A call: what it does and takes on the left, how it is made and answered on the right.

use serde_json::{Map, Value, json};

use super::schema::{Schemas, row_head};
use super::{example, html};

pub fn operation(schemas: Schemas<'_>, path: &str, method: &str, operation: &Map<String, Value>) -> String {
    let told = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default();
    let (id, summary) = (
        html::text(told("operationId")),
        html::line(told("summary").trim_end_matches('.')),
    );
    let old = if operation.get("deprecated") == Some(&json!(true)) {
        " <span class=old>deprecated</span>"
    } else {
        ""
    };
    let shown = html::text(path).replace('{', "<em>{").replace('}', "}</em>");
    let left = [
        html::paragraphs(told("description")),
        parameters(schemas, operation),
        body(schemas, operation),
        answers(schemas, operation),
    ];
    let right = [
        format!(
            "<h5>Request</h5><pre>{}</pre>",
            example::curl(schemas, path, method, operation)
        ),
        answer_example(schemas, operation),
    ];
    format!(
        "<article id=\"{id}\"><h3><a href=\"#{id}\">{summary}</a>{old}</h3>\
         <p class=address><span class=\"method {method}\">{method}</span><code>{shown}</code><span class=id>{id}</span></p>\
         <div class=pair><div>{}</div><div class=panel>{}</div></div></article>",
        left.concat(),
        right.concat()
    )
}

fn parameters(schemas: Schemas<'_>, operation: &Map<String, Value>) -> String {
    let list = operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let rows: Vec<String> = list
        .map(|parameter| {
            let told = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
            let schema = parameter.get("schema").unwrap_or(&Value::Null);
            let kind = format!("{} · {}", told("in"), schemas.kind(schema));
            let is = |key: &str| parameter.get(key) == Some(&json!(true));
            let said = match told("description") {
                "" => String::new(),
                text => format!("<div class=said>{}</div>", html::line(text)),
            };
            let head = row_head(told("name"), &kind, is("required"), is("deprecated"));
            format!("<div class=row>{head}{said}{}</div>", schemas.explained(schema))
        })
        .collect();
    if rows.is_empty() {
        String::new()
    } else {
        format!("<h4>Parameters</h4><div class=rows>{}</div>", rows.concat())
    }
}

fn body(schemas: Schemas<'_>, operation: &Map<String, Value>) -> String {
    let content = operation
        .get("requestBody")
        .and_then(|body| body.get("content")?.as_object());
    let parts = content.into_iter().flatten().map(|(kind, media)| {
        let schema = media.get("schema").unwrap_or(&Value::Null);
        format!(
            "<h4>Body <span class=kind>{}</span></h4>{}<div class=rows>{}</div>",
            html::text(kind),
            schemas.explained(schema),
            schemas.rows(schema)
        )
    });
    parts.collect()
}

fn answers(schemas: Schemas<'_>, operation: &Map<String, Value>) -> String {
    let responses = operation
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let rows: String = responses
        .map(|(status, response)| {
            let response = schemas.answer(response);
            let said = response.get("description").and_then(Value::as_str).unwrap_or_default();
            let said = html::line(said);
            let class = status.get(..1).unwrap_or_default();
            let schema = schema_of(response);
            let kind = schema.map(|schema| html::text(&schemas.kind(schema))).unwrap_or_default();
            // The form of an error is told once, at the top.
            if !status.starts_with('2') {
                return format!(
                    "<div class=\"row brief\"><span class=\"status s{class}\">{status}</span><span class=said>{said}</span></div>"
                );
            }
            let rows = schema.map(|schema| schemas.rows(schema)).filter(|rows| !rows.is_empty());
            let rows = rows.map_or_else(String::new, |rows| {
                format!("<details open><summary>members</summary><div class=rows>{rows}</div></details>")
            });
            format!(
                "<div class=row><div class=name><span class=\"status s{class}\">{status}</span> <span class=kind>{kind}</span></div>\
                 <div class=said>{said}</div>{rows}</div>"
            )
        })
        .collect();
    format!("<h4>Answers</h4><div class=rows>{rows}</div>")
}

/// The schema of an answer, whatever its media type.
fn schema_of(response: &Value) -> Option<&Value> {
    response.get("content")?.as_object()?.values().next()?.get("schema")
}

fn answer_example(schemas: Schemas<'_>, operation: &Map<String, Value>) -> String {
    let mut responses = operation
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let Some((status, response)) = responses.find(|(status, _)| status.starts_with('2')) else {
        return String::new();
    };
    let response = schemas.answer(response);
    let media = response
        .get("content")
        .and_then(|content| content.as_object()?.iter().next());
    let shown = match media {
        None => String::new(),
        Some((kind, media)) if kind == "application/json" => {
            let told = media.get("example").cloned();
            let made = || {
                example::of(
                    schemas,
                    media.get("schema").unwrap_or(&Value::Null),
                    example::Members::All,
                )
            };
            format!("<pre>{}</pre>", html::json(&told.unwrap_or_else(made)))
        }
        Some((kind, _)) => format!("<pre>{}</pre>", html::text(kind)),
    };
    format!("<h5>Answer <span class=\"status s2\">{status}</span></h5>{shown}")
}
