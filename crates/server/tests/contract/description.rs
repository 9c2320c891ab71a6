//! The description of the API: the same as the code makes, whole beside the vendor's, and readable as a page.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::{Value, json};

use crate::house::House;

fn described() -> Value {
    filmpress_server::openapi()
}

/// `BLESS=1 cargo test -p filmpress-server --test contract description` writes the file anew.
#[test]
fn the_description_changes_only_on_purpose() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi.json");
    let mut made = serde_json::to_string_pretty(&described()).unwrap();
    made.push('\n');
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap();
    let differs = made.lines().zip(kept.lines()).position(|(made, kept)| made != kept);
    assert!(
        made == kept,
        "the description is not that of tests/openapi.json (first in line {:?}): if that is meant, run with BLESS=1",
        differs.map(|line| line + 1)
    );
}

#[test]
fn every_call_is_described_in_full() {
    let document = described();
    assert_eq!(document["openapi"].as_str().map(|version| &version[..4]), Some("3.1."));
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{at} has no name"));
        assert!(ids.insert(id.to_owned()), "{id} names two calls");
        assert!(
            id.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{id}"
        );
        assert!(
            operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
            "{at} has no summary"
        );
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{at} has no tag");
        // Whether a server is well may be asked by everybody.
        if operation["tags"][0] == "Operations" {
            assert!(operation["security"].is_null(), "{at}");
        } else {
            assert_eq!(operation["security"], json!([{"token": []}]), "{at}");
        }
        let in_path: BTreeSet<_> = path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .collect();
        let told: BTreeSet<_> = parameters(operation, "path").collect();
        assert_eq!(in_path, told, "{at}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let response = referred(&document, response);
            assert!(
                response["description"].as_str().is_some_and(|text| !text.is_empty()),
                "{at} {status}"
            );
            if status.starts_with('4') || status.starts_with('5') {
                assert!(
                    response["content"]["application/json"]["schema"].is_object(),
                    "{at} {status}"
                );
            }
        }
    }
    let mut references = Vec::new();
    all_references(&document, &mut references);
    for reference in references {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn everything_of_the_vendors_description_is_in_ours() {
    let root = std::env::var_os("FILMPRESS_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let file = root.join("nexrender/openapi-2025-12.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: no {}", file.display());
        return;
    };
    let (theirs, ours): (Value, Value) = (serde_json::from_str(&text).unwrap(), described());
    let mut missing = Vec::new();
    for (path, method, wanted) in operations(&theirs) {
        let at = format!("{method} {path}");
        let there = &ours["paths"][format!("/api/v2{path}")][method];
        if there.is_null() {
            missing.push(at);
            continue;
        }
        let name = wanted["x-mint"]["mcp"]["name"].as_str().unwrap();
        let id = there["operationId"].as_str().unwrap();
        // Two paths give the same URL by now; the name belongs to the newer one.
        if id.trim_end_matches("-legacy") != name {
            missing.push(format!("{at}: is called {id}, not {name}"));
        }
        for place in ["path", "query"] {
            let known: BTreeSet<_> = parameters(there, place).collect();
            let further = parameters(wanted, place).filter(|name| !known.contains(name));
            missing.extend(further.map(|name| format!("{at}: {place} parameter {name}")));
        }
        for (kind, media) in wanted["requestBody"]["content"].as_object().into_iter().flatten() {
            let there = &there["requestBody"]["content"][kind]["schema"];
            compare(
                (&theirs, &media["schema"]),
                (&ours, there),
                &format!("{at} body"),
                &mut missing,
            );
        }
        for (status, response) in wanted["responses"].as_object().unwrap() {
            let answer = referred(&ours, &there["responses"][status]);
            if answer.is_null() {
                missing.push(format!("{at}: {status}"));
            }
            for (kind, media) in response["content"].as_object().into_iter().flatten() {
                let there = &answer["content"][kind]["schema"];
                compare(
                    (&theirs, &media["schema"]),
                    (&ours, there),
                    &format!("{at} {status}"),
                    &mut missing,
                );
            }
        }
    }
    assert!(missing.is_empty(), "not in our description:\n{}", missing.join("\n"));
}

#[tokio::test]
async fn the_description_and_its_page_are_served_to_everybody() {
    let house = House::new().await;
    let served: Value = house
        .http
        .get(house.url("/api/openapi.json"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(served, described());
    let page = house.http.get(house.url("/docs")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let page = page.text().await.unwrap();
    for (_, _, operation) in operations(&served) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(
            page.contains(&format!("<article id=\"{id}\">")),
            "{id} is not on the page"
        );
    }
    for outside in ["<script", "src=\"http", "href=\"http", "style=\""] {
        assert!(!page.contains(outside), "{outside}");
    }
    let style = house.http.get(house.url("/docs/style.css")).send().await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    let refused = house.call(Method::POST, "/docs", &house.token, None).await;
    assert_eq!(refused.status(), 405);
}

/// The operations of a description: path, method, operation.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let methods = ["get", "post", "put", "patch", "delete"];
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(move |(path, item)| {
        let calls = item
            .as_object()
            .unwrap()
            .iter()
            .filter(move |(method, _)| methods.contains(&method.as_str()));
        calls.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// What a value refers to; itself if it refers to nothing.
fn referred<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap(),
        None => value,
    }
}

fn parameters<'a>(operation: &'a Value, place: &'a str) -> impl Iterator<Item = &'a str> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.filter(move |parameter| parameter["in"] == place)
        .map(|parameter| parameter["name"].as_str().unwrap())
}

fn all_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| all_references(member, found));
        }
        Value::Array(list) => list.iter().for_each(|entry| all_references(entry, found)),
        _ => {}
    }
}

/// Notes the members and words of a schema that are not in another.
fn compare(theirs: (&Value, &Value), ours: (&Value, &Value), at: &str, missing: &mut Vec<String>) {
    let (wanted, there) = (parts(theirs.0, theirs.1), parts(ours.0, ours.1));
    for part in &wanted {
        for (name, member) in part["properties"].as_object().into_iter().flatten() {
            let at = format!("{at} > {name}");
            match there.iter().find_map(|part| part["properties"].get(name)) {
                Some(found) => compare((theirs.0, member), (ours.0, found), &at, missing),
                None => missing.push(at),
            }
        }
        if let Some(items) = part.get("items") {
            match there.iter().find_map(|part| part.get("items")) {
                Some(found) => compare((theirs.0, items), (ours.0, found), &format!("{at}[]"), missing),
                None => missing.push(format!("{at}[]")),
            }
        }
        for word in part["enum"].as_array().into_iter().flatten() {
            let takes = |part: &Value| {
                let words = part["enum"].as_array();
                let is_any_text = words.is_none() && part.get("const").is_none() && part["type"] == "string";
                is_any_text || part["const"] == *word || words.is_some_and(|words| words.contains(word))
            };
            if !there.iter().any(|part| takes(part)) {
                missing.push(format!("{at} = {word}"));
            }
        }
    }
}

/// A schema and all that it is made of.
fn parts<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        return parts(document, document.pointer(&reference[1..]).unwrap());
    }
    let mut all = vec![schema];
    for key in ["allOf", "oneOf", "anyOf"] {
        let inside = schema[key].as_array().into_iter().flatten();
        all.extend(inside.flat_map(|part| parts(document, part)));
    }
    all
}
