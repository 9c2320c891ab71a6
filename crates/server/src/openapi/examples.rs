//! Bodies worth showing whole: made up from their schemas they would say nothing.

use serde_json::{Map, Value, json};

/// The calls with an example, and whether it is of the request or of the answer with this status.
fn examples() -> [(&'static str, Option<&'static str>, Value); 3] {
    [
        ("create-job", None, job()),
        ("list-template-compositions-v3", Some("200"), compositions()),
        ("list-template-layers-v3", Some("200"), layers()),
    ]
}

pub fn complete(document: &mut Value) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    let examples = examples();
    for operation in paths
        .values_mut()
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
    {
        let id = operation.get("operationId").and_then(Value::as_str);
        let Some((_, status, example)) = examples.iter().find(|(name, ..)| Some(*name) == id) else {
            continue;
        };
        let place = match status {
            None => "/requestBody/content/application~1json".to_owned(),
            Some(status) => format!("/responses/{status}/content/application~1json"),
        };
        if let Some(media) = operation.pointer_mut(&place).and_then(Value::as_object_mut) {
            media.insert("example".to_owned(), example.clone());
        }
    }
}

fn job() -> Value {
    json!({
        "template": {"id": "01J9ZK3V5YQ2W8N4R6T0B1C2D3", "composition": "Main"},
        "assets": [
            {"type": "text", "layerName": "Headline", "value": "Ada Lovelace"},
            {"type": "data", "layerName": "Accent", "property": "Effects.Fill.Color", "value": [1, 0.4, 0]},
            {"type": "image", "layerName": "Logo", "src": "https://example.org/logo.png"},
        ],
        "settings": {"type": "video", "codec": "video_h264_vbr_15mbps"},
        "webhook": {"url": "https://example.org/hook"},
    })
}

fn compositions() -> Value {
    json!([{
        "aeid": "12", "name": "Main", "width": 1920, "height": 1080, "duration": 6.0, "frame_rate": 25.0,
        "data": {
            "isMain": true, "frames": 150, "background": [0.0, 0.0, 0.0],
            "fonts": [{"postScriptName": "Inter-Bold", "family": "Inter", "style": "Bold", "inTemplate": false,
                "onServer": true}],
            "slots": [{"kind": "text", "label": "Headline", "value": "Your name",
                "asset": {"type": "text", "layerName": "Headline", "composition": "Main"}}],
        },
    }])
}

fn layers() -> Value {
    json!([{
        "composition_id": 12, "aeid": 3, "name": "Headline", "left": 160.0, "top": 420.0, "width": 880.0, "height": 96.0,
        "start_time": 0.0, "in_point": 0.0, "out_point": 6.0, "layer_type": "text", "source_type": null,
        "source_comp_id": null, "parent_id": null,
        "data": {
            "index": 1, "nameIsSet": true, "sourceName": null, "enabled": true, "effects": [],
            "text": {"value": "Your name", "font": "Inter-Bold", "fontSize": 96.0, "fillColor": [1.0, 1.0, 1.0, 1.0]},
            "properties": ["Text.Source Text", "Transform.Position", "Transform.Opacity"],
            "slots": [{"kind": "text", "label": "Headline", "value": "Your name",
                "asset": {"type": "text", "layerName": "Headline", "composition": "Main"}}],
        },
    }])
}

#[cfg(test)]
mod tests {
    use filmpress_job::JobCreation;
    use filmpress_job::metadata::{CompositionInfo, LayerInfo};

    #[test]
    fn the_examples_are_what_they_show() {
        JobCreation::from_body(&super::job()).unwrap();
        serde_json::from_value::<Vec<CompositionInfo>>(super::compositions()).unwrap();
        serde_json::from_value::<Vec<LayerInfo>>(super::layers()).unwrap();
    }

    #[test]
    fn every_example_finds_its_call() {
        let document = crate::openapi();
        let text = document.to_string();
        for (id, _, example) in super::examples() {
            assert!(text.contains(&format!("\"example\":{example}")), "{id}");
        }
    }
}
