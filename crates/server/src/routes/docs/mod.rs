//! `GET /docs`: the reference, a page made from the description of the API. No script, nothing from elsewhere.
//!
//! | part | file |
//! |---|---|
//! | the page: what it begins with, its list of calls | `page` |
//! | a call: parameters, body, answers, an example | `operation` |
//! | members of bodies and answers | `schema` |
//! | bodies and commands made up from schemas | `example` |
//! | text as HTML | `html` |

#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "the page is made once; markup reads best in one piece"
)]

mod example;
mod html;
mod operation;
mod page;
mod schema;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::Value;

const STYLE: &str = include_str!("style.css");

/// The page may load its style from here, and nothing else from anywhere.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The page and its style.
pub fn router<S: Clone + Send + Sync + 'static>(document: &Value) -> Router<S> {
    let page = page::page(document);
    Router::new()
        .route(
            "/docs",
            get(move || async move { file("text/html; charset=utf-8", page) }),
        )
        .route(
            "/docs/style.css",
            get(|| async { file("text/css; charset=utf-8", STYLE.to_owned()) }),
        )
}

fn file(kind: &'static str, body: String) -> impl IntoResponse {
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, body)
}
