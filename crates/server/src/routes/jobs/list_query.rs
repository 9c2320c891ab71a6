//! The query of `GET /api/v2/jobs`: what it says, and how the API's description tells it.

use std::collections::HashMap;

use filmpress_job::public::instant;
use filmpress_job::validate::is_tag;
use filmpress_job::{JobStatus, Problem, schema};
use filmpress_queue::{JobFilter, Sort};
use serde_json::{Value, json};
use time::OffsetDateTime;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

/// No page has more jobs, and none has fewer if not asked to.
const LIMIT: u64 = 1000;

/// No more jobs are skipped: the largest number that every program reads alike.
const MOST: u64 = (1 << 53) - 1;

/// Describes the query. What is empty counts as absent.
pub struct ListQuery;

impl IntoParams for ListQuery {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let words: Vec<_> = JobStatus::ALL
            .iter()
            .map(|status| status.as_str())
            .chain(["processing"])
            .collect();
        let words = words.join("|");
        let statuses = || json!({"type": "string", "pattern": format!("^(({words})(,({words}))*)?$")});
        let number = |least: u64, most: u64, usual: u64| json!({"anyOf": [{"type": "integer", "minimum": least, "maximum": most, "default": usual}, {"const": ""}]});
        let date = || json!({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}, {"const": ""}]});
        let all: [(&str, Value, &str); 9] = [
            (
                "minimal",
                json!({"enum": ["true", "false", ""]}),
                "`true` leaves `stats` out",
            ),
            ("from", number(0, MOST, 0), "How many to skip"),
            ("limit", number(1, LIMIT, LIMIT), "How many to give"),
            ("from_date", date(), "Accepted at this ISO 8601 instant or later"),
            ("to_date", date(), "Accepted at this ISO 8601 instant or earlier"),
            ("states", statuses(), "Only these statuses, with commas between"),
            (
                "exclude_states",
                statuses(),
                "None of these statuses, with commas between",
            ),
            (
                "sort",
                json!({"enum": ["oldest_first", "newest_first", "random", "priority", ""], "default": "oldest_first"}),
                "The order",
            ),
            (
                "tags",
                json!({"type": "string", "pattern": "^([a-zA-Z0-9_-]{1,100}(,[a-zA-Z0-9_-]{1,100})*)?$"}),
                "Only jobs with one of these tags, with commas between",
            ),
        ];
        let parameter = |(name, shape, about): (&str, Value, &str)| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Query)
                .required(utoipa::openapi::Required::False)
                .description(Some(about))
                .schema(Some(schema::raw(shape)))
                .build()
        };
        all.map(parameter).into()
    }
}

/// What a query asks for, and whether it wants little of each job; or everything that is wrong with it.
pub fn read(query: &HashMap<String, String>) -> Result<(JobFilter, bool), Vec<Problem>> {
    let mut problems = Vec::new();
    let given = |key: &str| query.get(key).map(String::as_str).filter(|text| !text.is_empty());
    let mut number = |key: &str, usual: u64, range: std::ops::RangeInclusive<u64>| match given(key).map(str::parse) {
        None => usual,
        Some(Ok(number)) if range.contains(&number) => number,
        Some(_) => {
            let text = format!("must be a whole number from {} to {}", range.start(), range.end());
            problems.push(Problem::new(key, text));
            usual
        }
    };
    let (offset, limit) = (number("from", 0, 0..=MOST), number("limit", LIMIT, 1..=LIMIT));
    let mut date = |key: &str| {
        let text = given(key)?;
        let date = read_date(text);
        if date.is_none() {
            problems.push(Problem::new(key, format!("`{text}` is not an ISO 8601 instant")));
        }
        date
    };
    let (from, to) = (date("from_date"), date("to_date"));
    let mut statuses = |key: &str| {
        let words = given(key)
            .map(|list| list.split(',').map(str::trim).collect::<Vec<_>>())
            .unwrap_or_default();
        let known: Vec<_> = words.iter().filter_map(|word| status(word)).collect();
        if let Some(word) = words.iter().find(|word| status(word).is_none()) {
            let all = JobStatus::ALL.map(JobStatus::as_str).join("`, `");
            problems.push(Problem::new(
                key,
                format!("there is no status `{word}`; there are `{all}`"),
            ));
        }
        known
    };
    let (only, not) = (statuses("states"), statuses("exclude_states"));
    let tags: Vec<_> = given("tags")
        .map(|list| list.split(',').map(str::to_owned).collect())
        .unwrap_or_default();
    if !tags.iter().all(|tag| is_tag(tag)) {
        problems.push(Problem::new(
            "tags",
            "must be tags of letters, digits, `-` and `_`, with commas between",
        ));
    }
    let sort = match given("sort") {
        None | Some("oldest_first") => Sort::OldestFirst,
        Some("newest_first") => Sort::NewestFirst,
        Some("random") => Sort::Random,
        Some("priority") => Sort::Priority,
        Some(other) => {
            let text = format!("must be `oldest_first`, `newest_first`, `random` or `priority`, not `{other}`");
            problems.push(Problem::new("sort", text));
            Sort::OldestFirst
        }
    };
    let minimal = match given("minimal") {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => {
            problems.push(Problem::new(
                "minimal",
                format!("must be `true` or `false`, not `{other}`"),
            ));
            false
        }
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok((
        JobFilter {
            statuses: only,
            not_statuses: not,
            tags,
            from,
            to,
            sort,
            offset,
            limit,
        },
        minimal,
    ))
}

/// The contract's own example says `processing` for what it calls `render:dorender` elsewhere.
fn status(word: &str) -> Option<JobStatus> {
    if word == "processing" {
        Some(JobStatus::Rendering)
    } else {
        JobStatus::from_word(word)
    }
}

/// An instant, or a day, which begins at midnight UTC.
fn read_date(text: &str) -> Option<OffsetDateTime> {
    // In a query, `+` stands for a blank.
    let text = text.replace(' ', "+");
    instant::from_text(&text).or_else(|| instant::from_text(&format!("{text}T00:00:00Z")))
}

#[cfg(test)]
mod tests {
    use super::{read, read_date};

    #[test]
    fn every_problem_of_a_query_is_told() {
        let query = [
            ("from", "-1"),
            ("limit", "1001"),
            ("from_date", "yesterday"),
            ("states", "queued,done"),
            ("tags", "a,b c"),
            ("sort", "best"),
            ("minimal", "1"),
        ];
        let problems = read(&query.map(|(key, value)| (key.to_owned(), value.to_owned())).into()).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(
            fields,
            ["from", "limit", "from_date", "states", "tags", "sort", "minimal"]
        );
        assert!(problems[1].message.ends_with("from 1 to 1000"));
    }

    #[test]
    fn dates_are_instants_or_days() {
        assert!(read_date("2026-01-02").is_some());
        assert_eq!(
            read_date("2026-01-02T03:04:05 01:00"),
            read_date("2026-01-02T02:04:05Z")
        );
        assert!(read_date("2026-13-02").is_none());
    }
}
