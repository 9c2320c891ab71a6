//! Many jobs of one form and a table: `{{key}}` in the form of a job stands for a cell of each row.
//!
//! A text that is nothing but `{{key}}` becomes the cell as it is, number or list; within a longer text the cell is written
//! out. Keys match exactly, blanks beside the braces do not count. Only texts are filled, never the names of members.

use serde_json::{Map, Value};

use crate::problem::Problem;

/// All jobs of a table together are not larger, in bytes of text.
const MAX_BYTES: usize = 64 << 20;

/// Fills a form with rows, one after another.
pub struct Form<'a> {
    form: &'a Value,
    left: usize,
}

/// Why a row cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowError {
    /// What the form asks of the row and the row does not have, each with the place that asks.
    Missing(Vec<Problem>),
    /// The jobs so far have used up what all may have together.
    TooLarge,
}

impl<'a> Form<'a> {
    /// The form of a job, with its places.
    pub fn new(form: &'a Value) -> Self {
        Self { form, left: MAX_BYTES }
    }

    /// The body of the job of one row.
    pub fn fill(&mut self, row: &Map<String, Value>) -> Result<Value, RowError> {
        let mut filling = Filling {
            row,
            left: self.left,
            missing: Vec::new(),
        };
        let body = filling.value(self.form, "").ok_or(RowError::TooLarge)?;
        self.left = filling.left;
        if filling.missing.is_empty() {
            Ok(body)
        } else {
            Err(RowError::Missing(filling.missing))
        }
    }
}

struct Filling<'a> {
    row: &'a Map<String, Value>,
    left: usize,
    missing: Vec<Problem>,
}

impl Filling<'_> {
    /// `None` once it would become too large.
    fn value(&mut self, form: &Value, field: &str) -> Option<Value> {
        self.spend(8)?;
        Some(match form {
            Value::String(text) => self.text(text, field)?,
            Value::Array(items) => {
                let filled = items.iter().enumerate();
                let filled = filled.map(|(index, item)| self.value(item, &format!("{field}[{index}]")));
                Value::Array(filled.collect::<Option<_>>()?)
            }
            Value::Object(members) => {
                let filled = members.iter().map(|(key, member)| {
                    self.spend(key.len())?;
                    let field = if field.is_empty() {
                        key.clone()
                    } else {
                        format!("{field}.{key}")
                    };
                    Some((key.clone(), self.value(member, &field)?))
                });
                Value::Object(filled.collect::<Option<_>>()?)
            }
            other => other.clone(),
        })
    }

    fn text(&mut self, text: &str, field: &str) -> Option<Value> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, key, after)) = place(rest) {
            let Some(cell) = self.row.get(key) else {
                self.missing.push(Problem::new(
                    field,
                    format!("the row has no `{key}`, which `{{{{{key}}}}}` stands for"),
                ));
                return Some(Value::Null);
            };
            if before.is_empty() && after.is_empty() && out.is_empty() {
                self.spend(size(cell))?;
                return Some(cell.clone());
            }
            let written = match cell {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            self.spend(before.len() + written.len())?;
            out.push_str(before);
            out.push_str(&written);
            rest = after;
        }
        self.spend(rest.len())?;
        out.push_str(rest);
        Some(Value::String(out))
    }

    fn spend(&mut self, bytes: usize) -> Option<()> {
        self.left = self.left.checked_sub(bytes)?;
        Some(())
    }
}

/// The first `{{key}}` of a text: what is before it, the key, what is after.
fn place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (key, after) = rest.split_once("}}")?;
    Some((before, key.trim(), after))
}

fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| 8 + size(item)).sum(),
        Value::Object(members) => members.iter().map(|(key, member)| 8 + key.len() + size(member)).sum(),
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{Form, RowError};

    fn row(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn cells_keep_their_kind_where_they_stand_alone() {
        let form = json!({"n": "{{ n }}", "text": "Hello {{name}}, you are {{n}}", "list": ["{{list}}", 1],
            "{{name}}": true, "open": "{{name"});
        let filled = Form::new(&form)
            .fill(&row(&json!({"n": 7, "name": "Ada", "list": [0, 1]})))
            .unwrap();
        assert_eq!(
            filled,
            json!({"n": 7, "text": "Hello Ada, you are 7", "list": [[0, 1], 1], "{{name}}": true, "open": "{{name"})
        );
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        let form = json!("a {{x}} {{y}}");
        let filled = Form::new(&form)
            .fill(&row(&json!({"x": "{{y}}", "y": "{{x}}"})))
            .unwrap();
        assert_eq!(filled, json!("a {{y}} {{x}}"));
    }

    #[test]
    fn missing_cells_are_told_with_their_places() {
        let form = json!({"assets": [{"value": "{{name}}"}, {"value": "{{age}} {{x}}"}]});
        let Err(RowError::Missing(problems)) = Form::new(&form).fill(&row(&json!({"x": 1}))) else {
            panic!("filled")
        };
        let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "assets[0].value: the row has no `name`, which `{{name}}` stands for",
                "assets[1].value: the row has no `age`, which `{{age}}` stands for"
            ]
        );
    }

    #[test]
    fn a_small_form_does_not_grow_without_end() {
        let form = Value::String("{{x}}{{x}}{{x}}{{x}}".repeat(100));
        let row = row(&json!({"x": "y".repeat(1 << 20)}));
        assert_eq!(Form::new(&form).fill(&row), Err(RowError::TooLarge));
    }
}
