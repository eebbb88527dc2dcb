//! HTTP: `/metrics`, `/livez`, `/readyz`, `/status`, and a page for people. Reads only; nothing can be changed here.
//!
//! | path | answers |
//! |---|---|
//! | `/` | the status as a page that refreshes itself |
//! | `/status` | the status as JSON ([`crate::runtime::status::Status`]) |
//! | `/metrics` | the same facts for Prometheus (OpenMetrics text) |
//! | `/livez` | 200 while every pipeline gives signs of life, else 503 |
//! | `/readyz` | 200 while data can flow through at least one flow, else 503; the reasons in the body |

pub mod metrics;

use crate::runtime::status::{Health, Status};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Where the facts come from.
pub type StatusSource = Arc<dyn Fn() -> Status + Send + Sync>;

/// Why the HTTP face cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("QIAO-R005 {address}: cannot serve HTTP there: {error}; free the port or change `gateway.http`")]
pub struct ListenError {
    pub address: SocketAddr,
    pub error: io::Error,
}

/// Takes the port; nothing is served yet.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|error| ListenError { address, error })
}

/// Serves until told to stop.
pub async fn serve(listener: TcpListener, status: StatusSource, stop: CancellationToken) -> io::Result<()> {
    let router = Router::new()
        .route("/", get(page))
        .route("/status", get(status_json))
        .route("/metrics", get(metrics_text))
        .route("/livez", get(live))
        .route("/readyz", get(ready))
        .with_state(status);
    axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await
}

async fn page() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
        ),
    ];
    (headers, include_str!("page.html")).into_response()
}

async fn status_json(State(status): State<StatusSource>) -> Json<Status> {
    Json(status())
}

async fn metrics_text(State(status): State<StatusSource>) -> Response {
    match metrics::text(status()) {
        Ok(text) => ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn live(State(status): State<StatusSource>) -> Response {
    let health = status().health;
    answer(health.is_live, &health)
}

async fn ready(State(status): State<StatusSource>) -> Response {
    let health = status().health;
    answer(health.is_ready, &health)
}

fn answer(is_well: bool, health: &Health) -> Response {
    let code = if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut text = String::from(if is_well { "ok\n" } else { "not ok\n" });
    for reason in &health.reasons {
        text.push_str(reason);
        text.push('\n');
    }
    (code, text).into_response()
}
