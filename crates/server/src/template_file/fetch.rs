//! Fetching a template from the `src` a client gave: over the guarded client, hop by hop, within limits.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use filmpress_queue::TemplateRecord;
use futures_util::TryStreamExt;
use reqwest::{Method, Response, header};
use url::Url;

use super::{LIMIT, store};
use crate::app::App;
use crate::guard::all_causes;
use crate::shared_file::Placed;

/// A try that takes longer is given up: 2 GiB in that time is 2.4 MB a second.
const TIME: Duration = Duration::from_mins(15);

/// Hops from one URL to the next.
const REDIRECTS: usize = 5;

/// Waits before another try, after what may be over by then.
const AGAIN: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(4)];

/// Why a file did not come, and whether it may come another time.
enum Failure {
    Final(String),
    Passing(String),
}

/// Fetches and stores a file; an error is a sentence for the client.
pub async fn fetch(app: &Arc<App>, template: &TemplateRecord, src: &str) -> Result<Placed, String> {
    let mut waits = AGAIN.iter();
    loop {
        let problem = match fetch_once(app, template, src).await {
            Ok(placed) => return Ok(placed),
            Err(Failure::Final(problem)) => return Err(said(&problem)),
            Err(Failure::Passing(problem)) => problem,
        };
        match waits.next() {
            Some(wait) => tokio::time::sleep(*wait).await,
            None => return Err(said(&format!("{problem}, also when tried again"))),
        }
    }
}

fn said(problem: &str) -> String {
    format!("the template could not be downloaded from its `src`: {problem}")
}

async fn fetch_once(app: &Arc<App>, template: &TemplateRecord, src: &str) -> Result<Placed, Failure> {
    let response = open(app, src).await?;
    if response.content_length().is_some_and(|length| length > LIMIT) {
        return Err(Failure::Final(too_large()));
    }
    let broke: Arc<Mutex<Option<String>>> = Arc::default();
    let note = broke.clone();
    let bytes = response.bytes_stream().inspect_err(move |error| {
        *note.lock().unwrap_or_else(PoisonError::into_inner) = Some(all_causes(error));
    });
    let stored = store(app, template, Body::from_stream(bytes)).await;
    let broke = broke.lock().unwrap_or_else(PoisonError::into_inner).take();
    stored.map_err(|error| match (error.status, broke) {
        (_, Some(why)) => Failure::Passing(format!("the download broke off: {why}")),
        (StatusCode::PAYLOAD_TOO_LARGE, _) => Failure::Final(too_large()),
        (StatusCode::BAD_REQUEST, _) => Failure::Final("the file is empty".to_owned()),
        _ => Failure::Passing("the file could not be stored".to_owned()),
    })
}

fn too_large() -> String {
    "the file is larger than 2 GiB".to_owned()
}

/// The answer that has the file. Each hop is looked at as the first URL is.
async fn open(app: &Arc<App>, src: &str) -> Result<Response, Failure> {
    let mut url = Url::parse(src).map_err(|error| Failure::Final(format!("it is not a URL: {error}")))?;
    for _ in 0..=REDIRECTS {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::Final(format!("it leads to a `{}:` URL", url.scheme())));
        }
        let request = app.client.request(Method::GET, url.as_str()).map_err(Failure::Final)?;
        let response = request.timeout(TIME).send().await.map_err(|error| {
            // The URL may have a signature in it: it is left out of what is told.
            let why = all_causes(&error.without_url());
            if why.contains("is not a public address") {
                Failure::Final(why)
            } else {
                Failure::Passing(why)
            }
        })?;
        let status = response.status();
        let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
        match location.filter(|_| status.is_redirection()) {
            Some(to) => {
                let next = url.join(to);
                url = next.map_err(|error| Failure::Final(format!("it leads on to what is not a URL: {error}")))?;
            }
            None => return answered(response),
        }
    }
    Err(Failure::Final(format!("it leads on more than {REDIRECTS} times")))
}

fn answered(response: Response) -> Result<Response, Failure> {
    let status = response.status();
    let problem = format!("the server there answered {status}");
    match status {
        status if status.is_success() => Ok(response),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Err(Failure::Passing(problem)),
        status if status.is_server_error() => Err(Failure::Passing(problem)),
        _ => Err(Failure::Final(problem)),
    }
}
