//! HTTP: `/metrics`, `/livez`, `/readyz`, status.
