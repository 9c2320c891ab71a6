//! What the API is, where it is, what its calls are sorted by, and who may call them.

use serde_json::{Map, Value, json};

/// The security scheme's name, as handlers write it in `security(("token" = []))`.
const TOKEN: &str = "token";

const DESCRIPTION: &str = "\
Filmpress makes films out of After Effects templates and data. This API is that of Nexrender Cloud, served by your own \
machine, with some calls of our own beside it.

Calls take and give JSON unless they say otherwise. Ids are ULIDs: 26 capital letters and digits. Instants are ISO 8601 \
in UTC.

An answer that is not a success has `error`, a sentence for a person, `code`, a word for a program, and `requestId`, \
which is also in the header `X-Request-Id` of every answer. A refused request names everything that is wrong with it \
in `details`.";

/// The tags in the order a newcomer needs them.
const TAGS: [(&str, &str); 10] = [
    (
        "Templates",
        "After Effects projects, Motion Graphics templates and Lottie animations, and what is in them.",
    ),
    (
        "Jobs",
        "Renders: a template, the data for it, and the film that comes out.",
    ),
    ("Batches", "Many jobs in one request."),
    ("Fonts", "Font files of the team, for the texts of its templates."),
    (
        "Secrets",
        "Values that jobs use without showing them: `${secrets.NAME}`.",
    ),
    ("Events", "What happens, as it happens."),
    ("Webhooks", "What was told to your servers, and what could not be."),
    (
        "Team",
        "The team: its people, its tokens, what it rendered, who changed what.",
    ),
    (
        "Admin",
        "For those who run the service: all teams, workers and tokens. Takes an operator's token.",
    ),
    ("Operations", "For machines that look after the service."),
];

pub fn complete(document: &mut Value) {
    let used = used_tags(document);
    let known = TAGS.iter().filter(|(name, _)| used.iter().any(|tag| tag == name));
    let mut tags: Vec<Value> = known
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect();
    let further = used.iter().filter(|tag| TAGS.iter().all(|(name, _)| name != tag));
    tags.extend(further.map(|name| json!({"name": name})));

    let Some(members) = document.as_object_mut() else {
        return;
    };
    let info = json!({
        "title": "Filmpress API",
        "version": env!("CARGO_PKG_VERSION"),
        "description": DESCRIPTION,
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
    });
    members.insert("info".to_owned(), info);
    members.insert(
        "servers".to_owned(),
        json!([{"url": "/", "description": "The server this description came from"}]),
    );
    members.insert("tags".to_owned(), Value::Array(tags));
    let components = members.entry("components").or_insert_with(|| Value::Object(Map::new()));
    if let Some(components) = components.as_object_mut() {
        let scheme = json!({"type": "http", "scheme": "bearer",
            "description": "A token of a team, from `filmpress token create --team NAME`."});
        components.insert("securitySchemes".to_owned(), json!({TOKEN: scheme}));
    }
}

/// The tags of the operations, each once, in the order of the paths.
fn used_tags(document: &Value) -> Vec<String> {
    let mut used: Vec<String> = Vec::new();
    for (_, _, operation) in super::operations(document) {
        let tags = operation.get("tags").and_then(Value::as_array).into_iter().flatten();
        for tag in tags.filter_map(Value::as_str) {
            if used.iter().all(|known| known != tag) {
                used.push(tag.to_owned());
            }
        }
    }
    used
}
