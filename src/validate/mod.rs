//! Messages against schemas: offline, linear-time patterns, limits on depth and size. Pure.
