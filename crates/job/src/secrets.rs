//! `${secrets.NAME}`: places in a job that a secret of the team goes to.
//!
//! They stay as written wherever the job is kept or shown. Whoever is about to use a value (the worker, the sender of
//! webhooks) asks for the names ([`Payload::secret_names`]), gets their values and replaces them
//! ([`Payload::with_secrets`], [`replace`]). What comes out is never logged, kept or answered.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::creation::Webhook;
use crate::payload::Payload;
use crate::protocol::Secrets;

/// How a place begins, in both spellings of the contract.
const OPENINGS: [&str; 2] = ["${secrets.", "${secret."];

/// A secret that a job names and the team does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no secret `{0}`")]
pub struct UnknownSecret(pub String);

/// Whether a word may be a secret's name.
pub fn is_name(word: &str) -> bool {
    !word.is_empty() && word.len() <= 128 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

/// A place in a text: where it begins and ends, and the name in it, which need not be one.
struct Mark<'a> {
    start: usize,
    end: usize,
    name: &'a str,
}

/// The places of a text, in order. One that is never closed reaches to the text's end and has what cannot be a name.
fn marks(text: &str) -> impl Iterator<Item = Mark<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let (at, opening) = OPENINGS
            .iter()
            .filter_map(|opening| Some((rest.find(opening)?, *opening)))
            .min()?;
        let start = from + at;
        let inside = text.get(start + opening.len()..)?;
        let (name, end) = match inside.find('}') {
            Some(length) => (inside.get(..length)?, start + opening.len() + length + 1),
            None => (text.get(start..)?, text.len()),
        };
        from = end;
        Some(Mark { start, end, name })
    })
}

/// The names in a text, also those that no secret can have.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    marks(text).map(|mark| mark.name)
}

/// Calls `found` with the field and the name of every place in a value. Keys of objects are no places.
pub fn each(value: &Value, field: &str, found: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::String(text) => names(text).for_each(|name| found(field, name)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                each(item, &format!("{field}[{index}]"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let field = if field.is_empty() {
                    key.clone()
                } else {
                    format!("{field}.{key}")
                };
                each(member, &field, found);
            }
        }
        _ => {}
    }
}

/// A text with every place filled.
pub fn replace(text: &str, secrets: &Secrets) -> Result<String, UnknownSecret> {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for mark in marks(text) {
        let value = secrets.0.get(mark.name);
        out.push_str(text.get(from..mark.start).unwrap_or_default());
        out.push_str(value.ok_or_else(|| UnknownSecret(mark.name.to_owned()))?);
        from = mark.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Ok(out)
}

/// Fills every place in a value, however deep.
pub fn replace_in(value: &mut Value, secrets: &Secrets) -> Result<(), UnknownSecret> {
    match value {
        Value::String(text) if names(text).next().is_some() => *text = replace(text, secrets)?,
        Value::Array(items) => items.iter_mut().try_for_each(|item| replace_in(item, secrets))?,
        Value::Object(members) => members
            .iter_mut()
            .try_for_each(|(_, member)| replace_in(member, secrets))?,
        _ => {}
    }
    Ok(())
}

/// A text with the values of secrets taken out again: for logs and error texts of whoever works with filled values.
pub fn redact(text: &str, secrets: &Secrets) -> String {
    let mut values: Vec<_> = secrets.0.iter().filter(|(_, value)| !value.is_empty()).collect();
    // The longest first: one may be a part of another.
    values.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    values.into_iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(value.as_str(), &format!("${{secrets.{name}}}"))
    })
}

/// A text as it may look once its places are filled, to be checked beforehand.
pub(crate) fn stand_in(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for mark in marks(text) {
        out.push_str(text.get(from..mark.start).unwrap_or_default());
        out.push('x');
        from = mark.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Whether a text begins with a place: what it is can be told only once that is filled.
pub(crate) fn leads(text: &str) -> bool {
    OPENINGS.iter().any(|opening| text.starts_with(opening))
}

impl Webhook {
    /// The names of the secrets it needs.
    pub fn secret_names(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        if let Ok(value) = serde_json::to_value(self) {
            each(&value, "", &mut |_, name| {
                all.insert(name.to_owned());
            });
        }
        all
    }

    /// The same with its secrets in it.
    pub fn with_secrets(&self, secrets: &Secrets) -> Result<Self, UnknownSecret> {
        let mut out = self.clone();
        out.url = replace(&out.url, secrets)?;
        for member in out.headers.values_mut().chain(out.data.values_mut()) {
            replace_in(member, secrets)?;
        }
        Ok(out)
    }
}

impl Payload {
    /// The names of the secrets a worker needs: those in `upload` and in the assets, but for what its children need.
    pub fn secret_names(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        let mut note = |_: &str, name: &str| {
            all.insert(name.to_owned());
        };
        for asset in self.assets().iter().filter(|asset| !is_job(asset)) {
            each(asset, "", &mut note);
        }
        if let Some(Ok(upload)) = self.upload().map(serde_json::to_value) {
            each(&upload, "", &mut note);
        }
        all
    }

    /// The same with a worker's secrets in it: `upload` and the assets. The webhook is none of a worker's business.
    pub fn with_secrets(&self, secrets: &Secrets) -> Result<Self, UnknownSecret> {
        let mut out = self.clone();
        let (assets, upload) = match &mut out {
            Self::Render(job) => (&mut job.assets, &mut job.upload),
            Self::Join(join) => (&mut join.assets, &mut join.upload),
        };
        for asset in assets.iter_mut().filter(|asset| !is_job(asset)) {
            replace_in(asset, secrets)?;
        }
        if let Some(upload) = upload {
            let params = &mut upload.params;
            let texts = [
                Some(&mut upload.provider),
                upload.prefix.as_mut(),
                upload.output_url.as_mut(),
                Some(&mut params.endpoint),
                Some(&mut params.region),
                Some(&mut params.bucket),
                params.acl.as_mut(),
                Some(&mut params.access_key_id),
                Some(&mut params.access_key_secret),
            ];
            for text in texts.into_iter().flatten() {
                *text = replace(text, secrets)?;
            }
        }
        Ok(out)
    }
}

fn is_job(asset: &Value) -> bool {
    asset.get("type").is_some_and(|kind| kind == "job")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{UnknownSecret, leads, names, redact, replace, replace_in, stand_in};
    use crate::creation::JobCreation;
    use crate::payload::Payload;
    use crate::protocol::Secrets;

    fn secrets() -> Secrets {
        Secrets(
            [("KEY", "k-1"), ("a.b", "${secrets.KEY}")]
                .map(|(n, v)| (n.into(), v.into()))
                .into(),
        )
    }

    #[test]
    fn both_spellings_are_filled_once_and_in_order() {
        let filled = replace("a ${secrets.KEY} b ${secret.KEY} c ${secrets.a.b}${other}", &secrets());
        assert_eq!(
            filled.unwrap(),
            "a k-1 b k-1 c ${secrets.KEY}${other}",
            "what is filled in is not looked at again"
        );
        assert_eq!(replace("${secrets.NO}", &secrets()), Err(UnknownSecret("NO".into())));
        assert_eq!(names("${secret.open").collect::<Vec<_>>(), ["${secret.open"]);
        assert_eq!(replace("plain ü", &secrets()).unwrap(), "plain ü");
    }

    #[test]
    fn values_are_filled_however_deep() {
        let mut value = json!({"a": [{"b": "x${secrets.KEY}"}], "${secrets.KEY}": 1});
        replace_in(&mut value, &secrets()).unwrap();
        assert_eq!(value, json!({"a": [{"b": "xk-1"}], "${secrets.KEY}": 1}));
    }

    #[test]
    fn texts_are_rid_of_values() {
        let secrets = Secrets(
            [("A", "pass"), ("B", "password1"), ("C", "")]
                .map(|(n, v)| (n.into(), v.into()))
                .into(),
        );
        assert_eq!(
            redact("GET /?k=password1&p=pass", &secrets),
            "GET /?k=${secrets.B}&p=${secrets.A}"
        );
    }

    #[test]
    fn addresses_can_be_checked_before() {
        assert_eq!(stand_in("https://${secrets.HOST}/a?k=${secret.K}"), "https://x/a?k=x");
        assert!(leads("${secret.URL}/x") && !leads("x${secret.URL}"));
    }

    #[test]
    fn a_worker_gets_what_it_needs_and_no_more() {
        let job: JobCreation = serde_json::from_value(json!({"template": {"id": "T"},
            "assets": [{"type": "text", "layerName": "L", "value": "${secrets.WORD}"},
                {"type": "job", "layerName": "L", "assets": [{"type": "image", "src": "${secrets.CHILD}"}]}],
            "upload": {"params": {"region": "r", "bucket": "b", "accessKeyId": "${secrets.ID}",
                "accessKeySecret": "${secret.KEY}"}},
            "webhook": {"url": "https://h/", "headers": {"X": "${secrets.HOOK}"}}}))
        .unwrap();
        let hook = job.webhook.clone().unwrap();
        let payload = Payload::from(job);
        assert_eq!(
            payload.secret_names().into_iter().collect::<Vec<_>>(),
            ["ID", "KEY", "WORD"]
        );
        assert_eq!(hook.secret_names().into_iter().collect::<Vec<_>>(), ["HOOK"]);
        let values = Secrets(
            ["WORD", "ID", "KEY", "HOOK"]
                .map(|n| (n.to_owned(), n.to_lowercase()))
                .into(),
        );
        let filled = payload.with_secrets(&values).unwrap();
        assert_eq!(filled.assets()[0]["value"], "word");
        assert_eq!(filled.upload().unwrap().params.access_key_secret, "key");
        assert_eq!(filled.webhook(), payload.webhook(), "the webhook stays as written");
        assert_eq!(hook.with_secrets(&values).unwrap().headers["X"], "hook");
    }
}
