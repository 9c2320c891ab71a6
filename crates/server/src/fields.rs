//! Bodies and queries read field by field, so that everything that is wrong with them is told at once.

use filmpress_job::Problem;
use filmpress_job::public::instant;
use filmpress_queue::Scope;
use serde_json::{Map, Value};
use time::OffsetDateTime;

/// No page has more, and none has fewer if not asked to.
const MOST: u32 = 1000;

/// The members of a JSON object, and what is wrong with them.
pub struct Fields<'a> {
    members: &'a Map<String, Value>,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    /// The members of a body, which must be an object.
    pub fn of(body: &'a Value) -> Result<Self, Vec<Problem>> {
        match body.as_object() {
            Some(members) => Ok(Self {
                members,
                problems: Vec::new(),
            }),
            None => Err(vec![Problem::new("", "the body must be a JSON object")]),
        }
    }

    /// A string, if it is there.
    pub fn text(&mut self, key: &str, longest: usize) -> Option<String> {
        match self.members.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.chars().count() > longest => {
                self.problem(key, &format!("must not be longer than {longest} characters"));
                None
            }
            Some(Value::String(text)) if text.contains(char::is_control) => {
                self.problem(key, "must not have control characters in it");
                None
            }
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.problem(key, "must be a string");
                None
            }
        }
    }

    /// A whole number, if it is there. `3.0` is one, as JSON Schema has it.
    pub fn count(&mut self, key: &str, most: u32) -> Option<u32> {
        let value = self.members.get(key).filter(|value| !value.is_null())?;
        let number = value.as_f64().filter(|number| number.fract() == 0.0);
        let number = number.filter(|number| (0.0..=f64::from(most)).contains(number));
        if number.is_none() {
            self.problem(key, &format!("must be a whole number from 0 to {most}"));
        }
        number.map(|number| number as u32)
    }

    /// A scope, if it is there.
    pub fn scope(&mut self, key: &str) -> Option<Scope> {
        let word = self.text(key, 20)?;
        let scope = Scope::from_word(&word);
        if scope.is_none() {
            self.problem(key, &format!("must be `read`, `submit` or `admin`, not `{word}`"));
        }
        scope
    }

    /// An instant, if it is there.
    pub fn instant(&mut self, key: &str) -> Option<OffsetDateTime> {
        let text = self.text(key, 40)?;
        let instant = read_date(&text);
        if instant.is_none() {
            self.problem(key, &format!("`{text}` is not an ISO 8601 instant"));
        }
        instant
    }

    /// Something is wrong with a field.
    pub fn problem(&mut self, key: &str, message: &str) {
        self.problems.push(Problem::new(key, message));
    }

    /// A field is not there and must be. What is there and wrong has been told already.
    pub fn missing(&mut self, key: &str) {
        if !self.problems.iter().any(|problem| problem.field == key) {
            self.problem(key, "is required");
        }
    }

    /// Ends the reading: with the problems, among them members that are not known.
    pub fn done(mut self, known: &[&str]) -> Result<(), Vec<Problem>> {
        for key in self.members.keys().filter(|key| !known.contains(&key.as_str())) {
            let text = format!("is not known here; known are `{}`", known.join("`, `"));
            self.problems.push(Problem::new(key, text));
        }
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(self.problems)
        }
    }
}

/// How many to give: 1 to 1000, which is also what is given without a word.
pub fn page_limit(text: Option<&str>, problems: &mut Vec<Problem>) -> u32 {
    match text.map(str::parse) {
        None => MOST,
        Some(Ok(number)) if (1..=MOST).contains(&number) => number,
        Some(_) => {
            problems.push(Problem::new(
                "limit",
                format!("must be a whole number from 1 to {MOST}"),
            ));
            MOST
        }
    }
}

/// Where the page before ended.
pub fn before(text: Option<&str>, problems: &mut Vec<Problem>) -> Option<i64> {
    let number = text?.parse().ok();
    if number.is_none() {
        problems.push(Problem::new("before", "must be a whole number"));
    }
    number
}

/// An instant, or a day, which begins at midnight UTC.
pub fn read_date(text: &str) -> Option<OffsetDateTime> {
    // In a query, `+` stands for a blank.
    let text = text.replace(' ', "+");
    instant::from_text(&text).or_else(|| instant::from_text(&format!("{text}T00:00:00Z")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Fields;

    #[test]
    fn all_problems_are_told() {
        let body = json!({"name": 3, "scope": "root", "at": "soon", "label": "a\nb", "more": 1});
        let mut fields = Fields::of(&body).unwrap();
        assert_eq!(fields.text("name", 10), None);
        fields.missing("name");
        fields.missing("id");
        assert!(fields.scope("scope").is_none() && fields.instant("at").is_none());
        assert_eq!(fields.text("label", 10), None);
        let problems = fields.done(&["name", "scope", "at", "label", "id"]).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["name", "id", "scope", "at", "label", "more"]);
        assert!(Fields::of(&json!([])).is_err());
    }
}
