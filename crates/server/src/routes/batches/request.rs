//! The body of `POST /api/v2/batches`: a list of jobs, or the form of a job and a table.

use filmpress_job::rows::{Form, RowError};
use filmpress_job::{JobCreation, Problem, schema};
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::rows;

/// No batch has more jobs.
pub const MOST: usize = 1000;

/// The bodies of the jobs of a batch, each as it would be posted, or why there is none.
pub type Bodies = Vec<Result<Value, Vec<Problem>>>;

/// Reads the body of a batch; the problems are those that concern it as a whole.
pub fn read(body: &Value) -> Result<Bodies, Vec<Problem>> {
    let given = |key: &str| body.get(key).filter(|value| !value.is_null());
    match (given("jobs"), given("template"), given("rows")) {
        (Some(Value::Array(jobs)), None, None) if (1..=MOST).contains(&jobs.len()) => {
            Ok(jobs.iter().cloned().map(Ok).collect())
        }
        (None, Some(form @ Value::Object(_)), Some(table)) => fill(form, table),
        (Some(_), None, None) => one("jobs", format!("must be an array of 1 to {MOST} jobs")),
        (None, Some(_), Some(_)) => one("template", "must be an object: the form of a job".to_owned()),
        (None, Some(_), None) => one(
            "rows",
            "is required beside `template`: objects, or CSV as a text".to_owned(),
        ),
        (None, None, Some(_)) => one("template", "is required beside `rows`: the form of a job".to_owned()),
        (Some(_), ..) => one(
            "jobs",
            "is given beside `template` and `rows`: it is one or the other".to_owned(),
        ),
        (None, None, None) => one(
            "jobs",
            format!("is required: 1 to {MOST} jobs (or `template` and `rows`)"),
        ),
    }
}

fn one<T>(field: &str, message: String) -> Result<T, Vec<Problem>> {
    Err(vec![Problem::new(field, message)])
}

fn fill(form: &Value, table: &Value) -> Result<Bodies, Vec<Problem>> {
    let rows = rows::read(table)?;
    if !(1..=MOST).contains(&rows.len()) {
        return one("rows", format!("must be 1 to {MOST} rows, not {}", rows.len()));
    }
    let mut form = Form::new(form);
    rows.iter()
        .map(|row| match form.fill(row) {
            Ok(body) => Ok(Ok(body)),
            Err(RowError::Missing(problems)) => Ok(Err(problems)),
            Err(RowError::TooLarge) => one(
                "rows",
                "together with the template they make more than 64 MiB".to_owned(),
            ),
        })
        .collect()
}

/// Describes the body.
pub struct BatchCreation;

impl PartialSchema for BatchCreation {
    fn schema() -> RefOr<Schema> {
        let cell = json!({"type": ["string", "number", "boolean", "null", "array", "object"]});
        schema::raw(json!({
            "description": "Jobs, or the form of a job and a table. In the form, `{{key}}` stands for a cell of each row.",
            "anyOf": [
                {"type": "object", "title": "Jobs", "required": ["jobs"], "properties": {
                    "jobs": {"type": "array", "minItems": 1, "maxItems": MOST,
                        "items": {"$ref": "#/components/schemas/JobCreation"}},
                    "template": {"type": "null"}, "rows": {"type": "null"}}},
                {"type": "object", "title": "Form and rows", "required": ["template", "rows"], "properties": {
                    "jobs": {"type": "null"},
                    "template": {"type": "object", "description": "The body of a job, with `{{key}}` in its texts"},
                    "rows": {"anyOf": [
                        {"type": "array", "minItems": 1, "maxItems": MOST,
                            "items": {"type": "object", "additionalProperties": cell}},
                        {"type": "string", "pattern": "^[a-z]+(,[a-z]+)*(\\n[a-z0-9]+(,[a-z0-9]+)*)+\\n?$",
                            "description": "CSV: a line of keys, then a line a row"}]}}}
            ]
        }))
    }
}

impl ToSchema for BatchCreation {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((JobCreation::name().into_owned(), JobCreation::schema()));
        JobCreation::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn it_is_one_form_or_the_other() {
        let field = |body: &serde_json::Value| read(body).unwrap_err()[0].field.clone();
        assert_eq!(field(&json!({})), "jobs");
        assert_eq!(field(&json!([])), "jobs");
        assert_eq!(field(&json!({"jobs": []})), "jobs");
        assert_eq!(field(&json!({"jobs": vec![1; 1001]})), "jobs");
        assert_eq!(field(&json!({"jobs": [{}], "rows": []})), "jobs");
        assert_eq!(field(&json!({"template": {}})), "rows");
        assert_eq!(field(&json!({"rows": [{}]})), "template");
        assert_eq!(field(&json!({"rows": [], "template": {}})), "rows");
        assert_eq!(field(&json!({"rows": [3], "template": {}})), "rows[0]");
        assert_eq!(field(&json!({"rows": [{}], "template": 3})), "template");
    }

    #[test]
    fn a_table_makes_jobs_and_a_bad_row_does_not_stop_the_others() {
        let form = json!({"tags": ["{{name}}"]});
        let bodies = read(&json!({"template": form, "rows": [{"name": "a"}, {}, {"name": "c"}]})).unwrap();
        assert_eq!(bodies[0], Ok(json!({"tags": ["a"]})));
        assert_eq!(bodies[1].as_ref().unwrap_err()[0].field, "tags[0]");
        assert_eq!(bodies[2], Ok(json!({"tags": ["c"]})));
        let csv = read(&json!({"template": form, "rows": "name,age\na,1\n\"b, c\",2\n"})).unwrap();
        assert_eq!(csv, [Ok(json!({"tags": ["a"]})), Ok(json!({"tags": ["b, c"]}))]);
    }
}
