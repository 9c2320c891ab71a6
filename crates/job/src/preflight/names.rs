//! Secrets that a body names and the team does not have.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::problem::Problem;
use crate::secrets;

/// The members of a body that secrets may be in.
const MEMBERS: [&str; 3] = ["assets", "upload", "webhook"];

fn each(body: &Value, found: &mut dyn FnMut(&str, &str)) {
    for key in MEMBERS {
        if let Some(member) = body.get(key) {
            secrets::each(member, key, &mut |field, name| {
                // An expression may have `${…}` of its own.
                if !field.ends_with(".expression") {
                    found(field, name);
                }
            });
        }
    }
}

/// The names of the secrets in the body of a job or a join, its children's with them.
pub fn named_secrets(body: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    each(body, &mut |_, name| {
        names.insert(name.to_owned());
    });
    names
}

/// A problem for each place whose secret is not there.
pub fn unknown_secrets(body: &Value, known: &BTreeSet<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    each(body, &mut |field, name| {
        if !known.contains(name) {
            problems.push(Problem::new(field, format!("there is no secret `{name}` in your team")));
        }
    });
    problems
}
