//! From the body of a job to a job in the queue: its templates are there, its secrets are there, what is known to go wrong
//! is said or, where that is wanted, refuses it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use filmpress_job::preflight::{missing_fonts, named_secrets, unknown_secrets};
use filmpress_job::{Finding, JobCreation, KnownFont, Payload, Problem, preflight};
use filmpress_queue::{Error as QueueError, NewChild, NewJob, TemplateRecord, TemplateStatus, new_id};
use serde_json::Value;

use crate::app::App;
use crate::error::{Answer, ApiError};

/// What follows the job's id in the address of a poster that we keep.
const POSTER: &str = "poster.jpg";

/// The name of an output in the address of one that we keep: it begins with the job's id, by which it is found.
fn stored_name(id: &str, name: &str) -> String {
    if name.starts_with(id) {
        name.to_owned()
    } else if name == POSTER {
        format!("{id}.jpg")
    } else {
        format!("{id}.{name}")
    }
}

/// Accepts the jobs of one request. What it learns of templates, fonts and secrets it keeps until the request's end.
pub struct Acceptance<'a> {
    app: &'a App,
    team: &'a str,
    base: &'a str,
    templates: HashMap<String, Option<Arc<TemplateRecord>>>,
    fonts: Option<Vec<KnownFont>>,
    secrets: Option<BTreeSet<String>>,
}

/// What is known of a job before it is accepted.
#[derive(Default)]
pub struct Review {
    /// A template that is not there: the contract answers 404 then.
    pub not_found: Option<ApiError>,
    /// Why it cannot be accepted.
    pub problems: Vec<Problem>,
    /// What is known to go wrong, in it and in its children.
    pub findings: Vec<Finding>,
    own: Own,
    children: Vec<(usize, JobCreation, Own)>,
}

/// What one job, parent or child, is accepted with.
#[derive(Default)]
struct Own {
    template: Option<String>,
    missing_fonts: Vec<String>,
    warnings: Vec<String>,
}

impl Review {
    /// Fonts that the template asks for and the team has not uploaded.
    pub fn missing_fonts(&self) -> &[String] {
        &self.own.missing_fonts
    }
}

impl<'a> Acceptance<'a> {
    pub fn new(app: &'a App, team: &'a str, base: &'a str) -> Self {
        Self {
            app,
            team,
            base,
            templates: HashMap::new(),
            fonts: None,
            secrets: None,
        }
    }

    /// The job of a valid body, to be given to the queue.
    pub async fn job(&mut self, body: &Value, payload: Payload) -> Answer<NewJob> {
        let review = self.review(body, &payload).await?;
        if let Some(not_found) = review.not_found {
            return Err(not_found);
        }
        if !review.problems.is_empty() {
            return Err(ApiError::invalid(review.problems));
        }
        if (payload.is_strict() || self.app.config.strict) && !review.findings.is_empty() {
            let all = review.findings.into_iter().map(|finding| finding.problem);
            let mut refused = ApiError::invalid(all.collect());
            refused.body.code = "PREFLIGHT_FAILED";
            return Err(refused);
        }
        let children = review.children.into_iter().map(|(asset, job, own)| NewChild {
            asset,
            job: self.new_job(job.into(), own),
        });
        let children = children.collect();
        let mut own = review.own;
        own.warnings = review
            .findings
            .iter()
            .map(|finding| finding.problem.to_string())
            .collect();
        Ok(NewJob {
            children,
            ..self.new_job(payload, own)
        })
    }

    /// Everything that is known of a job whose body is valid.
    pub async fn review(&mut self, body: &Value, payload: &Payload) -> Answer<Review> {
        let mut review = Review::default();
        if !named_secrets(body).is_empty() {
            review.problems = unknown_secrets(body, self.secrets().await?);
        }
        if let Payload::Render(job) = payload {
            review.own = self.one(job, "", &mut review).await?;
        }
        for child in payload.children() {
            let own = self
                .one(&child.job, &format!("assets[{}]", child.asset), &mut review)
                .await?;
            review.children.push((child.asset, child.job, own));
        }
        Ok(review)
    }

    /// Looks at one job, whose fields are inside of `outer`.
    async fn one(&mut self, job: &JobCreation, outer: &str, review: &mut Review) -> Answer<Own> {
        if job.template.src.is_some() {
            return Ok(Own::default());
        }
        let id = &job.template.id;
        let inside = |problem: Problem| {
            if outer.is_empty() {
                problem
            } else {
                problem.inside(outer)
            }
        };
        let Some(template) = self.template(id).await? else {
            let error = QueueError::NotFound {
                what: "template",
                id: id.clone(),
            };
            review
                .problems
                .push(inside(Problem::new("template.id", error.to_string())));
            review.not_found.get_or_insert(error.into());
            return Ok(Own::default());
        };
        if let Some(why_not) = why_not(&template) {
            review.problems.push(inside(Problem::new("template.id", why_not)));
        }
        let metadata = &template.metadata;
        let fonts: &[KnownFont] = if metadata.fonts.is_empty() && job.fonts.is_empty() {
            &[]
        } else {
            self.fonts().await?
        };
        let findings = preflight(job, metadata, fonts);
        let own = Own {
            template: Some(template.id.clone()),
            missing_fonts: missing_fonts(metadata, fonts),
            warnings: findings.iter().map(|finding| finding.problem.to_string()).collect(),
        };
        let findings = findings.into_iter();
        review.findings.extend(findings.map(|finding| match outer {
            "" => finding,
            outer => finding.inside(outer),
        }));
        Ok(own)
    }

    fn new_job(&self, payload: Payload, own: Own) -> NewJob {
        let id = new_id();
        let ours = |file: &str| format!("{}{}", self.base, self.app.signer.output_path(file));
        let name = payload.file_name(&id);
        let poster = payload.poster_name(&id);
        let (output_url, poster_url) = match payload.upload() {
            Some(upload) => (upload.url(&name), poster.map(|name| upload.url(&name))),
            None => (
                ours(&stored_name(&id, &name)),
                poster.map(|_| ours(&format!("{id}.{POSTER}"))),
            ),
        };
        NewJob {
            id,
            template: own.template,
            poster_url,
            missing_fonts: own.missing_fonts,
            warnings: own.warnings,
            ..NewJob::new(self.team, payload, output_url)
        }
    }

    /// A template of the team; `None` if it has none of that id.
    async fn template(&mut self, id: &str) -> Answer<Option<Arc<TemplateRecord>>> {
        if let Some(known) = self.templates.get(id) {
            return Ok(known.clone());
        }
        let found = match self.app.queue.template(Some(self.team), id).await {
            Ok(template) => Some(Arc::new(template)),
            Err(QueueError::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        self.templates.insert(id.to_owned(), found.clone());
        Ok(found)
    }

    async fn fonts(&mut self) -> Answer<&[KnownFont]> {
        if self.fonts.is_none() {
            let told = |text: &String| (!text.is_empty()).then(|| text.clone());
            let known = self.app.queue.fonts(self.team).await?;
            let fonts = known.iter().map(|font| KnownFont {
                file_name: font.file_name.clone(),
                family: font.family_name.clone(),
                style: told(&font.style_name),
                post_script_name: told(&font.post_script_name),
            });
            self.fonts = Some(fonts.collect());
        }
        Ok(self.fonts.as_deref().unwrap_or_default())
    }

    async fn secrets(&mut self) -> Answer<&BTreeSet<String>> {
        let known = if let Some(known) = self.secrets.take() {
            known
        } else {
            let secrets = self.app.queue.secrets(self.team).await?;
            secrets.into_iter().map(|secret| secret.name).collect()
        };
        Ok(self.secrets.insert(known))
    }
}

/// Why no job can be done on a template: one without a file could only fail.
fn why_not(template: &TemplateRecord) -> Option<String> {
    let id = &template.id;
    match template.status {
        TemplateStatus::AwaitingUpload => Some(format!(
            "template `{id}` has no file yet: put it at its `uploadInfo.url`"
        )),
        TemplateStatus::Error => {
            let error = template.error.as_deref().unwrap_or("its file cannot be read");
            Some(format!("template `{id}` cannot be used: {error}"))
        }
        TemplateStatus::Downloading | TemplateStatus::Processing | TemplateStatus::Uploaded => None,
    }
}
