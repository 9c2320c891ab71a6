//! `rows`: a table as objects or as CSV.

use std::collections::HashSet;

use filmpress_job::Problem;
use serde_json::{Map, Value};

use super::request::MOST;

/// The rows of a table, their cells by key.
pub fn read(table: &Value) -> Result<Vec<Map<String, Value>>, Vec<Problem>> {
    match table {
        Value::Array(rows) => objects(rows),
        Value::String(text) => csv(text).map_err(|problem| vec![problem]),
        _ => Err(vec![Problem::new(
            "rows",
            "must be an array of objects, or CSV as a text",
        )]),
    }
}

fn objects(rows: &[Value]) -> Result<Vec<Map<String, Value>>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        match row {
            Value::Object(row) => found.push(row.clone()),
            _ => problems.push(Problem::new(
                format!("rows[{index}]"),
                "must be an object: cells by key",
            )),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// A line of keys, then a line a row, all of the same length. Every cell is a text.
fn csv(text: &str) -> Result<Vec<Map<String, Value>>, Problem> {
    let problem = |error: csv::Error| Problem::new("rows", format!("is not CSV: {error}"));
    // Spreadsheets mark their files as Unicode so.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let keys: Vec<String> = reader
        .headers()
        .map_err(problem)?
        .iter()
        .map(|key| key.trim().to_owned())
        .collect();
    let mut met = HashSet::new();
    if let Some(twice) = keys.iter().find(|key| !met.insert(key.as_str())) {
        return Err(Problem::new("rows", format!("has the column `{twice}` twice")));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(problem)?;
        let cells = record.iter().map(|cell| Value::String(cell.to_owned()));
        rows.push(keys.iter().cloned().zip(cells).collect());
        if rows.len() > MOST {
            return Err(Problem::new("rows", format!("must not be more than {MOST}")));
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn csv_is_a_table_of_texts() {
        let rows = read(&json!("\u{feff}name, age\r\n\"O\"\"Neil, A\",7\r\nÜmit,\r\n")).unwrap();
        let rows: Vec<_> = rows.into_iter().map(serde_json::Value::Object).collect();
        assert_eq!(
            rows,
            [
                json!({"name": "O\"Neil, A", "age": "7"}),
                json!({"name": "Ümit", "age": ""})
            ]
        );
    }

    #[test]
    fn what_is_no_table_is_said_to_be_so() {
        let told = |table: serde_json::Value| read(&table).unwrap_err()[0].to_string();
        assert!(told(json!("a,b\n1\n")).starts_with("rows: is not CSV"));
        assert!(told(json!("a,a\n1,2\n")).contains("`a` twice"));
        assert!(told(json!(7)).starts_with("rows: must be"));
        assert!(told(json!([{}, 1])).starts_with("rows[1]"));
    }
}
