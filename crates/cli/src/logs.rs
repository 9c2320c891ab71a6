//! What the program says while it runs: log lines on standard error, traces to a collector.

use std::io::IsTerminal;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::runtime::Tokio;
use opentelemetry_sdk::trace::SdkTracerProvider;
use opentelemetry_sdk::trace::span_processor_with_async_runtime::BatchSpanProcessor;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::failure::Failure;
use crate::settings::Settings;

/// The log, and the traces that are still to be sent.
pub struct Logs {
    traces: Option<SdkTracerProvider>,
}

impl Logs {
    /// Begins to log as the settings say. Traces are sent by the runtime this is called in.
    pub fn start(settings: &Settings, service: &'static str) -> Result<Self, Failure> {
        let filter = settings.text("log").unwrap_or("info");
        let filter = EnvFilter::try_new(filter).map_err(|error| Failure::usage(format!("log: {error}")))?;
        let traces = match settings.text("otlp-endpoint") {
            Some(endpoint) => Some(traces(endpoint, service)?),
            None => None,
        };
        let sent = traces.as_ref().map(|traces| {
            let tracer = traces.tracer("filmpress");
            tracing_opentelemetry::layer().with_tracer(tracer)
        });
        tracing_subscriber::registry()
            .with(lines(settings.text("log-format") == Some("json")))
            .with(sent)
            .with(filter)
            .init();
        Ok(Self { traces })
    }

    /// Sends what is left to send.
    pub async fn end(self) {
        let Some(traces) = self.traces else { return };
        // It waits for its task, which is one of this runtime's.
        let ended = tokio::task::spawn_blocking(move || traces.shutdown()).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::debug!("the last traces were not sent");
        }
    }
}

/// Log lines alone, for a process that has no settings of its own.
pub fn start_plain(filter: &str, is_json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::registry().with(lines(is_json)).with(filter).init();
}

fn lines(is_json: bool) -> Box<dyn Layer<Registry> + Send + Sync> {
    let lines = fmt::layer().with_writer(std::io::stderr);
    if is_json {
        lines.json().flatten_event(true).with_span_list(false).boxed()
    } else {
        lines.with_ansi(std::io::stderr().is_terminal()).boxed()
    }
}

fn traces(endpoint: &str, service: &'static str) -> Result<SdkTracerProvider, Failure> {
    // Given in code, the endpoint is taken as it is: the path of traces belongs to it.
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()
        .map_err(|error| Failure::new(format!("traces: {error}")))?;
    let resource = Resource::builder()
        .with_service_name(service)
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_span_processor(BatchSpanProcessor::builder(exporter, Tokio).build())
        .with_resource(resource)
        .build())
}
