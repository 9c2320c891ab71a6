//! Connections: taken, watched for clients that are too slow or say too much, ended in good order.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::app::App;

/// Connections at a time; more wait to be taken.
const CONNECTIONS: usize = 8_192;

/// Headers of one request.
const HEADERS: usize = 100;

/// Serves until the app ends, then until the requests under way have their answers.
pub async fn serve(app: Arc<App>, listener: TcpListener, router: Router) {
    let mut builder = Builder::new(TokioExecutor::new());
    let limits = &app.config.limits;
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        // The smallest that hyper takes is 8 KiB.
        .max_buf_size(limits.header_bytes.max(8 << 10))
        .max_headers(HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(200)
        .keep_alive_interval(Duration::from_secs(30));
    let builder = Arc::new(builder);
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // The semaphore is never closed.
        let Ok(place) = room.clone().acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = app.ends() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // The client went away, or there are no file descriptors left: those come back.
                tracing::debug!("accepting a connection: {error}");
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        // Small answers go out at once; if that cannot be set, they go out a little later.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let (builder, watcher) = (builder.clone(), graceful.watcher());
        tokio::spawn(async move {
            let connection = builder.serve_connection(TokioIo::new(stream), service);
            if let Err(error) = watcher.watch(connection).await {
                tracing::debug!("a connection ended: {error}");
            }
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}
