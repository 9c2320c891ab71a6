//! Text as HTML: nothing of the description is taken for markup.

use serde_json::Value;

/// A text between tags or in an attribute's quotes.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A text with its `code` between backticks.
pub fn line(source: &str) -> String {
    source
        .split('`')
        .enumerate()
        .map(|(i, part)| match (i % 2, text(part)) {
            (1, code) => format!("<code>{code}</code>"),
            (_, plain) => plain,
        })
        .collect()
}

/// Paragraphs, with an empty line between them.
pub fn paragraphs(source: &str) -> String {
    let parts = source.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{}</p>", line(part))).collect()
}

/// JSON over several lines, its parts marked for colours.
pub fn json(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, 0, &mut out);
    out
}

fn write_json(value: &Value, depth: usize, out: &mut String) {
    let indent = |depth: usize| format!("\n{}", "  ".repeat(depth));
    let (open, close, entries): (_, _, Vec<(Option<&String>, &Value)>) = match value {
        Value::Array(list) if !list.is_empty() => ('[', ']', list.iter().map(|entry| (None, entry)).collect()),
        Value::Object(map) if !map.is_empty() => {
            ('{', '}', map.iter().map(|(key, entry)| (Some(key), entry)).collect())
        }
        Value::String(_) => return out.push_str(&format!("<b>{}</b>", text(&value.to_string()))),
        Value::Array(_) | Value::Object(_) => return out.push_str(&value.to_string()),
        _ => return out.push_str(&format!("<i>{value}</i>")),
    };
    out.push(open);
    let last = entries.len();
    for (i, (key, entry)) in entries.into_iter().enumerate() {
        out.push_str(&indent(depth + 1));
        if let Some(key) = key {
            out.push_str(&format!("<u>&quot;{}&quot;</u>: ", text(key)));
        }
        write_json(entry, depth + 1, out);
        if i + 1 < last {
            out.push(',');
        }
    }
    out.push_str(&indent(depth));
    out.push(close);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn nothing_is_taken_for_markup() {
        assert_eq!(
            super::line("a `<b>` & \"c\""),
            "a <code>&lt;b&gt;</code> &amp; &quot;c&quot;"
        );
        let shown = super::json(&json!({"<k>": ["</script>", 1, {}, null]}));
        assert_eq!(
            shown,
            "{\n  <u>&quot;&lt;k&gt;&quot;</u>: [\n    <b>&quot;&lt;/script&gt;&quot;</b>,\n    <i>1</i>,\n    {},\n    <i>null</i>\n  ]\n}"
        );
    }
}
